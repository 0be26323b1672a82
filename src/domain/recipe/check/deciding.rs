//! What decides a branch is asked in every batch: whoever leaves it out leaves the branch undecided for ever.

use super::{Finding, all_entries, all_steps, operations};
use crate::domain::calc;
use crate::domain::entry::computing::{Reference, Which};
use crate::domain::recipe::MasterRecord;

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for operation in operations(record) {
        let what = operation.what;
        let of = format!("whether operation {} is done", what.id);
        decided(record, what.order.when.as_deref(), None, &of, &operation.pointer, findings);
    }
    for step in all_steps(record) {
        let of = format!("whether step {} is done", step.what.id);
        let when = step.what.order.when.as_deref();
        decided(record, when, None, &of, &step.pointer, findings);
    }
    for (step, entry) in all_entries(record) {
        // What nobody must record keeps nothing waiting.
        if entry.what.mandatory {
            let (own, of) = (step.map(|it| it.id.as_str()), &entry.what.id);
            let of = format!("whether {of} is asked");
            decided(record, entry.what.when.as_deref(), own, &of, &entry.pointer, findings);
        }
    }
}

fn decided(
    record: &MasterRecord,
    when: Option<&str>,
    own: Option<&str>,
    what: &str,
    pointer: &str,
    findings: &mut Vec<Finding>,
) {
    let Some(Ok(expr)) = when.map(calc::parse) else { return };
    for reference in expr.references() {
        // A list is what it is, also where nothing is on it.
        let Reference::Entry { step, entry, which: Which::Current | Which::First | Which::Last } =
            reference
        else {
            continue;
        };
        let Some(step) = step.as_deref().or(own) else { continue };
        let Some((_, found)) = record.step(step) else { continue };
        let optional = found.entries.iter().any(|it| it.id == entry && !it.mandatory);
        let skipped = found.order.occurs().min == 0 && own != Some(step);
        let why = match (optional, skipped) {
            (true, _) => "which nobody must record: make it mandatory",
            (false, true) => "of a step that need not occur: let it occur at least once",
            (false, false) => continue,
        };
        let sentence = format!(
            "{what} is decided by [{step}/{entry}], {why}, or decide by something else; left out, it stays undecided and the batch cannot go on"
        );
        findings.push(Finding::new(format!("{pointer}/when"), "undecided", "P11-10f", sentence));
    }
}
