//! Which values a play records: inside their limits, and such that what is computed from them comes inside its
//! limits too and that each condition is met, and not met, where there are such values.

mod trial;

use super::work::Work;
use crate::domain::calc::{self, types::Sort};
use crate::domain::clock::Instant;
use crate::domain::entry::Input;
use crate::domain::entry::computing::Reference;
use crate::domain::entry::conforming::Situation;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::limits::Side;
use crate::domain::recipe::plan::Recipe;
use rust_decimal::Decimal;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use trial::{Trial, steps};

/// A step (none: the run itself) and an entry of it.
pub(super) type Named = (Option<String>, String);

/// For entries that matter, which of their inputs is chosen; for all others the first.
pub(super) type Picks = BTreeMap<Named, usize>;

/// So many combinations are tried for one goal.
const MOST: usize = 3_000;

/// So many inputs of one entry are thought of.
const MANY: usize = 40;

/// What may be recorded, entry by entry.
pub(super) struct Values<'r> {
    pub(super) recipe: &'r Recipe,
    pub(super) work: &'r Work<'r>,
    pub(super) specs: BTreeMap<Named, &'r EntrySpec>,
    pub(super) inputs: BTreeMap<Named, Inputs>,
    /// The work of computing whatever follows from an entry.
    follows: BTreeMap<Named, u64>,
}

/// Inputs of one entry: so many of them conform, the others lead to branches that are there for what does not.
pub(super) struct Inputs {
    pub(super) all: Vec<Input>,
    conforming: usize,
}

/// A computed value that no choice of values brings inside its limits, or that none lets compute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failing {
    pub(super) named: Named,
    /// Whether every value that may be recorded was tried. Where not, another choice may bring it there.
    pub(super) whole: bool,
}

/// Which inputs are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// Those that conform.
    Limits,
    /// The others too.
    Anything,
}

/// A condition, and from where it asks.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    /// JSON pointer of its `when`.
    pub pointer: String,
    /// What stands behind it.
    pub branch: String,
    /// As written.
    pub text: String,
    /// The step whose entries are meant without a step's name.
    pub own: Option<String>,
    /// What it decides.
    pub of: Branch,
}

/// What stands behind a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Branch {
    Operation(String),
    Step(String),
    Entry(Named),
}

impl<'r> Values<'r> {
    pub(super) fn of(recipe: &'r Recipe, conditions: &[Condition], work: &'r Work<'r>) -> Self {
        let record = &**recipe;
        let of_steps = record.steps().flat_map(|(_, step)| {
            step.entries.iter().map(|entry| ((Some(step.id.clone()), entry.id.clone()), entry))
        });
        let of_run = record.release_specifications.iter();
        let of_run = of_run.map(|entry| ((None, entry.id.clone()), entry));
        let specs: BTreeMap<Named, &EntrySpec> = of_steps.chain(of_run).collect();
        let asked = Situation { name: "PLAY", at: Instant(0), sample: None, lot: None };
        let said = constants(conditions);
        let inputs = specs.iter().filter(|(_, spec)| spec.kind.as_kind().inputs().is_none());
        let inputs = inputs.map(|(named, spec)| {
            let mut all = spec.kind.as_kind().conforming(&asked);
            // What a condition compares with is a value that somebody had in mind.
            let unit = all.first().and_then(|first| first.unit.clone());
            let more = said.iter().map(|value| Input { value: json!(value), unit: unit.clone() });
            let no = Input { value: json!(false), unit: None };
            let more = more.chain([no]).filter(|input| spec.parse(input).is_ok());
            let (more, others): (Vec<_>, Vec<_>) = more.partition(|input| conforms(spec, input));
            all.extend(more);
            let conforming = all.len();
            all.extend(others);
            (named.clone(), Inputs { all, conforming })
        });
        let inputs = inputs.collect();
        let mut values = Self { recipe, work, specs, inputs, follows: BTreeMap::new() };
        values.of_formulas();
        values
    }

    /// The input of an entry that is picked, of a thing of this name; `None`: nothing conforms.
    pub(super) fn input(
        &self,
        named: &Named,
        picks: &Picks,
        asked: &Situation<'_>,
    ) -> Option<Input> {
        let pick = picks.get(named).copied().unwrap_or(0);
        // Whoever names something names it anew; a number is what it was.
        let fresh = self.specs.get(named)?.kind.as_kind().conforming(asked);
        let kept = self.inputs.get(named)?.all.get(pick).cloned();
        fresh.get(pick).cloned().or(kept).or_else(|| fresh.first().cloned())
    }

