//! After the release and after the end: lots in question, what blocks them, who decides; facts as addenda.

use crate::house::batch::{Batch, lot_of};
use crate::house::client::{Answer, Persona, With};
use crate::house::world::{World, on_each};
use crate::lab::owed;
use serde_json::{Value, json};

const FILL: &str = "OP-02~1/02.2~1";
const STIR: &str = "OP-01~1/01.2~1";

/// A batch with its lot released by Quella.
pub fn released<'w>(world: &'w World, number: &str) -> Batch<'w> {
    released_from(world, number, &[])
}

/// The same, made from these lots.
pub fn released_from<'w>(world: &'w World, number: &str, parents: &[&str]) -> Batch<'w> {
    let batch = reviewed_from(world, number, parents);
    batch.dispose(world.person("quella"), "released").done();
    batch
}

pub fn reviewed_from<'w>(world: &'w World, number: &str, parents: &[&str]) -> Batch<'w> {
    let batch = Batch::issued(world, number);
    batch.filled();
    batch.tested();
    let sven = world.person("sven");
    let lot = json!({ "number": lot_of(number), "material": "Acetate buffer",
                      "quantity": { "value": "98", "unit": "L" }, "parents": parents });
    sven.post(&batch.path("lots"), &lot).done();
    batch.accept(&["NA-2026-01"]).done();
    let version = With::version(&batch.etag());
    sven.sign_with(&batch.path("completion"), &json!({}), &version).done();
    batch.review(world.person("qadir")).done();
    batch
}

/// A lot as it stands.
pub fn lot(batch: &Batch<'_>) -> Value {
    batch.world.person("olga").get(&format!("/lots/{}", lot_of(&batch.number))).done()
}

/// The decision on a lot in question.
pub fn answers(batch: &Batch<'_>, who: &Persona, decision: &str) -> Answer {
    let path = format!("/lots/{}", lot_of(&batch.number));
    let etag = batch.world.person("qadir").get(&path).header("etag").to_owned();
    let body = json!({ "decision": decision, "reason": "assessed on the whole record" });
    who.sign_with(&format!("{path}/questions"), &body, &With::version(&etag))
}

/// Every exception waved through, the record reviewed again.
pub fn settled(batch: &Batch<'_>) {
    for exception in batch.exceptions() {
        if exception["triage"].is_null() {
            batch.wave_through(exception["no"].as_u64().expect("there")).done();
        }
    }
    batch.review(batch.world.person("qadir")).done();
}

pub fn event(batch: &Batch<'_>, what: &str) {
    let path = batch.path("events");
    batch.world.person("olga").post(&path, &json!({ "what": what })).done();
}

/// The bioburden corrected to this value by the laboratory.
pub fn bioburden(batch: &Batch<'_>, value: &str) -> Answer {
    let path = batch.step(FILL, "entries/bioburden/corrections");
    let body = json!({ "value": value, "unit": "[CFU]/mL", "reason": "the plate was read again" });
    let version = With::version(&batch.entry_etag(FILL, "bioburden"));
    batch.world.person("quinn").post_with(&path, &body, &version)
}

// shows: C211-192b.e
// finding: P9
#[test]
fn a_failing_result_after_release_blocks_the_lot_and_only_withdrawal_can_be_signed() {
    on_each(|world| {
        let batch = released(world, "AFT-1");
        let before = lot(&batch);
        assert_eq!((&before["questioned"], &before["may_ship"]), (&Value::Null, &json!(true)));
        answers(&batch, world.person("qadir"), "stands").refused(409, "lot-not-questioned");
        bioburden(&batch, "40").done();
        let now = lot(&batch);
        assert_eq!(now["disposition"], "released", "{now}");
        assert!(now["questioned"]["since"].is_string(), "{now}");
        assert!(now["questioned"]["because"].to_string().contains("40"), "{now}");
        assert_eq!((&now["blocked"], &now["may_ship"]), (&json!(true), &json!(false)), "{now}");
        let line = batch.picture()["lots"][0].clone();
        assert_eq!((&line["blocked"], &line["may_ship"]), (&json!(true), &json!(false)), "{line}");
        let id = format!("lot/{}/question", lot_of("AFT-1"));
        assert!(owed(&batch, &id).is_some(), "the open question is owed");
        let problem = answers(&batch, world.person("qadir"), "stands");
        let problem = problem.refused(409, "only-withdrawal");
        assert!(problem["missing"].to_string().contains("xception"), "{problem}");
        answers(&batch, world.person("sven"), "stands").refused(403, "authority-missing");
        answers(&batch, world.person("quella"), "withdrawn").done();
        assert_eq!(
            lot(&batch)["questioned"],
            Value::Null,
            "a withdrawn lot is no more in question"
        );
    });
}

