//! Exceptions: any recorded departure from the expected run. They belong to the run.

pub mod opens;

use super::clock::Instant;
use super::signing::Signed;
use crate::domain::words::{EntryKey, OnCritical, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Types of exception (requirements, end of section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionKind {
    /// A value outside acceptance.
    OutOfAcceptance,
    /// A value outside a control (action) limit.
    OutOfControl,
    /// A result outside specification.
    OutOfSpecification,
    /// An implausible value, confirmed.
    Implausible,
    /// A report on an occurrence that was not started.
    FoundRunning,
    /// A report out of order.
    OutOfOrder,
    /// Recorded later than the grace window.
    LateEntry,
    /// Recorded by an unplanned scribe.
    OnBehalf,
    /// Recorded by somebody without the step's authority.
    Unqualified,
    /// A correction after use or signature.
    Correction,
    /// Not performed or not available.
    NotPerformed,
    ProceededAtRisk,
    /// Verified faster than possible, or later than the limit.
    CheckTiming,
    /// Typed although it concerns released equipment or lots unknown.
    UnknownReference,
    /// The run was aborted.
    Aborted,
    /// The server's clock jumped.
    ClockJump,
    /// Somebody reported an event.
    Event,
    /// Equipment or instrument not ready: calibration overdue, unregistered, not available.
    EquipmentNotReady,
    /// Equipment or an instrument failed.
    EquipmentFailure,
    /// A material unapproved, expired or not the one specified.
    MaterialNotReady,
    /// A hold time overdue or too short.
    HoldTime,
    /// A sample, in-process control, check or ratification overdue.
    Overdue,
    /// A filter's integrity test failed.
    FilterIntegrity,
    /// Typed where a device was to be read, or a device's value overridden.
    Override,
    /// An interface or another system failed, or changed the step.
    Communication,
    /// An alarm that may harm the product.
    Alarm,
    /// A test repeated beyond what was planned or approved.
    Repeat,
    /// An emergency act: done now, ratified later.
    EmergencyAct,
    /// An operation ended early or harvested in part.
    EarlyEnd,
    /// A planned change of this batch alone came into force.
    PlannedChange,
    /// An operation of the process is done again, as approved.
    Reprocess,
    /// An operation outside the process is done, as approved.
    Rework,
    /// Labels do not reconcile.
    Labels,
    /// A line or room was not clear.
    LineClearance,
    /// An account was unlocked and signed soon after.
    UnlockThenSign,
    /// A value that was owed could not be computed.
    NotComputed,
    /// An identifier reads like another and is written otherwise: one thing, or two that will be mistaken.
    LookAlike,
}

/// Severity proposed by the classification; QA decides at triage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// May harm the product.
    Critical,
    /// May affect quality or the record's trust.
    Major,
    /// Neither.
    Minor,
}

impl ExceptionKind {
    /// The word in the API and on paper.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutOfAcceptance => "out-of-acceptance",
            Self::OutOfControl => "out-of-control",
            Self::OutOfSpecification => "out-of-specification",
            Self::Implausible => "implausible",
            Self::FoundRunning => "found-running",
            Self::OutOfOrder => "out-of-order",
            Self::LateEntry => "late-entry",
            Self::OnBehalf => "on-behalf",
            Self::Unqualified => "unqualified",
            Self::Correction => "correction",
            Self::NotPerformed => "not-performed",
            Self::ProceededAtRisk => "proceeded-at-risk",
            Self::CheckTiming => "check-timing",
            Self::UnknownReference => "unknown-reference",
            Self::Aborted => "aborted",
            Self::ClockJump => "clock-jump",
            Self::Event => "event",
            Self::EquipmentNotReady => "equipment-not-ready",
            Self::EquipmentFailure => "equipment-failure",
            Self::MaterialNotReady => "material-not-ready",
            Self::HoldTime => "hold-time",
            Self::Overdue => "overdue",
            Self::FilterIntegrity => "filter-integrity",
            Self::Override => "override",
            Self::Communication => "communication",
            Self::Alarm => "alarm",
            Self::Repeat => "repeat",
            Self::EmergencyAct => "emergency-act",
            Self::EarlyEnd => "early-end",
            Self::PlannedChange => "planned-change",
            Self::Reprocess => "reprocess",
            Self::Rework => "rework",
            Self::Labels => "labels",
            Self::LineClearance => "line-clearance",
            Self::UnlockThenSign => "unlock-then-sign",
            Self::NotComputed => "not-computed",
            Self::LookAlike => "look-alike",
        }
    }
}

impl Severity {
    /// The word in the API and on paper.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Major => "major",
            Self::Minor => "minor",
        }
    }
}

/// What the event of its opening says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// From 1, gap-free per run.
    pub no: u32,
    /// Type.
    pub kind: ExceptionKind,
    /// Proposed severity.
    pub severity: Severity,
    /// What it decides about what may happen next.
    pub effect: OnCritical,
    /// Where, if anywhere.
    pub at: Option<EntryKey>,
    /// What happened, for people.
    pub detail: String,
}

/// How an exception was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Triage {
    /// Not a deviation, with rationale and QA's signature.
    NotDeviation {
        /// Why.
        rationale: String,
        /// QA.
        signed: Option<Signed>,
        /// Another of quality: a critical exception is not waved through by one.
        second: Option<Signed>,
    },
    /// Part of a deviation.
    Deviation {
        number: String,
        /// QA.
        signed: Option<Signed>,
        /// Another of quality: a critical exception in a minor deviation.
        second: Option<Signed>,
    },
}

/// An exception of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// What was written at its opening.
    pub opened: Opened,
    /// When.
    pub at: Instant,
    /// Whose act opened it.
    pub by: Who,
    /// Sequence of the event that opened it.
    pub seq: u64,
    /// Decision, once made.
    pub triage: Option<(Instant, Triage)>,
}
