//! Any order to a run but its issue: one command over `domain::run::acts`.

use super::answer::version;
use super::facts::{Linked, ancestry, of_run};
use super::obligations::never_waived;
use crate::app::answer::{Core, RunAnswer, Tells, told};
use crate::app::device::is_own;
use crate::app::enclosure::{Blob, Ordered, Said, names};
use crate::domain::command::{Decision, Planned, Stamp};
use crate::domain::cross::ruling::LotRuling;
use crate::domain::cross::withdraw::withdrawals;
use crate::domain::cross::yielding::yield_lot;
use crate::domain::device::{self, Device};
use crate::domain::entry::identifier::{self, Register};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::numbered::called;
use crate::domain::person::Person;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::planned;
use crate::domain::run::Run;
use crate::domain::run::acts::lot::NewLot;
use crate::domain::run::acts::orders::Beside;
use crate::domain::run::acts::spot;
use crate::domain::run::acts::versions::Thing;
use crate::domain::run::acts::{
    AbortAndWithdraw, ActInEmergency, CorrectEntry, DecideNotDeviation, InvestigateResult,
    RaiseAlarm, RecordDetermination, RecordEntry, RunCommand, RunEvent, YieldLot, decide,
};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::reading::DeviceFact;
use crate::domain::words::Basis;
use crate::identity::user_name::UserName;
use serde_json::{Value, json};
use std::sync::Arc;

/// An order to a run.
pub struct RunAct {
    /// Batch number.
    pub run: String,
    pub order: RunCommand,
    /// The bytes of files that the order names.
    pub blobs: Vec<Blob>,
    /// What a device said.
    pub said: Option<Said>,
    /// Why a fact comes only now, where the order has no word for it.
    pub reason: Option<String>,
}

impl RunAct {
    /// An order to the run of this number, with what came beside it.
    #[must_use]
    pub fn new(run: String, ordered: impl Into<Ordered>) -> Self {
        let Ordered { command, blobs, said, reason } = ordered.into();
        Self { run, order: command, blobs, said, reason }
    }

