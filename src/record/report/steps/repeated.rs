//! A step with many occurrences: its instruction once, one row an occurrence, a picture where numbers
//! are judged. Whatever is more than a value and a verdict stands below in full.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{
    Badge, Block, Cell, Column, Document, Heading, Level, Point, Row, Table, Text, Tone, Trend,
};
use super::super::words::{counted, signed, time, verdict};
use super::{details, entries, looks, marks, step};
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::StepKey;
use crate::domain::limits::{Limit, Purpose, Verdict, worst};
use crate::domain::recipe::Step;
use crate::domain::run::{Content, EntryRun, EntryVersion, StepPhase, StepRun};
use crate::domain::words::Basis;

/// From how many simple occurrences on a step is printed as a table.
const MANY: usize = 4;
/// Columns of entries that one table holds.
const COLUMNS: usize = 5;

type Occurrence<'a> = (&'a StepKey, &'a StepRun);

/// Writes all occurrences of a step.
pub fn write(
    document: &mut Document,
    record: &BatchRecord<'_>,
    asked: &Step,
    occurrences: &[Occurrence<'_>],
) {
    let simple = |state: &StepRun| simple(asked, state);
    let count = occurrences.iter().filter(|(_, state)| simple(state)).count();
    if count < MANY || asked.entries.is_empty() {
        for (key, state) in occurrences {
            step::write(document, record, key, asked, state);
        }
        return;
    }
    let done = occurrences.iter().filter(|(_, s)| s.phase == StepPhase::Complete).count();
    let all = done == occurrences.len();
    let words = format!("{done} OF {} COMPLETE", occurrences.len());
    let badge = Badge::new(words, if all { Tone::Ok } else { Tone::Alert });
    let heading = Heading::new(
        Level::Three,
        format!("{} {} · {}", asked.id, asked.name, counted(occurrences.len(), "occurrence")),
    )
    .aside(badge);
    let instruction = marks::instruction(record, asked);
    document.push(Block::Together(vec![heading.into(), instruction.into()]));
    let Some((first, _)) = occurrences.first() else { return };
    let groups: Vec<_> = asked.entries.chunks(COLUMNS).collect();
    for (place, group) in groups.iter().enumerate() {
        let mut table = head(record, first, group, place == 0);
        for (key, state) in occurrences {
            table.push(row(record, group, key, state, (simple(state), place == 0)));
        }
        if groups.len() > 1 {
            table = table.caption(format!("Entries, part {} of {}", place + 1, groups.len()));
        }
        document.push(table);
    }
    let trends: Vec<_> = asked.entries.iter().filter_map(|spec| trend(spec, occurrences)).collect();
    if !trends.is_empty() {
        document.push(Block::Trends(trends));
    }
    for (key, state) in occurrences.iter().filter(|(_, state)| !simple(state)) {
        let title = format!("{}~{} {}", key.step, key.k, asked.name);
        document.push(Heading::new(Level::Four, title).aside(step::badge(state)));
        step::body(document, record, key, asked, state);
    }
}

/// Nothing of it is more than a value with its verdict.
fn simple(asked: &Step, state: &StepRun) -> bool {
    let plain = asked.entries.iter().all(|spec| match state.entries.get(&spec.id) {
        None => !spec.mandatory,
        Some(run) => simple_entry(spec, run),
    });
    plain
        && state.phase == StepPhase::Complete
        && state.found_running.is_none()
        && state.witness.is_none()
        && asked.timers.is_empty()
}

fn simple_entry(spec: &EntrySpec, run: &EntryRun) -> bool {
    let beside = run.trail.len() + run.attempts.len() + run.determinations.len();
    let (Some(version), 1) = (run.current(), run.versions.len()) else {
        return beside == 0 && run.versions.is_empty();
    };
    let value = match &version.content {
        Content::Value(value) => details::plain(spec, value) && value.shown.chars().count() <= 80,
        Content::Absent(_) | Content::Struck => false,
    };
    beside == 0
        && value
        && version.performed_at.is_none()
        && version.reason.is_none()
        && version.superseded_uses.is_empty()
        && matches!(version.basis, Basis::Direct | Basis::Device { .. })
}

fn head(record: &BatchRecord<'_>, key: &StepKey, group: &[EntrySpec], first: bool) -> Table {
    let mut columns = vec![Column::fixed(74.0, "Occurrence")];
    columns.extend(group.iter().map(|spec| {
        let title = entries::name(spec).line().then(marks::limits(record, Some(key), spec));
        Column::share(1.0, title)
    }));
    if first {
        columns.push(Column::share(1.9, "Performed, checked by"));
    }
    Table::new(columns).row_headers().dense()
}

fn row(
    record: &BatchRecord<'_>,
    group: &[EntrySpec],
    key: &StepKey,
    state: &StepRun,
    (simple, first): (bool, bool),
) -> Row {
    let mut label =
        Text::new().bold(key.k.to_string()).fine(format!("  {}", time(record, state.started_at)));
    if !state.under_exceptions.is_empty() {
        label = label.line().alert(step::under(&state.under_exceptions));
    }
    if !simple {
        label = label.line().muted("in full below");
    }
    let mut cells = vec![Cell::from(label)];
    let mut worst_of_row = Tone::Plain;
    for spec in group {
        let version = state.entries.get(&spec.id).and_then(EntryRun::current);
        let Some(version) = version else {
            cells.push(Cell::from(Text::new().muted("—")));
            continue;
        };
        if matches!(worst(&version.verdicts), Some(Purpose::Acceptance | Purpose::Control)) {
            worst_of_row = Tone::Fail;
        }
        cells.push(Cell::from(cell(record, (key, state), spec, version)));
    }
    if first {
        cells.push(Cell::lines(persons(record, state)));
    }
    Row::new(cells).tone(worst_of_row)
}

fn cell(
    record: &BatchRecord<'_>,
    (key, state): Occurrence<'_>,
    spec: &EntrySpec,
    version: &EntryVersion,
) -> Text {
    let mut text = Text::new().bold(entries::content(version));
    if worst(&version.verdicts).is_some() {
        text = text.line().then(verdict(&version.verdicts));
    }
    for no in &version.exceptions {
        text = text.fine(format!(" exception {no}"));
    }
    if let Basis::Device { id } = &version.basis {
        text = text.line().fine(format!("device {id}"));
    }
    // The day stands in the first column; who recorded stands here only where that was somebody else.
    let (day, at) = (time(record, state.started_at), time(record, version.at));
    let at = if at.get(..10) == day.get(..10) { at.get(11..19).unwrap_or(&at) } else { &at };
    text = text.line().fine(at);
    if version.by.person != state.started_by.person {
        text = text.fine(format!(" {}", version.by.printed_name));
    }
    // A look stands once for the row, beside the persons; one that is owed stands at its value.
    let owed = version.looked.is_none() && state.checked.is_none();
    if let Some(look) = looks::look(record, (Some(key), spec), version, true).filter(|_| owed) {
        text = text.line().then(look);
    }
    match &version.checked {
        Some(_) if looks::is_check(version) => text,
        Some((at, who)) => {
            text.line().fine(format!("checked {} {}", who.printed_name, time(record, *at)))
        }
        None if version.check_owed => text.line().alert("check owed"),
        None => text,
    }
}

fn persons(record: &BatchRecord<'_>, state: &StepRun) -> Vec<Text> {
    let mut lines = Vec::new();
    match (&state.performed, &state.completed_by, state.completed_at) {
        (Some(performed), ..) => lines.push(signed(performed)),
        (None, Some(by), Some(at)) => {
            lines.push(Text::new().plain(&by.printed_name).fine(format!(
                " {}, {} {}",
                by.user_name,
                by.role,
                time(record, at)
            )))
        }
        _ => lines.push(Text::new().alert("not completed")),
    }
    if state.completed_by.as_ref().is_some_and(|by| by.person != state.started_by.person) {
        lines.push(Text::new().fine(format!("begun by {}", state.started_by.printed_name)));
    }
    lines.extend(state.checked.iter().map(signed));
    lines.extend(looks::of_all(record, state));
    lines
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a picture: days on an axis, never a record's number"
)]
fn days(at: Instant, start: Instant) -> f32 {
    (at.since(start) / MINUTE) as f32 / 1_440.0
}

