//! Lines of lists over all batches: exceptions, who took which part, where something was used.

use super::at_micros;
use super::audit::TrailEntryView;
use crate::app::audit::parts::{Participant, RunOf, Took};
use crate::app::audit::used::{Downstream, RunNaming, WhereUsed};
use crate::app::run::exceptions::ExceptionRow;
use serde::Serialize;
use utoipa::ToSchema;

/// An exception as a line of a list over all batches.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExceptionLine {
    /// Batch number.
    pub batch: String,
    /// Product code.
    pub product: String,
    /// Its number in the batch, from 1.
    pub no: i64,
    /// Type.
    pub kind: String,
    /// Proposed severity.
    pub severity: String,
    /// What it decides about what may happen next.
    pub effect: String,
    /// `open`, `not-a-deviation` or `in-deviation`.
    pub state: String,
    /// The deviation that it is part of.
    pub deviation: Option<String>,
    /// Where.
    pub at: Option<String>,
    /// When it opened.
    pub opened_at: String,
    /// Whose act opened it: printed name then.
    pub by: String,
    /// What happened.
    pub detail: String,
    /// When quality decided what it is.
    pub decided_at: Option<String>,
}

/// Part of a list of exceptions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExceptionPage {
    /// The newest first.
    pub exceptions: Vec<ExceptionLine>,
    /// The next part's cursor.
    pub next: Option<String>,
}

impl From<&ExceptionRow> for ExceptionLine {
    fn from(row: &ExceptionRow) -> Self {
        Self {
            batch: row.batch.clone(),
            product: row.product.clone(),
            no: row.no,
            kind: row.kind.clone(),
            severity: row.severity.clone(),
            effect: row.effect.clone(),
            state: row.state.clone(),
            deviation: row.deviation.clone(),
            at: row.place.clone(),
            opened_at: at_micros(row.opened_at),
            by: row.printed_name.clone(),
            detail: row.detail.clone(),
            decided_at: row.decided_at.map(at_micros),
        }
    }
}

/// What somebody did in a batch in one part.
#[derive(Debug, Serialize, ToSchema)]
pub struct TookView {
    /// `actor`, `second` (signed beside whoever acted), `performer` (a scribe wrote down what they did) or `owner` (a
    /// deviation was given to them).
    pub part: String,
    /// With which meaning they signed or checked, as in `witnessed`.
    pub meaning: Option<String>,
    /// In how many entries.
    pub entries: i64,
    /// When first.
    pub first: String,
    /// When last.
    pub last: String,
}

impl From<&Took> for TookView {
    fn from(took: &Took) -> Self {
        Self {
            part: took.part.clone(),
            meaning: took.meaning.clone(),
            entries: took.entries,
            first: at_micros(took.first),
            last: at_micros(took.last),
        }
    }
}

/// Somebody in a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantView {
    /// User name.
    pub user_name: String,
    /// Printed name.
    pub printed_name: String,
    /// Whether they had a part in the work: who had one does not review the batch nor decide on its lots.
    pub took_part: bool,
    /// In which parts they stand in its entries.
    pub parts: Vec<TookView>,
}

/// Everybody in a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantsView {
    /// In the order in which they came.
    pub participants: Vec<ParticipantView>,
}

impl From<&Participant> for ParticipantView {
    fn from(participant: &Participant) -> Self {
        Self {
            user_name: participant.user_name.clone(),
            printed_name: participant.printed_name.clone(),
            took_part: participant.took_part,
            parts: participant.parts.iter().map(Into::into).collect(),
        }
    }
}

/// A batch in which somebody stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchOf {
    /// Batch number.
    pub batch: String,
    /// Product code.
    pub product: String,
    /// Phase.
    pub phase: String,
    /// In which parts.
    pub parts: Vec<TookView>,
}

/// Part of a list of somebody's batches.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchesOf {
    /// The newest issue first.
    pub batches: Vec<BatchOf>,
    /// The next part's cursor.
    pub next: Option<String>,
}

impl From<&RunOf> for BatchOf {
    fn from(run: &RunOf) -> Self {
        Self {
            batch: run.number.clone(),
            product: run.product.clone(),
            phase: run.phase.clone(),
            parts: run.parts.iter().map(Into::into).collect(),
        }
    }
}

/// A batch that names something.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchNaming {
    /// Batch number.
    pub batch: String,
    /// Product code.
    pub product: String,
    /// Phase.
    pub phase: String,
    /// In how many entries.
    pub entries: i64,
}

/// A lot downstream.
#[derive(Debug, Serialize, ToSchema)]
pub struct DownstreamView {
    /// Lot number.
    pub lot: String,
    /// The batch that it came out of.
    pub batch: String,
    /// Product code.
    pub product: String,
    /// The decision that counts.
    pub disposition: String,
    /// What went into it, or into its batch.
    pub through: String,
}

/// Where something was used.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhereUsedView {
    /// Every batch whose entries name it, by issue.
    pub batches: Vec<BatchNaming>,
    /// Lots downstream, the nearest first.
    pub downstream: Vec<DownstreamView>,
    /// Whether there are more lots downstream than one question looks for.
    pub more_downstream: bool,
    /// How many batches and lots there are of products beyond your scope.
    pub beyond_your_products: usize,
    /// Entries that name it, the newest first: batch, step and entry of each.
    pub entries: Vec<TrailEntryView>,
    /// The cursor of the next entries.
    pub next: Option<String>,
}

impl From<&WhereUsed> for WhereUsedView {
    fn from(used: &WhereUsed) -> Self {
        let batch = |run: &RunNaming| BatchNaming {
            batch: run.number.clone(),
            product: run.product.clone(),
            phase: run.phase.clone(),
            entries: run.entries,
        };
        let lot = |found: &Downstream| DownstreamView {
            lot: found.lot.clone(),
            batch: found.batch.clone(),
            product: found.product.clone(),
            disposition: found.disposition.clone(),
            through: found.through.clone(),
        };
        Self {
            batches: used.batches.iter().map(batch).collect(),
            downstream: used.downstream.iter().map(lot).collect(),
            more_downstream: used.more_downstream,
            beyond_your_products: used.beyond,
            entries: used.lines.iter().map(Into::into).collect(),
            next: used.next.clone(),
        }
    }
}
