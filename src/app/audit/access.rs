//! The access log: sign-ins, refusals, misuse. For whoever administers and whoever oversees quality.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::clock::Instant;
use crate::domain::policy::Authority;
use crate::domain::run::acts::RunCommand;
pub use crate::seal::access::AccessRow;
use crate::store::access_log::{AccessFilter, search};
use crate::store::journal::Page;

/// What can be attempted beside the orders to a run.
const ATTEMPTS: &[&str] = &[
    "acknowledge-accountability",
    "add-parent",
    "approve-master",
    "calibrate-device",
    "change-grants",
    "change-password",
    "change-roles",
    "check-master",
    "classify-deviation",
    "close-deviation",
    "conclude-impact",
    "conclude-investigation",
    "create-person",
    "deactivate-person",
    "dispose-lot",
    "draft-master",
    "edit-master",
    "enrol-person",
    "file-binding-letter",
    "find-lot-to-stand",
    "found-site",
    "investigate-deviation",
    "issue-rendition",
    "issue-run",
    "link-deviation",
    "lock-out",
    "make-master-effective",
    "note-clock-jump",
    "notice-overdue",
    "open-deviation",
    "read",
    "register-device",
    "reinstate-master",
    "remove-parent",
    "rename-person",
    "reopen-deviation",
    "report-happening",
    "report-happening-on-site",
    "reset-password",
    "restore-site",
    "retire-device",
    "retire-master",
    "return-master",
    "rotate-site-key",
    "session-refresh",
    "sign-in",
    "sign-out",
    "state-accountability",
    "submit-master",
    "suspend-master",
    "unlock-person",
    "vouch-for-administrator",
];

/// Everything that can be attempted, by name.
fn attempts() -> impl Iterator<Item = &'static str> {
    ATTEMPTS.iter().chain(RunCommand::NAMES).copied()
}

fn is_attempt(what: &str) -> bool {
    attempts().any(|known| known == what)
}

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
        if let Some(what) = question.what.as_deref().filter(|what| !is_attempt(what)) {
            // What the log holds is known, whoever wrote it.
            let of_it =
                AccessFilter { what: Some(what.to_owned()), limit: 1, ..AccessFilter::default() };
            if self.read(|db| search(db, &of_it))?.items.is_empty() {
                let known: Vec<_> = attempts().collect();
                let known = known.join(", ");
                let detail = format!("what: nobody can attempt {what:?}; known are {known}");
                return Err(Failure::Unreadable(detail));
            }
        }
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
