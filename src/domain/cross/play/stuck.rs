//! Why a played batch does not come to its end: what waits for what, round to where it began.

use super::course::Course;
use super::places::Places;
use super::values::Named;
use crate::domain::calc;
use crate::domain::entry::computing::Reference;
use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::ids::OperationKey;
use crate::domain::recipe::check::Finding;
use crate::domain::recipe::timing::{Moment, MomentAt};
use crate::domain::recipe::{Order, Step};
use crate::domain::run::acts::condition::{self, Branch};
use crate::domain::run::{EntryRun, Run, StepPhase};
use std::collections::BTreeSet;
use std::fmt;

/// Requirement of everything here.
const RULE: &str = "P11-10f";

/// Finding code of what can never be brought to its end.
const CODE: &str = "never-completes";

/// Finding code of a circle.
pub(super) const CIRCLE: &str = "waits-for-itself";

/// Something that a batch comes to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Point {
    Start(String),
    End(String),
    Entry(Option<String>, String),
    Gate(String),
    Close(String),
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(step) => write!(f, "the start of {step}"),
            Self::End(step) => write!(f, "the completion of {step}"),
            Self::Entry(Some(step), entry) => write!(f, "[{step}/{entry}]"),
            Self::Entry(None, entry) => write!(f, "[{entry}]"),
            Self::Gate(gate) => write!(f, "the passing of gate {gate}"),
            Self::Close(operation) => write!(f, "the closing of {operation}"),
        }
    }
}

