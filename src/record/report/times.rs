//! Limits of time: what was measured, what ran out and when that was noticed.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Cell, Column, Document, Table, Text};
use super::words::time;
use crate::domain::clock::Instant;
use crate::domain::ids::StepKey;
use crate::domain::recipe::timing::shown;
use crate::domain::run::time::{Limit, Sort, State};

/// What ran out, and the times that are measured; a line where there is neither.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    let run = record.run;
    if run.noticed.is_empty() {
        document.push(Text::new().bold("Time limits: ").muted("none ran out."));
        return;
    }
    document.h2("Time limits that ran out");
    let mut table = Table::new([
        Column::share(3.6, "What ran out"),
        Column::share(1.7, "Due"),
        Column::share(1.7, "Noticed"),
        Column::share(1.2, "Exception"),
    ]);
    let mut noticed: Vec<_> = run.noticed.iter().collect();
    noticed.sort_by_key(|(_, noticed)| (noticed.due, noticed.exception));
    for (limit, noticed) in noticed {
        let exception = run.exceptions.iter().find(|e| e.opened.no == noticed.exception);
        let what = exception.map_or(limit.as_str(), |e| e.opened.detail.as_str());
        table.row([
            Text::new().plain(what).fine(format!("  {limit}")),
            Text::new().fine(time(record, noticed.due)),
            Text::new().fine(time(record, noticed.at)),
            Text::new().alert(noticed.exception.to_string()),
        ]);
    }
    document.push(table);
}

/// The hold times of an occurrence as a table; nothing where there is none.
pub fn holds(record: &BatchRecord<'_>, key: &StepKey) -> Option<Table> {
    let mut table = Table::new([
        Column::share(2.6, "Time between two moments"),
        Column::share(2.0, "Begun"),
        Column::share(2.0, "Ended"),
        Column::share(1.6, "Measured"),
    ])
    .row_headers();
    let own = |limit: &&Limit| limit.sort == Sort::HoldTime && limit.step.as_ref() == Some(key);
    for limit in record.limits.iter().filter(own) {
        // The occurrence stands in the heading above.
        let what = limit.what.replace(&format!(" ({key})"), "");
        let declared = limit.performed.as_ref();
        let recorded = limit.recorded.as_ref();
        table.row([
            Cell::from(Text::from(what)),
            moment(
                record,
                limit.started,
                recorded.map(|reading| reading.started),
                declared.map(|reading| reading.started),
                // A longest time runs from the earliest claim at once; what else counts was confirmed.
                if limit.due.is_some() { "earliest claim, counts" } else { "confirmed" },
            ),
            moment(
                record,
                limit.ended,
                recorded.and_then(|reading| reading.ended),
                declared.and_then(|reading| reading.ended),
                "confirmed",
            ),
            Cell::from(measured(limit)),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// How long it was, and how that stands to the limit.
fn measured(limit: &Limit) -> Text {
    let length = limit.started.zip(limit.ended).map(|(from, to)| shown(to.since(from)));
    let text = length.map_or_else(Text::new, |length| Text::new().bold(length).line());
    match limit.state {
        State::Pending => text.muted("not begun"),
        State::Running => text.muted("running"),
        State::Met => text.ok("kept"),
        State::Overdue => text.fail("ran out"),
        State::TooShort => text.fail("too short"),
        State::Ended => text.muted("no longer waited for"),
    }
}

/// The time that counts; beside it both bases, where a late entry declared another one.
fn moment(
    record: &BatchRecord<'_>,
    counts: Option<Instant>,
    recorded: Option<Instant>,
    declared: Option<Instant>,
    counting: &str,
) -> Cell {
    let Some(at) = counts else { return Cell::from(Text::new().muted("—")) };
    let mut lines = vec![Text::new().fine(time(record, at))];
    if let (Some(recorded), Some(declared)) = (recorded, declared)
        && recorded != declared
    {
        let word = if declared == at { counting } else { "not confirmed" };
        lines.push(Text::new().fine(format!("recorded {}", time(record, recorded))));
        lines.push(Text::new().fine(format!("declared {} ({word})", time(record, declared))));
    }
    Cell::lines(lines)
}
