//! The site's own keys as the journal tells them: the founding entry, later rotations, and
//! statements, which are signatures by a site key over an entry.
//!
//! A statement stands in a body's `signatures` beside those of persons. The founding entry carries one
//! by the founding key; a new key comes by an entry with one by the key it replaces; the first
//! person's enrolment is countersigned by the founding key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::canon::{self, CanonError};
use super::digest::{self, STATEMENT_TAG};
use super::entry::EventName;
use super::key::{KeyFault, KeyId, KeyKind, PrivateKey, PublicKey, SignatureBytes};
use super::signature::{Position, content_hash};

/// The name of the statement's format.
pub const STATEMENT_FORMAT: &str = "batchwright.site-signature/1";
/// The event that founds a site: the first entry of its record.
pub const SITE_FOUNDED: &str = "site.founded";
/// The event that puts a new key in an old one's place; it carries a statement by the old key.
pub const KEY_ROTATED: &str = "site.key-rotated";
/// The event by which the site's clock was set back: the only one whose time may be earlier than the one before.
pub const CLOCK_SET_BACK: &str = "site.clock-set-back";

/// What a site key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyUse {
    /// Says whose record it is; its fingerprint is what `verify --trust` compares. Ed25519.
    Founding,
    /// Signs checkpoints. Ed25519.
    Log,
    /// Seals renditions. P-256.
    Seal,
    /// Signs access tokens. Ed25519.
    Token,
}

impl KeyUse {
    /// All uses.
    pub const ALL: [KeyUse; 4] = [KeyUse::Founding, KeyUse::Log, KeyUse::Seal, KeyUse::Token];

    /// The word in entries and file names.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            KeyUse::Founding => "founding",
            KeyUse::Log => "log",
            KeyUse::Seal => "seal",
            KeyUse::Token => "token",
        }
    }

    /// The kind of key that use needs.
    #[must_use]
    pub fn kind(self) -> KeyKind {
        match self {
            KeyUse::Founding | KeyUse::Log | KeyUse::Token => KeyKind::Ed25519,
            KeyUse::Seal => KeyKind::P256,
        }
    }
}

/// The public half of a site key as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteKey {
    /// What it is for.
    #[serde(rename = "use")]
    pub purpose: KeyUse,
    /// Its fingerprint in hex.
    pub fingerprint: String,
    /// SPKI DER in base64.
    pub public: String,
}

/// What verification needs of the founding entry's data (which may say more).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Founding {
    /// The log's origin, the first line of every checkpoint.
    pub origin: String,
    /// The public halves, one for each use.
    pub keys: Vec<SiteKey>,
}

/// What verification needs of a rotation's data (which may say more).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// The new key.
    pub new: SiteKey,
    /// The fingerprint of the key it replaces, in hex.
    pub old: String,
}

/// What a site key signs in a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementManifest {
    /// Always [`STATEMENT_FORMAT`].
    pub format: String,
    pub site: Uuid,
    /// Kind of the record it stands in.
    pub record_kind: String,
    /// The record it stands in.
    pub record_id: Uuid,
    /// The sequence of the entry it stands in.
    pub version: u64,
    /// The link of the entry before, in hex.
    pub chain_head: String,
    /// The entry's event.
    pub event: EventName,
    /// The hash of the entry's data, in hex.
    pub content_hash: String,
    /// The site's clock, µs since 1970-01-01 UTC.
    pub at: i64,
    /// Which site key signs.
    #[serde(rename = "use")]
    pub purpose: KeyUse,
    /// Its fingerprint, in hex.
    pub key: String,
}

/// A statement: manifest and 64-byte signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What was signed.
    pub manifest: StatementManifest,
    /// The signature.
    pub value: SignatureBytes,
}

