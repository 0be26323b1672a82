//! What is concluded of each lot by itself, and what a reprocessing that never happened changes: nothing.

use super::fitness::{ASSAY, in_force, investigated, made, owed, rejected, reprocess, said};
use super::specifications::{begun, conforms, determined, lot};
use super::world::{World, by};
use batchwright::domain::run::acts::{RunCommand, TakeBackStep};
use batchwright::domain::run::obligations::Status;
use batchwright::domain::run::testing::InvestigationStep;
use serde_json::json;

// shows: C211-165.b
// finding: G2
#[test]
fn what_is_out_of_specification_is_concluded_of_each_lot_by_itself() {
    let id = "result/release/assay/investigated";
    let concludes = |w: &mut World, of: &str| {
        let step = InvestigationStep::Inconclusive { conclusion: "it fails".into() };
        investigated(w, Some(of), step);
    };
    let mut w = begun(&json!({}));
    for (number, value) in [("L-1", "90.0"), ("L-2", "98.0"), ("L-3", "89.0")] {
        w.does(by("ana"), lot(number));
        w.does(by("lab"), determined(value, json!({ "item": number })));
    }
    rejected(&mut w, "L-1");
    rejected(&mut w, "L-3");
    concludes(&mut w, "L-1");
    // A lot that conforms beside it takes nothing back, and one that was never looked at is owed.
    let found = owed(&w, id).expect("owed");
    let evidence = found.evidence.clone().unwrap_or_default();
    assert!(found.status == Status::Open && evidence.contains("L-3"), "{found:?}");
    assert!(!evidence.contains("L-1"), "{found:?}");
    concludes(&mut w, "L-3");
    assert_eq!(owed(&w, id).map(|found| found.status), Some(Status::Met));
}

// finding: G2, N21
#[test]
fn a_reprocessing_that_never_happened_makes_nothing_good_and_asks_nothing_anew() {
    let mut w = made(&json!([super::scene::note("note", false)]), &json!({}));
    w.does(by("ana"), lot("L-1"));
    w.does(by("lab"), determined("98.0", json!({ "item": "L-1" })));
    in_force(&mut w, reprocess(None));
    assert_eq!(conforms(&w, ASSAY).status, Status::Met, "{}", said(&w));
    // A report into it by mistake asks for everything anew; taken back, it asks for nothing.
    let at = "OP-1~2/make~1/note";
    w.does(by("ana"), w.record(at, "clear"));
    assert_eq!(conforms(&w, ASSAY).status, Status::Open);
    let step = super::world::at_step(at.rsplit_once('/').expect("a step").0);
    w.does(
        by("ana").with("ben"),
        RunCommand::TakeBackStep(TakeBackStep { step, reason: "another run".into() }),
    );
    assert_eq!(conforms(&w, ASSAY).status, Status::Met, "{}", said(&w));
}
