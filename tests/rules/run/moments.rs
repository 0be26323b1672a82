//! Times between two moments, against an oracle that knows nothing of how they are measured: every way in which two
//! moments of one or two occurrences can have come.

use super::scene::{master, note, step};
use super::world::{World, at_entry, by};
use batchwright::domain::clock::{Instant, MINUTE};
use batchwright::domain::limits::Side;
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::{RecordEntry, RunCommand};
use batchwright::domain::run::{Content, EntryVersion};
use serde_json::{Value, json};

const WAIT: &str = "OP-1~1/report~1/wait";
const TIMED: &str = "OP-1~1/report~1/timed";

/// Least and most minutes.
const LIMITS: (i64, i64) = (4, 30);

/// How a moment came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    Not,
    Recorded,
    /// Said to have been before it was recorded, and nobody checked that.
    Claimed,
    /// The same, checked.
    Checked,
}

const ALL: [Came; 4] = [Came::Not, Came::Recorded, Came::Claimed, Came::Checked];

/// Two moments of one occurrence, so many minutes apart as recorded.
#[derive(Debug, Clone, Copy)]
struct Pair {
    from: Came,
    to: Came,
    minutes: i64,
}

/// By how many minutes the begin and the end are said to have been earlier.
const EARLIER: (i64, i64) = (12, 9);

fn measuring() -> MasterRecord {
    let from = json!({ "of": "work", "at": "entry", "entry": "from" });
    let to = json!({ "of": "work", "at": "entry", "entry": "to" });
    let (least, most) = LIMITS;
    let wait = json!({ "id": "wait", "name": "wait", "kind": "duration", "unit": "min",
        "from": from, "to": to, "mandatory": false, "classification": "CPP", "limits": [
            { "purpose": "acceptance", "low": { "value": least.to_string(), "inclusive": true },
              "high": { "value": most.to_string(), "inclusive": true } }] });
    let timed = json!({ "id": "timed", "name": "timed", "kind": "timer", "mandatory": false,
        "starts": from, "stops": to, "min": format!("PT{least}M"), "max": format!("PT{most}M") });
    let operation = json!({ "id": "OP-1", "name": "Work", "steps": [
        step("work", json!([note("from", false), note("to", false)]),
            json!({ "occurs": { "min": 0, "max": 5 }, "care": true, "record_within": "PT2H" })),
        step("report", json!([wait, timed]), json!({})) ] });
    master(json!([operation]), json!([]), json!([]))
}

fn comes(w: &mut World, at: &str, came: Came, earlier: i64) {
    if came == Came::Not {
        return;
    }
    let RunCommand::RecordEntry(report) = w.record(at, "done") else { unreachable!() };
    let claimed = (came != Came::Recorded).then(|| w.now.plus_minutes(-earlier));
    w.does(by("ana"), RecordEntry { performed_at: claimed, ..report }.into());
}

fn played(pairs: &[Pair]) -> World {
    let mut w = World::new(measuring());
    w.does(by("ana"), w.start("OP-1~1/report~1"));
    for (k, pair) in (1..).zip(pairs) {
        // Long enough for nothing to be said to have been before its step began.
        w.does(by("ana"), w.start(&format!("OP-1~1/work~{k}")));
        w.later(20);
        comes(&mut w, &format!("OP-1~1/work~{k}/from"), pair.from, EARLIER.0);
        w.later(pair.minutes);
        comes(&mut w, &format!("OP-1~1/work~{k}/to"), pair.to, EARLIER.1);
        w.later(1);
        for (at, came) in [("from", pair.from), ("to", pair.to)] {
            if came == Came::Checked {
                w.does(by("ben"), w.check_entry(&format!("OP-1~1/work~{k}/{at}")));
            }
        }
        w.later(60);
        w.does(by("ana"), w.complete(&format!("OP-1~1/work~{k}")));
    }
    w
}

/// What the oracle says of the occurrences that have both moments.
struct Said {
    /// The longest that one can have taken, in minutes, by whatever is recorded or claimed.
    longest: i64,
    /// The shortest by what is said, or by what counts before anything else is checked.
    shortest: i64,
    /// A claim is not checked.
    open: bool,
}

fn oracle(pairs: &[Pair]) -> Option<Said> {
    // As recorded, as said, as it counts now.
    let three = |came: Came, recorded: i64, earlier: i64| match came {
        Came::Not => None,
        Came::Recorded => Some([recorded; 3]),
        Came::Claimed => Some([recorded, recorded - earlier, recorded]),
        Came::Checked => Some([recorded - earlier; 3]),
    };
    let (mut long, mut short, mut open) = (Vec::new(), Vec::new(), false);
    for pair in pairs {
        let (Some(start), Some(end)) =
            (three(pair.from, 0, EARLIER.0), three(pair.to, pair.minutes, EARLIER.1))
        else {
            continue;
        };
        long.extend(end.iter().flat_map(|end| start.iter().map(move |start| end - start)));
        short.extend([end[1] - start[1], end[2] - start[2]]);
        open |= pair.from == Came::Claimed || pair.to == Came::Claimed;
    }
    Some(Said { longest: *long.iter().max()?, shortest: *short.iter().min()?, open })
}

fn current(w: &World, at: &str) -> Option<EntryVersion> {
    let found = w.entry(&at_entry(at)).and_then(|entry| entry.current().cloned());
    found.filter(EntryVersion::is_value)
}

