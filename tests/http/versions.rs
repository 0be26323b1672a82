//! What an order changes its answer tells: the next order is decided on that, and nobody asks in between.

use crate::house::batch::{Batch, lot_of};
use crate::house::client::{Answer, With};
use crate::house::recipes;
use crate::house::world::on_each;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const WEIGH: &str = "OP-01~1/01.1~1";
const STIR: &str = "OP-01~1/01.2~1";

type Versions = BTreeMap<String, String>;

/// One thing with its version, as answers and pictures name it.
fn thing(kind: &str, told: &Value) -> Option<(String, String)> {
    let words = ["operation", "step", "entry", "hold"];
    let of = |word: &str| (!told[word].is_null()).then(|| format!(" {word} {}", told[word]));
    let parts: String = words.iter().filter_map(|word| of(word)).collect();
    Some((format!("{kind}{parts}"), told["etag"].as_str()?.to_owned()))
}

/// Every version that a batch shows.
fn shown(picture: &Value) -> Versions {
    let list = |of: &Value, name: &str| of[name].as_array().cloned().unwrap_or_default();
    let mut all = Versions::new();
    all.extend(thing("run", &json!({ "etag": picture["etag"] })));
    all.extend(list(picture, "operations").iter().filter_map(|it| {
        thing("run", &json!({ "operation": it["operation"], "etag": it["etag"] }))
    }));
    for step in list(picture, "steps") {
        all.extend(thing("run", &json!({ "step": step["step"], "etag": step["etag"] })));
        all.extend(list(&step, "entries").iter().filter_map(|it| {
            thing("run", &json!({ "step": step["step"], "entry": it["entry"], "etag": it["etag"] }))
        }));
    }
    all.extend(
        list(picture, "release_entries")
            .iter()
            .filter_map(|it| thing("run", &json!({ "entry": it["entry"], "etag": it["etag"] }))),
    );
    all.extend(
        list(picture, "holds")
            .iter()
            .filter_map(|it| thing("run", &json!({ "hold": it["no"], "etag": it["etag"] }))),
    );
    all
}

/// What somebody knows of a batch by answers alone.
struct Known<'b, 'w> {
    batch: &'b Batch<'w>,
    versions: Versions,
}

impl<'b, 'w> Known<'b, 'w> {
    fn of(batch: &'b Batch<'w>) -> Self {
        Self { batch, versions: shown(&batch.picture()) }
    }

    /// The answer tells exactly what the batch shows as changed.
    #[track_caller]
    fn hears(&mut self, answer: Answer) -> Value {
        let told = answer.done();
        let all = told["versions"].as_array().cloned().unwrap_or_default();
        let own = all.iter().filter(|it| it["number"] == self.batch.number.as_str());
        let new: Versions = own.filter_map(|it| thing("run", it)).collect();
        for (name, version) in &new {
            assert_ne!(self.versions.get(name), Some(version), "{name} did not change: {told}");
        }
        self.versions.extend(new);
        assert_eq!(self.versions, shown(&self.batch.picture()), "{told}");
        told
    }

    #[track_caller]
    fn at(&self, name: &str) -> With {
        let version = self.versions.get(name);
        With::version(version.unwrap_or_else(|| panic!("no {name}: {:?}", self.versions)))
    }
}

fn entry(step: &str, entry: &str) -> String {
    format!("run step {:?} entry {:?}", step, entry)
}

