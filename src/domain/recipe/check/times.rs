//! Times: durations can be read, moments exist, periods belong to what repeats.

use crate::domain::entry::computing::Reference;
use crate::domain::entry::spec::Due;
use crate::domain::recipe::check::order::Sequence;
use crate::domain::recipe::check::{At, Finding, all_steps, operations};
use crate::domain::recipe::timing::{Moment, MomentAt, Timer, microseconds};
use crate::domain::recipe::{MasterRecord, Order, Step};
use std::collections::BTreeSet;

/// Finding code of everything here.
const TIME: &str = "time";

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for operation in operations(record) {
        let order = &operation.what.order;
        duration(order.every.as_ref(), &operation.pointer, "every", findings);
        duration(order.grace.as_ref(), &operation.pointer, "grace", findings);
        if order.every.is_some() || order.grace.is_some() {
            let sentence =
                "a period belongs to a step: give every and grace to a step that repeats";
            let at = format!("{}/every", operation.pointer);
            findings.push(Finding::new(at, TIME, "C211-111", sentence));
        }
    }
    for step in all_steps(record) {
        period(&step.what.order, &step, findings);
        duration(step.what.record_within.as_ref(), &step.pointer, "record_within", findings);
        let mut ids = BTreeSet::new();
        for (i, timer) in step.what.timers.iter().enumerate() {
            let pointer = format!("{}/timers/{i}", step.pointer);
            if !ids.insert(timer.id.as_str()) {
                let sentence = format!("step {} has two timers called {}", step.what.id, timer.id);
                findings.push(Finding::new(format!("{pointer}/id"), TIME, "C211-111", sentence));
            }
            one(record, timer, &pointer, findings);
        }
        measured(record, &step, findings);
    }
    for (i, spec) in record.release_specifications.iter().enumerate() {
        if spec.kind.as_kind().measured_between().is_some() {
            let sentence = format!("{} measures the process: it belongs to a step", spec.id);
            let at = format!("/release_specifications/{i}/kind");
            findings.push(Finding::new(at, TIME, "C211-111", sentence));
        }
    }
}

fn duration(text: Option<&String>, at: &str, member: &str, findings: &mut Vec<Finding>) {
    if let Some(Err(wrong)) = text.map(|text| microseconds(text)) {
        findings.push(Finding::new(format!("{at}/{member}"), TIME, "C211-111", wrong));
    }
}

fn period(order: &Order, step: &At<'_, Step>, findings: &mut Vec<Finding>) {
    duration(order.every.as_ref(), &step.pointer, "every", findings);
    duration(order.grace.as_ref(), &step.pointer, "grace", findings);
    if order.every.is_some() && !order.repeats() {
        let sentence =
            format!("{} happens once, so it has no period; say how often it occurs", step.what.id);
        findings.push(Finding::new(format!("{}/every", step.pointer), TIME, "C211-111", sentence));
    }
    if order.grace.is_some() && order.every.is_none() {
        let sentence = format!("{} has a grace and no period: say every how often", step.what.id);
        findings.push(Finding::new(format!("{}/grace", step.pointer), TIME, "C211-111", sentence));
    }
}

fn one(record: &MasterRecord, timer: &Timer, pointer: &str, findings: &mut Vec<Finding>) {
    let lengths = [
        (&timer.min, "min"),
        (&timer.max, "max"),
        (&timer.warn_before, "warn_before"),
        (&timer.grace, "grace"),
    ];
    for (text, member) in lengths {
        duration(text.as_ref(), pointer, member, findings);
    }
    let read = |text: &Option<String>| text.as_ref().and_then(|text| microseconds(text).ok());
    if let (Some(min), Some(max)) = (read(&timer.min), read(&timer.max))
        && min > max
    {
        let sentence = format!("timer {}: its min is more than its max", timer.id);
        findings.push(Finding::new(format!("{pointer}/min"), TIME, "C211-111", sentence));
    }
    for (text, member) in [(&timer.grace, "grace"), (&timer.warn_before, "warn_before")] {
        if text.is_some() && timer.max.is_none() {
            let sentence = format!("timer {}: {member} belongs to a max", timer.id);
            findings.push(Finding::new(format!("{pointer}/{member}"), TIME, "C211-111", sentence));
        }
    }
    moment(record, &timer.starts, &format!("{pointer}/starts"), findings);
    if let Some(stops) = &timer.stops {
        moment(record, stops, &format!("{pointer}/stops"), findings);
    }
}

fn moment(record: &MasterRecord, moment: &Moment, pointer: &str, findings: &mut Vec<Finding>) {
    let step = record.step(&moment.of).map(|(_, step)| step);
    let fault = if step.is_none() && record.operation(&moment.of).is_none() {
        Some(format!("there is no step or operation {}", moment.of))
    } else {
        match (moment.at, step, &moment.entry) {
            (MomentAt::Entry, None, _) => Some(format!("operation {} has no entries", moment.of)),
            (MomentAt::Entry, Some(_), None) => Some(format!("say which entry of {}", moment.of)),
            (MomentAt::Entry, Some(step), Some(id)) => {
                match step.entries.iter().find(|entry| entry.id == *id) {
                    None => Some(format!("step {} has no entry {id}", moment.of)),
                    Some(entry) => (!entry.kind.as_kind().is_moment()).then(|| {
                        format!(
                            "{}/{id} is a day or a plan, and no moment of the process",
                            moment.of
                        )
                    }),
                }
            }
            (_, _, Some(_)) => Some("an entry belongs to a moment at entry".into()),
            _ => None,
        }
    };
    if let Some(fault) = fault {
        findings.push(Finding::new(pointer, TIME, "C211-111", fault));
    }
}

/// What measures the process: its moments exist, and no step waits for a time that ends with it or later.
fn measured(record: &MasterRecord, step: &At<'_, Step>, findings: &mut Vec<Finding>) {
    let sequence = Sequence::of(record);
    for (i, entry) in step.what.entries.iter().enumerate() {
        let pointer = format!("{}/entries/{i}", step.pointer);
        if let Some((starts, stops)) = entry.kind.as_kind().measured_between() {
            moment(record, starts, &format!("{pointer}/starts"), findings);
            moment(record, stops, &format!("{pointer}/stops"), findings);
        }
        if !entry.mandatory || entry.due != Due::Step {
            continue;
        }
        let inputs = entry.kind.as_kind().inputs().unwrap_or_default();
        let late = inputs.iter().find_map(|input| {
            let Reference::Moment(moment) = input else { return None };
            comes_later(record, &sequence, &step.what.id, moment)
        });
        if let Some(late) = late {
            let (own, id) = (&step.what.id, &entry.id);
            let sentence = format!(
                "{own} waits for [{own}/{id}], which ends with {late}: make it due later, or not mandatory"
            );
            findings.push(Finding::new(format!("{pointer}/due"), TIME, "C211-111", sentence));
        }
    }
}

/// The moment in words, if a step can only be complete before it.
fn comes_later(
    record: &MasterRecord,
    sequence: &Sequence<'_>,
    own: &str,
    moment: &Moment,
) -> Option<String> {
    let of = moment.of.as_str();
    let ends = moment.at == MomentAt::Completed;
    let contains = record.step(own).is_some_and(|(operation, _)| operation.id == of);
    let own_end = ends && (of == own || contains);
    let later = of != own && !contains && sequence.begins_after_end(own, of);
    let word = match (moment.at, &moment.entry) {
        (MomentAt::Started, _) => "the start of",
        (MomentAt::Completed, _) => "the completion of",
        (MomentAt::Entry, _) => "an entry of",
    };
    (own_end || later).then(|| format!("{word} {of}"))
}
