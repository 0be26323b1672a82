//! Names are unique and references lead somewhere.

use crate::domain::entry::gs1;
use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::recipe::check::{Finding, all_steps, operations, unit_procedures};
use crate::domain::recipe::{MasterRecord, Order};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    unique(record, findings);
    let operation_ids: BTreeSet<&str> = record.operations().map(|op| op.id.as_str()).collect();
    let step_ids: BTreeSet<&str> = record.steps().map(|(_, step)| step.id.as_str()).collect();
    let known = |id: &str| operation_ids.contains(id) || step_ids.contains(id);
    for operation in operations(record) {
        resolve(&operation.what.order, &operation.pointer, &known, findings);
    }
    for step in all_steps(record) {
        resolve(&step.what.order, &step.pointer, &known, findings);
    }
    samples_and_labels(record, findings);
    trade_items(record, findings);
    for (i, gate) in record.gates.iter().enumerate() {
        for (j, id) in gate.before.iter().enumerate() {
            if !step_ids.contains(id.as_str()) {
                unknown(findings, format!("/gates/{i}/before/{j}"), "step", id);
            }
        }
    }
}

/// What a label is held against has a right check digit, or every label would differ.
fn trade_items(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for (i, material) in record.materials.iter().enumerate() {
        for (j, written) in material.gtin.iter().enumerate() {
            if gs1::gtin(written).is_none() {
                let at = format!("/materials/{i}/gtin/{j}");
                let sentence = format!("{written:?} is no GTIN: its check digit is wrong");
                findings.push(Finding::new(at, "inconsistent", "C211-186b", sentence));
            }
        }
    }
}

/// A result names its sample, a sample its tests, and a label count its label: each is in the record, so that
/// nothing is tested on what nobody takes (21 CFR 211.160, 211.125).
fn samples_and_labels(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let steps = all_steps(record);
    let of_steps =
        steps.iter().map(|step| (format!("{}/entries", step.pointer), &step.what.entries));
    let release = ("/release_specifications".to_owned(), &record.release_specifications);
    let lists: Vec<_> = of_steps.chain([release]).collect();
    let all = || lists.iter().flat_map(|(_, entries)| entries.iter());
    let is_sample = |id: &str| all().any(|e| e.id == id && e.as_sample().is_some());
    let is_result = |id: &str| all().any(|e| e.id == id && e.as_result().is_some());
    let is_label = |id: &str| record.labels.iter().any(|label| label.id == id);
    for (pointer, entries) in &lists {
        for (i, entry) in entries.iter().enumerate() {
            let at = format!("{pointer}/{i}");
            if let Some(spec) = entry.as_result()
                && let Some(id) = spec.sample.as_ref().filter(|id| !is_sample(id))
            {
                unknown(findings, format!("{at}/sample"), "sample", id);
            }
            if let Some(spec) = entry.as_sample() {
                let tests = spec.tests.iter().enumerate();
                for (j, id) in tests.filter(|(_, id)| !is_result(id)) {
                    unknown(findings, format!("{at}/tests/{j}"), "result", id);
                }
            }
            if let Some(label) = entry.kind.as_kind().counts()
                && !is_label(label)
            {
                unknown(findings, format!("{at}/label"), "label", label);
            }
        }
    }
}

fn unknown(findings: &mut Vec<Finding>, pointer: String, what: &str, id: &str) {
    let sentence = format!("there is no {what} {id:?} in this master record");
    findings.push(Finding::new(pointer, "unknown-reference", "C211-186b", sentence));
}

fn resolve(
    order: &Order,
    pointer: &str,
    known: &dyn Fn(&str) -> bool,
    findings: &mut Vec<Finding>,
) {
    for (i, id) in order.after.iter().enumerate().filter(|(_, id)| !known(id)) {
        unknown(findings, format!("{pointer}/after/{i}"), "step or operation", id);
    }
    if let Some(id) = order.while_runs.as_ref().filter(|id| !known(id)) {
        unknown(findings, format!("{pointer}/while"), "step or operation", id);
    }
}

/// Ids of one sort of thing that must differ from each other.
#[derive(Default)]
struct Taken<'a>(BTreeMap<&'a str, String>);

impl<'a> Taken<'a> {
    fn take(&mut self, id: &'a str, pointer: String, findings: &mut Vec<Finding>) {
        if let Some(first) = self.0.get(id) {
            let sentence = format!("the id {id:?} is taken by {first}");
            findings.push(Finding::new(pointer, "duplicate-id", "C211-186b", sentence));
        } else {
            self.0.insert(id, pointer);
        }
    }
}

fn unique(record: &MasterRecord, findings: &mut Vec<Finding>) {
    // One space of names for all that `after`, `while`, gates and URLs address.
    let mut taken = Taken::default();
    for up in unit_procedures(record) {
        taken.take(&up.what.id, format!("{}/id", up.pointer), findings);
    }
    for operation in operations(record) {
        taken.take(&operation.what.id, format!("{}/id", operation.pointer), findings);
    }
    for step in all_steps(record) {
        taken.take(&step.what.id, format!("{}/id", step.pointer), findings);
        entries(&step.what.entries, &format!("{}/entries", step.pointer), record, findings);
    }
    for (i, gate) in record.gates.iter().enumerate() {
        taken.take(&gate.id, format!("/gates/{i}/id"), findings);
    }
    entries(&record.release_specifications, "/release_specifications", record, findings);
    let (mut codes, mut labels) = (Taken::default(), Taken::default());
    for (i, material) in record.materials.iter().enumerate() {
        codes.take(&material.code, format!("/materials/{i}/code"), findings);
    }
    for (i, label) in record.labels.iter().enumerate() {
        labels.take(&label.id, format!("/labels/{i}/id"), findings);
    }
}

fn entries(list: &[EntrySpec], pointer: &str, record: &MasterRecord, findings: &mut Vec<Finding>) {
    let mut taken = Taken::default();
    for (i, entry) in list.iter().enumerate() {
        taken.take(&entry.id, format!("{pointer}/{i}/id"), findings);
        if let Due::Gate(gate) = &entry.due
            && !record.gates.iter().any(|known| known.id == *gate)
        {
            unknown(findings, format!("{pointer}/{i}/due/gate"), "gate", gate);
        }
    }
}
