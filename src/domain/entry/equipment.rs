//! `equipment`: the typed identifier of a piece of equipment of a class.

use super::conforming::Situation;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample, conforming, identifier};
use crate::domain::limits::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a piece of equipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Its class, as in `pH meter`.
    pub class: String,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let id = input.value.as_str().ok_or("an equipment identifier is sent as text")?;
        let read = identifier::scanned(id, &["8004", "8003", "21", "S"], "piece of equipment")?;
        let (id, mut shown) = (&read.id, read.id.clone());
        let mut data = json!({ "class": self.class, "equipment": id, "key": identifier::key(id) });
        read.tell(&mut data, &mut shown);
        Ok(EntryValue { kind: "equipment".into(), data, shown, number: None })
    }

    fn judge(&self, _value: &EntryValue) -> Vec<Verdict> {
        Vec::new()
    }

    fn faults(&self) -> Vec<String> {
        match identifier::check(&self.class) {
            Ok(()) => Vec::new(),
            Err(fault) => vec![format!("class: {fault}")],
        }
    }

    fn conforming(&self, asked: &Situation<'_>) -> Vec<Input> {
        conforming::plain(asked.name)
    }

    fn asks(&self) -> String {
        format!("identifier of the {}", self.class)
    }
}

/// The key of the piece of equipment that a value names; nothing where it names none.
#[must_use]
pub fn key_of(value: &EntryValue) -> Option<&str> {
    value.data["key"].as_str().filter(|_| value.kind == "equipment")
}

/// The piece of equipment that a value names, as typed, and its class; nothing where it names none.
#[must_use]
pub fn named(value: &EntryValue) -> Option<(&str, &str)> {
    let is = value.kind == "equipment";
    value.data["equipment"].as_str().zip(value.data["class"].as_str()).filter(|_| is)
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["class"],
    members: &[(
        "class",
        r##"{
              "description": "Class of equipment.",
              "type": "string",
              "minLength": 1,
              "maxLength": 64
            }"##,
    )],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({ "class": "pH meter" }),
        valid: vec![json!({ "value": "PH-112" })],
        invalid: vec![json!({ "value": "" }), json!({ "value": " " }), json!({})],
    }
}
