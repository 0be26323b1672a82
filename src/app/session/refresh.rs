//! Going on: a refresh token is good once; used twice, it ends the session.

use super::{Entered, attempt, judged, may_enter};
use crate::app::desk::{Desk, Failure};
use crate::app::proof::Try;
use crate::domain::refusal::Refusal;
use crate::identity::lockout;
use crate::identity::refresh::{self, RefreshToken, Rotation, judge_refresh};
use crate::identity::refusal::REFRESH_REUSED;
use crate::identity::session::judge_session;
use crate::store::clock::real_time;
use crate::store::operational::{RefreshRow, sessions};

fn stored(row: &refresh::RefreshRow) -> RefreshRow {
    RefreshRow {
        hash: row.hash,
        session: row.session,
        expires_at: row.expires_at,
        used_at: row.used_at,
    }
}

impl Desk {
    /// Exchanges a refresh token for a new pair of tokens. Blocks.
    ///
    /// # Errors
    /// `refresh-refused`, `refresh-token-reused` (which ends the session), `session-…`.
    pub fn refresh(&self, text: &str, request_id: &str) -> Result<Entered, Failure> {
        let tried = Try {
            attempt: lockout::Attempt::SignIn,
            caller: None,
            request_id,
            what: "session-refresh",
        };
        let real = real_time();
        let found = self.read(|db| sessions::refresh(db, &refresh::hash(text)))?;
        let found = found.map(|row| refresh::RefreshRow {
            hash: row.hash,
            session: row.session,
            expires_at: row.expires_at,
            used_at: row.used_at,
        });
        let next = RefreshToken::generate();
        let rotation = judge_refresh(found.as_ref(), &next, real)
            .map_err(|refusal| self.refused(tried, None, refusal))?;
        let (used, fresh) = match rotation {
            Rotation::Rotated { used, next } => (used, next),
            Rotation::Reused { session, refusal } => {
                self.write(move |db| sessions::revoke(db, session, real))?;
                return Err(self.refused(tried, None, refusal));
            }
        };
        let row = self.read(|db| sessions::get(db, used.session))?.map(|row| judged(&row));
        let row = row.ok_or_else(|| Failure::Broken("a refresh token without session".into()))?;
        judge_session(&row, self.limits, real)
            .map_err(|refusal| self.refused(tried, None, refusal))?;
        let state = self.person_state(row.person)?;
        let person = state.as_person().ok_or_else(|| Failure::Broken("no person".into()))?;
        may_enter(person)
            .map_err(|refusal| self.refused(tried, Some(&person.user_name), refusal))?;
        let (id, used, fresh) = (row.id, stored(&used), stored(&fresh));
        let exchanged = self.write(move |db| {
            // Read again where it is written: of two hands with one token only one gets the next.
            let unused =
                sessions::refresh(db, &used.hash)?.is_some_and(|row| row.used_at.is_none());
            if unused {
                sessions::put_refresh(db, &used)?;
                sessions::put_refresh(db, &fresh)?;
                sessions::seen(db, id, real)?;
            } else {
                sessions::revoke(db, id, real)?;
            }
            Ok(unused)
        })?;
        if !exchanged {
            let refusal = Refusal::new(&REFRESH_REUSED, "two hands used it in one moment");
            return Err(self.refused(tried, Some(&person.user_name), refusal));
        }
        let mut kept = attempt(tried, Some(&person.user_name), "allowed", None);
        (kept.person, kept.session) = (Some(person.key.id), Some(row.id));
        self.note(kept)?;
        let token = self.tokens.issue(person.key.id, row.id, real);
        Ok(Entered {
            access_token: token.text,
            expires_at: token.expires_at,
            refresh_token: next,
            session: row.id,
            who: self.standing(person)?,
        })
    }
}
