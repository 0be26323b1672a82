//! The course of a played batch: what can be done is done, in the order of writing; what opens an exception waits
//! for its time; nothing ends that something else still runs beside.

use super::ahead::{hosts, lengths, wanted};
use super::values::{Picks, Values};
use super::world::{Device, Said, World};
use crate::domain::clock::Instant;
use crate::domain::exception::Opened;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::Step;
use crate::domain::refusal::Refusal;
use crate::domain::run::acts::condition;
use crate::domain::run::acts::spot::{next_occurrence, next_operation};
use crate::domain::run::acts::{
    AcknowledgeAlerts, CheckStep, CloseOperation, CompleteStep, DecideNotDeviation, PassGate,
    RunCommand, StartStep,
};
use crate::domain::run::asked::owes_check;
use crate::domain::run::time::{Sort, limits};
use crate::domain::run::{OperationRun, Phase, Run, StepPhase};
use std::collections::{BTreeMap, BTreeSet};

/// So many occurrences are looked through in the time of one question to the rules.
const MANY: u64 = 20;

/// A play of one batch.
pub(super) struct Course<'a> {
    pub world: World<'a>,
    pub(super) values: &'a Values<'a>,
    pub(super) picks: &'a Picks,
    /// Times that stand in the recipe, in microseconds, rising.
    lengths: Vec<i64>,
    /// What something else runs beside, by id, with those.
    hosts: BTreeMap<String, Vec<String>>,
    /// Orders that open an exception now.
    postponed: Vec<RunCommand>,
    /// Exceptions that nothing kept from opening.
    pub opened: Vec<Opened>,
    /// The last refusals, by what was refused.
    pub refused: BTreeMap<String, Refusal>,
    /// Gates that were passed.
    pub gates: BTreeSet<String>,
}

impl<'a> Course<'a> {
    pub(super) fn new(world: World<'a>, values: &'a Values<'a>, picks: &'a Picks) -> Self {
        let (lengths, hosts) = (lengths(&world.run.recipe), hosts(&world.run.recipe));
        Self {
            world,
            values,
            picks,
            lengths,
            hosts,
            postponed: Vec::new(),
            opened: Vec::new(),
            refused: BTreeMap::new(),
            gates: BTreeSet::new(),
        }
    }

    pub(super) fn run(&self) -> &Run {
        &self.world.run
    }

    /// Whether there is work left to play on with.
    pub(super) fn go_on(&self) -> bool {
        self.world.work.may_play()
    }

    /// Plays until nothing can be done any more. `false`: the work was used up before.
    pub(super) fn play(&mut self) -> bool {
        loop {
            if !self.go_on() {
                return false;
            }
            self.postponed.clear();
            let moved = self.steps(false)
                || self.pass()
                || self.wait()
                || self.steps(true)
                || self.close(false)
                || self.give_in()
                || self.close(true)
                || self.settle();
            if !moved {
                return self.go_on();
            }
        }
    }

    /// Gives an order; `true`: it is done.
    pub(super) fn give(
        &mut self,
        what: String,
        command: &RunCommand,
        device: Option<&Device>,
    ) -> bool {
        match self.world.order(command, device, false) {
            Said::Done => {
                self.refused.remove(&what);
                true
            }
            Said::Opens(_) => {
                self.postponed.push(command.clone());
                false
            }
            Said::Refused(refusal) => {
                self.refused.insert(what, refusal);
                false
            }
        }
    }

    /// Occurrences of operations that go on or come next.
    fn occurrences(&self) -> Vec<OperationKey> {
        let mut found = Vec::new();
        for operation in self.run().recipe.operations() {
            let n = next_operation(self.run(), &operation.id);
            self.world.work.play(1 + u64::from(n) / MANY);
            let key = |n| OperationKey { op: operation.id.clone(), n };
            let going = |key: &OperationKey| {
                self.run().operations.get(key).is_some_and(|state| state.closed.is_none())
            };
            found.extend((1..n).map(key).filter(going));
            if n <= operation.order.occurs().min.max(1) {
                found.push(key(n));
            }
        }
        found
    }

    /// Steps go on, end and begin. `all`: also those end that something else should still run beside.
    fn steps(&mut self, all: bool) -> bool {
        let mut moved = false;
        for key in self.occurrences() {
            let Some(operation) = self.run().recipe.operation(&key.op).cloned() else { continue };
            for step in &operation.steps {
                if !self.go_on() {
                    return moved;
                }
                let going: Vec<StepKey> = self.going(&key, step);
                for at in &going {
                    moved |= self.work(at, step, all);
                }
                let k = next_occurrence(self.run(), &key, &step.id);
                let at = StepKey { operation: key.clone(), step: step.id.clone(), k };
                if k <= wanted(step) && going.is_empty() && self.start(&at) {
                    moved = true;
                    self.work(&at, step, all);
                }
            }
        }
        moved
    }

    fn going(&self, key: &OperationKey, step: &Step) -> Vec<StepKey> {
        let next = next_occurrence(self.run(), key, &step.id);
        self.world.work.play(1 + u64::from(next) / MANY);
        let at = |k| StepKey { operation: key.clone(), step: step.id.clone(), k };
        let open = |at: &StepKey| {
            self.run().steps.get(at).is_some_and(|state| {
                matches!(state.phase, StepPhase::Started | StepPhase::FoundRunning)
                    || owes_check(step, state).is_some()
            })
        };
        (1..next).map(at).filter(open).collect()
    }

    fn start(&mut self, at: &StepKey) -> bool {
        let order = StartStep { step: at.clone(), expected: None }.into();
        self.give(format!("start {at}"), &order, None)
    }

