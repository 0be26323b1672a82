//! The living process in numbers, for the first page.

use super::words::counted;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::run::known::is_not_computable;
use crate::domain::run::{Content, EntryRun, Run};
use crate::domain::words::{Absence, Basis};

/// Counts as name and words; what never occurred is left out, so that a plain batch stays plain.
pub fn counts(run: &Run) -> Vec<(&'static str, String)> {
    let mut counts = Vec::new();
    absent(run, &mut counts);
    let entries: Vec<&EntryRun> = run
        .steps
        .values()
        .flat_map(|step| step.entries.values())
        .chain(run.release_entries.values())
        .collect();
    computed(&entries, &mut counts);
    results(&entries, &mut counts);
    counts.extend(super::looks::counts(run));
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
    counts.extend(super::reviews::count(run).map(|words| ("Rolling review", words)));
    if !run.handovers.is_empty() {
        counts.push(("Handovers", run.handovers.len().to_string()));
    }
    counts
}

/// Entries that somebody declared to have no value, whatever was recorded there since.
fn absent(run: &Run, counts: &mut Vec<(&'static str, String)>) {
    let of_steps = run.steps.iter().flat_map(|(key, state)| {
        let specs = run.recipe.step(&key.step).map_or(&[][..], |(_, step)| &step.entries);
        state.entries.iter().map(move |(id, entry)| (specs, id, entry))
    });
    let release = run.recipe.release_specifications.as_slice();
    let of_release = run.release_entries.iter().map(|(id, entry)| (release, id, entry));
    let found: Vec<(Absence, bool, bool)> = of_steps
        .chain(of_release)
        .filter_map(|(specs, id, entry)| {
            let is_mandatory =
                |specs: &[EntrySpec]| specs.iter().any(|spec| spec.id == *id && spec.mandatory);
            let since = entry.current().is_some_and(|v| matches!(v.content, Content::Value(_)));
            Some((declared_absent(entry)?, is_mandatory(specs), since))
        })
        .collect();
    if found.is_empty() {
        return;
    }
    let mandatory = found.iter().filter(|(_, mandatory, _)| *mandatory).count();
    let noun = if found.len() == 1 { "entry" } else { "entries" };
    let mut words = format!("{} {noun}, {mandatory} mandatory", found.len());
    let of = |absence: Absence| found.iter().filter(|(found, ..)| *found == absence).count();
    for (absence, word) in [
        (Absence::NotApplicable, "not applicable"),
        (Absence::NotPerformed, "not performed"),
        (Absence::NotAvailable, "not available"),
    ] {
        if of(absence) > 0 {
            words.push_str(&format!(", {} {word}", of(absence)));
        }
    }
    let since = found.iter().filter(|(.., since)| *since).count();
    if since > 0 {
        words.push_str(&format!("; {since} recorded since"));
    }
    counts.push(("Declared absent", words));
}

/// Which absence somebody declared of an entry. What the server could not compute was not declared, nor
/// what an investigation of a result left open again.
fn declared_absent(entry: &EntryRun) -> Option<Absence> {
    let mut reported = false;
    for version in &entry.versions {
        match version.content {
            Content::Value(_) => reported |= version.basis != Basis::Computed,
            Content::Absent(absence) if !reported && !is_not_computable(version) => {
                return Some(absence);
            }
            Content::Struck => reported = false,
            Content::Absent(_) => {}
        }
    }
    None
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