    /// What a device said, and whether its credential signed it.
    fn device(&self, registered: Option<&Device>) -> Option<DeviceFact<'_>> {
        let Said { payload, signature } = self.said.as_ref()?;
        let told = matches!(self.order, RunCommand::RecordEntry(_) | RunCommand::RaiseAlarm(_));
        let own = registered.is_some_and(|device| is_own(device, payload, signature));
        told.then_some(DeviceFact { payload, signature, own })
    }

    /// The device that is said to have given the value or raised the alarm.
    fn device_id(&self) -> Option<&str> {
        if let RunCommand::RecordEntry(RecordEntry { basis, .. })
        | RunCommand::RecordDetermination(RecordDetermination { basis, .. }) = &self.order
        {
            let Basis::Device { id } = basis else { return None };
            return Some(id);
        }
        let RunCommand::RaiseAlarm(RaiseAlarm { device, .. }) = &self.order else { return None };
        device.as_deref()
    }

    fn device_key(&self) -> Option<Key> {
        self.device_id().map(device::key)
    }

    /// Each file is stored with the event that names it, and what nothing names is not stored.
    fn with_files(&self, mut events: Vec<Planned>) -> Vec<Planned> {
        for (hash, bytes) in &self.blobs {
            if let Some(event) = events.iter_mut().find(|event| names(&event.data, hash)) {
                event.blobs.push((hash.clone(), Arc::clone(bytes)));
            }
        }
        events
    }

    fn key(&self) -> Key {
        Key::Number(RecordKind::Run, self.run.clone())
    }

    /// Who did what a scribe records, was notified of an emergency act, or is named by an investigation.
    fn other(&self) -> Option<&str> {
        if let RunCommand::RecordEntry(RecordEntry { basis, .. })
        | RunCommand::RecordDetermination(RecordDetermination { basis, .. }) = &self.order
        {
            let Basis::Scribe { performed_by } = basis else { return None };
            return Some(performed_by);
        }
        if let RunCommand::ActInEmergency(ActInEmergency { notified, .. }) = &self.order {
            return Some(notified);
        }
        let RunCommand::InvestigateResult(InvestigateResult { step, .. }) = &self.order else {
            return None;
        };
        step.named()
    }

    /// Where what the order names is looked for under a number that reads like it: a piece of equipment among the
    /// registered devices, a lot among the own ones.
    fn named_key(&self, run: &Run) -> Option<Key> {
        if let Some(id) = self.device_id() {
            return Some(device::key(id));
        }
        let (RunCommand::RecordEntry(RecordEntry { at, input, .. })
        | RunCommand::CorrectEntry(CorrectEntry { at, input, .. })) = &self.order
        else {
            return None;
        };
        let value = spot::entry(run, at).ok()?.spec.parse(input).ok()?;
        let (register, id) = identifier::named(&value)?;
        let kind = match register {
            Register::Lots => RecordKind::Lot,
            Register::Equipment => RecordKind::Device,
            Register::Samples => return None,
        };
        Some(Key::Alike(kind, id.to_owned()))
    }

    fn twin_of_named<'a>(&self, run: &Run, loaded: &'a Loaded) -> Option<&'a str> {
        let found = loaded.get(&self.named_key(run)?)?;
        let device = found.as_device().map(|device| (&device.told.id, &device.told.printed));
        let lot = found.as_lot().map(|lot| (&lot.number, &lot.printed));
        let (key, printed) = device.or(lot)?;
        Some(called(key, printed.as_deref()))
    }

    fn performer_key(&self) -> Option<Key> {
        let name = UserName::parse(self.other()?).ok()?;
        Some(Key::Number(RecordKind::Person, name.skeleton().to_owned()))
    }

    fn lot_key(&self) -> Option<Key> {
        let RunCommand::YieldLot(YieldLot { number, .. }) = &self.order else { return None };
        Some(Key::Alike(RecordKind::Lot, number.clone()))
    }

    /// Lots that the order itself names as having gone in.
    fn named(&self) -> Vec<String> {
        let RunCommand::YieldLot(YieldLot { parents, .. }) = &self.order else { return Vec::new() };
        parents.clone()
    }

    /// Where quality decided on a lot of somebody else's whose number the one that comes out is to bear.
    fn twin(&self) -> Option<Key> {
        let RunCommand::YieldLot(YieldLot { number, .. }) = &self.order else { return None };
        Some(Key::Foreign { number: number.clone(), supplier: None })
    }

    fn area(&self, run: &Run) -> Option<String> {
        let step = match self.order.thing() {
            Thing::Entry(at) => at.step?,
            Thing::Step(step) => step,
            Thing::Operation(operation) => return area_of(run, &operation.op),
            Thing::Hold | Thing::Run => return None,
        };
        area_of(run, &step.operation.op)
    }

    fn decided(&self, run: &Run, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let mut linked = match self.order.beside() {
            Beside::Nothing => Linked::default(),
            Beside::Linked | Beside::Ancestry => Linked::of(run, &self.named(), loaded),
        };
        if let Some(other) = self.twin().and_then(|key| loaded.get(&key)?.as_run()) {
            linked.genealogy.put_foreign(other);
        }
        let performer = self.performer_key().and_then(|key| loaded.get(&key)?.as_person());
        let registered = self.device_key().and_then(|key| loaded.get(&key)?.as_device());
        let registered =
            registered.filter(|it| self.device_id().is_some_and(|id| it.is_called(id)));
        let device = self.device(registered);
        let reason = self.reason.as_deref();
        let facts = RunFacts {
            device,
            registered: registered.map(Device::facts),
            twin: self.twin_of_named(run, loaded),
            reason,
            ..linked.facts(loaded, stamp, performer.map(Person::account))?
        };
        let (permit, mut events, ruling) =
            if let RunCommand::YieldLot(YieldLot { number, material, output, quantity, parents }) =
                &self.order
            {
                let fresh = stamp.ids.first().copied().unwrap_or_default();
                let twin = self.lot_key().and_then(|key| loaded.get(&key)?.as_lot());
                let new = NewLot {
                    record: RecordKey::new(RecordKind::Lot, fresh),
                    number,
                    twin: twin.map(|lot| lot.number.as_str()),
                    material,
                    output: output.as_deref(),
                    quantity,
                    parents,
                };
                let LotRuling { lot, on_lot, on_run, .. } = yield_lot(run, &facts, &new, stamp)?;
                (on_lot.permit.clone(), on_lot.into_planned(lot, "lot", None), on_run)
            } else {
                let ruling = decide(run, &facts, &self.order, stamp)?;
                let mut events = Vec::new();
                if let RunCommand::AbortAndWithdraw(AbortAndWithdraw { reason, .. }) = &self.order {
                    for (lot, withdrawn) in withdrawals(run, &linked.lots, &facts, reason, stamp)? {
                        events.extend(withdrawn.into_planned(lot, "lot", None));
                    }
                }
                (ruling.permit.clone(), events, ruling)
            };
        let area = self.area(run);
        let (typed, signatures): (Vec<RunEvent>, Vec<_>) = ruling.events.into_iter().unzip();
        let told_of = typed.iter().zip(signatures);
        events.extend(told_of.map(|(event, signatures)| {
            planned(run.key, "run", area.as_deref(), event, signatures)
        }));
        let events = self.with_files(events);
        let answer = told::<Self>(&self.answer(run, loaded, &typed, &events));
        Ok(Decision { permit, events, answer })
    }

    /// Record, head, version of what changed, and what the caller needs to go on.
    fn answer(
        &self,
        run: &Run,
        loaded: &Loaded,
        typed: &[RunEvent],
        events: &[Planned],
    ) -> RunAnswer {
        let thing = self.order.thing();
        let core = Core::typed(run.key, (Some(&run.number), run.seq), loaded, events, typed);
        let core = core.at_version(version(&thing, run, typed));
        let mut answer = RunAnswer::about(core, &thing, typed);
        if let RunCommand::DecideNotDeviation(DecideNotDeviation { exception, .. }) = &self.order {
            answer.never_waived = never_waived(run, &[*exception]);
        }
        answer
    }
}

