//! What is typed: attempts, a second look, times that people state, corrections that say something, struck entries,
//! several decisions under one signature.

use crate::house::batch::Batch;
use crate::house::client::{Answer, Persona, With};
use crate::house::recipes::{self, changed, step};
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const STIR: &str = "OP-01~1/01.2~1";
const PH: &str = "OP-02~1/02.1~1";
const FILL: &str = "OP-02~1/02.2~1";

fn weight(value: &str) -> Value {
    json!({ "entry": "weight", "value": value, "unit": "kg" })
}

/// The obligations whose id ends so, by their status.
fn owed(batch: &Batch<'_>, ends: &str) -> Vec<String> {
    let all = batch.world.person("qadir").get(&batch.path("obligations")).done();
    let all = all["obligations"].as_array().cloned().unwrap_or_default();
    let of_it = all.iter().filter(|it| it["id"].as_str().is_some_and(|id| id.ends_with(ends)));
    of_it.map(|it| it["status"].as_str().unwrap_or_default().to_owned()).collect()
}

fn attempts(batch: &Batch<'_>) -> Vec<Value> {
    batch.entry(Some(WEIGH), "weight")["attempts"].as_array().cloned().unwrap_or_default()
}

fn correct(batch: &Batch<'_>, who: &Persona, at: &str, entry: &str, body: &Value) -> Answer {
    let version = With::version(&batch.entry_etag(at, entry));
    who.post_with(&batch.step(at, &format!("entries/{entry}/corrections")), body, &version)
}

fn strike(batch: &Batch<'_>, who: &Persona, at: &str, entry: &str, reason: &str) -> Answer {
    let version = With::version(&batch.entry_etag(at, entry));
    let path = batch.step(at, &format!("entries/{entry}/striking"));
    who.post_with(&path, &json!({ "reason": reason }), &version)
}

fn check(batch: &Batch<'_>, who: &Persona, at: &str, entry: &str) -> Answer {
    let version = With::version(&batch.entry_etag(at, entry));
    who.post_with(&batch.step(at, &format!("entries/{entry}/checks")), &json!({}), &version)
}

