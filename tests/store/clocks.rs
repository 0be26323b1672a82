//! Nodes whose clocks differ: site time goes on with the journal, and no node drags it along.

use super::rows::whole;
use super::world::{Engine, World, done, engines, write};
use batchwright::domain::clock::Instant;
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::store::clock::{MovedClocks, Sources, SystemClock};
use batchwright::store::{AuditFilter, Clock, OpenOptions, Store, Submission, journal, trail};

const SECOND: i64 = 1_000_000;
const START: i64 = 1_800_000_000 * SECOND;

fn by(clocks: &MovedClocks) -> Clock {
    Clock::System(SystemClock::of(Sources::Moved(clocks.clone())))
}

/// Two nodes of one site, the second one's clocks so far from the first one's.
fn two(engine: Engine, apart: i64) -> (World, Store, [MovedClocks; 2]) {
    let clocks = [0, apart].map(|by| MovedClocks::starting(Instant(START + by)));
    let world = World::found_with(engine, |options| options.clock = by(&clocks[0]));
    let options = OpenOptions { clock: by(&clocks[1]), ..World::options(&world.url, &world.clock) };
    let other = Store::open(options).expect("opens");
    (world, other, clocks)
}

fn send(world: &World, store: &Store, n: u32) -> i64 {
    let event = world.renamed("Kim Larsen", &format!("Kim {n}"));
    let heads = done(store.submit(Submission::by(write(vec![event]), world.kim, None)).wait());
    let person = RecordKey::new(RecordKind::Person, world.kim);
    let entries = store.read(|conn| journal::entries(conn, person, heads[0].1 - 1));
    entries.expect("entries")[0].header.at
}

fn told(world: &World) -> usize {
    let jumps = AuditFilter { actions: vec!["site.clock-jumped".into()], ..Default::default() };
    world.store.read(|conn| trail::audit(conn, &jumps)).expect("the trail").items.len()
}

// finding: A6
#[test]
fn nodes_a_second_apart_take_turns_and_nothing_is_said() {
    for engine in engines() {
        let (world, other, clocks) = two(engine, SECOND);
        let mut before = 0;
        for n in 0..6 {
            clocks.iter().for_each(|clocks| clocks.pass(SECOND / 10));
            let at = send(&world, if n % 2 == 0 { &other } else { &world.store }, n);
            assert!(at > before, "times rise");
            before = at;
        }
        assert_eq!(told(&world), 0);
        other.shutdown().expect("ends");
        world.store.checkpoint_now().expect("covers");
        whole(&world);
    }
}

// finding: A6
#[test]
fn a_node_behind_by_more_than_two_seconds_says_so_once_and_marks_what_it_writes() {
    for engine in engines() {
        let (world, other, clocks) = two(engine, -10 * SECOND);
        let first = send(&world, &world.store, 1);
        let behind = send(&world, &other, 2);
        assert!(behind > first, "no entry is earlier");
        send(&world, &other, 3);
        assert_eq!(told(&world), 1);
        // Once its time has passed what was written it is as the others.
        clocks[1].pass(11 * SECOND);
        clocks[0].pass(SECOND);
        let later = send(&world, &other, 4);
        assert_eq!(later, START + SECOND, "its own clock again");
        assert_eq!(told(&world), 1);
        other.shutdown().expect("ends");
        world.store.checkpoint_now().expect("covers");
        whole(&world);
    }
}

// finding: A6
#[test]
fn a_clock_set_on_one_node_pushes_no_other() {
    for engine in engines() {
        let (world, other, clocks) = two(engine, 0);
        send(&world, &world.store, 1);
        // An hour ahead for a second: site time goes on, on both nodes.
        clocks[1].set(3600 * SECOND);
        clocks.iter().for_each(|clocks| clocks.pass(SECOND));
        let ahead = send(&world, &other, 2);
        assert_eq!(ahead - START, SECOND + 1, "a microsecond behind what it tells of it");
        let beside = send(&world, &world.store, 3);
        assert!(beside - START < SECOND + 10, "{}", beside - START);
        assert_eq!(told(&world), 1);
        other.shutdown().expect("ends");
        world.store.checkpoint_now().expect("covers");
        whole(&world);
    }
}
