//! Occurrences by the recipe's step: found through the order of their keys, not searched.

use super::{Map, MapIter};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::run::StepRun;
use std::iter::Flatten;
use std::vec::IntoIter;

/// Occurrences of steps, by operation, its occurrence, step and occurrence.
pub type Steps = Map<StepKey, StepRun>;

/// Occurrences of one step, in order.
pub type Occurrences<'r> = Flatten<IntoIter<MapIter<'r, StepKey, StepRun>>>;

impl Steps {
    /// The occurrences in one occurrence of an operation.
    #[must_use]
    pub fn in_operation(&self, operation: &OperationKey) -> MapIter<'_, StepKey, StepRun> {
        self.span(|key| key.operation < *operation, |key| key.operation <= *operation)
    }

    /// The occurrences of a step in one occurrence of its operation.
    #[must_use]
    pub fn within(&self, operation: &OperationKey, step: &str) -> MapIter<'_, StepKey, StepRun> {
        self.up_to(operation, step, u32::MAX)
    }

    /// The occurrences of a step in every occurrence of its operation.
    pub fn of(&self, op: &str, step: &str) -> Occurrences<'_> {
        let mut found = Vec::new();
        let mut n = Some(0);
        while let Some(from) = n {
            let is_before =
                |key: &StepKey| (key.operation.op.as_str(), key.operation.n) < (op, from);
            let mut rest = self.span(is_before, |key| key.operation.op.as_str() <= op);
            let Some((first, _)) = rest.next() else { break };
            found.push(self.within(&first.operation, step));
            n = first.operation.n.checked_add(1);
        }
        found.into_iter().flatten()
    }

    /// The occurrences of a step that something sees: in an occurrence of its operation alone or in all of
    /// them, and up to one of its numbers or all of them.
    pub fn seen_from(
        &self,
        op: &str,
        own: Option<&OperationKey>,
        step: &str,
        most: Option<u32>,
    ) -> Occurrences<'_> {
        let Some(own) = own else { return self.of(op, step) };
        vec![self.up_to(own, step, most.unwrap_or(u32::MAX))].into_iter().flatten()
    }

    /// The occurrences of a step in one occurrence of its operation, up to a number.
    #[must_use]
    pub fn up_to(
        &self,
        operation: &OperationKey,
        step: &str,
        most: u32,
    ) -> MapIter<'_, StepKey, StepRun> {
        let place = (operation, step);
        self.span(
            |key| (&key.operation, key.step.as_str()) < place,
            |key| (&key.operation, key.step.as_str(), key.k) <= (operation, step, most),
        )
    }

    /// The number of a step's newest occurrence in an occurrence of its operation; 0: there is none.
    #[must_use]
    pub fn newest(&self, operation: &OperationKey, step: &str) -> u32 {
        self.within(operation, step).next_back().map_or(0, |(key, _)| key.k)
    }
}
