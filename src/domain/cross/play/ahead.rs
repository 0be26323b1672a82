//! What a recipe says of its own course, read once: how often, beside what, how long.

use crate::domain::clock::MINUTE;
use crate::domain::entry::computing::Reference;
use crate::domain::entry::conforming::middle;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::recipe::timing::microseconds;
use crate::domain::recipe::{MasterRecord, Step};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What repeats is played so often, where it need not occur more often.
const TWICE: u32 = 2;

/// Nobody waits longer: a hundred years, in microseconds.
const LONGEST: i64 = 36_525 * 24 * 60 * MINUTE;

/// How often a step is played: as often as it must occur, what may repeat at least twice, all else once.
pub(super) fn wanted(step: &Step) -> u32 {
    let occurs = step.order.occurs();
    let least = if step.order.repeats() { TWICE } else { 1 };
    occurs.min.max(least).min(occurs.max.unwrap_or(u32::MAX))
}

/// What runs beside what: by host.
pub(super) fn hosts(record: &MasterRecord) -> BTreeMap<String, Vec<String>> {
    let of_operations = record.operations().map(|it| (&it.order, &it.id));
    let of_steps = record.steps().map(|(_, it)| (&it.order, &it.id));
    let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (order, id) in of_operations.chain(of_steps) {
        if let Some(host) = &order.while_runs {
            hosts.entry(host.clone()).or_default().push(id.clone());
        }
    }
    hosts
}

/// Every length of time that a recipe names, in microseconds, rising: what it may be good to wait for.
pub(super) fn lengths(record: &MasterRecord) -> Vec<i64> {
    let mut texts: Vec<String> = Vec::new();
    let mut found = BTreeSet::new();
    for spec in record.steps().flat_map(|(_, step)| &step.entries) {
        let measures = spec.kind.as_kind().inputs().unwrap_or_default();
        if !measures.iter().any(|it| matches!(it, Reference::Moment(_))) {
            continue;
        }
        let whole = serde_json::to_value(spec).unwrap_or_default();
        let ends = ["min", "max"].map(|member| whole[member].as_str().map(str::to_owned));
        texts.extend(ends.into_iter().flatten());
        found.extend(inside(spec, &whole));
    }
    for (_, step) in record.steps() {
        texts.extend(step.order.every.clone());
        texts.extend(step.timers.iter().flat_map(|it| [&it.min, &it.max]).flatten().cloned());
    }
    found.extend(texts.iter().filter_map(|text| microseconds(text).ok()));
    found.into_iter().filter(|length| (1..=LONGEST).contains(length)).collect()
}

/// The lengths at which a measured duration is inside its limits: its target, the middle and the ends.
fn inside(spec: &EntrySpec, whole: &Value) -> Vec<i64> {
    let unit = match whole["unit"].as_str() {
        Some("s") => MINUTE / 60,
        Some("min") => MINUTE,
        Some("h") => 60 * MINUTE,
        Some("d") => 24 * 60 * MINUTE,
        Some(_) | None => return Vec::new(),
    };
    let target = whole["set_point"].as_str().and_then(|text| text.parse::<Decimal>().ok());
    let mut all: Vec<Decimal> = target.into_iter().collect();
    for limit in spec.kind.clone().as_kind_mut().take_limits().value {
        let (low, high) = (limit.low.map(|end| end.value), limit.high.map(|end| end.value));
        if let (Some(low), Some(high)) = (low, high) {
            all.push(middle(low, high));
        }
        all.extend([low, high].into_iter().flatten());
    }
    let unit = Decimal::from(unit);
    all.iter().filter_map(|length| length.checked_mul(unit)?.to_i64()).collect()
}
