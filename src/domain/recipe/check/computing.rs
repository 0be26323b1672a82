//! Calculations, durations and conditions: they read, lead somewhere, agree in their units, wait for
//! nothing that comes later, and not for themselves (21 CFR 211.68(b), F24).

use crate::domain::calc::types::{Sort, Sorts, sort};
use crate::domain::calc::unit::Unit;
use crate::domain::calc::{self, Expr, Place};
use crate::domain::entry::computing::{Reference, Which};
use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::recipe::MasterRecord;
use crate::domain::recipe::check::order::Sequence;
use crate::domain::recipe::check::{Finding, all_steps, operations, settled};
use crate::domain::recipe::timing::{Moment, MomentAt};
use std::collections::{BTreeMap, BTreeSet};

const CALCULATION: &str = "calculation";
const CONDITION: &str = "condition";

/// A step (none: the run itself) and an entry of it.
type Named = (Option<String>, String);

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let sequence = Sequence::of(record);
    let mut check = Check { record, sequence, findings, needs: BTreeMap::new() };
    for operation in operations(record) {
        let what = operation.what;
        let pointer = format!("{}/when", operation.pointer);
        check.condition(what.order.when.as_deref(), &pointer, Asker::Begin(&what.id));
        if what.order.when.is_none() && what.steps.iter().all(|step| step.order.when.is_some()) {
            let why = "every step stands on a condition: where none holds, the operation could never be closed; put the condition on the operation";
            check.say(&pointer, CONDITION, why.to_owned());
        }
    }
    for step in all_steps(record) {
        let own = step.what.id.as_str();
        let pointer = format!("{}/when", step.pointer);
        check.condition(step.what.order.when.as_deref(), &pointer, Asker::Begin(own));
        for (i, entry) in step.what.entries.iter().enumerate() {
            check.entry(Some(own), entry, &format!("{}/entries/{i}", step.pointer));
        }
    }
    for (i, entry) in record.release_specifications.iter().enumerate() {
        check.entry(None, entry, &format!("/release_specifications/{i}"));
    }
    check.circles();
}

struct Check<'a, 'f> {
    record: &'a MasterRecord,
    sequence: Sequence<'a>,
    findings: &'f mut Vec<Finding>,
    /// What each computed entry needs, with its pointer.
    needs: BTreeMap<Named, (String, Vec<Reference>)>,
}

