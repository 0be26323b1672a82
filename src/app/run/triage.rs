//! An exception is decided: no deviation, a new deviation, or part of one that is open.

use super::act::RunAct;
use crate::app::answer::TriageAnswer;
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::deviation::decide::DeviationAct;
use crate::app::deviation::open::OpenDeviation;
use crate::domain::deviation::command::DeviationCommand;
use crate::domain::exception::Severity;
use crate::domain::run::acts::{DecideNotDeviation, RunCommand};

/// What was decided about an exception.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It is no deviation.
    NotADeviation {
        /// Why.
        rationale: String,
    },
    /// A deviation is opened for it.
    NewDeviation { title: String, class: Severity },
    /// It joins a deviation that is open.
    Joins {
        /// Number.
        deviation: String,
    },
}

impl Desk {
    /// Decides an exception of a run; several, where they join one deviation. Blocks.
    ///
    /// # Errors
    /// What the rules of triage refuse.
    pub fn triage(
        &self,
        envelope: Envelope,
        run: &str,
        exceptions: Vec<u32>,
        outcome: Outcome,
    ) -> Result<Done<TriageAnswer>, Failure> {
        let run = run.to_owned();
        match outcome {
            Outcome::NotADeviation { rationale } => {
                let exception = exceptions.first().copied().unwrap_or_default();
                let order =
                    RunCommand::DecideNotDeviation(DecideNotDeviation { exception, rationale });
                Ok(self.order(envelope, Box::new(RunAct::new(run, order)))?.told_as())
            }
            Outcome::NewDeviation { title, class } => {
                self.order(envelope, Box::new(OpenDeviation { run, title, class, exceptions }))
            }
            Outcome::Joins { deviation } => {
                let order = DeviationCommand::Link { exceptions };
                let joining = Some(run);
                let act = DeviationAct { deviation, joining, order };
                Ok(self.order_deviation(envelope, act)?.told_as())
            }
        }
    }
}
