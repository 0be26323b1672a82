//! Signing in: who somebody is, proved by their password. Every attempt stands in the access log.

use super::{Entered, attempt, may_enter, stored};
use crate::app::desk::{Desk, Failure};
use crate::app::proof::Try;
use crate::domain::refusal::Refusal;
use crate::identity::lockout;
use crate::identity::password::{self, Standing};
use crate::identity::refresh::{self, RefreshToken};
use crate::identity::session::SessionRow;
use crate::identity::user_name::UserName;
use crate::store::clock::real_time;
use crate::store::operational::{RefreshRow, sessions};
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What was typed at the sign-in.
pub struct SignIn {
    /// User name, as typed.
    pub user_name: String,
    /// Password, as typed.
    pub password: Zeroizing<String>,
    /// What the client calls its station, or its address.
    pub station: String,
    /// The request's id.
    pub request_id: String,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignIn(of {:?} at {:?})", self.user_name, self.station)
    }
}

impl Desk {
    /// Signs somebody in. Blocks.
    ///
    /// # Errors
    /// `sign-in-refused` (not saying why), `account-locked`, `Busy`.
    pub fn sign_in(&self, typed: &SignIn) -> Result<Entered, Failure> {
        let tried = Try {
            attempt: lockout::Attempt::SignIn,
            caller: None,
            request_id: &typed.request_id,
            what: "sign-in",
        };
        let Ok(name) = UserName::parse(&typed.user_name) else {
            self.turnstile.pass(|| password::dummy_check(&typed.password, self.cost))?;
            let refusal = lockout::wrong(lockout::Attempt::SignIn);
            return Err(self.refused(tried, Some(&typed.user_name), refusal));
        };
        let known = self.recognise(&name, &typed.password, tried)?;
        let person = known.person();
        may_enter(person)
            .map_err(|refusal: Refusal| self.refused(tried, Some(&person.user_name), refusal))?;
        let real = real_time();
        let owed = known.standing == Standing::Temporary || person.must_change_password;
        let row = SessionRow::begin(Uuid::now_v7(), person.key.id, &typed.station, owed, real);
        let (refresh_token, refresh_row) = self.fresh_refresh(&row);
        let session_row = stored(&row);
        self.write(move |db| {
            sessions::put(db, &session_row)?;
            sessions::put_refresh(db, &refresh_row)
        })?;
        let mut kept = attempt(tried, Some(&person.user_name), "allowed", None);
        (kept.person, kept.session) = (Some(person.key.id), Some(row.id));
        kept.station = Some(typed.station.clone());
        self.note(kept)?;
        let token = self.tokens.issue(person.key.id, row.id, real);
        Ok(Entered {
            access_token: token.text,
            expires_at: token.expires_at,
            refresh_token,
            session: row.id,
            who: self.standing(person)?,
        })
    }

    fn fresh_refresh(&self, row: &SessionRow) -> (RefreshToken, RefreshRow) {
        let token = RefreshToken::generate();
        let stored = RefreshRow {
            hash: refresh::hash(token.text()),
            session: row.id,
            expires_at: self.limits.ends_at(row.started_at),
            used_at: None,
        };
        (token, stored)
    }
}
