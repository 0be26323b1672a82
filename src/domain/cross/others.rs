//! Which other batches a deviation may concern (21 CFR 211.192): those that share a lot, a device, a piece
//! of equipment, an area or a person with its runs, within thirty days before or after what happened.

use crate::domain::clock::{Instant, MINUTE};
use crate::domain::deviation::Deviation;
use crate::domain::deviation::ground::{Ground, Proposal, Share};
use crate::domain::entry::identifier;
use crate::domain::run::reading::ReadingSource;
use crate::domain::run::{Content, EntryRun, EntryVersion, Run};
use crate::domain::words::{Place, Who};
use std::collections::{BTreeMap, BTreeSet};

/// How far before and after an exception other batches are looked for.
const WINDOW: i64 = 30 * 24 * 60 * MINUTE;

/// From when until when other batches are looked at: thirty days around the deviation's exceptions, or
/// around its opening where none of them can be read.
#[must_use]
pub fn window(deviation: &Deviation, runs: &[&Run]) -> (Instant, Instant) {
    let exceptions = runs.iter().flat_map(|run| {
        let named = deviation.runs.get(&run.key).map(|(_, exceptions)| exceptions);
        let of = move |no: &u32| named.is_some_and(|named| named.contains(no));
        run.exceptions.iter().filter(move |e| of(&e.opened.no)).map(|e| e.at)
    });
    let mut moments: Vec<Instant> = exceptions.collect();
    if moments.is_empty() {
        moments.push(deviation.opened.0);
    }
    let first = moments.iter().min().map_or(0, |at| at.0);
    let last = moments.iter().max().map_or(0, |at| at.0);
    (Instant(first.saturating_sub(WINDOW)), Instant(last.saturating_add(WINDOW)))
}

/// The batches among `candidates` that share something with the deviation's runs within its window, by
/// number, each with every ground. The deviation's own runs are never among them.
#[must_use]
pub fn proposed(deviation: &Deviation, runs: &[&Run], candidates: &[&Run]) -> Vec<Proposal> {
    let within = window(deviation, runs);
    // What its own runs used counts whenever they used it.
    let mine: BTreeMap<(Share, String), String> = runs
        .iter()
        .flat_map(|run| uses(run))
        .map(|used| ((used.by, used.key), used.what))
        .collect();
    let mut all: BTreeMap<&str, (&str, BTreeSet<Ground>)> = BTreeMap::new();
    for run in candidates.iter().filter(|run| !deviation.runs.contains_key(&run.key)) {
        for used in uses(run).into_iter().filter(|used| within.0 <= used.at && used.at <= within.1)
        {
            if let Some(what) = mine.get(&(used.by, used.key)) {
                let ground = Ground { by: used.by, what: what.clone() };
                let begins = || (run.recipe.product.code.as_str(), BTreeSet::new());
                all.entry(run.number.as_str()).or_insert_with(begins).1.insert(ground);
            }
        }
    }
    let proposal = |(batch, (product, grounds)): (&str, (&str, BTreeSet<Ground>))| Proposal {
        batch: batch.to_owned(),
        product: product.to_owned(),
        grounds: grounds.into_iter().collect(),
    };
    all.into_iter().map(proposal).collect()
}

/// One use of something in a run.
struct Used {
    by: Share,
    /// Under which twins are one.
    key: String,
    /// As it is shown.
    what: String,
    at: Instant,
}

/// Everything a run used, from its entries, determinations, alarms, happenings, operations and lots.
fn uses(run: &Run) -> Vec<Used> {
    let mut all = Uses(Vec::new());
    for step in run.steps.values() {
        all.person(&step.started_by, step.started_at);
        if let (Some(who), Some(at)) = (&step.completed_by, step.completed_at) {
            all.person(who, at);
        }
        step.entries.values().for_each(|entry| all.entry(entry));
    }
    run.release_entries.values().for_each(|entry| all.entry(entry));
    for (key, step) in &run.steps {
        let operation = run.recipe.operation(&key.operation.op);
        if let Some(area) = operation.and_then(|operation| operation.area.as_deref()) {
            all.named(Share::Area, area, step.started_at);
            let entries = step.entries.values().flat_map(|entry| &entry.versions);
            entries.for_each(|version| all.named(Share::Area, area, version.at));
        }
    }
    for alarm in &run.alarms {
        if let Some(source) = &alarm.told.source {
            all.source(source, alarm.told.raised_at);
        }
    }
    for happening in &run.happenings {
        match &happening.told.place {
            Place::Area { area } => all.named(Share::Area, area, happening.at),
            Place::Equipment { equipment } => {
                all.named(Share::Equipment, equipment, happening.at);
            }
            Place::Batch | Place::Operation { .. } | Place::Step { .. } => {}
        }
    }
    // What one batch made and another charged: it was in the making with every step.
    for lot in &run.lots {
        run.steps.values().for_each(|step| all.named(Share::Lot, &lot.number, step.started_at));
        lot.parents.iter().for_each(|parent| all.named(Share::Lot, &parent.number, parent.at));
    }
    all.0
}

struct Uses(Vec<Used>);

impl Uses {
    fn named(&mut self, by: Share, what: &str, at: Instant) {
        self.0.push(Used { by, key: identifier::key(what), what: what.to_owned(), at });
    }

    fn person(&mut self, who: &Who, at: Instant) {
        if who.person.is_some() {
            self.named(Share::Person, &who.user_name, at);
        }
    }

    fn source(&mut self, source: &ReadingSource, at: Instant) {
        self.named(Share::Device, &source.device, at);
    }

    fn entry(&mut self, entry: &EntryRun) {
        entry.versions.iter().for_each(|version| self.version(version));
        for tested in &entry.determinations {
            self.person(&tested.by, tested.at);
            if let Some(source) = &tested.told.source {
                self.source(source, tested.told.performed_at.unwrap_or(tested.at));
            }
        }
        for point in &entry.trail {
            self.person(&point.by, point.at);
        }
    }

    /// A version of an entry, also one that was corrected: what it names may have been used.
    fn version(&mut self, version: &EntryVersion) {
        let at = version.performed_at.unwrap_or(version.at);
        self.person(&version.by, version.at);
        if let Some((checked, who)) = &version.checked {
            self.person(who, *checked);
        }
        if let Some(source) = &version.source {
            self.source(source, at);
        }
        let Content::Value(value) = &version.content else { return };
        for (by, member) in [(Share::Lot, "lot"), (Share::Equipment, "equipment")] {
            if let Some(name) = value.data.get(member).and_then(serde_json::Value::as_str) {
                self.named(by, name, at);
            }
        }
    }
}
