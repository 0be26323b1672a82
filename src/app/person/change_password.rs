//! One's own password: the old one proves who asks, and the same key is closed under the new one.

use super::PersonAct;
use crate::app::answer::PersonAnswer;
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::proof::Try;
use crate::domain::person::command::PersonCommand;
use crate::identity::keyring::WrappedKey;
use crate::identity::lockout;
use crate::identity::password::{PasswordRecord, Standing};
use crate::identity::password_policy::{Owner, judge, judge_change};
use crate::identity::user_name::UserName;
use crate::store::clock::real_time;
use crate::store::operational::{Alongside, credentials};
use zeroize::Zeroizing;

/// A change of password.
#[derive(Clone)]
pub struct ChangePassword {
    /// The one in force, also a temporary one.
    pub old: Zeroizing<String>,
    /// The next.
    pub new: Zeroizing<String>,
}

impl Desk {
    /// Changes the caller's password. Other sessions of the person end; this one goes on. Blocks.
    ///
    /// # Errors
    /// `signing-credentials-wrong` for a wrong old one (counted), `password-…` for a weak new one.
    pub fn change_password(
        &self,
        mut envelope: Envelope,
        order: &ChangePassword,
    ) -> Result<Done<PersonAnswer>, Failure> {
        let (id, session) = (envelope.caller.person, envelope.caller.session);
        let rows = self.rewrapped(&envelope, order)?;
        envelope.alongside.extend(rows);
        envelope.alongside.extend([
            Alongside::PasswordChosen { session },
            Alongside::RevokeSessions { person: id, except: Some(session), at: real_time() },
        ]);
        let act = PersonAct::about("change-password", id, PersonCommand::ChangePassword);
        self.order(envelope, Box::new(act))
    }

    /// The new verifier, and the person's key closed under the new password.
    fn rewrapped(
        &self,
        envelope: &Envelope,
        order: &ChangePassword,
    ) -> Result<Vec<Alongside>, Failure> {
        let attempt = Try {
            attempt: lockout::Attempt::Signing,
            caller: Some(&envelope.caller),
            request_id: &envelope.request_id,
            what: "change-password",
        };
        let name = UserName::parse(&envelope.caller.user_name)?;
        let recognised = self.recognise(&name, &order.old, attempt)?;
        let (person, id) = (recognised.person(), envelope.caller.person);
        judge_change(&order.old, &order.new)?;
        let owner = Owner { user_name: &person.user_name, printed_name: &person.printed_name };
        judge(&order.new, owner)?;
        let (record, after) =
            self.turnstile.pass(|| PasswordRecord::enrol(&order.new, self.cost, Standing::Own))?;
        let mut rows = vec![Alongside::PutVerifier { person: id, record: record.to_string() }];
        if let Some(text) = self.read(|db| credentials::wrapped_key(db, id))? {
            let again = text
                .parse::<WrappedKey>()
                .and_then(|key| key.rewrap(id, &recognised.wrapping, &after))
                .map_err(|e| Failure::Broken(format!("{}: {e}", person.user_name)))?;
            rows.push(Alongside::PutWrappedKey { person: id, record: again.to_string() });
        }
        Ok(rows)
    }
}
