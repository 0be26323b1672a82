//! Codes and ids that read alike: whoever reads `ph-1` may take it for `ph-l`.

use super::{Finding, all_steps, operations};
use crate::domain::alike::{Forms, forms};
use crate::domain::recipe::MasterRecord;

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let materials = (0..).zip(&record.materials);
    let materials = materials.map(|(i, it): (usize, _)| (format!("/materials/{i}/code"), &it.code));
    distinct("material", materials, findings);
    let all = operations(record);
    distinct(
        "operation",
        all.iter().map(|it| (format!("{}/id", it.pointer), &it.what.id)),
        findings,
    );
    let steps = all_steps(record);
    distinct("step", steps.iter().map(|it| (format!("{}/id", it.pointer), &it.what.id)), findings);
    for step in &steps {
        let entries = (0..).zip(&step.what.entries);
        let place = |i: usize| format!("{}/entries/{i}/id", step.pointer);
        distinct("entry", entries.map(|(i, it)| (place(i), &it.id)), findings);
    }
    let of_release = (0..).zip(&record.release_specifications);
    let of_release =
        of_release.map(|(i, it): (usize, _)| (format!("/release_specifications/{i}/id"), &it.id));
    distinct("release specification", of_release, findings);
    let gates = (0..).zip(&record.gates);
    let gates = gates.map(|(i, it): (usize, _)| (format!("/gates/{i}/id"), &it.id));
    distinct("gate", gates, findings);
    let outputs = (0..).zip(&record.outputs);
    let outputs = outputs.map(|(i, it): (usize, _)| (format!("/outputs/{i}/id"), &it.id));
    distinct("output", outputs, findings);
}

fn distinct<'a>(
    what: &str,
    all: impl Iterator<Item = (String, &'a String)>,
    findings: &mut Vec<Finding>,
) {
    let mut before: Vec<(Forms, &String)> = Vec::new();
    for (pointer, id) in all {
        let form = forms(id);
        // Twice the same is found as such.
        let twin = before.iter().find(|(known, of)| *of != id && known.meet(&form));
        if let Some((_, twin)) = twin {
            let sentence = format!(
                "{what} {id:?} reads like {twin:?}, and one will be taken for the other: give it another name"
            );
            findings.push(Finding::new(pointer, "reads-alike", "D1", sentence));
        }
        before.push((form, id));
    }
}
