//! What stands as it was, and what is seen: leavers' work, sign-ins, begin and end of steps.

use crate::house::batch::Batch;
use crate::house::recipes::version;
use crate::house::world::on_each;
use serde_json::{Value, json};
use std::sync::Barrier;

const WEIGH: &str = "OP-01~1/01.1~1";

// shows: P11-10c.b
#[test]
fn what_a_leaver_made_under_a_retired_version_is_shown_and_printed_as_before() {
    on_each(|world| {
        let batch = Batch::issued(world, "LEAVER-1");
        batch.weighed();
        let (qadir, ada) = (world.person("qadir"), world.person("ada"));
        let reports = batch.path("reports");
        qadir.post(&reports, &json!({})).done();
        let kept = qadir.get(&batch.path("reports/1")).bytes;
        let shown = batch.occurrence(WEIGH);
        ada.post("/persons/omar/deactivation", &json!({ "reason": "left" })).done();
        let path = version("BUF-ACETATE", 1);
        qadir.sign(&format!("{path}/retirement"), &json!({ "reason": "obsolete" })).done();
        assert_eq!(batch.occurrence(WEIGH), shown, "the checker's name stands though Omar left");
        assert_eq!(shown["checked"]["printed_name"], "Omar Ortiz", "{shown}");
        assert_eq!(qadir.get(&batch.path("reports/1")).bytes, kept);
        assert_eq!(qadir.post(&reports, &json!({})).done()["no"], 2, "and it can be printed anew");
    });
}

// shows: A11D-11.9.a, A11D-11.9.b, DI-Q1c.a, F28.a
#[test]
fn nobody_signs_in_unseen() {
    on_each(|world| {
        let ada = world.person("ada");
        let olga = world.person("olga").elsewhere();
        olga.sign_in().done();
        olga.sign_out();
        world.minutes(10);
        let later = world.line.clock.time().to_rfc3339();
        olga.sign_in_with("wrong-password-9").refused(401, "sign-in-refused");
        let asked = |query: &str| -> Vec<(String, String)> {
            let page = ada.get(&format!("/access-log?who=olga&{query}")).done();
            let rows = page["entries"].as_array().cloned().unwrap_or_default();
            let word = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
            rows.iter().map(|row| (word(row, "what"), word(row, "outcome"))).collect()
        };
        let is = |what: &str, outcome: &str| (what.to_owned(), outcome.to_owned());
        assert!(asked("what=sign-in").contains(&is("sign-in", "allowed")));
        assert_eq!(asked("what=sign-out"), [is("sign-out", "allowed")]);
        assert_eq!(asked("outcome=refused"), [is("sign-in", "refused")]);
        assert_eq!(asked(&format!("from={later}")), [is("sign-in", "refused")]);
        assert!(!asked(&format!("to={later}")).contains(&is("sign-in", "refused")));
    });
}

// shows: C211-188b1.a, Q7-6.5.a, F9.b
#[test]
fn a_step_shows_begin_and_end_and_nothing_is_filled_in() {
    on_each(|world| {
        let batch = Batch::issued(world, "TIMES-1");
        let olga = world.person("olga");
        let begun = batch.start(olga, WEIGH).done();
        assert!(begun.is_object(), "{begun}");
        let shown = batch.occurrence(WEIGH);
        assert_eq!(shown["completed_at"], Value::Null, "{shown}");
        for entry in shown["entries"].as_array().expect("entries") {
            assert_eq!(entry["versions"], json!([]), "nothing stands there before it is measured");
        }
        let lot = json!({ "entry": "lot", "value": "NA-2026-01" });
        batch.record(olga, WEIGH, &lot).done();
        batch.record(olga, WEIGH, &json!({ "entry": "balance", "value": "BAL-07" })).done();
        let weight = json!({ "entry": "weight", "value": "0.272", "unit": "kg" });
        batch.record(olga, WEIGH, &weight).done();
        batch.complete(olga, WEIGH).done();
        let shown = batch.occurrence(WEIGH);
        let trail = olga.get(&format!("{}?limit=500", batch.path("audit-trail"))).done();
        let at = |event: &str| {
            let lines = trail["entries"].as_array().expect("entries");
            let line = lines.iter().find(|line| line["event"] == event);
            line.unwrap_or_else(|| panic!("{event}: {trail}"))["at"].clone()
        };
        assert_eq!(shown["started_at"], at("run.step-started"), "{shown}");
        assert_eq!(shown["completed_at"], at("run.step-completed"), "{shown}");
    });
}

// shows: P11-300a.a
#[test]
fn of_several_newcomers_under_one_name_exactly_one_comes_in() {
    on_each(|world| {
        let ada = world.person("ada");
        let barrier = Barrier::new(6);
        let answers: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = ["nora", "NORA", "Nora", "nora", "nOra", "norA"]
                .into_iter()
                .map(|name| {
                    let barrier = &barrier;
                    let body = json!({ "user_name": name, "printed_name": "Nora North",
                        "reason": "joins", "roles": [{ "role": "operator" }] });
                    scope.spawn(move || {
                        barrier.wait();
                        ada.post("/persons", &body)
                    })
                })
                .collect();
            all.into_iter().map(|one| one.join().expect("an answer")).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
        for other in answers.into_iter().filter(|answer| answer.status != 201) {
            other.refused(409, "user-name-taken");
        }
        let people = ada.get("/persons").done().to_string();
        assert_eq!(people.matches("Nora North").count(), 1, "{people}");
    });
}
