//! The access log: sign-ins, refusals, misuse. For whoever administers and whoever oversees quality.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::clock::Instant;
use crate::domain::policy::Authority;
pub use crate::seal::access::AccessRow;
use crate::store::access_log::{AccessFilter, search};
use crate::store::journal::Page;

/// What is asked of the access log.
#[derive(Debug, Clone, Default)]
pub struct AccessQuestion {
    /// User name.
    pub who: Option<String>,
    /// The attempt, as in `sign-in`.
    pub what: Option<String>,
    /// `allowed` or `refused`.
    pub outcome: Option<String>,
    /// From this moment on.
    pub from: Option<Instant>,
    /// Before this moment.
    pub to: Option<Instant>,
    /// After this cursor.
    pub cursor: Option<String>,
    /// At most so many.
    pub limit: usize,
}

impl Desk {
    /// Rows of the access log, newest first. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *administer*, *unlock*, *review* or *export*.
    pub fn access_log(
        &self,
        caller: &Caller,
        question: &AccessQuestion,
    ) -> Result<Page<AccessRow>, Failure> {
        use Authority::{Administer, Export, Review, Unlock};
        self.may_read(caller, &[Administer, Unlock, Review, Export], None)?;
        // Also attempts under a name that nobody has.
        let person = self.person_of(question.who.as_deref())?.flatten();
        let filter = AccessFilter {
            person,
            user_name: question.who.clone(),
            outcome: question.outcome.clone(),
            what: question.what.clone(),
            from: question.from,
            to: question.to,
            cursor: question.cursor.clone(),
            limit: question.limit,
        };
        self.read(|db| search(db, &filter))
    }
}
