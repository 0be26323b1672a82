//! The site's own keys: five files outside the database, closed under a passphrase.
//!
//! Bytes in and out only; settings and cli read and write the files. One file is `seal::keyfile`'s; this
//! is the set of them. The receipt secret has no public half.

use super::random;
use super::receipt::ReceiptSecret;
use crate::domain::site::Environment;
use crate::seal::key::PrivateKey;
use crate::seal::keyfile::{self, Cost, FileRandom, KeyFileFault, Unlocking};
use crate::seal::site::{KeyUse, SiteKey};
use std::fmt;
use zeroize::Zeroizing;

const RECEIPT: &str = "receipt";

/// The unlocked keys of a serving site; wiped when dropped. The founding key is not among them: its file
/// may lie in a safe while the site is served.
pub struct ServingKeys {
    /// Ed25519: signs checkpoints.
    pub log: PrivateKey,
    /// P-256: seals renditions.
    pub seal: PrivateKey,
    /// Ed25519: signs access tokens.
    pub token: PrivateKey,
    /// Recognises requests again.
    pub receipt: ReceiptSecret,
}

/// All unlocked keys of a site; wiped when dropped.
pub struct SiteKeys {
    /// Ed25519: signs the founding entry and countersigns the first enrolment.
    pub founding: PrivateKey,
    /// Ed25519: signs checkpoints.
    pub log: PrivateKey,
    /// P-256: seals renditions.
    pub seal: PrivateKey,
    /// Ed25519: signs access tokens.
    pub token: PrivateKey,
    /// Recognises requests again.
    pub receipt: ReceiptSecret,
}

/// Why the site's keys do not open. Names the file and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SiteKeyFailure {
    /// A file is not there.
    #[error("the key file {0} is missing: restore it from the copy kept apart from the database")]
    Missing(String),
    /// A file does not open.
    #[error(
        "the key file {file}: {fault}; check the passphrase, or restore the file from the copy kept apart from the database"
    )]
    File {
        /// Its name.
        file: String,
        /// What is wrong with it.
        fault: KeyFileFault,
    },
    #[error("the passphrase of the key files is empty: write one into the passphrase's file")]
    NoPassphrase,
}

/// The name of a site key's file in the key directory.
#[must_use]
pub fn file_name(word: &str) -> String {
    format!("{word}.key.json")
}

/// What a guess at the passphrase costs. `environment` comes from the site's founding and from nowhere else; a
/// demo site keeps its passphrase beside its keys, so that dear guesses would protect nothing.
#[must_use]
pub const fn file_cost(environment: Environment) -> Cost {
    match environment {
        Environment::Demo => Cost::LEAST,
        Environment::Production | Environment::Training => Cost::STANDARD,
    }
}

impl SiteKeys {
    /// Makes the keys of a new site.
    #[must_use]
    pub fn generate() -> Self {
        let key = |purpose: KeyUse| {
            PrivateKey::generate(purpose.kind(), &Zeroizing::new(random::bytes::<32>()))
        };
        Self {
            founding: key(KeyUse::Founding),
            log: key(KeyUse::Log),
            seal: key(KeyUse::Seal),
            token: key(KeyUse::Token),
            receipt: ReceiptSecret::generate(),
        }
    }

    /// The key of a use.
    #[must_use]
    pub fn key(&self, purpose: KeyUse) -> &PrivateKey {
        match purpose {
            KeyUse::Founding => &self.founding,
            KeyUse::Log => &self.log,
            KeyUse::Seal => &self.seal,
            KeyUse::Token => &self.token,
        }
    }

    /// The public halves as they stand in the founding entry.
    #[must_use]
    pub fn public(&self) -> Vec<SiteKey> {
        let public = |purpose: KeyUse| {
            let key = self.key(purpose).public();
            SiteKey { purpose, fingerprint: key.id().to_hex(), public: key.to_spki_base64() }
        };
        KeyUse::ALL.into_iter().map(public).collect()
    }

