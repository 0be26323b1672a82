//! Lockout: five failures lock an account, whether at sign-in or at signing, and time never unlocks it.

use super::refusal as rule;
use crate::domain::clock::Instant;
use crate::domain::refusal::{Refusal, Rule};

/// Failures that lock.
pub const FAILURES_THAT_LOCK: u32 = 5;

/// The counter of one account, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counter {
    /// Failures since the last good sign-in or unlock. Failures while locked count on, as evidence.
    pub failures: u32,
    /// Locked since.
    pub locked_at: Option<Instant>,
}

/// Where a password was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attempt {
    /// To sign in.
    SignIn,
    /// To sign, oneself or as a second person.
    Signing,
}

/// What follows from an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The counter to store. It is stored for refused attempts too.
    pub counter: Counter,
    /// This attempt locked the account: report it at once (21 CFR 11.300(d)) and end its sessions.
    pub locked_now: bool,
    /// Why the attempt is refused; `None` when it may go on.
    pub refusal: Option<Refusal>,
}

/// Judges one attempt. Check the password before asking, also for a locked account, so that the time of
/// an answer tells nothing; a right one is then still refused, and the answer does not tell that either.
#[must_use]
pub fn judge_attempt(
    counter: Counter,
    attempt: Attempt,
    password_right: bool,
    now: Instant,
) -> Verdict {
    let failures = counter.failures.saturating_add(1);
    if counter.locked_at.is_some() {
        let failures = if password_right { counter.failures } else { failures };
        let counter = Counter { failures, ..counter };
        return Verdict { counter, locked_now: false, refusal: Some(locked()) };
    }
    if password_right {
        // Signing does not forgive: somebody at an open session who guesses is not forgiven by its owner.
        let counter = if attempt == Attempt::SignIn { Counter::default() } else { counter };
        return Verdict { counter, locked_now: false, refusal: None };
    }
    let locks = failures >= FAILURES_THAT_LOCK;
    let counter = Counter { failures, locked_at: locks.then_some(now) };
    let refusal = if locks { locked() } else { wrong(attempt) };
    Verdict { counter, locked_now: locks, refusal: Some(refusal) }
}

/// The refusal for a user name that nobody has: word for word the one of a wrong password.
#[must_use]
pub fn wrong(attempt: Attempt) -> Refusal {
    let rule: &'static Rule = match attempt {
        Attempt::SignIn => &rule::SIGN_IN_REFUSED,
        Attempt::Signing => &rule::SIGNING_REFUSED,
    };
    Refusal::new(rule, "nothing was done")
}

fn locked() -> Refusal {
    Refusal::new(&rule::ACCOUNT_LOCKED, "the right password is refused too")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Instant = Instant(1_772_000_000_000_000);

    fn after(attempts: &[(Attempt, bool)]) -> Verdict {
        let start = Verdict { counter: Counter::default(), locked_now: false, refusal: None };
        attempts.iter().fold(start, |verdict, (attempt, right)| {
            judge_attempt(verdict.counter, *attempt, *right, NOW)
        })
    }

    fn code(verdict: &Verdict) -> Option<&'static str> {
        verdict.refusal.as_ref().map(|refusal| refusal.rule.code)
    }

    // shows: P11-300d.a, T24.a
    #[test]
    fn the_fifth_failure_locks_at_sign_in_and_at_signing_alike() {
        for attempts in [
            [Attempt::SignIn; 5],
            [Attempt::Signing; 5],
            [
                Attempt::SignIn,
                Attempt::Signing,
                Attempt::Signing,
                Attempt::SignIn,
                Attempt::Signing,
            ],
        ] {
            let wrong = attempts.map(|attempt| (attempt, false));
            assert!(!after(&wrong[..4]).locked_now);
            let locked = after(&wrong);
            assert!(locked.locked_now && locked.counter.locked_at == Some(NOW));
            assert_eq!(code(&locked), Some("account-locked"));
        }
    }

    // shows: P11-300d.a, A11D-11.7.a, T25.a
    #[test]
    fn a_locked_account_refuses_the_right_password_and_waiting_does_not_help() {
        let locked = after(&[(Attempt::SignIn, false); 5]).counter;
        for years in [0, 1, 50] {
            for attempt in [Attempt::SignIn, Attempt::Signing] {
                let later = NOW.plus_minutes(years * 365 * 24 * 60);
                let verdict = judge_attempt(locked, attempt, true, later);
                assert_eq!(code(&verdict), Some("account-locked"));
                assert_eq!((verdict.counter, verdict.locked_now), (locked, false));
            }
        }
    }

    #[test]
    fn a_good_sign_in_forgives_and_a_good_signing_does_not() {
        let (wrong, right) = ((Attempt::Signing, false), (Attempt::Signing, true));
        assert_eq!(after(&[wrong, wrong, (Attempt::SignIn, true)]).counter, Counter::default());
        assert_eq!(after(&[wrong, wrong, right]).counter.failures, 2);
    }

    #[test]
    fn a_locked_account_answers_right_and_wrong_passwords_alike() {
        let locked = after(&[(Attempt::SignIn, false); 5]).counter;
        let answers =
            [true, false].map(|right| judge_attempt(locked, Attempt::SignIn, right, NOW).refusal);
        assert_eq!(answers[0], answers[1]);
    }

    proptest! {
        #[test]
        fn locked_is_exactly_five_failures_since_the_last_good_sign_in(
            attempts in proptest::collection::vec((any::<bool>(), any::<bool>()), 0..30)
        ) {
            let (mut counter, mut count, mut locked) = (Counter::default(), 0, false);
            for (signing, right) in attempts {
                let attempt = if signing { Attempt::Signing } else { Attempt::SignIn };
                let verdict = judge_attempt(counter, attempt, right, NOW);
                let was_locked = locked;
                if !locked {
                    count = match (right, attempt) {
                        (true, Attempt::SignIn) => 0,
                        (true, Attempt::Signing) => count,
                        (false, _) => count + 1,
                    };
                    locked = count >= FAILURES_THAT_LOCK;
                }
                prop_assert_eq!(verdict.counter.locked_at.is_some(), locked);
                prop_assert_eq!(verdict.locked_now, locked && !was_locked);
                prop_assert_eq!(verdict.refusal.is_none(), right && !was_locked);
                counter = verdict.counter;
            }
        }
    }
}
