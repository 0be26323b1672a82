//! What is well formed and says nothing: a critical parameter that nothing judges, a value rounded away, a material
//! that nobody knows, a part larger than its whole.

use crate::domain::calc::unit::in_unit;
use crate::domain::calc::{self, Expr};
use crate::domain::clock::Instant;
use crate::domain::entry::computing::Which;
use crate::domain::entry::conforming::Situation;
use crate::domain::entry::spec::{Classification, EntrySpec};
use crate::domain::limits::{Limit, Purpose, Side};
use crate::domain::recipe::check::{Finding, all_steps};
use crate::domain::recipe::{MasterRecord, Step};
use rust_decimal::Decimal;
use serde_json::Value;

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for step in all_steps(record) {
        for (i, entry) in step.what.entries.iter().enumerate() {
            let pointer = format!("{}/entries/{i}", step.pointer);
            one(record, Some(step.what), entry, &pointer, findings);
        }
        let when = step.what.order.when.as_deref();
        which(record, None, when, &format!("{}/when", step.pointer), findings);
    }
    for operation in super::operations(record) {
        let when = operation.what.order.when.as_deref();
        which(record, None, when, &format!("{}/when", operation.pointer), findings);
    }
    for (i, entry) in record.release_specifications.iter().enumerate() {
        one(record, None, entry, &format!("/release_specifications/{i}"), findings);
    }
}

fn one(
    record: &MasterRecord,
    step: Option<&Step>,
    entry: &EntrySpec,
    pointer: &str,
    findings: &mut Vec<Finding>,
) {
    critical(entry, pointer, findings);
    possible(entry, pointer, findings);
    material(record, entry, pointer, findings);
    reserve(entry, pointer, findings);
    let whole = serde_json::to_value(entry).unwrap_or_default();
    let limits = entry.kind.clone().as_kind_mut().take_limits();
    decimals(entry, &whole, &limits.value, pointer, findings);
    plausible(entry, &limits.value, pointer, findings);
    plausible(entry, &limits.single, pointer, findings);
    let formula = entry.kind.as_kind().formula().map(|formula| formula.expression);
    which(record, step, formula, &format!("{pointer}/expression"), findings);
    which(record, step, entry.when.as_deref(), &format!("{pointer}/when"), findings);
}

/// What is critical is judged by something: a limit, an accepted choice, an expected text.
fn critical(entry: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    let Some(class @ (Classification::Cpp | Classification::WcCpp)) = entry.classification else {
        return;
    };
    let kind = entry.kind.as_kind();
    let judged = [Purpose::Acceptance, Purpose::Control, Purpose::Alert];
    let limited = kind
        .limits_shown()
        .iter()
        .any(|(purpose, _)| judged.iter().any(|it| it.as_str() == purpose));
    let asked = Situation { name: "ANY", at: Instant(0), sample: None, lot: None };
    let verdicts = kind.conforming(&asked).first().and_then(|input| kind.parse(input).ok());
    let verdicts = verdicts.map(|value| kind.judge(&value)).unwrap_or_default();
    if !limited && !verdicts.iter().any(|verdict| judged.contains(&verdict.purpose)) {
        let sentence = format!(
            "{} is a {}, and nothing judges it: give it a limit of acceptance, control or alert, or what is accepted",
            entry.id,
            class.as_str()
        );
        findings.push(Finding::new(pointer, "limits", "C211-110b", sentence));
    }
}

/// Something conforms: limits that contradict each other leave no value.
fn possible(entry: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    let kind = entry.kind.as_kind();
    let asked = Situation { name: "ANY", at: Instant(0), sample: None, lot: None };
    // What is wrong with the kind itself is said there.
    if kind.inputs().is_none() && kind.faults().is_empty() && kind.conforming(&asked).is_empty() {
        let sentence = format!("{}: no value is inside all limits", entry.id);
        findings.push(Finding::new(pointer, "limits", "C211-110b", sentence));
    }
}

/// What goes in is on the list of materials, or comes out of this record.
fn material(record: &MasterRecord, entry: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    let Some(used) = entry.kind.as_kind().uses() else { return };
    let listed = record.materials.iter().any(|it| it.code == used || it.name == used);
    let own = record
        .outputs
        .iter()
        .any(|it| [&it.id, &it.name, &it.material].contains(&&used.to_owned()));
    if !listed && !own {
        let sentence = format!(
            "{} takes a lot of {used:?}, which is neither among the materials of this master record nor an output",
            entry.id
        );
        findings.push(Finding::new(pointer, "material", "C211-186b", sentence));
    }
}

