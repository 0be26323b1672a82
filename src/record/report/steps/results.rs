//! Laboratory results: every determination, what was invalidated and why, what was decided.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{
    Column, Document, Heading, Level, Row, Table, Text, Tone,
};
use super::super::words::{as_scribe, counted, signed, time, verdict};
use crate::domain::entry::reportable::range;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::limits::Side;
use crate::domain::run::EntryRun;
use crate::domain::run::testing::{DeterminationRun, InvestigationStep, Speaker};
use crate::domain::words::Basis;

/// Writes them: one table for all results of an occurrence, then what was corrected and decided of each; nothing
/// where no entry has one.
pub fn write<'a>(
    document: &mut Document,
    record: &BatchRecord<'_>,
    specs: &[&EntrySpec],
    state: &impl Fn(&str) -> Option<&'a EntryRun>,
) {
    let tested: Vec<_> = specs
        .iter()
        .filter_map(|spec| Some((*spec, state(&spec.id)?)))
        .filter(|(_, run)| !run.determinations.is_empty())
        .collect();
    if tested.is_empty() {
        return;
    }
    let mut table = Table::new([
        Column::fixed(28.0, "No."),
        Column::share(1.6, "Determination"),
        Column::share(1.8, "Verdict"),
        Column::share(2.4, "Method, sample"),
        Column::share(2.4, "Tested by, at"),
    ])
    .row_headers()
    .dense();
    for (spec, run) in &tested {
        let title = Text::new().plain(format!("{}: ", spec.name)).then(counting(spec, run));
        table.push(Row::across(title));
        let reported = run.investigation.iter().rev().find_map(|taken| match &taken.step {
            InvestigationStep::Reportable { determination, .. } => Some(*determination),
            _ => None,
        });
        for determination in &run.determinations {
            table.push(row(record, determination, (run, reported)));
        }
    }
    document.push(table);
    for (spec, run) in &tested {
        if !run.claims.is_empty() || !run.investigation.is_empty() {
            let title = format!("{}: what was found and decided", spec.name);
            document.push(Heading::new(Level::Four, title));
        }
        claims(document, record, run);
        investigation(document, record, run);
    }
}

/// `3 of 3 determinations count, all within`.
fn counting(spec: &EntrySpec, run: &EntryRun) -> Text {
    let all = run.determinations.len();
    let counting: Vec<_> = run.determinations.iter().filter(|d| d.invalidated.is_none()).collect();
    let within = counting.iter().filter(|d| d.verdicts().iter().all(|v| v.side == Side::Within));
    let (within, count) = (within.count(), counting.len());
    let planned = serde_json::to_value(&spec.kind).ok().and_then(|v| v["replicates"].as_u64());
    let words = format!("{count} of {all} count, {within} of {count} within");
    let text = match within == count {
        true => Text::new().ok(words),
        false => Text::new().fail(words),
    };
    match planned {
        Some(planned) => text.muted(format!(" · {} planned", counted_u64(planned))),
        None => text,
    }
}

fn counted_u64(n: u64) -> String {
    usize::try_from(n).map_or_else(|_| n.to_string(), |n| counted(n, "determination"))
}

fn row(
    record: &BatchRecord<'_>,
    determination: &DeterminationRun,
    (run, reported): (&EntryRun, Option<u32>),
) -> Row {
    let told = &determination.told;
    let shown = &told.value.shown;
    let mut value = match &determination.invalidated {
        Some(_) => Text::new().struck(shown),
        None => Text::new().bold(shown),
    };
    if reported == Some(told.no) {
        value = value.line().badge("REPORTED", Tone::Accent);
    }
    if let Some((corrected, _)) = &determination.corrected {
        value = value.line().plain("corrected: ").bold(&corrected.shown);
    }
    if let Some(joined) = determination.run.as_ref().and_then(|run| run.value.as_ref()) {
        value = value.line().plain("reportable: ").bold(&joined.shown);
        value = value.line().then(spread(run, determination));
    }
    let standing = standing(determination, run);
    let data = &told.value.data;
    let mut method = Text::new();
    for (member, word) in [
        ("method", ""),
        ("method_version", "version "),
        ("sample", "sample "),
        ("item", "item "),
        ("lot", "lot "),
        ("note", "note: "),
    ] {
        if let Some(text) = data[member].as_str() {
            let gap = if method.is_empty() { "" } else { ", " };
            method = method.fine(format!("{gap}{word}{text}"));
        }
    }
    let mut by = Text::new().plain(&determination.by.printed_name).fine(format!(
        " {}, {} {}",
        determination.by.user_name,
        determination.by.role,
        time(record, determination.at)
    ));
    if let Basis::Scribe { performed_by } = &told.basis {
        by = by.line().fine(as_scribe(performed_by, told.performer));
    }
    if let Some(at) = told.performed_at {
        by = by.line().fine(format!("performed {}", time(record, at)));
    }
    let row = Row::new([Text::from(told.no.to_string()), value, standing, method, by]);
    if determination.invalidated.is_some() { row.tone(Tone::Muted) } else { row }
}

