//! The records, one after the other: each entry opened once, held against its hashes and signatures, and
//! folded; then the record's derived rows against its state.

use super::derived;
use super::roll::Roll;
use super::tables::{entry_row, journal_select, load};
use crate::domain::command::Data;
use crate::domain::ids::RecordKey;
use crate::domain::run::proof::unproven;
use crate::domain::state::State;
use crate::seal::entry::{Body, Header};
use crate::seal::verify::{Code, Finding, JournalRow, Opened, Verifier};
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::noun::{Row, mention};
use crate::store::replay::{Recipes, fold_data};
use diesel::prelude::*;
use diesel::sql_types::Binary;
use uuid::Uuid;

/// How many rows are held at once.
const PAGE: usize = 1000;

/// Into how many ranges the records are cut: enough that no thread waits long for the last.
const RANGES: i64 = 64;

/// Which records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The site and all persons: whose keys the others' signatures are held against.
    Keys,
    /// All others.
    Rest,
}

/// Identities above the one and up to the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Range {
    above: Option<Vec<u8>>,
    up_to: Option<Vec<u8>>,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
}

/// Cuts the records into ranges with about as many entries each: by the records of every so-manieth leaf.
pub(super) fn ranges(conn: &mut Db) -> Result<Vec<Range>, StoreError> {
    use crate::store::schema::journal;
    let last: Option<i64> =
        journal::table.select(diesel::dsl::max(journal::leaf)).get_result(conn)?;
    let step = last.unwrap_or(0) / RANGES;
    let mut cuts: Vec<Vec<u8>> = Vec::new();
    for n in 1..RANGES {
        let query = format!(
            "SELECT record_id AS id FROM journal WHERE leaf >= {} ORDER BY leaf LIMIT 1",
            step * n
        );
        cuts.extend(diesel::sql_query(query).load::<Id>(conn)?.into_iter().map(|row| row.id));
    }
    cuts.sort();
    cuts.dedup();
    let mut ranges = Vec::with_capacity(cuts.len() + 1);
    let mut above = None;
    for cut in cuts {
        ranges.push(Range { above: above.replace(cut.clone()), up_to: Some(cut) });
    }
    ranges.push(Range { above, up_to: None });
    Ok(ranges)
}

/// Verifies the records of a range.
pub(super) fn walk(
    conn: &mut Db,
    verifier: &mut Verifier,
    of: Of,
    range: &Range,
    recipes: &Recipes,
    roll: &mut Roll,
) -> Result<(), StoreError> {
    let mut record: Option<Record> = None;
    let mut after: Option<(Vec<u8>, i64)> = None;
    loop {
        let query = page(conn, of, range, after.as_ref());
        let rows = load(conn, query)?;
        let last = rows.len() < PAGE;
        if let Some(row) = rows.last() {
            after = row.place();
        }
        for row in rows {
            let Some(row) = entry_row(row, verifier) else { continue };
            let same = record.as_ref().is_some_and(|record| record.id == row.record_id);
            if !same && let Some(done) = record.replace(Record::begun(&row)) {
                done.close(conn, verifier)?;
            }
            let opened = verifier.entry(&row);
            if let Some(record) = &mut record {
                record.take(conn, verifier, &row, opened, recipes, roll)?;
            }
        }
        if last || after.is_none() {
            return record.map_or(Ok(()), |done| done.close(conn, verifier));
        }
    }
}

/// The next rows of a range, by key.
fn page(conn: &Db, of: Of, range: &Range, after: Option<&(Vec<u8>, i64)>) -> String {
    let literal = |bytes: &[u8]| match conn {
        Db::Sqlite(_) => format!("X'{}'", hex::encode(bytes)),
        Db::Postgres(_) => format!("'\\x{}'::bytea", hex::encode(bytes)),
    };
    let kinds = match of {
        Of::Keys => "record_kind IN ('site', 'person')",
        Of::Rest => "record_kind NOT IN ('site', 'person')",
    };
    let mut bounds = vec![kinds.to_owned()];
    match (after, &range.above) {
        (Some((id, seq)), _) => bounds.push(format!("(record_id, seq) > ({}, {seq})", literal(id))),
        (None, Some(above)) => bounds.push(format!("record_id > {}", literal(above))),
        (None, None) => {}
    }
    bounds.extend(range.up_to.as_ref().map(|id| format!("record_id <= {}", literal(id))));
    let rest =
        format!("FROM journal WHERE {} ORDER BY record_id, seq LIMIT {PAGE}", bounds.join(" AND "));
    journal_select(conn, &rest)
}

