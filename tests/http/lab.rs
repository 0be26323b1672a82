//! Samples, laboratory results and alarms: nothing tested until it passes, nothing averaged away.

use crate::house::batch::Batch;
use crate::house::client::{Answer, Persona, With};
use crate::house::recipes;
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};

pub const PH: &str = "OP-02~1/02.1~1";
pub const CAUSE: &str = "assignable-cause";

/// The buffer preparation with a sample, results on it, and the alarms of its vessel; endotoxin perhaps changed.
pub fn recipe(code: &str, change: impl Fn(&mut Value)) -> Value {
    recipes::changed(code, |document| {
        let number = |unit: &str, high: &str| {
            json!({ "type": "number", "unit": unit, "limits": [{ "purpose": "acceptance",
                "high": { "value": high, "inclusive": true } }] })
        };
        let entries = [
            json!({ "id": "sample", "name": "Sample", "kind": "sample", "point": "vessel, lower port",
                "quantity": { "value": "50", "unit": "mL" }, "containers": 2,
                "destination": "QC laboratory", "tests": ["endotoxin"],
                "reserve": { "quantity": { "value": "10", "unit": "mL" }, "storage": "-70 °C" } }),
            json!({ "id": "second-sample", "name": "Second sample", "kind": "sample",
                "mandatory": false, "point": "vessel, upper port" }),
            json!({ "id": "endotoxin", "name": "Endotoxin", "kind": "result", "sample": "sample",
                "method": "Kinetic LAL", "method_version": "AM-114 v3", "replicates": 3,
                "due": "release", "authorities": ["test"], "classification": "specification",
                "result": number("[EU]/mL", "0.25") }),
            json!({ "id": "vessel-alarms", "name": "Alarms of the vessel", "kind": "alarm",
                "mandatory": false, "tag": "BR-101/DO2-LOW" }),
        ];
        for mut entry in entries {
            if entry["id"] == "endotoxin" {
                change(&mut entry);
            }
            let step = recipes::step(document, "02.1");
            step["entries"].as_array_mut().expect("entries").push(entry);
        }
        let assay = json!({ "id": "assay", "name": "Assay", "kind": "result", "method": "Titration",
            "item": "filled bag",
            "due": "release", "authorities": ["test"], "classification": "specification",
            "result": { "type": "choice", "options": ["conforms", "fails"], "accepted": ["conforms"] } });
        document["release_specifications"].as_array_mut().expect("a list").push(assay);
    })
}

/// A run with its sample S-1 taken, everything executed but the results.
pub fn sampled<'w>(world: &'w World, number: &str) -> Batch<'w> {
    recipes::effective(world, &recipe("BUF-LAB", |_| ()));
    sampled_from(world, number, "BUF-LAB")
}

/// The same from another recipe.
pub fn sampled_from<'w>(world: &'w World, number: &str, code: &str) -> Batch<'w> {
    let batch = Batch::issued_from(world, number, code);
    let olga = world.person("olga");
    batch.dissolved();
    batch.start(olga, PH).done();
    batch.record(olga, PH, &json!({ "entry": "ph", "value": "5.30", "unit": "[pH]" })).done();
    batch.record(olga, PH, &json!({ "entry": "appearance", "value": "clear" })).done();
    let sample = json!({ "id": "S-1", "reserve": { "keep_until": "2028-03-31" } });
    batch.record(olga, PH, &json!({ "entry": "sample", "value": sample })).done();
    batch
}

pub fn determined(batch: &Batch<'_>, value: &str) -> Answer {
    let value = json!({ "value": value, "method_version": "AM-114 v3", "sample": "S-1" });
    let body = json!({ "value": value, "unit": "[EU]/mL" });
    let path = batch.step(PH, "entries/endotoxin/determinations");
    batch.world.person("quinn").post(&path, &body)
}

