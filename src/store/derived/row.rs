//! Rows of the derived tables: one type a table, its fields the table's columns.

use super::words::word;
use crate::domain::clock::Instant;
use crate::domain::master::state::MasterPhase;
use crate::store::schema::{deviations, foreign_lots, lots, masters, persons, records, runs};
use diesel::prelude::*;
use serde::Serialize;

/// A row of `records`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = records, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RecordRow {
    /// Identity.
    #[serde(serialize_with = "as_hex")]
    pub id: Vec<u8>,
    /// Kind of record.
    pub kind: String,
    /// Business number.
    pub number: Option<String>,
    /// Phase.
    pub phase: String,
}

/// A row of `runs`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = runs, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RunRow {
    /// Identity.
    #[serde(serialize_with = "as_hex")]
    pub id: Vec<u8>,
    /// Business number.
    pub number: String,
    /// Issue number of the site.
    pub issue_no: i64,
    /// What it is for.
    pub purpose: String,
    /// Phase.
    pub phase: String,
    /// Product code.
    pub product: String,
    /// Its code.
    pub master_code: String,
    /// Its version.
    pub master_version: i64,
    /// Issued at.
    pub issued_at: i64,
    /// Completed at.
    pub completed_at: Option<i64>,
}

/// A row of `persons`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = persons, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct PersonRow {
    /// Identity.
    #[serde(serialize_with = "as_hex")]
    pub id: Vec<u8>,
    /// User name as shown.
    pub user_name: String,
    /// Normalised user name.
    pub number: String,
    /// Printed name.
    pub printed_name: String,
    /// Whether the account is active.
    pub active: bool,
    /// Locked since.
    pub locked_at: Option<i64>,
    /// Fingerprint of the signing key in force.
    pub signing_key: Option<String>,
}

/// A row of `masters`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = masters, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct MasterRow {
    /// Identity.
    #[serde(serialize_with = "as_hex")]
    pub id: Vec<u8>,
    /// Code.
    pub code: String,
    /// Version.
    pub version: i64,
    /// Title.
    pub title: String,
    /// Product code.
    pub product: String,
    /// Phase.
    pub phase: String,
    /// SHA-256 of its content, hex.
    pub content_hash: String,
    /// Effective from.
    pub effective_from: Option<i64>,
    /// A later version takes its place from then on.
    pub superseded_from: Option<i64>,
}

impl MasterRow {
    /// The phase at a moment, as [`Master::phase_at`](crate::domain::master::state::Master::phase_at).
    #[must_use]
    pub fn phase_at(&self, moment: Instant) -> String {
        let read = serde_json::from_value::<MasterPhase>(self.phase.as_str().into());
        read.map_or_else(
            |_| self.phase.clone(),
            |phase| {
                let (from, until) = (self.effective_from, self.superseded_from);
                word(&phase.at(from.map(Instant), until.map(Instant), moment))
            },
        )
    }
}

/// A row of `lots`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = lots, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct LotRow {
    /// Identity.
    #[serde(serialize_with = "as_hex")]
    pub id: Vec<u8>,
    /// Business number.
    pub number: String,
    /// The number as it reads folded (`domain::alike`).
    pub folded: String,
    /// The number as it reads drawn.
    pub drawn: String,
    /// Batch number.
    pub run_number: String,
    /// Product, side product or waste.
    pub class: String,
    /// Product code.
    pub product: String,
    /// The decision that counts.
    pub disposition: String,
}

/// A row of `foreign_lots`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = foreign_lots, primary_key(run, lot, supplier), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ForeignRow {
    /// The run.
    #[serde(serialize_with = "as_hex")]
    pub run: Vec<u8>,
    /// The lot as typed.
    pub lot: String,
    /// The lot as it reads folded (`domain::alike`).
    pub folded: String,
    /// The lot as it reads drawn.
    pub drawn: String,
    /// Whose lot it is.
    pub supplier: String,
    /// Accepted, or refused.
    pub accepted: bool,
    /// When.
    pub at: i64,
}

/// A row of `deviations`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = deviations, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct DeviationRow {
    /// Identity.
    #[serde(serialize_with = "as_hex")]
    pub id: Vec<u8>,
    /// Business number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Phase.
    pub phase: String,
    /// Class.
    pub class: Option<String>,
    /// Opened at.
    pub opened_at: i64,
}

fn as_hex<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match uuid::Uuid::from_slice(bytes) {
        Ok(id) => serializer.collect_str(&id),
        Err(_) => serializer.serialize_str(&hex::encode(bytes)),
    }
}
