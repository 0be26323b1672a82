//! One end of a range, as it is written: `102.0` has tenths, `1.0e6` has hundred thousands.

use super::Compare;
use crate::domain::quantity::{Written, written};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// One end of a range, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct Bound {
    /// The number.
    pub value: Decimal,
    /// Whether the number itself is inside.
    pub inclusive: bool,
    /// How many of its last digits before the point are not written: 5 of `1.0e6`.
    pub unwritten: u32,
}

/// An end as it stands in a master record.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    value: String,
    inclusive: bool,
}

/// Finest place of an end: half of it is still kept.
const MAX_PLACE: i32 = 27;

impl TryFrom<Text> for Bound {
    type Error = String;

    fn try_from(text: Text) -> Result<Self, String> {
        let Written { value, place, .. } = written(&text.value)?;
        if place > MAX_PLACE {
            return Err(format!("{:?} has more than {MAX_PLACE} decimals", text.value));
        }
        let unwritten = u32::try_from(place.saturating_neg().max(0)).unwrap_or_default();
        Ok(Self { value, inclusive: text.inclusive, unwritten })
    }
}

impl From<Bound> for Text {
    fn from(bound: Bound) -> Self {
        Self { value: bound.written(), inclusive: bound.inclusive }
    }
}

impl Bound {
    /// An end with all of its digits before the point written.
    #[must_use]
    pub fn new(value: Decimal, inclusive: bool) -> Self {
        Self { value, inclusive, unwritten: 0 }
    }

    /// As it was written, scientific where digits before the point were not.
    #[must_use]
    pub fn written(&self) -> String {
        if self.unwritten == 0 {
            return self.value.to_string();
        }
        let text = self.value.abs().to_string();
        if self.value.is_zero() {
            return format!("0e{}", self.unwritten);
        }
        let kept = text.len().saturating_sub(usize::try_from(self.unwritten).unwrap_or(0));
        let (first, rest) = text.get(..kept).unwrap_or(&text).split_at(1);
        let sign = if self.value.is_sign_negative() { "-" } else { "" };
        let point = if rest.is_empty() { "" } else { "." };
        let power = text.len().saturating_sub(1);
        format!("{sign}{first}{point}{rest}e{power}")
    }

    /// One of its last written place.
    fn unit(&self) -> Decimal {
        let tens =
            (0..self.unwritten).fold(Decimal::ONE, |ten, _| ten.saturating_mul(Decimal::TEN));
        if self.unwritten > 0 { tens } else { Decimal::new(1, self.value.scale()) }
    }

    /// A value rounded half away from zero to its last written place. Where that has no room in a decimal, the value
    /// itself: rounded and as it is, it lies beyond every end that has room.
    #[must_use]
    pub fn rounds(&self, value: Decimal) -> Decimal {
        let half_up = |value: Decimal, places| {
            value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
        };
        if self.unwritten == 0 {
            return half_up(value, self.value.scale());
        }
        // Half of a ten is a whole number: what stands behind the point decides nothing.
        let units = value.trunc().checked_div(self.unit()).map(|units| half_up(units, 0));
        units.and_then(|units| units.checked_mul(self.unit())).unwrap_or(value)
    }

    /// How far it reaches outwards (1: it is an upper end, -1: a lower one), and whether that number itself is
    /// inside. Rounded half away from zero, half a unit of its last written place further, or less far.
    #[must_use]
    pub fn reach(&self, out: Decimal, compare: Compare) -> (Decimal, bool) {
        if compare == Compare::Exact {
            return (self.value, self.inclusive);
        }
        let half = self.unit().saturating_mul(Decimal::new(5, 1));
        let outwards = if self.inclusive { out } else { -out };
        let end = self.value.checked_add(half * outwards).unwrap_or(self.value);
        (end, end.is_sign_negative() == (out > Decimal::ZERO))
    }
}
