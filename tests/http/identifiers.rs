//! Identifiers: one thing however it is typed or scanned. What registers a twin is refused, what reports one is
//! stored and told.

use crate::house::batch::Batch;
use crate::house::client::Persona;
use crate::house::recipes::{changed, effective, step, version};
use crate::house::world::{World, on_each, on_one};
use batchwright::seal::key::{KeyKind, PrivateKey};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

/// The GTIN that the master record of these tests asks of its salt.
const GTIN: &str = "09506000134352";

/// The buffer preparation with three samples more, its salt sold as one trade item.
pub fn recipe(code: &str) -> Value {
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
    begun_from(world, number, "BUF-IDS")
}

pub fn begun_from<'w>(world: &'w World, number: &str, code: &str) -> Batch<'w> {
    let batch = Batch::issued_from(world, number, code);
    batch.start(world.person("olga"), WEIGH).done();
    batch
}

pub fn record(batch: &Batch<'_>, entry: &str, value: &Value) {
    let answer =
        batch.record(batch.world.person("olga"), WEIGH, &json!({ "entry": entry, "value": value }));
    assert_eq!(answer.status, 201, "{value}: {}", answer.text());
}

/// What is kept of the newest version of an entry.
fn value(batch: &Batch<'_>, entry: &str) -> Value {
    let versions = batch.entry(Some(WEIGH), entry)["versions"].clone();
    let newest = versions.as_array().and_then(|all| all.last().cloned());
    newest.unwrap_or_else(|| panic!("no version of {entry}: {versions}"))["value"].clone()
}

/// Kind and account of each exception.
pub fn told(batch: &Batch<'_>) -> Vec<(String, String)> {
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
            assert_eq!(value(&batch, "sample-2")["id"], json!(twin));
            record(&batch, "sample-3", &json!({ "id": "S-3" }));
            assert_eq!(told(&batch).len(), 1, "another sample is another");
        }
    });
}

// finding: A18
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
        let twins = ["SC\u{410}LE-1", "SCALE\u{2010}1", "scale-1", "SCALE-1", "SCALE-l"];
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
        assert_eq!(answer["concerned"], 5, "{answer}");
        let event =
            json!({ "place": { "kind": "area", "area": "buffers\u{200b}" }, "what": "dust" });
        let answer = world.person("omar").post("/events", &event).done();
        assert_eq!(answer["concerned"], 5, "{answer}");
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
                &json!({ "user_name": twin, "printed_name": "Somebody Else", "roles": [],
                    "reason": "new" }),
            );
            assert_eq!(answer.status, 409, "{twin}: {}", answer.text());
            let text = answer.text();
            assert!(text.contains("user-name-taken") && text.contains(known), "{twin}: {text}");
        }
    });
}

// finding: P6
#[test]
fn a_number_is_printed_as_the_plant_writes_it_and_its_key_stands_in_addresses() {
    on_each(|world| {
        effective(world, &recipe("MFC/IB/041.09"));
        let sven = world.person("sven");
        let issue = |number: &str, code: &str| {
            sven.sign("/batches", &json!({ "number": number, "master": { "code": code } }))
        };
        let answer = issue("mfc/ib 041.09", "MFC/IB/041.09").done();
        assert_eq!(answer["record"]["number"], "MFC-IB041.09", "{answer}");
        let batch = Batch { world, number: "MFC-IB041.09".into() };
        assert_eq!(batch.picture()["printed"], "mfc/ib 041.09");
        let listed = world.person("olga").get("/batches").done();
        assert_eq!(listed["batches"][0]["printed"], "mfc/ib 041.09", "{listed}");
        issue("MFC/IB/041.09", "MFC-IB-041.09").done();
        for (twin, known) in [
            ("MFC-IB041.09", "MFC-IB041.09"),
            ("Mfc/IB 041.09", "MFC-IB041.09"),
            ("MFC (IB041.09", "MFC-IB041.09"),
            ("mfc:ib-041.09", "MFC-IB-041.09"),
        ] {
            let answer = issue(twin, "MFC-IB-041.09");
            assert_eq!(answer.status, 409, "{twin}: {}", answer.text());
            assert!(answer.text().contains(known), "{twin}: {}", answer.text());
        }
        for odd in ["MFC\u{fc}", "MFC\"1", " MFC", "/MFC", "MFC\u{a0}1"] {
            issue(odd, "MFC-IB-041.09").refused(422, "malformed");
        }
        batch.filled();
        let lot = json!({ "number": "ib/041-L 1", "material": "Acetate buffer",
            "quantity": { "value": "98.0", "unit": "L" }, "parents": [] });
        let answer = sven.post(&batch.path("lots"), &lot).done();
        assert_eq!(answer["lot"], "IB-041-L1", "{answer}");
        assert_eq!(world.person("olga").get("/lots/IB-041-L1").done()["printed"], "ib/041-L 1");
        sven.post(&batch.path("lots"), &lot).refused(409, "lot-number-taken");
        let next = begun_from(world, "NEXT-1", "MFC-IB-041.09");
        record(&next, "second", &json!("ib/041-L 1"));
        assert!(told(&next).is_empty(), "as printed: {:?}", told(&next));
        let next = begun_from(world, "NEXT-2", "MFC-IB-041.09");
        record(&next, "second", &json!("IB-041-L1"));
        assert!(told(&next).is_empty(), "its key: {:?}", told(&next));
        let next = begun_from(world, "NEXT-3", "MFC-IB-041.09");
        record(&next, "second", &json!("IB/041/L1"));
        let found = told(&next);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains("reads like ib/041-L 1"), "{found:?}");
        let ada = world.person("ada");
        let (status, text) = register(ada, "WB 1/2");
        assert_eq!(status, 201, "{text}");
        assert!(text.contains("WB1-2"), "{text}");
        assert_eq!(register(ada, "WB1-2").0, 409);
        record(&next, "balance", &json!("WB 1/2"));
        assert_eq!(told(&next).len(), 1, "{:?}", told(&next));
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

// shows: C211-188b3.a
// finding: P7
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
            let value = value(&batch, "lot");
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
            ("(01)09506000134352(15)250131(10)A7", "material-not-ready", "2025-01-31"),
            ("(01)09506000134352(10)A7(7003)2501310900", "material-not-ready", "2025-01-31"),
            ("(01)09506000134352(10)A7(10)B8", "unknown-reference", "said twice: A7 and B8"),
            ("]C110A717291231", "unknown-reference", "a separator may be missing"),
            ("(01)09506000134352(17)291331(10)A7", "unknown-reference", "no day"),
            ("[)>\u{1e}06\u{1d}1TA7\u{1d}14D20250131", "material-not-ready", "2025-01-31"),
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
        let batch = begun(world, "BAD-NONE");
        for empty in ["", " ", "\u{200b}", "A\u{0}B"] {
            let body = json!({ "entry": "lot", "value": empty });
            let answer = batch.record(world.person("olga"), WEIGH, &body);
            assert_eq!(answer.status, 422, "{empty:?}: {}", answer.text());
        }
    });
}

