//! What departed, by severity: every deviation, every critical or major exception, every result out of specification,
//! each with its conclusion in a line. None is left to a chapter.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Column, Document, Row, Table, Text, Tone};
use super::super::signatures::short;
use super::super::words::{counted, severity, time};
use super::counts::severities;
use crate::domain::deviation::Deviation;
use crate::domain::deviation::content::Concluded;
use crate::domain::exception::{Exception, ExceptionKind, Severity, Triage};
use crate::domain::run::attempt;
use crate::domain::run::struck::struck;

/// One thing that departed.
struct Departure {
    severity: Severity,
    /// The first exception's number: what came first stands first.
    no: u32,
    what: Text,
    conclusion: Text,
    /// Somebody still has to decide about it.
    open: bool,
}

/// Whether an exception is told by itself, however its deviation ends.
fn grave(e: &Exception) -> bool {
    e.opened.severity != Severity::Minor || e.opened.kind == ExceptionKind::OutOfSpecification
}

/// The deviation that an exception was put into.
fn deviation_of(e: &Exception) -> Option<&str> {
    match &e.triage {
        Some((_, Triage::Deviation { number, .. })) => Some(number),
        Some((_, Triage::NotDeviation { .. })) | None => None,
    }
}

/// Writes the section.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h2("What departed, by severity");
    let run = record.run;
    let mut all: Vec<_> =
        record.deviations.iter().map(|deviation| of_deviation(record, deviation)).collect();
    let loaded = |e: &Exception| {
        let number = deviation_of(e);
        number.is_some_and(|number| record.deviations.iter().any(|it| it.number == number))
    };
    let alone = run.exceptions.iter().filter(|e| grave(e) && !loaded(e));
    all.extend(alone.map(|e| of_exception(record, e)));
    all.sort_by_key(|it| (it.severity, it.no));
    if all.is_empty() {
        document.push(
            Text::new().ok(
                "No deviation, no critical or major exception, no result out of specification.",
            ),
        );
    } else {
        document.push(table(all));
    }
    minor(document, record);
}

fn table(all: Vec<Departure>) -> Table {
    let mut table = Table::new([
        Column::fixed(54.0, "Severity"),
        Column::share(4.4, "What departed"),
        Column::share(3.6, "Conclusion"),
    ])
    .dense();
    for it in all {
        let (word, _) = severity(it.severity);
        let grave = if it.severity == Severity::Critical { Tone::Fail } else { Tone::Alert };
        let row = Row::new([Text::new().badge(word.to_uppercase(), grave), it.what, it.conclusion]);
        table.push(if it.open { row.tone(Tone::Alert) } else { row });
    }
    table
}

fn of_deviation(record: &BatchRecord<'_>, deviation: &Deviation) -> Departure {
    let inside: Vec<&Exception> = record
        .run
        .exceptions
        .iter()
        .filter(|e| deviation_of(e) == Some(deviation.number.as_str()))
        .collect();
    let worst = inside.iter().map(|e| e.opened.severity).chain(deviation.class).min();
    let class =
        deviation.class.map_or_else(String::new, |it| format!(" of class {}", severity(it).0));
    let mut what = Text::new()
        .bold(&deviation.number)
        .plain(format!(" {}", deviation.title))
        .fine(format!(" deviation{class}"));
    for e in &inside {
        what = what.line().then(named(record, e));
    }
    let no = inside.first().map_or(u32::MAX, |e| e.opened.no);
    let open = deviation.closed.is_none();
    let severity = worst.unwrap_or(Severity::Major);
    Departure { severity, no, what, conclusion: concluded(record, deviation), open }
}

