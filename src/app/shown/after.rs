//! What came after a release or after the end: questions about lots, notices, addenda.

use super::{SignatureView, WhoView, at};
use crate::domain::disposition::standing::Standing;
use crate::domain::lot::Stand;
use crate::domain::run::notice::{AddendumRun, NoticeRun};
use serde::Serialize;
use utoipa::ToSchema;

/// Why a released lot is in question.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionView {
    /// Since when.
    #[schema(format = DateTime)]
    pub since: String,
    /// Why, one reason a line, the earliest first.
    pub because: Vec<String>,
}

impl QuestionView {
    /// Of a lot in question; nothing where it is not.
    pub fn of(standing: &Standing) -> Option<Self> {
        let since = at(standing.since()?);
        Some(Self { since, because: standing.because() })
    }
}

/// Quality's decision that a lot in question stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandView {
    /// Why.
    pub reason: String,
    /// The questions it answers.
    pub answers: Vec<String>,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Whose.
    pub signed: Option<SignatureView>,
}

impl From<&Stand> for StandView {
    fn from(stand: &Stand) -> Self {
        Self {
            reason: stand.reason.clone(),
            answers: stand.answers.clone(),
            at: at(stand.at),
            signed: stand.signed.as_ref().map(Into::into),
        }
    }
}

/// A complaint, a notice or a decision that quality added.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    /// From 1.
    pub no: u32,
    /// `complaint`, `notice` or `decision`.
    pub kind: String,
    /// What.
    pub text: String,
    /// The exception that a complaint opened.
    pub exception: Option<u32>,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// By whom.
    pub by: WhoView,
}

impl From<&NoticeRun> for NoticeView {
    fn from(notice: &NoticeRun) -> Self {
        Self {
            no: notice.told.no,
            kind: notice.told.kind.as_str().to_owned(),
            text: notice.told.text.clone(),
            exception: notice.told.exception,
            at: at(notice.at),
            by: WhoView::from(&notice.by),
        }
    }
}

/// Facts added after the record had become final.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddendumView {
    /// From 1.
    pub no: u32,
    /// The order that brought them.
    pub what: String,
    /// The first entry of the audit trail that belongs to it.
    pub first_entry: u64,
    /// The last one.
    pub last_entry: u64,
    /// Why only now; null where an exception owes the reason.
    pub reason: Option<String>,
    /// The exception that owes the reason.
    pub exception: Option<u32>,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// By whom.
    pub by: WhoView,
}

impl From<&AddendumRun> for AddendumView {
    fn from(addendum: &AddendumRun) -> Self {
        Self {
            no: addendum.told.no,
            what: addendum.told.what.clone(),
            first_entry: addendum.told.entries.0,
            last_entry: addendum.told.entries.1,
            reason: addendum.told.reason.clone(),
            exception: addendum.told.exception,
            at: at(addendum.at),
            by: WhoView::from(&addendum.by),
        }
    }
}
