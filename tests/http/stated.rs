//! Times that people state, corrections that say something, struck entries, filters that are known.

use crate::house::batch::Batch;
use crate::house::client::{Answer, Persona, With};
use crate::house::recipes::{self, changed, step};
use crate::house::world::{World, on_each, on_one};
use crate::typed::{correct, owed, weight};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const STIR: &str = "OP-01~1/01.2~1";
const PH: &str = "OP-02~1/02.1~1";
const FILL: &str = "OP-02~1/02.2~1";

fn strike(batch: &Batch<'_>, who: &Persona, at: &str, entry: &str, reason: &str) -> Answer {
    let version = With::version(&batch.entry_etag(at, entry));
    let path = batch.step(at, &format!("entries/{entry}/striking"));
    who.post_with(&path, &json!({ "reason": reason }), &version)
}

fn check(batch: &Batch<'_>, who: &Persona, at: &str, entry: &str) -> Answer {
    let version = With::version(&batch.entry_etag(at, entry));
    who.post_with(&batch.step(at, &format!("entries/{entry}/checks")), &json!({}), &version)
}

// shows: C211-100b.b, F7.b, T10.a
// finding: A5
#[test]
fn a_stated_time_is_judged_as_performed_at_is_and_no_slip_is_a_way_round() {
    on_each(|world| {
        let batch = Batch::issued(world, "A5-1");
        let olga = world.person("olga");
        batch.adjusted();
        olga.sign(&batch.path("gates/G-FILL/passage"), &json!({})).done();
        batch.start(olga, FILL).done();
        let filled = |at: &str| json!({ "entry": "filled-at", "value": at });
        for ahead in ["2099-01-01T00:00:00Z", "2026-03-04T06:00:00+01:00"] {
            let refused = batch.record(olga, FILL, &filled(ahead));
            assert!(
                refused.body["detail"].to_string().contains("server's clock"),
                "{}",
                refused.text()
            );
            refused.refused(422, "performed-in-the-future");
        }
        let now = world.clock.time();
        let soon = now.plus_minutes(1).to_rfc3339();
        batch.record(olga, FILL, &filled(&soon)).done();
        assert_eq!(batch.exception_kinds(), [""; 0], "two clocks may be two minutes apart");
        let slip = |at: &str| json!({ "value": at, "slip": true });
        let far = slip("2001-01-01T00:00:00Z");
        correct(&batch, olga, FILL, "filled-at", &far).refused(428, "not-a-slip");
        let ahead = json!({ "value": "2099-01-01T00:00:00Z", "reason": "typed wrong" });
        correct(&batch, olga, FILL, "filled-at", &ahead).refused(422, "performed-in-the-future");
        correct(&batch, olga, FILL, "filled-at", &slip(&now.to_rfc3339())).done();
        assert_eq!(owed(&batch, "filled-at/checked/2"), [""; 0], "a minute is a slip");
        let back = json!({ "value": "2001-01-01T00:00:00Z", "reason": "typed wrong" });
        correct(&batch, olga, FILL, "filled-at", &back).done();
        assert_eq!(
            batch.exception_kinds(),
            ["out-of-order", "late-entry"],
            "before its step began"
        );
        assert_eq!(owed(&batch, "filled-at/checked/3"), ["open"]);
        check(&batch, olga, FILL, "filled-at").refused(403, "witness-is-performer");
        check(&batch, world.person("omar"), FILL, "filled-at").done();
        assert_eq!(owed(&batch, "filled-at/checked/3"), ["met"]);
    });
}

