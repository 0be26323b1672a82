//! May this be done now, and why not: one file per family of acts.
//!
//! Requests are refused when a rule forbids them. Reports are stored, then judged, and open
//! exceptions (ARCHITECTURE.md, principle 1). Every consequence is an event too.

pub mod abort;
pub mod absent;
pub mod access;
pub mod act;
pub mod check;
pub mod complete;
pub mod correct;
pub mod exception;
pub mod finish;
pub mod gate;
pub mod hold;
pub mod issue;
pub mod judge;
pub mod lot;
pub mod operation;
pub mod order;
pub mod quality;
pub mod record;
pub mod review;
pub mod spot;
pub mod start;
pub mod story;
pub mod trail;

use super::Run;
use super::command::RunCommand;
use super::event::RunEvent;
use crate::domain::command::Stamp;
use crate::domain::deviation::Deviation;
use crate::domain::lot::Lot;
use crate::domain::person::Person;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::site::Site;

/// What a run's rules know from other records.
#[derive(Debug, Clone, Copy)]
pub struct RunFacts<'a> {
    /// The site: roles in force.
    pub site: &'a Site,
    /// The session's person.
    pub actor: &'a Person,
    /// The second person of the act, if somebody gave credentials as one.
    pub second: Option<&'a Person>,
    /// Who did what a scribe records: loaded by the user name of the basis.
    pub performer: Option<&'a Person>,
    /// Deviations linked to the run.
    pub deviations: &'a [&'a Deviation],
    /// Lots of the run.
    pub lots: &'a [&'a Lot],
}

impl<'a> RunFacts<'a> {
    /// The facts most orders need: the site and who acts, with whom.
    #[must_use]
    pub fn new(site: &'a Site, actor: &'a Person, second: Option<&'a Person>) -> Self {
        Self { site, actor, second, performer: None, deviations: &[], lots: &[] }
    }
}

/// Decides an order to a run.
///
/// # Errors
/// The rule that forbids, with what is missing and who can resolve it.
pub fn decide(
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
            let report = record::Report {
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
        RunCommand::CorrectEntry { at, input, reason, slip, expected } => {
            let correction = correct::Correction {
                at,
                input,
                reason: reason.as_deref(),
                slip: *slip,
                expected: *expected,
            };
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
        RunCommand::CloseOperation { operation, expected } => {
            operation::close(run, facts, operation, *expected, stamp)
        }
        RunCommand::AcknowledgeAlerts { operation, comment } => {
            operation::acknowledge(run, facts, operation, comment)
        }
        RunCommand::ReportEvent { step, what } => {
            operation::report_event(run, facts, step.as_ref(), what)
        }
        _ => quality::decide(run, facts, command, stamp),
    }
}
