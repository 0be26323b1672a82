//! Whether what is plausible encloses every limit that is judged: what it does not, it disarms (rule 2.5).

use super::{Bound, Compare, Limit, Purpose, further, judged};
use rust_decimal::Decimal;

/// Judged limits that the plausibility limit does not enclose: what it disarms, as sentences for people.
#[must_use]
pub fn unenclosed(limits: &[Limit], unit: impl AsRef<str>, usual: Compare) -> Vec<String> {
    let unit = unit.as_ref();
    let Some(plausible) = limits.iter().find(|limit| limit.purpose == Purpose::Plausibility) else {
        return Vec::new();
    };
    let sentence = |limit: &Limit| {
        let (purpose, shown) = (limit.purpose.as_str(), limit.shown(unit));
        let plausible = plausible.shown(unit);
        format!("the plausibility limit {plausible} does not enclose the {purpose} limit {shown}")
    };
    disarmed(limits, usual).into_iter().map(sentence).collect()
}

/// Whether new limits let what is plausible disarm more than those before did: a judged limit that was armed, or a
/// disarmed one by more. Each end is compared, never how many there are.
#[must_use]
pub fn disarms(now: &[Limit], next: &[Limit], usual: Compare) -> bool {
    let plausible =
        |all: &[Limit]| all.iter().find(|limit| limit.purpose == Purpose::Plausibility).cloned();
    let (before, after) = (disarmed(now, usual), disarmed(next, usual));
    let is_new = |limit: &&Limit| before.iter().all(|it| it.purpose != limit.purpose);
    let nearer = plausible(now).zip(plausible(next));
    let nearer = nearer.is_some_and(|(now, next)| next.is_widened_by(&now, usual));
    after.iter().any(is_new) || (nearer && !after.is_empty())
}

/// Judged limits that the plausibility limit does not enclose.
fn disarmed(limits: &[Limit], usual: Compare) -> Vec<&Limit> {
    let Some(plausible) = limits.iter().find(|limit| limit.purpose == Purpose::Plausibility) else {
        return Vec::new();
    };
    let is_disarmed = |limit: &&Limit| {
        let compares = (plausible.compares(usual), limit.compares(usual));
        let beyond = |own: &Option<Bound>, of: &Option<Bound>, out| {
            let ends = own.as_ref().zip(of.as_ref());
            ends.is_some_and(|(own, of)| further((own, compares.0), (of, compares.1), out))
        };
        // Whether what is outside at this end may be plausible; of an end that a limit does not have nothing is outside.
        let leaves = |own: &Option<Bound>, of: &Option<Bound>, out| match (own, of) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(own), Some(of)) => further((of, compares.1), (own, compares.0), out),
        };
        let nothing_left = !leaves(&plausible.low, &limit.low, Decimal::NEGATIVE_ONE)
            && !leaves(&plausible.high, &limit.high, Decimal::ONE);
        // An end in common may be where the thing itself ends (0, 100 %). All ends in common hide every value outside.
        nothing_left
            || beyond(&plausible.low, &limit.low, Decimal::NEGATIVE_ONE)
            || beyond(&plausible.high, &limit.high, Decimal::ONE)
            // One that is open to the other side lies beyond it whole.
            || (limit.high.is_none() && beyond(&plausible.high, &limit.low, Decimal::ONE))
            || (limit.low.is_none() && beyond(&plausible.low, &limit.high, Decimal::NEGATIVE_ONE))
    };
    let judged = judged(limits).filter(|limit| limit.purpose != Purpose::Plausibility);
    judged.filter(is_disarmed).collect()
}
