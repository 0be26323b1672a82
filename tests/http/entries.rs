//! Values: stored first, then judged; corrected in the open; nothing is overwritten.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::{on_each, on_one};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const PH: &str = "OP-02~1/02.1~1";

// shows: F4.a, F4.b, T8.a
#[test]
fn an_out_of_limit_value_is_stored_and_judged_and_its_exception_outlives_the_correction() {
    on_each(|world| {
        let batch = Batch::issued(world, "OOL-1");
        let olga = world.person("olga");
        batch.weigh("0.300");
        assert_eq!(batch.exception_kinds(), ["out-of-acceptance"]);
        let entry = batch.entry(Some(WEIGH), "weight");
        let verdicts = entry["versions"][0]["verdicts"].as_array().unwrap();
        let acceptance = verdicts.iter().find(|v| v["purpose"] == "acceptance").unwrap();
        assert_eq!(acceptance["side"], "above", "{entry}");
        batch.wave_through(1).refused(409, "must-be-a-deviation");
        let path = batch.step(WEIGH, "entries/weight/corrections");
        let body =
            json!({ "value": "0.272", "unit": "kg", "reason": "misread: 0.272 on the printout" });
        let version = With::version(&batch.entry_etag(WEIGH, "weight"));
        olga.post_with(&path, &body, &version).done();
        let entry = batch.entry(Some(WEIGH), "weight");
        assert_eq!(entry["versions"].as_array().unwrap().len(), 2);
        assert!(entry["versions"][0]["raw"].as_str().unwrap().contains("0.300"), "{entry}");
        assert!(batch.exception_kinds().contains(&"out-of-acceptance".to_owned()));
        batch.wave_through(1).done();
    });
}

// shows: P11-10e3.a, Q7-6.1.b, A11-09.a, A11D-12.2.b, CH4-08.b, MHRA-2.a, F14.a, T9.a
#[test]
fn a_correction_needs_a_reason_and_keeps_what_it_corrects() {
    on_each(|world| {
        let batch = Batch::issued(world, "CORR-1");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let path = batch.step(WEIGH, "entries/weight/corrections");
        let body = json!({ "value": "0.271", "unit": "kg" });
        batch.start(olga, WEIGH).done();
        olga.post(&path, &body).refused(409, "nothing-recorded");
        let weight = json!({ "entry": "weight", "value": "0.272", "unit": "kg" });
        batch.record(olga, WEIGH, &weight).done();
        let first = batch.entry_etag(WEIGH, "weight");
        olga.post(&path, &body).refused(428, "version-required");
        olga.post_with(&path, &body, &With::version(&first)).refused(428, "reason-required");
        olga.post_with(&path, &body, &With::version("\"1\"")).refused(412, "stale-version");
        olga.post_with(&path, &body, &With::version("*")).refused(400, "unreadable-request");
        world.minutes(3);
        let slip = json!({ "value": "0.271", "unit": "kg", "slip": true });
        olga.post_with(&path, &slip, &With::version(&first)).refused(428, "not-a-slip");
        let why = json!({ "value": "0.271", "unit": "kg", "reason": "digits swapped" });
        let answer = olga.post_with(&path, &why, &With::version(&first));
        let etag = answer.header("etag").to_owned();
        answer.done();
        assert_eq!(etag, batch.entry_etag(WEIGH, "weight"), "the answer carries the new version");
        olga.post_with(&path, &why, &With::version(&first)).refused(412, "stale-version");
        let entry = batch.entry(Some(WEIGH), "weight");
        assert_eq!(entry["versions"][0]["shown"], "0.272 kg");
        assert_eq!(entry["versions"][1]["shown"], "0.271 kg");
        assert_eq!(entry["versions"][1]["reason"], "digits swapped");
        assert_eq!(entry["versions"][1]["check_owed"], true, "version 2 owes a new check");
        let checks = batch.step(WEIGH, "entries/weight/checks");
        olga.post_with(&checks, &json!({}), &With::version(&etag))
            .refused(403, "witness-is-performer");
        omar.post_with(&checks, &json!({}), &With::version(&first)).refused(412, "stale-version");
        omar.post_with(&checks, &json!({}), &With::version(&etag)).done();
        let again = omar.post_with(&checks, &json!({}), &With::version(&etag));
        again.refused(409, "already-checked");
        let entry = batch.entry(Some(WEIGH), "weight");
        assert_eq!(entry["versions"][1]["checked_by"]["user_name"], "omar");
    });
}

