//! Signing out: the session's row ends, and with it every token that names it.

use super::attempt;
use crate::app::desk::{Caller, Desk, Failure};
use crate::app::proof::Try;
use crate::identity::lockout;
use crate::store::clock::real_time;
use crate::store::operational::sessions;

impl Desk {
    /// Ends the caller's session. Blocks.
    ///
    /// # Errors
    /// `Broken` when the store fails.
    pub fn sign_out(&self, caller: &Caller, request_id: &str) -> Result<(), Failure> {
        let session = caller.session;
        self.write(move |db| sessions::revoke(db, session, real_time()))?;
        let tried = Try {
            attempt: lockout::Attempt::SignIn,
            caller: Some(caller),
            request_id,
            what: "sign-out",
        };
        self.note(attempt(tried, Some(&caller.user_name), "allowed", None))
    }
}
