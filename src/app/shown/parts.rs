//! A batch in parts: all but its steps, and some of its steps.

use super::run::{FrozenMaster, ProductView};
use super::step::{NextView, OperationView, StepView, operations};
use super::timer::{TimerLine, running};
use super::{SignatureView, at, etag, word};
use crate::app::run::next::next_steps;
use crate::domain::clock::Instant;
use crate::domain::run::Run;
use crate::domain::run::acts::hold;
use serde::Serialize;
use utoipa::ToSchema;

/// Some of a batch's steps.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepPage {
    /// As in the whole batch, in the order of their keys.
    pub steps: Vec<StepView>,
    /// The next part's cursor, for `after`: the last occurrence of this one.
    #[schema(example = "OP-01~1/01.2~3")]
    pub next: Option<String>,
}

/// A batch without its steps.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineView {
    /// Batch number.
    #[schema(example = "AMAB-26-001")]
    pub number: String,
    /// Issue number of the site.
    pub issue_no: u64,
    /// What it is for.
    pub purpose: String,
    /// Phase.
    #[schema(example = "running")]
    pub phase: String,
    /// Which master record.
    pub master: FrozenMaster,
    /// Which product.
    pub product: ProductView,
    /// Issued at.
    pub issued_at: String,
    /// Every occurrence of every operation.
    pub operations: Vec<OperationView>,
    /// What may be begun next, and what stands in the way of the rest.
    pub next: Vec<NextView>,
    /// Limits of time that run.
    pub timers: Vec<TimerLine>,
    /// How much there is of the rest.
    pub counts: OutlineCounts,
    /// Execution was declared complete.
    pub completed: Option<SignatureView>,
    /// Why it was aborted.
    pub aborted: Option<String>,
    /// The newest journal entry.
    pub seq: u64,
    /// The same for If-Match.
    pub etag: String,
}

/// How much there is in a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineCounts {
    /// Occurrences of steps that began.
    pub steps: usize,
    /// Exceptions.
    pub exceptions: usize,
    /// Those that nobody has decided.
    pub exceptions_undecided: usize,
    /// Holds that stand.
    pub holds_standing: usize,
    /// Alarms that nobody has acknowledged.
    pub alarms_open: usize,
    /// Corrections.
    pub corrections: u32,
    /// Lots.
    pub lots: usize,
    /// Deviations.
    pub deviations: usize,
    /// Everybody who took part.
    pub participants: usize,
}

/// A batch without its steps, at a moment.
pub fn outline(run: &Run, now: Instant) -> OutlineView {
    OutlineView {
        number: run.number.clone(),
        issue_no: run.issue_no,
        purpose: word(&run.purpose),
        phase: word(&run.phase),
        master: FrozenMaster::of(run),
        product: ProductView::of(run),
        issued_at: at(run.issued_at),
        operations: operations(run),
        next: next_steps(run, now).iter().map(Into::into).collect(),
        timers: running(run, now),
        counts: OutlineCounts {
            steps: run.steps.len(),
            exceptions: run.exceptions.len(),
            exceptions_undecided: run.exceptions.iter().filter(|it| it.triage.is_none()).count(),
            holds_standing: hold::standing(run).count(),
            alarms_open: run.alarms.iter().filter(|alarm| alarm.acknowledged.is_none()).count(),
            corrections: run.corrections,
            lots: run.lots.len(),
            deviations: run.deviations.len(),
            participants: run.participants.len(),
        },
        completed: run.completed.as_ref().map(|(_, signed)| signed.into()),
        aborted: run.aborted.as_ref().map(|(_, reason)| reason.clone()),
        seq: run.seq,
        etag: etag(run.seq),
    }
}
