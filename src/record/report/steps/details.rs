//! What stands behind the entries of a table: how values were computed, determinations, custody, files,
//! and whatever else a kind keeps in its value. Nothing here knows a kind by name: a new one prints by itself.

use super::super::super::model::BatchRecord;
use super::super::super::model::files::files;
use super::super::super::pdf::document::{Column, Document, Table, Text};
use super::super::files as attached;
use super::super::words::{label, time};
use super::entries::Head;
use super::{computed, results};
use crate::domain::clock::Instant;
use crate::domain::entry::EntryValue;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::run::{Content, EntryRun};
use crate::domain::units;
use serde_json::{Map, Value};

/// Members that the table of entries shows already.
const SHOWN: [&str; 11] = [
    "value",
    "unit",
    "shown",
    "kind",
    "exact",
    "seconds",
    "microseconds",
    "key",
    "as_read",
    "censored",
    "decimals",
];

/// Where a member stands: by the order that its kind says, the others behind by name.
fn rank(first: &[&str], name: &str) -> usize {
    first.iter().position(|it| *it == name).unwrap_or(first.len())
}

/// Writes everything behind a table of entries.
pub fn write<'a>(
    document: &mut Document,
    head: Head<'_>,
    specs: &[&EntrySpec],
    state: impl Fn(&str) -> Option<&'a EntryRun>,
) {
    let record = head.record;
    if let Some(table) = computed::table(record, specs, &state) {
        document.push(table);
    }
    results::write(document, record, specs, &state);
    for spec in specs {
        let Some(run) = state(&spec.id) else { continue };
        value(document, record, spec, run);
        custody(document, record, spec, run);
        payloads(document, spec, run);
    }
}

/// What the table shows of a value besides: the text that people read, and what the master record asked for.
fn said(spec: &EntrySpec, value: &EntryValue) -> Vec<(Option<String>, Value)> {
    let asked = serde_json::to_value(&spec.kind).unwrap_or_default();
    let asked = asked.as_object().cloned().unwrap_or_default();
    let mut said = vec![(None, Value::from(value.shown.as_str()))];
    said.extend(asked.into_iter().map(|(name, word)| (Some(name), word)));
    said
}

/// Whether a member of a value stands in the table already.
fn stands(said: &[(Option<String>, Value)], name: &str, member: &Value) -> bool {
    SHOWN.contains(&name)
        || member.is_null()
        || member.is_string()
            && said.iter().any(|(of, word)| {
                word == member && of.as_ref().is_none_or(|of| of.as_str() == name)
            })
}

/// Whether a value says no more than its table shows.
pub fn plain(spec: &EntrySpec, value: &EntryValue) -> bool {
    let said = said(spec, value);
    // The full value of what is computed stands beside its formula.
    let full = |name: &str| name == "full" && spec.kind.as_kind().inputs().is_some();
    match &value.data {
        Value::Object(members) => {
            members.iter().all(|(name, it)| full(name) || stands(&said, name, it))
        }
        Value::Array(list) => list.iter().all(|item| !item.is_object() && !item.is_array()),
        _ => true,
    }
}

fn value(document: &mut Document, record: &BatchRecord<'_>, spec: &EntrySpec, run: &EntryRun) {
    let Some(Content::Value(value)) = run.current().map(|version| &version.content) else { return };
    // A result's determinations stand in their own table.
    if plain(spec, value) || !run.determinations.is_empty() {
        return;
    }
    let enclosed = files(&value.data);
    if !enclosed.is_empty() {
        document.push(Text::new().bold(&spec.name));
        attached::write(document, record, &enclosed);
    }
    let first = spec.kind.as_kind().first_members();
    match &value.data {
        Value::Object(members) => object(document, record, (spec, value), members),
        Value::Array(list) => many(document, record, first, &spec.name, &asked(spec, list)),
        _ => {}
    }
}

/// Answers in the order of a list of questions: each stands beside its question.
fn asked(spec: &EntrySpec, answers: &[Value]) -> Vec<Value> {
    let kind = serde_json::to_value(&spec.kind).unwrap_or_default();
    let lists = kind.as_object().into_iter().flatten().filter_map(|(_, list)| list.as_array());
    let mut questions =
        lists.filter(|list| list.len() == answers.len() && list.iter().all(Value::is_string));
    let Some(questions) = questions.next() else { return answers.to_vec() };
    let beside = |(question, answer): (&Value, &Value)| {
        let mut answer = answer.clone();
        if let Some(members) = answer.as_object_mut() {
            members.insert("check".into(), question.clone());
        }
        answer
    };
    questions.iter().zip(answers).map(beside).collect()
}