fn holds(pairs: &[Pair]) {
    let w = played(pairs);
    let wanted = oracle(pairs);
    for at in [WAIT, TIMED] {
        let found = current(&w, at);
        let Some(Said { longest, shortest, open }) = &wanted else {
            assert!(found.is_none(), "{at} {pairs:?}: {found:?}");
            continue;
        };
        let found = found.unwrap_or_else(|| panic!("{at} of {pairs:?} is not there"));
        let (short, long) = (*shortest < LIMITS.0, *longest > LIMITS.1);
        let side = found.verdicts[0].side;
        assert_eq!(side != Side::Within, short || long, "{at} {pairs:?}: {found:?}");
        assert_eq!(!found.unchecked.is_empty(), *open, "{at} {pairs:?}: {found:?}");
        let outside = w.run.exceptions.iter().any(|it| it.opened.at == Some(at_entry(at)));
        assert!(outside || side == Side::Within, "{at} {pairs:?}");
        if at == WAIT {
            let Content::Value(value) = &found.content else { unreachable!() };
            let of = |name: &str, other: i64| {
                let minutes: rust_decimal::Decimal = match value.data[name].as_str() {
                    Some(text) => text.parse().expect("minutes"),
                    None => value.number.as_ref().expect("a number").value,
                };
                assert_eq!(minutes, other.into(), "{name} of {pairs:?}: {value:?}");
            };
            of("shortest", *shortest);
            of("longest", *longest);
        }
    }
}

/// Minutes apart that lie within, and outside on both sides, on any basis.
const MINUTES: [i64; 4] = [2, 12, 25, 31];

// shows: C211-111.a
// finding: N1
#[test]
fn one_occurrence_in_every_way_its_moments_can_come() {
    for from in ALL {
        for to in ALL {
            for minutes in MINUTES {
                holds(&[Pair { from, to, minutes }]);
            }
        }
    }
}

// shows: C211-111.a
// finding: P2
#[test]
fn of_several_occurrences_each_start_goes_with_its_own_end() {
    let seldom = [Came::Not, Came::Recorded, Came::Claimed];
    for (no, first) in seldom.iter().enumerate() {
        for to in ALL {
            for second in ALL {
                for end in seldom {
                    let minutes = MINUTES[(no + second as usize) % MINUTES.len()];
                    let pairs = [
                        Pair { from: *first, to, minutes: 12 },
                        Pair { from: second, to: end, minutes },
                        Pair { from: Came::Recorded, to: first_of(end), minutes: 25 },
                    ];
                    holds(&pairs);
                }
            }
        }
    }
}

fn first_of(came: Came) -> Came {
    if came == Came::Not { Came::Checked } else { Came::Not }
}

fn dated(world: &mut World, at: &str, text: &str) {
    world.does(by("ana"), world.record(at, text));
}

/// A step with two date-time entries and the time between them, at most 30 minutes.
fn dates(limits: Value) -> World {
    let moment = |entry: &str| json!({ "of": "hold", "at": "entry", "entry": entry });
    let date = |id: &str| json!({ "id": id, "name": id, "kind": "date-time" });
    let length = json!({ "id": "length", "name": "length", "kind": "duration", "unit": "min",
        "from": moment("out"), "to": moment("in"), "limits": limits, "classification": "CPP" });
    let operation = json!({ "id": "OP-1", "name": "Hold", "steps": [
        step("hold", json!([date("out"), date("in"), length]), json!({})) ] });
    let mut w = World::new(master(json!([operation]), json!([]), json!([])));
    w.does(by("ana"), w.start("OP-1~1/hold~1"));
    // Nobody says a time that has not come.
    let told = Instant::parse("2026-03-01T10:32:00Z").expect("a moment");
    w.later((told.0 - w.now.0) / MINUTE);
    w
}

const LENGTH: &str = "OP-1~1/hold~1/length";

// finding: G4
#[test]
fn dates_are_the_times_they_say_and_outside_counts_before_anybody_checks() {
    let most = json!([{ "purpose": "acceptance", "high": { "value": "30", "inclusive": true } }]);
    for (out, back, shown, side) in [
        ("2026-03-01T10:00:00Z", "2026-03-01T10:30:30Z", "30.50 min", Side::Above),
        ("2026-03-01T10:00:00Z", "2026-03-01T10:30:00.001Z", "30.00 min", Side::Above),
        ("2026-03-01T10:00:00Z", "2026-03-01T09:59:00Z", "-1.00 min", Side::Below),
        ("2026-03-01T10:00:00Z", "1999-03-01T10:00:00Z", "-14201280.00 min", Side::Below),
        ("2026-03-01T10:00:00Z", "2026-03-01T10:30:00Z", "30.00 min", Side::Within),
    ] {
        // In whatever order they are written down.
        for reversed in [false, true] {
            let mut w = dates(most.clone());
            let mut pair = [("OP-1~1/hold~1/out", out), ("OP-1~1/hold~1/in", back)];
            if reversed {
                pair.reverse();
            }
            pair.iter().for_each(|(at, text)| dated(&mut w, at, text));
            let found = current(&w, LENGTH).expect("measured");
            let Content::Value(value) = &found.content else { unreachable!() };
            assert_eq!(
                (value.shown.as_str(), found.verdicts[0].side),
                (shown, side),
                "{out} {back}"
            );
            let opened = w.run.exceptions.iter().any(|it| it.opened.at == Some(at_entry(LENGTH)));
            assert_eq!(opened, side != Side::Within, "{out} {back}");
            assert_eq!(found.unchecked.len(), 2, "nobody has checked either");
            w.later(1);
            w.does(by("ben"), w.check_entry("OP-1~1/hold~1/out"));
            assert_eq!(current(&w, LENGTH).expect("measured").unchecked.len(), 1);
            w.does(by("ben"), w.check_entry("OP-1~1/hold~1/in"));
            assert_eq!(current(&w, LENGTH).expect("measured").unchecked, Vec::<String>::new());
        }
    }
}
