//! Who calls. What was just read of a caller is remembered, so that an order need not ask the database
//! before it stands in the queue: the lane reads session and person again in the order's transaction.

use super::recent::Seen;
use super::{judged, may_enter};
use crate::app::desk::{Desk, gone};
use crate::app::words::{Caller, Failure};
use crate::domain::person::Person;
use crate::domain::refusal::Refusal;
use crate::identity::refusal::SESSION_REVOKED;
use crate::identity::session::{SessionRow, judge_session};
use crate::seal::digest::sha256;
use crate::store::clock::real_time;
use crate::store::operational::sessions;

/// How long something read is remembered at most, µs: another process may end a session too.
const MOMENT: i64 = 1_000_000;

impl Desk {
    /// Who calls: the token, its session's row and the person, all of this moment. Somebody
    /// deactivated or locked a second ago is nobody.
    ///
    /// # Errors
    /// `token-invalid`, `token-expired`, `session-…`, `person-inactive`, `account-locked`.
    pub fn authenticate(&self, token: &str) -> Result<Caller, Failure> {
        let real = real_time();
        let hash = sha256(&[token.as_bytes()]);
        let claims = match self.recent.get(&hash) {
            // The same text was verified before; only time can have made it worthless.
            Some(seen) => seen.claims.judge_expiry(real).map(|()| seen.claims)?,
            None => self.tokens.verify(token, real)?,
        };
        // Read before the rows: what changes after this makes what is remembered count no more.
        let standing = self.store.standing();
        let row = self.read(|db| sessions::get(db, claims.sid))?;
        let row = row.filter(|row| row.person == claims.sub);
        let row =
            row.ok_or_else(|| Refusal::new(&SESSION_REVOKED, "there is no such session any more"))?;
        let row = judged(&row);
        judge_session(&row, self.limits, real)?;
        let state = self.person_state(row.person)?;
        let person = state.as_person().ok_or_else(|| gone(row.person))?;
        may_enter(person)?;
        if row.seen_is_due(real) {
            let id = row.id;
            self.write(move |db| sessions::seen(db, id, real))?;
        }
        let caller = caller(&row, person);
        self.recent.keep(hash, Seen { claims, row, person: state, standing, at: real });
        Ok(caller)
    }

    /// Who gives an order, from what was read of them a moment ago; never blocks. `None`: ask
    /// [`Self::authenticate`]. Good for orders to the lane only, which reads the same again.
    #[must_use]
    pub fn recollect(&self, token: &str) -> Option<Caller> {
        let real = real_time();
        let seen = self.recent.get(&sha256(&[token.as_bytes()]))?;
        let fresh = (0..MOMENT).contains(&real.since(seen.at));
        if !fresh || seen.standing != self.store.standing() || seen.row.seen_is_due(real) {
            return None;
        }
        seen.claims.judge_expiry(real).ok()?;
        judge_session(&seen.row, self.limits, real).ok()?;
        let person = seen.person.as_person()?;
        may_enter(person).ok()?;
        Some(caller(&seen.row, person))
    }
}

fn caller(row: &SessionRow, person: &Person) -> Caller {
    Caller {
        person: row.person,
        session: row.id,
        user_name: person.user_name.clone(),
        station: row.station.clone(),
        password_change_owed: row.password_change_owed || person.must_change_password,
    }
}
