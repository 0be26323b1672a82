//! May this be done now, and why not: an act in a file, with its orders, its events and their fold.
//!
//! Requests are refused when a rule forbids them. Reports are stored, then judged, and open
//! exceptions (ARCHITECTURE.md, principle 1). Every consequence is an event too.

pub mod abort;
pub mod absent;
pub mod access;
pub mod act;
pub mod addendum;
pub mod alarm;
pub mod amendment;
pub mod attempts;
pub mod automated;
pub mod awaited;
pub mod begun;
pub mod check;
pub mod check_lapse;
pub mod clearance;
pub mod closed;
pub mod closed_because;
pub mod complete;
pub mod computed;
pub mod condition;
pub mod correct;
pub mod derive;
pub mod emergency;
pub mod ending;
pub mod event;
pub mod evolve;
pub mod exception;
pub mod finish;
pub mod foreign;
pub mod gate;
pub mod handover;
pub mod happening;
pub mod hold;
pub mod issued;
pub mod judge;
pub mod lapse;
pub mod lapses;
pub mod late_gate;
pub mod linked;
pub mod look;
pub mod lot;
mod named;
pub mod notice;
pub mod operation;
pub mod order;
pub mod orders;
pub mod outcome;
pub mod overdue;
pub mod passage;
pub mod record;
pub mod recorded;
pub mod rendition;
pub mod report;
pub mod result;
pub mod review;
pub mod review_lapse;
pub mod risk;
pub mod rolling;
pub mod sample;
pub mod set_back;
pub mod skip;
pub mod source;
pub mod spot;
pub mod start;
pub mod stated;
pub mod story;
pub mod strike;
mod table;
pub mod taken_back;
#[cfg(test)]
mod tests;
pub mod time;
pub mod together;
pub mod told;
pub mod trail;
pub mod triage;
pub mod versions;
pub mod written;
pub mod yielded;

use super::Run;
use super::questions::Weight;
use super::time::kept::Bears;
use super::time::limit::Mark;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::exception::Opened;
use crate::domain::ids::PersonId;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::computed::Computed;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::floor::{Emergency, Happening};
use crate::domain::run::notice::Notice;
use crate::domain::run::parents::ForeignDecided;
use crate::domain::run::taken_back::TakenBack;
use event::{Described, Event, Moves, Part, described};
use lapses::Lapsing;
use orders::{Beside, Late, Order};
use serde::{Deserialize, Serialize};
use table::{acts, event_type};
use told::Told;
use versions::{Changed, Thing};
use written::Written;

// Every act on a run: its module, its orders, its events.
acts! {
    issued: => Issued;
    skip: SkipTest => TestSkipped;
    begun: => Started, OperationStarted, StepFoundRunning;
    start: StartStep => StepStarted;
    record: RecordEntry =>;
    recorded: => EntryRecorded, ImplausibleValueKept;
    attempts: ExplainAttempts => AttemptsExplained;
    strike: StrikeEntry => EntryStruck;
    look: LookOver => AttemptLookedAt;
    trail: RecordTrailPoint => TrailPointRecorded;
    absent: DeclareAbsent, DeclareStepNotPerformed => EntryAbsent, StepNotPerformed;
    correct: CorrectEntry, CorrectTime => EntryCorrected;
    computed: => EntryComputed = Box<Computed>;
    result: RecordDetermination, InvestigateResult =>
        DeterminationRecorded = Box<result::Determination>,
        DeterminationCorrected = Box<result::DeterminationCorrected>,
        ResultInvestigated = Box<result::Investigated>;
    check: CheckEntry, CheckStep => EntryChecked, StepChecked;
    check_lapse: => StepCheckLapsed;
    complete: CompleteStep => StepCompleted;
    taken_back: TakeBackStep => StepTakenBack = TakenBack;
    operation: CloseOperation, AcknowledgeAlerts => OperationClosed, AlertsAcknowledged;
    ending: EndOperation => OperationEnded;
    overdue: NoticeOverdue => OverdueNoticed;
    set_back: => ClockSetBack;
    exception: => ExceptionOpened = Opened;
    triage: DecideNotDeviation, DecideNotDeviations => ExceptionNotDeviation;
    linked: => ExceptionsToDeviation, DeviationChanged;
    gate: PassGate => GatePassed;
    late_gate: WaiveGate => GateWaived;
    risk: AcceptRisk, RatifyRisk => RiskAccepted, RiskRatified;
    hold: PlaceHold, LiftHold => HoldPlaced, HoldLifted;
    alarm: RaiseAlarm, AcknowledgeAlarm => AlarmRaised, AlarmAcknowledged;
    happening: ReportHappening => Happened = Happening;
    emergency: ActInEmergency, RatifyEmergency => EmergencyActed = Emergency, EmergencyRatified;
    handover: HandOver => HandedOver;
    amendment: ProposeAmendment, DecideAmendment =>
        AmendmentProposed = Box<amendment::AmendmentProposed>, AmendmentDecided;
    lot: YieldLot => LotYielded;
    outcome: => LotDecided, LotFoundToStand, ParentAdded, ParentRemoved;
    foreign: DecideForeignLots => ForeignLotDecided = ForeignDecided;
    finish: CompleteRun, CloseRun => Completed, Closed;
    review: ReviewRun => Reviewed;
    rolling: ReviewOperation => OperationReviewed;
    review_lapse: => ReviewLapsed, OperationReviewLapsed;
    addendum: => Addended;
    notice: RecordNotice => NoticeRecorded = Notice;
    abort: AbortRun, AbortAndWithdraw, RecordAftermath => Aborted, AftermathRecorded;
    rendition: => RenditionIssued;
}