// finding: P7, P8
#[test]
fn a_master_record_has_a_finding_at_what_no_page_shows_and_at_a_wrong_trade_item() {
    on_one(|world| {
        let petra = world.person("petra");
        for (i, (pointer, odd, says)) in [
            ("/materials/0/gtin", json!(["9506000134353"]), "check digit"),
            ("/materials/0/name", json!("\u{9178}\u{9178}"), "U+9178"),
            ("/title", json!("Buffer \u{202e}"), "U+202E"),
            ("/title", json!("Buffer \u{1f600}"), "U+1F600"),
        ]
        .into_iter()
        .enumerate()
        {
            let code = format!("BUF-ODD-{i}");
            let document = changed(&code, |document| {
                *document.pointer_mut(pointer).unwrap_or(&mut Value::Null) = odd.clone();
                if pointer.ends_with("gtin") {
                    document["materials"][0]["gtin"] = odd.clone();
                }
            });
            petra.post("/masters", &json!({ "content": document })).done();
            let findings = petra.get(&format!("{}/findings", version(&code, 1))).done();
            let all = findings["findings"].to_string();
            assert!(all.contains(says) && all.contains(pointer), "{pointer}: {all}");
        }
    });
}

// finding: P8
#[test]
fn a_printed_name_that_no_page_shows_is_refused_with_the_character() {
    on_one(|world| {
        let ada = world.person("ada");
        let new = |name: &str| {
            ada.post(
                "/persons",
                &json!({ "user_name": "li.xiao", "printed_name": name, "roles": [], "reason": "new" }),
            )
        };
        for (name, point) in [
            ("\u{674e}\u{5c0f}", "U+674E"),
            ("\u{639}\u{644}\u{64a}", "U+0639"),
            ("Li \u{1f600}", "U+1F600"),
            ("Q\u{301}x", "U+0301"),
        ] {
            let told = new(name).refused(422, "printed-name-malformed").to_string();
            assert!(told.contains(point), "{told}");
            let other = json!({ "printed_name": name, "reason": "married" });
            let text = ada.post("/persons/olga/name", &other).text();
            assert!(text.contains("printed-name-malformed") && text.contains(point), "{text}");
        }
        new("Li Xi\u{61}\u{30c}o").done();
        assert_eq!(ada.get("/persons/li.xiao").done()["printed_name"], "Li Xi\u{1ce}o");
    });
}

// finding: P8
#[test]
fn no_text_of_a_report_breaks_the_store_and_what_cannot_be_read_is_refused_alone() {
    on_each(|world| {
        let batch = Batch::issued(world, "TXT-1");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        // Whatever can be seen as a code point is a fact, and stored.
        for text in
            ["\u{7}bell", "a\r\nb\rc", "\u{202e}drawer", "\u{674e} \u{1f600}", "e\u{301}\u{200d}"]
        {
            let event = olga.post(&batch.path("events"), &json!({ "what": text }));
            assert_eq!(event.status, 201, "{text:?}: {}", event.text());
        }
        let kept = batch.picture()["happenings"].to_string();
        assert!(kept.contains("drawer") && kept.contains("\u{674e}"), "{kept}");
        // A character that no text holds: told by its place, on every door.
        let nul = "a\u{0}b";
        for (path, body, place) in [
            (batch.path("events"), json!({ "what": nul }), "/what"),
            (batch.step(WEIGH, "entries"), json!({ "entry": "lot", "value": nul }), "/value"),
            (
                batch.step(WEIGH, "entries"),
                json!({ "entry": "lot", "value": "A7", "reason": nul }),
                "/reason",
            ),
            (
                "/events".into(),
                json!({ "place": { "kind": "area", "area": nul }, "what": "x" }),
                "/place/area",
            ),
            ("/sessions".into(), json!({ "user_name": nul, "password": "x" }), "/user_name"),
        ] {
            let answer = olga.post(&path, &body);
            assert_eq!(answer.status, 422, "{path}: {}", answer.text());
            assert!(answer.text().contains("U+0000"), "{path}: {}", answer.text());
            assert!(answer.text().contains(place), "{path}: {}", answer.text());
        }
    });
}
