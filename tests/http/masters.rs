//! Master records: three persons, one content; only what is effective is issued, and a run keeps it.

use crate::house::batch::Batch;
use crate::house::recipes::{self, version};
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};

// shows: C211-68b1.b, C211-100a.a, C211-186a.a, C211-186a.c, CH4-02.b, DI-Q4.b, T4.b
#[test]
fn author_checker_and_approver_are_three_and_an_edit_voids_what_they_signed() {
    on_each(|world| {
        let (petra, paul) = (world.person("petra"), world.person("paul"));
        let (qadir, sven) = (world.person("qadir"), world.person("sven"));
        let document = recipes::changed("M-THREE", |_| {});
        sven.post("/masters", &json!({ "content": document })).refused(403, "authority-missing");
        let drafted = petra.post("/masters", &json!({ "content": document })).done();
        assert_eq!((&drafted["code"], &drafted["version"]), (&json!("M-THREE"), &json!(1)));
        let path = version("M-THREE", 1);
        assert_eq!(petra.get(&format!("{path}/findings")).done()["findings"], json!([]));
        let act = |what: &str| format!("{path}/{what}");
        petra
            .post("/masters", &json!({ "content": document }))
            .refused(409, "master-version-in-preparation");
        paul.sign(&act("submission"), &json!({})).refused(403, "submitter-is-not-the-author");
        petra.post(&act("submission"), &json!({})).refused(428, "signature-required");
        petra.sign(&act("check"), &json!({})).refused(409, "master-phase");
        petra.sign(&act("submission"), &json!({})).done();
        petra.sign(&act("check"), &json!({})).refused(403, "checker-is-author");
        qadir.sign(&act("approval"), &json!({})).refused(409, "master-phase");
        paul.sign(&act("check"), &json!({})).done();
        paul.sign(&act("approval"), &json!({})).refused(403, "authority-missing");
        let mut edited = document.clone();
        edited["precautions"] = json!(["Wear eye protection and gloves."]);
        let edit = json!({ "content": edited, "reason": "gloves" });
        petra
            .post(&act("content"), &json!({ "content": edited, "reason": "" }))
            .refused(428, "reason-required");
        let answer = petra.post(&act("content"), &edit).done();
        assert_ne!(answer["content_hash"], drafted["content_hash"]);
        qadir.sign(&act("approval"), &json!({})).refused(409, "master-phase");
        let view = qadir.get(&path).done();
        assert_eq!(view["phase"], "draft", "{view}");
        assert!(
            view["checked"].is_null() && view["submitted"].is_null(),
            "signatures are void: {view}"
        );
        petra.sign(&act("submission"), &json!({})).done();
        paul.sign(&act("check"), &json!({})).done();
        qadir.sign(&act("return"), &json!({ "reason": "say which gloves" })).done();
        petra.sign(&act("submission"), &json!({})).done();
        paul.sign(&act("check"), &json!({})).done();
        let past = json!({ "effective_from": "2026-01-01T00:00:00Z" });
        qadir.sign(&act("approval"), &past).refused(422, "effective-date-past");
        qadir.sign(&act("approval"), &json!({})).done();
        assert_eq!(qadir.get(&path).done()["phase"], "effective");
        petra.post(&act("content"), &edit).refused(409, "master-phase");
    });
}

