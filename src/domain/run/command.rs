//! Orders to a run. *Requests* may be refused; *reports* are stored, then judged (principle 1).

use super::amendment::Change;
use super::floor::EndingKind;
use super::notice::NoticeKind;
use super::parents::ForeignDecided;
use super::testing::InvestigationStep;
use crate::domain::clock::Instant;
use crate::domain::entry::Input;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::quantity::Quantity;
use crate::domain::words::{Absence, AlarmPriority, Basis, Enclosure, EntryKey, HoldScope, Place};

/// A run's commands. `expected` is the If-Match version of the smallest thing changed.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields say what the variant's line says")]
pub enum RunCommand {
    /// Request by quality, before the first act: the batch does not owe a test.
    SkipTest { entry: String, document: String, reason: String },
    /// Request: start a step's occurrence.
    StartStep { step: StepKey, expected: Option<u64> },
    /// Report: a value.
    RecordEntry {
        at: EntryKey,
        input: Input,
        performed_at: Option<Instant>,
        basis: Basis,
        reason: Option<String>,
        /// The person has seen that the value is implausible and means it.
        confirmed: bool,
    },
    /// Report: a reading or addition on the way to a target.
    RecordTrailPoint { at: EntryKey, kind: String, input: Input },
    /// Report: no value, and why (mandatory + not performed/available: supervisor signs).
    DeclareAbsent { at: EntryKey, absence: Absence, reason: String },
    /// Report: a new version of a value.
    CorrectEntry {
        at: EntryKey,
        input: Input,
        reason: Option<String>,
        slip: bool,
        /// The person has seen that the value is implausible and means it.
        confirmed: bool,
        expected: Option<u64>,
    },
    /// Report: a new version of a value that corrects when it was done; the value may stay.
    CorrectTime {
        at: EntryKey,
        input: Input,
        performed_at: Instant,
        reason: Option<String>,
        /// The person has seen that the value is implausible and means it.
        confirmed: bool,
        expected: Option<u64>,
    },
    /// Request: check a version of an entry.
    CheckEntry { at: EntryKey, expected: Option<u64> },
    /// Request: complete a step's occurrence.
    CompleteStep { step: StepKey, expected: Option<u64> },
    /// Request: verify a completed occurrence.
    CheckStep { step: StepKey, expected: Option<u64> },
    /// Report by a supervisor: a mandatory occurrence was not performed.
    DeclareStepNotPerformed { step: StepKey, reason: String },
    /// Request: take back that an occurrence was found running, reported in error.
    TakeBackStep { step: StepKey, reason: String },
    /// Request: close an operation's occurrence.
    CloseOperation { operation: OperationKey, expected: Option<u64> },
    /// Acknowledge the alerts of an operation's occurrence.
    AcknowledgeAlerts { operation: OperationKey, comment: String },
    /// QA: an exception is not a deviation.
    DecideNotDeviation { exception: u32, rationale: String },
    /// Request: proceed at risk on a closed gate.
    AcceptRisk { gate: String, reason: String, minutes: u32 },
    /// QA: ratify a risk.
    RatifyRisk { gate: String, index: u32, conclusion: String },
    /// Request: pass a gate.
    PassGate { gate: String },
    /// Request (QA): waive that a gate was not passed before what it guards began.
    WaiveGate { gate: String, reason: String },
    /// Request (QA): review a closed occurrence of an operation while the run goes on.
    ReviewOperation { operation: OperationKey, conclusion: String },
    /// Place a hold (needs no version).
    PlaceHold { scope: HoldScope, reason: String },
    /// Request: lift a hold.
    LiftHold { no: u32, reason: String, expected: Option<u64> },
    /// Report: an output lot came out.
    YieldLot {
        number: String,
        material: String,
        /// Id of the output, where the material alone does not say it.
        output: Option<String>,
        quantity: Quantity,
        parents: Vec<String>,
    },
    /// Request (QA): accept or refuse lots of others that went in.
    DecideForeignLots { lots: Vec<ForeignDecided> },
    /// Request: declare execution complete.
    Complete { expected: Option<u64> },
    /// Request (QA): review record and audit trail.
    Review { conclusion: String, expected: Option<u64> },
    /// Request (QA): make the record final.
    Close {},
    /// Stop for good.
    Abort { reason: String },
    /// Stop for good, and withdraw every lot of the run that is released: by quality, in one act.
    AbortAndWithdraw { reason: String, withdraw: Vec<String> },
    /// Report (quality): a complaint, a notice, a decision, in whatever phase.
    RecordNotice { kind: NoticeKind, text: String },
    /// Report: something done after an abort.
    RecordAftermath { kind: String, text: String },
    /// The system (or anybody): notice what ran out.
    NoticeOverdue {},
    /// Report: a determination of a laboratory result.
    RecordDetermination {
        at: EntryKey,
        input: Input,
        performed_at: Option<Instant>,
        basis: Basis,
        reason: Option<String>,
    },
    /// Request: a step of an out-of-specification investigation.
    InvestigateResult {
        at: EntryKey,
        /// The lot whose result it is, where the determinations name one.
        of: Option<String>,
        step: InvestigationStep,
    },
    /// Report: an alarm.
    RaiseAlarm {
        at: Option<EntryKey>,
        tag: String,
        priority: AlarmPriority,
        text: String,
        raised_at: Option<Instant>,
        /// The device whose own text comes beside it.
        device: Option<String>,
    },
    /// Request: acknowledge an alarm.
    AcknowledgeAlarm { no: u32, comment: String },
    /// Report: something happened without a step for it.
    ReportHappening { place: Place, what: String, enclosures: Vec<Enclosure> },
    /// Report: an emergency act.
    ActInEmergency {
        operation: Option<OperationKey>,
        what: String,
        reason: String,
        notified: String,
        ratify_within_hours: Option<u32>,
    },
    /// Request: ratify an emergency act.
    RatifyEmergency { no: u32, upheld: bool, conclusion: String },
    /// Request: end an operation early, or harvest in part.
    EndOperation { operation: OperationKey, kind: EndingKind, reason: String },
    /// Request: hand the work over; the second person takes it.
    HandOver { remark: String },
    /// Request: propose a one-batch change.
    ProposeAmendment { change: Change, reason: String, assessment: String },
    /// Request: approve or refuse a one-batch change for one side.
    DecideAmendment { no: u32, approved: bool, conclusion: String },
}