/// The part that is kept is no more than what is taken.
fn reserve(entry: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    let Some(sample) = entry.as_sample() else { return };
    let (Some(reserve), Some(whole)) = (&sample.reserve, &sample.quantity) else { return };
    let kept = &reserve.quantity;
    let why = match in_unit(kept, &whole.unit) {
        Some(value) if value <= whole.value => return,
        Some(_) => format!("{} keeps {kept} of a sample of {whole}", entry.id),
        None => format!(
            "{} keeps {kept} of a sample of {whole}: nothing converts one to the other",
            entry.id
        ),
    };
    let at = format!("{pointer}/reserve");
    findings.push(Finding::new(at, "limits", "C211-170", why));
}

/// What is shown has as many places as the limit that it is held against.
fn decimals(
    entry: &EntrySpec,
    whole: &Value,
    limits: &[Limit],
    pointer: &str,
    findings: &mut Vec<Finding>,
) {
    for (said, at) in
        [(&whole["decimals"], "decimals"), (&whole["result"]["decimals"], "result/decimals")]
    {
        let Some(decimals) = said.as_u64() else { continue };
        let judged = limits.iter().filter(|limit| limit.purpose != Purpose::Reference);
        let ends =
            judged.flat_map(|limit| [&limit.low, &limit.high]).flatten().map(|end| end.value);
        let percents = ["min_percent", "max_percent"]
            .map(|member| whole[member].as_str()?.parse::<Decimal>().ok());
        let ends = ends.chain(percents.into_iter().flatten());
        if let Some(finer) =
            ends.filter(|end| u64::from(end.scale()) > decimals).max_by_key(Decimal::scale)
        {
            let sentence = format!(
                "{} is shown with {decimals} decimals, and held against {finer}: who reads it cannot tell on which side it is",
                entry.id
            );
            findings.push(Finding::new(
                format!("{pointer}/{at}"),
                "decimals",
                "C211-110b",
                sentence,
            ));
        }
    }
}

/// Plausibility asks; it encloses every judged limit, so that it disarms none.
fn plausible(entry: &EntrySpec, limits: &[Limit], pointer: &str, findings: &mut Vec<Finding>) {
    let Some(asks) = limits.iter().find(|limit| limit.purpose == Purpose::Plausibility) else {
        return;
    };
    for limit in limits
        .iter()
        .filter(|limit| !matches!(limit.purpose, Purpose::Plausibility | Purpose::Reference))
    {
        let ends = [&limit.low, &limit.high].into_iter().flatten();
        let outside = |end: Decimal| {
            asks.side(end) != Side::Within && {
                // An end that neither includes is the same end.
                let same = [&asks.low, &asks.high].into_iter().flatten().any(|it| it.value == end);
                !same
            }
        };
        if let Some(end) = ends.map(|end| end.value).find(|end| outside(*end)) {
            let word = limit.purpose.as_str();
            let sentence = format!(
                "{}: {end} of the {word} limit lies outside plausibility, which encloses every judged limit",
                entry.id
            );
            findings.push(Finding::new(pointer, "limits", "C211-110b", sentence));
        }
    }
}

/// What occurs several times is read as a whole, first or last: nobody guesses which is meant.
fn which(
    record: &MasterRecord,
    own: Option<&Step>,
    text: Option<&str>,
    pointer: &str,
    findings: &mut Vec<Finding>,
) {
    let Some(Ok(expr)) = text.map(calc::parse) else { return };
    let expr: Expr = expr;
    for place in expr.places().into_iter().filter(|place| place.which == Which::Current) {
        let Some(of) = place.step.as_deref().filter(|of| own.is_none_or(|own| own.id != *of))
        else {
            continue;
        };
        let Some((operation, step)) = record.step(of) else { continue };
        // Two steps of one operation that both repeat mean the same occurrence.
        let paired = own.is_some_and(|own| {
            own.order.repeats() && operation.steps.iter().any(|step| step.id == own.id)
        });
        if step.order.repeats() && !paired {
            let entry = &place.entry;
            let sentence = format!(
                "{of} occurs several times, and {place} does not say which is meant: write first[{of}/{entry}], last[{of}/{entry}] or all[{of}/{entry}]"
            );
            findings.push(Finding::new(pointer, "calculation", "C211-68b2", sentence));
        }
    }
}
