//! Enrolment: the verifier signs for the identity, the person types their password, a key is made.

use super::PersonAct;
use crate::app::answer::PersonAnswer;
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::proof::{Recognised, Try};
use crate::domain::ids::PersonId;
use crate::domain::person::command::PersonCommand;
use crate::domain::signing::Components;
use crate::identity::keyring::{self, WrappedKey};
use crate::identity::lockout;
use crate::identity::signing::{SigningCredentials, judge_components};
use crate::identity::user_name::UserName;
use crate::seal::key::PublicKey;
use crate::store::operational::Alongside;

/// What an enrolment needs; the verifier's own credentials come in the envelope.
pub struct Enrol {
    /// Whose key: user name.
    pub user_name: String,
    /// How the identity was verified.
    pub method: String,
    /// The person's own, typed by the person at the same terminal: the key is closed under this password.
    pub person: SigningCredentials,
}

impl Desk {
    /// Enrols a person's fresh signing key (21 CFR 11.100(b)). Blocks.
    ///
    /// # Errors
    /// What is missing or wrong in either pair of credentials, and the rules of enrolment.
    pub fn enrol_person(
        &self,
        mut envelope: Envelope,
        order: Enrol,
    ) -> Result<Done<PersonAnswer>, Failure> {
        let person = self.person_named(&order.user_name)?;
        let attempt = Try {
            attempt: lockout::Attempt::Signing,
            caller: Some(&envelope.caller),
            request_id: &envelope.request_id,
            what: "enrol-person",
        };
        let name = UserName::parse(&person.user_name)?;
        judge_components(Components::Both, &order.person, &name)
            .map_err(|refusal| self.refused(attempt, Some(&person.user_name), refusal))?;
        let password = order.person.password.as_ref().map_or("", |password| password.as_str());
        let recognised = self.recognise(&name, password, attempt)?;
        let id = person.key.id;
        let (wrapped, public) = fresh_key(id, &recognised)?;
        let command = PersonCommand::Enrol {
            method: order.method,
            key: public.id().to_hex(),
            public_key: public.to_spki_base64(),
        };
        let record = wrapped.to_string();
        envelope.alongside.push(Alongside::PutWrappedKey { person: id, record });
        self.order(envelope, Box::new(PersonAct::about("enrol-person", id, command)))
    }
}

/// A new key, closed under the person's password, that has met its first challenge
/// (21 CFR 11.300(e)): what was closed opens again and signs.
fn fresh_key(id: PersonId, recognised: &Recognised) -> Result<(WrappedKey, PublicKey), Failure> {
    let unfit = |why: &dyn std::fmt::Display| Failure::Broken(format!("the new key: {why}"));
    let key = keyring::generate();
    let wrapped = WrappedKey::wrap(&key, id, &recognised.wrapping);
    let reopened = wrapped.unlock(id, &recognised.wrapping).map_err(|e| unfit(&e))?;
    let challenge = b"batchwright enrolment challenge";
    key.public().verify(challenge, &reopened.sign(challenge)).map_err(|e| unfit(&e))?;
    Ok((wrapped, key.public()))
}
