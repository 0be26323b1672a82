//! Holds over all batches.

use super::quality::HoldView;
use super::{WhoView, at_micros, etag};
use crate::app::run::holds::HoldOfRun;
use crate::store::journal::Page;
use serde::Serialize;
use utoipa::ToSchema;

/// Part of the holds of all batches.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldPage {
    /// The newest first.
    pub holds: Vec<BatchHold>,
    /// The next part's cursor, for `after`.
    pub next: Option<String>,
}

/// A hold with its batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchHold {
    /// Batch number.
    #[schema(example = "AMAB-26-001")]
    pub batch: String,
    /// Product code.
    pub product: String,
    /// It was not lifted.
    pub standing: bool,
    /// When it was lifted.
    pub lifted_at: Option<String>,
    #[serde(flatten)]
    pub hold: HoldView,
}

/// Holds as a list shows them.
pub fn holds(page: Page<HoldOfRun>) -> HoldPage {
    HoldPage { holds: page.items.into_iter().map(line).collect(), next: page.next }
}

fn line((row, (batch, product)): HoldOfRun) -> BatchHold {
    let lifter = (row.lifted_user_name, row.lifted_printed_name, row.lifted_role);
    let lifted_by = match lifter {
        (Some(user_name), Some(printed_name), Some(role)) => {
            Some(WhoView { user_name, printed_name, role })
        }
        _ => None,
    };
    BatchHold {
        batch,
        product,
        standing: row.standing,
        lifted_at: row.lifted_at.map(at_micros),
        hold: HoldView {
            no: u32::try_from(row.no).unwrap_or(u32::MAX),
            scope: serde_json::from_str(&row.scope).unwrap_or_default(),
            reason: row.reason,
            by: WhoView {
                user_name: row.user_name,
                printed_name: row.printed_name,
                role: row.role,
            },
            at: at_micros(row.at),
            lifted_by_authority: row.lifted_by_authority,
            lifted: row.lifted,
            lifted_by,
            etag: etag(u64::try_from(row.version).unwrap_or(u64::MAX)),
        },
    }
}
