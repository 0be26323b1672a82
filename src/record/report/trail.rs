//! The complete audit trail of the run: what a reviewer must see first, then what went as planned.

use super::super::model::BatchRecord;
use super::super::model::trail::{SignatureLine, TrailLine};
use super::super::pdf::document::{Column, Document, Row, Table, Text};
use super::words::{counted, parted};
use crate::domain::ids::StepKey;
use std::collections::{BTreeMap, BTreeSet};

/// Writes the chapter.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    let (critical, routine): (Vec<_>, Vec<_>) =
        record.trail.iter().partition(|line| line.described.critical);
    document.h1("Audit trail");
    document.push(Text::new().muted(format!(
        "Complete: entries 1 to {} of this batch, nothing left out, in two parts. Times are of {}, the offset stands at the day. The same stands for machines in the attached file audit-trail.json.",
        record.trail.len(),
        record.site.zone
    )));
    document.push(Text::new().muted(
        "A step is named with its id and occurrence; where nothing else is said, it belongs to the first occurrence of its operation.",
    ));
    let persons = Persons::of(&record.trail);
    document.push(persons.legend());
    document.h2(format!("To be read first: {}", counted(critical.len(), "line")));
    document.push(Text::new().muted(
        "Corrections and struck entries, late entries, overrides and absences, exceptions, deviations, alarms, holds, gates, changes and every decision.",
    ));
    let parts = Parts { record, persons: &persons };
    document.push(parts.table(&critical, true));
    document.h2(format!("As planned: {}", counted(routine.len(), "line")));
    document.push(Text::new().muted("None of these has an old value, a reason or an exception."));
    document.push(parts.table(&routine, false));
}

/// How somebody is named in a line: the printed name, with more where that alone could be two people.
struct Persons {
    /// User names and roles by printed name.
    known: BTreeMap<String, BTreeSet<(String, String)>>,
}

impl Persons {
    fn of(trail: &[TrailLine]) -> Self {
        let mut known: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
        for line in trail {
            let whose = (line.user_name.clone(), line.role.clone());
            known.entry(line.printed_name.clone()).or_default().insert(whose);
        }
        Self { known }
    }

    /// Everybody who acted, with user name and role.
    fn legend(&self) -> Text {
        let mut text = Text::new().bold("Who acted: ");
        for (place, (name, more)) in self.known.iter().enumerate() {
            let more: Vec<_> = more.iter().map(|(user, role)| named(user, role)).collect();
            text = text.plain(if place > 0 { "; " } else { "" }).plain(name);
            text = text.fine(format!(" {}", more.join(" or ")));
        }
        text.plain(".")
    }

    fn shown(&self, line: &TrailLine) -> Text {
        let text = Text::new().plain(&line.printed_name);
        match self.known.get(&line.printed_name).map_or(0, BTreeSet::len) {
            0 | 1 => text,
            _ => text.fine(format!(" {}", named(&line.user_name, &line.role))),
        }
    }
}

fn named(user: &str, role: &str) -> String {
    [user, role].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The two parts as tables.
struct Parts<'a> {
    record: &'a BatchRecord<'a>,
    persons: &'a Persons,
}

