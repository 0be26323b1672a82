//! Order: everything can be reached, nothing waits for itself.
//!
//! Beginnings and ends of operations and steps are points; each rule says which point comes before
//! which. A circle of such rules can never be walked (P11-10f).

use super::{Finding, all_steps, operations, steps_of};
use crate::domain::entry::spec::Due;
use crate::domain::master::{MasterRecord, Order};
use std::collections::{BTreeMap, BTreeSet};

/// The beginning or the end of an operation or step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Point<'a> {
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

#[derive(Default)]
struct Graph<'a>(BTreeMap<Point<'a>, BTreeSet<Point<'a>>>);

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let graph = Graph::of(record);
    let pointers = pointers(record);
    for circle in graph.circles() {
        let ids: BTreeSet<&str> = circle.iter().map(|point| point.id()).collect();
        let names: Vec<&str> = ids.iter().copied().collect();
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
    for step in all_steps(record) {
        for (i, entry) in step.what.entries.iter().enumerate() {
            let Due::Gate(gate) = &entry.due else { continue };
            let Some(gate) = record.gates.iter().find(|known| known.id == *gate) else { continue };
            let begins = Point::Begin(&step.what.id);
            let late = gate.before.iter().find(|id| graph.precedes(Point::Begin(id), begins));
            if let Some(behind) = late {
                let sentence = format!(
                    "{} is due before gate {}, but its step comes only after {behind}, which that gate guards",
                    entry.id, gate.id
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

    fn reach(&self, from: Point<'a>) -> BTreeSet<Point<'a>> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<Point<'a>> = self.0.get(&from).into_iter().flatten().copied().collect();
        while let Some(point) = open.pop() {
            if seen.insert(point) {
                open.extend(self.0.get(&point).into_iter().flatten());
            }
        }
        seen
    }

    /// Whether `first` comes before `then`, or is it.
    fn precedes(&self, first: Point<'a>, then: Point<'a>) -> bool {
        first == then || self.reach(first).contains(&then)
    }

    /// Groups of points that each come before all others of the group.
    fn circles(&self) -> Vec<BTreeSet<Point<'a>>> {
        let reach: BTreeMap<_, _> = self.0.keys().map(|p| (*p, self.reach(*p))).collect();
        let mut circles: Vec<BTreeSet<Point<'a>>> = Vec::new();
        for (point, ahead) in &reach {
            let done = circles.iter().any(|circle| circle.contains(point));
            if done || !ahead.contains(point) {
                continue;
            }
            let back = |other: &&Point<'a>| reach.get(*other).is_some_and(|r| r.contains(point));
            circles.push(ahead.iter().filter(back).copied().collect());
        }
        circles
    }
}
