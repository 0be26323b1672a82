//! What was written down of a run. Names and shapes are frozen once released; `evolve` accepts every
//! released version for ever.

// tidy: a table

use crate::domain::clock::Instant;
use crate::domain::entry::EntryValue;
use crate::domain::exception::Opened;
use crate::domain::ids::{OperationKey, PersonId, RecordKey, StepKey};
use crate::domain::limits::Verdict;
use crate::domain::policy::Authority;
use crate::domain::quantity::Quantity;
use crate::domain::recipe::{OutputClass, RunPurpose};
use serde::{Deserialize, Serialize};

pub use super::amendment::{AmendmentDecided, AmendmentProposed};
pub use super::computed::Computed;
pub use super::floor::{
    AlarmAcknowledged, AlarmRaised, Emergency, EmergencyRatified, HandedOver, Happening,
    OperationEnded,
};
pub use super::notice::{Addended, LotFoundToStand, Notice};
pub use super::operation_review::{OperationReviewLapsed, OperationReviewed};
pub use super::parents::{ForeignDecided, ParentAdded, ParentRemoved};
pub use super::reading::ReadingSource;
pub use super::taken_back::TakenBack;
pub use super::testing::{Determination, DeterminationCorrected, Investigated, TestSkipped};
pub use super::timing::OverdueNoticed;
pub use crate::domain::words::{Absence, Basis, EntryKey, HoldScope, MasterRef};

