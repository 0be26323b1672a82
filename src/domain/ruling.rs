//! What a noun's `decide` answers: the permit used and the events that follow, still typed.

use super::command::{Data, EvolveFault, Happened, Planned};
use super::ids::RecordKey;
use super::policy::Permit;
use super::signing::SignatureRequest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde_json::{Value, json};

/// A decision of one noun: which permission, and what happened on one record of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling<E> {
    /// By which permission.
    pub permit: Permit,
    /// Events in order, each with the signatures asked for over it.
    pub events: Vec<(E, Vec<SignatureRequest>)>,
}

impl<E> Ruling<E> {
    /// One unsigned event.
    #[must_use]
    pub fn of(permit: Permit, event: E) -> Self {
        Self { permit, events: vec![(event, Vec::new())] }
    }

    /// One event with its signatures.
    #[must_use]
    pub fn signed(permit: Permit, event: E, signatures: Vec<SignatureRequest>) -> Self {
        Self { permit, events: vec![(event, signatures)] }
    }

    /// Adds an unsigned consequence.
    #[must_use]
    pub fn and(mut self, event: E) -> Self {
        self.events.push((event, Vec::new()));
        self
    }
}

impl<E: Serialize> Ruling<E> {
    /// The events as the journal takes them: `prefix` is the noun (`run`), the name becomes
    /// `run.entry-recorded`, the version is 1.
    #[must_use]
    pub fn into_planned(self, record: RecordKey, prefix: &str, area: Option<&str>) -> Vec<Planned> {
        self.events
            .into_iter()
            .map(|(event, signatures)| planned(record, prefix, area, &event, signatures))
            .collect()
    }
}

/// One event of `prefix` as the journal takes it.
#[must_use]
pub fn planned<E: Serialize>(
    record: RecordKey,
    prefix: &str,
    area: Option<&str>,
    event: &E,
    signatures: Vec<SignatureRequest>,
) -> Planned {
    let mut whole = serde_json::to_value(event)
        .expect("an event is plain data with text keys, which JSON always takes");
    let name = whole["name"].as_str().map(str::to_owned).unwrap_or_default();
    let data = whole.get_mut("data").map_or_else(|| json!({}), Value::take);
    Planned {
        record,
        name: format!("{prefix}.{name}"),
        version: 1,
        data,
        signatures,
        blobs: Vec::new(),
        area: area.map(str::to_owned),
    }
}

/// The typed event of an entry: its name without `prefix` and its data.
///
/// # Errors
/// A fault naming the entry when it is not an event of this noun, or of a version not known here.
pub fn typed<E: DeserializeOwned>(happened: &Happened<'_>, prefix: &str) -> Result<E, EvolveFault> {
    let name = happened
        .name
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('.'))
        .ok_or_else(|| EvolveFault::of(happened, format!("is no event of a {prefix}")))?;
    if happened.version != 1 {
        return Err(EvolveFault::of(happened, format!("version {} unknown", happened.version)));
    }
    let fault = |error: serde_json::Error| EvolveFault::of(happened, error.to_string());
    match happened.data {
        Data::Read(data) => read(name, data).map_err(fault),
        Data::Text(text) => {
            let whole = format!("{{\"name\":{},\"data\":{text}}}", Value::from(name));
            match serde_json::from_str(&whole) {
                Ok(event) => Ok(event),
                // What is wrong is said of the data, not of a place in this text.
                Err(_) => {
                    let data: Value = serde_json::from_str(text).map_err(fault)?;
                    read(name, &data).map_err(fault)
                }
            }
        }
    }
}

/// The typed event of what is planned, where it is one of this noun.
#[must_use]
pub fn typed_of<E: DeserializeOwned>(planned: &Planned, prefix: &str) -> Option<E> {
    let name = planned.name.strip_prefix(prefix)?.strip_prefix('.')?;
    read(name, &planned.data).ok()
}

/// The data stay where they are: only what the event keeps is copied.
fn read<E: DeserializeOwned>(name: &str, data: &Value) -> Result<E, serde_json::Error> {
    let name = Value::from(name);
    E::deserialize(MapDeserializer::new([("name", &name), ("data", data)].into_iter()))
}
