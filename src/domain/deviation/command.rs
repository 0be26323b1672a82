//! Orders to a deviation.

use crate::domain::exception::Severity;

/// A deviation's commands after its opening (see [`super::decide::open`]).
#[derive(Debug, Clone)]
pub enum DeviationCommand {
    /// Further exceptions of a run join.
    Link {
        /// The run's exceptions.
        exceptions: Vec<u32>,
    },
    /// Something was found out.
    Investigate {
        /// What.
        text: String,
    },
    /// Reclassify.
    Classify {
        /// Class.
        class: Severity,
        /// Why.
        reason: String,
    },
    /// Conclude the impact, other batches assessed.
    ConcludeImpact {
        /// Conclusion.
        conclusion: String,
        /// Other batches assessed.
        other_batches: String,
    },
    /// Close.
    Close {
        /// Conclusion.
        conclusion: String,
    },
}
