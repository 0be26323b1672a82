//! A wrong *found running* is taken back: by who reported it or a supervisor, checked in the same act by somebody
//! who took no part in the step (rule 1.11). Possible only while nothing stands on it but the report itself.

use super::act::{actor, phase, sign};
use super::correct::branches;
use super::exception::next_no;
use super::spot::next_occurrence;
use super::story::Story;
use super::{access, spot};
use crate::domain::act::said;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::ids::StepKey;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::derive::changes::Change;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::refusal::{MORE_RECORDED, NOT_FOUND_RUNNING, STEP_NOT_STARTED};
use crate::domain::run::taken_back::{TakenBack, TakenBackRun};
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{Phase, Run, StepPhase, StepRun};
use crate::domain::signing::Meaning;
use crate::domain::words::{EntryKey, OnCritical, Place};
use serde::Deserialize;
use utoipa::ToSchema;

/// While the work or what follows it goes on.
const PHASES: &[Phase] = &[Phase::Running, Phase::Complete, Phase::Aborted];

/// Takes back that an occurrence was found running. It is as not begun after that; its exception stays open.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, phase, `step-not-started`, `not-found-running`, `more-recorded`,
/// `reason-required`, signatures, `second-person-required`, `witness-is-performer`.
pub fn take_back(
    run: &Run,
    facts: &RunFacts<'_>,
    key: &StepKey,
    reason: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let (operation, step) = spot::step(run, key)?;
    let state = run.steps.get(key);
    let author = state.is_some_and(|state| state.started_by.person == Some(actor(facts)));
    let wanted = if author { access::RECORDING } else { &[Authority::Supervise] };
    let permit = access::request(run, facts, operation, wanted)?;
    phase(run, PHASES, "take a report back")?;
    let state =
        state.ok_or_else(|| Refusal::new(&STEP_NOT_STARTED, format!("{key} has not begun")))?;
    let Some(exception) = state.found_running else {
        let who = &state.started_by.printed_name;
        let detail = format!("{who} started {key} at {}", state.started_at);
        return Err(Refusal::new(&NOT_FOUND_RUNNING, detail));
    };
    let more = beyond(run, key, state);
    if !more.is_empty() {
        let detail = format!("beside the report itself there is {}", more.join("; "));
        return Err(Refusal::new(&MORE_RECORDED, detail).missing(more));
    }
    said(reason, "reason")?;
    let mut signatures = sign(facts, stamp, &permit, Meaning::Authorised)?;
    let (second, _) =
        access::second(run, facts, operation, step, &state.performers, stamp, Meaning::Checked)?;
    signatures.push(second);
    let mut story = Story::new(run);
    let told = TakenBack {
        step: key.clone(),
        reason: reason.to_owned(),
        exception,
        operation: began_with_it(run, key),
    };
    // A branch that was decided by what is taken back is decided anew; what was done on it stands out.
    let changed = branches::changed(run, &permit, RunEvent::StepTakenBack(told.clone()), stamp);
    story.tell_signed(RunEvent::StepTakenBack(told), signatures);
    let said: Vec<_> = changed.begun.into_iter().chain(changed.lines).collect();
    if !said.is_empty() {
        let severity = if changed.grave { Severity::Major } else { Severity::Minor };
        let detail = format!("{key} was taken back: {}", said.join("; "));
        let kind = ExceptionKind::Correction;
        story.open(vec![Opened {
            no: next_no(run),
            kind,
            severity,
            effect: OnCritical::Continue,
            at: None,
            detail,
        }]);
    }
    Ok(story.ends(permit))
}

