//! Burden: what each step of a master record's version cost in all its runs, as a register for the next
//! version. About steps, never about persons: nothing here says who.

use crate::domain::exception::ExceptionKind;
use crate::domain::ids::StepKey;
use crate::domain::recipe::{MasterRecord, Operation, Step};
use crate::domain::run::{Content, EntryRun, Run, StepRun};
use crate::domain::words::Basis;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// So many.
    pub n: u32,
    /// Of so many.
    pub of: u32,
}

impl Rate {
    fn count(&mut self, counts: bool) {
        self.of += 1;
        self.n += u32::from(counts);
    }

    /// As a decimal with three places; nothing of nothing is no rate.
    #[must_use]
    pub fn decimal(self) -> Option<Decimal> {
        let mut rate = Decimal::from(self.n).checked_div(Decimal::from(self.of))?.round_dp(3);
        rate.rescale(3);
        Some(rate)
    }
}

/// How long occurrences took, from start to completion, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Occurrences that were started and completed.
    pub timed: u32,
    /// The median.
    pub median_seconds: i64,
    /// The longest.
    pub longest_seconds: i64,
}

/// What a step cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepBurden {
    /// The operation's id.
    pub operation: String,
    /// The step's id.
    pub step: String,
    /// The step's name.
    pub name: String,
    /// Occurrences in all runs.
    pub occurrences: u32,
    /// Time taken; none where nothing was completed.
    pub taken: Option<Taken>,
    /// Recorded values that came late.
    pub late: Rate,
    /// Recorded values that somebody typed: not read from a device, not computed.
    pub manual: Rate,
    /// Entries whose value was corrected.
    pub corrected: Rate,
    /// Attempts at the step that were refused.
    pub refused: Rate,
    /// Occurrences on which an exception opened.
    pub excepted: Rate,
    /// Exceptions on the step, all together.
    pub exceptions: u32,
}

/// What each step of a version cost over its runs, in the order of the process. `refused`: refused
/// attempts by step id.
#[must_use]
pub fn burden(
    recipe: &MasterRecord,
    runs: &[&Run],
    refused: &BTreeMap<String, u32>,
) -> Vec<StepBurden> {
    recipe
        .steps()
        .map(|(operation, step)| one(operation, step, runs, refused.get(&step.id).copied()))
        .collect()
}

fn one(operation: &Operation, step: &Step, runs: &[&Run], refused: Option<u32>) -> StepBurden {
    let mut found = StepBurden {
        operation: operation.id.clone(),
        step: step.id.clone(),
        name: step.name.clone(),
        occurrences: 0,
        taken: None,
        late: Rate::default(),
        manual: Rate::default(),
        corrected: Rate::default(),
        refused: Rate::default(),
        excepted: Rate::default(),
        exceptions: 0,
    };
    let (mut times, mut acts) = (Vec::new(), 0u32);
    for run in runs {
        for (key, state) in run.steps.iter().filter(|(key, _)| key.step == step.id) {
            found.occurrences += 1;
            let opened = exceptions(run, key);
            found.excepted.count(opened > 0);
            found.exceptions += opened;
            if let Some(end) = state.completed_at.filter(|_| state.found_running.is_none()) {
                times.push(end.since(state.started_at) / 1_000_000);
            }
            acts += 1 + u32::from(state.completed_at.is_some());
            acts += entries(run, state, &mut found);
        }
    }
    let refused = refused.unwrap_or(0);
    found.refused = Rate { n: refused, of: refused.saturating_add(acts) };
    found.taken = taken(times);
    found
}

fn exceptions(run: &Run, key: &StepKey) -> u32 {
    let on_step = run.exceptions.iter().filter(|exception| {
        exception.opened.at.as_ref().and_then(|at| at.step.as_ref()) == Some(key)
    });
    u32::try_from(on_step.count()).unwrap_or(u32::MAX)
}

/// Counts the entries of an occurrence; answers how often somebody recorded.
fn entries(run: &Run, state: &StepRun, found: &mut StepBurden) -> u32 {
    let mut acts = 0;
    for entry in state.entries.values() {
        let values = || entry.versions.iter().filter(|v| matches!(v.content, Content::Value(_)));
        for version in values().filter(|version| version.basis != Basis::Computed) {
            acts += 1;
            found.late.count(version.exceptions.iter().any(|no| is_late(run, *no)));
            found.manual.count(!matches!(version.basis, Basis::Device { .. }));
        }
        if entry.current().is_some() {
            found.corrected.count(is_corrected(entry));
        }
    }
    acts
}

fn is_late(run: &Run, no: u32) -> bool {
    let late = |kind| kind == ExceptionKind::LateEntry;
    run.exceptions.iter().any(|found| found.opened.no == no && late(found.opened.kind))
}

/// Whether somebody replaced a value; one that the server computed anew is no correction.
fn is_corrected(entry: &EntryRun) -> bool {
    entry.versions.iter().skip(1).any(|version| version.basis != Basis::Computed)
}

fn taken(mut times: Vec<i64>) -> Option<Taken> {
    times.sort_unstable();
    let longest_seconds = *times.last()?;
    let upper = times.len() / 2;
    let lower = if times.len().is_multiple_of(2) { upper - 1 } else { upper };
    let median_seconds = (times.get(lower)? + times.get(upper)?) / 2;
    let timed = u32::try_from(times.len()).unwrap_or(u32::MAX);
    Some(Taken { timed, median_seconds, longest_seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_rates_are_exact() {
        let seconds =
            |times: &[i64]| taken(times.to_vec()).map(|t| (t.median_seconds, t.longest_seconds));
        assert_eq!(seconds(&[]), None);
        assert_eq!(seconds(&[9, 1, 5]), Some((5, 9)));
        assert_eq!(seconds(&[1, 2, 4, 30]), Some((3, 30)));
        assert_eq!(Rate { n: 1, of: 3 }.decimal().map(|d| d.to_string()), Some("0.333".into()));
        assert_eq!(Rate { n: 2, of: 2 }.decimal().map(|d| d.to_string()), Some("1.000".into()));
        assert_eq!(Rate::default().decimal(), None);
    }
}
