//! What somebody would record if everything went as the master record asks: the check of a master record plays it
//! with such inputs, and asks the rules whether it can be brought to its end.

use super::Input;
use crate::domain::clock::Instant;
use crate::domain::limits::{Limit, Purpose};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// What a conforming input goes by.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// An identifier that nothing else has: of a sample, a lot, a piece of equipment.
    pub name: &'a str,
    /// Now.
    pub at: Instant,
    /// The sample that is tested, where one is named.
    pub sample: Option<&'a str>,
    /// The lot that is tested, where the result is owed for each.
    pub lot: Option<&'a str>,
}

/// A value without a unit.
pub(super) fn plain(value: impl Into<Value>) -> Vec<Input> {
    vec![Input { value: value.into(), unit: None }]
}

/// Numbers of a unit that lie inside every judged limit, the likeliest first: the target, the middle, the
/// quarters, the ends.
pub(super) fn numbers(
    unit: &str,
    target: Option<Decimal>,
    limits: &[Limit],
    whole: bool,
) -> Vec<Input> {
    let mut found: Vec<Decimal> = Vec::new();
    for value in target.into_iter().chain(likely(limits)) {
        let value = if whole { value.round() } else { value }.normalize();
        let fits = |limit: &Limit| limit.side(value) == crate::domain::limits::Side::Within;
        if limits.iter().filter(|limit| is_judged(limit)).all(fits) && !found.contains(&value) {
            found.push(value);
        }
    }
    let sent = |value: Decimal| Input { value: json!(value.to_string()), unit: Some(unit.into()) };
    found.into_iter().map(sent).collect()
}

/// Whether a limit says anything of a value; what was tested or observed elsewhere does not.
fn is_judged(limit: &Limit) -> bool {
    limit.purpose != Purpose::Reference
}

/// The middle of two numbers, however far they lie apart.
#[must_use]
pub fn middle(low: Decimal, high: Decimal) -> Decimal {
    let half = |value: Decimal| value.checked_mul(Decimal::new(5, 1));
    let whole = low.checked_add(high).and_then(half);
    let halves = || half(low)?.checked_add(half(high)?);
    whole.or_else(halves).unwrap_or(low)
}

/// Numbers that come to mind between the innermost ends; what is too large to be a number comes to nobody's.
fn likely(limits: &[Limit]) -> Vec<Decimal> {
    let judged = || limits.iter().filter(|limit| is_judged(limit));
    let low = judged().filter_map(|limit| limit.low.as_ref()).map(|end| end.value).max();
    let high = judged().filter_map(|limit| limit.high.as_ref()).map(|end| end.value).min();
    let times = |value: Decimal, by: Decimal| value.checked_mul(by);
    let tenth = |value: Decimal| {
        times(value.abs(), Decimal::new(1, 1)).map(|it| it.max(Decimal::new(1, 1)))
    };
    let all = match (low, high) {
        (Some(low), Some(high)) => {
            let span = high.checked_sub(low);
            let part = |of: i64| low.checked_add(times(span?, Decimal::new(of, 2))?);
            let mut all = vec![Some(middle(low, high).round_dp(2)), Some(middle(low, high))];
            all.extend([25, 75, 10, 90, 1, 99].map(part));
            all.extend([Some(low), Some(high)]);
            all
        }
        (Some(low), None) => {
            let above = |more: Option<Decimal>| low.checked_add(more?);
            let mut all = vec![above(tenth(low)), above(Some(Decimal::ONE))];
            all.extend([2, 5, 10].map(|by| above(times(low.abs(), Decimal::from(by)))));
            all.push(Some(low));
            all
        }
        (None, Some(high)) => {
            let below = tenth(high).and_then(|tenth| high.checked_sub(tenth));
            let part = |of: i64| times(high, Decimal::new(of, 1));
            vec![below, part(5), part(1), Some(Decimal::ZERO), Some(high)]
        }
        (None, None) => {
            let whole = [10, 1, 100, 1000, 5, 2, 50, 500, 10_000, 1_000_000, 0].map(Decimal::from);
            let parts = [Decimal::new(1, 1), Decimal::new(1, 2)];
            whole.into_iter().chain(parts).map(Some).collect()
        }
    };
    all.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entry::KindSpec;
    use proptest::prelude::*;

    #[test]
    fn every_kind_that_people_record_has_inputs_that_conform_to_its_sample() {
        let asked =
            Situation { name: "X-1", at: Instant(1_772_330_000_000_000), sample: None, lot: None };
        for (name, _, sample) in KindSpec::samples() {
            let mut whole = sample.spec.clone();
            whole["kind"] = json!(name);
            let kind: KindSpec = serde_json::from_value(whole).expect("a sample");
            let kind = kind.as_kind();
            let found = kind.conforming(&asked);
            assert_eq!(found.is_empty(), kind.inputs().is_some(), "{name}: {found:?}");
            for input in found {
                let value = kind.parse(&input).unwrap_or_else(|e| panic!("{name}: {e}"));
                let outside = kind.judge(&value).into_iter();
                let outside: Vec<_> = outside
                    .filter(|verdict| verdict.side != crate::domain::limits::Side::Within)
                    .collect();
                assert!(outside.is_empty(), "{name}: {input:?} is outside {outside:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn limits_as_far_out_as_decimals_go_are_thought_of_without_falling_over(
            low in any::<i128>(), high in any::<i128>(), scale in 0u32..=28, ends in 0u8..4, whole in any::<bool>(),
        ) {
            let end = |digits: i128, bit: u8| {
                let most = Decimal::MAX.mantissa();
                let value = Decimal::from_i128_with_scale(digits.clamp(-most, most), scale);
                (ends & bit != 0).then(|| crate::domain::limits::Bound::new(value, true))
            };
            let limit = Limit { purpose: Purpose::Acceptance, low: end(low, 1), high: end(high, 2),
                compare: None, note: None };
            let _ = numbers("1", None, std::slice::from_ref(&limit), whole);
        }

        #[test]
        fn numbers_lie_inside_whatever_the_limits_are(low in -1000i64..1000, span in 1i64..1000,
            scale in 0u32..4, open in any::<bool>()) {
            let end = |value| Some(crate::domain::limits::Bound::new(
                Decimal::new(value, scale), !open));
            let limit = Limit { purpose: Purpose::Acceptance, low: end(low), high: end(low + span),
                compare: None, note: None };
            let found = numbers("1", None, std::slice::from_ref(&limit), false);
            prop_assert!(!found.is_empty());
            for input in found {
                let value: Decimal = input.value.as_str().expect("text").parse().expect("a number");
                prop_assert_eq!(limit.side(value), crate::domain::limits::Side::Within);
            }
        }
    }
}
