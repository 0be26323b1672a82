//! Times that cannot be kept together: a longest time around a shortest one that is longer.
//!
//! Points of the process with the least and most time between two of them; a circle that loses time is a
//! contradiction, whoever works how fast (a simple temporal network).

use crate::domain::recipe::MasterRecord;
use crate::domain::recipe::check::order::{Point, Sequence};
use crate::domain::recipe::check::{Finding, all_steps};
use crate::domain::recipe::timing::{Moment, MomentAt, microseconds, shown};
use std::collections::{BTreeMap, BTreeSet};

/// The second comes at most so long after the first (below zero: at least so long before), because of a timer.
struct Span<'a> {
    from: Point<'a>,
    to: Point<'a>,
    most: i128,
    /// Pointer and words of the timer.
    timer: Option<(String, String)>,
}

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let sequence = Sequence::of(record);
    let order = sequence.pairs().map(|(before, after)| Span {
        from: after,
        to: before,
        most: 0,
        timer: None,
    });
    let mut spans: Vec<Span<'_>> = order.collect();
    let timers = spans.len();
    collect(record, &mut spans);
    if spans.len() == timers {
        return;
    }
    let circle = losing(&spans);
    let named: Vec<&(String, String)> =
        circle.iter().filter_map(|index| spans[*index].timer.as_ref()).collect();
    let Some((pointer, _)) = named.last() else { return };
    let words: BTreeSet<&str> = named.iter().map(|(_, words)| words.as_str()).collect();
    let words: Vec<&str> = words.into_iter().collect();
    let sentence =
        format!("{} cannot be kept together, whoever works how fast", words.join(" and "));
    findings.push(Finding::new(pointer, "time", "C211-111", sentence));
}

fn collect<'a>(record: &'a MasterRecord, spans: &mut Vec<Span<'a>>) {
    for step in all_steps(record) {
        for (i, timer) in step.what.timers.iter().enumerate() {
            let own = Point::End(&step.what.id);
            let stops = timer.stops.as_ref().map_or(Some(own), |moment| point(record, moment));
            let (Some(from), Some(to)) = (point(record, &timer.starts), stops) else { continue };
            let pointer = format!("{}/timers/{i}", step.pointer);
            let read =
                |text: &Option<String>| text.as_ref().and_then(|text| microseconds(text).ok());
            if let Some(min) = read(&timer.min) {
                let words = format!("timer {} of at least {}", timer.id, shown(min));
                let timer = Some((pointer.clone(), words));
                spans.push(Span { from: to, to: from, most: -i128::from(min), timer });
            }
            if let Some(max) = read(&timer.max) {
                let words = format!("timer {} of at most {}", timer.id, shown(max));
                let grace = read(&timer.grace).unwrap_or(0);
                let most = i128::from(max) + i128::from(grace);
                spans.push(Span { from, to, most, timer: Some((pointer, words)) });
            }
        }
    }
}

/// The point of a moment, where it comes once.
fn point<'a>(record: &'a MasterRecord, moment: &'a Moment) -> Option<Point<'a>> {
    let of = moment.of.as_str();
    let order = match record.step(of) {
        Some((operation, step)) if !operation.order.repeats() => &step.order,
        Some(_) => return None,
        None => &record.operation(of)?.order,
    };
    match moment.at {
        _ if order.repeats() => None,
        MomentAt::Started => Some(Point::Begin(of)),
        MomentAt::Completed => Some(Point::End(of)),
        // Between the start and the end of its step: nothing is certain of it.
        MomentAt::Entry => None,
    }
}

/// The spans of a circle around which time is lost; none: everything can be kept.
fn losing(spans: &[Span<'_>]) -> Vec<usize> {
    let mut latest: BTreeMap<Point<'_>, i128> = BTreeMap::new();
    let mut because: BTreeMap<Point<'_>, usize> = BTreeMap::new();
    for span in spans {
        latest.insert(span.from, 0);
        latest.insert(span.to, 0);
    }
    let mut last = None;
    for _ in 0..=latest.len() {
        last = None;
        for (index, span) in spans.iter().enumerate() {
            let by = latest[&span.from] + span.most;
            if by < latest[&span.to] {
                latest.insert(span.to, by);
                because.insert(span.to, index);
                last = Some(span.to);
            }
        }
        if last.is_none() {
            return Vec::new();
        }
    }
    let Some(mut at) = last else { return Vec::new() };
    // So many steps back one is on the circle itself.
    for _ in 0..latest.len() {
        at = because.get(&at).map_or(at, |index| spans[*index].from);
    }
    let (mut circle, begin) = (Vec::new(), at);
    while let Some(index) = because.get(&at) {
        circle.push(*index);
        at = spans[*index].from;
        if at == begin {
            break;
        }
    }
    circle
}
