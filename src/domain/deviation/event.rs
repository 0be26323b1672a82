//! What was written down of a deviation; the header's name is `deviation.` and the kebab-case variant.

use super::content::{Concluded, Looked, LotImpact, Owner};
use crate::domain::clock::Instant;
use crate::domain::exception::Severity;
use crate::domain::ids::RecordKey;
use serde::{Deserialize, Serialize};

/// Events of a deviation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data", rename_all = "kebab-case")]
pub enum DeviationEvent {
    /// Opened for a run's exceptions.
    Opened {
        number: String,
        title: String,
        class: Severity,
        run: RecordKey,
        /// Its batch number.
        run_number: String,
        exceptions: Vec<u32>,
    },
    /// A further run, or further exceptions, joined.
    RunLinked {
        run: RecordKey,
        /// Its batch number.
        run_number: String,
        exceptions: Vec<u32>,
    },
    /// Given to somebody, to be closed by a moment.
    Assigned {
        owner: Owner,
        due: Instant,
        /// Why.
        reason: String,
    },
    /// Something was found out.
    Investigated {
        /// What.
        text: String,
    },
    /// Reclassified.
    Classified {
        class: Severity,
        /// Why.
        reason: String,
    },
    /// The investigator signed what was found.
    InvestigationConcluded {
        /// What was investigated and found.
        text: String,
        /// Root cause, or why none was found.
        root_cause: Concluded,
        /// CAPA, or why none is needed.
        capa: Concluded,
    },
    /// Impact concluded (21 CFR 211.192: other batches assessed).
    ImpactConcluded {
        conclusion: String,
        /// Other batches assessed.
        other_batches: String,
    },
    /// Closed by QA.
    Closed {
        /// Conclusion; of a minor deviation its explanation.
        conclusion: String,
        /// What it means for each lot of its runs.
        lots: Vec<LotImpact>,
        /// Other batches that were looked at.
        others: Vec<Looked>,
    },
    /// Open again: investigation, impact and closing are to be signed anew.
    Reopened {
        /// Why.
        reason: String,
    },
}
