//! Orders about a version of a master record.

use crate::domain::clock::Instant;
use crate::domain::recipe::check::Finding;
use serde_json::Value;

/// Content as its author sent it. The canonical bytes are made outside the rules; they arrive here as
/// their hash, which names the blob and is what everybody signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub document: Value,
    /// SHA-256 (hex) of its canonical bytes.
    pub hash: String,
}

/// What was found when a document was played outside the lane, bound to the content that was played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// The hash of that content.
    pub hash: String,
    pub findings: Vec<Finding>,
}

/// A master record's commands. `expected` is the sequence of the entry the caller saw as newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterCommand {
    /// Begins a version; it may be incomplete until submission.
    Draft { code: String, version: u32, content: Written },
    /// Other content; earlier signatures are void.
    Edit { content: Written, reason: String, expected: Option<u64> },
    /// The author signs the content and hands it over; `content` is what the blob of the version's
    /// content hash holds, `examined` what playing it showed.
    Submit { content: Written, examined: Examined, expected: Option<u64> },
    /// A second person signs the same content.
    Check { expected: Option<u64> },
    /// Quality signs the same content; effective from the date on, at the earliest now.
    Approve { effective_from: Option<Instant>, expected: Option<u64> },
    /// Back to draft.
    Return { reason: String, expected: Option<u64> },
    /// Confirms that the date is reached; nothing waits for it.
    MakeEffective { expected: Option<u64> },
    /// May not be issued for now.
    Suspend { reason: String, expected: Option<u64> },
    /// May be issued again.
    Reinstate { reason: String, expected: Option<u64> },
    /// Out of use for ever.
    Retire { reason: String, expected: Option<u64> },
}

/// The acts of a master record's life, as the matrix lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Edit,
    Submit,
    Check,
    Approve,
    Return,
    MakeEffective,
    Suspend,
    Reinstate,
    Retire,
}

impl Act {
    /// All acts on a version that was begun.
    pub const ALL: [Self; 9] = [
        Self::Edit,
        Self::Submit,
        Self::Check,
        Self::Approve,
        Self::Return,
        Self::MakeEffective,
        Self::Suspend,
        Self::Reinstate,
        Self::Retire,
    ];

    /// The word in the matrix and in refusals.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Submit => "submit",
            Self::Check => "check",
            Self::Approve => "approve",
            Self::Return => "return",
            Self::MakeEffective => "make effective",
            Self::Suspend => "suspend",
            Self::Reinstate => "reinstate",
            Self::Retire => "retire",
        }
    }
}

impl MasterCommand {
    /// The act, on a version that was begun; `None` for beginning one.
    #[must_use]
    pub fn act(&self) -> Option<Act> {
        Some(match self {
            Self::Draft { .. } => return None,
            Self::Edit { .. } => Act::Edit,
            Self::Submit { .. } => Act::Submit,
            Self::Check { .. } => Act::Check,
            Self::Approve { .. } => Act::Approve,
            Self::Return { .. } => Act::Return,
            Self::MakeEffective { .. } => Act::MakeEffective,
            Self::Suspend { .. } => Act::Suspend,
            Self::Reinstate { .. } => Act::Reinstate,
            Self::Retire { .. } => Act::Retire,
        })
    }

    /// The newest entry the caller saw.
    #[must_use]
    pub fn expected(&self) -> Option<u64> {
        match self {
            Self::Draft { .. } => None,
            Self::Edit { expected, .. }
            | Self::Submit { expected, .. }
            | Self::Check { expected }
            | Self::Approve { expected, .. }
            | Self::Return { expected, .. }
            | Self::MakeEffective { expected }
            | Self::Suspend { expected, .. }
            | Self::Reinstate { expected, .. }
            | Self::Retire { expected, .. } => *expected,
        }
    }
}
