//! Persons' keys as learnt from enrolments, and every signature against the key in force at its time.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use super::Verifier;
use super::finding::Code;
use super::place::{Here, Place};
use crate::seal::key::{KeyKind, PublicKey};
use crate::seal::signature::{self, Position, Signature, SignatureFault};

/// The event that enrols a person's key: `data` has `key` (fingerprint) and `public_key` (SPKI base64);
/// the record is the person.
pub const KEY_ENROLLED: &str = "person.key-enrolled";
/// The event that ends a person's key: `data` has `key` (fingerprint), or none for all of the person's.
pub const KEY_DESTROYED: &str = "person.key-destroyed";

#[derive(Debug, Clone)]
struct Enrolment {
    key: String,
    public: PublicKey,
    place: Place,
}

/// The keys of one person.
#[derive(Debug, Clone, Default)]
struct Keys {
    enrolled: Vec<Enrolment>,
    destroyed: Vec<(Option<String>, Place)>,
}

/// What is remembered of persons.
#[derive(Debug, Default)]
pub(super) struct People {
    keys: Arc<HashMap<Uuid, Keys>>,
    /// Signatures on the records of site and persons, until all keys are known.
    waiting: Vec<(Signature, Place)>,
    /// Enrolment entries countersigned by the founding key or by another person.
    countersigned: HashSet<(Uuid, u64)>,
    /// Keys that nobody was enrolled with, each with how many signatures and the first of them.
    unknown: BTreeMap<(Uuid, String), (u64, Signature, Place)>,
}

impl People {
    pub fn countersigned_by_site(&mut self, place: &Place) {
        self.countersigned.insert((place.record, place.seq));
    }

    /// The same keys, of which nothing was met yet.
    pub fn fork(&self) -> Self {
        Self { keys: Arc::clone(&self.keys), ..Self::default() }
    }

    /// What another verification met.
    pub fn join(&mut self, other: Self) {
        for (whose, (count, made, place)) in other.unknown {
            self.met_unknown(whose, count, made, place);
        }
    }

    fn met_unknown(&mut self, whose: (Uuid, String), count: u64, made: Signature, place: Place) {
        let first = self.unknown.entry(whose).or_insert_with(|| (0, made.clone(), place.clone()));
        first.0 += count;
        if place.order() < first.2.order() {
            (first.1, first.2) = (made, place);
        }
    }

    /// The person's key with this fingerprint if it was in force at a time, why not, or `None` if unknown.
    fn key_in_force(
        &self,
        person: Uuid,
        key: &str,
        when: u64,
    ) -> Option<Result<&PublicKey, &'static str>> {
        let keys = self.keys.get(&person)?;
        let mut of_key = keys.enrolled.iter().filter(|enrolment| enrolment.key == key).peekable();
        of_key.peek()?;
        let newest = of_key
            .filter(|enrolment| enrolment.place.order() <= when)
            .max_by_key(|enrolment| enrolment.place.order());
        let Some(enrolment) = newest else { return Some(Err("its key was enrolled only later")) };
        let since = enrolment.place.order();
        let ended = keys.destroyed.iter().any(|(which, end)| {
            let this = which.as_deref().is_none_or(|which| which == key);
            this && since < end.order() && end.order() < when
        });
        let replaced = keys.enrolled.iter().any(|other| {
            let next = other.place.order();
            since < next && next < when
        });
        if ended || replaced {
            return Some(Err("its key was destroyed or replaced before"));
        }
        Some(Ok(&enrolment.public))
    }
}

impl Verifier {
    pub(super) fn person_signature(
        &mut self,
        signature: Signature,
        data: &Value,
        position: &Position<'_>,
        here: &Here<'_>,
    ) {
        self.counts.signatures += 1;
        if let Err(fault) = signature::check_place(&signature, data, position) {
            return self.signature_fault(&signature, &fault, &here.place());
        }
        if !self.settled {
            self.people.waiting.push((signature, here.place()));
            return;
        }
        let manifest = &signature.manifest;
        let in_force = self.people.key_in_force(manifest.person, &manifest.key, here.order());
        if let Some(Ok(public)) = in_force
            && signature::check_key_and_value(&signature, public).is_ok()
        {
            return;
        }
        self.judge_signature(signature, here.place());
    }

