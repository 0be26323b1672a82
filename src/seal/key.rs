//! Keys: Ed25519 for the site (founding, log, token), P-256 for persons and the site's seal.
//!
//! A signature is always 64 bytes and has one form only: P-256 values with the larger half of `s`
//! are refused, so that no second valid signature can be made from the first.
//! Secrets come in as arguments (this room draws no randomness) and are wiped when dropped.

use std::fmt;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::EncodePublicKey as _;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::pkcs8::DecodePublicKey as _;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::digest::{self, Hash};

/// A signature's 64 bytes: R ‖ S of Ed25519, r ‖ s of P-256.
pub type SignatureBytes = [u8; 64];

/// Which curve and signature a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// Ed25519 (RFC 8032): the site's founding, log and token keys.
    Ed25519,
    /// ECDSA on P-256 with SHA-256 (FIPS 186-5): persons' keys and the site's seal.
    P256,
}

/// What is wrong with a key or a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The bytes are not a public key of a known kind in its one encoding.
    #[error("not a public key of a known kind (SPKI DER of Ed25519 or P-256)")]
    NotAPublicKey,
    /// The bytes are not a private key of the kind named.
    #[error("not a private key of this kind")]
    NotAPrivateKey,
    /// The text is not 64 hexadecimal digits.
    #[error("not a key fingerprint: 64 hexadecimal digits are expected, grouping does not matter")]
    NotAFingerprint,
    /// The signature is not this key's over these bytes.
    #[error("the signature was not made by this key over this content")]
    BadSignature,
    /// The wrapping key or what the wrapping is bound to is another one, or the bytes were changed.
    #[error("the private key cannot be unlocked: wrong password or passphrase, or changed bytes")]
    CannotUnwrap,
}

/// A key's fingerprint: SHA-256 over its public half as SPKI DER.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub Hash);

impl KeyId {
    /// 64 hexadecimal digits, as it stands in entries.
    #[must_use]
    pub fn to_hex(&self) -> String {
        digest::to_hex(&self.0)
    }

    /// In groups of four, for people who compare two of them.
    #[must_use]
    pub fn grouped(&self) -> String {
        let text = self.to_hex();
        let groups: Vec<&str> = (0..16).map(|n| &text[n * 4..n * 4 + 4]).collect();
        groups.join(" ")
    }

    /// Reads a fingerprint as typed: any case, spaces, colons and hyphens ignored.
    ///
    /// # Errors
    /// [`KeyFault::NotAFingerprint`].
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        let digits: String = text
            .chars()
            .filter(|character| !matches!(character, ' ' | ':' | '-' | '\n' | '\r' | '\t'))
            .map(|character| character.to_ascii_lowercase())
            .collect();
        digest::from_hex(&digits).map(KeyId).ok_or(KeyFault::NotAFingerprint)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_hex())
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyId({})", self.to_hex())
    }
}

/// The public half of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// See [`KeyKind::Ed25519`].
    Ed25519(ed25519_dalek::VerifyingKey),
    /// See [`KeyKind::P256`].
    P256(p256::ecdsa::VerifyingKey),
}

