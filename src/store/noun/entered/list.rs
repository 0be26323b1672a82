//! Lists of what was entered in runs, each read in the order of an index.

use super::{
    DECLARED, DID, EnteredRow, LATE, StandsOutRow, entered, is_marked, of_code, of_performer,
    standing_out,
};
use crate::domain::clock::MINUTE;
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, InRun};
use crate::store::lists::{Paging, page};
use crate::store::noun::run::runs;
use diesel::dsl::sql;
use diesel::expression::{SqlLiteral, UncheckedBind};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use uuid::Uuid;

diesel::allow_tables_to_appear_in_same_query!(entered, runs);
diesel::allow_tables_to_appear_in_same_query!(entered, standing_out);
diesel::allow_tables_to_appear_in_same_query!(runs, standing_out);

/// How far ahead of the server's clock something may be said to have been done.
const AHEAD: i64 = 2 * MINUTE;

/// Which entered things.
#[derive(Debug, Clone, Default)]
pub struct EnteredFilter {
    /// Of this run.
    pub run: Option<Uuid>,
    /// Of this product code.
    pub product: Option<String>,
    /// Of these product codes alone.
    pub within: Option<BTreeSet<String>>,
    /// Recorded by this person, or done by them where a scribe recorded it.
    pub person: Option<Uuid>,
    /// Of this entry of the master record, as in `01.1/weight`.
    pub parameter: Option<String>,
    /// Of this sort, as in `corrected`.
    pub sort: Option<String>,
    /// That lies so to its limits, as in `outside-acceptance`.
    pub lies: Option<String>,
    /// From this source, as in `device`.
    pub source: Option<String>,
    /// With this coded reason, as in `slip`.
    pub code: Option<String>,
    /// Recorded late, or not.
    pub late: Option<bool>,
    /// What stands there now, or not.
    pub counts: Option<bool>,
    /// Recorded from this moment on, µs.
    pub from: Option<i64>,
    /// Recorded before this moment.
    pub to: Option<i64>,
    /// Performed from this moment on.
    pub performed_from: Option<i64>,
    /// Performed before this moment.
    pub performed_to: Option<i64>,
    /// Which part.
    pub paging: Paging,
}

/// An entered thing, and the number and product code of its run.
pub type EnteredOfRun = (EnteredRow, (String, String));

/// The index that a list is read from.
#[derive(Debug, Clone)]
enum Driver {
    /// The run's own rows.
    Run(Uuid),
    /// What stands out by a mark.
    Mark(String),
    Person(Uuid),
    Parameter,
    /// By time.
    Time,
}

impl EnteredFilter {
    /// What is asked for that few have.
    fn marks(&self) -> Vec<String> {
        let words = [&self.sort, &self.lies, &self.source].into_iter().flatten();
        let mut marks: Vec<String> = words.filter(|word| is_marked(word)).cloned().collect();
        marks.extend(self.late.filter(|late| *late).map(|_| LATE.to_owned()));
        marks.extend(self.code.as_deref().map(of_code));
        marks
    }

    /// From which indices the list is read; two where a thing is found by one of two ways.
    fn drivers(&self) -> Vec<Driver> {
        if let Some(run) = self.run {
            return vec![Driver::Run(run)];
        }
        if let Some(mark) = self.marks().into_iter().next() {
            return vec![Driver::Mark(mark)];
        }
        if let Some(person) = self.person {
            return vec![Driver::Person(person), Driver::Mark(of_performer(person.as_bytes()))];
        }
        if self.parameter.is_some() {
            return vec![Driver::Parameter];
        }
        // What was done long before it was recorded has a mark: all else lies in the same times.
        match self.performed_to {
            Some(_) => vec![Driver::Time, Driver::Mark(DECLARED.to_owned())],
            None => vec![Driver::Time],
        }
    }
}

/// That the thing a query is at has a mark.
fn has_mark(mark: String) -> Marked {
    let at = "EXISTS (SELECT 1 FROM standing_out other WHERE other.run = entered.run \
        AND other.seq = entered.seq AND other.sort = entered.sort AND other.mark = ";
    sql::<Bool>(at).bind::<Text, _>(mark).sql(")")
}

