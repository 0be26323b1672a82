//! Sessions: how long one lasts, what ends it, and whether it is still the continuous one of 21 CFR 11.200.

use super::refusal as rule;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::ids::PersonId;
use crate::domain::refusal::Refusal;
use uuid::Uuid;

/// How long a session may last. A site sets it; no person changes it (Annex 11 draft 11.8), and no value
/// switches it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    idle_minutes: i64,
    absolute_minutes: i64,
}

impl SessionLimits {
    /// 15 minutes unused, 12 hours in all.
    pub const USUAL: Self = Self { idle_minutes: 15, absolute_minutes: 12 * 60 };

    /// A site's own limits.
    ///
    /// # Errors
    /// A sentence when idle is not within 1 to 60 minutes or the whole not within 1 to 24 hours.
    pub fn of_site(idle_minutes: u32, absolute_hours: u32) -> Result<Self, String> {
        if (1..=60).contains(&idle_minutes) && (1..=24).contains(&absolute_hours) {
            let (idle, hours) = (i64::from(idle_minutes), i64::from(absolute_hours));
            return Ok(Self { idle_minutes: idle, absolute_minutes: hours * 60 });
        }
        Err(format!(
            "{idle_minutes} minutes idle and {absolute_hours} hours in all cannot be a session's limits: choose 1 to 60 minutes and 1 to 24 hours (EU GMP Annex 11 draft 11.8)"
        ))
    }

    /// When a session that starts now is over at the latest.
    #[must_use]
    pub fn ends_at(self, started_at: Instant) -> Instant {
        started_at.plus_minutes(self.absolute_minutes)
    }
}

/// A session as stored. Times are real time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its identity, named by access tokens and journal headers.
    pub id: Uuid,
    /// Whose it is; it never changes hands.
    pub person: PersonId,
    /// Where it was opened: what the client calls its station, or its address.
    pub station: String,
    /// Signed in at.
    pub started_at: Instant,
    /// Last used at.
    pub last_seen_at: Instant,
    /// Ended at, by sign-out, deactivation, reset, change of password, or misuse.
    pub revoked_at: Option<Instant>,
    /// When the first signing with both components was done in it.
    pub full_signing_at: Option<Instant>,
    /// Signed in with a password that somebody else issued.
    pub password_change_owed: bool,
}

impl SessionRow {
    /// A session that begins.
    #[must_use]
    pub fn begin(
        id: Uuid,
        person: PersonId,
        station: &str,
        password_change_owed: bool,
        now: Instant,
    ) -> Self {
        Self {
            id,
            person,
            station: station.to_owned(),
            started_at: now,
            last_seen_at: now,
            revoked_at: None,
            full_signing_at: None,
            password_change_owed,
        }
    }

    /// The session once it was used at `now`.
    #[must_use]
    pub fn seen(&self, now: Instant) -> Self {
        Self { last_seen_at: self.last_seen_at.max(now), ..self.clone() }
    }

    /// Whether the use is worth writing down: every half minute suffices for limits in minutes.
    #[must_use]
    pub fn seen_is_due(&self, now: Instant) -> bool {
        now.since(self.last_seen_at) >= MINUTE / 2
    }

    /// The session, ended. The first end stays.
    #[must_use]
    pub fn revoked(&self, now: Instant) -> Self {
        Self { revoked_at: self.revoked_at.or(Some(now)), ..self.clone() }
    }

    /// The session after a signing with both components by its own person.
    #[must_use]
    pub fn full_signing_done(&self, now: Instant) -> Self {
        Self { full_signing_at: self.full_signing_at.or(Some(now)), ..self.clone() }
    }
}

/// Whether a session still stands. Asked on every request and again in the lane (T2).
///
/// # Errors
/// `session-revoked`, `session-expired` or `session-idle`.
pub fn judge_session(row: &SessionRow, limits: SessionLimits, now: Instant) -> Result<(), Refusal> {
    if let Some(at) = row.revoked_at {
        // Whatever the time says: an end that was written is an end.
        return Err(Refusal::new(
            &rule::SESSION_REVOKED,
            format!("it was ended at {}", at.to_rfc3339()),
        ));
    }
    let ends_at = limits.ends_at(row.started_at);
    // A clock that was set back may not prolong what it measured; a minute is what servers may differ.
    let set_back = now.since(row.last_seen_at) < -MINUTE;
    if now >= ends_at || set_back {
        let detail = format!("it could last until {}", ends_at.to_rfc3339());
        return Err(Refusal::new(&rule::SESSION_EXPIRED, detail));
    }
    if now >= row.last_seen_at.plus_minutes(limits.idle_minutes) {
        let detail = format!("nobody used it for {} minutes", limits.idle_minutes);
        return Err(Refusal::new(&rule::SESSION_IDLE, detail));
    }
    Ok(())
}

