//! What is typed: attempts, a second look, several decisions under one signature.

use crate::house::batch::Batch;
use crate::house::client::{Answer, Persona, With};
use crate::house::recipes::{self, changed, step};
use crate::house::world::{on_each, on_one};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const PH: &str = "OP-02~1/02.1~1";

pub fn weight(value: &str) -> Value {
    json!({ "entry": "weight", "value": value, "unit": "kg" })
}

/// The obligations whose id ends so, by their status.
pub fn owed(batch: &Batch<'_>, ends: &str) -> Vec<String> {
    let all = batch.world.person("qadir").get(&batch.path("obligations")).done();
    let all = all["obligations"].as_array().cloned().unwrap_or_default();
    let of_it = all.iter().filter(|it| it["id"].as_str().is_some_and(|id| id.ends_with(ends)));
    of_it.map(|it| it["status"].as_str().unwrap_or_default().to_owned()).collect()
}

fn attempts(batch: &Batch<'_>) -> Vec<Value> {
    batch.entry(Some(WEIGH), "weight")["attempts"].as_array().cloned().unwrap_or_default()
}

pub fn correct(batch: &Batch<'_>, who: &Persona, at: &str, entry: &str, body: &Value) -> Answer {
    let version = With::version(&batch.entry_etag(at, entry));
    who.post_with(&batch.step(at, &format!("entries/{entry}/corrections")), body, &version)
}

// shows: A11D-10a.a
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
            let submitted = petra.sign(&format!("{path}/submission"), &json!({}));
            let refused = submitted.refused(422, "master-faulty").to_string();
            assert!(refused.contains("does not enclose") && refused.contains(purpose), "{refused}");
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

// shows: C211-68b2.c, A11-06.a
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

// shows: A11-06.b
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
            let submitted = petra.sign(&format!("{path}/submission"), &json!({}));
            let refused = submitted.refused(422, "master-faulty").to_string();
            assert!(refused.contains(says), "{refused}");
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

// shows: P11-70.a
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
