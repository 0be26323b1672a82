//! Which facts question a released lot: one matrix over every event of a run.
//!
//! The kind of fact decides, not a person. What is written after a lot was released and stands here as
//! *shown* puts it in question; what stands as *blocks* also keeps it from leaving and its children from
//! release, until quality has decided by signature (21 CFR 211.192, 211.180(e)).

use super::Run;
use super::event::RunEvent;
use super::notice::NoticeKind;
use crate::domain::clock::Instant;
use crate::domain::entry::result::outside;
use crate::domain::exception::{ExceptionKind, Opened, Severity};

/// What a fact that comes after the release does to a released lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing: it was planned, or it is oversight itself.
    Nothing,
    /// The lot is in question; quality owes a decision, and nothing is blocked.
    Shown,
    /// The lot is in question and blocked: it is not shipped, and no child of it is released.
    Blocks,
}

impl Weight {
    /// The word in the matrix.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Shown => "shown",
            Self::Blocks => "blocks",
        }
    }
}

/// A fact that questions the released lots of its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Questioning {
    /// Its entry in the run's chain.
    pub seq: u64,
    /// When it was written.
    pub at: Instant,
    /// What it says, for people.
    pub because: String,
    /// Whether it blocks.
    pub blocks: bool,
}

/// Declares the matrix once: the match that decides, and its lines as quality reads and signs them.
macro_rules! matrix {
    ($event:ident; $($pattern:pat $(if $guard:expr)? => $name:literal, $when:literal, $weight:ident,
        $because:expr;)*) => {
        /// What an event does to the released lots of its run, and why, for people.
        #[must_use]
        pub fn weigh($event: &RunEvent) -> (Weight, String) {
            match $event {
                $($pattern $(if $guard)? => (Weight::$weight, $because),)*
            }
        }

        /// The matrix: event, when, what it does.
        pub const MATRIX: &[(&str, &str, Weight)] = &[$(($name, $when, Weight::$weight)),*];
    };
}

/// No words are needed where nothing is questioned.
fn none() -> String {
    String::new()
}

/// An exception that may mean harm: critical, or out of specification.
fn grave(opened: &Opened) -> bool {
    opened.severity == Severity::Critical || opened.kind == ExceptionKind::OutOfSpecification
}

fn said(opened: &Opened) -> String {
    let (severity, kind) = (opened.severity.as_str(), opened.kind.as_str());
    format!("{severity} exception {} ({kind}): {}", opened.no, opened.detail)
}

