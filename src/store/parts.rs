//! In which part persons stand in records, and which records name a thing: summed up over what entries mention.

use super::db::{Db, on_engine};
use super::fault::StoreError;
use super::journal::{Page, cursor};
use super::lists::{Paging, page};
use super::noun::mention::Sort;
use super::question::{Dialect, text};
use crate::domain::ids::{PersonId, RecordKey};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use uuid::Uuid;

/// What somebody did in a record in one part and meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Took {
    /// `actor`, `second` or `performer`.
    pub part: String,
    /// With which meaning they signed or checked.
    pub meaning: Option<String>,
    /// In how many entries.
    pub entries: i64,
    /// The first one's time.
    pub first: i64,
    /// The last one's time.
    pub last: i64,
}

type Summed = (Vec<u8>, String, Option<String>, i64, i64, i64);

fn summed(row: Summed) -> Result<(Uuid, Took), StoreError> {
    let (id, part, meaning, entries, first, last) = row;
    let broken = |e: uuid::Error| StoreError::Broken {
        table: "mentioned",
        row: hex::encode(&id),
        detail: e.to_string(),
    };
    let id = Uuid::from_slice(&id).map_err(broken)?;
    Ok((id, Took { part, meaning, entries, first, last }))
}

/// Everybody who stands in a record, with each of their parts.
///
/// # Errors
/// The engine's.
pub fn people(conn: &mut Db, record: RecordKey) -> Result<Vec<(PersonId, Took)>, StoreError> {
    let asks = format!(
        "SELECT word, part, meaning, count(*), min(at), max(at) FROM mentioned
         WHERE record = {} AND sort = 'person' GROUP BY word, part, meaning
         ORDER BY min(at), word, part, coalesce(meaning, '')",
        Dialect::of(conn).bytes(record.id.as_bytes())
    );
    type Columns = (Binary, Text, Nullable<Text>, BigInt, BigInt, BigInt);
    let found: Vec<Summed> = on_engine!(conn, conn => sql::<Columns>(&asks).load(conn)?);
    found.into_iter().map(summed).collect()
}

/// A run in which somebody stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOf {
    /// Batch number.
    pub number: String,
    pub issue_no: i64,
    /// Product code.
    pub product: String,
    pub phase: String,
    /// Each of their parts in it.
    pub parts: Vec<Took>,
}

/// The runs in which somebody stands, the newest issue first.
///
/// # Errors
/// The engine's.
pub fn runs_of(
    conn: &mut Db,
    person: PersonId,
    paging: &Paging,
) -> Result<Page<RunOf>, StoreError> {
    let before = cursor::read::<i64>(paging.cursor.as_deref())?.unwrap_or(i64::MAX);
    let asks = format!(
        "SELECT runs.number, runs.issue_no, runs.product, runs.phase, summed.part, summed.meaning,
                summed.entries, summed.since, summed.last
         FROM (SELECT record, part, meaning, count(*) AS entries, min(at) AS since, max(at) AS last
               FROM mentioned WHERE sort = 'person' AND word = {}
               GROUP BY record, part, meaning) AS summed
         JOIN runs ON runs.id = summed.record WHERE runs.issue_no < {before}
         ORDER BY runs.issue_no DESC, summed.since, summed.part,
                  coalesce(summed.meaning, '')",
        Dialect::of(conn).bytes(person.as_bytes())
    );
    type Columns = (Text, BigInt, Text, Text, Text, Nullable<Text>, BigInt, BigInt, BigInt);
    type Line = (String, i64, String, String, String, Option<String>, i64, i64, i64);
    let found: Vec<Line> = on_engine!(conn, conn => sql::<Columns>(&asks).load(conn)?);
    let mut runs: Vec<RunOf> = Vec::new();
    for (number, issue_no, product, phase, part, meaning, entries, first, last) in found {
        let took = Took { part, meaning, entries, first, last };
        match runs.last_mut().filter(|run| run.issue_no == issue_no) {
            Some(run) => run.parts.push(took),
            None => runs.push(RunOf { number, issue_no, product, phase, parts: vec![took] }),
        }
    }
    page(runs, cursor::limit(paging.limit), |run| run.issue_no.to_string())
}

/// A run that names a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunNaming {
    pub number: String,
    /// Product code.
    pub product: String,
    pub phase: String,
    /// In how many entries.
    pub entries: i64,
}

/// The runs whose entries name a thing, by issue.
///
/// # Errors
/// The engine's.
pub fn runs_naming(conn: &mut Db, sort: Sort, word: &[u8]) -> Result<Vec<RunNaming>, StoreError> {
    let asks = format!(
        "SELECT runs.number, runs.product, runs.phase, summed.entries
         FROM (SELECT record, count(*) AS entries FROM mentioned
               WHERE sort = {} AND word = {} GROUP BY record) AS summed
         JOIN runs ON runs.id = summed.record ORDER BY runs.issue_no",
        text(sort.as_str()),
        Dialect::of(conn).bytes(word)
    );
    type Columns = (Text, Text, Text, BigInt);
    let found: Vec<(String, String, String, i64)> =
        on_engine!(conn, conn => sql::<Columns>(&asks).load(conn)?);
    let run = |(number, product, phase, entries)| RunNaming { number, product, phase, entries };
    Ok(found.into_iter().map(run).collect())
}
