//! Folds a deviation's entries into its state. No rule lives here; every released event is accepted.

use super::content::{Assigned, Closing, Owner, Reclassified, Reopened, Report};
use super::event::DeviationEvent;
use super::refusal;
use super::{Deviation, DeviationPhase};
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::noun::{Frozen, Noun, Reach, variant, word};
use crate::domain::permits::{Admitted, GMP, Row, by, in_rows};
use crate::domain::policy::Authority;
use crate::domain::refusal::Rule;
use crate::domain::ruling::typed;
use crate::domain::words::Who;
use std::collections::{BTreeMap, BTreeSet};

/// Folds one entry.
///
/// # Errors
/// A fault naming an entry that is no event of a deviation, or out of its order.
pub fn evolve(
    current: Option<Deviation>,
    happened: &Happened<'_>,
) -> Result<Deviation, EvolveFault> {
    let event: DeviationEvent = typed(happened, "deviation")?;
    let begins = matches!(event, DeviationEvent::Opened { .. });
    let mut deviation = match current {
        None if begins => opened(&event, happened)?,
        None => return Err(EvolveFault::of(happened, "the deviation was never opened")),
        Some(_) if begins => {
            return Err(EvolveFault::of(happened, "the deviation was opened before"));
        }
        Some(deviation) => deviation,
    };
    deviation.seq = happened.seq;
    deviation.head = happened.link;
    let person = happened.actor.map(|actor| actor.person);
    let signed = happened.signatures.first().cloned();
    match event {
        DeviationEvent::Opened { .. } => deviation.requesters.extend(person),
        DeviationEvent::RunLinked { run, run_number, exceptions } => {
            let linked = deviation.runs.entry(run).or_insert_with(|| (run_number, BTreeSet::new()));
            linked.1.extend(exceptions);
            // What joined later was not in the conclusion.
            deviation.phase = DeviationPhase::Open;
            deviation.impact = None;
            deviation.superseded.extend(deviation.report.take());
            deviation.requesters.extend(person);
        }
        DeviationEvent::Assigned { owner, due, reason } => {
            let (at, by) = (happened.at, who(happened));
            deviation.assigned.push(Assigned { at, by, owner: owner.clone(), due, reason });
            deviation.owner = owner;
            deviation.due = Some(due);
        }
        DeviationEvent::Investigated { text } => {
            deviation.investigation.push((happened.at, who(happened), text));
            deviation.requesters.extend(person);
        }
        DeviationEvent::Classified { class, reason } => {
            let signed = happened.signatures.to_vec();
            deviation.classes.push(Reclassified { class, reason, signed });
            deviation.class = Some(class);
        }
        DeviationEvent::InvestigationConcluded { text, root_cause, capa } => {
            deviation.superseded.extend(deviation.report.take());
            deviation.report = Some(Report { text, root_cause, capa, signed });
            deviation.requesters.extend(person);
        }
        DeviationEvent::ImpactConcluded { conclusion, other_batches } => {
            deviation.impact = Some((conclusion, other_batches, signed));
            deviation.phase = DeviationPhase::ImpactConcluded;
        }
        DeviationEvent::Closed { conclusion, lots, others } => {
            deviation.closed = Some(Closing { conclusion, lots, others, signed });
            deviation.phase = DeviationPhase::Closed;
        }
        DeviationEvent::Reopened { reason } => {
            let (at, by) = (happened.at, who(happened));
            let closing = deviation.closed.take();
            deviation.reopened.push(Reopened { at, by, reason, closing });
            deviation.superseded.extend(deviation.report.take());
            deviation.impact = None;
            deviation.phase = DeviationPhase::Open;
        }
    }
    Ok(deviation)
}

fn opened(event: &DeviationEvent, happened: &Happened<'_>) -> Result<Deviation, EvolveFault> {
    let DeviationEvent::Opened { number, title, class, run, run_number, exceptions } = event else {
        return Err(EvolveFault::of(happened, "is not the opening of a deviation"));
    };
    let concerned = (run_number.clone(), exceptions.iter().copied().collect());
    Ok(Deviation {
        key: happened.record,
        number: number.clone(),
        title: title.clone(),
        phase: DeviationPhase::Open,
        class: Some(*class),
        runs: BTreeMap::from([(*run, concerned)]),
        owner: Owner::of(&who(happened)),
        due: None,
        assigned: Vec::new(),
        opened: (happened.at, who(happened)),
        requesters: BTreeSet::new(),
        report: None,
        superseded: Vec::new(),
        classes: Vec::new(),
        reopened: Vec::new(),
        investigation: Vec::new(),
        impact: None,
        closed: None,
        seq: happened.seq,
        head: happened.link,
    })
}

fn who(happened: &Happened<'_>) -> Who {
    Who {
        person: happened.actor.map(|actor| actor.person),
        printed_name: happened.actor.map_or_else(String::new, |a| a.printed_name.clone()),
        user_name: happened.actor.map_or_else(String::new, |a| a.user_name.clone()),
        role: happened.role.to_owned(),
    }
}

/// Events that carry a person's signature in every case.
pub const SIGNED: &[&str] =
    &["classified", "closed", "impact-concluded", "investigation-concluded", "reopened"];

/// How each of its events may come about.
const ADMITTED: &[Row] = &[
    (&["opened", "assigned", "classified", "run-linked"], by(&[Authority::Triage])),
    (&["impact-concluded", "reopened"], by(&[Authority::Triage])),
    (&["closed"], by(&[Authority::Triage, Authority::Release])),
    (&["investigated", "investigation-concluded"], by(GMP)),
];

impl Noun for Deviation {
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
        word(&self.phase)
    }

    fn reach(&self) -> Reach<'_> {
        Reach::AnyOf(self.runs.keys().copied().collect())
    }

    fn rules() -> Vec<&'static Rule> {
        refusal::ALL.to_vec()
    }

    fn is_signed(event: &str) -> bool {
        SIGNED.contains(&event)
    }

    fn admitted(event: &str) -> Admitted {
        in_rows(ADMITTED, event)
    }

    fn has_event(name: &str) -> Result<(), String> {
        variant::<DeviationEvent>(name)
    }

    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        _frozen: Frozen,
    ) -> Result<Self, EvolveFault> {
        evolve(current, happened)
    }
}