// shows: P11-10e3.a
#[test]
fn a_slip_within_a_minute_has_one_coded_reason() {
    on_one(|world| {
        let batch = Batch::issued(world, "SLIP-1");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        let weight = json!({ "entry": "weight", "value": "0.273", "unit": "kg" });
        batch.record(olga, WEIGH, &weight).done();
        let slip = json!({ "value": "0.272", "unit": "kg", "slip": true });
        let version = With::version(&batch.entry_etag(WEIGH, "weight"));
        olga.post_with(&batch.step(WEIGH, "entries/weight/corrections"), &slip, &version).done();
        let entry = batch.entry(Some(WEIGH), "weight");
        assert_eq!(entry["versions"][1]["slip"], true);
        assert_eq!(entry["versions"].as_array().unwrap().len(), 2);
    });
}

// shows: P11-10e3.a, P11-70.c, A11D-13.8.a, T7.a
#[test]
fn a_correction_after_the_check_makes_the_check_lapse_and_lists_what_relied_on_it() {
    on_each(|world| {
        let batch = Batch::issued(world, "LAPSE-1");
        let olga = world.person("olga");
        batch.weighed();
        let body = json!({ "value": "0.271", "unit": "kg", "reason": "tare forgotten" });
        let version = With::version(&batch.entry_etag(WEIGH, "weight"));
        olga.post_with(&batch.step(WEIGH, "entries/weight/corrections"), &body, &version).done();
        let step = batch.occurrence(WEIGH);
        assert!(step["checked"].is_null(), "{step}");
        let entry = batch.entry(Some(WEIGH), "weight");
        assert!(!entry["versions"][1]["superseded_uses"].as_array().unwrap().is_empty(), "{entry}");
        assert!(batch.exception_kinds().contains(&"correction".to_owned()));
        batch.check(world.person("omar"), WEIGH).done();
    });
}

// shows: C211-100b.b, F7.a, F7.b
#[test]
fn a_time_in_the_future_is_refused_and_a_late_entry_owes_reason_and_checker() {
    on_each(|world| {
        let batch = Batch::issued(world, "LATE-1");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        let at = |when: &str, entry: &str, reason: Option<&str>| json!({ "entry": entry, "value": "BAL-1", "performed_at": when, "reason": reason });
        let future = at("2026-03-04T06:00:00Z", "balance", None);
        batch.record(olga, WEIGH, &future).refused(422, "performed-in-the-future");
        let broken = at("yesterday", "balance", None);
        batch.record(olga, WEIGH, &broken).refused(422, "malformed");
        world.minutes(60);
        batch.record(olga, WEIGH, &at("2026-03-03T06:01:00Z", "balance", None)).done();
        assert_eq!(batch.exception_kinds(), ["late-entry"]);
        let owed = world.person("qadir").get(&batch.path("obligations")).done();
        let open = owed["open"].to_string() + &owed["obligations"].to_string();
        assert!(open.contains("late-reason"), "the reason is owed: {open}");
        let version = &batch.entry(Some(WEIGH), "balance")["versions"][0];
        assert_eq!(version["performed_at"], "2026-03-03T06:01:00.000000Z", "{version}");
        assert_ne!(version["at"], version["performed_at"], "recorded is not performed");
    });
}

