//! What happened beside the steps: events, emergency acts, alarms, ends by decision, changes, handovers.

use super::super::model::BatchRecord;
use super::super::pdf::document::{
    Badge, Column, Document, Heading, Level, Row, Table, Text, Tone,
};
use super::words::{signed, time, who};
use super::{amendments, files, handovers, times};
use crate::domain::run::floor::{AlarmRun, EmergencyRun};
use crate::domain::words::{AlarmPriority, Place};

/// Writes the chapter; what is empty takes one line at its place.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("What happened beside the steps");
    happenings(document, record);
    emergencies(document, record);
    alarms(document, record);
    endings(document, record);
    amendments::write(document, record);
    times::write(document, record);
    handovers::write(document, record);
}

fn none(document: &mut Document, what: &str) {
    document.push(Text::new().bold(format!("{what}: ")).muted("none."));
}

fn happenings(document: &mut Document, record: &BatchRecord<'_>) {
    if record.run.happenings.is_empty() {
        return none(document, "Reported events");
    }
    document.h2("Reported events");
    for happening in &record.run.happenings {
        let told = &happening.told;
        let place = match &told.place {
            Place::Batch => "the batch".to_owned(),
            Place::Operation { operation } => format!("operation {operation}"),
            Place::Step { step } => format!("step {step}"),
            Place::Area { area } => format!("area {area}"),
            Place::Equipment { equipment } => format!("equipment {equipment}"),
        };
        document.push(
            Heading::new(Level::Three, format!("Event {} · {place}", told.no))
                .aside(Badge::new(format!("EXCEPTION {}", told.exception), Tone::Alert)),
        );
        document.push(Text::new().quote(&told.what));
        document.push(who(&happening.by).muted(format!(", {}", time(record, happening.at))));
        if !told.enclosures.is_empty() {
            files::write(document, record, &told.enclosures);
        }
    }
}

fn emergencies(document: &mut Document, record: &BatchRecord<'_>) {
    if record.run.emergencies.is_empty() {
        return none(document, "Emergency acts");
    }
    document.h2("Emergency acts");
    for act in &record.run.emergencies {
        emergency(document, record, act);
    }
}

fn emergency(document: &mut Document, record: &BatchRecord<'_>, act: &EmergencyRun) {
    let told = &act.told;
    let badge = match &act.ratified {
        None => Badge::new("NOT RATIFIED", Tone::Alert),
        Some((told, _)) if told.upheld => Badge::new("RATIFIED", Tone::Ok),
        Some(_) => Badge::new("NOT UPHELD", Tone::Fail),
    };
    let place =
        told.operation.as_ref().map_or_else(String::new, |operation| format!(" · {operation}"));
    document
        .push(Heading::new(Level::Three, format!("Emergency act {}{place}", told.no)).aside(badge));
    document.push(
        Text::new()
            .muted("Done: ")
            .quote(&told.what)
            .line()
            .muted("It could not wait because: ")
            .quote(&told.reason)
            .line()
            .then(who(&act.by))
            .muted(format!(
                ", {} · notified {} · exception {} · to be ratified until {}",
                time(record, act.at),
                told.notified,
                told.exception,
                time(record, told.ratify_until)
            )),
    );
    if let Some((ratified, signature)) = &act.ratified {
        let text = match ratified.upheld {
            true => Text::new().ok("upheld: ").quote(&ratified.conclusion),
            false => Text::new().fail("not upheld: ").quote(&ratified.conclusion),
        };
        document.push(match signature {
            Some(signature) => text.line().then(signed(signature)),
            None => text,
        });
    }
}

fn alarms(document: &mut Document, record: &BatchRecord<'_>) {
    if record.run.alarms.is_empty() {
        return none(document, "Alarms");
    }
    document.h2("Alarms");
    let mut table = Table::new([
        Column::fixed(26.0, "No."),
        Column::share(2.5, "Alarm"),
        Column::share(1.1, "Priority"),
        Column::share(2.7, "Raised, came in"),
        Column::share(2.7, "Acknowledged"),
    ])
    .row_headers();
    for alarm in &record.run.alarms {
        table.push(alarm_row(record, alarm));
    }
    document.push(table);
}

fn alarm_row(record: &BatchRecord<'_>, alarm: &AlarmRun) -> Row {
    let told = &alarm.told;
    let mut what = Text::new().bold(&told.tag).plain(" ").plain(&told.text);
    if let Some(at) = &told.at {
        what = what.fine(format!(" {at}"));
    }
    if let Some(no) = told.exception {
        what = what.fine(format!(" exception {no}"));
    }
    let priority = match told.priority {
        AlarmPriority::Critical => Text::new().fail("critical"),
        AlarmPriority::High => Text::new().alert("high"),
        AlarmPriority::Low => Text::new().muted("low"),
    };
    let (came, by) = &alarm.by;
    let how = match &told.source {
        Some(source) if source.verified => format!("signed by device {}, came in", source.device),
        Some(source) => format!("told as of device {}, not proven,", source.device),
        None => "typed".to_owned(),
    };
    let raised = Text::new()
        .fine(format!("raised {}", time(record, told.raised_at)))
        .line()
        .fine(format!("{how} {} {}", time(record, *came), by.printed_name));
    let acknowledged = match &alarm.acknowledged {
        Some((at, by, comment)) => {
            Text::new().quote(comment).line().then(who(by)).fine(format!(" {}", time(record, *at)))
        }
        None => Text::new().alert("not acknowledged"),
    };
    Row::new([Text::from(told.no.to_string()), what, priority, raised, acknowledged])
}

fn endings(document: &mut Document, record: &BatchRecord<'_>) {
    let mut any = false;
    for (key, operation) in &record.run.operations {
        for ending in operation.harvests.iter().chain(&operation.ended) {
            if !any {
                document.h2("Ends by decision");
                any = true;
            }
            let text = Text::new().bold(format!("{key} ")).then(super::steps::ended(ending));
            document.push(text.fine(format!("  {}", time(record, ending.at))));
        }
    }
    if !any {
        none(document, "Early ends and partial harvests");
    }
}