    /// What a formula holds its inputs against is a value that somebody may have in mind for them.
    fn of_formulas(&mut self) {
        let formulas: Vec<(Vec<Named>, BTreeSet<String>, u64)> = self
            .specs
            .iter()
            .filter_map(|(named, spec)| {
                let formula = spec.kind.as_kind().formula()?;
                let text = formula.expression;
                Some((self.leaves(named), around(text), steps(text)))
            })
            .collect();
        for (leaves, said, work) in formulas {
            for leaf in leaves {
                *self.follows.entry(leaf.clone()).or_default() += work;
                let Some(spec) = self.specs.get(&leaf).filter(|spec| is_unlimited(spec)) else {
                    continue;
                };
                let Some(inputs) = self.inputs.get_mut(&leaf) else { continue };
                let unit = inputs.all.first().and_then(|first| first.unit.clone());
                for value in &said {
                    let input = Input { value: json!(value), unit: unit.clone() };
                    if inputs.all.len() < MANY
                        && !inputs.all.contains(&input)
                        && conforms(spec, &input)
                    {
                        inputs.all.insert(inputs.conforming, input);
                        inputs.conforming += 1;
                    }
                }
            }
        }
    }

    /// The work of computing whatever follows from an entry, in steps of looking for values.
    pub(super) fn follows(&self, named: &Named) -> u64 {
        self.follows.get(named).copied().unwrap_or(0)
    }

    /// Values with which everything that is computed can be, and comes inside its limits, and what cannot be brought
    /// there.
    pub(super) fn within(&self) -> (Picks, Vec<Failing>) {
        let (mut picks, mut failing) = (Picks::new(), Vec::new());
        let judged: Vec<&Named> =
            self.specs.keys().filter(|named| self.is_computed(named)).collect();
        for named in judged {
            if Trial::of(self, &picks).meets(named) {
                continue;
            }
            let goal = |trial: &Trial<'_, '_>| trial.meets(named);
            let leaves = self.leaves(named);
            match self.search(&leaves, &picks, Within::Limits, &goal) {
                Some(found) => picks = found,
                None => {
                    let whole = self.work.may_search() && self.is_whole(&leaves);
                    failing.push(Failing { named: named.clone(), whole });
                }
            }
        }
        (picks, failing)
    }

    /// Whether a search tries whatever may be recorded there: all that has no end was not tried.
    fn is_whole(&self, leaves: &[Named]) -> bool {
        let open = |leaf: &Named| self.specs.get(leaf).is_some_and(|spec| is_unlimited(spec));
        let sizes = leaves.iter().map(|leaf| self.inputs.get(leaf).map_or(1, |it| it.conforming));
        let mut sizes = sizes.map(|size| size.max(1));
        let all = sizes.try_fold(1_usize, |all, size| all.checked_mul(size));
        all.is_some_and(|all| all <= MOST) && !leaves.iter().any(open)
    }

    /// Values with which a condition comes out so, all else inside its limits as before.
    pub(super) fn steered(
        &self,
        base: &Picks,
        condition: &Condition,
        to: bool,
        within: Within,
    ) -> Option<Picks> {
        let expr = calc::parse(&condition.text).ok()?;
        let own = condition.own.as_deref();
        let leaves = self.leaves_of(expr.references(), own);
        let goal = |trial: &Trial<'_, '_>| trial.answer(&expr, &condition.text, own) == Some(to);
        self.search(&leaves, base, within, &goal)
    }

    /// How a condition comes out, as far as values say.
    pub(super) fn comes_out(&self, picks: &Picks, condition: &Condition) -> Option<bool> {
        let expr = calc::parse(&condition.text).ok()?;
        Trial::of(self, picks).answer(&expr, &condition.text, condition.own.as_deref())
    }

    fn is_computed(&self, named: &Named) -> bool {
        self.specs.get(named).is_some_and(|spec| spec.kind.as_kind().inputs().is_some())
    }

    /// The recorded entries from which this one follows.
    fn leaves(&self, named: &Named) -> Vec<Named> {
        let inputs = self.specs.get(named).and_then(|spec| spec.kind.as_kind().inputs());
        self.leaves_of(inputs.unwrap_or_default(), named.0.as_deref())
    }

    fn leaves_of(&self, references: Vec<Reference>, own: Option<&str>) -> Vec<Named> {
        let mut open: Vec<Named> = references.iter().filter_map(|it| place(it, own)).collect();
        let (mut seen, mut leaves) = (BTreeSet::new(), Vec::new());
        while let Some(named) = open.pop() {
            if !seen.insert(named.clone()) {
                continue;
            }
            match self.specs.get(&named).and_then(|spec| spec.kind.as_kind().inputs()) {
                Some(inputs) => {
                    open.extend(inputs.iter().filter_map(|it| place(it, named.0.as_deref())));
                }
                None => leaves.push(named),
            }
        }
        leaves.sort();
        leaves
    }