/// How a determination stands: its verdicts, what became of it, what it was done for.
fn standing(determination: &DeterminationRun, run: &EntryRun) -> Text {
    let told = &determination.told;
    let mut standing = verdict(determination.verdicts());
    if let Some(run) = determination.run.as_ref().filter(|run| !run.verdicts.is_empty()) {
        standing = standing.line().plain("reportable: ").then(verdict(&run.verdicts));
    }
    for no in &told.exceptions {
        standing = standing.fine(format!(" exception {no}"));
    }
    if let Some(cause) = &determination.invalidated {
        let settled = run.determinations.iter().any(|it| it.told.settles == Some(told.no));
        let word = if settled { "counts no longer: " } else { "invalidated: " };
        standing = standing.line().bold(word).quote(cause);
    }
    if let Some(settled) = told.settles {
        let what = format!("settles determination {settled}, of the same sample");
        standing = standing.line().fine(what);
    }
    if told.repeat {
        standing = standing.line().alert("beyond or beside the plan: never makes a result conform");
    }
    if let Some(why) = &told.reopens {
        standing = standing.line().alert("reopens what was reported: ").quote(why);
    }
    if let Some(plan) = told.plan {
        standing = standing.line().fine(format!("retest under plan {}", nth_plan(run, plan)));
    }
    standing
}

/// Which of the plans stands at a place of the investigation, from 1: the number that its line has below.
fn nth_plan(run: &EntryRun, place: u32) -> usize {
    let until = usize::try_from(place).unwrap_or(usize::MAX).saturating_add(1);
    let steps = run.investigation.iter().take(until);
    steps.filter(|taken| matches!(taken.step, InvestigationStep::RetestPlan { .. })).count()
}

/// How far apart the determinations lie that are reported as one.
fn spread(run: &EntryRun, determination: &DeterminationRun) -> Text {
    let members = determination.run.as_ref().map_or(&[][..], |run| run.members.as_slice());
    let singles = run.determinations.iter().filter(|it| members.contains(&it.told.no));
    let singles: Vec<_> =
        singles.filter_map(|it| it.value().number.as_ref()).map(|number| number.value).collect();
    match range(&singles) {
        // Of what is censored nobody knows how far it lies apart.
        Some(range) if singles.len() > 1 && singles.len() == members.len() => {
            Text::new().fine(format!("{} apart at most", range.normalize()))
        }
        _ => Text::new(),
    }
}

/// Corrections of determinations: what counts, what is claimed, and what became of it.
fn claims(document: &mut Document, record: &BatchRecord<'_>, run: &EntryRun) {
    for claim in &run.claims {
        let told = &claim.told;
        let (no, determination) = (told.no, told.determination);
        let word = match (told.claimed, claim.accepted) {
            (false, _) => "counts at once",
            (true, None) => "claimed, not decided: it does not count",
            (true, Some(true)) => "claimed, accepted by the first phase",
            (true, Some(false)) => "claimed, not accepted: it does not count",
        };
        let text = Text::new()
            .bold(format!("Correction {no} of determination {determination} "))
            .muted(format!("{word}: "))
            .plain(format!("{} to {}: ", told.old, told.value.shown))
            .quote(&told.reason)
            .fine(format!(" {}, {}", claim.by.printed_name, time(record, claim.at)));
        document.push(text);
    }
}

fn investigation(document: &mut Document, record: &BatchRecord<'_>, run: &EntryRun) {
    let mut plans = 0;
    for taken in &run.investigation {
        if let InvestigationStep::RetestPlan { .. } = &taken.step {
            plans += 1;
        }
        let mut text = words(&taken.step, plans);
        text = match &taken.signed {
            Some(signature) => {
                let both = text.line().then(signed(signature));
                match &taken.second {
                    Some(second) => both.line().then(signed(second)),
                    None => both,
                }
            }
            None => text.fine(format!(" {}", time(record, taken.at))),
        };
        document.push(text);
    }
}

