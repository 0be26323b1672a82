//! The words that a run's events and commands share: places, bases, absences, scopes.

use crate::domain::ids::{RecordKey, StepKey};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which master record a run froze.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterRef {
    /// Its record.
    pub record: RecordKey,
    /// Code.
    pub code: String,
    /// Version.
    pub version: u32,
    /// SHA-256 (hex) of its canonical content: also the blob's name.
    pub content_hash: String,
}

/// Where an entry's knowledge comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
