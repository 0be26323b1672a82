//! What somebody without the log key does to the database: rows appended, guards taken off.

use super::world::{Engine, World};
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::seal::access::{AccessParts, SealedAccess};
use batchwright::seal::entry::{
    Actor, ClockKind, CommandPart, Entry, EventName, HeaderParts, Zone, body,
};
use batchwright::seal::signature::{Manifest, SIGNATURE_FORMAT, content_hash, sign};
use batchwright::store::journal;
use serde_json::{Value, json};
use uuid::Uuid;

/// Bytes as the engine writes them in SQL.
fn literal(world: &World, bytes: &[u8]) -> String {
    match world.engine {
        Engine::Sqlite => format!("X'{}'", hex::encode(bytes)),
        Engine::Postgres => format!("'\\x{}'::bytea", hex::encode(bytes)),
    }
}

/// The place behind the head.
pub const BEHIND: &str = "(SELECT size FROM log_head)";

/// A forger's SQL that appends an entry of Kim's behind the head; with right hashes where `sealed`.
pub fn entry_behind(world: &World, sealed: bool) -> String {
    appended(world, sealed, |_| Vec::new())
}

/// The SQL that appends an entry to Kim's record behind the head, as a forger makes its header and signs it.
pub fn appended(
    world: &World,
    sealed: bool,
    forge: impl FnOnce(&mut HeaderParts) -> Vec<Signing>,
) -> String {
    let kim = RecordKey::new(RecordKind::Person, world.kim);
    let entries = world.store.read(|conn| journal::entries(conn, kim, 0)).expect("entries");
    let last = entries.last().expect("an entry");
    let zone = Zone { name: "Europe/Berlin".into(), offset_minutes: 60 };
    let mut parts = HeaderParts {
        site: last.header.site,
        record_kind: "person".into(),
        record_id: kim.id,
        seq: last.header.seq + 1,
        previous: last.link,
        at: last.header.at + 1,
        zone,
        actor: Actor::system(),
        role: "operator".into(),
        authority: None,
        station: None,
        area: None,
        session: None,
        command: CommandPart { id: Uuid::now_v7(), part: 0 },
        request_id: None,
        software: "0".into(),
        clock: ClockKind::Simulated,
        event: EventName { name: "person.renamed".into(), version: 1 },
    };
    let data = json!({"old": "Kim Larsen", "new": "Mallory", "reason": "mine"});
    let signers = forge(&mut parts);
    let signatures = signers.iter().map(|it| signed(world, &parts, &data, it)).collect();
    let (at, event) = (parts.at, parts.event.name.clone());
    let actor = parts.actor.person.map_or("NULL".into(), |id| literal(world, id.as_bytes()));
    let Value::Object(data) = data else { panic!("an object") };
    let entry = Entry::seal(parts, [7; 16], &body(data, signatures)).expect("sealed");
    let link = if sealed { entry.link } else { [9; 32] };
    format!(
        "INSERT INTO journal (leaf, record_kind, record_id, seq, link, at, event, actor, salt, header, body)
         VALUES ({BEHIND}, 'person', {}, {}, {}, {at}, '{event}', {actor}, {}, '{}', '{}')",
        literal(world, kim.id.as_bytes()),
        last.header.seq + 1,
        literal(world, &link),
        literal(world, &[7; 16]),
        String::from_utf8_lossy(&entry.header),
        String::from_utf8_lossy(&entry.body),
    )
}

/// Under whose names Kim's key signs.
pub struct Signing {
    pub printed_name: &'static str,
    pub user_name: &'static str,
    pub role: &'static str,
}

fn signed(world: &World, parts: &HeaderParts, data: &Value, by: &Signing) -> Value {
    let manifest = Manifest {
        format: SIGNATURE_FORMAT.into(),
        site: parts.site,
        record_kind: parts.record_kind.clone(),
        record_id: parts.record_id,
        record_number: "kim".into(),
        version: parts.seq,
        chain_head: hex::encode(parts.previous),
        event: parts.event.clone(),
        content_hash: hex::encode(content_hash(data).expect("it is hashed")),
        meaning: "approved".into(),
        printed_name: by.printed_name.into(),
        user_name: by.user_name.into(),
        role: by.role.into(),
        person: world.kim,
        key: world.kim_key.public().id().to_hex(),
        at: parts.at,
        zone: parts.zone.clone(),
    };
    sign(manifest, &world.kim_key).expect("it is signed").to_value()
}

/// The same for the access log.
pub fn attempt_behind(world: &World, sealed: bool) -> String {
    let kim = RecordKey::new(RecordKind::Person, world.kim);
    let entries = world.store.read(|conn| journal::entries(conn, kim, 0)).expect("entries");
    let site = entries.last().expect("an entry").header.site;
    let parts = AccessParts {
        site,
        at: super::world::START.0 + 1,
        zone: Zone { name: "Europe/Berlin".into(), offset_minutes: 60 },
        clock: ClockKind::Simulated,
        what: "sign-in".into(),
        user_name: Some("mallory".into()),
        person: None,
        session: None,
        request_id: None,
        station: None,
        outcome: "allowed".into(),
        code: None,
        rule: None,
        detail: Value::Null,
    };
    let row = SealedAccess::seal(parts, 1, &[0; 32]).expect("sealed");
    let link = if sealed { row.link } else { [9; 32] };
    format!(
        "INSERT INTO access_log (leaf, link, at, what, user_name, outcome, row)
         VALUES ({BEHIND}, {}, {}, 'sign-in', 'mallory', 'allowed', '{}')",
        literal(world, &link),
        super::world::START.0 + 1,
        String::from_utf8_lossy(&row.row),
    )
}

/// Changes evidence as the owner of the database can, with its guards off.
pub fn unguarded(world: &World, change: &str) {
    let tables = ["journal", "access_log", "checkpoints"];
    let off: Vec<String> = match world.engine {
        Engine::Sqlite => tables
            .iter()
            .flat_map(|table| {
                let guards = ["update", "delete", "replace"];
                guards.map(|guard| format!("DROP TRIGGER IF EXISTS {table}_no_{guard}"))
            })
            .collect(),
        Engine::Postgres => {
            tables.iter().map(|table| format!("ALTER TABLE {table} DISABLE TRIGGER ALL")).collect()
        }
    };
    world.sql(&format!("{}; {change}", off.join("; "))).expect(change);
}
