//! Where things stand in the document: JSON pointers of what a run names by id.

use super::values::{Branch, Condition};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::recipe::{MasterRecord, Order};
use std::collections::BTreeMap;

/// Pointers by id.
pub(super) struct Places {
    /// Unit procedures, operations, steps and gates.
    things: BTreeMap<String, String>,
    /// Entries by step and id, release specifications by id.
    entries: BTreeMap<(Option<String>, String), String>,
    /// Every condition of the record.
    pub conditions: Vec<Condition>,
}

impl Places {
    pub(super) fn of(record: &MasterRecord) -> Self {
        let (things, entries, conditions) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let mut places = Self { things, entries, conditions };
        for (i, up) in record.unit_procedures.iter().enumerate() {
            for (j, operation) in up.operations.iter().enumerate() {
                let at = format!("/unit_procedures/{i}/operations/{j}");
                let of = Branch::Operation(operation.id.clone());
                places.condition(&operation.order, &at, &operation.id, of);
                for (k, step) in operation.steps.iter().enumerate() {
                    let at = format!("{at}/steps/{k}");
                    let of = Branch::Step(step.id.clone());
                    places.condition(&step.order, &at, &step.id, of);
                    places.entries(Some(&step.id), &step.entries, &format!("{at}/entries"));
                    places.things.insert(step.id.clone(), at);
                }
                places.things.insert(operation.id.clone(), at);
            }
        }
        for (i, gate) in record.gates.iter().enumerate() {
            places.things.insert(gate.id.clone(), format!("/gates/{i}"));
        }
        places.entries(None, &record.release_specifications, "/release_specifications");
        places
    }

    fn condition(&mut self, order: &Order, at: &str, id: &str, of: Branch) {
        let Some(text) = order.when.clone() else { return };
        let (pointer, branch) = (format!("{at}/when"), id.to_owned());
        self.conditions.push(Condition { pointer, branch, text, own: None, of });
    }

    fn entries(&mut self, step: Option<&str>, list: &[EntrySpec], pointer: &str) {
        for (i, entry) in list.iter().enumerate() {
            let named = (step.map(str::to_owned), entry.id.clone());
            let at = format!("{pointer}/{i}");
            if let Some(text) = entry.when.clone() {
                let branch =
                    step.map_or_else(|| entry.id.clone(), |it| format!("{it}/{}", entry.id));
                self.conditions.push(Condition {
                    pointer: format!("{at}/when"),
                    branch,
                    text,
                    own: named.0.clone(),
                    of: Branch::Entry(named.clone()),
                });
            }
            self.entries.insert(named, at);
        }
    }

    /// The pointer of an operation, step or gate.
    pub(super) fn thing(&self, id: &str) -> Option<&String> {
        self.things.get(id)
    }

    /// The pointer of an entry.
    pub(super) fn entry(&self, step: Option<&str>, id: &str) -> Option<&String> {
        self.entries.get(&(step.map(str::to_owned), id.to_owned()))
    }

    /// The pointer of a place as runs name it: `OP-1~1/01.2~1/ph`, `release/purity`, `gate`; else the whole.
    pub(super) fn of_run(&self, place: &str) -> String {
        let parts: Vec<&str> =
            place.split('/').map(|part| part.split('~').next().unwrap_or(part)).collect();
        let found = match parts[..] {
            [one] => self.thing(one).or_else(|| self.entry(None, one)),
            ["release", id] => self.entry(None, id),
            [.., step, entry] => {
                let known = self.entry(Some(step), entry).or_else(|| self.thing(entry));
                known.or_else(|| self.thing(step))
            }
            [] => None,
        };
        found.cloned().unwrap_or_default()
    }
}