// shows: MHRA-4.a, MHRA-4.b
#[test]
fn recording_for_somebody_else_names_both() {
    on_one(|world| {
        let batch = Batch::issued(world, "SCRIBE-1");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        let by = |who: &str| json!({ "entry": "balance", "value": "BAL-1", "basis": { "kind": "scribe", "performed_by": who } });
        batch.record(olga, WEIGH, &by("olga")).refused(422, "performer-unknown");
        batch.record(olga, WEIGH, &by("nobody")).refused(422, "performer-unknown");
        batch.record(olga, WEIGH, &by("omar")).done();
        assert_eq!(batch.exception_kinds(), ["on-behalf"]);
        batch.record(olga, WEIGH, &json!({ "entry": "lot", "value": "NA-1" })).done();
        let weight = json!({ "entry": "weight", "value": "0.272", "unit": "kg" });
        batch.record(olga, WEIGH, &weight).done();
        batch.complete(olga, WEIGH).done();
        // Omar did part of it: he cannot verify it.
        batch.check(world.person("omar"), WEIGH).refused(403, "witness-is-performer");
    });
}

// shows: F9.a
#[test]
fn a_scribe_makes_nobody_of_quality_a_participant() {
    on_each(|world| {
        let batch = Batch::issued(world, "SCRIBE-2");
        let (olga, qadir) = (world.person("olga"), world.person("qadir"));
        let omar = json!({ "reason": "left" });
        world.person("ada").post("/persons/omar/deactivation", &omar).done();
        batch.start(olga, WEIGH).done();
        for (entry, value, who) in
            [("balance", "BAL-1", "qadir"), ("lot", "NA-1", "ada"), ("weight", "0.272", "omar")]
        {
            let unit = if entry == "weight" { json!("kg") } else { Value::Null };
            let said = json!({ "entry": entry, "value": value, "unit": unit,
                "basis": { "kind": "scribe", "performed_by": who } });
            let answer = batch.record(olga, WEIGH, &said).done();
            assert_eq!(answer["check_owed"], true, "{answer}");
            let first = &answer["exceptions"][0];
            assert_eq!(
                (&first["kind"], &first["severity"]),
                (&json!("unqualified"), &json!("major"))
            );
            assert!(first["detail"].as_str().is_some_and(|text| text.contains(who)), "{first}");
        }
        // Olga took part, and nobody whom she named.
        let run = qadir.get(&format!("/batches/{}", batch.number)).done();
        assert!(run.to_string().contains("\"participants_count\":2"), "{run}");
        batch.wave_through(1).done();
    });
}

// shows: P11-10e2.a, C211-100b.a, Q7-6.1.a, CH4-08.a, T10.a
#[test]
fn time_and_author_come_from_the_server() {
    on_each(|world| {
        let batch = Batch::issued(world, "CLOCK-1");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        for (member, value) in [
            ("created_at", "2020-01-01T00:00:00Z"),
            ("user", "omar"),
            ("at", "2020-01-01T00:00:00Z"),
        ] {
            let mut body = json!({ "entry": "balance", "value": "BAL-1" });
            body[member] = value.into();
            batch.record(olga, WEIGH, &body).refused(422, "malformed");
        }
        batch.record(olga, WEIGH, &json!({ "entry": "balance", "value": "BAL-1" })).done();
        let version = &batch.entry(Some(WEIGH), "balance")["versions"][0];
        assert_eq!(version["by"]["user_name"], "olga");
        assert!(version["at"].as_str().unwrap().starts_with("2026-03-03T06:"), "{version}");
        assert!(version["at"].as_str().unwrap().ends_with('Z'), "{version}");
    });
}

// shows: P11-10e3.a, T9.a
#[test]
fn a_second_first_value_overwrites_nothing() {
    on_each(|world| {
        let batch = Batch::issued(world, "TWICE-1");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.start(olga, WEIGH).done();
        batch.record(olga, WEIGH, &json!({ "entry": "balance", "value": "BAL-1" })).done();
        let second = json!({ "entry": "balance", "value": "BAL-99" });
        batch.record(omar, WEIGH, &second).refused(409, "already-recorded");
        let log = world.person("ada").get("/access-log?who=omar&outcome=refused").done();
        let row =
            log["entries"].as_array().unwrap().iter().find(|r| r["code"] == "already-recorded");
        let row = row.unwrap_or_else(|| panic!("the refused attempt is kept: {log}"));
        assert!(row.to_string().contains("BAL-99"), "with the value that was sent: {row}");
    });
}

