//! A person's signing key: P-256, its private half closed under a key that only the password gives.
//!
//! Keys themselves are `seal::key`'s; here they are drawn, bound to a person, and opened for one act.

use super::password::WrappingKey;
use super::random;
use crate::domain::ids::PersonId;
use crate::seal::key::{self, KeyId, KeyKind, PrivateKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

const FORMAT: &str = "batchwright-key-1";

/// Makes a person's new signing key from the operating system's randomness.
#[must_use]
pub fn generate() -> PrivateKey {
    PrivateKey::generate(KeyKind::P256, &Zeroizing::new(random::bytes::<32>()))
}

/// A private key as the operational table `wrapped_keys` holds it. Useless without the password, bound
/// to one person, and never touched by an unlock of the account (Annex 11 draft 11.7). An administrator's
/// reset deletes it; only a new enrolment makes another (21 CFR 11.200(a)(3)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    key_id: KeyId,
    nonce: [u8; 12],
    sealed: Vec<u8>,
}

impl WrappedKey {
    /// Closes a key for its person (AES-256-GCM, fresh nonce, bound to person and fingerprint).
    #[must_use]
    pub fn wrap(key: &PrivateKey, person: PersonId, under: &WrappingKey) -> Self {
        let (key_id, nonce) = (key.public().id(), random::bytes::<12>());
        let sealed = key::wrap(key, under.bytes(), &nonce, about(person, key_id).as_bytes());
        Self { key_id, nonce, sealed }
    }

    /// Opens the key for one act; it is wiped when dropped.
    ///
    /// # Errors
    /// When the wrapping key, the person or the stored text is not the one it was closed with.
    pub fn unlock(&self, person: PersonId, under: &WrappingKey) -> Result<PrivateKey, KeyFailure> {
        let about = about(person, self.key_id);
        let opened =
            key::unwrap(KeyKind::P256, &self.sealed, under.bytes(), &self.nonce, about.as_bytes());
        // AES-GCM does not commit to its key: the public half does.
        opened.ok().filter(|key| key.public().id() == self.key_id).ok_or(KeyFailure::Closed)
    }

    /// Closes the same key under the key of a new password, chosen by the person who knows the old one.
    ///
    /// # Errors
    /// As [`Self::unlock`].
    pub fn rewrap(
        &self,
        person: PersonId,
        old: &WrappingKey,
        new: &WrappingKey,
    ) -> Result<Self, KeyFailure> {
        Ok(Self::wrap(&self.unlock(person, old)?, person, new))
    }

    /// The public half's fingerprint: must be the one enrolled in the journal.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }
}

fn about(person: PersonId, key_id: KeyId) -> String {
    format!("{FORMAT} person {person} key {key_id}")
}

impl fmt::Display for WrappedKey {
    /// The text form that is stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (nonce, sealed) = (BASE64.encode(self.nonce), BASE64.encode(&self.sealed));
        write!(f, "{FORMAT}.{}.{nonce}.{sealed}", self.key_id)
    }
}

impl FromStr for WrappedKey {
    type Err = KeyFailure;

    fn from_str(text: &str) -> Result<Self, KeyFailure> {
        let parts: Vec<&str> = text.split('.').collect();
        let [FORMAT, key_id, nonce, sealed] = parts[..] else {
            return Err(KeyFailure::Unreadable);
        };
        let decode = |text| BASE64.decode(text).map_err(|_| KeyFailure::Unreadable);
        let read = Self {
            key_id: KeyId::parse(key_id).map_err(|_| KeyFailure::Unreadable)?,
            nonce: decode(nonce)?.try_into().map_err(|_| KeyFailure::Unreadable)?,
            sealed: decode(sealed)?,
        };
        // One key has one text.
        if read.to_string() == text { Ok(read) } else { Err(KeyFailure::Unreadable) }
    }
}

