//! What was entered in runs, and what of it stands out: the tables that the list of entries reads.
//!
//! Every entered thing has one row. What a list asks for and few have (late, outside, corrected) has a row of its
//! own, so that such a list is read from an index and the many others cost nothing for it.

pub mod list;

use super::table::prelude::*;
use crate::domain::noun::word;
use crate::domain::run::Run;
use crate::domain::run::entered::{Entered, Lies, Sort, Source, entered};
use crate::domain::state::State;

derived! {
    /// What was entered in runs. Read by the list of entries.
    EnteredRow in entered by (run, seq, sort) of run
            looked up by (at, run, seq, sort)
            looked up by (person, at, run, seq, sort)
            looked up by (parameter, at, run, seq, sort) {
        /// The run.
        run: Binary,
        /// Sequence of its entry.
        seq: BigInt,
        /// What sort of thing.
        sort: Text,
        /// Recorded at.
        at: BigInt,
        /// Performed at: declared, or when it was recorded.
        performed: BigInt,
        /// Recorded by; nobody: the system.
        person: Nullable<Binary>,
        /// The step's occurrence; none: due at release.
        step: Nullable<Text>,
        /// The entry with its step in the master record, as in `01.1/weight`.
        parameter: Text,
        /// Version, determination, correction or attempt.
        no: BigInt,
        /// How it lies to its limits.
        lies: Text,
        /// Where it comes from.
        source: Text,
        /// As people read it.
        shown: Text,
        /// Why, in words.
        reason: Nullable<Text>,
        /// Why, as a code.
        code: Nullable<Text>,
        /// It is what stands there now.
        counts: Bool,
    }
}

derived! {
    /// What stands out of what was entered. Read by the list of entries.
    StandsOutRow in standing_out by (run, seq, sort, mark) of run
            looked up by (mark, at, run, seq, sort) {
        /// The run.
        run: Binary,
        /// Sequence of its entry.
        seq: BigInt,
        /// What sort of thing.
        sort: Text,
        /// By what it stands out, as in `late`, `outside-acceptance`, `reason:slip` or `did:` and who did it.
        mark: Text,
        /// Recorded at.
        at: BigInt,
    }
}

/// Visits the rows of a run's entered things.
pub(super) fn rows(run: &Run, since: Option<&State>, visit: &mut dyn FnMut(Part<'_>)) {
    let since = since.and_then(State::as_run);
    entered(run, since, &mut |thing| {
        let key = (thing.seq, thing.sort);
        let content = (&thing.code, thing.counts);
        let row = || Row::Entered(entered_row(run, thing));
        visit(Part::new(EnteredRow::TABLE.name, key, content, &row));
        for mark in marks(thing) {
            let row = || Row::StandsOut(standing_out_row(run, thing, &mark));
            visit(Part::new(StandsOutRow::TABLE.name, (key, &mark), (), &row));
        }
    });
}

fn run_id(run: &Run) -> Vec<u8> {
    run.key.id.as_bytes().to_vec()
}

fn entered_row(run: &Run, thing: &Entered<'_>) -> EnteredRow {
    let parameter = thing
        .step
        .map_or_else(|| thing.entry.to_owned(), |step| format!("{}/{}", step.step, thing.entry));
    EnteredRow {
        run: run_id(run),
        seq: i64::try_from(thing.seq).unwrap_or(i64::MAX),
        sort: word(&thing.sort),
        at: thing.at.0,
        performed: thing.performed.0,
        person: thing.by.person.map(|id| id.as_bytes().to_vec()),
        step: thing.step.map(ToString::to_string),
        parameter,
        no: i64::from(thing.no),
        lies: word(&thing.lies),
        source: word(&thing.source),
        shown: thing.shown.clone(),
        reason: thing.reason.map(str::to_owned),
        code: thing.code.clone(),
        counts: thing.counts,
    }
}

fn standing_out_row(run: &Run, thing: &Entered<'_>, mark: &str) -> StandsOutRow {
    StandsOutRow {
        run: run_id(run),
        seq: i64::try_from(thing.seq).unwrap_or(i64::MAX),
        sort: word(&thing.sort),
        mark: mark.to_owned(),
        at: thing.at.0,
    }
}

/// By what a thing stands out.
fn marks(thing: &Entered<'_>) -> Vec<String> {
    let mut marks = Vec::new();
    if thing.sort != Sort::Recorded {
        marks.push(word(&thing.sort));
    }
    if !matches!(thing.lies, Lies::Within | Lies::Unjudged) {
        marks.push(word(&thing.lies));
    }
    // Most are typed or computed, and so found soon without a mark.
    if matches!(thing.source, Source::Scribed | Source::Device | Source::Paper) {
        marks.push(word(&thing.source));
    }
    if thing.late {
        marks.push(LATE.to_owned());
    }
    if thing.performed != thing.at {
        marks.push(DECLARED.to_owned());
    }
    marks.extend(thing.code.as_deref().map(of_code));
    marks.extend(thing.performer.map(|id| of_performer(id.as_bytes())));
    marks
}

/// Recorded late.
pub(super) const LATE: &str = "late";

/// Performed at another time than it was recorded, as declared.
pub(super) const DECLARED: &str = "declared";

/// With this coded reason.
pub(super) fn of_code(code: &str) -> String {
    format!("reason:{code}")
}

/// What the marks of performers begin with.
pub(super) const DID: &str = "did:";

/// Done by this person, where a scribe recorded it.
pub(super) fn of_performer(id: &[u8]) -> String {
    format!("{DID}{}", hex::encode(id))
}

/// Whether what has this value is found by a mark.
pub(super) fn is_marked(value: &str) -> bool {
    let unmarked = [
        word(&Lies::Within),
        word(&Lies::Unjudged),
        word(&Source::Typed),
        word(&Source::Computed),
        word(&Sort::Recorded),
    ];
    !unmarked.iter().any(|word| word == value)
}
