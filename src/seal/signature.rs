//! A person's signature: what exactly is signed, and whether a signature still stands for it.
//!
//! The signed bytes name record, position, chain head, event, content, meaning, printed name, user name,
//! role, time, zone and key, so a signature cannot be cut out, copied or moved
//! (P11-50a, P11-70, A11D-13.4, A11D-13.6, A11D-13.8).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::canon::{self, CanonError};
use super::digest::{self, CONTENT_TAG, Hash, SIGNATURE_TAG};
use super::entry::{EventName, Header, Zone};
use super::key::{PrivateKey, PublicKey, SignatureBytes};

/// The name of the manifest's format.
pub const SIGNATURE_FORMAT: &str = "batchwright.signature/1";

/// Everything a person's key signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`SIGNATURE_FORMAT`].
    pub format: String,
    pub site: Uuid,
    /// Kind of the record signed.
    pub record_kind: String,
    /// Identity of the record signed.
    pub record_id: Uuid,
    /// The record's business number, as the signer saw it.
    pub record_number: String,
    /// The sequence of the entry this signature stands in.
    pub version: u64,
    /// The link of the entry before, in hex.
    pub chain_head: String,
    /// The event this signature is part of: the same data must not pass for another act.
    pub event: EventName,
    /// The hash of the signed content ([`content_hash`]), in hex.
    pub content_hash: String,
    /// The meaning, from the controlled list: performed, verified, approved, …
    pub meaning: String,
    /// Printed name at signing.
    pub printed_name: String,
    /// User name at signing.
    pub user_name: String,
    /// Role the act was permitted by.
    pub role: String,
    /// The signer.
    pub person: Uuid,
    /// The signer's key's fingerprint, in hex.
    pub key: String,
    /// The site's clock at signing, µs since 1970-01-01 UTC.
    pub at: i64,
    /// The zone at signing.
    pub zone: Zone,
}

/// A manifest and its signature: what stands in a body's `signatures`, flat in one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What was signed.
    pub manifest: Manifest,
    /// 64 bytes by the person's P-256 key.
    pub value: SignatureBytes,
}

/// Where a signature is found: it must have been made for exactly this place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position<'a> {
    /// The site of the entry.
    pub site: Uuid,
    /// The entry's record kind.
    pub record_kind: &'a str,
    /// The entry's record.
    pub record_id: Uuid,
    /// The entry's sequence.
    pub version: u64,
    /// The entry's previous link, in hex.
    pub chain_head: &'a str,
    /// The entry's event.
    pub event: &'a EventName,
    /// The entry's time.
    pub at: i64,
    /// The entry's zone.
    pub zone: &'a Zone,
}

impl<'a> From<&'a Header> for Position<'a> {
    fn from(header: &'a Header) -> Self {
        Self {
            site: header.site,
            record_kind: &header.record_kind,
            record_id: header.record_id,
            version: header.seq,
            chain_head: &header.previous,
            event: &header.event,
            at: header.at,
            zone: &header.zone,
        }
    }
}

