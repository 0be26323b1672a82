//! A number as it was read, beside what it is in the unit that is asked.

use crate::domain::entry::EntryValue;
use crate::domain::quantity::Quantity;
use crate::domain::units;
use serde::Serialize;
use utoipa::ToSchema;

/// A number as it was read, and in the unit that is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadView {
    /// What was typed, with its unit: `272 g`, `<0.05 EU/mL`, `TNTC`.
    pub as_read: String,
    /// The number in the unit that is asked; null: it is censored.
    pub number: Option<String>,
    /// The unit that is asked, by its code.
    pub unit: String,
    /// In the unit that is asked, where another one was read: `0.272 kg`.
    pub converted: Option<String>,
    /// All numbers on one side of a bound, where it is no one number.
    pub censored: Option<CensoredView>,
    /// Fewer decimals than are asked: `1 of 2`.
    pub decimals: Option<String>,
}

/// All numbers on one side of a bound.
#[derive(Debug, Serialize, ToSchema)]
pub struct CensoredView {
    /// `<`, `≤`, `>` or `≥`.
    pub is: String,
    /// The bound, in the unit that is asked.
    pub bound: String,
    /// What it is in a calculation: `refuse`, `bound`, `zero` or `half`.
    pub counts_as: String,
}

/// How a number was read; nothing where the value is none, or was computed.
#[must_use]
pub fn read(value: &EntryValue) -> Option<ReadView> {
    let (censored, number) = (value.censored(), value.number.as_ref());
    let unit = match (number, &censored) {
        (Some(Quantity { unit, .. }), _) => unit.clone(),
        (None, Some(_)) => value.unit()?.to_owned(),
        (None, None) => return None,
    };
    let own = match (number, &censored) {
        (Some(number), _) => number.value.to_string(),
        (None, Some(censored)) => censored.shown(),
        (None, None) => String::new(),
    };
    let with = |number: &str, unit: &str| format!("{number} {}", units::shown(unit));
    let (as_read, converted) = match value.as_read() {
        None => (with(&own, &unit), None),
        Some(sent) => {
            let other = sent.unit.as_ref().filter(|sent| !units::names(&unit, sent));
            let converted = other.map(|_| with(&own, &unit));
            (sent.unit.map_or_else(|| sent.text.clone(), |unit| with(&sent.text, &unit)), converted)
        }
    };
    Some(ReadView {
        as_read,
        number: number.map(|number| number.value.to_string()),
        unit,
        converted,
        censored: censored.map(|it| CensoredView {
            is: it.is.as_str().to_owned(),
            bound: it.bound.to_string(),
            counts_as: it.counts_as.as_str().to_owned(),
        }),
        decimals: value.fewer_decimals().map(|it| format!("{} of {}", it.read, it.asked)),
    })
}