/// The members of a value on one line, in the order of its kind, without what its table shows already; lists below.
fn object(
    document: &mut Document,
    record: &BatchRecord<'_>,
    (spec, value): (&EntrySpec, &EntryValue),
    members: &Map<String, Value>,
) {
    let kind = spec.kind.as_kind();
    let first = kind.first_members();
    let mut line = Text::new();
    let mut lists = Vec::new();
    let mut sorted: Vec<_> =
        members.iter().filter(|(name, _)| !SHOWN.contains(&name.as_str())).collect();
    sorted.sort_by_key(|(name, _)| rank(first, name));
    let asks = kind.asks();
    for (name, item) in sorted {
        match item {
            _ if !files(item).is_empty() || named_file(members) => {}
            Value::Array(list) if list.iter().any(Value::is_object) => lists.push((name, list)),
            other => {
                let words = words(record, name, other);
                // A short word may stand there by chance: only a longer one is the same.
                let again = words.chars().count() > 3
                    && (value.shown.contains(&words) || asks.contains(&words));
                if words.is_empty() || again {
                    continue;
                }
                let name = if name == "full" { "full value".to_owned() } else { label(name) };
                let gap = if line.is_empty() { "" } else { " · " };
                line = line.muted(format!("{gap}{} ", name.to_lowercase())).plain(words);
            }
        }
    }
    if !line.is_empty() {
        document.push(Text::new().bold(format!("{}: ", spec.name)).then(line));
    }
    for (name, list) in lists {
        many(
            document,
            record,
            first,
            &format!("{}, {}", spec.name, label(name).to_lowercase()),
            list,
        );
    }
}

/// The members of a file are its table's columns.
fn named_file(members: &Map<String, Value>) -> bool {
    members.get("sha256").is_some_and(|hash| hash.as_str().is_some_and(|hash| hash.len() == 64))
}

/// Objects of one sort as a table: a column for each member that any of them has.
fn many(
    document: &mut Document,
    record: &BatchRecord<'_>,
    first: &[&str],
    name: &str,
    list: &[Value],
) {
    let objects: Vec<_> =
        list.iter().filter_map(Value::as_object).filter(|o| !named_file(o)).collect();
    let mut columns: Vec<&String> = Vec::new();
    for member in objects.iter().flat_map(|object| object.keys()) {
        if !columns.contains(&member) && columns.len() < 6 {
            columns.push(member);
        }
    }
    columns.sort_by_key(|name| rank(first, name));
    if columns.is_empty() {
        return;
    }
    let mut table = Table::new(columns.iter().map(|name| Column::share(1.0, label(name))))
        .caption(name)
        .dense();
    for object in objects {
        let cells = columns.iter().map(|column| {
            let words = object.get(*column).map(|value| words(record, column, value));
            Text::from(words.unwrap_or_default())
        });
        table.row(cells.collect::<Vec<_>>());
    }
    document.push(table);
}

/// A member's value in words.
fn words(record: &BatchRecord<'_>, name: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => moment(record, name, Instant::parse(text).ok(), text),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Number(number) => {
            let at = number.as_i64().filter(|micros| *micros > 100_000_000_000_000).map(Instant);
            moment(record, name, at, &number.to_string())
        }
        Value::Array(list) => {
            let words: Vec<_> = list.iter().map(|item| words_of(record, item)).collect();
            words.join(", ")
        }
        Value::Object(_) => words_of(record, value),
    }
}

fn words_of(record: &BatchRecord<'_>, value: &Value) -> String {
    let Some(members) = value.as_object() else { return words(record, "", value) };
    if let (Some(number), Some(unit)) = (members.get("value"), members.get("unit")) {
        let unit = unit.as_str().map(units::shown).unwrap_or_default();
        return format!("{} {unit}", words(record, "", number));
    }
    let words: Vec<_> = members
        .iter()
        .map(|(name, value)| {
            format!("{} {}", label(name).to_lowercase(), words(record, name, value))
        })
        .collect();
    words.join(", ")
}

/// Names that end in `at`, and texts that are moments, read as times of the site.
fn moment(record: &BatchRecord<'_>, name: &str, at: Option<Instant>, text: &str) -> String {
    let names_time = ["at", "until", "started", "stopped", "due", "from", "to", "moment"]
        .iter()
        .any(|word| name == *word || name.ends_with(&format!("_{word}")));
    match at {
        Some(at) if names_time || text.contains('T') => time(record, at),
        _ => text.to_owned(),
    }
}

/// What happened to a sample or a delivery after it was recorded: one line an act.
fn custody(document: &mut Document, record: &BatchRecord<'_>, spec: &EntrySpec, run: &EntryRun) {
    let points = run.trail.iter().filter(|_| spec.kind.as_kind().trail_goes_on());
    let mut table = Table::new([
        Column::share(1.4, "When"),
        Column::share(1.2, "Act"),
        Column::share(3.4, "What"),
        Column::share(2.0, "By"),
    ])
    .caption(format!("Trail of {}", spec.name))
    .dense();
    for point in points {
        table.row([
            Text::new().fine(time(record, point.at)),
            Text::from(label(&point.kind)),
            Text::from(&point.shown),
            super::super::words::who(&point.by),
        ]);
    }
    if !table.rows.is_empty() {
        document.push(table);
    }
}

/// What devices said, word for word.
fn payloads(document: &mut Document, spec: &EntrySpec, run: &EntryRun) {
    for source in run.versions.iter().filter_map(|version| version.source.as_ref()) {
        let Some(payload) = &source.payload else { continue };
        let said = format!("{}, the text of {}: ", spec.name, source.device);
        let text = Text::new().muted(said).code(payload.chars().take(600).collect::<String>());
        let more = payload.chars().count().saturating_sub(600);
        document.push(match more {
            0 => text,
            more => text.muted(format!("… {more} characters more in the audit trail")),
        });
    }
}
