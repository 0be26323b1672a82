//! A whole small batch, from the master record to the released lot and its sealed report.

use super::world::{BATCH, World, batch, json_of, on_each, step};
use serde_json::{Value, json};

/// Starts, records, completes and has verified what the step asks.
pub fn play(world: &World, who: &str, key: &str, entries: &[Value], signed: bool) {
    let person = world.person(who);
    person.post(&format!("{}/start", step(key)), &json!({})).ok();
    for entry in entries {
        world.minutes(1);
        person.post(&format!("{}/entries", step(key)), entry).ok();
    }
    world.minutes(1);
    let body = if signed { json!({ "signature": person.signature() }) } else { json!({}) };
    let version = world.step_version(key);
    person.on(version, &format!("{}/completion", step(key)), &body).ok();
}

pub fn weigh(world: &World) {
    weigh_out(world, "0.272");
}

pub fn weigh_out(world: &World, kilograms: &str) {
    let entries = [
        json!({ "entry": "lot", "value": "NAAC-77" }),
        json!({ "entry": "balance", "value": "BAL-3" }),
        json!({ "entry": "weight", "value": kilograms, "unit": "kg" }),
    ];
    play(world, "olga", "OP-01~1/01.1~1", &entries, true);
    let omar = world.person("omar");
    world.minutes(5);
    let version = world.step_version("OP-01~1/01.1~1");
    let path = format!("{}/check", step("OP-01~1/01.1~1"));
    omar.on(version, &path, &json!({ "signature": omar.both() })).ok();
}

pub fn stir(world: &World, k: u32, temperature: &str) {
    let entry = json!({ "entry": "temperature", "value": temperature, "unit": "Cel" });
    play(world, "olga", &format!("OP-01~1/01.2~{k}"), &[entry], false);
}

pub fn close_operation(world: &World, operation: &str) {
    let sven = world.person("sven");
    let picture = world.picture();
    let found = picture["operations"].as_array().into_iter().flatten();
    let etag = found.filter(|o| o["operation"] == operation).find_map(|o| o["etag"].as_str());
    let version = etag.expect("begun").trim_matches('"').parse().expect("a version");
    let path = batch(&format!("operations/{operation}/closure"));
    sven.on(version, &path, &json!({ "signature": sven.signature() })).ok();
}

pub fn adjust(world: &World) {
    let olga = world.person("olga");
    let key = "OP-02~1/02.1~1";
    olga.post(&format!("{}/start", step(key)), &json!({})).ok();
    let trail = format!("{}/entries/ph/trail", step(key));
    olga.post(&trail, &json!({ "kind": "reading", "value": "6.1", "unit": "[pH]" })).ok();
    olga.post(&trail, &json!({ "kind": "addition", "value": "12", "unit": "mL" })).ok();
    let ph = json!({ "entry": "ph", "value": "5.31", "unit": "[pH]" });
    olga.post(&format!("{}/entries", step(key)), &ph).ok();
    let clear = json!({ "entry": "appearance", "value": "clear" });
    olga.post(&format!("{}/entries", step(key)), &clear).ok();
    let version = world.step_version(key);
    olga.on(version, &format!("{}/completion", step(key)), &json!({})).ok();
}

pub fn fill(world: &World) {
    adjust(world);
    let olga = world.person("olga");
    let start = format!("{}/start", step("OP-02~1/02.2~1"));
    olga.post(&start, &json!({})).refused(409, "gate-not-passed");
    let sven = world.person("sven");
    sven.post(&batch("gates/G-FILL/passage"), &json!({ "signature": sven.signature() })).ok();
    let now = world.clock.time().to_rfc3339();
    let entries = [
        json!({ "entry": "closed", "value": true }),
        json!({ "entry": "filled-at", "value": now }),
    ];
    play(world, "olga", "OP-02~1/02.2~1", &entries, false);
}

fn to_completion(world: &World) {
    weigh(world);
    stir(world, 1, "20.5");
    close_operation(world, "OP-01~1");
    fill(world);
    close_operation(world, "OP-02~1");
    let sven = world.person("sven");
    let lot = json!({ "number": "LOT-1", "material": "Acetate buffer",
        "quantity": { "value": "99.2", "unit": "L" }, "parents": ["NAAC-77"] });
    sven.post(&batch("lots"), &lot).ok();
    let qadir = world.person("qadir");
    let accepted = json!({ "accepted": true, "signature": qadir.signature(),
        "lots": [{ "lot": "NAAC-77", "supplier": "Salt works", "document": "QC-IN-77" }] });
    qadir.post(&batch("foreign-lots"), &accepted).ok();
    let seq = world.picture()["seq"].as_u64().expect("a head");
    sven.post(&batch("completion"), &json!({ "signature": sven.signature() }))
        .refused(428, "version-required");
    sven.on(seq, &batch("completion"), &json!({ "signature": sven.signature() })).ok();
}

