//! Release: a named person's decision that can only be yes when everything is met, and always be no.

use crate::house::batch::{Batch, lot_of};
use crate::house::client::With;
use crate::house::world::on_each;
use serde_json::json;

// shows: C211-22.a, C211-192a.a, F15.a, T22.a, L4.b
#[test]
fn early_release_is_refused_with_all_that_is_owed_and_rejection_is_always_possible() {
    on_each(|world| {
        let batch = Batch::issued(world, "REL-1");
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        batch.filled();
        batch.completed();
        let problem = batch.dispose(quella, "released").refused(409, "not-ready-for-release");
        let missing = problem["missing"].to_string();
        for what in ["Bioburden", "Identity", "review"] {
            assert!(missing.contains(what), "{what}: {missing}");
        }
        batch.tested();
        batch.dispose(quella, "released").refused(409, "not-ready-for-release");
        batch.review(qadir).done();
        let path = format!("/lots/{}/dispositions", lot_of("REL-1"));
        let body = json!({ "disposition": "released", "reason": "meets all specifications" });
        quella.sign(&path, &body).refused(428, "version-required");
        quella.sign_with(&path, &body, &With::version("\"99\"")).refused(412, "stale-version");
        let unknown = json!({ "disposition": "sold", "reason": "x" });
        quella.sign(&path, &unknown).refused(422, "malformed");
        quella.sign(&batch.path("closure"), &json!({})).refused(409, "lots-undecided");
        batch.dispose(world.person("sven"), "released").refused(403, "authority-missing");
        batch.dispose(quella, "released").done();
        batch.dispose(quella, "rejected").refused(409, "disposition-not-possible");
        quella.sign(&batch.path("closure"), &json!({})).done();
        // Final: but a released lot can still be withdrawn.
        world
            .person("sven")
            .sign(&batch.path("abort"), &json!({ "reason": "x" }))
            .refused(423, "record-final");
        let late = json!({ "entry": "remark", "value": "late" });
        batch.start(world.person("olga"), "OP-01~1/01.2~2").refused(423, "record-final");
        // A fact is still stored: as an addendum.
        let kept = batch.record(world.person("olga"), "OP-01~1/01.2~1", &late).done();
        assert_eq!(kept["addendum"]["no"], 1, "{kept}");
        batch.dispose(quella, "withdrawn").done();
        batch.dispose(quella, "rejected").done();
        let lot = quella.get(&format!("/lots/{}", lot_of("REL-1"))).done();
        assert_eq!(lot["decisions"].as_array().map(Vec::len), Some(3), "{lot}");
        let rejected = Batch::issued(world, "REL-2");
        rejected.filled();
        rejected.completed();
        rejected.dispose(quella, "rejected").done();
    });
}

// shows: C211-192a.c, A11D-12.6.a, T4.a
#[test]
fn whoever_took_part_does_not_judge() {
    on_each(|world| {
        let batch = Batch::issued(world, "PART-1");
        let ada = world.person("ada");
        batch.executed();
        // Omar verified a step; then he changes sides.
        let body = json!({ "roles": [{ "role": "qa" }], "reason": "moves to quality" });
        ada.post("/persons/omar/grants", &body).done();
        let omar = world.person("omar");
        batch.review(omar).refused(403, "took-part-in-the-run");
        batch.review(world.person("qadir")).done();
        batch.dispose(omar, "released").refused(403, "took-part-in-the-run");
        omar.sign(&batch.path("closure"), &json!({})).refused(403, "took-part-in-the-run");
        batch.dispose(world.person("quella"), "released").done();
    });
}

