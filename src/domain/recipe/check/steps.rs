//! Steps, gates and entries: what they say of themselves fits together.

use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::policy::{Authority, Family};
use crate::domain::recipe::check::{At, Finding, all_steps, operations};
use crate::domain::recipe::{MasterRecord, Order, SecondPersonMode, Step};
use crate::domain::units;
use crate::domain::words::OnCritical;
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for operation in operations(record) {
        occurs(&operation.what.order, &operation.pointer, findings);
    }
    let rests = record.steps().any(|(_, step)| step.safe_point);
    for step in all_steps(record) {
        occurs(&step.what.order, &step.pointer, findings);
        second_person(&step, findings);
        protection(&step, rests, findings);
        recorders(&step.what.authorities, &step.pointer, findings);
        for (i, spec) in step.what.entries.iter().enumerate() {
            entry(spec, &format!("{}/entries/{i}", step.pointer), findings);
        }
    }
    gates(record, findings);
    for (i, spec) in record.release_specifications.iter().enumerate() {
        let pointer = format!("/release_specifications/{i}");
        entry(spec, &pointer, findings);
        if spec.due != Due::Release {
            let sentence = format!("{} is a release specification: it is due at release", spec.id);
            findings.push(Finding::new(format!("{pointer}/due"), "due", "C211-186b", sentence));
        }
    }
}

fn occurs(order: &Order, pointer: &str, findings: &mut Vec<Finding>) {
    let Some(occurs) = order.occurs else { return };
    let pointer = format!("{pointer}/occurs");
    if let Some(max) = occurs.max
        && (occurs.min > max || max == 0)
    {
        let sentence = format!("occurs {}..{max} can never be met", occurs.min);
        findings.push(Finding::new(&pointer, "occurs", "P11-10f", sentence));
    }
    if order.on_demand && occurs.min > 0 {
        let sentence = "what happens on demand need not happen: min is 0";
        findings.push(Finding::new(&pointer, "occurs", "P11-10f", sentence));
    }
}

fn second_person(step: &At<'_, Step>, findings: &mut Vec<Finding>) {
    let pointer = format!("{}/second_person", step.pointer);
    let mut say = |sentence: String| {
        findings.push(Finding::new(&pointer, "second-person", "C211-188b11", sentence));
    };
    let id = &step.what.id;
    let Some(second) = &step.what.second_person else {
        if step.what.significant {
            say(format!("{id} is significant: say who witnesses or verifies it"));
        }
        return;
    };
    match (second.mode, second.within_minutes) {
        (SecondPersonMode::VerifyAfter, None) => {
            say(format!("{id} is verified afterwards: say within how many minutes"));
        }
        (SecondPersonMode::WitnessBefore | SecondPersonMode::WitnessDuring, Some(_)) => {
            say(format!(
                "{id} has a witness, who is there: within_minutes belongs to verify-after"
            ));
        }
        _ => {}
    }
    let judges = |authority: Authority| {
        !matches!(authority.family(), Family::Reading | Family::Administration)
    };
    if let Some(authority) = second.authority.filter(|authority| !judges(*authority)) {
        say(format!("the authority {} cannot check work", authority.as_str()));
    }
}

/// Care stays open in every state; what a gate guards does not (ARCHITECTURE.md, principle 2).
fn protection(step: &At<'_, Step>, rests: bool, findings: &mut Vec<Finding>) {
    let (what, pointer) = (step.what, &step.pointer);
    let open = what.care || what.sampling || what.makes_safe;
    if let Some(act) = what.irreversible.filter(|_| open) {
        let sentence = format!(
            "{} is open in every state (care, sampling or making safe) and cannot be irreversible ({act:?})",
            what.id
        );
        findings.push(Finding::new(
            format!("{pointer}/irreversible"),
            "protection",
            "P11-10f",
            sentence,
        ));
    }
    if what.on_critical == OnCritical::Stop && open {
        let sentence = format!("{} is open in every state and cannot stop", what.id);
        findings.push(Finding::new(
            format!("{pointer}/on_critical"),
            "protection",
            "P11-10f",
            sentence,
        ));
    }
    if what.on_critical == OnCritical::ToSafePoint && !rests {
        let sentence = format!("{} leads to a safe point, and no step is one", what.id);
        findings.push(Finding::new(
            format!("{pointer}/on_critical"),
            "protection",
            "P11-10f",
            sentence,
        ));
    }
}

