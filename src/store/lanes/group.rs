//! One group: its commands decided in order of arrival, each against what the earlier ones left.

use super::decided::Group;
use super::knowledge::Knowledge;
use super::load;
use super::sealing::{Act, Halt, Place, Sealed, head_of};
use crate::domain::clock::{Instant, Zone};
use crate::domain::command::{Decision, Happened, Planned, Stamp};
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::loaded::Loaded;
use crate::domain::policy::{Actor, Permit};
use crate::domain::refusal::{PERSON_INACTIVE, Refusal};
use crate::domain::signing::Signer;
use crate::domain::state::State;
use crate::seal::digest::{Hash, from_hex};
use crate::store::db::Db;
use crate::store::derived;
use crate::store::fault::StoreError;
use crate::store::operational::sessions;
use crate::store::refusal::{KEY_REUSED, SESSION_UNKNOWN};
use crate::store::replay::{frozen_by, signed};
use crate::store::submission::{Outcome, Submission};
use crate::store::unit::{self, Receipt};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use uuid::Uuid;

impl Group {
    /// Decides a command. An error is the group's: the engine's, or a decision that does not fold.
    pub(super) fn command(
        &mut self,
        conn: &mut Db,
        known: &mut Knowledge,
        submission: &Submission,
    ) -> Result<Outcome, StoreError> {
        let decided = match self.repeated(conn, submission) {
            Ok(Some(outcome)) => Ok(outcome),
            Ok(None) => self.decided(conn, known, submission),
            Err(halt) => Err(halt),
        };
        match decided {
            Ok(outcome) => Ok(outcome),
            Err(Halt::Refused(refusal)) => {
                // Before there is a site there is no access log to keep it in.
                if self.site.or(known.site).is_some() {
                    let attempt = self.refused_attempt(conn, known, submission, &refusal)?;
                    self.attempt(conn, known, attempt)?;
                }
                Ok(Outcome::Refused(refusal))
            }
            Err(Halt::Failed(StoreError::Engine(fault))) => Err(StoreError::Engine(fault)),
            Err(Halt::Failed(fault)) => Ok(Outcome::Failed(fault)),
            Err(Halt::Half(fault)) => Err(fault),
        }
    }

    fn repeated(
        &mut self,
        conn: &mut Db,
        submission: &Submission,
    ) -> Result<Option<Outcome>, Halt> {
        let Some(key) = &submission.receipt else { return Ok(None) };
        let principal = principal_bytes(submission);
        let found = match self.unit.receipt_of(&principal, &key.key) {
            Some(receipt) => Some(receipt.clone()),
            None => match &self.receipts {
                Some(stored) => stored.iter().find(|one| one.is_of(&principal, &key.key)).cloned(),
                None => unit::receipt(conn, &principal, &key.key)?,
            },
        };
        let Some(receipt) = found else { return Ok(None) };
        if receipt.hmac != key.hmac {
            let detail = format!("{:?} belongs to an earlier, different request", key.key);
            return Err(Refusal::new(&KEY_REUSED, detail).into());
        }
        let unreadable = |e: serde_json::Error| StoreError::Broken {
            table: "receipts",
            row: receipt.key.clone(),
            detail: e.to_string(),
        };
        let answer = serde_json::from_str(&receipt.answer).map_err(unreadable);
        let heads = serde_json::from_str(&receipt.heads).map_err(unreadable);
        Ok(Some(match (answer, heads) {
            (Ok(answer), Ok(heads)) => Outcome::Done { answer, heads, replayed: true },
            (Err(fault), _) | (_, Err(fault)) => Outcome::Failed(fault),
        }))
    }

    fn decided(
        &mut self,
        conn: &mut Db,
        known: &mut Knowledge,
        submission: &Submission,
    ) -> Result<Outcome, Halt> {
        self.check_session(conn, known, submission)?;
        let persons = persons(submission);
        let command = submission.command.as_ref();
        let loaded = load::load(conn, known, self, &persons, command)?;
        let pace = known.pace.clone();
        let (set, before) = known.set_clock_for(command).unzip();
        let sealed = self.stamp(known, submission, &loaded, set).and_then(|stamp| {
            let decision = command.decide(&loaded, &stamp)?;
            let (permit, events) = (&decision.permit, &decision.events);
            let sealed = self.seal_all(conn, known, submission, &stamp, permit, events)?;
            Ok((stamp, decision, sealed))
        });
        let (stamp, Decision { permit, events, answer }, sealed) = match (sealed, before) {
            (Ok(sealed), None) => sealed,
            (Ok(sealed), Some(before)) => {
                self.clock.get_or_insert(before);
                sealed
            }
            (Err(halt), before) => {
                if let Some(before) = before {
                    known.restore_clock(before);
                    known.pace = pace;
                }
                return Err(halt);
            }
        };
        // What an earlier command of this group made is changed in place: nobody else has seen it.
        drop(loaded);
        let mut heads: Vec<(RecordKey, u64)> = Vec::new();
        for (planned, sealed) in events.into_iter().zip(sealed) {
            let head = (planned.record, sealed.parts.seq);
            match heads.iter_mut().find(|(record, _)| *record == planned.record) {
                Some(newer) => *newer = head,
                None => heads.push(head),
            }
            self.happen(conn, known, planned, sealed, &stamp, &permit.role).map_err(Halt::Half)?;
        }
        if let Some(key) = &submission.receipt {
            let principal = principal_bytes(submission);
            self.unit.receipt(Receipt::of(principal, key, &answer, &heads, stamp.at.0));
        }
        self.unit.alongside(submission.alongside.clone());
        Ok(Outcome::Done { answer, heads, replayed: false })
    }

