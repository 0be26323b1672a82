//! What an entry mentions: everybody in it, the lots, samples, equipment and devices it names, and when it was done.
//!
//! The rows are made of the entry alone, when it is written: no state is asked, so that an entry costs its own
//! rows and no more however long its record is. `verify` makes them again of each entry that it opens.

use super::table::prelude::*;
use crate::domain::alike;
use crate::domain::entry::EntryValue;
use crate::domain::entry::identifier::{Register, named};
use crate::seal::signature::SIGNATURE_FORMAT;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

derived! {
    /// What entries mention. Read by the audit trail (who, and when it was done), by who took part in what, and by
    /// where something was used.
    MentionRow in mentioned by (record, seq, sort, word) of record
            looked up by (sort, word, at, leaf) {
        /// The record.
        record: Binary,
        /// The entry's sequence in it.
        seq: BigInt,
        /// What is mentioned, as in `person` or `lot`.
        sort: Text,
        /// Which: a person's identity, an identifier's key, a moment (see `moment` below).
        word: Binary,
        /// A person's part: `actor`, `second`, `performer` or `owner`; of a thing, nothing.
        part: Text,
        /// With which meaning somebody signed or checked.
        meaning: Nullable<Text>,
        /// When the entry was written.
        at: BigInt,
        /// Its place in the log.
        leaf: BigInt,
    }
}

/// What an entry may mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    Device,
    Equipment,
    Lot,
    /// When it was said to have been done.
    Performed,
    Person,
    Sample,
}

impl Sort {
    /// The word in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Equipment => "equipment",
            Self::Lot => "lot",
            Self::Performed => "performed",
            Self::Person => "person",
            Self::Sample => "sample",
        }
    }
}

/// An entry, as far as it is looked through.
pub(in crate::store) struct Looked<'a> {
    pub(in crate::store) record: Uuid,
    pub(in crate::store) seq: u64,
    pub(in crate::store) at: i64,
    pub(in crate::store) leaf: i64,
    pub(in crate::store) event: &'a str,
    pub(in crate::store) actor: Option<Uuid>,
    pub(in crate::store) data: &'a Value,
    pub(in crate::store) signatures: &'a [Value],
}

/// A moment as a word: words stand in the order of time.
#[must_use]
pub fn moment(at: i64) -> Vec<u8> {
    (at ^ i64::MIN).to_be_bytes().to_vec()
}

/// An identifier as a word: twins are one.
#[must_use]
pub fn identifier(typed: &str) -> Vec<u8> {
    alike::key(typed).into_bytes()
}

/// Members of an event that name something, wherever they stand in it.
const NAMING: [(&str, Sort); 6] = [
    ("device", Sort::Device),
    ("equipment", Sort::Equipment),
    ("lot", Sort::Lot),
    ("parent", Sort::Lot),
    ("parents", Sort::Lot),
    ("sample", Sort::Sample),
];

/// Whether an event's data, unread, can hold a member that is looked for: what holds none need not be read.
pub(in crate::store) fn may_mention(event: &str, data: &str) -> bool {
    let named = |member: &str| data.contains(member);
    begins_with_number(event)
        || NAMING.iter().any(|(member, _)| named(member))
        || named("performer")
        || named("\"owner\"")
        || named("\"performed_at\":") && !named("\"performed_at\":null")
}

/// Whether an event's number is that of a lot or a device.
fn begins_with_number(event: &str) -> bool {
    ["lot.", "run.lot-", "device."].iter().any(|begin| event.starts_with(begin))
}

