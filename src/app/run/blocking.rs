//! What each exception of a run blocks now: gates, steps, release.

use crate::domain::clock::Instant;
use crate::domain::exception::Exception;
use crate::domain::run::Run;
use crate::domain::run::acts::closed::closed;
use crate::domain::run::acts::closed_because::ClosedBecause;
use crate::domain::run::acts::exception::{Standing, lets_go_on, standing};
use crate::domain::words::OnCritical;

/// What an exception blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocking {
    /// The exception.
    pub no: u32,
    /// Whether it still decides what may happen next.
    pub open: bool,
    /// Gates it keeps closed.
    pub gates: Vec<String>,
    /// What it blocks, one thing a line.
    pub blocks: Vec<String>,
}

/// What every exception of a run blocks at a moment.
#[must_use]
pub fn blocking(run: &Run, at: Instant) -> Vec<Blocking> {
    let gates: Vec<(&str, Vec<u32>)> = run
        .recipe
        .gates
        .iter()
        .map(|gate| (gate.id.as_str(), closers(run, &gate.id, at)))
        .collect();
    run.exceptions.iter().map(|exception| one(run, exception, &gates)).collect()
}

/// The exceptions that keep a gate closed.
fn closers(run: &Run, gate: &str, at: Instant) -> Vec<u32> {
    let reasons = closed(run, gate, at).into_iter();
    let of = |reason| match reason {
        ClosedBecause::ExceptionOpen { exception, .. }
        | ClosedBecause::FoundRunning { exception, .. } => Some(exception),
        _ => None,
    };
    reasons.filter_map(of).collect()
}

fn one(run: &Run, exception: &Exception, gates: &[(&str, Vec<u32>)]) -> Blocking {
    let opened = &exception.opened;
    let open = !lets_go_on(run, exception);
    let gates: Vec<String> = gates
        .iter()
        .filter(|(_, closers)| closers.contains(&opened.no))
        .map(|(gate, _)| (*gate).to_owned())
        .collect();
    let mut blocks: Vec<String> =
        gates.iter().map(|gate| format!("gate {gate} stays closed")).collect();
    if open {
        let step = opened.at.as_ref().and_then(|at| at.step.as_ref());
        match (opened.effect, step) {
            (OnCritical::Stop, Some(step)) => {
                blocks.push(format!("step {} may not begin", step.step));
            }
            (OnCritical::ToSafePoint, _) => {
                blocks
                    .push("nothing begins but on the way to the next safe point, and care".into());
            }
            _ => {}
        }
    }
    match standing(run, exception) {
        Standing::Untriaged => blocks.push("review and release wait for its triage".into()),
        Standing::InDeviation { closed: false, .. } => {
            blocks.push("release waits until its deviation is closed".into());
        }
        _ => {}
    }
    Blocking { no: opened.no, open, gates, blocks }
}
