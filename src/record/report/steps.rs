//! Every step's occurrence with instruction, entries, limits, verdict, who and when, checker.

use super::super::model::BatchRecord;
use super::super::pdf::document::{
    Badge, Block, Column, Document, Heading, Level, Row, Table, Text, Tone,
};
use super::words::{signed, time, verdict, who};
use crate::domain::entry::spec::{Basis, EntrySpec};
use crate::domain::ids::StepKey;
use crate::domain::master::{Operation, Step};
use crate::domain::run::event::Absence;
use crate::domain::run::{Content, EntryRun, EntryVersion, StepPhase, StepRun};

/// Writes the chapters of the procedure, then the release specifications.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    let run = record.run;
    for up in &run.recipe.unit_procedures {
        document.h1(format!("{} {}", up.id, up.name));
        if let Some(class) = &up.equipment_class {
            document.push(Text::new().muted(format!("Equipment: {class}")));
        }
        for note in &up.notes {
            document.push(Text::new().fine(note));
        }
        for operation in &up.operations {
            write_operation(document, record, operation);
        }
    }
    release_specifications(document, record);
}

fn write_operation(document: &mut Document, record: &BatchRecord<'_>, operation: &Operation) {
    let run = record.run;
    let mut any = false;
    for (key, state) in run.operations.iter().filter(|(key, _)| key.op == operation.id) {
        any = true;
        let aside = state.closed.as_ref().map_or_else(
            || Text::from(Badge::new("OPEN", Tone::Alert)),
            |_| Text::from(Badge::new("CLOSED", Tone::Ok)),
        );
        document.push(Heading::new(Level::Two, format!("{key} {}", operation.name)).aside(aside));
        let mut line = Text::new().muted(format!("Begun {}", time(record, state.started_at)));
        if let Some((_, signature)) = &state.closed {
            line = line.muted(" · ").then(signed(signature));
        }
        document.push(line);
        if let Some((at, by)) = &state.alerts_acknowledged {
            document.push(
                Text::new()
                    .muted("Alerts acknowledged ")
                    .then(who(by))
                    .muted(format!(", {}", time(record, *at))),
            );
        }
        for step in &operation.steps {
            for (step_key, occurrence) in
                run.steps.iter().filter(|(k, _)| k.operation == *key && k.step == step.id)
            {
                write_step(document, record, step_key, step, occurrence);
            }
        }
    }
    if !any {
        document.push(Heading::new(Level::Two, format!("{} {}", operation.id, operation.name)));
        document.push(Text::new().muted("Not begun."));
    }
}

fn badge(state: &StepRun) -> Badge {
    match state.phase {
        StepPhase::Started => Badge::new("STARTED", Tone::Alert),
        StepPhase::FoundRunning => Badge::new("FOUND RUNNING", Tone::Fail),
        StepPhase::Complete => Badge::new("COMPLETE", Tone::Ok),
        StepPhase::NotPerformed => Badge::new("NOT PERFORMED", Tone::Fail),
    }
}

fn write_step(
    document: &mut Document,
    record: &BatchRecord<'_>,
    key: &StepKey,
    step: &Step,
    state: &StepRun,
) {
    let heading = Heading::new(Level::Three, format!("{}~{} {}", key.step, key.k, step.name))
        .aside(badge(state));
    let mut marks = Vec::new();
    if step.significant {
        marks.push("significant".to_owned());
    }
    if step.care {
        marks.push("care".to_owned());
    }
    if let Some(act) = step.irreversible {
        marks.push(format!("irreversible: {act:?}").to_lowercase());
    }
    let mut instruction = Text::new().italic(&step.instruction);
    if !marks.is_empty() {
        instruction = instruction.fine(format!("  [{}]", marks.join(", ")));
    }
    document.push(Block::Together(vec![heading.into(), instruction.into()]));
    document.push(acts(record, state));
    if !state.under_exceptions.is_empty() {
        let list: Vec<_> = state.under_exceptions.iter().map(u32::to_string).collect();
        document.push(Text::new().alert(format!("under exception {}", list.join(", "))));
    }
    if let Some((reason, signature)) = &state.not_performed {
        document
            .push(Text::new().fail(format!("Not performed: {reason} ")).then(signed(signature)));
    }
    if !step.entries.is_empty() {
        document.push(entries(record, &step.entries, |id| state.entries.get(id)));
    }
}

fn acts(record: &BatchRecord<'_>, state: &StepRun) -> Text {
    let mut line = Text::new()
        .muted("Begun ")
        .plain(time(record, state.started_at))
        .plain(" ")
        .then(who(&state.started_by));
    if let Some(witness) = &state.witness {
        line = line.line().then(signed(witness));
    }
    match (&state.performed, state.completed_at, &state.completed_by) {
        (Some(performed), _, _) => line = line.line().then(signed(performed)),
        (None, Some(at), Some(by)) => {
            line = line.line().muted("Completed ").plain(time(record, at)).plain(" ").then(who(by));
        }
        _ => line = line.line().alert("not completed"),
    }
    if let Some(checked) = &state.checked {
        line = line.line().then(signed(checked));
    }
    line
}

