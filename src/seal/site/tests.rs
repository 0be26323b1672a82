//! The site's keys are stated once each, and statements stand only where they were made.

use serde_json::json;

use super::*;
use crate::seal::entry::Zone;
use crate::seal::sample;

fn keys() -> Vec<(KeyUse, PrivateKey)> {
    (1..)
        .zip(KeyUse::ALL)
        .map(|(number, purpose)| (purpose, sample::key(purpose.kind(), number)))
        .collect()
}

fn founding() -> Value {
    let keys: Vec<SiteKey> =
        keys().iter().map(|(purpose, key)| SiteKey::of(*purpose, &key.public())).collect();
    json!({"name": "Demo", "origin": "example.org/log", "keys": keys})
}

fn position<'a>(zone: &'a Zone, event: &'a EventName) -> Position<'a> {
    Position {
        site: sample::SITE,
        record_kind: "site",
        record_id: sample::SITE,
        version: 1,
        chain_head: "00",
        event,
        at: sample::AT,
        zone,
    }
}

#[test]
fn the_founding_states_one_key_for_each_use() {
    let read = Founding::read(&founding()).unwrap();
    for (purpose, key) in keys() {
        assert_eq!(read.key(purpose), Ok(key.public()));
    }
    let mut missing = founding();
    missing["keys"].as_array_mut().unwrap().pop();
    assert_eq!(Founding::read(&missing), Err(SiteFault::KeyCount("token")));
    let mut twice = founding();
    let first = twice["keys"][0].clone();
    twice["keys"].as_array_mut().unwrap().push(first);
    assert_eq!(Founding::read(&twice), Err(SiteFault::KeyCount("founding")));
    let mut other = founding();
    other["keys"][1]["fingerprint"] = json!("00".repeat(32));
    assert!(matches!(Founding::read(&other), Err(SiteFault::Key("log", _))));
    let mut kind = founding();
    kind["keys"][1] = kind["keys"][2].clone();
    kind["keys"][1]["use"] = json!("log");
    assert!(matches!(Founding::read(&kind), Err(SiteFault::Key("log", _))));
    let mut origin = founding();
    origin["origin"] = json!("two words");
    assert!(matches!(Founding::read(&origin), Err(SiteFault::Shape(_))));
    assert!(matches!(Founding::read(&json!({})), Err(SiteFault::Shape(_))));
}

#[test]
fn a_rotation_is_read() {
    let new = SiteKey::of(KeyUse::Log, &sample::key(KeyKind::Ed25519, 9).public());
    let rotation = Rotation { new, old: "ab".into() };
    let value = serde_json::to_value(&rotation).unwrap();
    assert_eq!(value["new"]["use"], "log");
    assert_eq!(Rotation::read(&value), Ok(rotation));
    assert!(Rotation::read(&json!({})).is_err());
}

#[test]
fn a_statement_stands_for_one_place_content_use_and_key() {
    let zone = sample::zone();
    let event = sample::event();
    let here = position(&zone, &event);
    let data = founding();
    let key = sample::key(KeyKind::Ed25519, 1);
    let made = Statement::sign(KeyUse::Founding, &key, &data, &here).unwrap();
    let verify = |statement: &Statement, data: &Value, place: &Position<'_>| {
        statement.verify(KeyUse::Founding, &key.public(), data, place)
    };
    assert_eq!(verify(&made, &data, &here), Ok(()));
    assert_eq!(Statement::from_value(&made.to_value()), Ok(made.clone()));
    assert!(Statement::from_value(&json!({"value": "AA"})).is_err());
    assert_eq!(verify(&made, &json!({}), &here), Err(SiteFault::Moved("content")));
    let moved = Position { version: 2, ..here.clone() };
    assert_eq!(verify(&made, &data, &moved), Err(SiteFault::Moved("version")));
    assert_eq!(
        made.verify(KeyUse::Log, &key.public(), &data, &here),
        Err(SiteFault::OtherKey("log"))
    );
    let stranger = sample::key(KeyKind::Ed25519, 8).public();
    assert_eq!(
        made.verify(KeyUse::Founding, &stranger, &data, &here),
        Err(SiteFault::OtherKey("founding"))
    );
    let mut forged = made.clone();
    forged.value[0] ^= 1;
    assert_eq!(verify(&forged, &data, &here), Err(SiteFault::Forged("founding")));
}
