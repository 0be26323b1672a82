//! Devices: whose signed text counts as a reading, and what follows when somebody types it instead.

use crate::house::batch::Batch;
use crate::house::client::{Answer, Persona, With};
use crate::house::recipes::{changed, effective, step};
use crate::house::world::{World, on_each, on_one};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use batchwright::seal::key::{KeyKind, PrivateKey};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

/// The key of a device: a seed makes it.
fn key(seed: u8) -> PrivateKey {
    PrivateKey::generate(KeyKind::Ed25519, &[seed; 32])
}

fn register(ada: &Persona, id: &str, kind: &str, seed: u8, due: &str) -> Answer {
    let body = json!({ "id": id, "kind": kind, "credential": key(seed).public().to_spki_base64(),
        "calibration_due": due });
    ada.post("/devices", &body)
}

/// The buffer preparation, its weighing automated: a balance gives the weight.
fn recipe(code: &str) -> Value {
    changed(code, |document| {
        let weigh = step(document, "01.1");
        weigh["automated"] = true.into();
        let weight = &mut weigh["entries"][2];
        weight["kind"] = "reading".into();
        weight["tag"] = "W-NET".into();
        weight["class"] = "balance".into();
    })
}

/// What the balance says now.
fn says(world: &World, value: &str) -> Value {
    let at = world.line.clock.time().to_rfc3339();
    json!({ "tag": "W-NET", "value": value, "unit": "kg", "at": at, "serial": "77-1204" })
}

/// A report of the balance with this text, signed by this key.
fn report(id: &str, value: &str, text: &str, seed: u8) -> Value {
    json!({ "entry": "weight", "value": value, "unit": "kg",
        "basis": { "kind": "device", "id": id }, "payload": text,
        "payload_signature": STANDARD.encode(key(seed).sign(text.as_bytes())) })
}

/// A batch whose weighing has begun.
fn begun<'w>(world: &'w World, number: &str) -> Batch<'w> {
    let batch = Batch::issued_from(world, number, "BUF-DEVICE");
    let olga = world.person("olga");
    batch.start(olga, WEIGH).done();
    batch.record(olga, WEIGH, &json!({ "entry": "lot", "value": "NA-2026-01" })).done();
    batch.record(olga, WEIGH, &json!({ "entry": "balance", "value": "BAL-07" })).done();
    batch
}

fn weight(batch: &Batch<'_>) -> Value {
    batch.entry(Some(WEIGH), "weight")["versions"][0].clone()
}

// shows: P11-10h.a
#[test]
fn devices_are_registered_calibrated_and_retired_and_ids_are_never_given_again() {
    on_each(|world| {
        let (ada, olga) = (world.person("ada"), world.person("olga"));
        register(olga, "BAL-07", "balance", 7, "2026-12-31T00:00:00Z")
            .refused(403, "authority-missing");
        register(ada, "BAL-07", "balance", 7, "2026-03-01T00:00:00Z").done();
        register(ada, "bal-07", "balance", 8, "2026-12-31T00:00:00Z").refused(409, "device-taken");
        register(ada, "B\u{c4}L-08", "balance", 8, "2026-12-31T00:00:00Z")
            .refused(422, "device-malformed");
        register(ada, "BAL-08", "balance", 8, "tomorrow").refused(422, "malformed");
        let weak = json!({ "id": "BAL-08", "kind": "balance", "credential": "AAAA",
            "calibration_due": "2026-12-31T00:00:00Z" });
        ada.post("/devices", &weak).refused(422, "device-malformed");
        let listed = olga.get("/devices").done()["devices"][0].clone();
        assert!(listed["not_ready"].as_str().unwrap().contains("calibration"), "{listed}");
        let calibrated =
            json!({ "calibration_due": "2026-12-31T00:00:00Z", "reference": "CAL-26-118" });
        ada.post("/devices/BAL-09/calibrations", &calibrated).refused(404, "device-unknown");
        ada.post("/devices/BAL-07/calibrations", &calibrated).done();
        let listed = olga.get("/devices").done()["devices"][0].clone();
        assert_eq!(
            (&listed["not_ready"], &listed["calibration_reference"]),
            (&Value::Null, &json!("CAL-26-118"))
        );
        ada.post("/devices/BAL-07/retirement", &json!({ "reason": "" }))
            .refused(428, "reason-required");
        ada.post("/devices/BAL-07/retirement", &json!({ "reason": "load cell broken" })).done();
        ada.post("/devices/BAL-07/calibrations", &calibrated).refused(409, "device-retired");
        register(ada, "BAL-07", "balance", 9, "2026-12-31T00:00:00Z").refused(409, "device-taken");
        register(ada, "ph-03", "pH meter", 9, "2026-12-31T00:00:00Z").done();
        let trail = world.person("audrey");
        for id in ["ph-03", "PH-03"] {
            let found = trail.get(&format!("/audit-trail?record_kind=device&record={id}")).done();
            assert!(found.to_string().contains("device.registered"), "{id}: {found}");
        }
        trail.get("/audit-trail?record_kind=device&record=ph-04").refused(404, "not-found");
    });
}