// shows: A11D-10a, C211-192a
// finding: A3
#[test]
fn attempts_owe_a_reason_and_a_look_and_the_second_opens_an_exception_that_names_all() {
    on_each(|world| {
        let batch = Batch::issued(world, "A3-1");
        let (olga, omar, sven) = (world.person("olga"), world.person("omar"), world.person("sven"));
        let why = batch.step(WEIGH, "entries/weight/attempts/explanation");
        batch.start(olga, WEIGH).done();
        olga.post(&why, &json!({ "why": "mistyped" })).refused(404, "no-such-part");
        batch.record(olga, WEIGH, &weight("5.1")).done();
        assert_eq!(batch.exception_kinds(), [""; 0], "one is asked about, and opens nothing");
        batch.record(olga, WEIGH, &weight("6.0")).done();
        assert_eq!(batch.exception_kinds(), ["implausible"]);
        batch.record(olga, WEIGH, &weight("99")).done();
        batch.record(olga, WEIGH, &weight("-1")).done();
        assert_eq!(batch.exception_kinds(), ["implausible"], "one exception names them all");
        batch.record(olga, WEIGH, &weight("0.272")).done();
        let detail = batch.exceptions()[0]["detail"].as_str().unwrap_or_default().to_owned();
        for value in ["5.1 kg", "6.0 kg", "99 kg", "-1 kg"] {
            assert!(detail.contains(value), "{value} in {detail}");
        }
        assert_eq!(batch.exceptions()[0]["severity"], "major", "a critical parameter");
        assert_eq!(owed(&batch, "/attempt/1"), ["open"]);
        olga.post(&why, &json!({ "why": "other" })).refused(428, "reason-required");
        olga.post(&why, &json!({ "why": "tired" })).refused(422, "malformed");
        omar.post(&why, &json!({ "why": "mistyped" })).refused(403, "authority-missing");
        olga.post(&why, &json!({ "why": "mistyped", "words": "keys stick" })).done();
        sven.post(&why, &json!({ "why": "misread" })).refused(404, "no-such-part");
        let seen = |no: u64| json!({ "step": WEIGH, "entry": "weight", "no": no });
        let looks = batch.path("second-looks");
        let one = json!({ "against": "printout", "attempts": [seen(1)] });
        omar.post(&looks, &one).refused(428, "signature-required");
        olga.sign(&looks, &one).refused(403, "witness-is-performer");
        let unknown = json!({ "against": "printout", "attempts": [seen(1), seen(9)] });
        let refused = omar.sign(&looks, &unknown);
        assert!(refused.body["detail"].to_string().contains("attempt 9"), "{}", refused.text());
        refused.refused(404, "no-such-part");
        assert!(attempts(&batch)[0]["looked_by"].is_null(), "all or none");
        omar.sign(&looks, &one).done();
        omar.sign(&looks, &one).refused(409, "already-checked");
        assert_eq!(owed(&batch, "/attempt/1"), ["met"]);
        assert_eq!(owed(&batch, "/attempt/2"), ["open"]);
        // The others with the verification of the step.
        batch.record(olga, WEIGH, &json!({ "entry": "lot", "value": "NA-2026-01" })).done();
        batch.record(olga, WEIGH, &json!({ "entry": "balance", "value": "BAL-07" })).done();
        batch.complete(olga, WEIGH).done();
        batch.check(omar, WEIGH).done();
        for no in ["/attempt/2", "/attempt/3", "/attempt/4"] {
            assert_eq!(owed(&batch, no), ["met"], "{no}");
        }
        assert_eq!(attempts(&batch)[1]["looked_by"]["user_name"], "omar");
        assert_eq!(attempts(&batch)[1]["why"], "mistyped");
    });
}

// shows: A11D-10a
// finding: A3
#[test]
fn a_value_that_was_meant_owes_nothing_as_an_attempt_and_a_decided_exception_is_followed_by_another()
 {
    on_one(|world| {
        let batch = Batch::issued(world, "A3-2");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        batch.record(olga, WEIGH, &weight("27.2")).done();
        let mut meant = weight("27.2");
        meant["confirmed"] = true.into();
        batch.record(olga, WEIGH, &meant).done();
        assert_eq!(attempts(&batch)[0]["confirmed"], true);
        assert_eq!(owed(&batch, "/attempt/1"), [""; 0]);
        assert_eq!(batch.exception_kinds(), ["out-of-acceptance", "implausible"]);
        let again = |value: &str| {
            let body = json!({ "value": value, "unit": "kg", "reason": "misread" });
            correct(&batch, olga, WEIGH, "weight", &body).done()
        };
        assert_eq!(again("28.2")["confirmation_asked"], true);
        assert_eq!(batch.exception_kinds().len(), 2, "the first that nobody meant");
        again("29.2");
        assert_eq!(batch.exception_kinds().len(), 3);
        batch.wave_through(3).done();
        again("30.2");
        assert_eq!(batch.exception_kinds().len(), 4, "the first one has been decided");
        let supervisor = batch.step(WEIGH, "entries/weight/attempts/explanation");
        let why = json!({ "why": "instrument" });
        let explained = world.person("sven").post(&supervisor, &why).done();
        assert_eq!(explained["happened"][0]["event"], "run.attempts-explained");
        assert!(attempts(&batch)[1..].iter().all(|it| it["why"] == "instrument"));
    });
}