fn recorders(authorities: &[Authority], pointer: &str, findings: &mut Vec<Finding>) {
    for (i, authority) in authorities.iter().enumerate().filter(|(_, a)| !a.records()) {
        let sentence = format!(
            "the authority {} does not let anybody record; use execute, supervise, test or evaluate",
            authority.as_str()
        );
        let at = format!("{pointer}/authorities/{i}");
        findings.push(Finding::new(at, "authority", "P11-10g", sentence));
    }
}

fn entry(spec: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    recorders(&spec.authorities, pointer, findings);
    let mut say = |code: &str, rule: &str, fault: &str| {
        findings.push(Finding::new(pointer, code, rule, format!("{}: {fault}", spec.id)));
    };
    let unknown = unknown_units(&serde_json::to_value(spec).unwrap_or_default());
    unknown.iter().for_each(|fault| say("unknown-unit", "C211-110b", fault));
    let computed = spec.kind.as_kind().inputs().is_some();
    for fault in spec.kind.as_kind().faults().iter().filter(|fault| !unknown.contains(*fault)) {
        let (code, rule) =
            if computed { ("calculation", "C211-68b2") } else { ("limits", "C211-110b") };
        say(code, rule, fault);
    }
}

/// What is said of each unit that a specification names and the registry does not know, however deep it stands.
fn unknown_units(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match value {
        Value::Object(members) => {
            let unit = members.get("unit").and_then(Value::as_str);
            found.extend(unit.filter(|unit| units::find(unit).is_none()).map(units::unknown));
            found.extend(members.values().flat_map(unknown_units));
        }
        Value::Array(items) => found.extend(items.iter().flat_map(unknown_units)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found
}

/// Who lets something pass answers for it: in production, in the laboratory, for quality, or as the
/// engineer at the step; not who only reads, writes master records or runs the system.
fn passes(authority: Authority) -> bool {
    match authority.family() {
        Family::Production => authority != Authority::Issue,
        Family::Laboratory | Family::Quality => true,
        Family::Engineering => authority == Authority::Evaluate,
        Family::Reading | Family::Administration => false,
    }
}

fn gates(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for (i, gate) in record.gates.iter().enumerate() {
        for (j, authority) in gate.authorities.iter().enumerate().filter(|(_, a)| !passes(**a)) {
            let word = authority.as_str();
            let sentence = format!(
                "the authority {word} lets nobody pass gate {}; name review for a gate of the quality unit, or leave it out",
                gate.id
            );
            let at = format!("/gates/{i}/authorities/{j}");
            findings.push(Finding::new(at, "authority", "C211-110c", sentence));
        }
        for (j, id) in gate.before.iter().enumerate() {
            let reversible = record.step(id).is_some_and(|(_, step)| step.irreversible.is_none());
            if reversible {
                let sentence = format!("gate {} guards {id}, which is not irreversible", gate.id);
                let at = format!("/gates/{i}/before/{j}");
                findings.push(Finding::new(at, "gate", "P11-10f", sentence));
            }
        }
    }
    for step in all_steps(record).iter().filter(|step| step.what.irreversible.is_some()) {
        let id = &step.what.id;
        let guards = record.gates.iter().filter(|gate| gate.before.contains(id)).count();
        if guards != 1 {
            let sentence =
                format!("{id} is irreversible and guarded by {guards} gates: exactly one");
            let at = format!("{}/irreversible", step.pointer);
            findings.push(Finding::new(at, "gate", "P11-10f", sentence));
        }
    }
}
