//! The reasons why a gate is closed, as data and as lines for people.

use serde::Serialize;

/// One reason why a gate is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "reason")]
pub enum ClosedBecause {
    /// An exception is neither decided nor in a deviation whose impact is concluded.
    ExceptionOpen {
        /// Its number.
        exception: u32,
        /// What happened, and since when it may go no further.
        what: String,
    },
    /// An entry due at this gate has no value.
    EntryMissing {
        /// Its place: occurrence and entry id.
        at: String,
        /// Its name.
        what: String,
    },
    /// The master record lets this gate wait for a second look that nobody has given.
    NotLookedAt {
        /// Its place: occurrence and entry id.
        at: String,
        /// Its name.
        what: String,
    },
    /// An entry due at this gate was declared absent, and quality has not decided about that.
    AbsenceUndecided {
        /// Its place: occurrence and entry id.
        at: String,
        /// Its name.
        what: String,
        /// The exception that the declaration opened.
        exception: u32,
    },
    /// A step that the gate relies on was found running and nobody has triaged that.
    FoundRunning {
        /// The occurrence.
        step: String,
        /// The exception that says so.
        exception: u32,
    },
    /// A hold stands on what the gate guards.
    Held {
        /// Its number.
        hold: u32,
        /// The hold.
        what: String,
    },
    /// Nothing that the gate guards may begin yet: there is nothing to decide.
    NotYet {
        /// The occurrence of the guarded step that comes next.
        step: String,
        /// What is missing before it, one thing a line.
        missing: Vec<String>,
    },
    /// It was passed for the occurrences whose turn has come: one passage serves one occurrence, once.
    AlreadyPassed {
        /// These.
        operations: Vec<String>,
    },
    /// Nothing that the gate guards may begin any more.
    NothingAhead {},
}

impl ClosedBecause {
    /// The reason as a line for people, with who can resolve it.
    #[must_use]
    pub fn line(&self) -> String {
        match self {
            Self::ExceptionOpen { exception, what } => {
                format!("exception {exception}: {what} (a holder of triage decides it)")
            }
            Self::EntryMissing { at, what } => {
                format!("{what} at {at} is not recorded (whoever the step names records it)")
            }
            Self::NotLookedAt { at, what } => {
                format!("{what} at {at} waits for its second look (a holder of check gives it)")
            }
            Self::AbsenceUndecided { at, what, exception } => {
                format!(
                    "{what} at {at} was declared absent, exception {exception} (a holder of triage decides it)"
                )
            }
            Self::FoundRunning { step, exception } => {
                format!(
                    "{step} was found running, exception {exception} (a holder of triage decides it)"
                )
            }
            Self::Held { what, .. } => what.clone(),
            Self::NotYet { step, missing } => {
                format!("the turn of {step} has not come: {}", missing.join("; "))
            }
            Self::AlreadyPassed { operations } => {
                format!("it was passed for {} already, once is enough", operations.join(", "))
            }
            Self::NothingAhead {} => "nothing that it guards may begin any more".to_owned(),
        }
    }
}