fn retested(batch: &Batch<'_>, value: &str) -> Answer {
    let value = json!({ "value": value, "method_version": "AM-114 v3", "sample": "S-1" });
    let body = json!({ "value": value, "unit": "[EU]/mL" });
    let path = batch.step(PH, "entries/endotoxin/determinations");
    batch.world.person("quentin").post(&path, &body)
}

/// Analyst and laboratory supervisor speak, as the first phase asks.
pub fn spoken(batch: &Batch<'_>, path: &str, more: &Value) {
    for who in ["quinn", "quill"] {
        let mut body = json!({ "phase": "laboratory", "finding": "raw data and work looked at",
            "files": [{ "name": "run.txt", "content": "cmF3IGRhdGE=" }] });
        for (member, said) in more.as_object().expect("members") {
            body[member] = said.clone();
        }
        batch.world.person(who).sign(path, &body).done();
    }
}

/// Everything that stands outside becomes part of a deviation.
pub fn deviates(batch: &Batch<'_>, exception: u64) {
    let opened = json!({ "outcome": "deviation", "title": "Endotoxin", "class": "critical" });
    let path = batch.path(&format!("exceptions/{exception}/triage"));
    batch.world.person("qadir").sign(&path, &opened).done();
}

fn investigated(batch: &Batch<'_>, who: &Persona, body: &Value) -> Answer {
    who.sign(&batch.step(PH, "entries/endotoxin/investigation"), body)
}

/// Qadir looks for the cause, Quella concludes.
fn reports(batch: &Batch<'_>, determination: u32) -> Answer {
    let body = json!({ "phase": "reportable", "determination": determination,
        "conclusion": "reported as found" });
    investigated(batch, batch.world.person("quella"), &body)
}

/// The open obligations as text.
pub fn owed(batch: &Batch<'_>, id: &str) -> Option<Value> {
    let all = batch.world.person("qadir").get(&batch.path("obligations")).done();
    let list = all["obligations"].as_array().expect("obligations").clone();
    list.into_iter().find(|one| one["id"] == id && one["status"] == "open")
}

// shows: C211-188b10.a, C211-170.a, C211-170.b
#[test]
fn a_sample_has_one_identity_a_chain_of_custody_and_a_reserve() {
    on_each(|world| {
        let batch = sampled(world, "SMP-1");
        let (olga, quinn) = (world.person("olga"), world.person("quinn"));
        let entry = batch.entry(Some(PH), "sample");
        let version = &entry["versions"][0];
        assert_eq!(version["by"]["user_name"], "olga", "the sampler: {entry}");
        assert_eq!(version["value"]["point"], "vessel, lower port");
        assert_eq!(version["value"]["quantity"]["value"], "50", "as the master record says");
        assert_eq!(version["value"]["reserve"]["keep_until"], "2028-03-31");
        for wrong in [json!("S-9"), json!({ "id": " " }), json!({ "id": "S-9", "reserve": {} })] {
            let body = json!({ "entry": "second-sample", "value": wrong });
            batch.record(olga, PH, &body).refused(422, "malformed");
        }
        let late = json!({ "id": "S-9", "taken_at": "2027-01-01T00:00:00Z" });
        batch
            .record(olga, PH, &json!({ "entry": "second-sample", "value": late }))
            .refused(422, "performed-in-the-future");
        // The same identity, typed in another way.
        let twin = json!({ "entry": "second-sample", "value": { "id": "s-1" } });
        batch.record(olga, PH, &twin).done();
        assert_eq!(batch.exception_kinds(), ["look-alike"]);
        batch.complete(olga, PH).done();
        let trail = batch.step(PH, "entries/sample/trail");
        let passes = |who: &Persona, kind: &str, value: Value| {
            who.post(&trail, &json!({ "kind": kind, "value": value }))
        };
        passes(olga, "handed-over", json!({ "place": "airlock 2", "note": "on ice" })).done();
        passes(quinn, "received", json!({ "place": "QC laboratory" })).done();
        passes(quinn, "lost", json!({ "place": "QC laboratory" })).refused(422, "malformed");
        let out = |quantity: &str, unit: &str| json!({ "quantity": quantity, "unit": unit, "purpose": "complaint 12" });
        passes(quinn, "reserve-withdrawn", out("4", "mL")).done();
        passes(quinn, "reserve-withdrawn", out("0.001", "L")).done();
        assert_eq!(batch.exception_kinds(), ["look-alike"], "custody opens none");
        assert!(owed(&batch, &format!("sample/{PH}/sample/reserve")).is_none());
        let points = batch.entry(Some(PH), "sample")["trail"].as_array().unwrap().clone();
        let who: Vec<_> = points.iter().map(|p| p["by"]["user_name"].clone()).collect();
        assert_eq!(who, ["olga", "quinn", "quinn", "quinn"], "{points:?}");
        // What somebody has in hand is not struck away.
        let version = With::version(&batch.entry_etag(PH, "sample"));
        let strikes = batch.step(PH, "entries/sample/striking");
        let reason = json!({ "reason": "of another vessel" });
        olga.post_with(&strikes, &reason, &version).refused(409, "stands-on-it");
    });
}

