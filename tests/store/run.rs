//! A run of the example buffer in the journal, written event by event.

use super::world::{World, done, write};
use batchwright::domain::command::Planned;
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::domain::signing::Meaning;
use batchwright::seal::canon::canonical;
use batchwright::seal::digest;
use batchwright::store::Submission;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// A planned event in plain words.
pub fn event(record: RecordKey, name: &str, data: Value) -> Planned {
    Planned {
        record,
        name: name.into(),
        version: 1,
        data,
        signatures: Vec::new(),
        blobs: Vec::new(),
        area: None,
    }
}

/// Writes a master record and issues runs of it.
pub fn issue(world: &World, numbers: &[&str]) -> Vec<RecordKey> {
    let text = std::fs::read("schemas/examples/buffer-preparation.json").expect("the example");
    let content: Value = serde_json::from_slice(&text).expect("JSON");
    let bytes = canonical(&content).expect("canonical");
    let hash = digest::to_hex(&digest::sha256(&[&bytes]));
    let master = RecordKey::new(RecordKind::Master, Uuid::now_v7());
    let data = json!({"code": "BUF-ACETATE", "version": 1, "title": "Acetate buffer, 100 L",
        "product": "BUFFERS", "content_hash": hash});
    let mut drafted = event(master, "master.drafted", data);
    drafted.blobs.push((hash.clone(), Arc::new(bytes)));
    done(world.kim_does(vec![drafted]));
    let of_run = |(number, no): (&&str, u64)| {
        let run = RecordKey::new(RecordKind::Run, Uuid::now_v7());
        let data = json!({"number": number, "issue_no": no, "purpose": "preparation",
            "product": "BUFFERS",
            "master": {"record": master, "code": "BUF-ACETATE", "version": 1, "content_hash": hash}});
        let mut issued = event(run, "run.issued", data);
        issued.signatures = vec![world.signature(Meaning::IssuedAndChecked)];
        let submission = Submission::by(write(vec![issued]), world.kim, None);
        done(world.store.submit(Submission { keys: vec![world.unlocked()], ..submission }).wait());
        run
    };
    numbers.iter().zip(1_u64..).map(of_run).collect()
}

/// Starts occurrence `k` of step 01.1.
pub fn started(run: RecordKey, k: u32) -> Planned {
    let data = json!({"step": format!("OP-01~1/01.1~{k}"), "under_exceptions": []});
    event(run, "run.step-started", data)
}

/// Records the weight in occurrence `k` of step 01.1.
pub fn recorded(run: RecordKey, k: u32, weight: &str) -> Planned {
    let data = json!({
        "at": {"step": format!("OP-01~1/01.1~{k}"), "entry": "weight"},
        "value": {"kind": "number", "data": weight, "shown": format!("{weight} kg"),
                  "number": {"value": weight, "unit": "kg"}},
        "raw": format!("{{\"unit\":\"kg\",\"value\":\"{weight}\"}}"),
        "verdicts": [{"purpose": "acceptance", "side": "within", "limit": "0.250 ≤ x ≤ 0.290 kg"}],
        "performed_at": null, "basis": {"kind": "direct"}, "reason": null,
        "under_exceptions": [], "check_owed": false, "exceptions": []});
    event(run, "run.entry-recorded", data)
}

/// Corrects the weight in occurrence `k` of step 01.1.
pub fn corrected(run: RecordKey, k: u32, version: u32, weight: &str) -> Planned {
    let data = json!({
        "at": {"step": format!("OP-01~1/01.1~{k}"), "entry": "weight"}, "version": version,
        "value": {"kind": "number", "data": weight, "shown": format!("{weight} kg"),
                  "number": {"value": weight, "unit": "kg"}},
        "raw": format!("{{\"unit\":\"kg\",\"value\":\"{weight}\"}}"), "verdicts": [],
        "reason": "read the wrong line", "slip": false, "superseded_uses": [],
        "check_owed": true, "exceptions": []});
    event(run, "run.entry-corrected", data)
}
