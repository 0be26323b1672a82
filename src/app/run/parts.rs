//! A batch read in parts: its outline, and its steps so many at a time. What a part costs does not grow with the
//! batch.

use crate::app::desk::{Caller, Desk, Failure};
use crate::app::shown::parts::{OutlineView, StepPage, outline};
use crate::app::shown::step::occurrence;
use crate::domain::ids::StepKey;
use crate::domain::run::StepPhase;

/// Which steps of a batch.
#[derive(Debug, Clone, Default)]
pub struct StepsQuestion {
    /// Of this operation, in all its occurrences or in the one that is named, as in `OP-01~1`.
    pub operation: Option<String>,
    /// Occurrences of this step, by its id.
    pub step: Option<String>,
    pub phase: Option<StepPhase>,
    /// Behind this occurrence.
    pub after: Option<StepKey>,
    /// At most so many (1 to 200; 0: 50).
    pub limit: usize,
}

/// A part ends behind the step that brings it to so many entries and versions, however many steps were asked for.
const HEAVY: usize = 400;

impl StepsQuestion {
    fn asks(&self, key: &StepKey, phase: StepPhase) -> bool {
        let operation = self.operation.as_deref();
        operation.is_none_or(|it| it == key.operation.op || it == key.operation.to_string())
            && self.step.as_deref().is_none_or(|step| step == key.step)
            && self.phase.is_none_or(|asked| asked == phase)
    }
}

impl Desk {
    /// A batch without its steps. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn outline(&self, caller: &Caller, number: &str) -> Result<(OutlineView, u64), Failure> {
        let state = self.run(caller, number)?;
        let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
        Ok((outline(run, self.time()), run.seq))
    }

    /// Some of a batch's steps, in the order of their keys. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn steps(
        &self,
        caller: &Caller,
        number: &str,
        question: &StepsQuestion,
    ) -> Result<(StepPage, u64), Failure> {
        let state = self.run(caller, number)?;
        let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
        let limit = if question.limit == 0 { 50 } else { question.limit.min(200) };
        let is_before = |key: &StepKey| question.after.as_ref().is_some_and(|after| key <= after);
        let asked = run.steps.span(is_before, |_| true);
        let asked = asked.filter(|(key, state)| question.asks(key, state.phase));
        let (mut keys, mut weight, mut more) = (Vec::new(), 0, false);
        for (key, state) in asked {
            more = keys.len() == limit || weight >= HEAVY;
            if more {
                break;
            }
            keys.push(key);
            weight += state.entries.values().map(|entry| entry.versions.len() + 1).sum::<usize>();
        }
        let steps = keys.iter().filter_map(|key| occurrence(run, key)).collect();
        let next = keys.last().filter(|_| more).map(ToString::to_string);
        Ok((StepPage { steps, next }, run.seq))
    }
}
