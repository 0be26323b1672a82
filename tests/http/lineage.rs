//! What went in keeps counting: whoever names it, however it is typed, whatever became of it since.

use crate::after::{answers, event, lot, released, released_from, reviewed_from, settled};
use crate::house::batch::{Batch, lot_of};
use crate::house::client::{Answer, With};
use crate::house::recipes::{changed, effective};
use crate::house::world::on_each;
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

/// Somebody who may record says that this went in too.
fn names(batch: &Batch<'_>, parent: &str) -> Answer {
    let body = json!({ "parent": parent, "reason": "the bottle was found" });
    let path = format!("/lots/{}/parents", lot_of(&batch.number));
    batch.world.person("olga").post(&path, &body)
}

fn because(batch: &Batch<'_>) -> String {
    lot(batch)["questioned"]["because"].to_string()
}

fn is_blocked(batch: &Batch<'_>) -> bool {
    let now = lot(batch);
    assert_eq!(now["blocked"], !now["may_ship"].as_bool().expect("said"), "{now}");
    now["blocked"] == true
}

/// The charged lot of the first step, corrected.
fn charged(batch: &Batch<'_>, number: &str) -> Answer {
    let path = batch.step(WEIGH, "entries/lot/corrections");
    let body = json!({ "value": number, "reason": "the label was read again" });
    let version = With::version(&batch.entry_etag(WEIGH, "lot"));
    batch.world.person("olga").post_with(&path, &body, &version)
}

// shows: C211-192b.e
// finding: P3
#[test]
fn a_lot_of_others_that_nobody_accepted_blocks_what_was_released_and_what_was_made_of_it() {
    on_each(|world| {
        let (first, second) = (released(world, "LIN-1"), released(world, "LIN-2"));
        let child = released_from(world, "LIN-3", &["LIN-1-L1"]);
        names(&first, "BAD-SUPPLIER-9").done();
        assert!(is_blocked(&first) && because(&first).contains("quality has not accepted it"));
        assert!(is_blocked(&child), "downstream too: {}", lot(&child));
        // A sibling: what an entry named is corrected to another number.
        charged(&second, "RECALLED-77").done();
        assert!(is_blocked(&second) && because(&second).contains("RECALLED-77"));
        // Nobody says that it stands as long as it is so; accepted by quality it blocks no more.
        answers(&first, world.person("qadir"), "stands").refused(409, "only-withdrawal");
        first.accept(&["BAD-SUPPLIER-9"]).done();
        assert!(!is_blocked(&first) && because(&first).contains("went into"));
        first.decide_foreign(&["BAD-SUPPLIER-9"], false).done();
        assert!(is_blocked(&first));
    });
}

// finding: P3
#[test]
fn a_refusal_of_a_suppliers_lot_counts_for_every_batch_that_used_it() {
    on_each(|world| {
        let first = released(world, "REF-1");
        let second = reviewed_from(world, "REF-2", &[]);
        second.decide_foreign(&["na-2026-01"], false).done();
        assert!(is_blocked(&first), "{}", lot(&first));
        assert!(because(&first).contains("refused by quality since, for batch REF-2"));
        // What quality says of another supplier's lot of that number takes nothing back.
        decides(&second, "NA-2026-01", "Other Chemicals", true).done();
        let third = reviewed_from(world, "REF-3", &[]);
        decides(&third, "NA-2026-01", "Other Chemicals", false).done();
        assert!(is_blocked(&first), "{}", lot(&first));
        // Whoever released it does not accept it again; decided again by another it leaves a question.
        let body = foreign("NA-2026-01", "Salt works", true);
        let quella = world.person("quella");
        quella.sign(&first.path("foreign-lots"), &body).refused(403, "released-it-themselves");
        first.accept(&["NA-2026-01"]).done();
        assert!(!is_blocked(&first), "{}", lot(&first));
        assert!(because(&first).contains("was accepted by quality"), "{}", lot(&first));
    });
}