// shows: MHRA-4.a
#[test]
fn a_scribe_records_a_determination_for_a_named_analyst_and_names_nobody_else_into_it() {
    on_each(|world| {
        let batch = sampled(world, "LAB-SCRIBE");
        let quinn = world.person("quinn");
        let analyst = json!([{ "role": "qc-analyst" }]);
        crate::house::cast::join(world.person("ada"), &world.line, "nina", "Nina Neri", &analyst);
        let path = batch.step(PH, "entries/endotoxin/determinations");
        let by = |who: &str| {
            let value = json!({ "value": "0.10", "method_version": "AM-114 v3", "sample": "S-1" });
            let basis = json!({ "kind": "scribe", "performed_by": who });
            quinn.post(&path, &json!({ "value": value, "unit": "[EU]/mL", "basis": basis }))
        };
        by("nobody").refused(422, "performer-unknown");
        by("quinn").refused(422, "performer-unknown");
        let before = world.person("qadir").get(&format!("/batches/{}", batch.number)).done();
        by("nina").done();
        assert_eq!(batch.exception_kinds(), ["on-behalf"]);
        by("qadir").done();
        assert_eq!(batch.exception_kinds(), ["on-behalf", "unqualified", "on-behalf"]);
        let after = world.person("qadir").get(&format!("/batches/{}", batch.number)).done();
        let count = |run: &Value| run["participants_count"].as_u64().expect("a number");
        assert_eq!(count(&after), count(&before) + 2, "quinn and nina, and not qadir");
        batch.wave_through(1).done();
    });
}

#[test]
fn a_sample_is_not_corrected_into_what_cannot_be_without_a_finding() {
    on_one(|world| {
        let batch = sampled(world, "SMP-2");
        let (olga, quinn) = (world.person("olga"), world.person("quinn"));
        let corrects = |more: Value| {
            let mut value = json!({ "id": "S-1", "quantity": "2", "unit": "L",
                "reserve": { "quantity": "1000", "unit": "mL", "keep_until": "2028-03-31" } });
            for (member, said) in more.as_object().expect("members") {
                value[member] = said.clone();
            }
            let body = json!({ "value": value, "reason": "misread" });
            let version = With::version(&batch.entry_etag(PH, "sample"));
            olga.post_with(&batch.step(PH, "entries/sample/corrections"), &body, &version)
        };
        corrects(json!({})).done();
        let out = json!({ "quantity": "500", "unit": "mL", "purpose": "complaint 12" });
        let body = json!({ "kind": "reserve-withdrawn", "value": out });
        quinn.post(&batch.step(PH, "entries/sample/trail"), &body).done();
        corrects(json!({ "taken_at": "2030-01-01T00:00:00Z" }))
            .refused(422, "performed-in-the-future");
        let ten = json!({ "quantity": "10", "unit": "mL", "keep_until": "2028-03-31" });
        corrects(json!({ "reserve": ten })).done();
        let kinds = batch.exception_kinds();
        assert!(kinds.contains(&"out-of-acceptance".to_owned()), "{kinds:?}");
        assert!(kinds.contains(&"correction".to_owned()), "it was in other hands: {kinds:?}");
        let reserve = owed(&batch, &format!("sample/{PH}/sample/reserve")).expect("owed");
        assert_eq!(reserve["evidence"], "the reserve is 10 mL, and withdrawn was 500 mL");
    });
}

