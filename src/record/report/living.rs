//! The living process in numbers, for the first page.

use super::words::counted;
use crate::domain::run::event::Basis;
use crate::domain::run::{Content, EntryRun, Run};

/// Counts as name and words; what never occurred is left out, so that a plain batch stays plain.
pub fn counts(run: &Run) -> Vec<(&'static str, String)> {
    let mut counts = Vec::new();
    let entries: Vec<&EntryRun> = run
        .steps
        .values()
        .flat_map(|step| step.entries.values())
        .chain(run.release_entries.values())
        .collect();
    computed(&entries, &mut counts);
    results(&entries, &mut counts);
    let amended = run.amendments.iter().filter(|change| change.in_force.is_some()).count();
    if !run.amendments.is_empty() {
        let all = counted(run.amendments.len(), "change");
        counts.push(("Changes to the recipe", format!("{all}, {amended} in force")));
    }
    let ratified = run.emergencies.iter().filter(|act| act.ratified.is_some()).count();
    if !run.emergencies.is_empty() {
        let all = run.emergencies.len();
        counts.push(("Emergency acts", format!("{all}, {ratified} ratified")));
    }
    let open = run.alarms.iter().filter(|alarm| alarm.acknowledged.is_none()).count();
    if !run.happenings.is_empty() || !run.alarms.is_empty() {
        let events = counted(run.happenings.len(), "event");
        let alarms = counted(run.alarms.len(), "alarm");
        counts.push(("Beside the steps", format!("{events}, {alarms} ({open} not acknowledged)")));
    }
    if !run.noticed.is_empty() {
        counts.push(("Time limits", format!("{} ran out", run.noticed.len())));
    }
    if !run.handovers.is_empty() {
        counts.push(("Handovers", run.handovers.len().to_string()));
    }
    counts
}

fn computed(entries: &[&EntryRun], counts: &mut Vec<(&'static str, String)>) {
    let versions = |entry: &&EntryRun| {
        entry.versions.iter().filter(|version| version.basis == Basis::Computed).count()
    };
    let values = entries.iter().filter(|entry| versions(entry) > 0).count();
    let anew: usize = entries.iter().map(|entry| versions(entry).saturating_sub(1)).sum();
    let checked = entries
        .iter()
        .filter_map(|entry| entry.current())
        .filter(|version| version.basis == Basis::Computed && version.checked.is_some())
        .count();
    if values > 0 {
        counts.push((
            "Computed values",
            format!("{values}, {checked} recomputed, {anew} computed anew"),
        ));
    }
}

fn results(entries: &[&EntryRun], counts: &mut Vec<(&'static str, String)>) {
    let tested: Vec<_> = entries.iter().filter(|entry| !entry.determinations.is_empty()).collect();
    if tested.is_empty() {
        return;
    }
    let reported = tested
        .iter()
        .filter_map(|entry| entry.current())
        .filter(|version| matches!(version.content, Content::Value(_)))
        .count();
    let all: usize = tested.iter().map(|entry| entry.determinations.len()).sum();
    let words = counted(all, "determination");
    counts
        .push(("Laboratory results", format!("{reported} of {} reported, {words}", tested.len())));
}
