//! Which acts can come next in a run, and what the rules say to each at a moment.

use super::Verdict;
use crate::domain::clock::Instant;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::policy::Authority;
use crate::domain::recipe::Gate;
use crate::domain::refusal::Refusal;
use crate::domain::run::acts::{
    access, act, complete, finish, gate, hold, operation, order, report, start,
};
use crate::domain::run::obligations::ObligationFacts;
use crate::domain::run::refusal::OPERATION_UNFINISHED;
use crate::domain::run::{Phase, Run, StepPhase};
use serde::{Deserialize, Serialize};

/// Acts that are looked ahead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Start a step's occurrence, or any step of an operation's next occurrence.
    Start,
    /// Complete a step's occurrence.
    Complete,
    /// Close an operation's occurrence.
    Close,
    /// Pass a gate.
    Pass,
    /// Declare execution complete.
    CompleteRun,
}

/// An act at its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Candidate {
    /// Any step of the next occurrence of an operation that may not begin yet.
    Begin(OperationKey),
    /// The next occurrence of a step.
    Start(StepKey),
    /// An occurrence that goes on.
    Complete(StepKey),
    /// An operation's occurrence that goes on.
    Close(OperationKey),
    /// A gate, by id.
    Pass(String),
    /// The run.
    CompleteRun,
}

/// Every act that can or must come next, in the order of the process.
pub(super) fn candidates(run: &Run) -> Vec<Candidate> {
    let mut list = Vec::new();
    for operation in run.recipe.operations() {
        let going = run
            .operations
            .iter()
            .filter(|(key, state)| key.op == operation.id && state.closed.is_none());
        for (key, _) in going {
            steps(run, key, &mut list);
            list.push(Candidate::Close(key.clone()));
        }
        let n = order::next_operation(run, &operation.id);
        let next = OperationKey { op: operation.id.clone(), n };
        if operation.order.occurs().max.is_some_and(|max| n > max) {
            continue;
        }
        // After an abort each step answers for itself: care goes on, nothing else begins.
        let each = run.phase == Phase::Aborted;
        if each || order::operation_may_begin(run, &next).is_empty() {
            steps(run, &next, &mut list);
        } else {
            list.push(Candidate::Begin(next));
        }
    }
    // What was reported after its operation was closed still goes on.
    for (key, state) in &run.steps {
        let open = matches!(state.phase, StepPhase::Started | StepPhase::FoundRunning);
        let candidate = Candidate::Complete(key.clone());
        if open && !list.contains(&candidate) {
            list.push(candidate);
        }
    }
    list.extend(run.recipe.gates.iter().map(|gate| Candidate::Pass(gate.id.clone())));
    list.push(Candidate::CompleteRun);
    list
}

fn steps(run: &Run, key: &OperationKey, list: &mut Vec<Candidate>) {
    let Some(operation) = run.recipe.operation(&key.op) else { return };
    for step in &operation.steps {
        let going = run.steps.iter().filter(|(at, state)| {
            at.operation == *key
                && at.step == step.id
                && matches!(state.phase, StepPhase::Started | StepPhase::FoundRunning)
        });
        list.extend(going.map(|(at, _)| Candidate::Complete(at.clone())));
        let k = order::next_occurrence(run, key, &step.id);
        if step.order.occurs().max.is_none_or(|max| k <= max) {
            let step = step.id.clone();
            list.push(Candidate::Start(StepKey { operation: key.clone(), step, k }));
        }
    }
}

/// What the rules say to an act at a moment, persons, versions and signatures apart.
pub(super) fn verdict(
    run: &Run,
    facts: &ObligationFacts<'_>,
    candidate: &Candidate,
    at: Instant,
) -> Verdict {
    match candidate {
        Candidate::Begin(key) => begin(run, key),
        Candidate::Start(key) => {
            let Some((_, step)) = run.recipe.step(&key.step) else { return Ok(()) };
            act::phase(run, start::startable_in(step), "start this step")?;
            start::no_obstacle(run, key, step, at)
        }
        Candidate::Complete(key) => {
            let (Some((_, step)), Some(state)) = (run.recipe.step(&key.step), run.steps.get(key))
            else {
                return Ok(());
            };
            report::not_final(run)?;
            complete::no_obstacle(run, key, step, state)
        }
        Candidate::Close(key) => close(run, key),
        Candidate::Pass(id) => {
            act::phase(run, &[Phase::Running], "pass a gate")?;
            gate::passable(run, id, at).map(|_| ())
        }
        Candidate::CompleteRun => {
            act::phase(run, &[Phase::Running], "declare it complete")?;
            finish::no_obstacle(run, facts, at)
        }
    }
}

