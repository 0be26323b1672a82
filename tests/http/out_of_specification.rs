//! Out of specification: corrections that are claimed, retests beside their plan, what is inconclusive.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::{on_each, on_one};
use crate::lab::{CAUSE, PH, determined, deviates, owed, sampled, spoken};
use serde_json::{Value, json};

// shows: C211-165.b
// finding: G9
#[test]
fn a_retest_by_another_than_planned_or_on_another_sample_opens_an_exception_and_does_not_count() {
    on_one(|world| {
        let batch = sampled(world, "LAB-6");
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        for value in ["0.10", "0.31", "0.11"] {
            determined(&batch, value).done();
        }
        let path = batch.step(PH, "entries/endotoxin/investigation");
        spoken(&batch, &path, &json!({}));
        let none = json!({ "phase": CAUSE, "found": false, "cause": "no error of the laboratory" });
        qadir.sign(&path, &none).done();
        deviates(&batch, 1);
        let plan = json!({ "phase": "retest-plan", "retests": 1, "rationale": "second analyst", "analyst": "quentin" });
        quella.sign(&path, &plan).done();
        // The first analyst, whatever the plan says; then the right one on another sample.
        determined(&batch, "0.05").done();
        let other = json!({ "id": "S-2" });
        let body = json!({ "entry": "second-sample", "value": other });
        batch.record(world.person("olga"), PH, &body).done();
        let on = |sample: &str| {
            let value = json!({ "value": "0.06", "method_version": "AM-114 v3", "sample": sample });
            let body = json!({ "value": value, "unit": "[EU]/mL" });
            let path = batch.step(PH, "entries/endotoxin/determinations");
            world.person("quentin").post(&path, &body).done()
        };
        on("S-2");
        let entry = batch.entry(Some(PH), "endotoxin");
        for no in [3, 4] {
            assert_eq!(entry["determinations"][no]["repeat"], true, "{entry}");
            assert_eq!(entry["determinations"][no]["plan"], Value::Null, "{entry}");
        }
        let kinds = batch.exception_kinds();
        assert_eq!(kinds.iter().filter(|kind| *kind == "repeat").count(), 2, "{kinds:?}");
        // Another sample is an act of its own, with its reason.
        let resampling = json!({ "phase": "resampling", "reason": " " });
        quella.sign(&path, &resampling).refused(428, "reason-required");
        let resampling = json!({ "phase": "resampling", "reason": "S-1 was not mixed" });
        qadir.sign(&path, &resampling).refused(403, "requester-is-approver");
        quella.sign(&path, &resampling).done();
        on("S-1");
        let entry = batch.entry(Some(PH), "endotoxin");
        assert_eq!(entry["determinations"][5]["repeat"], false, "{entry}");
        // Inconclusive fails, unless two of quality decide, one who certifies, on every retest.
        let decision = |retests: Value| {
            json!({ "phase": "decided-inconclusive",
            "investigation": "no cause found", "production_review": "in order",
            "process_history": "40 batches within", "named_retests": retests })
        };
        let pia = world.person("pia");
        qadir.sign_seconded(&path, &decision(json!([6])), pia).refused(409, "not-inconclusive");
        let review = json!({ "phase": "production-review", "finding": "in order" });
        world.person("sven").sign(&path, &review).done();
        let ended =
            json!({ "phase": "inconclusive", "conclusion": "neither confirmed nor explained" });
        quella.sign(&path, &ended).done();
        qadir.sign_seconded(&path, &decision(json!([])), pia).refused(409, "not-inconclusive");
        qadir.sign_seconded(&path, &decision(json!([6])), quella).refused(409, "not-inconclusive");
        qadir.sign(&path, &decision(json!([6]))).refused(428, "second-person-required");
        qadir.sign_seconded(&path, &decision(json!([6])), pia).done();
        let all = qadir.get(&batch.path("obligations")).done();
        let list = all["obligations"].as_array().expect("obligations").clone();
        let id = format!("entry/{PH}/endotoxin/conforms");
        let conforms = list.iter().find(|one| one["id"] == id.as_str()).expect("owed");
        assert_ne!(conforms["status"], "met", "never met: {conforms}");
    });
}

