//! What devices say, held against the run: whose it is, when it was measured, for which batch.

use super::scene::{BEGIN, master, ph, step};
use super::world::{World, at_entry, by};
use batchwright::domain::clock::Instant;
use batchwright::domain::device::{Device, DeviceRegistered};
use batchwright::domain::entry::Input;
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::refusal::Refusal;
use batchwright::domain::run::EntryVersion;
use batchwright::domain::run::acts::{RecordDetermination, RecordEntry, RunCommand};
use batchwright::domain::run::reading::DeviceFact;
use batchwright::domain::words::Basis;
use serde_json::{Value, json};
use uuid::Uuid;

const READING: &str = "A~1/measure~1/reading";
const NUMBER: &str = "A~1/measure~1/number";
const RESULT: &str = "A~1/measure~1/result";

/// An automated measurement: a reading, a number, and a result that the laboratory finds later.
fn measuring() -> MasterRecord {
    let reading = json!({ "id": "reading", "name": "pH", "kind": "reading", "tag": "PH-1",
        "class": "ph-meter", "unit": "[pH]" });
    let mut number = ph("number");
    number["mandatory"] = false.into();
    let result = json!({ "id": "result", "name": "pH", "kind": "result", "method": "pH",
        "authorities": ["execute", "test"],
        "method_version": "1", "due": "release", "mandatory": false,
        "result": { "type": "number", "unit": "[pH]" } });
    master(
        json!([{ "id": "A", "name": "A", "steps": [
            step("measure", json!([reading, number, result]), json!({ "significant": true,
                "automated": true, "second_person": { "mode": "verify-after" } })),
        ] }]),
        json!([]),
        json!([]),
    )
}

/// A run in which the measurement began, on a site with one meter in use and one retired.
fn begun() -> World {
    let mut w = World::new(measuring());
    for (id, days) in [("PHM-1", 30), ("PHM-OLD", 30), ("PHM-DUE", 1)] {
        let record = RecordKey::new(RecordKind::Device, Uuid::nil());
        let told = DeviceRegistered {
            id: id.into(),
            printed: None,
            kind: "ph-meter".into(),
            credential: "AAAA".into(),
            calibration_due: BEGIN.plus_minutes(days * 24 * 60),
        };
        let mut device = Device::new(record, told, Instant(0), [0; 32]);
        if id == "PHM-OLD" {
            device.retired = Some((Instant(0), "broken".into()));
        }
        w.devices.push(device);
    }
    w.later(120);
    w.does(by("ana"), w.start("A~1/measure~1"));
    w
}

fn says(at: Instant) -> Value {
    json!({ "tag": "PH-1", "value": "6.85", "unit": "[pH]", "at": at.to_rfc3339() })
}

/// A report of 6.85, on the basis of a device or another one.
fn report(at: &str, basis: Basis, performed_at: Option<Instant>) -> RunCommand {
    let plain = json!("6.85");
    let value = if at == RESULT { json!({ "value": plain, "method_version": "1" }) } else { plain };
    RunCommand::RecordEntry(RecordEntry {
        at: at_entry(at),
        input: Input { value, unit: Some("[pH]".into()) },
        performed_at,
        basis,
        reason: None,
        confirmed: false,
    })
}

fn device(id: &str) -> Basis {
    Basis::Device { id: id.into() }
}

/// Records it with this text, signed by the device.
fn said(w: &mut World, command: &RunCommand, text: &str) -> Result<(), Refusal> {
    let fact = DeviceFact { payload: text, signature: "AAAA", own: true };
    let ruling = w.ask_with(by("ana"), command, Some(fact))?;
    w.follow(by("ana"), &ruling);
    Ok(())
}

fn kinds(w: &World) -> Vec<ExceptionKind> {
    w.run.exceptions.iter().map(|exception| exception.opened.kind).collect()
}

fn current<'w>(w: &'w World, at: &str) -> &'w EntryVersion {
    w.entry(&at_entry(at)).and_then(|entry| entry.current()).expect("recorded")
}

fn verified(w: &World, at: &str) -> bool {
    current(w, at).source.as_ref().is_some_and(|source| source.verified)
}

// shows: P11-10h.b, F7.b
#[test]
fn a_stale_text_is_late_however_fresh_it_is_declared() {
    let mut w = begun();
    let measured = w.now;
    w.later(30);
    let now = Some(w.now);
    let mut declared = w.clone();
    let fresh = report(READING, device("PHM-1"), now);
    said(&mut declared, &fresh, &says(measured).to_string()).expect("stored");
    assert_eq!(kinds(&declared), [ExceptionKind::Override, ExceptionKind::LateEntry]);
    assert!(!verified(&declared, READING));
    let plain = report(READING, device("PHM-1"), None);
    said(&mut w, &plain, &says(measured).to_string()).expect("stored");
    assert_eq!(kinds(&w), [ExceptionKind::LateEntry]);
    assert!(verified(&w, READING), "late, and the device's own");
}

