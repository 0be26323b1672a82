//! `sample`: identity, point, quantity, destination, a reserve part, and its chain of custody.

use super::conforming::Situation;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample, conforming, identifier};
use crate::domain::clock::Instant;
use crate::domain::limits::Verdict;
use crate::domain::quantity::{Quantity, parse_decimal};
use crate::domain::units;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What is done with a sample after it was taken: the links of its chain of custody.
const POINTS: [&str; 3] = ["handed-over", "received", "reserve-withdrawn"];

/// What the master record says of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Sampling point.
    pub point: String,
    /// How much is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// How many containers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub containers: Option<u32>,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// How it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
    /// Entries of kind result that it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<String>,
    /// The part that is kept (21 CFR 211.170).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<Reserve>,
}

/// The part of a sample that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// How much.
    pub quantity: Quantity,
    /// How it is stored.
    pub storage: String,
}

/// A sample as somebody reports it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    id: String,
    quantity: Option<String>,
    unit: Option<String>,
    containers: Option<u32>,
    destination: Option<String>,
    reserve: Option<SentReserve>,
    taken_at: Option<String>,
    lot: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentReserve {
    quantity: Option<String>,
    unit: Option<String>,
    storage: Option<String>,
    keep_until: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Passed {
    place: String,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawn {
    quantity: String,
    unit: Option<String>,
    purpose: String,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let mut sent: Sent = object(&input.value, "{id, quantity, unit, containers, …}")?;
        let read =
            identifier::scanned(&sent.id, &["21", "8004", "253", "10", "S", "1T"], "sample")?;
        sent.id.clone_from(&read.id);
        sent.lot = sent.lot.as_deref().map(identifier::lot).transpose()?;
        let unit = sent.unit.or_else(|| input.unit.clone());
        let taken = amount(sent.quantity.as_deref(), unit.as_deref(), self.quantity.as_ref())?;
        let containers = sent.containers.or(self.containers);
        if containers == Some(0) {
            return Err("a sample is in at least one container".into());
        }
        let destination = filled(sent.destination, "destination")?.or(self.destination.clone());
        let reserve = sent.reserve.map(|reserve| self.kept(reserve)).transpose()?;
        if let Some(at) = &sent.taken_at {
            Instant::parse(at).map_err(|e| format!("taken_at: {e}"))?;
        }
        let shown = self.shown(&sent.id, taken.as_ref(), containers, destination.as_deref());
        // A time that was said is read wherever the value is: a correction of it alone is one too.
        let said = sent.taken_at.as_ref().map(|at| format!(", taken at {at}"));
        let kept = reserve.as_ref().map(|kept| {
            let (quantity, storage) = (&kept["quantity"], kept["storage"].as_str());
            let amount = format!("{} {}", text(quantity, "value"), text(quantity, "unit"));
            let (storage, until) = (storage.unwrap_or_default(), text(kept, "keep_until"));
            format!("; reserve {amount}, {storage}, until {until}")
        });
        let of_lot = sent.lot.as_ref().map(|lot| format!(", of lot {lot}"));
        let mut data = json!({
            "id": sent.id, "key": identifier::key(&sent.id), "point": self.point,
            "quantity": taken, "containers": containers, "destination": destination,
            "storage": self.storage, "taken_at": sent.taken_at, "tests": self.tests,
            "reserve": reserve,
        });
        if let Some(lot) = sent.lot {
            data["lot"] = lot.into();
        }
        let all = [of_lot, said, kept];
        let mut shown = format!("{shown}{}", all.into_iter().flatten().collect::<String>());
        read.tell(&mut data, &mut shown);
        Ok(EntryValue { kind: "sample".into(), data, shown, number: None })
    }

    /// Nothing here is a limit: what a sample is held against asks for the run (`acts/sample`).
    fn judge(&self, _value: &EntryValue) -> Vec<Verdict> {
        Vec::new()
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.point.trim().is_empty() {
            faults.push("the sampling point has no name".into());
        }
        let reserve = self.reserve.as_ref().map(|reserve| &reserve.quantity);
        for quantity in [self.quantity.as_ref(), reserve].into_iter().flatten() {
            faults.extend(super::number::unit_faults(&quantity.unit));
            if quantity.value <= Decimal::ZERO {
                faults.push(format!("a sample of {quantity} is none"));
            }
        }
        if self.containers == Some(0) {
            faults.push("a sample is in at least one container".into());
        }
        faults
    }

    fn conforming(&self, asked: &Situation<'_>) -> Vec<Input> {
        let mut sent = json!({ "id": asked.name });
        if let Some(lot) = asked.lot {
            sent["lot"] = json!(lot);
        }
        if self.reserve.is_some() {
            let until = asked.at.plus_minutes(2 * 366 * 24 * 60).to_rfc3339();
            sent["reserve"] = json!({ "keep_until": until.get(..10) });
        }
        conforming::plain(sent)
    }

    fn asks(&self) -> String {
        self.shown(
            &format!("sample at {}", self.point),
            self.quantity.as_ref(),
            self.containers,
            self.destination.as_deref(),
        )
    }

    fn parse_point(&self, point: &str, input: &Input) -> Result<EntryValue, String> {
        let (data, shown) = match point {
            "handed-over" | "received" => {
                let passed: Passed = object(&input.value, "{place, note}")?;
                let place = said(passed.place, "place")?;
                let note = filled(passed.note, "note")?;
                let shown = note.as_ref().map_or(place.clone(), |note| format!("{place}: {note}"));
                (json!({ "place": place, "note": note }), shown)
            }
            "reserve-withdrawn" => {
                let out: Withdrawn = object(&input.value, "{quantity, unit, purpose}")?;
                let unit = out.unit.or_else(|| input.unit.clone());
                let unit = unit.ok_or("the unit of what was withdrawn is missing")?;
                let quantity = amount(Some(&out.quantity), Some(&unit), None)?;
                let purpose = said(out.purpose, "purpose")?;
                let shown = quantity.as_ref().map_or(String::new(), read);
                let data = json!({ "quantity": quantity, "purpose": purpose });
                (data, format!("{shown} from the reserve: {purpose}"))
            }
            other => {
                let words = POINTS.join(", ");
                return Err(format!("{other:?} is nothing that is done with a sample: {words}"));
            }
        };
        Ok(EntryValue { kind: point.to_owned(), data, shown, number: None })
    }

    fn trail_goes_on(&self) -> bool {
        true
    }

    fn as_sample(&self) -> Option<&Self> {
        Some(self)
    }

    fn first_members(&self) -> &'static [&'static str] {
        &["id", "point", "quantity", "containers", "destination", "storage", "taken_at", "reserve"]
    }
}

