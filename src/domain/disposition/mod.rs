//! What is decided on lots: each decision with what it was made on. Words of lots, and of the runs that they came
//! out of.

pub mod standing;

use super::clock::Instant;
use super::ids::RecordKey;
use super::signing::{Meaning, Signed};
use super::tally::Tally;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a lot is allowed to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// Not decided, or put back.
    Quarantined,
    /// Released by QA.
    Released,
    Rejected,
    /// Withdrawn after release.
    Withdrawn,
}

impl Disposition {
    /// The word in events and on screens.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Quarantined => "quarantined",
            Self::Released => "released",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The meaning of the signature under such a decision.
    #[must_use]
    pub fn meaning(self) -> Meaning {
        match self {
            Self::Quarantined => Meaning::Quarantined,
            Self::Released => Meaning::Released,
            Self::Rejected => Meaning::Rejected,
            Self::Withdrawn => Meaning::Withdrawn,
        }
    }

    /// Whether this decision may follow on that one, in whatever phase its run is. A rejected lot stays
    /// rejected; a withdrawn one is released only by a whole new release.
    #[must_use]
    pub fn follows(self, now: Self) -> bool {
        use Disposition::{Quarantined, Rejected, Released, Withdrawn};
        matches!(
            (now, self),
            (Quarantined, Released | Rejected)
                | (Released, Withdrawn | Quarantined)
                | (Withdrawn, Rejected | Released)
        )
    }
}

/// One signed decision.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What.
    pub disposition: Disposition,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// Sequence of the lot's entry.
    pub seq: u64,
    /// Whose.
    pub signed: Option<Signed>,
    /// What the run owed at that moment: met, waived, open, decided inconclusive.
    pub obligations: Tally,
    /// What it was decided on: what came later is judged anew.
    pub covers: Vec<Covered>,
}

/// Up to which entry of a record's chain something was known when it was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// The record: the run, the lot, and those of every lot upstream.
    pub record: RecordKey,
    /// Its newest entry then.
    pub seq: u64,
}

/// Quality's signed decision that a lot in question stands.
#[derive(Debug, Clone)]
pub struct Stand {
    /// Why.
    pub reason: String,
    /// The questions it answers, as they read then.
    pub answers: Vec<String>,
    /// When.
    pub at: Instant,
    /// Whose.
    pub signed: Option<Signed>,
    /// What it was decided on: a later fact questions the lot again.
    pub covers: Vec<Covered>,
    /// After how many dispositions it came: it answers questions about the last of them alone.
    pub after: usize,
}