/// A step of an investigation as people read it.
fn words(step: &InvestigationStep, plans: usize) -> Text {
    match step {
        InvestigationStep::AssignableCause { found, cause, invalidates } => {
            let list: Vec<_> = invalidates.iter().map(u32::to_string).collect();
            let word = match (found, list.is_empty()) {
                (true, false) => format!("found; invalidates {}: ", list.join(", ")),
                (true, true) => "found: ".to_owned(),
                (false, _) => "none found: ".to_owned(),
            };
            Text::new().bold("Phase 1, assignable cause ").muted(word).quote(cause)
        }
        InvestigationStep::RetestPlan { retests, rationale, analyst } => {
            let title = format!("Phase 2, retest plan {plans} ");
            let count = counted(usize::try_from(*retests).unwrap_or(usize::MAX), "retest");
            let who = &analyst.printed_name;
            Text::new().bold(title).muted(format!("{count} by {who}: ")).quote(rationale)
        }
        InvestigationStep::Laboratory { speaker, finding, raw_data, claim, unavailable } => {
            let who = match speaker {
                Some(Speaker::Supervisor) => "laboratory supervisor",
                Some(Speaker::Substitute) => "in the place of the analyst",
                Some(Speaker::Analyst) | None => "analyst",
            };
            let about = claim.map_or_else(String::new, |no| format!(" on claim {no}"));
            let mut text = Text::new().bold(format!("Phase 1, {who}{about} ")).quote(finding);
            if let Some(missed) = unavailable {
                let (who, why) = (&missed.analyst.printed_name, &missed.reason);
                text = text.line().alert(format!("the analyst {who} cannot speak: ")).quote(why);
            }
            for file in raw_data {
                text = text.fine(format!(" raw data {} (SHA-256 {})", file.name, file.sha256));
            }
            text
        }
        InvestigationStep::Transcription { claim, accepted, conclusion } => {
            let word = if *accepted { "transcription or calculation error" } else { "no error" };
            Text::new()
                .bold(format!("Phase 1, claim {claim} "))
                .muted(format!("{word}: "))
                .quote(conclusion)
        }
        InvestigationStep::Reportable { determination, conclusion } => Text::new()
            .bold("Reportable result ")
            .muted(format!("determination {determination}: "))
            .quote(conclusion),
        InvestigationStep::Resampling { .. }
        | InvestigationStep::OtherAnalyst { .. }
        | InvestigationStep::ProductionReview { .. }
        | InvestigationStep::Inconclusive { .. }
        | InvestigationStep::DecidedInconclusive { .. } => second_phase(step),
    }
}

/// The steps of the second phase.
fn second_phase(step: &InvestigationStep) -> Text {
    match step {
        InvestigationStep::Resampling { reason } => {
            Text::new().bold("Phase 2, resampling approved ").quote(reason)
        }
        InvestigationStep::OtherAnalyst { analyst, reason } => {
            let word = format!("{} for the rest of the plan: ", analyst.printed_name);
            Text::new().bold("Phase 2, another analyst ").muted(word).quote(reason)
        }
        InvestigationStep::ProductionReview { finding } => {
            Text::new().bold("Phase 2, production's review ").quote(finding)
        }
        InvestigationStep::Inconclusive { conclusion } => {
            Text::new().bold("Phase 2 ends inconclusive ").quote(conclusion)
        }
        InvestigationStep::DecidedInconclusive {
            investigation,
            production_review,
            process_history,
            retests,
        } => {
            let all: Vec<_> = retests.iter().map(u32::to_string).collect();
            Text::new()
                .bold("Decided inconclusive, never met ")
                .muted(format!("retests {}: ", all.join(", ")))
                .plain("investigation: ")
                .quote(investigation)
                .plain("; production: ")
                .quote(production_review)
                .plain("; process history: ")
                .quote(process_history)
        }
        InvestigationStep::Laboratory { .. }
        | InvestigationStep::Transcription { .. }
        | InvestigationStep::AssignableCause { .. }
        | InvestigationStep::RetestPlan { .. }
        | InvestigationStep::Reportable { .. } => Text::new(),
    }
}
