//! What a group keeps in the access log: attempts told to it, and its own refusals.

use super::decided::Group;
use super::knowledge::Knowledge;
use super::load;
use super::sealing::{seal_clock, seal_zone};
use crate::domain::clock::Zone;
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::refusal::Refusal;
use crate::domain::state::State;
use crate::seal::access::{AccessParts, SealedAccess};
use crate::store::access_log::Attempt;
use crate::store::db::Db;
use crate::store::fault::StoreError;
use crate::store::submission::Submission;
use serde_json::json;

impl Group {
    /// Keeps an attempt in the access log.
    pub(super) fn attempt(
        &mut self,
        conn: &mut Db,
        known: &mut Knowledge,
        attempt: Attempt,
    ) -> Result<(), StoreError> {
        let site = known.site.or(self.site).ok_or(StoreError::Founding(
            "this database holds no site yet, so there is no access log",
        ))?;
        let at = known.next_time();
        let state = load::state(conn, known, self, site)?;
        let zone = match state.as_deref().and_then(State::as_site) {
            Some(site) => known.zone(&site.zone, at)?,
            None => Zone::utc(),
        };
        let parts = AccessParts {
            site: site.id,
            at: at.0,
            zone: seal_zone(&zone),
            clock: seal_clock(known.clock_kind()),
            what: attempt.what,
            user_name: attempt.user_name,
            person: attempt.person,
            session: attempt.session,
            request_id: attempt.request_id,
            station: attempt.station,
            outcome: attempt.outcome,
            code: attempt.code,
            rule: attempt.rule,
            detail: attempt.detail,
        };
        let (seq, previous) = known.pace.access;
        let sealed = SealedAccess::seal(parts.clone(), seq + 1, &previous).or_else(|fault| {
            // What cannot be kept as it came is kept without its detail rather than not at all.
            let detail = json!({ "left_out": fault.to_string() });
            SealedAccess::seal(AccessParts { detail, ..parts }, seq + 1, &previous)
        });
        let sealed = sealed.map_err(|fault| StoreError::Decision(fault.to_string()))?;
        self.unit.attempt(&sealed)?;
        known.pace.access = (seq + 1, sealed.link);
        Ok(())
    }

    /// A refused command as an attempt.
    pub(super) fn refused_attempt(
        &self,
        conn: &mut Db,
        known: &Knowledge,
        submission: &Submission,
        refusal: &Refusal,
    ) -> Result<Attempt, StoreError> {
        let mut detail = json!({ "detail": refusal.detail, "missing": refusal.missing });
        let about = submission.command.about();
        if !about.is_null() {
            detail["about"] = about;
        }
        let person = submission.principal.map(|id| RecordKey::new(RecordKind::Person, id));
        let person = person.map(|key| load::state(conn, known, self, key)).transpose()?.flatten();
        Ok(Attempt {
            what: submission.command.name().to_owned(),
            user_name: person.and_then(|s| s.as_person().map(|p| p.user_name.clone())),
            person: submission.principal,
            session: submission.session,
            request_id: submission.request_id.clone(),
            station: submission.station.clone(),
            outcome: "refused".into(),
            code: Some(refusal.rule.code.to_owned()),
            rule: Some(refusal.rule.rule.to_owned()),
            detail,
        })
    }
}
