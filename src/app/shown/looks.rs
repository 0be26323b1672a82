//! What waits for somebody else to look at it: for the screen on which one signature gives several looks.

use super::{WhoView, at};
use crate::domain::run::Run;
use crate::domain::run::waiting::{self, Looked};
use serde::Serialize;
use utoipa::ToSchema;

/// A value that waits for a second look or a check.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingValue {
    /// The step's occurrence.
    pub step: String,
    /// The entry.
    pub entry: String,
    /// Its name.
    pub name: String,
    /// The version to look at.
    pub version: u32,
    /// As people read it; null where the entry was struck.
    pub shown: Option<String>,
    /// Recorded by.
    pub by: WhoView,
    /// Recorded at.
    #[schema(format = DateTime)]
    pub at: String,
    /// A second look at a critical value is owed.
    pub second_look: bool,
    /// A check of a correction, a late entry or a struck one is owed.
    pub check: bool,
}

/// A value that was sent, was not confirmed, and waits for a look.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingAttempt {
    /// The step's occurrence.
    pub step: String,
    /// The entry.
    pub entry: String,
    /// Its name.
    pub name: String,
    /// The attempt, from 1.
    pub no: u32,
    /// As people read it.
    pub shown: String,
    /// Sent by.
    pub by: WhoView,
    /// Sent at.
    #[schema(format = DateTime)]
    pub at: String,
}

/// Everything of a batch's steps that waits for somebody else to look at it, in the order of the process.
#[derive(Debug, Serialize, ToSchema)]
pub struct LooksView {
    /// Values.
    pub values: Vec<WaitingValue>,
    /// Values that were sent and not confirmed.
    pub attempts: Vec<WaitingAttempt>,
}

/// What waits in a run.
pub fn waiting(run: &Run) -> LooksView {
    let (mut values, mut attempts) = (Vec::new(), Vec::new());
    for look in waiting::waiting(run) {
        let (step, entry, name) =
            (look.key.to_string(), look.spec.id.clone(), look.spec.name.clone());
        match look.at {
            Looked::Version { version, second_look, check } => values.push(WaitingValue {
                step,
                entry,
                name,
                version: version.version,
                shown: version.value().map(|value| value.shown.clone()),
                by: WhoView::from(&version.by),
                at: at(version.at),
                second_look,
                check,
            }),
            Looked::Attempt(attempt) => attempts.push(WaitingAttempt {
                step,
                entry,
                name,
                no: attempt.no,
                shown: attempt.shown.clone(),
                by: WhoView::from(&attempt.by),
                at: at(attempt.at),
            }),
        }
    }
    LooksView { values, attempts }
}