// shows: P11-10h.c, C211-188b4.a, C211-188b4.c, DI-Q1b.b, DI-Q9.b, F23.a
#[test]
fn a_reading_keeps_the_devices_own_text_and_is_judged_like_any_value() {
    on_each(|world| {
        register(world.person("ada"), "BAL-07", "balance", 7, "2026-12-31T00:00:00Z").done();
        effective(world, &recipe("BUF-DEVICE"));
        let olga = world.person("olga");
        let batch = begun(world, "DEV-1");
        let text = says(world, "0.272").to_string();
        batch.record(olga, WEIGH, &report("BAL-07", "0.272", &text, 7)).done();
        let version = weight(&batch);
        let source = &version["source"];
        assert_eq!((&source["verified"], &source["payload"]), (&json!(true), &json!(text)));
        assert_eq!(source["calibration_due"], "2026-12-31T00:00:00.000000Z", "{source}");
        assert_eq!((&version["check_owed"], batch.exceptions().len()), (&json!(false), 0));
        let late = begun(world, "DEV-2");
        let text = says(world, "0.300").to_string();
        world.minutes(20);
        late.record(olga, WEIGH, &report("BAL-07", "0.300", &text, 7)).done();
        assert_eq!(late.exception_kinds(), ["out-of-acceptance", "late-entry"]);
        assert_eq!(weight(&late)["source"]["verified"], true, "late, and the device's own");
    });
}

// shows: P11-10h.a, P11-10h.b, A11-05.a, F23.a
#[test]
fn what_a_device_did_not_say_is_stored_with_its_exception_and_never_refused() {
    on_one(|world| {
        let ada = world.person("ada");
        register(ada, "BAL-07", "balance", 7, "2026-12-31T00:00:00Z").done();
        register(ada, "BAL-08", "balance", 8, "2026-03-01T00:00:00Z").done();
        register(ada, "BAL-09", "balance", 9, "2026-12-31T00:00:00Z").done();
        register(ada, "TT-1", "thermometer", 10, "2026-12-31T00:00:00Z").done();
        ada.post("/devices/BAL-09/retirement", &json!({ "reason": "broken" })).done();
        effective(world, &recipe("BUF-DEVICE"));
        let olga = world.person("olga");
        let unready = vec!["equipment-not-ready"];
        let overridden = vec!["override"];
        let cases = [
            ("BAL-99", 7, "0.272", None, vec!["equipment-not-ready", "override"]),
            ("BAL-08", 8, "0.272", None, unready.clone()),
            ("BAL-09", 9, "0.272", None, unready.clone()),
            ("TT-1", 10, "0.272", None, unready),
            ("BAL-07", 8, "0.272", None, overridden.clone()),
            ("BAL-07", 7, "0.273", None, overridden.clone()),
            ("BAL-07", 7, "0.272", Some(("unit", "g")), overridden.clone()),
            ("BAL-07", 7, "0.272", Some(("tag", "W-TARE")), overridden.clone()),
            ("BAL-07", 7, "0.272", Some(("at", "2026-03-03T09:00:00Z")), overridden.clone()),
            ("BAL-07", 7, "0.272", Some(("batch", "ODD-1")), overridden),
        ];
        for (n, (id, seed, value, change, kinds)) in cases.into_iter().enumerate() {
            let batch = begun(world, &format!("ODD-{n}"));
            let mut text = says(world, "0.272");
            if let Some((member, value)) = change {
                text[member] = value.into();
            }
            let body = report(id, value, &text.to_string(), seed);
            let answer = batch.record(olga, WEIGH, &body).done();
            assert_eq!(batch.exception_kinds(), kinds, "{body}");
            assert_eq!(answer["check_owed"], true, "{body}");
            assert_eq!(weight(&batch)["source"]["verified"], false, "{body}");
        }
        let mut silent = report("BAL-07", "0.272", "", 7);
        silent.as_object_mut().expect("an object").retain(|name, _| !name.starts_with("payload"));
        for (n, body) in [report("BAL-07", "0.272", "0.272 kg", 7), silent].iter().enumerate() {
            let batch = begun(world, &format!("MUTE-{n}"));
            assert_eq!(batch.record(olga, WEIGH, body).done()["check_owed"], true, "{body}");
            assert_eq!(batch.exception_kinds(), ["override"], "{body}");
        }
        let own = says(world, "0.272").to_string();
        let batch = begun(world, "ODD-LONG");
        let long = "x".repeat(16 * 1024 + 1);
        batch.record(olga, WEIGH, &report("BAL-07", "0.272", &long, 7)).refused(422, "malformed");
        let mut lost = report("BAL-07", "0.272", &own, 7);
        lost["basis"] = Value::Null;
        batch.record(olga, WEIGH, &lost).refused(422, "malformed");
    });
}

