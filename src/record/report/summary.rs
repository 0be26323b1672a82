//! The first page: the summary QA and inspectors want. Identity, outcome, n of m, what departed, what changed.

use super::super::model::BatchRecord;
use super::super::pdf::document::{
    Bar, Block, Callout, Document, Fact, Lane, Pin, Text, Tile, Timeline, Tone,
};
use super::words::{counted, disposition_word, time};
use super::{looks, signatures};
use crate::domain::disposition::standing::Standing as LotStanding;
use crate::domain::exception::{Exception, Severity, Triage};
use crate::domain::ids::OperationKey;
use crate::domain::lot::Disposition;
use crate::domain::run::obligations::{Status, conformity};
use crate::domain::run::state::List;
use crate::domain::run::struck::struck;
use crate::domain::run::{EntryVersion, Phase, Run};

/// Writes the first page.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    let run = record.run;
    document.h1(format!("Batch {}", run.number));
    document.push(Text::new().muted(format!("{} · {}", run.recipe.title, run.recipe.product.name)));
    document.push(outcome(record));
    for callout in record.standings.iter().filter_map(|now| super::after::question(record, now)) {
        document.push(callout);
    }
    document.push(Block::Tiles(tiles(record)));
    document.push(identity(record));
    conforming(document, record);
    departures(document, record);
    changes(document, record);
    clock(document, record);
    document.h2("The run over time");
    document.push(timeline(record));
}

/// Exceptions by number, each with its decision: the first page names them, the chapter tells them.
fn departures(document: &mut Document, record: &BatchRecord<'_>) {
    document.h2("Exceptions and deviations");
    let exceptions = &record.run.exceptions;
    if exceptions.is_empty() {
        document.push(Text::new().ok("None: the batch ran as its master record says."));
    }
    for e in exceptions.iter().take(8) {
        let place = e.opened.at.as_ref().map(ToString::to_string).unwrap_or_default();
        let line = Text::new().bold(format!("{} ", e.opened.no)).plain(e.opened.kind.as_str());
        let line =
            line.fine(format!(" {} {place} · {}", e.opened.severity.as_str(), time(record, e.at)));
        let line = if struck(record.run, e).is_some() { line.alert(" struck") } else { line };
        document.push(match &e.triage {
            None => line.plain(" ").alert("not decided"),
            Some((_, Triage::NotDeviation { .. })) => line.muted(" · not a deviation"),
            Some((_, Triage::Deviation { number, .. })) => line.bold(format!(" · {number}")),
        });
    }
    if exceptions.len() > 8 {
        document
            .push(Text::new().muted(format!("and {} more, in the chapter", exceptions.len() - 8)));
    }
}

fn outcome(record: &BatchRecord<'_>) -> Callout {
    let run = record.run;
    let decided: Vec<_> = record.lots.iter().map(|lot| (lot, lot.disposition())).collect();
    let lots = decided
        .iter()
        .map(|(lot, d)| format!("{} {}", lot.number, disposition_word(*d)))
        .collect::<Vec<_>>()
        .join(", ");
    let asked = |d: Disposition| {
        d == Disposition::Released && record.standings.iter().any(LotStanding::questioned)
    };
    let (tone, title) = match run.aborted {
        Some(_) => (Tone::Fail, "Aborted".to_owned()),
        None if decided
            .iter()
            .any(|(_, d)| matches!(d, Disposition::Rejected | Disposition::Withdrawn)) =>
        {
            (Tone::Fail, format!("Decided: {lots}"))
        }
        None if decided.iter().any(|(_, d)| asked(*d)) => {
            (Tone::Fail, format!("Released, and in question: {lots}"))
        }
        None if !decided.is_empty() && decided.iter().all(|(_, d)| *d == Disposition::Released) => {
            let numbers: Vec<_> = decided.iter().map(|(lot, _)| lot.number.as_str()).collect();
            (Tone::Ok, format!("Released: {}", numbers.join(", ")))
        }
        None if decided.is_empty() => (Tone::Alert, "No lot decided yet".to_owned()),
        None => (Tone::Alert, format!("In quarantine: {lots}")),
    };
    let (tally, phase) = (record.tally(), phase_word(run.phase));
    let mut callout =
        Callout::new(tone, title).paragraph(format!("Obligations: {tally}. Record {phase}."));
    for open in record.obligations.iter().filter(|o| o.standing == Status::Open).take(8) {
        callout =
            callout.paragraph(Text::new().alert(&open.what).fine(format!(" {}", open.clause)));
    }
    // What two of quality decided about a result that nobody could confirm or invalidate is never met.
    for decided in record.obligations.iter().filter(|o| o.standing == Status::DecidedInconclusive) {
        let evidence = decided.evidence.as_deref().unwrap_or_default();
        let line = Text::new().alert(format!("{}: decided inconclusive", decided.what));
        callout = callout.paragraph(line.fine(format!(" {evidence}")));
    }
    for (lot, stand) in record.lots.iter().flat_map(|lot| lot.stands.last().map(|it| (lot, it))) {
        let by = stand.signed.as_ref().map_or("quality", |signed| signed.printed_name.as_str());
        let line = format!("Lot {} was in question; {by} found that it stands", lot.number);
        callout = callout.paragraph(Text::from(line).fine(format!(" {}", time(record, stand.at))));
    }
    if let Some((at, reason)) = &run.aborted {
        callout = callout.paragraph(format!("Aborted {}: {reason}", time(record, *at)));
    }
    callout
}