impl Spec {
    fn shown(
        &self,
        begins: &str,
        quantity: Option<&Quantity>,
        containers: Option<u32>,
        destination: Option<&str>,
    ) -> String {
        let mut shown = begins.to_owned();
        if let Some(quantity) = quantity {
            shown = format!("{shown}, {}", read(quantity));
        }
        match containers {
            Some(1) => shown.push_str(" in 1 container"),
            Some(n) => shown = format!("{shown} in {n} containers"),
            None => {}
        }
        destination.map_or(shown.clone(), |place| format!("{shown}, to {place}"))
    }

    /// The reserve part as kept: quantity and storage may stand in the master record, the date never.
    fn kept(&self, sent: SentReserve) -> Result<Value, String> {
        let planned = self.reserve.as_ref();
        let default = planned.map(|reserve| &reserve.quantity);
        let quantity = amount(sent.quantity.as_deref(), sent.unit.as_deref(), default)?;
        let quantity = quantity.ok_or("the quantity of the reserve is missing")?;
        let storage = filled(sent.storage, "storage")?;
        let storage = storage.or_else(|| planned.map(|reserve| reserve.storage.clone()));
        let storage = storage.ok_or("how the reserve is stored is missing")?;
        let until = sent.keep_until;
        let is_date = until.len() == 10 && Instant::parse(&format!("{until}T00:00:00Z")).is_ok();
        if !is_date {
            return Err(format!("keep_until is a date as in 2028-03-31, not {until:?}"));
        }
        Ok(json!({ "quantity": quantity, "storage": storage, "keep_until": until }))
    }
}

/// When a sample was taken, as its value says.
#[must_use]
pub fn taken_at(value: &EntryValue) -> Option<Instant> {
    Instant::parse(value.data["taken_at"].as_str()?).ok()
}

/// How much was taken, if that was said.
#[must_use]
pub fn taken(value: &EntryValue) -> Option<Quantity> {
    serde_json::from_value(value.data["quantity"].clone()).ok()
}

/// The reserve part of a sample, if one is kept.
#[must_use]
pub fn reserve(value: &EntryValue) -> Option<Quantity> {
    serde_json::from_value(value.data["reserve"]["quantity"].clone()).ok()
}

