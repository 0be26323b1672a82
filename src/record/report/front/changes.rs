//! Whether data changed since the original entry (Annex 11 8.2): what people corrected or struck, apart from what the
//! server computed anew because of it.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Document, Text};
use super::super::words::{counted, time};
use super::super::{looks, steps};
use crate::domain::run::testing::ClaimRun;
use crate::domain::run::{EntryRun, EntryVersion, Run};
use crate::domain::words::Basis;

/// How many changes of each sort.
#[derive(Default)]
pub struct Changes {
    /// By people, those of determinations too.
    pub corrections: usize,
    /// By the server.
    pub recomputed: usize,
    /// Recorded in error.
    pub struck: usize,
}

/// Every entry with its place and name, steps first, then release specifications.
fn entries(run: &Run) -> Vec<(String, String, &EntryRun)> {
    let mut all = Vec::new();
    for (key, step) in &run.steps {
        let specs = run.recipe.step(&key.step).map_or(&[][..], |(_, step)| &step.entries);
        for (id, state) in &step.entries {
            let name = specs.iter().find(|spec| spec.id == *id).map_or(id, |spec| &spec.name);
            all.push((key.to_string(), name.clone(), state));
        }
    }
    for (id, state) in &run.release_entries {
        let spec = run.recipe.release_specifications.iter().find(|spec| spec.id == *id);
        all.push(("release".to_owned(), spec.map_or(id, |spec| &spec.name).clone(), state));
    }
    all
}

/// The changes of an entry: what stood there, and what followed on it for the same lot.
fn changes(entry: &EntryRun) -> impl Iterator<Item = (&EntryVersion, &EntryVersion)> {
    entry.versions.iter().zip(entry.versions.since(1)).filter(|(old, new)| old.of == new.of)
}

fn is_computed(new: &EntryVersion) -> bool {
    new.basis == Basis::Computed
}

/// Counts them.
pub fn count(run: &Run) -> Changes {
    let mut count = Changes::default();
    for (.., entry) in entries(run) {
        count.corrections += entry.claims.len();
        for (_, new) in changes(entry) {
            let number = match (is_computed(new), new.strikes()) {
                (true, _) => &mut count.recomputed,
                (false, true) => &mut count.struck,
                (false, false) => &mut count.corrections,
            };
            *number += 1;
        }
    }
    count
}

/// Writes the section.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h2("Changes since original entry");
    let count = count(record.run);
    let attempts = looks::attempts(record);
    let none = count.corrections + count.recomputed + count.struck + attempts.len() == 0;
    if none {
        document.push(Text::new().ok("None: every value stands as it was first entered."));
        return;
    }
    let mut said = format!(
        "{}, {} recomputed, {} struck",
        counted(count.corrections, "correction"),
        count.recomputed,
        count.struck,
    );
    if !attempts.is_empty() {
        said.push_str(&format!(", {} not confirmed", counted(attempts.len(), "value")));
    }
    document.push(Text::new().bold(said));
    let mut recomputed = Vec::new();
    for (step, name, entry) in entries(record.run) {
        for (old, new) in changes(entry) {
            let line = line(record, (&step, &name), old, new);
            if is_computed(new) {
                recomputed.push(line);
            } else {
                document.push(line);
            }
        }
        for claim in &entry.claims {
            document.push(claimed(record, (&step, &name), claim));
        }
    }
    for line in attempts {
        document.push(line);
    }
    if !recomputed.is_empty() {
        document.push(Text::new().muted("Computed anew by the server because of them:"));
        for line in recomputed {
            document.push(line);
        }
    }
}

fn line(
    record: &BatchRecord<'_>,
    (step, name): (&str, &str),
    old: &EntryVersion,
    new: &EntryVersion,
) -> Text {
    let text = Text::new()
        .bold(format!("{step} · {name}: "))
        .struck(steps::content(old))
        .plain(" → ")
        .bold(steps::content(new))
        .fine(moved(record, new));
    let when = time(record, new.at);
    let text = if is_computed(new) {
        text.fine(format!("  {when} "))
    } else {
        text.fine(format!("  {} {}, {when}: ", new.by.printed_name, new.by.user_name))
    };
    match (&new.reason, old.strikes()) {
        (Some(why), _) if is_computed(new) => text.fine(why),
        (Some(why), _) => text.quote(why),
        (None, true) => text.fine("recorded anew"),
        (None, false) => text.alert("no reason recorded"),
    }
}

/// A correction of a determination: it counts, or is claimed until the laboratory has concluded.
fn claimed(record: &BatchRecord<'_>, (step, name): (&str, &str), claim: &ClaimRun) -> Text {
    let told = &claim.told;
    let standing = match (told.claimed, claim.accepted) {
        (false, _) => "counts",
        (true, None) => "claimed, not decided",
        (true, Some(true)) => "claimed, accepted",
        (true, Some(false)) => "claimed, refused",
    };
    let (by, when) = (&claim.by, time(record, claim.at));
    Text::new()
        .bold(format!("{step} · {name}, determination {}: ", told.determination))
        .struck(&told.old)
        .plain(" → ")
        .bold(&told.value.shown)
        .plain(format!(" {standing}"))
        .fine(format!("  {} {}, {when}: ", by.printed_name, by.user_name))
        .quote(&told.reason)
}

/// When it was done, where a version corrects that.
fn moved(record: &BatchRecord<'_>, new: &EntryVersion) -> String {
    let times = new.performed_before.zip(new.performed_at);
    times.map_or_else(String::new, |(old, new)| {
        format!("  performed at {}, corrected to {}", time(record, old), time(record, new))
    })
}