// shows: C211-110b.a, C211-188a.a, C211-188a.c, CH4-02.a, F16.a, F16.b, T16.a
#[test]
fn only_the_effective_version_is_issued_and_a_run_keeps_its_own() {
    on_each(|world| {
        let (petra, paul) = (world.person("petra"), world.person("paul"));
        let (qadir, sven) = (world.person("qadir"), world.person("sven"));
        let document = recipes::changed("M-FROZEN", |_| {});
        let issue = |number: &str, version: Option<u64>| {
            let mut master = json!({ "code": "M-FROZEN" });
            if let Some(version) = version {
                master["version"] = version.into();
            }
            sven.sign("/batches", &json!({ "number": number, "master": master }))
        };
        petra.post("/masters", &json!({ "content": document })).done();
        issue("FR-0", None).refused(409, "no-effective-version");
        issue("FR-0", Some(1)).refused(409, "master-not-effective");
        issue("FR-0", Some(9)).refused(404, "not-found");
        let path = version("M-FROZEN", 1);
        petra.sign(&format!("{path}/submission"), &json!({})).done();
        paul.sign(&format!("{path}/check"), &json!({})).done();
        let tomorrow = json!({ "effective_from": "2026-03-04T06:00:00Z" });
        qadir.sign(&format!("{path}/approval"), &tomorrow).done();
        issue("FR-0", None).refused(409, "no-effective-version");
        qadir
            .post(&format!("{path}/effectiveness"), &json!({}))
            .refused(409, "effective-date-not-reached");
        world.minutes(25 * 60);
        qadir.post(&format!("{path}/effectiveness"), &json!({})).done();
        let first = issue("FR-1", None).done();
        issue("FR-1", None).refused(409, "batch-number-taken");
        let batch = Batch { world, number: "FR-1".into() };
        let mut second = document.clone();
        recipes::step(&mut second, "01.1")["instruction"] = "Weigh it twice.".into();
        assert_eq!(recipes::effective(world, &second), 2);
        assert_eq!(qadir.get(&path).done()["phase"], "superseded");
        let picture = batch.picture();
        assert_eq!(picture["master"]["version"], 1);
        assert_eq!(picture["master"]["content_hash"], first["master"]["content_hash"], "{first}");
        batch.weigh("0.272");
        let instruction = batch.occurrence("OP-01~1/01.1~1")["instruction"].to_string();
        assert!(!instruction.contains("twice"), "the run keeps its own copy: {instruction}");
        issue("FR-2", Some(1)).refused(409, "master-not-effective");
        let newer = issue("FR-2", None).done();
        assert_eq!(newer["master"]["version"], 2);
        let numbers = (first["issue_no"].as_u64().unwrap(), newer["issue_no"].as_u64().unwrap());
        assert_eq!(numbers.0 + 1, numbers.1, "issue numbers have no gaps");
        let path = version("M-FROZEN", 2);
        qadir.sign(&format!("{path}/suspension"), &json!({ "reason": "unclear" })).done();
        issue("FR-3", None).refused(409, "no-effective-version");
        qadir.sign(&format!("{path}/reinstatement"), &json!({ "reason": "clear" })).done();
        issue("FR-3", None).done();
        qadir.sign(&format!("{path}/retirement"), &json!({ "reason": "obsolete" })).done();
        issue("FR-4", None).refused(409, "no-effective-version");
        batch.complete(world.person("olga"), "OP-01~1/01.1~1").done();
    });
}

/// Approves the version that was drafted of this code, from a date on.
fn approved(world: &World, document: &Value, from: &str) -> String {
    let (petra, paul) = (world.person("petra"), world.person("paul"));
    let drafted = petra.post("/masters", &json!({ "content": document })).done();
    let (code, no) =
        (drafted["code"].as_str().expect("there"), drafted["version"].as_u64().expect("there"));
    let path = version(code, no);
    petra.sign(&format!("{path}/submission"), &json!({})).done();
    paul.sign(&format!("{path}/check"), &json!({})).done();
    let from = json!({ "effective_from": from });
    world.person("qadir").sign(&format!("{path}/approval"), &from).done();
    path
}

