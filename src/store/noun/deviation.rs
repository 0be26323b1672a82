//! Deviations, the runs they concern, and their list.

use super::table::prelude::*;
use crate::domain::deviation::Deviation;
use crate::domain::ids::PersonId;
use crate::domain::noun::word;
use crate::store::journal::Page;
use crate::store::journal::cursor::{self, Number};
use crate::store::lists::{Paging, page};
use crate::store::question::{Conditions, Dialect, Listed, and_one, text};
use diesel::dsl::sql;

derived! {
    /// Deviations. Read by the list of deviations.
    DeviationRow in deviations by (id) of id
            unique (number)
            looked up by (phase, number)
            looked up by (opened_at)
            looked up by (opener)
            looked up by (owner, number)
            looked up by (investigator) {
        /// Identity.
        id: Binary,
        /// Business number.
        number: Text,
        /// Title.
        title: Text,
        /// Phase.
        phase: Text,
        /// Class.
        class: Nullable<Text>,
        /// Opened at.
        opened_at: BigInt,
        /// Who opened it.
        opener: Nullable<Binary>,
        /// Whose it is.
        owner: Nullable<Binary>,
        /// To be closed by then.
        due: Nullable<BigInt>,
        /// Who signed the investigation in force.
        investigator: Nullable<Binary>,
        /// Closed at.
        closed_at: Nullable<BigInt>,
    }
}

derived! {
    /// Which runs deviations concern. Read by the list of deviations of a batch, of a product, on closed batches.
    ConcernedRow in deviation_runs by (deviation, run) of deviation
            looked up by (batch, deviation) {
        /// The deviation.
        deviation: Binary,
        /// The run.
        run: Binary,
        /// Its batch number.
        batch: Text,
    }
}

impl Rows for Deviation {
    fn rows(&self, visit: &mut dyn FnMut(Part<'_>)) {
        visit(Part::new(DeviationRow::TABLE.name, (), self.seq, &|| Row::Deviation(row(self))));
        for (run, (batch, _)) in &self.runs {
            let concerned = || {
                Row::Concerned(ConcernedRow {
                    deviation: self.key.id.as_bytes().to_vec(),
                    run: run.id.as_bytes().to_vec(),
                    batch: batch.clone(),
                })
            };
            visit(Part::new(ConcernedRow::TABLE.name, run.id, (), &concerned));
        }
    }
}

fn row(deviation: &Deviation) -> DeviationRow {
    let signed = deviation.report.as_ref().and_then(|report| report.signed.as_ref());
    let closed = deviation.closed.as_ref().and_then(|closing| closing.signed.as_ref());
    DeviationRow {
        id: deviation.key.id.as_bytes().to_vec(),
        number: deviation.number.clone(),
        title: deviation.title.clone(),
        phase: word(&deviation.phase),
        class: deviation.class.as_ref().map(word),
        opened_at: deviation.opened.0.0,
        opener: deviation.opened.1.person.map(|id| id.as_bytes().to_vec()),
        owner: deviation.owner.person.map(|id| id.as_bytes().to_vec()),
        due: deviation.due.map(|due| due.0),
        investigator: signed.map(|signed| signed.person.as_bytes().to_vec()),
        closed_at: closed.map(|signed| signed.at.0),
    }
}

/// Which deviations. Of several words any is meant.
#[derive(Debug, Clone, Default)]
pub struct DeviationFilter {
    /// Phases, as in `open`.
    pub phases: Vec<String>,
    /// Classes, as in `major`.
    pub classes: Vec<String>,
    /// Concerning this batch.
    pub batch: Option<String>,
    /// Concerning a batch of this product code.
    pub product: Option<String>,
    /// Concerning a batch in one of these phases, as in `closed`.
    pub batch_phases: Vec<String>,
    /// Opened by this person.
    pub opener: Option<PersonId>,
    /// Whose it is.
    pub owner: Option<PersonId>,
    /// To be closed before this moment.
    pub due: Option<i64>,
    /// Whose investigation in force was signed by this person.
    pub investigator: Option<PersonId>,
    /// In whose record this person stands with any part.
    pub person: Option<PersonId>,
    /// Opened from this moment on.
    pub from: Option<i64>,
    /// Opened before this moment.
    pub to: Option<i64>,
    /// The oldest number first.
    pub oldest: bool,
    /// Which part.
    pub paging: Paging,
}

impl Listed for DeviationFilter {
    fn asks(&self, dialect: Dialect) -> Result<String, StoreError> {
        let after: Option<Number> = cursor::read(self.paging.cursor.as_deref())?;
        let mut conditions = Conditions::default();
        conditions.one_of("phase", &self.phases);
        conditions.one_of("class", &self.classes);
        conditions.between("opened_at", self.from, self.to);
        conditions.between("due", None, self.due);
        let people =
            [("opener", self.opener), ("owner", self.owner), ("investigator", self.investigator)];
        for (column, person) in people {
            if let Some(person) = person {
                conditions.and(&format!("{column} = {}", dialect.bytes(person.as_bytes())));
            }
        }
        if let Some(person) = self.person {
            conditions.and(&format!(
                "EXISTS (SELECT 1 FROM mentioned WHERE mentioned.record = deviations.id
                 AND mentioned.sort = 'person' AND mentioned.word = {})",
                dialect.bytes(person.as_bytes())
            ));
        }
        if let Some(runs) = self.runs() {
            conditions.and(&runs);
        }
        let (falls, order) = if self.oldest { (">", "ASC") } else { ("<", "DESC") };
        if let Some(Number(after)) = after {
            conditions.and(&format!("number {falls} {}", text(&after)));
        }
        let columns: Vec<&str> = DeviationRow::TABLE.columns.iter().map(|it| it.name).collect();
        Ok(format!(
            "SELECT {} FROM deviations{conditions} ORDER BY number {order} LIMIT {}",
            columns.join(", "),
            and_one(self.paging.limit)
        ))
    }
}

impl DeviationFilter {
    /// What is asked of the runs that it concerns.
    fn runs(&self) -> Option<String> {
        let mut of = Conditions::default();
        of.and("concerned.deviation = deviations.id");
        of.is("concerned.batch", self.batch.as_ref());
        let joined = self.product.is_some() || !self.batch_phases.is_empty();
        if joined {
            of.and("runs.id = concerned.run");
            of.is("runs.product", self.product.as_ref());
            of.one_of("runs.phase", &self.batch_phases);
        }
        let from = if joined { ", runs" } else { "" };
        let asked = joined || self.batch.is_some();
        asked.then(|| format!("EXISTS (SELECT 1 FROM deviation_runs AS concerned{from}{of})"))
    }
}

/// Deviations by number, the newest first unless the oldest are asked for.
///
/// # Errors
/// The engine's.
pub fn list_deviations(
    conn: &mut Db,
    filter: &DeviationFilter,
) -> Result<Page<DeviationRow>, StoreError> {
    let asks = filter.asks(Dialect::of(conn))?;
    let found: Vec<DeviationRow> =
        on_engine!(conn, conn => sql::<deviations::SqlType>(&asks).load(conn)?);
    let limit = cursor::limit(filter.paging.limit);
    page(found, limit, |row: &DeviationRow| row.number.clone())
}