/// Why a stored signing key does not serve. After a right password both are alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFailure {
    /// Wrong wrapping key, another person's key, or changed bytes.
    #[error(
        "the stored signing key does not open with this password; if sign-in works, the key was changed or belongs to somebody else: enrol the person again"
    )]
    Closed,
    /// Not the text form.
    #[error(
        "the stored signing key cannot be read; it was changed outside Batchwright: restore it or enrol the person again"
    )]
    Unreadable,
}

#[cfg(test)]
mod tests {
    use super::super::cost::Cost;
    use super::super::password::{PasswordRecord, Standing, check};
    use super::*;
    use crate::domain::site::Environment;
    use proptest::prelude::*;
    use uuid::Uuid;

    const KIM: PersonId = Uuid::from_u128(1);
    const LEE: PersonId = Uuid::from_u128(2);

    fn wrapping(password: &str) -> (PasswordRecord, WrappingKey) {
        PasswordRecord::enrol(password, Cost::of_site(Environment::Demo), Standing::Own)
    }

    // shows: P11-200a1.a
    #[test]
    fn a_key_signs_only_after_its_persons_password() {
        let (record, under) = wrapping("mauve tractor lichen");
        let key = generate();
        let stored = WrappedKey::wrap(&key, KIM, &under).to_string();

        let read: WrappedKey = stored.parse().expect("reads back");
        let under = check("mauve tractor lichen", &record).expect("right password");
        let unlocked = read.unlock(KIM, &under).expect("opens");
        assert_eq!(key.public().verify(b"content", &unlocked.sign(b"content")), Ok(()));
        assert_eq!(read.key_id(), key.public().id());

        assert_eq!(read.unlock(LEE, &under).err(), Some(KeyFailure::Closed), "another person");
        let (_, wrong) = wrapping("mauve tractor lichen");
        assert_eq!(read.unlock(KIM, &wrong).err(), Some(KeyFailure::Closed), "another salt");
    }

    // shows: P11-200a3.a, T26.a
    #[test]
    fn a_reset_password_opens_no_old_key() {
        let (_, old) = wrapping("mauve tractor lichen");
        let wrapped = WrappedKey::wrap(&generate(), KIM, &old);
        let cost = Cost::of_site(Environment::Demo);
        let (_, reset) = PasswordRecord::enrol("by-admin", cost, Standing::Temporary);
        assert_eq!(wrapped.unlock(KIM, &reset).err(), Some(KeyFailure::Closed));
    }

    #[test]
    fn a_person_who_changes_the_password_keeps_the_key() {
        let ((_, old), (_, new)) = (wrapping("mauve tractor lichen"), wrapping("teal anvil moss"));
        let wrapped = WrappedKey::wrap(&generate(), KIM, &old);
        let again = wrapped.rewrap(KIM, &old, &new).expect("old opens");
        assert_eq!(again.key_id(), wrapped.key_id());
        assert!(again.unlock(KIM, &new).is_ok() && again.unlock(KIM, &old).is_err());
    }

    #[test]
    fn a_key_is_never_shown() {
        let key = generate();
        let (_, under) = wrapping("mauve tractor lichen");
        let wrapped = WrappedKey::wrap(&key, KIM, &under);
        let shown = format!("{key:?} {wrapped:?} {wrapped}");
        assert!(!shown.contains(&hex::encode(*key.secret())));
        assert!(!shown.contains(&BASE64.encode(*key.secret())));
    }

    #[test]
    fn every_changed_character_of_the_stored_text_is_found() {
        let (_, under) = wrapping("mauve tractor lichen");
        let stored = WrappedKey::wrap(&generate(), KIM, &under).to_string();
        for i in 0..stored.len() {
            let mut bytes = stored.clone().into_bytes();
            bytes[i] = if bytes[i] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).expect("ascii");
            let opens = changed.parse::<WrappedKey>().is_ok_and(|k| k.unlock(KIM, &under).is_ok());
            assert!(!opens, "character {i} of {stored}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_makes_reading_panic(text in "\\PC{0,80}") {
            let _ = text.parse::<WrappedKey>();
            let _ = format!("{FORMAT}.{text}").parse::<WrappedKey>();
        }
    }
}