// finding: A5
#[test]
fn plans_may_lie_ahead_and_days_are_judged_by_the_sites_calendar() {
    on_one(|world| {
        let entries = json!([
            { "id": "expires", "name": "Expires", "kind": "date", "future": true },
            { "id": "made", "name": "Made by the supplier", "kind": "date", "past": true },
            { "id": "done", "name": "Done on", "kind": "date" },
            { "id": "next", "name": "Next", "kind": "date-time", "future": true },
        ]);
        recipes::effective(
            world,
            &changed("DATES", |document| {
                let list = step(document, "01.2")["entries"].as_array_mut().expect("entries");
                list.extend(entries.as_array().cloned().unwrap_or_default());
            }),
        );
        let batch = Batch::issued_from(world, "DATE-1", "DATES");
        let olga = world.person("olga");
        batch.weighed();
        batch.start(olga, STIR).done();
        let told = |entry: &str, value: &str| {
            batch.record(olga, STIR, &json!({ "entry": entry, "value": value }))
        };
        told("expires", "2026-02-30").refused(422, "malformed");
        told("expires", "1.3.2028").refused(422, "malformed");
        told("expires", "2028-03-01").done();
        told("next", "2027-03-01T08:00:00Z").done();
        told("made", "2099-01-01").refused(422, "performed-in-the-future");
        told("made", "2019-05-06").done();
        assert_eq!(batch.exception_kinds(), [""; 0]);
        told("done", "2026-03-04").refused(422, "performed-in-the-future");
        told("done", "2026-03-01").done();
        assert_eq!(batch.exception_kinds(), ["late-entry"]);
        let same = json!({ "value": " 2026-03-01 ", "reason": "again" });
        correct(&batch, olga, STIR, "done", &same).refused(409, "nothing-changed");
        let slip = json!({ "value": "2026-02-28", "slip": true });
        correct(&batch, olga, STIR, "done", &slip).refused(428, "not-a-slip");
        assert_eq!(batch.entry(Some(STIR), "done")["versions"][0]["shown"], "2026-03-01");
    });
}

// shows: P11-10e3.a
// finding: P11
#[test]
fn an_entry_recorded_in_error_is_struck_stays_readable_and_is_open_again() {
    on_each(|world| {
        let batch = Batch::issued(world, "P11-1");
        let (olga, omar, sven) = (world.person("olga"), world.person("omar"), world.person("sven"));
        batch.weigh("0.300");
        assert_eq!(batch.exception_kinds(), ["out-of-acceptance"]);
        strike(&batch, omar, WEIGH, "weight", "of batch P11-2").refused(403, "authority-missing");
        strike(&batch, olga, WEIGH, "weight", "--").refused(428, "reason-required");
        let path = batch.step(WEIGH, "entries/weight/striking");
        olga.post(&path, &json!({ "reason": "of batch P11-2" })).refused(428, "version-required");
        let told = strike(&batch, olga, WEIGH, "weight", "of batch P11-2").done();
        assert_eq!(told["check_owed"], true);
        let entry = batch.entry(Some(WEIGH), "weight");
        assert_eq!(entry["versions"][0]["shown"], "0.300 kg", "it stays: {entry}");
        assert_eq!(entry["versions"][1]["struck"], true, "{entry}");
        assert_eq!(entry["versions"][1]["reason"], "of batch P11-2");
        assert_eq!(batch.exceptions()[0]["struck"]["by"]["user_name"], "olga");
        assert!(batch.exceptions()[0]["triage"].is_null(), "its exception waits for quality");
        let missing = batch.complete(olga, WEIGH);
        assert!(missing.text().contains("weight"), "{}", missing.text());
        missing.refused(409, "entries-missing");
        let gone = json!({ "value": "0.272", "unit": "kg", "reason": "x1" });
        correct(&batch, olga, WEIGH, "weight", &gone).refused(409, "nothing-recorded");
        strike(&batch, olga, WEIGH, "weight", "again").refused(409, "nothing-recorded");
        assert_eq!(owed(&batch, "weight/struck/2"), ["open"]);
        check(&batch, olga, WEIGH, "weight").refused(403, "witness-is-performer");
        check(&batch, omar, WEIGH, "weight").done();
        assert_eq!(owed(&batch, "weight/struck/2"), ["met"]);
        batch.record(olga, WEIGH, &weight("0.272")).done();
        batch.complete(olga, WEIGH).done();
        batch.check(omar, WEIGH).done();
        // Used since: that stands out, the verification lapses, a supervisor's word needs no further check.
        let told = strike(&batch, sven, WEIGH, "weight", "of another scale").done();
        assert_eq!(told["check_owed"], false);
        assert!(batch.exception_kinds().contains(&"correction".to_owned()));
        assert!(batch.occurrence(WEIGH)["checked"].is_null());
        assert_eq!(owed(&batch, "weight/recorded"), ["open"]);
        batch.wave_through(1).done();
    });
}

