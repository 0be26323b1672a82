//! From a planned event to the exact bytes that are stored: signatures made, body and header sealed.

use super::super::fault::StoreError;
use super::super::refusal::KEY_NOT_ENROLLED;
use super::super::submission::UnlockedKey;
use crate::domain::clock::{ClockKind, Zone};
use crate::domain::command::{Planned, Stamp};
use crate::domain::person::Person;
use crate::domain::policy::Permit;
use crate::domain::refusal::{
    BODY_TOO_LARGE, MALFORMED, Refusal, SIGNATURE_REQUIRED, SIGNING_KEY_MISSING,
};
use crate::domain::signing::SignatureRequest;
use crate::domain::state::State;
use crate::seal::digest::{self, Hash, NO_PREVIOUS};
use crate::seal::entry::{
    Actor as SealActor, ClockKind as SealClock, CommandPart, Entry, EntryFault, EventName,
    HeaderParts, Zone as SealZone,
};
use crate::seal::key::PrivateKey;
use crate::seal::signature::{self, Manifest, Position, SIGNATURE_FORMAT, content_hash};
use crate::seal::site::{KeyUse, Statement};
use rand::RngCore as _;
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// Why a command ends without its events.
#[derive(Debug)]
pub(super) enum Halt {
    /// A rule forbids.
    Refused(Refusal),
    /// The store or the program failed before any state was changed.
    Failed(StoreError),
    /// It failed when states were half changed: the whole group is undone.
    Half(StoreError),
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Halt {
    fn from(fault: StoreError) -> Self {
        Self::Failed(fault)
    }
}

/// What all entries of one command share.
pub(super) struct Act<'a> {
    pub(super) site: Uuid,
    pub(super) stamp: &'a Stamp,
    pub(super) permit: &'a Permit,
    pub(super) command: Uuid,
    pub(super) request_id: Option<&'a str>,
    pub(super) keys: &'a [UnlockedKey],
    pub(super) statements: &'a [(KeyUse, PrivateKey)],
}

/// Where an entry comes to stand.
pub(super) struct Place<'a> {
    pub(super) seq: u64,
    pub(super) previous: Hash,
    pub(super) number: &'a str,
    pub(super) part: u32,
}

/// A sealed entry with what `evolve` needs of it.
pub(super) struct Sealed {
    pub(super) parts: HeaderParts,
    pub(super) entry: Entry,
    pub(super) signatures: Vec<Value>,
}

/// The zone in the form that is hashed.
pub(super) fn seal_zone(zone: &Zone) -> SealZone {
    SealZone { name: zone.name.clone(), offset_minutes: zone.offset_minutes }
}

/// The clock's kind in the form that is hashed.
pub(super) fn seal_clock(kind: ClockKind) -> SealClock {
    match kind {
        ClockKind::System => SealClock::System,
        ClockKind::Unsettled => SealClock::Unsettled,
        ClockKind::Simulated => SealClock::Simulated,
    }
}