// shows: A11D-10a.a
#[test]
fn an_implausible_value_is_kept_and_asked_again() {
    on_each(|world| {
        let batch = Batch::issued(world, "PLAUS-1");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        let body = json!({ "entry": "weight", "value": "27.2", "unit": "kg", "confirmed": true });
        let answer = batch.record(olga, WEIGH, &body).done();
        assert_eq!(answer["confirmation_asked"], true, "nobody had asked yet: {answer}");
        let entry = batch.entry(Some(WEIGH), "weight");
        assert_eq!(entry["versions"], json!([]));
        assert_eq!(entry["attempts"].as_array().unwrap().len(), 1);
        batch.record(olga, WEIGH, &body).done();
        let entry = batch.entry(Some(WEIGH), "weight");
        assert_eq!(entry["versions"].as_array().unwrap().len(), 1, "{entry}");
        assert_eq!(entry["attempts"].as_array().unwrap().len(), 1, "{entry}");
        let kinds = batch.exception_kinds();
        assert!(kinds.contains(&"implausible".to_owned()), "{kinds:?}");
        let path = batch.step(WEIGH, "entries/weight/corrections");
        let body = json!({ "value": "28.2", "unit": "kg", "reason": "misread", "confirmed": true });
        let version = With::version(&batch.entry_etag(WEIGH, "weight"));
        let answer = olga.post_with(&path, &body, &version).done();
        assert_eq!(answer["confirmation_asked"], true, "a correction is asked too: {answer}");
        olga.post_with(&path, &body, &version).done();
        let entry = batch.entry(Some(WEIGH), "weight");
        assert_eq!(entry["versions"].as_array().unwrap().len(), 2, "{entry}");
        assert_eq!(entry["attempts"].as_array().unwrap().len(), 2, "{entry}");
    });
}

// shows: C211-100b.c, F13.b, T20.a
#[test]
fn not_applicable_not_performed_and_not_available_differ() {
    on_each(|world| {
        let batch = Batch::issued(world, "ABSENT-1");
        let (olga, sven) = (world.person("olga"), world.person("sven"));
        let why = |absence: &str| json!({ "absence": absence, "reason": "printer broken" });
        let balance = batch.step(WEIGH, "entries/balance/absence");
        olga.post(&balance, &why("not-applicable")).refused(409, "step-not-started");
        batch.start(olga, WEIGH).done();
        sven.post(&balance, &why("not-applicable")).refused(428, "signature-required");
        olga.sign(&balance, &json!({ "absence": "not-applicable", "reason": "" }))
            .refused(428, "reason-required");
        olga.sign(&balance, &why("left-out")).refused(422, "malformed");
        olga.sign(&balance, &why("not-applicable")).refused(428, "supervisor-required");
        olga.sign_seconded(&balance, &why("not-applicable"), sven).done();
        assert_eq!(batch.exceptions()[0]["severity"], "minor", "{:?}", batch.exceptions());
        assert_eq!(batch.exceptions()[0]["effect"], "continue");
        olga.sign(&balance, &why("not-applicable")).refused(409, "already-recorded");
        let lot = batch.step(WEIGH, "entries/lot/absence");
        olga.sign(&lot, &why("not-available")).refused(428, "supervisor-required");
        olga.sign_seconded(&lot, &why("not-available"), sven).done();
        let weight = batch.step(WEIGH, "entries/weight/absence");
        sven.sign(&weight, &why("not-performed")).done();
        assert_eq!(batch.exception_kinds(), ["not-performed"; 3]);
        for (entry, word) in
            [("balance", "not-applicable"), ("lot", "not-available"), ("weight", "not-performed")]
        {
            let view = batch.entry(Some(WEIGH), entry);
            assert_eq!(view["versions"][0]["absence"], word, "{view}");
        }
        batch.complete(olga, WEIGH).done();
        let path = batch.step("OP-01~1/01.2~1", "entries/remark/absence");
        batch.start(olga, "OP-01~1/01.2~1").done();
        olga.post(&path, &why("not-applicable")).done();
    });
}