// shows: C211-110b
// finding: A3
#[test]
fn plausibility_inside_acceptance_is_a_finding_of_a_master_record_and_of_an_amendment() {
    on_one(|world| {
        let petra = world.person("petra");
        for (code, purpose, high) in [
            ("PL-1", "acceptance", "0.276"),
            ("PL-2", "alert", "0.273"),
            ("PL-3", "acceptance", "0.2769"),
        ] {
            let document = changed(code, |document| {
                let limits = &mut step(document, "01.1")["entries"][2]["limits"];
                limits[2]["high"]["value"] = high.into();
            });
            let version = petra.post("/masters", &json!({ "content": document })).done();
            let path = recipes::version(code, version["version"].as_u64().expect("a version"));
            let refused = petra.sign(&format!("{path}/submission"), &json!({}));
            assert!(refused.text().contains("does not enclose"), "{}", refused.text());
            assert!(refused.text().contains(purpose), "{}", refused.text());
            assert!(refused.status >= 400);
        }
        let batch = Batch::issued(world, "PL-A");
        let mut entry = step(&mut recipes::buffer(), "01.1")["entries"][2].clone();
        entry["limits"][2]["high"]["value"] = "0.275".into();
        let change = json!({ "change": { "kind": "entry", "step": "01.1", "entry": entry },
            "reason": "tighter", "assessment": "none" });
        let refused = world.person("sven").sign(&batch.path("amendments"), &change);
        assert!(refused.text().contains("does not enclose"), "{}", refused.text());
        refused.refused(409, "amendment-findings");
    });
}

// shows: C211-68b2
#[test]
fn a_typed_critical_value_owes_a_second_look_until_review_and_blocks_no_work() {
    on_each(|world| {
        let batch = Batch::issued(world, "LOOK-1");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.weighed();
        assert_eq!(owed(&batch, "weight/second-look/1"), ["met"], "verified with its step");
        batch.stirred(1, "20");
        assert_eq!(owed(&batch, "temperature/second-look/1"), [""; 0], "it is not critical");
        batch.close(olga, "OP-01~1").done();
        batch.start(olga, PH).done();
        batch.record(olga, PH, &json!({ "entry": "ph", "value": "5.30", "unit": "[pH]" })).done();
        batch.record(olga, PH, &json!({ "entry": "appearance", "value": "clear" })).done();
        batch.complete(olga, PH).done();
        olga.sign(&batch.path("gates/G-FILL/passage"), &json!({})).done();
        batch.fill(olga);
        batch.tested();
        batch.completed();
        assert_eq!(owed(&batch, "ph/second-look/1"), ["open"]);
        let refused = batch.review(world.person("qadir"));
        assert!(refused.text().contains("ph/second-look/1"), "{}", refused.text());
        refused.refused(409, "obligations-open");
        let waiting = omar.get(&batch.path("second-looks")).done();
        assert_eq!(waiting["values"][0]["entry"], "ph", "{waiting}");
        let seen = |version: u64| json!({ "step": PH, "entry": "ph", "version": version });
        let path = batch.path("second-looks");
        let looks = |version| json!({ "against": "photograph", "values": [seen(version)] });
        omar.sign(&path, &json!({ "values": [seen(1)] })).refused(422, "malformed");
        let odd = json!({ "against": "memory", "values": [seen(1)] });
        omar.sign(&path, &odd).refused(422, "malformed");
        omar.sign(&path, &json!({ "against": "seen" })).refused(422, "malformed");
        olga.sign(&path, &looks(1)).refused(403, "witness-is-performer");
        omar.sign(&path, &looks(2)).refused(412, "stale-version");
        omar.sign(&path, &looks(1)).done();
        assert_eq!(owed(&batch, "ph/second-look/1"), ["met"]);
        let version = &batch.entry(Some(PH), "ph")["versions"][0];
        assert_eq!(version["looked_against"], "photograph", "{version}");
        // A correction of a covered value owes its look anew.
        let body = json!({ "value": "5.31", "unit": "[pH]", "reason": "misread" });
        correct(&batch, olga, PH, "ph", &body).done();
        assert_eq!(owed(&batch, "ph/second-look/2"), ["open"]);
        omar.sign(&path, &looks(1)).refused(412, "stale-version");
        omar.sign(&path, &looks(2)).done();
        assert_eq!(owed(&batch, "ph/second-look/2"), ["met"]);
        assert_eq!(
            owed(&batch, "ph/checked/2"),
            ["met"],
            "a look is the check of a correction, too"
        );
        batch.wave_through(1).done();
        batch.review(world.person("qadir")).done();
    });
}