    /// The files of the key directory: name and bytes.
    ///
    /// # Errors
    /// When the passphrase is empty.
    pub fn to_file_bytes(
        &self,
        passphrase: &str,
        cost: Cost,
    ) -> Result<Vec<(String, Vec<u8>)>, SiteKeyFailure> {
        let passphrase = checked(passphrase)?;
        // One salt for the set: who opens it pays for one guess, and so does who guesses.
        let salt = random::bytes();
        let fresh = || FileRandom { salt, nonce: random::bytes() };
        let mut files = Vec::with_capacity(5);
        for purpose in KeyUse::ALL {
            let (word, key) = (purpose.word(), self.key(purpose));
            let bytes = keyfile::seal_key(key, word, passphrase, &fresh(), cost);
            files.push((file_name(word), bytes.map_err(|fault| at_fault(word, fault))?));
        }
        let secret = self.receipt.to_bytes();
        let bytes = keyfile::seal_secret(&secret, RECEIPT, passphrase, &fresh(), cost);
        files.push((file_name(RECEIPT), bytes.map_err(|fault| at_fault(RECEIPT, fault))?));
        Ok(files)
    }

    /// Opens the files. `read` gives the bytes of a named file, `None` when it is not there.
    /// At full cost about a tenth of a second of one core: one guess's worth.
    ///
    /// # Errors
    /// Names the file that is missing or does not open.
    pub fn from_file_bytes(
        passphrase: &str,
        mut read: impl FnMut(&str) -> Option<Vec<u8>>,
    ) -> Result<Self, SiteKeyFailure> {
        let passphrase = checked(passphrase)?;
        let founding = bytes(KeyUse::Founding.word(), &mut read)?;
        let serving = Serving::read(&mut read)?;
        let unlocking =
            Unlocking::of(passphrase, &[&[founding.as_slice()], &serving.files()[..]].concat());
        let founding = opened(KeyUse::Founding, &founding, &unlocking)?;
        let ServingKeys { log, seal, token, receipt } = serving.open(&unlocking)?;
        Ok(Self { founding, log, seal, token, receipt })
    }
}

impl ServingKeys {
    /// Opens the files that serving needs: all but the founding key's.
    ///
    /// # Errors
    /// Names the file that is missing or does not open.
    pub fn open(
        passphrase: &str,
        mut read: impl FnMut(&str) -> Option<Vec<u8>>,
    ) -> Result<Self, SiteKeyFailure> {
        let passphrase = checked(passphrase)?;
        let serving = Serving::read(&mut read)?;
        serving.open(&Unlocking::of(passphrase, &serving.files()))
    }
}

/// The files that serving needs.
struct Serving {
    log: Vec<u8>,
    seal: Vec<u8>,
    token: Vec<u8>,
    receipt: Vec<u8>,
}

impl Serving {
    fn read(read: &mut impl FnMut(&str) -> Option<Vec<u8>>) -> Result<Self, SiteKeyFailure> {
        Ok(Self {
            log: bytes(KeyUse::Log.word(), read)?,
            seal: bytes(KeyUse::Seal.word(), read)?,
            token: bytes(KeyUse::Token.word(), read)?,
            receipt: bytes(RECEIPT, read)?,
        })
    }

    fn files(&self) -> [&[u8]; 4] {
        [&self.log, &self.seal, &self.token, &self.receipt]
    }

    fn open(&self, unlocking: &Unlocking<'_>) -> Result<ServingKeys, SiteKeyFailure> {
        let receipt = keyfile::open_secret(&self.receipt, RECEIPT, unlocking)
            .map_err(|fault| at_fault(RECEIPT, fault));
        Ok(ServingKeys {
            log: opened(KeyUse::Log, &self.log, unlocking)?,
            seal: opened(KeyUse::Seal, &self.seal, unlocking)?,
            token: opened(KeyUse::Token, &self.token, unlocking)?,
            receipt: ReceiptSecret::from_bytes(*receipt?),
        })
    }
}