/// An exception: number, kind, what happened.
fn named(record: &BatchRecord<'_>, e: &Exception) -> Text {
    let (word, _) = severity(e.opened.severity);
    let text = Text::new()
        .bold(format!("Exception {}: ", e.opened.no))
        .plain(short(&attempt::detail(record.run, e)))
        .fine(format!(" {}, {word}, {}", e.opened.kind.as_str(), time(record, e.at)));
    let text = if struck(record.run, e).is_some() { text.alert(" struck") } else { text };
    match result(record, e) {
        Some(now) => text.plain(format!("; {now}")),
        None => text,
    }
}

/// What the laboratory reports now of a result that was outside its limits, with every determination counted.
fn result(record: &BatchRecord<'_>, e: &Exception) -> Option<String> {
    let entry = record.run.entry(e.opened.at.as_ref()?)?;
    if entry.determinations.is_empty() {
        return None;
    }
    let all = counted(entry.determinations.len(), "determination");
    let aside = entry.determinations.iter().filter(|it| it.invalidated.is_some()).count();
    let now = entry.current().and_then(|version| version.value());
    let now = now.map_or("not reported yet".to_owned(), |it| format!("reported {}", it.shown));
    Some(format!("{all}, {aside} set aside; {now}"))
}

fn concluded(record: &BatchRecord<'_>, deviation: &Deviation) -> Text {
    let cause = |text: Text| match deviation.report.as_ref().map(|report| &report.root_cause) {
        Some(Concluded::Found(cause)) => text.line().muted("Cause: ").quote(short(cause)),
        Some(Concluded::None(why)) => text.line().muted("No cause found: ").quote(short(why)),
        None => text,
    };
    if let Some(closing) = &deviation.closed {
        let text = Text::new().plain("Closed");
        let text = match &closing.signed {
            Some(by) => text
                .plain(format!(" by {}", by.printed_name))
                .fine(format!(" {}", time(record, by.at))),
            None => text,
        };
        return cause(text.plain(": ").quote(short(&closing.conclusion)));
    }
    let text = Text::new().alert("Open");
    match &deviation.impact {
        Some((impact, ..)) => cause(text.plain("; impact: ").quote(short(impact))),
        None => cause(text.plain("; impact not concluded")),
    }
}

fn of_exception(record: &BatchRecord<'_>, e: &Exception) -> Departure {
    let conclusion = match &e.triage {
        None => Text::new().alert("Not decided"),
        Some((at, Triage::NotDeviation { rationale, signed, second })) => {
            let by: Vec<_> =
                signed.iter().chain(second).map(|by| by.printed_name.as_str()).collect();
            Text::new()
                .plain(format!("Not a deviation, {}", by.join(" and ")))
                .fine(format!(" {}", time(record, *at)))
                .plain(": ")
                .quote(short(rationale))
        }
        Some((_, Triage::Deviation { number, .. })) => {
            Text::new().plain("In deviation ").bold(number)
        }
    };
    Departure {
        severity: e.opened.severity,
        no: e.opened.no,
        what: named(record, e),
        conclusion,
        open: e.triage.is_none(),
    }
}

/// Minor exceptions in a line: how many, which of them nobody has decided.
fn minor(document: &mut Document, record: &BatchRecord<'_>) {
    let all = &record.run.exceptions;
    let minor = all.iter().filter(|e| !grave(e) && deviation_of(e).is_none());
    let numbers: Vec<_> = minor.clone().map(|e| e.opened.no.to_string()).collect();
    if numbers.is_empty() {
        return;
    }
    let open: Vec<_> = minor
        .filter(|e| e.triage.is_none())
        .map(|e| format!("{} ({})", e.opened.no, e.opened.kind.as_str()))
        .collect();
    let text =
        Text::new().plain(format!("And {} minor, no. {}", numbers.len(), numbers.join(", ")));
    let text = match open.is_empty() {
        true => text.muted(": each decided to be no deviation, told in the chapter Exceptions."),
        false => text.plain("; ").alert(format!("not decided: {}", open.join(", "))),
    };
    document.push(text.fine(format!(" All exceptions: {}.", severities(all.iter()))));
}
