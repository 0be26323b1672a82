//! May this be done now, and why not: one file per family of acts.
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
pub mod automated;
pub mod awaited;
pub mod check;
pub mod clearance;
pub mod closed;
pub mod closed_because;
pub mod complete;
pub mod condition;
pub mod correct;
pub mod derive;
pub mod emergency;
pub mod ending;
pub mod exception;
pub mod finish;
pub mod foreign;
pub mod gate;
pub mod handover;
pub mod happening;
pub mod hold;
pub mod issue;
pub mod judge;
pub mod late_gate;
pub mod living;
pub mod lot;
pub mod notice;
pub mod operation;
pub mod order;
pub mod passage;
pub mod quality;
pub mod record;
pub mod report;
pub mod result;
pub mod review;
pub mod rolling;
pub mod sample;
pub mod skip;
pub mod source;
pub mod spot;
pub mod start;
pub mod story;
pub mod taken_back;
pub mod time;
pub mod trail;
pub mod triage;
pub mod yielded;

use super::command::RunCommand;
use super::event::RunEvent;
use super::{Run, lapse};
use crate::domain::command::Stamp;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::facts::RunFacts;

/// Decides an order to a run: first what ran out until now is noticed, then the order is decided on that,
/// and what it ended too early is noticed behind it, and at last the reviews lapse that its events lapse
/// ([`lapse::lapses`]). A refused order leaves nothing, the notices neither.
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
    let ruling = ordered(now, facts, command, stamp)?;
    let mut ruling = derive::follow(now, ruling, stamp);
    let short = time::too_short(now, &ruling, stamp);
    ruling.events.extend(short.into_iter().map(|event| (event, Vec::new())));
    if let Some((what, reason)) = addendum::fact(command) {
        ruling = addendum::marked(now, ruling, what, reason.or(facts.reason));
    }
    let mut ruling = lapse::follow(now, ruling);
    if let Some(before) = before {
        let notices = before.events.into_iter().map(|event| (event, Vec::new()));
        ruling.events.splice(0..0, notices);
    }
    Ok(ruling)
}

/// Which rule answers which order.
fn ordered(
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
        _ => living::decide(run, facts, command, stamp),
    }
}
