//! The run over time: operations as bars over the hours or days that they took, with the numbers of exceptions.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Bar, Lane, Pin, Timeline, Tone};
use super::super::words::counted;
use super::identity::begin;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::exception::{Exception, Severity};
use crate::domain::ids::OperationKey;
use crate::domain::run::Run;

/// Distances of the marks on the axis, in minutes, with the unit in which they are told and its minutes.
const STEPS: &[(i64, &str, i64)] = &[
    (1, "min", 1),
    (5, "min", 1),
    (10, "min", 1),
    (20, "min", 1),
    (30, "min", 1),
    (60, "h", 60),
    (120, "h", 60),
    (180, "h", 60),
    (360, "h", 60),
    (720, "h", 60),
    (1_440, "day", 1_440),
    (2_880, "day", 1_440),
    (4_320, "day", 1_440),
    (7_200, "day", 1_440),
    (10_080, "day", 1_440),
    (20_160, "day", 1_440),
    (43_200, "day", 1_440),
];

/// At most so many marks.
const MARKS: i64 = 9;

#[expect(
    clippy::cast_precision_loss,
    reason = "a picture: minutes on an axis, never a record's number"
)]
fn minutes(micros: i64) -> f32 {
    micros as f32 / MINUTE as f32
}

/// The last moment of the picture: of the operations that ended their end, else the newest entry; no exception that
/// stands in it lies behind.
fn end(run: &Run, from: Instant) -> Instant {
    let ends = run.operations.values().map(|it| it.closed.as_ref().map_or(run.last_at, |it| it.0));
    let pinned = run.exceptions.iter().filter(|e| step_of(e).is_some()).map(|e| e.at);
    ends.chain(pinned).max().unwrap_or(run.last_at).max(from.plus_minutes(1))
}

fn step_of(e: &Exception) -> Option<&OperationKey> {
    Some(&e.opened.at.as_ref()?.step.as_ref()?.operation)
}

/// The marks of an axis that is so many minutes long.
fn ticks(span: i64) -> Vec<(f32, String)> {
    let fits = STEPS.iter().find(|(step, ..)| span / step < MARKS);
    let (step, unit, of) = fits.or(STEPS.last()).copied().unwrap_or((1_440, "day", 1_440));
    let mut ticks = Vec::new();
    let mut at = 0;
    while at <= span {
        let label = match unit {
            "day" => format!("day {}", at / of),
            _ => format!("{} {unit}", at / of),
        };
        ticks.push((minutes(at * MINUTE), label));
        at += step;
    }
    ticks
}

/// The exceptions of an operation by number, or of none; those that would lie on each other are one pin.
fn pins(run: &Run, key: Option<&OperationKey>, from: Instant, end: f32) -> Vec<Pin> {
    let inside = |e: &&Exception| step_of(e) == key && minutes(e.at.since(from)) <= end;
    let mut found: Vec<_> = run.exceptions.iter().filter(inside).collect();
    found.sort_by_key(|e| e.at);
    let mut pins: Vec<Pin> = Vec::new();
    for e in found {
        let at = minutes(e.at.since(from));
        let tone = if e.opened.severity == Severity::Minor { Tone::Alert } else { Tone::Fail };
        match pins.last_mut().filter(|before| at - before.at < end / 14.0) {
            Some(before) => {
                before.label = format!("{}, {}", before.label, e.opened.no);
                before.tone = if tone == Tone::Fail { tone } else { before.tone };
            }
            None => pins.push(Pin { at, tone, label: e.opened.no.to_string() }),
        }
    }
    pins
}

/// The picture, from the first operation's begin to the last one's end.
pub fn timeline(record: &BatchRecord<'_>) -> Timeline {
    let run = record.run;
    let from = begin(run).unwrap_or(run.issued_at);
    let until = end(run, from);
    let to = minutes(until.since(from));
    let mut lanes = Vec::new();
    for (key, operation) in &run.operations {
        let name = run.recipe.operation(&key.op).map_or("", |op| op.name.as_str());
        let ended = operation.closed.as_ref().map_or(run.last_at, |(at, _)| *at);
        lanes.push(Lane {
            label: format!("{} {name}", key.op),
            bars: vec![Bar {
                from: minutes(operation.started_at.since(from)),
                to: minutes(ended.since(from)),
                tone: if operation.closed.is_some() { Tone::Accent } else { Tone::Alert },
            }],
            pins: pins(run, Some(key), from, to),
        });
    }
    let beside = pins(run, None, from, to);
    if !beside.is_empty() {
        lanes.push(Lane { label: "Beside the steps".into(), bars: vec![], pins: beside });
    }
    let span = until.since(from) / MINUTE;
    let ticks = ticks(span);
    let unit = ticks.last().map_or("", |(_, label)| label.as_str());
    Timeline {
        title: "Operations since manufacture began, with the numbers of exceptions".into(),
        alt: format!(
            "{} from begin to {unit}, with {}",
            counted(run.operations.len(), "operation"),
            counted(run.exceptions.len(), "exception")
        ),
        from: 0.0,
        to,
        ticks,
        lanes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(span: i64) -> Vec<String> {
        ticks(span).into_iter().map(|(_, label)| label).collect()
    }

    // finding: N24
    #[test]
    fn the_axis_fits_its_span() {
        assert_eq!(
            labels(40),
            [
                "0 min", "5 min", "10 min", "15 min", "20 min", "25 min", "30 min", "35 min",
                "40 min"
            ]
        );
        assert_eq!(
            labels(190),
            ["0 min", "30 min", "60 min", "90 min", "120 min", "150 min", "180 min"]
        );
        assert_eq!(labels(6 * 60), ["0 h", "1 h", "2 h", "3 h", "4 h", "5 h", "6 h"]);
        assert_eq!(labels(30 * 60), ["0 h", "6 h", "12 h", "18 h", "24 h", "30 h"]);
        assert_eq!(labels(35 * 1_440).last().map(String::as_str), Some("day 35"));
        for span in [1, 59, 300, 5_000, 90_000, 4_000_000] {
            assert!(labels(span).len() > 1, "{span}");
        }
    }
}
