//! An entry keeps its bytes, and no byte of it can change unseen.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::seal::digest::{NO_PREVIOUS, to_hex};
use crate::seal::sample;

/// Frozen, and computed by an independent program: a change of any of these bytes makes every record
/// already written unreadable.
const HEADER: &str = r#"{"actor":{"person":"01970000-0000-7000-8000-000000000003","printed_name":"Anna Møller","user_name":"anna"},"area":null,"at":1773025800000000,"authority":null,"body_hash":"ef11019e7e17e6f92f43c77834f8d6e618756f9417500984d0ac2b375de20eca","clock":"simulated","command":{"id":"01970000-0000-7000-8000-000000000004","part":0},"event":{"name":"run.entry-recorded","version":1},"format":"batchwright.entry/1","previous":"0000000000000000000000000000000000000000000000000000000000000000","record_id":"01970000-0000-7000-8000-000000000002","record_kind":"run","request_id":"req-1","role":"operator","seq":1,"session":null,"site":"01970000-0000-7000-8000-000000000001","software":"0.1.0","station":"tablet-3","zone":{"name":"Europe/Copenhagen","offset_minutes":60}}"#;
const BODY: &str = r#"{"data":{"entry":"ph","performed_at":1773025800000000,"step":"05.2.1","value":"7.20"},"signatures":[]}"#;
const LINK: &str = "85f5f0f8fc146bab36ec21f286b7520c4ec8553ac53a7754819fe80f4d850506";

// shows: P11-10a.a
#[test]
fn frozen_bytes_of_header_body_and_link() {
    let entry = sample::entry();
    assert_eq!(String::from_utf8(entry.header.clone()).unwrap(), HEADER);
    assert_eq!(String::from_utf8(entry.body.clone()).unwrap(), BODY);
    assert_eq!(to_hex(&entry.link), LINK);
}

#[test]
fn opens_what_it_sealed() {
    let entry = sample::entry();
    let (header, opened) =
        Entry::open(&entry.header, &entry.salt, &entry.body, &entry.link).unwrap();
    assert_eq!(header.seq, 1);
    assert_eq!(header.previous_link(), Some(NO_PREVIOUS));
    assert_eq!(header.event.name, "run.entry-recorded");
    assert_eq!(header.actor.printed_name, "Anna Møller");
    assert_eq!(opened, body(sample::data(), vec![]));
    assert_eq!(signatures(&opened), vec![]);
    assert_eq!(Entry::open_header(&entry.header, &entry.link), Ok(header));
}

