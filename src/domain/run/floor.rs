//! What happens on the floor beside the steps: alarms, events, emergency acts, handovers, early ends.

use super::reading::ReadingSource;
use crate::domain::clock::Instant;
use crate::domain::ids::{OperationKey, PersonId};
use crate::domain::signing::Signed;
use crate::domain::words::{AlarmPriority, Enclosure, EntryKey, Place, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An alarm came, imported or typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmRaised {
    /// From 1, gap-free per run.
    pub no: u32,
    /// The occurrence it concerns, if one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<EntryKey>,
    /// Tag of its source.
    pub tag: String,
    pub priority: AlarmPriority,
    pub text: String,
    /// When the source says it was raised.
    pub raised_at: Instant,
    /// The device that is said to have sent it, with its own text; none: it was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ReadingSource>,
    /// The exception it opened, for critical ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<u32>,
}

impl AlarmRaised {
    /// Whether a registered device provably sent it; else it is somebody's word.
    #[must_use]
    pub fn imported(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.verified)
    }

    /// Whether another than who brought it in acknowledges it: a critical one that is somebody's word. What a
    /// system provably sent, nobody here saw first.
    #[must_use]
    pub fn asks_another(&self) -> bool {
        !self.imported() && self.priority == AlarmPriority::Critical
    }
}

/// An alarm was acknowledged, with a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmAcknowledged {
    /// Which.
    pub no: u32,
    pub comment: String,
}

/// An alarm as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmRun {
    /// What was written.
    pub told: AlarmRaised,
    /// When and by whom it came in.
    pub by: (Instant, Who),
    /// Acknowledged when, by whom, with which comment.
    pub acknowledged: Option<(Instant, Who, String)>,
}

/// What was found of a piece of equipment, whenever it was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// It measured wrongly: whatever it gave a value to is concerned, whatever became of it.
    OutOfCalibration,
}

/// Something happened for which there is no step. Its exception is opened beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// From 1, gap-free per run.
    pub no: u32,
    /// Where.
    pub place: Place,
    /// What, in the person's words.
    pub what: String,
    /// Photos.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enclosures: Vec<Enclosure>,
    /// The exception it opened.
    pub exception: u32,
    /// What was found of the equipment, where that was the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
    /// Reported for the quality unit: no part in the work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oversight: bool,
}

/// A happening as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HappeningRun {
    /// What was written.
    pub told: Happening,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Who,
}

/// An emergency act: done now, on-call notified, ratified later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// From 1, gap-free per run.
    pub no: u32,
    /// The operation it was done in, if one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationKey>,
    /// What was done.
    pub what: String,
    /// Why it could not wait.
    pub reason: String,
    /// Who was notified: user name.
    pub notified: String,
    /// To be ratified until then.
    pub ratify_until: Instant,
    /// The exception it opened.
    pub exception: u32,
}

/// An emergency act was ratified (or not), signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyRatified {
    /// Which.
    pub no: u32,
    /// Whether it was right.
    pub upheld: bool,
    pub conclusion: String,
}

/// An emergency act as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyRun {
    /// What was written.
    pub told: Emergency,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Who,
    /// Ratified: what was concluded, and whose signature.
    pub ratified: Option<(EmergencyRatified, Option<Signed>)>,
}

/// How an operation ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EndingKind {
    /// Ended before the master record's minimum: what was not begun is no longer owed.
    EarlyEnd,
    /// Part of it was harvested; the rest goes on.
    PartialHarvest,
}

/// An operation was ended early or harvested in part, by signed decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationEnded {
    /// Which.
    pub operation: OperationKey,
    /// How.
    pub kind: EndingKind,
    /// Why, and what it means.
    pub reason: String,
    /// The exception it opened.
    pub exception: u32,
}

/// The decision as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// How.
    pub kind: EndingKind,
    /// The exception that it opened.
    pub exception: u32,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// Whose signature.
    pub signed: Option<Signed>,
}

/// The work was handed over: what was computed then, and two signatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// From 1, gap-free per run.
    pub no: u32,
    /// Who takes over.
    pub to: PersonId,
    /// The computed handover as both saw it: sections with their lines.
    pub sections: Vec<HandoverSection>,
    /// What the outgoing person adds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
}

/// A section of a handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverSection {
    /// Its title, as in `running timers`.
    pub title: String,
    pub lines: Vec<String>,
}

/// A handover as the run remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverRun {
    /// What was written.
    pub told: HandedOver,
    /// When.
    pub at: Instant,
    /// Who handed over.
    pub by: Who,
    /// Both signatures.
    pub signed: Vec<Signed>,
}
