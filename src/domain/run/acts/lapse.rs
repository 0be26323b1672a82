//! The one stage behind every decision on a run that lets reviews lapse (rule 1.6): what an event lapses it says
//! itself ([`lapses`](super::lapses)).

use super::RunEvent;
use super::lapses::Lapses;
use super::review_lapse::ReviewLapsed;
use crate::domain::ids::OperationKey;
use crate::domain::limits::{Side, Verdict};
use crate::domain::ruling::Ruling;
use crate::domain::run::operation_review::{self, OperationReviewLapsed};
use crate::domain::run::testing::reported_of;
use crate::domain::run::{EntryVersion, Run};
use crate::domain::words::EntryKey;
use std::collections::{BTreeMap, BTreeSet};

/// A ruling with the lapses that its events bring about, as its last consequences (T21): the one stage
/// behind every decision on a run.
#[must_use]
pub fn follow(run: &Run, mut ruling: Ruling<RunEvent>) -> Ruling<RunEvent> {
    let lapse = |(event, _): &(RunEvent, _)| {
        matches!(event, RunEvent::ReviewLapsed(_) | RunEvent::OperationReviewLapsed(_))
    };
    if ruling.events.iter().any(lapse) {
        return ruling;
    }
    let standing = run.reviews.last().filter(|review| review.lapsed.is_none());
    let mut standing = standing.map(|review| Awaited::by(run, review.covers_seq));
    let mut reviewed: Vec<_> = run
        .operations
        .keys()
        .filter_map(|key| Some((key, operation_review::standing(run, key)?)))
        .map(|(key, review)| (key, Awaited::by(run, review.told.covers_seq)))
        .collect();
    let mut whole: Option<String> = None;
    let mut each: BTreeMap<OperationKey, String> = BTreeMap::new();
    for (event, _) in &ruling.events {
        let (lapses, why) = event.lapses(run);
        let waited = standing.as_mut().is_none_or(|review| review.has(event));
        if matches!(lapses, Lapses::FinalOnly | Lapses::Operations(_)) && !waited {
            whole.get_or_insert_with(|| why.clone());
        }
        for (key, review) in &mut reviewed {
            let waited = review.has(event);
            let touched = matches!(&lapses, Lapses::Operations(all) if all.contains(*key));
            if touched && !waited {
                each.entry(key.clone()).or_insert_with(|| why.clone());
            }
        }
    }
    for (operation, cause) in each {
        let lapsed = OperationReviewLapsed { operation, cause };
        ruling = ruling.and(RunEvent::OperationReviewLapsed(lapsed));
    }
    if let Some(cause) = whole {
        ruling = ruling.and(RunEvent::ReviewLapsed(ReviewLapsed { cause }));
    }
    ruling
}

/// What a review waited for when it was signed: results that were pending then, and what is computed from them.
struct Awaited<'r> {
    run: &'r Run,
    /// Up to which entry the review covers the record.
    seq: u64,
    /// Places of what came in this act and was waited for.
    came: BTreeSet<String>,
}

impl<'r> Awaited<'r> {
    fn by(run: &'r Run, seq: u64) -> Self {
        Self { run, seq, came: BTreeSet::new() }
    }

    /// Whether an event was waited for: a result that was pending then arrives and conforms, or is checked; or
    /// the server computes something from it, within its limits.
    fn has(&mut self, event: &RunEvent) -> bool {
        let (at, waited) = if let RunEvent::EntryRecorded(told) = event {
            let conforms = told.exceptions.is_empty() && within(&told.verdicts);
            (&told.at, conforms && self.is_pending(&told.at, reported_of(&told.value)))
        } else if let RunEvent::DeterminationRecorded(told) = event {
            let conforms = told.exceptions.is_empty() && !told.repeat && within(&told.verdicts);
            (&told.at, conforms && self.is_pending(&told.at, told.of.as_deref()))
        } else if let RunEvent::EntryChecked(told) = event {
            let checked = |it: &&EntryVersion| it.version == told.version;
            let found = self.run.entry(&told.at);
            let found = found.and_then(|it| it.versions.iter().find(checked));
            (&told.at, self.is_pending(&told.at, found.and_then(|it| it.of.as_deref())))
        } else if let RunEvent::EntryComputed(told) = event {
            let follows = told.used.iter().any(|used| self.came.contains(&used.at));
            let conforms = told.exceptions.is_empty() && within(&told.verdicts);
            (&told.at, conforms && follows)
        } else {
            return false;
        };
        if waited {
            self.came.insert(at.to_string());
        }
        waited
    }

    /// Whether a result, of this lot where it is owed for each, had not been reported yet.
    fn is_pending(&self, at: &EntryKey, of: Option<&str>) -> bool {
        let result = self
            .run
            .recipe
            .entry(at.step.as_ref().map(|key| key.step.as_str()), &at.entry)
            .is_some_and(|it| it.as_result().is_some());
        let versions = self.run.entry(at).into_iter().flat_map(|entry| &entry.versions);
        let mut of_it = versions.filter(|version| version.of.as_deref() == of);
        result && of_it.all(|version| version.seq > self.seq)
    }
}

fn within(verdicts: &[Verdict]) -> bool {
    verdicts.iter().all(|verdict| verdict.side == Side::Within)
}
