//! What people read when something is refused: true of this case, and whole.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::recipes;
use crate::house::world::on_one;
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

// finding: N19
#[test]
fn whoever_recorded_another_entry_of_the_step_is_told_that_and_not_that_it_was_this_one() {
    on_one(|world| {
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let batch = Batch::issued(world, "SAY-1");
        batch.start(olga, WEIGH).done();
        let lot = json!({ "entry": "lot", "value": "NA-2026-01" });
        batch.record(omar, WEIGH, &lot).done();
        let weight = json!({ "entry": "weight", "value": "0.272", "unit": "kg" });
        batch.record(olga, WEIGH, &weight).done();
        let check = |who: &str, entry: &str| {
            let version = With::version(&batch.entry_etag(WEIGH, entry));
            let path = batch.step(WEIGH, &format!("entries/{entry}/checks"));
            let refused = world.person(who).post_with(&path, &json!({}), &version);
            refused.refused(403, "witness-is-performer")["detail"].clone()
        };
        let of_step = json!("omar took part in OP-01~1/01.1~1, the step on which weight stands");
        assert_eq!(check("omar", "weight"), of_step);
        assert_eq!(check("omar", "lot"), "omar took part in OP-01~1/01.1~1/lot");
        assert_eq!(check("olga", "weight"), "olga took part in OP-01~1/01.1~1/weight");
    });
}

// finding: N19
#[test]
fn what_is_missing_is_listed_once() {
    on_one(|world| {
        let batch = Batch::issued(world, "SAY-2");
        batch.filled();
        let quinn = world.person("quinn");
        let body = json!({ "entry": "identity",
            "value": { "value": "conforms", "method_version": "2", "item": "BAG-1" } });
        quinn.post(&batch.path("entries"), &body).done();
        let etag = batch.entry(None, "identity")["etag"].as_str().expect("an ETag").to_owned();
        let path = batch.path("entries/identity/checks");
        let audrey = world.person("audrey");
        let refused = audrey.post_with(&path, &json!({}), &With::version(&etag));
        let refused = refused.refused(403, "authority-missing");
        let missing = refused["missing"].as_array().expect("a list");
        let mut once = missing.clone();
        once.dedup();
        assert_eq!(missing, &once, "{refused}");
        let detail = refused["detail"].as_str().expect("a sentence");
        assert!(!detail.contains("review or review"), "{detail}");
    });
}

// finding: R14
// finding: N19
#[test]
fn a_word_that_is_none_is_answered_with_every_word_that_is_one() {
    on_one(|world| {
        let petra = world.person("petra");
        let document = recipes::changed("SAY-WORDS", |document| {
            recipes::step(document, "01.1")["entries"][0]["kind"] = "nummer".into();
            recipes::step(document, "01.1")["entries"][1]["classification"] = "CQP".into();
        });
        petra.post("/masters", &json!({ "content": document })).done();
        let path = format!("{}/findings", recipes::version("SAY-WORDS", 1));
        let findings = petra.get(&path).done();
        let all = findings["findings"].as_array().expect("findings").clone();
        let said = |word: &str| -> String {
            let found =
                all.iter().find(|it| it["detail"].as_str().is_some_and(|m| m.contains(word)));
            found.map(|it| it["detail"].to_string()).unwrap_or_else(|| panic!("{findings:#}"))
        };
        assert!(!findings.to_string().contains("other candidates"), "{findings:#}");
        for kind in ["number", "text", "choice", "confirm", "calculation", "line-clearance"] {
            assert!(said("nummer").contains(kind), "{kind}: {}", said("nummer"));
        }
        for class in ["CPP", "WC-CPP", "KPP", "GPP", "KPA", "IPC"] {
            assert!(said("CQP").contains(class), "{class}: {}", said("CQP"));
        }
    });
}

// finding: N19
#[test]
fn a_unit_is_printed_as_people_read_it() {
    on_one(|world| {
        let batch = Batch::issued(world, "SAY-3");
        batch.filled();
        let lot = |value: &str| -> Value {
            json!({ "number": "SAY-3-L1", "material": "Acetate buffer",
                "quantity": { "value": value, "unit": "{units}" }, "parents": [] })
        };
        let sven = world.person("sven");
        let refused = sven.post(&batch.path("lots"), &lot("0")).refused(422, "malformed");
        let detail = refused["detail"].as_str().expect("a sentence");
        assert!(detail.contains("0 units") && !detail.contains('{'), "{detail}");
    });
}