/// Of each operation how many judged values are within their limits, and what became of the others.
fn conforming(document: &mut Document, record: &BatchRecord<'_>) {
    document.h2("Conformity");
    for of in conformity(record.run) {
        let place = of.operation.as_ref().map(ToString::to_string).unwrap_or_default();
        let text = Text::new().bold(format!("{} ", of.name)).fine(format!("{place} "));
        let mut text =
            if of.outside.is_empty() { text.ok(of.shown()) } else { text.alert(of.shown()) };
        for it in of.outside.iter().take(8) {
            text = text.line().alert(format!("{} {}", it.name, it.shown));
            text = text.fine(format!(" {}: {}", it.at, it.became));
        }
        if of.outside.len() > 8 {
            text = text.line().muted(format!("and {} more, in the steps", of.outside.len() - 8));
        }
        document.push(text);
    }
}

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Issued => "issued, nothing executed yet",
        Phase::Running => "in execution",
        Phase::Complete => "complete, not yet reviewed",
        Phase::Reviewed => "reviewed by quality",
        Phase::Closed => "final",
        Phase::Aborted => "aborted, everything kept",
    }
}

fn tiles(record: &BatchRecord<'_>) -> Vec<Tile> {
    let run = record.run;
    let tally = record.tally();
    let open = run.exceptions.iter().filter(|e| e.triage.is_none()).count();
    let deviations = run
        .exceptions
        .iter()
        .filter(|e| matches!(e.triage, Some((_, Triage::Deviation { .. }))))
        .count();
    let signings = counted(signatures::signings(run).len(), "signing");
    let tone = |bad: bool| if bad { Tone::Alert } else { Tone::Ok };
    vec![
        Tile::new(
            format!("{} / {}", tally.met, tally.all()),
            "obligations met",
            tone(tally.met < tally.all()),
        )
        .note(tally.to_string()),
        Tile::new(run.exceptions.len().to_string(), "exceptions", tone(open > 0))
            .note(format!("{open} undecided, {deviations} in deviations")),
        Tile::new(
            record.deviations.len().to_string(),
            "deviations",
            tone(record.deviations.iter().any(|d| d.closed.is_none())),
        )
        .note(if record.deviations.is_empty() { "none" } else { "see the chapter" }),
        Tile::new(run.corrections.to_string(), "changes since original entry", Tone::Plain)
            .note(if run.corrections == 0 { "none" } else { "listed below" }),
        Tile::new(run.signatures.len().to_string(), "signatures", Tone::Plain)
            .note(format!("by personal keys, in {signings}")),
    ]
}

fn identity(record: &BatchRecord<'_>) -> Block {
    let run = record.run;
    let yields = &run.recipe.theoretical_yield;
    let facts = [
        ("Product", format!("{} ({})", run.recipe.product.name, run.recipe.product.code)),
        ("Strength or scale", run.recipe.strength_or_scale.clone()),
        ("Master record", format!("{} version {}", run.master.code, run.master.version)),
        ("Content (SHA-256)", run.master.content_hash.clone()),
        ("Issue number", run.issue_no.to_string()),
        ("Issued", time(record, run.issued_at)),
        ("Batch size", run.recipe.batch_size.to_string()),
        (
            "Theoretical yield",
            format!("{} ({} to {} %)", yields.quantity, yields.min_percent, yields.max_percent),
        ),
        ("Lots", run.lots.iter().map(|l| l.number.clone()).collect::<Vec<_>>().join(", ")),
        ("People taking part", run.participants.len().to_string()),
    ];
    Block::facts(
        2,
        facts.into_iter().chain(super::living::counts(run)).map(|(name, value)| {
            let hash = name.contains("SHA");
            let value = if value.is_empty() { "none".to_owned() } else { value };
            Fact::new(name, if hash { Text::new().code(value) } else { Text::from(value) })
        }),
    )
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a picture: days on an axis, never a record's number"
)]
fn days(micros: i64) -> f32 {
    (micros / 60_000_000) as f32 / 1_440.0
}

