//! One part of a batch: what a terminal asks for that works on one step.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::recipes::{changed, effective, step};
use crate::house::world::on_each;
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const PART: &str = "operations/OP-01~1/steps/01.1~1";

// finding: HOUSE, readers
#[test]
fn a_part_is_what_the_whole_batch_shows_of_it_with_its_version_and_what_is_asked() {
    on_each(|world| {
        let batch = Batch::issued(world, "PART-1");
        let olga = world.person("olga");
        olga.get(&batch.path(PART)).refused(404, "not-found");
        batch.weigh("0.300");
        let answer = olga.get(&batch.path(PART));
        let etag = answer.header("etag").to_owned();
        let part = answer.done();
        let whole = batch.occurrence(WEIGH);
        assert_eq!(etag, whole["etag"].as_str().expect("a version"));
        for (member, value) in whole.as_object().expect("a step") {
            assert_eq!(&part[member], value, "{member}");
        }
        assert_eq!((&part["batch"], &part["batch_phase"]), (&json!("PART-1"), &json!("running")));
        let goggles = "Wear eye protection when handling acetic acid.";
        assert_eq!(part["precautions"], json!([goggles]));
        let weight = asked(&part, "weight");
        assert_eq!((&weight["unit"], &weight["options"]), (&json!("kg"), &json!([])));
        let printed: Vec<&Value> = weight["limits"].as_array().expect("limits").iter().collect();
        assert!(printed.iter().any(|limit| limit["purpose"] == "acceptance"
            && limit["shown"].as_str().is_some_and(|shown| shown.contains("0.267"))));
        let low = &weight["specification"]["limits"][0]["low"];
        assert_eq!(low, &json!({ "value": "0.267", "inclusive": true }));
        assert_eq!(asked(&part, "lot")["limits"], json!([]));
        // What was shown is what may be acted on.
        let complete = batch.step(WEIGH, "completion");
        let stale = With { if_match: Some("\"1\"".into()), ..With::default() };
        olga.sign_with(&complete, &json!({}), &stale).refused(412, "stale-version");
    });
}

// finding: HOUSE, readers
#[test]
fn a_part_that_is_not_there_is_not_found_whoever_asks_and_its_path_is_written_in_one_way() {
    on_each(|world| {
        let batch = Batch::issued(world, "PART-2");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        olga.get(&batch.path(PART)).done();
        for elsewhere in [
            "operations/OP-01~1/steps/01.1~2",
            "operations/OP-01~2/steps/01.1~1",
            "operations/OP-02~1/steps/01.1~1",
            "operations/OP-01~1/steps/99.9~1",
        ] {
            olga.get(&batch.path(elsewhere)).refused(404, "not-found");
        }
        olga.get("/batches/NONE-1/operations/OP-01~1/steps/01.1~1").refused(404, "not-found");
        assert_eq!(olga.get(&batch.path("operations/OP-01~1/steps/01.1~01")).status, 404);
        world.person("ada").get(&batch.path(PART)).refused(403, "authority-missing");
    });
}

fn asked(part: &Value, entry: &str) -> Value {
    let all = part["asks"].as_array().expect("what is asked");
    all.iter().find(|ask| ask["entry"] == entry).cloned().expect("an entry")
}