impl PublicKey {
    /// Reads SPKI DER, in the one encoding that [`PublicKey::to_spki_der`] writes.
    ///
    /// # Errors
    /// [`KeyFault::NotAPublicKey`] also for a point in compressed form: one key has one fingerprint.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyFault> {
        let key = if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_der(der) {
            PublicKey::P256(key)
        } else {
            ed25519_dalek::VerifyingKey::from_public_key_der(der)
                .map(PublicKey::Ed25519)
                .map_err(|_| KeyFault::NotAPublicKey)?
        };
        if key.to_spki_der() == der { Ok(key) } else { Err(KeyFault::NotAPublicKey) }
    }

    /// Reads the 32 bytes of an Ed25519 public key (RFC 8032).
    ///
    /// # Errors
    /// [`KeyFault::NotAPublicKey`], also for one of the few points under which anything verifies.
    pub fn ed25519(raw: &[u8; 32]) -> Result<Self, KeyFault> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(raw).ok().filter(|key| !key.is_weak());
        key.map(PublicKey::Ed25519).ok_or(KeyFault::NotAPublicKey)
    }

    /// Reads the standard base64 of SPKI DER, as it stands in entries.
    ///
    /// # Errors
    /// [`KeyFault::NotAPublicKey`].
    pub fn from_spki_base64(text: &str) -> Result<Self, KeyFault> {
        let der = STANDARD.decode(text).map_err(|_| KeyFault::NotAPublicKey)?;
        Self::from_spki_der(&der)
    }

    /// SPKI DER: what the fingerprint is taken over.
    #[must_use]
    pub fn to_spki_der(&self) -> Vec<u8> {
        let document = match self {
            PublicKey::Ed25519(key) => key.to_public_key_der(),
            PublicKey::P256(key) => key.to_public_key_der(),
        };
        document
            .expect("a public key of these two kinds always has a DER form of under 100 bytes")
            .into_vec()
    }

    /// SPKI DER in standard base64.
    #[must_use]
    pub fn to_spki_base64(&self) -> String {
        STANDARD.encode(self.to_spki_der())
    }

    /// The kind of key.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match self {
            PublicKey::Ed25519(_) => KeyKind::Ed25519,
            PublicKey::P256(_) => KeyKind::P256,
        }
    }

    /// The fingerprint.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId(digest::sha256(&[&self.to_spki_der()]))
    }

    /// Whether `signature` was made by this key over `message`.
    ///
    /// # Errors
    /// [`KeyFault::BadSignature`], also for a P-256 signature with the larger `s`.
    pub fn verify(&self, message: &[u8], signature: &SignatureBytes) -> Result<(), KeyFault> {
        match self {
            PublicKey::Ed25519(key) => key
                .verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature))
                .map_err(|_| KeyFault::BadSignature),
            PublicKey::P256(key) => {
                let parsed = p256::ecdsa::Signature::from_slice(signature)
                    .map_err(|_| KeyFault::BadSignature)?;
                if parsed.normalize_s().is_some() {
                    return Err(KeyFault::BadSignature);
                }
                key.verify(message, &parsed).map_err(|_| KeyFault::BadSignature)
            }
        }
    }
}

/// The private half of a key. Wiped from memory when dropped; never printed.
#[derive(Clone)]
pub struct PrivateKey(Secret);

#[derive(Clone)]
enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PrivateKey({:?}, {})", self.kind(), self.public().id())
    }
}

impl PrivateKey {
    /// A new key from 32 bytes of the operating system's randomness, which the caller wipes.
    #[must_use]
    pub fn generate(kind: KeyKind, random: &[u8; 32]) -> Self {
        match kind {
            KeyKind::Ed25519 => {
                Self(Secret::Ed25519(ed25519_dalek::SigningKey::from_bytes(random)))
            }
            KeyKind::P256 => {
                // One in 2^32 values lies outside the group's order: hash on until one lies inside.
                let mut candidate =
                    Zeroizing::new(digest::sha256(&[b"batchwright/p256-key/1\0", random]));
                loop {
                    if let Ok(key) = p256::ecdsa::SigningKey::from_slice(candidate.as_slice()) {
                        return Self(Secret::P256(key));
                    }
                    *candidate = digest::sha256(&[candidate.as_slice()]);
                }
            }
        }
    }

