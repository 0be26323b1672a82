//! Everything that was ever entered in a run, one thing at a time: what lists over all batches find it by.
//!
//! What was entered stays: of a thing that is listed only whether it counts and its coded reason can become others.

use super::attempt::Mistake;
use super::state::Map;
use super::testing::{ClaimRun, DeterminationRun};
use super::{Attempt, Content, EntryRun, EntryVersion, Run, StepRun};
use crate::domain::clock::Instant;
use crate::domain::exception::ExceptionKind;
use crate::domain::ids::{PersonId, StepKey};
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::noun::word;
use crate::domain::words::{Basis, Who};
use serde::{Deserialize, Serialize};

/// What sort of thing was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// A value.
    Recorded,
    /// A value in the place of another one.
    Corrected,
    /// Why there is no value.
    Absent,
    /// That what stood there was recorded in error.
    Struck,
    /// A determination of a laboratory result.
    Determined,
    /// A correction of a determination.
    Claimed,
    /// An implausible value that was kept, and whether it is meant was asked.
    Attempted,
}

/// How it lies to its limits: the gravest one that it is not within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lies {
    /// No limit judges it.
    Unjudged,
    Within,
    OutsideAcceptance,
    OutsideControl,
    OutsideAlert,
    Implausible,
    /// A censored value of which it cannot be told.
    CannotBeTold,
}

/// Where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Typed by who did it.
    Typed,
    /// Typed by a scribe for who did it.
    Scribed,
    Device,
    /// Typed off controlled paper.
    Paper,
    /// Computed by the server.
    Computed,
}

/// A coded reason, as lists are asked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// A correction within 60 seconds, unsigned and unused.
    Slip,
    /// A value that was kept, and sent again because it is meant.
    Confirmed,
    /// Why a value was sent that does not count.
    #[serde(untagged)]
    Mistake(Mistake),
}

/// Something that was entered.
#[derive(Debug)]
pub struct Entered<'r> {
    /// The journal entry it stands in.
    pub seq: u64,
    pub sort: Sort,
    /// The step's occurrence; nothing: it is due at release.
    pub step: Option<&'r StepKey>,
    /// The entry's id.
    pub entry: &'r str,
    /// Version, determination, correction or attempt, from 1.
    pub no: u32,
    pub by: &'r Who,
    /// Who did it, where a scribe recorded it.
    pub performer: Option<PersonId>,
    pub at: Instant,
    /// When it was done: declared, or when it was recorded.
    pub performed: Instant,
    pub lies: Lies,
    pub source: Source,
    /// As people read it; of what has no value, why.
    pub shown: String,
    pub reason: Option<&'r str>,
    /// The coded reason: `slip` of a correction, `mistyped` and its kind of a value that does not count.
    pub code: Option<String>,
    /// It was recorded late and opened an exception for it.
    pub late: bool,
    /// It is what stands there now.
    pub counts: bool,
}

