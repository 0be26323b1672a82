//! The time between two moments, as entries measure it: one start with one end of the same occurrence, on every
//! basis that somebody claims.
//!
//! What nobody declares otherwise was when the server recorded it. What somebody declares and a checker confirmed was
//! then. Until it is checked, both speak: the longest that the time can have been counts for a maximum, and for a
//! minimum the shorter of what is said and what counts now. A date-time entry is the time that it says, whenever it was written down.

use crate::domain::clock::Instant;
use crate::domain::entry::computing::Time;
use crate::domain::entry::date_time;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::timing::{Moment, MomentAt};
use crate::domain::run::declared::{claimed_within, declared, done};
use crate::domain::run::timing::SetBack;
use crate::domain::run::{Content, EntryRun, EntryVersion, OperationRun, Run, StepRun};
use crate::domain::words::Used;
use std::collections::BTreeMap;

/// A moment that came, on every basis.
struct Point {
    used: Used,
    /// Which of several came first.
    order: Instant,
    /// As people say it was; as recorded where they say nothing.
    said: Instant,
    /// As it counts now: as declared once that was checked, else as recorded.
    counts: Instant,
    earliest: Instant,
    latest: Instant,
    /// Its place, where somebody claims it and nobody has checked that.
    unchecked: Option<String>,
}

impl Point {
    fn recorded(at: String, when: Instant) -> Self {
        let used = Used::one(&at, 1, &when.to_string());
        Self {
            used,
            order: when,
            said: when,
            counts: when,
            earliest: when,
            latest: when,
            unchecked: None,
        }
    }

    /// A begin: what is said to have been done in it was not done before.
    fn no_later(self, claimed: Option<Instant>) -> Self {
        Self { earliest: claimed.map_or(self.earliest, |it| it.min(self.earliest)), ..self }
    }
}

/// What belongs together: the occurrence of the operation, where both moments are of one, and the occurrence of the
/// step, where both are of one.
type Occurrence = (Option<OperationKey>, Option<u32>);

/// Starts and ends.
type Ends = (Vec<Point>, Vec<Point>);

/// The time from one moment to another as an entry of an occurrence sees it, or one of the run; nothing as long as
/// no start has its end.
#[must_use]
pub fn measured(run: &Run, from: &Moment, to: &Moment, by: Option<&StepKey>) -> Option<Time> {
    let same = operation(run, from) == operation(run, to);
    let numbered = same && is_paired(run, &from.of, &to.of);
    let mut all: BTreeMap<Occurrence, Ends> = BTreeMap::new();
    let of = |key: &OperationKey, k: u32| (same.then(|| key.clone()), numbered.then_some(k));
    for (key, k, point) in points(run, from, by) {
        all.entry(of(&key, k)).or_default().0.push(point);
    }
    for (key, k, point) in points(run, to, by) {
        all.entry(of(&key, k)).or_default().1.push(point);
    }
    let times = all.into_values().filter_map(|(starts, ends)| between(run, starts, ends));
    times.reduce(worst)
}

/// What stands in the place of a claim where the site's clock was set back within a time.
pub const SET_BACK: &str = "the site's clock, which was set back";

/// The operation that a moment belongs to.
fn operation<'r>(run: &'r Run, moment: &'r Moment) -> &'r str {
    run.recipe.step(&moment.of).map_or(moment.of.as_str(), |(operation, _)| operation.id.as_str())
}

/// Whether two steps of one operation belong together by number: they are one, or both repeat.
fn is_paired(run: &Run, one: &str, other: &str) -> bool {
    let repeats = |id: &str| run.recipe.step(id).map(|(_, step)| step.order.repeats());
    match (repeats(one), repeats(other)) {
        (Some(a), Some(b)) => one == other || a && b,
        _ => false,
    }
}

/// The longest counts for a maximum and the shortest for a minimum, of whichever occurrence.
fn worst(one: Time, other: Time) -> Time {
    let (longer, shorter) = if other.longest > one.longest { (other, one) } else { (one, other) };
    let mut used = longer.used;
    if shorter.shortest < longer.shortest {
        used.extend(shorter.used);
    }
    let mut unchecked = longer.unchecked;
    unchecked.extend(shorter.unchecked);
    unchecked.sort();
    unchecked.dedup();
    Time {
        said: longer.said,
        longest: longer.longest,
        shortest: longer.shortest.min(shorter.shortest),
        used,
        unchecked,
    }
}

/// One start with its end. Of several starts the first one makes the longest time and the last one before the end
/// the shortest; of several ends the first one behind a start counts, so that nothing is set anew.
fn between(run: &Run, mut starts: Vec<Point>, mut ends: Vec<Point>) -> Option<Time> {
    starts.sort_by_key(|point| point.order);
    ends.sort_by_key(|point| point.order);
    let alone = starts.len() == 1 && ends.len() == 1;
    let begun = starts.first()?.order;
    let end = ends.into_iter().find(|end| alone || end.order >= begun)?;
    let before = |start: &Point| alone || start.order <= end.order;
    let all: Vec<Time> =
        starts.iter().filter(|start| before(start)).map(|start| one(run, start, &end)).collect();
    all.into_iter().reduce(worst)
}

