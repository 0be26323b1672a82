//! The yield of a run: the lots of its product, in converted units, against what could have come out.

use crate::domain::limits::{self, Bound, Compare, Limit, Purpose, Side};
use crate::domain::quantity::ratio::quotient;
use crate::domain::recipe::OutputClass;
use crate::domain::run::{LotLink, Run};
use crate::domain::units;
use rust_decimal::{Decimal, RoundingStrategy};

/// How the yield stands against what the master record expects (21 CFR 211.186(b)(7), 211.192).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActualYield {
    /// No lot of the product came out.
    NoProduct,
    /// As expected.
    Within(String),
    /// To be investigated.
    Outside(String),
    /// It cannot be told: something was measured in what says nothing of the theoretical yield.
    Unknown(String),
}

/// The yield of the lots of the product; side products and waste count to nothing.
#[must_use]
pub fn actual_yield(run: &Run) -> ActualYield {
    let product = |lot: &&LotLink| lot.class == OutputClass::Product;
    let lots: Vec<&LotLink> = run.lots.iter().filter(product).collect();
    if lots.is_empty() {
        return ActualYield::NoProduct;
    }
    let own = units::shown(&run.recipe.theoretical_yield.quantity.unit);
    let odd: Vec<String> = lots
        .iter()
        .filter(|lot| {
            units::in_unit(lot.quantity.value, &lot.quantity.unit, unit_of(run)).is_none()
        })
        .map(|lot| format!("lot {} in {}", lot.number, units::shown(&lot.quantity.unit)))
        .collect();
    if !odd.is_empty() {
        let odd = odd.join(", ");
        return ActualYield::Unknown(format!("cannot be told: {odd} says nothing of {own}"));
    }
    let too_large = || ActualYield::Unknown("cannot be told: the sum is too large".into());
    computed(run, &lots).unwrap_or_else(too_large)
}

fn unit_of(run: &Run) -> &str {
    &run.recipe.theoretical_yield.quantity.unit
}

/// Compared from its full value, rounded to the last written place of each limit; `None` where a number grows too
/// large.
fn computed(run: &Run, lots: &[&LotLink]) -> Option<ActualYield> {
    let theoretical = &run.recipe.theoretical_yield;
    let mut sum = Decimal::ZERO;
    for lot in lots {
        let converted = units::in_unit(lot.quantity.value, &lot.quantity.unit, unit_of(run))?;
        sum = sum.checked_add(converted.value)?;
    }
    let full = theoretical.quantity.value;
    let percent = quotient(sum.checked_mul(Decimal::ONE_HUNDRED)?, full)?;
    let (least, most) = (theoretical.min_percent, theoretical.max_percent);
    let limit = Limit {
        purpose: Purpose::Acceptance,
        low: Some(Bound::new(least, true)),
        high: Some(Bound::new(most, true)),
        compare: None,
        note: None,
    };
    let within = limit.side_found(&percent.into(), Compare::Rounded) == Side::Within;
    let places = least.scale().max(most.scale()).max(1);
    let mut near = percent.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    near.rescale(places);
    let rounded = limits::rounded(&[limit], percent, Compare::Rounded);
    let others: Vec<_> = rounded.iter().filter(|it| **it != near).map(Decimal::to_string).collect();
    let near = match others.is_empty() {
        true => format!("{near} %"),
        false => format!("{near} %, rounded {}", others.join(" / ")),
    };
    let same = lots.iter().all(|lot| lot.quantity.unit == unit_of(run));
    let total = if same { sum } else { sum.normalize() };
    let unit = units::shown(unit_of(run));
    let shown = format!("{total} of {full} {unit} = {near} (expected {least} to {most} %)");
    Some(if within { ActualYield::Within(shown) } else { ActualYield::Outside(shown) })
}

/// The place that an exception of the yield names.
pub const YIELD: &str = "yield";