// shows: C211-192b.e
// finding: P9
#[test]
fn an_event_after_release_questions_and_another_of_quality_finds_the_lot_to_stand() {
    on_each(|world| {
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        let batch = released(world, "AFT-2");
        event(&batch, "a leak was seen under the tank");
        let now = lot(&batch);
        assert!(now["questioned"]["because"].to_string().contains("leak"), "{now}");
        assert_eq!((&now["blocked"], &now["may_ship"]), (&json!(false), &json!(true)), "{now}");
        answers(&batch, qadir, "stands").refused(409, "only-withdrawal");
        settled(&batch);
        answers(&batch, quella, "stands").refused(403, "released-it-themselves");
        answers(&batch, qadir, "perhaps").refused(422, "malformed");
        answers(&batch, qadir, "stands").done();
        let now = lot(&batch);
        assert_eq!((&now["questioned"], &now["disposition"]), (&Value::Null, &json!("released")));
        assert_eq!(now["stands"][0]["signed"]["user_name"], "qadir", "{now}");
        // What comes later questions again.
        event(&batch, "the leak was larger than said");
        assert!(lot(&batch)["questioned"]["because"].to_string().contains("larger"));
        // A comment, a print and an acknowledgement question nothing.
        let other = released(world, "AFT-2B");
        quella.post(&other.path("reports"), &json!({})).done();
        quella.sign(&other.path("closure"), &json!({})).done();
        assert_eq!(lot(&other)["questioned"], Value::Null);
    });
}

// shows: C211-192b.e
// finding: P9
#[test]
fn after_the_end_facts_are_stored_as_addenda_with_their_reason() {
    on_each(|world| {
        let (olga, quinn) = (world.person("olga"), world.person("quinn"));
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        let batch = released(world, "AFT-3");
        quella.sign(&batch.path("closure"), &json!({})).done();
        let late =
            json!({ "entry": "remark", "value": "found in the log", "reason": "page was lost" });
        let answer = batch.record(olga, STIR, &late);
        assert_eq!(answer.status, 201, "{}", answer.text());
        let answer = answer.done();
        assert_eq!(answer["addendum"]["reason"], "page was lost", "{answer}");
        let answer = bioburden(&batch, "3").done();
        assert_eq!(answer["addendum"]["no"], 2, "{answer}");
        // Without a reason it is stored too; its exception owes it.
        let answer = olga.post(&batch.path("events"), &json!({ "what": "tank leaks" })).done();
        assert_eq!(answer["addendum"]["reason"], Value::Null, "{answer}");
        assert!(answer["exceptions"].to_string().contains("reason is owed"), "{answer}");
        let why = json!({ "what": "tank leaked", "reason": "found at maintenance" });
        olga.post(&batch.path("events"), &why).done();
        let alarm =
            json!({ "tag": "TI-1", "priority": "low", "text": "high", "reason": "late import" });
        olga.post(&batch.path("alarms"), &alarm).done();
        let notice = |kind: &str| json!({ "kind": kind, "text": "a customer writes" });
        let path = batch.path("notices");
        olga.post(&path, &notice("complaint")).refused(403, "authority-missing");
        quinn.post(&path, &notice("complaint")).refused(403, "authority-missing");
        qadir.post(&path, &notice("rumour")).refused(422, "malformed");
        qadir
            .post(&path, &json!({ "kind": "notice", "text": " " }))
            .refused(428, "reason-required");
        for kind in ["complaint", "notice", "decision"] {
            assert_eq!(qadir.post(&path, &notice(kind)).status, 201);
        }
        let picture = batch.picture();
        assert_eq!(picture["phase"], "closed");
        assert_eq!(picture["addenda"].as_array().map(Vec::len), Some(8), "{}", picture["addenda"]);
        assert_eq!(picture["notices"].as_array().map(Vec::len), Some(3));
        let now = lot(&batch);
        assert!(now["questioned"]["because"].to_string().contains("customer"), "{now}");
        assert_eq!(now["blocked"], false, "{now}");
        // Requests stay refused.
        batch.start(olga, "OP-01~1/01.2~2").refused(423, "record-final");
        let version = With::version(&batch.etag());
        let done = world.person("sven").sign_with(&batch.path("completion"), &json!({}), &version);
        done.refused(423, "record-final");
    });
}

