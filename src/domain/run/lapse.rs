//! What lapses a review: a property of the event, in one place behind every decision (rule 1.6).
//!
//! A review of the whole record lapses when anything changes that it covered; quality's review of one
//! operation's occurrence lapses when that occurrence changes, and no other does.

use super::event::RunEvent;
use super::notice::NoticeKind;
use super::operation_review::OperationReviewLapsed;
use super::testing::reported_of;
use super::{EntryVersion, Run, operation_review};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::limits::{Side, Verdict};
use crate::domain::ruling::Ruling;
use crate::domain::words::{EntryKey, HoldScope, Place};
use std::collections::{BTreeMap, BTreeSet};

/// Which standing reviews an event lapses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lapses {
    /// None: it is itself a decision on what was reviewed, or what the review waited for.
    Nothing,
    /// The review of the whole record alone.
    FinalOnly,
    /// The reviews of these operations' occurrences, and that of the whole record.
    Operations(BTreeSet<OperationKey>),
}

impl Lapses {
    fn of(operation: &OperationKey) -> Self {
        Self::Operations(BTreeSet::from([operation.clone()]))
    }

    fn step(step: &StepKey) -> Self {
        Self::of(&step.operation)
    }

    fn entry(at: &EntryKey) -> Self {
        at.step.as_ref().map_or(Self::FinalOnly, Self::step)
    }

    fn all(operations: BTreeSet<OperationKey>) -> Self {
        if operations.is_empty() { Self::FinalOnly } else { Self::Operations(operations) }
    }

    /// The word in the matrix.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::FinalOnly => "final review",
            Self::Operations(_) => "operation's review and final review",
        }
    }
}

