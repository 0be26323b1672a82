//! Folding planned events without a lane, for tests.

use crate::domain::clock::{Instant, Zone};
use crate::domain::command::{Happened, Planned};
use crate::domain::ids::{OperationKey, RecordKey};
use crate::domain::person::Person;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::gate::GatePassed;
use crate::domain::signing::{Meaning, SignatureRequest, Signed};

/// Folds an event into the record of a list that it belongs to, or begins one.
pub(super) fn keep_in<T: Clone>(
    list: &mut Vec<T>,
    head: impl Fn(&T) -> (RecordKey, u64),
    (planned, at, actor): (&Planned, Instant, &Person),
    evolve: impl Fn(Option<T>, &Happened<'_>) -> T,
) {
    let index = list.iter().position(|item| head(item).0 == planned.record);
    let current = index.map(|index| list[index].clone());
    let seq = current.as_ref().map_or(0, |item| head(item).1) + 1;
    let next = fold(planned, seq, at, actor, |happened| {
        Ok::<_, crate::domain::command::EvolveFault>(evolve(current, happened))
    });
    match index {
        Some(index) => list[index] = next,
        None => list.push(next),
    }
}

/// What a person is asked to sign.
#[must_use]
pub fn request(person: &Person, meaning: Meaning) -> SignatureRequest {
    SignatureRequest {
        person: person.key.id,
        printed_name: person.printed_name.clone(),
        user_name: person.user_name.clone(),
        role: person.grants[0].role.clone(),
        meaning,
    }
}

/// Folds an event as the journal would: the requested signatures are made, the link is nothing.
pub(super) fn fold<T, E: std::fmt::Debug>(
    planned: &Planned,
    seq: u64,
    at: Instant,
    actor: &Person,
    evolve: impl FnOnce(&Happened<'_>) -> Result<T, E>,
) -> T {
    let zone = Zone::utc();
    let made = |sign: &SignatureRequest| sign.made(at, &zone, seq);
    let signatures: Vec<Signed> = planned.signatures.iter().map(made).collect();
    let who = actor.actor();
    let happened = Happened {
        record: planned.record,
        seq,
        at,
        zone: &zone,
        actor: Some(&who),
        role: &actor.grants[0].role,
        name: &planned.name,
        version: planned.version,
        data: (&planned.data).into(),
        signatures: &signatures,
        link: [0; 32],
    };
    evolve(&happened).expect("the entry folds")
}

/// A gate is passed for the only occurrence.
pub(super) fn passage(gate: &str) -> RunEvent {
    RunEvent::GatePassed(GatePassed {
        gate: gate.into(),
        serves: vec![OperationKey { op: "OP".into(), n: 1 }],
        oversight: false,
    })
}