// finding: P11
#[test]
fn a_determination_is_never_struck_and_a_struck_lot_stays_a_parent() {
    on_one(|world| {
        let batch = Batch::issued(world, "P11-3");
        let quinn = world.person("quinn");
        batch.filled();
        batch.tested();
        strike(&batch, quinn, FILL, "bioburden", "of another bag").refused(409, "never-struck");
        strike(&batch, world.person("olga"), WEIGH, "lot", "lot of another batch").done();
        let opened = batch.exceptions().pop().expect("an exception");
        assert!(opened["detail"].to_string().contains("NA-2026-01 stays a parent"), "{opened}");
        let again = json!({ "entry": "lot", "value": "NA-2026-02", "reason": "as on the label" });
        batch.record(world.person("olga"), WEIGH, &again).done();
        let sven = world.person("sven");
        let lot = json!({ "number": "P11-3-L1", "material": "Acetate buffer",
            "quantity": { "value": "98", "unit": "L" }, "parents": [] });
        sven.post(&batch.path("lots"), &lot).done();
        let parents = world.person("qadir").get("/lots/P11-3-L1").done()["parents"].to_string();
        assert!(parents.contains("NA-2026-01") && parents.contains("NA-2026-02"), "{parents}");
    });
}

// finding: P12
#[test]
fn a_correction_that_changes_nothing_is_refused_and_one_of_the_digits_is_not() {
    on_one(|world| {
        let batch = Batch::issued(world, "P12-1");
        let olga = world.person("olga");
        batch.weighed();
        batch.start(olga, STIR).done();
        let sent = [
            json!({ "entry": "temperature", "value": "20.0", "unit": "Cel" }),
            json!({ "entry": "remark", "value": "clear at once" }),
        ];
        for body in &sent {
            batch.record(olga, STIR, body).done();
        }
        let fix = |entry: &str, value: &str, unit: Option<&str>, more: Value| {
            let mut body = json!({ "value": value, "reason": "ok" });
            if let Some(unit) = unit {
                body["unit"] = unit.into();
            }
            for (name, value) in more.as_object().expect("members") {
                body[name] = value.clone();
            }
            correct(&batch, olga, STIR, entry, &body)
        };
        fix("temperature", "20.0", Some("Cel"), json!({})).refused(409, "nothing-changed");
        fix("temperature", "20.0", Some("degC"), json!({})).refused(409, "nothing-changed");
        fix("temperature", "20.0", Some("Cel"), json!({ "slip": true }))
            .refused(409, "nothing-changed");
        fix("remark", "  clear at once ", None, json!({})).refused(409, "nothing-changed");
        fix("temperature", "20", Some("Cel"), json!({})).done();
        fix("remark", "Clear at once", None, json!({})).done();
        let choice = json!({ "value": "clear", "reason": "ok" });
        batch.complete(olga, STIR).done();
        batch.close(olga, "OP-01~1").done();
        batch.at_ph();
        correct(&batch, olga, PH, "appearance", &choice).refused(409, "nothing-changed");
        // When it was done may be wrong while the value is right.
        let when = world.clock.time().plus_minutes(-1).to_rfc3339();
        let time = json!({ "value": "clear", "reason": "ok", "performed_at": when });
        correct(&batch, olga, PH, "appearance", &time).done();
        correct(&batch, olga, PH, "appearance", &time).refused(409, "nothing-changed");
    });
}

