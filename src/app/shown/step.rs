//! Steps and operations of a run as they stand.

use super::entry::{EntryView, entry, so_far};
use super::floor::EndingView;
use super::{SignatureView, WhoView, at, etag, word};
use crate::app::run::next::NextStep;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::Step;
use crate::domain::run::acts::complete::missing;
use crate::domain::run::acts::condition;
use crate::domain::run::asked::owes_check;
use crate::domain::run::looks::not_final;
use crate::domain::run::taken_back::TakenBackRun;
use crate::domain::run::{EntryRun, Run, StepRun, amendment};
use crate::domain::words::EntryKey;
use serde::Serialize;
use utoipa::ToSchema;

/// An operation's occurrence.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationView {
    /// Which, as in `OP-01.1~1`.
    pub operation: String,
    /// Its name.
    pub name: String,
    /// `open`, `closed` or `not-started`.
    pub state: String,
    /// First act.
    #[schema(format = DateTime)]
    pub started_at: Option<String>,
    /// The closing signature.
    pub closed: Option<SignatureView>,
    /// Who acknowledged its alerts.
    pub alerts_acknowledged: Option<WhoView>,
    /// Its early end, as declared: what had not begun is no longer owed.
    pub ended: Option<EndingView>,
    /// Partial harvests, as declared.
    pub harvests: Vec<EndingView>,
    /// Under which amendment it is done, as in `reprocessing 2`; null: as the master record says.
    pub addition: Option<String>,
    /// For If-Match; null while it has not begun.
    pub etag: Option<String>,
}

/// A step's occurrence.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    /// Which, as in `OP-01.1~1/01.1.1~1`.
    pub step: String,
    /// Its name.
    pub name: String,
    /// The instruction as the operator reads it.
    pub instruction: String,
    /// Amendments that changed the instruction for this batch.
    pub amendments: Vec<u32>,
    /// `started`, `found-running`, `complete`, `not-performed`.
    pub phase: String,
    /// Whether its branch is taken, by what is known now: `true`, `false` or `undecided`.
    pub taken: String,
    /// The journal entry of its last change.
    pub version: u64,
    /// The same for If-Match.
    pub etag: String,
    /// Begin.
    #[schema(format = DateTime)]
    pub started_at: String,
    /// Who started or reported it.
    pub started_by: WhoView,
    /// The witness before it began.
    pub witness: Option<SignatureView>,
    /// End.
    #[schema(format = DateTime)]
    pub completed_at: Option<String>,
    /// Who completed it.
    pub completed_by: Option<WhoView>,
    /// Its entries, asked and recorded.
    pub entries: Vec<EntryView>,
    /// The performer's signature.
    pub performed: Option<SignatureView>,
    /// The second person's signature.
    pub checked: Option<SignatureView>,
    /// The exception that says it was found running.
    pub found_running: Option<u32>,
    /// Open exceptions it went on under.
    pub under_exceptions: Vec<u32>,
    /// Why it was not performed.
    pub not_performed: Option<String>,
    /// The signature under that.
    pub not_performed_by: Option<SignatureView>,
    /// What it still owes, one thing a line.
    pub owed: Vec<String>,
}

/// That an occurrence was found running, taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenBackView {
    /// Which.
    pub step: String,
    /// Why.
    pub reason: String,
    /// The exception that says it was found running; it stays.
    pub exception: u32,
    /// What had been reported.
    pub reported: Vec<String>,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who took it back, and who checked that.
    pub signed: Vec<SignatureView>,
}

impl From<&TakenBackRun> for TakenBackView {
    fn from(taken: &TakenBackRun) -> Self {
        Self {
            step: taken.told.step.to_string(),
            reason: taken.told.reason.clone(),
            exception: taken.told.exception,
            reported: taken.reported(),
            at: at(taken.at),
            signed: taken.signed.iter().map(Into::into).collect(),
        }
    }
}

/// What may be begun next.
#[derive(Debug, Serialize, ToSchema)]
pub struct NextView {
    /// Which occurrence.
    pub step: String,
    /// The step's name.
    pub name: String,
    /// Whether its branch is taken, by what is known now: `true`, `false` or `undecided`.
    pub taken: String,
    /// Whether it may begin now, as far as the process goes.
    pub may_start: bool,
    /// What stands in the way.
    pub why: Vec<String>,
}

