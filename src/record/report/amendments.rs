//! Changes to the recipe for this batch: before and after side by side, and the persons who decided.

use super::super::model::BatchRecord;
use super::super::pdf::document::{
    Badge, Column, Document, Heading, Level, Style, Table, Text, Tone,
};
use super::words::{signed, time, who};
use crate::domain::run::amendment::{AmendmentRun, Change, Side};

/// Writes them.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    if record.run.amendments.is_empty() {
        document.push(Text::new().bold("Changes to the recipe for this batch: ").muted("none."));
        return;
    }
    document.h2("Changes to the recipe for this batch");
    for change in &record.run.amendments {
        one(document, record, change);
    }
}

fn one(document: &mut Document, record: &BatchRecord<'_>, change: &AmendmentRun) {
    let told = &change.told;
    let what = match &told.change {
        Change::Instruction { step, .. } => format!("instruction of step {step}"),
        Change::Entry { step, entry } => format!("entry {} of step {step}", entry.id),
        Change::Reprocess { operation, times, .. } => {
            format!("reprocessing, operation {operation} {times} more")
        }
        Change::Rework { operation, .. } => format!("rework, operation {} added", operation.id),
    };
    let badge = match (change.in_force, change.decisions.iter().any(|(d, ..)| !d.approved)) {
        (Some(_), _) => Badge::new("IN FORCE", Tone::Ok),
        (None, true) => Badge::new("REFUSED", Tone::Fail),
        (None, false) => Badge::new("PROPOSED", Tone::Alert),
    };
    document.push(Heading::new(Level::Three, format!("Change {} · {what}", told.no)).aside(badge));
    let mut table = Table::new([Column::share(1.0, "Before"), Column::share(1.0, "After")]);
    let before = if told.before.is_empty() { "not in the recipe" } else { &told.before };
    let after = match change.in_force {
        Some(_) => Text::new().lines(&told.after, Style::PLAIN.bold()),
        None => Text::new().lines(&told.after, Style::PLAIN).fine(" (not in force)"),
    };
    table.row([Text::new().lines(before, Style::PLAIN), after]);
    document.push(table);
    document.push(Text::new().muted("Reason: ").quote(&told.reason));
    document.push(Text::new().muted("Effect on quality: ").quote(&told.assessment));
    let mut people = Text::new()
        .muted("Proposed: ")
        .then(who(&change.by))
        .muted(format!(", {}", time(record, change.at)));
    for (decision, at, signature) in &change.decisions {
        let side = match decision.side {
            Side::Production => "Production",
            Side::Quality => "Quality unit",
        };
        people = people.line();
        people = match decision.approved {
            true => people.ok(format!("{side} approves: ")),
            false => people.fail(format!("{side} refuses: ")),
        };
        people = people.quote(&decision.conclusion).plain(" ");
        people = match signature {
            Some(signature) => people.then(signed(signature)),
            None => people.fine(time(record, *at)),
        };
    }
    people = match change.in_force {
        Some(at) => people.line().muted(format!("In force since {}", time(record, at))),
        None => people,
    };
    document.push(people);
}
