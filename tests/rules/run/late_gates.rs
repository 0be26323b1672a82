//! A gate passed after what it guards began is never met, whatever is said about that later.

use super::scene::{master, note, ph, step};
use super::world::{World, at_entry, at_step, by};
use batchwright::domain::clock::{Instant, MINUTE};
use batchwright::domain::entry::Input;
use batchwright::domain::run::acts::{
    ActInEmergency, DecideNotDeviation, DeclareStepNotPerformed, PassGate, RatifyEmergency,
    RecordEntry, RunCommand, WaiveGate,
};
use batchwright::domain::run::obligations::{Obligation, ObligationFacts, Status, obligations};
use batchwright::domain::words::Basis;
use serde_json::json;

pub(super) const FILL: &str = "A~1/fill~1/note";
pub(super) const CAP: &str = "A~1/cap~1/note";

/// Filling and capping behind one gate, fed before; the operation may come twice.
pub(super) fn guarded() -> World {
    let note = || json!([note("note", false), note("more", false)]);
    let twice = json!({ "min": 1, "max": 2 });
    let operation = json!({ "id": "A", "name": "Fill", "occurs": twice, "steps": [
        step("feed", json!([ph("ph")]), json!({})),
        step("fill", note(), json!({ "after": ["feed"], "irreversible": "fill", "occurs": twice })),
        step("cap", note(), json!({ "after": ["feed"], "irreversible": "close" })),
    ] });
    let gate = json!({ "id": "G", "name": "Filling", "before": ["fill", "cap"] });
    World::new(master(json!([operation]), json!([gate]), json!([])))
}

/// The same, fed.
pub(super) fn fed() -> World {
    let mut w = guarded();
    feed(&mut w, 1);
    w
}

fn feed(w: &mut World, n: u32) {
    let key = format!("A~{n}/feed~1");
    w.does(by("ana"), w.start(&key));
    w.does(by("ana"), w.record(&format!("{key}/ph"), "6.85"));
    w.does(by("ana"), w.complete(&key));
}

pub(super) fn triage(w: &mut World) {
    for exception in w.open_exceptions() {
        let rationale = "looked into".to_owned();
        w.does(
            by("quinn"),
            RunCommand::DecideNotDeviation(DecideNotDeviation { exception, rationale }),
        );
    }
}

pub(super) fn pass() -> RunCommand {
    RunCommand::PassGate(PassGate { gate: "G".into() })
}

pub(super) fn waive() -> RunCommand {
    RunCommand::WaiveGate(WaiveGate { gate: "G".into(), reason: "the pH was in order".into() })
}

pub(super) fn owed(w: &World) -> Obligation {
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    list.into_iter().find(|owed| owed.id == "gate/G/passed").expect("a gate owes its passage")
}

#[track_caller]
pub(super) fn late(w: &World, what: &str) {
    let gate = owed(w);
    assert_eq!(gate.status, Status::Open, "{gate:?}");
    let why = gate.evidence.expect("why it is open");
    assert!(why.contains("not passed before") && why.contains(what), "{what}: {why}");
}

/// A note of what was done some minutes ago.
pub(super) fn told(w: &World, at: &str, ago: i64) -> RunCommand {
    RunCommand::RecordEntry(RecordEntry {
        at: at_entry(at),
        input: Input { value: "it flows".into(), unit: None },
        performed_at: Some(Instant(w.now.0 - ago * MINUTE)),
        basis: Basis::Direct,
        reason: Some("no tablet was at hand".into()),
        confirmed: false,
    })
}

// shows: C211-110c.a
// finding: A10
#[test]
fn what_was_done_before_the_passage_stays_late_whatever_text_is_corrected() {
    let mut w = fed();
    w.later(60);
    w.does(by("sue"), pass());
    w.later(1);
    w.does(by("ana"), told(&w, FILL, 30));
    late(&w, "A~1/fill~1");
    w.later(2);
    w.does(by("ana"), w.correct(FILL, "it flowed", Some("wording"), false));
    late(&w, "A~1/fill~1");
    w.later(2);
    w.does(by("ben"), w.check_entry(FILL));
    late(&w, "A~1/fill~1");
}