type Marked = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, Bound>>;
type Bound = diesel::dsl::AsExprOf<String, Text>;

/// Narrows a list to what a filter asks for; the same words for each index that it is read from.
macro_rules! narrowed {
    ($query:ident, $filter:ident) => {
        if let Some(product) = &$filter.product {
            $query = $query.filter(runs::product.eq(product.clone()));
        }
        if let Some(within) = &$filter.within {
            let within: Vec<String> = within.iter().cloned().collect();
            $query = $query.filter(runs::product.eq_any(within));
        }
        if let Some(parameter) = &$filter.parameter {
            $query = $query.filter(entered::parameter.eq(parameter.clone()));
        }
        if let Some(sort) = &$filter.sort {
            $query = $query.filter(entered::sort.eq(sort.clone()));
        }
        if let Some(lies) = &$filter.lies {
            $query = $query.filter(entered::lies.eq(lies.clone()));
        }
        if let Some(source) = &$filter.source {
            $query = $query.filter(entered::source.eq(source.clone()));
        }
        if let Some(code) = &$filter.code {
            $query = $query.filter(entered::code.eq(code.clone()));
        }
        if let Some(counts) = $filter.counts {
            $query = $query.filter(entered::counts.eq(counts));
        }
        match $filter.late {
            Some(true) => $query = $query.filter(has_mark(LATE.to_owned())),
            Some(false) => $query = $query.filter(diesel::dsl::not(has_mark(LATE.to_owned()))),
            None => {}
        }
        if let Some(from) = $filter.performed_from {
            $query = $query.filter(entered::performed.ge(from));
        }
        if let Some(to) = $filter.performed_to {
            $query = $query.filter(entered::performed.lt(to));
        }
    };
}

/// Bounds a list by the times of the index that it is read from, in its order, behind a place.
macro_rules! bounded {
    ($query:ident, $table:ident, $filter:ident, $place:ident) => {
        // Nothing is done later than it is recorded, but for clocks that are a little apart.
        let done = $filter.performed_from.map(|from| from.saturating_sub(AHEAD));
        if let Some(from) = $filter.from.max(done) {
            $query = $query.filter($table::at.ge(from));
        }
        if let Some(to) = $filter.to {
            $query = $query.filter($table::at.lt(to));
        }
        if let Some(InRun { at, run, no, sort }) = $place {
            let later = $table::seq.eq(*no).and($table::sort.lt(sort.clone()));
            let in_run = $table::seq.lt(*no).or(later);
            let here = $table::run.lt(run.clone()).or($table::run.eq(run.clone()).and(in_run));
            let behind = $table::at.lt(*at).or($table::at.eq(*at).and(here));
            $query = $query.filter($table::at.le(*at)).filter(behind);
        }
    };
}

/// What is read from the rows of entered things.
fn by_thing(
    conn: &mut Db,
    filter: &EnteredFilter,
    driver: &Driver,
    place: Option<&InRun>,
    limit: i64,
) -> Result<Vec<EnteredOfRun>, StoreError> {
    let mut query = entered::table
        .inner_join(runs::table.on(runs::id.eq(entered::run)))
        .select((entered::all_columns, (runs::number, runs::product)))
        .into_boxed();
    narrowed!(query, filter);
    let newest_first =
        (entered::at.desc(), entered::run.desc(), entered::seq.desc(), entered::sort.desc());
    if let (Some(person), false) = (filter.person, matches!(driver, Driver::Person(_))) {
        let by = entered::person.eq(person.as_bytes().to_vec()).assume_not_null();
        query = query.filter(by.or(has_mark(of_performer(person.as_bytes()))));
    }
    match driver {
        Driver::Run(run) => {
            // Within a run the sequence says the order.
            query = query.filter(entered::run.eq(run.as_bytes().to_vec()));
            query = query.order((entered::seq.desc(), entered::sort.desc()));
            if let Some(from) = filter.from {
                query = query.filter(entered::at.ge(from));
            }
            if let Some(to) = filter.to {
                query = query.filter(entered::at.lt(to));
            }
            if let Some(place) = place {
                let same = entered::seq.eq(place.no).and(entered::sort.lt(place.sort.clone()));
                let behind = entered::seq.lt(place.no).or(same);
                query = query.filter(entered::seq.le(place.no)).filter(behind);
            }
            return Ok(query.limit(limit).load(conn)?);
        }
        Driver::Person(person) => {
            query = query.filter(entered::person.eq(person.as_bytes().to_vec()));
        }
        Driver::Time => {
            if let Some(to) = filter.performed_to {
                query = query.filter(entered::at.lt(to));
                query = query.filter(entered::performed.eq(entered::at));
            }
        }
        Driver::Parameter | Driver::Mark(_) => {}
    }
    query = query.order(newest_first);
    bounded!(query, entered, filter, place);
    Ok(query.limit(limit).load(conn)?)
}