/// A version's content as people read it.
pub fn content(version: &EntryVersion) -> String {
    match &version.content {
        Content::Value(value) => value.shown.clone(),
        Content::Absent(Absence::NotApplicable) => "not applicable".into(),
        Content::Absent(Absence::NotPerformed) => "not performed".into(),
        Content::Absent(Absence::NotAvailable) => "not available".into(),
    }
}

/// The table of a step's entries: what was asked, what came, how it stands, who and when.
fn entries<'a>(
    record: &BatchRecord<'_>,
    specs: &[EntrySpec],
    state: impl Fn(&str) -> Option<&'a EntryRun>,
) -> Table {
    let mut table = Table::new([
        Column::share(2.3, "Entry"),
        Column::share(2.2, "Limits"),
        Column::share(1.7, "Value"),
        Column::share(1.7, "Verdict"),
        Column::share(2.2, "Recorded by, at"),
    ])
    .row_headers();
    for spec in specs {
        let run = state(&spec.id);
        for point in run.map_or(&[][..], |r| r.trail.as_slice()) {
            table.push(
                Row::new([
                    Text::new().muted(format!("   {}", point.kind)),
                    Text::new(),
                    Text::new().muted(&point.shown),
                    Text::new().muted("on the way"),
                    Text::new().fine(format!(
                        "{} {}",
                        point.by.printed_name,
                        time(record, point.at)
                    )),
                ])
                .tone(Tone::Muted),
            );
        }
        let versions = run.map_or(&[][..], |r| r.versions.as_slice());
        if versions.is_empty() {
            table.row([name(spec), limits(spec), Text::new().muted("—"), owed(spec), Text::new()]);
        }
        for (index, version) in versions.iter().enumerate() {
            table.row(version_row(record, spec, version, index + 1 == versions.len()));
        }
    }
    table
}

fn owed(spec: &EntrySpec) -> Text {
    if spec.mandatory {
        Text::new().alert("not recorded")
    } else {
        Text::new().muted("optional, not recorded")
    }
}

fn name(spec: &EntrySpec) -> Text {
    let mut text = Text::new().plain(&spec.name);
    let mut marks = Vec::new();
    if let Some(class) = spec.classification {
        marks.push(
            serde_json::to_value(class)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default(),
        );
    }
    match spec.source.as_ref().map(|s| s.basis) {
        Some(Basis::Derived) => marks.push("derived".into()),
        Some(Basis::Illustrative) => marks.push("illustrative".into()),
        _ => {}
    }
    if !marks.is_empty() {
        text = text.fine(format!(" {}", marks.join(", ")));
    }
    text
}

fn limits(spec: &EntrySpec) -> Text {
    let kind = spec.kind.as_kind();
    let mut text = Text::new().fine(kind.asks());
    for (purpose, limit) in kind.limits_shown() {
        text = text.line().fine(format!("{purpose}: {limit}"));
    }
    text
}

fn version_row(
    record: &BatchRecord<'_>,
    spec: &EntrySpec,
    version: &EntryVersion,
    last: bool,
) -> [Text; 5] {
    let shown = content(version);
    let value = if last { Text::new().bold(shown) } else { Text::new().struck(shown) };
    let mut verdicts = verdict(&version.verdicts);
    for no in &version.exceptions {
        verdicts = verdicts.fine(format!(" exception {no}"));
    }
    let mut by = Text::new().plain(&version.by.printed_name).fine(format!(
        " {}, {} {}",
        version.by.user_name,
        version.by.role,
        time(record, version.at)
    ));
    if let Some(at) = version.performed_at {
        by = by.line().fine(format!("performed {}", time(record, at)));
    }
    if let Some(reason) = &version.reason {
        by = by.line().fine(format!("reason: {reason}"));
    }
    for used in &version.superseded_uses {
        by = by.line().alert(format!("executed on the superseded value: {used}"));
    }
    match &version.checked {
        Some((at, checker)) => {
            by = by.line().fine(format!(
                "checked {} {}, {}",
                checker.printed_name,
                checker.user_name,
                time(record, *at)
            ));
        }
        None if version.check_owed && last => by = by.line().alert("check owed"),
        None => {}
    }
    let label = if version.version > 1 {
        name(spec).fine(format!(" version {}", version.version))
    } else {
        name(spec)
    };
    [label, limits(spec), value, verdicts, by]
}

fn release_specifications(document: &mut Document, record: &BatchRecord<'_>) {
    let specs = &record.run.recipe.release_specifications;
    if specs.is_empty() {
        return;
    }
    document.h1("Release specifications");
    document.push(entries(record, specs, |id| record.run.release_entries.get(id)));
}