// shows: T10.a
// finding: P13
#[test]
fn a_time_that_contradicts_its_zone_is_none_wherever_it_is_read() {
    on_one(|world| {
        let batch = Batch::issued(world, "P13-1");
        let (olga, qadir) = (world.person("olga"), world.person("qadir"));
        batch.start(olga, WEIGH).done();
        let two = "2026-03-03T06:00:00+05:00[Europe/Berlin]";
        let mut late = json!({ "entry": "balance", "value": "BAL-07", "performed_at": two });
        batch.record(olga, WEIGH, &late).refused(422, "malformed");
        late["performed_at"] = "2026-03-03T07:00:00+01:00[Europe/Berlin]".into();
        batch.record(olga, WEIGH, &late).done();
        let zone = two.replace('+', "%2B").replace('[', "%5B").replace(']', "%5D");
        qadir.get(&format!("/audit-trail?from={zone}")).refused(422, "malformed");
        batch.record(olga, WEIGH, &json!({ "entry": "lot", "value": "NA-2026-01" })).done();
        batch.record(olga, WEIGH, &weight("0.272")).done();
        batch.complete(olga, WEIGH).done();
        batch.check(world.person("omar"), WEIGH).done();
        batch.stirred(1, "20");
        batch.close(olga, "OP-01~1").done();
        batch.at_ph();
        olga.sign(&batch.path("gates/G-FILL/passage"), &json!({})).done();
        batch.start(olga, FILL).done();
        let filled = json!({ "entry": "filled-at", "value": two });
        batch.record(olga, FILL, &filled).refused(422, "malformed");
        let document = changed("P13", |_| {});
        let (petra, paul) = (world.person("petra"), world.person("paul"));
        petra.post("/masters", &json!({ "content": document })).done();
        let path = recipes::version("P13", 1);
        petra.sign(&format!("{path}/submission"), &json!({})).done();
        paul.sign(&format!("{path}/check"), &json!({})).done();
        let from = json!({ "effective_from": two });
        qadir.sign(&format!("{path}/approval"), &from).refused(422, "malformed");
    });
}

/// A list with a filter that nobody knows.
fn unknown(world: &World, path: &str, names: &str) {
    let answer = world.person(if path.contains("access-log") { "ada" } else { "qadir" }).get(path);
    assert!(answer.text().contains(names), "{path}: {}", answer.text());
    answer.refused(400, "unreadable-request");
}

// finding: P13
#[test]
fn a_filter_with_an_unknown_word_names_the_known_ones() {
    on_one(|world| {
        let batch = Batch::issued(world, "P13-2");
        batch.weigh("0.272");
        for (path, names) in [
            ("/audit-trail?what=run.entry-corected", "entry-corrected"),
            ("/audit-trail?action=runs.", "run."),
            ("/audit-trail?what=xx", "deviation."),
            ("/audit-trail?record_kind=batch", "run"),
            ("/access-log?what=sign-on", "sign-in"),
            ("/access-log?outcome=denied", "refused"),
            ("/batches?phase=started", "running"),
            ("/batches?purpose=trial", "production"),
            ("/lots?disposition=free", "released"),
            ("/lots?class=main", "product"),
            ("/deviations?phase=new", "open"),
            ("/masters?phase=valid", "effective"),
            ("/batches/P13-2/exceptions?kind=oos", "out-of-specification"),
            ("/batches/P13-2/exceptions?severity=bad", "critical"),
        ] {
            unknown(world, path, names);
        }
        let (ada, qadir) = (world.person("ada"), world.person("qadir"));
        for known in ["what=run.", "what=run.entry-corrected", "what=person.locked-out"] {
            qadir.get(&format!("/audit-trail?{known}")).done();
        }
        for known in ["sign-in", "record-entry", "read", "look-over", "restore-site"] {
            ada.get(&format!("/access-log?what={known}")).done();
        }
    });
}
