//! Deviations close with what their class asks; other batches are proposed by what they share.

use crate::house::batch::{Batch, lot_of};
use crate::house::client::{Answer, Persona};
use crate::house::recipes::{changed, effective, step};
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const DAY: i64 = 24 * 60;

/// A deviation of the batch's first exception, opened by qadir; its path.
pub fn opened(batch: &Batch<'_>, class: &str) -> String {
    let open = json!({ "outcome": "deviation", "title": "too much acetate", "class": class });
    let qadir = batch.world.person("qadir");
    let quella = batch.world.person("quella");
    let answer = qadir.sign_seconded(&batch.path("exceptions/1/triage"), &open, quella).done();
    format!("/deviations/{}", answer["deviation"].as_str().expect("a number"))
}

fn concluded(world: &World, path: &str) {
    let impact = json!({ "conclusion": "within the range studied", "other_batches": "listed" });
    world.person("qadir").sign(&format!("{path}/impact"), &impact).done();
}

fn missing(answer: Answer) -> String {
    answer.refused(428, "deviation-content-missing")["missing"].to_string()
}

fn yielded(batch: &Batch<'_>, number: &str) {
    let lot = json!({ "number": number, "material": "Acetate buffer",
        "quantity": { "value": "98", "unit": "L" }, "parents": [] });
    // The step that the lot comes out of is begun, though nobody started it.
    if !batch.exception_kinds().contains(&"found-running".to_owned()) {
        let closed = json!({ "entry": "closed", "value": true });
        batch.record(batch.world.person("olga"), "OP-02~1/02.2~1", &closed).done();
    }
    batch.world.person("sven").post(&batch.path("lots"), &lot).done();
}

// shows: C211-192b.b, Q7-8.1.b, F19.b
// finding: A11
#[test]
fn a_major_deviation_closes_with_everything_that_its_class_asks() {
    on_each(|world| {
        let batch = Batch::issued(world, "CL-1");
        let (qadir, quella, petra) =
            (world.person("qadir"), world.person("quella"), world.person("petra"));
        batch.weigh("0.300");
        yielded(&batch, &lot_of("CL-1"));
        let path = opened(&batch, "major");
        let act = |what: &str| format!("{path}/{what}");
        concluded(world, &path);
        let listed = missing(quella.sign(&act("closure"), &json!({ "conclusion": "done" })));
        for owed in ["investigation", "root_cause", "capa", "signature", &lot_of("CL-1")] {
            assert!(listed.contains(owed), "{owed}: {listed}");
        }
        // Words that say nothing are no content, and each missing thing is named.
        let empty = json!({ "text": "\u{200b}", "root_cause": " ", "no_capa": "..." });
        let listed = missing(petra.sign(&act("investigation-report"), &empty));
        for owed in ["investigation", "root_cause", "capa"] {
            assert!(listed.contains(owed), "{owed}: {listed}");
        }
        let report = json!({ "text": "balance drifted", "no_root_cause": "no trace in the log",
            "capa": "weekly check" });
        petra.post(&act("investigation-report"), &report).refused(428, "signature-required");
        petra.sign(&act("investigation-report"), &report).done();
        let with = |lots: Value| json!({ "conclusion": "balance replaced", "lots": lots });
        let named = |lot: &str, impact: &str| json!([{ "lot": lot, "impact": impact }]);
        let lot = lot_of("CL-1");
        assert!(missing(quella.sign(&act("closure"), &with(json!([])))).contains(&lot));
        let blank = with(named(&lot, " \u{a0}"));
        assert!(missing(quella.sign(&act("closure"), &blank)).contains(&lot));
        let foreign = with(named("L-OTHER", "none"));
        quella.sign(&act("closure"), &foreign).refused(422, "lot-of-another-run");
        let whole = with(named(&lot, "none"));
        petra.sign(&act("closure"), &whole).refused(403, "authority-missing");
        qadir.sign(&act("closure"), &whole).refused(403, "requester-is-approver");
        quella.sign(&act("closure"), &with(named(&lot, "none"))).done();
        let view = qadir.get(&path).done();
        assert_eq!(view["report"]["root_cause"], "none: no trace in the log", "{view}");
        assert_eq!(view["report"]["signed"]["user_name"], "petra", "{view}");
        assert_eq!(view["closed"]["lots"][0]["lot"], lot.as_str(), "{view}");
        // Opened again, whatever closed it is signed anew.
        quella.sign(&act("reopening"), &json!({ "reason": " " })).refused(428, "reason-required");
        quella.sign(&act("reopening"), &json!({ "reason": "a second lot" })).done();
        quella
            .sign(&act("reopening"), &json!({ "reason": "again" }))
            .refused(409, "deviation-not-closed");
        quella.sign(&act("closure"), &whole).refused(409, "impact-not-concluded");
        concluded(world, &path);
        assert!(missing(quella.sign(&act("closure"), &whole)).contains("root_cause"));
        petra.sign(&act("investigation-report"), &report).done();
        quella.sign(&act("closure"), &whole).done();
        let owed = qadir.get(&batch.path("obligations")).done();
        let status = |owed: &Value| {
            let all = owed["obligations"].as_array().unwrap();
            let of = |id: &str| id.starts_with("deviation/") && id.ends_with("/closed");
            let closed = all.iter().find(|o| of(o["id"].as_str().unwrap()));
            closed.unwrap()["status"].clone()
        };
        assert_eq!(status(&owed), "met", "{owed}");
        // A lot that comes after the closing is not covered by it.
        yielded(&batch, "CL-1-L2");
        let owed = qadir.get(&batch.path("obligations")).done();
        assert_eq!(status(&owed), "open", "{owed}");
    });
}

