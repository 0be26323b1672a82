//! Who can resolve what stands in the way.

use super::acts::{Candidate, gate_of, passers};
use super::{Foreseen, Sort};
use crate::domain::clock::Instant;
use crate::domain::ids::PersonId;
use crate::domain::policy::Authority;
use crate::domain::recipe::{Order, Step};
use crate::domain::refusal::Refusal;
use crate::domain::run::acts::closed_because::ClosedBecause;
use crate::domain::run::acts::{access, check, closed, hold, order};
use crate::domain::run::obligations::{ObligationFacts, Stage, open_until};
use crate::domain::run::quality_refusal::{GATE_CLOSED, OBLIGATIONS_OPEN, ON_HOLD};
use crate::domain::run::refusal::{
    ENTRIES_MISSING, EXCEPTION_FORBIDS, GATE_NOT_PASSED, OPERATION_UNFINISHED, OUT_OF_ORDER,
};
use crate::domain::run::{Run, StepPhase};
use std::collections::BTreeSet;

/// Authorities in words.
pub(super) fn words(list: &[Authority]) -> String {
    if list.is_empty() {
        return "nobody: it waits for its time".to_owned();
    }
    list.iter().map(|authority| authority.as_str()).collect::<Vec<_>>().join(" or ")
}

impl Foreseen {
    /// Which of its authorities only somebody independent of the run exercises here: quality that decides
    /// or ratifies, and what of completion is review or release (`acts::act::independent`). Whoever does
    /// the act itself, passes a gate or lifts a hold may have taken part.
    #[must_use]
    pub fn independent(&self) -> Vec<Authority> {
        let demands = |authority: &Authority| match authority {
            Authority::Triage => {
                self.sort != Sort::Possible && self.code != Some(GATE_NOT_PASSED.code)
            }
            Authority::Review | Authority::Release | Authority::Certify => {
                self.code == Some(OBLIGATIONS_OPEN.code)
            }
            _ => false,
        };
        self.who_can.iter().copied().filter(demands).collect()
    }

    /// Whether somebody's own acts opened every exception that stands in the way here: then they decide
    /// none of them.
    #[must_use]
    pub fn is_of(&self, run: &Run, person: PersonId) -> bool {
        let mut named = self.exceptions().peekable();
        named.peek().is_some()
            && named.all(|no| {
                let found = run.exception(no);
                found.is_some_and(|exception| exception.by.person == Some(person))
            })
    }

    /// The exceptions that its lines name.
    fn exceptions(&self) -> impl Iterator<Item = u32> + '_ {
        self.missing.iter().filter_map(|line| {
            let (_, after) = line.split_once("exception ")?;
            let digits = after.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse().ok()
        })
    }
}

/// Who can resolve a refusal that is foreseen.
pub(super) fn resolves(
    run: &Run,
    facts: &ObligationFacts<'_>,
    candidate: &Candidate,
    refusal: &Refusal,
    at: Instant,
) -> Vec<Authority> {
    let code = refusal.rule.code;
    let mut found: BTreeSet<Authority> = BTreeSet::new();
    if code == ON_HOLD.code {
        for held in hold::standing(run) {
            found.insert(Authority::Hold);
            found.insert(held.lifted_by_authority);
        }
    } else if code == EXCEPTION_FORBIDS.code {
        found.insert(Authority::Triage);
    } else if code == GATE_CLOSED.code {
        for id in gates(run, candidate) {
            found.extend(closed::closed(run, id, at).iter().flat_map(|why| opens(run, why)));
        }
    } else if code == GATE_NOT_PASSED.code {
        for id in gates(run, candidate) {
            found.extend(gate_of(run, id).into_iter().flat_map(passers));
        }
    } else if code == OUT_OF_ORDER.code {
        found.extend(comes_before(run, candidate));
    } else if code == ENTRIES_MISSING.code {
        found.extend(recorders(run, candidate));
    } else if code == OPERATION_UNFINISHED.code {
        found.extend(finishers(run, candidate));
    } else if code == OBLIGATIONS_OPEN.code {
        let open = open_until(run, facts, Stage::Completion, at);
        let words = open.iter().flat_map(|owed| owed.who_can.split(" or "));
        found.extend(words.filter_map(|word| Authority::parse(word).ok()));
    }
    found.into_iter().collect()
}