/// Visits everything that was entered; what an earlier state of the run holds just as it is may be passed over.
pub fn entered(run: &Run, since: Option<&Run>, visit: &mut dyn FnMut(&Entered<'_>)) {
    let mut step = |key: &StepKey, state: &StepRun, stands: bool| {
        of_entries(run, Some(key), &state.entries, stands, visit);
    };
    match since {
        Some(since) => {
            let changed = run.steps.apart(&since.steps);
            changed.into_iter().for_each(|(key, state)| step(key, state, true));
        }
        None => run.steps.iter().for_each(|(key, state)| step(key, state, true)),
    }
    run.taken_back.iter().for_each(|it| step(&it.told.step, &it.state, false));
    of_entries(run, None, &run.release_entries, true, visit);
}

fn of_entries(
    run: &Run,
    step: Option<&StepKey>,
    entries: &Map<String, EntryRun>,
    stands: bool,
    visit: &mut dyn FnMut(&Entered<'_>),
) {
    for (entry, state) in entries {
        let place = Place { run, step, entry, stands };
        for (index, version) in state.versions.iter().enumerate() {
            visit(&place.version(state, index, version));
        }
        state.determinations.iter().for_each(|tested| visit(&place.determination(tested)));
        state.claims.iter().for_each(|claim| visit(&place.claim(claim)));
        state.attempts.iter().for_each(|attempt| visit(&place.attempt(attempt)));
    }
}

/// An entry of an occurrence, or a release specification.
struct Place<'r> {
    run: &'r Run,
    step: Option<&'r StepKey>,
    entry: &'r str,
    /// The occurrence was not taken back.
    stands: bool,
}

impl<'r> Place<'r> {
    fn version(&self, entry: &'r EntryRun, index: usize, version: &'r EntryVersion) -> Entered<'r> {
        let before = index.checked_sub(1).and_then(|index| entry.versions.get(index));
        let computed = version.basis == Basis::Computed;
        let (sort, shown) = match &version.content {
            Content::Value(value) => {
                let replaces = before.is_some_and(EntryVersion::is_value) && !computed;
                let of_another = before.is_some_and(|before| before.of != version.of);
                let corrects = replaces && !of_another && entry.determinations.is_empty();
                let sort = if corrects { Sort::Corrected } else { Sort::Recorded };
                (sort, value.shown.clone())
            }
            Content::Absent(absence) => (Sort::Absent, word(absence)),
            Content::Struck => (Sort::Struck, "struck".to_owned()),
        };
        let mut later = entry.versions.since(index.saturating_add(1));
        let newest = later.all(|other| other.of != version.of);
        Entered {
            sort,
            no: version.version,
            performer: version.performer,
            performed: version.performed_at.unwrap_or(version.at),
            lies: lies(&version.verdicts),
            source: source(&version.basis),
            shown,
            reason: version.reason.as_deref(),
            code: version.slip.then(|| word(&Code::Slip)),
            late: self.is_late(&version.exceptions),
            counts: self.stands && newest && version.content != Content::Struck,
            ..self.bare(version.seq, &version.by, version.at)
        }
    }

    fn determination(&self, tested: &'r DeterminationRun) -> Entered<'r> {
        let told = &tested.told;
        Entered {
            sort: Sort::Determined,
            no: told.no,
            performer: told.performer,
            performed: told.performed_at.unwrap_or(tested.at),
            lies: lies(&told.verdicts),
            source: source(&told.basis),
            shown: told.value.shown.clone(),
            late: self.is_late(&told.exceptions),
            counts: self.stands && tested.invalidated.is_none(),
            ..self.bare(tested.seq, &tested.by, tested.at)
        }
    }

    fn claim(&self, claim: &'r ClaimRun) -> Entered<'r> {
        let told = &claim.told;
        Entered {
            sort: Sort::Claimed,
            no: told.no,
            lies: lies(&told.verdicts),
            shown: told.value.shown.clone(),
            reason: Some(&told.reason),
            late: self.is_late(&told.exceptions),
            counts: self.stands && (!told.claimed || claim.accepted == Some(true)),
            ..self.bare(claim.seq, &claim.by, claim.at)
        }
    }

    fn attempt(&self, attempt: &'r Attempt) -> Entered<'r> {
        let explained = attempt.explained.as_ref();
        let confirmed = attempt.confirmed.then(|| word(&Code::Confirmed));
        Entered {
            sort: Sort::Attempted,
            no: attempt.no,
            performer: attempt.performer,
            performed: attempt.performed_at.unwrap_or(attempt.at),
            source: source(&attempt.basis),
            lies: lies(&attempt.verdicts),
            shown: attempt.shown.clone(),
            reason: explained.and_then(|it| it.words.as_deref()),
            code: explained.map(|it| word(&Code::Mistake(it.why))).or(confirmed),
            counts: false,
            ..self.bare(attempt.seq, &attempt.by, attempt.at)
        }
    }

    /// Typed by somebody at a moment, and nothing else said of it.
    fn bare(&self, seq: u64, by: &'r Who, at: Instant) -> Entered<'r> {
        Entered {
            seq,
            sort: Sort::Recorded,
            step: self.step,
            entry: self.entry,
            no: 1,
            by,
            performer: None,
            at,
            performed: at,
            lies: Lies::Unjudged,
            source: Source::Typed,
            shown: String::new(),
            reason: None,
            code: None,
            late: false,
            counts: false,
        }
    }

    fn is_late(&self, exceptions: &[u32]) -> bool {
        let mut opened = exceptions.iter().filter_map(|no| self.run.exception(*no));
        opened.any(|exception| exception.opened.kind == ExceptionKind::LateEntry)
    }
}

fn source(basis: &Basis) -> Source {
    match basis {
        Basis::Direct => Source::Typed,
        Basis::Scribe { .. } => Source::Scribed,
        Basis::Device { .. } => Source::Device,
        Basis::Paper { .. } => Source::Paper,
        Basis::Computed => Source::Computed,
    }
}

/// How verdicts say that a value lies.
#[must_use]
pub fn lies(verdicts: &[Verdict]) -> Lies {
    let judged = verdicts.iter().filter(|verdict| verdict.purpose != Purpose::Reference);
    let mut within = Lies::Unjudged;
    let mut worst = None;
    for verdict in judged {
        if verdict.side == Side::Within {
            within = Lies::Within;
            continue;
        }
        let rank = (verdict.purpose, verdict.side == Side::CannotBeTold);
        if worst.is_none_or(|worst| rank < worst) {
            worst = Some(rank);
        }
    }
    match worst {
        None | Some((Purpose::Reference, _)) => within,
        Some((_, true)) => Lies::CannotBeTold,
        Some((Purpose::Acceptance, false)) => Lies::OutsideAcceptance,
        Some((Purpose::Control, false)) => Lies::OutsideControl,
        Some((Purpose::Alert, false)) => Lies::OutsideAlert,
        Some((Purpose::Plausibility, false)) => Lies::Implausible,
    }
}