/// The rows of an entry, in the order of their key.
pub(in crate::store) fn rows(entry: &Looked<'_>) -> Vec<MentionRow> {
    let mut found = BTreeMap::new();
    people(entry, &mut found);
    things(entry, &mut found);
    let row = |((sort, word), (part, meaning)): ((&'static str, Vec<u8>), Said)| MentionRow {
        record: entry.record.as_bytes().to_vec(),
        seq: i64::try_from(entry.seq).unwrap_or(i64::MAX),
        sort: sort.to_owned(),
        word,
        part: part.to_owned(),
        meaning,
        at: entry.at,
        leaf: entry.leaf,
    };
    found.into_iter().map(row).collect()
}

/// Part and meaning.
type Said = (&'static str, Option<String>);
type Found = BTreeMap<(&'static str, Vec<u8>), Said>;

/// Whoever acted; whoever signed beside them, with which meaning; for whom a scribe wrote;
/// whose something became.
fn people(entry: &Looked<'_>, found: &mut Found) {
    let person = |id: Uuid| (Sort::Person.as_str(), id.as_bytes().to_vec());
    if let Some(actor) = entry.actor {
        let checked = entry.event == "run.entry-checked";
        found.insert(person(actor), ("actor", checked.then(|| "checked".to_owned())));
    }
    let read = |value: &Value| value.as_str().and_then(|text| Uuid::parse_str(text).ok());
    for signature in entry.signatures.iter().filter(|one| one["format"] == SIGNATURE_FORMAT) {
        let Some(signer) = read(&signature["person"]) else { continue };
        let part = if entry.actor == Some(signer) { "actor" } else { "second" };
        let meaning = signature["meaning"].as_str().map(str::to_owned);
        found.insert(person(signer), (part, meaning));
    }
    if let Some(performer) = read(&entry.data["performer"]) {
        found.entry(person(performer)).or_insert(("performer", None));
    }
    if let Some(owner) = read(&entry.data["owner"]["person"]) {
        found.entry(person(owner)).or_insert(("owner", None));
    }
}

fn things(entry: &Looked<'_>, found: &mut Found) {
    let Looked { event, data, .. } = entry;
    let (noun, what) = event.split_once('.').unwrap_or((event, ""));
    if begins_with_number(event)
        && let Some(number) = data["number"].as_str().or(data["id"].as_str())
    {
        let sort = if noun == "device" { Sort::Device } else { Sort::Lot };
        name(found, sort, number);
    }
    // A recipe names entries where an event names things.
    let recipe = noun == "master" || what.starts_with("amendment") || what == "issued";
    if !recipe {
        walk(data, found);
    }
    if let Some(at) = data["performed_at"].as_i64() {
        found.insert((Sort::Performed.as_str(), moment(at)), ("", None));
    }
}

fn name(found: &mut Found, sort: Sort, typed: &str) {
    let word = identifier(typed);
    if !word.is_empty() {
        found.insert((sort.as_str(), word), ("", None));
    }
}

fn walk(data: &Value, found: &mut Found) {
    match data {
        Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
        Value::Object(members) => {
            if members.contains_key("shown")
                && let Ok(value) = EntryValue::deserialize(data)
                && let Some((register, id)) = named(&value)
            {
                let sort = match register {
                    Register::Lots => Sort::Lot,
                    Register::Equipment => Sort::Equipment,
                    Register::Samples => Sort::Sample,
                };
                name(found, sort, id);
            }
            for (member, value) in members {
                let sort = NAMING.iter().find(|(known, _)| known == member).map(|(_, sort)| *sort);
                match (sort, value) {
                    (Some(sort), Value::String(typed)) => name(found, sort, typed),
                    (Some(sort), Value::Array(items)) => {
                        items.iter().filter_map(Value::as_str).for_each(|it| name(found, sort, it));
                    }
                    (_, other) => walk(other, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(event: &str, data: &Value, signatures: &[Value]) -> Vec<(String, String, String)> {
        let actor = Some(Uuid::from_u128(1));
        let (record, seq, at, leaf) = (Uuid::nil(), 1, 5, 7);
        let entry = Looked { record, seq, at, leaf, event, actor, data, signatures };
        let shown = |row: MentionRow| {
            let word = match row.sort.as_str() {
                "person" => Uuid::from_slice(&row.word).expect("a person").as_u128().to_string(),
                "performed" => hex::encode(&row.word),
                _ => String::from_utf8(row.word).expect("text"),
            };
            (row.sort, word, format!("{}{}", row.part, row.meaning.unwrap_or_default()))
        };
        rows(&entry).into_iter().map(shown).collect()
    }

    // shows: A11D-12.4.a
    // finding: A22
    #[test]
    fn everybody_in_an_entry_is_found_with_their_part() {
        let signed = |person: u128, meaning: &str| json!({ "format": SIGNATURE_FORMAT, "person": Uuid::from_u128(person), "meaning": meaning });
        let both = [signed(1, "handed-over"), signed(2, "took-over")];
        let said = |word: &str, part: &str| ("person".to_owned(), word.to_owned(), part.to_owned());
        assert_eq!(
            of("run.handed-over", &json!({}), &both),
            [said("1", "actorhanded-over"), said("2", "secondtook-over")]
        );
        let scribed = json!({ "performer": Uuid::from_u128(3) });
        assert_eq!(
            of("run.entry-recorded", &scribed, &[]),
            [said("1", "actor"), said("3", "performer")]
        );
        assert_eq!(of("run.entry-checked", &json!({}), &[]), [said("1", "actorchecked")]);
        let strange =
            [json!({ "format": "batchwright.statement/1", "person": Uuid::from_u128(4) })];
        assert_eq!(of("site.founded", &json!({}), &strange), [said("1", "actor")]);
    }

    #[test]
    fn what_an_entry_names_is_found_wherever_it_stands() {
        let data = json!({ "value": { "kind": "sample", "data": { "id": "S 1", "lot": "L-1" }, "shown": "S 1", "number": null },
            "source": { "device": "bal-07" }, "performed_at": 1, "parents": ["l-2"] });
        let words: Vec<(String, String)> =
            of("run.entry-recorded", &data, &[]).into_iter().map(|(a, b, _)| (a, b)).collect();
        let is = |sort: &str, word: &str| {
            words.contains(&(sort.to_owned(), String::from_utf8(identifier(word)).expect("text")))
        };
        assert!(
            is("sample", "s1") && is("lot", "l-1") && is("lot", "L-2") && is("device", "BAL-07")
        );
        assert!(words.contains(&("performed".into(), "8000000000000001".into())), "{words:?}");
        let may = |data: &str| may_mention("run.entry-recorded", data);
        assert!(may(&data.to_string()) && !may(r#"{"performed_at":null,"number":null}"#));
        assert!(may_mention("lot.decided", "{}"));
        // A recipe names its entries, and no things.
        let recipe = json!({ "after": { "sample": "harvest" } });
        assert_eq!(of("run.amendment-proposed", &recipe, &[]).len(), 1);
        assert!(moment(-1) < moment(0) && moment(0) < moment(1));
    }
}