fn begin(run: &Run, key: &OperationKey) -> Verdict {
    act::phase(run, &[Phase::Issued, Phase::Running], "begin an operation")?;
    let unmet = order::operation_may_begin(run, key);
    if unmet.is_empty() {
        return Ok(());
    }
    let detail = format!("{key}: {}", unmet.join("; "));
    Err(Refusal::new(&crate::domain::run::refusal::OUT_OF_ORDER, detail).missing(unmet))
}

fn close(run: &Run, key: &OperationKey) -> Verdict {
    let Some(spec) = run.recipe.operation(&key.op) else { return Ok(()) };
    act::phase(run, &[Phase::Running], "close an operation")?;
    if let Some(held) = hold::forbids_operation(run, &key.op) {
        return Err(hold::refusal(held));
    }
    let open = operation::unfinished(run, key, spec);
    if open.is_empty() {
        return Ok(());
    }
    let detail = format!("{key}: {}", open.join("; "));
    Err(Refusal::new(&OPERATION_UNFINISHED, detail).missing(open))
}

impl Candidate {
    /// Which act.
    #[must_use]
    pub fn act(&self) -> Act {
        match self {
            Self::Begin(_) | Self::Start(_) => Act::Start,
            Self::Complete(_) => Act::Complete,
            Self::Close(_) => Act::Close,
            Self::Pass(_) => Act::Pass,
            Self::CompleteRun => Act::CompleteRun,
        }
    }

    /// Where.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Begin(key) | Self::Close(key) => key.to_string(),
            Self::Start(key) | Self::Complete(key) => key.to_string(),
            Self::Pass(gate) => gate.clone(),
            Self::CompleteRun => "run".to_owned(),
        }
    }

    /// The operation it belongs to, by id.
    #[must_use]
    pub fn operation<'a>(&'a self, run: &'a Run) -> Option<&'a str> {
        match self {
            Self::Begin(key) | Self::Close(key) => Some(&key.op),
            Self::Start(key) | Self::Complete(key) => Some(&key.operation.op),
            Self::Pass(id) => {
                let first = gate_of(run, id)?.before.first()?;
                Some(&run.recipe.step(first)?.0.id)
            }
            Self::CompleteRun => None,
        }
    }

    /// The area it happens in.
    #[must_use]
    pub fn area(&self, run: &Run) -> Option<String> {
        run.recipe.operation(self.operation(run)?)?.area.clone()
    }

    /// What it is, for people.
    #[must_use]
    pub fn words(&self, run: &Run) -> String {
        let step = |key: &StepKey| {
            run.recipe.step(&key.step).map_or_else(String::new, |(_, step)| step.name.clone())
        };
        let operation = |key: &OperationKey| {
            run.recipe.operation(&key.op).map_or_else(String::new, |found| found.name.clone())
        };
        match self {
            Self::Begin(key) => format!("beginning {key} ({})", operation(key)),
            Self::Start(key) => format!("starting {key} ({})", step(key)),
            Self::Complete(key) => format!("completing {key} ({})", step(key)),
            Self::Close(key) => format!("closing {key} ({})", operation(key)),
            Self::Pass(id) => {
                let name = gate_of(run, id).map_or("", |gate| gate.name.as_str());
                format!("passing gate {id} ({name})")
            }
            Self::CompleteRun => "declaring execution complete".to_owned(),
        }
    }

    /// Whose act it is.
    #[must_use]
    pub fn doers(&self, run: &Run) -> Vec<Authority> {
        match self {
            Self::Start(key) | Self::Complete(key) => run
                .recipe
                .step(&key.step)
                .map_or_else(Vec::new, |(_, step)| access::performing(step).to_vec()),
            Self::Begin(_) => vec![Authority::Execute],
            Self::Pass(id) => gate_of(run, id).map_or_else(Vec::new, passers),
            Self::Close(_) | Self::CompleteRun => vec![Authority::Supervise, Authority::Execute],
        }
    }
}

/// A gate by its id.
pub(super) fn gate_of<'r>(run: &'r Run, id: &str) -> Option<&'r Gate> {
    run.recipe.gates.iter().find(|gate| gate.id == id)
}

/// Who passes a gate.
pub(super) fn passers(gate: &Gate) -> Vec<Authority> {
    if gate.authorities.is_empty() {
        vec![Authority::Supervise, Authority::Execute]
    } else {
        gate.authorities.clone()
    }
}
