//! What the desk hands to a lane, and what it gets back.

use super::fault::StoreError;
use super::operational::Alongside;
use crate::domain::ids::{PersonId, RecordKey};
use crate::domain::loaded::Command;
use crate::domain::refusal::Refusal;
use crate::domain::signing::Components;
use crate::seal::key::PrivateKey;
use crate::seal::site::KeyUse;
use serde_json::Value;
use tokio::sync::oneshot;
use uuid::Uuid;

/// A command with who sends it and from where.
pub struct Submission {
    pub command: Box<dyn Command>,
    /// Whose act it is; `None` for the system's own acts and the command line's founding.
    pub principal: Option<PersonId>,
    /// The session, read again in the lane: it must stand and belong to the principal.
    pub session: Option<Uuid>,
    /// The station named by the client.
    pub station: Option<String>,
    /// The request's id, also in the server's own logs.
    pub request_id: Option<String>,
    /// The idempotency key, where there is one.
    pub receipt: Option<ReceiptKey>,
    /// Keys unlocked in this very act: the principal's own, a second person's.
    pub keys: Vec<UnlockedKey>,
    /// Site keys that make a statement over each entry of the command (founding, first enrolment,
    /// rotation).
    pub statements: Vec<(KeyUse, PrivateKey)>,
    /// Identities for new records, used before the lane's own fresh ones.
    pub ids: Vec<Uuid>,
    /// Rows that are no evidence, written in the same transaction or not at all.
    pub alongside: Vec<Alongside>,
}

impl Submission {
    /// A command of the system itself.
    #[must_use]
    pub fn of(command: Box<dyn Command>) -> Self {
        Self {
            command,
            principal: None,
            session: None,
            station: None,
            request_id: None,
            receipt: None,
            keys: Vec::new(),
            statements: Vec::new(),
            ids: Vec::new(),
            alongside: Vec::new(),
        }
    }

    /// A command of a person.
    #[must_use]
    pub fn by(command: Box<dyn Command>, principal: PersonId, session: Option<Uuid>) -> Self {
        Self { principal: Some(principal), session, ..Self::of(command) }
    }
}

/// The idempotency key of a request, and what recognises the same request again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptKey {
    /// As the client sent it.
    pub key: String,
    /// HMAC of the request without credentials.
    pub hmac: [u8; 32],
}

/// A person's private key, unlocked by that person's password in this act; wiped when dropped.
pub struct UnlockedKey {
    /// Whose.
    pub person: PersonId,
    /// What the person gave.
    pub components: Components,
    pub key: PrivateKey,
}

/// What became of a submission.
#[derive(Debug)]
pub enum Outcome {
    /// Written and durable.
    Done {
        /// The command's answer.
        answer: Value,
        /// The records it changed, with their new heads' sequence.
        heads: Vec<(RecordKey, u64)>,
        /// Whether this is the stored answer of an earlier, equal request.
        replayed: bool,
    },
    /// A rule forbids; nothing was written but an access-log row.
    Refused(Refusal),
    /// The queue is full: try again in a moment (503 with Retry-After).
    Busy,
    /// The store failed; nothing was written.
    Failed(StoreError),
}

/// An outcome that is on its way.
#[derive(Debug)]
pub struct Pending(pub(super) oneshot::Receiver<Outcome>);

impl Pending {
    /// Waits, in an async task.
    pub async fn outcome(self) -> Outcome {
        self.0.await.unwrap_or(Outcome::Failed(StoreError::Closed))
    }

    /// Waits, blocking this thread. Never call it inside an async task.
    #[must_use]
    pub fn wait(self) -> Outcome {
        self.0.blocking_recv().unwrap_or(Outcome::Failed(StoreError::Closed))
    }
}