// shows: P11-10h.c
#[test]
fn nobody_sends_a_value_as_computed() {
    let w = begun();
    for at in [READING, NUMBER, RESULT] {
        assert_eq!(w.refused(by("ana"), report(at, Basis::Computed, None)), "malformed", "{at}");
    }
    let RunCommand::RecordEntry(RecordEntry { at, input, .. }) =
        report(RESULT, Basis::Direct, None)
    else {
        unreachable!("a report")
    };
    let basis = Basis::Computed;
    let told = RunCommand::RecordDetermination(RecordDetermination {
        at,
        input,
        performed_at: None,
        basis,
        reason: None,
    });
    assert_eq!(w.refused(by("lab"), told), "malformed");
}

// shows: P11-10h.a
#[test]
fn every_device_is_looked_at_and_no_text_of_one_is_dropped() {
    for at in [READING, NUMBER, RESULT] {
        for id in ["PHM-9", "PHM-OLD", "PHM-DUE"] {
            let mut w = begun();
            // Measured in time, sent when the calibration had run out.
            let measured = w.now;
            w.later(24 * 60);
            let told = report(at, device(id), None);
            said(&mut w, &told, &says(measured).to_string()).expect("stored");
            assert!(kinds(&w).contains(&ExceptionKind::EquipmentNotReady), "{at} by {id}");
            let version = current(&w, at);
            assert!(version.check_owed && !verified(&w, at), "{at} by {id}");
            let mut silent = begun();
            silent.later(24 * 60).does(by("ana"), report(at, device(id), None));
            assert!(kinds(&silent).contains(&ExceptionKind::EquipmentNotReady), "{at} by {id}");
        }
        let mut w = begun();
        let rubbish = "6.85 or so";
        said(&mut w, &report(at, device("PHM-1"), None), rubbish).expect("stored");
        assert!(kinds(&w).contains(&ExceptionKind::Override), "{at}: {:?}", kinds(&w));
        let source = current(&w, at).source.as_ref().expect("kept");
        assert_eq!(source.payload.as_deref(), Some(rubbish), "{at}");
    }
}

// shows: P11-10h.b
#[test]
fn a_text_is_of_this_batch_by_its_number_or_by_its_time() {
    let with = |at: Instant, batch: Option<&str>| {
        let mut text = says(at);
        if let Some(batch) = batch {
            text["batch"] = batch.into();
        }
        text.to_string()
    };
    let w = begun();
    let overridden = |text: &str| {
        let mut w = w.clone();
        said(&mut w, &report(READING, device("PHM-1"), None), text).expect("stored");
        assert_eq!(verified(&w, READING), !kinds(&w).contains(&ExceptionKind::Override));
        !verified(&w, READING)
    };
    let before = BEGIN.plus_minutes(-1);
    assert!(!overridden(&with(w.now, None)));
    assert!(!overridden(&with(w.now, Some("B-1"))));
    assert!(!overridden(&with(w.now, Some("b/1"))), "as the number of this batch is printed");
    assert!(overridden(&with(w.now, Some("B/2"))), "as another's is printed");
    assert!(overridden(&with(w.now, Some("B-2"))), "another batch's");
    assert!(overridden(&with(before, None)), "measured before this batch was issued");
    let mut twice = w.clone();
    let text = with(twice.now, None);
    said(&mut twice, &report(RESULT, device("PHM-1"), None), &text).expect("stored");
    said(&mut twice, &report(READING, device("PHM-1"), None), &text).expect("stored");
    assert!(!verified(&twice, READING), "one measurement is one value");
}

// shows: C211-68c.b
#[test]
fn a_typed_number_brings_the_second_person_back() {
    let measured = |typed: bool| {
        let mut w = begun();
        let text = says(w.now).to_string();
        said(&mut w, &report(READING, device("PHM-1"), None), &text).expect("stored");
        if typed {
            w.does(by("ana"), report(NUMBER, Basis::Direct, None));
        }
        w.does(by("ana"), w.complete("A~1/measure~1"));
        w
    };
    let checked = |w: &World| w.run.steps.values().all(|step| step.checked.is_some());
    assert!(checked(&measured(false)), "the one person checks the device's work");
    let mut typed = measured(true);
    assert!(!checked(&typed), "performed by a person: another one checks");
    assert_eq!(typed.refused(by("ana"), typed.check("A~1/measure~1")), "witness-is-performer");
    typed.does(by("ben"), typed.check("A~1/measure~1"));
    assert!(checked(&typed));
}