// shows: P11-10h.d
#[test]
fn typing_or_overriding_a_devices_value_opens_an_exception_and_owes_a_checker() {
    on_each(|world| {
        register(world.person("ada"), "BAL-07", "balance", 7, "2026-12-31T00:00:00Z").done();
        effective(world, &recipe("BUF-DEVICE"));
        let olga = world.person("olga");
        let typed = begun(world, "HAND-1");
        let body = json!({ "entry": "weight", "value": "0.272", "unit": "kg" });
        let answer = typed.record(olga, WEIGH, &body).done();
        assert_eq!(
            (typed.exception_kinds(), &answer["check_owed"]),
            (vec!["override".into()], &json!(true))
        );
        let said = typed.exceptions()[0]["detail"].as_str().unwrap().to_owned();
        assert!(said.contains("a reason and a checker are owed"), "{said}");
        let owed = olga.get(&typed.path("obligations")).done();
        let open = owed["obligations"].as_array().unwrap().iter().any(|obligation| {
            obligation["id"].as_str().unwrap().ends_with("weight/override-reason")
                && obligation["status"] == "open"
        });
        assert!(open, "{owed}");

        let batch = begun(world, "HAND-2");
        let text = says(world, "0.272").to_string();
        batch.record(olga, WEIGH, &report("BAL-07", "0.272", &text, 7)).done();
        let path = batch.step(WEIGH, "entries/weight/corrections");
        let version = With::version(&batch.entry_etag(WEIGH, "weight"));
        let slip = json!({ "value": "0.271", "unit": "kg", "slip": true });
        olga.post_with(&path, &slip, &version).refused(428, "not-a-slip");
        let why = json!({ "value": "0.271", "unit": "kg", "reason": "vessel touched the wall" });
        olga.post_with(&path, &why, &version).done();
        assert_eq!(batch.exception_kinds(), ["override"]);
        let versions = batch.entry(Some(WEIGH), "weight")["versions"].clone();
        assert_eq!(
            (&versions[1]["check_owed"], &versions[1]["source"]),
            (&json!(true), &Value::Null)
        );
        assert_eq!(versions[0]["source"]["verified"], true, "what the device said stays");
    });
}

// shows: C211-68c.a, C211-68c.b
#[test]
fn what_a_device_did_one_person_checks_and_without_that_check_it_is_not_complete() {
    on_each(|world| {
        register(world.person("ada"), "BAL-07", "balance", 7, "2026-12-31T00:00:00Z").done();
        effective(world, &recipe("BUF-DEVICE"));
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let batch = begun(world, "AUTO-1");
        let text = says(world, "0.272").to_string();
        batch.record(olga, WEIGH, &report("BAL-07", "0.272", &text, 7)).done();
        let etag = batch.occurrence(WEIGH)["etag"].as_str().unwrap().to_owned();
        let path = batch.step(WEIGH, "completion");
        olga.post_with(&path, &json!({}), &With::version(&etag)).refused(428, "signature-required");
        batch.complete(olga, WEIGH).done();
        let done = batch.occurrence(WEIGH);
        assert_eq!(done["checked"]["meaning"], "verified", "{done}");
        batch.check(omar, WEIGH).refused(409, "already-checked");
        batch.start(olga, "OP-01~1/01.2~1").done();
        let owed = olga.get(&batch.path("obligations")).done();
        for obligation in owed["obligations"].as_array().unwrap() {
            let id = obligation["id"].as_str().unwrap();
            assert!(
                !id.starts_with(&format!("step/{WEIGH}/")) || obligation["status"] == "met",
                "{obligation}"
            );
        }

        let typed = begun(world, "AUTO-2");
        let body =
            json!({ "entry": "weight", "value": "0.272", "unit": "kg", "reason": "cable cut" });
        typed.record(olga, WEIGH, &body).done();
        typed.complete(olga, WEIGH).done();
        assert_eq!(
            typed.occurrence(WEIGH)["checked"],
            Value::Null,
            "typed: a second person checks"
        );
        typed.check(olga, WEIGH).refused(403, "witness-is-performer");
        typed.check(omar, WEIGH).done();
    });
}

