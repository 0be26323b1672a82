//! A signature stands for one content, one place, one key and one set of words.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::seal::key::KeyKind;
use crate::seal::sample;

/// Frozen, computed by an independent program: the signed bytes and the (deterministic) signature over them.
const MANIFEST: &str = r#"{"at":1773025800000000,"chain_head":"abababababababababababababababababababababababababababababababab","content_hash":"32c267a37494e7fe76633af3d293477018c7ed19c1ca09f054247b4d53113674","event":{"name":"run.entry-recorded","version":1},"format":"batchwright.signature/1","key":"fad95caa9917d5969fea3b970b70ebfa69dbe96038fbd8dc573f2ce2723d347f","meaning":"performed","person":"01970000-0000-7000-8000-000000000003","printed_name":"Anna Møller","record_id":"01970000-0000-7000-8000-000000000002","record_kind":"run","record_number":"AMAB-26-001","role":"operator","site":"01970000-0000-7000-8000-000000000001","user_name":"anna","version":5,"zone":{"name":"Europe/Copenhagen","offset_minutes":60}}"#;
const VALUE: &str =
    "KGajRcgG3wLrv50qy2kqirnP7194i7AmLpKlISsjEZRrTEMzNaIcuEdgztE51v2QAO057Wyx9tlvBFJxjyoF0A==";

const HEAD: Hash = [0xab; 32];

fn signed() -> (Signature, PublicKey, Value) {
    let key = sample::key(KeyKind::P256, 1);
    let data = Value::Object(sample::data());
    let signature = sign(sample::manifest(&data, 5, &HEAD, &key), &key).unwrap();
    (signature, key.public(), data)
}

fn check(signature: &Signature, key: &PublicKey, data: &Value) -> Result<(), SignatureFault> {
    let zone = sample::zone();
    let event = sample::event();
    let head = digest::to_hex(&HEAD);
    let position = Position {
        site: sample::SITE,
        record_kind: "run",
        record_id: sample::RUN,
        version: 5,
        chain_head: &head,
        event: &event,
        at: sample::AT,
        zone: &zone,
    };
    verify(signature, key, data, &position)
}

// shows: P11-50a.b, P11-70.a, T6.a
#[test]
fn frozen_bytes_of_manifest_and_signature() {
    let (signature, _, _) = signed();
    let bytes = signature.manifest.to_be_signed().unwrap();
    let text = bytes.strip_prefix(SIGNATURE_TAG).unwrap();
    assert_eq!(std::str::from_utf8(text).unwrap(), MANIFEST);
    assert_eq!(STANDARD.encode(signature.value), VALUE);
}

#[test]
fn stands_where_it_was_made_and_survives_the_body() {
    let (signature, key, data) = signed();
    assert_eq!(check(&signature, &key, &data), Ok(()));
    let read = Signature::from_value(&signature.to_value()).unwrap();
    assert_eq!(read, signature);
    assert_eq!(signature.to_value()["meaning"], "performed");
}

// shows: P11-70.b, A11-14.a, A11D-13.8.b, F29.b, T6.a
#[test]
fn moved_to_another_record_or_position_it_falls() {
    let (signature, key, data) = signed();
    let zone = sample::zone();
    let event = sample::event();
    let head = digest::to_hex(&HEAD);
    let here = Position {
        site: sample::SITE,
        record_kind: "run",
        record_id: sample::RUN,
        version: 5,
        chain_head: &head,
        event: &event,
        at: sample::AT,
        zone: &zone,
    };
    let other_event = EventName { name: "run.entry-corrected".into(), version: 1 };
    let other_zone = Zone { name: "UTC".into(), offset_minutes: 0 };
    let zeros = "00".repeat(32);
    let elsewhere = [
        ("site", Position { site: sample::RUN, ..here.clone() }),
        ("record kind", Position { record_kind: "master", ..here.clone() }),
        ("record", Position { record_id: sample::ANNA, ..here.clone() }),
        ("version", Position { version: 6, ..here.clone() }),
        ("chain head", Position { chain_head: &zeros, ..here.clone() }),
        ("event", Position { event: &other_event, ..here.clone() }),
        ("time", Position { at: sample::AT + 1, ..here.clone() }),
        ("zone", Position { zone: &other_zone, ..here.clone() }),
    ];
    for (part, position) in elsewhere {
        match verify(&signature, &key, &data, &position) {
            Err(SignatureFault::Moved { what, .. }) => assert_eq!(what, part),
            other => panic!("{part}: {other:?}"),
        }
    }
}