    /// The first combination of inputs of these entries that meets a goal and breaks nothing that held.
    fn search(
        &self,
        leaves: &[Named],
        base: &Picks,
        within: Within,
        goal: &dyn Fn(&Trial<'_, '_>) -> bool,
    ) -> Option<Picks> {
        let size = |leaf: &Named| {
            let inputs = self.inputs.get(leaf);
            inputs.map_or(1, |inputs| match within {
                Within::Limits => inputs.conforming.max(1),
                Within::Anything => inputs.all.len().max(1),
            })
        };
        let sizes: Vec<usize> = leaves.iter().map(size).collect();
        let before = Trial::of(self, base);
        let bearing: Vec<&Named> = self
            .specs
            .keys()
            .filter(|_| within == Within::Limits)
            .filter(|named| self.is_computed(named) && before.meets(named))
            .filter(|named| self.leaves(named).iter().any(|leaf| leaves.contains(leaf)))
            .collect();
        let all = sizes.iter().try_fold(1_usize, |n, size| n.checked_mul(*size));
        let mut numbers = (0..all.unwrap_or(MOST).min(MOST)).take_while(|_| self.work.search(1));
        numbers.find_map(|number| {
            let (mut picks, mut rest) = (base.clone(), number);
            for (leaf, size) in leaves.iter().zip(&sizes) {
                let before = base.get(leaf).copied().unwrap_or(0);
                picks.insert(leaf.clone(), (before + rest % size) % size);
                rest /= size;
            }
            let trial = Trial::of(self, &picks);
            let meets = goal(&trial) && bearing.iter().all(|named| trial.meets(named));
            // What was not computed for want of work says nothing.
            (meets && self.work.may_search()).then_some(picks)
        })
    }
}

fn place(reference: &Reference, own: Option<&str>) -> Option<Named> {
    let Reference::Entry { step, entry, .. } = reference else { return None };
    Some((step.clone().or_else(|| own.map(str::to_owned)), entry.clone()))
}

fn conforms(spec: &EntrySpec, input: &Input) -> bool {
    let Ok(value) = spec.parse(input) else { return false };
    spec.judge(&value).iter().all(|verdict| verdict.side == Side::Within)
}

/// Whether whatever number may be recorded.
fn is_unlimited(spec: &EntrySpec) -> bool {
    let number = spec.kind.as_kind().sort().is_some_and(|sort| matches!(sort, Sort::Number(_)));
    let limits = spec.kind.clone().as_kind_mut().take_limits().value;
    number && !limits.iter().any(|limit| limit.low.is_some() && limit.high.is_some())
}

/// Numbers in a formula, those beside them and far beyond them.
fn around(text: &str) -> BTreeSet<String> {
    let numbers = written(text).into_iter().filter_map(|said| said.parse::<Decimal>().ok());
    let each = numbers.flat_map(|number| {
        let by = [2, 10, 100].map(|by| number.checked_mul(Decimal::from(by)));
        let near = [number.checked_add(Decimal::ONE), number.checked_sub(Decimal::ONE)];
        by.into_iter().chain(near).chain([Some(number)]).flatten()
    });
    each.map(|number| number.normalize().to_string()).take(MANY).collect()
}

/// What conditions compare with: the numbers, those close by, and the texts.
fn constants(conditions: &[Condition]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for said in conditions.iter().flat_map(|condition| written(&condition.text)) {
        if let Ok(number) = said.parse::<Decimal>() {
            let near = (number.abs() / Decimal::ONE_HUNDRED).max(Decimal::new(1, 2));
            let by = [Decimal::ZERO, near, near * Decimal::TEN, Decimal::ONE];
            for by in by {
                let beside = [number.checked_add(by), number.checked_sub(by)];
                let beside = beside.into_iter().flatten();
                found.extend(beside.map(|value| value.normalize().to_string()));
            }
        } else {
            found.insert(said);
        }
    }
    found.into_iter().collect()
}

/// The numbers and the quoted texts of an expression, references apart.
fn written(text: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(|c: char| c == '[' || c == '\'' || c.is_ascii_digit()) {
        let (from, tail) = rest.split_at(at);
        let end =
            |close: char| tail.char_indices().skip(1).find(|(_, c)| *c == close).map(|it| it.0);
        let ends = match tail.chars().next() {
            Some('[') => end(']').map(|end| end + 1),
            Some('\'') => end('\'').map(|end| {
                found.push(tail[1..end].to_owned());
                end + 1
            }),
            _ => {
                let number = |c: char| c.is_ascii_digit() || c == '.';
                let end = tail.find(|c| !number(c)).unwrap_or(tail.len());
                let sign = if from.trim_end().ends_with('-') { "-" } else { "" };
                found.push(format!("{sign}{}", &tail[..end]));
                Some(end)
            }
        };
        let Some(ends) = ends else { break };
        rest = &tail[ends..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compared_with_is_read_out_of_a_condition() {
        let found = written("[06.1/ph] < 4.8 '[pH]' or [a/b] = 'red' and [c] > -3");
        assert_eq!(found, ["4.8", "[pH]", "red", "-3"]);
        assert!(written("[open").is_empty() && written("'open").is_empty());
    }
}
