//! Persons' keys as learnt from enrolments, and every signature against the key in force at its time.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;
use uuid::Uuid;

use super::Verifier;
use super::finding::Code;
use super::place::Place;
use crate::seal::entry::Header;
use crate::seal::key::{KeyKind, PublicKey};
use crate::seal::signature::{self, Position, Signature, SignatureFault};

/// The event that enrols a person's key: `data` has `key` (fingerprint) and `public_key` (SPKI base64);
/// the record is the person.
pub const KEY_ENROLLED: &str = "person.key-enrolled";
/// The event that ends a person's key: `data` has `key` (fingerprint), or none for all of the person's.
pub const KEY_DESTROYED: &str = "person.key-destroyed";

#[derive(Debug)]
struct Enrolment {
    person: Uuid,
    key: String,
    public: PublicKey,
    place: Place,
}

/// What is remembered of persons.
#[derive(Debug, Default)]
pub(super) struct People {
    enrolments: Vec<Enrolment>,
    destroyed: Vec<(Uuid, Option<String>, Place)>,
    signatures: Vec<(Signature, Place)>,
    /// Enrolment entries countersigned by the founding key or by another person.
    countersigned: HashSet<(Uuid, u64)>,
}

impl People {
    pub fn countersigned_by_site(&mut self, place: &Place) {
        self.countersigned.insert((place.record, place.seq));
    }
}

impl Verifier {
    pub(super) fn person_signature(
        &mut self,
        signature: Signature,
        data: &Value,
        position: &Position<'_>,
        place: &Place,
    ) {
        self.counts.signatures += 1;
        match signature::check_place(&signature, data, position) {
            Ok(()) => self.people.signatures.push((signature, place.clone())),
            Err(fault) => self.signature_fault(&signature, &fault, place),
        }
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

    pub(super) fn person_event(&mut self, header: &Header, data: &Value, place: &Place) {
        let text = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
        match header.event.name.as_str() {
            KEY_ENROLLED => {
                self.counts.enrolments += 1;
                let public = text("public_key")
                    .and_then(|public| PublicKey::from_spki_base64(&public).ok())
                    .filter(|public| public.kind() == KeyKind::P256);
                match (public, text("key")) {
                    (Some(public), Some(key)) if public.id().to_hex() == key => {
                        let place = place.clone();
                        let person = header.record_id;
                        self.people.enrolments.push(Enrolment { person, key, public, place });
                    }
                    _ => self.add(place.finding(
                        Code::EnrolmentKey,
                        "the enrolled key is not a P-256 public key with its fingerprint",
                    )),
                }
            }
            KEY_DESTROYED => {
                let ended = (header.record_id, text("key"), place.clone());
                self.people.destroyed.push(ended);
            }
            _ => {}
        }
    }

    pub(super) fn finish_people(&mut self) {
        let mut unknown: BTreeMap<(Uuid, String), (u64, Signature, Place)> = BTreeMap::new();
        for (made, place) in std::mem::take(&mut self.people.signatures) {
            let manifest = &made.manifest;
            match self.key_in_force(manifest.person, &manifest.key, &place) {
                Some(Ok(public)) => match signature::check_key_and_value(&made, &public) {
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
                    let first = unknown.entry(whose).or_insert((0, made, place));
                    first.0 += 1;
                }
            }
        }
        // One finding for each unknown key: a lost enrolment would otherwise bury everything else.
        for (count, made, place) in unknown.into_values() {
            let why = format!(
                "its key was never enrolled for this person ({count} such signatures, this is the first met)"
            );
            self.signature_finding(Code::SignatureKeyUnknown, &made, &why, &place);
        }
        self.finish_countersigning();
    }

    fn finish_countersigning(&mut self) {
        for enrolment in std::mem::take(&mut self.people.enrolments) {
            let place = enrolment.place;
            if !self.people.countersigned.contains(&(place.record, place.seq)) {
                self.add(place.finding(
                    Code::EnrolmentNotCountersigned,
                    "the enrolment is countersigned neither by another person nor by the founding key",
                ));
            }
        }
    }

    /// The person's key with this fingerprint if it was in force at `place`, why not, or `None` if unknown.
    fn key_in_force(
        &self,
        person: Uuid,
        key: &str,
        place: &Place,
    ) -> Option<Result<PublicKey, &'static str>> {
        let when = self.journal.order(place);
        let of_person = |enrolment: &&Enrolment| enrolment.person == person;
        let enrolments = || self.people.enrolments.iter().filter(of_person);
        let mut of_key = enrolments()
            .filter(|enrolment| enrolment.key == key)
            .map(|enrolment| (self.journal.order(&enrolment.place), enrolment))
            .peekable();
        of_key.peek()?;
        let newest = of_key.filter(|(since, _)| *since <= when).max_by_key(|(since, _)| *since);
        let Some((since, enrolment)) = newest else {
            return Some(Err("its key was enrolled only later"));
        };
        let ended = self.people.destroyed.iter().any(|(whose, which, end)| {
            let end = self.journal.order(end);
            let this = which.as_deref().is_none_or(|which| which == key);
            *whose == person && this && since < end && end < when
        });
        let replaced = enrolments().any(|other| {
            let next = self.journal.order(&other.place);
            since < next && next < when
        });
        if ended || replaced {
            return Some(Err("its key was destroyed or replaced before"));
        }
        Some(Ok(enrolment.public.clone()))
    }
}
