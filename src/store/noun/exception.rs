//! Exceptions of all runs, and their list.

use super::table::prelude::*;
use crate::domain::exception::{Exception, Triage};
use crate::domain::ids::PersonId;
use crate::domain::noun::word;
use crate::domain::run::Run;
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, Number};
use crate::store::lists::{Paging, page};
use crate::store::question::{Conditions, Dialect, Listed, and_one, text};
use diesel::dsl::sql;

derived! {
    /// Exceptions of runs. Read by their list over all batches.
    ExceptionRow in exceptions by (run, no) of run
            looked up by (opened_at, seq, batch)
            looked up by (batch, opened_at, seq)
            looked up by (state, opened_at, seq, batch)
            looked up by (kind, opened_at, seq, batch)
            looked up by (severity, opened_at, seq, batch)
            looked up by (person, opened_at, seq, batch) {
        /// The run.
        run: Binary,
        /// Its number in the run, from 1.
        no: BigInt,
        /// Batch number.
        batch: Text,
        /// Product code.
        product: Text,
        /// Type.
        kind: Text,
        /// Proposed severity.
        severity: Text,
        /// What it decides about what may happen next.
        effect: Text,
        /// `open`, `not-a-deviation` or `in-deviation`.
        state: Text,
        /// The deviation that it is part of.
        deviation: Nullable<Text>,
        /// When it opened.
        opened_at: BigInt,
        /// The entry that opened it.
        seq: BigInt,
        /// By whose act.
        person: Nullable<Binary>,
        /// What they were called then.
        printed_name: Text,
        /// Where it opened.
        place: Nullable<Text>,
        /// What happened, for people.
        detail: Text,
        /// When quality decided what it is.
        decided_at: Nullable<BigInt>,
    }
}

/// Visits the rows of a run's exceptions.
pub(super) fn rows(run: &Run, visit: &mut dyn FnMut(Part<'_>)) {
    for exception in &run.exceptions {
        let content = exception.triage.as_ref().map(|(at, _)| at.0);
        let row = || Row::Exception(row(run, exception));
        visit(Part::new(ExceptionRow::TABLE.name, exception.opened.no, content, &row));
    }
}

fn row(run: &Run, exception: &Exception) -> ExceptionRow {
    let opened = &exception.opened;
    let (state, deviation) = match &exception.triage {
        None => ("open", None),
        Some((_, Triage::NotDeviation { .. })) => ("not-a-deviation", None),
        Some((_, Triage::Deviation { number, .. })) => ("in-deviation", Some(number.clone())),
    };
    ExceptionRow {
        run: run.key.id.as_bytes().to_vec(),
        no: i64::from(opened.no),
        batch: run.number.clone(),
        product: run.recipe.product.code.clone(),
        kind: opened.kind.as_str().to_owned(),
        severity: opened.severity.as_str().to_owned(),
        effect: word(&opened.effect),
        state: state.to_owned(),
        deviation,
        opened_at: exception.at.0,
        seq: i64::try_from(exception.seq).unwrap_or(i64::MAX),
        person: exception.by.person.map(|id| id.as_bytes().to_vec()),
        printed_name: exception.by.printed_name.clone(),
        place: opened.at.as_ref().map(ToString::to_string),
        detail: opened.detail.clone(),
        decided_at: exception.triage.as_ref().map(|(at, _)| at.0),
    }
}

/// Which exceptions. Of several words any is meant.
#[derive(Debug, Clone, Default)]
pub struct ExceptionFilter {
    pub kinds: Vec<String>,
    pub severities: Vec<String>,
    /// Effects, as in `gate`.
    pub effects: Vec<String>,
    /// States, as in `open`.
    pub states: Vec<String>,
    /// Of this batch.
    pub batch: Option<String>,
    /// Of this product code.
    pub product: Option<String>,
    /// In this deviation.
    pub deviation: Option<String>,
    /// Opened by an act of this person's.
    pub person: Option<PersonId>,
    /// Opened from this moment on.
    pub from: Option<i64>,
    /// Opened before this moment.
    pub to: Option<i64>,
    /// Which part.
    pub paging: Paging,
}

impl Listed for ExceptionFilter {
    fn asks(&self, dialect: Dialect) -> Result<String, StoreError> {
        let place = cursor::read::<Place>(self.paging.cursor.as_deref())?;
        let mut conditions = Conditions::default();
        conditions.one_of("kind", &self.kinds);
        conditions.one_of("severity", &self.severities);
        conditions.one_of("effect", &self.effects);
        conditions.one_of("state", &self.states);
        conditions.is("batch", self.batch.as_ref());
        conditions.is("product", self.product.as_ref());
        conditions.is("deviation", self.deviation.as_ref());
        if let Some(person) = self.person {
            conditions.and(&format!("person = {}", dialect.bytes(person.as_bytes())));
        }
        conditions.between("opened_at", self.from, self.to);
        if let Some(Place { at, seq, batch }) = place {
            // Exceptions of one act in several batches share their time.
            let batch = text(&batch);
            conditions.and(&format!("opened_at <= {at}"));
            conditions.and(&format!(
                "(opened_at < {at} OR seq < {seq} OR (seq = {seq} AND batch < {batch}))"
            ));
        }
        let columns: Vec<&str> = ExceptionRow::TABLE.columns.iter().map(|it| it.name).collect();
        Ok(format!(
            "SELECT {} FROM exceptions{conditions} ORDER BY opened_at DESC, seq DESC, batch DESC LIMIT {}",
            columns.join(", "),
            and_one(self.paging.limit)
        ))
    }
}

/// Exceptions of all runs, the newest first.
///
/// # Errors
/// The engine's.
pub fn list_exceptions(
    conn: &mut Db,
    filter: &ExceptionFilter,
) -> Result<Page<ExceptionRow>, StoreError> {
    let asks = filter.asks(Dialect::of(conn))?;
    let found: Vec<ExceptionRow> =
        on_engine!(conn, conn => sql::<exceptions::SqlType>(&asks).load(conn)?);
    let place = |row: &ExceptionRow| format!("{}~{}~{}", row.opened_at, row.seq, row.batch);
    page(found, cursor::limit(filter.paging.limit), place)
}

/// A place in the list.
struct Place {
    at: i64,
    seq: i64,
    batch: String,
}

impl std::str::FromStr for Place {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, '~');
        let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or("no number");
        let (at, seq) = (number()?, number()?);
        let batch: Number = parts.next().ok_or("no batch")?.parse()?;
        Ok(Self { at, seq, batch: batch.0 })
    }
}
