//! What comes to the desk and what goes back: who calls, an order's wrapping, and what became of it.

use crate::domain::ids::{PersonId, RecordKey};
use crate::domain::refusal::Refusal;
use crate::identity::refusal::PASSWORD_CHANGE_OWED;
use crate::identity::signing::SigningCredentials;
use crate::store::fault::StoreError;
use crate::store::operational::Alongside;
use serde_json::Value;
use std::marker::PhantomData;
use uuid::Uuid;

/// Somebody with a standing session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub person: PersonId,
    /// By which session.
    pub session: Uuid,
    /// User name now.
    pub user_name: String,
    /// Where the session was opened.
    pub station: String,
    /// The session may do one thing only: choose an own password.
    pub password_change_owed: bool,
}

impl Caller {
    /// Whether this session may be used for more than choosing an own password.
    ///
    /// # Errors
    /// `password-change-owed` (A11D-11.4).
    pub fn at_work(&self) -> Result<(), Refusal> {
        if self.password_change_owed {
            let detail = "you signed in with a temporary password";
            return Err(Refusal::new(&PASSWORD_CHANGE_OWED, detail));
        }
        Ok(())
    }
}

/// A request as far as it matters whether another one is the same.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The idempotency key.
    pub key: String,
    /// The path with its query.
    pub path: String,
    /// The version decided on.
    pub if_match: Option<u64>,
    /// The body, credentials and all: they are taken out before anything is compared.
    pub body: Value,
}

/// A command's wrapping: whose, with which proofs, recognisable as what.
#[derive(Debug)]
pub struct Envelope {
    /// Whose order it is.
    pub caller: Caller,
    /// The request's id.
    pub request_id: String,
    /// What recognises the request again; none for orders that no client repeats.
    pub sent: Option<Sent>,
    /// The caller's signing credentials, if given in this act.
    pub signature: Option<SigningCredentials>,
    /// A second person's credentials.
    pub second: Option<SigningCredentials>,
    /// Operational rows written with it or not at all.
    pub alongside: Vec<Alongside>,
    /// Identities for new records that must be known before.
    pub ids: Vec<Uuid>,
}

impl Envelope {
    /// An unsigned order.
    #[must_use]
    pub fn of(caller: Caller, request_id: &str, sent: Option<Sent>) -> Self {
        Self {
            caller,
            request_id: request_id.to_owned(),
            sent,
            signature: None,
            second: None,
            alongside: Vec::new(),
            ids: Vec::new(),
        }
    }

    /// The same with credentials.
    #[must_use]
    pub fn signed(
        mut self,
        signature: Option<SigningCredentials>,
        second: Option<SigningCredentials>,
    ) -> Self {
        self.signature = signature;
        self.second = second;
        self
    }

    /// Whether it came without any credentials.
    #[must_use]
    pub fn is_unsigned(&self) -> bool {
        self.signature.is_none() && self.second.is_none()
    }
}

/// A command that was written, with an answer of this type.
#[derive(Debug, Clone, PartialEq)]
pub struct Done<A> {
    /// The command's answer, as its receipt keeps it.
    pub answer: Value,
    /// The records it changed with the sequence of their new heads.
    pub heads: Vec<(RecordKey, u64)>,
    /// Whether this is the answer of an earlier, equal request.
    pub replayed: bool,
    pub(in crate::app) of: PhantomData<fn() -> A>,
}

impl<A> Done<A> {
    /// The same, told as an answer that has every member which this act's answer has.
    #[must_use]
    pub fn told_as<B>(self) -> Done<B> {
        let Self { answer, heads, replayed, .. } = self;
        Done { answer, heads, replayed, of: PhantomData }
    }
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// A rule forbids it.
    Refused(Refusal),
    /// Too much at once: try again in a moment.
    Busy,
    /// The question itself cannot be read: an unknown word, a cursor that is none.
    Unreadable(String),
    /// The house itself failed; the text is for its logs, not for callers.
    Broken(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "{refusal}; {}", refusal.rule.resolution),
            Self::Busy => f.write_str("too much at once; try again in a moment"),
            Self::Unreadable(detail) | Self::Broken(detail) => f.write_str(detail),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cursor(_) => Self::Unreadable(error.to_string()),
            StoreError::Held => Self::Busy,
            error => Self::Broken(error.to_string()),
        }
    }
}
