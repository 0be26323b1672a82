//! Looking ahead and back: preflight, handover, what exceptions block, the burden of steps.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::{on_each, on_one};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

/// The rows of a preflight about this act at this place.
fn rows(preflight: &Value, act: &str, place: &str) -> Vec<Value> {
    let all = preflight["foreseen"].as_array().cloned().unwrap_or_default();
    all.into_iter().filter(|row| row["act"] == act && row["place"] == place).collect()
}

// shows: P11-10f.a
#[test]
fn preflight_says_what_is_possible_refused_and_overdue_and_who_could_act() {
    on_each(|world| {
        let issue = json!({ "number": "AHEAD-1", "master": { "code": "BUF-ACETATE" } });
        let issued = world.person("sven").sign("/batches", &issue).done();
        let first = rows(&issued["preflight"], "start", WEIGH);
        assert_eq!(first[0]["sort"], "possible", "shown at issue: {first:?}");
        assert_eq!(first[0]["who_can"], "execute");
        assert_eq!(first[0]["persons"], json!(["olga", "omar", "sara", "sven"]));
        let second = rows(&issued["preflight"], "start", "OP-02~1");
        assert_eq!(
            (&second[0]["sort"], &second[0]["code"]),
            (&json!("refused"), &json!("out-of-order"))
        );

        let batch = Batch { world, number: "AHEAD-1".into() };
        let olga = world.person("olga");
        batch.weigh("0.272");
        batch.complete(olga, WEIGH).done();
        let look = |hours: u32| olga.get(&batch.path(&format!("preflight?hours={hours}"))).done();
        let ahead = look(24);
        let all = ahead["foreseen"].as_array().cloned().unwrap_or_default();
        let late = all.iter().find(|row| row["sort"] == "overdue").expect("a verification due");
        assert_eq!((&late["place"], &late["who_can"]), (&json!(WEIGH), &json!("check")));
        let times: Vec<&str> = all.iter().filter_map(|row| row["at"].as_str()).collect();
        assert!(times.is_sorted(), "in order of time: {times:?}");
        // The same question has the same answer.
        assert_eq!(look(24), ahead);
        // Nothing is done: at that time the limit has run out.
        world.minutes(61);
        let after = look(1);
        let overdue =
            after["foreseen"].as_array().into_iter().flatten().find(|r| r["sort"] == "overdue");
        assert!(overdue.expect("still").to_string().contains("is overdue"), "{after}");
    });
}

#[test]
fn who_took_part_is_not_named_for_what_they_would_be_refused() {
    on_each(|world| {
        let batch = Batch::issued(world, "AHEAD-3");
        let (ada, sven) = (world.person("ada"), world.person("sven"));
        crate::gates::turbid(&batch);
        let now_is = |who: &str, role: &str| {
            let body = json!({ "roles": [{ "role": role }], "reason": "moves" });
            ada.post(&format!("/persons/{who}/grants"), &body).done();
        };
        let closed = || {
            let ahead = sven.get(&batch.path("preflight?hours=1")).done();
            let found = rows(&ahead, "pass", "G-FILL").into_iter();
            found.into_iter().find(|row| row["code"] == "gate-closed").expect("a closed gate")
        };
        assert_eq!(closed()["persons"], json!(["qadir", "quella"]));
        // Olga weighed, and is of quality by now.
        now_is("olga", "qa");
        let row = closed();
        assert_eq!(row["who_can"], "triage", "{row}");
        assert_eq!((&row["persons"], &row["nobody"]), (&json!(["qadir", "quella"]), &Value::Null));
        batch.world.person("olga").sign_in().done();
        let triage = json!({ "outcome": "not-a-deviation", "rationale": "no effect" });
        let refused = world.person("olga").sign(&batch.path("exceptions/1/triage"), &triage);
        assert_eq!(refused.status, 403, "{}", refused.text());
        for who in ["qadir", "quella"] {
            now_is(who, "auditor");
        }
        let row = closed();
        let told = "nobody at this site can: everyone who holds triage took part";
        assert_eq!((&row["persons"], &row["nobody"]), (&json!([]), &json!(told)));
        now_is("olga", "auditor");
        let told = "nobody at this site can: nobody active holds triage here";
        assert_eq!(closed()["nobody"], told);
    });
}

#[test]
fn hours_lie_within_two_weeks_and_only_readers_look_ahead() {
    on_one(|world| {
        let batch = Batch::issued(world, "AHEAD-2");
        let olga = world.person("olga");
        for hours in ["1", "336"] {
            olga.get(&batch.path(&format!("preflight?hours={hours}"))).done();
        }
        for hours in ["0", "337", "-1", "x", "4294967296"] {
            let path = batch.path(&format!("preflight?hours={hours}"));
            olga.get(&path).refused(400, "unreadable-request");
        }
        let ada = world.person("ada");
        ada.get(&batch.path("preflight")).refused(403, "authority-missing");
        ada.get(&batch.path("handover")).refused(403, "authority-missing");
        olga.get("/batches/NONE-1/preflight").refused(404, "not-found");
    });
}

