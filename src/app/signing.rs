//! Proving credentials in the act: the password is checked, the person's key is unlocked, failures are
//! counted. Before the queue, on a few turns at a time; credentials never reach a log.

use super::desk::Desk;
use super::proof::{Proof, Recognised, Try};
use super::session::{self, lock_out::LockOut};
use super::words::{Caller, Envelope, Failure};
use crate::domain::ids::{Key, PersonId, RecordKind};
use crate::domain::person::Person;
use crate::domain::refusal::{Refusal, SIGNING_KEY_MISSING};
use crate::domain::signing::Components;
use crate::domain::signing::refusal::SECOND_IS_SIGNER;
use crate::identity::keyring::WrappedKey;
use crate::identity::lockout::{self, Counter, judge_attempt};
use crate::identity::password::{self, PasswordRecord};
use crate::identity::session::SessionRow;
pub use crate::identity::signing::SigningCredentials;
use crate::identity::signing::{judge_components, signing_components_required};
use crate::identity::user_name::UserName;
use crate::store::clock::real_time;
use crate::store::operational::{Alongside, credentials, sessions};
use crate::store::submission::{Submission, UnlockedKey};
use std::sync::PoisonError;

impl Desk {
    /// Proves the credentials an order came with.
    pub(in crate::app) fn prove(&self, envelope: &Envelope, what: &str) -> Result<Proof, Failure> {
        let mut proof = Proof::default();
        let attempt = Try {
            attempt: lockout::Attempt::Signing,
            caller: Some(&envelope.caller),
            request_id: &envelope.request_id,
            what,
        };
        if let Some(given) = &envelope.signature {
            self.prove_own(&envelope.caller, given, attempt, &mut proof)?;
        }
        if let Some(given) = &envelope.second {
            let recognised = self.recognise_second(given, attempt)?;
            let second = recognised.person();
            if second.key.id == envelope.caller.person {
                let detail = format!("{} acts in this session", second.user_name);
                let refusal = Refusal::new(&SECOND_IS_SIGNER, detail);
                return Err(self.refused(attempt, Some(&second.user_name), refusal));
            }
            proof.keys.push(self.unlocked(&recognised, Components::Both)?);
        }
        Ok(proof)
    }

    /// The session's person signs: both components first, later the password alone.
    fn prove_own(
        &self,
        caller: &Caller,
        given: &SigningCredentials,
        attempt: Try<'_>,
        proof: &mut Proof,
    ) -> Result<(), Failure> {
        let real = real_time();
        let row: SessionRow = self
            .read(|db| sessions::get(db, caller.session))?
            .map(|row| session::judged(&row))
            .ok_or_else(|| Failure::Broken("the caller's session has no row".into()))?;
        let required =
            signing_components_required(&row, self.limits, caller.person, &caller.station, real);
        let signer = UserName::parse(&caller.user_name)?;
        let components = judge_components(required, given, &signer)
            .map_err(|refusal| self.refused(attempt, Some(caller.user_name.as_str()), refusal))?;
        let password = given.password.as_ref().map_or("", |password| password.as_str());
        let recognised = self.recognise(&signer, password, attempt)?;
        proof.keys.push(self.unlocked(&recognised, components)?);
        if components == Components::Both {
            proof.alongside.push(Alongside::FullSigning { session: caller.session, at: real });
        }
        Ok(())
    }

    /// A second person, who has no session here, gives both components.
    ///
    /// # Errors
    /// As [`Self::recognise`], and what is missing of the components.
    pub fn recognise_second(
        &self,
        given: &SigningCredentials,
        attempt: Try<'_>,
    ) -> Result<Recognised, Failure> {
        let typed = given.user_name.as_deref();
        let password = given.password.as_ref().map_or("", |password| password.as_str());
        let Some(name) = typed.and_then(|typed| UserName::parse(typed).ok()) else {
            self.turnstile.pass(|| password::dummy_check(password, self.cost))?;
            let refusal = match typed {
                Some(_) => lockout::wrong(lockout::Attempt::Signing),
                None => Refusal::new(
                    &crate::identity::refusal::SIGNING_USER_NAME_MISSING,
                    "the second person's user name was not given",
                ),
            };
            return Err(self.refused(attempt, typed, refusal));
        };
        judge_components(Components::Both, given, &name)
            .map_err(|refusal| self.refused(attempt, typed, refusal))?;
        self.recognise(&name, password, attempt)
    }