    fn signature_fault(&mut self, signature: &Signature, fault: &SignatureFault, place: &Place) {
        let code = match fault {
            SignatureFault::Moved { .. } => Code::SignatureMoved,
            SignatureFault::ContentDiffers { .. } => Code::SignatureContent,
            SignatureFault::WrongKey { .. } | SignatureFault::Forged => Code::SignatureForged,
            SignatureFault::Shape(_) | SignatureFault::Canon(_) | SignatureFault::Empty(_) => {
                Code::SignatureUnreadable
            }
        };
        self.signature_finding(code, signature, &fault.to_string(), place);
    }

    fn signature_finding(&mut self, code: Code, signature: &Signature, why: &str, place: &Place) {
        let manifest = &signature.manifest;
        let mut finding =
            place.finding(code, format!("the signature \"{}\": {why}", manifest.meaning));
        finding.person = Some(format!("{} ({})", manifest.printed_name, manifest.user_name));
        finding.number = Some(manifest.record_number.clone());
        self.add(finding);
    }

    pub(super) fn person_event(&mut self, here: &Here<'_>, data: &Value) {
        let event = here.header.event.name.as_str();
        if event != KEY_ENROLLED && event != KEY_DESTROYED {
            return;
        }
        if self.settled {
            let detail = "a key is enrolled and destroyed in the record of its person alone";
            return self.add(here.finding(Code::EnrolmentKey, detail));
        }
        let text = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
        let keys = Arc::make_mut(&mut self.people.keys).entry(here.header.record_id).or_default();
        if event == KEY_DESTROYED {
            keys.destroyed.push((text("key"), here.place()));
            return;
        }
        self.counts.enrolments += 1;
        let public = text("public_key")
            .and_then(|public| PublicKey::from_spki_base64(&public).ok())
            .filter(|public| public.kind() == KeyKind::P256);
        match (public, text("key")) {
            (Some(public), Some(key)) if public.id().to_hex() == key => {
                keys.enrolled.push(Enrolment { key, public, place: here.place() });
            }
            _ => self.add(here.finding(
                Code::EnrolmentKey,
                "the enrolled key is not a P-256 public key with its fingerprint",
            )),
        }
    }

    /// All persons were seen: their signatures are judged, and who countersigned their enrolments.
    pub(super) fn finish_people(&mut self) {
        for (made, place) in std::mem::take(&mut self.people.waiting) {
            self.judge_signature(made, place);
        }
        let mut alone: Vec<Place> = Vec::new();
        for enrolment in self.people.keys.values().flat_map(|keys| &keys.enrolled) {
            let place = &enrolment.place;
            if !self.people.countersigned.contains(&(place.record, place.seq)) {
                alone.push(place.clone());
            }
        }
        alone.sort_by_key(Place::order);
        for place in alone {
            self.add(place.finding(
                Code::EnrolmentNotCountersigned,
                "the enrolment is countersigned neither by another person nor by the founding key",
            ));
        }
    }

    fn judge_signature(&mut self, made: Signature, place: Place) {
        let manifest = &made.manifest;
        match self.people.key_in_force(manifest.person, &manifest.key, place.order()) {
            Some(Ok(public)) => match signature::check_key_and_value(&made, public) {
                // Only a verified identity vouches for a key; any other signature nearby does not.
                Ok(())
                    if manifest.person != place.record
                        && manifest.meaning == "identity-verified" =>
                {
                    self.people.countersigned.insert((place.record, place.seq));
                }
                Ok(()) => {}
                Err(fault) => self.signature_fault(&made, &fault, &place),
            },
            Some(Err(why)) => {
                self.signature_finding(Code::SignatureKeyNotInForce, &made, why, &place);
            }
            None => {
                let whose = (manifest.person, manifest.key.clone());
                self.people.met_unknown(whose, 1, made, place);
            }
        }
    }

    /// One finding for each unknown key: a lost enrolment would otherwise bury everything else.
    pub(super) fn finish_unknown_keys(&mut self) {
        for (count, made, place) in std::mem::take(&mut self.people.unknown).into_values() {
            let why = format!(
                "its key was never enrolled for this person ({count} such signatures, this is the first met)"
            );
            self.signature_finding(Code::SignatureKeyUnknown, &made, &why, &place);
        }
    }
}
