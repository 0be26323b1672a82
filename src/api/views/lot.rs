//! An output lot and every decision on it.

use super::after::{QuestionView, StandView};
use super::obligation::TallyView;
use super::{SignatureView, at, word};
use crate::domain::lot::genealogy::Stands;
use crate::domain::lot::question::Standing;
use crate::domain::lot::{Decision, Lot};
use crate::http::preconditions::etag;
use serde::Serialize;
use utoipa::ToSchema;

/// A lot.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotView {
    /// Lot number.
    number: String,
    /// Batch it came out of.
    batch: String,
    /// Which output of the master record it is.
    output: String,
    /// `product`, `side-product` or `waste`.
    class: String,
    /// Material.
    material: String,
    /// Quantity, a decimal.
    quantity: String,
    /// Its unit.
    unit: String,
    /// What went in, as it stands now; what quality took away stays.
    parents: Vec<ParentView>,
    /// Product code.
    product: String,
    /// The disposition that counts.
    disposition: String,
    /// Decisions, in order.
    decisions: Vec<DecisionView>,
    /// Why the released lot is in question; null: it is not.
    questioned: Option<QuestionView>,
    /// Whether it is in question by something that keeps it from leaving, and its children from release.
    blocked: bool,
    /// Whether it may be shipped: released, and not blocked.
    may_ship: bool,
    /// Decisions that it stands although it was in question, in order.
    stands: Vec<StandView>,
    /// The lot's newest entry.
    seq: u64,
    /// For If-Match.
    etag: String,
}

/// A part of the lots.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotPage {
    /// By number.
    pub lots: Vec<LotView>,
    /// The next part's cursor.
    pub next: Option<String>,
}

/// Something that went in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParentView {
    /// Its number, as it was first named.
    lot: String,
    /// Whether it is a lot of this house.
    own: bool,
    /// What names it: yielding, entries, somebody later.
    named: Vec<String>,
    /// How it stands.
    standing: String,
    /// Whether it keeps its child from release.
    holds: bool,
    /// Whether quality took it away.
    removed: bool,
}

impl From<&Stands> for ParentView {
    fn from(found: &Stands) -> Self {
        Self {
            lot: found.parent.number.clone(),
            own: found.own,
            named: found.parent.named.clone(),
            standing: found.word.clone(),
            holds: found.holds,
            removed: found.parent.removed.is_some(),
        }
    }
}

/// A signed decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionView {
    /// What.
    disposition: String,
    /// Why.
    reason: String,
    /// When.
    at: String,
    /// Whose.
    signed: Option<SignatureView>,
    /// What the batch owed at that moment: met, waived, open, decided inconclusive.
    obligations: TallyView,
}

impl From<&Decision> for DecisionView {
    fn from(decision: &Decision) -> Self {
        Self {
            disposition: word(&decision.disposition),
            reason: decision.reason.clone(),
            at: at(decision.at),
            signed: decision.signed.as_ref().map(Into::into),
            obligations: decision.obligations.into(),
        }
    }
}

impl LotView {
    /// Of a lot, with its parents as they stand, and how it stands itself.
    #[must_use]
    pub fn of(lot: &Lot, parents: &[Stands], standing: &Standing) -> Self {
        Self {
            number: lot.number.clone(),
            batch: lot.run.1.clone(),
            output: lot.output.clone(),
            class: lot.class.as_str().to_owned(),
            material: lot.material.clone(),
            quantity: lot.quantity.value.to_string(),
            unit: lot.quantity.unit.clone(),
            parents: parents.iter().map(Into::into).collect(),
            product: lot.product.clone(),
            disposition: word(&lot.disposition()),
            decisions: lot.decisions.iter().map(Into::into).collect(),
            questioned: QuestionView::of(standing),
            blocked: standing.blocked(),
            may_ship: standing.fit(),
            stands: lot.stands.iter().map(Into::into).collect(),
            seq: lot.seq,
            etag: etag(lot.seq),
        }
    }
}
