//! Runs: their list, those that are not over, and what quality decided in them on lots of others.

use super::record::records;
use super::table::prelude::*;
use super::{entered, hold};
use crate::domain::alike::forms;
use crate::domain::clock::Instant;
use crate::domain::noun::word;
use crate::domain::run::Run;
use crate::domain::run::parents::ForeignRun;
use crate::domain::state::State;
use crate::store::journal::Page;
use crate::store::journal::cursor;
use crate::store::lists::{Paging, page};
use crate::store::schema::journal;
use diesel::dsl::max;
use std::collections::BTreeSet;
use uuid::Uuid;

derived! {
    /// Runs. Read by the list of runs, by the burden of a master record, and by what looks for other batches.
    RunRow in runs by (id) of id
            unique (number)
            looked up by (issue_no)
            looked up by (purpose, issue_no)
            looked up by (phase, issue_no) {
        /// Identity.
        id: Binary,
        /// Business number.
        number: Text,
        /// As the plant writes it, where that is another text.
        printed: Nullable<Text>,
        /// Issue number of the site.
        issue_no: BigInt,
        /// What it is for.
        purpose: Text,
        /// Phase.
        phase: Text,
        /// Product code.
        product: Text,
        /// Its code.
        master_code: Text,
        /// Its version.
        master_version: BigInt,
        /// Issued at.
        issued_at: BigInt,
        /// Completed at.
        completed_at: Nullable<BigInt>,
    }
}

derived! {
    /// Decisions of quality on lots of others, the one that counts of each run. Read to find what quality decided
    /// on another house's lot.
    ForeignRow in foreign_lots by (run, lot, supplier) of run
            looked up by (folded)
            looked up by (drawn) {
        /// The run.
        run: Binary,
        /// The lot as typed.
        lot: Text,
        /// The lot as it reads folded (`domain::alike`).
        folded: Text,
        /// The lot as it reads drawn.
        drawn: Text,
        /// Whose lot it is.
        supplier: Text,
        /// Accepted, or refused.
        accepted: Bool,
        /// When.
        at: BigInt,
    }
}