pub use super::identifier::key;

fn read(quantity: &Quantity) -> String {
    format!("{} {}", quantity.value, units::shown(&quantity.unit))
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_default()
}

fn object<T: DeserializeOwned>(value: &Value, shape: &str) -> Result<T, String> {
    serde_json::from_value(value.clone()).map_err(|e| format!("an object {shape} is sent: {e}"))
}

/// A text that is there and says something.
fn said(text: String, member: &str) -> Result<String, String> {
    filled(Some(text), member)?.ok_or_else(|| format!("{member} is missing"))
}

fn filled(text: Option<String>, member: &str) -> Result<Option<String>, String> {
    match text {
        Some(text) if text.trim().is_empty() => Err(format!("{member} is empty")),
        other => Ok(other),
    }
}

/// A quantity as sent, or the one of the master record.
fn amount(
    value: Option<&str>,
    unit: Option<&str>,
    planned: Option<&Quantity>,
) -> Result<Option<Quantity>, String> {
    let Some(value) = value else { return Ok(planned.cloned()) };
    let value = parse_decimal(value)?;
    if value <= Decimal::ZERO {
        return Err(format!("a quantity of {value} is none"));
    }
    let code = unit.or(planned.map(|planned| planned.unit.as_str()));
    let code = code.ok_or("the unit of the quantity is missing")?;
    let planned = planned.filter(|planned| units::names(&planned.unit, code));
    let code = planned.map_or(code, |planned| &planned.unit);
    match units::find(code) {
        Some(unit) if planned.is_none() => Ok(Some(Quantity { value, unit: unit.code })),
        Some(_) => Ok(Some(Quantity { value, unit: code.to_owned() })),
        None => Err(units::unknown(code)),
    }
}

/// Whether a value is that of a sample.
#[must_use]
pub fn is_sample(value: &EntryValue) -> bool {
    value.kind == "sample"
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["point"],
    members: &[
        (
            "point",
            r##"{ "description": "Sampling point.", "type": "string", "minLength": 1, "maxLength": 200 }"##,
        ),
        ("quantity", r##"{ "$ref": "#/$defs/quantity" }"##),
        (
            "containers",
            r##"{ "description": "How many containers.", "type": "integer", "minimum": 1 }"##,
        ),
        (
            "destination",
            r##"{ "description": "Where it goes.", "type": "string", "minLength": 1, "maxLength": 200 }"##,
        ),
        (
            "storage",
            r##"{ "description": "How it is kept.", "type": "string", "minLength": 1, "maxLength": 200 }"##,
        ),
        (
            "tests",
            r##"{
              "description": "Entries of kind result that it is for.",
              "type": "array", "items": { "$ref": "#/$defs/id" }, "uniqueItems": true
            }"##,
        ),
        (
            "reserve",
            r##"{
              "description": "The part that is kept (21 CFR 211.170); until when is said with the sample.",
              "type": "object",
              "properties": {
                "quantity": { "$ref": "#/$defs/quantity" },
                "storage": { "description": "How it is stored.", "type": "string", "minLength": 1, "maxLength": 200 }
              },
              "required": ["quantity", "storage"],
              "additionalProperties": false
            }"##,
        ),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({
            "point": "harvest vessel, lower port",
            "quantity": { "value": "50", "unit": "mL" }, "containers": 2,
            "destination": "QC laboratory", "storage": "2 to 8 °C",
            "reserve": { "quantity": { "value": "10", "unit": "mL" }, "storage": "-70 °C" }
        }),
        valid: vec![
            json!({ "value": { "id": "S-26-014" } }),
            json!({ "value": { "id": "S-26-015", "quantity": "48.5", "unit": "mL", "containers": 1,
                "destination": "QC laboratory, bench 4", "taken_at": "2026-03-03T06:10:00Z",
                "reserve": { "keep_until": "2028-03-31" } } }),
        ],
        invalid: vec![
            json!({ "value": "S-26-014" }),
            json!({ "value": { "id": "" } }),
            json!({ "value": { "id": "S-1", "quantity": "0", "unit": "mL" } }),
            json!({ "value": { "id": "S-1", "reserve": { "quantity": "10" } } }),
            json!({ "value": { "id": "S-1", "reserve": { "keep_until": "2028-02-31" } } }),
        ],
    }
}

#[cfg(test)]
mod tests;
