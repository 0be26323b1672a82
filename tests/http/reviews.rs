//! Reviews and what lapses them, gates passed too late, conformity: what a green first page stands on.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::recipes;
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};

const FILL: &str = "OP-02~1/02.2~1";

/// One obligation of a batch.
fn owed(batch: &Batch<'_>, id: &str) -> Value {
    let all = batch.world.person("qadir").get(&batch.path("obligations")).done();
    let list = all["obligations"].as_array().cloned().unwrap_or_default();
    list.into_iter().find(|it| it["id"] == id).unwrap_or(Value::Null)
}

fn reviewed<'w>(world: &'w World, number: &str) -> Batch<'w> {
    let batch = Batch::issued(world, number);
    batch.executed();
    batch.review(world.person("qadir")).done();
    assert_eq!(owed(&batch, "run/review")["status"], "met");
    batch
}

// shows: T21.a
// finding: A14
#[test]
fn a_hold_placed_or_lifted_lapses_the_review() {
    on_each(|world| {
        let batch = reviewed(world, "LAPSE-1");
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        let hold = json!({ "scope": { "kind": "run" }, "reason": "complaint" });
        qadir.post(&batch.path("holds"), &hold).done();
        let stands = owed(&batch, "run/review");
        assert_eq!(stands["status"], "open", "{stands}");
        assert!(stands["evidence"].to_string().contains("hold 1 was placed"), "{stands}");
        let etag = batch.picture()["holds"][0]["etag"].as_str().unwrap().to_owned();
        let why = json!({ "reason": "unfounded" });
        qadir.post_with(&batch.path("holds/1/lifting"), &why, &With::version(&etag)).done();
        batch.dispose(quella, "released").refused(409, "not-ready-for-release");
        batch.review(qadir).done();
        batch.dispose(quella, "released").done();
    });
}

// shows: T21.a
// finding: A14
#[test]
fn a_risk_or_an_emergency_act_ratified_after_the_review_lapses_it() {
    on_one(|world| {
        let batch = Batch::issued(world, "LAPSE-2");
        let (sven, qadir) = (world.person("sven"), world.person("qadir"));
        crate::gates::turbid(&batch);
        let risk = json!({ "minutes": 60, "reason": "no time" });
        sven.sign(&batch.path("gates/G-FILL/risk-acceptance"), &risk).done();
        let olga = world.person("olga");
        olga.sign(&batch.path("gates/G-FILL/passage"), &json!({})).done();
        batch.fill(olga);
        batch.tested();
        for no in 1..=batch.exceptions().len() as u64 {
            batch.wave_through(no).done();
        }
        batch.look(world.person("omar"), "OP-02~1/02.1~1").done();
        batch.completed();
        batch.review(qadir).done();
        let path = batch.path("gates/G-FILL/risk-acceptances/0/ratification");
        qadir.sign(&path, &json!({ "conclusion": "filtered clear" })).done();
        let stands = owed(&batch, "run/review");
        assert_eq!(stands["status"], "open", "{stands}");
        assert!(stands["evidence"].to_string().contains("G-FILL"), "{stands}");
    });
}

/// Filling is reported without having been started or its gate passed.
fn filled_past_the_gate(batch: &Batch<'_>) {
    let olga = batch.world.person("olga");
    batch.adjusted();
    batch.record(olga, FILL, &json!({ "entry": "closed", "value": true })).done();
    for no in 1..=batch.exceptions().len() as u64 {
        batch.wave_through(no).done();
    }
}

// shows: C211-110c.a
// finding: A10
#[test]
fn a_gate_signed_after_what_it_guards_began_is_waived_and_never_met() {
    on_each(|world| {
        let batch = Batch::issued(world, "LATE-1");
        let (olga, qadir) = (world.person("olga"), world.person("qadir"));
        let waive = batch.path("gates/G-FILL/waiver");
        let why = json!({ "reason": "pH and appearance were in order before" });
        qadir.sign(&waive, &why).refused(409, "phase-forbids");
        filled_past_the_gate(&batch);
        olga.sign(&batch.path("gates/G-FILL/passage"), &json!({})).done();
        let gate = owed(&batch, "gate/G-FILL/passed");
        assert_eq!(gate["status"], "open", "{gate}");
        assert!(gate["evidence"].to_string().contains("not passed before"), "{gate}");
        assert!(batch.gate("G-FILL")["not_passed_before"].to_string().contains(FILL));
        olga.sign(&waive, &why).refused(403, "authority-missing");
        qadir.sign(&batch.path("gates/G-NONE/waiver"), &why).refused(404, "no-such-part");
        qadir.sign(&waive, &json!({ "reason": " " })).refused(428, "reason-required");
        qadir.post(&waive, &why).refused(428, "signature-required");
        qadir.sign(&waive, &why).done();
        let gate = owed(&batch, "gate/G-FILL/passed");
        assert_eq!((&gate["status"], &gate["waivable"]), (&json!("waived"), &json!(true)));
        assert!(gate["evidence"].to_string().contains("appearance were in order"), "{gate}");
        qadir.sign(&waive, &why).refused(409, "gate-not-late");
        let all = qadir.get(&batch.path("obligations")).done();
        assert!(all["tally"]["waived"].as_u64().unwrap() >= 1, "{}", all["tally"]);
    });
}

