//! Identifiers: one thing however it is typed or scanned. What registers a twin is refused, what reports one is
//! stored and told.

use crate::house::batch::Batch;
use crate::house::client::Persona;
use crate::house::recipes::{changed, effective, step};
use crate::house::world::{World, on_each, on_one};
use batchwright::seal::key::{KeyKind, PrivateKey};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

/// The GTIN that the master record of these tests asks of its salt.
const GTIN: &str = "09506000134352";

/// The buffer preparation with three samples more, its salt sold as one trade item.
fn recipe(code: &str) -> Value {
    changed(code, |document| {
        document["materials"][0]["gtin"] = json!(["9506000134352"]);
        let entries = step(document, "01.1")["entries"].as_array_mut().expect("entries");
        for n in 1..=3 {
            entries.push(json!({ "id": format!("sample-{n}"), "name": format!("Sample {n}"),
                "kind": "sample", "point": "vessel", "mandatory": false }));
        }
        entries.push(json!({ "id": "second", "name": "Second lot", "kind": "lot",
            "material": "NA-ACETATE", "mandatory": false }));
        entries.push(json!({ "id": "scale", "name": "Scale", "kind": "equipment",
            "class": "balance", "mandatory": false }));
    })
}

fn begun<'w>(world: &'w World, number: &str) -> Batch<'w> {
    let batch = Batch::issued_from(world, number, "BUF-IDS");
    batch.start(world.person("olga"), WEIGH).done();
    batch
}

fn record(batch: &Batch<'_>, entry: &str, value: &Value) {
    let answer =
        batch.record(batch.world.person("olga"), WEIGH, &json!({ "entry": entry, "value": value }));
    assert_eq!(answer.status, 201, "{value}: {}", answer.text());
}

/// Kind and account of each exception.
fn told(batch: &Batch<'_>) -> Vec<(String, String)> {
    let text =
        |exception: &Value, member: &str| exception[member].as_str().unwrap_or_default().to_owned();
    batch.exceptions().iter().map(|it| (text(it, "kind"), text(it, "detail"))).collect()
}

fn register(ada: &Persona, id: &str) -> (u16, String) {
    let key = PrivateKey::generate(KeyKind::Ed25519, &[9; 32]).public().to_spki_base64();
    let answer = ada.post(
        "/devices",
        &json!({ "id": id, "kind": "balance", "credential": key,
            "calibration_due": "2030-01-01T00:00:00Z" }),
    );
    (answer.status, answer.text())
}

// finding: P6
// shows: C211-188b3
#[test]
fn two_samples_that_read_alike_are_told_and_both_stored() {
    on_each(|world| {
        effective(world, &recipe("BUF-IDS"));
        for (i, twin) in
            ["S-2\u{200b}", "s-2", "S -2", "\u{ff33}-\u{ff12}", "S\u{2010}2", "\u{405}-2"]
                .iter()
                .enumerate()
        {
            let batch = begun(world, &format!("IDS-{i}"));
            record(&batch, "sample-1", &json!({ "id": "S-2" }));
            record(&batch, "sample-2", &json!({ "id": twin }));
            let found = told(&batch);
            assert_eq!(found.len(), 1, "{twin:?}: {found:?}");
            assert_eq!(found[0].0, "look-alike", "{twin:?}: {found:?}");
            assert!(found[0].1.contains("has the identity of S-2"), "{found:?}");
            assert_eq!(batch.entry(Some(WEIGH), "sample-2")["value"]["id"], json!(twin));
            record(&batch, "sample-3", &json!({ "id": "S-3" }));
            assert_eq!(told(&batch).len(), 1, "another sample is another");
        }
    });
}

// finding: A18
// shows: P11-10h
#[test]
fn equipment_is_one_however_it_is_spelled_and_an_event_on_it_concerns_every_spelling() {
    on_each(|world| {
        effective(world, &recipe("BUF-IDS"));
        let ada = world.person("ada");
        assert_eq!(register(ada, "SCALE-1").0, 201);
        for twin in ["scale-1", "SCALE-I", "SCALE-l"] {
            let (status, text) = register(ada, twin);
            assert_eq!(status, 409, "{twin}: {text}");
            assert!(text.contains("device-taken") && text.contains("SCALE-1"), "{text}");
        }
        let twins = ["SC\u{410}LE-1", "SCALE\u{2010}1", "scale-1", "SCALE-1"];
        for (i, twin) in twins.iter().enumerate() {
            let batch = begun(world, &format!("EQ-{i}"));
            record(&batch, "balance", &json!(twin));
            let found = told(&batch);
            if *twin == "SCALE-1" {
                assert!(found.is_empty(), "{found:?}");
                continue;
            }
            assert_eq!(found.len(), 1, "{twin:?}: {found:?}");
            assert_eq!(found[0].0, "look-alike");
            assert!(found[0].1.contains("reads like SCALE-1"), "{found:?}");
            // Told once: the same spelling again is no news.
            record(&batch, "scale", &json!(twin));
            assert_eq!(told(&batch).len(), 1, "{:?}", told(&batch));
        }
        let event =
            json!({ "place": { "kind": "equipment", "equipment": "SCALE-1" }, "what": "fell" });
        let answer = world.person("omar").post("/events", &event).done();
        assert_eq!(answer["concerned"], 4, "{answer}");
        let event =
            json!({ "place": { "kind": "area", "area": "buffers\u{200b}" }, "what": "dust" });
        let answer = world.person("omar").post("/events", &event).done();
        assert_eq!(answer["concerned"], 4, "{answer}");
    });
}