// shows: Q7-8.1.c
#[test]
fn a_handover_is_computed_kept_and_signed_by_two() {
    on_each(|world| {
        let batch = Batch::issued(world, "HAND-1");
        let (olga, omar, qadir) =
            (world.person("olga"), world.person("omar"), world.person("qadir"));
        batch.weigh("0.300");
        let section = |from: &Value, title: &str| -> String {
            let all = from["sections"].as_array().cloned().unwrap_or_default();
            let found = all.into_iter().find(|section| section["title"] == title);
            found.unwrap_or_else(|| panic!("no section {title}: {from}"))["lines"].to_string()
        };
        let shown = omar.get(&batch.path("handover")).done();
        assert!(section(&shown, "open steps").contains("Olga Okafor (olga)"), "{shown}");
        assert!(section(&shown, "open exceptions").contains("exception 1"), "{shown}");
        assert!(section(&shown, "closed gates").contains("G-FILL"), "{shown}");
        assert!(section(&shown, "next eight hours").contains("completing"), "{shown}");
        let (path, body) = (batch.path("handovers"), json!({ "remark": "weighing is out" }));
        olga.post(&path, &body).refused(428, "signature-required");
        olga.sign(&path, &body).refused(428, "second-person-required");
        olga.sign_seconded(&path, &body, olga).refused(403, "second-person-is-the-first");
        olga.sign_seconded(&path, &body, qadir).refused(403, "authority-missing");
        olga.sign_seconded(&path, &body, omar).done();
        let kept = omar.get(&batch.path("handover")).done()["handovers"][0].clone();
        assert_eq!((&kept["no"], &kept["remark"]), (&json!(1), &json!("weighing is out")));
        assert!(section(&kept, "open steps").contains("OP-01~1/01.1~1"));
        let meanings: Vec<_> =
            kept["signed"].as_array().unwrap().iter().map(|s| s["meaning"].clone()).collect();
        assert_eq!(meanings, ["handed over", "took over"]);
    });
}

// shows: Q7-8.1.c
#[test]
fn exceptions_say_what_they_block_now() {
    on_one(|world| {
        let batch = Batch::issued(world, "BLOCK-1");
        let olga = world.person("olga");
        batch.weigh("0.300");
        let list = |query: &str| olga.get(&batch.path(&format!("exceptions{query}"))).done();
        let all = list("");
        let first = &all["exceptions"][0];
        assert_eq!((&first["no"], &first["open"]), (&json!(1), &json!(true)), "{all}");
        assert_eq!(first["gates"], json!(["G-FILL"]), "{all}");
        assert!(first["blocks"].to_string().contains("gate G-FILL stays closed"), "{all}");
        let kind = first["kind"].as_str().unwrap();
        assert_eq!(list(&format!("?kind={kind}&open=true")), all);
        assert_eq!(list("?kind=alarm")["exceptions"], json!([]));
        assert_eq!(list("?open=false")["exceptions"], json!([]));
        for query in ["?kind=xx", "?severity=xx", "?open=perhaps", "?colour=blue"] {
            olga.get(&batch.path(&format!("exceptions{query}"))).refused(400, "unreadable-request");
        }
        // Decided: it blocks nothing that goes on any more.
        let after = |no: u64| {
            batch.wave_through(no);
            list("?open=true")
        };
        if kind != "out-of-specification" && first["severity"] != "critical" {
            assert_eq!(after(1)["exceptions"], json!([]));
        }
    });
}