impl Parts<'_> {
    fn table(&self, lines: &[&TrailLine], critical: bool) -> Table {
        let mut columns = vec![Column::fixed(32.0, "Entry").end(), Column::fixed(44.0, "Time")];
        columns.extend(match critical {
            true => vec![
                Column::share(1.5, "Who"),
                Column::share(3.6, "What"),
                Column::share(0.9, "Old"),
                Column::share(1.3, "New"),
                Column::share(2.9, "Why"),
            ],
            false => vec![
                Column::share(1.3, "Who"),
                Column::share(5.8, "What"),
                Column::share(1.9, "Value"),
            ],
        });
        let mut table = Table::new(columns).dense();
        let mut day = String::new();
        for line in lines {
            let (of, time) = parted(line.at, &line.zone);
            if of != day {
                table.push(Row::across(Text::from(of.as_str())));
                day = of;
            }
            let described = &line.described;
            let new = described.new.as_ref().map_or_else(Text::new, |new| Text::new().bold(new));
            let mut cells = vec![
                Text::new().muted(line.seq.to_string()),
                Text::from(time),
                self.persons.shown(line),
                self.what(line, &day),
            ];
            if critical {
                let old = described.old.as_ref();
                cells.push(old.map_or_else(Text::new, |old| Text::new().struck(old)));
                cells.push(new);
                let why = described.reason.as_ref();
                cells.push(why.map_or_else(Text::new, |why| Text::new().quote(why)));
            } else {
                cells.push(new);
            }
            table.row(cells);
        }
        table
    }

    /// What was done, to what, when it was done if that was another time, and who signed it.
    fn what(&self, line: &TrailLine, day: &str) -> Text {
        let described = &line.described;
        let mut what = Text::new().plain(&described.action).then(self.place(line));
        // Of what is routine there is one version.
        let also = described.named.also.iter().filter(|word| word.as_str() != "version 1");
        let also: Vec<_> = also.map(String::as_str).collect();
        if !also.is_empty() {
            what = what.fine(format!(" {}", also.join(" · ")));
        }
        if let Some(at) = described.performed_at.filter(|at| *at != line.at) {
            let (of, time) = parted(at, &line.zone);
            let when = if of == day { time } else { format!("{of} {time}") };
            what = what.plain(" ").alert(format!("performed {when}"));
        }
        if line.clock_apart {
            what = what.plain(" ").alert("the server's clock was apart from site time");
        }
        for signature in &line.signatures {
            what = what.fine(signed(line, signature));
        }
        what
    }

    /// The name of a step, an operation or an entry beside its id.
    fn place(&self, line: &TrailLine) -> Text {
        let named = &line.described.named;
        let recipe = &self.record.run.recipe;
        let key = named.step.as_ref().and_then(|step| step.parse::<StepKey>().ok());
        let step = key.as_ref().and_then(|key| recipe.step(&key.step)).map(|(_, step)| step);
        let id = match (&key, &named.step, &named.operation) {
            (Some(key), ..) if key.operation.n == 1 => Some(format!("{}~{}", key.step, key.k)),
            (_, Some(step), _) => Some(step.clone()),
            (_, None, operation) => operation.clone(),
        };
        let specs = step.map_or(recipe.release_specifications.as_slice(), |step| &step.entries);
        let entry = named.entry.as_ref();
        let spec = entry.and_then(|id| specs.iter().find(|spec| spec.id == *id));
        let operation = named.operation.as_ref().and_then(|id| id.split('~').next());
        let operation = operation.and_then(|id| recipe.operation(id));
        let name = match (entry, step) {
            (Some(entry), _) => Some(spec.map_or(entry.as_str(), |spec| spec.name.as_str())),
            (None, Some(step)) => Some(step.name.as_str()),
            (None, None) => operation.map(|operation| operation.name.as_str()),
        };
        // What is routine takes one line: an entry's name says what its id says.
        let entry_id = named.entry.clone().filter(|_| line.described.critical || spec.is_none());
        let ids: Vec<_> = id.into_iter().chain(entry_id).collect();
        let mut text = Text::new();
        if let Some(name) = name {
            text = text.plain(" ").bold(name);
        }
        if ids.is_empty() { text } else { text.fine(format!(" {}", ids.join(" · "))) }
    }
}

/// A signature of the line: its meaning, and whose it is where somebody else signed. Its key stands with the person.
fn signed(line: &TrailLine, signature: &SignatureLine) -> String {
    let by = match signature.user_name == line.user_name && signature.role == line.role {
        true => String::new(),
        false => {
            let whose = named(&signature.user_name, &signature.role);
            format!(" by {} {whose}", signature.printed_name)
        }
    };
    format!(" · signed{by}: {}", signature.meaning)
}