// shows: C211-188b5.a, C211-188b5.b, C211-160.a, C211-194a.a, C211-194a.b, C211-194a.f, C211-194b.a
// shows: F4.a, F6.a
#[test]
fn every_determination_is_counted_and_none_replaces_another() {
    on_each(|world| {
        let batch = sampled(world, "LAB-1");
        let (quinn, sven) = (world.person("quinn"), world.person("sven"));
        let recorded = format!("entry/{PH}/endotoxin/recorded");
        determined(&batch, "0.10").done();
        // The ordinary way in leads to the same place.
        let value = json!({ "value": "0.12", "method_version": "AM-114 v3", "sample": "S-1" });
        let body = json!({ "entry": "endotoxin", "value": value, "unit": "[EU]/mL" });
        batch.record(quinn, PH, &body).done();
        let pending = owed(&batch, &recorded).expect("pending");
        assert_eq!(pending["evidence"], "result pending on S-1: 2 of 3 determinations");
        let why = json!({ "absence": "not-applicable", "reason": "no longer needed" });
        sven.sign(&batch.step(PH, "entries/endotoxin/absence"), &why)
            .refused(409, "result-under-test");
        let answer = determined(&batch, "0.11").done();
        assert_eq!(answer["shown"], "0.12 EU/mL (3 of 3 within)", "the worst, no mean: {answer}");
        assert!(owed(&batch, &recorded).is_none());
        let better = json!({ "value": "0.10", "method_version": "AM-114 v3", "sample": "S-1" });
        let correction = json!({ "value": better, "unit": "[EU]/mL", "reason": "typo" });
        let path = batch.step(PH, "entries/endotoxin/corrections");
        let version = With::version(&batch.entry_etag(PH, "endotoxin"));
        quinn.post_with(&path, &correction, &version).done();
        assert_eq!(batch.exception_kinds(), ["correction"], "it is claimed, and does not count");
        let checks = batch.step(PH, "entries/endotoxin/checks");
        let review = |who: &Persona| {
            let version = With::version(&batch.entry_etag(PH, "endotoxin"));
            who.post_with(&checks, &json!({}), &version)
        };
        let second = owed(&batch, &format!("entry/{PH}/endotoxin/checked/1")).expect("owed");
        assert_eq!(second["rule"], "C211-194a", "{second}");
        review(quinn).refused(403, "witness-is-performer");
        review(sven).refused(403, "authority-missing");
        review(world.person("qadir")).done();
        // A fourth, for luck: kept, and it counts for nothing.
        determined(&batch, "0.01").done();
        assert_eq!(batch.exception_kinds(), ["correction", "repeat"]);
        let entry = batch.entry(Some(PH), "endotoxin");
        assert_eq!(entry["determinations"].as_array().map(Vec::len), Some(4));
        assert_eq!(entry["determinations"][3]["repeat"], true);
        assert_eq!(entry["versions"].as_array().map(Vec::len), Some(1), "{entry}");
        let none = json!({ "phase": CAUSE, "found": false, "cause": "nothing seen" });
        investigated(&batch, world.person("qadir"), &none).refused(409, "nothing-to-investigate");
        // A fifth that fails stands against what was reported.
        determined(&batch, "0.40").done();
        let entry = batch.entry(Some(PH), "endotoxin");
        assert_eq!(entry["versions"][1]["absence"], "not-available", "{entry}");
        assert!(owed(&batch, &recorded).is_some(), "what was reported no longer stands");
        let weight = json!({ "value": { "value": "1", "method_version": "1" }, "unit": "kg" });
        let path = batch.step("OP-01~1/01.1~1", "entries/weight/determinations");
        quinn.post(&path, &weight).refused(422, "not-a-result");
    });
}

