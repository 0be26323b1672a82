//! Sessions: signing in, going on, signing out; and what the access log keeps of attempts.

pub mod caller;
pub mod lock_out;
pub mod recent;
pub mod refresh;
pub mod sign_in;
pub mod sign_out;

use super::desk::Desk;
use super::proof::Try;
use super::words::{Caller, Failure};
use crate::domain::clock::Instant;
use crate::domain::ids::Key;
use crate::domain::person::Person;
use crate::domain::refusal::{PERSON_INACTIVE, Refusal};
use crate::domain::signing::refusal::LOCKED_OUT;
use crate::identity::refresh::RefreshToken;
use crate::identity::session::{SessionLimits, SessionRow, judge_session};
use crate::store::access_log::Attempt;
use crate::store::operational;
use crate::store::options::SessionJudge;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A session's row as identity judges it.
#[must_use]
pub fn judged(row: &operational::SessionRow) -> SessionRow {
    SessionRow {
        id: row.id,
        person: row.person,
        station: row.station.clone(),
        started_at: row.started_at,
        last_seen_at: row.last_seen_at,
        revoked_at: row.revoked_at,
        full_signing_at: row.full_signing_at,
        password_change_owed: row.password_change_owed,
    }
}

/// A session's row as it is stored.
pub(in crate::app) fn stored(row: &SessionRow) -> operational::SessionRow {
    operational::SessionRow {
        id: row.id,
        person: row.person,
        station: row.station.clone(),
        started_at: row.started_at,
        last_seen_at: row.last_seen_at,
        revoked_at: row.revoked_at,
        full_signing_at: row.full_signing_at,
        password_change_owed: row.password_change_owed,
    }
}

/// Whether this account may have a session at all. A temporary password may: to be changed.
pub(in crate::app) fn may_enter(person: &Person) -> Result<(), Refusal> {
    let who = &person.user_name;
    if !person.active {
        return Err(Refusal::new(&PERSON_INACTIVE, format!("{who} is deactivated")));
    }
    if let Some(since) = person.locked {
        return Err(Refusal::new(&LOCKED_OUT, format!("{who} is locked since {since}")));
    }
    Ok(())
}

/// An attempt as the access log keeps it.
pub(in crate::app) fn attempt(
    tried: Try<'_>,
    user_name: Option<&str>,
    outcome: &str,
    refusal: Option<&Refusal>,
) -> Attempt {
    Attempt {
        what: tried.what.to_owned(),
        user_name: user_name.map(|name| name.chars().take(100).collect()),
        person: tried.caller.map(|caller| caller.person),
        session: tried.caller.map(|caller| caller.session),
        request_id: Some(tried.request_id.to_owned()),
        station: tried.caller.map(|caller| caller.station.clone()),
        outcome: outcome.to_owned(),
        code: refusal.map(|refusal| refusal.rule.code.to_owned()),
        rule: refusal.map(|refusal| refusal.rule.rule.to_owned()),
        detail: serde_json::Value::Null,
    }
}

/// A caller's refused attempt as the access log keeps it.
pub(in crate::app) fn attempt_of(caller: &Caller, what: &str, refusal: &Refusal) -> Attempt {
    Attempt {
        what: what.to_owned(),
        user_name: Some(caller.user_name.clone()),
        person: Some(caller.person),
        session: Some(caller.session),
        station: Some(caller.station.clone()),
        outcome: "refused".to_owned(),
        code: Some(refusal.rule.code.to_owned()),
        rule: Some(refusal.rule.rule.to_owned()),
        ..Attempt::default()
    }
}

/// What somebody who signed in, or went on, is told.
#[derive(Debug, Clone)]
pub struct Entered {
    pub access_token: String,
    /// When it is worthless.
    pub expires_at: Instant,
    pub refresh_token: RefreshToken,
    pub session: uuid::Uuid,
    pub who: Standing,
}

/// How somebody stands at the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub user_name: String,
    pub printed_name: String,
    /// Names of the roles held.
    pub roles: Vec<String>,
    /// The password was issued by somebody else: choose an own one first.
    pub must_change_password: bool,
    /// The accountability statement in force is not acknowledged yet.
    pub accountability_owed: bool,
}

impl Desk {
    /// How a person stands at the site.
    ///
    /// # Errors
    /// `Broken` when the store fails.
    pub fn standing(&self, person: &Person) -> Result<Standing, Failure> {
        let site = self.state(&Key::Site)?;
        let current = site.as_site().map_or(0, |site| site.accountability.0);
        let roles: BTreeSet<_> = person.grants.iter().map(|grant| grant.role.clone()).collect();
        Ok(Standing {
            user_name: person.user_name.clone(),
            printed_name: person.printed_name.clone(),
            roles: roles.into_iter().collect(),
            must_change_password: person.must_change_password,
            accountability_owed: person.accountability.is_none_or(|(known, _)| known != current),
        })
    }

    /// How a caller stands at the site.
    ///
    /// # Errors
    /// `Broken` when the store fails.
    pub fn caller_standing(&self, caller: &Caller) -> Result<Standing, Failure> {
        let state = self.person_state(caller.person)?;
        let person = state.as_person().ok_or_else(|| Failure::Broken("no person".into()))?;
        self.standing(person)
    }
}

/// Judges sessions as the lane asks it: the rule of the porch, once more beside the write (T2).
#[must_use]
pub fn session_judge(limits: SessionLimits) -> SessionJudge {
    Arc::new(move |row, real| judge_session(&judged(row), limits, real))
}
