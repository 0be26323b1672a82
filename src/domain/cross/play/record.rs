//! What a played batch records: values as they are picked, results of samples that were taken, readings with their
//! device's text, and the checks that these owe.

use super::course::Course;
use super::world::Device;
use crate::domain::entry::conforming::Situation;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::StepKey;
use crate::domain::recipe::Step;
use crate::domain::run::acts::condition::{self, Branch};
use crate::domain::run::acts::{CheckEntry, RecordEntry, RunCommand};
use crate::domain::run::looks::{self, Against};
use crate::domain::run::{Content, EntryRun};
use crate::domain::words::{Basis, EntryKey};
use serde_json::json;

/// A formula is computed so often where something is recorded: to judge it, for whatever follows, and for the proof.
const OFTEN: u64 = 4;

impl Course<'_> {
    /// Everything of an occurrence that can be recorded now, and checked.
    pub(super) fn record_all(&mut self, at: &StepKey, step: &Step) -> bool {
        let mut moved = false;
        for spec in &step.entries {
            let key = EntryKey { step: Some(at.clone()), entry: spec.id.clone() };
            if !self.is_answered(&key) && condition::entry(self.run(), &key, spec) == Branch::Taken
            {
                moved |= self.record(&key, spec, None);
            }
            moved |= self.check(&key, spec);
        }
        moved
    }

    fn entry(&self, at: &EntryKey) -> Option<&EntryRun> {
        match &at.step {
            Some(step) => self.run().steps.get(step)?.entries.get(&at.entry),
            None => self.run().release_entries.get(&at.entry),
        }
    }

    pub(super) fn is_answered(&self, at: &EntryKey) -> bool {
        self.entry(at).is_some_and(EntryRun::is_answered)
    }

    /// Records a value, every determination of a result. `false`: it cannot be now, or the server computes it.
    pub(super) fn record(&mut self, at: &EntryKey, spec: &EntrySpec, lot: Option<&str>) -> bool {
        if spec.kind.as_kind().inputs().is_some() {
            return false;
        }
        let (mut many, mut sample) = (1, None);
        if let Some(result) = spec.as_result() {
            many = result.planned();
            if let Some(taken) = &result.sample {
                // What is not taken yet is not tested.
                let Some(id) = self.sample(taken) else { return false };
                sample = Some(id);
            }
        }
        let name = format!("PLAY-{}-{}", at.step.as_ref().map_or(0, |step| step.k), self.run().seq);
        let named = (at.step.as_ref().map(|step| step.step.clone()), spec.id.clone());
        let now = self.world.now;
        let asked = Situation { name: &name, at: now, sample: sample.as_deref(), lot };
        let Some(input) = self.values.input(&named, self.picks, &asked) else { return false };
        let device = spec.kind.as_kind().as_reading().map(|reading| Device {
            id: "PLAY-DEVICE".into(),
            kind: reading.class.clone().unwrap_or_default(),
            payload: json!({ "tag": reading.tag, "value": input.value, "unit": input.unit,
                "at": now.to_rfc3339(), "batch": self.run().number, "no": name })
            .to_string(),
        });
        let basis = device.as_ref().map_or(Basis::Direct, |it| Basis::Device { id: it.id.clone() });
        let order = RunCommand::RecordEntry(RecordEntry {
            at: at.clone(),
            input,
            performed_at: None,
            basis,
            reason: None,
            confirmed: true,
        });
        let mut moved = false;
        for _ in 0..many {
            self.world.work.play(self.values.follows(&named) * OFTEN);
            if !self.give(format!("record {at}"), &order, device.as_ref()) {
                return moved;
            }
            moved = true;
        }
        moved
    }

    /// A sample that was taken under an entry's id, the newest one.
    fn sample(&self, id: &str) -> Option<String> {
        let mut taken = self.run().steps.iter().filter_map(|(_, state)| {
            let Content::Value(value) = &state.entries.get(id)?.current()?.content else {
                return None;
            };
            value.data["id"].as_str().map(str::to_owned)
        });
        taken.next_back()
    }

    /// Checks the versions of an entry that owe it, and looks at what somebody typed.
    pub(super) fn check(&mut self, at: &EntryKey, spec: &EntrySpec) -> bool {
        let owing = |entry: &EntryRun| -> Vec<(u64, Option<Against>)> {
            let all = entry.newest().filter_map(|it| {
                let look = looks::owes(spec, it) && it.looked.is_none();
                let against = look.then_some(Against::Seen);
                // A time that somebody states makes a duration *within* only once it was checked.
                let stated = matches!(&it.content, Content::Value(value)
                    if spec.kind.as_kind().states(value).is_some());
                let owes = (it.check_owed || stated) && it.checked.is_none();
                (look || owes).then_some((it.seq, against))
            });
            all.collect()
        };
        let mut moved = false;
        for (seq, against) in self.entry(at).map(owing).unwrap_or_default() {
            let order = CheckEntry { at: at.clone(), against, expected: Some(seq) };
            moved |= self.give(format!("check {at}"), &RunCommand::CheckEntry(order), None);
        }
        moved
    }
}
