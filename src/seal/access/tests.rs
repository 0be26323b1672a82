//! Access rows keep their bytes and their place.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::seal::digest::NO_PREVIOUS;
use crate::seal::sample;

/// Frozen, computed by an independent program.
const ROW: &str = r#"{"at":1773025800000000,"clock":"system","code":"credentials-wrong","detail":{"attempt":2},"format":"batchwright.access/1","outcome":"failed","person":"01970000-0000-7000-8000-000000000003","previous":"0000000000000000000000000000000000000000000000000000000000000000","request_id":"req-1","rule":"P11-300d","seq":1,"session":null,"site":"01970000-0000-7000-8000-000000000001","station":null,"user_name":"anna","what":"sign-in","zone":{"name":"Europe/Copenhagen","offset_minutes":60}}"#;
const LINK: &str = "044a2126b31df6c39c1fb237992339795f9a9bdbd237cc62d119c9bc66fe1610";

fn parts() -> AccessParts {
    AccessParts {
        site: sample::SITE,
        at: sample::AT,
        zone: sample::zone(),
        clock: ClockKind::System,
        what: "sign-in".into(),
        user_name: Some("anna".into()),
        person: Some(sample::ANNA),
        session: None,
        request_id: Some("req-1".into()),
        station: None,
        outcome: "failed".into(),
        code: Some("credentials-wrong".into()),
        rule: Some("P11-300d".into()),
        detail: json!({"attempt": 2}),
    }
}

#[test]
fn frozen_bytes_of_an_access_row() {
    let sealed = SealedAccess::seal(parts(), 1, &NO_PREVIOUS).unwrap();
    assert_eq!(String::from_utf8(sealed.row.clone()).unwrap(), ROW);
    assert_eq!(digest::to_hex(&sealed.link), LINK);
    let opened = SealedAccess::open(&sealed.row, &sealed.link).unwrap();
    assert_eq!((opened.seq, opened.user_name.as_deref()), (1, Some("anna")));
}

#[test]
fn hostile_texts_are_logged_not_refused() {
    let mut hostile = parts();
    hostile.user_name = Some("a\0b".into());
    let sealed = SealedAccess::seal(hostile, 1, &NO_PREVIOUS).unwrap();
    let opened = SealedAccess::open(&sealed.row, &sealed.link).unwrap();
    assert_eq!(opened.user_name.as_deref(), Some("a\u{fffd}b"));
    let mut large = parts();
    large.detail = json!("x".repeat(MAX_ROW));
    assert!(matches!(SealedAccess::seal(large, 1, &NO_PREVIOUS), Err(AccessFault::TooLarge(_))));
    let mut float = parts();
    float.detail = json!(7.2);
    assert!(matches!(SealedAccess::seal(float, 1, &NO_PREVIOUS), Err(AccessFault::Row(_))));
}

#[test]
fn misshapen_rows_under_a_right_link_are_named() {
    let good =
        String::from_utf8(SealedAccess::seal(parts(), 1, &NO_PREVIOUS).unwrap().row).unwrap();
    let open = |row: &str| SealedAccess::open(row.as_bytes(), &link_of(row.as_bytes()));
    assert!(open(&good).is_ok());
    for (from, to) in [
        ("access/1", "access/2"),
        ("\"seq\":1", "\"seq\":0"),
        ("\"seq\":1", "\"seq\":\"1\""),
        (&"0".repeat(64), "00"),
        ("\"station\":null,", ""),
        ("\"seq\":1", "\"seq\": 1"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        assert!(open(&bad).is_err(), "{to}");
    }
}

proptest! {
    #[test]
    fn any_flipped_bit_is_found(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let sealed = SealedAccess::seal(parts(), 1, &NO_PREVIOUS).unwrap();
        let mut changed = sealed.row.clone();
        let index = at.index(changed.len());
        changed[index] ^= 1 << bit;
        prop_assert_eq!(SealedAccess::open(&changed, &sealed.link), Err(AccessFault::Link));
    }
}
