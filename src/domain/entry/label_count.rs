//! `label-count`: labels issued, used, returned, destroyed and sampled, and what is left over
//! (21 CFR 211.125). Printing is issuing: reprints count as issued.

use super::conforming::Situation;
use super::shape::{self, Shape};
use super::{EntryValue, Input, Kind, Sample, conforming};
use crate::domain::calc::types::Sort;
use crate::domain::calc::unit::Unit;
use crate::domain::exception::ExceptionKind;
use crate::domain::limits::{self, Bound, Limit, Purpose, Side, Verdict};
use crate::domain::quantity::Quantity;
use crate::domain::refusal::begun;
use crate::domain::units;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

/// Most labels of one number.
const MOST: u64 = 1_000_000_000;

/// What holds for labels with a lot number, as it is printed.
const RETURNED: &str = "labels with a lot number: none returned, the excess is destroyed";

/// What the master record says of a reconciliation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Id of the label in this master record.
    pub label: String,
    /// Whether the labels bear a lot or control number, which is so unless the master record says
    /// otherwise: their excess is destroyed and never goes back to stock (21 CFR 211.125(d)).
    #[serde(default = "coded", skip_serializing_if = "is_coded")]
    pub lot_coded: bool,
    /// Limits of what is left over, by purpose; without acceptance limits it must be nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Unit code of the registry; absent: labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

fn coded() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands the member by reference")]
fn is_coded(lot_coded: &bool) -> bool {
    *lot_coded
}

/// The counts: whole numbers, none negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    #[serde(deserialize_with = "whole")]
    issued: u64,
    #[serde(default, deserialize_with = "some_whole", skip_serializing_if = "Option::is_none")]
    printed: Option<u64>,
    #[serde(default, deserialize_with = "whole")]
    reprinted: u64,
    #[serde(deserialize_with = "whole")]
    used: u64,
    #[serde(default, deserialize_with = "whole")]
    damaged: u64,
    #[serde(deserialize_with = "whole")]
    returned: u64,
    #[serde(deserialize_with = "whole")]
    destroyed: u64,
    #[serde(deserialize_with = "whole")]
    sampled: u64,
}

fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let sent = Value::deserialize(deserializer)?;
    let count = match &sent {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    };
    count.filter(|count| *count <= MOST).ok_or_else(|| {
        let sent = begun(&sent.to_string());
        serde::de::Error::custom(format!("{sent} is not a whole number from 0"))
    })
}

fn some_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    whole(deserializer).map(Some)
}

impl Counts {
    fn of(value: &EntryValue) -> Option<Self> {
        Self::deserialize(&value.data).ok()
    }

    /// What went out: printing is issuing, and a reprint is one more label.
    fn out(self) -> u64 {
        self.issued + self.reprinted
    }

    /// What is left unexplained: below zero, more came back than went out.
    fn difference(self) -> Decimal {
        let back = self.used + self.damaged + self.returned + self.destroyed + self.sampled;
        Decimal::from(self.out()) - Decimal::from(back)
    }
}

impl Spec {
    fn unit(&self) -> &str {
        self.unit.as_deref().unwrap_or("{labels}")
    }