matrix! { event;
    RunEvent::Issued { .. } => "issued", "", Nothing, none();
    RunEvent::TestSkipped(_) => "test-skipped", "", Nothing, none();
    RunEvent::Started {} => "started", "", Nothing, none();
    RunEvent::OperationStarted { operation } => "operation-started", "", Shown,
        format!("{operation} was begun");
    RunEvent::StepStarted { step, .. } => "step-started", "", Shown, format!("{step} was started");
    RunEvent::StepFoundRunning { step, .. } => "step-found-running", "", Shown,
        format!("{step} was found running");
    RunEvent::EntryRecorded { at, value, verdicts, .. } if outside(verdicts) && at.step.is_none() =>
        "entry-recorded", "a release specification, outside", Blocks,
        format!("{at} is {}, outside its specification", value.shown);
    RunEvent::EntryRecorded { at, value, verdicts, exceptions, .. }
        if outside(verdicts) || !exceptions.is_empty() =>
        "entry-recorded", "outside acceptance, or with an exception", Shown,
        format!("{at} was recorded as {}", value.shown);
    RunEvent::EntryRecorded { .. } => "entry-recorded", "planned, without exception", Nothing, none();
    RunEvent::ImplausibleValueKept { at, shown, .. } => "implausible-value-kept", "", Shown,
        format!("{at} was attempted as {shown}");
    RunEvent::TrailPointRecorded { at, shown, .. } => "trail-point-recorded", "", Shown,
        format!("{at}: {shown}");
    RunEvent::EntryAbsent { at, reason, .. } => "entry-absent", "", Shown,
        format!("{at} was declared absent: {reason}");
    RunEvent::EntryCorrected { at, value, verdicts, .. }
        if outside(verdicts) && at.step.is_none() =>
        "entry-corrected", "a release specification, now outside", Blocks,
        format!("{at} was corrected to {}, outside its specification", value.shown);
    RunEvent::EntryCorrected { at, old, value, .. } => "entry-corrected", "any other", Shown,
        format!("{at} was corrected from {old} to {}", value.shown);
    RunEvent::EntryChecked { .. } => "entry-checked", "", Nothing, none();
    RunEvent::StepCompleted { step, .. } => "step-completed", "", Shown,
        format!("{step} was completed");
    RunEvent::StepChecked { .. } => "step-checked", "", Nothing, none();
    RunEvent::StepNotPerformed { step, reason, .. } => "step-not-performed", "", Shown,
        format!("{step} was declared not performed: {reason}");
    RunEvent::StepTakenBack(told) => "step-taken-back", "", Shown,
        format!("that {} was found running was taken back: {}", told.step, told.reason);
    RunEvent::StepCheckLapsed { step, cause } => "step-check-lapsed", "", Shown,
        format!("the verification of {step} lapsed: {cause}");
    RunEvent::OperationClosed { operation } => "operation-closed", "", Shown,
        format!("{operation} was closed");
    RunEvent::AlertsAcknowledged { .. } => "alerts-acknowledged", "", Nothing, none();
    RunEvent::ExceptionOpened(opened) if grave(opened) =>
        "exception-opened", "critical, or out of specification", Blocks, said(opened);
    RunEvent::ExceptionOpened(opened) => "exception-opened", "any other", Shown, said(opened);
    RunEvent::ExceptionNotDeviation { .. } => "exception-not-deviation", "", Nothing, none();
    RunEvent::ExceptionsToDeviation { deviation, .. } => "exceptions-to-deviation", "", Shown,
        format!("deviation {deviation} concerns this batch");
    RunEvent::DeviationChanged { impact_concluded: true, .. }
    | RunEvent::DeviationChanged { closed: true, .. } =>
        "deviation-changed", "concluded or closed", Nothing, none();
    RunEvent::DeviationChanged { deviation, what, .. } =>
        "deviation-changed", "open again", Shown, format!("deviation {deviation}: {what}");
    RunEvent::RiskAccepted { gate, .. } => "risk-accepted", "", Shown,
        format!("a risk was accepted on gate {gate}");
    RunEvent::RiskRatified { .. } => "risk-ratified", "", Nothing, none();
    RunEvent::GatePassed { gate, .. } => "gate-passed", "", Shown,
        format!("gate {gate} was passed");
    RunEvent::GateWaived { .. } => "gate-waived", "", Nothing, none();
    RunEvent::HoldPlaced { no, reason, .. } => "hold-placed", "", Shown,
        format!("hold {no}: {reason}");
    RunEvent::HoldLifted { .. } => "hold-lifted", "", Nothing, none();
    RunEvent::LotYielded { number, .. } => "lot-yielded", "", Shown,
        format!("lot {number} came out");
    RunEvent::ParentAdded(told) => "parent-added", "", Shown,
        format!("lot {} went into {}", told.parent, told.lot);
    RunEvent::ParentRemoved(told) => "parent-removed", "", Shown,
        format!("lot {} was taken from what went into {}", told.parent, told.lot);
    RunEvent::ForeignLotDecided(told) if told.accepted => "foreign-lot-decided", "accepted", Shown,
        format!("lot {}, which went in, was accepted by quality: {}", told.lot, told.document);
    RunEvent::ForeignLotDecided(told) => "foreign-lot-decided", "refused", Blocks,
        format!("lot {}, which went in, was refused by quality: {}", told.lot, told.document);
    RunEvent::Completed {} => "completed", "", Nothing, none();
    RunEvent::Reviewed { .. } => "reviewed", "", Nothing, none();
    RunEvent::OperationReviewed(_) => "operation-reviewed", "", Nothing, none();
    RunEvent::OperationReviewLapsed(_) =>
        "operation-review-lapsed", "its cause questions by itself", Nothing, none();
    RunEvent::ReviewLapsed { .. } => "review-lapsed", "its cause questions by itself", Nothing, none();
    RunEvent::LotDecided { .. } => "lot-decided", "", Nothing, none();
    RunEvent::LotFoundToStand(_) => "lot-found-to-stand", "", Nothing, none();
    RunEvent::Closed {} => "closed", "", Nothing, none();
    RunEvent::Aborted { reason, .. } => "aborted", "", Blocks,
        format!("the run was aborted: {reason}");
    RunEvent::AftermathRecorded { kind, text } => "aftermath-recorded", "", Shown,
        format!("{kind} after the abort: {text}");
    RunEvent::RenditionIssued { .. } => "rendition-issued", "", Nothing, none();
    RunEvent::EntryComputed(told) if told.value.is_some() && told.version == 1
        && told.exceptions.is_empty() && !outside(&told.verdicts) =>
        "entry-computed", "for the first time, within", Nothing, none();
    RunEvent::EntryComputed(told) => "entry-computed", "anew, outside, or without a value", Shown,
        format!("{} was computed anew: {}", told.at, told.cause);
    RunEvent::OverdueNoticed(told) => "overdue-noticed", "", Shown,
        format!("{} ran out", told.limit);
    RunEvent::DeterminationRecorded(told) if outside(&told.verdicts) =>
        "determination-recorded", "outside", Blocks,
        format!("determination {} of {} is {}, outside", told.no, told.at, told.value.shown);
    RunEvent::DeterminationRecorded(told) if told.repeat || !told.exceptions.is_empty() =>
        "determination-recorded", "a repeat, or with an exception", Shown,
        format!("determination {} of {} is {}", told.no, told.at, told.value.shown);
    RunEvent::DeterminationRecorded(_) => "determination-recorded", "planned and within", Nothing,
        none();
    RunEvent::DeterminationCorrected(told) if outside(&told.verdicts) =>
        "determination-corrected", "outside", Blocks,
        format!("determination {} of {} was corrected to {}", told.determination, told.at,
            told.value.shown);
    RunEvent::DeterminationCorrected(told) => "determination-corrected", "any other", Shown,
        format!("determination {} of {} was corrected to {}", told.determination, told.at,
            told.value.shown);
    RunEvent::ResultInvestigated(told) if told.reopens.is_some() =>
        "result-investigated", "the result no longer stands", Blocks,
        format!("the result of {} no longer stands", told.at);
    RunEvent::ResultInvestigated(_) => "result-investigated", "any other step", Nothing, none();
    RunEvent::AlarmRaised(told) => "alarm-raised", "", Shown,
        format!("{} alarm of {}: {}", priority(told), told.tag,
            told.text);
    RunEvent::AlarmAcknowledged(_) => "alarm-acknowledged", "", Nothing, none();
    RunEvent::Happened(told) => "happened", "", Shown, format!("event {}: {}", told.no, told.what);
    RunEvent::NoticeRecorded(told) if told.kind == NoticeKind::Decision =>
        "notice-recorded", "a decision of quality", Nothing, none();
    RunEvent::NoticeRecorded(told) => "notice-recorded", "a complaint or a notice", Shown,
        format!("{} {}: {}", told.kind.as_str(), told.no, told.text);
    RunEvent::Addended(_) => "addended", "the fact itself counts", Nothing, none();
    RunEvent::EmergencyActed(told) => "emergency-acted", "", Shown,
        format!("emergency act {}: {}", told.no, told.what);
    RunEvent::EmergencyRatified(told) if told.upheld => "emergency-ratified", "upheld", Nothing,
        none();
    RunEvent::EmergencyRatified(told) => "emergency-ratified", "not upheld", Shown,
        format!("emergency act {} was not upheld: {}", told.no, told.conclusion);
    RunEvent::OperationEnded(told) => "operation-ended", "", Shown,
        format!("{} was ended: {}", told.operation, told.reason);
    RunEvent::HandedOver(_) => "handed-over", "", Nothing, none();
    RunEvent::AmendmentProposed(_) => "amendment-proposed", "", Nothing, none();
    RunEvent::AmendmentDecided(told) if told.takes_effect =>
        "amendment-decided", "a change takes effect", Shown, format!("change {} took effect", told.no);
    RunEvent::AmendmentDecided(_) => "amendment-decided", "none takes effect", Nothing, none();
}

