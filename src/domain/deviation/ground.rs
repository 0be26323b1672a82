//! Why another batch is looked at for a deviation: what the two share.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What two batches share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Share {
    /// A lot: charged in both, or made by one and charged in the other.
    Lot,
    /// A device that gave values.
    Device,
    /// A piece of equipment.
    Equipment,
    Area,
    /// A person who did or recorded something.
    Person,
}

impl Share {
    /// The word in the API and on paper.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lot => "lot",
            Self::Device => "device",
            Self::Equipment => "equipment",
            Self::Area => "area",
            Self::Person => "person",
        }
    }
}

/// A ground for looking at another batch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ground {
    /// What kind of thing is shared.
    pub by: Share,
    /// Which.
    pub what: String,
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.by.as_str(), self.what)
    }
}

/// A batch that is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Batch number.
    pub batch: String,
    pub product: String,
    /// What it shares, each ground once.
    pub grounds: Vec<Ground>,
}
