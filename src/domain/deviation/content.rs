//! What a deviation says when it closes: investigation, root cause, impact per lot, other batches, CAPA.

use super::ground::Ground;
use crate::domain::clock::Instant;
use crate::domain::exception::Severity;
use crate::domain::ids::PersonId;
use crate::domain::refusal::words;
use crate::domain::signing::Signed;
use crate::domain::words::Who;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whose a deviation is: who sees to it that it is closed in time. Its investigator and its closer may be others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Who; nobody: the system opened it.
    pub person: Option<PersonId>,
    /// User name when it became theirs.
    pub user_name: String,
    /// Printed name then.
    pub printed_name: String,
}

impl Owner {
    /// Whoever acted.
    #[must_use]
    pub fn of(who: &Who) -> Self {
        let Who { person, user_name, printed_name, .. } = who;
        Self { person: *person, user_name: user_name.clone(), printed_name: printed_name.clone() }
    }
}

/// That a deviation was given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    pub at: Instant,
    pub by: Who,
    pub owner: Owner,
    pub due: Instant,
    /// Why.
    pub reason: String,
}

/// What was found, or why nothing was: a root cause, a corrective or preventive action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "kebab-case")]
pub enum Concluded {
    /// What it is.
    Found(String),
    /// There is none, and why.
    None(String),
}

impl Concluded {
    /// From what was sent: what there is, or why there is nothing; one of the two says something.
    #[must_use]
    pub fn of(found: Option<&str>, none: Option<&str>) -> Option<Self> {
        let said = |text: Option<&str>| {
            let text = text.map(words).unwrap_or_default();
            (!text.is_empty()).then(|| text.to_owned())
        };
        match (said(found), said(none)) {
            (Some(text), None) => Some(Self::Found(text)),
            (None, Some(why)) => Some(Self::None(why)),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

impl fmt::Display for Concluded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(text) => f.write_str(text),
            Self::None(why) => write!(f, "none: {why}"),
        }
    }
}

/// What the deviation means for one lot of its runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotImpact {
    /// Lot number.
    pub lot: String,
    /// What it means for this lot.
    pub impact: String,
}

/// Another batch that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// Batch number.
    pub batch: String,
    /// What was found there.
    pub word: String,
    /// On which grounds it was proposed; none: quality named it itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Ground>,
}

/// The investigation as its investigator signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was investigated and found.
    pub text: String,
    /// Root cause, or why none was found.
    pub root_cause: Concluded,
    /// Corrective and preventive action, or why none is needed.
    pub capa: Concluded,
    /// The investigator.
    pub signed: Option<Signed>,
}

/// A closing: what quality signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Conclusion; of a minor deviation its explanation.
    pub conclusion: String,
    /// What it means for each lot of its runs.
    pub lots: Vec<LotImpact>,
    /// Other batches that were looked at.
    pub others: Vec<Looked>,
    /// Quality.
    pub signed: Option<Signed>,
}

/// A change of class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reclassified {
    /// To this.
    pub class: Severity,
    /// Why.
    pub reason: String,
    /// Who signed: one of quality, and another where the rules ask for two.
    pub signed: Vec<Signed>,
}

/// A deviation that was closed and is open again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reopened {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Who,
    /// Why.
    pub reason: String,
    /// The closing that no longer counts.
    pub closing: Option<Closing>,
}