/// An alarm's priority as people read it.
fn priority(told: &super::floor::AlarmRaised) -> &'static str {
    match told.priority {
        crate::domain::words::AlarmPriority::Critical => "critical",
        crate::domain::words::AlarmPriority::High => "high",
        crate::domain::words::AlarmPriority::Low => "low",
    }
}

/// What an event is to a run of which a lot was ever released, or rejected and perhaps made good elsewhere: kept beside the run as it is folded, so that
/// nobody can forget to write it, and a lot that was put back meanwhile forgets nothing.
#[must_use]
pub fn questioning(run: &Run, seq: u64, at: Instant, event: &RunEvent) -> Option<Questioning> {
    if !run.lots.iter().any(|lot| lot.was_released || lot.disposition == "rejected") {
        return None;
    }
    match weigh(event) {
        (Weight::Nothing, _) => None,
        (Weight::Shown, because) => Some(Questioning { seq, at, because, blocks: false }),
        (Weight::Blocks, because) => Some(Questioning { seq, at, because, blocks: true }),
    }
}

/// The matrix as text: what quality reads and signs.
#[must_use]
pub fn matrix_lines() -> Vec<[&'static str; 3]> {
    MATRIX.iter().map(|(event, when, weight)| [*event, *when, weight.as_str()]).collect()
}