// shows: C211-192b.d, C211-165.a, C211-165.d, A16-3.b
#[test]
fn a_failing_result_keeps_the_lot_from_release_in_whatever_deviation() {
    on_each(|world| {
        let batch = Batch::issued(world, "OOS-1");
        let (qadir, quella, quinn) =
            (world.person("qadir"), world.person("quella"), world.person("quinn"));
        batch.filled();
        let body = json!({ "entry": "bioburden", "unit": "[CFU]/mL",
                "value": { "value": "40", "method_version": "4", "item": "BAG-1" } });
        batch.record(quinn, "OP-02~1/02.2~1", &body).done();
        assert_eq!(batch.exception_kinds(), ["out-of-specification"]);
        quinn
            .post(
                &batch.path("entries"),
                &json!({ "entry": "identity",
                "value": { "value": "conforms", "method_version": "2", "item": "BAG-1" } }),
            )
            .done();
        let etag = batch.entry(None, "identity")["etag"].as_str().expect("an ETag").to_owned();
        let path = batch.path("entries/identity/checks");
        qadir.post_with(&path, &json!({}), &With::version(&etag)).done();
        batch.completed();
        batch.wave_through(1).refused(409, "must-be-a-deviation");
        let open = json!({ "outcome": "deviation", "title": "bioburden", "class": "critical" });
        let answer = qadir.sign(&batch.path("exceptions/1/triage"), &open).done();
        let path = format!("/deviations/{}", answer["deviation"].as_str().unwrap());
        let impact = json!({ "conclusion": "reject", "other_batches": "none" });
        qadir.sign(&format!("{path}/impact"), &impact).done();
        batch.review(qadir).done();
        batch.dispose(quella, "released").refused(409, "not-ready-for-release");
        batch.dispose(quella, "rejected").done();
    });
}

// shows: C211-103.b
#[test]
fn lots_have_numbers_of_their_own_and_the_yield_is_judged() {
    on_each(|world| {
        let batch = Batch::issued(world, "LOT-1");
        let (sven, quella) = (world.person("sven"), world.person("quella"));
        let lot = |number: &str, litres: &str, unit: &str| json!({ "number": number, "material": "Acetate buffer", "quantity": { "value": litres, "unit": unit }, "parents": [] });
        let path = batch.path("lots");
        sven.post(&path, &lot("L-1", "80", "L")).refused(409, "phase-forbids");
        batch.filled();
        for (litres, unit) in [("0", "L"), ("eighty", "L"), ("80", "furlong")] {
            sven.post(&path, &lot("L-1", litres, unit)).refused(422, "malformed");
        }
        sven.post(&path, &lot("L-1", "80", "L")).done();
        sven.post(&path, &lot("L-1", "80", "L")).refused(409, "lot-number-taken");
        let version = With::version(&batch.etag());
        sven.sign_with(&batch.path("completion"), &json!({}), &version).done();
        assert_eq!(batch.exception_kinds(), ["out-of-acceptance"], "80 % of the theoretical yield");
        let aborted = Batch::issued(world, "LOT-2");
        aborted.filled();
        sven.post(&aborted.path("lots"), &lot(&lot_of("LOT-2"), "98", "L")).done();
        sven.sign(&aborted.path("abort"), &json!({ "reason": "bag burst" })).done();
        aborted.dispose(quella, "released").refused(409, "run-was-aborted");
        aborted.dispose(quella, "rejected").done();
    });
}

// shows: C211-165.a
// finding: G2
#[test]
fn a_specification_that_is_declared_absent_is_never_waived_and_its_triage_says_so() {
    on_each(|world| {
        let (quinn, sven) = (world.person("quinn"), world.person("sven"));
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        for (number, absence) in
            [("ABS-1", "not-applicable"), ("ABS-2", "not-performed"), ("ABS-3", "not-available")]
        {
            let batch = Batch::issued(world, number);
            batch.filled();
            let why = json!({ "absence": absence, "reason": "sample lost" });
            let path = batch.path("entries/identity/absence");
            quinn.sign(&path, &why).refused(428, "supervisor-required");
            quinn.sign_seconded(&path, &why, sven).done();
            let body = json!({ "entry": "bioburden", "unit": "[CFU]/mL",
                "value": { "value": "2", "method_version": "4", "item": "BAG-1" } });
            batch.record(quinn, "OP-02~1/02.2~1", &body).done();
            let at = "OP-02~1/02.2~1";
            let version = With::version(&batch.entry_etag(at, "bioburden"));
            let path = batch.step(at, "entries/bioburden/checks");
            qadir.post_with(&path, &json!({}), &version).done();
            batch.completed();
            // finding: N9
            let answer = batch.wave_through(1).done();
            assert!(answer["never_waived"].to_string().contains("specification"), "{answer}");
            batch.review(qadir).done();
            let owed = qadir.get(&batch.path("obligations")).done();
            let list = owed["obligations"].as_array().expect("a list").clone();
            let id = "entry/release/identity/conforms";
            let owed = list.iter().find(|one| one["id"] == id).expect("owed");
            assert_eq!((&owed["status"], &owed["waivable"]), (&json!("open"), &json!(false)));
            batch.dispose(quella, "released").refused(409, "not-ready-for-release");
            batch.dispose(quella, "rejected").done();
        }
    });
}