/// Where an expression asks from.
#[derive(Clone, Copy)]
enum Asker<'a> {
    /// Before a step or operation begins.
    Begin(&'a str),
    /// An entry of a step, needed before the step ends.
    Within(&'a str),
    /// An entry of a step that may come later.
    Due(&'a str),
    /// A release specification.
    Run,
}

impl<'a> Asker<'a> {
    /// The step whose entries are meant without a step's name.
    fn own(self) -> Option<&'a str> {
        match self {
            Self::Within(own) | Self::Due(own) => Some(own),
            Self::Begin(_) | Self::Run => None,
        }
    }
}

impl<'a> Check<'a, '_> {
    fn say(&mut self, pointer: &str, code: &str, sentence: String) {
        self.findings.push(Finding::new(pointer, code, "C211-68b2", sentence));
    }

    fn entry(&mut self, own: Option<&'a str>, entry: &'a EntrySpec, pointer: &str) {
        let from = match (own, entry.due == Due::Step) {
            (Some(own), true) => Asker::Within(own),
            (Some(own), false) => Asker::Due(own),
            (None, _) => Asker::Run,
        };
        self.condition(entry.when.as_deref(), &format!("{pointer}/when"), from);
        let Some(mut needs) = entry.kind.as_kind().inputs() else { return };
        if let Some(formula) = entry.kind.as_kind().formula() {
            // What cannot be read is a fault of the entry itself, and said there.
            if let Ok(expr) = calc::parse(formula.expression) {
                let at = format!("{pointer}/expression");
                self.references(&expr, &at, from);
                let around = Around { record: self.record, from };
                if let Some(why) = settled::ratio(&expr, &around) {
                    self.say(&at, CALCULATION, format!("{}: {why}", entry.id));
                }
                match sort(&expr, &around) {
                    Err(why) => self.say(&at, CALCULATION, format!("{}: {why}", entry.id)),
                    Ok(Sort::Number(unit)) if unit.fits(formula.unit) => {}
                    Ok(found) => {
                        let wanted = Unit::of(formula.unit);
                        let id = &entry.id;
                        let sentence = format!("{id} is declared in {wanted} and comes to {found}");
                        self.say(&at, CALCULATION, sentence);
                    }
                }
            }
        } else {
            for need in &needs {
                let Reference::Moment(moment) = need else { continue };
                self.moment(moment, pointer);
            }
        }
        if let Some(when) = entry.when.as_deref().and_then(|when| calc::parse(when).ok()) {
            needs.extend(when.references());
        }
        let named = (own.map(str::to_owned), entry.id.clone());
        self.needs.insert(named, (pointer.to_owned(), needs));
    }

    fn condition(&mut self, when: Option<&str>, pointer: &str, from: Asker<'_>) {
        let Some(when) = when else { return };
        let expr = match calc::parse(when) {
            Ok(expr) => expr,
            Err(why) => return self.say(pointer, CONDITION, format!("{when:?}: {why}")),
        };
        self.references(&expr, pointer, from);
        let around = Around { record: self.record, from };
        if let Some(why) = settled::ratio(&expr, &around) {
            self.say(pointer, CONDITION, why);
        }
        match sort(&expr, &around) {
            Ok(Sort::Truth) => {}
            Ok(found) => {
                let sentence = format!("{expr} is {found}; a condition is true or false");
                self.say(pointer, CONDITION, sentence);
            }
            Err(why) => self.say(pointer, CONDITION, why),
        }
    }

    /// Of what repeats is said which occurrence is meant, unless both repeat together.
    fn which(&mut self, expr: &Expr, pointer: &str, from: Asker<'_>) {
        for place in expr.places() {
            let Some((operation, step)) = place.step.as_deref().and_then(|id| self.record.step(id))
            else {
                continue;
            };
            // What a step begins by is asked before it is an occurrence of anything.
            let begins = match from {
                Asker::Begin(own) => Some(own),
                Asker::Within(_) | Asker::Due(_) | Asker::Run => None,
            };
            let asking = from.own().and_then(|id| self.record.step(id));
            let together = asking.is_some_and(|(of, asks)| {
                of.id == operation.id && (asks.id == step.id || asks.order.repeats())
            });
            let own = from.own().or(begins);
            let within = own == Some(operation.id.as_str())
                || own
                    .and_then(|id| self.record.step(id))
                    .is_some_and(|(of, _)| of.id == operation.id);
            let many = step.order.repeats() && !together || operation.order.repeats() && !within;
            if place.which == Which::Current && many {
                let of = if step.order.repeats() { &step.id } else { &operation.id };
                let sentence = format!(
                    "{place} is ambiguous, since {of} occurs several times: write all{place}, first{place} or last{place}"
                );
                self.findings.push(Finding::new(pointer, "ambiguous", "C211-68b2", sentence));
            }
        }
    }

    /// Nothing waits for what comes later.
    fn references(&mut self, expr: &Expr, pointer: &str, from: Asker<'_>) {
        self.which(expr, pointer, from);
        for place in expr.places() {
            let Some(step) = place.step.as_deref().filter(|step| Some(*step) != from.own()) else {
                continue;
            };
            let later = self.record.step(step).is_some()
                && match from {
                    Asker::Begin(own) => self.sequence.begins_after(own, step),
                    Asker::Within(own) => self.sequence.begins_after_end(own, step),
                    Asker::Due(_) | Asker::Run => false,
                };
            if later {
                let sentence = format!(
                    "{place} can only be there later; what is asked here cannot wait for it"
                );
                self.findings.push(Finding::new(pointer, "unreachable", "P11-10f", sentence));
            }
        }
    }

    fn moment(&mut self, moment: &Moment, pointer: &str) {
        let of = moment.of.as_str();
        let step = self.record.step(of);
        let known = match (&moment.entry, moment.at) {
            (None, MomentAt::Started | MomentAt::Completed) => {
                step.is_some() || self.record.operation(of).is_some()
            }
            (Some(entry), MomentAt::Entry) => {
                step.is_some_and(|(_, step)| step.entries.iter().any(|known| known.id == *entry))
            }
            // A fault of the entry itself.
            _ => return,
        };
        if !known {
            let what = moment.entry.as_ref().map(|entry| format!("/{entry}")).unwrap_or_default();
            let sentence = format!("there is no moment of {of}{what} in this master record");
            self.findings.push(Finding::new(pointer, "unknown-reference", "C211-186b", sentence));
        }
    }

    /// No value is computed from itself, near or far; from its own occurrence before it may.
    fn circles(&mut self) {
        let named: Vec<_> = self.needs.keys().cloned().collect();
        let found: Vec<_> = named
            .iter()
            .filter(|named| self.reach(named).contains(*named))
            .filter_map(|named| {
                let (pointer, _) = self.needs.get(named)?;
                Some((pointer.clone(), format!("{} is computed from itself", named.1)))
            })
            .collect();
        for (pointer, sentence) in found {
            self.say(&pointer, CALCULATION, sentence);
        }
    }

    fn reach(&self, from: &Named) -> BTreeSet<Named> {
        let mut seen = BTreeSet::new();
        let mut open = vec![from.clone()];
        while let Some(named) = open.pop() {
            let Some((_, needs)) = self.needs.get(&named) else { continue };
            for need in needs {
                let next = match need {
                    Reference::Entry { step, entry, which } => {
                        let next = (step.clone().or_else(|| named.0.clone()), entry.clone());
                        if *which == Which::Previous && next == named {
                            continue;
                        }
                        next
                    }
                    Reference::Moment(Moment { of, entry: Some(entry), .. }) => {
                        (Some(of.clone()), entry.clone())
                    }
                    Reference::Moment(_) | Reference::Run => continue,
                };
                if seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        seen
    }
}

/// What a master record says of the entries that references lead to.
struct Around<'a> {
    record: &'a MasterRecord,
    from: Asker<'a>,
}

impl Around<'_> {
    fn find(&self, place: &Place) -> Option<&EntrySpec> {
        let entries = match (place.step.as_deref().or(self.from.own()), self.from) {
            (Some(step), _) => self.record.step(step)?.1.entries.as_slice(),
            (None, Asker::Run) => self.record.release_specifications.as_slice(),
            // Before a step begins it has no entries: the step meant is named.
            (None, _) => return None,
        };
        entries.iter().find(|known| known.id == place.entry)
    }
}

impl Sorts for Around<'_> {
    fn sort(&self, place: &Place) -> Result<Sort, String> {
        let spec = self
            .find(place)
            .ok_or_else(|| format!("{place} leads to no entry of this master record"))?;
        spec.kind.as_kind().sort().ok_or_else(|| {
            let kind = spec.kind.name();
            format!("{place} is of kind {kind}, and nothing can be calculated with that")
        })
    }
}