/// What a request is about, for a session that may do only one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Changing one's own password, or signing out.
    OwnPassword,
    /// Anything else, reading too.
    Work,
}

/// Whether a standing session may be used for this: after a reset, only to choose an own password.
///
/// # Errors
/// `password-change-owed`.
pub fn judge_errand(row: &SessionRow, errand: Errand) -> Result<(), Refusal> {
    if row.password_change_owed && errand == Errand::Work {
        let detail = "you signed in with a temporary password";
        return Err(Refusal::new(&rule::PASSWORD_CHANGE_OWED, detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Instant = Instant(1_772_000_000_000_000);
    const USUAL: SessionLimits = SessionLimits::USUAL;

    fn row() -> SessionRow {
        SessionRow::begin(Uuid::from_u128(1), Uuid::from_u128(7), "suite-2", false, START)
    }

    fn code(row: &SessionRow, now: Instant) -> Option<&'static str> {
        judge_session(row, USUAL, now).err().map(|refusal| refusal.rule.code)
    }

    // shows: A11D-11.8.b
    #[test]
    fn fifteen_idle_minutes_end_a_session() {
        assert_eq!(code(&row(), Instant(START.plus_minutes(15).0 - 1)), None);
        assert_eq!(code(&row(), START.plus_minutes(15)), Some("session-idle"));
        let used = row().seen(START.plus_minutes(14));
        assert_eq!(code(&used, START.plus_minutes(28)), None);
    }

    #[test]
    fn twelve_hours_end_it_however_busy() {
        let mut busy = row();
        for minute in 1..720 {
            busy = busy.seen(START.plus_minutes(minute));
            assert_eq!(code(&busy, START.plus_minutes(minute)), None);
        }
        assert_eq!(code(&busy, START.plus_minutes(720)), Some("session-expired"));
    }

    // shows: T2.a
    #[test]
    fn an_end_that_was_written_ends_it_at_once_whatever_the_clock() {
        let ended = row().revoked(START.plus_minutes(5));
        for now in [START, START.plus_minutes(5), START.plus_minutes(6)] {
            assert_eq!(code(&ended, now), Some("session-revoked"));
        }
        assert_eq!(ended.revoked(START.plus_minutes(9)), ended, "the first end stays");
    }

    #[test]
    fn a_clock_set_back_prolongs_nothing() {
        let used = row().seen(START.plus_minutes(10));
        assert_eq!(code(&used, Instant(START.plus_minutes(9).0)), None);
        assert_eq!(code(&used, Instant(START.plus_minutes(9).0 - 1)), Some("session-expired"));
        assert_eq!(used.seen(START).last_seen_at, START.plus_minutes(10));
    }

    // shows: A11D-11.8.a
    #[test]
    fn no_site_switches_the_limits_off() {
        for (idle, hours) in [(0, 12), (61, 12), (15, 0), (15, 25), (u32::MAX, u32::MAX)] {
            assert!(SessionLimits::of_site(idle, hours).is_err());
        }
        assert_eq!(SessionLimits::of_site(15, 12), Ok(USUAL));
    }

    // shows: A11D-11.4.a
    #[test]
    fn a_temporary_password_serves_to_choose_an_own_one_only() {
        let owed = SessionRow { password_change_owed: true, ..row() };
        assert!(judge_errand(&owed, Errand::OwnPassword).is_ok());
        let refusal = judge_errand(&owed, Errand::Work).expect_err("refused");
        assert_eq!(refusal.rule.code, "password-change-owed");
        assert!(judge_errand(&row(), Errand::Work).is_ok());
    }

    proptest! {
        #[test]
        fn once_over_it_stays_over(seen in 0i64..900, at in 0i64..900, later in 0i64..900) {
            let row = SessionRow { last_seen_at: START.plus_minutes(seen), ..row() };
            let (at, later) = (START.plus_minutes(seen + at), START.plus_minutes(seen + at + later));
            if code(&row, at).is_some() {
                prop_assert!(code(&row, later).is_some());
            }
        }
    }
}
