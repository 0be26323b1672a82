//! Folds a person's entries into its state. No rule lives here.

use super::event::PersonEvent;
use super::refusal;
use super::{IdentityCheck, Person, SigningKey};
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::noun::{Frozen, Noun, Reach, variant};
use crate::domain::permits::{Admitted, KEYS, Row, by, in_rows, or_key, or_system};
use crate::domain::policy::Authority;
use crate::domain::refusal::Rule;
use crate::domain::ruling::typed;

/// Folds one entry of a person.
///
/// # Errors
/// A fault naming an entry that cannot be.
pub fn evolve(current: Option<Person>, happened: &Happened<'_>) -> Result<Person, EvolveFault> {
    let event: PersonEvent = typed(happened, "person")?;
    let mut person =
        if let PersonEvent::Created { user_name, number, printed_name, service } = &event {
            if current.is_some() {
                return Err(EvolveFault::of(happened, "the person was created before"));
            }
            created(happened, user_name, number, printed_name, *service)
        } else {
            current.ok_or_else(|| EvolveFault::of(happened, "the person was never created"))?
        };
    person.seq = happened.seq;
    person.head = happened.link;
    apply(&mut person, event, happened);
    Ok(person)
}

fn created(
    happened: &Happened<'_>,
    user_name: &str,
    number: &str,
    printed_name: &str,
    service: bool,
) -> Person {
    Person {
        key: happened.record,
        user_name: user_name.to_owned(),
        number: number.to_owned(),
        printed_name: printed_name.to_owned(),
        grants: Vec::new(),
        active: true,
        locked: None,
        must_change_password: true,
        reset_by: None,
        identity: None,
        signing_key: None,
        former_keys: Vec::new(),
        accountability: None,
        service,
        seq: happened.seq,
        head: happened.link,
    }
}

fn apply(person: &mut Person, event: PersonEvent, happened: &Happened<'_>) {
    match event {
        PersonEvent::Created { .. } => {}
        PersonEvent::IdentityVerified { method } => {
            person.identity = Some(IdentityCheck {
                by: happened.actor.map(|actor| actor.person),
                method,
                at: happened.at,
                signed: happened.signatures.first().cloned(),
            });
        }
        PersonEvent::KeyEnrolled { key, public_key } => {
            retire_key(person, happened.at);
            person.reset_by = None;
            person.signing_key =
                Some(SigningKey { fingerprint: key, public_key, since: happened.at, until: None });
        }
        PersonEvent::KeyDestroyed { .. } => retire_key(person, happened.at),
        PersonEvent::GrantsChanged { new, .. } => person.grants = new,
        PersonEvent::PasswordChanged {} => person.must_change_password = false,
        PersonEvent::PasswordReset { .. } => {
            person.must_change_password = true;
            person.reset_by = happened.actor.map(|actor| actor.person);
            // Whoever signs from now on answers for it anew.
            person.accountability = None;
        }
        PersonEvent::AccountabilityAcknowledged { version } => {
            person.accountability = Some((version, happened.at));
        }
        PersonEvent::LockedOut { .. } => person.locked = Some(happened.at),
        PersonEvent::Unlocked { .. } => person.locked = None,
        PersonEvent::Deactivated { .. } => person.active = false,
        PersonEvent::Renamed { new, .. } => person.printed_name = new,
    }
}

/// The key in force, if any, becomes a former one: signatures made with it stay verifiable.
fn retire_key(person: &mut Person, at: Instant) {
    if let Some(mut key) = person.signing_key.take() {
        key.until = Some(at);
        person.former_keys.push(key);
    }
}

/// How each of its events may come about.
const ADMITTED: &[Row] = &[
    (&["created", "grants-changed"], or_key(&[Authority::Administer])),
    (&["identity-verified", "key-enrolled"], or_key(&[Authority::Enrol])),
    (&["key-destroyed", "password-reset"], by(&[Authority::Administer])),
    (&["renamed", "deactivated"], by(&[Authority::Administer])),
    (&["unlocked"], by(&[Authority::Unlock, Authority::Supervise])),
    (&["locked-out"], or_system(&[])),
    (
        &["password-changed", "accountability-acknowledged"],
        Admitted { authorities: &[], own: true, without_person: KEYS },
    ),
];

