//! The desk itself: who calls, what they order, and what became of it.

use super::answer::Tells;
use super::examiner::Examiner;
use super::proof::Proof;
use super::run::kept::Boards;
use super::session::recent::Recent;
use super::turnstile::Turnstile;
pub use super::words::{Caller, Done, Envelope, Failure, Sent};
use crate::domain::clock::Instant;
use crate::domain::ids::{Key, PersonId, RecordKey, RecordKind};
use crate::domain::loaded::Command;
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::site::Environment;
use crate::domain::state::State;
use crate::identity::cost::Cost;
use crate::identity::receipt::{ReceiptSecret, Request};
use crate::identity::session::SessionLimits;
use crate::identity::token::AccessTokens;
use crate::seal::key::PrivateKey;
use crate::store::Store;
use crate::store::access_log::Attempt;
use crate::store::clock::Clock;
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::submission::{Outcome, ReceiptKey, Submission};
use std::marker::PhantomData;
use std::sync::Arc;

/// What a running site needs: its store, its keys at run time, its limits.
pub struct Desk {
    pub(in crate::app) store: Store,
    pub(in crate::app) clock: Clock,
    pub(in crate::app) tokens: AccessTokens,
    pub(in crate::app) receipts: ReceiptSecret,
    pub(in crate::app) seal: PrivateKey,
    pub(in crate::app) limits: SessionLimits,
    pub(in crate::app) cost: Cost,
    pub(in crate::app) turnstile: Turnstile,
    pub(in crate::app) recent: Recent,
    pub(in crate::app) examiner: Examiner,
    pub(in crate::app) boards: Boards,
}

/// The keys a desk keeps at hand; the founding and log keys are not among them.
pub struct DeskKeys {
    /// Recognises requests again.
    pub receipt: ReceiptSecret,
    /// Seals renditions.
    pub seal: PrivateKey,
    /// Issues and judges access tokens.
    pub tokens: AccessTokens,
}

impl Desk {
    /// Sets up the desk of a site. `clock` is the one its store was opened with.
    #[must_use]
    pub fn new(
        store: Store,
        keys: DeskKeys,
        limits: SessionLimits,
        environment: Environment,
        clock: Clock,
    ) -> Self {
        Self {
            store,
            clock,
            tokens: keys.tokens,
            receipts: keys.receipt,
            seal: keys.seal,
            limits,
            cost: Cost::of_site(environment),
            turnstile: Turnstile::new(2, 32),
            recent: Recent::default(),
            examiner: Examiner::default(),
            boards: Boards::default(),
        }
    }

    /// The store, for whoever starts and stops it.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The site's time now.
    #[must_use]
    pub fn time(&self) -> Instant {
        self.clock.time()
    }

