//! Values at hand, as a run would know them.

use batchwright::domain::calc::eval::Worth;
use batchwright::domain::calc::{self, Stop};
use batchwright::domain::clock::Instant;
use batchwright::domain::entry::EntryValue;
use batchwright::domain::entry::computing::{Known, KnownEntry, Which};
use batchwright::domain::quantity::Quantity;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Entries by id, each with its occurrences in order.
#[derive(Debug, Default)]
pub struct Values(BTreeMap<String, Vec<EntryValue>>);

impl Values {
    pub fn number(mut self, id: &str, value: &str, unit: &str) -> Self {
        let value = value.parse().expect("a decimal");
        let number = Some(Quantity { value, unit: unit.to_owned() });
        self.push(id, json!(null), format!("{value} {unit}"), number);
        self
    }

    pub fn value(mut self, id: &str, value: EntryValue) -> Self {
        self.0.entry(id.to_owned()).or_default().push(value);
        self
    }

    pub fn other(mut self, id: &str, data: Value) -> Self {
        let shown = data.to_string();
        self.push(id, data, shown, None);
        self
    }

    fn push(&mut self, id: &str, data: Value, shown: String, number: Option<Quantity>) {
        let value = EntryValue { kind: "number".into(), data, shown, number };
        self.0.entry(id.to_owned()).or_default().push(value);
    }
}

impl Known for Values {
    fn entries(&self, step: Option<&str>, entry: &str, which: Which) -> Vec<KnownEntry> {
        let id = step.map_or_else(|| entry.to_owned(), |step| format!("{step}/{entry}"));
        let known = |(i, value): (usize, &EntryValue)| KnownEntry {
            at: format!("{id}~{}", i + 1),
            version: 1,
            seq: 1,
            value: value.clone(),
        };
        let all: Vec<_> = self.0.get(&id).into_iter().flatten().enumerate().map(known).collect();
        match which {
            Which::All => all,
            Which::First => all.into_iter().take(1).collect(),
            Which::Current | Which::Last => all.into_iter().next_back().into_iter().collect(),
            Which::Previous => all.into_iter().rev().skip(1).take(1).collect(),
        }
    }

    fn at(&self) -> Instant {
        Instant(0)
    }
}

/// What an expression is worth, as text without zeros at the end.
pub fn worth(text: &str, values: &Values) -> Result<String, String> {
    let expr = calc::parse(text)?;
    match calc::evaluate(&expr, values).0 {
        Ok(Worth::Number(number, unit)) => Ok(format!("{} {unit}", number.decimal().normalize())),
        Ok(Worth::Text(text)) => Ok(text),
        Ok(Worth::Truth(truth)) => Ok(truth.to_string()),
        Err(Stop::Missing(what)) => Err(format!("missing {what:?}")),
        Err(Stop::Wrong(why)) => Err(why),
    }
}
