//! Gates: no irreversible act passes a closed one; a risk is taken in the open, for a while.

use crate::house::batch::Batch;
use crate::house::recipes;
use crate::house::world::{on_each, on_one};
use serde_json::json;

const FILL: &str = "OP-02~1/02.2~1";
const PH: &str = "OP-02~1/02.1~1";

/// pH adjusted, but the solution is turbid: an exception that gates.
pub fn turbid(batch: &Batch<'_>) {
    let olga = batch.world.person("olga");
    batch.dissolved();
    batch.start(olga, PH).done();
    batch.record(olga, PH, &json!({ "entry": "ph", "value": "5.30", "unit": "[pH]" })).done();
    batch.record(olga, PH, &json!({ "entry": "appearance", "value": "turbid" })).done();
    batch.complete(olga, PH).done();
}

// shows: C211-110c.a, Q7-8.1.c
#[test]
fn a_closed_gate_says_why_and_opens_when_quality_has_decided() {
    on_each(|world| {
        let batch = Batch::issued(world, "GATE-1");
        turbid(&batch);
        let olga = world.person("olga");
        let gate = batch.gate("G-FILL");
        assert_eq!((&gate["open"], &gate["passed"]), (&json!(false), &json!(false)), "{gate}");
        let because = gate["because"].to_string();
        assert!(because.contains("exception 1") && because.contains("triage"), "{because}");
        let pass = batch.path("gates/G-FILL/passage");
        let problem = olga.sign(&pass, &json!({})).refused(409, "gate-closed");
        assert!(!problem["missing"].as_array().unwrap().is_empty());
        batch.start(olga, FILL).refused(409, "gate-closed");
        batch.wave_through(1).done();
        assert_eq!(batch.gate("G-FILL")["open"], true);
        batch.start(olga, FILL).refused(409, "gate-not-passed");
        olga.post(&pass, &json!({})).refused(428, "signature-required");
        olga.sign(&batch.path("gates/G-NONE/passage"), &json!({})).refused(404, "no-such-part");
        olga.sign(&pass, &json!({})).done();
        batch.fill(olga);
    });
}

// shows: C211-110c.a, F7.c
#[test]
fn no_gate_is_signed_in_advance() {
    on_each(|world| {
        let batch = Batch::issued(world, "EARLY-1");
        let (olga, sven) = (world.person("olga"), world.person("sven"));
        let pass = batch.path("gates/G-FILL/passage");
        batch.dissolved();
        batch.start(olga, PH).done();
        for who in [olga, sven] {
            let problem = who.sign(&pass, &json!({})).refused(409, "gate-closed");
            let missing = problem["missing"].to_string();
            assert!(missing.contains("02.1~1 is not complete"), "{missing}");
        }
        let gate = batch.gate("G-FILL");
        assert_eq!((&gate["open"], &gate["serves"]), (&json!(false), &json!([])), "{gate}");
        assert!(gate["because"].to_string().contains("the turn of OP-02~1/02.2~1"), "{gate}");
        batch.record(olga, PH, &json!({ "entry": "ph", "value": "5.30", "unit": "[pH]" })).done();
        batch.record(olga, PH, &json!({ "entry": "appearance", "value": "clear" })).done();
        batch.complete(olga, PH).done();
        assert_eq!(batch.gate("G-FILL")["open"], true);
        olga.sign(&pass, &json!({})).done();
        assert_eq!(batch.gate("G-FILL")["serves"], json!(["OP-02~1"]));
        batch.fill(olga);
    });
}

// shows: CH4-20.j
#[test]
fn a_supervisor_proceeds_at_risk_for_a_while_and_quality_ratifies() {
    on_each(|world| {
        let batch = Batch::issued(world, "RISK-1");
        let (olga, sven, qadir) =
            (world.person("olga"), world.person("sven"), world.person("qadir"));
        let path = batch.path("gates/G-FILL/risk-acceptance");
        let body = |minutes: u32, reason: &str| json!({ "minutes": minutes, "reason": reason });
        batch.weighed();
        sven.sign(&path, &body(30, "x")).refused(409, "gate-not-closed");
        batch.stirred(1, "20");
        batch.close(olga, "OP-01~1").done();
        batch.start(olga, PH).done();
        batch.record(olga, PH, &json!({ "entry": "ph", "value": "5.30", "unit": "[pH]" })).done();
        batch.record(olga, PH, &json!({ "entry": "appearance", "value": "turbid" })).done();
        batch.complete(olga, PH).done();
        olga.sign(&path, &body(30, "no time")).refused(403, "authority-missing");
        sven.sign(&path, &body(61, "no time")).refused(409, "risk-too-long");
        sven.sign(&path, &body(30, "")).refused(428, "reason-required");
        sven.post(&path, &body(30, "filter removes it")).refused(428, "signature-required");
        sven.sign(&path, &body(30, "filter removes it")).done();
        assert_eq!(batch.gate("G-FILL")["open"], true);
        world.minutes(31);
        assert_eq!(batch.gate("G-FILL")["open"], false, "the time is over");
        sven.sign(&path, &body(60, "filter removes it")).done();
        olga.sign(&batch.path("gates/G-FILL/passage"), &json!({})).done();
        batch.start(olga, FILL).done();
        let ratify =
            |index: u32| batch.path(&format!("gates/G-FILL/risk-acceptances/{index}/ratification"));
        let ok = json!({ "conclusion": "filtration was effective" });
        qadir.sign(&ratify(7), &ok).refused(404, "no-such-part");
        sven.sign(&ratify(0), &ok).refused(403, "authority-missing");
        qadir.sign(&ratify(0), &json!({ "conclusion": "" })).refused(428, "reason-required");
        qadir.sign(&ratify(0), &ok).done();
        qadir.sign(&ratify(0), &ok).refused(409, "already-ratified");
        let owed = qadir.get(&batch.path("obligations")).done();
        assert!(owed.to_string().contains("risk/1/ratified"), "the second is owed too: {owed}");
    });
}

#[test]
fn where_the_master_record_allows_no_risk_nobody_takes_one() {
    on_one(|world| {
        let document = recipes::changed("BUF-NORISK", |document| {
            document["gates"][0].as_object_mut().unwrap().remove("at_risk_minutes");
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "RISK-2", "BUF-NORISK");
        turbid(&batch);
        let body = json!({ "minutes": 5, "reason": "no time" });
        let path = batch.path("gates/G-FILL/risk-acceptance");
        world.person("sven").sign(&path, &body).refused(409, "risk-not-allowed");
    });
}

// shows: Q7-8.1.c
#[test]
fn an_exception_with_effect_stop_forbids_only_what_the_master_record_says() {
    on_one(|world| {
        let document = recipes::changed("BUF-SAFE", |document| {
            recipes::step(document, "01.1")["on_critical"] = "to-safe-point".into();
            recipes::step(document, "02.2")["safe_point"] = false.into();
            recipes::step(document, "01.2")["safe_point"] = true.into();
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "SAFE-1", "BUF-SAFE");
        batch.weigh("0.300");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.complete(olga, "OP-01~1/01.1~1").done();
        batch.check(omar, "OP-01~1/01.1~1").done();
        // Stirring is care: it goes on.
        batch.stirred(1, "20");
        assert_eq!(batch.occurrence("OP-01~1/01.2~1")["under_exceptions"], json!([1]));
        batch.close(olga, "OP-01~1").done();
        batch.start(olga, PH).refused(409, "exception-forbids");
    });
}
