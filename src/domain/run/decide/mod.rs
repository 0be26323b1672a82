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
pub mod judge;
pub mod late_gate;
pub mod lot;
pub mod notice;
pub mod operation;
pub mod order;
pub mod ordered;
pub mod passage;
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
    let ruling = ordered::ordered(now, facts, command, stamp)?;
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
