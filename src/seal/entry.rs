//! What exactly is hashed: an entry's header and body, and the link that stands for both.
//!
//! `body hash = SHA-256("batchwright/body/1\0" ‖ 16-byte salt ‖ body)` stands in the header;
//! `link = SHA-256("batchwright/link/1\0" ‖ header)` stands in the next header. So a body can be
//! withheld together with its salt, and the chain still verifies (P11-10a, T13).

use serde_json::{Map, Value};

use super::canon::{self, CanonError};
use super::digest::{self, BODY_TAG, Hash, LINK_TAG};
use super::signature::Signature;
use super::site::{STATEMENT_FORMAT, Statement};

mod header;

pub use header::{Actor, ClockKind, CommandPart, EventName, Header, HeaderParts, Zone};

/// The name of the header's format.
pub const ENTRY_FORMAT: &str = "batchwright.entry/1";
/// The most bytes a body may have; larger things are blobs, named by their hash.
pub const MAX_BODY: usize = 128 * 1024;

/// A sealed entry: exactly the bytes to store. Never re-encoded afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The header's canonical bytes.
    pub header: Vec<u8>,
    /// The body's salt: random, so that a withheld pH value cannot be guessed from its hash.
    pub salt: [u8; 16],
    /// The body's canonical bytes.
    pub body: Vec<u8>,
    /// What the next header names, and what the tree's leaf holds.
    pub link: Hash,
}

/// Why an entry cannot be sealed, or why stored bytes are not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    /// The header is not canonical JSON.
    #[error("the header: {0}")]
    Header(CanonError),
    /// The header's members are not those of the format.
    #[error("the header does not have the shape of {ENTRY_FORMAT}: {0}")]
    HeaderShape(String),
    /// The header names another format.
    #[error("the header's format is {0:?}, not {ENTRY_FORMAT:?}")]
    Format(String),
    /// The body is not canonical JSON.
    #[error("the body: {0}")]
    Body(CanonError),
    /// The body is not `{"data": {…}, "signatures": […]}`.
    #[error("the body is not an object of exactly \"data\" (object) and \"signatures\" (list)")]
    BodyShape,
    /// The body is too large.
    #[error("the body has {0} bytes, more than {MAX_BODY}; store the large part as a blob")]
    BodyTooLarge(usize),
    /// Body or salt were changed, or belong to another header.
    #[error("body and salt do not hash to the header's body hash")]
    BodyHash,
    /// The header was changed, or belongs to another link.
    #[error("the header does not hash to the link")]
    Link,
    /// The salt is not 16 bytes.
    #[error("the salt has {0} bytes, not 16")]
    Salt(usize),
    /// The link is not 32 bytes.
    #[error("the link has {0} bytes, not 32")]
    LinkLength(usize),
}

/// The body of an event: its data, and the signatures made in the act.
#[must_use]
pub fn body(data: Map<String, Value>, signatures: Vec<Value>) -> Value {
    let mut members = Map::new();
    members.insert("data".into(), Value::Object(data));
    members.insert("signatures".into(), Value::Array(signatures));
    Value::Object(members)
}

/// The link of a header's bytes.
#[must_use]
pub fn link_of(header: &[u8]) -> Hash {
    digest::sha256(&[LINK_TAG, header])
}

/// The hash of a body's bytes under its salt.
#[must_use]
pub fn body_hash(salt: &[u8; 16], body: &[u8]) -> Hash {
    digest::sha256(&[BODY_TAG, salt, body])
}

impl Entry {
    /// Seals an entry: canonical bytes of body and header, body hash and link.
    ///
    /// # Errors
    /// [`EntryFault`] when body or header cannot be canonical, or the body is misshapen or too large.
    pub fn seal(parts: HeaderParts, salt: [u8; 16], body: &Value) -> Result<Self, EntryFault> {
        check_body_shape(body)?;
        let signatures = body["signatures"].as_array().ok_or(EntryFault::BodyShape)?;
        Self::seal_parts(parts, salt, &body["data"], signatures)
    }

    /// Seals an entry whose body is not put together: its data, and the signatures made in the act.
    ///
    /// # Errors
    /// As [`Entry::seal`].
    pub fn seal_parts(
        parts: HeaderParts,
        salt: [u8; 16],
        data: &Value,
        signatures: &[Value],
    ) -> Result<Self, EntryFault> {
        if !data.is_object() {
            return Err(EntryFault::BodyShape);
        }
        let body = canon::canonical_body(data, signatures).map_err(EntryFault::Body)?;
        if body.len() > MAX_BODY {
            return Err(EntryFault::BodyTooLarge(body.len()));
        }
        let header = parts.with_body_hash(&body_hash(&salt, &body));
        let header = canon::canonical_of(&header).map_err(EntryFault::Header)?;
        let link = link_of(&header);
        Ok(Self { header, salt, body, link })
    }

