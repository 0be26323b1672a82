//! An output lot and every decision on it.

use super::after::{QuestionView, StandView};
use super::obligation::TallyView;
use super::{SignatureView, at, etag, word};
use crate::app::lot::list::ListedLot;
use crate::domain::lot::Decision;
use crate::domain::run::genealogy::Stands;
use serde::Serialize;
use utoipa::ToSchema;

/// A lot.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotView {
    /// Lot number.
    pub number: String,
    /// As the plant writes it, where that is another text.
    pub printed: Option<String>,
    /// Batch it came out of.
    pub batch: String,
    /// Which output of the master record it is.
    pub output: String,
    /// `product`, `side-product` or `waste`.
    pub class: String,
    /// Material.
    pub material: String,
    /// Quantity, a decimal.
    pub quantity: String,
    /// Its unit.
    pub unit: String,
    /// What went in, as it stands now; what quality took away stays.
    pub parents: Vec<ParentView>,
    /// Product code.
    pub product: String,
    /// The disposition that counts.
    pub disposition: String,
    /// Decisions, in order.
    pub decisions: Vec<DecisionView>,
    /// Why the released lot is in question; null: it is not.
    pub questioned: Option<QuestionView>,
    /// Whether it is in question by something that keeps it from leaving, and its children from release.
    pub blocked: bool,
    /// Whether it may be shipped: released, and not blocked.
    pub may_ship: bool,
    /// What is open in its batch: exceptions that nobody decided, deviations that are not closed, holds.
    pub open_in_batch: Vec<String>,
    /// What bears on it and came since it was first released, answered or not.
    pub since_release: Vec<String>,
    /// Decisions that it stands although it was in question, in order.
    pub stands: Vec<StandView>,
    /// The lot's newest entry.
    pub seq: u64,
    /// For If-Match.
    pub etag: String,
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
    pub lot: String,
    /// Whether it is a lot of this house.
    pub own: bool,
    /// What names it: yielding, entries, somebody later.
    pub named: Vec<String>,
    /// How it stands.
    pub standing: String,
    /// Whether it keeps its child from release.
    pub holds: bool,
    /// Whether quality took it away.
    pub removed: bool,
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
    pub disposition: String,
    /// Why.
    pub reason: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Whose.
    pub signed: Option<SignatureView>,
    /// What the batch owed at that moment: met, waived, open, decided inconclusive.
    pub obligations: TallyView,
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
    /// Of a lot of a list; nothing where the state is none.
    #[must_use]
    pub fn of(listed: &ListedLot) -> Option<Self> {
        let lot = listed.state.as_lot()?;
        Some(Self {
            number: lot.number.clone(),
            printed: lot.printed.clone(),
            batch: lot.run.1.clone(),
            output: lot.output.clone(),
            class: lot.class.as_str().to_owned(),
            material: lot.material.clone(),
            quantity: lot.quantity.value.to_string(),
            unit: lot.quantity.unit.clone(),
            parents: listed.parents.iter().map(Into::into).collect(),
            product: lot.product.clone(),
            disposition: word(&lot.disposition()),
            decisions: lot.decisions.iter().map(Into::into).collect(),
            questioned: QuestionView::of(&listed.standing),
            blocked: listed.standing.blocked(),
            may_ship: listed.standing.fit(),
            open_in_batch: listed.open.clone(),
            since_release: listed.since_release(),
            stands: lot.stands.iter().map(Into::into).collect(),
            seq: lot.seq,
            etag: etag(lot.seq),
        })
    }
}
