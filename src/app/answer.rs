//! What callers are told after a command: the record, its new head, and the numbers they need next.

use crate::domain::command::Planned;
use crate::domain::ids::RecordKey;
use serde_json::{Value, json};

/// The record a command was about.
#[must_use]
pub fn record(key: RecordKey, number: &str) -> Value {
    json!({ "kind": key.kind, "id": key.id, "number": number })
}

/// Record, new head, and the version of what was changed, as the `ETag` of it.
#[must_use]
pub fn about(key: RecordKey, number: &str, seq: u64, version: u64) -> Value {
    json!({ "record": record(key, number), "seq": seq, "etag": format!("\"{version}\"") })
}

/// The events of one record with the sequence each gets after `head`.
pub fn sequenced(
    events: &[Planned],
    record: RecordKey,
    head: u64,
) -> impl Iterator<Item = (u64, &Planned)> {
    let own = events.iter().filter(move |planned| planned.record == record);
    (head + 1..).zip(own)
}

/// The new head of a record after these events.
#[must_use]
pub fn head_after(events: &[Planned], record: RecordKey, head: u64) -> u64 {
    sequenced(events, record, head).last().map_or(head, |(seq, _)| seq)
}
