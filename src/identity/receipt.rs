//! Receipts: recognising the same request again, without keeping what it said or any credential in it.

use super::random;
use super::redaction::without_credentials;
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

const TAG: &[u8] = b"batchwright/receipt/1";

/// The site's secret for receipts: without it nobody can test guesses of a body against a stored receipt.
pub struct ReceiptSecret(Zeroizing<[u8; 32]>);

impl ReceiptSecret {
    /// Makes a new one.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_bytes(random::bytes())
    }

    pub(in crate::identity) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(in crate::identity) fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.0.clone()
    }

    /// What is stored with a receipt: HMAC-SHA256 over the request without its credentials. Equal for a
    /// repetition (whatever order or white space its JSON has), different for any other request: then
    /// the key was used twice for different things.
    #[must_use]
    pub fn of(&self, request: &Request<'_>) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(&*self.0)
            .expect("HMAC takes keys of every length");
        let body = canonical(request.body);
        let if_match = request.if_match.unwrap_or_default().as_bytes();
        let parts = [TAG, request.method.as_bytes(), request.path.as_bytes(), if_match, &body];
        for part in parts {
            // Each with its length, so that nothing can move from one part to the next.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for ReceiptSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptSecret(not shown)")
    }
}

/// A request, as far as it matters whether another is the same.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Method, upper case.
    pub method: &'a str,
    /// Path with query.
    pub path: &'a str,
    /// The version decided on.
    pub if_match: Option<&'a str>,
    /// The body; `Value::Null` for none.
    pub body: &'a Value,
}

fn canonical(body: &Value) -> Vec<u8> {
    let mut text = String::new();
    write_sorted(&without_credentials(body), &mut text);
    text.into_bytes()
}

/// JSON with sorted names and every number as it was read. Not RFC 8785, which would pass numbers through
/// floating point: two requests that differ in a far digit are two requests.
fn write_sorted(json: &Value, text: &mut String) {
    match json {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (name, value) in fields {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write_sorted(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_sorted(item, text);
                text.push(',');
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn secret() -> ReceiptSecret {
        ReceiptSecret::from_bytes([9; 32])
    }

    fn post<'a>(path: &'a str, body: &'a Value) -> Request<'a> {
        Request { method: "POST", path, if_match: None, body }
    }

    #[test]
    fn the_same_request_is_recognised_whatever_its_spelling_and_credentials() {
        let one = json!({"entry": "ph", "value": "7.05", "signature": {"user_name": "kim", "password": "a"}});
        let two: Value = serde_json::from_str(
            "{ \"value\":\"7.05\", \"signature\":{\"password\":\"b\",\"user_name\":\"kim\"}, \"entry\":\"ph\"}",
        )
        .expect("JSON");
        assert_eq!(secret().of(&post("/x", &one)), secret().of(&post("/x", &two)));
    }

    #[test]
    fn every_other_request_is_another() {
        let (body, other) = (json!({"value": "7.05"}), json!({"value": "7.050"}));
        let base = post("/x", &body);
        let first = secret().of(&base);
        let others = [
            Request { method: "PUT", ..base },
            Request { path: "/y", ..base },
            Request { if_match: Some("\"3\""), ..base },
            Request { body: &other, ..base },
            Request { method: "POS", path: "T/x", ..base },
        ];
        for request in &others {
            assert_ne!(secret().of(request), first, "{request:?}");
        }
        assert_ne!(ReceiptSecret::generate().of(&base), first, "another site");
    }

    // shows: T35.a
    #[test]
    fn a_receipt_does_not_depend_on_any_password() {
        let with = |password: &str| json!({"new_password": password, "reason": "forgotten"});
        let of = |body: &Value| secret().of(&post("/people/1/password", body));
        assert_eq!(of(&with("a")), of(&with("b")));
        assert_eq!(of(&with("a")), of(&json!({"reason": "forgotten"})));
    }

    proptest! {
        #[test]
        fn different_texts_are_different_requests(a in "\\PC{0,12}", b in "\\PC{0,12}") {
            let (one, two) = (json!({"value": a}), json!({"value": b}));
            let same = secret().of(&post("/x", &one)) == secret().of(&post("/x", &two));
            prop_assert_eq!(same, a == b);
        }
    }
}
