//! What release owes: results that conform, the review that stands, lots, yield.

use super::conforms::{conforms, skipped};
use super::owed::Owed;
use super::{Found, Law, Obligation, ObligationFacts, Stage, law, owe, signature};
use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::run::{Run, review};
use crate::domain::words::EntryKey;

const COMPLETED: Law = law("CH4-20", "EU GMP Chapter 4, 4.20(i)", Stage::Review);
const REVIEW: Law = law("C211-192a", "21 CFR 211.192", Stage::Release);

/// Appends what release owes.
pub(super) fn collect(run: &Run, facts: &ObligationFacts<'_>, list: &mut Vec<Obligation>) {
    for entry in &run.recipe.release_specifications {
        let run_entry = run.release_entries.get(&entry.id);
        let at = EntryKey { step: None, entry: entry.id.clone() };
        let place = format!("release/{}", entry.id);
        // A release specification is due at release whatever its own line says.
        let due = EntrySpec { due: Due::Release, ..entry.clone() };
        let skipped = skipped(run, &at, run_entry);
        let (waived, who) = (skipped.as_deref(), "test".into());
        let owed = Owed { entry: &due, run_entry, waived, who, second: None };
        owed.recorded(run, &at, &place, list);
        owed.checks(run, &place, list);
        conforms(run, &owed, &at, &place, list);
    }
    let done = run.completed.as_ref().map(|(_, signed)| signature(signed));
    let what = "Execution declared complete".to_owned();
    owe(
        list,
        COMPLETED,
        "run/completed".into(),
        what,
        None,
        "execute or supervise",
        Found::of(done),
    );
    super::lots::collect(run, facts, list);
    reviewed(run, list);
}

fn reviewed(run: &Run, list: &mut Vec<Obligation>) {
    let found = match review::standing(run) {
        Some(review) => {
            let by = review.signed.as_ref().map_or_else(|| review.at.to_string(), signature);
            Found::Met(format!("covers entries 1 to {}; {by}", review.covers_seq))
        }
        None => match run.reviews.last().and_then(|review| review.lapsed.as_ref()) {
            Some((seq, cause)) => Found::Open(Some(format!("lapsed at entry {seq}: {cause}"))),
            None => Found::Open(None),
        },
    };
    let what = "Quality's review of record and audit trail stands".to_owned();
    owe(list, REVIEW, "run/review".into(), what, None, "review", found);
}
