//! Orders about a person. Passwords and private keys never come here: only that they changed.

use crate::domain::policy::Grant;

/// A person's commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonCommand {
    /// A new account with its first grants (a reason is asked where there are any); `number` is the
    /// normal form of the user name, by which twins are one.
    Create {
        user_name: String,
        number: String,
        printed_name: String,
        service: bool,
        grants: Vec<Grant>,
        reason: String,
    },
    /// Identity checked by `method`, and a fresh signing key for the person: fingerprint and SPKI.
    Enrol { method: String, key: String, public_key: String },
    /// All grants anew.
    ChangeGrants { grants: Vec<Grant>, reason: String, expected: Option<u64> },
    /// The person chose a new password; the same key is wrapped under it.
    ChangePassword,
    /// Somebody else issues a temporary password; the key is gone.
    ResetPassword { reason: String },
    /// The accountability statement in this version was read and is acknowledged.
    Acknowledge { version: u32 },
    /// The system locks after failures; `last` is `sign-in` or `signing`.
    LockOut { failures: u32, last: String },
    /// Lifts a lock after an identity check; keys and password stay.
    Unlock { identity_check: String, reason: String },
    /// Ends the account for ever.
    Deactivate { reason: String },
    /// Another printed name; signatures keep the old one.
    Rename { printed_name: String, reason: String },
}
