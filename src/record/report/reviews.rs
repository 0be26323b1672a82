//! Quality's reviews: of operations while the run goes on, of the whole record; then what became of the lots.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Column, Document, Row, Table, Text};
use super::words::{counted, disposition_word, lot_number, signed};
use crate::domain::run::Run;
use crate::domain::run::genealogy::Stands;
use crate::domain::run::operation_review::{OperationReview, standing};

/// Writes the chapter.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Review and disposition");
    rolling(document, record.run);
    whole(document, record.run);
    lots(document, record);
}

/// How many operations have a rolling review that stands, for the first page; nothing where none was ever signed.
pub fn count(run: &Run) -> Option<String> {
    let lapsed = run.operations.values().flat_map(|state| &state.reviews);
    let lapsed = lapsed.filter(|review| review.lapsed.is_some()).count();
    let stand = run.operations.keys().filter(|key| standing(run, key).is_some()).count();
    if stand + lapsed == 0 {
        return None;
    }
    let all = counted(run.operations.len(), "operation");
    Some(format!("{stand} of {all}, {lapsed} lapsed on the way"))
}

/// Each review of an operation: who, when, over which entries, what was pending, and why it lapsed.
fn rolling(document: &mut Document, run: &Run) {
    let mut table = Table::new([
        Column::share(1.4, "Operation"),
        Column::share(0.9, "Covers"),
        Column::share(3.2, "Conclusion"),
        Column::share(2.2, "Signed"),
    ])
    .row_headers();
    for (key, state) in &run.operations {
        let name = run.recipe.operation(&key.op).map_or("", |op| op.name.as_str());
        for review in &state.reviews {
            let operation = Text::new().bold(key.to_string()).plain(format!(" {name}"));
            table.push(row(operation, review));
        }
    }
    if table.rows.is_empty() {
        return;
    }
    document.h2("Rolling review: operations signed while the run went on");
    document.push(table);
}

fn row(operation: Text, review: &OperationReview) -> Row {
    let told = &review.told;
    let mut conclusion = Text::new().quote(&told.conclusion);
    if !told.pending.is_empty() {
        conclusion = conclusion.line().muted(format!("pending then: {}", told.pending.join(", ")));
    }
    conclusion = conclusion.line();
    conclusion = match &review.lapsed {
        Some((seq, cause)) => conclusion.alert(format!("lapsed with entry {seq}: {cause}")),
        None => conclusion.ok("stands"),
    };
    let by = review.signed.as_ref().map(signed).unwrap_or_default();
    Row::new([operation, Text::from(format!("entries 1 to {}", told.covers_seq)), conclusion, by])
}

/// The review of an operation that stands, in one line at the operation itself.
pub fn line(review: &OperationReview) -> Text {
    let covers = format!("Reviewed by quality up to entry {}: ", review.told.covers_seq);
    let text =
        Text::new().muted(covers).then(review.signed.as_ref().map(signed).unwrap_or_default());
    match &review.lapsed {
        Some((seq, cause)) => text.line().alert(format!("lapsed with entry {seq}: {cause}")),
        None => text,
    }
}

fn whole(document: &mut Document, run: &Run) {
    document.h2("Review of record and audit trail");
    if run.reviews.is_empty() {
        document.push(Text::new().alert("Not reviewed by quality."));
    }
    for review in &run.reviews {
        let mut text = Text::new()
            .bold(format!("Entries 1 to {}: ", review.covers_seq))
            .quote(&review.conclusion);
        if let Some(s) = &review.signed {
            text = text.line().then(signed(s));
        }
        if let Some((seq, cause)) = &review.lapsed {
            text = text.line().fail(format!("lapsed with entry {seq}: {cause}"));
        }
        document.push(text);
    }
}

fn lots(document: &mut Document, record: &BatchRecord<'_>) {
    if !record.lots.is_empty() {
        document.h2("Lots");
    }
    for lot in &record.lots {
        let mut text = Text::new().bold(lot_number(lot)).plain(format!(
            " {} {}, {}",
            lot.material,
            lot.quantity,
            lot.class.as_str()
        ));
        let parents = record.parents.get(&lot.number).map_or(&[][..], Vec::as_slice);
        // What an entry names stands in the list of component lots, with how it was accepted.
        let listed = |it: &&Stands| {
            !it.holds
                && it.parent.removed.is_none()
                && it.parent.named.iter().all(|named| named.starts_with("entry "))
        };
        let count = parents.iter().filter(listed).count();
        if count > 0 {
            let lots = counted(count, "component lot");
            text = text.line().plain(format!("made from {lots} that may be used, listed as used"));
        }
        for found in parents.iter().filter(|it| !listed(it)) {
            let (line, named) = (found.line(), found.parent.named.join(", "));
            text = match found.holds {
                true => text.line().fail(format!("made from: {line}")),
                false => text.line().plain(format!("made from: {line}")),
            };
            text = text.fine(format!(" ({named})"));
        }
        for decision in &lot.decisions {
            text = text
                .line()
                .bold(disposition_word(decision.disposition))
                .plain(": ")
                .quote(&decision.reason)
                .plain(format!(" (obligations: {})", decision.obligations));
            if let Some(s) = &decision.signed {
                text = text.line().then(signed(s));
            }
        }
        for stand in &lot.stands {
            text = text.line().bold("stands").plain(": ").quote(&stand.reason);
            if let Some(s) = &stand.signed {
                text = text.line().then(signed(s));
            }
        }
        document.push(text);
    }
}
