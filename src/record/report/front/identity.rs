//! What the batch is, who reviewed and decided, when it was made; and the rest of its numbers.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Block, Fact, Text};
use super::super::words::{counted, disposition_word, signed, time};
use super::counts::origins;
use crate::domain::clock::Instant;
use crate::domain::run::acts::yielded::{ActualYield, actual_yield};
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Signed;

/// The facts of the first page.
pub fn first(record: &BatchRecord<'_>) -> Block {
    let run = record.run;
    let issued = match &run.issued {
        Some(by) => Text::new().plain(format!("No. {}, ", run.issue_no)).then(signed(by)),
        None => Text::from(format!("No. {}, {}", run.issue_no, time(record, run.issued_at))),
    };
    let facts = vec![
        Fact::new("Lots", lots(record)),
        Fact::new("Actual yield", yielded(run)),
        Fact::new("Manufacture begun", begun(record)),
        Fact::new("Manufacture ended", ended(record)),
        Fact::new("Reviewed", reviewed(run)),
        Fact::new("Decided", decided(record)),
        Fact::new(
            "Master record",
            format!("{} version {}, {}", run.master.code, run.master.version, run.recipe.title),
        ),
        Fact::new("Issued", issued),
        Fact::new("Values", origins(run)),
        Fact::new("Values sent and not confirmed", attempts(run)),
    ];
    Block::facts(2, facts)
}

fn lots(record: &BatchRecord<'_>) -> Text {
    let mut text = Text::new();
    for (place, lot) in record.run.lots.iter().enumerate() {
        text = if place > 0 { text.line() } else { text };
        let words = format!(" {} {} ({})", lot.quantity, lot.material, lot.class.as_str());
        text = text.bold(&lot.number).plain(words).muted(", no expiry assigned in this record");
    }
    if record.run.lots.is_empty() { text.muted("none yet") } else { text }
}

fn yielded(run: &Run) -> Text {
    match actual_yield(run) {
        ActualYield::NoProduct => Text::new().muted("no product yet"),
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

fn lines<'s>(all: impl Iterator<Item = (&'s str, Option<&'s Signed>)>) -> Option<Text> {
    let mut text = Text::new();
    for (word, by) in all {
        let Some(by) = by else { continue };
        text = if text.is_empty() { text } else { text.line() };
        text = text.plain(word).then(signed(by));
    }
    (!text.is_empty()).then_some(text)
}

fn reviewed(run: &Run) -> Text {
    let standing = run.reviews.iter().filter(|review| review.lapsed.is_none());
    let lapsed = run.reviews.iter().filter(|review| review.lapsed.is_some()).count();
    let text = lines(standing.map(|review| ("", review.signed.as_ref())));
    let text = text.unwrap_or_else(|| Text::new().alert("not reviewed"));
    if lapsed == 0 { text } else { text.line().muted(format!("{lapsed} earlier lapsed")) }
}

fn decided(record: &BatchRecord<'_>) -> Text {
    let all = record.lots.iter().flat_map(|lot| {
        lot.decisions.iter().map(|it| (disposition_word(it.disposition), it.signed.as_ref()))
    });
    let words: Vec<_> = all.map(|(word, by)| (format!("{word} by "), by)).collect();
    let text = lines(words.iter().map(|(word, by)| (word.as_str(), *by)));
    text.unwrap_or_else(|| Text::new().alert("no lot decided"))
}

fn attempts(run: &Run) -> Text {
    let entries = run.steps.values().flat_map(|step| step.entries.values());
    let all = entries.chain(run.release_entries.values());
    let tried: Vec<_> =
        all.flat_map(|entry| entry.unconfirmed()).map(|it| it.shown.as_str()).collect();
    if tried.is_empty() {
        return Text::new().muted("none");
    }
    let noun = if tried.len() == 1 { "attempt" } else { "attempts" };
    Text::new().alert(format!("{} {noun}: {}", tried.len(), tried.join(", ")))
}

/// What else there is to count, for the page behind.
pub fn numbers(record: &BatchRecord<'_>) -> Block {
    let run = record.run;
    let yields = &run.recipe.theoretical_yield;
    let facts = [
        ("Product", format!("{} ({})", run.recipe.product.name, run.recipe.product.code)),
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
    Block::facts(
        2,
        facts.into_iter().chain(super::super::living::counts(run)).map(|(name, value)| {
            let hash = name.contains("SHA");
            let value = if value.is_empty() { "none".to_owned() } else { value };
            Fact::new(name, if hash { Text::new().code(value) } else { Text::from(value) })
        }),
    )
}
