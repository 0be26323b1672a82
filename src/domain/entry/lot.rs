//! `lot`: the typed identifier of a lot of a material, so that early records join the genealogy later.

use super::conforming::Situation;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample, conforming, identifier};
use crate::domain::limits::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// The material: its code in the master record's list of materials, or its name.
    pub material: String,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let lot = input.value.as_str().ok_or("a lot identifier is sent as text")?;
        let read = identifier::scanned(lot, identifier::LOT, "lot")?;
        let (lot, mut shown) = (&read.id, read.id.clone());
        let mut data =
            json!({ "material": self.material, "lot": lot, "key": identifier::key(lot) });
        read.tell(&mut data, &mut shown);
        Ok(EntryValue { kind: "lot".into(), data, shown, number: None })
    }

    fn judge(&self, _value: &EntryValue) -> Vec<Verdict> {
        Vec::new()
    }

    fn faults(&self) -> Vec<String> {
        match identifier::check(&self.material) {
            Ok(()) => Vec::new(),
            Err(fault) => vec![format!("material: {fault}")],
        }
    }

    fn conforming(&self, asked: &Situation<'_>) -> Vec<Input> {
        conforming::plain(asked.name)
    }

    fn uses(&self) -> Option<&str> {
        Some(&self.material)
    }

    fn asks(&self) -> String {
        format!("lot of {}", self.material)
    }
}

/// The number of the lot that a value names, as typed; nothing where it names none.
#[must_use]
pub fn number_of(value: &EntryValue) -> Option<&str> {
    value.data["lot"].as_str().filter(|_| value.kind == "lot")
}

/// The material of the lot that a value names: a code or name of the master record's list.
#[must_use]
pub fn material_of(value: &EntryValue) -> Option<&str> {
    value.data["material"].as_str().filter(|_| value.kind == "lot")
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["material"],
    members: &[(
        "material",
        r##"{
              "description": "Code of a material of this master record, or its name.",
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
        spec: json!({ "material": "WCB-AMAB" }),
        valid: vec![
            json!({ "value": "WCB-0017/03" }),
            json!({ "value": "lot 7 b" }),
            json!({ "value": "010950600013435217270331" .to_owned() + "10WCB-0017\u{1d}2107" }),
        ],
        invalid: vec![
            json!({ "value": "" }),
            json!({ "value": "WCB\u{7}0017" }),
            json!({ "value": "\u{200b}" }),
            json!({ "value": 17 }),
            json!({ "value": "L".repeat(65) }),
        ],
    }
}