/// The record whose entries come.
struct Record {
    id: Uuid,
    key: Option<RecordKey>,
    /// What its entries fold to so far.
    state: Option<State>,
    /// The number that names it in findings; a record keeps its own.
    number: Option<String>,
    /// Every entry folded.
    whole: bool,
    /// What its entries mention.
    mentions: Vec<Row>,
}

impl Record {
    fn begun(row: &JournalRow) -> Self {
        let key = row.record_kind.parse().ok().map(|kind| RecordKey::new(kind, row.record_id));
        let (id, whole) = (row.record_id, key.is_some());
        Self { id, key, state: None, number: None, whole, mentions: Vec::new() }
    }

    fn take(
        &mut self,
        conn: &mut Db,
        verifier: &mut Verifier,
        row: &JournalRow,
        opened: Option<Opened<'_>>,
        recipes: &Recipes,
        roll: &mut Roll,
    ) -> Result<(), StoreError> {
        let (Some(record), true, Some(opened)) = (self.key, self.whole, opened) else {
            self.whole = false;
            return Ok(());
        };
        let Opened { header, body, link } = opened;
        let (data, signatures) = match &body {
            Body::Unsigned(text) => (Data::Text(text), [].as_slice()),
            Body::Read(body) => {
                let signatures = body["signatures"].as_array();
                (Data::Read(&body["data"]), signatures.map_or([].as_slice(), Vec::as_slice))
            }
        };
        self.mentions.extend(mentioned(row, &header, data, signatures));
        roll.take(verifier, row.leaf, &header, signatures);
        let before = self.state.as_ref().map_or(0, State::seq);
        // The fold takes the state: of a record that breaks here its number is remembered.
        if self.number.is_none() {
            self.number = self.state.as_ref().and_then(State::number);
        }
        let recipe = |hash: &str| recipes.get(conn, hash);
        match fold_data(self.state.take(), record, &header, data, signatures, link, recipe) {
            Ok(state) if state.seq() == before + 1 => {
                roll.learn(row.leaf, &state);
                self.state = Some(state);
            }
            Ok(state) => {
                self.state = Some(state);
                self.whole = false;
            }
            Err(StoreError::Unreachable(error)) => return Err(StoreError::Unreachable(error)),
            Err(fault) => {
                self.whole = false;
                let detail = format!("the record cannot be replayed: {fault}");
                verifier.add(Finding {
                    record_kind: Some(record.kind.to_string()),
                    record: Some(row.record_id),
                    seq: Some(row.seq),
                    ..Finding::new(Code::DerivedDiffers, "journal", &detail)
                });
                if let Some(number) = &self.number {
                    verifier.record_number(row.record_id, number);
                }
            }
        }
        Ok(())
    }

    /// All of its entries came.
    fn close(self, conn: &mut Db, verifier: &mut Verifier) -> Result<(), StoreError> {
        let Some(state) = self.state else { return Ok(()) };
        if self.whole {
            derived::compare(conn, self.id, &state, self.mentions, verifier)?;
            if let (State::Run(run), Some(record)) = (&state, self.key) {
                for (seq, detail) in unproven(run) {
                    verifier.add(Finding {
                        record_kind: Some(record.kind.to_string()),
                        record: Some(self.id),
                        seq: Some(seq),
                        ..Finding::new(Code::DerivedDiffers, "journal", &detail)
                    });
                }
            }
        }
        if let Some(number) = state.number() {
            verifier.record_number(self.id, &number);
        }
        Ok(())
    }
}

/// What an entry mentions; data that can name nothing stay unread.
fn mentioned(
    row: &JournalRow,
    header: &Header,
    data: Data<'_>,
    signatures: &[serde_json::Value],
) -> impl Iterator<Item = Row> {
    let event = header.event.name.as_str();
    let read = match data {
        Data::Text(text) if mention::may_mention(event, text) => serde_json::from_str(text).ok(),
        Data::Text(_) | Data::Read(_) => None,
    };
    let nothing = serde_json::Value::Null;
    let data = match (data, &read) {
        (Data::Read(data), _) => data,
        (Data::Text(_), Some(data)) => data,
        (Data::Text(_), None) => &nothing,
    };
    let rows = mention::rows(&mention::Looked {
        record: row.record_id,
        seq: header.seq,
        at: header.at,
        leaf: i64::try_from(row.leaf).unwrap_or(i64::MAX),
        event,
        actor: header.actor.person,
        data,
        signatures,
    });
    rows.into_iter().map(Row::Mention)
}
