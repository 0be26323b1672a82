//! What was entered, over all batches.

use super::at_micros;
use crate::app::run::entered::{Listed, Named};
use crate::store::journal::Page;
use serde::Serialize;
use utoipa::ToSchema;

/// Part of what was entered.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnteredPage {
    /// Recorded last first.
    pub entries: Vec<EnteredLine>,
    /// The next part's cursor, for `after`.
    pub next: Option<String>,
}

/// Somebody as they are called now.
#[derive(Debug, Serialize, ToSchema)]
pub struct NameView {
    /// User name.
    #[schema(example = "olga")]
    pub user_name: String,
    /// Printed name.
    #[schema(example = "Olga Okafor")]
    pub printed_name: String,
}

/// Something that was entered.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnteredLine {
    /// Batch number.
    #[schema(example = "AMAB-26-001")]
    pub batch: String,
    /// Product code.
    pub product: String,
    /// `recorded`, `corrected`, `absent`, `struck`, `determined`, `claimed` or `attempted`.
    #[schema(example = "recorded")]
    pub what: String,
    /// The step's occurrence; null: it is due at release.
    #[schema(example = "OP-03.2~1/03.2.1~18")]
    pub step: Option<String>,
    /// The entry with its step in the master record.
    #[schema(example = "03.2.1/ph")]
    pub parameter: String,
    /// Version, determination, correction or attempt, from 1.
    pub no: i64,
    /// As people read it; of what has no value, why.
    #[schema(example = "6.92 pH")]
    pub shown: String,
    /// `within`, `unjudged`, `outside-acceptance`, `outside-control`, `outside-alert`, `implausible` or
    /// `cannot-be-told`.
    #[schema(example = "within")]
    pub verdict: String,
    /// `typed`, `scribed`, `device`, `paper` or `computed`.
    #[schema(example = "typed")]
    pub source: String,
    /// It was recorded late.
    pub late: bool,
    /// It is what stands there now.
    pub counts: bool,
    /// The coded reason: `slip` of a correction; why an attempt was sent, or `confirmed`.
    pub code: Option<String>,
    /// Why, in words.
    pub reason: Option<String>,
    /// Recorded by; null: the system.
    pub by: Option<NameView>,
    /// Who did it, where a scribe recorded it.
    pub performed_by: Option<NameView>,
    /// Recorded at.
    pub at: String,
    /// Performed at, as declared, or when it was recorded.
    pub performed_at: String,
    /// The entry of the batch's journal that it stands in.
    pub seq: i64,
    /// Where the step stands whole; of what is due at release, the batch.
    #[schema(example = "/api/v1/batches/AMAB-26-001/operations/OP-03.2~1/steps/03.2.1~18")]
    pub address: String,
}

impl From<Named> for NameView {
    fn from(named: Named) -> Self {
        Self { user_name: named.user_name, printed_name: named.printed_name }
    }
}

/// What was entered, as a list shows it.
pub fn entered(page: Page<Listed>) -> EnteredPage {
    EnteredPage { entries: page.items.into_iter().map(line).collect(), next: page.next }
}

fn line(listed: Listed) -> EnteredLine {
    let Listed { row: (row, (batch, product)), marks, by, performer } = listed;
    let step = row.step.as_deref().and_then(|step| step.split_once('/'));
    let address = match step {
        Some((operation, step)) => {
            format!("/api/v1/batches/{batch}/operations/{operation}/steps/{step}")
        }
        None => format!("/api/v1/batches/{batch}"),
    };
    EnteredLine {
        batch,
        product,
        what: row.sort,
        step: row.step,
        parameter: row.parameter,
        no: row.no,
        shown: row.shown,
        verdict: row.lies,
        source: row.source,
        late: marks.iter().any(|mark| mark == "late"),
        counts: row.counts,
        code: row.code,
        reason: row.reason,
        by: by.map(Into::into),
        performed_by: performer.map(Into::into),
        at: at_micros(row.at),
        performed_at: at_micros(row.performed),
        seq: row.seq,
        address,
    }
}