fn dispose(world: &World, who: &str, disposition: &str) -> super::persona::Reply {
    let person = world.person(who);
    let version = person.get("/api/v1/lots/LOT-1").ok().version();
    let body = json!({ "disposition": disposition, "reason": "as decided", "signature": person.signature() });
    person.on(version, "/api/v1/lots/LOT-1/dispositions", &body)
}

// shows: P11-10f, C211-188a, C211-192a, T22, F15
#[test]
fn a_batch_lives_from_its_issue_to_its_release() {
    on_each(|world| {
        world.issued();
        to_completion(world);
        let refused = dispose(world, "qadir", "released").refused(409, "not-ready-for-release");
        assert!(!refused.json["missing"].as_array().expect("a list").is_empty());
        let quinn = world.person("quinn");
        let late = json!({ "entry": "bioburden", "unit": "[CFU]/mL",
                "value": { "value": "2", "method_version": "4", "item": "BAG-1" } });
        quinn.post(&format!("{}/entries", step("OP-02~1/02.2~1")), &late).ok();
        quinn
            .post(
                &batch("entries"),
                &json!({ "entry": "identity",
                "value": { "value": "conforms", "method_version": "2", "item": "BAG-1" } }),
            )
            .ok();
        looked_over(world);
        triage_all(world);
        let qadir = world.person("qadir");
        let review = json!({ "conclusion": "complete", "signature": qadir.signature() });
        let seq = world.picture()["seq"].as_u64().expect("a head");
        qadir.on(seq, &batch("review"), &review).ok();
        let owed = json_of(qadir.get(&batch("obligations")));
        assert_eq!(owed["tally"]["open"], 0, "{:#}", owed["open"]);
        dispose(world, "quella", "released").ok();
        let quella = world.person("quella");
        quella.post(&batch("closure"), &json!({ "signature": quella.signature() })).ok();
        assert_eq!(world.picture()["phase"], "closed");
        report(world);
        let olga = world.person("olga");
        let late = json!({ "entry": "remark", "value": "too late" });
        olga.post(&format!("{}/entries", step("OP-01~1/01.2~1")), &late).ok();
        assert_eq!(world.picture()["addenda"][0]["what"], "record-entry");
        olga.post(&step("OP-01~1/01.2~2/start"), &json!({})).refused(423, "record-final");
    });
}

/// Quality looks over the results, as the second reviewer that each owes.
fn looked_over(world: &World) {
    let qadir = world.person("qadir");
    let picture = world.picture();
    let steps = picture["steps"].as_array().cloned().unwrap_or_default();
    let filled = steps.iter().find(|s| s["step"] == "OP-02~1/02.2~1").expect("filled");
    let places = [
        (&filled["entries"], format!("{}/entries/bioburden/checks", step("OP-02~1/02.2~1"))),
        (&picture["release_entries"], batch("entries/identity/checks")),
    ];
    for (entries, path) in places {
        let id = path.rsplit('/').nth(1).expect("an entry");
        let entries = entries.as_array().expect("entries");
        let entry = entries.iter().find(|entry| entry["entry"] == id).expect("the entry");
        let tag = entry["etag"].as_str().expect("a value").trim_matches('"').to_owned();
        qadir.on(tag.parse().expect("a version"), &path, &json!({})).ok();
    }
}

/// Quality decides whatever opened on the way.
pub fn triage_all(world: &World) {
    let picture = world.picture();
    for exception in picture["exceptions"].as_array().into_iter().flatten() {
        // Nobody decides about what their own act opened.
        let own = exception["by"]["user_name"] == "qadir";
        let qadir = world.person(if own { "quella" } else { "qadir" });
        if exception["triage"].is_null() {
            let body = json!({ "outcome": "not-a-deviation", "rationale": "no effect on the product",
                "signature": qadir.signature() });
            qadir.post(&batch(&format!("exceptions/{}/triage", exception["no"])), &body).ok();
        }
    }
}

fn report(world: &World) {
    let audrey = world.person("audrey");
    let issued = audrey.post(&batch("reports"), &json!({})).ok().json;
    assert_eq!(issued["no"], 1);
    let one = audrey.get(&batch("reports/1")).ok();
    let again = audrey.get(&batch("reports/1")).ok();
    assert!(one.bytes.starts_with(b"%PDF-") && one.bytes == again.bytes);
    assert_eq!(issued["bytes"].as_u64(), Some(one.bytes.len() as u64));
    audrey.get(&batch("reports/2")).refused(404, "not-found");
    let list = json_of(audrey.get(&batch("reports")));
    assert_eq!(list["renditions"][0]["sha256"], issued["sha256"]);
    let trail = json_of(audrey.get(&batch("audit-trail")));
    let entries = trail["entries"].as_array().expect("lines");
    assert_eq!(entries[0]["event"], "run.issued");
    assert!(entries.iter().any(|e| e["signatures"][0]["meaning"].is_string()));
    let number = json_of(audrey.get("/api/v1/batches"))["batches"][0]["number"].clone();
    assert_eq!(number, BATCH);
}
