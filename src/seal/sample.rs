//! Fixed parts for the tests of this room.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::digest::{self, Hash, NO_PREVIOUS};
use super::entry::{Actor, ClockKind, CommandPart, Entry, EventName, HeaderParts, Zone, body};
use super::key::{KeyKind, PrivateKey};
use super::signature::{Manifest, SIGNATURE_FORMAT, content_hash};

pub const SITE: Uuid = Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0001);
pub const RUN: Uuid = Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0002);
pub const ANNA: Uuid = Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0003);
pub const COMMAND: Uuid = Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0004);
/// 2026-03-09T03:10:00Z in µs.
pub const AT: i64 = 1_773_025_800_000_000;

pub fn zone() -> Zone {
    Zone { name: "Europe/Copenhagen".into(), offset_minutes: 60 }
}

pub fn event() -> EventName {
    EventName { name: "run.entry-recorded".into(), version: 1 }
}

pub fn parts(seq: u64, previous: Hash) -> HeaderParts {
    HeaderParts {
        site: SITE,
        record_kind: "run".into(),
        record_id: RUN,
        seq,
        previous,
        at: AT,
        zone: zone(),
        actor: Actor {
            person: Some(ANNA),
            user_name: "anna".into(),
            printed_name: "Anna Møller".into(),
        },
        role: "operator".into(),
        authority: None,
        station: Some("tablet-3".into()),
        area: None,
        session: None,
        command: CommandPart { id: COMMAND, part: 0 },
        request_id: Some("req-1".into()),
        software: "0.1.0".into(),
        clock: ClockKind::Simulated,
        event: event(),
    }
}

pub fn data() -> Map<String, Value> {
    match json!({"step": "05.2.1", "entry": "ph", "value": "7.20", "performed_at": AT}) {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

pub fn entry() -> Entry {
    Entry::seal(parts(1, NO_PREVIOUS), [7; 16], &body(data(), vec![])).expect("the sample is whole")
}

/// A chain of `count` entries.
pub fn chain(count: u64) -> Vec<Entry> {
    let mut previous = NO_PREVIOUS;
    let mut entries = Vec::new();
    for seq in 1..=count {
        let salt = [u8::try_from(seq % 251).expect("below 251"); 16];
        let sealed = Entry::seal(parts(seq, previous), salt, &body(data(), vec![]))
            .expect("the sample is whole");
        previous = sealed.link;
        entries.push(sealed);
    }
    entries
}

pub fn key(kind: KeyKind, number: u8) -> PrivateKey {
    PrivateKey::generate(kind, &[number; 32])
}

pub fn manifest(data: &Value, seq: u64, chain_head: &Hash, key: &PrivateKey) -> Manifest {
    Manifest {
        format: SIGNATURE_FORMAT.into(),
        site: SITE,
        record_kind: "run".into(),
        record_id: RUN,
        record_number: "AMAB-26-001".into(),
        version: seq,
        chain_head: digest::to_hex(chain_head),
        event: event(),
        content_hash: digest::to_hex(&content_hash(data).expect("the sample is canonical")),
        meaning: "performed".into(),
        printed_name: "Anna Møller".into(),
        user_name: "anna".into(),
        role: "operator".into(),
        person: ANNA,
        key: key.public().id().to_hex(),
        at: AT,
        zone: zone(),
    }
}