// shows: F30.a
// finding: A11
#[test]
fn a_minor_deviation_closes_with_explanation_and_impact_by_another_than_its_opener() {
    on_one(|world| {
        let batch = Batch::issued(world, "CL-2");
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        batch.weigh("0.300");
        yielded(&batch, "CL-2-L1");
        let path = opened(&batch, "minor");
        let closure = format!("{path}/closure");
        let body = |why: &str, impact: &str| json!({ "conclusion": why, "lots": [{ "lot": "CL-2-L1", "impact": impact }] });
        qadir.sign(&closure, &body("typing", "none")).refused(403, "requester-is-approver");
        quella.sign(&closure, &body(" ", "none")).refused(428, "reason-required");
        assert!(missing(quella.sign(&closure, &body("typing", ""))).contains("CL-2-L1"));
        quella.sign(&closure, &body("typing", "none")).done();
    });
}

// shows: F30.a
// finding: A11
#[test]
fn no_single_person_of_quality_lowers_what_is_critical() {
    on_one(|world| {
        let (qadir, quella, olga) =
            (world.person("qadir"), world.person("quella"), world.person("olga"));
        let (batch, other) = (Batch::issued(world, "TWO-1"), Batch::issued(world, "TWO-2"));
        batch.weigh("0.300");
        other.weigh("0.300");
        assert_eq!(batch.exceptions()[0]["severity"], "critical");
        let minor = json!({ "outcome": "deviation", "title": "acetate", "class": "minor" });
        let triage = batch.path("exceptions/1/triage");
        qadir.sign(&triage, &minor).refused(428, "second-person-required");
        qadir.sign_seconded(&triage, &minor, qadir).refused(403, "second-person-is-the-first");
        qadir.sign_seconded(&triage, &minor, olga).refused(403, "authority-missing");
        let major = json!({ "outcome": "deviation", "title": "acetate", "class": "major" });
        let number = qadir.sign(&triage, &major).done()["deviation"].clone();
        let number = number.as_str().unwrap();
        let classify = format!("/deviations/{number}/classification");
        let class = |class: &str| json!({ "class": class, "reason": "assessed" });
        // Its opener alone changes no class, up or down; another lowers none that holds a critical one.
        qadir.post(&classify, &class("critical")).refused(428, "signature-required");
        qadir.sign(&classify, &class("critical")).refused(428, "second-person-required");
        quella.sign(&classify, &class("minor")).refused(428, "second-person-required");
        quella.sign_seconded(&classify, &class("minor"), qadir).done();
        // What joins a minor deviation afterwards asks for the same.
        let link = format!("/deviations/{number}/runs");
        let joining = json!({ "batch": "TWO-2", "exceptions": [1] });
        quella.sign(&link, &joining).refused(428, "second-person-required");
        let joins = json!({ "outcome": "deviation", "deviation": number });
        let path = other.path("exceptions/1/triage");
        quella.sign(&path, &joins).refused(428, "second-person-required");
        quella.sign_seconded(&link, &joining, qadir).done();
        let view = qadir.get(&format!("/deviations/{number}")).done();
        let signed = view["classifications"][0]["signed"].as_array().unwrap();
        assert_eq!((signed.len(), &view["class"]), (2, &json!("minor")), "{view}");
        let shown = other.exceptions()[0]["triage"].clone();
        assert_eq!(shown["second"]["user_name"], "qadir", "{shown}");
    });
}

