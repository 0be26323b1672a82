//! Rows of the derived tables: one type a table, its fields the table's columns.

use super::words::word;
use crate::domain::clock::Instant;
use crate::domain::master::state::MasterPhase;
use crate::store::schema::{
    deviations, foreign_lots, lots, masters, persons, record_signatures, records, run_entries,
    run_exceptions, run_holds, run_steps, runs,
};
use diesel::prelude::*;
use serde::Serialize;

/// A row of `records`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = records, primary_key(kind, id), treat_none_as_null = true)]
pub struct RecordRow {
    /// Kind of record.
    pub kind: String,
    /// Identity.
    #[serde(serialize_with = "as_hex")]
    pub id: Vec<u8>,
    /// Business number.
    pub number: Option<String>,
    /// Sequence of the newest entry.
    pub head_seq: i64,
    /// Link of the newest entry.
    #[serde(serialize_with = "as_hex")]
    pub head_link: Vec<u8>,
    /// Phase.
    pub phase: String,
    /// Title.
    pub title: String,
}

/// A row of `runs`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = runs, treat_none_as_null = true)]
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
    /// The frozen master record.
    #[serde(serialize_with = "as_hex")]
    pub master_id: Vec<u8>,
    /// Its code.
    pub master_code: String,
    /// Its version.
    pub master_version: i64,
    /// SHA-256 of its content, hex.
    pub content_hash: String,
    /// Issued at.
    pub issued_at: i64,
    /// Completed at.
    pub completed_at: Option<i64>,
    /// Corrections so far.
    pub corrections: i64,
}

/// A row of `run_steps`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = run_steps, primary_key(run, step), treat_none_as_null = true)]
pub struct StepRow {
    /// The run.
    #[serde(serialize_with = "as_hex")]
    pub run: Vec<u8>,
    /// Batch number.
    pub number: String,
    /// The step occurrence, as in `OP-05.2~1/05.2.1~1`.
    pub step: String,
    /// Phase.
    pub phase: String,
    /// Begun at.
    pub started_at: i64,
    /// User name of who began or reported it.
    pub started_by: String,
    /// Completed at.
    pub completed_at: Option<i64>,
    /// User name of who completed it.
    pub completed_by: Option<String>,
    /// User name of who checked it.
    pub checked_by: Option<String>,
    /// Sequence of the last change.
    pub version: i64,
}

/// A row of `run_entries`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = run_entries, primary_key(run, step, entry, version), treat_none_as_null = true)]
pub struct EntryRow {
    /// The run.
    #[serde(serialize_with = "as_hex")]
    pub run: Vec<u8>,
    /// Batch number.
    pub number: String,
    /// The step occurrence; empty for release specifications.
    pub step: String,
    /// The entry.
    pub entry: String,
    /// Version of the entry, from 1.
    pub version: i64,
    /// Whether this version counts.
    pub current: bool,
    /// Canonical value (JSON); none for a declared absence.
    pub value: Option<String>,
    /// Unit of the judged number.
    pub unit: Option<String>,
    /// As people read it.
    pub shown: String,
    /// How it stands to its limits, worst first.
    pub verdict: String,
    /// User name.
    pub person: Option<String>,
    /// When.
    pub at: i64,
    /// User name of who checked it.
    pub checked_by: Option<String>,
    /// Sequence of the journal entry it stands in.
    pub seq: i64,
}

/// A row of `run_exceptions`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = run_exceptions, primary_key(run, no), treat_none_as_null = true)]
pub struct ExceptionRow {
    /// The run.
    #[serde(serialize_with = "as_hex")]
    pub run: Vec<u8>,
    /// Batch number.
    pub number: String,
    /// Number within the run, from 1.
    pub no: i64,
    /// Type of exception.
    pub kind: String,
    /// Severity proposed.
    pub severity: String,
    /// What it decides about what happens next.
    pub effect: String,
    /// The step occurrence, as in `OP-05.2~1/05.2.1~1`.
    pub step: Option<String>,
    /// The entry.
    pub entry: Option<String>,
    /// What happened.
    pub detail: String,
    /// When.
    pub at: i64,
    /// User name.
    pub person: String,
    /// `not-a-deviation`, or the deviation's number; none while open.
    pub triage: Option<String>,
    /// Decided at.
    pub triaged_at: Option<i64>,
}