    /// Gives an order: proves the credentials it came with, then hands it to the lane and waits.
    /// Blocks; call it where that is allowed.
    ///
    /// # Errors
    /// A refusal (kept in the access log), `Busy`, or a failure of the house.
    pub fn order<C: Tells + 'static>(
        &self,
        envelope: Envelope,
        command: Box<C>,
    ) -> Result<Done<C::Answer>, Failure> {
        let proof = self.prove(&envelope, command.name())?;
        self.submit(self.submission(envelope, proof, command))
    }

    /// Gives an order that came without credentials: nothing is to be proved, so nothing blocks.
    ///
    /// # Errors
    /// As [`Self::order`]; `Broken` when there were credentials, which only [`Self::order`] proves.
    pub async fn order_unsigned<C: Tells + 'static>(
        &self,
        envelope: Envelope,
        command: Box<C>,
    ) -> Result<Done<C::Answer>, Failure> {
        if !envelope.is_unsigned() {
            return Err(Failure::Broken("credentials came where none are proved".into()));
        }
        let submission = self.submission(envelope, Proof::default(), command);
        done(self.store.submit(submission).outcome().await)
    }

    fn submission(
        &self,
        envelope: Envelope,
        proof: Proof,
        command: Box<dyn Command>,
    ) -> Submission {
        let Proof { keys, mut alongside } = proof;
        let Envelope { caller, request_id, sent, ids, alongside: rows, .. } = envelope;
        alongside.extend(rows);
        Submission {
            station: Some(caller.station.clone()),
            request_id: Some(request_id),
            receipt: sent.as_ref().map(|sent| self.receipt(sent)),
            keys,
            ids,
            alongside,
            ..Submission::by(command, caller.person, Some(caller.session))
        }
    }

    /// An order of the system itself, such as locking an account.
    ///
    /// # Errors
    /// As [`Self::order`].
    pub fn system(&self, submission: Submission) -> Result<(), Failure> {
        self.submit::<()>(submission).map(drop)
    }

    fn submit<A>(&self, submission: Submission) -> Result<Done<A>, Failure> {
        done(self.store.submit(submission).wait())
    }

    fn receipt(&self, sent: &Sent) -> ReceiptKey {
        let if_match = sent.if_match.map(|version| version.to_string());
        let request = Request {
            method: "POST",
            path: &sent.path,
            if_match: if_match.as_deref(),
            body: &sent.body,
        };
        ReceiptKey { key: sent.key.clone(), hmac: self.receipts.of(&request) }
    }

    /// Reads something from the store.
    ///
    /// # Errors
    /// `Broken` when the store fails.
    pub fn read<T>(
        &self,
        read: impl FnOnce(&mut Db) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        Ok(self.store.read(read)?)
    }

    /// Writes operational rows, which are no evidence.
    pub(in crate::app) fn write<T: Send + 'static>(
        &self,
        write: impl FnMut(&mut Db) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        Ok(self.store.write_operational(write)?)
    }

    /// Keeps an attempt in the access log.
    pub(in crate::app) fn note(&self, attempt: Attempt) -> Result<(), Failure> {
        Ok(self.store.note(attempt)?)
    }

    /// A record's state, or nothing.
    ///
    /// # Errors
    /// `Broken` when the store fails.
    pub fn find(&self, key: &Key) -> Result<Option<Arc<State>>, Failure> {
        Ok(self.store.state(key)?)
    }

    /// A record's state.
    ///
    /// # Errors
    /// `not-found`, or `Broken` when the store fails.
    pub fn state(&self, key: &Key) -> Result<Arc<State>, Failure> {
        self.find(key)?.ok_or_else(|| {
            let what = match key {
                Key::Site => "site".to_owned(),
                Key::Id(record) => record.kind.to_string(),
                Key::Number(kind, number) => format!("{kind} {number}"),
                Key::Alike(kind, number) => format!("{kind} like {number}"),
                Key::Foreign { number, .. } => {
                    format!("decision on lot {number} of somebody else's")
                }
            };
            Refusal::new(&NOT_FOUND, format!("there is no {what}")).into()
        })
    }

    /// A person's state.
    pub(in crate::app) fn person_state(&self, person: PersonId) -> Result<Arc<State>, Failure> {
        self.find(&Key::Id(RecordKey::new(RecordKind::Person, person)))?
            .ok_or_else(|| Failure::Refused(gone(person)))
    }
}

fn done<A>(outcome: Outcome) -> Result<Done<A>, Failure> {
    match outcome {
        Outcome::Done { answer, heads, replayed } => {
            Ok(Done { answer, heads, replayed, of: PhantomData })
        }
        Outcome::Refused(refusal) => Err(Failure::Refused(refusal)),
        Outcome::Busy => Err(Failure::Busy),
        Outcome::Failed(error) => Err(error.into()),
    }
}

/// A session's person who is no record: to the caller, an ended session.
pub(in crate::app) fn gone(person: PersonId) -> Refusal {
    Refusal::new(&NOT_FOUND, format!("there is no person {person}"))
}