// finding: N6
#[test]
fn what_a_step_asks_is_told_as_data_before_anything_is_recorded() {
    on_each(|world| {
        let document = changed("PART-RED", |document| {
            let asked = step(document, "01.1");
            asked["notes"] = json!(["Tare first."]);
        });
        effective(world, &document);
        let batch = Batch::issued_from(world, "PART-3", "PART-RED");
        let (olga, petra) = (world.person("olga"), world.person("petra"));
        let mut narrower = step(&mut document.clone(), "01.1")["entries"][2].clone();
        narrower["limits"][0]["high"] = json!({ "value": "0.275", "inclusive": false });
        let redline = json!({ "change": { "kind": "entry", "step": "01.1", "entry": narrower },
            "reason": "a dry lot", "assessment": "narrower" });
        petra.sign(&batch.path("amendments"), &redline).done();
        let decide = json!({ "approved": true, "conclusion": "agreed" });
        for who in ["sven", "qadir"] {
            let version = With::version(&batch.etag());
            let path = batch.path("amendments/1/decisions");
            world.person(who).sign_with(&path, &decide, &version).done();
        }
        batch.start(olga, WEIGH).done();
        let part = olga.get(&batch.path(PART)).done();
        assert_eq!(part["notes"], json!(["Tare first."]));
        let weight = asked(&part, "weight");
        assert_eq!((&weight["kind"], &weight["name"]), (&json!("number"), &narrower["name"]));
        let limit = &weight["limits"][0];
        assert_eq!(limit["purpose"], "acceptance");
        assert_eq!(limit["low"], json!({ "value": "0.267", "inclusive": true }));
        assert_eq!(limit["high"], json!({ "value": "0.275", "inclusive": false }));
        assert_eq!((&limit["compare"], &limit["single"]), (&json!("exact"), &json!(false)));
        assert_eq!(weight["redlines"][0]["no"], 1);
        assert_eq!(weight["redlines"][0]["reason"], "a dry lot");
        assert!(weight["redlines"][0]["before"].as_str().is_some_and(|it| it.contains("0.277")));
        assert_eq!(asked(&part, "lot")["label"], Value::Null);
        // Nothing was recorded yet.
        assert_eq!(part["entries"][2]["versions"], json!([]));
    });
}

// finding: R17
#[test]
fn a_batch_is_read_in_parts_that_add_up_to_the_whole_and_cost_no_more_when_it_grows() {
    on_each(|world| {
        let batch = Batch::issued(world, "PART-4");
        batch.weighed();
        let first = || {
            let answer = world.person("olga").get(&format!("{}?limit=2", batch.path("steps")));
            assert_eq!(answer.header("etag"), batch.etag());
            answer.done()
        };
        batch.stirred(1, "20");
        let small = first();
        assert_eq!(
            (&small["next"], small["steps"].as_array().map(Vec::len)),
            (&Value::Null, Some(2))
        );
        for k in 2..=5 {
            batch.stirred(k, "21");
        }
        // The first part is what it was; behind it there is more.
        let grown = first();
        assert_eq!((&grown["steps"], &grown["next"]), (&small["steps"], &json!("OP-01~1/01.2~1")));
        let olga = world.person("olga");
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = olga.get(&format!("{}?limit=4{after}", batch.path("steps"))).done();
            found.extend(page["steps"].as_array().cloned().expect("steps"));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        let whole = batch.picture();
        assert_eq!(json!(found), whole["steps"]);
        let only = olga.get(&format!("{}?step=01.1", batch.path("steps"))).done();
        assert_eq!(only["steps"], json!([whole["steps"][0]]));
        let begun = olga.get(&format!("{}?phase=started", batch.path("steps"))).done();
        assert_eq!(begun["steps"], json!([]));
        let of = olga.get(&format!("{}?operation=OP-01~1&limit=200", batch.path("steps"))).done();
        assert_eq!(of["steps"].as_array().map(Vec::len), Some(6));
        let none = olga.get(&format!("{}?operation=OP-02", batch.path("steps"))).done();
        assert_eq!(none["steps"], json!([]));
        let outline = olga.get(&batch.path("outline")).done();
        for member in ["number", "phase", "operations", "next", "etag", "product", "master"] {
            assert_eq!(outline[member], whole[member], "{member}");
        }
        assert_eq!(outline["counts"]["steps"], 6);
        for words in ["colour=red", "after=zz", "phase=xx"] {
            olga.get(&format!("{}?{words}", batch.path("steps")))
                .refused(400, "unreadable-request");
        }
        world.person("ada").get(&batch.path("steps")).refused(403, "authority-missing");
        world.person("ada").get(&batch.path("outline")).refused(403, "authority-missing");
        olga.get("/batches/NONE-1/steps").refused(404, "not-found");
    });
}
