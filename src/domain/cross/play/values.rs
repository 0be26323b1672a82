//! Which values a play records: inside their limits, and such that what is computed from them comes inside its
//! limits too and that each condition is met, and not met, where there are such values.

use crate::domain::calc::{self, Answer, Expr};
use crate::domain::clock::Instant;
use crate::domain::entry::computing::{Known, KnownEntry, Reference, Which};
use crate::domain::entry::conforming::Situation;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::entry::{EntryValue, Input};
use crate::domain::limits::{Side, worst};
use crate::domain::recipe::MasterRecord;
use rust_decimal::Decimal;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// A step (none: the run itself) and an entry of it.
pub(super) type Named = (Option<String>, String);

/// For entries that matter, which of their inputs is chosen; for all others the first.
pub(super) type Picks = BTreeMap<Named, usize>;

/// So many combinations are tried for one goal.
const MOST: usize = 3_000;

/// So deep a value is computed from computed ones.
const DEEPEST: u8 = 12;

/// What may be recorded, entry by entry.
pub(super) struct Values<'r> {
    specs: BTreeMap<Named, &'r EntrySpec>,
    inputs: BTreeMap<Named, Inputs>,
}

/// Inputs of one entry: so many of them conform, the others lead to branches that are there for what does not.
struct Inputs {
    all: Vec<Input>,
    conforming: usize,
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
    pub(super) fn of(record: &'r MasterRecord, conditions: &[Condition]) -> Self {
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
        Self { specs, inputs }
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

    /// Values with which everything that is computed and judged comes inside its limits, and what cannot be
    /// brought there.
    pub(super) fn within(&self) -> (Picks, Vec<Named>) {
        let (mut picks, mut failing) = (Picks::new(), Vec::new());
        let judged: Vec<&Named> =
            self.specs.keys().filter(|named| self.is_computed(named)).collect();
        for named in judged {
            if self.meets(named, &picks) {
                continue;
            }
            let goal = |picks: &Picks| self.meets(named, picks);
            match self.search(&self.leaves(named), &picks, Within::Limits, &goal) {
                Some(found) => picks = found,
                None => failing.push(named.clone()),
            }
        }
        (picks, failing)
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
        let goal = |picks: &Picks| self.answer(&expr, own, picks) == Some(to);
        self.search(&leaves, base, within, &goal)
    }

    /// How a condition comes out, as far as values say.
    pub(super) fn comes_out(&self, picks: &Picks, condition: &Condition) -> Option<bool> {
        let expr = calc::parse(&condition.text).ok()?;
        self.answer(&expr, condition.own.as_deref(), picks)
    }

    fn answer(&self, expr: &Expr, own: Option<&str>, picks: &Picks) -> Option<bool> {
        let supposed = Supposed { values: self, own, picks, deep: 0 };
        match calc::answer(expr, &supposed).0 {
            Answer::Holds => Some(true),
            Answer::Fails => Some(false),
            Answer::Undecided(_) => None,
        }
    }

    fn is_computed(&self, named: &Named) -> bool {
        self.specs.get(named).is_some_and(|spec| spec.kind.as_kind().inputs().is_some())
    }

    /// Whether a computed value is inside its limits; what cannot be told of values alone is.
    fn meets(&self, named: &Named, picks: &Picks) -> bool {
        let Some(spec) = self.specs.get(named) else { return true };
        let value = self.value(named, picks, 0);
        value.is_none_or(|value| worst(&spec.judge(&value)).is_none())
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
        goal: &dyn Fn(&Picks) -> bool,
    ) -> Option<Picks> {
        let size = |leaf: &Named| {
            let inputs = self.inputs.get(leaf);
            inputs.map_or(1, |inputs| match within {
                Within::Limits => inputs.conforming.max(1),
                Within::Anything => inputs.all.len().max(1),
            })
        };
        let sizes: Vec<usize> = leaves.iter().map(size).collect();
        let bearing: Vec<&Named> = self
            .specs
            .keys()
            .filter(|_| within == Within::Limits)
            .filter(|named| self.is_computed(named) && self.meets(named, base))
            .filter(|named| self.leaves(named).iter().any(|leaf| leaves.contains(leaf)))
            .collect();
        let all = sizes.iter().try_fold(1_usize, |n, size| n.checked_mul(*size));
        (0..all.unwrap_or(MOST).min(MOST)).find_map(|number| {
            let (mut picks, mut rest) = (base.clone(), number);
            for (leaf, size) in leaves.iter().zip(&sizes) {
                let before = base.get(leaf).copied().unwrap_or(0);
                picks.insert(leaf.clone(), (before + rest % size) % size);
                rest /= size;
            }
            (goal(&picks) && bearing.iter().all(|named| self.meets(named, &picks))).then_some(picks)
        })
    }

    fn value(&self, named: &Named, picks: &Picks, deep: u8) -> Option<EntryValue> {
        let spec = self.specs.get(named)?;
        if spec.kind.as_kind().inputs().is_some() {
            if deep > DEEPEST {
                return None;
            }
            let own = named.0.as_deref();
            let supposed = Supposed { values: self, own, picks, deep: deep + 1 };
            return spec.kind.as_kind().compute(&supposed).ok()?.map(|outcome| outcome.value);
        }
        let pick = picks.get(named).copied().unwrap_or(0);
        spec.parse(self.inputs.get(named)?.all.get(pick)?).ok()
    }
}

/// Values as they would be recorded: no run, no time.
struct Supposed<'v, 'r> {
    values: &'v Values<'r>,
    own: Option<&'v str>,
    picks: &'v Picks,
    deep: u8,
}

impl Known for Supposed<'_, '_> {
    fn entries(&self, step: Option<&str>, entry: &str, _: Which) -> Vec<KnownEntry> {
        let named = (step.or(self.own).map(str::to_owned), entry.to_owned());
        let found = self.values.value(&named, self.picks, self.deep);
        let known = |value| KnownEntry { at: entry.to_owned(), version: 1, seq: 0, value };
        found.map(known).into_iter().collect()
    }

    fn at(&self) -> Instant {
        Instant(0)
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

/// What conditions compare with: the numbers, those close by, and the texts.
fn constants(conditions: &[Condition]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for said in conditions.iter().flat_map(|condition| written(&condition.text)) {
        if let Ok(number) = said.parse::<Decimal>() {
            let near = (number.abs() / Decimal::ONE_HUNDRED).max(Decimal::new(1, 2));
            let by = [Decimal::ZERO, near, near * Decimal::TEN, Decimal::ONE];
            found.extend(by.map(|by| (number + by).normalize().to_string()));
            found.extend(by.map(|by| (number - by).normalize().to_string()));
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