/// The gates a candidate passes or waits for.
fn gates<'r>(run: &'r Run, candidate: &'r Candidate) -> Vec<&'r str> {
    match candidate {
        Candidate::Pass(id) => vec![id],
        Candidate::Start(key) => {
            let guarding = run.recipe.gates.iter().filter(|gate| gate.before.contains(&key.step));
            guarding.map(|gate| gate.id.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// Who can take away a reason for which a gate is closed.
fn opens(run: &Run, why: &ClosedBecause) -> Vec<Authority> {
    match why {
        ClosedBecause::EntryMissing { at, .. } => {
            let step = at.rsplit_once('/').map_or("", |(step, _)| step);
            let key = step.parse::<crate::domain::ids::StepKey>().ok();
            let found = key.and_then(|key| run.recipe.step(&key.step).map(|(_, step)| step));
            found.map_or_else(Vec::new, |step| access::performing(step).to_vec())
        }
        ClosedBecause::Held { hold: no, .. } => {
            let held = run.holds.iter().find(|held| held.no == *no);
            held.map_or_else(Vec::new, |held| vec![Authority::Hold, held.lifted_by_authority])
        }
        _ => vec![Authority::Triage],
    }
}

/// Who can do what must come before; where something found running waits for its triage, who triages.
fn comes_before(run: &Run, candidate: &Candidate) -> Vec<Authority> {
    let mut found = Vec::new();
    let mut of = |order: &Order| {
        for id in order.after.iter().chain(&order.while_runs) {
            match run.recipe.step(id) {
                Some((_, step)) => found.extend_from_slice(access::performing(step)),
                None => found.extend([Authority::Supervise, Authority::Execute]),
            }
        }
    };
    let operation = candidate.operation(run).and_then(|id| run.recipe.operation(id));
    if let Some(operation) = operation {
        of(&operation.order);
    }
    if let Candidate::Start(key) = candidate
        && let Some((_, step)) = run.recipe.step(&key.step)
    {
        of(&step.order);
        if key.k > 1 {
            found.extend_from_slice(access::performing(step));
        }
    }
    if matches!(candidate, Candidate::Begin(key) if key.n > 1) {
        found.extend([Authority::Supervise, Authority::Execute]);
    }
    if run.steps.values().any(|state| !order::is_accepted(run, state)) {
        found.push(Authority::Triage);
    }
    found
}

fn recorders(run: &Run, candidate: &Candidate) -> Vec<Authority> {
    let Candidate::Complete(key) = candidate else { return Vec::new() };
    let Some((_, step)) = run.recipe.step(&key.step) else { return Vec::new() };
    let wanted = step.entries.iter().filter(|entry| entry.mandatory);
    wanted.flat_map(|entry| access::recording(Some(step), entry).to_vec()).collect()
}

/// Who performs or checks what an operation still lacks.
fn finishers(run: &Run, candidate: &Candidate) -> Vec<Authority> {
    let Candidate::Close(key) = candidate else { return Vec::new() };
    let Some(operation) = run.recipe.operation(&key.op) else { return Vec::new() };
    let lacks = |step: &Step| {
        let mut found = Vec::new();
        let states: Vec<_> = run
            .steps
            .iter()
            .filter(|(at, _)| at.operation == *key && at.step == step.id)
            .map(|(_, state)| state)
            .collect();
        let open = |state: &&crate::domain::run::StepRun| {
            matches!(state.phase, StepPhase::Started | StepPhase::FoundRunning)
        };
        let begun = u32::try_from(states.len()).unwrap_or(u32::MAX);
        if begun < step.order.occurs().min || states.iter().any(open) {
            found.extend_from_slice(access::performing(step));
        }
        if states.iter().any(|state| !order::is_accepted(run, state)) {
            found.push(Authority::Triage);
        }
        if states.iter().any(|state| check::owes_check(step, state).is_some()) {
            found.push(access::checking(Some(step)));
        }
        found
    };
    operation.steps.iter().flat_map(lacks).collect()
}