// shows: C211-165.b, C211-194a.h, DI-Q2.b, F5.b
#[test]
fn only_an_assignable_cause_sets_a_failing_result_aside_and_it_stays_in_view() {
    on_each(|world| {
        let batch = sampled(world, "LAB-2");
        let (qadir, quinn) = (world.person("qadir"), world.person("quinn"));
        determined(&batch, "0.31").done();
        determined(&batch, "0.10").done();
        determined(&batch, "0.11").done();
        assert_eq!(batch.exception_kinds(), ["out-of-specification"]);
        assert_eq!(batch.entry(Some(PH), "endotoxin")["versions"], json!([]));
        batch.wave_through(1).refused(409, "must-be-a-deviation");
        let cause = |found: bool, list: Value| json!({ "phase": CAUSE, "found": found, "cause": "standard expired", "invalidates": list });
        let by = |who: &Persona, body: &Value| investigated(&batch, who, body);
        by(quinn, &cause(true, json!([1]))).refused(403, "authority-missing");
        let path = batch.step(PH, "entries/endotoxin/investigation");
        let plan = |n: u32| json!({ "phase": "retest-plan", "retests": n, "rationale": "replaces it", "analyst": "quentin" });
        by(qadir, &plan(1)).refused(409, "phase-one-first");
        reports(&batch, 2).refused(409, "phase-one-first");
        by(qadir, &cause(true, json!([1]))).refused(409, "laboratory-first");
        by(world.person("quentin"), &json!({ "phase": "laboratory", "finding": "x" }))
            .refused(403, "authority-missing");
        spoken(&batch, &path, &json!({}));
        qadir.post(&path, &cause(true, json!([1]))).refused(428, "signature-required");
        by(qadir, &cause(true, json!([]))).refused(422, "malformed");
        by(qadir, &cause(true, json!([7]))).refused(404, "no-such-part");
        let silent = json!({ "phase": CAUSE, "found": true, "cause": " ", "invalidates": [1] });
        by(qadir, &silent).refused(428, "reason-required");
        by(qadir, &json!({ "phase": "average" })).refused(422, "malformed");
        by(qadir, &cause(true, json!([1]))).done();
        by(qadir, &cause(true, json!([1]))).refused(409, "determination-does-not-count");
        batch.wave_through(1).done();
        reports(&batch, 1).refused(409, "determination-does-not-count");
        reports(&batch, 2).refused(409, "testing-unfinished");
        let quella = world.person("quella");
        by(quella, &plan(0)).refused(422, "malformed");
        by(qadir, &plan(1)).refused(403, "requester-is-approver");
        by(quella, &plan(1)).done();
        by(quella, &plan(1)).refused(409, "testing-unfinished");
        retested(&batch, "0.12").done();
        assert_eq!(batch.exception_kinds(), ["out-of-specification"], "a retest under its plan");
        reports(&batch, 2).refused(409, "not-the-worst-result");
        reports(&batch, 4).done();
        let entry = batch.entry(Some(PH), "endotoxin");
        assert_eq!(entry["versions"][0]["shown"], "0.12 EU/mL (3 of 3 within, 1 set aside)");
        let first = &entry["determinations"][0];
        assert_eq!(
            (&first["shown"], &first["invalidated"]),
            (&json!("0.31 EU/mL"), &json!("standard expired"))
        );
        assert_eq!(entry["determinations"][3]["plan"], 4, "{entry}");
        assert_eq!(entry["investigation"].as_array().map(Vec::len), Some(5));
        assert_eq!(entry["investigation"][0]["signed"]["user_name"], "quinn");
        assert_eq!(entry["investigation"][2]["signed"]["user_name"], "qadir");
    });
}