    /// Checks a name and a password, counts a failure, locks at the fifth. An unknown name takes as
    /// long and reads word for word as a wrong password.
    ///
    /// # Errors
    /// `sign-in-refused` or `signing-credentials-wrong`, `account-locked`, `Busy`.
    pub fn recognise(
        &self,
        name: &UserName,
        password: &str,
        attempt: Try<'_>,
    ) -> Result<Recognised, Failure> {
        let found = self.find(&Key::Number(RecordKind::Person, name.skeleton().to_owned()))?;
        let state = found.filter(|state| state.as_person().is_some());
        let record = match &state {
            Some(state) => self.read(|db| credentials::verifier(db, state.key().id))?,
            None => None,
        };
        let (Some(state), Some(record)) = (state, record) else {
            self.turnstile.pass(|| password::dummy_check(password, self.cost))?;
            let refusal = lockout::wrong(attempt.attempt);
            return Err(self.refused(attempt, Some(name.shown()), refusal));
        };
        let record: PasswordRecord = record
            .parse()
            .map_err(|e: password::UnreadableRecord| Failure::Broken(e.to_string()))?;
        let wrapping = self.turnstile.pass(|| password::check(password, &record))?;
        let person = state.as_person().ok_or_else(|| Failure::Broken("no person".into()))?;
        let refused = self.count(person, wrapping.is_some(), attempt)?;
        let refusal = refused.or_else(|| {
            // A deactivated account is not told from a wrong password.
            (!person.active).then(|| lockout::wrong(attempt.attempt))
        });
        match (refusal, wrapping) {
            (None, Some(wrapping)) => {
                Ok(Recognised { wrapping, standing: record.standing(), state })
            }
            (refusal, _) => {
                let refusal = refusal.unwrap_or_else(|| lockout::wrong(attempt.attempt));
                Err(self.refused(attempt, Some(&person.user_name), refusal))
            }
        }
    }

    /// Counts an attempt; at the fifth failure the account is locked and its sessions end at once.
    fn count(
        &self,
        person: &Person,
        right: bool,
        attempt: Try<'_>,
    ) -> Result<Option<Refusal>, Failure> {
        let _one = self.turnstile.counting.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, real) = (person.key.id, real_time());
        let stored = self.read(|db| credentials::lockout(db, id))?;
        let locked_at = stored.locked_at.or(person.locked);
        let counter = Counter { failures: stored.failures, locked_at };
        let verdict = judge_attempt(counter, attempt.attempt, right, real);
        let after = verdict.counter;
        if after != counter {
            self.write(move |db| {
                credentials::put_lockout(db, id, after.failures, after.locked_at)
            })?;
        }
        // Also when an earlier lock did not reach the journal: what is not there cannot be lifted.
        if after.locked_at.is_some() && person.locked.is_none() {
            let last = match attempt.attempt {
                lockout::Attempt::SignIn => "sign-in",
                lockout::Attempt::Signing => "signing",
            };
            let command = LockOut { person: person.key, failures: after.failures, last };
            let mut submission = Submission::of(Box::new(command));
            submission.request_id = Some(attempt.request_id.to_owned());
            submission.alongside =
                vec![Alongside::RevokeSessions { person: id, except: None, at: real }];
            match self.system(submission) {
                Ok(_) => {}
                Err(Failure::Refused(refusal)) => {
                    tracing::warn!(code = refusal.rule.code, "the lock was refused");
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(verdict.refusal)
    }

    /// Unlocks the signing key of somebody who was recognised.
    fn unlocked(
        &self,
        recognised: &Recognised,
        components: Components,
    ) -> Result<UnlockedKey, Failure> {
        let person = recognised.person();
        let id: PersonId = person.key.id;
        let stored = self.read(|db| credentials::wrapped_key(db, id))?;
        let (Some(stored), Some(enrolled)) = (stored, person.signing_key.as_ref()) else {
            let detail = format!("{} is not enrolled", person.user_name);
            return Err(Refusal::new(&SIGNING_KEY_MISSING, detail).into());
        };
        let alarm = |text: String| Failure::Broken(format!("{}: {text}", person.user_name));
        let closed: WrappedKey = stored
            .parse()
            .map_err(|e: crate::identity::keyring::KeyFailure| alarm(e.to_string()))?;
        let key = closed.unlock(id, &recognised.wrapping).map_err(|e| alarm(e.to_string()))?;
        if key.public().id().to_hex() != enrolled.fingerprint {
            return Err(alarm("the stored signing key is not the enrolled one".into()));
        }
        Ok(UnlockedKey { person: id, components, key })
    }

    /// Keeps a refused attempt in the access log.
    pub(in crate::app) fn refused(
        &self,
        attempt: Try<'_>,
        user_name: Option<&str>,
        refusal: Refusal,
    ) -> Failure {
        let noted = self.note(session::attempt(attempt, user_name, "refused", Some(&refusal)));
        noted.err().unwrap_or(Failure::Refused(refusal))
    }
}
