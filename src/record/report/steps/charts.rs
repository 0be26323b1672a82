//! Pictures of the judged numbers of a repeated step: each value at the moment when it was performed, what was corrected
//! marked beside what counts, every limit drawn.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Bound, Point, Tone, Trend};
use super::super::words::{counted, time};
use super::marks::number_of;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::limits::{Limit, Purpose, Verdict, worst};
use crate::domain::run::{Content, EntryRun, EntryVersion, StepRun};

/// From how many values on a picture says more than a table.
const MANY: usize = 4;
/// Days from which on the axis names days, not times.
const DAYS: f32 = 2.0;

#[expect(
    clippy::cast_precision_loss,
    reason = "a picture: days on an axis, never a record's number"
)]
fn days(at: Instant, start: Instant) -> f32 {
    (at.since(start) / MINUTE) as f32 / 1_440.0
}

/// The judged numbers of an entry over its occurrences.
pub fn trend(record: &BatchRecord<'_>, spec: &EntrySpec, states: &[&StepRun]) -> Option<Trend> {
    let mut limits = limits(spec);
    let band = judged(&limits)?;
    let runs: Vec<_> = states.iter().filter_map(|state| state.entries.get(&spec.id)).collect();
    let start = runs.iter().filter_map(|run| moment(run, run.current()?)).min()?;
    let mut points: Vec<Point> = Vec::new();
    for run in runs {
        let now = run.current();
        for version in &run.versions {
            let replaced = now.is_none_or(|now| now.version != version.version);
            points.extend(point(run, version, start).map(|point| Point { replaced, ..point }));
        }
    }
    points.sort_by(|one, other| one.at.total_cmp(&other.at));
    let counting: Vec<_> = points.iter().filter(|point| !point.replaced).collect();
    if counting.len() < MANY {
        return None;
    }
    let outside = counting.iter().filter(|point| point.tone != Tone::Ok).count();
    let (count, last) = (counting.len(), counting.last().map_or(0.0, |point| point.at));
    let corrected = points.len() - count;
    let purpose = band.purpose.as_str();
    let (low, high) = (bound(&band.low), bound(&band.high));
    limits.retain(|limit| limit.purpose != band.purpose);
    Some(Trend {
        title: format!("{}, band: {purpose}", spec.name),
        alt: format!(
            "{} from {} to {}, {}, {outside} of them outside a limit, {corrected} more replaced by a correction; the numbers stand in the table above",
            spec.name,
            time(record, start),
            time(record, later(start, last)),
            counted(count, "value"),
        ),
        points,
        low,
        high,
        bounds: limits.iter().flat_map(bounds).collect(),
        ticks: ticks(record, start, last),
    })
}

/// When a version's value was performed: said of it, or as its first version was recorded. Correcting a number does not
/// move it in time.
fn moment(run: &EntryRun, version: &EntryVersion) -> Option<Instant> {
    let first = run.versions.first()?;
    Some(version.performed_at.or(first.performed_at).unwrap_or(first.at))
}

fn point(run: &EntryRun, version: &EntryVersion, start: Instant) -> Option<Point> {
    let Content::Value(value) = &version.content else { return None };
    let number = value.number.as_ref()?;
    let at = days(moment(run, version)?, start);
    Some(Point {
        at,
        value: number_of(number.value),
        tone: tone(&version.verdicts),
        replaced: false,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "a picture: minutes on an axis")]
fn later(start: Instant, days: f32) -> Instant {
    start.plus_minutes((days * 1_440.0).round() as i64)
}

/// Begin, middle and end: days where there are several, else times of day.
fn ticks(record: &BatchRecord<'_>, start: Instant, last: f32) -> Vec<(f32, String)> {
    let shares: &[f32] = if last > 0.0 { &[0.0, 0.5, 1.0] } else { &[0.0] };
    let label = |at: f32| {
        let shown = time(record, later(start, at));
        let part = if last >= DAYS { shown.get(5..10) } else { shown.get(5..16) };
        part.unwrap_or(&shown).to_owned()
    };
    shares.iter().map(|share| (last * share, label(last * share))).collect()
}

fn bound(bound: &Option<crate::domain::limits::Bound>) -> Option<f32> {
    bound.as_ref().map(|bound| number_of(bound.value))
}

/// The limits besides the band, each with its word.
fn bounds(limit: &Limit) -> Vec<Bound> {
    let tone = match limit.purpose {
        Purpose::Acceptance | Purpose::Control => Tone::Fail,
        Purpose::Alert => Tone::Alert,
        Purpose::Plausibility | Purpose::Reference => Tone::Muted,
    };
    let sides = [bound(&limit.low), bound(&limit.high)].into_iter().flatten();
    sides.map(|value| Bound { value, tone, label: limit.purpose.as_str().to_owned() }).collect()
}

/// Every limit that a reader compares with: not what only asks whether a number was mistyped.
fn limits(spec: &EntrySpec) -> Vec<Limit> {
    let kind = serde_json::to_value(&spec.kind).unwrap_or_default();
    let mut limits: Vec<Limit> = serde_json::from_value(kind["limits"].clone()).unwrap_or_default();
    limits.retain(|limit| limit.purpose != Purpose::Plausibility);
    limits
}

/// The gravest limit that is judged: the band.
fn judged(limits: &[Limit]) -> Option<Limit> {
    let judges = |limit: &&Limit| {
        matches!(limit.purpose, Purpose::Acceptance | Purpose::Control | Purpose::Alert)
    };
    limits.iter().filter(judges).min_by_key(|limit| limit.purpose).cloned()
}

fn tone(verdicts: &[Verdict]) -> Tone {
    match worst(verdicts) {
        Some(Purpose::Acceptance | Purpose::Control) => Tone::Fail,
        Some(_) => Tone::Alert,
        None => Tone::Ok,
    }
}
