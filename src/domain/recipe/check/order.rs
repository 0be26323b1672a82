//! Order: everything can be reached, nothing waits for itself.
//!
//! Beginnings and ends of operations and steps are points; each rule says which point comes before
//! which. A circle of such rules can never be walked (P11-10f).

use crate::domain::entry::spec::Due;
use crate::domain::recipe::check::{Finding, all_steps, operations, steps_of};
use crate::domain::recipe::{MasterRecord, Order};
use std::collections::{BTreeMap, BTreeSet};

/// The beginning or the end of an operation or step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Point<'a> {
    Begin(&'a str),
    End(&'a str),
}

impl<'a> Point<'a> {
    fn id(self) -> &'a str {
        match self {
            Self::Begin(id) | Self::End(id) => id,
        }
    }
}

/// What comes after what, for those who refer to something.
pub(super) struct Sequence<'a>(Graph<'a>);

impl<'a> Sequence<'a> {
    pub(super) fn of(record: &'a MasterRecord) -> Self {
        Self(Graph::of(record))
    }

    /// Whether a step begins only at or after the beginning of another step or operation.
    pub(super) fn begins_after(&self, own: &str, other: &str) -> bool {
        self.0.reach(vec![Point::Begin(own)]).contains(&Point::Begin(other))
    }

    /// Every two points of which the first comes before the second.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Point<'a>, Point<'a>)> {
        let all = self.0.0.iter();
        all.flat_map(|(before, after)| after.iter().map(|after| (*before, *after)))
    }

    /// Whether a step begins only after the end of another.
    pub(super) fn begins_after_end(&self, own: &str, other: &str) -> bool {
        self.0.reach(vec![Point::End(own)]).contains(&Point::Begin(other))
    }
}

/// So many circles are named, and so many members of each; correcting them shows the rest.
const SHOWN: usize = 20;

#[derive(Default)]
struct Graph<'a>(BTreeMap<Point<'a>, BTreeSet<Point<'a>>>);

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let graph = Graph::of(record);
    let pointers = pointers(record);
    for circle in graph.circles() {
        let ids: BTreeSet<&str> = circle.iter().map(|point| point.id()).collect();
        let names: Vec<&str> = ids.iter().copied().take(SHOWN).collect();
        let pointer = names.iter().find_map(|id| pointers.get(id)).cloned().unwrap_or_default();
        let sentence = format!(
            "{} wait for each other and can never begin; change their after or while",
            names.join(", ")
        );
        findings.push(Finding::new(pointer, "unreachable", "P11-10f", sentence));
    }
    due_before_gates(record, &graph, findings);
}

/// An entry due at a gate must be recordable before the steps behind that gate.
fn due_before_gates(record: &MasterRecord, graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    let behind: BTreeMap<&str, BTreeSet<Point<'_>>> = record
        .gates
        .iter()
        .map(|gate| {
            let guarded = gate.before.iter().map(|id| Point::Begin(id.as_str()));
            (gate.id.as_str(), graph.reach(guarded.collect()))
        })
        .collect();
    for step in all_steps(record) {
        for (i, entry) in step.what.entries.iter().enumerate() {
            let Due::Gate(gate) = &entry.due else { continue };
            let begins = Point::Begin(&step.what.id);
            if behind.get(gate.as_str()).is_some_and(|points| points.contains(&begins)) {
                let sentence = format!(
                    "{} is due before gate {gate}, but its step comes only behind that gate",
                    entry.id
                );
                let pointer = format!("{}/entries/{i}/due", step.pointer);
                findings.push(Finding::new(pointer, "unreachable", "P11-10f", sentence));
            }
        }
    }
}

fn pointers(record: &MasterRecord) -> BTreeMap<&str, String> {
    let operations = operations(record).into_iter().map(|at| (at.what.id.as_str(), at.pointer));
    let steps = all_steps(record).into_iter().map(|at| (at.what.id.as_str(), at.pointer));
    operations.chain(steps).collect()
}