derived! {
    /// Runs that something questioned after a lot of theirs was released. Read to find what waits for quality.
    QuestionedRow in questioned_runs by (run) of run
            looked up by (released) {
        /// The run.
        run: Binary,
        /// A lot of it is released.
        released: Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(journal, records);
diesel::allow_tables_to_appear_in_same_query!(records, runs);
diesel::allow_tables_to_appear_in_same_query!(questioned_runs, runs);
diesel::allow_tables_to_appear_in_same_query!(journal, questioned_runs);
diesel::allow_tables_to_appear_in_same_query!(journal, runs);

/// A run has many entries: its marks name just what the rows show.
impl Rows for Run {
    fn mark(&self) -> u64 {
        self.phase as u64
    }

    fn rows(&self, visit: &mut dyn FnMut(Part<'_>)) {
        let content = (self.phase as u8, self.completed.as_ref().map(|done| done.0.0));
        visit(Part::new(RunRow::TABLE.name, (), content, &|| Row::Run(run_row(self))));
        for decided in self.foreign.values() {
            let key = (&decided.told.lot, &decided.told.supplier);
            let content = (decided.signed.seq, decided.told.accepted);
            let row = || Row::ForeignLot(foreign_row(self, decided));
            visit(Part::new(ForeignRow::TABLE.name, key, content, &row));
        }
        super::exception::rows(self, visit);
        if !self.questions.is_empty() {
            let released = self.lots.iter().any(|lot| lot.disposition == "released");
            let row = || Row::Questioned(QuestionedRow { run: id_of(self), released });
            visit(Part::new(QuestionedRow::TABLE.name, (), released, &row));
        }
        hold::rows(self, visit);
    }

    fn many(&self, since: Option<&State>, visit: &mut dyn FnMut(Part<'_>)) {
        entered::rows(self, since, visit);
    }
}

fn id_of(run: &Run) -> Vec<u8> {
    run.key.id.as_bytes().to_vec()
}

fn run_row(run: &Run) -> RunRow {
    RunRow {
        id: id_of(run),
        number: run.number.clone(),
        printed: run.printed.clone(),
        issue_no: i64::try_from(run.issue_no).unwrap_or(i64::MAX),
        purpose: word(&run.purpose),
        phase: word(&run.phase),
        product: run.recipe.product.code.clone(),
        master_code: run.master.code.clone(),
        master_version: i64::from(run.master.version),
        issued_at: run.issued_at.0,
        completed_at: run.completed.as_ref().map(|(at, _)| at.0),
    }
}

fn foreign_row(run: &Run, decided: &ForeignRun) -> ForeignRow {
    let told = &decided.told;
    let forms = forms(&told.lot);
    ForeignRow {
        run: id_of(run),
        lot: told.lot.clone(),
        folded: forms.folded,
        drawn: forms.drawn,
        supplier: told.supplier.clone(),
        accepted: told.accepted,
        at: decided.at.0,
    }
}

/// Which runs.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    /// With this purpose, as in `production`.
    pub purpose: Option<String>,
    /// In this phase, as in `running`.
    pub phase: Option<String>,
    /// Of this product code.
    pub product: Option<String>,
    /// Issued from this version of a master record: code and version.
    pub master: Option<(String, i64)>,
    /// Which part.
    pub paging: Paging,
}

/// Runs, the newest issue first.
///
/// # Errors
/// The engine's.
pub fn list_runs(conn: &mut Db, filter: &RunFilter) -> Result<Page<RunRow>, StoreError> {
    let mut query = runs::table.order(runs::issue_no.desc()).into_boxed();
    if let Some(purpose) = &filter.purpose {
        query = query.filter(runs::purpose.eq(purpose));
    }
    if let Some(phase) = &filter.phase {
        query = query.filter(runs::phase.eq(phase));
    }
    if let Some(product) = &filter.product {
        query = query.filter(runs::product.eq(product));
    }
    if let Some((code, version)) = &filter.master {
        let is = runs::master_code.eq(code).and(runs::master_version.eq(version));
        query = query.filter(is);
    }
    if let Some(before) = cursor::read::<i64>(filter.paging.cursor.as_deref())? {
        query = query.filter(runs::issue_no.lt(before));
    }
    let limit = cursor::limit(filter.paging.limit);
    page(query.limit(limit + 1).load(conn)?, limit, |row: &RunRow| row.issue_no.to_string())
}

/// A run in which something may run out, with the sequence of its newest entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchedRun {
    /// Its identity.
    pub id: Uuid,
    /// Sequence of its newest entry.
    pub head: i64,
}

/// Runs that are neither closed nor aborted.
///
/// # Errors
/// The engine's.
pub fn watched_runs(conn: &mut Db) -> Result<Vec<WatchedRun>, StoreError> {
    let head = journal::table.filter(journal::record_id.eq(records::id));
    let query = records::table
        .filter(records::kind.eq("run"))
        .filter(records::phase.ne("closed"))
        .filter(records::phase.ne("aborted"))
        .select((records::id, head.select(max(journal::seq)).single_value()));
    let found: Vec<(Vec<u8>, Option<i64>)> = query.load(conn)?;
    let run = |(id, head): (Vec<u8>, Option<i64>)| {
        Some(WatchedRun { id: Uuid::from_slice(&id).ok()?, head: head? })
    };
    Ok(found.into_iter().filter_map(run).collect())
}

/// A run in which something may wait for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfinishedRun {
    /// Its identity.
    pub id: Uuid,
    /// Product code.
    pub product: String,
    /// Sequence of its newest entry.
    pub head: i64,
}

/// Phases in which something may wait.
const UNFINISHED: [&str; 5] = ["issued", "running", "complete", "reviewed", "aborted"];

/// Runs whose record is not final, and those of which a released lot was questioned.
///
/// # Errors
/// The engine's.
pub fn unfinished_runs(conn: &mut Db) -> Result<Vec<UnfinishedRun>, StoreError> {
    let head = journal::table.filter(journal::record_id.eq(runs::id));
    let open = records::table
        .inner_join(runs::table.on(runs::id.eq(records::id)))
        .filter(records::kind.eq("run"))
        .filter(records::phase.eq_any(UNFINISHED))
        .select((runs::id, runs::product, head.select(max(journal::seq)).single_value()));
    let questioned = questioned_runs::table
        .inner_join(runs::table.on(runs::id.eq(questioned_runs::run)))
        .filter(questioned_runs::released.eq(true))
        .select((runs::id, runs::product, head.select(max(journal::seq)).single_value()));
    let mut found: Vec<(Vec<u8>, String, Option<i64>)> = open.load(conn)?;
    found.extend(questioned.load::<(Vec<u8>, String, Option<i64>)>(conn)?);
    found.sort();
    found.dedup();
    let run = |(id, product, head): (Vec<u8>, String, Option<i64>)| {
        Some(UnfinishedRun { id: Uuid::from_slice(&id).ok()?, product, head: head? })
    };
    Ok(found.into_iter().filter_map(run).collect())
}

/// Numbers of the runs that were issued before the later of two moments and have an entry after the
/// earlier one: those in which something can have happened between them.
///
/// # Errors
/// The engine's.
pub fn runs_between(
    conn: &mut Db,
    from: Instant,
    to: Instant,
) -> Result<BTreeSet<String>, StoreError> {
    let newest = journal::table
        .filter(journal::record_id.eq(runs::id))
        .order(journal::seq.desc())
        .limit(1)
        .select(journal::at)
        .single_value();
    let query =
        runs::table.filter(runs::issued_at.le(to.0)).filter(newest.ge(from.0)).select(runs::number);
    Ok(query.load::<String>(conn)?.into_iter().collect())
}