// finding: A11
#[test]
fn a_critical_exception_is_waved_through_by_two_of_quality_or_by_nobody() {
    on_one(|world| {
        let batch = Batch::issued(world, "TWO-3");
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        batch.weigh("0.300");
        let corrected =
            json!({ "value": "0.272", "unit": "kg", "reason": "read from the printout" });
        let version = crate::house::client::With::version(&batch.entry_etag(WEIGH, "weight"));
        let path = batch.step(WEIGH, "entries/weight/corrections");
        world.person("olga").post_with(&path, &corrected, &version).done();
        let triage = batch.path("exceptions/1/triage");
        let none = json!({ "outcome": "not-a-deviation", "rationale": "mistyped" });
        qadir.sign(&triage, &none).refused(428, "second-person-required");
        let olga = world.person("olga");
        qadir.sign_seconded(&triage, &none, olga).refused(403, "authority-missing");
        qadir.sign_seconded(&triage, &none, quella).done();
        let shown = batch.exceptions()[0]["triage"].clone();
        assert_eq!(shown["second"]["user_name"], "quella", "{shown}");
    });
}

/// The buffer preparation in an area, its weight given by a device.
fn recipe(code: &str, area: &str) -> Value {
    changed(code, |document| {
        for up in document["unit_procedures"].as_array_mut().expect("procedures") {
            for operation in up["operations"].as_array_mut().expect("operations") {
                operation["area"] = area.into();
            }
        }
        let weight = &mut step(document, "01.1")["entries"][2];
        weight["kind"] = "reading".into();
        weight["tag"] = "W-NET".into();
        weight["class"] = "balance".into();
    })
}

/// A batch weighed by this person, of this lot, on this equipment, by this device.
fn weighed<'w>(
    world: &'w World,
    (number, code): (&str, &str),
    who: &str,
    [lot, equipment, device]: [&str; 3],
) -> Batch<'w> {
    let batch = Batch::issued_from(world, number, code);
    let who = world.person(who);
    batch.start(who, WEIGH).done();
    batch.record(who, WEIGH, &json!({ "entry": "lot", "value": lot })).done();
    batch.record(who, WEIGH, &json!({ "entry": "balance", "value": equipment })).done();
    let at = world.line.clock.time().to_rfc3339();
    let text = json!({ "tag": "W-NET", "value": "0.300", "unit": "kg", "at": at }).to_string();
    let weight = json!({ "entry": "weight", "value": "0.300", "unit": "kg",
        "basis": { "kind": "device", "id": device }, "payload": text });
    batch.record(who, WEIGH, &weight).done();
    batch
}

/// The batches that are proposed, each with its grounds, as in `B-2: lot LOT-1`.
fn proposed(world: &World, path: &str) -> Vec<String> {
    let answer = world.person("qadir").get(&format!("{path}/other-batches")).done();
    let batch = |batch: &Value| {
        let grounds = batch["grounds"].as_array().expect("there").iter();
        let grounds: Vec<_> = grounds
            .map(|g| {
                format!(
                    "{} {}",
                    g["by"].as_str().expect("there"),
                    g["what"].as_str().expect("there")
                )
            })
            .collect();
        format!("{}: {}", batch["batch"].as_str().expect("there"), grounds.join(", "))
    };
    answer["batches"].as_array().expect("there").iter().map(batch).collect()
}