/// The exceptions of an operation by number; those that would lie on each other are one pin.
fn pins(run: &Run, key: &OperationKey, end: f32) -> Vec<Pin> {
    let here = |e: &&Exception| {
        let step = e.opened.at.as_ref().and_then(|at| at.step.as_ref());
        step.is_some_and(|step| step.operation == *key)
    };
    let mut found: Vec<_> = run.exceptions.iter().filter(here).collect();
    found.sort_by_key(|e| e.at);
    let mut pins: Vec<Pin> = Vec::new();
    for e in found {
        let at = days(e.at.since(run.issued_at));
        let minor = e.opened.severity == Severity::Minor;
        match pins.last_mut().filter(|before| at - before.at < end / 14.0) {
            Some(before) => {
                before.label = format!("{}, {}", before.label, e.opened.no);
                before.tone = if minor { before.tone } else { Tone::Fail };
            }
            None => {
                let tone = if minor { Tone::Alert } else { Tone::Fail };
                pins.push(Pin { at, tone, label: e.opened.no.to_string() });
            }
        }
    }
    pins
}

fn timeline(record: &BatchRecord<'_>) -> Timeline {
    let run = record.run;
    let start = run.issued_at;
    let end = days(run.last_at.since(start)).max(1.0);
    let mut lanes = Vec::new();
    for (key, operation) in &run.operations {
        let name = run.recipe.operation(&key.op).map_or("", |op| op.name.as_str());
        let until = operation.closed.as_ref().map_or(run.last_at, |(at, _)| *at);
        let pins = pins(run, key, end);
        lanes.push(Lane {
            label: format!("{} {name}", key.op),
            bars: vec![Bar {
                from: days(operation.started_at.since(start)),
                to: days(until.since(start)),
                tone: if operation.closed.is_some() { Tone::Accent } else { Tone::Alert },
            }],
            pins,
        });
    }
    let step = (end / 8.0).ceil().max(1.0);
    let mut ticks = Vec::new();
    let mut at = 0.0;
    while at <= end {
        ticks.push((at, format!("day {at:.0}")));
        at += step;
    }
    Timeline {
        title: "Operations over the days since issue, with the numbers of exceptions".into(),
        alt: format!(
            "{} from issue to the last entry after {end:.0} days, with {}",
            counted(run.operations.len(), "operation"),
            counted(run.exceptions.len(), "exception")
        ),
        from: 0.0,
        to: end,
        ticks,
        lanes,
    }
}

/// Annex 11 §8.2: the printout shows whether data changed since original entry.
fn clock(document: &mut Document, record: &BatchRecord<'_>) {
    let apart = record.trail.iter().filter(|line| line.clock_apart).count();
    if apart > 0 {
        document.push(Text::new().bold(format!("⚠ {apart} of {} entries", record.trail.len())).plain(
            " were written while the server's clock was apart from site time; the audit trail marks each.",
        ));
    }
}

fn changes(document: &mut Document, record: &BatchRecord<'_>) {
    document.h2("Changes since original entry");
    let mut any = false;
    for (step, entry, versions) in all_entries(record) {
        for (old, new) in versions.iter().zip(versions.since(1)) {
            any = true;
            document.push(
                Text::new()
                    .bold(format!("{step} · {entry}: "))
                    .struck(super::steps::content(old))
                    .plain(" → ")
                    .bold(super::steps::content(new))
                    .fine(moved(record, new))
                    .fine(format!(
                        "  {} {}, {}: {}",
                        new.by.printed_name,
                        new.by.user_name,
                        time(record, new.at),
                        why(old, new)
                    )),
            );
        }
    }
    for line in looks::attempts(record) {
        any = true;
        document.push(line);
    }
    if !any {
        document.push(Text::new().ok("None: every value stands as it was first entered."));
    }
}

/// Why there is a new version.
fn why<'v>(old: &EntryVersion, new: &'v EntryVersion) -> &'v str {
    let said = if old.strikes() { "recorded anew" } else { "no reason recorded" };
    new.reason.as_deref().unwrap_or(said)
}

/// When it was done, where a version corrects that.
fn moved(record: &BatchRecord<'_>, new: &EntryVersion) -> String {
    let times = new.performed_before.zip(new.performed_at);
    times.map_or_else(String::new, |(old, new)| {
        format!("  performed at {}, corrected to {}", time(record, old), time(record, new))
    })
}

/// Every entry with its versions, steps first, then release specifications.
fn all_entries<'a>(record: &'a BatchRecord<'_>) -> Vec<(String, String, &'a List<EntryVersion>)> {
    let run = record.run;
    let mut all = Vec::new();
    for (key, step) in &run.steps {
        for (entry, state) in &step.entries {
            let spec = run
                .recipe
                .step(&key.step)
                .and_then(|(_, s)| s.entries.iter().find(|e| e.id == *entry));
            let name = spec.map_or_else(|| entry.clone(), |s| s.name.clone());
            all.push((key.to_string(), name, &state.versions));
        }
    }
    for (entry, state) in &run.release_entries {
        all.push(("release".to_owned(), entry.clone(), &state.versions));
    }
    all
}
