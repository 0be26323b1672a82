//! Which rule answers which order of a living process: results, alarms, events, emergencies, handovers,
//! one-batch changes, limits of time.

use super::{
    alarm, amendment, emergency, ending, handover, happening, quality, result, skip, time,
};
use crate::domain::command::Stamp;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::command::RunCommand;
use crate::domain::run::decide::report;
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;

/// Decides an order of the living half.
///
/// # Errors
/// The rule that forbids.
pub fn decide(
    run: &Run,
    facts: &RunFacts<'_>,
    command: &RunCommand,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    match command {
        RunCommand::NoticeOverdue {} => Ok(time::notice(run, stamp)),
        RunCommand::RecordDetermination { at, input, performed_at, basis, reason } => {
            let report = report::Report {
                at,
                input,
                performed_at: *performed_at,
                basis,
                reason: reason.as_deref(),
                confirmed: true,
            };
            result::determine(run, facts, &report, stamp)
        }
        RunCommand::InvestigateResult { at, of, step } => {
            result::investigate(run, facts, at, of.as_deref(), step, stamp)
        }
        RunCommand::SkipTest { entry, document, reason } => {
            skip::skip(run, facts, entry, document, reason, stamp)
        }
        RunCommand::RaiseAlarm { at, tag, priority, text, raised_at, device } => {
            let told = report::Told {
                at: at.as_ref(),
                tag,
                priority: *priority,
                text,
                raised_at: *raised_at,
                device: device.as_deref(),
            };
            alarm::raise(run, facts, &told, stamp)
        }
        RunCommand::AcknowledgeAlarm { no, comment } => {
            alarm::acknowledge(run, facts, *no, comment)
        }
        RunCommand::ReportHappening { place, what, enclosures } => {
            happening::report(run, facts, place, what, enclosures)
        }
        RunCommand::ActInEmergency { operation, what, reason, notified, ratify_within_hours } => {
            let told = emergency::Told {
                operation: operation.as_ref(),
                what,
                reason,
                notified,
                ratify_within_hours: *ratify_within_hours,
            };
            emergency::act(run, facts, &told, stamp)
        }
        RunCommand::RatifyEmergency { no, upheld, conclusion } => {
            emergency::ratify(run, facts, *no, *upheld, conclusion, stamp)
        }
        RunCommand::EndOperation { operation, kind, reason } => {
            ending::end(run, facts, operation, *kind, reason, stamp)
        }
        RunCommand::HandOver { remark } => handover::hand_over(run, facts, remark, stamp),
        RunCommand::ProposeAmendment { change, reason, assessment } => {
            amendment::propose(run, facts, change, reason, assessment, stamp)
        }
        RunCommand::DecideAmendment { no, approved, conclusion } => {
            amendment::decide(run, facts, *no, *approved, conclusion, stamp)
        }
        _ => quality::decide(run, facts, command, stamp),
    }
}
