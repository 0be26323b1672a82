//! Line clearance before the work stands where it can keep back what comes after it (21 CFR 211.122, 211.130).

use crate::domain::entry::spec::EntrySpec;
use crate::domain::recipe::check::order::Sequence;
use crate::domain::recipe::check::{Finding, all_steps};
use crate::domain::recipe::{MasterRecord, Step};

/// Requirement of everything here.
const RULE: &str = "C211-122";

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let sequence = Sequence::of(record);
    let steps = all_steps(record);
    let follows = |own: &str, other: &str| own != other && sequence.begins_after_end(own, other);
    let clearing: Vec<&str> =
        record.steps().map(|(_, step)| step).filter(|it| clears(it)).map(|it| &*it.id).collect();
    for step in &steps {
        for (i, entry) in step.what.entries.iter().enumerate() {
            let id = &step.what.id;
            let pointer = format!("{}/entries/{i}", step.pointer);
            if entry.clears_before() {
                let something = steps.iter().any(|other| follows(id, &other.what.id));
                let moment = format!("{pointer}/moment");
                let faults = misplaced(step.what, entry, something);
                findings
                    .extend(faults.map(|fault| Finding::new(&moment, "protection", RULE, fault)));
            }
            if is_count(entry) && !clearing.iter().any(|clear| follows(clear, id)) {
                let sentence = format!(
                    "{} counts labels, and no step that must come before {id} clears the line: \
                     give one a mandatory line-clearance with moment before",
                    entry.id
                );
                findings.push(Finding::new(&pointer, "incomplete", RULE, sentence));
            }
        }
    }
}

fn misplaced(
    step: &Step,
    entry: &EntrySpec,
    something: bool,
) -> impl Iterator<Item = String> + use<> {
    let (id, clearance) = (&step.id, &entry.id);
    let irreversible = step.irreversible.is_some().then(|| {
        format!("{clearance} comes before the work, and {id} is irreversible: clear the line in a step before it")
    });
    let counts = step.entries.iter().any(is_count).then(|| {
        format!("{clearance} comes before the work, and {id} counts labels: clear the line in a step before it")
    });
    let nothing = (!something).then(|| {
        format!("{clearance} comes before the work, and nothing comes after {id}: name {id} in the after of the work")
    });
    irreversible.into_iter().chain(counts).chain(nothing)
}

/// Whether a step must occur and must clear the line before the work.
fn clears(step: &Step) -> bool {
    step.order.occurs().min > 0 && step.entries.iter().any(|it| it.mandatory && it.clears_before())
}

fn is_count(entry: &EntrySpec) -> bool {
    entry.kind.as_kind().counts().is_some()
}