/// What an event on a run lapses, with the words of why.
#[must_use]
// tidy: one exhaustive match
pub fn lapses(run: &Run, event: &RunEvent) -> (Lapses, String) {
    let said = |lapses: Lapses, cause: String| (lapses, cause);
    let step = |key: &StepKey, word: &str| (Lapses::step(key), format!("{key} was {word}"));
    let entry = |at: &EntryKey, word: &str| (Lapses::entry(at), format!("{at} was {word}"));
    let of = |key: &OperationKey, word: &str| (Lapses::of(key), format!("{key} was {word}"));
    match event {
        RunEvent::Issued { .. }
        | RunEvent::Reviewed { .. }
        | RunEvent::ReviewLapsed { .. }
        | RunEvent::OperationReviewed(_)
        | RunEvent::OperationReviewLapsed(_)
        | RunEvent::LotDecided { .. }
        | RunEvent::LotFoundToStand(_)
        | RunEvent::Addended(_)
        // What went in is judged again by every release.
        | RunEvent::ParentRemoved(_)
        | RunEvent::ForeignLotDecided(_)
        | RunEvent::Closed {}
        | RunEvent::RenditionIssued { .. } => said(Lapses::Nothing, String::new()),
        // A step towards its end was waited for; one that undoes its conclusion was not.
        RunEvent::DeviationChanged { impact_concluded: true, .. } => {
            said(Lapses::Nothing, String::new())
        }
        RunEvent::DeviationChanged { deviation, what, .. } => {
            said(Lapses::FinalOnly, format!("deviation {deviation}: {what}"))
        }
        RunEvent::NoticeRecorded(told) if told.kind == NoticeKind::Complaint => {
            said(Lapses::FinalOnly, format!("complaint {} came", told.no))
        }
        RunEvent::NoticeRecorded(_) => said(Lapses::Nothing, String::new()),
        RunEvent::Started {} => said(Lapses::FinalOnly, "execution began".into()),
        RunEvent::OperationStarted { operation } => of(operation, "started"),
        RunEvent::StepStarted { step: key, .. } => step(key, "started"),
        RunEvent::StepFoundRunning { step: key, .. } => step(key, "found running"),
        RunEvent::EntryRecorded { at, .. } => entry(at, "recorded"),
        RunEvent::ImplausibleValueKept { at, .. } => entry(at, "attempted"),
        RunEvent::TrailPointRecorded { at, .. } => entry(at, "read on the way"),
        RunEvent::EntryAbsent { at, .. } => entry(at, "declared absent"),
        RunEvent::EntryCorrected { at, .. } => entry(at, "corrected"),
        RunEvent::EntryChecked { at, .. } => entry(at, "checked"),
        RunEvent::StepCompleted { step: key, .. } => step(key, "completed"),
        RunEvent::StepChecked { step: key, .. } => step(key, "verified"),
        RunEvent::StepNotPerformed { step: key, .. } => step(key, "declared not performed"),
        RunEvent::StepTakenBack(told) => step(&told.step, "taken back"),
        RunEvent::StepCheckLapsed { step: key, .. } => step(key, "changed after its check"),
        RunEvent::OperationClosed { operation } => of(operation, "closed"),
        RunEvent::AlertsAcknowledged { operation, .. } => {
            (Lapses::of(operation), format!("alerts of {operation} were acknowledged"))
        }
        RunEvent::ExceptionOpened(opened) => {
            let cause = format!("exception {} opened", opened.no);
            said(opened.at.as_ref().map_or(Lapses::FinalOnly, Lapses::entry), cause)
        }
        RunEvent::ExceptionNotDeviation { exception, .. } => {
            said(about(run, &[*exception]), format!("exception {exception} was decided"))
        }
        RunEvent::ExceptionsToDeviation { exceptions, deviation, .. } => {
            said(about(run, exceptions), format!("exceptions became part of deviation {deviation}"))
        }
        RunEvent::RiskAccepted { gate, .. } => {
            said(guarded(run, gate), format!("a risk was taken at gate {gate}"))
        }
        RunEvent::RiskRatified { gate, .. } => {
            said(guarded(run, gate), format!("a risk taken at gate {gate} was ratified"))
        }
        RunEvent::GatePassed { gate, serves, .. } => {
            said(Lapses::all(serves.iter().cloned().collect()), format!("gate {gate} was passed"))
        }
        RunEvent::GateWaived { gate, steps, .. } => {
            let lapses = Lapses::all(steps.iter().map(|step| step.operation.clone()).collect());
            said(lapses, format!("that gate {gate} was not passed before was waived"))
        }
        RunEvent::HoldPlaced { no, scope, .. } => {
            said(held(run, scope), format!("hold {no} was placed"))
        }
        RunEvent::HoldLifted { no, .. } => {
            let placed = run.holds.iter().find(|hold| hold.no == *no);
            let lapses = placed.map_or(Lapses::FinalOnly, |hold| held(run, &hold.scope));
            said(lapses, format!("hold {no} was lifted"))
        }
        RunEvent::LotYielded { number, .. } => {
            said(Lapses::FinalOnly, format!("lot {number} came out"))
        }
        RunEvent::ParentAdded(told) => {
            said(Lapses::FinalOnly, format!("{} was named as a parent of {}", told.parent, told.lot))
        }
        RunEvent::Completed {} => said(Lapses::FinalOnly, "execution was declared complete".into()),
        RunEvent::Aborted { .. } => said(Lapses::FinalOnly, "the run was aborted".into()),
        RunEvent::AftermathRecorded { kind, .. } => {
            said(Lapses::FinalOnly, format!("{kind} was recorded after the abort"))
        }
        RunEvent::EntryComputed(told) => entry(&told.at, "computed anew"),
        RunEvent::OverdueNoticed(told) => {
            let lapses = told.step.as_ref().map_or(Lapses::FinalOnly, Lapses::step);
            said(lapses, format!("a limit of time ran out: {}", told.what))
        }
        RunEvent::DeterminationRecorded(told) => entry(&told.at, "determined"),
        RunEvent::DeterminationCorrected(told) => entry(&told.at, "corrected"),
        RunEvent::ResultInvestigated(told) => entry(&told.at, "investigated"),
        RunEvent::TestSkipped(told) => {
            said(Lapses::FinalOnly, format!("{} was decided not to be owed", told.entry))
        }
        RunEvent::AlarmRaised(told) => {
            let lapses = told.at.as_ref().map_or(Lapses::FinalOnly, Lapses::entry);
            said(lapses, format!("alarm {} came", told.no))
        }
        RunEvent::AlarmAcknowledged(told) => {
            let alarm = run.alarms.iter().find(|alarm| alarm.told.no == told.no);
            let at = alarm.and_then(|alarm| alarm.told.at.as_ref());
            let cause = format!("alarm {} was acknowledged", told.no);
            said(at.map_or(Lapses::FinalOnly, Lapses::entry), cause)
        }
        RunEvent::Happened(told) => said(place(&told.place), "an event was reported".into()),
        RunEvent::EmergencyActed(told) => {
            let lapses = told.operation.as_ref().map_or(Lapses::FinalOnly, Lapses::of);
            said(lapses, format!("emergency act {} was reported", told.no))
        }
        RunEvent::EmergencyRatified(told) => {
            let act = run.emergencies.iter().find(|act| act.told.no == told.no);
            let of = act.and_then(|act| act.told.operation.as_ref());
            let cause = format!("emergency act {} was ratified", told.no);
            said(of.map_or(Lapses::FinalOnly, Lapses::of), cause)
        }
        RunEvent::OperationEnded(told) => of(&told.operation, "ended"),
        RunEvent::HandedOver(_) => said(Lapses::FinalOnly, "the work was handed over".into()),
        RunEvent::AmendmentProposed(told) => {
            said(Lapses::FinalOnly, format!("change {} was proposed", told.no))
        }
        RunEvent::AmendmentDecided(told) => {
            said(Lapses::FinalOnly, format!("change {} was decided", told.no))
        }
    }
}