/// A row of `run_holds`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = run_holds, primary_key(run, no), treat_none_as_null = true)]
pub struct HoldRow {
    /// The run.
    #[serde(serialize_with = "as_hex")]
    pub run: Vec<u8>,
    /// Batch number.
    pub number: String,
    /// Number within the run, from 1.
    pub no: i64,
    /// What it covers (JSON).
    pub scope: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: i64,
    /// User name.
    pub person: String,
    /// Which authority may lift it.
    pub lifted_by_authority: String,
    /// Lifted at.
    pub lifted_at: Option<i64>,
    /// Sequence of the last change.
    pub version: i64,
}

/// A row of `persons`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = persons, treat_none_as_null = true)]
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
    /// The password was set by somebody else.
    pub must_change_password: bool,
    /// Not human.
    pub service: bool,
    /// Fingerprint of the signing key in force.
    pub signing_key: Option<String>,
    /// Grants in force (JSON).
    pub grants: String,
}

/// A row of `masters`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = masters, treat_none_as_null = true)]
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
#[diesel(table_name = lots, treat_none_as_null = true)]
pub struct LotRow {
    /// Identity.
    #[serde(serialize_with = "as_hex")]
    pub id: Vec<u8>,
    /// Business number.
    pub number: String,
    /// The number as it reads folded (`lot::alike`).
    pub folded: String,
    /// The number as it reads drawn.
    pub drawn: String,
    /// The run.
    #[serde(serialize_with = "as_hex")]
    pub run: Vec<u8>,
    /// Batch number.
    pub run_number: String,
    /// Which output of the master record it is.
    pub output: String,
    /// Product, side product or waste.
    pub class: String,
    /// Material.
    pub material: String,
    /// Quantity, a decimal with its scale.
    pub quantity: String,
    /// Unit of the judged number.
    pub unit: String,
    /// Product code.
    pub product: String,
    /// The decision that counts.
    pub disposition: String,
    /// When it was made.
    pub decided_at: Option<i64>,
}

/// A row of `foreign_lots`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = foreign_lots, primary_key(run, lot, supplier), treat_none_as_null = true)]
pub struct ForeignRow {
    /// The run.
    #[serde(serialize_with = "as_hex")]
    pub run: Vec<u8>,
    /// Batch number.
    pub number: String,
    /// The lot as typed.
    pub lot: String,
    /// The lot as it reads folded (`lot::alike`).
    pub folded: String,
    /// The lot as it reads drawn.
    pub drawn: String,
    /// Whose lot it is.
    pub supplier: String,
    /// The document on which it was decided.
    pub document: String,
    /// Accepted, or refused.
    pub accepted: bool,
    /// When.
    pub at: i64,
}

/// A row of `deviations`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = deviations, treat_none_as_null = true)]
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
    /// Runs concerned with their exceptions (JSON).
    pub runs: String,
}

/// A row of `record_signatures`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = record_signatures, primary_key(kind, id, seq, person, meaning), treat_none_as_null = true)]
pub struct SignatureRow {
    /// Kind of record.
    pub kind: String,
    /// Identity.
    #[serde(serialize_with = "as_hex")]
    pub id: Vec<u8>,
    /// Sequence of the journal entry it stands in.
    pub seq: i64,
    /// Who signed.
    #[serde(serialize_with = "as_hex")]
    pub person: Vec<u8>,
    /// Meaning.
    pub meaning: String,
    /// Printed name.
    pub printed_name: String,
    /// User name at the act.
    pub user_name: String,
    /// Role.
    pub role: String,
    /// When.
    pub at: i64,
    /// Whether it was voided by a later edit or return.
    pub voided: bool,
}

fn as_hex<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match uuid::Uuid::from_slice(bytes) {
        Ok(id) => serializer.collect_str(&id),
        Err(_) => serializer.serialize_str(&hex::encode(bytes)),
    }
}