    /// One occurrence goes on: its values, their checks, its end, its check.
    fn work(&mut self, at: &StepKey, step: &Step, all: bool) -> bool {
        let mut moved = self.record_all(at, step);
        let state = self.run().steps.get(at);
        let open = state.is_some_and(|state| state.phase == StepPhase::Started);
        if open && (all || !self.hosts_somebody(&at.operation, &at.step)) {
            let expected = state.map(|state| state.version);
            let order = CompleteStep { step: at.clone(), expected }.into();
            moved |= self.give(format!("complete {at}"), &order, None);
        }
        let state = self.run().steps.get(at);
        if state.is_some_and(|it| owes_check(step, it).is_some()) {
            let expected = state.map(|state| state.version);
            let order = CheckStep { step: at.clone(), expected }.into();
            moved |= self.give(format!("check {at}"), &order, None);
        }
        moved
    }

    /// Whether something is still to run beside a step or operation.
    fn hosts_somebody(&self, within: &OperationKey, host: &str) -> bool {
        let guests = self.hosts.get(host).into_iter().flatten();
        guests.into_iter().any(|guest| {
            if let Some((operation, step)) = self.run().recipe.step(guest) {
                let key = OperationKey {
                    op: operation.id.clone(),
                    n: if operation.id == within.op { within.n } else { 1 },
                };
                let k = next_occurrence(self.run(), &key, guest);
                let next = StepKey { operation: key.clone(), step: guest.clone(), k };
                let left = condition::leaves_out(self.run(), &next).is_some();
                return (k <= wanted(step) && !left) || !self.going(&key, step).is_empty();
            }
            let n = next_operation(self.run(), guest);
            let last = OperationKey { op: guest.clone(), n: n.saturating_sub(1) };
            let closed = |state: &OperationRun| state.closed.is_some();
            !self.run().operations.get(&last).is_some_and(closed)
        })
    }

    fn pass(&mut self) -> bool {
        if self.run().phase != Phase::Running {
            return false;
        }
        let gates: Vec<String> = self.run().recipe.gates.iter().map(|it| it.id.clone()).collect();
        for gate in gates {
            let order = RunCommand::PassGate(PassGate { gate: gate.clone() });
            if self.give(format!("pass {gate}"), &order, None) {
                self.gates.insert(gate);
                return true;
            }
        }
        false
    }

    /// Closes what can be closed and acknowledges its alerts. `all`: also that beside which something else should
    /// still run.
    fn close(&mut self, all: bool) -> bool {
        let going = self.run().operations.iter().filter(|(_, state)| state.closed.is_none());
        let going: Vec<_> = going.map(|(key, state)| (key.clone(), state.version)).collect();
        for (operation, version) in going {
            if !self.go_on() {
                return false;
            }
            if !all && self.hosts_somebody(&operation, &operation.op) {
                continue;
            }
            let order =
                CloseOperation { operation: operation.clone(), expected: Some(version) }.into();
            if self.give(format!("close {operation}"), &order, None) {
                let comment = "seen".to_owned();
                let alerts =
                    RunCommand::AcknowledgeAlerts(AcknowledgeAlerts { operation, comment });
                self.world.order(&alerts, None, true);
                return true;
            }
        }
        false
    }

    /// Lets the time pass that makes something possible without an exception.
    fn wait(&mut self) -> bool {
        for command in self.postponed.clone() {
            for length in self.lengths.clone() {
                if !self.go_on() {
                    return false;
                }
                let at = Instant(self.world.now.0.saturating_add(length));
                if self.world.would_open(&command, at).is_some_and(|opens| opens.is_empty()) {
                    self.until(at);
                    self.world.now = self.world.now.max(at);
                    return matches!(self.world.order(&command, None, false), Said::Done);
                }
            }
        }
        false
    }

    /// Until then what repeats every so often is done when it is due.
    fn until(&mut self, at: Instant) {
        while self.world.may_ask() {
            let open = limits(self.run(), self.world.now).into_iter();
            let open = open.filter(|limit| limit.sort == Sort::Period && limit.ended.is_none());
            let due = open.filter_map(|limit| Some((limit.due?, limit.step?)));
            let Some((due, step)) = due.filter(|(due, _)| *due <= at).min() else { return };
            let Some((_, spec)) = self.run().recipe.step(&step.step) else { return };
            let spec = spec.clone();
            self.world.now = self.world.now.max(due);
            if !self.start(&step) {
                return;
            }
            self.work(&step, &spec, true);
        }
    }

    /// Does what opens an exception whenever it is done.
    fn give_in(&mut self) -> bool {
        for command in std::mem::take(&mut self.postponed) {
            if !self.go_on() {
                return false;
            }
            let opens = match self.world.order(&command, None, false) {
                Said::Done => return true,
                Said::Opens(opens) => opens,
                Said::Refused(_) => continue,
            };
            if matches!(self.world.order(&command, None, true), Said::Done) {
                self.opened.extend(opens);
                return true;
            }
        }
        false
    }

    /// Quality decides on what opened, where that is no deviation, so that the rest can be played.
    fn settle(&mut self) -> bool {
        let open = self.run().exceptions.iter().filter(|it| it.triage.is_none());
        let open: Vec<u32> = open.map(|exception| exception.opened.no).collect();
        let mut moved = false;
        for exception in open {
            if !self.go_on() {
                return false;
            }
            let rationale = "as played".to_owned();
            let order = RunCommand::DecideNotDeviation(DecideNotDeviation { exception, rationale });
            moved |= matches!(self.world.order(&order, None, true), Said::Done);
        }
        moved
    }
}