/// Why a signature does not stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// Its members are not those of the format.
    #[error("it does not have the shape of {SIGNATURE_FORMAT}: {0}")]
    Shape(String),
    /// It cannot have canonical bytes.
    #[error("{0}")]
    Canon(#[from] CanonError),
    /// One of its seven visible parts is empty (P11-50a, A11D-13.6).
    #[error("its {0} is empty")]
    Empty(&'static str),
    /// The content is not what was signed.
    #[error("the content is not what was signed: content hash {found}, signed {signed}")]
    ContentDiffers {
        /// The hash that was signed.
        signed: String,
        /// The hash of the content found.
        found: String,
    },
    /// It was made for another place.
    #[error("it was made for another place: {what} is {found}, signed for {signed}")]
    Moved {
        /// Which part of the place differs.
        what: &'static str,
        /// What was signed.
        signed: String,
        /// What the entry says.
        found: String,
    },
    /// It names another key than the one it is checked with.
    #[error("it was made with key {signed}, not with key {given}")]
    WrongKey {
        /// The key named in the manifest.
        signed: String,
        /// The key given.
        given: String,
    },
    /// The key's mathematics say no.
    #[error("it is forged: the person's key did not sign these words")]
    Forged,
}

/// The hash of what is signed: the event's `data`.
///
/// # Errors
/// When the data cannot be canonical JSON.
pub fn content_hash(data: &Value) -> Result<Hash, CanonError> {
    Ok(digest::sha256(&[CONTENT_TAG, &canon::canonical(data)?]))
}

impl Manifest {
    /// The exact bytes that are signed: the tag, then the canonical manifest.
    ///
    /// # Errors
    /// When a text in it contains U+0000.
    pub fn to_be_signed(&self) -> Result<Vec<u8>, CanonError> {
        let mut bytes = SIGNATURE_TAG.to_vec();
        bytes.extend(canon::canonical_of(self)?);
        Ok(bytes)
    }

    fn check_visible_parts(&self) -> Result<(), SignatureFault> {
        let parts = [
            ("meaning", &self.meaning),
            ("printed name", &self.printed_name),
            ("user name", &self.user_name),
            ("role", &self.role),
            ("zone", &self.zone.name),
            ("record number", &self.record_number),
        ];
        match parts.iter().find(|(_, text)| text.trim().is_empty()) {
            Some((what, _)) => Err(SignatureFault::Empty(what)),
            None => Ok(()),
        }
    }
}

/// Signs a manifest with the person's unlocked key.
///
/// # Errors
/// [`SignatureFault::Shape`] for another format name, [`SignatureFault::Empty`] for a missing visible part,
/// [`SignatureFault::WrongKey`] when the manifest names another key than `key`.
pub fn sign(manifest: Manifest, key: &PrivateKey) -> Result<Signature, SignatureFault> {
    check_format(&manifest)?;
    manifest.check_visible_parts()?;
    check_key(&manifest, &key.public())?;
    let value = key.sign(&manifest.to_be_signed()?);
    Ok(Signature { manifest, value })
}

/// Whether `signature` was made by `public_key` over `data` for exactly this place.
///
/// # Errors
/// The first [`SignatureFault`]: shape, place, content, key, then mathematics.
pub fn verify(
    signature: &Signature,
    public_key: &PublicKey,
    data: &Value,
    position: &Position<'_>,
) -> Result<(), SignatureFault> {
    check_place(signature, data, position)?;
    check_key_and_value(signature, public_key)
}

/// The part of [`verify`] that needs no key: format, place and content.
///
/// # Errors
/// The first [`SignatureFault`].
pub fn check_place(
    signature: &Signature,
    data: &Value,
    position: &Position<'_>,
) -> Result<(), SignatureFault> {
    let manifest = &signature.manifest;
    check_format(manifest)?;
    manifest.check_visible_parts()?;
    position.check(manifest)?;
    let found = digest::to_hex(&content_hash(data)?);
    if found != manifest.content_hash {
        return Err(SignatureFault::ContentDiffers {
            signed: manifest.content_hash.clone(),
            found,
        });
    }
    Ok(())
}

/// The part of [`verify`] that needs the key only.
///
/// # Errors
/// [`SignatureFault::WrongKey`] or [`SignatureFault::Forged`].
pub fn check_key_and_value(
    signature: &Signature,
    public_key: &PublicKey,
) -> Result<(), SignatureFault> {
    check_key(&signature.manifest, public_key)?;
    let message = signature.manifest.to_be_signed()?;
    public_key.verify(&message, &signature.value).map_err(|_| SignatureFault::Forged)
}

fn check_format(manifest: &Manifest) -> Result<(), SignatureFault> {
    if manifest.format == SIGNATURE_FORMAT {
        Ok(())
    } else {
        Err(SignatureFault::Shape(format!("format {:?}", manifest.format)))
    }
}

fn check_key(manifest: &Manifest, key: &PublicKey) -> Result<(), SignatureFault> {
    let given = key.id().to_hex();
    if manifest.key == given {
        Ok(())
    } else {
        Err(SignatureFault::WrongKey { signed: manifest.key.clone(), given })
    }
}

impl Position<'_> {
    fn check(&self, manifest: &Manifest) -> Result<(), SignatureFault> {
        let event = |event: &EventName| format!("{} {}", event.name, event.version);
        let zone = |zone: &Zone| format!("{} {}", zone.name, zone.offset_minutes);
        let pairs = [
            ("site", manifest.site.to_string(), self.site.to_string()),
            ("record kind", manifest.record_kind.clone(), self.record_kind.to_owned()),
            ("record", manifest.record_id.to_string(), self.record_id.to_string()),
            ("version", manifest.version.to_string(), self.version.to_string()),
            ("chain head", manifest.chain_head.clone(), self.chain_head.to_owned()),
            ("event", event(&manifest.event), event(self.event)),
            ("time", manifest.at.to_string(), self.at.to_string()),
            ("zone", zone(&manifest.zone), zone(self.zone)),
        ];
        for (what, signed, found) in pairs {
            if signed != found {
                return Err(SignatureFault::Moved { what, signed, found });
            }
        }
        Ok(())
    }
}

impl Signature {
    /// The object that stands in a body's `signatures`: the manifest's members and `value` (base64).
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut members = match serde_json::to_value(&self.manifest) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(), // A manifest is a struct of texts and integers: always an object.
        };
        members.insert("value".into(), Value::String(STANDARD.encode(self.value)));
        Value::Object(members)
    }

    /// Reads what [`Signature::to_value`] wrote.
    ///
    /// # Errors
    /// [`SignatureFault::Shape`].
    pub fn from_value(value: &Value) -> Result<Self, SignatureFault> {
        let shape = |text: &str| SignatureFault::Shape(text.to_owned());
        let mut members = value.as_object().cloned().ok_or_else(|| shape("not an object"))?;
        let text = match members.remove("value") {
            Some(Value::String(text)) => text,
            _ => return Err(shape("no value")),
        };
        let value = STANDARD
            .decode(text)
            .ok()
            .and_then(|bytes| SignatureBytes::try_from(bytes).ok())
            .ok_or_else(|| shape("the value is not 64 bytes in base64"))?;
        let manifest: Manifest = serde_json::from_value(Value::Object(members))
            .map_err(|fault| SignatureFault::Shape(fault.to_string()))?;
        Ok(Self { manifest, value })
    }
}

#[cfg(test)]
mod tests;