// shows: C211-68b2
#[test]
fn the_master_record_says_where_none_is_owed_and_which_gate_waits() {
    on_one(|world| {
        let of = |code: &str, asked: Value| {
            changed(code, |document| {
                step(document, "02.1")["entries"][0]["second_look"] = asked.clone();
            })
        };
        let petra = world.person("petra");
        for (code, asked, says) in [
            ("SL-1", json!({ "none": " " }), "say why"),
            ("SL-2", json!({ "none": "by the DCS", "gates": ["G-FILL"] }), "nothing can wait"),
            ("SL-3", json!({ "gates": ["G-NOWHERE"] }), "no gate G-NOWHERE"),
        ] {
            let version = petra.post("/masters", &json!({ "content": of(code, asked) })).done();
            let path = recipes::version(code, version["version"].as_u64().expect("a version"));
            let refused = petra.sign(&format!("{path}/submission"), &json!({}));
            assert!(refused.status >= 400 && refused.text().contains(says), "{}", refused.text());
        }
        recipes::effective(world, &of("SL-NONE", json!({ "none": "read back by the DCS" })));
        recipes::effective(world, &of("SL-GATE", json!({ "gates": ["G-FILL"] })));
        let at_ph = |number: &str, code: &str| {
            let batch = Batch::issued_from(world, number, code);
            let olga = world.person("olga");
            batch.dissolved();
            batch.start(olga, PH).done();
            let ph = json!({ "entry": "ph", "value": "5.30", "unit": "[pH]" });
            batch.record(olga, PH, &ph).done();
            batch.record(olga, PH, &json!({ "entry": "appearance", "value": "clear" })).done();
            batch.complete(olga, PH).done();
            batch
        };
        let none = at_ph("SLN-1", "SL-NONE");
        assert_eq!(owed(&none, "ph/second-look/1"), [""; 0]);
        assert_eq!(none.entry(Some(PH), "ph")["second_look"], "read back by the DCS");
        let gate = at_ph("SLG-1", "SL-GATE");
        let passage = gate.path("gates/G-FILL/passage");
        let refused = world.person("olga").sign(&passage, &json!({}));
        assert!(refused.text().contains("second look"), "{}", refused.text());
        refused.refused(409, "gate-closed");
        gate.look(world.person("omar"), PH).done();
        world.person("olga").sign(&passage, &json!({})).done();
    });
}

