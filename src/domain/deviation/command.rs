//! Orders to a deviation.

use super::content::{LotImpact, Owner};
use super::ground::Proposal;
use crate::domain::clock::Instant;
use crate::domain::exception::Severity;

/// A deviation's commands after its opening (see [`crate::domain::cross::deviation::open`]).
#[derive(Debug, Clone)]
pub enum DeviationCommand {
    /// Further exceptions of a run join.
    Link {
        /// The run's exceptions.
        exceptions: Vec<u32>,
    },
    /// Give it to somebody, to be closed by a moment.
    Assign {
        owner: Owner,
        due: Instant,
        /// Why.
        reason: String,
    },
    /// Something was found out.
    Investigate {
        /// What.
        text: String,
    },
    /// Reclassify.
    Classify {
        class: Severity,
        /// Why.
        reason: String,
    },
    /// The investigator concludes the investigation, signed: what was found, root cause or why none was
    /// found, CAPA or why none is needed.
    ConcludeInvestigation {
        /// What was investigated and found.
        text: String,
        root_cause: Option<String>,
        /// Why no root cause was found.
        no_root_cause: Option<String>,
        /// Corrective and preventive action.
        capa: Option<String>,
        /// Why none is needed.
        no_capa: Option<String>,
    },
    /// Conclude the impact, other batches assessed.
    ConcludeImpact {
        conclusion: String,
        /// Other batches assessed.
        other_batches: String,
    },
    Close {
        /// Conclusion; of a minor deviation its explanation.
        conclusion: String,
        /// What it means for each lot of its runs.
        lots: Vec<LotImpact>,
        /// Other batches that were looked at, each with a word.
        others: Vec<(String, String)>,
        /// Other batches that the system proposes.
        proposed: Vec<Proposal>,
    },
    /// Open a closed one again: whatever closed it no longer counts.
    Reopen {
        /// Why.
        reason: String,
    },
}