    /// The session is read again here: what was ended a moment ago does nothing more.
    fn check_session(
        &mut self,
        conn: &mut Db,
        known: &Knowledge,
        submission: &Submission,
    ) -> Result<(), Halt> {
        let Some(id) = submission.session else { return Ok(()) };
        if let Entry::Vacant(unread) = self.sessions.entry(id) {
            unread.insert(sessions::get(conn, id)?);
        }
        let unknown = |detail: &str| Halt::Refused(Refusal::new(&SESSION_UNKNOWN, detail));
        let row = self.sessions.get(&id).and_then(Option::as_ref);
        let row = row.ok_or_else(|| unknown("no session of this site has this identity"))?;
        if Some(row.person) != submission.principal {
            return Err(unknown("it belongs to somebody else"));
        }
        if let Some(judge) = &known.judge {
            return Ok(judge(row, crate::store::clock::real_time())?);
        }
        if row.revoked_at.is_some() { Err(unknown("it was ended")) } else { Ok(()) }
    }

    fn stamp(
        &self,
        known: &mut Knowledge,
        submission: &Submission,
        loaded: &Loaded,
        at: Option<Instant>,
    ) -> Result<Stamp, Halt> {
        let actor = match submission.principal {
            Some(id) => Some(standing(loaded, id)?),
            None => None,
        };
        let signer = |of_principal: bool| {
            let key = submission
                .keys
                .iter()
                .find(|key| (Some(key.person) == submission.principal) == of_principal)?;
            Some(Signer { person: key.person, components: key.components })
        };
        let second = signer(false);
        if let Some(second) = &second {
            standing(loaded, second.person)?;
        }
        let at = at.unwrap_or_else(|| known.next_time());
        let zone = self.zone(known, loaded, at)?;
        let mut ids = submission.ids.clone();
        ids.extend(std::iter::repeat_with(fresh_id).take(8));
        Ok(Stamp {
            at,
            zone,
            clock: known.clock_kind(),
            actor,
            session: submission.session,
            station: submission.station.clone(),
            signer: signer(true),
            second,
            ids,
        })
    }

    fn zone(&self, known: &mut Knowledge, loaded: &Loaded, at: Instant) -> Result<Zone, Halt> {
        match loaded.site() {
            Ok(site) => Ok(known.zone(&site.zone, at)?),
            Err(_) => Ok(Zone::utc()),
        }
    }

    /// Signs and seals all events of a command before any is folded: a missing signature leaves nothing.
    fn seal_all(
        &mut self,
        conn: &mut Db,
        known: &mut Knowledge,
        submission: &Submission,
        stamp: &Stamp,
        permit: &Permit,
        events: &[Planned],
    ) -> Result<Vec<Sealed>, Halt> {
        let founded = events.iter().map(|e| e.record).find(|r| r.kind == RecordKind::Site);
        let site = known
            .site
            .or(self.site)
            .or(founded)
            .ok_or(StoreError::Founding("this database holds no site yet: found it first"))?;
        let mut signers: Vec<Arc<State>> = Vec::new();
        for key in &submission.keys {
            let record = RecordKey::new(RecordKind::Person, key.person);
            signers.extend(load::state(conn, known, self, record)?);
        }
        let act = Act {
            site: site.id,
            stamp,
            permit,
            command: fresh_id(),
            request_id: submission.request_id.as_deref(),
            keys: &submission.keys,
            statements: &submission.statements,
        };
        let mut heads: HashMap<RecordKey, (u64, Hash, String)> = HashMap::new();
        let mut sealed = Vec::with_capacity(events.len());
        for (part, planned) in (0_u32..).zip(events) {
            let (seq, previous, number) = match heads.remove(&planned.record) {
                Some(head) => head,
                None => head_of(load::state(conn, known, self, planned.record)?, planned),
            };
            let place = Place { seq: seq + 1, previous, number: &number, part };
            let person =
                |id: Uuid| signers.iter().filter_map(|s| s.as_person()).find(|p| p.key.id == id);
            let one = act.seal(planned, &place, person)?;
            heads.insert(planned.record, (seq + 1, one.entry.link, number));
            sealed.push(one);
        }
        Ok(sealed)
    }