/// Hands the doors of acts to another macro, line by line: orders that their address and their body say whole
/// (`api::addressed`). Who may, and what it leaves, is what quality reads.
// tidy: a table
macro_rules! doors {
    ($with:ident) => {
        $with! {
            execution {
                /// Start a step's occurrence.
                ///
                /// A request: refused when order, a hold, an exception or a gate forbids it; a witness signs where the
                /// master record asks for one before the step.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/start" makes start::StartStep, "the step's, by default execute" => "run.step-started";
                /// Complete a step's occurrence.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/completion" changes complete::CompleteStep, "the step's, by default execute; signed where significant" => "run.step-completed";
                /// Verify a completed occurrence: somebody who took no part in it.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/check" changes check::CheckStep, "the second person's, by default check; signed, no performer" => "run.step-checked";
                /// Declare an occurrence not performed: a supervisor, with reason and signature.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/not-performed" changes absent::DeclareStepNotPerformed, "supervise, signed" => "run.step-not-performed";
                /// Take back that an occurrence was found running: reported in error, by who reported it or a supervisor, checked
                /// by a second person in the same act. It stays listed, and its exception stays open.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/taking-back" changes taken_back::TakeBackStep, "who reported it, or supervise; signed, with a second person who took no part" => "run.step-taken-back";
                /// Close an operation's occurrence.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/closure" changes operation::CloseOperation, "supervise or execute, signed" => "run.operation-closed";
                /// Acknowledge the alerts of an operation's occurrence, once.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/alerts-acknowledgement" changes operation::AcknowledgeAlerts, "supervise or execute" => "run.alerts-acknowledged";
                /// Strike an entry that was recorded in error: it stays readable, crossed out, and the entry is open again.
                ///
                /// Never a determination. Its exceptions stay, marked as struck.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/striking" changes strike::StrikeEntry, "its author, checked by somebody else later; else supervise" => "run.entry-struck";
                /// Say why values were sent at an entry that do not count: a coded reason.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/attempts/explanation" makes attempts::ExplainAttempts, "their author; else supervise" => "run.attempts-explained";
                /// Look over what others typed: critical values, corrections, late entries, values sent and not confirmed.
                ///
                /// One signature lists them all; each is its own entry of the journal, and all are made or none.
                POST "/api/v1/batches/{number}/second-looks" makes look::LookOver, "check or review, test for results; signed, nobody who recorded or performed it" => "run.entry-checked or run.attempt-looked-at";
                /// Acknowledge an alarm, with a comment.
                POST "/api/v1/batches/{number}/alarms/{no}/acknowledgement" makes alarm::AcknowledgeAlarm, "supervise or execute" => "run.alarm-acknowledged";
                /// End an operation's occurrence early, or declare a partial harvest: a supervisor, signed.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/ending" changes ending::EndOperation, "supervise, signed" => "run.operation-ended";
                /// Hand the work over: what is computed is kept, and two people sign it.
                POST "/api/v1/batches/{number}/handovers" makes handover::HandOver, "execute, supervise, test or evaluate, signed, with a second person who may too" => "run.handed-over";
            }
            batches {
                /// Report an act in an emergency: done now, somebody on call notified, ratified by quality later.
                POST "/api/v1/batches/{number}/emergency-acts" makes emergency::ActInEmergency, "execute or supervise" => "run.emergency-acted";
                /// Propose a change of this batch alone: a redline of a step not yet begun, reprocessing, rework.
                POST "/api/v1/batches/{number}/amendments" makes amendment::ProposeAmendment, "supervise or evaluate, signed" => "run.amendment-proposed";
                /// Approve or refuse a change for production or for quality. With the second approval it is in force.
                POST "/api/v1/batches/{number}/amendments/{no}/decisions" changes amendment::DecideAmendment, "supervise or approve-master, signed; three persons, quality no part in the run" => "run.amendment-decided";
                /// Declare execution complete.
                POST "/api/v1/batches/{number}/completion" changes finish::CompleteRun, "supervise or execute, signed" => "run.completed";
                /// Review record and audit trail.
                POST "/api/v1/batches/{number}/review" changes review::ReviewRun, "review, signed, no part in the run" => "run.reviewed";
                /// Make the record final.
                POST "/api/v1/batches/{number}/closure" changes finish::CloseRun, "release or review, signed, no part in the run" => "run.closed";
                /// Record what was done after an abort.
                POST "/api/v1/batches/{number}/aftermath" makes abort::RecordAftermath, "execute, supervise, test or evaluate" => "run.aftermath-recorded";
            }
            quality {
                /// Ratify an emergency act, or do not uphold it: quality, never who acted.
                POST "/api/v1/batches/{number}/emergency-acts/{no}/ratification" changes emergency::RatifyEmergency, "triage, signed, no part in the run" => "run.emergency-ratified";
                /// Add a complaint, a notice or a decision to a batch, in whatever phase it is.
                POST "/api/v1/batches/{number}/notices" makes notice::RecordNotice, "review, triage, hold or release" => "run.notice-recorded";
                /// Decide that several exceptions are no deviations, each for its reason, under one signature that lists them.
                POST "/api/v1/batches/{number}/exceptions/triage" makes triage::DecideNotDeviations, "triage, signed, no part in the run; a critical one with another of quality" => "run.exception-not-deviation";
                /// Pass a gate.
                POST "/api/v1/batches/{number}/gates/{gate}/passage" changes gate::PassGate, "as the master record names, else supervise or execute; signed" => "run.gate-passed";
                /// Waive that a gate was not passed before what it guards began: quality, signed, with its reason.
                POST "/api/v1/batches/{number}/gates/{gate}/waiver" changes late_gate::WaiveGate, "triage, signed, no part in the run" => "run.gate-waived";
                /// Review a closed occurrence of an operation while the run goes on: quality, signed. Results that are pending
                /// are named; those that come and conform lapse nothing.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/review" changes rolling::ReviewOperation, "review, signed, no part in the run" => "run.operation-reviewed";
                /// Proceed at risk on a closed gate, for a limited time; quality ratifies before release.
                POST "/api/v1/batches/{number}/gates/{gate}/risk-acceptance" makes risk::AcceptRisk, "supervise, signed" => "run.risk-accepted";
                /// Ratify a risk that was taken; `index` counts the acceptances of the gate from 0.
                POST "/api/v1/batches/{number}/gates/{gate}/risk-acceptances/{index}/ratification" changes risk::RatifyRisk, "triage, signed, not who accepted" => "run.risk-ratified";
                /// Place a hold: needs no version, because stopping must never wait.
                POST "/api/v1/batches/{number}/holds" makes hold::PlaceHold, "hold or supervise" => "run.hold-placed";
                /// Lift a hold.
                POST "/api/v1/batches/{number}/holds/{no}/lifting" changes hold::LiftHold, "as the hold names" => "run.hold-lifted";
            }
        }
    };
}
pub(crate) use doors;

