//! What was written down of a deviation; the header's name is `deviation.` and the kebab-case variant.

use crate::domain::exception::Severity;
use crate::domain::ids::RecordKey;
use serde::{Deserialize, Serialize};

/// Events of a deviation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data", rename_all = "kebab-case")]
pub enum DeviationEvent {
    /// Opened for a run's exceptions.
    Opened {
        /// Number.
        number: String,
        /// Title.
        title: String,
        /// Class.
        class: Severity,
        /// The run.
        run: RecordKey,
        /// Its batch number.
        run_number: String,
        /// Its exceptions.
        exceptions: Vec<u32>,
    },
    /// A further run, or further exceptions, joined.
    RunLinked {
        /// The run.
        run: RecordKey,
        /// Its batch number.
        run_number: String,
        /// Its exceptions.
        exceptions: Vec<u32>,
    },
    /// Something was found out.
    Investigated {
        /// What.
        text: String,
    },
    /// Reclassified.
    Classified {
        /// Class.
        class: Severity,
        /// Why.
        reason: String,
    },
    /// Impact concluded (21 CFR 211.192: other batches assessed).
    ImpactConcluded {
        /// Conclusion.
        conclusion: String,
        /// Other batches assessed.
        other_batches: String,
    },
    /// Closed by QA.
    Closed {
        /// Conclusion.
        conclusion: String,
    },
}
