//! The first pages: what somebody with two minutes needs. Outcome with who and when, what is missing, what departed and
//! what was concluded, how the batch stands in numbers; then what changed, and the run over time.

mod changes;
mod counts;
mod departures;
mod identity;
mod missing;
mod outcome;
mod over_time;

use super::super::model::BatchRecord;
use super::super::pdf::document::{Block, Column, Document, Level, Table, Text};
use crate::domain::run::obligations::conformity;

/// Writes the first pages, with the contents behind them.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    let run = record.run;
    document.h1(format!("Batch {}", super::words::batch_number(run)));
    let (title, product) = (&run.recipe.title, &run.recipe.product.name);
    let master = format!("master record {} version {}", run.master.code, run.master.version);
    document.push(Text::new().muted(format!("{title} · {product} · {master}")));
    document.push(outcome::callout(record));
    for callout in record.standings.iter().filter_map(|now| super::after::question(record, now)) {
        document.push(callout);
    }
    document.push(Block::Tiles(counts::tiles(record)));
    document.push(identity::first(record));
    if let Some(callout) = missing::callout(record) {
        document.push(callout);
    }
    departures::write(document, record);
    conforming(document, record);
    changes::write(document, record);
    clock(document, record);
    document.h2("The batch in numbers");
    document.push(identity::numbers(record));
    document.h2("The run over time");
    document.push(over_time::timeline(record));
    contents(document, record);
}

/// Of each operation how many judged values are within their limits, and what became of each that is not.
fn conforming(document: &mut Document, record: &BatchRecord<'_>) {
    document.h2("Values within their limits");
    let mut table = Table::new([
        Column::share(2.7, "Operation"),
        Column::share(1.7, "Within, of judged"),
        Column::share(4.6, "Outside, and what became of it"),
    ])
    .row_headers()
    .dense();
    for of in conformity(record.run) {
        let place = of.operation.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = Text::new().bold(format!("{} ", of.name)).fine(place);
        let mut outside = Text::new();
        for (place, it) in of.outside.iter().enumerate() {
            outside = if place > 0 { outside.line() } else { outside };
            outside = outside.alert(format!("{} {}", it.name, it.shown));
            outside = outside.fine(format!(" {}: {}", it.at, it.became));
        }
        let said = format!("{} of {}", of.within, of.judged);
        let mut shown = if of.outside.is_empty() {
            outside = outside.muted("none");
            Text::new().ok(said)
        } else {
            Text::new().alert(said)
        };
        if of.coarse > 0 {
            shown = shown.fine(format!(" {} with fewer decimals than asked", of.coarse));
        }
        table.row([name, shown, outside]);
    }
    if table.rows.is_empty() {
        document.push(Text::new().muted("No value was judged yet."));
    } else {
        document.push(table);
    }
}

/// Entries that were written while the server's clock was apart from site time.
fn clock(document: &mut Document, record: &BatchRecord<'_>) {
    let apart = record.trail.iter().filter(|line| line.clock_apart).count();
    if apart > 0 {
        let entries = format!("{apart} of {} entries", record.trail.len());
        document.push(Text::new().alert(entries).plain(
            " were written while the server's clock was apart from site time; the audit trail marks each.",
        ));
    }
}

/// The printed table of contents, and how to read what people wrote.
fn contents(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Contents");
    document.push(
        Text::new()
            .muted(format!(
                "All times are those of {}, each with its offset from UTC. ",
                record.site.zone
            ))
            .muted("Words that a person wrote freely stand ")
            .quote("between these marks, in italics")
            .muted("; ¶ shows where they began a new line. All else is said by the record itself."),
    );
    document.contents(Level::Two);
}
