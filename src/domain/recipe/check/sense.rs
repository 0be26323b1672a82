//! What is well formed and says nothing: a critical parameter that nothing judges, a value rounded away, a material
//! that nobody knows, a part larger than its whole.

use crate::domain::calc::unit::in_unit;
use crate::domain::clock::Instant;
use crate::domain::entry::conforming::Situation;
use crate::domain::entry::spec::{Classification, EntrySpec};
use crate::domain::limits::{Purpose, finest};
use crate::domain::recipe::MasterRecord;
use crate::domain::recipe::check::{Finding, all_entries, settled};

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for (_, entry) in all_entries(record) {
        settled::inner(&entry, findings);
        let (entry, pointer) = (entry.what, entry.pointer.as_str());
        critical(entry, pointer, findings);
        possible(entry, pointer, findings);
        material(record, entry, pointer, findings);
        reserve(entry, pointer, findings);
        decimals(entry, pointer, findings);
    }
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
fn decimals(entry: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    let Some(decimals) = entry.kind.as_kind().shown_decimals() else { return };
    let limits = entry.kind.clone().as_kind_mut().take_limits().value;
    let Some(finer) = finest(&limits).filter(|limit| limit.scale() > decimals) else { return };
    let of = if entry.as_result().is_some() { "/result" } else { "" };
    let sentence = format!(
        "{} is shown with {decimals} decimals, and held against {finer}: it hides what its limits judge; show as many as the limit has",
        entry.id
    );
    findings.push(Finding::new(format!("{pointer}{of}/decimals"), "coarse", "C211-110b", sentence));
}
