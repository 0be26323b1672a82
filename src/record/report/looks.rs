//! What was typed and did not count, and who else looked at what was typed, for the first page.

use super::super::model::BatchRecord;
use super::super::pdf::document::Text;
use super::words::{counted, time};
use crate::domain::run::{Attempt, EntryRun, Run, StepRun, looks};

/// Every entry of a step's occurrence that began, with its place and name.
fn entries(run: &Run) -> impl Iterator<Item = (String, String, &StepRun, &EntryRun)> {
    run.steps.iter().flat_map(move |(key, state)| {
        let specs = run.recipe.step(&key.step).map_or(&[][..], |(_, step)| &step.entries);
        state.entries.iter().map(move |(id, entry)| {
            let spec = specs.iter().find(|spec| spec.id == *id);
            let name = spec.map_or_else(|| id.clone(), |spec| spec.name.clone());
            (key.to_string(), name, state, entry)
        })
    })
}

/// Counts as name and words; what never occurred is left out.
pub fn counts(run: &Run) -> Vec<(&'static str, String)> {
    let mut counts = Vec::new();
    let tried: Vec<&Attempt> = entries(run).flat_map(|(.., entry)| entry.unconfirmed()).collect();
    if !tried.is_empty() {
        let shown: Vec<_> = tried.iter().map(|attempt| attempt.shown.as_str()).collect();
        let explained = tried.iter().filter(|attempt| attempt.explained.is_some()).count();
        let looked = tried.iter().filter(|attempt| attempt.looked.is_some()).count();
        let all = counted(tried.len(), "value");
        let words = format!("{all} not confirmed: {}", shown.join(", "));
        counts.push(("Attempts", format!("{words}; {explained} explained, {looked} looked at")));
    }
    let (mut owed, mut given) = (0_usize, 0_usize);
    for (key, state) in &run.steps {
        let specs = run.recipe.step(&key.step).map_or(&[][..], |(_, step)| &step.entries);
        for spec in specs {
            let current = state.entries.get(&spec.id).and_then(EntryRun::current);
            let Some(version) = current.filter(|it| looks::owes(spec, it)) else { continue };
            owed = owed.saturating_add(1);
            given = given.saturating_add(looks::given(Some(state), version).iter().count());
        }
    }
    if owed > 0 {
        counts.push(("Second looks", format!("{given} of {owed} given")));
    }
    let struck: usize = entries(run)
        .map(|(.., entry)| entry.versions.iter().filter(|version| version.strikes()).count())
        .sum();
    if struck > 0 {
        counts.push(("Recorded in error", format!("{} struck", counted(struck, "value"))));
    }
    counts
}

/// Values that were sent and that nobody confirmed, each with its value, one a line.
pub fn attempts(record: &BatchRecord<'_>) -> Vec<Text> {
    let mut lines = Vec::new();
    for (step, name, _, entry) in entries(record.run) {
        for attempt in entry.unconfirmed() {
            let (by, at) = (&attempt.by.printed_name, time(record, attempt.at));
            let text = Text::new().bold(format!("{step} · {name}: ")).struck(&attempt.shown);
            let text = text.plain(" ").alert("sent, not confirmed").fine(format!("  {by}, {at}: "));
            lines.push(match &attempt.explained {
                None => text.alert("no reason yet"),
                Some(it) => {
                    let text = text.plain(format!("{} ", it.why.as_str()));
                    let text = text.quote(it.words.as_deref().unwrap_or_default());
                    text.fine(format!(" ({})", it.by.printed_name))
                }
            });
        }
    }
    lines
}