    /// The limits, and that nothing may be left over where none says otherwise.
    fn judged(&self) -> Vec<Limit> {
        let mut limits = self.limits.clone();
        if !limits.iter().any(|limit| limit.purpose == Purpose::Acceptance) {
            let nothing = Some(Bound::new(Decimal::ZERO, true));
            limits.push(Limit {
                purpose: Purpose::Acceptance,
                low: nothing.clone(),
                high: nothing,
                compare: None,
                note: None,
            });
        }
        limits
    }
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let counts = Counts::deserialize(&input.value).map_err(|fault| {
            format!("{fault}; issued, used, returned, destroyed and sampled are asked, printed, reprinted and damaged where there are any")
        })?;
        let (unit, left) = (self.unit(), counts.difference());
        let Counts { used, damaged, returned, destroyed, sampled, .. } = counts;
        let shown = format!(
            "issued {} ({} reprinted), used {used}, damaged {damaged}, returned {returned}, destroyed {destroyed}, sampled {sampled}: difference {left} {}",
            counts.out(),
            counts.reprinted,
            units::shown(unit),
        );
        Ok(EntryValue {
            kind: "label-count".into(),
            data: json!(counts),
            shown,
            number: Some(Quantity { value: left, unit: unit.to_owned() }),
        })
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        let Some(counts) = Counts::of(value) else { return Vec::new() };
        let unit = units::shown(self.unit());
        let mut verdicts = limits::judge(&self.judged(), counts.difference(), &unit);
        if let Some(printed) = counts.printed {
            let side = if printed == counts.out() { Side::Within } else { Side::Other };
            let limit = format!("printed is issued: {} {unit}", counts.out());
            verdicts.push(Verdict { purpose: Purpose::Acceptance, side, limit });
        }
        // Whatever the difference says: what came back with a lot number is not accounted for.
        if self.lot_coded {
            let side = if counts.returned == 0 { Side::Within } else { Side::Other };
            verdicts.push(Verdict { purpose: Purpose::Acceptance, side, limit: RETURNED.into() });
        }
        verdicts
    }

    fn faults(&self) -> Vec<String> {
        let unit = self.unit();
        let mut faults = super::number::unit_faults(unit);
        faults.extend(limits::faults(&self.limits, None, units::shown(unit)));
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        // Nothing left over, or as much as the limits ask.
        let left = conforming::numbers(self.unit(), Some(Decimal::ZERO), &self.judged(), true);
        let left = left.iter().find_map(|left| left.value.as_str()?.parse::<u64>().ok());
        let (issued, used) = (100 + left.unwrap_or(0), 95);
        conforming::plain(json!({ "issued": issued, "used": used, "returned": 0,
                                  "destroyed": 4, "sampled": 1 }))
    }

    fn asks(&self) -> String {
        let returned =
            if self.lot_coded { "returned (none: they bear a lot number)" } else { "returned" };
        format!(
            "reconcile label {}: issued, used, damaged, {returned}, destroyed, sampled",
            self.label
        )
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        let mut shown = limits::shown(&self.judged(), units::shown(self.unit()));
        if self.lot_coded {
            shown.push((Purpose::Acceptance.as_str().to_owned(), RETURNED.to_owned()));
        }
        shown
    }

    fn exception_kind(&self) -> ExceptionKind {
        ExceptionKind::Labels
    }

    /// Labels with a lot number are destroyed before a witness (21 CFR 211.125(d)).
    fn owes_check(&self, value: &EntryValue) -> bool {
        Counts::of(value).is_some_and(|counts| counts.destroyed > 0)
    }

    fn sort(&self) -> Option<Sort> {
        self.unit.as_ref().map(|unit| Sort::Number(Unit::of(unit)))
    }

    fn counts(&self) -> Option<&str> {
        Some(&self.label)
    }

    fn first_members(&self) -> &'static [&'static str] {
        &[
            "printed",
            "reprinted",
            "issued",
            "used",
            "damaged",
            "returned",
            "destroyed",
            "sampled",
            "difference",
        ]
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["label"],
    members: &[
        ("label", r##"{ "$ref": "#/$defs/id", "description": "Label of this master record." }"##),
        (
            "lot_coded",
            r##"{
              "description": "Whether the labels bear a lot or control number; absent: true. Their excess is destroyed: any that are returned open an exception, whatever the difference (21 CFR 211.125(d)). Labels that bear none (false) may go back to stock.",
              "type": "boolean"
            }"##,
        ),
        (
            "limits",
            r##"{
              "description": "Limits of issued minus used, damaged, returned, destroyed and sampled, at most one for each purpose; without acceptance limits it must be nothing.",
              "type": "array",
              "items": { "$ref": "#/$defs/limit" },
              "maxItems": 5
            }"##,
        ),
        ("unit", shape::UNIT),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    let counts = json!({ "issued": 500, "printed": 502, "reprinted": 2, "used": 480, "damaged": 3,
        "returned": 0, "destroyed": 17, "sampled": 2 });
    let less = |member: &str, value: Value| {
        let mut counts = counts.clone();
        counts[member] = value;
        json!({ "value": counts })
    };
    Sample {
        spec: json!({ "label": "LBL-1", "limits": [{ "purpose": "acceptance",
            "low": { "value": "-1", "inclusive": true },
            "high": { "value": "1", "inclusive": true } }] }),
        valid: vec![
            json!({ "value": counts }),
            less("used", json!("481")),
            less("used", json!(478)),
            less("printed", json!(500)),
            json!({ "value": { "issued": 500, "printed": 502, "reprinted": 2, "used": 480,
                "damaged": 3, "returned": 2, "destroyed": 15, "sampled": 2 } }),
        ],
        invalid: vec![
            less("used", json!(-1)),
            less("used", json!("4,5")),
            less("burnt", json!(1)),
            json!({ "value": { "issued": 5 } }),
            json!({ "value": "all used" }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits::worst;
    use proptest::prelude::*;

    fn spec() -> Spec {
        serde_json::from_value(sample().spec).expect("a specification")
    }

    fn read(spec: &Spec, value: Value) -> Result<EntryValue, String> {
        spec.parse(&Input { value, unit: None })
    }

    fn counted(issued: u64, used: u64, destroyed: u64) -> Value {
        json!({ "issued": issued, "used": used, "returned": 0, "destroyed": destroyed, "sampled": 0 })
    }

    // shows: C211-125.a
    #[test]
    fn what_is_left_over_is_judged_on_the_bound_and_beyond() {
        for (used, violated) in [(98, true), (99, false), (100, false), (101, false), (102, true)] {
            let value = read(&spec(), counted(100, used, 0)).expect("well-formed");
            let worst = worst(&spec().judge(&value));
            assert_eq!(worst.is_some(), violated, "{}", value.shown);
        }
        let strict = Spec { limits: vec![], ..spec() };
        let one_left = read(&strict, counted(100, 99, 0)).expect("well-formed");
        assert_eq!(
            worst(&strict.judge(&one_left)),
            Some(Purpose::Acceptance),
            "nothing may be left"
        );
        assert_eq!(strict.exception_kind(), ExceptionKind::Labels);
    }

    // shows: C211-125.b
    #[test]
    fn destroying_owes_a_witness_and_printing_is_issuing() {
        let value = |destroyed| {
            read(&spec(), counted(100, 100 - destroyed, destroyed)).expect("well-formed")
        };
        assert!(!spec().owes_check(&value(0)));
        assert!(spec().owes_check(&value(1)));
        let mut counts = counted(100, 103, 0);
        counts["reprinted"] = json!(3);
        counts["printed"] = json!(103);
        let all = read(&spec(), counts.clone()).expect("well-formed");
        assert_eq!(
            (worst(&spec().judge(&all)), all.number.expect("a number").value),
            (None, Decimal::ZERO)
        );
        counts["printed"] = json!(104);
        let more = read(&spec(), counts).expect("well-formed");
        assert_eq!(
            worst(&spec().judge(&more)),
            Some(Purpose::Acceptance),
            "printed and not issued"
        );
    }

    proptest! {
        // shows: C211-125.a
        #[test]
        fn labels_that_are_all_accounted_for_leave_nothing(
            parts in proptest::array::uniform5(0_u64..10_000),
            reprinted in 0_u64..50,
            lost in -20_i64..20,
        ) {
            let [used, damaged, returned, destroyed, sampled] = parts;
            let out = parts.iter().sum::<u64>().cast_signed() + lost - reprinted.cast_signed();
            prop_assume!(out >= 0);
            let counts = json!({ "issued": out, "reprinted": reprinted, "used": used,
                "damaged": damaged, "returned": returned, "destroyed": destroyed, "sampled": sampled });
            let value = read(&spec(), counts).expect("well-formed");
            let number = value.number.clone().expect("a number");
            prop_assert_eq!(number.value, Decimal::from(lost));
            let plain = Spec { lot_coded: false, ..spec() };
            prop_assert_eq!(worst(&plain.judge(&value)).is_some(), lost.abs() > 1);
            let violated = lost.abs() > 1 || returned > 0;
            prop_assert_eq!(worst(&spec().judge(&value)).is_some(), violated);
            prop_assert_eq!(spec().owes_check(&value), destroyed > 0);
        }
    }
}
