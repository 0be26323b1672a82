//! What is missing, said as missing, the critical first: what a batch that is being made owes now, apart from what still
//! lies ahead of it.

use super::super::super::model::{BatchRecord, ObligationLine};
use super::super::super::pdf::document::{Callout, Text, Tone};
use super::super::owed::missing;
use crate::domain::entry::spec::Classification;
use crate::domain::exception::Severity;
use crate::domain::ids::StepKey;
use crate::domain::run::Phase;
use crate::domain::run::obligations::Status;

/// How much of what is not critical is named; of the rest the number is told.
const NAMED: usize = 12;

/// How urgent something missing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Critical,
    Grave,
    Other,
    /// Its turn has not come.
    Ahead,
}

/// The step that an obligation is of.
fn step(line: &ObligationLine) -> Option<StepKey> {
    let mut parts = line.id.split('/').skip(1);
    format!("{}/{}", parts.next()?, parts.next()?).parse().ok()
}

fn rank(record: &BatchRecord<'_>, line: &ObligationLine) -> Rank {
    let run = record.run;
    let mut parts = line.id.split('/');
    match (parts.next(), parts.next()) {
        (Some("exception"), Some(no)) => {
            let found = no.parse().ok().and_then(|no| run.exception(no));
            match found.map(|e| e.opened.severity) {
                Some(Severity::Critical) => Rank::Critical,
                Some(Severity::Major) => Rank::Grave,
                Some(Severity::Minor) | None => Rank::Other,
            }
        }
        (Some("alarm" | "emergency"), _) => Rank::Critical,
        (Some("deviation" | "hold" | "result"), _) => Rank::Grave,
        (Some("run" | "lot"), _) if run.phase <= Phase::Running => Rank::Ahead,
        (Some("entry" | "step"), _) => of_step(record, line),
        (Some("operation"), Some(key)) => {
            let begun = key.parse().is_ok_and(|key| run.operations.contains_key(&key));
            if begun { Rank::Other } else { Rank::Ahead }
        }
        (Some("gate"), _) if run.phase <= Phase::Running => Rank::Ahead,
        (Some(_) | None, _) => Rank::Other,
    }
}

/// Of a step that began it is missing now, before that it lies ahead; what the product is judged by is critical.
fn of_step(record: &BatchRecord<'_>, line: &ObligationLine) -> Rank {
    let run = record.run;
    let step = step(line);
    let begun = step.as_ref().is_some_and(|step| run.steps.contains_key(step));
    let at_release = step.is_none() && run.phase > Phase::Running;
    if !begun && !at_release {
        return Rank::Ahead;
    }
    let mut parts = line.id.split('/').skip(if step.is_some() { 3 } else { 2 });
    let entry = parts.next().filter(|_| line.id.starts_with("entry/"));
    let place = step.as_ref().map(|step| step.step.as_str());
    let class = entry.and_then(|id| run.recipe.entry(place, id)).and_then(|it| it.classification);
    match class {
        _ if at_release => Rank::Critical,
        Some(
            Classification::Cpp
            | Classification::WcCpp
            | Classification::ReleaseIpc
            | Classification::DesignSpace
            | Classification::Specification,
        ) => Rank::Critical,
        Some(_) | None => Rank::Other,
    }
}

/// Id and name of the step that something is of.
fn place(record: &BatchRecord<'_>, line: &ObligationLine) -> String {
    let Some(step) = step(line) else { return String::new() };
    let name = record.run.recipe.step(&step.step).map_or("", |(_, step)| step.name.as_str());
    format!(" {step} {name}")
}

/// The box; nothing where nothing is open.
pub fn callout(record: &BatchRecord<'_>) -> Option<Callout> {
    let open = record.obligations.iter().filter(|line| line.standing == Status::Open);
    let mut open: Vec<_> = open.map(|line| (rank(record, line), line)).collect();
    if open.is_empty() {
        return None;
    }
    open.sort_by_key(|(rank, _)| *rank);
    let count = |wanted: Rank| open.iter().filter(|(rank, _)| *rank == wanted).count();
    let (ahead, critical) = (count(Rank::Ahead), count(Rank::Critical));
    let now = open.len() - ahead;
    let tone = if critical > 0 { Tone::Fail } else { Tone::Alert };
    let title = match (now, critical) {
        (0, _) => "Nothing is missing now".to_owned(),
        (_, 0) => format!("Missing now: {now}, none of it critical"),
        (_, n) => format!("Missing now: {now}, {n} of it critical"),
    };
    let mut callout = Callout::new(if now == 0 { Tone::Accent } else { tone }, title);
    let mut others = 0;
    for (rank, line) in &open {
        let text = match rank {
            Rank::Critical => Text::new().fail(missing(line)),
            Rank::Grave => Text::new().alert(missing(line)),
            Rank::Other => {
                others += 1;
                if others > NAMED {
                    continue;
                }
                Text::new().plain(missing(line))
            }
            Rank::Ahead => continue,
        };
        let found = line.evidence.as_ref().map_or_else(String::new, |found| format!(": {found}"));
        callout = callout.paragraph(text.fine(format!("{}{found}", place(record, line))));
    }
    let left = others - others.min(NAMED);
    if left > 0 {
        let rest = format!("and {left} not critical, each in the chapter Obligations");
        callout = callout.paragraph(Text::new().muted(rest));
    }
    if ahead > 0 {
        let words = match ahead {
            1 => "1 lies ahead: its turn has not come.".to_owned(),
            n => format!("{n} lie ahead: their turn has not come."),
        };
        callout = callout.paragraph(Text::new().muted(words));
    }
    Some(callout)
}
