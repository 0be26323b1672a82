//! What the server computes in a recipe, inputs first, and which of it reads an entry or a moment.

use crate::domain::calc::{self, Aggregate};
use crate::domain::entry::computing::{Reference, Which};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::recipe::MasterRecord;
use crate::domain::recipe::timing::MomentAt;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An entry of a step, or a release specification, by its ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The step; none for release specifications.
    pub step: Option<String>,
    pub entry: String,
}

/// A computed entry that reads something, and of which occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// Its index in the order of computing.
    pub computed: usize,
    /// Which occurrence it means.
    pub which: Which,
}

/// Who reads what.
#[derive(Debug, Default)]
pub struct Reads {
    /// Every computed entry, what it is computed from before it.
    pub computed: Vec<Named>,
    of_step: HashMap<String, Vec<usize>>,
    entries: HashMap<String, HashMap<String, Vec<Reader>>>,
    moments: HashMap<String, Vec<Reader>>,
    run: Vec<Reader>,
    /// The lists of steps' entries that something is computed from, by step and entry.
    pub lists: BTreeMap<(String, String), Kept>,
    /// Which of the computed entries stand on a list, near or far: with every value of it they would be others.
    growing: BTreeSet<usize>,
}

/// What is kept of a list beside its sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    /// Its numbers in order of size: a median is asked.
    pub sorted: bool,
    /// The sum of their logarithms: a geometric mean is asked.
    pub logarithms: bool,
}

/// Where the release specifications stand among the steps, none of which has an empty id.
const RELEASE: &str = "";

impl Reads {
    pub(super) fn of(record: &MasterRecord) -> Self {
        let mut reads = Self { computed: in_order(record), ..Self::default() };
        for (index, named) in reads.computed.clone().iter().enumerate() {
            if let Some(step) = &named.step {
                reads.of_step.entry(step.clone()).or_default().push(index);
            }
            let Some(spec) = spec(record, named) else { continue };
            let inputs = spec.kind.as_kind().inputs().unwrap_or_default();
            reads.grows(index, named, spec, &inputs);
            for reference in inputs.into_iter().chain(condition(spec)) {
                reads.reads(record, index, named, reference);
            }
        }
        reads
    }

    /// Notes the lists that a computed entry stands on, and whether it stands on any; what it is computed from is
    /// noted already.
    fn grows(&mut self, index: usize, named: &Named, spec: &EntrySpec, inputs: &[Reference]) {
        let formula = spec.kind.as_kind().formula();
        let expr = formula.and_then(|formula| calc::parse(formula.expression).ok());
        let asked = expr.map(|expr| expr.lists()).unwrap_or_default();
        for input in inputs {
            let Reference::Entry { step, entry, which } = input else { continue };
            let step = step.clone().or_else(|| named.step.clone());
            if *which == Which::All {
                self.growing.insert(index);
                if let Some(step) = &step {
                    let kept = self.lists.entry((step.clone(), entry.clone())).or_default();
                    let of = |asks: Aggregate| {
                        asked
                            .iter()
                            .any(|(aggregate, place)| *aggregate == asks && place.entry == *entry)
                    };
                    kept.sorted |= of(Aggregate::Median);
                    kept.logarithms |= of(Aggregate::Geomean);
                }
            } else if *which != Which::Previous {
                let input = Named { step, entry: entry.clone() };
                let known = self.computed.iter().position(|it| *it == input);
                if known.is_some_and(|known| self.growing.contains(&known)) {
                    self.growing.insert(index);
                }
            }
        }
    }

    /// Whether a computed entry stands on a list, near or far.
    #[must_use]
    pub fn is_growing(&self, step: Option<&str>, entry: &str) -> bool {
        self.index(step, entry).is_some_and(|index| self.growing.contains(&index))
    }

    /// The computed entries that stand on a list, by their index.
    #[must_use]
    pub fn growing(&self) -> &BTreeSet<usize> {
        &self.growing
    }

    fn index(&self, step: Option<&str>, entry: &str) -> Option<usize> {
        if self.growing.is_empty() {
            return None;
        }
        let of = |index: &usize| {
            let named = &self.computed[*index];
            named.entry == entry && named.step.as_deref() == step
        };
        match step {
            Some(step) => self.of_step(step).iter().copied().find(of),
            None => (0..self.computed.len()).find(of),
        }
    }