/// How one point waits for another, in words.
type Need = (&'static str, Point);

const WAITS: &str = "waits for";

/// What keeps a batch from its end.
pub(super) struct Stuck {
    pub findings: Vec<Finding>,
    /// Whether something waits for a value that other choices of the player's might bring: behind it nobody can look.
    pub unknown: bool,
}

/// Everything that keeps the batch from its end: each circle once, else where the waiting begins. What waits for a
/// value that only the choice of others kept from being computed is no fault of the record.
pub(super) fn stuck(course: &Course<'_>, places: &Places, chosen: &BTreeSet<Named>) -> Stuck {
    let run = course.run();
    let (mut found, mut told, mut seen) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let mut unknown = false;
    for from in unfinished(run) {
        follow(course, from, &mut seen, &mut |path, circle| {
            let last = &path[path.len() - 1].1;
            if !circle && is_chosen(last, chosen) {
                unknown = true;
                return;
            }
            if !circle && came_too_early(run, last) {
                return;
            }
            let first = if circle { path.iter().position(|(_, at)| at == last) } else { None };
            let chain = &path[first.unwrap_or(0)..];
            let named: BTreeSet<&Point> = chain.iter().map(|(_, point)| point).collect();
            let key: Vec<String> = if circle {
                named.iter().map(ToString::to_string).collect()
            } else {
                vec![last.to_string()]
            };
            if told.insert(key) {
                let sentence = if circle { round(chain) } else { end(course, chain) };
                let at = if circle { &chain[0].1 } else { last };
                let code = if circle { CIRCLE } else { CODE };
                found.push(Finding::new(pointer(at, places), code, RULE, sentence));
            }
        });
    }
    Stuck { findings: found, unknown }
}

/// Whether a point is a value that was not computed because of what was chosen for others.
fn is_chosen(point: &Point, chosen: &BTreeSet<Named>) -> bool {
    let Point::Entry(step, id) = point else { return false };
    chosen.contains(&(step.clone(), id.clone()))
}

/// Whether a time only waits because its end came before its start in the order that was played: another order may
/// bring it, so what follows is told as not played.
fn came_too_early(run: &Run, point: &Point) -> bool {
    let Point::Entry(step, id) = point else { return false };
    let spec = run.recipe.entry(step.as_deref(), id);
    let inputs = spec.and_then(|spec| spec.kind.as_kind().inputs()).unwrap_or_default();
    !inputs.is_empty() && inputs.iter().all(|input| matches!(input, Reference::Moment(_)))
}

/// The circle as a sentence, beginning where it is best understood: at what cannot be completed.
fn round(chain: &[Need]) -> String {
    let links = &chain[1..];
    let from = links.iter().position(|(_, at)| matches!(at, Point::End(_))).unwrap_or(0);
    let turned: Vec<&Need> = links[from..].iter().chain(&links[..from]).collect();
    let mut sentence = turned[0].1.to_string();
    let rest = turned[1..].iter().chain(&turned[..1]);
    for (no, (how, at)) in rest.enumerate() {
        let which = if no == 0 { " " } else { ", which " };
        sentence.push_str(&format!("{which}{how} {at}"));
    }
    format!("{sentence}: neither ever comes; take one of them out of the circle")
}

/// What waits, and why the last of it never comes, as the rules say it.
fn end(course: &Course<'_>, chain: &[Need]) -> String {
    let Some(((_, last), before)) = chain.split_last() else { return String::new() };
    // What the server computes is refused with what needs it.
    let why = refusal(course, last);
    let above = || before.last().map(|(_, above)| refusal(course, above));
    let why = if why.is_empty() { above().unwrap_or_default() } else { why };
    let first = before.first().map(|(_, first)| format!("; {first} waits for it"));
    format!("{last} never comes, whoever tries{}{}", why, first.unwrap_or_default())
}

fn refusal(course: &Course<'_>, point: &Point) -> String {
    let (verb, id) = match point {
        Point::Start(id) => ("start", id),
        Point::End(id) => ("complete", id),
        Point::Entry(_, id) => ("record", id),
        Point::Gate(id) => ("pass", id),
        Point::Close(id) => ("close", id),
    };
    let is = |what: &str| {
        what.split_once(' ').is_some_and(|(did, place)| {
            did == verb && place.split(['/', '~']).any(|part| part == id)
        })
    };
    let said = course.refused.iter().find(|(what, _)| is(what));
    said.map_or_else(String::new, |(_, why)| format!(": {}", why.detail))
}

fn pointer(point: &Point, places: &Places) -> String {
    let found = match point {
        Point::Start(id) | Point::End(id) | Point::Gate(id) | Point::Close(id) => places.thing(id),
        Point::Entry(step, id) => places.entry(step.as_deref(), id),
    };
    found.cloned().unwrap_or_default()
}

/// What must come and has not, in order of writing.
fn unfinished(run: &Run) -> Vec<Point> {
    let mut found = Vec::new();
    for operation in run.recipe.operations().filter(|it| it.order.occurs().min > 0) {
        let first = OperationKey { op: operation.id.clone(), n: 1 };
        let left = condition::leaves_out_operation(run, &first).is_some();
        let point = Point::Close(operation.id.clone());
        if !left && !is_there(run, &point) {
            found.push(point);
        }
    }
    // What was begun and cannot be ended, although it need not have been begun.
    for (key, state) in &run.steps {
        let point = Point::End(key.step.clone());
        if state.phase == StepPhase::Started && !found.contains(&point) {
            found.push(point);
        }
    }
    found
}

/// Walks along what is waited for, and tells of each circle and each end of the walk. The walk is as long as the
/// record, so that it keeps its own place.
fn follow(
    course: &Course<'_>,
    from: Point,
    seen: &mut BTreeSet<Point>,
    tell: &mut dyn FnMut(&[Need], bool),
) {
    let mut path: Vec<Need> = vec![(WAITS, from)];
    let mut open: Vec<std::vec::IntoIter<Need>> = Vec::new();
    while let Some((_, last)) = path.last() {
        let fresh = open.len() < path.len();
        if fresh {
            let before = &path[..path.len() - 1];
            if before.iter().any(|(_, at)| at == last) {
                tell(&path, true);
            } else if seen.insert(last.clone()) && course.world.may_ask() {
                let needs = needs(course.run(), last);
                if needs.is_empty() {
                    tell(&path, false);
                }
                open.push(needs.into_iter());
            }
            if open.len() < path.len() {
                path.pop();
            }
            if open.is_empty() {
                return;
            }
        }
        match open.last_mut().and_then(Iterator::next) {
            Some(need) => path.push(need),
            None => {
                open.pop();
                path.pop();
            }
        }
    }
}

fn is_there(run: &Run, point: &Point) -> bool {
    match point {
        Point::Start(step) => run.steps.iter().any(|(key, _)| key.step == *step),
        Point::End(step) => {
            let mut of = run.steps.iter().filter(|(key, _)| key.step == *step).peekable();
            of.peek().is_some()
                && of.all(|(_, state)| {
                    matches!(state.phase, StepPhase::Complete | StepPhase::NotPerformed)
                })
        }
        Point::Entry(step, entry) => match step {
            Some(step) => {
                let mut of = run.steps.iter().filter(|(key, _)| key.step == *step);
                of.any(|(_, it)| it.entries.get(entry).is_some_and(EntryRun::is_answered))
            }
            None => run.release_entries.get(entry).is_some_and(EntryRun::is_answered),
        },
        Point::Gate(gate) => run.gates.get(gate).is_some_and(|state| !state.passages.is_empty()),
        Point::Close(operation) => {
            let mut of = run.operations.iter().filter(|(key, _)| key.op == *operation);
            of.any(|(_, state)| state.closed.is_some())
        }
    }
}

/// What a point that has not come waits for.
fn needs(run: &Run, point: &Point) -> Vec<Need> {
    let mut found = match point {
        Point::Start(id) => start(run, id),
        Point::End(id) if !is_there(run, &Point::Start(id.clone())) => {
            vec![(WAITS, Point::Start(id.clone()))]
        }
        Point::End(id) => end_of(run, id),
        Point::Entry(step, id) => entry(run, step.as_deref(), id),
        Point::Gate(id) => gate(run, id),
        Point::Close(id) => close(run, id),
    };
    found.retain(|(_, at)| !is_there(run, at));
    found.dedup();
    found
}

fn comes_after(run: &Run, order: &Order, found: &mut Vec<Need>) {
    for id in &order.after {
        let step = run.recipe.step(id).is_some();
        found.push((WAITS, if step { Point::End(id.clone()) } else { Point::Close(id.clone()) }));
    }
    if let Some(host) = order.while_runs.as_ref().filter(|host| run.recipe.step(host).is_some()) {
        found.push((WAITS, Point::Start(host.clone())));
    }
    asks(order.when.as_deref(), None, found);
}

/// What a condition reads.
fn asks(when: Option<&str>, own: Option<&str>, found: &mut Vec<Need>) {
    let Some(Ok(expr)) = when.map(calc::parse) else { return };
    for reference in expr.references() {
        let Reference::Entry { step, entry, .. } = reference else { continue };
        let step = step.or_else(|| own.map(str::to_owned));
        found.push(("is decided by", Point::Entry(step, entry)));
    }
}

fn start(run: &Run, id: &str) -> Vec<Need> {
    let mut found = Vec::new();
    let Some((operation, step)) = run.recipe.step(id) else { return found };
    comes_after(run, &operation.order, &mut found);
    comes_after(run, &step.order, &mut found);
    let gates = run.recipe.gates.iter().filter(|gate| gate.before.iter().any(|it| it == id));
    found.extend(gates.map(|gate| (WAITS, Point::Gate(gate.id.clone()))));
    found
}

/// The occurrence that goes on lacks these.
fn end_of(run: &Run, id: &str) -> Vec<Need> {
    let Some((_, step)) = run.recipe.step(id) else { return Vec::new() };
    let open = run.steps.iter().find(|(key, state)| {
        key.step == id && !matches!(state.phase, StepPhase::Complete | StepPhase::NotPerformed)
    });
    let Some((key, state)) = open else { return Vec::new() };
    let lacks = |entry: &&EntrySpec| {
        let answered = state.entries.get(&entry.id).is_some_and(EntryRun::is_answered);
        let at =
            crate::domain::words::EntryKey { step: Some(key.clone()), entry: entry.id.clone() };
        let asked = !matches!(condition::entry(run, &at, entry), Branch::NotTaken(_));
        entry.mandatory && entry.due == Due::Step && !answered && asked
    };
    let lacking = step.entries.iter().filter(lacks);
    lacking.map(|it| (WAITS, Point::Entry(Some(id.to_owned()), it.id.clone()))).collect()
}

fn entry(run: &Run, own: Option<&str>, id: &str) -> Vec<Need> {
    let mut found = Vec::new();
    let Some(spec) = run.recipe.entry(own, id) else { return found };
    asks(spec.when.as_deref(), own, &mut found);
    for input in spec.kind.as_kind().inputs().unwrap_or_default() {
        match input {
            Reference::Entry { step, entry, .. } => {
                let step = step.or_else(|| own.map(str::to_owned));
                found.push(("is computed from", Point::Entry(step, entry)));
            }
            Reference::Moment(moment) => found.push(("is measured with", moment_of(run, &moment))),
            Reference::Run => {}
        }
    }
    if let Some(sample) = spec.as_result().and_then(|result| result.sample.as_ref()) {
        let takes = |step: &Step| step.entries.iter().any(|it| it.id == *sample);
        let taken = run.recipe.steps().find(|(_, step)| takes(step));
        found.extend(taken.map(|(_, step)| {
            ("is tested on", Point::Entry(Some(step.id.clone()), sample.clone()))
        }));
    }
    if let Some(step) = own.filter(|_| spec.kind.as_kind().inputs().is_none()) {
        found.push((WAITS, Point::Start(step.to_owned())));
    }
    found
}

fn moment_of(run: &Run, moment: &Moment) -> Point {
    let of = moment.of.clone();
    match (moment.at, &moment.entry) {
        (MomentAt::Entry, Some(entry)) => Point::Entry(Some(of), entry.clone()),
        (MomentAt::Completed, _) if run.recipe.step(&of).is_none() => Point::Close(of),
        (MomentAt::Completed, _) => Point::End(of),
        (MomentAt::Started | MomentAt::Entry, _) => Point::Start(of),
    }
}

fn gate(run: &Run, id: &str) -> Vec<Need> {
    let mut found = Vec::new();
    for (_, step) in run.recipe.steps() {
        let due = |entry: &&EntrySpec| entry.due == Due::Gate(id.to_owned()) && entry.mandatory;
        let due = step.entries.iter().filter(due);
        found.extend(due.map(|it| (WAITS, Point::Entry(Some(step.id.clone()), it.id.clone()))));
    }
    let guard = run.recipe.gates.iter().find(|gate| gate.id == id);
    for step in guard.into_iter().flat_map(|gate| &gate.before) {
        let Some((operation, step)) = run.recipe.step(step) else { continue };
        comes_after(run, &operation.order, &mut found);
        comes_after(run, &step.order, &mut found);
    }
    found
}

fn close(run: &Run, id: &str) -> Vec<Need> {
    let Some(operation) = run.recipe.operation(id) else { return Vec::new() };
    let first = OperationKey { op: id.to_owned(), n: 1 };
    let mut found = Vec::new();
    for step in &operation.steps {
        let key =
            crate::domain::ids::StepKey { operation: first.clone(), step: step.id.clone(), k: 1 };
        let left = condition::leaves_out(run, &key).is_some();
        if step.order.occurs().min > 0 && !left {
            found.push((WAITS, Point::End(step.id.clone())));
        }
    }
    found
}
