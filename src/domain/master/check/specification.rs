//! Specifications: each is a laboratory result with limits, owed whatever is recorded later (21 CFR 211.165,
//! EU GMP Annex 16, chapter 3).

use super::{Finding, all_steps, operations};
use crate::domain::entry::KindSpec;
use crate::domain::entry::spec::{Classification, EntrySpec};
use crate::domain::master::{MasterRecord, Order};

const RULE: &str = "C211-165";

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for (i, spec) in record.release_specifications.iter().enumerate() {
        let pointer = format!("/release_specifications/{i}");
        one(spec, &pointer, "a release specification", findings);
        limits(spec, &pointer, findings);
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
        let steps = operation.what.steps.iter().flat_map(|step| &step.entries);
        if let Some(held) = steps.into_iter().find(|entry| class(entry).is_some()) {
            decided_later(&operation.what.order, &operation.pointer, held, findings);
        }
    }
    for step in all_steps(record) {
        for (i, entry) in step.what.entries.iter().enumerate() {
            let Some(class) = class(entry) else {
                not_skipped(entry, &format!("{}/entries/{i}", step.pointer), findings);
                continue;
            };
            let what = format!("classified {}", class.as_str());
            let pointer = format!("{}/entries/{i}", step.pointer);
            one(entry, &pointer, &what, findings);
            not_skipped(entry, &pointer, findings);
            decided_later(&step.what.order, &step.pointer, entry, findings);
        }
    }
}

/// The classification that makes an in-process entry a specification.
fn class(entry: &EntrySpec) -> Option<Classification> {
    entry
        .classification
        .filter(|class| matches!(class, Classification::Specification | Classification::ReleaseIpc))
}

fn one(entry: &EntrySpec, pointer: &str, what: &str, findings: &mut Vec<Finding>) {
    let id = &entry.id;
    let mut say = |member: &str, code: &str, sentence: String| {
        findings.push(Finding::new(format!("{pointer}{member}"), code, RULE, sentence));
    };
    if !matches!(entry.kind, KindSpec::Result(_)) {
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

/// Skip testing is for release specifications: what a step asks, the step decides.
fn not_skipped(entry: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    if let KindSpec::Result(spec) = &entry.kind
        && spec.skippable
    {
        let sentence =
            format!("{} stands on a step: only a release specification is skippable", entry.id);
        let pointer = format!("{pointer}/skippable");
        findings.push(Finding::new(pointer, "specification", RULE, sentence));
    }
}

/// Without limits nothing says what conforms.
fn limits(entry: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    if let KindSpec::Result(spec) = &entry.kind
        && !spec.result.is_judged()
    {
        let sentence =
            format!("{} is a release specification without an acceptance limit", entry.id);
        findings.push(Finding::new(format!("{pointer}/result"), "limits", RULE, sentence));
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