    /// Opens stored bytes, checking everything that one entry can show by itself.
    ///
    /// # Errors
    /// The first [`EntryFault`] met.
    pub fn open(
        header: &[u8],
        salt: &[u8],
        body: &[u8],
        link: &[u8],
    ) -> Result<(Header, Value), EntryFault> {
        let header = Self::open_header(header, link)?;
        let body = Self::open_body(&header, salt, body)?;
        Ok((header, body))
    }

    /// Opens a header alone, as when its body is withheld.
    ///
    /// # Errors
    /// The first [`EntryFault`] of the header or link.
    pub fn open_header(header: &[u8], link: &[u8]) -> Result<Header, EntryFault> {
        let link: Hash = link.try_into().map_err(|_| EntryFault::LinkLength(link.len()))?;
        if link_of(header) != link {
            return Err(EntryFault::Link);
        }
        Header::read(header)
    }

    /// Opens a body under its header.
    ///
    /// # Errors
    /// The first [`EntryFault`] of salt or body.
    pub fn open_body(header: &Header, salt: &[u8], body: &[u8]) -> Result<Value, EntryFault> {
        check_body_hash(header, salt, body)?;
        read_body(body)
    }

    /// Opens a body under its header without reading what need not be read.
    ///
    /// # Errors
    /// As [`Entry::open_body`].
    pub fn open_text<'a>(
        header: &Header,
        salt: &[u8],
        body: &'a [u8],
    ) -> Result<Body<'a>, EntryFault> {
        check_body_hash(header, salt, body)?;
        match canon::unsigned_data(body) {
            Some(data) => Ok(Body::Unsigned(data)),
            None => read_body(body).map(Body::Read),
        }
    }
}

/// An opened body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body<'a> {
    /// It carries no signature: the canonical text of its data.
    Unsigned(&'a str),
    /// Read whole.
    Read(Value),
}

fn check_body_hash(header: &Header, salt: &[u8], body: &[u8]) -> Result<(), EntryFault> {
    let salt: [u8; 16] = salt.try_into().map_err(|_| EntryFault::Salt(salt.len()))?;
    if body.len() > MAX_BODY {
        return Err(EntryFault::BodyTooLarge(body.len()));
    }
    if digest::to_hex(&body_hash(&salt, body)) != header.body_hash {
        return Err(EntryFault::BodyHash);
    }
    Ok(())
}

fn read_body(body: &[u8]) -> Result<Value, EntryFault> {
    let body = canon::parse_canonical(body).map_err(EntryFault::Body)?;
    check_body_shape(&body)?;
    Ok(body)
}

/// One element of a body's `signatures`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// By a person.
    Person(Signature),
    /// By a key of the site.
    Site(Statement),
}

/// The elements of an opened body's `signatures`, each read or with the reason why it cannot be.
#[must_use]
pub fn signed(body: &Value) -> Vec<Result<Signed, String>> {
    let list = body.get("signatures").and_then(Value::as_array);
    list.into_iter().flatten().map(read_signed).collect()
}

fn read_signed(element: &Value) -> Result<Signed, String> {
    match element.get("format").and_then(Value::as_str) {
        Some(STATEMENT_FORMAT) => {
            Statement::from_value(element).map(Signed::Site).map_err(|fault| fault.to_string())
        }
        _ => Signature::from_value(element).map(Signed::Person).map_err(|fault| fault.to_string()),
    }
}

/// The signatures of persons in an opened body; what cannot be read is left to verification.
#[must_use]
pub fn signatures(body: &Value) -> Vec<Signature> {
    let person = |element| match element {
        Ok(Signed::Person(signature)) => Some(signature),
        _ => None,
    };
    signed(body).into_iter().filter_map(person).collect()
}

fn check_body_shape(body: &Value) -> Result<(), EntryFault> {
    let members = body.as_object().ok_or(EntryFault::BodyShape)?;
    let right = members.len() == 2
        && members.get("data").is_some_and(Value::is_object)
        && members.get("signatures").is_some_and(Value::is_array);
    if right { Ok(()) } else { Err(EntryFault::BodyShape) }
}

#[cfg(test)]
mod tests;
