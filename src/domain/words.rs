//! The words below every noun: who acted, where an entry stands, what a value was computed from.

use crate::domain::ids::{OperationKey, PersonId, RecordKey, StepKey};
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// Which master record a run froze.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterRef {
    pub record: RecordKey,
    pub code: String,
    pub version: u32,
    /// SHA-256 (hex) of its canonical content: also the blob's name.
    pub content_hash: String,
}

/// Where an entry's knowledge comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Basis {
    /// Recorded by who did it.
    #[default]
    Direct,
    /// Recorded by a scribe for somebody who did it.
    Scribe {
        /// User name of who did it.
        performed_by: String,
    },
    /// Read from a device.
    Device {
        /// Device id.
        id: String,
    },
    /// Transcribed from controlled paper.
    Paper {
        /// Page number.
        page: String,
    },
    /// Computed by the server; nobody may claim it.
    Computed,
}

/// Why a value is not there: three different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Absence {
    /// Does not apply here.
    NotApplicable,
    /// Should have been done and was not.
    NotPerformed,
    /// Was done; the value cannot be had.
    NotAvailable,
}

/// What a hold covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum HoldScope {
    /// The whole run.
    Run,
    /// One operation, in all its occurrences.
    Operation {
        /// Its id.
        operation: String,
    },
    /// One step, in all its occurrences.
    Step {
        /// Its id.
        step: String,
    },
}

/// Where an entry stands: on a step's occurrence, or on the run (release specification).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryKey {
    /// The step's occurrence; absent for release specifications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepKey>,
    /// The entry's id; empty where the occurrence as a whole is meant.
    pub entry: String,
}

impl EntryKey {
    /// An occurrence as a whole, as exceptions name it.
    #[must_use]
    pub fn whole(step: StepKey) -> Self {
        Self { step: Some(step), entry: String::new() }
    }

    /// A place as it is written: `OP~1/01.2~1/ph`, or the id of a release specification alone.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.rsplit_once('/') {
            None => Some(Self { step: None, entry: text.to_owned() }),
            Some((step, entry)) => {
                Some(Self { step: Some(step.parse().ok()?), entry: entry.to_owned() })
            }
        }
    }
}

impl fmt::Display for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.step {
            Some(step) if self.entry.is_empty() => write!(f, "{step}"),
            Some(step) => write!(f, "{step}/{}", self.entry),
            None => f.write_str(&self.entry),
        }
    }
}

/// Somebody as the run remembers them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Who (`None`: the system).
    pub person: Option<PersonId>,
    /// Printed name at the act.
    pub printed_name: String,
    /// User name at the act.
    pub user_name: String,
    /// Role at the act.
    pub role: String,
}

/// How grave an alarm is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmPriority {
    /// Its cause may harm the product: it stays owed until acknowledged.
    Critical,
    /// Must be looked at.
    High,
    /// For information.
    Low,
}

/// Where something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Place {
    Batch,
    /// An operation's occurrence.
    Operation {
        /// Which.
        #[schema(value_type = String)]
        operation: OperationKey,
    },
    /// A step's occurrence.
    Step {
        /// Which.
        #[schema(value_type = String)]
        step: StepKey,
    },
    /// An area: every running batch there is concerned.
    Area {
        /// Its name.
        area: String,
    },
    /// A piece of equipment: every running batch that used it is concerned.
    Equipment {
        /// Its identifier.
        equipment: String,
    },
}

/// A photo or file kept with a report: by hash, with the type its bytes show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// File name as sent.
    pub name: String,
    /// SHA-256, hex: the blob's name.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Media type as sniffed, never as claimed.
    pub media_type: String,
}

/// Something a value was computed from: lineage, kept as a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// Where it stands: an entry's place, or a moment in words.
    pub at: String,
    /// Which version of it.
    pub version: u32,
    /// As people read it then.
    pub shown: String,
    /// Where it is a list: from its first place in `at` to its last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<Listed>,
}

/// A list of values that a value was computed from, said in few words whatever its length.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The place of the last one.
    pub to: String,
    /// How many.
    pub count: u64,
    /// The newest version among them, by the journal entry that it stands in.
    pub newest: u64,
    /// SHA-256 (hex) over place, version and value of each, in order; empty while nothing is written down.
    pub hash: String,
}

impl Used {
    /// One thing.
    #[must_use]
    pub fn one(at: &str, version: u32, shown: &str) -> Self {
        Self { at: at.to_owned(), version, shown: shown.to_owned(), list: None }
    }

    /// Whether it is the same thing in the same version; of a list the same versions: a newer one has a later place
    /// in the journal than all before, so number and newest place tell.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let list = |used: &Self| used.list.as_ref().map(|list| (list.count, list.newest));
        self.at == other.at && self.version == other.version && list(self) == list(other)
    }

    /// Whether a place is it, or may be one of it.
    #[must_use]
    pub fn covers(&self, at: &EntryKey) -> bool {
        let Some(list) = &self.list else { return self.at == at.to_string() };
        let (Some(from), Some(to)) = (EntryKey::read(&self.at), EntryKey::read(&list.to)) else {
            return false;
        };
        let same = |end: &EntryKey| {
            let step = |key: &EntryKey| key.step.as_ref().map(|key| key.step.clone());
            end.entry == at.entry && step(end) == step(at)
        };
        same(&from) && same(&to) && (&from.step..=&to.step).contains(&&at.step)
    }
}

/// What an open exception of the step decides about what may happen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnCritical {
    /// Nothing is blocked; release is.
    Continue,
    /// No new step begins except on the way to the next safe point.
    ToSafePoint,
    /// The next gate stays closed.
    #[default]
    Gate,
    /// The step itself, not yet begun, may not begin.
    Stop,
}
