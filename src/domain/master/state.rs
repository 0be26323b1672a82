//! A master record's life: one record per version (CODE~version).

use crate::domain::clock::Instant;
use crate::domain::ids::{PersonId, RecordKey};
use crate::domain::signing::Signed;
use crate::domain::words::Who;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// draft → in check → in approval → approved → effective → suspended → superseded or retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MasterPhase {
    /// Being written.
    Draft,
    /// Submitted, waiting for the checker.
    InCheck,
    /// Checked, waiting for QA.
    InApproval,
    /// Approved; effective from a date on.
    Approved,
    /// May be issued.
    Effective,
    /// May not be issued for now.
    Suspended,
    /// A later version took its place.
    Superseded,
    /// Out of use.
    Retired,
}

impl MasterPhase {
    /// All phases, in the order of a life.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::InCheck,
        Self::InApproval,
        Self::Approved,
        Self::Effective,
        Self::Suspended,
        Self::Superseded,
        Self::Retired,
    ];

    /// The words on screens and paper.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InCheck => "in check",
            Self::InApproval => "in approval",
            Self::Approved => "approved",
            Self::Effective => "effective",
            Self::Suspended => "suspended",
            Self::Superseded => "superseded",
            Self::Retired => "retired",
        }
    }
}

/// The state of a master record's version.
#[derive(Debug, Clone)]
pub struct Master {
    /// The record.
    pub key: RecordKey,
    pub code: String,
    /// Version, from 1.
    pub version: u32,
    pub title: String,
    /// Product code: scope of grants.
    pub product: String,
    /// Phase as the last act left it. What holds at a moment is [`Master::phase_at`].
    pub phase: MasterPhase,
    /// SHA-256 (hex) of the canonical content: the blob's name.
    pub content_hash: String,
    /// Everyone who wrote content of this version.
    pub authors: std::collections::BTreeSet<PersonId>,
    /// Author's signature over the content in force.
    pub authored: Option<Signed>,
    /// Checker's signature over the same content.
    pub checked: Option<Signed>,
    /// QA's signature over the same content.
    pub approved: Option<Signed>,
    /// Signatures voided by an edit or a return.
    pub voided: Vec<Signed>,
    pub effective_from: Option<Instant>,
    /// Later versions that were approved, each with its effective date: from the earliest of them on this
    /// version is no longer issued.
    pub superseded: BTreeMap<u32, Instant>,
    /// Last return: who, why.
    pub returned: Option<(Instant, Who, String)>,
    /// Sequence of the newest entry.
    pub seq: u64,
    /// Link of the newest entry.
    pub head: [u8; 32],
}

impl Master {
    /// From when on a later version takes this one's place.
    #[must_use]
    pub fn superseded_from(&self) -> Option<Instant> {
        self.superseded.values().min().copied()
    }

    /// The phase at a moment: dates bring a version into effect and out of it, nobody presses anything.
    #[must_use]
    pub fn phase_at(&self, moment: Instant) -> MasterPhase {
        self.phase.at(self.effective_from, self.superseded_from(), moment)
    }
}

impl MasterPhase {
    /// What a phase is at a moment, by the version's own date and that of the version after it.
    #[must_use]
    pub fn at(
        self,
        effective_from: Option<Instant>,
        superseded_from: Option<Instant>,
        moment: Instant,
    ) -> Self {
        match self {
            Self::Draft | Self::InCheck | Self::InApproval | Self::Superseded | Self::Retired => {
                self
            }
            Self::Approved | Self::Effective | Self::Suspended
                if superseded_from.is_some_and(|from| from <= moment) =>
            {
                Self::Superseded
            }
            Self::Suspended => Self::Suspended,
            Self::Approved | Self::Effective => match effective_from {
                Some(from) if from > moment => Self::Approved,
                Some(_) | None => Self::Effective,
            },
        }
    }
}

/// Events of a master record; the header's name is `master.` and the kebab-case variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data", rename_all = "kebab-case")]
pub enum MasterEvent {
    /// A version was begun.
    Drafted {
        code: String,
        version: u32,
        title: String,
        /// Product code.
        product: String,
        /// SHA-256 (hex) of the canonical content.
        content_hash: String,
    },
    /// Content was changed; earlier signatures are void.
    Edited {
        title: String,
        /// Product code.
        product: String,
        /// New content.
        content_hash: String,
        /// Why.
        reason: String,
    },
    /// The author submitted it, signing the content.
    Submitted {
        /// Content signed.
        content_hash: String,
    },
    /// The checker signed the same content.
    Checked {
        /// Content signed.
        content_hash: String,
    },
    /// QA signed the same content.
    Approved {
        /// Content signed.
        content_hash: String,
        effective_from: Instant,
    },
    /// Sent back to draft; signatures are void.
    Returned {
        /// Why.
        reason: String,
    },
    /// Quality confirms that its date is reached; the date alone had made it effective.
    MadeEffective {},
    /// May not be issued for now.
    Suspended {
        /// Why.
        reason: String,
    },
    /// May be issued again.
    Reinstated {
        /// Why.
        reason: String,
    },
    /// A later version was approved: from its effective date on it takes this one's place.
    Superseded {
        /// Which.
        by_version: u32,
        /// Its effective date.
        from: Instant,
    },
    /// That later version was returned or retired before its date: it takes nobody's place.
    SupersessionLifted {
        /// Which.
        by_version: u32,
    },
    /// Out of use.
    Retired {
        /// Why.
        reason: String,
    },
}
