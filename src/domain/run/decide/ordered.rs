//! Which rule answers which order.

use super::{
    abort, absent, alarm, amendment, check, complete, correct, emergency, ending, finish, foreign,
    gate, handover, happening, hold, late_gate, lot, notice, operation, record, report, result,
    review, rolling, skip, start, taken_back, time, trail, triage,
};
use crate::domain::command::Stamp;
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::quantity::Quantity;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::command::RunCommand;
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;

#[cfg(test)]
mod tests;

/// Decides an order on a run of which everything that ran out is noticed. Of an output lot only what the
/// run's chain says; the lot's own record comes from [`lot::yield_lot`].
///
/// # Errors
/// The rule that forbids.
// tidy: one exhaustive match
pub fn ordered(
    run: &Run,
    facts: &RunFacts<'_>,
    command: &RunCommand,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    match command {
        RunCommand::StartStep { step, expected } => {
            start::start(run, facts, step, *expected, stamp)
        }
        RunCommand::RecordEntry { at, input, performed_at, basis, reason, confirmed } => {
            let report = report::Report {
                at,
                input,
                performed_at: *performed_at,
                basis,
                reason: reason.as_deref(),
                confirmed: *confirmed,
            };
            record::record(run, facts, &report, stamp)
        }
        RunCommand::RecordTrailPoint { at, kind, input } => {
            trail::record_point(run, facts, at, kind, input, stamp)
        }
        RunCommand::DeclareAbsent { at, absence, reason } => {
            absent::declare(run, facts, at, *absence, reason, stamp)
        }
        RunCommand::CorrectEntry { at, input, reason, slip, confirmed, expected } => {
            let correction = report::Correction {
                at,
                input,
                performed_at: None,
                reason: reason.as_deref(),
                slip: *slip,
                confirmed: *confirmed,
                expected: *expected,
            };
            correct::correct(run, facts, &correction, stamp)
        }
        RunCommand::CorrectTime { at, input, performed_at, reason, confirmed, expected } => {
            let value = (at, input, reason.as_deref());
            let correction =
                report::Correction::of_time(value, *performed_at, *confirmed, *expected);
            correct::correct(run, facts, &correction, stamp)
        }
        RunCommand::CheckEntry { at, expected } => {
            check::check_entry(run, facts, at, *expected, stamp)
        }
        RunCommand::CompleteStep { step, expected } => {
            complete::complete_step(run, facts, step, *expected, stamp)
        }
        RunCommand::CheckStep { step, expected } => {
            check::check_step(run, facts, step, *expected, stamp)
        }
        RunCommand::DeclareStepNotPerformed { step, reason } => {
            absent::declare_step(run, facts, step, reason, stamp)
        }
        RunCommand::TakeBackStep { step, reason } => {
            taken_back::take_back(run, facts, step, reason, stamp)
        }
        RunCommand::CloseOperation { operation, expected } => {
            operation::close(run, facts, operation, *expected, stamp)
        }
        RunCommand::AcknowledgeAlerts { operation, comment } => {
            operation::acknowledge(run, facts, operation, comment)
        }
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
        RunCommand::DecideNotDeviation { exception, rationale } => {
            triage::decide_not_deviation(run, facts, *exception, rationale, stamp)
        }
        RunCommand::AcceptRisk { gate, reason, minutes } => {
            gate::accept_risk(run, facts, gate, reason, *minutes, stamp)
        }
        RunCommand::RatifyRisk { gate, index, conclusion } => {
            gate::ratify_risk(run, facts, gate, *index, conclusion, stamp)
        }
        RunCommand::WaiveGate { gate, reason } => late_gate::waive(run, facts, gate, reason, stamp),
        RunCommand::ReviewOperation { operation, conclusion } => {
            rolling::review(run, facts, operation, conclusion, stamp)
        }
        RunCommand::PassGate { gate } => gate::pass(run, facts, gate, stamp),
        RunCommand::PlaceHold { scope, reason } => hold::place(run, facts, scope, reason, stamp),
        RunCommand::LiftHold { no, reason, expected } => {
            hold::lift(run, facts, *no, reason, *expected, stamp)
        }
        RunCommand::YieldLot { number, material, output, quantity, parents } => {
            let told = Yielded { number, material, output: output.as_deref(), quantity, parents };
            told.decide(run, facts, stamp)
        }
        RunCommand::DecideForeignLots { lots } => foreign::decide(run, facts, lots, stamp),
        RunCommand::Complete { expected } => finish::complete(run, facts, *expected, stamp),
        RunCommand::Review { conclusion, expected } => {
            review::review(run, facts, conclusion, *expected, stamp)
        }
        RunCommand::Close {} => finish::close(run, facts, stamp),
        RunCommand::Abort { reason } => abort::abort(run, facts, reason, &[], stamp),
        RunCommand::AbortAndWithdraw { reason, withdraw } => {
            abort::abort(run, facts, reason, withdraw, stamp)
        }
        RunCommand::RecordNotice { kind, text } => notice::record(run, facts, *kind, text),
        RunCommand::RecordAftermath { kind, text } => {
            abort::record_aftermath(run, facts, kind, text, stamp)
        }
    }
}

/// A lot that comes out, as told.
struct Yielded<'a> {
    number: &'a str,
    material: &'a str,
    output: Option<&'a str>,
    quantity: &'a Quantity,
    parents: &'a [String],
}

impl Yielded<'_> {
    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let Self { number, material, output, quantity, parents } = *self;
        let id = stamp
            .ids
            .first()
            .ok_or_else(|| Refusal::new(&MALFORMED, "no identity was given for the new lot"))?;
        let new = lot::NewLot {
            record: RecordKey::new(RecordKind::Lot, *id),
            number,
            number_taken: facts.lots.iter().any(|lot| lot.number == number),
            material,
            output,
            quantity,
            parents,
        };
        lot::yield_lot(run, facts, &new, stamp)
    }
}