// finding: A18
#[test]
fn numbers_of_batches_lots_and_persons_that_read_alike_are_refused_with_their_twin() {
    on_each(|world| {
        let batch = Batch::issued(world, "AL-10");
        for twin in ["AL-1O", "AL-IO", "AL-I0"] {
            let body = json!({ "number": twin, "master": { "code": "BUF-ACETATE" } });
            let answer = world.person("sven").sign("/batches", &body);
            assert_eq!(answer.status, 409, "{twin}: {}", answer.text());
            assert!(answer.text().contains("reads like AL-10"), "{}", answer.text());
        }
        drop(batch);
        let ada = world.person("ada");
        for (twin, known) in [("o1ga", "olga"), ("0mar", "omar"), ("SVEN", "sven")] {
            let answer = ada.post(
                "/persons",
                &json!({ "user_name": twin, "printed_name": "Somebody Else", "grants": [],
                    "reason": "new" }),
            );
            assert_eq!(answer.status, 409, "{twin}: {}", answer.text());
            let text = answer.text();
            assert!(text.contains("user-name-taken") && text.contains(known), "{twin}: {text}");
        }
    });
}

// finding: N20
#[test]
fn an_area_in_which_nothing_runs_is_stored_and_the_known_ones_are_proposed() {
    on_one(|world| {
        let batch = Batch::issued(world, "AREA-1");
        batch.start(world.person("olga"), WEIGH).done();
        for wrong in ["Bufers", "Roof"] {
            let event = json!({ "place": { "kind": "area", "area": wrong }, "what": "a leak" });
            let answer = world.person("omar").post("/events", &event).done();
            assert_eq!(answer["concerned"], 0, "{answer}");
            assert_eq!(answer["known_areas"], json!(["Buffers"]), "{answer}");
        }
    });
}

// finding: P7
// shows: C211-188b3
#[test]
fn a_scanned_label_is_read_into_material_lot_expiry_and_serial() {
    on_each(|world| {
        effective(world, &recipe("BUF-IDS"));
        let element = format!("01{GTIN}1729123110NA-7/b\u{1d}21S9");
        for (i, scan) in [
            element.clone(),
            format!("]d2{element}"),
            element.replace('\u{1d}', "<GS>"),
            format!("(01){GTIN}(17)291231(10)NA-7/b(21)S9"),
            format!("https://id.gs1.org/01/{GTIN}/10/NA-7%2Fb/21/S9?17=291200"),
        ]
        .iter()
        .enumerate()
        {
            let batch = begun(world, &format!("GS-{i}"));
            record(&batch, "lot", &json!(scan));
            assert!(told(&batch).is_empty(), "{scan:?}: {:?}", told(&batch));
            let value = batch.entry(Some(WEIGH), "lot")["value"].clone();
            assert_eq!(value["lot"], "NA-7/b", "{value}");
            assert_eq!(value["label"]["expiry"], "2029-12-31", "{value}");
            assert_eq!(value["label"]["scanned"], scan.replace('\u{1d}', "\u{241d}").as_str());
            let elements = value["label"]["elements"].to_string();
            assert!(elements.contains(GTIN) && elements.contains("S9"), "{elements}");
        }
    });
}

// finding: P7
#[test]
fn a_label_of_another_item_an_expired_one_and_a_broken_one_are_stored_and_told() {
    on_each(|world| {
        effective(world, &recipe("BUF-IDS"));
        for (i, (scan, kind, says)) in [
            ("(01)04012345678901(17)291231(10)A7", "material-not-ready", "04012345678901"),
            ("(01)09506000134352(17)250131(10)A7", "material-not-ready", "2025-01-31"),
            ("(01)09506000134352(17)250200(10)A7", "material-not-ready", "2025-02-28"),
            ("(01)09506000134353(10)A7", "unknown-reference", "check digit"),
            ("(01)09506000134352(17)291231", "unknown-reference", "names no lot"),
            ("]C1\u{1d}", "unknown-reference", "no element"),
        ]
        .iter()
        .enumerate()
        {
            let batch = begun(world, &format!("BAD-{i}"));
            record(&batch, "lot", &json!(scan));
            let found = told(&batch);
            assert_eq!(found.len(), 1, "{scan:?}: {found:?}");
            assert_eq!(found[0].0, *kind, "{scan:?}: {found:?}");
            assert!(found[0].1.contains(says), "{scan:?}: {found:?}");
        }
        let batch = begun(world, "BAD-9");
        for empty in ["", " ", "\u{200b}", "A\u{0}B"] {
            let body = json!({ "entry": "lot", "value": empty });
            let answer = batch.record(world.person("olga"), WEIGH, &body);
            assert_eq!(answer.status, 422, "{empty:?}: {}", answer.text());
        }
        let odd = json!(["9506000134353"]);
        let draft = changed("BUF-ODD", |document| document["materials"][0]["gtin"] = odd.clone());
        let answer = world.person("petra").post("/master-records", &json!({ "document": draft }));
        assert!(answer.text().contains("check digit"), "{}", answer.text());
    });
}
