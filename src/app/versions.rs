//! Which versions an order changed: the next order is decided on them, and nobody asks for them in between.

use super::shown::etag;
use crate::domain::command::Planned;
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::loaded::Loaded;
use crate::domain::ruling::typed_of;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::versions::{Versioned, given};
use crate::domain::state::State;
use serde::Serialize;
use utoipa::ToSchema;

/// A version that an order changed: of a record, or of a part of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VersionTold {
    /// `run`, `master`, `lot`, `deviation`, `device`, `person` or `site`.
    #[schema(value_type = String)]
    pub kind: RecordKind,
    /// The record's business number; the site has none.
    pub number: Option<String>,
    /// Of an operation's occurrence: which, as in `OP-01.1~1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub operation: Option<String>,
    /// Of a step's occurrence or an entry on it: which, as in `OP-01.1~1/01.1.1~1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub step: Option<String>,
    /// Of an entry: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub entry: Option<String>,
    /// Of a hold: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hold: Option<u32>,
    /// The version now, for If-Match.
    pub etag: String,
}

impl VersionTold {
    fn of(kind: RecordKind, number: Option<String>, version: u64) -> Self {
        let etag = etag(version);
        Self { kind, number, operation: None, step: None, entry: None, hold: None, etag }
    }

    fn of_part(number: &str, part: Versioned, version: u64) -> Self {
        let whole = Self::of(RecordKind::Run, Some(number.to_owned()), version);
        match part {
            Versioned::Operation(key) => Self { operation: Some(key.to_string()), ..whole },
            Versioned::Step(key) => Self { step: Some(key.to_string()), ..whole },
            Versioned::Entry(at) => {
                let step = at.step.map(|step| step.to_string());
                Self { step, entry: Some(at.entry), ..whole }
            }
            Versioned::Hold(no) => Self { hold: Some(no), ..whole },
        }
    }
}

/// The parts of a run that events of it make new versions of; they follow the entry `head`.
pub fn parts<'e>(
    number: &str,
    head: u64,
    events: impl IntoIterator<Item = &'e RunEvent>,
) -> Vec<VersionTold> {
    let given = given(head, events.into_iter().map(RunEvent::changed));
    given.into_iter().map(|(part, seq)| VersionTold::of_part(number, part, seq)).collect()
}

/// A record as it stood before events: its key, number and newest entry.
#[derive(Debug, Clone)]
pub struct Before {
    pub key: RecordKey,
    pub number: Option<String>,
    pub head: u64,
}

impl Before {
    /// As it was loaded, or one that begins with these events.
    fn of(key: RecordKey, loaded: &Loaded, events: &[Planned]) -> Self {
        if let Some(state) = loaded.records().find(|state| state.key() == key) {
            return Self { key, number: state.number(), head: state.seq() };
        }
        let first = events.iter().find(|planned| planned.record == key);
        let number = first.map(|planned| State::number_in(key.kind, &planned.data));
        Self { key, number, head: 0 }
    }

    /// What so many events make of it.
    fn after(&self, count: usize) -> VersionTold {
        let version = (self.head..).nth(count).unwrap_or(self.head);
        VersionTold::of(self.key.kind, self.number.clone(), version)
    }
}

/// What events change: the record that they are about first, then the others; of a run its parts too. Events of a run that
/// the order is about are at hand as they were decided (`typed`), those of others are read.
pub fn changed(
    about: &Before,
    loaded: &Loaded,
    events: &[Planned],
    typed: &[RunEvent],
) -> Vec<VersionTold> {
    let mut keys = vec![about.key];
    for planned in events {
        // Nobody orders on a series: it counts.
        if planned.record.kind != RecordKind::Series && !keys.contains(&planned.record) {
            keys.push(planned.record);
        }
    }
    let mut told = Vec::new();
    for key in keys {
        let own: Vec<&Planned> = events.iter().filter(|it| it.record == key).collect();
        if own.is_empty() {
            continue;
        }
        let is_about = key == about.key;
        let before = if is_about { about.clone() } else { Before::of(key, loaded, events) };
        told.push(before.after(own.len()));
        if let (RecordKind::Run, Some(number)) = (key.kind, &before.number) {
            if is_about && !typed.is_empty() {
                told.extend(parts(number, before.head, typed));
            } else {
                let read: Vec<RunEvent> =
                    own.iter().filter_map(|planned| typed_of(planned, "run")).collect();
                told.extend(parts(number, before.head, &read));
            }
        }
    }
    told
}