impl Act<'_> {
    /// Signs and seals an event. `person` looks up whose key is enrolled at this point of the command.
    pub(super) fn seal<'p>(
        &self,
        planned: &Planned,
        place: &Place<'_>,
        person: impl Fn(Uuid) -> Option<&'p Person>,
    ) -> Result<Sealed, Halt> {
        let mut signatures = Vec::with_capacity(planned.signatures.len());
        for request in &planned.signatures {
            signatures.push(self.sign(planned, place, request, person(request.person))?);
        }
        for (purpose, key) in self.statements {
            signatures.push(self.state(planned, place, *purpose, key)?);
        }
        let mut salt = [0; 16];
        rand::rng().fill_bytes(&mut salt);
        let parts = self.header(planned, place);
        let sealed = Entry::seal_parts(parts.clone(), salt, &planned.data, &signatures);
        let entry = sealed.map_err(|fault| match fault {
            EntryFault::BodyTooLarge(bytes) => {
                let detail = format!("this one would have {bytes} bytes");
                Halt::Refused(Refusal::new(&BODY_TOO_LARGE, detail))
            }
            EntryFault::Body(fault) => Halt::Refused(Refusal::new(&MALFORMED, fault.to_string())),
            fault => Halt::Failed(StoreError::Decision(fault.to_string())),
        })?;
        Ok(Sealed { parts, entry, signatures })
    }

    /// Whether verification will find the event made by whoever may make it: a rule that permits it by another
    /// authority than the event says would make a true entry look forged.
    fn is_admitted(&self, planned: &Planned) -> bool {
        let admitted = State::admitted(&planned.name);
        match (&self.stamp.actor, &self.permit.authority) {
            (Some(_), Some(authority)) => admitted.authorities.contains(authority),
            (Some(_), None) => admitted.own,
            (None, _) => admitted.without_person.contains(&self.permit.role.as_str()),
        }
    }

    fn header(&self, planned: &Planned, place: &Place<'_>) -> HeaderParts {
        debug_assert!(self.is_admitted(planned), "{} by {:?}", planned.name, self.permit);
        let actor = self.stamp.actor.as_ref().map_or_else(SealActor::system, |actor| SealActor {
            person: Some(actor.person),
            user_name: actor.user_name.clone(),
            printed_name: actor.printed_name.clone(),
        });
        HeaderParts {
            site: self.site,
            record_kind: planned.record.kind.as_str().to_owned(),
            record_id: planned.record.id,
            seq: place.seq,
            previous: place.previous,
            at: self.stamp.at.0,
            zone: seal_zone(&self.stamp.zone),
            actor,
            role: self.permit.role.clone(),
            authority: self.permit.authority.map(|used| used.as_str().to_owned()),
            station: self.stamp.station.clone(),
            area: planned.area.clone(),
            session: self.stamp.session,
            command: CommandPart { id: self.command, part: place.part },
            request_id: self.request_id.map(str::to_owned),
            software: env!("CARGO_PKG_VERSION").to_owned(),
            clock: seal_clock(self.stamp.clock),
            event: event_name(planned),
        }
    }

    fn sign(
        &self,
        planned: &Planned,
        place: &Place<'_>,
        request: &SignatureRequest,
        person: Option<&Person>,
    ) -> Result<Value, Halt> {
        let unlocked = self.keys.iter().find(|key| key.person == request.person);
        let Some(unlocked) = unlocked else {
            let detail = format!("{} has not signed in this act", request.printed_name);
            return Err(Refusal::new(&SIGNATURE_REQUIRED, detail).into());
        };
        let fingerprint = unlocked.key.public().id().to_hex();
        let enrolled = person.and_then(|p| p.signing_key.as_ref());
        let Some(enrolled) = enrolled else {
            let detail = format!("{} has none", request.printed_name);
            return Err(Refusal::new(&SIGNING_KEY_MISSING, detail).into());
        };
        if enrolled.fingerprint != fingerprint {
            let detail = format!("{}'s enrolled key is another", request.printed_name);
            return Err(Refusal::new(&KEY_NOT_ENROLLED, detail).into());
        }
        let content = content_hash(&planned.data)
            .map_err(|e| Halt::Refused(Refusal::new(&MALFORMED, e.to_string())))?;
        let meaning = serde_json::to_value(request.meaning).map_err(decision)?;
        let manifest = Manifest {
            format: SIGNATURE_FORMAT.into(),
            site: self.site,
            record_kind: planned.record.kind.as_str().to_owned(),
            record_id: planned.record.id,
            record_number: place.number.to_owned(),
            version: place.seq,
            chain_head: digest::to_hex(&place.previous),
            event: event_name(planned),
            content_hash: digest::to_hex(&content),
            meaning: meaning.as_str().unwrap_or_default().to_owned(),
            printed_name: request.printed_name.clone(),
            user_name: request.user_name.clone(),
            role: request.role.clone(),
            person: request.person,
            key: fingerprint,
            at: self.stamp.at.0,
            zone: seal_zone(&self.stamp.zone),
        };
        Ok(signature::sign(manifest, &unlocked.key).map_err(decision)?.to_value())
    }

    fn state(
        &self,
        planned: &Planned,
        place: &Place<'_>,
        purpose: KeyUse,
        key: &PrivateKey,
    ) -> Result<Value, Halt> {
        let zone = seal_zone(&self.stamp.zone);
        let chain_head = digest::to_hex(&place.previous);
        let event = event_name(planned);
        let position = Position {
            site: self.site,
            record_kind: planned.record.kind.as_str(),
            record_id: planned.record.id,
            version: place.seq,
            chain_head: &chain_head,
            event: &event,
            at: self.stamp.at.0,
            zone: &zone,
        };
        Ok(Statement::sign(purpose, key, &planned.data, &position).map_err(decision)?.to_value())
    }
}

fn event_name(planned: &Planned) -> EventName {
    EventName { name: planned.name.clone(), version: planned.version }
}

fn decision(fault: impl ToString) -> Halt {
    Halt::Failed(StoreError::Decision(fault.to_string()))
}

/// Sequence, link and business number of a record before a planned event.
pub(super) fn head_of(state: Option<Arc<State>>, planned: &Planned) -> (u64, Hash, String) {
    match state.as_deref() {
        Some(state) => (state.seq(), state.head(), state.called()),
        None => (0, NO_PREVIOUS, State::number_in(planned.record.kind, &planned.data)),
    }
}
