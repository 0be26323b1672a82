//! A deviation in the record: what happened, what was found, what it means for each lot, who signed.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Badge, Callout, Document, Heading, Level, Text, Tone};
use super::words::{severity, signed, time, who};
use crate::domain::deviation::Deviation;
use crate::domain::deviation::content::{Closing, Concluded, Report};

/// Writes a deviation.
pub fn write(document: &mut Document, record: &BatchRecord<'_>, deviation: &Deviation) {
    let badge = match &deviation.closed {
        Some(_) => Badge::new("CLOSED", Tone::Ok),
        None => Badge::new("OPEN", Tone::Alert),
    };
    document.push(
        Heading::new(Level::Two, format!("{} {}", deviation.number, deviation.title)).aside(badge),
    );
    let (at, by) = &deviation.opened;
    let mut line =
        Text::new().muted("Opened ").then(who(by)).muted(format!(", {}", time(record, *at)));
    if let Some(class) = deviation.class {
        line = line.muted(format!(" · class {}", severity(class).0));
    }
    document.push(line);
    let runs: Vec<_> = deviation.runs.values().map(|(number, _)| number.clone()).collect();
    document.push(Text::new().muted(format!("Batches concerned: {}", runs.join(", "))));
    given(document, record, deviation);
    for changed in &deviation.classes {
        let word = severity(changed.class).0;
        let mut text = Text::new().plain(format!("Classified as {word}: ")).quote(&changed.reason);
        for signature in &changed.signed {
            text = text.line().then(signed(signature));
        }
        document.push(text);
    }
    for (at, by, text) in &deviation.investigation {
        document.push(Text::new().quote(text).fine(format!(
            "  {} {}",
            by.printed_name,
            time(record, *at)
        )));
    }
    for report in &deviation.superseded {
        document.push(investigation(report, Tone::Muted, "Investigation, no longer in force"));
    }
    if let Some(report) = &deviation.report {
        document.push(investigation(report, Tone::Accent, "Investigation"));
    }
    if let Some((conclusion, others, signature)) = &deviation.impact {
        let mut callout = Callout::new(Tone::Accent, "Impact")
            .paragraph(Text::new().quote(conclusion))
            .paragraph(Text::new().muted("Other batches assessed: ").quote(others));
        if let Some(signature) = signature {
            callout = callout.paragraph(signed(signature));
        }
        document.push(callout);
    }
    for reopened in &deviation.reopened {
        let text = Text::new()
            .alert("Opened again: ")
            .quote(&reopened.reason)
            .plain(" ")
            .then(who(&reopened.by))
            .fine(format!(", {}", time(record, reopened.at)));
        document.push(text);
        if let Some(closing) = &reopened.closing {
            document.push(closed(closing, Tone::Muted, "Closed before, no longer in force"));
        }
    }
    if let Some(closing) = &deviation.closed {
        document.push(closed(closing, Tone::Ok, "Closed"));
    }
}

/// How it was given from one to the other.
fn given(document: &mut Document, record: &BatchRecord<'_>, deviation: &Deviation) {
    for given in &deviation.assigned {
        let (owner, due) = (&given.owner.printed_name, time(record, given.due));
        let text = Text::new()
            .plain(format!("Given to {owner}, to be closed by {due}: "))
            .quote(&given.reason)
            .plain(" ")
            .then(who(&given.by))
            .fine(format!(", {}", time(record, given.at)));
        document.push(text);
    }
}

fn investigation(report: &Report, tone: Tone, title: &str) -> Callout {
    let said = |label: &str, said: &Concluded| match said {
        Concluded::Found(text) => Text::new().muted(label).quote(text),
        Concluded::None(why) => Text::new().muted(label).plain("none: ").quote(why),
    };
    let callout = Callout::new(tone, title)
        .paragraph(Text::new().quote(&report.text))
        .paragraph(said("Root cause: ", &report.root_cause))
        .paragraph(said("CAPA: ", &report.capa));
    match &report.signed {
        Some(signature) => callout.paragraph(signed(signature)),
        None => callout,
    }
}

fn closed(closing: &Closing, tone: Tone, title: &str) -> Callout {
    let mut callout = Callout::new(tone, title).paragraph(Text::new().quote(&closing.conclusion));
    for named in &closing.lots {
        let label = format!("Impact on lot {}: ", named.lot);
        callout = callout.paragraph(Text::new().muted(label).quote(&named.impact));
    }
    for other in &closing.others {
        let grounds: Vec<_> = other.grounds.iter().map(ToString::to_string).collect();
        let label = format!("Other batch {}: ", other.batch);
        let mut text = Text::new().muted(label).quote(&other.word);
        if !grounds.is_empty() {
            text = text.fine(format!(" (proposed by {})", grounds.join(", ")));
        }
        callout = callout.paragraph(text);
    }
    match &closing.signed {
        Some(signature) => callout.paragraph(signed(signature)),
        None => callout,
    }
}