/// What stands on an occurrence beside the report that found it running.
fn beyond(run: &Run, key: &StepKey, state: &StepRun) -> Vec<String> {
    let mut values = Vec::new();
    let mut more = Vec::new();
    for (id, entry) in &state.entries {
        let own = entry.versions.iter().filter(|version| version.lineage.is_empty());
        values.extend(own.map(|version| format!("version {} of {id}", version.version)));
        values.extend(entry.trail.iter().map(|point| format!("{} of {id}", point.kind)));
        let tested = entry.determinations.iter().map(|it| it.told.no);
        more.extend(tested.map(|no| format!("determination {no} of {id}, which is never struck")));
        let checks = entry.versions.iter().filter(|version| version.checked.is_some());
        more.extend(
            checks.map(|version| format!("the check of version {} of {id}", version.version)),
        );
    }
    if values.len() > 1 {
        more.extend(values);
    }
    match state.phase {
        StepPhase::Started | StepPhase::FoundRunning => {}
        StepPhase::Complete => more.push(format!("the completion of {key}")),
        StepPhase::NotPerformed => more.push(format!("that {key} was declared not performed")),
    }
    let out = run.recipe.outputs.iter().filter(|output| output.step == key.step);
    let out: Vec<_> = out.map(|output| output.id.as_str()).collect();
    let lots = run.lots.iter().filter(|lot| lot.at > state.started_at);
    let lots = lots.filter(|lot| out.contains(&lot.output.as_str()));
    more.extend(lots.map(|lot| format!("lot {}, which came out of it", lot.number)));
    let alarms = run
        .alarms
        .iter()
        .filter(|alarm| alarm.told.at.as_ref().is_some_and(|at| at.step.as_ref() == Some(key)));
    more.extend(alarms.map(|alarm| format!("alarm {}", alarm.told.no)));
    let here = |place: &Place| matches!(place, Place::Step { step } if step == key);
    let events = run.happenings.iter().filter(|it| here(&it.told.place));
    more.extend(events.map(|it| format!("event {}", it.told.no)));
    let next = next_occurrence(run, &key.operation, &key.step);
    if next > key.k.saturating_add(1) {
        more.push(format!("the later occurrence {}/{}~{}", key.operation, key.step, next - 1));
    }
    more
}

/// Whether an operation's occurrence began by this report alone, and nothing else was said of it.
fn began_with_it(run: &Run, key: &StepKey) -> bool {
    let of = &key.operation;
    let alone = run.steps.keys().filter(|step| step.operation == *of).count() == 1;
    let last = !run.operations.keys().any(|other| other.op == of.op && other.n > of.n);
    let quiet = run.operations.get(of).is_some_and(|state| {
        state.closed.is_none()
            && state.ended.is_none()
            && state.alerts_acknowledged.is_none()
            && state.reviews.is_empty()
            && state.harvests.is_empty()
    });
    let gates = run.gates.values().any(|gate| gate.serves.contains(of));
    let acts = run.emergencies.iter().any(|act| act.told.operation.as_ref() == Some(of));
    let here = |place: &Place| match place {
        Place::Operation { operation } => operation == of,
        Place::Step { step } => step.operation == *of,
        Place::Batch | Place::Area { .. } | Place::Equipment { .. } => false,
    };
    let events = run.happenings.iter().any(|it| here(&it.told.place));
    alone && last && quiet && !gates && !acts && !events
}

/// Request: take back that an occurrence was found running, reported in error.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBackStep {
    /// Which occurrence.
    #[schema(ignore)]
    pub step: StepKey,
    /// Why.
    pub reason: String,
}

impl Order for TakeBackStep {
    const NAME: &'static str = "take-back-step";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        take_back(run, facts, &self.step, &self.reason, stamp)
    }

    order_of!(step, alone, request, unversioned);
}

impl Event for TakenBack {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = true;

    weighs! {
        told =>
            "", Shown, format!("that {} was found running was taken back: {}", told.step, told.reason);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        // The occurrence is as not begun; what was noticed or waived about it is asked anew.
        let key = &self.step;
        let state = run.steps.remove(key);
        let state = state.ok_or_else(|| written.fault(format!("there is no occurrence {key}")))?;
        let of_it = |at: &EntryKey| at.step.as_ref() == Some(key);
        let about = |no: u32| {
            let found = run.exceptions.iter().find(|it| it.opened.no == no);
            found.is_some_and(|it| it.opened.at.as_ref().is_some_and(of_it))
        };
        run.noticed.retain(|_, noticed| !about(noticed.exception));
        run.gates.change_all(|gate| {
            gate.waived.remove(key);
        });
        if self.operation {
            run.operations.remove(&key.operation);
            run.release_entries.change_all(|entry| {
                entry.anew.retain(|anew| anew.operation != key.operation);
            });
        } else if let Some(operation) = run.operations.get_mut(&key.operation) {
            operation.version = written.happened.seq;
        }
        let (at, by) = (written.happened.at, written.who.clone());
        let signed = written.happened.signatures.to_vec();
        run.taken_back.push(TakenBackRun { told: self.clone(), state, at, by, signed });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::step(&self.step, "taken back")
    }

    fn moves(&self) -> Moves<'_> {
        (Change::WholeStep(&self.step), Some(format!("{} was taken back", self.step)))
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Everything
    }

    fn changed(&self) -> Changed<'_> {
        // The occurrence is gone, and with its first one the operation's.
        let operation = (!self.operation).then_some(&self.step.operation);
        Changed { operation, ..Changed::default() }
    }
}