/// The judged numbers of an entry over its occurrences.
fn trend(spec: &EntrySpec, occurrences: &[Occurrence<'_>]) -> Option<Trend> {
    let limit = judged_limit(spec)?;
    let start = occurrences.first()?.1.started_at;
    let mut points = Vec::new();
    let mut outside = 0;
    for (_, state) in occurrences {
        let version = state.entries.get(&spec.id).and_then(EntryRun::current);
        let Some(version) = version else { continue };
        let Content::Value(value) = &version.content else { continue };
        let Some(number) = &value.number else { continue };
        let tone = tone(&version.verdicts);
        outside += usize::from(tone != Tone::Ok);
        let at = days(version.performed_at.unwrap_or(version.at), start);
        points.push(Point { at, value: marks::number_of(number.value), tone });
    }
    if points.len() < MANY {
        return None;
    }
    let last = points.last().map_or(0.0, |point| point.at);
    let bound = |bound: &Option<crate::domain::limits::Bound>| {
        bound.as_ref().map(|bound| marks::number_of(bound.value))
    };
    let ticks = [0.0, 0.5, 1.0].map(|share| (last * share, format!("day {:.0}", last * share)));
    let purpose = limit.purpose.as_str();
    Some(Trend {
        title: format!("{}, band: {purpose}", spec.name),
        alt: format!(
            "{} over {last:.0} days, {}, {outside} of them outside a limit; the numbers stand in the table above",
            spec.name,
            counted(points.len(), "value")
        ),
        points,
        low: bound(&limit.low),
        high: bound(&limit.high),
        ticks: ticks.to_vec(),
    })
}

/// The gravest limit that is judged.
fn judged_limit(spec: &EntrySpec) -> Option<Limit> {
    let kind = serde_json::to_value(&spec.kind).ok()?;
    let mut limits: Vec<Limit> = serde_json::from_value(kind["limits"].clone()).ok()?;
    limits.retain(|limit| {
        matches!(limit.purpose, Purpose::Acceptance | Purpose::Control | Purpose::Alert)
    });
    limits.into_iter().min_by_key(|limit| limit.purpose)
}

fn tone(verdicts: &[Verdict]) -> Tone {
    match worst(verdicts) {
        Some(Purpose::Acceptance | Purpose::Control) => Tone::Fail,
        Some(_) => Tone::Alert,
        None => Tone::Ok,
    }
}
