//! Operational tables: sessions, password verifiers, wrapped keys, lockouts, contacts. Never evidence.

pub mod credentials;
pub mod sessions;

use super::db::Db;
use super::fault::StoreError;
use crate::domain::clock::Instant;
use crate::domain::ids::PersonId;
use uuid::Uuid;

pub use sessions::{RefreshRow, SessionRow};

/// A change of operational rows that belongs to a command: written in its transaction or not at all.
#[derive(Debug, Clone)]
pub enum Alongside {
    /// What recognises the person's password from now on.
    PutVerifier {
        /// Whose.
        person: PersonId,
        /// Text form of the verifier.
        record: String,
    },
    /// The person's private key, closed under the password.
    PutWrappedKey {
        /// Whose.
        person: PersonId,
        /// Text form of the closed key.
        record: String,
    },
    /// Destroys the person's private key.
    DropWrappedKey {
        /// Whose.
        person: PersonId,
    },
    /// Ends the person's sessions, all but one.
    RevokeSessions {
        /// Whose.
        person: PersonId,
        /// The one that stays.
        except: Option<Uuid>,
        /// Real time.
        at: Instant,
    },
    /// The session's first signing with both components is done.
    FullSigning {
        /// Which session.
        session: Uuid,
        /// Real time.
        at: Instant,
    },
    /// The session's owner has chosen a password.
    PasswordChosen {
        /// Which session.
        session: Uuid,
    },
    /// Failures counted and lock.
    PutLockout {
        /// Whose.
        person: PersonId,
        /// Failures since the last good sign-in.
        failures: u32,
        /// Locked since.
        locked_at: Option<Instant>,
    },
    /// How to reach the person: any JSON text.
    PutContact {
        /// Whose.
        person: PersonId,
        /// JSON.
        data: String,
    },
}

impl Alongside {
    /// Writes the change.
    ///
    /// # Errors
    /// The engine's.
    pub fn write(&self, conn: &mut Db) -> Result<(), StoreError> {
        match self {
            Self::PutVerifier { person, record } => {
                credentials::put_verifier(conn, *person, record)
            }
            Self::PutWrappedKey { person, record } => {
                credentials::put_wrapped_key(conn, *person, record)
            }
            Self::DropWrappedKey { person } => credentials::drop_wrapped_key(conn, *person),
            Self::RevokeSessions { person, except, at } => {
                sessions::revoke_all(conn, *person, *except, *at).map(|_| ())
            }
            Self::FullSigning { session, at } => sessions::full_signing(conn, *session, *at),
            Self::PasswordChosen { session } => sessions::password_chosen(conn, *session),
            Self::PutLockout { person, failures, locked_at } => {
                credentials::put_lockout(conn, *person, *failures, *locked_at)
            }
            Self::PutContact { person, data } => credentials::put_contact(conn, *person, data),
        }
    }
}