/// The time between: what ends in the minute in which it began, written in minutes, did not end before.
fn lasted(start: Instant, end: Instant) -> i64 {
    let time = end.since(start);
    if time < 0 && time.saturating_add(end.width()) > 0 { 0 } else { time }
}

fn one(run: &Run, start: &Point, end: &Point) -> Time {
    let lies = |it: &SetBack| it.is_between(start.earliest, end.latest);
    let set_back = run.set_back.iter().any(lies).then(|| SET_BACK.to_owned());
    let said = lasted(start.said, end.said);
    Time {
        said,
        longest: end.latest.since(start.earliest).max(said),
        // A claim beside a time that nobody claims so makes no time shorter than either of both.
        shortest: said.min(lasted(start.counts, end.counts)),
        used: vec![start.used.clone(), end.used.clone()],
        unchecked: start.unchecked.iter().chain(&end.unchecked).cloned().chain(set_back).collect(),
    }
}

/// Every time a moment came that an entry sees: in its own occurrence of the operation where the moment is of that
/// one, and there, of steps that belong together, in its own number.
fn points(run: &Run, moment: &Moment, by: Option<&StepKey>) -> Vec<(OperationKey, u32, Point)> {
    let own = by.map(|key| &key.operation);
    let Some((operation, _)) = run.recipe.step(&moment.of) else {
        let sees = |key: &OperationKey| {
            key.op == moment.of && own.is_none_or(|own| own.op != moment.of || own == key)
        };
        let all = run.operations.iter().filter(|(key, _)| sees(key));
        let all = all.filter_map(|(key, state)| {
            Some((key.clone(), 1, of_operation(run, key, state, moment)?))
        });
        return all.collect();
    };
    let own = own.filter(|own| own.op == operation.id);
    let number = by.filter(|key| own.is_some() && is_paired(run, &key.step, &moment.of));
    let all = run.steps.seen_from(&operation.id, own, &moment.of, number.map(|key| key.k));
    let all = all.filter(|(key, _)| number.is_none_or(|own| own.k == key.k));
    all.filter_map(|(key, state)| {
        Some((key.operation.clone(), key.k, of_step(key, state, moment)?))
    })
    .collect()
}

fn of_operation(
    run: &Run,
    key: &OperationKey,
    state: &OperationRun,
    moment: &Moment,
) -> Option<Point> {
    match moment.at {
        MomentAt::Started => {
            let within = run.steps.in_operation(key);
            let claimed = within.filter_map(|(_, step)| claimed_within(step)).min();
            let point = Point::recorded(format!("start of {key}"), state.started_at);
            Some(point.no_later(claimed))
        }
        MomentAt::Completed => {
            let (when, _) = state.closed.as_ref()?;
            Some(Point::recorded(format!("end of {key}"), *when))
        }
        MomentAt::Entry => None,
    }
}

fn of_step(key: &StepKey, state: &StepRun, moment: &Moment) -> Option<Point> {
    match moment.at {
        MomentAt::Started => {
            let began = state.began.then_some(state.started_at)?;
            let point = Point::recorded(format!("start of {key}"), began);
            Some(point.no_later(claimed_within(state)))
        }
        MomentAt::Completed => Some(Point::recorded(format!("end of {key}"), state.completed_at?)),
        MomentAt::Entry => {
            let id = moment.entry.as_ref()?;
            of_entry(format!("{key}/{id}"), state.entries.get(id)?)
        }
    }
}

fn of_entry(place: String, entry: &EntryRun) -> Option<Point> {
    let current = entry.current().filter(|version| version.is_value())?;
    let known = declared(entry)?;
    let dated = dated(current).is_some();
    let said = known.performed.unwrap_or(known.recorded);
    let open = known.performed.is_some() && !known.confirmed;
    // Until somebody has checked it, every time speaks that was ever said, and the server's beside them.
    let mut times: Vec<Instant> = match open {
        true => entry.timed().filter_map(dated_or_performed).chain([said]).collect(),
        false => vec![said],
    };
    if open && !dated {
        times.push(known.recorded);
    }
    let used = Used::one(&place, current.version, &said.to_string());
    Some(Point {
        used,
        order: if dated { said } else { known.recorded },
        said,
        counts: if open && !dated { known.recorded } else { said },
        earliest: times.iter().copied().min().unwrap_or(said),
        latest: times.iter().copied().max().unwrap_or(said),
        unchecked: open.then_some(place),
    })
}

/// The time that a date-time entry says.
fn dated(version: &EntryVersion) -> Option<Instant> {
    match &version.content {
        Content::Value(value) => date_time::said(value),
        Content::Absent(_) | Content::Struck => None,
    }
}

fn dated_or_performed(version: &EntryVersion) -> Option<Instant> {
    dated(version).or(done(version))
}
