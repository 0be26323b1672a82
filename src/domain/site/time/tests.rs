//! Site time against every kind of step of the wall clock.

use super::*;
use proptest::prelude::*;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const START: i64 = 1_800_000_000 * SECOND;

/// Two clocks that a test moves, and a node that looks at them.
struct Node {
    wall: i64,
    steady: i64,
    time: SiteTime,
}

impl Node {
    fn new() -> Self {
        let look = Look { wall: START, steady: 500 * SECOND };
        Self { wall: look.wall, steady: look.steady, time: SiteTime::starting(look) }
    }

    fn pass(&mut self, length: i64) {
        self.wall += length;
        self.steady += length;
    }

    fn set(&mut self, by: i64) {
        self.wall += by;
    }

    fn look(&mut self) -> Seen {
        self.time.look(Look { wall: self.wall, steady: self.steady })
    }

    /// Looks every second for a length of time; the last look.
    fn watched(&mut self, length: i64) -> Seen {
        for _ in 0..length / SECOND {
            self.pass(SECOND);
            self.look();
        }
        self.look()
    }
}

// finding: A6
#[test]
fn a_wall_clock_set_for_a_second_and_back_moves_nothing() {
    for by in [24 * HOUR, HOUR, 10 * MINUTE, 4 * MINUTE, 10 * SECOND, -MINUTE, -24 * HOUR] {
        let mut node = Node::new();
        node.pass(MINUTE);
        node.look();
        node.set(by);
        node.pass(SECOND);
        let during = node.look();
        assert_eq!(during.at.0, START + MINUTE + SECOND, "{by}");
        assert_ne!(during.standing, Standing::Settled, "{by}");
        node.set(-by);
        node.pass(SECOND);
        let after = node.look();
        assert_eq!(after.at.0, START + MINUTE + 2 * SECOND, "{by}");
        assert_eq!(after.standing, Standing::Settled, "{by}");
    }
}

// finding: A6
#[test]
fn a_small_step_forward_is_adopted_once_it_has_stood_for_a_minute() {
    for by in [DRIFT + 1, MINUTE, ADOPTED] {
        let mut node = Node::new();
        node.set(by);
        assert_eq!(node.look().standing, Standing::Checking { by }, "{by}");
        let seen = node.watched(59 * SECOND);
        assert_eq!((seen.standing, seen.adopted), (Standing::Checking { by }, None), "{by}");
        node.pass(SECOND);
        let seen = node.look();
        assert_eq!((seen.standing, seen.adopted), (Standing::Settled, Some(by)), "{by}");
        assert_eq!(seen.at.0, node.wall);
        assert_eq!(node.look().adopted, None, "once");
    }
    // Another step within the minute begins it anew.
    let mut node = Node::new();
    node.set(MINUTE);
    node.watched(40 * SECOND);
    node.set(MINUTE);
    let seen = node.watched(40 * SECOND);
    assert_eq!(seen.standing, Standing::Checking { by: 2 * MINUTE });
    assert_eq!(node.watched(21 * SECOND).standing, Standing::Settled);
}

// finding: A6
#[test]
fn a_large_step_and_any_step_back_wait_for_the_signed_act() {
    for by in [ADOPTED + 1, HOUR, 24 * HOUR, -DRIFT - 1, -MINUTE, -HOUR] {
        let mut node = Node::new();
        node.set(by);
        let seen = node.watched(10 * MINUTE);
        assert_eq!(seen.standing, Standing::Apart { by }, "{by}");
        assert_eq!(seen.at.0, START + 10 * MINUTE, "{by}");
        node.time.adopt(Look { wall: node.wall, steady: node.steady });
        let seen = node.look();
        assert_eq!((seen.at.0, seen.standing), (node.wall, Standing::Settled), "{by}");
    }
}

#[test]
fn drift_is_followed_by_no_more_than_one_part_in_a_hundred() {
    for by in [DRIFT, 3 * SECOND, -3 * SECOND, -DRIFT, 20_000, -1] {
        let mut node = Node::new();
        node.look();
        node.set(by);
        let before = node.look();
        assert_eq!(before.standing, Standing::Settled);
        node.pass(SECOND);
        let went = node.look().at.0 - before.at.0;
        assert!((SECOND - SECOND / RATE..=SECOND + SECOND / RATE).contains(&went), "{by}: {went}");
        assert_eq!(node.watched(10 * MINUTE).at.0, node.wall, "{by}");
    }
}

#[test]
fn time_goes_on_through_suspend_and_a_start_of_the_program() {
    let mut node = Node::new();
    node.look();
    // The machine slept: both clocks counted on.
    node.pass(8 * HOUR);
    assert_eq!(
        node.look(),
        Seen { at: Instant(node.wall), standing: Standing::Settled, adopted: None }
    );
    // While the program was down the wall clock was set: the start sees it.
    let offset = node.time.offset();
    node.set(HOUR);
    node.pass(MINUTE);
    let look = Look { wall: node.wall, steady: node.steady };
    let mut again = SiteTime::going_on(look, offset);
    assert_eq!(again.look(look).standing, Standing::Apart { by: HOUR });
}

proptest! {
    /// Whatever is done to the wall clock: time never falls, goes on by 0.99 to 1.01 of steady time but where a
    /// step of at most five minutes that stood for a minute is adopted, and no other step is.
    #[test]
    fn nothing_but_a_small_step_that_stood_pushes_time(
        steps in prop::collection::vec(
            (0..3 * MINUTE, prop_oneof![Just(0), Just(0), -20 * MINUTE..20 * MINUTE, -9 * SECOND..9 * SECOND]),
            1..60,
        ),
    ) {
        let mut node = Node::new();
        let mut before = node.look();
        let mut since_set = 0;
        for (length, by) in steps {
            node.pass(length);
            since_set += length;
            if by != 0 {
                node.set(by);
                since_set = 0;
            }
            let seen = node.look();
            let went = seen.at.0 - before.at.0;
            prop_assert!(went >= 0);
            match seen.adopted {
                Some(adopted) => {
                    prop_assert!((DRIFT + 1..=ADOPTED).contains(&adopted));
                    prop_assert_eq!(seen.at.0, node.wall);
                }
                None => {
                    let most = (length + SAVED) / RATE;
                    prop_assert!((went - length).abs() <= most, "{} in {}", went, length);
                }
            }
            if let Standing::Apart { by } = seen.standing {
                prop_assert_eq!(by, node.wall - seen.at.0);
                prop_assert!(!(-DRIFT..=ADOPTED).contains(&by));
            }
            before = seen;
        }
        prop_assert!(since_set >= 0);
    }
}