fn bytes(
    word: &str,
    read: &mut impl FnMut(&str) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, SiteKeyFailure> {
    let name = file_name(word);
    read(&name).ok_or(SiteKeyFailure::Missing(name))
}

fn opened(
    purpose: KeyUse,
    file: &[u8],
    unlocking: &Unlocking<'_>,
) -> Result<PrivateKey, SiteKeyFailure> {
    let word = purpose.word();
    let key = keyfile::open_key(file, word, unlocking).map_err(|fault| at_fault(word, fault))?;
    if key.kind() == purpose.kind() {
        return Ok(key);
    }
    Err(at_fault(word, KeyFileFault::Shape("a key of another kind".to_owned())))
}

impl fmt::Debug for SiteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.public()).finish()
    }
}

fn at_fault(word: &str, fault: KeyFileFault) -> SiteKeyFailure {
    SiteKeyFailure::File { file: file_name(word), fault }
}

/// The passphrase without the line break that editors leave at a file's end.
fn checked(passphrase: &str) -> Result<&[u8], SiteKeyFailure> {
    let passphrase = passphrase.trim_end_matches(['\r', '\n']);
    if passphrase.is_empty() {
        return Err(SiteKeyFailure::NoPassphrase);
    }
    Ok(passphrase.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    type Files = BTreeMap<String, Vec<u8>>;

    fn files(keys: &SiteKeys) -> Files {
        let files =
            keys.to_file_bytes("moss\n", file_cost(Environment::Demo)).expect("a passphrase");
        files.into_iter().collect()
    }

    fn open(passphrase: &str, files: &Files) -> Result<SiteKeys, SiteKeyFailure> {
        SiteKeys::from_file_bytes(passphrase, |name| files.get(name).cloned())
    }

    #[test]
    fn files_read_back_as_the_same_keys() {
        let keys = SiteKeys::generate();
        let files = files(&keys);
        assert_eq!(files.len(), 5);
        let again = open("moss", &files).expect("opens");
        assert_eq!(again.public(), keys.public());
        assert_eq!(*again.receipt.to_bytes(), *keys.receipt.to_bytes());
    }

    #[test]
    fn a_site_is_served_while_its_founding_key_lies_in_a_safe() {
        let keys = SiteKeys::generate();
        let mut files = files(&keys);
        files.remove("founding.key.json");
        let serving = ServingKeys::open("moss", |name| files.get(name).cloned());
        assert_eq!(serving.expect("opens").log.public().id(), keys.log.public().id());
        let missing = SiteKeyFailure::Missing("founding.key.json".to_owned());
        assert_eq!(open("moss", &files).err(), Some(missing));
    }

    #[test]
    fn no_secret_stands_in_the_files_or_in_debug() {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD;
        let keys = SiteKeys::generate();
        let mut secrets: Vec<_> = KeyUse::ALL.iter().map(|u| keys.key(*u).secret()).collect();
        secrets.push(keys.receipt.to_bytes());
        let texts = files(&keys).into_values().map(|b| String::from_utf8(b).expect("JSON is text"));
        for text in texts.chain([format!("{keys:?} {:?}", keys.receipt)]) {
            for secret in &secrets {
                assert!(!text.contains(&STANDARD.encode(**secret)));
                assert!(!text.contains(&hex::encode(**secret)));
            }
        }
    }

    #[test]
    fn what_does_not_open_is_named() {
        let files = files(&SiteKeys::generate());
        let locked = at_fault("founding", KeyFileFault::Locked);
        assert_eq!(open("moos", &files).err(), Some(locked));
        assert_eq!(open("\n", &files).err(), Some(SiteKeyFailure::NoPassphrase));

        let mut without = files.clone();
        without.remove("receipt.key.json");
        let missing = SiteKeyFailure::Missing("receipt.key.json".to_owned());
        assert_eq!(open("moss", &without).err(), Some(missing));

        let mut swapped = files.clone();
        swapped.insert("log.key.json".to_owned(), files["token.key.json"].clone());
        assert!(matches!(
            open("moss", &swapped).err(),
            Some(SiteKeyFailure::File { file, fault: KeyFileFault::OtherUse { .. } }) if file == "log.key.json"
        ));
    }

    #[test]
    fn only_a_demo_sites_files_are_cheap_to_guess() {
        assert_eq!(file_cost(Environment::Production), Cost::STANDARD);
        assert_eq!(file_cost(Environment::Demo), Cost::LEAST);
    }
}