/// What is read from the rows of what stands out by a mark.
fn by_mark(
    conn: &mut Db,
    filter: &EnteredFilter,
    mark: &str,
    place: Option<&InRun>,
    limit: i64,
) -> Result<Vec<EnteredOfRun>, StoreError> {
    let thing = entered::run
        .eq(standing_out::run)
        .and(entered::seq.eq(standing_out::seq))
        .and(entered::sort.eq(standing_out::sort));
    let newest_first = (
        standing_out::at.desc(),
        standing_out::run.desc(),
        standing_out::seq.desc(),
        standing_out::sort.desc(),
    );
    let mut query = standing_out::table
        .inner_join(entered::table.on(thing))
        .inner_join(runs::table.on(runs::id.eq(standing_out::run)))
        .filter(standing_out::mark.eq(mark.to_owned()))
        .select((entered::all_columns, (runs::number, runs::product)))
        .order(newest_first)
        .into_boxed();
    narrowed!(query, filter);
    if let (Some(person), false) = (filter.person, mark.starts_with(DID)) {
        let by = entered::person.eq(person.as_bytes().to_vec()).assume_not_null();
        query = query.filter(by.or(has_mark(of_performer(person.as_bytes()))));
    }
    bounded!(query, standing_out, filter, place);
    Ok(query.limit(limit).load(conn)?)
}

/// What was entered, recorded last first.
///
/// # Errors
/// The engine's.
pub fn list_entered(
    conn: &mut Db,
    filter: &EnteredFilter,
) -> Result<Page<EnteredOfRun>, StoreError> {
    let place = cursor::read::<InRun>(filter.paging.cursor.as_deref())?;
    let limit = cursor::limit(filter.paging.limit);
    let mut found = Vec::new();
    let drivers = filter.drivers();
    for driver in &drivers {
        found.extend(match driver {
            Driver::Mark(mark) => by_mark(conn, filter, mark, place.as_ref(), limit + 1)?,
            Driver::Run(_) | Driver::Person(_) | Driver::Parameter | Driver::Time => {
                by_thing(conn, filter, driver, place.as_ref(), limit + 1)?
            }
        });
    }
    if drivers.len() > 1 {
        let order = |(row, _): &EnteredOfRun| {
            (Reverse(row.at), Reverse(row.run.clone()), Reverse(row.seq), Reverse(row.sort.clone()))
        };
        found.sort_by_cached_key(order);
        found.dedup();
    }
    page(found, limit, |(row, _)| InRun::text(row.at, &row.run, row.seq, &row.sort))
}

/// By what the rows of a page stand out, in their order.
///
/// # Errors
/// The engine's.
pub fn marks_of(conn: &mut Db, rows: &[EnteredOfRun]) -> Result<Vec<Vec<String>>, StoreError> {
    let runs: BTreeSet<Vec<u8>> = rows.iter().map(|(row, _)| row.run.clone()).collect();
    let seqs: BTreeSet<i64> = rows.iter().map(|(row, _)| row.seq).collect();
    let query = standing_out::table
        .filter(standing_out::run.eq_any(runs))
        .filter(standing_out::seq.eq_any(seqs))
        .order(standing_out::mark);
    let found: Vec<StandsOutRow> = query.load(conn)?;
    let of = |(row, _): &EnteredOfRun| {
        let is = |it: &&StandsOutRow| (&it.run, it.seq, &it.sort) == (&row.run, row.seq, &row.sort);
        found.iter().filter(is).map(|it| it.mark.clone()).collect()
    };
    Ok(rows.iter().map(of).collect())
}