// shows: T39.b
// finding: A1
#[test]
fn a_run_with_a_released_lot_is_aborted_only_together_with_its_withdrawal() {
    on_each(|world| {
        let (sven, qadir, quella) =
            (world.person("sven"), world.person("qadir"), world.person("quella"));
        let batch = released(world, "AFT-4");
        event(&batch, "the filter was torn");
        let abort = batch.path("abort");
        let why = json!({ "reason": "filter torn" });
        let problem = sven.sign(&abort, &why).refused(409, "released-lots");
        assert!(problem["missing"].to_string().contains(&lot_of("AFT-4")), "{problem}");
        qadir.sign(&abort, &why).refused(409, "released-lots");
        let with = |lots: &[String]| json!({ "reason": "filter torn", "withdraw": lots });
        sven.sign(&abort, &with(&[lot_of("AFT-4")])).refused(409, "released-lots");
        qadir.sign(&abort, &with(&["NONE".into()])).refused(404, "no-such-part");
        quella.sign(&abort, &with(&[lot_of("AFT-4")])).done();
        assert_eq!(lot(&batch)["disposition"], "withdrawn");
        assert_eq!(batch.picture()["phase"], "aborted");
        batch.dispose(quella, "released").refused(409, "run-was-aborted");
        batch.dispose(quella, "rejected").done();
        // Reviewed and closed like others.
        batch.review(qadir).refused(409, "obligations-open");
        quella.sign(&batch.path("closure"), &json!({})).refused(409, "obligations-open");
        settled(&batch);
        batch.review(qadir).refused(409, "already-reviewed");
        quella.sign(&batch.path("closure"), &json!({})).done();
        let picture = batch.picture();
        assert_eq!(
            (&picture["phase"], &picture["aborted"]),
            (&json!("closed"), &json!("filter torn"))
        );
        quella.sign(&abort, &why).refused(423, "record-final");
        // Withdrawn first, then aborted by production.
        let other = released(world, "AFT-4B");
        event(&other, "the filter was torn too");
        other.dispose(quella, "withdrawn").done();
        sven.sign(&other.path("abort"), &why).done();
        other.dispose(quella, "rejected").done();
    });
}

// shows: C211-22.a
// finding: A1
#[test]
fn withdrawing_and_rejecting_are_possible_in_every_phase() {
    on_each(|world| {
        let quella = world.person("quella");
        // Reviewed, lapsed, closed, closed and lapsed.
        let reviewed = released(world, "PH-1");
        let lapsed = released(world, "PH-2");
        event(&lapsed, "a leak");
        let closed = released(world, "PH-3");
        quella.sign(&closed.path("closure"), &json!({})).done();
        let again = released(world, "PH-4");
        quella.sign(&again.path("closure"), &json!({})).done();
        event(&again, "a leak");
        for batch in [&reviewed, &lapsed, &closed, &again] {
            batch.dispose(quella, "withdrawn").done();
        }
        // Withdrawn becomes released only by a whole new release.
        lapsed.dispose(world.person("qadir"), "released").refused(409, "not-ready-for-release");
        settled(&lapsed);
        lapsed.dispose(quella, "released").refused(403, "released-it-themselves");
        lapsed.dispose(world.person("qadir"), "released").done();
        assert_eq!(lot(&lapsed)["questioned"], Value::Null, "known when it was released anew");
        for batch in [&reviewed, &closed, &again] {
            batch.dispose(quella, "rejected").done();
            batch.dispose(quella, "released").refused(409, "disposition-not-possible");
        }
    });
}