#[test]
fn burden_is_about_steps_and_names_nobody() {
    on_each(|world| {
        let (olga, petra) = (world.person("olga"), world.person("petra"));
        let path = "/masters/BUF-ACETATE/versions/1";
        let linked = petra.get(path).done()["burden"].as_str().expect("a link").to_owned();
        assert_eq!(petra.get(&linked).done()["batches"], 0);
        let batch = Batch::issued(world, "LOAD-1");
        // Refused: filling comes after adjusting.
        batch.start(olga, "OP-02~1/02.2~1").refused(409, "out-of-order");
        batch.weigh("0.272");
        let etag = batch.entry_etag(WEIGH, "weight");
        let correction = json!({ "value": "0.273", "unit": "kg", "reason": "misread the display" });
        let at = batch.step(WEIGH, "entries/weight/corrections");
        olga.post_with(&at, &correction, &With::version(&etag)).done();
        world.minutes(30);
        batch.complete(olga, WEIGH).done();
        let answer = petra.get(&linked);
        let text = answer.text().to_lowercase();
        let found = answer.done();
        assert_eq!(found["batches"], 1);
        let step = |id: &str| {
            let all = found["steps"].as_array().cloned().unwrap_or_default();
            all.into_iter().find(|step| step["step"] == id).expect("a step of the master record")
        };
        let weigh = step("01.1");
        assert_eq!((&weigh["occurrences"], &weigh["timed"]), (&json!(1), &json!(1)));
        assert!(weigh["longest_seconds"].as_i64() >= Some(1800), "{weigh}");
        assert_eq!(weigh["corrected"], json!({ "n": 1, "of": 3, "rate": "0.333" }));
        assert_eq!(weigh["manual"]["n"], weigh["manual"]["of"], "everything was typed: {weigh}");
        assert_eq!(step("02.2")["refused"], json!({ "n": 1, "of": 1, "rate": "1.000" }));
        for (user_name, printed_name, _) in crate::house::cast::PEOPLE {
            assert!(!text.contains(*user_name), "{user_name} in {text}");
            assert!(!text.contains(&printed_name.to_lowercase()), "{printed_name} in {text}");
        }
        world.person("quinn").get(&linked).done();
        world.person("ada").get(&linked).refused(403, "authority-missing");
        petra.get("/masters/BUF-ACETATE/versions/9/burden").refused(404, "not-found");
    });
}

#[test]
fn what_no_list_hands_out_is_no_cursor_and_an_unknown_word_no_empty_list() {
    on_each(|world| {
        Batch::issued(world, "CURSOR-1");
        Batch::issued(world, "CURSOR-2");
        let (qadir, ada) = (world.person("qadir"), world.person("ada"));
        let lists = ["batches", "masters", "deviations", "persons", "audit-trail", "access-log"];
        for list in lists {
            for cursor in ["%21%21", "rubbish~rubbish~", "-%20-", "~"] {
                let path = format!("/{list}?cursor={cursor}");
                qadir.get(&path).refused(400, "unreadable-request");
            }
        }
        let first = qadir.get("/batches?limit=1").done();
        let next = first["next"].as_str().expect("more");
        let second = qadir.get(&format!("/batches?limit=1&cursor={next}")).done();
        assert_eq!(second["batches"][0]["number"], "CURSOR-1");
        let page = ada.get("/persons?limit=2").done();
        let next = page["next"].as_str().expect("more");
        ada.get(&format!("/persons?limit=2&cursor={next}")).done();
        let trail = qadir.get("/audit-trail?limit=2").done();
        let next = trail["next"].as_str().expect("more");
        qadir.get(&format!("/audit-trail?limit=2&cursor={next}")).done();
        for query in
            ["batches?purpose=xx", "batches?phase=xx", "masters?phase=xx", "deviations?phase=xx"]
        {
            qadir.get(&format!("/{query}")).refused(400, "unreadable-request");
        }
        for query in
            ["batches?purpose=production", "batches?phase=running", "deviations?phase=open"]
        {
            qadir.get(&format!("/{query}")).done();
        }
    });
}

#[test]
fn one_occurrence_has_one_address() {
    on_one(|world| {
        let batch = Batch::issued(world, "ALIAS-1");
        let olga = world.person("olga");
        batch.weighed();
        batch.start(olga, "OP-01~1/01.2~1").done();
        for alias in ["OP-01~01/01.2~1", "OP-01~1/01.2~01", "OP-01~+1/01.2~1", "OP-01~1/01.2~%2B1"]
        {
            let body = json!({ "entry": "temperature", "value": "20", "unit": "Cel" });
            batch.record(olga, alias, &body).refused(404, "no-such-route");
        }
        let event = json!({ "what": "foam", "step": "OP-01~01/01.2~1" });
        olga.post(&batch.path("events"), &event).refused(422, "malformed");
        olga.get("/masters/BUF-ACETATE/versions/01").refused(404, "no-such-route");
        olga.get("/masters/BUF-ACETATE/versions/1").done();
    });
}

#[test]
fn head_is_answered_as_get_without_a_body() {
    on_one(|world| {
        let batch = Batch::issued(world, "HEAD-1");
        let olga = world.person("olga");
        let path = format!("/batches/{}", batch.number);
        let (got, head) = (olga.get(&path), olga.send("HEAD", &path, None, &With::default()));
        assert_eq!((head.status, head.header("etag")), (200, got.header("etag")));
        assert_eq!(head.header("content-length"), got.bytes.len().to_string());
        assert!(head.bytes.is_empty(), "a HEAD has no body");
        let live = world.stranger().send("HEAD", "/health/live", None, &With::default());
        assert_eq!((live.status, live.bytes.len()), (200, 0));
        // A route of orders only answers neither.
        let answer = olga.send("PUT", &batch.path("handovers"), None, &With::default());
        answer.refused(405, "no-such-verb");
    });
}
