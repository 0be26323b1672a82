//! Forged, moved and unknown signatures; keys destroyed, replaced, rotated, not countersigned.

use serde_json::json;

use super::super::*;
use super::world::{self, BERTA, By, World, anna, berta, codes, site_key};
use crate::seal::digest::to_hex;
use crate::seal::entry::{ClockKind, EventName, HeaderParts};
use crate::seal::key::KeyKind;
use crate::seal::sample::{self, ANNA, RUN, SITE};
use crate::seal::site::CLOCK_SET_BACK;
use crate::seal::site::{KeyUse, SiteKey};

/// Changes the first signature of the run's entry 5 and hashes and signs everything else again:
/// what somebody with the database and all keys of the site, but no person's, can do.
fn with_forged(change: impl Fn(&mut Value)) -> World {
    let mut world = World::new();
    let row = world.run(5);
    let mut body: Value = serde_json::from_slice(&world.journal[row].body).unwrap();
    change(&mut body);
    world.journal[row].body = crate::seal::canon::canonical(&body).unwrap();
    world.rehash_from(5);
    world.sign_anew();
    world
}

// shows: P11-70.b
#[test]
fn what_the_sites_own_keys_cannot_forge() {
    let other_value = json!(
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
    );
    type Change = Box<dyn Fn(&mut Value)>;
    let cases: Vec<(Code, Change)> = vec![
        (
            Code::SignatureForged,
            Box::new(move |body| body["signatures"][0]["value"] = other_value.clone()),
        ),
        (
            Code::SignatureForged,
            Box::new(|body| body["signatures"][0]["meaning"] = json!("approved")),
        ),
        (Code::SignatureContent, Box::new(|body| body["data"]["step"] = json!("05.2.9"))),
        (Code::SignatureMoved, Box::new(|body| body["signatures"][0]["version"] = json!(4))),
        (Code::SignatureKeyUnknown, Box::new(|body| body["signatures"][0]["person"] = json!(SITE))),
        (Code::SignatureUnreadable, Box::new(|body| body["signatures"][0] = json!({"by": "me"}))),
        (Code::SignatureUnreadable, Box::new(|body| body["signatures"][0]["role"] = json!(""))),
    ];
    for (code, change) in cases {
        let report = with_forged(change).verify();
        assert_eq!(codes(&report), vec![code], "{report:?}");
        assert_eq!(report.findings[0].number.as_deref(), Some("AMAB-26-001"));
    }
    assert!(with_forged(|_| {}).verify().is_whole());
}

// shows: P11-70.b
#[test]
fn the_same_data_cannot_pass_for_another_act() {
    let mut world = World::new();
    let row = world.run(5);
    let header = String::from_utf8(world.journal[row].header.clone()).unwrap();
    world.journal[row].header = header.replace("run.step-completed", "run.released").into_bytes();
    world.journal[row].event = "run.released".into();
    world.rehash_from(5);
    world.sign_anew();
    assert_eq!(world.codes(), vec![Code::SignatureMoved]);
}

#[test]
fn a_destroyed_key_signs_no_more_and_keeps_what_it_signed() {
    let mut world = World::new();
    let key = json!({"key": anna().public().id().to_hex()});
    world.act("person", ANNA, KEY_DESTROYED, key, &[]);
    world.checkpoint();
    assert_eq!(world.codes(), vec![]);
    world.act("run", RUN, "run.noted", json!({}), &[By::Anna]);
    assert_eq!(world.codes(), vec![Code::SignatureKeyNotInForce]);
}

#[test]
fn a_new_enrolment_replaces_the_key_before() {
    let mut world = World::new();
    let key = sample::key(KeyKind::P256, 77).public();
    let data = json!({"key": key.id().to_hex(), "public_key": key.to_spki_base64()});
    world.act("person", ANNA, KEY_ENROLLED, data, &[By::Berta]);
    assert_eq!(world.codes(), vec![]);
    world.act("run", RUN, "run.noted", json!({}), &[By::Anna]);
    assert_eq!(world.codes(), vec![Code::SignatureKeyNotInForce]);
}

#[test]
fn an_enrolment_needs_somebody_else() {
    let enrolment = |key: &crate::seal::key::PrivateKey| {
        let public = key.public();
        json!({"key": public.id().to_hex(), "public_key": public.to_spki_base64()})
    };
    let mut world = World::new();
    world.act("person", BERTA, KEY_ENROLLED, enrolment(&berta()), &[By::Berta]);
    assert_eq!(world.codes(), vec![Code::EnrolmentNotCountersigned]);
    let mut world = World::new();
    world.act("person", BERTA, KEY_ENROLLED, enrolment(&berta()), &[]);
    assert_eq!(world.codes(), vec![Code::EnrolmentNotCountersigned]);
    let mut world = World::new();
    world.act("person", BERTA, KEY_ENROLLED, enrolment(&berta()), &[By::Site(KeyUse::Log)]);
    assert_eq!(world.codes(), vec![Code::EnrolmentNotCountersigned]);
    let mut world = World::new();
    let mut bad = enrolment(&berta());
    bad["key"] = json!("00".repeat(32));
    world.act("person", BERTA, KEY_ENROLLED, bad, &[By::Anna]);
    assert_eq!(world.codes(), vec![Code::EnrolmentKey]);
}