// shows: P11-50b.d, P11-70.a, A11-14.a, T6.a
#[test]
fn other_content_other_key_and_other_words_are_named() {
    let (signature, key, mut data) = signed();
    data["value"] = json!("7.02");
    assert!(matches!(check(&signature, &key, &data), Err(SignatureFault::ContentDiffers { .. })));
    let (_, _, data) = signed();
    let stranger = sample::key(KeyKind::P256, 2);
    assert!(matches!(
        check(&signature, &stranger.public(), &data),
        Err(SignatureFault::WrongKey { .. })
    ));
    // Somebody writes a stranger's fingerprint in and signs nothing anew.
    let mut forged = signature.clone();
    forged.manifest.key = stranger.public().id().to_hex();
    assert_eq!(check(&forged, &stranger.public(), &data), Err(SignatureFault::Forged));
    // Every word that is not place or content is covered by the key.
    let words: [fn(&mut Manifest); 6] = [
        |manifest| manifest.meaning = "approved".into(),
        |manifest| manifest.printed_name = "Berta".into(),
        |manifest| manifest.user_name = "berta".into(),
        |manifest| manifest.role = "qa".into(),
        |manifest| manifest.person = sample::RUN,
        |manifest| manifest.record_number = "AMAB-26-002".into(),
    ];
    for change in words {
        let mut forged = signature.clone();
        change(&mut forged.manifest);
        assert_eq!(check(&forged, &key, &data), Err(SignatureFault::Forged));
    }
}

// shows: P11-50a.a, P11-50a.b, P11-50a.c, A11-14.b, A11D-13.4.a, A11D-13.6.a, T5.a
#[test]
fn nothing_visible_may_be_empty() {
    let key = sample::key(KeyKind::P256, 1);
    let data = Value::Object(sample::data());
    let empties: [fn(&mut Manifest); 6] = [
        |manifest| manifest.meaning = " ".into(),
        |manifest| manifest.printed_name.clear(),
        |manifest| manifest.user_name.clear(),
        |manifest| manifest.role.clear(),
        |manifest| manifest.zone.name.clear(),
        |manifest| manifest.record_number.clear(),
    ];
    for empty in empties {
        let mut manifest = sample::manifest(&data, 5, &HEAD, &key);
        empty(&mut manifest);
        assert!(matches!(sign(manifest, &key), Err(SignatureFault::Empty(_))));
    }
    let mut manifest = sample::manifest(&data, 5, &HEAD, &key);
    manifest.key = "00".repeat(32);
    assert!(matches!(sign(manifest, &key), Err(SignatureFault::WrongKey { .. })));
}

#[test]
fn misshapen_values_are_named() {
    let (signature, _, _) = signed();
    let good = signature.to_value();
    let mut cases = vec![json!(1), json!({})];
    for (member, value) in [
        ("value", json!("AAAA")),
        ("value", json!(7)),
        ("version", json!("5")),
        ("extra", json!(1)),
        ("person", json!("anna")),
    ] {
        let mut bad = good.clone();
        bad[member] = value;
        cases.push(bad);
    }
    for bad in cases {
        assert!(matches!(Signature::from_value(&bad), Err(SignatureFault::Shape(_))), "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_flipped_bit_of_the_value_is_found(bit in 0_usize..512) {
        let (mut signature, key, data) = signed();
        signature.value[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(check(&signature, &key, &data), Err(SignatureFault::Forged));
    }
}