impl<'a> Graph<'a> {
    fn of(record: &'a MasterRecord) -> Self {
        let mut graph = Self::default();
        for operation in operations(record) {
            let id = operation.what.id.as_str();
            graph.add(Point::Begin(id), Point::End(id));
            graph.order(id, &operation.what.order);
            for step in steps_of(&operation) {
                let inner = step.what.id.as_str();
                graph.add(Point::Begin(id), Point::Begin(inner));
                graph.add(Point::Begin(inner), Point::End(inner));
                graph.add(Point::End(inner), Point::End(id));
                graph.order(inner, &step.what.order);
            }
        }
        graph
    }

    fn order(&mut self, id: &'a str, order: &'a Order) {
        for before in &order.after {
            self.add(Point::End(before), Point::Begin(id));
        }
        if let Some(host) = &order.while_runs {
            self.add(Point::Begin(host), Point::Begin(id));
            self.add(Point::Begin(id), Point::End(host));
        }
    }

    fn add(&mut self, before: Point<'a>, after: Point<'a>) {
        self.0.entry(before).or_default().insert(after);
        self.0.entry(after).or_default();
    }

    /// These points and all that come after one of them.
    fn reach<'q>(&self, from: Vec<Point<'q>>) -> BTreeSet<Point<'q>>
    where
        'a: 'q,
    {
        let mut seen = BTreeSet::new();
        let mut open = from;
        while let Some(point) = open.pop() {
            if seen.insert(point) {
                open.extend(self.0.get(&point).into_iter().flatten());
            }
        }
        seen
    }

    /// What is left when everything that waits for nothing is taken away, again and again: circles,
    /// and what lies between them. Empty in a record that can be walked.
    fn knot(&self) -> Self {
        let forward = self.without_sources();
        forward.reversed().without_sources().reversed()
    }

    fn without_sources(&self) -> Self {
        let mut waits: BTreeMap<Point<'a>, usize> = self.0.keys().map(|p| (*p, 0)).collect();
        for after in self.0.values().flatten() {
            *waits.entry(*after).or_default() += 1;
        }
        let mut free: Vec<_> = waits.iter().filter(|(_, n)| **n == 0).map(|(p, _)| *p).collect();
        while let Some(point) = free.pop() {
            waits.remove(&point);
            for after in self.0.get(&point).into_iter().flatten() {
                if let Some(n) = waits.get_mut(after) {
                    *n -= 1;
                    if *n == 0 {
                        free.push(*after);
                    }
                }
            }
        }
        let kept = |points: &BTreeSet<Point<'a>>| {
            points.iter().filter(|p| waits.contains_key(p)).copied().collect()
        };
        let stays = self.0.iter().filter(|(point, _)| waits.contains_key(point));
        Self(stays.map(|(point, after)| (*point, kept(after))).collect())
    }

    fn reversed(&self) -> Self {
        let mut graph = Self::default();
        for (before, points) in &self.0 {
            graph.0.entry(*before).or_default();
            for after in points {
                graph.add(*after, *before);
            }
        }
        graph
    }

    /// Groups of points that each come before all others of the group; the first few of them.
    fn circles(&self) -> Vec<BTreeSet<Point<'a>>> {
        let knot = self.knot();
        let back = knot.reversed();
        let mut circles: Vec<BTreeSet<Point<'a>>> = Vec::new();
        for point in knot.0.keys() {
            if circles.len() == SHOWN {
                break;
            }
            if circles.iter().any(|circle| circle.contains(point)) {
                continue;
            }
            let before = back.reach(vec![*point]);
            let circle: BTreeSet<_> =
                knot.reach(vec![*point]).intersection(&before).copied().collect();
            if circle.len() > 1 || knot.0.get(point).is_some_and(|after| after.contains(point)) {
                circles.push(circle);
            }
        }
        circles
    }
}
