//! Passwords: one Argon2id run, then HKDF with two labels, so that what is kept cannot open keys.

use super::cost::{Cost, UnreadableCost};
use super::random;
use argon2::{Algorithm, Argon2, Block, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use hkdf::Hkdf;
use hmac::digest::CtOutput;
use sha2::Sha256;
use std::fmt;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

const SIGN_IN_LABEL: &[u8] = b"batchwright/sign-in/1";
const WRAP_LABEL: &[u8] = b"batchwright/wrap/1";
const FORMAT: &str = "batchwright-password-1";

/// Longest password that is looked at, in bytes before normalisation; longer ones are simply wrong.
pub const LONGEST_BYTES: usize = 4096;

/// The key that opens a person's signing key: derived in the act, held for the act, wiped after it.
#[derive(Clone)]
pub struct WrappingKey(Zeroizing<[u8; 32]>);

impl WrappingKey {
    pub(in crate::identity) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrappingKey(not shown)")
    }
}

/// What one run gives.
pub struct Derived {
    /// Kept, to recognise the password again. Opens nothing.
    pub verifier: [u8; 32],
    /// Never kept.
    pub wrapping_key: WrappingKey,
}

/// Runs Argon2id (about 20 ms and 19 MiB at full cost) and derives both keys.
/// Passwords are NFKC-normalised, so that keyboards which compose accents differently agree.
#[must_use]
pub fn derive(password: &str, salt: &[u8; 16], cost: Cost) -> Derived {
    let password: Zeroizing<String> = Zeroizing::new(password.nfkc().collect());
    let params = cost.params();
    let mut memory = vec![Block::new(); params.block_count()];
    let mut secret = Zeroizing::new([0_u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut *secret, &mut memory)
        .expect("salt, output and memory have the lengths that Argon2 asks for");
    // The last blocks give the secret away; black_box keeps the wiping from being optimised out.
    memory.fill(Block::new());
    std::hint::black_box(&memory);

    let keys = Hkdf::<Sha256>::new(None, &*secret);
    let mut verifier = [0_u8; 32];
    let mut wrapping_key = Zeroizing::new([0_u8; 32]);
    keys.expand(SIGN_IN_LABEL, &mut verifier).expect("32 bytes are within HKDF's length");
    keys.expand(WRAP_LABEL, &mut *wrapping_key).expect("32 bytes are within HKDF's length");
    Derived { verifier, wrapping_key: WrappingKey(wrapping_key) }
}

/// Whose choice a password was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The person chose it.
    Own,
    /// Somebody else issued it: it serves to choose an own one, and for nothing else (Annex 11 draft
    /// 11.4). No key is ever wrapped under it, so it cannot sign.
    Temporary,
}

/// What the operational table `password_verifiers` holds: enough to recognise a password.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordRecord {
    salt: [u8; 16],
    cost: Cost,
    standing: Standing,
    verifier: [u8; 32],
}

impl PasswordRecord {
    /// Makes the record of a new password (judge it by `password_policy` first) and gives the key
    /// under which the person's signing key is wrapped.
    #[must_use]
    pub fn enrol(password: &str, cost: Cost, standing: Standing) -> (Self, WrappingKey) {
        let salt = random::bytes::<16>();
        let Derived { verifier, wrapping_key } = derive(password, &salt, cost);
        (Self { salt, cost, standing, verifier }, wrapping_key)
    }

    /// What a guess at it costs.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Whose choice it was.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }
}

/// Checks a password in a time that does not depend on how wrong it is: the wrapping key when right.
#[must_use]
pub fn check(password: &str, record: &PasswordRecord) -> Option<WrappingKey> {
    let short_enough = password.len() <= LONGEST_BYTES;
    let derived = derive(if short_enough { password } else { "" }, &record.salt, record.cost);
    let right = same(&derived.verifier, &record.verifier);
    (right && short_enough).then_some(derived.wrapping_key)
}

/// Costs the same as [`check`] and is never right: for user names that nobody has, so that the time
/// of an answer does not tell which names exist.
pub fn dummy_check(password: &str, cost: Cost) {
    let nobody = PasswordRecord { salt: [0; 16], cost, standing: Standing::Own, verifier: [0; 32] };
    std::hint::black_box(check(password, &nobody));
}

fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    // CtOutput compares in constant time.
    CtOutput::<Sha256>::new((*a).into()) == CtOutput::<Sha256>::new((*b).into())
}

/// A stored password record that cannot be read: an alarm, not a wrong password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a stored password record cannot be read ({0}); it was changed outside Batchwright: restore it or have the password reset"
)]
pub struct UnreadableRecord(pub &'static str);

impl fmt::Display for PasswordRecord {
    /// The text form that is stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let standing = match self.standing {
            Standing::Own => "own",
            Standing::Temporary => "temporary",
        };
        let (salt, verifier) = (BASE64.encode(self.salt), BASE64.encode(self.verifier));
        write!(f, "{FORMAT}$argon2id${}${standing}${salt}${verifier}", self.cost)
    }
}