/// Why a key in the journal or a statement does not stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SiteFault {
    /// The data lacks what verification needs.
    #[error("it does not have the expected shape: {0}")]
    Shape(String),
    /// A public half is unreadable, of the wrong kind, or not the one of its fingerprint.
    #[error("the {0} key: {1}")]
    Key(&'static str, String),
    /// A use has no key or more than one.
    #[error("there must be exactly one {0} key")]
    KeyCount(&'static str),
    /// Canonical bytes cannot be made.
    #[error("{0}")]
    Canon(#[from] CanonError),
    /// The statement was made for another place or content.
    #[error("the statement was made for another place: its {0} differs")]
    Moved(&'static str),
    /// The statement names another key than the one expected.
    #[error("the statement was not made by the {0} key in force")]
    OtherKey(&'static str),
    /// The key's mathematics say no.
    #[error("the statement is forged: the {0} key did not sign it")]
    Forged(&'static str),
}

impl SiteKey {
    /// The entry's form of a public half.
    #[must_use]
    pub fn of(purpose: KeyUse, public: &PublicKey) -> Self {
        Self { purpose, fingerprint: public.id().to_hex(), public: public.to_spki_base64() }
    }

    /// The public half, its kind and fingerprint checked.
    ///
    /// # Errors
    /// [`SiteFault::Key`].
    pub fn open(&self) -> Result<PublicKey, SiteFault> {
        let fault = |text: &str| SiteFault::Key(self.purpose.word(), text.to_owned());
        let key = PublicKey::from_spki_base64(&self.public)
            .map_err(|unreadable: KeyFault| fault(&unreadable.to_string()))?;
        if key.kind() != self.purpose.kind() {
            return Err(fault("it is of the wrong kind"));
        }
        if key.id().to_hex() != self.fingerprint {
            return Err(fault("its fingerprint is not the one stated"));
        }
        Ok(key)
    }
}

impl Founding {
    /// Reads the founding entry's data and checks that there is exactly one good key for each use.
    ///
    /// # Errors
    /// [`SiteFault`].
    pub fn read(data: &Value) -> Result<Self, SiteFault> {
        let founding: Self = serde_json::from_value(data.clone())
            .map_err(|fault| SiteFault::Shape(fault.to_string()))?;
        for purpose in KeyUse::ALL {
            founding.key(purpose)?;
        }
        super::checkpoint::check_origin(&founding.origin)
            .map_err(|fault| SiteFault::Shape(fault.to_string()))?;
        Ok(founding)
    }

    /// The key of one use.
    ///
    /// # Errors
    /// [`SiteFault::KeyCount`] or [`SiteFault::Key`].
    pub fn key(&self, purpose: KeyUse) -> Result<PublicKey, SiteFault> {
        let mut keys = self.keys.iter().filter(|key| key.purpose == purpose);
        match (keys.next(), keys.next()) {
            (Some(key), None) => key.open(),
            _ => Err(SiteFault::KeyCount(purpose.word())),
        }
    }
}

impl Rotation {
    /// Reads a rotation's data.
    ///
    /// # Errors
    /// [`SiteFault::Shape`].
    pub fn read(data: &Value) -> Result<Self, SiteFault> {
        serde_json::from_value(data.clone()).map_err(|fault| SiteFault::Shape(fault.to_string()))
    }
}

impl Statement {
    /// Signs `data` at this place with a site key.
    ///
    /// # Errors
    /// [`SiteFault::Canon`] when the data cannot be canonical JSON.
    pub fn sign(
        purpose: KeyUse,
        key: &PrivateKey,
        data: &Value,
        position: &Position<'_>,
    ) -> Result<Self, SiteFault> {
        let manifest = StatementManifest::of(purpose, &key.public().id(), data, position)?;
        let value = key.sign(&manifest.to_be_signed()?);
        Ok(Self { manifest, value })
    }

    /// Whether `key`, the site's key of this `purpose`, made this statement over `data` at this place.
    ///
    /// # Errors
    /// [`SiteFault`].
    pub fn verify(
        &self,
        purpose: KeyUse,
        key: &PublicKey,
        data: &Value,
        position: &Position<'_>,
    ) -> Result<(), SiteFault> {
        self.check_place(data, position)?;
        self.check_key_and_value(purpose, key)
    }

    /// The part of [`Statement::verify`] that needs no key: format, place and content.
    ///
    /// # Errors
    /// [`SiteFault::Moved`].
    pub fn check_place(&self, data: &Value, position: &Position<'_>) -> Result<(), SiteFault> {
        let signed = &self.manifest;
        let parts = [
            ("format", signed.format == STATEMENT_FORMAT),
            ("site", signed.site == position.site),
            ("record kind", signed.record_kind == position.record_kind),
            ("record", signed.record_id == position.record_id),
            ("version", signed.version == position.version),
            ("chain head", signed.chain_head == position.chain_head),
            ("event", signed.event == *position.event),
            ("time", signed.at == position.at),
            ("content", signed.content_hash == digest::to_hex(&content_hash(data)?)),
        ];
        match parts.iter().find(|(_, same)| !same) {
            Some((what, _)) => Err(SiteFault::Moved(what)),
            None => Ok(()),
        }
    }

    /// The part of [`Statement::verify`] that needs the key only.
    ///
    /// # Errors
    /// [`SiteFault::OtherKey`] or [`SiteFault::Forged`].
    pub fn check_key_and_value(&self, purpose: KeyUse, key: &PublicKey) -> Result<(), SiteFault> {
        let word = purpose.word();
        if self.manifest.key != key.id().to_hex() || self.manifest.purpose != purpose {
            return Err(SiteFault::OtherKey(word));
        }
        key.verify(&self.manifest.to_be_signed()?, &self.value).map_err(|_| SiteFault::Forged(word))
    }

    /// The object that stands in a body's `signatures`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut members = match serde_json::to_value(&self.manifest) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(), // A manifest is a struct of texts and integers: always an object.
        };
        members.insert("value".into(), Value::String(STANDARD.encode(self.value)));
        Value::Object(members)
    }

    /// Reads what [`Statement::to_value`] wrote.
    ///
    /// # Errors
    /// [`SiteFault::Shape`].
    pub fn from_value(value: &Value) -> Result<Self, SiteFault> {
        let shape = |text: &str| SiteFault::Shape(text.to_owned());
        let mut members = value.as_object().cloned().ok_or_else(|| shape("not an object"))?;
        let value = members
            .remove("value")
            .and_then(|text| STANDARD.decode(text.as_str()?).ok())
            .and_then(|bytes| SignatureBytes::try_from(bytes).ok())
            .ok_or_else(|| shape("the value is not 64 bytes in base64"))?;
        let manifest = serde_json::from_value(Value::Object(members))
            .map_err(|fault| SiteFault::Shape(fault.to_string()))?;
        Ok(Self { manifest, value })
    }
}

impl StatementManifest {
    fn of(
        purpose: KeyUse,
        key: &KeyId,
        data: &Value,
        position: &Position<'_>,
    ) -> Result<Self, SiteFault> {
        Ok(Self {
            format: STATEMENT_FORMAT.into(),
            site: position.site,
            record_kind: position.record_kind.to_owned(),
            record_id: position.record_id,
            version: position.version,
            chain_head: position.chain_head.to_owned(),
            event: position.event.clone(),
            content_hash: digest::to_hex(&content_hash(data)?),
            at: position.at,
            purpose,
            key: key.to_hex(),
        })
    }

    fn to_be_signed(&self) -> Result<Vec<u8>, CanonError> {
        let mut bytes = STATEMENT_TAG.to_vec();
        bytes.extend(canon::canonical_of(self)?);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests;
