//! The outcome: what was decided on each lot, by whom and when; aborted, rejected and in question are unmistakable.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Callout, Text, Tone};
use super::super::signatures::short;
use super::super::words::{disposition_word, lot_number, signed, time};
use crate::domain::disposition::standing::Standing;
use crate::domain::lot::{Disposition, Lot};
use crate::domain::run::Phase;
use crate::domain::run::obligations::Status;
use crate::domain::signing::Meaning;

/// The box at the head of the first page.
pub fn callout(record: &BatchRecord<'_>) -> Callout {
    let run = record.run;
    let (tone, title) = verdict(record);
    let state = Text::new().muted(format!("  ·  record {}", phase_word(run.phase)));
    let mut callout = Callout::new(tone, Text::from(title).then(state));
    if let Some((at, reason)) = &run.aborted {
        let mut text = Text::new().fail(format!("Aborted {}: ", time(record, *at))).quote(reason);
        for by in run.signatures.iter().filter(|it| it.meaning == Meaning::Aborted) {
            text = text.line().then(signed(by));
        }
        callout = callout.paragraph(text);
    }
    for lot in &record.lots {
        callout = callout.paragraph(decided(record, lot));
    }
    if record.lots.is_empty() && run.aborted.is_none() {
        callout = callout.paragraph(Text::from("No lot has come out yet."));
    }
    // What two of quality decided about a result that nobody could confirm or invalidate is never met.
    for owed in record.obligations.iter().filter(|o| o.standing == Status::DecidedInconclusive) {
        let evidence = owed.evidence.as_deref().unwrap_or_default();
        let line = Text::new().alert(format!("{}: decided inconclusive", owed.what));
        callout = callout.paragraph(line.fine(format!(" {evidence}")));
    }
    for (lot, stand) in record.lots.iter().flat_map(|lot| lot.stands.last().map(|it| (lot, it))) {
        let by = stand.signed.as_ref().map_or("quality", |signed| signed.printed_name.as_str());
        let line = format!("Lot {} was in question; {by} found that it stands", lot_number(lot));
        callout = callout.paragraph(Text::from(line).fine(format!(" {}", time(record, stand.at))));
    }
    callout
}

/// Tone and words of the whole: the worst of what was decided says it.
fn verdict(record: &BatchRecord<'_>) -> (Tone, String) {
    let run = record.run;
    let numbers = |of: &dyn Fn(Disposition) -> bool| {
        let lots = record.lots.iter().filter(|lot| of(lot.disposition()));
        lots.map(|lot| lot_number(lot)).collect::<Vec<_>>().join(", ")
    };
    let is = |wanted: Disposition| numbers(&|d| d == wanted);
    let rejected = is(Disposition::Rejected);
    let withdrawn = is(Disposition::Withdrawn);
    let released = is(Disposition::Released);
    let open = is(Disposition::Quarantined);
    let questioned = record.standings.iter().any(Standing::questioned) && !released.is_empty();
    let mut words: Vec<String> = Vec::new();
    let mut put = |word: &str, lots: &str| {
        if !lots.is_empty() {
            words.push(format!("{word}: {lots}"));
        }
    };
    put("REJECTED", &rejected);
    put("WITHDRAWN", &withdrawn);
    put(if questioned { "RELEASED, AND IN QUESTION" } else { "RELEASED" }, &released);
    put("NOT DECIDED", &open);
    let bad = !rejected.is_empty() || !withdrawn.is_empty() || questioned;
    if run.aborted.is_some() {
        let lots =
            if words.is_empty() { String::new() } else { format!(" · {}", words.join(" · ")) };
        return (Tone::Fail, format!("ABORTED{lots}"));
    }
    if words.is_empty() {
        return (Tone::Alert, "NOTHING DECIDED".to_owned());
    }
    let tone = match (bad, open.is_empty()) {
        (true, _) => Tone::Fail,
        (false, true) => Tone::Ok,
        (false, false) => Tone::Alert,
    };
    (tone, words.join(" · "))
}

/// A lot with quantity, and what was decided on it.
fn decided(record: &BatchRecord<'_>, lot: &Lot) -> Text {
    let word = disposition_word(lot.disposition());
    let text = Text::new().bold(format!("Lot {}", lot_number(lot))).plain(format!(
        ", {}, {} ({}), ",
        lot.quantity,
        lot.material,
        lot.class.as_str()
    ));
    let text = text.muted("no expiry assigned in this record: ");
    let Some(decision) = lot.decisions.last() else {
        return text.alert("not decided");
    };
    let text = match lot.disposition() {
        Disposition::Released => text.ok(word),
        Disposition::Rejected | Disposition::Withdrawn => text.fail(word),
        Disposition::Quarantined => text.alert(word),
    };
    let text = text.plain(" by ");
    let text = match &decision.signed {
        Some(by) => text.then(signed(by)),
        None => text.fine(time(record, decision.at)),
    };
    text.plain(": ").quote(short(&decision.reason))
}

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Issued => "issued, nothing executed yet",
        Phase::Running => "in execution: the batch is being made",
        Phase::Complete => "complete, waiting for quality's review",
        Phase::Reviewed => "reviewed by quality",
        Phase::Closed => "final",
        Phase::Aborted => "aborted, everything kept",
    }
}