// shows: Q7-8.36.a, Q7-8.36.b
#[test]
fn the_way_to_a_target_is_kept_and_only_the_declared_reading_is_judged() {
    on_each(|world| {
        let batch = Batch::issued(world, "TITRATE-1");
        let olga = world.person("olga");
        batch.dissolved();
        batch.start(olga, PH).done();
        let trail = batch.step(PH, "entries/ph/trail");
        for (kind, value, unit) in
            [("reading", "6.81", "[pH]"), ("addition", "120", "mL"), ("reading", "5.33", "[pH]")]
        {
            olga.post(&trail, &json!({ "kind": kind, "value": value, "unit": unit })).done();
        }
        olga.post(&trail, &json!({ "kind": "guess", "value": "1", "unit": "mL" }))
            .refused(422, "malformed");
        batch.record(olga, PH, &json!({ "entry": "ph", "value": "5.31", "unit": "[pH]" })).done();
        assert_eq!(batch.exception_kinds(), Vec::<String>::new(), "no false alarm");
        let entry = batch.entry(Some(PH), "ph");
        assert_eq!(entry["trail"].as_array().unwrap().len(), 3);
        assert_eq!(entry["versions"].as_array().unwrap().len(), 1);
    });
}

// shows: A11-05.b, DI-Q1b.a
#[test]
fn what_cannot_be_read_is_refused_and_what_is_written_is_kept_as_written() {
    on_each(|world| {
        let batch = Batch::issued(world, "RAW-1");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        for value in [json!("0,272"), json!("abc"), json!(true), json!(null)] {
            let body = json!({ "entry": "weight", "value": value, "unit": "kg" });
            batch.record(olga, WEIGH, &body).refused(422, "malformed");
        }
        for unit in [json!("furlong"), json!("Cel"), json!(null)] {
            let body = json!({ "entry": "weight", "value": "0.272", "unit": unit });
            batch.record(olga, WEIGH, &body).refused(422, "malformed");
        }
        let weight = json!({ "entry": "weight", "value": "0.2720", "unit": "kg" });
        batch.record(olga, WEIGH, &weight).done();
        let entry = batch.entry(Some(WEIGH), "weight");
        assert!(entry["versions"][0]["shown"].as_str().unwrap().contains("0.2720"), "{entry}");
        batch
            .record(olga, WEIGH, &json!({ "entry": "colour", "value": "blue" }))
            .refused(404, "occurrence-unknown");
    });
}

// shows: A11D-08.a
#[test]
fn an_alert_is_acknowledged_with_a_comment() {
    on_each(|world| {
        let batch = Batch::issued(world, "ALERT-1");
        let olga = world.person("olga");
        batch.weigh("0.269");
        assert_eq!(
            batch.exception_kinds(),
            Vec::<String>::new(),
            "an alert is a flag, no exception"
        );
        let owed = olga.get(&batch.path("obligations")).done();
        assert!(owed.to_string().contains("alerts-acknowledged"), "{owed}");
        let path = batch.path("operations/OP-01~1/alerts-acknowledgement");
        olga.post(&path, &json!({ "comment": "" })).refused(428, "reason-required");
        olga.post(&path, &json!({ "comment": "low, weighed again, same" })).done();
        let other = Batch::issued(world, "ALERT-2");
        other.weigh("0.272");
        let path = other.path("operations/OP-01~1/alerts-acknowledgement");
        olga.post(&path, &json!({ "comment": "none" })).refused(409, "no-alerts");
    });
}
