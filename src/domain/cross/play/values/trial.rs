//! One choice of values, and what follows from it: each computed value is computed once, however many read it.

use super::{Named, Picks, Values};
use crate::domain::calc::{self, Answer, Expr};
use crate::domain::clock::Instant;
use crate::domain::entry::EntryValue;
use crate::domain::entry::computing::{Known, KnownEntry, Which};
use crate::domain::limits::worst;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// So deep a value is computed from computed ones.
const DEEPEST: u16 = 64;

/// So many characters of a formula are one step of work.
const LETTERS: usize = 16;

/// So many steps of work is a function, a logarithm as they come.
const CALL: usize = 8;

/// What came of a value that is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Came {
    Out(EntryValue),
    /// It waits for what values alone do not say.
    Unknown,
    /// It cannot be computed of these.
    Fails,
}

/// A choice of values.
pub(super) struct Trial<'v, 'r> {
    values: &'v Values<'r>,
    picks: &'v Picks,
    came: RefCell<BTreeMap<Named, Came>>,
}

impl<'v, 'r> Trial<'v, 'r> {
    pub(super) fn of(values: &'v Values<'r>, picks: &'v Picks) -> Self {
        Self { values, picks, came: RefCell::default() }
    }

    /// Whether a computed value can be computed and is inside its limits; what cannot be told of values alone is.
    pub(super) fn meets(&self, named: &Named) -> bool {
        let Some(spec) = self.values.specs.get(named) else { return true };
        match self.value(named, 0) {
            Came::Out(value) => worst(&spec.judge(&value)).is_none(),
            Came::Unknown => true,
            Came::Fails => false,
        }
    }

    /// How a condition comes out; none: values do not say.
    pub(super) fn answer(&self, expr: &Expr, text: &str, own: Option<&str>) -> Option<bool> {
        self.values.work.search(steps(text));
        match calc::answer(expr, &Around { trial: self, own, deep: 0 }).0 {
            Answer::Holds => Some(true),
            Answer::Fails => Some(false),
            Answer::Undecided(_) => None,
        }
    }

    fn value(&self, named: &Named, deep: u16) -> Came {
        let Some(spec) = self.values.specs.get(named) else { return Came::Unknown };
        if spec.kind.as_kind().inputs().is_none() {
            let pick = self.picks.get(named).copied().unwrap_or(0);
            let input = self.values.inputs.get(named).and_then(|inputs| inputs.all.get(pick));
            let value = input.and_then(|input| spec.parse(input).ok());
            return value.map_or(Came::Unknown, Came::Out);
        }
        if let Some(known) = self.came.borrow().get(named) {
            return known.clone();
        }
        // What leads back to itself finds nothing here.
        self.came.borrow_mut().insert(named.clone(), Came::Unknown);
        let formula = spec.kind.as_kind().formula().map_or("", |formula| formula.expression);
        if deep > DEEPEST || !self.values.work.search(steps(formula)) {
            return Came::Unknown;
        }
        let around = Around { trial: self, own: named.0.as_deref(), deep: deep + 1 };
        let came = match spec.kind.as_kind().compute(&around) {
            Ok(outcome) => outcome.map_or(Came::Unknown, |outcome| Came::Out(outcome.value)),
            Err(_) => Came::Fails,
        };
        self.came.borrow_mut().insert(named.clone(), came.clone());
        came
    }
}

/// The work of computing a formula once.
pub(super) fn steps(text: &str) -> u64 {
    let calls = text.bytes().filter(|byte| *byte == b'(').count();
    (1 + text.len() / LETTERS + calls * CALL) as u64
}

/// Values as they would be recorded around one place: no run, no time.
struct Around<'t, 'v, 'r> {
    trial: &'t Trial<'v, 'r>,
    own: Option<&'t str>,
    deep: u16,
}

impl Known for Around<'_, '_, '_> {
    fn entries(&self, step: Option<&str>, entry: &str, _: Which) -> Vec<KnownEntry> {
        let named = (step.or(self.own).map(str::to_owned), entry.to_owned());
        let Came::Out(value) = self.trial.value(&named, self.deep) else { return Vec::new() };
        vec![KnownEntry { at: entry.to_owned(), version: 1, seq: 0, value }]
    }

    fn at(&self) -> Instant {
        Instant(0)
    }

    fn read(&self, text: &str) -> Option<Arc<Expr>> {
        self.trial.values.recipe.expression(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::work::{Budget, Work};
    use super::super::super::world::{Said, World};
    use super::*;
    use crate::domain::ids::StepKey;
    use crate::domain::recipe::MasterRecord;
    use crate::domain::recipe::plan::Recipe;
    use crate::domain::run::acts::StartStep;
    use crate::domain::run::known::Here;
    use crate::domain::words::EntryKey;
    use serde_json::{Value, json};

    /// A record with a chain of so many computed values, each of which names the one before it so often.
    fn chain(first: &Value, depth: usize, often: usize) -> Arc<MasterRecord> {
        let text = include_str!("../../../../../schemas/examples/buffer-preparation.json");
        let mut document: Value = serde_json::from_str(text).expect("JSON");
        let entries = document["unit_procedures"][0]["operations"][0]["steps"][0]["entries"]
            .as_array_mut()
            .expect("entries");
        entries.push(json!({ "id": "c", "name": "C", "kind": "number", "unit": "1" }));
        entries.push(first.clone());
        for n in 1..=depth {
            let expression = vec![format!("[c{}]", n - 1); often].join(" + ");
            entries.push(json!({ "id": format!("c{n}"), "name": "C", "kind": "calculation",
                "language": calc::LANGUAGE, "expression": expression, "unit": "1" }));
        }
        Arc::new(serde_json::from_value(document).expect("a record"))
    }

    #[test]
    fn each_value_of_a_chain_is_computed_once_however_many_read_it() {
        let first = json!({ "id": "c0", "name": "C", "kind": "number", "unit": "1" });
        let record = chain(&first, 12, 6);
        let step = record.steps().next().map(|(_, step)| step.id.clone());
        let (recipe, in_time) = (Recipe::new(Arc::clone(&record)), || true);
        let work = Work::new(Budget::WHOLE, &in_time);
        let values = Values::of(&recipe, &[], &work);
        let picks = Picks::new();
        let before = work.searching();
        assert!(Trial::of(&values, &picks).meets(&(step, "c12".to_owned())));
        // Twelve formulas of some fifty characters.
        let spent = before - work.searching();
        assert!((12..=60).contains(&spent), "{spent} steps");
    }
    #[test]
    fn each_value_on_a_list_is_computed_once_for_a_question_however_many_read_it() {
        let first = json!({ "id": "c0", "name": "C", "kind": "calculation",
            "language": calc::LANGUAGE, "expression": "count(all[c])", "unit": "1" });
        let record = chain(&first, 12, 6);
        let (operation, step) = record.steps().next().expect("a step");
        let (operation, step) = (operation.id.clone(), step.id.clone());
        let (recipe, in_time) = (Recipe::new(Arc::clone(&record)), || true);
        let work = Work::new(Budget::WHOLE, &in_time);
        let mut world = World::new(recipe, &work).expect("a batch");
        let at = StepKey::new(&operation, 1, &step, 1);
        let order = StartStep { step: at.clone(), expected: None }.into();
        assert!(matches!(world.order(&order, None, true), Said::Done));
        let at = EntryKey { step: Some(at), entry: "c12".to_owned() };
        let here = Here::entry(&world.run, &at, world.now);
        assert_eq!(here.entries(None, "c12", Which::Current).len(), 1);
        assert_eq!(here.computed(), 13);
    }
}