/// Events of a run; the header's name is `run.` and the kebab-case variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data", rename_all = "kebab-case")]
pub enum RunEvent {
    /// Issued from an effective master record.
    Issued {
        /// Batch number.
        number: String,
        /// Issue number of the site.
        issue_no: u64,
        /// Purpose.
        purpose: RunPurpose,
        /// The frozen master.
        master: MasterRef,
        /// Product code.
        product: String,
    },
    /// Quality decided, before the first act, that the batch does not owe a test.
    TestSkipped(TestSkipped),
    /// The first act of execution.
    Started {},
    /// The first act of an operation's occurrence.
    OperationStarted {
        /// Which.
        operation: OperationKey,
    },
    /// A step's occurrence started with permission.
    StepStarted {
        /// Which.
        step: StepKey,
        /// Open exceptions under which it goes on.
        under_exceptions: Vec<u32>,
        /// The second person acted under quality oversight, which is no part in the work.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        oversight: bool,
    },
    /// A report came for an occurrence that was not started.
    StepFoundRunning {
        /// Which.
        step: StepKey,
        /// The exception that says so.
        exception: u32,
    },
    /// A value was recorded for the first time.
    EntryRecorded {
        /// Where.
        at: EntryKey,
        /// The value.
        value: EntryValue,
        /// The input as sent, canonical JSON.
        raw: String,
        /// Verdicts.
        verdicts: Vec<Verdict>,
        /// Performed at, where declared.
        performed_at: Option<Instant>,
        /// Basis.
        basis: Basis,
        /// The device it came from, with its own text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<ReadingSource>,
        /// Who did it, where a scribe recorded it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        performer: Option<PersonId>,
        /// Reason given (late entry, confirmation of an implausible value).
        reason: Option<String>,
        /// Open exceptions under which it was recorded.
        under_exceptions: Vec<u32>,
        /// Whether it owes a check by a second person.
        check_owed: bool,
        /// Exceptions it opened.
        exceptions: Vec<u32>,
    },
    /// An implausible value came and confirmation was asked: the attempt stays.
    ImplausibleValueKept {
        /// Where.
        at: EntryKey,
        /// The input as sent, canonical JSON.
        raw: String,
        /// As people read it.
        shown: String,
        /// Verdicts.
        verdicts: Vec<Verdict>,
    },
    /// A reading or addition on the way to a target.
    TrailPointRecorded {
        /// Where.
        at: EntryKey,
        /// `reading` or `addition`.
        kind: String,
        /// The value in canonical form.
        data: serde_json::Value,
        /// As people read it.
        shown: String,
    },
    /// No value, and why.
    EntryAbsent {
        /// Where.
        at: EntryKey,
        /// Which of the three.
        absence: Absence,
        /// Why.
        reason: String,
        /// Exceptions it opened.
        exceptions: Vec<u32>,
    },
    /// A value was replaced by a new version; the old one stays.
    EntryCorrected {
        /// Where.
        at: EntryKey,
        /// The new version's number.
        version: u32,
        /// What stood there before, as people read it (who reads the entry alone sees both).
        #[serde(default)]
        old: String,
        /// The new value.
        value: EntryValue,
        /// The input as sent.
        raw: String,
        /// Verdicts on the new value.
        verdicts: Vec<Verdict>,
        /// Why.
        reason: String,
        /// A slip: within 60 s, unsigned, unused.
        slip: bool,
        /// When it was done, where this corrects that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        performed_at: Option<Instant>,
        /// Acts already done on the old value: executed on a superseded value.
        superseded_uses: Vec<String>,
        /// Whether the new version owes a check.
        check_owed: bool,
        /// Exceptions it opened.
        exceptions: Vec<u32>,
    },
    /// A second person checked a version.
    EntryChecked {
        /// Where.
        at: EntryKey,
        /// Which version.
        version: u32,
        /// Of a computed value: that it was computed again from the stored inputs and agreed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recomputed: Option<String>,
        /// The checker acted under quality oversight, which is no part in the work.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        oversight: bool,
    },
    /// A step's occurrence is complete.
    StepCompleted {
        /// Which.
        step: StepKey,
        /// The second person acted under quality oversight, which is no part in the work.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        oversight: bool,
    },
    /// A second person verified a completed occurrence.
    StepChecked {
        /// Which.
        step: StepKey,
        /// The checker acted under quality oversight, which is no part in the work.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        oversight: bool,
    },
    /// A supervisor declared a step's occurrence not performed.
    StepNotPerformed {
        /// Which.
        step: StepKey,
        /// Why.
        reason: String,
        /// The exception it opened.
        exception: u32,
    },
    /// That a step's occurrence was found running was taken back.
    StepTakenBack(TakenBack),
    /// A check lapsed because what it covered changed.
    StepCheckLapsed {
        /// Which.
        step: StepKey,
        /// Why.
        cause: String,
    },
    /// An operation's occurrence was closed.
    OperationClosed {
        /// Which.
        operation: OperationKey,
    },
    /// Alerts of an operation's occurrence were acknowledged.
    AlertsAcknowledged {
        /// Which.
        operation: OperationKey,
        /// Comment.
        comment: String,
    },
    /// An exception opened.
    ExceptionOpened(Opened),
    /// An exception was decided not to be a deviation.
    ExceptionNotDeviation {
        /// Which.
        exception: u32,
        /// Why.
        rationale: String,
    },
    /// Exceptions became a deviation, or joined one.
    ExceptionsToDeviation {
        /// Which.
        exceptions: Vec<u32>,
        /// The deviation's number.
        deviation: String,
        /// Its record.
        record: RecordKey,
    },
    /// A linked deviation changed: impact concluded, closed, reopened.
    DeviationChanged {
        /// Number.
        deviation: String,
        /// What happened there.
        what: String,
        /// Whether its impact conclusion lets the process go on.
        impact_concluded: bool,
        /// Whether it is closed.
        closed: bool,
    },
    /// A supervisor proceeds at risk.
    RiskAccepted {
        /// Which gate.
        gate: String,
        /// Exceptions covered.
        exceptions: Vec<u32>,
        /// Why.
        reason: String,
        /// Until when.
        until: Instant,
    },
    /// QA ratified a risk (by its index on the gate).
    RiskRatified {
        /// Which gate.
        gate: String,
        /// Which acceptance, from 0.
        index: u32,
        /// Conclusion.
        conclusion: String,
    },
    /// A gate was passed.
    GatePassed {
        /// Which.
        gate: String,
        /// The operation occurrences in which it lets pass what it guards.
        serves: Vec<OperationKey>,
        /// The quality unit let it pass: oversight is no part in the work.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        oversight: bool,
    },
    /// Quality waived that a gate was not passed before what it guards began.
    GateWaived {
        /// Which.
        gate: String,
        /// The occurrences of which that is so.
        steps: Vec<StepKey>,
        /// Why.
        reason: String,
    },
    /// A hold was placed.
    HoldPlaced {
        /// From 1.
        no: u32,
        /// What it covers.
        scope: HoldScope,
        /// Why.
        reason: String,
        /// Which authority may lift it.
        lifted_by_authority: Authority,
    },
    /// A hold was lifted.
    HoldLifted {
        /// Which.
        no: u32,
        /// Why.
        reason: String,
        /// Quality decided it: oversight is no part in the work.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        oversight: bool,
    },
    /// An output lot came out.
    LotYielded {
        /// Its record.
        record: RecordKey,
        /// Its number.
        number: String,
        /// Which output of the master record it is.
        output: String,
        /// Product, side product or waste.
        class: OutputClass,
        /// Material.
        material: String,
        /// Quantity.
        quantity: Quantity,
        /// Lots that went in, as named at yielding.
        parents: Vec<String>,
    },
    /// A parent of a lot was named later.
    ParentAdded(ParentAdded),
    /// Quality took a parent of a lot away.
    ParentRemoved(ParentRemoved),
    /// Quality accepted or refused a lot of somebody else's that went in.
    ForeignLotDecided(ForeignDecided),
    /// Execution was declared complete.
    Completed {},
    /// Quality reviewed record and audit trail.
    Reviewed {
        /// Up to which entry.
        covers_seq: u64,
        /// Conclusion.
        conclusion: String,
    },
    /// Quality reviewed a closed occurrence of an operation while the run goes on.
    OperationReviewed(OperationReviewed),
    /// The review of an operation's occurrence lapsed.
    OperationReviewLapsed(OperationReviewLapsed),
    /// The standing review lapsed because something changed.
    ReviewLapsed {
        /// Why.
        cause: String,
    },
    /// A lot of this run was decided.
    LotDecided {
        /// Lot number.
        lot: String,
        /// `released`, `rejected`, `withdrawn`, `quarantined`.
        disposition: String,
        /// Sequence of the decision in the lot's chain.
        lot_seq: u64,
    },
    /// Quality decided that a lot of this run in question stands.
    LotFoundToStand(LotFoundToStand),
    /// The record is final.
    Closed {},
    /// Facts were added to the final record.
    Addended(Addended),
    /// Quality added a complaint, a notice or a decision.
    NoticeRecorded(Notice),
    /// Stopped for good.
    Aborted {
        /// Why.
        reason: String,
        /// Quality decided it: oversight is no part in the work.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        oversight: bool,
    },
    /// Something done after an abort.
    AftermathRecorded {
        /// `sample`, `destruction` or `decontamination`.
        kind: String,
        /// What was done.
        text: String,
    },
    /// A rendition was issued.
    RenditionIssued {
        /// From 1.
        no: u32,
        /// SHA-256 of the PDF, hex.
        blob: String,
        /// Size.
        bytes: u64,
        /// Sequence it shows.
        covers_seq: u64,
    },
    /// The server computed a value.
    EntryComputed(Box<Computed>),
    /// A limit of time ran out.
    OverdueNoticed(OverdueNoticed),
    /// A determination of a laboratory result.
    DeterminationRecorded(Box<Determination>),
    /// A determination was corrected: what is worse counts at once, what is better is claimed.
    DeterminationCorrected(Box<DeterminationCorrected>),
    /// A step of an out-of-specification investigation.
    ResultInvestigated(Box<Investigated>),
    /// An alarm came.
    AlarmRaised(AlarmRaised),
    /// An alarm was acknowledged.
    AlarmAcknowledged(AlarmAcknowledged),
    /// Something happened without a step for it.
    Happened(Happening),
    /// An emergency act was done.
    EmergencyActed(Emergency),
    /// An emergency act was ratified.
    EmergencyRatified(EmergencyRatified),
    /// An operation was ended early or harvested in part.
    OperationEnded(OperationEnded),
    /// The work was handed over.
    HandedOver(HandedOver),
    /// A one-batch change was proposed.
    AmendmentProposed(Box<AmendmentProposed>),
    /// One side decided on a change.
    AmendmentDecided(AmendmentDecided),
}
