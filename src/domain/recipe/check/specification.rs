//! Specifications: each is a laboratory result with limits, owed whatever is recorded later (21 CFR 211.165,
//! EU GMP Annex 16, chapter 3).

use crate::domain::entry::reportable::Per;
use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::recipe::check::{Finding, all_steps, operations};
use crate::domain::recipe::{MasterRecord, Order};

const RULE: &str = "C211-165";

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for (i, spec) in record.release_specifications.iter().enumerate() {
        one(spec, &format!("/release_specifications/{i}"), "a release specification", findings);
    }
    for (i, output) in record.outputs.iter().enumerate() {
        if output.class.is_used() && record.release_specifications.is_empty() {
            let (id, class) = (&output.id, output.class.as_str());
            let sentence =
                format!("{id} is a {class}, and no release specification is owed for it");
            let pointer = format!("/outputs/{i}");
            findings.push(Finding::new(pointer, "specification", RULE, sentence));
        }
    }
    for operation in operations(record) {
        let mut steps = operation.what.steps.iter().flat_map(|step| &step.entries);
        if let Some(held) = steps.find(|entry| entry.is_specification()) {
            decided_later(&operation.what.order, &operation.pointer, held, findings);
        }
    }
    for step in all_steps(record) {
        for (i, entry) in step.what.entries.iter().enumerate() {
            let pointer = format!("{}/entries/{i}", step.pointer);
            of_step(entry, &pointer, findings);
            if entry.is_specification() {
                one(entry, &pointer, &why(entry), findings);
                decided_later(&step.what.order, &step.pointer, entry, findings);
            }
        }
    }
    some_test_remains(record, findings);
}

/// Why an entry of a step is a specification.
fn why(entry: &EntrySpec) -> String {
    match (&entry.due, entry.classification) {
        (Due::Release, _) => "due at release".into(),
        (Due::Step | Due::Gate(_), Some(class)) => format!("classified {}", class.as_str()),
        (Due::Step | Due::Gate(_), None) => {
            "a laboratory result without a classification, and so a specification".into()
        }
    }
}

fn one(entry: &EntrySpec, pointer: &str, what: &str, findings: &mut Vec<Finding>) {
    let id = &entry.id;
    let mut say = |member: &str, code: &str, sentence: String| {
        findings.push(Finding::new(format!("{pointer}{member}"), code, RULE, sentence));
    };
    if let Some(spec) = entry.as_result() {
        if !spec.result.is_judged() {
            let sentence = format!(
                "{id} is {what}, without an acceptance limit or an accepted choice: nothing says what conforms"
            );
            say("/result", "limits", sentence);
        }
        if spec.sample.is_none() && spec.item.is_none() {
            let sentence = format!(
                "{id} is {what}, and names neither its sample nor the item that is tested where none is taken"
            );
            say("", "specification", sentence);
        }
    } else {
        let kind = entry.kind.name();
        let sentence = format!(
            "{id} is {what}, and of kind {kind}: a specification is a laboratory result, with method and sample; use kind result"
        );
        say("/kind", "specification", sentence);
    }
    if entry.when.is_some() {
        let sentence = format!(
            "{id} is {what}: nothing that is recorded later decides whether it is owed; let it be skippable, and quality decides by signature at issue"
        );
        say("/when", "specification", sentence);
    }
    if !entry.mandatory {
        let sentence = format!("{id} is {what}: it is owed by every batch, so it is mandatory");
        say("/mandatory", "specification", sentence);
    }
}

/// What is for release specifications alone: skip testing, and a result for each lot.
fn of_step(entry: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    let Some(spec) = entry.as_result() else { return };
    let id = &entry.id;
    let mut say = |member: &str, sentence: String| {
        findings.push(Finding::new(format!("{pointer}/{member}"), "specification", RULE, sentence));
    };
    if spec.skippable {
        let sentence = format!("{id} stands on a step: only a release specification is skippable");
        say("skippable", sentence);
    }
    if spec.per == Some(Per::Lot) {
        let sentence = format!(
            "{id} stands on a step, where no lot has come out yet: only a release specification is owed for each lot"
        );
        say("per", sentence);
    }
}

/// A product is never released on no test at all.
fn some_test_remains(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let skippable = |entry: &EntrySpec| entry.as_result().is_some_and(|spec| spec.skippable);
    let on_steps = record.steps().flat_map(|(_, step)| &step.entries);
    let mut owed = on_steps.filter(|entry| entry.is_specification());
    let release = &record.release_specifications;
    if !release.is_empty() && release.iter().all(skippable) && owed.next().is_none() {
        let sentence = "every specification is skippable, so that a batch might owe no test at all: one is not";
        let pointer = "/release_specifications";
        findings.push(Finding::new(pointer, "specification", RULE, sentence));
    }
}

/// A step or operation that may not come cannot carry a specification.
fn decided_later(order: &Order, pointer: &str, held: &EntrySpec, findings: &mut Vec<Finding>) {
    let id = &held.id;
    if order.when.is_some() {
        let sentence = format!(
            "the specification {id} stands behind a condition that is decided by what is recorded later"
        );
        let pointer = format!("{pointer}/when");
        findings.push(Finding::new(pointer, "specification", RULE, sentence));
    }
    if order.occurs().min == 0 {
        let sentence = format!(
            "the specification {id} stands where nothing need occur; it would never be owed"
        );
        let pointer = format!("{pointer}/occurs");
        findings.push(Finding::new(pointer, "specification", RULE, sentence));
    }
}
