//! One occurrence of a step: instruction, acts with signatures, entries, what stands behind them.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Badge, Block, Document, Heading, Level, Text, Tone};
use super::super::times;
use super::super::words::{signed, time, who};
use super::{details, entries, marks};
use crate::domain::ids::StepKey;
use crate::domain::recipe::Step;
use crate::domain::run::acts::condition;
use crate::domain::run::{StepPhase, StepRun};

/// Writes it.
pub fn write(
    document: &mut Document,
    record: &BatchRecord<'_>,
    key: &StepKey,
    step: &Step,
    state: &StepRun,
) {
    let heading = Heading::new(Level::Three, format!("{}~{} {}", key.step, key.k, step.name))
        .aside(badge(state));
    let instruction = marks::instruction(record, step);
    document.push(Block::Together(vec![heading.into(), instruction.into()]));
    body(document, record, key, step, state);
}

/// What follows the instruction: also used where the instruction stands once for many occurrences.
pub fn body(
    document: &mut Document,
    record: &BatchRecord<'_>,
    key: &StepKey,
    step: &Step,
    state: &StepRun,
) {
    let branch = condition::step(record.run, key);
    if let Some(line) = marks::condition(step.order.when.as_deref(), &branch) {
        document.push(line);
    }
    document.push(acts(record, state));
    if !state.under_exceptions.is_empty() {
        document.push(Text::new().alert(under(&state.under_exceptions)));
    }
    if let Some((reason, signature)) = &state.not_performed {
        document
            .push(Text::new().fail(format!("Not performed: {reason} ")).then(signed(signature)));
    }
    let entry = |id: &str| state.entries.get(id);
    if !step.entries.is_empty() {
        document.push(entries::table(record, Some(key), &step.entries, entry));
        details::write(document, record, &step.entries, entry);
    }
    if let Some(table) = times::holds(record, key) {
        document.push(table);
    }
}

/// How an occurrence stands.
pub fn badge(state: &StepRun) -> Badge {
    match state.phase {
        StepPhase::Started => Badge::new("STARTED", Tone::Alert),
        StepPhase::FoundRunning => Badge::new("FOUND RUNNING", Tone::Fail),
        StepPhase::Complete => Badge::new("COMPLETE", Tone::Ok),
        StepPhase::NotPerformed => Badge::new("NOT PERFORMED", Tone::Fail),
    }
}

/// The exceptions it went on under, in words.
pub fn under(exceptions: &[u32]) -> String {
    let list: Vec<_> = exceptions.iter().map(u32::to_string).collect();
    format!("under exception {}", list.join(", "))
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