// shows: C211-110c.a
// finding: A10
#[test]
fn what_is_said_to_have_been_done_before_the_passage_makes_a_permitted_start_late() {
    let mut w = fed();
    w.later(60);
    w.does(by("sue"), pass());
    w.does(by("ana"), w.start("A~1/fill~1"));
    assert_eq!(owed(&w).status, Status::Met);
    w.later(1);
    w.does(by("ana"), told(&w, FILL, 30));
    late(&w, "A~1/fill~1");
}

// shows: C211-110c.a
// finding: A10
#[test]
fn a_waiver_covers_what_was_late_when_it_was_signed_and_nothing_later() {
    let mut w = fed();
    w.does(by("ana"), w.record(FILL, "it flows"));
    w.does(by("quinn"), waive());
    assert_eq!(owed(&w).status, Status::Waived);
    w.later(60);
    w.does(by("ana"), w.record(CAP, "it is capped"));
    late(&w, "A~1/cap~1");
    w.does(by("quinn"), waive());
    assert_eq!(owed(&w).status, Status::Waived);
    assert_eq!(w.refused(by("quinn"), waive()), "gate-not-late");
    // Another occurrence of a step whose first was waived.
    w.does(by("ana"), w.record("A~1/fill~2/note", "it flows again"));
    late(&w, "A~1/fill~2");
    w.does(by("quinn"), waive());
    assert_eq!(w.replay().gates["G"].waived.len(), 3);
}

// shows: C211-110c.a
// finding: A10
#[test]
fn another_occurrence_of_the_operation_found_running_is_late_beside_a_passage_of_the_first() {
    let mut w = fed();
    w.does(by("sue"), pass());
    for step in ["fill", "cap"] {
        let key = format!("A~1/{step}~1");
        w.does(by("ana"), w.start(&key));
        w.does(by("ana"), w.complete(&key));
    }
    w.does(by("sue"), w.close("A~1"));
    assert_eq!(owed(&w).status, Status::Met);
    feed(&mut w, 2);
    w.does(by("ana"), w.record("A~2/fill~1/note", "it flows"));
    late(&w, "A~2/fill~1");
}

// shows: C211-110c.a
// finding: A10
#[test]
fn what_began_before_the_passage_stays_late_when_it_is_declared_not_performed() {
    let declared = || {
        RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed {
            step: at_step("A~1/fill~1"),
            reason: "stopped at once".into(),
        })
    };
    let mut w = fed();
    w.does(by("ana"), w.record(FILL, "it flows"));
    w.later(5);
    w.does(by("sue"), declared());
    late(&w, "A~1/fill~1");
    w.does(by("quinn"), waive());
    assert_eq!(owed(&w).status, Status::Waived);
    // What never began is not late; what is told of it after that says that it did.
    let mut w = fed();
    w.does(by("sue"), declared());
    let cap = RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed {
        step: at_step("A~1/cap~1"),
        reason: "stopped at once".into(),
    });
    w.does(by("sue"), cap);
    assert_eq!(owed(&w).status, Status::Waived);
    assert_eq!(w.refused(by("quinn"), waive()), "gate-not-late");
    w.later(5);
    w.does(by("ana"), w.record(FILL, "it flowed all the same"));
    late(&w, "A~1/fill~1");
}

// shows: C211-110c.a
// finding: A10
#[test]
fn an_emergency_act_on_what_a_gate_guards_passes_no_gate() {
    let mut w = fed();
    let act = RunCommand::ActInEmergency(ActInEmergency {
        operation: Some("A~1".parse().expect("an occurrence")),
        what: "filled before the pool warmed up".into(),
        reason: "the chiller failed".into(),
        notified: "quinn".into(),
        ratify_within_hours: None,
    });
    w.does(by("ana"), act);
    w.does(by("ana"), w.record(FILL, "it flows"));
    late(&w, "A~1/fill~1");
    let ratified = RunCommand::RatifyEmergency(RatifyEmergency {
        no: 1,
        upheld: true,
        conclusion: "it was right".into(),
    });
    w.does(by("quinn"), ratified);
    triage(&mut w);
    w.later(5);
    w.does(by("sue"), pass());
    late(&w, "A~1/fill~1");
}