impl fmt::Debug for PasswordRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordRecord")
            .field("cost", &self.cost)
            .field("standing", &self.standing)
            .finish_non_exhaustive()
    }
}

impl From<UnreadableCost> for UnreadableRecord {
    fn from(_: UnreadableCost) -> Self {
        Self("cost")
    }
}

impl FromStr for PasswordRecord {
    type Err = UnreadableRecord;

    fn from_str(text: &str) -> Result<Self, UnreadableRecord> {
        let parts: Vec<&str> = text.split('$').collect();
        let [FORMAT, "argon2id", cost, standing, salt, verifier] = parts[..] else {
            return Err(UnreadableRecord("shape"));
        };
        let standing = match standing {
            "own" => Standing::Own,
            "temporary" => Standing::Temporary,
            _ => return Err(UnreadableRecord("standing")),
        };
        Ok(Self {
            salt: decode(salt).ok_or(UnreadableRecord("salt"))?,
            cost: cost.parse()?,
            standing,
            verifier: decode(verifier).ok_or(UnreadableRecord("verifier"))?,
        })
    }
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::site::Environment;
    use proptest::prelude::*;

    const CHEAP: Cost = Cost::of_site(Environment::Demo);

    // shows: P11-200a1.b
    #[test]
    fn only_the_right_password_opens() {
        let (record, key) = PasswordRecord::enrol("mauve tractor 9 lichen", CHEAP, Standing::Own);
        let again = check("mauve tractor 9 lichen", &record).expect("right");
        assert_eq!(again.bytes(), key.bytes());
        for wrong in
            ["", "mauve tractor 9 liche", "Mauve tractor 9 lichen", "mauve tractor 9 lichen "]
        {
            assert!(check(wrong, &record).is_none(), "{wrong:?}");
        }
        assert!(check(&"x".repeat(LONGEST_BYTES + 1), &record).is_none());
    }

    #[test]
    fn a_password_longer_than_looked_at_is_not_the_empty_one() {
        let (record, _) = PasswordRecord::enrol("", CHEAP, Standing::Own);
        assert!(check(&"x".repeat(LONGEST_BYTES + 1), &record).is_none());
    }

    // shows: P11-200a3.b
    #[test]
    fn what_is_kept_is_not_what_opens_keys() {
        let (record, key) = PasswordRecord::enrol("mauve tractor 9 lichen", CHEAP, Standing::Own);
        assert_ne!(&record.verifier, key.bytes());
        let (other, other_key) =
            PasswordRecord::enrol("mauve tractor 9 lichen", CHEAP, Standing::Own);
        assert_ne!(record, other, "each has its own salt");
        assert_ne!(key.bytes(), other_key.bytes());
    }

    #[test]
    fn composed_and_decomposed_accents_are_one_password() {
        let (record, _) =
            PasswordRecord::enrol("caf\u{e9} ligature \u{fb01}ne", CHEAP, Standing::Own);
        assert!(check("cafe\u{301} ligature fine", &record).is_some());
    }

    // A frozen vector: when it changes, every password of every site is lost.
    #[test]
    fn derivation_is_frozen() {
        let derived = derive("correct horse battery staple", &[7; 16], Cost::FULL);
        assert_eq!(hex::encode(derived.verifier), VECTOR.0);
        assert_eq!(hex::encode(derived.wrapping_key.bytes()), VECTOR.1);
    }
    const VECTOR: (&str, &str) = (
        "92f59cf09871a69e52b394af15a4b227589fe07a0baeec314139d5418283e9f1",
        "7f35d1707a0abb948f22b8aa2c33924e6f85ba266e266c9089c1354796408ed8",
    );

    #[test]
    fn nothing_secret_is_shown_by_debug() {
        let (record, key) = PasswordRecord::enrol("mauve tractor 9 lichen", CHEAP, Standing::Own);
        let shown = format!("{record:?} {key:?}");
        assert!(!shown.contains(&format!("{:?}", record.verifier)), "{shown}");
        assert!(!shown.contains(&format!("{:?}", key.bytes())), "{shown}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn records_read_back_and_know_their_password(password in "\\PC{0,40}", temporary: bool) {
            let standing = if temporary { Standing::Temporary } else { Standing::Own };
            let (record, _) = PasswordRecord::enrol(&password, CHEAP, standing);
            let read: PasswordRecord = record.to_string().parse().expect("reads back");
            prop_assert_eq!(&read, &record);
            prop_assert!(check(&password, &read).is_some());
            let longer = format!("{password}x");
            prop_assert!(check(&longer, &read).is_none());
        }

        #[test]
        fn no_text_makes_reading_panic(text in "\\PC{0,80}") {
            let _ = text.parse::<PasswordRecord>();
        }
    }
}
