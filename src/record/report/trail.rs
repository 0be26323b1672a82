//! The complete audit trail of the run.

use super::super::model::BatchRecord;
use super::super::model::trail::TrailLine;
use super::super::pdf::document::{Column, Document, Table, Text};

/// Writes the chapter.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Audit trail");
    document.push(Text::new().muted(format!(
        "Complete: entries 1 to {} of this batch, nothing left out. Times in {}. The same stands for machines in the attached file audit-trail.json.",
        record.trail.len(),
        record.site.zone
    )));
    let mut table = Table::new([
        Column::fixed(36.0, "Entry"),
        Column::share(2.1, "When"),
        Column::share(2.0, "Who"),
        Column::share(2.0, "Did"),
        Column::share(4.4, "What, old, new, why"),
    ]);
    for line in &record.trail {
        table.row(row(line));
    }
    document.push(table);
}

fn row(line: &TrailLine) -> [Text; 5] {
    let described = &line.described;
    let mut what = Text::new().fine(&described.what);
    if let Some(old) = &described.old {
        what = what.plain(" ").struck(old);
    }
    if let Some(new) = &described.new {
        what = what.plain(" ").bold(new);
    }
    if let Some(reason) = &described.reason {
        what = what.fine(format!(" because: {reason}"));
    }
    if line.clock_apart {
        what = what.fine(" ⚠ the server's clock was apart from site time");
    }
    for s in &line.signatures {
        what = what.line().fine(format!(
            "signed {} {}, {} · {} · key {}",
            s.printed_name,
            s.user_name,
            s.role,
            s.meaning,
            s.key.get(..16).unwrap_or(&s.key)
        ));
    }
    [
        Text::new().muted(line.seq.to_string()),
        Text::new().fine(line.at.shown_short(&line.zone)),
        Text::new().plain(&line.printed_name).fine(format!(" {}, {}", line.user_name, line.role)),
        Text::from(&described.action),
        what,
    ]
}
