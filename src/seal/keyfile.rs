//! Key files as bytes: a site key or site secret, encrypted under a passphrase.
//!
//! AES-256-GCM under Argon2id; the parameters stand in the file, and everything in the file but the
//! ciphertext is bound to it, so neither the use nor the public half can be exchanged. Files that have one
//! passphrase may have one salt: one derivation opens them all, each under its own nonce.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::canon;
use super::key::{self, KeyKind, PrivateKey};

/// The name of the file's format.
pub const KEY_FORMAT: &str = "batchwright.key/1";

/// What one guess at the passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Always `argon2id`.
    algorithm: Argon2id,
    /// Argon2's version: 19.
    version: u32,
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Argon2id {
    Argon2id,
}

impl Cost {
    /// 64 MiB, 3 passes, 1 lane: about a tenth of a second.
    pub const STANDARD: Cost = Cost::of(64 * 1024, 3, 1);
    /// The least Argon2 allows; for tests only.
    pub const LEAST: Cost = Cost::of(8, 1, 1);

    const fn of(memory_kib: u32, iterations: u32, parallelism: u32) -> Self {
        Self { algorithm: Argon2id::Argon2id, version: 19, memory_kib, iterations, parallelism }
    }

    /// A file may not make us work for ever: at most 1 GiB, 16 passes, 16 lanes.
    fn check(&self) -> Result<Params, KeyFileFault> {
        let bounded = self.version == 19
            && self.memory_kib <= 1024 * 1024
            && self.iterations <= 16
            && self.parallelism <= 16;
        if !bounded {
            return Err(KeyFileFault::Cost);
        }
        Params::new(self.memory_kib, self.iterations, self.parallelism, Some(32))
            .map_err(|_| KeyFileFault::Cost)
    }
}

/// What a key file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// An Ed25519 private key.
    Ed25519,
    /// A P-256 private key.
    P256,
    /// 32 secret bytes without a public half (the key of receipts).
    Secret,
}

impl From<KeyKind> for FileKind {
    fn from(kind: KeyKind) -> Self {
        match kind {
            KeyKind::Ed25519 => FileKind::Ed25519,
            KeyKind::P256 => FileKind::P256,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    format: String,
    #[serde(rename = "use")]
    purpose: String,
    kind: FileKind,
    /// SPKI base64; `null` for a secret.
    public: Option<String>,
    cost: Cost,
    salt: String,
    nonce: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ciphertext: Option<String>,
}

/// Why a key file cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileFault {
    /// Not a key file.
    #[error("it is not a key file of format {KEY_FORMAT}: {0}")]
    Shape(String),
    /// The file is for another use than the one asked for.
    #[error("the file holds the {found} key, not the {expected} key")]
    OtherUse {
        /// The use expected.
        expected: String,
        /// The use in the file.
        found: String,
    },
    /// The cost lies outside what this program accepts.
    #[error(
        "the file's Argon2id parameters lie outside what is accepted (at most 1 GiB, 16 passes, 16 lanes)"
    )]
    Cost,
    /// Wrong passphrase or changed bytes.
    #[error("the key file cannot be unlocked: wrong passphrase, or the file was changed")]
    Locked,
    /// The private key inside does not belong to the public half outside.
    #[error("the private key in the file does not belong to its public half")]
    OtherPublic,
}

/// A passphrase with the wrapping keys that were derived from it. Files of one set have one salt, so that a
/// guess at their passphrase costs as much as before and opening them all no more than opening one.
pub struct Unlocking<'a> {
    passphrase: &'a [u8],
    derived: Vec<([u8; 16], Cost, Zeroizing<[u8; 32]>)>,
}

impl<'a> Unlocking<'a> {
    /// Nothing is derived yet: each file costs a run of Argon2id.
    #[must_use]
    pub fn with(passphrase: &'a [u8]) -> Self {
        Self { passphrase, derived: Vec::new() }
    }

    /// Derives what these files need, side by side where their salts differ. What is wrong with a file its
    /// opening says.
    #[must_use]
    pub fn of(passphrase: &'a [u8], files: &[&[u8]]) -> Self {
        let mut salts: Vec<([u8; 16], Cost)> = Vec::new();
        for file in files {
            let file: Option<KeyFile> = serde_json::from_slice(file).ok();
            let salted = file.and_then(|file| Some((decode(&file.salt)?, file.cost)));
            salts.extend(salted.filter(|salted| !salts.contains(salted)));
        }
        let derived = std::thread::scope(|scope| {
            let derive = |(salt, cost): ([u8; 16], Cost)| {
                derive(passphrase, &salt, &cost).ok().map(|key| (salt, cost, key))
            };
            let threads: Vec<_> =
                salts.into_iter().map(|salted| scope.spawn(move || derive(salted))).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok().flatten()).collect()
        });
        Self { passphrase, derived }
    }

    fn wrapping_key(
        &self,
        salt: &[u8; 16],
        cost: &Cost,
    ) -> Result<Zeroizing<[u8; 32]>, KeyFileFault> {
        match self.derived.iter().find(|(of, at, _)| of == salt && at == cost) {
            Some((_, _, key)) => Ok(key.clone()),
            None => derive(self.passphrase, salt, cost),
        }
    }
}

/// The fresh randomness of one key file.
#[derive(Debug, Clone, Copy)]
pub struct FileRandom {
    /// Salt of Argon2id.
    pub salt: [u8; 16],
    /// Nonce of AES-256-GCM.
    pub nonce: [u8; 12],
}

