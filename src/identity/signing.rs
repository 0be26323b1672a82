//! Which components a signing needs (21 CFR 11.200(a)(1)) and whether they were given.
//!
//! Only that they were *given*: whether they are right is the password check and the unlocked key.

use super::refusal as rule;
use super::session::{SessionLimits, SessionRow, judge_session};
use super::user_name::UserName;
use crate::domain::clock::Instant;
use crate::domain::ids::PersonId;
use crate::domain::refusal::{Refusal, SIGNER_NOT_SESSION};
use crate::domain::signing::Components;
use std::fmt;
use zeroize::Zeroizing;

/// What somebody typed to sign, in this very act.
#[derive(Clone, Default)]
pub struct SigningCredentials {
    /// User name, as typed.
    pub user_name: Option<String>,
    /// Password, as typed.
    pub password: Option<Zeroizing<String>>,
}

impl fmt::Debug for SigningCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningCredentials(of {:?})", self.user_name)
    }
}

/// Which components this signing needs.
///
/// The password alone suffices only to the session's own person, in a session that still stands, at the
/// station where it was opened, after a first signing with both components in it. Everything else needs
/// both: the first signing, a session that was refreshed elsewhere, and a second person always, because
/// the session is not theirs (T3).
#[must_use]
pub fn signing_components_required(
    session: &SessionRow,
    limits: SessionLimits,
    signer: PersonId,
    station: &str,
    now: Instant,
) -> Components {
    let continuous = signer == session.person
        && station == session.station
        && session.full_signing_at.is_some()
        && judge_session(session, limits, now).is_ok();
    if continuous { Components::Password } else { Components::Both }
}

/// Judges whether the components that are needed were given, and for whom. Gives what was given, for the
/// signature's own record.
///
/// # Errors
/// `signing-needs-password` (a token is no signature, T1), `signing-needs-both-components`, or
/// `signer-is-not-the-session` when the name typed is another person's than `signer`.
pub fn judge_components(
    required: Components,
    given: &SigningCredentials,
    signer: &UserName,
) -> Result<Components, Refusal> {
    if given.password.as_ref().is_none_or(|password| password.is_empty()) {
        let detail = "being signed in does not sign; no password was given";
        return Err(Refusal::new(&rule::SIGNING_PASSWORD_MISSING, detail));
    }
    let Some(typed) = given.user_name.as_deref() else {
        if required == Components::Both {
            let detail = "only the password was given";
            return Err(Refusal::new(&rule::SIGNING_USER_NAME_MISSING, detail));
        }
        return Ok(Components::Password);
    };
    // A name that cannot be one belongs to somebody else as well.
    if UserName::parse(typed).is_ok_and(|name| name.is_twin_of(signer)) {
        return Ok(Components::Both);
    }
    let detail = format!("the signer is {signer}, the user name given is another");
    Err(Refusal::new(&SIGNER_NOT_SESSION, detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const START: Instant = Instant(1_772_000_000_000_000);
    const OPERATOR: PersonId = Uuid::from_u128(7);
    const WITNESS: PersonId = Uuid::from_u128(8);

    fn session() -> SessionRow {
        SessionRow::begin(Uuid::from_u128(1), OPERATOR, "suite-2", false, START)
    }

    fn required(session: &SessionRow, signer: PersonId, station: &str, now: Instant) -> Components {
        signing_components_required(session, SessionLimits::USUAL, signer, station, now)
    }

    fn given(user_name: Option<&str>, password: Option<&str>) -> SigningCredentials {
        let password = password.map(|text| Zeroizing::new(text.to_owned()));
        SigningCredentials { user_name: user_name.map(str::to_owned), password }
    }

    fn judged(
        required: Components,
        user_name: Option<&str>,
        password: Option<&str>,
    ) -> Result<Components, &'static str> {
        let signer = UserName::parse("Kim.Olsen").expect("a name");
        judge_components(required, &given(user_name, password), &signer)
            .map_err(|refusal| refusal.rule.code)
    }

    // shows: P11-200a1i.a, P11-200a1i.b, A11D-13.3.a
    #[test]
    fn the_first_signing_needs_both_later_ones_the_password() {
        assert_eq!(required(&session(), OPERATOR, "suite-2", START), Components::Both);
        let after = session().full_signing_done(START);
        assert_eq!(
            required(&after, OPERATOR, "suite-2", START.plus_minutes(5)),
            Components::Password
        );
    }

    // shows: P11-200a1ii.b
    #[test]
    fn outside_the_continuous_session_both_again() {
        let after = session().full_signing_done(START);
        let soon = START.plus_minutes(1);
        assert_eq!(
            required(&after, OPERATOR, "office", soon),
            Components::Both,
            "refreshed elsewhere"
        );
        assert_eq!(
            required(&after, OPERATOR, "suite-2", START.plus_minutes(15)),
            Components::Both,
            "idle"
        );
        assert_eq!(
            required(&after.revoked(soon), OPERATOR, "suite-2", soon),
            Components::Both,
            "signed out"
        );
        let anew = SessionRow::begin(Uuid::from_u128(2), OPERATOR, "suite-2", false, soon);
        assert_eq!(required(&anew, OPERATOR, "suite-2", soon), Components::Both, "signed in anew");
    }

    // shows: P11-200a1i.c, T3.a
    #[test]
    fn a_second_person_always_gives_both() {
        let after = session().full_signing_done(START);
        assert_eq!(required(&after, WITNESS, "suite-2", START), Components::Both);
        assert_eq!(
            judged(Components::Both, None, Some("pw")),
            Err("signing-needs-both-components")
        );
    }

    // shows: P11-200a1.a, A11D-13.3.b, T1.a
    #[test]
    fn a_token_alone_never_signs() {
        for required in [Components::Both, Components::Password] {
            for user_name in [None, Some("kim.olsen")] {
                for password in [None, Some("")] {
                    assert_eq!(
                        judged(required, user_name, password),
                        Err("signing-needs-password")
                    );
                }
            }
        }
    }

    // shows: P11-200a2.a
    #[test]
    fn the_name_given_is_the_signers_also_when_it_was_not_needed() {
        for required in [Components::Both, Components::Password] {
            assert_eq!(judged(required, Some("KIM.olsen"), Some("pw")), Ok(Components::Both));
            for other in ["kim.olson", "", "k\u{456}m.olsen"] {
                assert_eq!(
                    judged(required, Some(other), Some("pw")),
                    Err("signer-is-not-the-session")
                );
            }
        }
        assert_eq!(judged(Components::Password, None, Some("pw")), Ok(Components::Password));
    }

    #[test]
    fn debug_does_not_show_the_password() {
        assert!(!format!("{:?}", given(Some("kim"), Some("mauve tractor"))).contains("mauve"));
    }

    proptest! {
        // shows: P11-200a1ii.b
        #[test]
        fn the_password_alone_suffices_to_nobody_else_and_nowhere_else(
            signed: bool, own: bool, here: bool, revoked: bool, minute in 0i64..40
        ) {
            let mut row = session();
            if signed { row = row.full_signing_done(START); }
            if revoked { row = row.revoked(START); }
            let signer = if own { OPERATOR } else { WITNESS };
            let station = if here { "suite-2" } else { "office" };
            let answer = required(&row, signer, station, START.plus_minutes(minute));
            let continuous = signed && own && here && !revoked && minute < 15;
            prop_assert_eq!(answer == Components::Password, continuous);
        }
    }
}
