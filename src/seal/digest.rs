//! The one hash of the product, SHA-256 with a tag before the data, and hashes as text.
//!
//! The tag names what is hashed, so that the bytes of one thing can never pass as those of another.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The tag of an entry's body (before salt and body).
pub const BODY_TAG: &[u8] = b"batchwright/body/1\0";
/// The tag of an entry's link (before the header).
pub const LINK_TAG: &[u8] = b"batchwright/link/1\0";
/// The tag of an access-log row's link.
pub const ACCESS_TAG: &[u8] = b"batchwright/access/1\0";
/// The tag of the content that a signature covers.
pub const CONTENT_TAG: &[u8] = b"batchwright/content/1\0";
/// The tag of the bytes a person's key signs.
pub const SIGNATURE_TAG: &[u8] = b"batchwright/signature/1\0";
/// The tag of the bytes a site key signs in a statement.
pub const STATEMENT_TAG: &[u8] = b"batchwright/site-signature/1\0";

/// The link before the first of a chain: 32 zero bytes.
pub const NO_PREVIOUS: Hash = [0; 32];

/// SHA-256 over the concatenation of `parts`.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// A hash as 64 lower-case hexadecimal digits, as it stands in headers and manifests.
#[must_use]
pub fn to_hex(hash: &Hash) -> String {
    hex::encode(hash)
}

/// Reads 64 lower-case hexadecimal digits; `None` for anything else (upper case too: one hash, one text).
#[must_use]
pub fn from_hex(text: &str) -> Option<Hash> {
    if text.len() != 64 || text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_hash_and_text() {
        let abc = sha256(&[b"a", b"bc"]);
        assert_eq!(
            to_hex(&abc),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(from_hex(&to_hex(&abc)), Some(abc));
        assert_eq!(from_hex(&to_hex(&abc).to_uppercase()), None);
        assert_eq!(from_hex("00"), None);
        assert_eq!(from_hex(&"zz".repeat(32)), None);
    }
}
