//! Obligations: how many of each sort are met, operation by operation; in full only what is open, waived, late or
//! decided inconclusive. What is met stands with its evidence at its place in the record.

use super::super::model::{BatchRecord, ObligationLine};
use super::super::pdf::document::{Column, Document, Table, Text};
use crate::domain::ids::OperationKey;
use crate::domain::run::obligations::Status;
use crate::domain::tally::Tally;

/// Sorts of what is owed, in the order in which they are told: how the id begins, what it has in it, and the word.
const SORTS: &[(&str, &str, &str)] = &[
    ("operation/", "/closed", "closed"),
    ("step/", "/complete", "steps complete"),
    ("step/", "/performed", "signed by performers"),
    ("step/", "/witnessed", "witnessed"),
    ("step/", "/verified", "verified"),
    ("entry/", "/recorded", "entries recorded"),
    ("entry/", "/checked/", "values checked by another"),
    ("entry/", "/second-look/", "second looks"),
    ("entry/", "/conforms", "specifications conform"),
    ("operation/", "/conforms", "conformity of its values"),
    ("entry/", "/late-reason", "late entries with a reason"),
    ("operation/", "/alerts-acknowledged", "alerts acknowledged"),
    ("result/", "", "laboratory decisions"),
    ("sample/", "", "reserve samples"),
    ("exception/", "", "exceptions decided"),
    ("deviation/", "/impact", "impacts of deviations concluded"),
    ("deviation/", "/closed", "deviations closed"),
    ("gate/", "/passed", "gates passed"),
    ("gate/", "/ratified", "risks ratified"),
    ("emergency/", "", "emergency acts ratified"),
    ("alarm/", "", "critical alarms acknowledged"),
    ("hold/", "", "holds lifted"),
    ("amendment/", "", "changes decided"),
    ("lot/", "", "lots made of what may be used"),
    ("run/", "", "steps from issue to release"),
];

/// What is owed of one operation, or of the batch.
struct Scope {
    name: Text,
    /// By sort, in the order of the sorts; what is of no sort comes last.
    sorts: Vec<(&'static str, Vec<Status>)>,
}

/// The operation that an obligation is of: the id says it.
fn operation(line: &ObligationLine) -> Option<OperationKey> {
    line.id.split('/').nth(1)?.parse().ok()
}

/// Place and word of an obligation's sort.
fn sort(line: &ObligationLine) -> usize {
    let is = |(begin, part, _): &(&str, &str, &str)| {
        line.id.starts_with(begin) && line.id.contains(part)
    };
    SORTS.iter().position(is).unwrap_or(SORTS.len())
}

fn scopes(record: &BatchRecord<'_>) -> Vec<Scope> {
    let mut keys: Vec<Option<OperationKey>> = Vec::new();
    for line in &record.obligations {
        let key = operation(line);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    // The batch as a whole stands below its operations.
    keys.sort_by_key(|key| (key.is_none(), key.clone()));
    let of = |key: &Option<OperationKey>| {
        let mut sorts: Vec<(usize, Vec<Status>)> = Vec::new();
        for line in record.obligations.iter().filter(|line| operation(line) == *key) {
            let place = sort(line);
            match sorts.iter_mut().find(|(known, _)| *known == place) {
                Some((_, found)) => found.push(line.standing),
                None => sorts.push((place, vec![line.standing])),
            }
        }
        sorts.sort_by_key(|(place, _)| *place);
        let word = |place: usize| SORTS.get(place).map_or("others", |(_, _, word)| word);
        let sorts = sorts.into_iter().map(|(place, found)| (word(place), found)).collect();
        Scope { name: name(record, key.as_ref()), sorts }
    };
    keys.iter().map(of).collect()
}

fn name(record: &BatchRecord<'_>, key: Option<&OperationKey>) -> Text {
    let Some(key) = key else { return Text::new().bold("The batch as a whole") };
    let name = record.run.recipe.operation(&key.op).map_or("", |op| op.name.as_str());
    Text::new().bold(key.to_string()).plain(format!(" {name}"))
}

/// `34 of 34 steps complete · 85 of 87 entries recorded (1 waived, 1 open)`.
fn counts(scope: &Scope) -> Text {
    let mut text = Text::new();
    for (place, (word, found)) in scope.sorts.iter().enumerate() {
        let tally = Tally::count(found.iter().copied());
        text = if place > 0 { text.muted(" · ") } else { text };
        let said = format!("{} of {} {word}", tally.met, tally.all());
        text = if tally.met == tally.all() { text.plain(said) } else { text.bold(said) };
        let others = [
            (tally.waived, "waived"),
            (tally.open, "open"),
            (tally.inconclusive, "decided inconclusive"),
        ];
        let others: Vec<_> = others
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if !others.is_empty() {
            text = text.plain(format!(" ({})", others.join(", ")));
        }
    }
    text
}

/// Whether an obligation is told in full.
fn told(line: &ObligationLine) -> bool {
    line.standing != Status::Met || line.id.ends_with("/late-reason") || line.id.ends_with("/due")
}

/// What is owed as people say that it is missing: `Dissolved oxygen: not recorded yet`.
pub fn missing(line: &ObligationLine) -> String {
    match line.what.strip_suffix(" recorded") {
        Some(name) if line.id.ends_with("/recorded") => format!("{name}: not recorded yet"),
        _ => format!("Not yet: {}", line.what),
    }
}

/// Writes the chapter.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Obligations");
    let tally = record.tally();
    let never = record.obligations.iter().filter(|o| !o.waivable).count();
    document.push(Text::new().muted(format!(
        "{tally} of {}. {never} can never be waived. Each that is met has its evidence where it was met, in the chapters \
         above; in full stands here what is open, waived, late or decided inconclusive.",
        tally.all()
    )));
    let mut table =
        Table::new([Column::share(2.2, "Operation"), Column::share(6.0, "Met of owed, by sort")])
            .row_headers()
            .dense();
    for scope in scopes(record) {
        let counts = counts(&scope);
        table.row([scope.name, counts]);
    }
    document.push(table);
    in_full(document, record);
}

fn in_full(document: &mut Document, record: &BatchRecord<'_>) {
    document.h2("Open, waived, late or decided inconclusive");
    let mut table = Table::new([
        Column::share(4.0, "Owed"),
        Column::share(1.6, "Rule, clause"),
        Column::share(3.6, "How it stands, evidence"),
    ])
    .dense();
    let mut lines: Vec<_> = record.obligations.iter().filter(|line| told(line)).collect();
    lines.sort_by_key(|line| match line.standing {
        Status::Open => 0,
        Status::DecidedInconclusive => 1,
        Status::Waived => 2,
        Status::Met => 3,
    });
    for line in lines {
        let owed = match line.standing {
            Status::Open => Text::new().fail(missing(line)),
            Status::DecidedInconclusive => {
                Text::new().alert(format!("{} (decided inconclusive)", line.what))
            }
            Status::Waived => Text::new().alert(format!("{} (waived)", line.what)),
            Status::Met => Text::new().ok(&line.what),
        };
        table.row([
            owed,
            Text::new().fine(format!("{} {}", line.rule, line.clause)),
            Text::from(line.evidence.as_deref().unwrap_or("—")),
        ]);
    }
    if table.rows.is_empty() {
        document.push(Text::new().ok("None."));
    } else {
        document.push(table);
    }
}
