//! How computed values came about: each formula as applied, once and at full width, numbered, with every input and its
//! version below it.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Cell, Column, Table, Text};
use super::super::words::{counted, local};
use super::entries::content;
use super::marks;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::run::{Content, EntryRun, EntryVersion};
use crate::domain::words::{Basis, Used};

/// The table; nothing where no value was computed and no formula is too long to stand with what is asked.
pub fn table<'a>(
    record: &BatchRecord<'_>,
    specs: &[&EntrySpec],
    state: &impl Fn(&str) -> Option<&'a EntryRun>,
) -> Option<Table> {
    let mut table = Table::new([
        Column::fixed(24.0, "No."),
        Column::share(1.0, "Formula as applied, and the values it was applied to"),
    ])
    .row_headers()
    .dense();
    for spec in specs {
        let versions: Vec<_> = state(&spec.id).iter().flat_map(|run| run.versions.iter()).collect();
        let lines = lines(record, spec, &versions);
        if !lines.is_empty() {
            let no = format!("{}", table.rows.len() + 1);
            table.row([Cell::from(Text::from(no)), Cell::lines(lines)]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// A formula with what it gave, version by version: it is written again only where it changed.
fn lines(record: &BatchRecord<'_>, spec: &EntrySpec, versions: &[&EntryVersion]) -> Vec<Text> {
    let mut lines = Vec::new();
    let mut written: Option<&str> = None;
    for (index, version) in versions.iter().enumerate() {
        if version.basis != Basis::Computed {
            continue;
        }
        if written != Some(version.raw.as_str()) {
            let formula = Text::new().bold(format!("{} = ", spec.name));
            lines.push(formula.code(local(record, &version.raw)));
            written = Some(&version.raw);
        }
        lines.push(applied(record, version, index + 1 == versions.len()));
    }
    if lines.is_empty()
        && let Some(formula) = marks::formula(spec)
    {
        lines.push(Text::new().bold(format!("{} = ", spec.name)).code(formula));
    }
    lines
}

/// What a version came to, from what.
fn applied(record: &BatchRecord<'_>, version: &EntryVersion, last: bool) -> Text {
    let shown = content(version);
    let mut text = match last {
        true => Text::new().bold(shown),
        false => Text::new().struck(shown),
    };
    if version.version > 1 {
        text = text.fine(format!(" version {}", version.version));
    }
    if let Content::Value(value) = &version.content
        && let Some(full) = value.data["full"].as_str()
    {
        text = text.fine(format!(" (full value {full})"));
    }
    let inputs: Vec<_> = version.lineage.iter().map(|used| input(record, used)).collect();
    text = match inputs.is_empty() {
        true => text.muted(" from nothing else"),
        false => text.muted(" from ").plain(inputs.join("; ")),
    };
    version
        .unchecked
        .iter()
        .fold(text, |text, claim| text.plain(" ").alert(format!("claimed at {claim}, not checked")))
}

/// An input on one line; of many the number, the first and the last place, and what proves which they were.
fn input(record: &BatchRecord<'_>, used: &Used) -> String {
    let shown = local(record, &used.shown);
    match &used.list {
        Some(list) => {
            let count = usize::try_from(list.count).map_or(shown, |count| counted(count, "value"));
            let to = match list.to == used.at {
                true => String::new(),
                false => format!(" to {}", list.to),
            };
            let (newest, hash) = (list.newest, &list.hash);
            format!("{count}, {}{to}, the newest in entry {newest}, SHA-256 {hash}", used.at)
        }
        None if used.version > 0 => format!("{shown} {} (v{})", used.at, used.version),
        None => format!("{shown} {}", used.at),
    }
}