// shows: C211-110c.a
// finding: N21
#[test]
fn a_gate_is_passed_once_for_an_occurrence() {
    on_one(|world| {
        let batch = Batch::issued(world, "ONCE-1");
        batch.adjusted();
        let (olga, sven) = (world.person("olga"), world.person("sven"));
        let pass = batch.path("gates/G-FILL/passage");
        olga.sign(&pass, &json!({})).done();
        for who in [olga, sven] {
            let problem = who.sign(&pass, &json!({})).refused(409, "gate-closed");
            assert!(problem["missing"].to_string().contains("already"), "{problem}");
        }
        batch.fill(olga);
        assert_eq!(owed(&batch, "gate/G-FILL/passed")["status"], "met");
    });
}

// shows: T40.a
#[test]
fn conformity_is_a_number_of_each_operation_with_what_became_of_the_others() {
    on_one(|world| {
        let batch = Batch::issued(world, "CONF-1");
        let qadir = world.person("qadir");
        crate::gates::turbid(&batch);
        let all = qadir.get(&batch.path("obligations")).done();
        let list = all["conformity"].as_array().unwrap();
        let of = |key: &str| list.iter().find(|it| it["operation"] == key).unwrap();
        assert_eq!(of("OP-01~1")["judged"], of("OP-01~1")["within"], "{list:?}");
        let second = of("OP-02~1");
        assert_eq!(second["outside"].as_array().unwrap().len(), 1, "{second}");
        assert!(second["outside"][0]["became"].to_string().contains("not decided"), "{second}");
        assert_eq!(owed(&batch, "operation/OP-02~1/conforms")["status"], "open");
        batch.wave_through(1).done();
        let settled = owed(&batch, "operation/OP-02~1/conforms");
        assert_eq!(settled["status"], "waived", "outside is never met: {settled}");
        assert_eq!(owed(&batch, "operation/OP-01~1/conforms")["status"], "met");
    });
}

// shows: T21.a
#[test]
fn quality_reviews_a_closed_operation_while_the_run_goes_on() {
    on_each(|world| {
        let document = recipes::changed("BUF-ROLL", |document| {
            document["unit_procedures"][0]["operations"][0]["rolling_review"] = true.into();
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "ROLL-1", "BUF-ROLL");
        let (olga, qadir) = (world.person("olga"), world.person("qadir"));
        let review = batch.path("operations/OP-01~1/review");
        let body = json!({ "conclusion": "weighed and dissolved as described" });
        qadir.sign(&review, &body).refused(409, "phase-forbids");
        batch.weighed();
        let later = batch.path("operations/OP-02~1/review");
        qadir.sign(&later, &body).refused(404, "no-such-part");
        batch.stirred(1, "20");
        qadir.sign(&review, &body).refused(409, "operation-not-closed");
        batch.close(olga, "OP-01~1").done();
        let id = "operation/OP-01~1/reviewed";
        assert_eq!(owed(&batch, id)["status"], "open");
        olga.sign(&review, &body).refused(403, "authority-missing");
        qadir.sign(&review, &json!({ "conclusion": "" })).refused(428, "reason-required");
        qadir.sign(&review, &body).done();
        assert_eq!(owed(&batch, id)["status"], "met");
        qadir.sign(&review, &body).refused(409, "already-reviewed");
        // What goes on elsewhere, and a hold on the run, lapse nothing of it.
        batch.at_ph();
        let hold = json!({ "scope": { "kind": "run" }, "reason": "power is unstable" });
        qadir.post(&batch.path("holds"), &hold).done();
        assert_eq!(owed(&batch, id)["status"], "met");
        // A change of it does.
        let etag = batch.entry_etag("OP-01~1/01.1~1", "weight");
        let path = batch.step("OP-01~1/01.1~1", "entries/weight/corrections");
        let body = json!({ "value": "0.273", "unit": "kg", "reason": "misread" });
        olga.post_with(&path, &body, &With::version(&etag)).done();
        let lapsed = owed(&batch, id);
        assert_eq!(lapsed["status"], "open", "{lapsed}");
        assert!(lapsed["evidence"].to_string().contains("was corrected"), "{lapsed}");
    });
}