// shows: T15.a
// finding: N17
#[test]
fn a_batch_is_brought_forward_on_the_versions_that_answers_tell() {
    on_each(|world| {
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let (sven, qadir) = (world.person("sven"), world.person("qadir"));
        let batch = Batch::issued(world, "VER-1");
        let mut known = Known::of(&batch);
        known.hears(batch.start(olga, WEIGH));
        for (id, value) in [("lot", "NA-2026-01"), ("balance", "BAL-07")] {
            known.hears(batch.record(olga, WEIGH, &json!({ "entry": id, "value": value })));
        }
        let weight = json!({ "entry": "weight", "value": "0.271", "unit": "kg" });
        known.hears(batch.record(olga, WEIGH, &weight));
        let right = json!({ "value": "0.272", "unit": "kg", "reason": "misread" });
        let path = batch.step(WEIGH, "entries/weight/corrections");
        known.hears(olga.post_with(&path, &right, &known.at(&entry(WEIGH, "weight"))));
        let path = batch.step(WEIGH, "entries/weight/checks");
        known.hears(omar.post_with(&path, &json!({}), &known.at(&entry(WEIGH, "weight"))));
        let hold = json!({ "scope": { "kind": "operation", "operation": "OP-01" }, "reason": "odd smell" });
        known.hears(sven.post(&batch.path("holds"), &hold));
        let lift = json!({ "reason": "the drain" });
        let path = batch.path("holds/1/lifting");
        known.hears(sven.post_with(&path, &lift, &known.at("run hold 1")));
        let step = format!("run step {WEIGH:?}");
        let path = batch.step(WEIGH, "completion");
        known.hears(olga.sign_with(&path, &json!({}), &known.at(&step)));
        let path = batch.step(WEIGH, "check");
        known.hears(omar.sign_with(&path, &json!({}), &known.at(&step)));
        known.hears(batch.start(olga, STIR));
        let warm = json!({ "entry": "temperature", "value": "20", "unit": "Cel" });
        known.hears(batch.record(olga, STIR, &warm));
        let path = batch.step(STIR, "completion");
        known.hears(olga.post_with(&path, &json!({}), &known.at(&format!("run step {STIR:?}"))));
        let path = batch.path("operations/OP-01~1/closure");
        known.hears(olga.sign_with(&path, &json!({}), &known.at("run operation \"OP-01~1\"")));
        let seen = json!({ "what": "a noise", "operation": "OP-01~1" });
        known.hears(omar.post(&batch.path("events"), &seen));
        let decided = json!({ "conclusion": "as written" });
        let path = batch.path("operations/OP-01~1/review");
        known.hears(qadir.sign(&path, &decided));
    });
}

// shows: T15.a
// finding: N17
#[test]
fn an_answer_tells_the_versions_of_every_record_that_it_changed() {
    on_each(|world| {
        let (sven, qadir) = (world.person("sven"), world.person("qadir"));
        let quella = world.person("quella");
        let batch = Batch::issued(world, "VER-2");
        batch.filled();
        batch.tested();
        let of = |told: &Value, kind: &str, number: &str| -> String {
            let all = told["versions"].as_array().cloned().unwrap_or_default();
            let mut found = all.iter().filter(|it| {
                it["kind"] == kind
                    && it["number"] == number
                    && it.as_object().map(|m| m.len()) == Some(3)
            });
            let one = found.next().unwrap_or_else(|| panic!("no {kind} {number}: {told}"));
            assert!(found.next().is_none(), "twice: {told}");
            one["etag"].as_str().expect("an ETag").to_owned()
        };
        // A lot that comes out, and the batch it comes out of.
        let lot = json!({ "number": lot_of("VER-2"), "material": "Acetate buffer",
            "quantity": { "value": "98", "unit": "L" }, "parents": [] });
        let yielded = sven.post(&batch.path("lots"), &lot).done();
        let lot = of(&yielded, "lot", &lot_of("VER-2"));
        assert_eq!(qadir.get(&format!("/lots/{}", lot_of("VER-2"))).header("etag"), lot);
        assert_eq!(of(&yielded, "run", "VER-2"), batch.etag());
        // A deviation that is opened, then classified on the version that was told.
        world.person("olga").post(&batch.path("events"), &json!({ "what": "a bag leaks" })).done();
        let new = json!({ "outcome": "deviation", "title": "leak", "class": "major" });
        let opened = qadir.sign(&batch.path("exceptions/1/triage"), &new).done();
        let number = opened["deviation"].as_str().expect("a number").to_owned();
        let path = format!("/deviations/{number}");
        assert_eq!(of(&opened, "deviation", &number), qadir.get(&path).header("etag"));
        assert_eq!(of(&opened, "run", "VER-2"), batch.etag());
        let impact = json!({ "conclusion": "no effect", "other_batches": "none used that bag" });
        let told = qadir.sign(&format!("{path}/impact"), &impact).done();
        assert_eq!(of(&told, "deviation", &number), qadir.get(&path).header("etag"));
        batch.close_deviation(&path, "bag replaced").done();
        // Completion, review and release, each on what was told before.
        let accepted = batch.accept(&["NA-2026-01"]).done();
        let version = With::version(&of(&accepted, "run", "VER-2"));
        let told = sven.sign_with(&batch.path("completion"), &json!({}), &version).done();
        let version = With::version(&of(&told, "run", "VER-2"));
        let words = json!({ "conclusion": "record and audit trail complete" });
        qadir.sign_with(&batch.path("review"), &words, &version).done();
        let path = format!("/lots/{}/dispositions", lot_of("VER-2"));
        let body = json!({ "disposition": "released", "reason": "decided on the whole record" });
        let released = quella.sign_with(&path, &body, &With::version(&lot)).done();
        let lot = of(&released, "lot", &lot_of("VER-2"));
        assert_eq!(quella.get(&format!("/lots/{}", lot_of("VER-2"))).header("etag"), lot);
        assert_eq!(of(&released, "run", "VER-2"), batch.etag());
    });
}