// shows: CH4-02.a, F16.a
// finding: A12
#[test]
fn a_version_is_issued_from_its_date_on_and_the_one_before_no_longer_with_nobody_pressing() {
    on_each(|world| {
        let (qadir, sven) = (world.person("qadir"), world.person("sven"));
        let document = recipes::changed("M-DATED", |_| {});
        let issue = |number: &str, version: Option<u64>| {
            let mut master = json!({ "code": "M-DATED" });
            if let Some(version) = version {
                master["version"] = version.into();
            }
            sven.sign("/batches", &json!({ "number": number, "master": master }))
        };
        let issued = |number: &str| issue(number, None).done()["master"]["version"].clone();
        let phases = || {
            let listed = qadir.get("/masters?code=M-DATED").done();
            let lines = listed["masters"].as_array().unwrap().clone();
            lines.iter().map(|line| line["phase"].to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(recipes::effective(world, &document), 1);
        // Two later versions with future dates; the world's clock stands on the third of March.
        let second = approved(world, &document, "2026-03-05T06:00:00Z");
        let third = approved(world, &document, "2026-03-07T06:00:00Z");
        assert_eq!(phases(), r#""approved" "approved" "effective""#);
        assert_eq!(issued("DT-1"), 1);
        issue("DT-X", Some(2)).refused(409, "master-not-effective");
        world.until("2026-03-05T05:59:00Z");
        assert_eq!(issued("DT-2"), 1);
        world.until("2026-03-05T06:00:00Z");
        assert_eq!(phases(), r#""approved" "effective" "superseded""#);
        assert_eq!(issued("DT-3"), 2);
        issue("DT-X", Some(1)).refused(409, "master-not-effective");
        assert_eq!(qadir.get(&version("M-DATED", 1)).done()["phase"], "superseded");
        assert_eq!(qadir.get(&second).done()["superseded_from"], "2026-03-07T06:00:00.000000Z");
        let listed = qadir.get("/masters?code=M-DATED&phase=effective").done();
        assert_eq!(listed["masters"].as_array().unwrap().len(), 1, "{listed}");
        assert_eq!(listed["masters"][0]["version"], 2, "{listed}");
        // A draft in preparation changes nothing, nor does a retirement bring an earlier one back.
        world.person("petra").post("/masters", &json!({ "content": document })).done();
        world.until("2026-03-07T06:00:00Z");
        assert_eq!(issued("DT-4"), 3);
        qadir.sign(&format!("{third}/retirement"), &json!({ "reason": "obsolete" })).done();
        issue("DT-X", None).refused(409, "no-effective-version");
        issue("DT-X", Some(2)).refused(409, "master-not-effective");
        assert_eq!(phases(), r#""draft" "retired" "superseded" "superseded""#);
    });
}

// finding: A12
#[test]
fn a_version_that_leaves_before_its_date_takes_nobodys_place() {
    on_each(|world| {
        let (qadir, sven) = (world.person("qadir"), world.person("sven"));
        let document = recipes::changed("M-LEFT", |_| {});
        let issued = |number: &str| {
            let body = json!({ "number": number, "master": { "code": "M-LEFT" } });
            sven.sign("/batches", &body)
        };
        recipes::effective(world, &document);
        let second = approved(world, &document, "2026-03-05T06:00:00Z");
        qadir.sign(&format!("{second}/return"), &json!({ "reason": "wrong page" })).done();
        world.until("2026-03-05T07:00:00Z");
        assert_eq!(issued("LF-1").done()["master"]["version"], 1);
        // Approved again, then retired before its date.
        let (petra, paul) = (world.person("petra"), world.person("paul"));
        petra.sign(&format!("{second}/submission"), &json!({})).done();
        paul.sign(&format!("{second}/check"), &json!({})).done();
        let later = json!({ "effective_from": "2026-03-06T06:00:00Z" });
        qadir.sign(&format!("{second}/approval"), &later).done();
        qadir.sign(&format!("{second}/retirement"), &json!({ "reason": "given up" })).done();
        world.until("2026-03-06T07:00:00Z");
        assert_eq!(issued("LF-2").done()["master"]["version"], 1);
        // A version retired leaves nothing to issue until the next one's date, which comes by itself.
        approved(world, &document, "2026-03-08T06:00:00Z");
        let first = version("M-LEFT", 1);
        qadir.sign(&format!("{first}/retirement"), &json!({ "reason": "obsolete" })).done();
        issued("LF-X").refused(409, "no-effective-version");
        world.until("2026-03-08T06:00:00Z");
        assert_eq!(issued("LF-3").done()["master"]["version"], 3);
    });
}

// finding: A13
#[test]
fn an_approval_is_one_order_and_the_version_is_issued_after_it_alone() {
    on_each(|world| {
        let qadir = world.person("qadir");
        let document = recipes::changed("M-ONE", |_| {});
        for no in 1..=2 {
            assert_eq!(recipes::effective(world, &document), no);
            let trail = qadir.get(&format!("/audit-trail?record_kind=master&record=M-ONE~{no}"));
            let names = trail.done().to_string();
            assert!(names.contains("master.approved"), "{names}");
            assert!(!names.contains("master.made-effective"), "one order, one entry: {names}");
            let body = json!({ "number": format!("ONE-{no}"), "master": { "code": "M-ONE" } });
            assert_eq!(
                world.person("sven").sign("/batches", &body).done()["master"]["version"],
                no
            );
        }
    });
}

// shows: C211-186b.a, CH4-17.a, L2.c
#[test]
fn a_faulty_or_too_new_recipe_is_told_every_finding_and_kept_as_draft() {
    on_each(|world| {
        let petra = world.person("petra");
        let faulty = recipes::changed("M-FAULTY", |document| {
            recipes::step(document, "01.2")["after"] = json!(["99.9"]);
            recipes::step(document, "01.1")["entries"][2]["unit"] = "furlong".into();
        });
        petra.post("/masters", &json!({ "content": faulty })).done();
        let path = version("M-FAULTY", 1);
        let found = petra.get(&format!("{path}/findings")).done();
        assert!(found["findings"].as_array().unwrap().len() >= 2, "{found}");
        let submit = format!("{path}/submission");
        let problem = petra.sign(&submit, &json!({})).refused(422, "master-faulty");
        assert!(problem["missing"].as_array().unwrap().len() >= 2, "{problem}");
        assert_eq!(petra.get(&path).done()["phase"], "draft");
        let empty = json!({ "code": "M-BARE", "title": "Bare", "product": { "code": "BUFFERS" },
            "unit_procedures": [] });
        petra.post("/masters", &json!({ "content": empty })).done();
        let problem = petra.sign(&format!("{}/submission", version("M-BARE", 1)), &json!({}));
        let problem = problem.refused(422, "master-faulty");
        assert!(problem["missing"].as_array().unwrap().len() > 3, "{problem}");
        let later = recipes::changed("M-LATER", |document| {
            recipes::step(document, "01.2")["every"] = json!({ "minutes": 15 });
        });
        petra.post("/masters", &json!({ "content": later })).done();
        petra
            .sign(&format!("{}/submission", version("M-LATER", 1)), &json!({}))
            .refused(422, "master-faulty");
    });
}

#[test]
fn an_unknown_kind_of_entry_is_not_yet_supported() {
    on_one(|world| {
        let petra = world.person("petra");
        let document = recipes::changed("M-KIND", |document| {
            recipes::step(document, "01.1")["entries"][1]["kind"] = "hologram".into();
        });
        petra.post("/masters", &json!({ "content": document })).done();
        let submit = format!("{}/submission", version("M-KIND", 1));
        petra.sign(&submit, &json!({})).refused(422, "not-yet-supported");
        let mut other = document.clone();
        other["code"] = "M-OTHER".into();
        let edit = json!({ "content": other, "reason": "renamed" });
        let path = format!("{}/content", version("M-KIND", 1));
        petra.post(&path, &edit).refused(422, "master-code-differs");
        petra.post("/masters", &json!({ "content": { "code": "M X" } })).refused(422, "malformed");
        petra.post("/masters", &json!({ "content": {} })).refused(422, "malformed");
    });
}