fn foreign(number: &str, supplier: &str, accepted: bool) -> Value {
    json!({ "lots": [{ "lot": number, "supplier": supplier, "document": "QC-IN-78" }],
        "accepted": accepted })
}

fn decides(batch: &Batch<'_>, number: &str, supplier: &str, accepted: bool) -> Answer {
    let body = foreign(number, supplier, accepted);
    batch.world.person("qadir").sign(&batch.path("foreign-lots"), &body)
}

// finding: P3
#[test]
fn no_lot_comes_out_under_the_number_of_a_suppliers_lot_that_quality_decided_on() {
    on_each(|world| {
        let first = released(world, "NUM-1");
        let other = Batch::issued(world, "NUM-2");
        other.filled();
        let sven = world.person("sven");
        for number in ["NA-2026-01", "NA-2O26-O1"] {
            let body = json!({ "number": number, "material": "Acetate buffer",
                "quantity": { "value": "98", "unit": "L" }, "parents": [] });
            let said = sven.post(&other.path("lots"), &body);
            let said = said.refused(409, "number-of-a-foreign-lot");
            assert!(said["detail"].to_string().contains("NA-2026-01"), "{said}");
        }
        assert!(!is_blocked(&first), "nobody blocks a lot by a number: {}", lot(&first));
    });
}

// shows: C211-188b3.a
// finding: P3
#[test]
fn an_own_lot_is_found_however_it_is_typed() {
    on_each(|world| {
        let parent = released(world, "ALI-1");
        parent.dispose(world.person("quella"), "withdrawn").done();
        let child = reviewed_from(world, "ALI-2", &[]);
        names(&child, "ALI-1-Ll").done();
        for twin in [
            "ali-1-l1",
            "ALI-1-Ll",
            "ALI-1\u{34f}-L1",
            "ALI-1\u{2800}-L1",
            "ALI-1-L\u{217c}",
            "\u{13aa}LI-1-L1",
        ] {
            child.accept(&[twin]).refused(409, "lot-is-own");
        }
        let view = lot(&child);
        let parents = view["parents"].to_string();
        assert!(parents.contains("is withdrawn") && parents.contains("\"own\":true"), "{view}");
    });
}

// finding: P9
#[test]
fn whoever_released_a_lot_answers_no_question_about_it_by_a_way_round() {
    on_each(|world| {
        let quella = world.person("quella");
        let parent = released(world, "OWN-1");
        let child = released_from(world, "OWN-2", &["OWN-1-L1"]);
        event(&child, "a leak was seen under the tank");
        answers(&child, quella, "stands").refused(403, "released-it-themselves");
        child.dispose(quella, "quarantined").done();
        settled(&child);
        child.dispose(quella, "released").refused(403, "released-it-themselves");
        child.dispose(world.person("qadir"), "released").done();
        assert_eq!(lot(&child)["questioned"], Value::Null);
        // Taking the withdrawn parent away is no way round either, and whoever else does it leaves a question.
        parent.dispose(quella, "withdrawn").done();
        assert!(is_blocked(&child));
        let removal = "/lots/OWN-2-L1/parents/OWN-1-L1/removal";
        let why = json!({ "reason": "the bottle is still full" });
        quella.sign(removal, &why).refused(403, "released-it-themselves");
        world.person("pia").sign(removal, &why).done();
        assert!(!is_blocked(&child) && because(&child).contains("was taken from what went into"));
    });
}

// finding: P9
#[test]
fn what_is_decided_about_a_parent_answers_no_question_about_its_child() {
    on_each(|world| {
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        let parent = released(world, "DWN-1");
        let child = released_from(world, "DWN-2", &["DWN-1-L1"]);
        event(&parent, "a leak was seen under the tank");
        settled(&parent);
        answers(&parent, qadir, "stands").done();
        assert_eq!(lot(&parent)["questioned"], Value::Null);
        assert!(because(&child).contains("leak"), "{}", lot(&child));
        // A fact that comes while the parent is put back is kept as well.
        parent.dispose(quella, "quarantined").done();
        event(&parent, "the leak was larger than said");
        settled(&parent);
        parent.dispose(qadir, "released").done();
        assert!(because(&child).contains("larger"), "{}", lot(&child));
        assert!(because(&child).contains("it went in and was quarantined"), "{}", lot(&child));
        answers(&child, qadir, "stands").done();
        assert_eq!(lot(&child)["questioned"], Value::Null);
    });
}