impl From<&NextStep> for NextView {
    fn from(next: &NextStep) -> Self {
        Self {
            step: next.step.to_string(),
            name: next.name.clone(),
            taken: next.branch.as_str().to_owned(),
            may_start: next.may_start,
            why: next.why.clone(),
        }
    }
}

/// Every occurrence of every operation, and the first of those not begun, in order of writing.
pub fn operations(run: &Run) -> Vec<OperationView> {
    let mut views = Vec::new();
    for operation in run.recipe.operations() {
        let begun: Vec<_> = run.operations.iter().filter(|(k, _)| k.op == operation.id).collect();
        if begun.is_empty() {
            let key = OperationKey { op: operation.id.clone(), n: 1 };
            views.push(OperationView {
                operation: key.to_string(),
                name: operation.name.clone(),
                state: "not-started".into(),
                started_at: None,
                closed: None,
                alerts_acknowledged: None,
                ended: None,
                harvests: Vec::new(),
                addition: addition(run, &key),
                etag: None,
            });
        }
        for (key, state) in begun {
            let closed = state.closed.as_ref();
            views.push(OperationView {
                operation: key.to_string(),
                name: operation.name.clone(),
                state: if closed.is_some() { "closed" } else { "open" }.into(),
                started_at: Some(at(state.started_at)),
                closed: closed.map(|(_, signed)| SignatureView::from(signed)),
                alerts_acknowledged: state
                    .alerts_acknowledged
                    .as_ref()
                    .map(|(_, who)| WhoView::from(who)),
                ended: state.ended.as_ref().map(Into::into),
                harvests: state.harvests.iter().map(Into::into).collect(),
                addition: addition(run, key),
                etag: Some(etag(state.version)),
            });
        }
    }
    views
}

/// The reprocessing or rework that an operation's occurrence is done under.
fn addition(run: &Run, key: &OperationKey) -> Option<String> {
    let change = amendment::reprocessing(run, key).or_else(|| amendment::rework(run, &key.op));
    change.map(amendment::AmendmentRun::title)
}

/// Every step's occurrence, in order of their keys.
pub fn steps(run: &Run) -> Vec<StepView> {
    run.steps
        .iter()
        .filter_map(|(key, state)| Some(step(run, key, run.recipe.step(&key.step)?.1, state)))
        .collect()
}

/// A step's occurrence; `None` while it has not begun.
pub fn occurrence(run: &Run, key: &StepKey) -> Option<StepView> {
    Some(step(run, key, run.recipe.step(&key.step)?.1, run.steps.get(key)?))
}

fn step(run: &Run, key: &StepKey, spec: &Step, state: &StepRun) -> StepView {
    let mut owed: Vec<String> = Vec::new();
    if state.completed_at.is_none() && state.not_performed.is_none() {
        owed.extend(missing(run, key, spec, state));
    }
    if let Some(second) = owes_check(spec, state) {
        owed.push(format!("second person: {}", word(&second.mode)));
    }
    let entries = spec.entries.iter().map(|e| {
        let mut view = entry(e, state.entries.get(&e.id));
        view.amendments = amendment::redlines(run, &spec.id, Some(&e.id));
        view.so_far = so_far(run, e, &EntryKey { step: Some(key.clone()), entry: e.id.clone() });
        let current = state.entries.get(&e.id).and_then(EntryRun::current);
        view.not_final = current.map(|version| not_final(run, version)).unwrap_or_default();
        view
    });
    let entries = entries.collect();
    StepView {
        step: key.to_string(),
        name: spec.name.clone(),
        instruction: spec.instruction.clone(),
        amendments: amendment::redlines(run, &spec.id, None),
        phase: word(&state.phase),
        taken: condition::step(run, key).as_str().to_owned(),
        version: state.version,
        etag: etag(state.version),
        started_at: at(state.started_at),
        started_by: WhoView::from(&state.started_by),
        witness: state.witness.as_ref().map(Into::into),
        completed_at: state.completed_at.map(at),
        completed_by: state.completed_by.as_ref().map(Into::into),
        entries,
        performed: state.performed.as_ref().map(Into::into),
        checked: state.checked.as_ref().map(Into::into),
        found_running: state.found_running,
        under_exceptions: state.under_exceptions.clone(),
        not_performed: state.not_performed.as_ref().map(|(reason, _)| reason.clone()),
        not_performed_by: state.not_performed.as_ref().map(|(_, signed)| signed.into()),
        owed,
    }
}
