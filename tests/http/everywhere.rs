//! Holds and limits of time over all batches; questions that take no words.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::on_each;
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

fn list(answer: &Value, name: &str, of: &str) -> Vec<String> {
    let all = answer[name].as_array().cloned().expect("a list");
    all.iter().map(|line| line[of].to_string().trim_matches('"').to_owned()).collect()
}

// shows: Q7-8.1.c
// finding: R16, N14
#[test]
fn holds_of_all_batches_are_listed_and_placed_as_the_batch_shows_its_parts() {
    on_each(|world| {
        let (sven, qadir, audrey) =
            (world.person("sven"), world.person("qadir"), world.person("audrey"));
        let (one, other) = (Batch::issued(world, "HELD-1"), Batch::issued(world, "HELD-2"));
        for (batch, scope) in [
            (&one, json!({ "kind": "operation", "operation": "OP-02~1" })),
            (&one, json!({ "kind": "step", "step": "OP-01~1/01.2~1" })),
            (&one, json!({ "kind": "step", "step": "01.2" })),
            (&other, json!({ "kind": "run" })),
        ] {
            let hold = json!({ "scope": scope, "reason": "asked" });
            sven.post(&batch.path("holds"), &hold).done();
        }
        let nowhere =
            json!({ "scope": { "kind": "operation", "operation": "OP-09~1" }, "reason": "x" });
        sven.post(&one.path("holds"), &nowhere).refused(404, "no-such-part");
        let all = audrey.get("/holds").done();
        assert_eq!(list(&all, "holds", "batch"), ["HELD-2", "HELD-1", "HELD-1", "HELD-1"]);
        let scopes: Vec<&Value> =
            all["holds"].as_array().into_iter().flatten().map(|it| &it["scope"]).collect();
        assert_eq!(scopes[3], &json!({ "kind": "operation", "operation": "OP-02" }));
        assert_eq!(scopes[2], scopes[1], "an occurrence stands for its step");
        assert_eq!(all["holds"][3], {
            let mut own = one.picture()["holds"][0].clone();
            own["batch"] = json!("HELD-1");
            own["product"] = json!("BUFFERS");
            own["standing"] = json!(true);
            own["lifted_at"] = Value::Null;
            own
        });
        let version = With::version(all["holds"][0]["etag"].as_str().expect("an ETag"));
        let lifting = other.path("holds/1/lifting");
        qadir.post_with(&lifting, &json!({ "reason": "settled" }), &version).done();
        let lifted = audrey.get("/holds?state=lifted").done();
        assert_eq!(list(&lifted, "holds", "batch"), ["HELD-2"]);
        assert_eq!(lifted["holds"][0]["lifted_by"]["user_name"], "qadir");
        assert_eq!(
            list(&audrey.get("/holds?state=standing").done(), "holds", "no"),
            ["3", "2", "1"]
        );
        assert_eq!(list(&audrey.get("/holds?batch=HELD-2").done(), "holds", "no"), ["1"]);
        assert_eq!(list(&audrey.get("/holds?product=OTHER").done(), "holds", "no"), [""; 0]);
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = audrey.get(&format!("/holds?limit=1{after}")).done();
            found.extend(list(&page, "holds", "no"));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(found, ["1", "3", "2", "1"]);
        let page = audrey.get("/holds?batch=HELD-1&limit=2").done();
        let next = page["next"].as_str().expect("more");
        let rest = audrey.get(&format!("/holds?batch=HELD-1&limit=2&after={next}")).done();
        assert_eq!(list(&rest, "holds", "no"), ["1"]);
        audrey.get("/holds?colour=red").refused(400, "unreadable-request");
        audrey.get("/holds?state=xx").refused(400, "unreadable-request");
        audrey.get("/holds?batch=NONE-1").refused(404, "not-found");
        world.person("ada").get("/holds").refused(403, "authority-missing");
        let otto = json!([{ "role": "operator", "product": "OTHER" }]);
        let otto = world.joins("otto", "Otto Olsen", &otto);
        assert_eq!(otto.get("/holds").done()["holds"], json!([]));
    });
}

// shows: C211-111.c
// finding: R16
#[test]
fn limits_of_time_of_all_batches_are_listed_by_what_is_due_first() {
    on_each(|world| {
        let (olga, audrey) = (world.person("olga"), world.person("audrey"));
        let (one, other) = (Batch::issued(world, "TIME-1"), Batch::issued(world, "TIME-2"));
        for batch in [&one, &other] {
            batch.weigh("0.272");
            batch.complete(olga, WEIGH).done();
            world.minutes(50);
        }
        let all = audrey.get("/timers").done();
        assert_eq!(list(&all, "timers", "batch"), ["TIME-1", "TIME-2"]);
        assert_eq!(list(&all, "timers", "state"), ["overdue", "running"]);
        assert_eq!(
            list(&audrey.get("/timers?state=overdue").done(), "timers", "batch"),
            ["TIME-1"]
        );
        assert_eq!(
            list(&audrey.get("/timers?state=running").done(), "timers", "batch"),
            ["TIME-2"]
        );
        assert_eq!(
            list(&audrey.get("/timers?batch=TIME-2").done(), "timers", "state"),
            ["running"]
        );
        assert_eq!(
            list(&audrey.get("/timers?sort=check&limit=1").done(), "timers", "batch"),
            ["TIME-1"]
        );
        assert_eq!(audrey.get("/timers?sort=period").done()["timers"], json!([]));
        let due = all["timers"][1]["due_at"].as_str().expect("a time").to_owned();
        let before = audrey.get(&format!("/timers?due={due}")).done();
        assert_eq!(list(&before, "timers", "batch"), ["TIME-1"]);
        let own = audrey.get(&other.path("timers")).done();
        assert_eq!(all["timers"][1]["id"], own["timers"][0]["id"]);
        audrey.get("/timers?colour=red").refused(400, "unreadable-request");
        audrey.get("/timers?state=met").refused(400, "unreadable-request");
        audrey.get("/timers?batch=NONE-1").refused(404, "not-found");
        world.person("ada").get("/timers").refused(403, "authority-missing");
    });
}

// finding: R12
#[test]
fn a_question_that_takes_no_words_is_asked_none() {
    on_each(|world| {
        let batch = Batch::issued(world, "WORDS-1");
        let qadir = world.person("qadir");
        for question in [
            "obligations",
            "timers",
            "second-looks",
            "handover",
            "amendments",
            "reports",
            "outline",
        ] {
            qadir.get(&batch.path(question)).done();
            let asked = format!("{}?status=open", batch.path(question));
            let said = qadir.get(&asked).refused(400, "unreadable-request");
            assert!(said["detail"].as_str().is_some_and(|it| it.contains("status=open")), "{said}");
        }
        qadir
            .get(&format!("/batches/{}?colour=red", batch.number))
            .refused(400, "unreadable-request");
    });
}