/// The bytes of a file for a private key; `purpose` is the word of its use (`founding`, `log`, …).
///
/// # Errors
/// [`KeyFileFault::Cost`].
pub fn seal_key(
    key: &PrivateKey,
    purpose: &str,
    passphrase: &[u8],
    random: &FileRandom,
    cost: Cost,
) -> Result<Vec<u8>, KeyFileFault> {
    let public = Some(key.public().to_spki_base64());
    seal(key.secret().as_slice(), key.kind().into(), public, purpose, passphrase, random, cost)
}

/// The bytes of a file for 32 secret bytes.
///
/// # Errors
/// [`KeyFileFault::Cost`].
pub fn seal_secret(
    secret: &[u8; 32],
    purpose: &str,
    passphrase: &[u8],
    random: &FileRandom,
    cost: Cost,
) -> Result<Vec<u8>, KeyFileFault> {
    seal(secret, FileKind::Secret, None, purpose, passphrase, random, cost)
}

/// Opens a private key's file.
///
/// # Errors
/// [`KeyFileFault`].
pub fn open_key(
    bytes: &[u8],
    purpose: &str,
    unlocking: &Unlocking<'_>,
) -> Result<PrivateKey, KeyFileFault> {
    let (file, secret) = open(bytes, purpose, unlocking)?;
    let kind = match file.kind {
        FileKind::Ed25519 => KeyKind::Ed25519,
        FileKind::P256 => KeyKind::P256,
        FileKind::Secret => return Err(KeyFileFault::Shape("a secret, not a private key".into())),
    };
    let key = PrivateKey::from_secret(kind, &secret).map_err(|_| KeyFileFault::Locked)?;
    if Some(key.public().to_spki_base64()) == file.public {
        Ok(key)
    } else {
        Err(KeyFileFault::OtherPublic)
    }
}

/// Opens a secret's file.
///
/// # Errors
/// [`KeyFileFault`].
pub fn open_secret(
    bytes: &[u8],
    purpose: &str,
    unlocking: &Unlocking<'_>,
) -> Result<Zeroizing<[u8; 32]>, KeyFileFault> {
    let (file, secret) = open(bytes, purpose, unlocking)?;
    let bytes: [u8; 32] = match file.kind {
        FileKind::Secret => secret.as_slice().try_into().map_err(|_| KeyFileFault::Locked)?,
        _ => return Err(KeyFileFault::Shape("a private key, not a secret".into())),
    };
    Ok(Zeroizing::new(bytes))
}

fn seal(
    secret: &[u8],
    kind: FileKind,
    public: Option<String>,
    purpose: &str,
    passphrase: &[u8],
    random: &FileRandom,
    cost: Cost,
) -> Result<Vec<u8>, KeyFileFault> {
    let mut file = KeyFile {
        format: KEY_FORMAT.into(),
        purpose: purpose.to_owned(),
        kind,
        public,
        cost,
        salt: STANDARD.encode(random.salt),
        nonce: STANDARD.encode(random.nonce),
        ciphertext: None,
    };
    let wrapping_key = derive(passphrase, &random.salt, &cost)?;
    let ciphertext = key::encrypt(secret, &wrapping_key, &random.nonce, &bound_to(&file)?);
    file.ciphertext = Some(STANDARD.encode(ciphertext));
    let mut bytes = bound_to(&file)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn open(
    bytes: &[u8],
    purpose: &str,
    unlocking: &Unlocking<'_>,
) -> Result<(KeyFile, Zeroizing<Vec<u8>>), KeyFileFault> {
    let shape = |text: &str| KeyFileFault::Shape(text.to_owned());
    let value = canon::parse_strict(bytes).map_err(|fault| shape(&fault.to_string()))?;
    let mut file: KeyFile =
        serde_json::from_value(value).map_err(|fault| shape(&fault.to_string()))?;
    if file.format != KEY_FORMAT {
        return Err(shape("another format"));
    }
    if file.purpose != purpose {
        return Err(KeyFileFault::OtherUse { expected: purpose.to_owned(), found: file.purpose });
    }
    let ciphertext = file.ciphertext.take().ok_or_else(|| shape("no ciphertext"))?;
    let ciphertext = STANDARD.decode(ciphertext).map_err(|_| shape("the ciphertext"))?;
    let salt: [u8; 16] = decode(&file.salt).ok_or_else(|| shape("the salt"))?;
    let nonce: [u8; 12] = decode(&file.nonce).ok_or_else(|| shape("the nonce"))?;
    let wrapping_key = unlocking.wrapping_key(&salt, &file.cost)?;
    let secret = key::decrypt(&ciphertext, &wrapping_key, &nonce, &bound_to(&file)?)
        .map_err(|_| KeyFileFault::Locked)?;
    Ok((file, secret))
}

fn bound_to(file: &KeyFile) -> Result<Vec<u8>, KeyFileFault> {
    canon::canonical_of(file).map_err(|fault| KeyFileFault::Shape(fault.to_string()))
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

fn derive(
    passphrase: &[u8],
    salt: &[u8],
    cost: &Cost,
) -> Result<Zeroizing<[u8; 32]>, KeyFileFault> {
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.check()?)
        .hash_password_into(passphrase, salt, key.as_mut_slice())
        .map_err(|_| KeyFileFault::Cost)?;
    Ok(key)
}

#[cfg(test)]
mod tests;