// shows: C211-192b.e
// finding: P9
#[test]
fn what_happens_upstream_questions_every_lot_downstream() {
    on_each(|world| {
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        let parent = released(world, "UP-1");
        let child = released_from(world, "UP-2", &[&lot_of("UP-1")]);
        let grandchild = released_from(world, "UP-3", &[&lot_of("UP-2")]);
        let next = reviewed_from(world, "UP-4", &[&lot_of("UP-1")]);
        event(&parent, "the jacket leaked");
        for batch in [&child, &grandchild] {
            let now = lot(batch);
            let because = now["questioned"]["because"].to_string();
            assert!(because.contains("UP-1-L1") && because.contains("jacket"), "{now}");
            assert_eq!(now["blocked"], false, "{now}");
        }
        parent.dispose(quella, "withdrawn").done();
        for batch in [&child, &grandchild] {
            let now = lot(batch);
            assert_eq!((&now["blocked"], &now["may_ship"]), (&json!(true), &json!(false)), "{now}");
            assert!(now["questioned"]["because"].to_string().contains("withdrawn"), "{now}");
        }
        answers(&child, qadir, "stands").refused(409, "only-withdrawal");
        next.dispose(quella, "released").refused(409, "not-ready-for-release");
        child.dispose(quella, "withdrawn").done();
        assert!(lot(&grandchild)["questioned"]["because"].to_string().contains("UP-2-L1"));
    });
}

// shows: C211-192b.e
// finding: P9
#[test]
fn equipment_found_out_of_calibration_reaches_what_it_weighed_long_ago() {
    on_each(|world| {
        let olga = world.person("olga");
        let batch = released(world, "CAL-1");
        let body = |finding: &str| {
            json!({ "place": { "kind": "equipment", "equipment": "bal-07" },
                "what": "found 4 % off at calibration", "finding": finding })
        };
        olga.post("/events", &body("dusty")).refused(422, "malformed");
        let nowhere = json!({ "place": { "kind": "area", "area": "R1" }, "what": "x",
            "finding": "out-of-calibration" });
        olga.post("/events", &nowhere).refused(422, "malformed");
        let answer = olga.post("/events", &body("out-of-calibration")).done();
        assert_eq!(answer["concerned"], 1, "{answer}");
        let now = lot(&batch);
        assert_eq!((&now["blocked"], &now["may_ship"]), (&json!(true), &json!(false)), "{now}");
        assert_eq!(batch.exceptions()[0]["severity"], "critical", "it weighed a CPP");
    });
}

// shows: C211-192b.e
// finding: P9
#[test]
fn corrections_holds_and_complaints_question_and_block_nothing() {
    on_each(|world| {
        let (olga, qadir, quella) =
            (world.person("olga"), world.person("qadir"), world.person("quella"));
        let corrected = released(world, "SIB-1");
        let path = corrected.step(STIR, "entries/temperature/corrections");
        let body = json!({ "value": "21", "unit": "Cel", "reason": "misread" });
        let version = With::version(&corrected.entry_etag(STIR, "temperature"));
        olga.post_with(&path, &body, &version).done();
        let held = released(world, "SIB-2");
        let hold = json!({ "scope": { "kind": "run" }, "reason": "supplier warns" });
        qadir.post(&held.path("holds"), &hold).done();
        let complained = released(world, "SIB-3");
        quella.sign(&complained.path("closure"), &json!({})).done();
        let notice = json!({ "kind": "complaint", "text": "particles seen" });
        quella.post(&complained.path("notices"), &notice).done();
        for (batch, word) in
            [(&corrected, "corrected"), (&held, "supplier"), (&complained, "particles")]
        {
            let now = lot(batch);
            assert!(now["questioned"]["because"].to_string().contains(word), "{now}");
            assert_eq!((&now["blocked"], &now["may_ship"]), (&json!(false), &json!(true)), "{now}");
            answers(batch, qadir, "stands").refused(409, "only-withdrawal");
        }
        settled(&complained);
        answers(&complained, qadir, "stands").done();
        assert_eq!(lot(&complained)["questioned"], Value::Null);
    });
}

// shows: P11-10b.f, F11.c, T30.a
// finding: P9
#[test]
fn an_older_rendition_is_marked_superseded_once_a_newer_one_is_issued() {
    on_each(|world| {
        let quella = world.person("quella");
        let batch = released(world, "REND-1");
        quella.post(&batch.path("reports"), &json!({})).done();
        let only = quella.get(&batch.path("reports")).done();
        assert_eq!(only["renditions"][0]["superseded_by"], Value::Null, "{only}");
        event(&batch, "a leak");
        quella.post(&batch.path("reports"), &json!({})).done();
        let both = quella.get(&batch.path("reports")).done();
        assert_eq!(both["renditions"][0]["superseded_by"], 2, "{both}");
        assert_eq!(both["renditions"][1]["superseded_by"], Value::Null, "{both}");
    });
}
