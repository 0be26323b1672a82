//! Exceptions, deviations, holds, gates, lots: what departed and who decided.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Column, Document, Table, Text};
use super::words::{severity, signed, time, who};
use crate::domain::exception::{Exception, Triage};
use crate::domain::run::acts::late_gate;
use crate::domain::run::attempt;
use crate::domain::run::taken_back::TakenBack;

/// Writes the chapters.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    exceptions(document, record);
    taken_back(document, record);
    document.h1("Deviations");
    if record.deviations.is_empty() {
        document.push(Text::new().ok("None."));
    }
    for deviation in &record.deviations {
        super::deviation::write(document, record, deviation);
    }
    gates_and_holds(document, record);
    super::reviews::write(document, record);
}

fn exceptions(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Exceptions");
    if record.run.exceptions.is_empty() {
        document.push(Text::new().ok("None."));
        return;
    }
    let mut table = Table::new([
        Column::fixed(26.0, "No."),
        Column::share(3.2, "What happened"),
        Column::share(0.9, "Severity"),
        Column::share(2.6, "Decision"),
    ])
    .row_headers();
    for e in &record.run.exceptions {
        let (word, tone) = severity(e.opened.severity);
        let place = e.opened.at.as_ref().and_then(|at| at.step.as_ref()).map(ToString::to_string);
        let what = Text::new().plain(attempt::detail(record.run, e));
        let what = what.then(struck(record, e)).fine(format!(
            " {} {} {}",
            place.unwrap_or_default(),
            e.by.printed_name,
            time(record, e.at)
        ));
        table.row([
            Text::from(e.opened.no.to_string()),
            what,
            super::words::toned(word, tone),
            decision(record, e),
        ]);
    }
    document.push(table);
}

/// That the value which opened an exception was struck since.
fn struck(record: &BatchRecord<'_>, exception: &Exception) -> Text {
    let Some(version) = crate::domain::run::struck::struck(record.run, exception) else {
        return Text::new();
    };
    let (by, why) = (&version.by.printed_name, version.reason.as_deref().unwrap_or_default());
    let text = Text::new().line().alert("struck");
    text.fine(format!(" by {by}, {}: ", time(record, version.at))).quote(why)
}

/// What was found running in error: it stays listed with what was reported, why it was taken back, and who did.
fn taken_back(document: &mut Document, record: &BatchRecord<'_>) {
    for taken in &record.run.taken_back {
        let TakenBack { step, reason, exception, .. } = &taken.told;
        let mut text = Text::new()
            .bold(format!("{step} taken back: "))
            .quote(reason)
            .line()
            .fine(format!("found running by exception {exception}; reported: "))
            .struck(taken.reported().join("; "));
        for signature in &taken.signed {
            text = text.line().then(signed(signature));
        }
        document.push(text);
    }
}

fn decision(record: &BatchRecord<'_>, e: &Exception) -> Text {
    let (at, triage) = match &e.triage {
        None => return Text::new().alert("not decided"),
        Some((at, triage)) => (*at, triage),
    };
    let (words, signature, second) = match triage {
        Triage::NotDeviation { rationale, signed, second } => {
            (Text::new().plain("not a deviation: ").quote(rationale), signed, second)
        }
        Triage::Deviation { number, signed, second } => {
            (Text::new().plain("deviation ").bold(number), signed, second)
        }
    };
    let text = words.line();
    let text = match signature {
        Some(signature) => text.then(signed(signature)),
        None => text.fine(time(record, at)),
    };
    match second {
        Some(second) => text.line().then(signed(second)),
        None => text,
    }
}

fn gates_and_holds(document: &mut Document, record: &BatchRecord<'_>) {
    let run = record.run;
    document.h1("Gates and holds");
    for gate in &run.recipe.gates {
        let state = run.gates.get(&gate.id);
        let mut text = Text::new().bold(&gate.name).fine(format!(
            " {} before {}",
            gate.id,
            gate.before.join(", ")
        ));
        for (_, signature) in state.map_or(&[][..], |s| s.passages.as_slice()) {
            text = text.line().then(signed(signature));
        }
        if state.is_none_or(|s| s.passages.is_empty()) {
            text = text.line().muted("not passed");
        }
        let late = late_gate::late(run, gate);
        if !late.is_empty() {
            text = text.line().fail(late_gate::line(&late));
        }
        for (key, (reason, by)) in state.iter().flat_map(|state| &state.waived) {
            text = text
                .line()
                .alert(format!("waived for {key}: "))
                .quote(reason)
                .plain(" ")
                .then(signed(by));
        }
        for risk in state.map_or(&[][..], |s| s.risks.as_slice()) {
            let until = time(record, risk.until);
            text = text.line().alert(format!("at risk until {until}: "));
            text = text.quote(&risk.reason).plain(" ");
            if let Some(s) = &risk.signed {
                text = text.line().then(signed(s));
            }
            text = text.line();
            text = match &risk.ratified {
                Some(s) => text.then(signed(s)),
                None => text.alert("not ratified"),
            };
        }
        document.push(text);
    }
    if run.holds.is_empty() {
        document.push(Text::new().muted("No hold was placed."));
    }
    for hold in &run.holds {
        let mut text = Text::new()
            .bold(format!("Hold {}: ", hold.no))
            .quote(&hold.reason)
            .plain(" ")
            .then(who(&hold.by))
            .fine(format!(", {}", time(record, hold.at)));
        text = match &hold.lifted {
            Some((at, by, reason)) => {
                let lifted = text.line().muted(format!("lifted {}: ", time(record, *at)));
                lifted.quote(reason).plain(" ").then(who(by))
            }
            None => text.line().alert("stands"),
        };
        document.push(text);
    }
}