// shows: P11-70.b
#[test]
fn an_act_that_is_signed_cannot_be_appended_without_a_signature() {
    let asked = |event: &str| event == "run.reviewed";
    let codes_of = |by: &[By]| {
        let mut world = World::new();
        world.act("run", RUN, "run.reviewed", json!({ "conclusion": "fine" }), by);
        world.checkpoint();
        let options = Options { must_be_signed: Some(asked), ..Options::default() };
        codes(&world.verify_with(options))
    };
    assert_eq!(codes_of(&[]), vec![Code::SignatureMissing]);
    assert_eq!(codes_of(&[By::Site(KeyUse::Log)]), vec![Code::SignatureMissing]);
    assert_eq!(codes_of(&[By::Anna]), vec![]);
}

#[test]
fn trust_names_the_founding_key() {
    let world = World::new();
    let verify = |trust| world.verify_with(Options { trust: Some(trust), ..Options::default() });
    assert!(verify(site_key(KeyUse::Founding).public().id()).is_whole());
    let report = verify(site_key(KeyUse::Log).public().id());
    assert_eq!(codes(&report), vec![Code::FoundingKeyDiffers]);
}

#[test]
fn another_site_or_clock_is_named() {
    let foreign = |change: fn(&mut HeaderParts)| {
        let mut world = World::new();
        let row = world.run(6);
        let previous = world.journal[row].link.clone().try_into().unwrap();
        let mut parts = sample::parts(7, previous);
        parts.event = EventName { name: "run.noted".into(), version: 1 };
        parts.at += 1_000_000_000;
        change(&mut parts);
        world.push(world::seal(parts, &json!({}), &[]));
        world.codes()
    };
    assert_eq!(foreign(|_| {}), vec![]);
    assert_eq!(foreign(|parts| parts.clock = ClockKind::Unsettled), vec![Code::ClockDiffers]);
    assert_eq!(foreign(|parts| parts.site = RUN), vec![Code::EntryForeign]);
    assert_eq!(foreign(|parts| parts.clock = ClockKind::System), vec![Code::ClockDiffers]);
}

// finding: A6
#[test]
fn times_of_a_record_fall_only_where_the_clock_was_set_back() {
    let later = |set_back: bool, by: i64| {
        let mut world = World::new();
        if set_back {
            // The act itself has the time that it sets.
            world.clock += by;
            world.act("site", SITE, CLOCK_SET_BACK, json!({ "by": -1 }), &[By::Anna]);
        }
        let row = world.run(6);
        let previous = world.journal[row].link.clone().try_into().unwrap();
        let mut parts = sample::parts(7, previous);
        parts.event = EventName { name: "run.noted".into(), version: 1 };
        let newest = world.journal.last().and_then(|row| row.at).unwrap();
        parts.at = if set_back { newest } else { newest + by };
        world.push(world::seal(parts, &json!({}), &[]));
        world.codes()
    };
    assert_eq!(later(false, 0), vec![]);
    assert_eq!(later(false, -1), vec![Code::TimeFalls]);
    assert_eq!(later(false, -3_600_000_000), vec![Code::TimeFalls]);
    assert_eq!(later(true, -3_600_000_000), vec![]);
}

#[test]
fn a_site_is_founded_once_and_by_its_own_key() {
    let mut world = World::new();
    let founding: Value = serde_json::from_slice(&world.journal[0].body).unwrap();
    world.act(
        "site",
        SITE,
        "site.founded",
        founding["data"].clone(),
        &[By::Site(KeyUse::Founding)],
    );
    assert_eq!(world.codes(), vec![Code::FoundedTwice]);
    let mut world = World::new();
    world.journal.remove(0);
    assert!(world.verify().has(Code::NotFounded));
}

/// A world whose log key was rotated by an entry signed with `by`.
fn rotated(by: KeyUse, old: &str) -> World {
    let mut world = World::new();
    let next = SiteKey::of(KeyUse::Log, &sample::key(KeyKind::Ed25519, 50).public());
    let data = json!({"new": next, "old": old});
    world.act("site", SITE, "site.key-rotated", data, &[By::Site(by)]);
    world
}

#[test]
fn a_log_key_is_rotated_by_the_old_one_only() {
    let old = to_hex(&site_key(KeyUse::Log).public().id().0);
    let mut world = rotated(KeyUse::Log, &old);
    world.checkpoint();
    world.log_key = 50;
    world.act("run", RUN, "run.noted", json!({}), &[]);
    world.checkpoint();
    assert_eq!(world.codes(), vec![]);
    // The old key does not come back.
    world.log_key = 2;
    world.act("run", RUN, "run.noted", json!({}), &[]);
    world.checkpoint();
    assert_eq!(world.codes(), vec![Code::CheckpointKey]);
    // Neither another key's word nor another predecessor's name will do.
    assert_eq!(rotated(KeyUse::Founding, &old).codes(), vec![Code::SiteKeyFault]);
    assert_eq!(rotated(KeyUse::Log, &"00".repeat(32)).codes(), vec![Code::SiteKeyFault]);
    // The new key does not sign what came before its rotation.
    let mut world = rotated(KeyUse::Log, &old);
    world.log_key = 50;
    world.sign_anew();
    assert_eq!(world.codes(), vec![Code::CheckpointKey]);
}

#[test]
fn a_checkpoint_by_a_stranger_is_forged() {
    let mut world = World::new();
    world.log_key = 99;
    world.sign_anew();
    assert_eq!(world.codes(), vec![Code::HeadForged, Code::CheckpointForged]);
}
