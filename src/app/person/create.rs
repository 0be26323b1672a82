//! A new account, with a temporary password that somebody hands over.

use super::{Issued, PersonAct};
use crate::app::desk::{Desk, Envelope, Failure};
use crate::app::printable;
use crate::domain::person::command::PersonCommand;
use crate::domain::policy::Grant;
use crate::identity::password::Standing;
use crate::identity::password_policy::{Owner, judge, temporary_password};
use crate::identity::user_name::UserName;
use crate::store::operational::Alongside;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Who begins.
pub struct Create {
    /// User name, as typed.
    pub user_name: String,
    pub printed_name: String,
    /// Not human.
    pub service: bool,
    /// Roles with scopes.
    pub grants: Vec<Grant>,
    /// Why these grants.
    pub reason: String,
    /// A temporary password chosen by the administrator; drawn when absent.
    pub temporary_password: Option<Zeroizing<String>>,
}

impl Desk {
    /// Creates an account. Blocks.
    ///
    /// # Errors
    /// `user-name-malformed`, `user-name-taken`, `combination-forbidden`, `authority-missing` and kin.
    pub fn create_person(&self, mut envelope: Envelope, order: Create) -> Result<Issued, Failure> {
        let name = UserName::parse(&order.user_name)?;
        let printed_name = printable::name(&order.printed_name)?;
        if let Some(password) = &order.temporary_password {
            judge(password, Owner { user_name: name.shown(), printed_name: &order.printed_name })?;
        }
        let drawn = order.temporary_password.is_none();
        let password = order.temporary_password.unwrap_or_else(temporary_password);
        let record = self.hashed(&password, Standing::Temporary)?.to_string();
        let person = Uuid::now_v7();
        let command = PersonCommand::Create {
            user_name: name.shown().to_owned(),
            number: name.skeleton().to_owned(),
            printed_name,
            service: order.service,
            grants: order.grants,
            reason: order.reason,
        };
        envelope.ids.push(person);
        envelope.alongside.push(Alongside::PutVerifier { person, record });
        let act = PersonAct::beginning(person, name.skeleton(), command);
        let done = self.order(envelope, Box::new(act))?;
        let temporary_password = (drawn && !done.replayed).then_some(password);
        Ok(Issued { done, temporary_password })
    }
}