// shows: C211-165.c, F6.c
#[test]
fn passing_retests_do_not_wash_a_failing_result_away() {
    on_each(|world| {
        let batch = sampled(world, "LAB-3");
        let qadir = world.person("qadir");
        for value in ["0.10", "0.31", "0.11"] {
            determined(&batch, value).done();
        }
        let none = json!({ "phase": CAUSE, "found": false, "cause": "no error of the laboratory" });
        spoken(&batch, &batch.step(PH, "entries/endotoxin/investigation"), &json!({}));
        investigated(&batch, qadir, &none).done();
        let plan = |analyst: &str| json!({ "phase": "retest-plan", "retests": 2, "rationale": "second analyst", "analyst": analyst });
        investigated(&batch, qadir, &plan("quentin")).refused(403, "requester-is-approver");
        let quella = world.person("quella");
        investigated(&batch, quella, &plan("quentin")).refused(409, "second-phase-needs-deviation");
        deviates(&batch, 1);
        investigated(&batch, quella, &plan("quinn")).refused(409, "retest-analyst");
        investigated(&batch, quella, &plan("olga")).refused(409, "retest-analyst");
        investigated(&batch, quella, &plan("nobody")).refused(409, "retest-analyst");
        investigated(&batch, quella, &plan("quentin")).done();
        retested(&batch, "0.09").done();
        reports(&batch, 2).refused(409, "testing-unfinished");
        retested(&batch, "0.08").done();
        for passing in [1, 3, 4, 5] {
            reports(&batch, passing).refused(409, "not-the-worst-result");
        }
        reports(&batch, 2).done();
        let entry = batch.entry(Some(PH), "endotoxin");
        assert_eq!(entry["versions"][0]["shown"], "0.31 EU/mL (4 of 5 within)", "{entry}");
        batch.wave_through(1).refused(409, "already-triaged");
        let conforms = owed(&batch, &format!("entry/{PH}/endotoxin/conforms")).expect("owed");
        assert_eq!(conforms["evidence"], "0.31 EU/mL (4 of 5 within) is outside acceptance");
        // A deviation explains it; it does not make the material meet its specification.
        assert!(owed(&batch, &format!("entry/{PH}/endotoxin/conforms")).is_some());
    });
}

// shows: C211-194a.f
#[test]
fn a_release_specification_is_determined_and_investigated_alike() {
    on_one(|world| {
        let batch = sampled(world, "LAB-4");
        let (qadir, quinn) = (world.person("qadir"), world.person("quinn"));
        let value = |value: &str| json!({ "value": { "value": value, "method_version": "2" } });
        let path = batch.path("entries/assay/determinations");
        quinn.post(&path, &value("maybe")).refused(422, "malformed");
        quinn.post(&path, &value("fails")).done();
        let id = "result/release/assay/investigated";
        assert_eq!(owed(&batch, id).expect("owed")["evidence"], "determination 1: fails");
        let cause = json!({ "phase": CAUSE, "found": false, "cause": "titrant in order" });
        spoken(&batch, &batch.path("entries/assay/investigation"), &json!({}));
        qadir.sign(&batch.path("entries/assay/investigation"), &cause).done();
        let said = json!({ "phase": "reportable", "determination": 1, "conclusion": "it fails" });
        let path = batch.path("entries/assay/investigation");
        qadir.sign(&path, &said).refused(403, "requester-is-approver");
        world.person("quella").sign(&path, &said).done();
        assert!(owed(&batch, id).is_none());
        assert!(owed(&batch, "entry/release/assay/conforms").is_some());
    });
}
