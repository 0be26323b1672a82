//! Computed values follow in the act that changed what they are computed from.
//!
//! Hooked once, behind every decision on a run, so that no rule can forget it: the events are folded
//! into a scratch copy, and whatever the server computes there otherwise than before becomes an event
//! of the same act, inputs before what is computed from them.

use super::condition;
use super::correct::uses;
use super::judge::Findings;
use super::spot::{self, Spot};
use super::story::{Story, numbers};
use crate::domain::clock::Zone;
use crate::domain::command::{Happened, Stamp};
use crate::domain::entry::computing::{Outcome, Reference};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::ids::StepKey;
use crate::domain::recipe::MasterRecord;
use crate::domain::ruling::{Ruling, planned};
use crate::domain::run::computed::Computed;
use crate::domain::run::decide::report::lapse_check;
use crate::domain::run::event::RunEvent;
use crate::domain::run::known::{Here, is_not_computable};
use crate::domain::run::{Content, EntryVersion, Run, StepPhase, evolve};
use crate::domain::signing::{SignatureRequest, Signed};
use crate::domain::words::{Basis, EntryKey, Used};
use std::collections::BTreeSet;

/// A ruling with all that the server computes because of it.
#[must_use]
pub fn follow(run: &Run, mut ruling: Ruling<RunEvent>, stamp: &Stamp) -> Ruling<RunEvent> {
    let Some(cause) = ruling.events.iter().rev().find_map(|(event, _)| moves(event)) else {
        return ruling;
    };
    if !run.recipe.steps().any(|(_, step)| step.entries.iter().any(|e| is_computed(&e.kind)))
        && !run.recipe.release_specifications.iter().any(|e| is_computed(&e.kind))
    {
        return ruling;
    }
    // What completing or closing makes computed stands before the signature, which covers it.
    let mut front = ruling.events.iter().position(|(event, signatures)| {
        let ends =
            matches!(event, RunEvent::StepCompleted { .. } | RunEvent::OperationClosed { .. });
        ends && !signatures.is_empty()
    });
    let mut scratch = Some(run.clone());
    for (event, signatures) in &ruling.events {
        scratch = scratch.and_then(|scratch| fold(scratch, event, signatures, &ruling, stamp));
    }
    // What cannot be folded is found, named and undone by the lane.
    let Some(mut scratch) = scratch else { return ruling };
    for (step, entry) in in_order(&scratch.recipe) {
        for at in places(&scratch, step.as_deref(), &entry) {
            for event in anew(run, &scratch, &at, &cause, stamp) {
                let Some(next) = fold(scratch, &event, &[], &ruling, stamp) else {
                    return ruling;
                };
                scratch = next;
                match &mut front {
                    Some(index) => {
                        ruling.events.insert(*index, (event, Vec::new()));
                        *index += 1;
                    }
                    None => ruling.events.push((event, Vec::new())),
                }
            }
        }
    }
    ruling
}

/// The run as it would be after a ruling and all that the server computes because of it; nothing where
/// that cannot be folded.
pub(super) fn after(run: &Run, ruling: Ruling<RunEvent>, stamp: &Stamp) -> Option<Run> {
    let ruling = follow(run, ruling, stamp);
    let told = ruling.events.iter();
    let mut told = told.map(|(event, signatures)| (event, signatures.as_slice()));
    told.try_fold(run.clone(), |scratch, (event, signatures)| {
        fold(scratch, event, signatures, &ruling, stamp)
    })
}

fn is_computed(kind: &crate::domain::entry::KindSpec) -> bool {
    kind.as_kind().inputs().is_some()
}

/// What an event changes that values may be computed from, in words.
fn moves(event: &RunEvent) -> Option<String> {
    Some(match event {
        RunEvent::EntryRecorded { at, .. } => format!("{at} was recorded"),
        RunEvent::EntryCorrected { at, .. } => format!("{at} was corrected"),
        RunEvent::EntryAbsent { at, .. } => format!("{at} was declared absent"),
        RunEvent::EntryChecked { at, .. } => format!("{at} was checked"),
        RunEvent::StepStarted { step, .. } => format!("{step} was started"),
        RunEvent::StepFoundRunning { step, .. } => format!("{step} was found running"),
        RunEvent::StepCompleted { step, .. } => format!("{step} was completed"),
        RunEvent::StepNotPerformed { step, .. } => format!("{step} was declared not performed"),
        RunEvent::StepTakenBack(told) => format!("{} was taken back", told.step),
        RunEvent::OperationStarted { operation } => format!("{operation} was started"),
        RunEvent::OperationClosed { operation } => format!("{operation} was closed"),
        RunEvent::OperationEnded(told) => format!("{} was ended", told.operation),
        RunEvent::DeterminationRecorded(told) => format!("{} was determined", told.at),
        RunEvent::DeterminationCorrected(told) => format!("{} was corrected", told.at),
        RunEvent::ResultInvestigated(told) => format!("{} was investigated", told.at),
        RunEvent::AmendmentDecided(told) if told.takes_effect => {
            format!("change {} took effect", told.no)
        }
        RunEvent::AlarmRaised(told) => format!("alarm {} came", told.no),
        RunEvent::AlarmAcknowledged(told) => format!("alarm {} was acknowledged", told.no),
        RunEvent::LotYielded { number, .. } => format!("lot {number} came out"),
        _ => return None,
    })
}