// shows: P11-50a, P11-70
// finding: N22
#[test]
fn several_exceptions_are_decided_under_one_signature_that_lists_them_all_or_none() {
    on_each(|world| {
        let batch = Batch::issued(world, "N22-1");
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        batch.weighed();
        for (k, temperature) in [(1, "16"), (2, "24"), (3, "16.5")] {
            batch.stirred(k, temperature);
        }
        assert_eq!(batch.exception_kinds(), ["out-of-control"; 3]);
        let path = batch.path("exceptions/triage");
        let decide = |all: &[(u64, &str)]| {
            let one = |(no, why): &(u64, &str)| json!({ "exception": no, "rationale": why });
            json!({ "decisions": all.iter().map(one).collect::<Vec<_>>() })
        };
        let signatures = || qadir.get(&batch.path("audit-trail")).done();
        qadir.post(&path, &decide(&[(1, "brief")])).refused(428, "signature-required");
        qadir.sign(&path, &decide(&[])).refused(422, "malformed");
        for (bad, status, code) in [
            (decide(&[(1, "brief"), (9, "brief")]), 404, "no-such-part"),
            (decide(&[(1, "brief"), (1, "again")]), 409, "already-triaged"),
            (decide(&[(1, "brief"), (2, " ")]), 428, "reason-required"),
        ] {
            let refused = qadir.sign(&path, &bad);
            assert!(
                refused.body["detail"].to_string().contains("exception "),
                "{}",
                refused.text()
            );
            refused.refused(status, code);
        }
        assert!(batch.exceptions().iter().all(|it| it["triage"].is_null()), "all or none");
        let all = decide(&[(1, "brief"), (2, "within study 7"), (3, "brief")]);
        let told = qadir.sign(&path, &all).done();
        let events = told["happened"].as_array().cloned().unwrap_or_default();
        assert_eq!(events.len(), 3, "{told}");
        let rationale = |no: usize| batch.exceptions()[no]["triage"]["rationale"].clone();
        assert_eq!((rationale(0), rationale(1)), (json!("brief"), json!("within study 7")));
        let lines = signatures()["entries"].as_array().cloned().unwrap_or_default();
        let signed: Vec<_> = lines
            .iter()
            .filter(|line| line["event"] == "run.exception-not-deviation")
            .map(|line| line["signatures"][0]["user_name"].clone())
            .collect();
        assert_eq!(signed, vec![json!("qadir"); 3], "each entry carries the signature");
        quella.sign(&path, &decide(&[(2, "brief")])).refused(409, "already-triaged");
    });
}

// shows: P11-50a
// finding: N22
#[test]
fn several_checks_are_one_act_and_several_exceptions_join_one_deviation() {
    on_one(|world| {
        let batch = Batch::issued(world, "N22-2");
        let (olga, omar, qadir) =
            (world.person("olga"), world.person("omar"), world.person("qadir"));
        batch.weigh("0.271");
        let fixes = [
            ("weight", json!({ "value": "0.272", "unit": "kg", "reason": "misread" })),
            ("balance", json!({ "value": "BAL-08", "reason": "other one" })),
        ];
        for (entry, body) in &fixes {
            correct(&batch, olga, WEIGH, entry, body).done();
        }
        let seen = |entry: &str, version: u64| json!({ "step": WEIGH, "entry": entry, "version": version, "against": "device-record" });
        let body = json!({ "against": "seen", "values": [seen("weight", 2), seen("balance", 2)] });
        let told = omar.sign(&batch.path("second-looks"), &body).done();
        assert_eq!(told["happened"].as_array().map(Vec::len), Some(2), "{told}");
        for entry in ["weight", "balance"] {
            let version = &batch.entry(Some(WEIGH), entry)["versions"][1];
            assert_eq!(version["checked_by"]["user_name"], "omar", "{version}");
            assert_eq!(version["looked_against"], "device-record", "{version}");
        }
        batch.complete(olga, WEIGH).done();
        batch.check(omar, WEIGH).done();
        batch.stirred(1, "16");
        batch.stirred(2, "24");
        assert_eq!(batch.exception_kinds(), ["out-of-control"; 2]);
        let wrong = json!({ "outcome": "not-a-deviation", "rationale": "brief", "with": [2] });
        qadir.sign(&batch.path("exceptions/1/triage"), &wrong).refused(422, "malformed");
        let both = json!({ "outcome": "deviation", "title": "Cold and warm", "class": "minor", "with": [2] });
        let told = qadir.sign(&batch.path("exceptions/1/triage"), &both).done();
        let number = told["deviation"].clone();
        assert!(batch.exceptions().iter().all(|it| it["triage"]["deviation"] == number));
    });
}

// shows: F7, C211-100b, T10
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

// shows: F7, C211-100b
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

// shows: P11-10e3
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

// shows: P11-10e3, C211-194a
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

// shows: P11-10e3
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

// shows: T10
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

// shows: P11-10f, A11D-12.2
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
