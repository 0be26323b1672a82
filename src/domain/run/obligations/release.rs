//! What release owes: results that conform, the review that stands, lots, yield.

use super::execution::Owed;
use super::{Found, Law, Obligation, ObligationFacts, Stage, law, owe, signature};
use crate::domain::entry::KindSpec;
use crate::domain::entry::spec::{Classification, Due, EntrySpec};
use crate::domain::exception::ExceptionKind;
use crate::domain::run::decide::exception::{Standing, outside_acceptance, settled, standing};
use crate::domain::run::decide::review;
use crate::domain::run::event::{Absence, EntryKey};
use crate::domain::run::{Content, EntryRun, EntryVersion, Run};

const CONFORMS: Law = law("C211-165", "21 CFR 211.165(a)", Stage::Release);
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
        let owed = Owed { entry: &due, run_entry, waived: None, who: "test".into(), second: None };
        owed.recorded(run, &place, list);
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

/// A result due at release meets its criterion, or the deviation about it is closed.
pub(super) fn conforms(
    run: &Run,
    owed: &Owed<'_>,
    at: &EntryKey,
    place: &str,
    list: &mut Vec<Obligation>,
) {
    let version = owed.run_entry.and_then(EntryRun::current);
    if version.is_none() && !owed.entry.mandatory {
        return;
    }
    let found = match (version, owed.waived) {
        (Some(version), _) => judged(run, owed.entry, version, at),
        (None, Some(declared)) => Found::Waived(declared.to_owned()),
        (None, None) => Found::Open(None),
    };
    let id = format!("entry/{place}/conforms");
    let what = format!("{} meets its criterion", owed.entry.name);
    let law = if must_meet(owed.entry, at) { CONFORMS } else { CONFORMS.or_waived() };
    owe(list, law, id, what, Some(place.to_owned()), "triage", found);
}

fn judged(run: &Run, entry: &EntrySpec, version: &EntryVersion, at: &EntryKey) -> Found {
    let fails = match &version.content {
        Content::Value(value) if outside_acceptance(version) => {
            format!("{} is outside acceptance", value.shown)
        }
        Content::Value(value) => return Found::Met(value.shown.clone()),
        Content::Absent(Absence::NotApplicable) => return not_applicable(run, version),
        Content::Absent(_) => "there is no result".to_owned(),
    };
    if must_meet(entry, at) {
        return Found::Open(Some(fails));
    }
    let about = |kind: ExceptionKind| {
        matches!(
            kind,
            ExceptionKind::OutOfAcceptance
                | ExceptionKind::OutOfSpecification
                | ExceptionKind::NotPerformed
        )
    };
    let mut concerned = run
        .exceptions
        .iter()
        .filter(|exception| about(exception.opened.kind))
        .filter(|exception| {
            exception.opened.at.as_ref() == Some(at)
                || version.exceptions.contains(&exception.opened.no)
        })
        .peekable();
    let any = concerned.peek().is_some();
    let closed =
        |exception| matches!(standing(run, exception), Standing::InDeviation { closed: true, .. });
    if any && concerned.all(closed) {
        return Found::Waived(format!("{fails}; the deviation about it is closed"));
    }
    Found::Open(Some(fails))
}

/// A test that its recorder calls not applicable is waived once quality has settled that (the declaration of
/// a mandatory one opens an exception).
fn not_applicable(run: &Run, version: &EntryVersion) -> Found {
    let mut said = format!("not applicable: {}", version.reason.as_deref().unwrap_or_default());
    for exception in &run.exceptions {
        let opened = &exception.opened;
        let about = version.exceptions.contains(&opened.no);
        if !about || opened.kind != ExceptionKind::NotPerformed {
            continue;
        }
        let Some(decided) = settled(run, exception) else {
            return Found::Open(Some(format!("{said}; exception {} is not settled", opened.no)));
        };
        said = format!("{said}; {decided}");
    }
    Found::Waived(said)
}

/// Whether no deviation makes up for a result that fails: a laboratory result of a specification
/// (21 CFR 211.165(f): what fails is rejected, or reprocessed and tested again).
fn must_meet(entry: &EntrySpec, at: &EntryKey) -> bool {
    let of_specification = matches!(
        entry.classification,
        Some(Classification::Specification | Classification::ReleaseIpc) | None
    );
    matches!(entry.kind, KindSpec::Result(_)) && (at.step.is_none() || of_specification)
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
