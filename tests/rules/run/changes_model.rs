//! Endings, emergencies, events and one-batch changes, exhaustively: the theorem of the small model
//! (care stays recordable; no irreversible act passes a closed gate; no report grants a permission)
//! asserted in every state that they lead to. The gate is the quality unit's; where a supervisor ends
//! early and proceeds at risk, it is the supervisor's own.

use super::endings::tested;
use super::model::{explore, requests, triage};
use super::scene::{master, ph, step};
use super::world::{World, at_step};
use batchwright::domain::ids::OperationKey;
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::{
    AcceptRisk, ActInEmergency, DecideAmendment, EndOperation, ProposeAmendment, RatifyEmergency,
    ReportHappening, RunCommand,
};
use batchwright::domain::run::amendment::Change;
use batchwright::domain::run::floor::EndingKind;
use batchwright::domain::words::Place;
use serde_json::json;

fn recipe() -> MasterRecord {
    master(
        json!([{ "id": "A", "name": "Culture", "area": "R1", "steps": [
            step("feed", json!([ph("ph")]), json!({ "care": true, "occurs": { "min": 2 } })),
            step("transfer", json!([]), json!({ "after": ["feed"], "irreversible": "transfer" })),
        ] }]),
        json!([{ "id": "G", "name": "Transfer", "before": ["transfer"],
            "authorities": ["review"] }]),
        json!([]),
    )
}

fn operation() -> OperationKey {
    "A~1".parse().expect("an occurrence")
}

fn end(kind: EndingKind) -> RunCommand {
    RunCommand::EndOperation(EndOperation {
        operation: operation(),
        kind,
        reason: "viability falls".into(),
    })
}

/// What is done and what ends it.
fn ended(w: &World) -> Vec<RunCommand> {
    let mut all = requests(w);
    all.extend([
        w.record("A~1/feed~1/ph", "6.85"),
        w.complete("A~1/feed~1"),
        w.complete("A~1/transfer~1"),
        end(EndingKind::EarlyEnd),
        RunCommand::ReportHappening(ReportHappening {
            place: Place::Step { step: at_step("A~1/feed~1") },
            what: "foam".into(),
            enclosures: Vec::new(),
        }),
        RunCommand::ActInEmergency(ActInEmergency {
            operation: Some(operation()),
            what: "vented".into(),
            reason: "pressure".into(),
            notified: "nobody".into(),
            ratify_within_hours: None,
        }),
    ]);
    all.extend([true, false].map(|upheld| {
        RunCommand::RatifyEmergency(RatifyEmergency {
            no: 1,
            upheld,
            conclusion: "looked into".into(),
        })
    }));
    all.extend(triage(w));
    all
}

/// What a supervisor might do about a gate before which nothing was tested.
fn hurried(w: &World) -> Vec<RunCommand> {
    let mut all = requests(w);
    all.extend([
        w.start("A~1/test~1"),
        w.record("A~1/feed~1/ph", "6.85"),
        w.record("A~1/test~1/titre", "high"),
        w.complete("A~1/feed~1"),
        w.complete("A~1/test~1"),
        end(EndingKind::EarlyEnd),
        RunCommand::AcceptRisk(AcceptRisk {
            gate: "G".into(),
            reason: "it dies".into(),
            minutes: 60,
        }),
    ]);
    all.extend(triage(w));
    all
}

/// What is done and what changes it.
fn changed(w: &World) -> Vec<RunCommand> {
    let mut all = requests(w);
    let changes = [
        Change::Instruction { step: "transfer".into(), instruction: "Slowly.".into() },
        Change::Reprocess { operation: "A".into(), times: 1, lot: None },
    ];
    all.extend(changes.map(|change| {
        RunCommand::ProposeAmendment(ProposeAmendment {
            change,
            reason: "as seen".into(),
            assessment: "none".into(),
        })
    }));
    all.extend([true, false].map(|approved| {
        RunCommand::DecideAmendment(DecideAmendment {
            no: 1,
            approved,
            conclusion: "agreed".into(),
        })
    }));
    all.extend([
        w.complete("A~1/feed~1"),
        end(EndingKind::EarlyEnd),
        w.complete("A~1/transfer~1"),
        w.start("A~2/transfer~1"),
        w.start("A~2/feed~1"),
    ]);
    all.extend(triage(w));
    all
}

// shows: P11-10f.a
#[test]
fn endings_and_emergencies_in_every_reachable_state() {
    explore(World::new(recipe()), 1, &["ana", "sue", "quinn"], ended);
}

#[test]
fn early_ends_and_risks_in_every_reachable_state() {
    explore(World::new(tested()), 2, &["ana", "sue", "quinn"], hurried);
}

// shows: P11-10f.a
#[test]
fn changes_of_one_batch_in_every_reachable_state() {
    explore(World::new(recipe()), 1, &["ana", "sue", "quinn", "eva"], changed);
}