/// Decides an order to a run: first what ran out until now is noticed, then the order is decided on that,
/// and what it ended too early is noticed behind it, and at last the reviews lapse that its events lapse
/// ([`Event::lapses`]). A refused order leaves nothing, the notices neither.
///
/// # Errors
/// The rule that forbids, with what is missing and who can resolve it.
pub fn decide(
    run: &Run,
    facts: &RunFacts<'_>,
    command: &RunCommand,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let before = time::before(run, stamp);
    let now = before.as_ref().map_or(run, |before| &before.run);
    let ruling = command.decided(now, facts, stamp)?;
    let mut ruling = derive::follow(now, ruling, stamp);
    let short = time::too_short(now, &ruling, stamp);
    ruling.events.extend(short.into_iter().map(|event| (event, Vec::new())));
    if let Late::Addendum(reason) = command.late() {
        ruling = addendum::marked(now, ruling, command.name(), reason.or(facts.reason));
    }
    let mut ruling = lapse::follow(now, ruling);
    if let Some(before) = before {
        let notices = before.events.into_iter().map(|event| (event, Vec::new()));
        ruling.events.splice(0..0, notices);
    }
    debug_assert!(undeclared(&ruling).is_none(), "{:?}", undeclared(&ruling));
    Ok(ruling)
}

/// An exception that opens as its kind never does: the published matrix would be wrong.
fn undeclared(ruling: &Ruling<RunEvent>) -> Option<&RunEvent> {
    let is_undeclared = |event: &&RunEvent| matches!(event, RunEvent::ExceptionOpened(opened) if opened.ways().next().is_none());
    ruling.events.iter().map(|(event, _)| event).find(is_undeclared)
}