    fn reads(&mut self, record: &MasterRecord, index: usize, named: &Named, reference: Reference) {
        let mut of_entry = |step: Option<String>, entry: String, which| {
            let step = step.unwrap_or_else(|| RELEASE.to_owned());
            let readers = self.entries.entry(step).or_default().entry(entry).or_default();
            readers.push(Reader { computed: index, which });
        };
        match reference {
            Reference::Entry { step, entry, which } => {
                of_entry(step.or_else(|| named.step.clone()), entry, which);
            }
            Reference::Moment(moment) => {
                let reader = Reader { computed: index, which: Which::Current };
                match moment.entry {
                    Some(entry)
                        if moment.at == MomentAt::Entry
                            && record.operation(&moment.of).is_none() =>
                    {
                        of_entry(Some(moment.of), entry, Which::Current);
                    }
                    _ => self.moments.entry(moment.of).or_default().push(reader),
                }
            }
            Reference::Run => self.run.push(Reader { computed: index, which: Which::Current }),
        }
    }

    /// Whether the server computes nothing here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.computed.is_empty()
    }

    /// The computed entries of a step.
    #[must_use]
    pub fn of_step(&self, step: &str) -> &[usize] {
        self.of_step.get(step).map_or(&[], Vec::as_slice)
    }

    /// Who reads an entry of a step, or a release specification.
    #[must_use]
    pub fn entry(&self, step: Option<&str>, entry: &str) -> &[Reader] {
        let of_step = self.entries.get(step.unwrap_or(RELEASE));
        of_step.and_then(|of_step| of_step.get(entry)).map_or(&[], Vec::as_slice)
    }

    /// Who reads any entry of a step.
    pub fn entries(&self, step: &str) -> impl Iterator<Item = Reader> + '_ {
        self.entries.get(step).into_iter().flat_map(HashMap::values).flatten().copied()
    }

    /// Who reads when a step or an operation began or ended.
    #[must_use]
    pub fn moment(&self, of: &str) -> &[Reader] {
        self.moments.get(of).map_or(&[], Vec::as_slice)
    }

    /// Who reads something else of the run that changes with acts: alarms, lots.
    #[must_use]
    pub fn run(&self) -> &[Reader] {
        &self.run
    }
}

fn spec<'r>(record: &'r MasterRecord, named: &Named) -> Option<&'r EntrySpec> {
    let entries = match &named.step {
        Some(step) => &record.step(step)?.1.entries,
        None => &record.release_specifications,
    };
    entries.iter().find(|entry| entry.id == named.entry)
}

/// What the condition looks at under which an entry is asked, and so computed.
fn condition(spec: &EntrySpec) -> Vec<Reference> {
    let read = spec.when.as_deref().and_then(|when| calc::parse(when).ok());
    read.map(|expr| expr.references()).unwrap_or_default()
}

/// Every computed entry of a recipe, what it is computed from before it.
fn in_order(record: &MasterRecord) -> Vec<Named> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    let steps = record.steps().flat_map(|(_, step)| {
        let of_step =
            |entry: &EntrySpec| Named { step: Some(step.id.clone()), entry: entry.id.clone() };
        step.entries.iter().map(of_step)
    });
    let release = record.release_specifications.iter();
    let release = release.map(|entry| Named { step: None, entry: entry.id.clone() });
    for named in steps.chain(release) {
        visit(record, named, &mut seen, &mut order);
    }
    order
}

/// Depth first; the master check forbids circles, and one would end here all the same.
fn visit(record: &MasterRecord, named: Named, seen: &mut BTreeSet<Named>, order: &mut Vec<Named>) {
    let inputs = spec(record, &named).and_then(|spec| spec.kind.as_kind().inputs());
    let Some(inputs) = inputs else { return };
    if !seen.insert(named.clone()) {
        return;
    }
    for input in inputs {
        match input {
            Reference::Entry { step, entry, .. } => {
                let step = step.or_else(|| named.step.clone());
                visit(record, Named { step, entry }, seen, order);
            }
            Reference::Moment(moment) => {
                if let Some(entry) = moment.entry {
                    visit(record, Named { step: Some(moment.of), entry }, seen, order);
                }
            }
            Reference::Run => {}
        }
    }
    order.push(named);
}
