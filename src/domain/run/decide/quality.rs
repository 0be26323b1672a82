//! Which rule answers which order of the quality half.

#[cfg(test)]
mod tests;

use super::{abort, finish, foreign, gate, hold, late_gate, lot, notice, review, rolling};
use crate::domain::command::Stamp;
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::command::RunCommand;
use crate::domain::run::decide::triage;
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;

/// Decides an order of the quality half: holds, gates, exceptions, review, the end. Of an output
/// lot only what the run's chain says; the lot's own record comes from [`lot::yield_lot`].
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
            let id = stamp
                .ids
                .first()
                .ok_or_else(|| Refusal::new(&MALFORMED, "no identity was given for the new lot"))?;
            let new = lot::NewLot {
                record: RecordKey::new(RecordKind::Lot, *id),
                number,
                number_taken: facts.lots.iter().any(|lot| lot.number == *number),
                material,
                output: output.as_deref(),
                quantity,
                parents,
            };
            lot::yield_lot(run, facts, &new, stamp).map(|ruling| ruling.on_run)
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
        other => Err(Refusal::new(&MALFORMED, format!("{other:?} is an order of execution"))),
    }
}
