//! A step with many occurrences: its instruction once, one row an occurrence, a picture where numbers
//! are judged. Whatever is more than a value and a verdict stands below in full.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{
    Badge, Block, Cell, Column, Document, Heading, Level, Row, Table, Text, Tone,
};
use super::super::words::{counted, signed, time, verdict, who};
use super::entries::Head;
use super::{charts, details, entries, looks, marks, step};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::StepKey;
use crate::domain::limits::{Purpose, worst};
use crate::domain::recipe::Step;
use crate::domain::run::{Content, EntryRun, EntryVersion, StepPhase, StepRun};
use crate::domain::words::{Basis, Who};
use std::iter;

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
    let people = people(record, &asked.entries, occurrences);
    document.push(Block::Together(vec![heading.into(), instruction.into(), people.into()]));
    let Some((first, _)) = occurrences.first() else { return };
    let one_offset = offset(record, occurrences).is_some();
    let groups: Vec<_> = asked.entries.chunks(COLUMNS).collect();
    for (place, group) in groups.iter().enumerate() {
        let mut table = head(record, occurrences, (first, group), place == 0);
        for (key, state) in occurrences {
            let looks = (simple(state), place == 0, one_offset);
            table.push(row(record, group, key, state, looks));
        }
        if groups.len() > 1 {
            table = table.caption(format!("Entries, part {} of {}", place + 1, groups.len()));
        }
        document.push(table);
    }
    let states: Vec<_> = occurrences.iter().map(|(_, state)| *state).collect();
    let trends: Vec<_> =
        asked.entries.iter().filter_map(|spec| charts::trend(record, spec, &states)).collect();
    if !trends.is_empty() {
        document.push(Block::Trends(trends));
    }
    for (key, state) in occurrences.iter().filter(|(_, state)| !simple(state)) {
        let title = format!("{}~{} {}", key.step, key.k, asked.name);
        let heading = Heading::new(Level::Four, title).aside(step::badge(state));
        let special = |spec: &EntrySpec| {
            state.entries.get(&spec.id).is_none_or(|run| !simple_entry(spec, run))
        };
        step::body(document, record, (key, state), (asked, vec![heading.into()]), special);
    }
}

/// Everybody who took part, with user name and role, where numbers come from, and the looks over what was typed: the rows say names alone.
fn people(record: &BatchRecord<'_>, asked: &[EntrySpec], occurrences: &[Occurrence<'_>]) -> Text {
    let mut known: Vec<&Who> = Vec::new();
    let mut looks: Vec<(String, Vec<u32>)> = Vec::new();
    for (key, state) in occurrences {
        for who in iter::once(&state.started_by).chain(&state.completed_by) {
            if !known.iter().any(|it| it.person == who.person && it.role == who.role) {
                known.push(who);
            }
        }
        let Some(look) = looks::shared(record, state) else { continue };
        match looks.iter_mut().find(|(known, _)| *known == look) {
            Some((_, of)) => of.push(key.k),
            None => looks.push((look, vec![key.k])),
        }
    }
    let mut text = Text::new().muted("By ");
    for (place, person) in known.into_iter().enumerate() {
        text = text.plain(if place > 0 { "; " } else { "" }).then(who(person));
    }
    let sources = asked.iter().filter_map(|spec| {
        let source = marks::source(spec)?;
        Some(format!("{}: {source}", spec.name))
    });
    let sources: Vec<_> = sources.collect();
    if !sources.is_empty() {
        text = text.line().fine(sources.join("; "));
    }
    looks.into_iter().fold(text, |text, (look, of)| {
        text.line().fine(format!("typed values of {}: {look}", ranges(&of)))
    })
}

/// Rising numbers in words: `1 to 7, 9`.
fn ranges(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for no in numbers {
        match runs.last_mut() {
            Some((_, to)) if to.saturating_add(1) == *no => *to = *no,
            _ => runs.push((*no, *no)),
        }
    }
    let words = runs.into_iter().map(|(from, to)| match from == to {
        true => from.to_string(),
        false => format!("{from} to {to}"),
    });
    words.collect::<Vec<_>>().join(", ")
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

fn head(
    record: &BatchRecord<'_>,
    occurrences: &[Occurrence<'_>],
    (key, group): (&StepKey, &[EntrySpec]),
    first: bool,
) -> Table {
    let offset = offset(record, occurrences);
    let title = Text::new().plain("Begun").line().fine(offset.unwrap_or_default());
    let mut columns = vec![Column::fixed(112.0, title)];
    columns.extend(group.iter().map(|spec| {
        let title = entries::name(spec).line().then(marks::limits(record, Some(key), spec));
        Column::share(1.0, title)
    }));
    if first {
        columns.push(Column::share(1.6, "Completed by"));
    }
    Table::new(columns).row_headers().dense()
}

/// The offset of all moments of begin, where it is one: it stands once, above.
fn offset(record: &BatchRecord<'_>, occurrences: &[Occurrence<'_>]) -> Option<String> {
    let mut offsets = occurrences.iter().map(|(_, state)| {
        let at = time(record, state.started_at);
        at.get(20..).unwrap_or_default().to_owned()
    });
    let first = offsets.next()?;
    offsets.all(|offset| offset == first).then_some(first)
}

fn row(
    record: &BatchRecord<'_>,
    group: &[EntrySpec],
    key: &StepKey,
    state: &StepRun,
    (simple, first, one_offset): (bool, bool, bool),
) -> Row {
    let begun = time(record, state.started_at);
    let begun = if one_offset { begun.get(..19).unwrap_or(&begun) } else { &begun };
    let label = Text::new().bold(key.k.to_string()).fine(format!("  {begun}"));
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
        let mut lines = persons(record, (key, state));
        if !state.under_exceptions.is_empty() {
            lines.push(Text::new().alert(step::under(&state.under_exceptions)));
        }
        if !simple {
            lines.push(Text::new().alert("in full below"));
        }
        cells.push(Cell::lines(lines));
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
    // Begin and end stand in the row: a moment between them, and who began, need not be said again.
    let within = state.completed_at.is_some_and(|end| version.at <= end);
    let own = version.by.person == state.started_by.person;
    if !(within && version.at >= state.started_at) {
        text = text.line().fine(Head { record, step: Some((key, state)) }.time(version.at));
    }
    if !own {
        text = text.line().fine(&version.by.printed_name);
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

fn persons(record: &BatchRecord<'_>, (key, state): Occurrence<'_>) -> Vec<Text> {
    let head = Head { record, step: Some((key, state)) };
    let mut lines = Vec::new();
    match (&state.performed, &state.completed_by, state.completed_at) {
        (Some(performed), ..) => lines.push(signed(performed)),
        (None, Some(by), Some(at)) => {
            let at = head.time(at);
            lines.push(Text::new().plain(&by.printed_name).fine(format!(" {at}")));
        }
        _ => lines.push(Text::new().alert("not completed")),
    }
    if state.completed_by.as_ref().is_some_and(|by| by.person != state.started_by.person) {
        lines.push(Text::new().fine(format!("begun by {}", state.started_by.printed_name)));
    }
    lines.extend(state.checked.iter().map(signed));
    if looks::shared(record, state).is_none() {
        lines.extend(looks::of_all(record, state));
    }
    lines
}
