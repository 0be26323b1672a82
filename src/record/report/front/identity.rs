//! What the batch is, who reviewed and decided, when it was made; and the rest of its numbers.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Block, Fact, Text};
use super::super::words::{counted, signed, time};
use super::counts::origins;
use crate::domain::clock::Instant;
use crate::domain::run::acts::yielded::{ActualYield, actual_yield};
use crate::domain::run::{Phase, Run};

/// The facts of the first page: what came out, when, who answers for it, where its values come from.
pub fn first(record: &BatchRecord<'_>) -> Block {
    let run = record.run;
    let issued = match &run.issued {
        Some(by) => signed(by),
        None => Text::from(time(record, run.issued_at)),
    };
    let facts = [
        Fact::new("Actual yield", yielded(run)),
        Fact::new("Manufacture begun", begun(record)),
        Fact::new("Manufacture ended", ended(record)),
        Fact::new(format!("Issued, no. {}", run.issue_no), issued),
        Fact::new("Reviewed", reviewed(run)),
        Fact::new("Values", origins(run).line().then(attempts(run))),
    ];
    Block::facts(3, facts)
}

fn yielded(run: &Run) -> Text {
    match actual_yield(run) {
        ActualYield::NoProduct => Text::new().muted("no product came out"),
        ActualYield::Within(shown) => Text::new().ok(shown),
        ActualYield::Outside(shown) => Text::new().fail(shown),
        ActualYield::Unknown(shown) => Text::new().alert(shown),
    }
}

/// When the first operation began.
pub fn begin(run: &Run) -> Option<Instant> {
    run.operations.values().map(|operation| operation.started_at).min()
}

fn begun(record: &BatchRecord<'_>) -> Text {
    match begin(record.run) {
        Some(at) => Text::from(time(record, at)),
        None => Text::new().muted("not begun"),
    }
}

/// When the last step was completed.
fn ended(record: &BatchRecord<'_>) -> Text {
    let run = record.run;
    let last = run.steps.values().filter_map(|step| step.completed_at).max();
    match (run.phase, last) {
        (Phase::Issued | Phase::Running, _) => {
            let closed = run.operations.values().filter(|it| it.closed.is_some()).count();
            let begun = counted(run.operations.len(), "operation");
            Text::new().alert(format!("not ended: {closed} of {begun} begun are closed"))
        }
        (Phase::Complete | Phase::Reviewed | Phase::Closed | Phase::Aborted, Some(at)) => {
            Text::from(time(record, at))
        }
        (Phase::Complete | Phase::Reviewed | Phase::Closed | Phase::Aborted, None) => {
            Text::new().muted("no step was completed")
        }
    }
}

fn reviewed(run: &Run) -> Text {
    let standing = run.reviews.iter().filter(|review| review.lapsed.is_none());
    let lapsed = run.reviews.iter().filter(|review| review.lapsed.is_some()).count();
    let mut text = Text::new();
    for by in standing.filter_map(|review| review.signed.as_ref()) {
        text = if text.is_empty() { text } else { text.line() };
        text = text.then(signed(by));
    }
    let text = if text.is_empty() { text.alert("not reviewed") } else { text };
    if lapsed == 0 { text } else { text.line().muted(format!("{lapsed} earlier lapsed")) }
}

/// The count that stands on the first page, not behind it.
const ATTEMPTS: &str = "Attempts";

fn attempts(run: &Run) -> Text {
    match super::super::looks::counts(run).into_iter().find(|(name, _)| *name == ATTEMPTS) {
        Some((_, words)) => Text::new().alert(words),
        None => Text::new().muted("no attempt: every value that was sent counts"),
    }
}

/// What else there is to count, for the page behind.
pub fn numbers(record: &BatchRecord<'_>) -> Block {
    let run = record.run;
    let yields = &run.recipe.theoretical_yield;
    let facts = [
        ("Product", format!("{} ({})", run.recipe.product.name, run.recipe.product.code)),
        ("Master record", format!("{}, {}", run.master.code, run.recipe.title)),
        ("Strength or scale", run.recipe.strength_or_scale.clone()),
        ("Batch size", run.recipe.batch_size.to_string()),
        (
            "Theoretical yield",
            format!("{} ({} to {} %)", yields.quantity, yields.min_percent, yields.max_percent),
        ),
        ("Content of the master record (SHA-256)", run.master.content_hash.clone()),
        ("People taking part", run.participants.len().to_string()),
        ("Signatures", {
            let signings = counted(super::super::signatures::signings(run).len(), "signing");
            format!("{} by personal keys, in {signings}", run.signatures.len())
        }),
    ];
    let counts = super::super::living::counts(run);
    let counts = counts.into_iter().filter(|(name, _)| *name != ATTEMPTS);
    Block::facts(
        3,
        facts.into_iter().chain(counts).map(|(name, value)| {
            let hash = name.contains("SHA");
            let value = if value.is_empty() { "none".to_owned() } else { value };
            Fact::new(name, if hash { Text::new().code(value) } else { Text::from(value) })
        }),
    )
}
