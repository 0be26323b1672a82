//! A wrong *found running* that was taken back: the occurrence is as not begun, and what was reported stays listed.

use super::{Content, EntryRun, Run, StepRun};
use crate::domain::clock::Instant;
use crate::domain::ids::StepKey;
use crate::domain::signing::Signed;
use crate::domain::words::Who;
use serde::{Deserialize, Serialize};

/// A step's occurrence was reported as running in error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Which.
    pub step: StepKey,
    /// Why.
    pub reason: String,
    /// The exception that says it was found running; it stays.
    pub exception: u32,
    /// Its operation's occurrence began by nothing else: it is as not begun too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub operation: bool,
}

/// An occurrence that was taken back, as the run remembers it.
#[derive(Debug, Clone)]
pub struct TakenBackRun {
    /// What was said.
    pub told: TakenBack,
    /// The occurrence as it was reported.
    pub state: StepRun,
    /// When.
    pub at: Instant,
    /// Who took it back.
    pub by: Who,
    /// Both signatures: who takes it back, and who checked that.
    pub signed: Vec<Signed>,
}

impl TakenBackRun {
    /// What had been reported, one entry a line.
    #[must_use]
    pub fn reported(&self) -> Vec<String> {
        let shown = |(id, entry): (&String, &EntryRun)| {
            let values = entry.versions.iter().filter_map(|version| match &version.content {
                Content::Value(value) => Some(value.shown.clone()),
                Content::Absent(_) | Content::Struck => None,
            });
            let points = entry.trail.iter().map(|point| point.shown.clone());
            let kept = entry.attempts.iter().map(|attempt| format!("{} (kept)", attempt.shown));
            let all: Vec<_> = kept.chain(points).chain(values).collect();
            format!("{id}: {}", all.join(", "))
        };
        self.state.entries.iter().map(shown).collect()
    }

    /// As a line for people.
    #[must_use]
    pub fn line(&self) -> String {
        let TakenBack { step, reason, exception, .. } = &self.told;
        let by: Vec<_> = self.signed.iter().map(|it| it.printed_name.as_str()).collect();
        let by = by.join(" and ");
        format!("{step}, found running by exception {exception}, was taken back by {by}: {reason}")
    }
}

impl Run {
    /// Every occurrence with what was recorded on it, also of those that were taken back.
    pub fn reported_steps(&self) -> impl Iterator<Item = (&StepKey, &StepRun)> {
        self.steps.iter().chain(self.taken_back.iter().map(|it| (&it.told.step, &it.state)))
    }
}