// shows: C211-192b.c, F19.a
// finding: A11
#[test]
fn other_batches_are_proposed_by_lot_device_equipment_area_and_person_within_thirty_days() {
    on_each(|world| {
        effective(world, &recipe("BUF-HERE", "Buffers"));
        effective(world, &recipe("BUF-THERE", "Elsewhere"));
        let own = ["LOT-1", "BAL-07", "DEV-1"];
        let early = weighed(world, ("OB-EARLY", "BUF-HERE"), "olga", own);
        world.minutes(31 * DAY);
        let there = |number: &str, who: &str, used: [&str; 3]| {
            weighed(world, (number, "BUF-THERE"), who, used);
        };
        there("OB-BEFORE", "omar", ["LOT-1", "BAL-X", "DEV-X"]);
        world.minutes(29 * DAY);
        let batch = weighed(world, ("OB-0", "BUF-HERE"), "olga", own);
        let path = opened(&batch, "major");
        assert_eq!(proposed(world, &path), ["OB-BEFORE: lot LOT-1"], "29 days before");
        there("OB-NONE", "omar", ["LOT-X", "BAL-X", "DEV-X"]);
        there("OB-LOT", "omar", ["lot-1", "BAL-X", "DEV-X"]);
        there("OB-DEVICE", "omar", ["LOT-X", "BAL-X", "DEV-1"]);
        there("OB-EQUIP", "omar", ["LOT-X", "BAL-07", "DEV-X"]);
        there("OB-PERSON", "olga", ["LOT-X", "BAL-X", "DEV-X"]);
        weighed(world, ("OB-AREA", "BUF-HERE"), "omar", ["LOT-X", "BAL-X", "DEV-X"]);
        let all = [
            "OB-AREA: area Buffers",
            "OB-BEFORE: lot LOT-1",
            "OB-DEVICE: device DEV-1",
            "OB-EQUIP: equipment BAL-07",
            "OB-LOT: lot LOT-1",
            "OB-PERSON: person olga",
        ];
        assert_eq!(proposed(world, &path), all);
        world.minutes(31 * DAY);
        weighed(world, ("OB-AFTER", "BUF-HERE"), "olga", own);
        assert_eq!(
            proposed(world, &path),
            all,
            "nothing after 31 days, nor {} before",
            early.number
        );
        // Each of them is named with a word, or the closing names what is missing.
        concluded(world, &path);
        let petra = world.person("petra");
        let report = json!({ "text": "looked into", "root_cause": "worn", "capa": "replaced" });
        petra.sign(&format!("{path}/investigation-report"), &report).done();
        let quella = world.person("quella");
        let mut body = batch.closing(&path, "done");
        assert_eq!(body["other_batches"].as_array().unwrap().len(), 6, "{body}");
        body["other_batches"][1]["word"] = " ".into();
        body["other_batches"].as_array_mut().unwrap().remove(4);
        let listed = missing(quella.sign(&format!("{path}/closure"), &body));
        assert!(listed.contains("OB-BEFORE") && listed.contains("OB-LOT"), "{listed}");
        assert!(!listed.contains("OB-AREA"), "{listed}");
        quella.sign(&format!("{path}/closure"), &batch.closing(&path, "done")).done();
        let view = quella.get(&path).done();
        assert_eq!(view["closed"]["other_batches"][0]["grounds"][0]["by"], "area", "{view}");
    });
}

// finding: R16
#[test]
fn a_deviation_is_somebodys_to_be_closed_by_a_moment_and_is_found_by_both() {
    on_each(|world| {
        let batch = Batch::issued(world, "OWN-1");
        let (qadir, quella, olga) =
            (world.person("qadir"), world.person("quella"), world.person("olga"));
        batch.weigh("0.300");
        let path = opened(&batch, "minor");
        let found = |question: &str| {
            let page = qadir.get(&format!("/deviations?{question}")).done();
            page["deviations"].as_array().map_or(0, Vec::len)
        };
        let view = qadir.get(&path).done();
        assert_eq!((&view["owner"]["user_name"], &view["due_at"]), (&json!("qadir"), &Value::Null));
        assert_eq!((found("owner=qadir"), found("owner=quella")), (1, 0));
        assert_eq!(found("due=2150-01-01T00:00:00Z"), 0, "nobody said by when");
        let give = |who: &Persona, owner: &str, due: &str, reason: &str| {
            let body = json!({ "owner": owner, "due": due, "reason": reason });
            who.post(&format!("{path}/assignment"), &body)
        };
        let due = "2031-03-01T12:00:00+01:00";
        give(olga, "quella", due, "she knows acetate").refused(403, "authority-missing");
        give(qadir, "nobody", due, "she knows acetate").refused(404, "not-found");
        give(qadir, "quella", "2001-03-01T12:00:00Z", "late").refused(422, "malformed");
        give(qadir, "quella", "next week", "soon").refused(422, "malformed");
        give(qadir, "quella", due, " ").refused(428, "reason-required");
        give(qadir, "quella", due, "she knows acetate").done();
        let view = qadir.get(&path).done();
        assert_eq!(view["owner"]["user_name"], "quella");
        let given = &view["assignments"][0];
        assert_eq!(
            (&given["by"]["user_name"], &given["reason"]),
            (&json!("qadir"), &json!("she knows acetate"))
        );
        assert_eq!((found("owner=qadir"), found("owner=quella")), (0, 1));
        assert_eq!(found("due=2031-03-01T11:00:00Z"), 0, "due is at that moment, not before it");
        assert_eq!(found("due=2031-03-01T11:00:01Z&phase=open"), 1);
        let work = quella.get("/work?kind=deviation&due=2031-03-02T00:00:00Z").done();
        assert_eq!(work["work"][0]["due_at"], view["due_at"], "{work}");
        // Whose it became stands in the trail of the site under both names.
        for who in ["qadir", "quella"] {
            let trail = qadir.get(&format!("/audit-trail?who={who}&action=deviation.assigned"));
            assert_eq!(trail.done()["entries"].as_array().map_or(0, Vec::len), 1, "{who}");
        }
        let given = qadir.get("/audit-trail?who=quella&part=owner").done();
        assert_eq!(given["entries"].as_array().map_or(0, Vec::len), 1);
        qadir.get("/deviations?due=soon").refused(422, "malformed");
    });
}
