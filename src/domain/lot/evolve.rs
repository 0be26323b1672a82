//! Folds a lot's entries into its state. No rule lives here; every released event is accepted.

use super::event::LotEvent;
use super::refusal;
use super::{Decision, Lot, Stand};
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::noun::{Frozen, Noun, Reach, variant, word};
use crate::domain::permits::{Admitted, QUALITY, Row, WORK, by, in_rows};
use crate::domain::policy::Authority;
use crate::domain::refusal::Rule;
use crate::domain::ruling::typed;

/// Folds one entry.
///
/// # Errors
/// A fault naming an entry that is no event of a lot, or out of its order.
pub fn evolve(current: Option<Lot>, happened: &Happened<'_>) -> Result<Lot, EvolveFault> {
    let event: LotEvent = typed(happened, "lot")?;
    let Some(mut lot) = current else {
        return if matches!(event, LotEvent::Yielded { .. }) {
            yielded(event, happened)
        } else {
            Err(EvolveFault::of(happened, "the lot never came out of a run"))
        };
    };
    match event {
        LotEvent::Yielded { .. } => {
            return Err(EvolveFault::of(happened, "the lot came out of its run before"));
        }
        LotEvent::Decided { disposition, reason, tally, covers, .. } => {
            lot.decisions.push(Decision {
                disposition,
                reason,
                at: happened.at,
                seq: happened.seq,
                signed: happened.signatures.first().cloned(),
                obligations: tally,
                covers,
            });
        }
        LotEvent::FoundToStand { reason, answers, covers } => {
            lot.stands.push(Stand {
                reason,
                answers,
                at: happened.at,
                signed: happened.signatures.first().cloned(),
                covers,
                after: lot.decisions.len(),
            });
        }
        // Which parents count is told by the run, which knows what its entries name too.
        LotEvent::ParentAdded { parent, .. } => lot.parents.push(parent),
        LotEvent::ParentRemoved { .. } => {
            lot.signed.extend(happened.signatures.iter().cloned());
        }
    }
    lot.seq = happened.seq;
    lot.head = happened.link;
    Ok(lot)
}

fn yielded(event: LotEvent, happened: &Happened<'_>) -> Result<Lot, EvolveFault> {
    let LotEvent::Yielded {
        number,
        printed,
        run,
        run_number,
        output,
        class,
        material,
        quantity,
        parents,
        product,
    } = event
    else {
        return Err(EvolveFault::of(happened, "is not the coming out of a lot"));
    };
    Ok(Lot {
        key: happened.record,
        number,
        printed,
        run: (run, run_number),
        output,
        class,
        material,
        quantity,
        parents,
        product,
        decisions: Vec::new(),
        signed: Vec::new(),
        stands: Vec::new(),
        seq: happened.seq,
        head: happened.link,
    })
}

/// Events that carry a person's signature in every case.
pub const SIGNED: &[&str] = &["decided", "found-to-stand", "parent-removed"];

/// How each of its events may come about.
const ADMITTED: &[Row] = &[
    (&["yielded"], by(WORK)),
    (&["parent-added"], by(WORK)),
    (&["parent-removed"], by(&[Authority::Review, Authority::Triage, Authority::Release])),
    (&["decided"], by(&[Authority::Release, Authority::Hold, Authority::Certify])),
    (&["found-to-stand"], by(QUALITY)),
];

impl Noun for Lot {
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
        word(&self.disposition())
    }

    fn reach(&self) -> Reach<'_> {
        Reach::Product(&self.product)
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
        variant::<LotEvent>(name)
    }

    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        _frozen: Frozen,
    ) -> Result<Self, EvolveFault> {
        evolve(current, happened)
    }
}
