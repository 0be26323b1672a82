//! Refresh tokens: opaque, kept as hashes, good once. A second use means two hands and ends the session.

use super::random;
use super::refusal as rule;
use crate::domain::clock::Instant;
use crate::domain::refusal::Refusal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use sha2::{Digest as _, Sha256};
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A refresh token in the client's hand: 32 random bytes.
#[derive(Clone)]
pub struct RefreshToken(Zeroizing<String>);

impl RefreshToken {
    /// Draws a new one.
    #[must_use]
    pub fn generate() -> Self {
        let bytes = Zeroizing::new(random::bytes::<32>());
        Self(Zeroizing::new(BASE64.encode(*bytes)))
    }

    /// What the client keeps.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(not shown)")
    }
}

/// What is stored, and by what a presented token is looked up: SHA-256 of its text. The token is random,
/// so that nothing slower is needed.
#[must_use]
pub fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// One issued refresh token, as stored. Used ones stay until their session is over: only so is a second
/// use seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshRow {
    /// SHA-256 of the token's text.
    pub hash: [u8; 32],
    /// The session it belongs to.
    pub session: Uuid,
    /// Worthless from then on: the end of the session's longest life.
    pub expires_at: Instant,
    /// When it was exchanged for the next.
    pub used_at: Option<Instant>,
}

/// What follows from a presented refresh token. Both are written before anything is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// The row is marked used, the new row stored, the new token answered. Whether the session still
    /// stands is `session::judge_session`'s to say, before this.
    Rotated {
        /// The presented row, used now.
        used: RefreshRow,
        /// The row of the next token.
        next: RefreshRow,
    },
    /// The session is to be revoked and the event reported as a possible misuse (21 CFR 11.300(d)).
    Reused {
        /// The session to revoke.
        session: Uuid,
        /// What the client is told.
        refusal: Refusal,
    },
}

/// Judges a presented token by the row found under its hash.
///
/// # Errors
/// `refresh-refused` when there is no such row or its time is over: nothing changes.
pub fn judge_refresh(
    found: Option<&RefreshRow>,
    next: &RefreshToken,
    now: Instant,
) -> Result<Rotation, Refusal> {
    let refused = |detail: &str| Err(Refusal::new(&rule::REFRESH_REFUSED, detail));
    let Some(row) = found else {
        return refused("no session of this site has it");
    };
    if row.used_at.is_some() {
        let refusal = Refusal::new(&rule::REFRESH_REUSED, "its session is ended now");
        return Ok(Rotation::Reused { session: row.session, refusal });
    }
    if now >= row.expires_at {
        return refused("its session reached its longest life");
    }
    Ok(Rotation::Rotated {
        used: RefreshRow { used_at: Some(now), ..row.clone() },
        next: RefreshRow { hash: hash(next.text()), used_at: None, ..row.clone() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const START: Instant = Instant(1_772_000_000_000_000);

    fn first() -> (RefreshToken, RefreshRow) {
        let token = RefreshToken::generate();
        let row = RefreshRow {
            hash: hash(token.text()),
            session: Uuid::from_u128(1),
            expires_at: START.plus_minutes(720),
            used_at: None,
        };
        (token, row)
    }

    #[test]
    fn a_second_use_ends_the_session() {
        let (_, row) = first();
        let Ok(Rotation::Rotated { used, next }) =
            judge_refresh(Some(&row), &RefreshToken::generate(), START)
        else {
            panic!("rotates");
        };
        assert_ne!(next.hash, row.hash);
        assert_eq!(next.expires_at, row.expires_at, "rotation never prolongs the session");
        let again = judge_refresh(Some(&used), &RefreshToken::generate(), START.plus_minutes(1));
        assert!(matches!(again, Ok(Rotation::Reused { session, refusal })
            if session == row.session && refusal.rule.code == "refresh-token-reused"));
    }

    #[test]
    fn unknown_and_expired_ones_change_nothing() {
        let (_, row) = first();
        let next = RefreshToken::generate();
        let code = |found, now| judge_refresh(found, &next, now).err().map(|r| r.rule.code);
        assert_eq!(code(None, START), Some("refresh-refused"));
        assert_eq!(code(Some(&row), row.expires_at), Some("refresh-refused"));
        assert_eq!(code(Some(&row), Instant(row.expires_at.0 - 1)), None);
    }

    #[test]
    fn the_stored_row_does_not_hold_the_token() {
        let (token, row) = first();
        assert!(!format!("{row:?} {token:?}").contains(token.text()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        // Two hands take turns in any order: as soon as one presents a token that was used, it is over;
        // while every token is presented once, nothing is.
        #[test]
        fn reuse_is_found_exactly_when_it_happens(choices in proptest::collection::vec(0usize..6, 1..12)) {
            let (_, row) = first();
            let mut rows = BTreeMap::from([(0usize, row)]);
            for choice in choices {
                let Some(row) = rows.get(&choice).cloned() else { continue };
                match judge_refresh(Some(&row), &RefreshToken::generate(), START) {
                    Ok(Rotation::Rotated { used, next }) => {
                        prop_assert!(row.used_at.is_none());
                        let newest = rows.len();
                        rows.insert(choice, used);
                        rows.insert(newest, next);
                    }
                    Ok(Rotation::Reused { .. }) => {
                        prop_assert!(row.used_at.is_some());
                        break;
                    }
                    Err(refusal) => prop_assert!(false, "{refusal}"),
                }
            }
        }
    }
}