/// The scratch copy after an event.
fn fold(
    scratch: Run,
    event: &RunEvent,
    signatures: &[SignatureRequest],
    ruling: &Ruling<RunEvent>,
    stamp: &Stamp,
) -> Option<Run> {
    let seq = scratch.seq + 1;
    let signed: Vec<Signed> = signatures
        .iter()
        .map(|request| Signed {
            person: request.person,
            printed_name: request.printed_name.clone(),
            user_name: request.user_name.clone(),
            role: request.role.clone(),
            meaning: request.meaning,
            at: stamp.at,
            zone: stamp.zone.clone(),
            seq,
        })
        .collect();
    let planned = planned(scratch.key, "run", None, event, Vec::new());
    let happened = Happened {
        record: scratch.key,
        seq,
        at: stamp.at,
        zone: &stamp.zone,
        actor: stamp.actor.as_ref(),
        role: &ruling.permit.role,
        name: &planned.name,
        version: planned.version,
        data: &planned.data,
        signatures: &signed,
        link: scratch.head,
    };
    evolve(Some(scratch), &happened, None).ok()
}

type Named = (Option<String>, String);

/// Every computed entry of a recipe, what it is computed from before it.
fn in_order(recipe: &MasterRecord) -> Vec<Named> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    let steps = recipe.steps().flat_map(|(_, step)| {
        step.entries.iter().map(|entry| (Some(step.id.clone()), entry.id.clone()))
    });
    let release = recipe.release_specifications.iter().map(|entry| (None, entry.id.clone()));
    for named in steps.chain(release) {
        visit(recipe, named, &mut seen, &mut order);
    }
    order
}

/// Depth first; the master check forbids circles, and one would end here all the same.
fn visit(recipe: &MasterRecord, named: Named, seen: &mut BTreeSet<Named>, order: &mut Vec<Named>) {
    let entries = match &named.0 {
        Some(step) => recipe.step(step).map(|(_, step)| step.entries.as_slice()),
        None => Some(recipe.release_specifications.as_slice()),
    };
    let spec = entries.and_then(|entries| entries.iter().find(|entry| entry.id == named.1));
    let Some(inputs) = spec.and_then(|spec| spec.kind.as_kind().inputs()) else { return };
    if !seen.insert(named.clone()) {
        return;
    }
    for input in inputs {
        match input {
            Reference::Entry { step, entry, .. } => {
                visit(recipe, (step.or_else(|| named.0.clone()), entry), seen, order);
            }
            Reference::Moment(moment) => {
                if let Some(entry) = moment.entry {
                    visit(recipe, (Some(moment.of), entry), seen, order);
                }
            }
            Reference::Run => {}
        }
    }
    order.push(named);
}

/// Where a computed entry stands now: on every occurrence of its step that has begun.
fn places(run: &Run, step: Option<&str>, entry: &str) -> Vec<EntryKey> {
    let Some(step) = step else {
        return vec![EntryKey { step: None, entry: entry.to_owned() }];
    };
    let begun = run
        .steps
        .iter()
        .filter(|(key, state)| key.step == step && state.phase != StepPhase::NotPerformed);
    let at = |key: &StepKey| EntryKey { step: Some(key.clone()), entry: entry.to_owned() };
    begun.map(|(key, _)| at(key)).collect()
}

