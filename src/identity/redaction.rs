//! Taking credentials out of whatever is stored, logged or compared (T35).

use serde_json::Value;
use std::borrow::Cow;
use zeroize::Zeroizing;

/// What stands in a text where a credential stood.
pub const REMOVED: &str = "[removed]";

/// Whether a field of this name holds a credential. Case and separators do not matter; anything named
/// after a password or passphrase is one (`new_password`, `temporaryPassword`), and the tokens are.
#[must_use]
pub fn is_credential(name: &str) -> bool {
    let name: String =
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    ["password", "passphrase", "accesstoken", "refreshtoken"].iter().any(|word| name.contains(word))
        || ["authorization", "cookie", "otp", "totp", "pin"].contains(&name.as_str())
}

/// The JSON without its credential fields, at every depth.
#[must_use]
pub fn without_credentials(json: &Value) -> Value {
    match json {
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .filter(|(name, _)| !is_credential(name))
                .map(|(name, value)| (name.clone(), without_credentials(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(without_credentials).collect()),
        other => other.clone(),
    }
}

/// The credentials that a request carried, to be scrubbed from every text made while answering it.
#[must_use]
pub fn credentials_in(json: &Value) -> Vec<Zeroizing<String>> {
    let mut found = Vec::new();
    collect(json, false, &mut found);
    // The longest first, so that one which contains another leaves no rest.
    found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    found
}

fn collect(json: &Value, secret: bool, found: &mut Vec<Zeroizing<String>>) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                collect(value, secret || is_credential(name), found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, secret, found)),
        Value::String(text) if secret && !text.is_empty() => {
            found.push(Zeroizing::new(text.clone()))
        }
        Value::Number(number) if secret => found.push(Zeroizing::new(number.to_string())),
        _ => {}
    }
}

/// A text (an error, a log line) without the credentials that the request carried, as they were written
/// and as Rust or JSON escape them.
#[must_use]
pub fn scrubbed<'a>(text: &'a str, credentials: &[Zeroizing<String>]) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(text);
    for secret in credentials {
        let debug = Zeroizing::new(format!("{:?}", secret.as_str()));
        let json = Zeroizing::new(Value::String(secret.to_string()).to_string());
        let inside = |quoted: &str| quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned();
        for form in [secret.to_string(), inside(&debug), inside(&json)].map(Zeroizing::new) {
            if !form.is_empty() && text.contains(form.as_str()) {
                text = Cow::Owned(text.replace(form.as_str(), REMOVED));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    // shows: T35.a
    #[test]
    fn every_credential_field_goes_and_everything_else_stays() {
        let body = json!({
            "user_name": "kim", "password": "s3cret", "value": "7.05",
            "signature": {"user_name": "kim", "password": "s3cret", "meaning": "performed"},
            "witness": {"password": "s3cret"}, "second_person": {"user_name": "lee", "password": "s3cret"},
            "newPassword": "s3cret", "old-password": ["s3cret", {"x": "s3cret"}], "Passphrase": "s3cret",
            "refresh_token": "s3cret", "items": [{"PASSWORD": "s3cret", "n": 1}], "pin": 1234,
        });
        let kept = without_credentials(&body);
        assert!(!kept.to_string().contains("s3cret"));
        assert_eq!(
            kept,
            json!({
                "user_name": "kim", "value": "7.05",
                "signature": {"user_name": "kim", "meaning": "performed"},
                "witness": {}, "second_person": {"user_name": "lee"}, "items": [{"n": 1}],
            })
        );
    }

    // shows: T35.a
    #[test]
    fn error_texts_do_not_carry_what_was_typed() {
        let body = json!({"signature": {"password": "mau\"ve\ntr\u{e9}"}, "pin": 98765});
        let secrets = credentials_in(&body);
        let escaped = format!("invalid type: string {:?}, expected a number", "mau\"ve\ntr\u{e9}");
        for text in [escaped, body.to_string(), "raw mau\"ve\ntr\u{e9} and 98765".to_owned()] {
            let scrubbed = scrubbed(&text, &secrets);
            assert!(!scrubbed.contains("mau") && !scrubbed.contains("98765"), "{scrubbed}");
            assert!(scrubbed.contains(REMOVED));
        }
    }

    #[test]
    fn ordinary_names_are_no_credentials() {
        for name in
            ["value", "user_name", "opinion", "spin", "token_count", "reason", "pass", "passed"]
        {
            assert!(!is_credential(name), "{name}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf =
            prop_oneof![any::<i32>().prop_map(Value::from), "[a-z]{0,6}".prop_map(Value::from)];
        leaf.prop_recursive(4, 40, 5, |inner| {
            let name = prop_oneof![
                "[a-z]{1,4}",
                Just("password".to_owned()),
                Just("new_Password".to_owned())
            ];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::vec((name, inner), 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        // shows: T35.a
        #[test]
        fn afterwards_no_credential_is_found_and_doing_it_again_changes_nothing(body in any_json()) {
            let kept = without_credentials(&body);
            prop_assert!(credentials_in(&kept).is_empty());
            prop_assert_eq!(without_credentials(&kept), kept);
        }
    }
}