// shows: P11-10e3.a, C211-165.b, C211-194a.h, DI-Q2.b
// finding: G3
#[test]
fn a_correction_of_a_determination_is_stored_and_makes_nothing_better_until_phase_one_says_so() {
    on_each(|world| {
        let batch = Batch::issued(world, "CLAIM-1");
        let (quinn, qadir, quella) =
            (world.person("quinn"), world.person("qadir"), world.person("quella"));
        batch.filled();
        let path = |rest: &str| batch.path(&format!("entries/identity/{rest}"));
        let identity = |value: &str| {
            json!({ "entry": "identity",
            "value": { "value": value, "method_version": "2", "item": "BAG-1" } })
        };
        quinn.post(&batch.path("entries"), &identity("does not conform")).done();
        assert_eq!(batch.exception_kinds(), ["out-of-specification"]);
        let body = |value: &str| json!({ "value": value, "reason": "the wrong sample was tested" });
        let silent = json!({ "value": "conforms" });
        quinn.post(&path("corrections"), &silent).refused(428, "reason-required");
        let answer = quinn.post(&path("corrections"), &body("conforms")).done();
        assert_eq!((&answer["claimed"], &answer["claim"]), (&json!(true), &json!(1)), "{answer}");
        let conforms = "entry/release/identity/conforms";
        assert!(owed(&batch, conforms).is_some());
        assert!(owed(&batch, "result/release/identity/claim/1").is_some());
        batch.wave_through(1).refused(409, "must-be-a-deviation");
        let decide = |accepted: bool| {
            json!({ "phase": "transcription", "claim": 1, "accepted": accepted,
            "conclusion": "the printout says so" })
        };
        let at = path("investigation");
        qadir.sign(&at, &decide(true)).refused(409, "laboratory-first");
        spoken(&batch, &at, &json!({ "claim": 1, "files": [] }));
        qadir.sign(&at, &decide(true)).refused(409, "laboratory-first");
        spoken(&batch, &at, &json!({ "claim": 1 }));
        quinn.sign(&at, &decide(true)).refused(403, "authority-missing");
        qadir.sign(&at, &decide(true)).done();
        assert!(owed(&batch, "result/release/identity/claim/1").is_none());
        let said = json!({ "phase": "reportable", "determination": 1, "conclusion": "misread" });
        quella.sign(&at, &said).done();
        assert!(owed(&batch, conforms).is_none(), "an error of transcription, shown by raw data");
        let entry = batch.entry(None, "identity");
        assert_eq!(entry["determinations"][0]["shown"], "does not conform", "it stays");
        assert_eq!(entry["determinations"][0]["corrected"], "conforms");
        // Worse counts at once: another entry, another kind of value.
        let count = json!({ "entry": "bioburden", "unit": "[CFU]/mL",
                "value": { "value": "2", "method_version": "4", "item": "BAG-1" } });
        batch.record(quinn, "OP-02~1/02.2~1", &count).done();
        let at = "OP-02~1/02.2~1";
        let worse = json!({ "value": "40", "unit": "[CFU]/mL", "reason": "misread" });
        let version = With::version(&batch.entry_etag(at, "bioburden"));
        let path = batch.step(at, "entries/bioburden/corrections");
        let answer = quinn.post_with(&path, &worse, &version).done();
        assert_eq!(answer["claimed"], false, "{answer}");
        let last = batch.exception_kinds().pop();
        assert_eq!(last.as_deref(), Some("out-of-specification"));
        assert!(owed(&batch, &format!("entry/{at}/bioburden/conforms")).is_some());
        // And back again is claimed.
        let back = json!({ "value": "2", "unit": "[CFU]/mL", "reason": "misread again" });
        let version = With::version(&batch.entry_etag(at, "bioburden"));
        let answer = quinn.post_with(&path, &back, &version).done();
        assert_eq!(answer["claimed"], true, "{answer}");
    });
}

// shows: C211-165.b
// finding: G3
#[test]
fn what_became_worse_since_overtakes_a_claim() {
    on_one(|world| {
        let batch = Batch::issued(world, "CLAIM-3");
        let (quinn, qadir) = (world.person("quinn"), world.person("qadir"));
        batch.filled();
        let at = "OP-02~1/02.2~1";
        let count = json!({ "entry": "bioburden", "unit": "[CFU]/mL",
                "value": { "value": "40", "method_version": "4", "item": "BAG-1" } });
        batch.record(quinn, at, &count).done();
        let corrects = |value: &str| {
            let body = json!({ "value": value, "unit": "[CFU]/mL", "reason": "misread" });
            let path = batch.step(at, "entries/bioburden/corrections");
            quinn.post(&path, &body).done()["claimed"].clone()
        };
        assert_eq!(corrects("2"), true);
        assert_eq!(corrects("60"), false);
        let at = batch.step(at, "entries/bioburden/investigation");
        spoken(&batch, &at, &json!({ "claim": 1 }));
        let accepts = json!({ "phase": "transcription", "claim": 1, "accepted": true,
            "conclusion": "the printout says so" });
        qadir.sign(&at, &accepts).refused(409, "claim-overtaken");
    });
}