impl Noun for Person {
    fn key(&self) -> RecordKey {
        self.key
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn head(&self) -> [u8; 32] {
        self.head
    }

    fn number(&self) -> Option<String> {
        Some(self.number.clone())
    }

    fn phase(&self) -> String {
        match (self.active, self.locked) {
            (false, _) => "deactivated".to_owned(),
            (true, Some(_)) => "locked".to_owned(),
            (true, None) => "active".to_owned(),
        }
    }

    fn reach(&self) -> Reach<'_> {
        Reach::Everybody
    }

    fn rules() -> Vec<&'static Rule> {
        refusal::ALL.to_vec()
    }

    /// None: who holds the database makes no act of quality by it.
    fn is_signed(_event: &str) -> bool {
        false
    }

    fn admitted(event: &str) -> Admitted {
        in_rows(ADMITTED, event)
    }

    fn has_event(name: &str) -> Result<(), String> {
        variant::<PersonEvent>(name)
    }

    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        _frozen: Frozen,
    ) -> Result<Self, EvolveFault> {
        evolve(current, happened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Zone;
    use crate::domain::ids::{RecordKey, RecordKind};
    use crate::domain::person::decide::{FirstAdministrator, first_administrator};
    use crate::domain::policy::shipped_roles;
    use crate::domain::ruling::planned;
    use crate::domain::state::State;
    use uuid::Uuid;

    fn fold(events: &[PersonEvent]) -> Result<State, EvolveFault> {
        let record = RecordKey::new(RecordKind::Person, Uuid::from_u128(7));
        let (zone, mut state) = (Zone::utc(), None);
        for (at, event) in (1_u64..).zip(events) {
            let entry = planned(record, "person", None, event, Vec::new());
            let happened = Happened {
                record,
                seq: at,
                at: Instant(1000),
                zone: &zone,
                actor: None,
                role: "system",
                name: &entry.name,
                version: entry.version,
                data: (&entry.data).into(),
                signatures: &[],
                link: [7; 32],
            };
            state = Some(State::evolve(state, &happened, None)?);
        }
        Ok(state.expect("there is at least one event"))
    }

    fn first() -> Vec<PersonEvent> {
        let first = FirstAdministrator {
            user_name: "Root".into(),
            number: "root".into(),
            printed_name: "Root A".into(),
            method: "founder".into(),
            key: "cd".repeat(32),
            public_key: "AAAA".into(),
        };
        first_administrator(&first, &shipped_roles()).expect("begins")
    }

    #[test]
    fn a_record_folds_to_the_account_it_tells_of() {
        let mut events = first();
        let state = fold(&events).expect("folds");
        let person = state.as_person().expect("a person");
        assert!(person.account().in_standing().is_ok() && person.signing_key.is_some());
        assert_eq!((state.seq(), state.head(), state.number()), (5, [7; 32], Some("root".into())));

        events.push(PersonEvent::KeyDestroyed { key: "cd".repeat(32), reason: "reset".into() });
        events.push(PersonEvent::PasswordReset { reason: "forgot".into() });
        events.push(PersonEvent::LockedOut { failures: 5, last: "sign-in".into() });
        let state = fold(&events).expect("folds");
        let person = state.as_person().expect("a person");
        assert!(person.signing_key.is_none() && person.must_change_password);
        assert!(person.locked.is_some() && person.former_keys.len() == 1);
        assert!(person.accountability.is_none(), "owed again");
    }

    #[test]
    fn what_cannot_be_is_a_fault_that_names_the_entry() {
        assert!(fold(&first()[1..]).is_err(), "never created");
        let mut twice = first();
        twice.extend(first());
        assert_eq!(fold(&twice).map(|_| ()).map_err(|fault| fault.seq), Err(6), "created twice");
    }
}
