//! What was written down of a person; the header's name is `person.` and the kebab-case variant.

use crate::domain::policy::Grant;
use serde::{Deserialize, Serialize};

/// Events of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data", rename_all = "kebab-case")]
pub enum PersonEvent {
    /// The account came into being.
    Created {
        /// User name as shown.
        user_name: String,
        /// Normalised: case and Unicode twins are the same.
        number: String,
        printed_name: String,
        /// Not human.
        service: bool,
    },
    /// Somebody verified the person's identity (countersigned, except for the first administrator).
    IdentityVerified {
        /// How.
        method: String,
    },
    /// A signing key was enrolled.
    KeyEnrolled {
        /// SHA-256 of the SPKI, hex.
        key: String,
        /// SPKI, base64.
        public_key: String,
    },
    /// The signing key was destroyed (password reset, revocation).
    KeyDestroyed {
        /// Which.
        key: String,
        /// Why.
        reason: String,
    },
    /// Grants were set.
    GrantsChanged {
        /// Before.
        old: Vec<Grant>,
        /// After.
        new: Vec<Grant>,
        /// Why.
        reason: String,
    },
    /// The person changed the password.
    PasswordChanged {},
    /// An administrator reset the password: temporary, cannot sign. The entry's actor vouches for no key
    /// until somebody else has, and the accountability statement is owed again.
    PasswordReset {
        /// Why.
        reason: String,
    },
    /// The accountability statement was acknowledged.
    AccountabilityAcknowledged { version: u32 },
    /// Too many failures.
    LockedOut {
        /// How many.
        failures: u32,
        /// `sign-in` or `signing`.
        last: String,
    },
    /// Unlocked after an identity check; keys untouched.
    Unlocked {
        /// How the identity was checked.
        identity_check: String,
        /// Why.
        reason: String,
    },
    Deactivated {
        /// Why.
        reason: String,
    },
    /// Printed name changed.
    Renamed {
        /// Before.
        old: String,
        /// After.
        new: String,
        /// Why.
        reason: String,
    },
}
