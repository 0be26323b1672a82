//! What is owed beside the steps: one-batch changes decided, emergency acts ratified.

use super::{Found, Law, Obligation, Stage, law, owe, signature};
use crate::domain::run::Run;
use crate::domain::run::amendment::{AmendmentRun, Change};
use crate::domain::run::floor::EmergencyRun;

const RATIFIED: Law = law("F30", "EU GMP Chapter 4, 4.20(h)", Stage::Review);
const REDLINE: Law = law("CH4-20", "EU GMP Chapter 4, 4.20(h)", Stage::Completion);
const REPROCESS: Law = law("C211-115", "21 CFR 211.115, ICH Q7 14.2", Stage::Completion);
const REWORK: Law = law("Q7-14.2", "21 CFR 211.115, ICH Q7 14.3", Stage::Completion);

/// Appends what is owed beside the steps.
pub(super) fn collect(run: &Run, list: &mut Vec<Obligation>) {
    for change in &run.amendments {
        decided(change, list);
    }
    for act in &run.emergencies {
        ratified(act, list);
    }
}

/// No change is left undecided; what comes into force owes its own steps.
fn decided(change: &AmendmentRun, list: &mut Vec<Obligation>) {
    let no = change.told.no;
    let law = match change.told.change {
        Change::Instruction { .. } | Change::Entry { .. } => REDLINE,
        Change::Reprocess { .. } => REPROCESS,
        Change::Rework { .. } => REWORK,
    };
    let evidence = change.is_over().then(|| {
        let words = change.decisions.iter().map(|(told, at, signed)| {
            let word = if told.approved { "approved" } else { "refused" };
            let by = signed.as_ref().map_or_else(|| at.to_string(), signature);
            format!("{word} for {}: {}; {by}", told.side.as_str(), told.conclusion)
        });
        words.collect::<Vec<_>>().join("; ")
    });
    let what = format!("{} decided: {}", change.title(), change.told.after);
    let id = format!("amendment/{no}/decided");
    owe(list, law, id, what, None, "supervise and approve-master", Found::of(evidence));
}

fn ratified(act: &EmergencyRun, list: &mut Vec<Obligation>) {
    let no = act.told.no;
    let found = match &act.ratified {
        None => Found::Open(Some(format!("to be ratified until {}", act.told.ratify_until))),
        Some((told, signed)) => {
            let word = if told.upheld { "upheld" } else { "not upheld" };
            let by = signed.as_ref().map(signature).unwrap_or_default();
            Found::Met(format!("{word}: {}; {by}", told.conclusion))
        }
    };
    let what = format!("Emergency act {no} ratified: {}", act.told.what);
    let place = act.told.operation.as_ref().map(ToString::to_string);
    owe(list, RATIFIED, format!("emergency/{no}/ratified"), what, place, "triage", found);
}