// shows: T15.a
// finding: N17
#[test]
fn a_person_a_master_record_and_the_site_are_changed_on_versions_that_were_told() {
    on_each(|world| {
        let (ada, petra) = (world.person("ada"), world.person("petra"));
        let version =
            |told: &Value| With::version(told["versions"][0]["etag"].as_str().expect("one"));
        let name = json!({ "printed_name": "Olga Nowak", "reason": "married" });
        let told = ada.post("/persons/olga/name", &name).done();
        assert_eq!(
            told["versions"],
            json!([{ "kind": "person", "number": "olga", "etag": told["etag"] }])
        );
        let roles = json!({ "roles": [{ "role": "operator" }, { "role": "qc-analyst" }], "reason": "helps" });
        let path = "/persons/olga/grants";
        let told = ada.post_with(path, &roles, &version(&told)).done();
        let none = json!({ "roles": [{ "role": "operator" }], "reason": "no more" });
        ada.post_with(path, &none, &With::version("\"1\"")).refused(412, "stale-version");
        ada.post_with(path, &none, &version(&told)).done();
        let document = recipes::changed("BUF-VER", |_| {});
        let told = petra.post("/masters", &json!({ "content": document })).done();
        let path = format!("{}/submission", recipes::version("BUF-VER", 1));
        petra.sign_with(&path, &json!({}), &With::version("\"9\"")).refused(412, "stale-version");
        let told = petra.sign_with(&path, &json!({}), &version(&told)).done();
        assert_eq!(told["versions"][0]["number"], "BUF-VER~1");
        let letter = json!({ "reference": "letter of 1 May" });
        let told = ada.post("/site/binding-letter", &letter).done();
        assert_eq!(
            told["versions"],
            json!([{ "kind": "site", "number": null, "etag": told["etag"] }])
        );
    });
}

/// Whoever may not know of a batch is not told its version either.
// shows: P11-10g.a
#[test]
fn versions_of_batches_of_other_products_are_not_told() {
    on_each(|world| {
        let other = recipes::changed("OTHER-VER", |document| {
            document["product"]["code"] = "OTHER".into();
        });
        recipes::effective(world, &other);
        let own = Batch::issued(world, "VER-3");
        let others = Batch::issued_from(world, "VER-4", "OTHER-VER");
        own.start(world.person("olga"), WEIGH).done();
        others.start(world.person("olga"), WEIGH).done();
        let product = recipes::buffer()["product"]["code"].clone();
        let roles = json!([{ "role": "operator", "product": product }]);
        let narrow = world.joins("nils", "Nils Narrow", &roles);
        let area = json!({ "place": { "kind": "area", "area": "Buffers" }, "what": "power dip" });
        let told = narrow.post("/events", &area).done();
        assert_eq!(told["concerned"], 2, "{told}");
        let text = told["versions"].to_string();
        assert!(text.contains("VER-3") && !text.contains("VER-4"), "{text}");
    });
}