    /// Reads the 32 secret bytes that [`PrivateKey::secret`] gave.
    ///
    /// # Errors
    /// [`KeyFault::NotAPrivateKey`].
    pub fn from_secret(kind: KeyKind, secret: &[u8]) -> Result<Self, KeyFault> {
        match kind {
            KeyKind::Ed25519 => ed25519_dalek::SigningKey::try_from(secret)
                .map(|key| Self(Secret::Ed25519(key)))
                .map_err(|_| KeyFault::NotAPrivateKey),
            KeyKind::P256 if secret.len() == 32 => p256::ecdsa::SigningKey::from_slice(secret)
                .map(|key| Self(Secret::P256(key)))
                .map_err(|_| KeyFault::NotAPrivateKey),
            KeyKind::P256 => Err(KeyFault::NotAPrivateKey),
        }
    }

    /// The 32 secret bytes: the Ed25519 seed or the P-256 scalar. Only for wrapping and for token libraries.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(match &self.0 {
            Secret::Ed25519(key) => key.to_bytes(),
            Secret::P256(key) => key.to_bytes().into(),
        })
    }

    /// The kind of key.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match &self.0 {
            Secret::Ed25519(_) => KeyKind::Ed25519,
            Secret::P256(_) => KeyKind::P256,
        }
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        match &self.0 {
            Secret::Ed25519(key) => PublicKey::Ed25519(key.verifying_key()),
            Secret::P256(key) => PublicKey::P256(*key.verifying_key()),
        }
    }

    /// Signs `message`. Deterministic for both kinds (RFC 8032, RFC 6979): no randomness can fail.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> SignatureBytes {
        match &self.0 {
            Secret::Ed25519(key) => key.sign(message).to_bytes(),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                let low = signature.normalize_s().unwrap_or(signature);
                low.to_bytes().into()
            }
        }
    }

    /// Signs `message` and gives the form CMS and X.509 want: DER for P-256, 64 raw bytes for Ed25519.
    #[must_use]
    pub fn sign_for_cms(&self, message: &[u8]) -> Vec<u8> {
        let fixed = self.sign(message);
        match self.kind() {
            KeyKind::Ed25519 => fixed.to_vec(),
            KeyKind::P256 => p256::ecdsa::Signature::from_slice(&fixed)
                .expect("a signature just made has valid halves")
                .to_der()
                .as_bytes()
                .to_vec(),
        }
    }
}

/// Encrypts a private key under a 32-byte wrapping key (AES-256-GCM), bound to `bound_to`.
///
/// The nonce must never be used twice with one wrapping key: draw 12 random bytes each time.
#[must_use]
pub fn wrap(
    key: &PrivateKey,
    wrapping_key: &[u8; 32],
    nonce: &[u8; 12],
    bound_to: &[u8],
) -> Vec<u8> {
    encrypt(key.secret().as_slice(), wrapping_key, nonce, bound_to)
}

/// Decrypts what [`wrap`] encrypted.
///
/// # Errors
/// [`KeyFault::CannotUnwrap`] for a wrong key, nonce or binding or changed bytes, without saying which.
pub fn unwrap(
    kind: KeyKind,
    wrapped: &[u8],
    wrapping_key: &[u8; 32],
    nonce: &[u8; 12],
    bound_to: &[u8],
) -> Result<PrivateKey, KeyFault> {
    let secret = decrypt(wrapped, wrapping_key, nonce, bound_to)?;
    PrivateKey::from_secret(kind, &secret)
}

pub(super) fn encrypt(secret: &[u8], key: &[u8; 32], nonce: &[u8; 12], bound_to: &[u8]) -> Vec<u8> {
    Aes256Gcm::new(key.into())
        .encrypt(nonce.into(), Payload { msg: secret, aad: bound_to })
        .expect("AES-GCM fails only beyond 64 GiB")
}

pub(super) fn decrypt(
    wrapped: &[u8],
    key: &[u8; 32],
    nonce: &[u8; 12],
    bound_to: &[u8],
) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    Aes256Gcm::new(key.into())
        .decrypt(nonce.into(), Payload { msg: wrapped, aad: bound_to })
        .map(Zeroizing::new)
        .map_err(|_| KeyFault::CannotUnwrap)
}

#[cfg(test)]
mod tests;
