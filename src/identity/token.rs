//! Access tokens: EdDSA, minutes of life, one site. A token names a session; it proves no more than that
//! the session may be looked up (T1, T2): whether it still stands is asked of its row on every request.

use super::random;
use super::refusal as rule;
use crate::domain::clock::Instant;
use crate::domain::ids::PersonId;
use crate::domain::refusal::Refusal;
use crate::seal::key::{KeyKind, PrivateKey};
use ed25519_dalek::{Signature, SignatureError, Signer, SigningKey, Verifier, VerifyingKey};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Seconds that an access token lives.
pub const LIFE_SECONDS: i64 = 300;

/// Longest token that is looked at.
const LONGEST: usize = 2048;

/// What an access token says. Times are Unix seconds of real time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// The site that issued it.
    pub iss: String,
    /// The person.
    pub sub: PersonId,
    /// The session whose row decides.
    pub sid: Uuid,
    /// Issued at.
    pub iat: i64,
    /// Worthless from then on.
    pub exp: i64,
    /// This token.
    pub jti: String,
}

impl Claims {
    /// Judges the expiry of a token that was verified before, without leeway.
    ///
    /// # Errors
    /// `token-expired`.
    pub fn judge_expiry(&self, now: Instant) -> Result<(), Refusal> {
        let end = Instant(self.exp.saturating_mul(1_000_000));
        if now.0 >= end.0 {
            let detail = format!("it was good until {}", end.to_rfc3339());
            return Err(Refusal::new(&rule::TOKEN_EXPIRED, detail));
        }
        Ok(())
    }
}

/// A signed access token.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// What the client sends as `Authorization: Bearer …`.
    pub text: String,
    /// Worthless from then on.
    pub expires_at: Instant,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessToken(until {})", self.expires_at.to_rfc3339())
    }
}

/// What the token library may compute with: Ed25519 and nothing else, so that a token of any other algorithm has
/// nobody who could check it, whatever crate features another dependency asks for. Both keys are 32 raw bytes.
static ED25519_ALONE: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| {
        let key = ed25519(algorithm, key.as_bytes())?;
        Ok(Box::new(Signing(SigningKey::from_bytes(&key))))
    },
    verifier_factory: |algorithm, key| {
        let key = ed25519(algorithm, key.try_get_as_bytes()?)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| ErrorKind::InvalidEddsaKey)?;
        Ok(Box::new(Checking(key)))
    },
    key_utils: KeyUtils::new_unimplemented(), // these read JWKs; none comes in
};

fn ed25519(algorithm: &Algorithm, key: &[u8]) -> Result<[u8; 32], Error> {
    if *algorithm != Algorithm::EdDSA {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    key.try_into().map_err(|_| ErrorKind::InvalidEddsaKey.into())
}

struct Signing(SigningKey);

impl Signer<Vec<u8>> for Signing {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let signature: Signature = self.0.try_sign(message)?;
        Ok(signature.to_bytes().to_vec())
    }
}

impl JwtSigner for Signing {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Checking(VerifyingKey);

impl Verifier<Vec<u8>> for Checking {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        // Strict: no key and no signature of small order, so that one token has one signature.
        self.0.verify_strict(message, &Signature::from_slice(signature)?)
    }
}

impl JwtVerifier for Checking {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

/// The key given is not one for access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("access tokens are signed with Ed25519; the key given as the token key is of another kind")]
pub struct NotATokenKey;

/// Issues and judges the access tokens of one site.
#[derive(Clone)]
pub struct AccessTokens {
    site: String,
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
}

impl AccessTokens {
    /// For a site and its token key. `site` is the site's identity, not its changeable address.
    ///
    /// # Errors
    /// When the key is no Ed25519 key.
    pub fn new(site: &str, key: &PrivateKey) -> Result<Self, NotATokenKey> {
        if key.kind() != KeyKind::Ed25519 {
            return Err(NotATokenKey);
        }
        // A second call finds it installed already.
        let _ = ED25519_ALONE.install_default();
        let key = SigningKey::from_bytes(&key.secret());
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[site]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // The library would ask the system's clock; expiry is judged here against the time given.
        validation.validate_exp = false;
        Ok(Self {
            site: site.to_owned(),
            signing: EncodingKey::from_ed_der(key.as_bytes()),
            checking: DecodingKey::from_ed_der(key.verifying_key().as_bytes()),
            validation,
        })
    }

    /// Issues a token for a session.
    #[must_use]
    pub fn issue(&self, person: PersonId, session: Uuid, now: Instant) -> AccessToken {
        let iat = now.0.div_euclid(1_000_000);
        let exp = iat.saturating_add(LIFE_SECONDS);
        let jti = hex::encode(random::bytes::<16>());
        let claims = Claims { iss: self.site.clone(), sub: person, sid: session, iat, exp, jti };
        let text = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.signing)
            .expect("claims of texts and numbers can be written and an Ed25519 key can sign them");
        AccessToken { text, expires_at: Instant(exp.saturating_mul(1_000_000)) }
    }