impl Tells for RunAct {
    type Answer = RunAnswer;
}

fn area_of(run: &Run, operation: &str) -> Option<String> {
    run.recipe.operation(operation).and_then(|op| op.area.clone())
}

impl Command for RunAct {
    fn name(&self) -> &'static str {
        self.order.name()
    }

    fn about(&self) -> Value {
        let step = match self.order.thing() {
            Thing::Entry(at) => at.step,
            Thing::Step(step) => Some(step),
            Thing::Operation(_) | Thing::Hold | Thing::Run => None,
        };
        match step {
            Some(at) => json!({ "run": self.run, "at": at, "step": at.step }),
            None => json!({ "run": self.run }),
        }
    }

    fn reads(&self) -> Vec<Key> {
        let further = [self.performer_key(), self.lot_key(), self.twin(), self.device_key()];
        std::iter::once(self.key()).chain(further.into_iter().flatten()).collect()
    }

    fn reads_further(&self, loaded: &Loaded) -> Vec<Key> {
        let Ok(run) = loaded.run(&self.key()) else { return Vec::new() };
        match self.order.beside() {
            Beside::Nothing => self.named_key(run).into_iter().collect(),
            Beside::Linked => of_run(run),
            Beside::Ancestry => {
                let mut keys = of_run(run);
                keys.extend(ancestry(run, &self.named(), loaded));
                keys
            }
        }
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        self.decided(loaded.run(&self.key())?, loaded, stamp)
    }
}