#[test]
fn refuses_bodies_out_of_shape_or_too_large() {
    let seal = |body: &Value| Entry::seal(sample::parts(1, NO_PREVIOUS), [0; 16], body);
    for bad in [
        json!(null),
        json!({}),
        json!({"data": {}}),
        json!({"data": [], "signatures": []}),
        json!({"data": {}, "signatures": {}}),
        json!({"data": {}, "signatures": [], "more": 1}),
    ] {
        assert_eq!(seal(&bad), Err(EntryFault::BodyShape), "{bad}");
    }
    assert_eq!(
        seal(&json!({"data": {"v": 7.2}, "signatures": []})),
        Err(EntryFault::Body(CanonError::Float("7.2".into())))
    );
    let fits = "x".repeat(MAX_BODY - r#"{"data":{"t":""},"signatures":[]}"#.len());
    assert!(seal(&json!({"data": {"t": fits}, "signatures": []})).is_ok());
    let beyond = format!("{fits}x");
    assert_eq!(
        seal(&json!({"data": {"t": beyond}, "signatures": []})),
        Err(EntryFault::BodyTooLarge(MAX_BODY + 1))
    );
    let mut parts = sample::parts(1, NO_PREVIOUS);
    parts.role = "a\0b".into();
    assert_eq!(
        Entry::seal(parts, [0; 16], &body(sample::data(), vec![])),
        Err(EntryFault::Header(CanonError::NulCharacter))
    );
}

#[test]
fn names_what_is_wrong_with_a_header_under_a_right_link() {
    let good = String::from_utf8(sample::entry().header).unwrap();
    let open = |header: &str| Entry::open_header(header.as_bytes(), &link_of(header.as_bytes()));
    assert!(open(&good).is_ok());
    assert_eq!(
        open(&good.replace("batchwright.entry/1", "batchwright.entry/2")),
        Err(EntryFault::Format("batchwright.entry/2".into()))
    );
    assert_eq!(
        open(&good.replace("\"area\":null", "\"area\": null")),
        Err(EntryFault::Header(CanonError::NotCanonical))
    );
    // Absent for null, capitals in an identity, and an unknown member mean other bytes: refused.
    assert_eq!(
        open(&good.replace("\"area\":null,", "")),
        Err(EntryFault::Header(CanonError::NotCanonical))
    );
    let lower = sample::RUN.to_string().replace("7000-8000", "7abc-8000");
    let with_letters = good.replace(&sample::RUN.to_string(), &lower);
    assert!(open(&with_letters).is_ok());
    assert_eq!(
        open(&with_letters.replace(&lower, &lower.to_uppercase())),
        Err(EntryFault::Header(CanonError::NotCanonical))
    );
    assert!(matches!(
        open(&good.replace("\"area\":null", "\"area\":null,\"areb\":1")),
        Err(EntryFault::HeaderShape(_))
    ));
    assert!(matches!(
        open(&good.replace("\"seq\":1", "\"seq\":0")),
        Err(EntryFault::HeaderShape(_))
    ));
    assert!(matches!(
        open(&good.replace("\"clock\":\"simulated\"", "\"clock\":\"sundial\"")),
        Err(EntryFault::HeaderShape(_))
    ));
}

// shows: P11-10a.a
#[test]
fn every_byte_of_header_salt_body_and_link_counts() {
    let entry = sample::entry();
    let open =
        |changed: &Entry| Entry::open(&changed.header, &changed.salt, &changed.body, &changed.link);
    for bit in 0..8 {
        for index in 0..entry.header.len() {
            let mut changed = entry.clone();
            changed.header[index] ^= 1 << bit;
            assert_eq!(open(&changed), Err(EntryFault::Link));
        }
        for index in 0..entry.body.len() {
            let mut changed = entry.clone();
            changed.body[index] ^= 1 << bit;
            assert_eq!(open(&changed), Err(EntryFault::BodyHash));
        }
        for index in 0..16 {
            let mut changed = entry.clone();
            changed.salt[index] ^= 1 << bit;
            assert_eq!(open(&changed), Err(EntryFault::BodyHash));
        }
        for index in 0..32 {
            let mut changed = entry.clone();
            changed.link[index] ^= 1 << bit;
            assert_eq!(open(&changed), Err(EntryFault::Link));
        }
    }
    assert_eq!(
        Entry::open(&entry.header, &entry.salt[1..], &entry.body, &entry.link),
        Err(EntryFault::Salt(15))
    );
    assert_eq!(
        Entry::open(&entry.header, &entry.salt, &entry.body, &entry.link[1..]),
        Err(EntryFault::LinkLength(31))
    );
}

proptest! {
    #[test]
    fn any_texts_survive_sealing(text in "[^\u{0}]{0,40}", salt in any::<[u8; 16]>(), seq in 1_u64..1_000_000) {
        let mut parts = sample::parts(seq, [3; 32]);
        parts.actor.printed_name = text.clone();
        let mut data = sample::data();
        data.insert("value".into(), Value::String(text.clone()));
        let entry = Entry::seal(parts, salt, &body(data, vec![])).unwrap();
        let (header, opened) = Entry::open(&entry.header, &salt, &entry.body, &entry.link).unwrap();
        prop_assert_eq!(header.actor.printed_name, text.clone());
        prop_assert_eq!(opened["data"]["value"].as_str(), Some(text.as_str()));
    }

    #[test]
    fn no_bytes_make_opening_panic(header in prop::collection::vec(any::<u8>(), 0..80), body in prop::collection::vec(any::<u8>(), 0..40)) {
        let link = link_of(&header);
        prop_assert!(Entry::open(&header, &[0; 16], &body, &link).is_err());
    }
}
