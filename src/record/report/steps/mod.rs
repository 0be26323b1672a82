//! The procedure as executed: every operation and every occurrence of every step.

mod charts;
mod computed;
mod details;
mod entries;
mod looks;
mod marks;
mod repeated;
mod results;
mod step;

pub use entries::content;
pub use marks::named_source;

use super::super::model::BatchRecord;
use super::super::pdf::document::{Badge, Block, Document, Heading, Level, Text, Tone};
use super::reviews;
use super::words::{signed, time, who};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::{Operation, Step};
use crate::domain::run::acts::condition;
use crate::domain::run::floor::{Ending, EndingKind};
use crate::domain::run::{OperationRun, StepRun};

/// Writes the chapters of the procedure, then the release specifications.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    let run = record.run;
    for up in &run.recipe.unit_procedures {
        let mut lead: Vec<Block> =
            vec![Heading::new(Level::One, format!("{} {}", up.id, up.name)).into()];
        let class = up.equipment_class.iter();
        lead.extend(class.map(|class| Text::new().muted(format!("Equipment: {class}")).into()));
        lead.extend(up.notes.iter().map(|note| Text::new().fine(note).into()));
        document.push(Block::Together(lead));
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
        write_occurrence(document, record, (operation, key, state));
    }
    if any {
        return;
    }
    let mut heading = Heading::new(Level::Two, format!("{} {}", operation.id, operation.name));
    let first = OperationKey { op: operation.id.clone(), n: 1 };
    let branch = condition::operation(run, &first);
    if marks::not_taken(&branch) {
        heading = heading.aside(Badge::new("NOT TAKEN", Tone::Muted));
    }
    document.push(heading);
    if let Some(added) = marks::added(record, &operation.id, None) {
        document.push(added);
    }
    match marks::condition(operation.order.when.as_deref(), &branch) {
        Some(line) => document.push(line),
        None if operation.order.on_demand => document.push(Text::new().muted("Not asked for.")),
        None => document.push(Text::new().muted("Not begun.")),
    };
    operation.steps.iter().for_each(|step| not_begun(document, record, &first, step));
}

fn write_occurrence(
    document: &mut Document,
    record: &BatchRecord<'_>,
    (operation, key, state): (&Operation, &OperationKey, &OperationRun),
) {
    let badge = match (&state.closed, &state.ended) {
        (Some(_), _) => Badge::new("CLOSED", Tone::Ok),
        (None, Some(_)) => Badge::new("ENDED", Tone::Alert),
        (None, None) => Badge::new("OPEN", Tone::Alert),
    };
    let heading = Heading::new(Level::Two, format!("{key} {}", operation.name)).aside(badge);
    let mut lead: Vec<Block> = vec![heading.into()];
    lead.extend(marks::added(record, &operation.id, Some(key)).map(Block::from));
    let mut line = Text::new().muted(format!("Begun {}", time(record, state.started_at)));
    if let Some((_, signature)) = &state.closed {
        line = line.muted(" · ").then(signed(signature));
    }
    lead.push(line.into());
    let branch = condition::operation(record.run, key);
    lead.extend(marks::condition(operation.order.when.as_deref(), &branch).map(Block::from));
    document.push(Block::Together(lead));
    if let Some((at, by)) = &state.alerts_acknowledged {
        document.push(
            Text::new()
                .muted("Alerts acknowledged ")
                .then(who(by))
                .muted(format!(", {}", time(record, *at))),
        );
    }
    for review in &state.reviews {
        document.push(reviews::line(review));
    }
    for ending in state.harvests.iter().chain(&state.ended) {
        document.push(ended(ending));
    }
    for step in &operation.steps {
        let of = |k: &&StepKey| k.operation == *key && k.step == step.id;
        let occurrences: Vec<_> = run_steps(record).filter(|(k, _)| of(k)).collect();
        match occurrences.len() {
            0 => not_begun(document, record, key, step),
            1..=3 => occurrences
                .iter()
                .for_each(|(key, state)| step::write(document, record, key, step, state)),
            _ => repeated::write(document, record, step, &occurrences),
        }
    }
}

/// An end by decision, with whose it was.
pub fn ended(ending: &Ending) -> Text {
    let word = match ending.kind {
        EndingKind::EarlyEnd => "Ended early: ",
        EndingKind::PartialHarvest => "Harvested in part: ",
    };
    let line = Text::new().alert(word).quote(&ending.reason);
    match &ending.signed {
        Some(signature) => line.line().then(signed(signature)),
        None => line,
    }
}

fn run_steps<'a>(record: &'a BatchRecord<'_>) -> impl Iterator<Item = (&'a StepKey, &'a StepRun)> {
    record.run.steps.iter()
}

/// A step that has no occurrence is told in one line, with the condition where there is one.
fn not_begun(
    document: &mut Document,
    record: &BatchRecord<'_>,
    operation: &OperationKey,
    step: &Step,
) {
    let name = Text::new().bold(format!("{} {} ", step.id, step.name));
    let key = StepKey { operation: operation.clone(), step: step.id.clone(), k: 1 };
    let branch = condition::step(record.run, &key);
    let text = match marks::condition(step.order.when.as_deref(), &branch) {
        Some(line) if marks::not_taken(&branch) => {
            name.badge("NOT TAKEN", Tone::Muted).plain(" ").then(line)
        }
        Some(line) => name.muted("not begun. ").then(line),
        None if step.order.on_demand => name.muted("not asked for"),
        None => name.muted("not begun"),
    };
    // What was approved is printed whether it was carried out or not (21 CFR 211.188(a)).
    let text = text.line().then(marks::instruction(record, step));
    let asks = step.entries.iter().fold(text, |text, spec| {
        let source = marks::source(spec).map(|source| format!(" · {source}"));
        let asks = format!(" {}{}", marks::whole(spec), source.unwrap_or_default());
        text.line().then(entries::name(spec)).fine(asks)
    });
    document.push(asks);
}

fn release_specifications(document: &mut Document, record: &BatchRecord<'_>) {
    let specs = &record.run.recipe.release_specifications;
    if specs.is_empty() {
        return;
    }
    document.h1("Release specifications");
    let state = |id: &str| record.run.release_entries.get(id);
    let head = entries::Head { record, step: None };
    document.push(entries::table(head, specs, state));
    details::write(document, head, &specs.iter().collect::<Vec<_>>(), state);
}