// shows: C211-165.b, C211-194a.a
// finding: G3
#[test]
fn another_sample_or_method_version_of_a_determination_is_claimed_too() {
    on_one(|world| {
        let batch = sampled(world, "CLAIM-2");
        let quinn = world.person("quinn");
        for value in ["0.10", "0.12", "0.11"] {
            determined(&batch, value).done();
        }
        let path = batch.step(PH, "entries/endotoxin/corrections");
        let corrects = |value: Value| {
            let body = json!({ "value": value, "unit": "[EU]/mL", "reason": "misread" });
            let version = With::version(&batch.entry_etag(PH, "endotoxin"));
            quinn.post_with(&path, &body, &version).done()
        };
        for (value, claimed) in [
            (json!({ "determination": 2, "value": "0.12", "sample": "S-9" }), true),
            (json!({ "determination": 2, "value": "0.12", "method_version": "AM-114 v2" }), true),
            (json!({ "determination": 2, "value": "0.05" }), true),
            (json!({ "determination": 2, "value": "0.13" }), false),
        ] {
            assert_eq!(corrects(value.clone())["claimed"], claimed, "{value}");
        }
        assert!(owed(&batch, &format!("entry/{PH}/endotoxin/conforms")).is_some(), "claims wait");
        // What says the same as what counts now corrects nothing.
        for same in ["0.13", " 0.13"] {
            let body = json!({ "value": { "determination": 2, "value": same },
                "unit": "[EU]/mL", "reason": "misread" });
            let version = With::version(&batch.entry_etag(PH, "endotoxin"));
            quinn.post_with(&path, &body, &version).refused(409, "nothing-changed");
        }
    });
}

// shows: C211-160.a, C211-160.b, C211-194b.a
#[test]
fn another_method_version_or_sample_is_stored_with_its_exception() {
    on_one(|world| {
        let batch = sampled(world, "LAB-5");
        let quinn = world.person("quinn");
        let path = batch.step(PH, "entries/endotoxin/determinations");
        let with = |version: &str, sample: Option<&str>| {
            let value = json!({ "value": "0.10", "method_version": version, "sample": sample });
            json!({ "value": value, "unit": "[EU]/mL" })
        };
        quinn.post(&path, &with(" ", None)).refused(422, "malformed");
        quinn.post(&path, &with("AM-114 v2", Some("S-1"))).done();
        quinn.post(&path, &with("AM-114 v3", Some("S-77"))).done();
        quinn.post(&path, &with("AM-114 v3", None)).done();
        let details: Vec<_> = batch.exceptions().iter().map(|e| e["detail"].to_string()).collect();
        assert_eq!(batch.exception_kinds(), ["unknown-reference"; 3]);
        assert!(details[0].contains("AM-114 v2") && details[1].contains("S-77"), "{details:?}");
        assert!(details[2].contains("names no sample"), "{details:?}");
    });
}

// shows: C211-165.b
#[test]
fn quality_goes_on_when_the_first_analyst_and_the_planned_one_have_left() {
    on_one(|world| {
        let batch = sampled(world, "LAB-7");
        let (quill, qadir) = (world.person("quill"), world.person("qadir"));
        let quella = world.person("quella");
        let analyst = json!([{ "role": "qc-analyst" }]);
        crate::house::cast::join(world.person("ada"), &world.line, "noor", "Noor Nagy", &analyst);
        for value in ["0.10", "0.31", "0.11"] {
            determined(&batch, value).done();
        }
        let path = batch.step(PH, "entries/endotoxin/investigation");
        let says = |more: &Value| {
            let mut body = json!({ "phase": "laboratory", "finding": "read again" });
            for (member, said) in more.as_object().expect("members") {
                body[member] = said.clone();
            }
            body
        };
        let none = json!({ "phase": CAUSE, "found": false, "cause": "no error of the laboratory" });
        let missed =
            |who: &str, why: &str| says(&json!({ "analyst": who, "analyst_unavailable": why }));
        quill.sign(&path, &missed("quentin", "left")).refused(422, "malformed");
        quill.sign(&path, &missed("quinn", " ")).refused(428, "reason-required");
        quill.sign(&path, &missed("quinn", "left")).done();
        qadir.sign(&path, &none).refused(409, "laboratory-first");
        world.person("quentin").sign(&path, &says(&json!({}))).done();
        qadir.sign(&path, &none).done();
        deviates(&batch, 1);
        let plan = json!({ "phase": "retest-plan", "retests": 1, "rationale": "another analyst",
            "analyst": "quentin" });
        quella.sign(&path, &plan).done();
        let other =
            |who: &str| json!({ "phase": "other-analyst", "analyst": who, "reason": "left" });
        quella.sign(&path, &other("quinn")).refused(409, "retest-analyst");
        quella.sign(&path, &other("noor")).done();
        let entry = batch.entry(Some(PH), "endotoxin");
        assert_eq!(entry["investigation"][1]["step"]["speaker"], "substitute", "{entry}");
        assert_eq!(entry["investigation"][4]["step"]["analyst"]["printed_name"], "Noor Nagy");
    });
}