// finding: P3
#[test]
fn a_circle_that_an_entry_closes_blocks_every_lot_in_it() {
    on_each(|world| {
        let first = released(world, "RND-1");
        let second = released_from(world, "RND-2", &["RND-1-L1"]);
        charged(&first, "RND-2-L1").done();
        for batch in [&first, &second] {
            assert!(is_blocked(batch), "{}", lot(batch));
            assert!(because(batch).contains("is its own ancestor"), "{}", lot(batch));
        }
    });
}

// finding: P9
#[test]
fn a_minor_departure_in_the_process_is_shown_and_blocks_nothing() {
    on_each(|world| {
        let batch = released(world, "MIN-1");
        let at = "OP-01~1/01.2~1";
        let path = batch.step(at, "entries/temperature/corrections");
        let body = json!({ "value": "24.0", "unit": "Cel", "reason": "misread" });
        let version = With::version(&batch.entry_etag(at, "temperature"));
        world.person("olga").post_with(&path, &body, &version).done();
        assert!(!is_blocked(&batch) && because(&batch).contains("24"), "{}", lot(&batch));
    });
}

// shows: C211-188b7.a
// finding: P1
#[test]
fn a_yield_is_owed_by_whatever_makes_a_product_whatever_its_purpose() {
    on_each(|world| {
        let document = changed("BUF-TRIAL", |document| document["purpose"] = "test".into());
        effective(world, &document);
        let batch = Batch::issued_from(world, "TRI-1", "BUF-TRIAL");
        batch.filled();
        let body = json!({ "number": "TRI-1-L1", "material": "Acetate buffer",
            "quantity": { "value": "1", "unit": "L" }, "parents": [] });
        let sven = world.person("sven");
        sven.post(&batch.path("lots"), &body).done();
        let version = With::version(&batch.etag());
        sven.sign_with(&batch.path("completion"), &json!({}), &version).done();
        let owed = sven.get(&batch.path("obligations")).done();
        assert!(owed["open"].to_string().contains("run/yield"), "{owed}");
    });
}

// finding: P9
#[test]
fn a_parent_named_after_the_end_is_an_addendum_and_lapses_the_review() {
    on_each(|world| {
        let batch = released(world, "ADD-1");
        world.person("quella").sign(&batch.path("closure"), &json!({})).done();
        names(&batch, "HCL-3").done();
        let picture = batch.picture();
        assert_eq!(picture["addenda"].as_array().map(Vec::len), Some(1), "{picture}");
        let owed = world.person("qadir").get(&batch.path("obligations")).done();
        assert!(owed["open"].to_string().contains("run/review"), "{owed}");
    });
}

// finding: P9
#[test]
fn an_occurrence_that_a_report_began_after_the_end_can_be_closed() {
    on_each(|world| {
        let batch = released(world, "LATE-1");
        let at = "OP-01~2/01.2~1";
        let body = json!({ "entry": "temperature", "value": "20.0", "unit": "Cel",
            "reason": "found on the printout" });
        batch.record(world.person("olga"), at, &body).done();
        let sven = world.person("sven");
        let reason = json!({ "reason": "entered in the wrong occurrence" });
        for step in [at, "OP-01~2/01.1~1"] {
            sven.sign(&batch.step(step, "not-performed"), &reason).done();
        }
        for exception in batch.exceptions().iter().filter(|open| open["triage"].is_null()) {
            batch.wave_through(exception["no"].as_u64().expect("there")).done();
        }
        batch.close(sven, "OP-01~2").done();
        settled(&batch);
        answers(&batch, world.person("qadir"), "stands").done();
    });
}