    /// Judges a token: signature, algorithm, site, and expiry without leeway.
    ///
    /// # Errors
    /// `token-invalid` (not saying why, for whoever forges) or `token-expired`.
    pub fn verify(&self, text: &str, now: Instant) -> Result<Claims, Refusal> {
        let invalid =
            || Refusal::new(&rule::TOKEN_INVALID, "it was not issued here or was changed");
        if text.len() > LONGEST {
            return Err(invalid());
        }
        let claims = jsonwebtoken::decode::<Claims>(text, &self.checking, &self.validation)
            .map_err(|_| invalid())?
            .claims;
        // The site's own key signs nothing longer; whoever got at it may not stay for ever.
        if claims.iss != self.site || claims.exp.saturating_sub(claims.iat) > LIFE_SECONDS {
            return Err(invalid());
        }
        claims.judge_expiry(now)?;
        Ok(claims)
    }
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessTokens(of {})", self.site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    use hmac::{Hmac, Mac as _};
    use proptest::prelude::*;
    use sha2::Sha256;

    const NOON: Instant = Instant(1_772_000_000_000_000);
    const WHO: PersonId = Uuid::from_u128(7);
    const SESSION: Uuid = Uuid::from_u128(8);

    fn key(seed: u8) -> PrivateKey {
        PrivateKey::from_secret(KeyKind::Ed25519, &[seed; 32]).expect("any seed is a key")
    }

    fn tokens(site: &str, seed: u8) -> AccessTokens {
        AccessTokens::new(site, &key(seed)).expect("an Ed25519 key")
    }

    fn code(tokens: &AccessTokens, text: &str, now: Instant) -> Option<&'static str> {
        tokens.verify(text, now).err().map(|refusal| refusal.rule.code)
    }

    // shows: T1.a
    #[test]
    fn a_token_names_a_session_and_nothing_it_may_do() {
        let tokens = tokens("site-a", 1);
        let token = tokens.issue(WHO, SESSION, NOON);
        let claims = tokens.verify(&token.text, NOON).expect("good");
        assert_eq!((claims.sub, claims.sid, claims.iss.as_str()), (WHO, SESSION, "site-a"));
        let json = serde_json::to_value(&claims).expect("JSON");
        let mut names: Vec<_> = json.as_object().expect("object").keys().cloned().collect();
        names.sort();
        assert_eq!(names, ["exp", "iat", "iss", "jti", "sid", "sub"]);
        assert_ne!(tokens.issue(WHO, SESSION, NOON).text, token.text, "each has its own jti");
    }

    #[test]
    fn it_lives_for_minutes_and_not_a_microsecond_longer() {
        let tokens = tokens("site-a", 1);
        let token = tokens.issue(WHO, SESSION, NOON);
        assert_eq!(token.expires_at, NOON.plus_minutes(5));
        assert_eq!(code(&tokens, &token.text, Instant(token.expires_at.0 - 1)), None);
        assert_eq!(code(&tokens, &token.text, token.expires_at), Some("token-expired"));
    }

    #[test]
    fn another_site_and_another_key_are_refused() {
        let token = tokens("site-a", 1).issue(WHO, SESSION, NOON).text;
        assert_eq!(code(&tokens("site-b", 1), &token, NOON), Some("token-invalid"));
        assert_eq!(code(&tokens("site-a", 2), &token, NOON), Some("token-invalid"));
    }

    #[test]
    fn no_other_algorithm_is_taken() {
        let tokens = tokens("site-a", 1);
        let token = tokens.issue(WHO, SESSION, NOON).text;
        let (_, rest) = token.split_once('.').expect("three parts");
        let (payload, signature) = rest.split_once('.').expect("three parts");
        let none = BASE64.encode(r#"{"alg":"none","typ":"JWT"}"#);
        assert_eq!(code(&tokens, &format!("{none}.{payload}."), NOON), Some("token-invalid"));
        assert_eq!(
            code(&tokens, &format!("{none}.{payload}.{signature}"), NOON),
            Some("token-invalid")
        );
        // The public key used as an HMAC secret: the classic confusion.
        let secret = &key(1).public().to_spki_der()[12..];
        let signed = format!("{}.{payload}", BASE64.encode(r#"{"alg":"HS256","typ":"JWT"}"#));
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length is a secret");
        mac.update(signed.as_bytes());
        let forged = format!("{signed}.{}", BASE64.encode(mac.finalize().into_bytes()));
        assert_eq!(code(&tokens, &forged, NOON), Some("token-invalid"));
        // Nor can the library be talked into it: it has nothing to check other algorithms with.
        let mut lax = tokens.clone();
        lax.validation.algorithms = vec![Algorithm::HS256];
        lax.checking = DecodingKey::from_secret(secret);
        assert_eq!(code(&lax, &forged, NOON), Some("token-invalid"));
    }

    #[test]
    fn a_long_lived_token_is_refused_even_when_well_signed() {
        let tokens = tokens("site-a", 1);
        let token = tokens.issue(WHO, SESSION, NOON).text;
        let mut claims = tokens.verify(&token, NOON).expect("good");
        claims.exp += 1;
        let long = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &tokens.signing)
            .expect("signs");
        assert_eq!(code(&tokens, &long, NOON), Some("token-invalid"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_changed_character_is_refused(at in 0usize..300, other in "[A-Za-z0-9_.-]") {
            let tokens = tokens("site-a", 1);
            let mut text = tokens.issue(WHO, SESSION, NOON).text;
            let at = at % (text.len() - 1); // the last character carries spare bits
            prop_assume!(text.get(at..=at) != Some(other.as_str()));
            text.replace_range(at..=at, &other);
            prop_assert_eq!(code(&tokens, &text, NOON), Some("token-invalid"));
        }

        #[test]
        fn no_text_makes_verifying_panic(text in "\\PC{0,80}") {
            let _ = tokens("site-a", 1).verify(&text, NOON);
        }
    }
}