/// What follows for one computed entry: nothing, or a new version with its exceptions.
fn anew(run: &Run, scratch: &Run, at: &EntryKey, cause: &str, stamp: &Stamp) -> Vec<RunEvent> {
    let Ok(spot) = spot::entry(scratch, at) else { return Vec::new() };
    if condition::entry(scratch, at, spot.spec) != condition::Branch::Taken {
        return Vec::new();
    }
    let here = Here::entry(scratch, at, stamp.at);
    let place = Anew { run, scratch, spot, at, zone: &stamp.zone };
    match (spot.spec.kind.as_kind().compute(&here), spot.current()) {
        (Ok(Some(outcome)), Some(current)) if agrees(current, &outcome) => Vec::new(),
        (Ok(Some(outcome)), _) => place.computed(outcome, cause),
        (Ok(None), None) => Vec::new(),
        (Ok(None), Some(_)) => place.without("what it is computed from is not there any more"),
        (Err(why), _) => place.without(&why),
    }
}

/// Whether a version says what was computed, from the same versions of the same inputs.
#[must_use]
pub fn agrees(version: &EntryVersion, outcome: &Outcome) -> bool {
    let same = |(a, b): (&Used, &Used)| a.at == b.at && a.version == b.version;
    matches!(&version.content, Content::Value(value) if *value == outcome.value)
        && version.lineage.len() == outcome.used.len()
        && version.lineage.iter().zip(&outcome.used).all(same)
}

/// A computed entry whose value is another than before.
struct Anew<'a> {
    /// The run before the act.
    run: &'a Run,
    /// The run after what of the act is known so far: exceptions are numbered on from there.
    scratch: &'a Run,
    spot: Spot<'a>,
    at: &'a EntryKey,
    /// The zone in which times are told.
    zone: &'a Zone,
}

impl Anew<'_> {
    fn version(&self) -> u32 {
        self.spot.current().map_or(1, |current| current.version + 1)
    }

    /// What stood there before, and what was done relying on it.
    fn replaced(&self) -> (String, Vec<String>) {
        let Ok(before) = spot::entry(self.run, self.at) else { return Default::default() };
        match before.current() {
            Some(current) => match &current.content {
                Content::Value(value) => {
                    (value.shown.clone(), uses(self.run, &before, self.at, current, self.zone))
                }
                Content::Absent(_) => ("no value".to_owned(), Vec::new()),
            },
            None => Default::default(),
        }
    }

    /// A value, for the first time or anew.
    fn computed(&self, outcome: Outcome, cause: &str) -> Vec<RunEvent> {
        let verdicts = self.spot.spec.judge(&outcome.value);
        let told = Computed {
            at: self.at.clone(),
            version: self.version(),
            old: String::new(),
            value: Some(outcome.value),
            verdicts,
            formula: outcome.formula,
            used: outcome.used,
            cause: cause.to_owned(),
            superseded_uses: Vec::new(),
            check_owed: self.spot.spec.kind.as_kind().check_owed(),
            exceptions: Vec::new(),
        };
        self.told(told)
    }

    /// The server's word that it cannot compute a value, and why; said once.
    fn without(&self, why: &str) -> Vec<RunEvent> {
        if let Some(current) = self.spot.current() {
            let said = is_not_computable(current) && current.reason.as_deref() == Some(why);
            if said || current.basis != Basis::Computed {
                return Vec::new();
            }
        }
        self.told(Computed {
            at: self.at.clone(),
            version: self.version(),
            old: String::new(),
            value: None,
            verdicts: Vec::new(),
            formula: self.spot.spec.kind.as_kind().asks(),
            used: Vec::new(),
            cause: why.to_owned(),
            superseded_uses: Vec::new(),
            check_owed: false,
            exceptions: Vec::new(),
        })
    }

    fn told(&self, mut told: Computed) -> Vec<RunEvent> {
        (told.old, told.superseded_uses) = self.replaced();
        let mut story = Story::new(self.scratch);
        let mut findings = Findings::new(&mut story, &self.spot, self.at);
        if let Some(value) = &told.value {
            findings.computed(&value.shown, &told.verdicts);
        }
        if !told.superseded_uses.is_empty() {
            let uses = told.superseded_uses.join("; ");
            let detail = format!("{} was computed anew after use: {uses}", self.at);
            findings.also(ExceptionKind::Correction, Severity::Minor, detail);
        }
        told.check_owed |= findings.check_owed;
        let opened = findings.done();
        told.exceptions = numbers(&opened);
        story.tell(RunEvent::EntryComputed(Box::new(told)));
        story.open(opened);
        // A check lapses that stood before the act; one given in the act is given on what it computes.
        let stands = self.spot.step_run.is_some_and(|step| step.checked.is_some());
        if let (true, Ok(before)) = (stands, spot::entry(self.run, self.at)) {
            lapse_check(&before, self.at, &mut story);
        }
        story.told()
    }
}