    /// Folds one sealed event and keeps it to be written.
    fn happen(
        &mut self,
        conn: &mut Db,
        known: &mut Knowledge,
        planned: Planned,
        sealed: Sealed,
        stamp: &Stamp,
        role: &str,
    ) -> Result<(), StoreError> {
        let record = planned.record;
        for (hash, bytes) in &planned.blobs {
            let named = from_hex(hash).ok_or_else(|| {
                StoreError::Decision(format!("{hash:?} is no hash to name a blob by"))
            })?;
            self.unit.blob(named, Arc::clone(bytes));
        }
        let recipe = match frozen_by(&planned.name, &planned.data) {
            Some(hash) => Some(match known.recipes.known(hash) {
                Some(recipe) => recipe,
                None => known.recipes.get(conn, hash)?,
            }),
            None => None,
        };
        let current = match self.changed.remove(&record) {
            Some(state) => Some(state),
            None => self.first_change(conn, known, record)?,
        };
        let signatures =
            signed(&sealed.signatures, sealed.parts.seq).map_err(StoreError::Decision)?;
        let happened = Happened {
            record,
            seq: sealed.parts.seq,
            at: stamp.at,
            zone: &stamp.zone,
            actor: stamp.actor.as_ref(),
            role,
            name: &planned.name,
            version: planned.version,
            data: (&planned.data).into(),
            signatures: &signatures,
            link: sealed.entry.link,
        };
        let state = State::evolve(current.map(Arc::unwrap_or_clone), &happened, recipe)
            .map_err(|fault| StoreError::Decision(fault.to_string()))?;
        if sealed.parts.seq == 1 {
            if record.kind == RecordKind::Site {
                self.site = Some(record);
            }
            if let Some(number) = state.number() {
                self.numbers.insert((record.kind, number), record);
            }
        }
        self.changed.insert(record, Arc::new(state));
        let said = (&planned.data, sealed.signatures.as_slice());
        self.unit.entry(&sealed.parts, sealed.entry, said)
    }

    /// The committed state that this group changes a copy of; the marks of its rows are known then.
    fn first_change(
        &self,
        conn: &mut Db,
        known: &mut Knowledge,
        record: RecordKey,
    ) -> Result<Option<Arc<State>>, StoreError> {
        let state = load::state(conn, known, self, record)?;
        if let Some(state) = &state {
            known.marks.keep(record, state);
        }
        Ok(state)
    }

    /// Whether somebody who may call has become another.
    pub(super) fn changes_persons(&self) -> bool {
        self.changed.keys().any(|record| record.kind == RecordKind::Person)
    }

    /// Adds the differences of derived rows: the last thing before the unit is written.
    pub(super) fn close(&mut self, known: &mut Knowledge) {
        for (record, state) in &self.changed {
            let difference = known.marks.difference(*record, state);
            let all = if difference.vanished { derived::rows(state) } else { Vec::new() };
            self.unit.derived(*record, difference, all);
        }
    }
}

pub(super) fn principal_bytes(submission: &Submission) -> Vec<u8> {
    submission.principal.unwrap_or(Uuid::nil()).as_bytes().to_vec()
}

fn persons(submission: &Submission) -> Vec<Uuid> {
    let mut persons: Vec<Uuid> = submission.principal.into_iter().collect();
    for key in &submission.keys {
        if !persons.contains(&key.person) {
            persons.push(key.person);
        }
    }
    persons
}

/// A fresh UUIDv7.
fn fresh_id() -> Uuid {
    let millis = crate::store::clock::real_time().0 / 1000;
    let random = rand::random::<[u8; 10]>();
    uuid::Builder::from_unix_timestamp_millis(millis.unsigned_abs(), &random).into_uuid()
}

/// Somebody whose account stands.
fn standing(loaded: &Loaded, id: Uuid) -> Result<Actor, Refusal> {
    let person = loaded.person(id)?;
    if !person.active || person.locked.is_some() {
        let what = if person.active { "locked" } else { "deactivated" };
        let detail = format!("the account {} is {what}", person.user_name);
        return Err(Refusal::new(&PERSON_INACTIVE, detail));
    }
    Ok(person.actor())
}
