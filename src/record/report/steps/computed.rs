//! How computed values came about: the formula as applied, and every input with its version.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Cell, Column, Table, Text};
use super::super::words::local;
use super::entries::content;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::run::EntryRun;
use crate::domain::words::Basis;

/// The table; nothing where no value was computed.
pub fn table<'a>(
    record: &BatchRecord<'_>,
    specs: &[EntrySpec],
    state: &impl Fn(&str) -> Option<&'a EntryRun>,
) -> Option<Table> {
    let mut table = Table::new([
        Column::share(2.0, "Computed value"),
        Column::share(3.0, "Formula as applied"),
        Column::share(3.4, "From (version used)"),
    ])
    .row_headers();
    for spec in specs {
        let versions = state(&spec.id).map(|run| run.versions.clone()).unwrap_or_default();
        for (index, version) in versions.iter().enumerate() {
            if version.basis != Basis::Computed {
                continue;
            }
            let shown = content(version);
            let label = Text::new().plain(format!("{} ", spec.name));
            let label = match index + 1 == versions.len() {
                true => label.bold(shown),
                false => label.struck(shown),
            };
            let mut from: Vec<Text> = version
                .lineage
                .iter()
                .map(|used| {
                    let shown = local(record, &used.shown);
                    let place = Text::new().plain(shown).fine(format!("  {}", used.at));
                    if let Some(list) = &used.list {
                        let (to, newest, hash) = (&list.to, list.newest, &list.hash);
                        let to = if *to == used.at { String::new() } else { format!(" to {to}") };
                        place.fine(format!("{to}, the newest in entry {newest}, SHA-256 {hash}"))
                    } else if used.version > 0 {
                        place.fine(format!(" (v{})", used.version))
                    } else {
                        place
                    }
                })
                .collect();
            for claim in &version.unchecked {
                from.push(Text::new().bold(format!("claimed at {claim}, not checked")));
            }
            if from.is_empty() {
                from.push(Text::new().muted("nothing else"));
            }
            let label = match version.version {
                0 | 1 => label,
                n => label.fine(format!(" version {n}")),
            };
            table.row([
                Cell::from(label),
                Cell::from(Text::new().code(local(record, &version.raw))),
                Cell::lines(from),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}
