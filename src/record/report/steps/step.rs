//! One occurrence of a step: instruction, acts with signatures, entries, what stands behind them.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Badge, Block, Document, Heading, Level, Text, Tone};
use super::super::times;
use super::super::words::{signed, time, who};
use super::entries::Head;
use super::{details, entries, looks, marks};
use crate::domain::entry::spec::EntrySpec;
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
    let lead = vec![heading.into(), instruction.into()];
    body(document, record, (key, state), (step, lead), |_| true);
}

/// What leads an occurrence, and what follows of the entries that are asked for: also used where the instruction and
/// what is plain stand once for many occurrences.
pub fn body(
    document: &mut Document,
    record: &BatchRecord<'_>,
    (key, state): (&StepKey, &StepRun),
    (step, mut lead): (&Step, Vec<Block>),
    shown: impl Fn(&EntrySpec) -> bool,
) {
    let branch = condition::step(record.run, key);
    if let Some(line) = marks::condition(step.order.when.as_deref(), &branch) {
        lead.push(line.into());
    }
    let head = Head { record, step: Some((key, state)) };
    lead.push(acts(head, state).into());
    document.push(Block::Together(lead));
    if let Some((reason, signature)) = &state.not_performed {
        document.push(
            Text::new().fail("Not performed: ").quote(reason).plain(" ").then(signed(signature)),
        );
    }
    let entry = |id: &str| state.entries.get(id);
    let specs: Vec<_> = step.entries.iter().filter(|spec| shown(spec)).collect();
    if !specs.is_empty() {
        document.push(entries::table(head, specs.iter().copied(), entry));
        details::write(document, head, &specs, entry);
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

/// Who did it and when: the day and the person that the rows below need not repeat.
fn acts(head: Head<'_>, state: &StepRun) -> Text {
    let mut line = Text::new()
        .muted("Begun ")
        .plain(time(head.record, state.started_at))
        .plain(" ")
        .then(who(&state.started_by));
    if let Some(witness) = &state.witness {
        line = line.line().then(signed(witness));
    }
    match (&state.performed, state.completed_at, &state.completed_by) {
        (Some(performed), _, _) => line = line.line().then(signed(performed)),
        (None, Some(at), Some(by)) => {
            line = line.muted(" · completed ").plain(head.time(at));
            if by.person != state.started_by.person || by.role != state.started_by.role {
                line = line.plain(" ").then(who(by));
            }
        }
        _ => line = line.line().alert("not completed"),
    }
    if let Some(checked) = &state.checked {
        line = line.line().then(signed(checked));
    }
    if !state.under_exceptions.is_empty() {
        line = line.line().alert(under(&state.under_exceptions));
    }
    match looks::shared(head.record, state) {
        Some(look) => line.line().fine(format!("typed values: {look}")),
        None => line,
    }
}
