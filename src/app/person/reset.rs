//! A reset: temporary password, key destroyed, sessions ended. Whoever resets cannot sign with it.

use super::{Issued, PersonAct};
use crate::app::desk::{Desk, Envelope, Failure};
use crate::domain::person::command::PersonCommand;
use crate::identity::password::Standing;
use crate::identity::password_policy::{Owner, judge, temporary_password};
use crate::store::clock::real_time;
use crate::store::operational::Alongside;
use zeroize::Zeroizing;

impl Desk {
    /// Resets a password (21 CFR 11.200(a)(3)): the person must choose an own one, then be enrolled
    /// again. `given` is the temporary password; it is drawn when absent. Blocks.
    ///
    /// # Errors
    /// `own-account`, `authority-missing`, `reason-required`, `password-…`.
    pub fn reset_password(
        &self,
        mut envelope: Envelope,
        user_name: &str,
        given: Option<Zeroizing<String>>,
        reason: String,
    ) -> Result<Issued, Failure> {
        let subject = self.person_named(user_name)?;
        let person = subject.key.id;
        if let Some(password) = &given {
            let owner =
                Owner { user_name: &subject.user_name, printed_name: &subject.printed_name };
            judge(password, owner)?;
        }
        let drawn = given.is_none();
        let password = given.unwrap_or_else(temporary_password);
        let record = self.hashed(&password, Standing::Temporary)?.to_string();
        envelope.alongside.extend([
            Alongside::PutVerifier { person, record },
            Alongside::DropWrappedKey { person },
            Alongside::RevokeSessions { person, except: None, at: real_time() },
        ]);
        let command = PersonCommand::ResetPassword { reason };
        let act = PersonAct::about("reset-password", person, command);
        let done = self.order(envelope, Box::new(act))?;
        let temporary_password = (drawn && !done.replayed).then_some(password);
        Ok(Issued { done, temporary_password })
    }
}