// shows: P11-10h.b, A11-05.c
#[test]
fn one_measurement_is_one_reading() {
    on_one(|world| {
        register(world.person("ada"), "BAL-07", "balance", 7, "2026-12-31T00:00:00Z").done();
        let twice = changed("BUF-DEVICE", |document| {
            let mut with = recipe("BUF-DEVICE");
            let weigh = step(&mut with, "01.1").clone();
            let mut second = weigh["entries"][2].clone();
            second["id"] = "weight-2".into();
            *step(document, "01.1") = weigh;
            step(document, "01.1")["entries"].as_array_mut().expect("entries").push(second);
        });
        effective(world, &twice);
        let olga = world.person("olga");
        let batch = begun(world, "TWICE-1");
        let text = says(world, "0.272").to_string();
        let mut body = report("BAL-07", "0.272", &text, 7);
        batch.record(olga, WEIGH, &body).done();
        body["entry"] = "weight-2".into();
        batch.record(olga, WEIGH, &body).done();
        assert_eq!(batch.exception_kinds(), ["override"]);
    });
}

// shows: P11-10h.b
#[test]
fn an_alarm_is_imported_only_with_its_systems_own_text_and_else_it_is_typed() {
    on_each(|world| {
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let due = "2020-01-01T00:00:00Z";
        register(world.person("ada"), "DCS-01", "control-system", 9, due).done();
        let batch = Batch::issued(world, "ALM-2");
        batch.start(olga, WEIGH).done();
        world.minutes(1);
        let text = |priority: &str| {
            let at = world.line.clock.time().to_rfc3339();
            json!({ "tag": "BR-101", "priority": priority, "text": "drive: low", "at": at })
        };
        let alarm = |said: &str, signature: String| {
            json!({ "tag": "BR-101", "priority": "critical", "text": "drive: low",
                "device": "DCS-01", "payload": said, "payload_signature": signature })
        };
        let signed = |said: &str, seed: u8| STANDARD.encode(key(seed).sign(said.as_bytes()));
        let path = batch.path("alarms");
        let acknowledge = |no: u32, who: &Persona| {
            who.post(
                &batch.path(&format!("alarms/{no}/acknowledgement")),
                &json!({ "comment": "seen" }),
            )
        };
        // Its own text: whoever passed it on may acknowledge it. It asks for no calibration.
        let own = text("critical").to_string();
        olga.post(&path, &alarm(&own, signed(&own, 9))).done();
        let told = |no: usize| batch.picture()["alarms"][no - 1].clone();
        assert_eq!(
            (&told(1)["imported"], &told(1)["source"]["verified"]),
            (&true.into(), &true.into())
        );
        assert_eq!(told(1)["source"]["payload"], own.as_str());
        acknowledge(1, olga).done();
        assert_eq!(batch.exception_kinds(), ["alarm"]);
        // Said twice, graver than it was, by another key, with no text, of another batch: stored as told,
        // as a person's word, with what speaks against it.
        let low = text("low").to_string();
        let mut other = text("critical");
        other["batch"] = "ALM-9".into();
        let other = other.to_string();
        let fresh = text("critical").to_string() + " ";
        let bare = json!({ "tag": "BR-101", "priority": "low", "text": "x", "device": "DCS-01" });
        let odd = [
            (alarm(&own, signed(&own, 9)), "was told before as alarm 1"),
            (alarm(&low, signed(&low, 9)), "its priority is"),
            (alarm(&fresh, signed(&fresh, 8)), "was not signed by device DCS-01"),
            (bare, "nothing signed by device DCS-01"),
            (alarm(&other, signed(&other, 9)), "is of batch"),
        ];
        for (no, (body, expected)) in (2..).zip(odd) {
            olga.post(&path, &body).done();
            let alarm = told(no);
            assert_eq!(alarm["imported"], false, "{alarm}");
            let exceptions = batch.exceptions();
            let detail = exceptions.last().unwrap()["detail"].to_string();
            assert!(detail.contains(expected), "{expected}: {detail}");
        }
        acknowledge(2, olga).refused(409, "alarm-own-acknowledgement");
        acknowledge(2, omar).done();
        let late = json!({ "tag": "BR-101", "priority": "low", "text": "x",
            "raised_at": world.line.clock.time().to_rfc3339() });
        world.minutes(16);
        olga.post(&path, &late).done();
        assert_eq!(batch.exception_kinds().last().unwrap(), "late-entry");
        let mut orphan = alarm(&fresh, signed(&fresh, 9));
        orphan["device"] = Value::Null;
        olga.post(&path, &orphan).refused(422, "malformed");
    });
}