/// The operations that exceptions are about.
fn about(run: &Run, exceptions: &[u32]) -> Lapses {
    let opened = run.exceptions.iter().filter(|it| exceptions.contains(&it.opened.no));
    let places = opened.filter_map(|it| it.opened.at.as_ref()?.step.as_ref());
    Lapses::all(places.map(|step| step.operation.clone()).collect())
}

/// The begun occurrences of the operations in which a gate guards something.
fn guarded(run: &Run, gate: &str) -> Lapses {
    let gate = run.recipe.gates.iter().find(|it| it.id == gate);
    let before = gate.map_or(&[][..], |gate| &gate.before);
    let ids: BTreeSet<_> =
        before.iter().filter_map(|step| Some(&run.recipe.step(step)?.0.id)).collect();
    Lapses::all(run.operations.keys().filter(|key| ids.contains(&key.op)).cloned().collect())
}

/// A hold on the run lapses the final review alone; a narrower one also the review of what it covers.
fn held(run: &Run, scope: &HoldScope) -> Lapses {
    let op = match scope {
        HoldScope::Run => None,
        HoldScope::Operation { operation } => Some(operation.as_str()),
        HoldScope::Step { step } => run.recipe.step(step).map(|(op, _)| op.id.as_str()),
    };
    let covered = run.operations.keys().filter(|key| op == Some(key.op.as_str()));
    Lapses::all(covered.cloned().collect())
}

fn place(place: &Place) -> Lapses {
    match place {
        Place::Operation { operation } => Lapses::of(operation),
        Place::Step { step } => Lapses::step(step),
        Place::Batch | Place::Area { .. } | Place::Equipment { .. } => Lapses::FinalOnly,
    }
}

/// A ruling with the lapses that its events bring about, as its last consequences (T21): the one stage
/// behind every decision on a run.
#[must_use]
pub fn follow(run: &Run, mut ruling: Ruling<RunEvent>) -> Ruling<RunEvent> {
    let lapse = |(event, _): &(RunEvent, _)| {
        matches!(event, RunEvent::ReviewLapsed { .. } | RunEvent::OperationReviewLapsed(_))
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
        let (lapses, why) = lapses(run, event);
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
        ruling = ruling.and(RunEvent::ReviewLapsed { cause });
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
        let (at, waited) =
            if let RunEvent::EntryRecorded { at, value, verdicts, exceptions, .. } = event {
                let conforms = exceptions.is_empty() && within(verdicts);
                (at, conforms && self.is_pending(at, reported_of(value)))
            } else if let RunEvent::DeterminationRecorded(told) = event {
                let conforms = told.exceptions.is_empty() && !told.repeat && within(&told.verdicts);
                (&told.at, conforms && self.is_pending(&told.at, told.of.as_deref()))
            } else if let RunEvent::EntryChecked { at, version, .. } = event {
                let checked = |it: &&EntryVersion| it.version == *version;
                let found = self.run.entry(at).and_then(|it| it.versions.iter().find(checked));
                (at, self.is_pending(at, found.and_then(|it| it.of.as_deref())))
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
