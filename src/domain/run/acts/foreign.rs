//! Quality decides on the lots of others that went into a run: several under one signing, each an entry
//! of its own.

use super::act::{another_than_released, independent, may, sign};
use crate::domain::act::said;
use crate::domain::alike::alike;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::permits::{Admitted, QUALITY, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Beside, Order, order_of};
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::genealogy::Genealogy;
use crate::domain::run::lot_refusal::{LOT_IS_OWN, NOT_NAMED};
use crate::domain::run::parents::{ForeignDecided, ForeignRun, numbers};
use crate::domain::signing::Meaning;

/// Decides on foreign lots that the run names, signed by somebody of quality who took no part.
///
/// # Errors
/// Authority, `took-part-in-the-run`, `released-it-themselves`, `malformed` for an empty list, a missing supplier, document or
/// signature, `lot-not-named-here`, `lot-is-own`.
pub fn decide(
    run: &Run,
    facts: &RunFacts<'_>,
    lots: &[ForeignDecided],
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let quality = [Authority::Review, Authority::Triage, Authority::Release];
    let permit = may(run, facts, &quality)?;
    independent(run, facts, "accept what went into it")?;
    // Whoever released a lot takes no question from it by this way either.
    let of_run = facts.lots.iter().filter(|lot| lot.run == run.key);
    of_run.into_iter().try_for_each(|lot| another_than_released(*lot, facts))?;
    if lots.is_empty() {
        return Err(Refusal::new(&MALFORMED, "no lot is named"));
    }
    let named = numbers(run);
    let nobody = Genealogy::default();
    let own = facts.genealogy.unwrap_or(&nobody);
    for told in lots {
        said(&told.supplier, "supplier")?;
        said(&told.document, "document")?;
        if let Some(node) = own.own(&told.lot) {
            let detail = format!("{} is lot {} of this house", told.lot, node.lot.number);
            return Err(Refusal::new(&LOT_IS_OWN, detail));
        }
        if !named.iter().any(|number| alike(number, &told.lot)) {
            let detail = format!("nothing of run {} names lot {}", run.number, told.lot);
            return Err(Refusal::new(&NOT_NAMED, detail));
        }
    }
    let signatures = sign(facts, stamp, &permit, Meaning::Approved)?;
    let events =
        lots.iter().map(|told| (RunEvent::ForeignLotDecided(told.clone()), signatures.clone()));
    Ok(Ruling { permit, events: events.collect() })
}

/// Request (QA): accept or refuse lots of others that went in.
#[derive(Debug, Clone)]
pub struct DecideForeignLots {
    /// Which, each with its decision.
    pub lots: Vec<ForeignDecided>,
}

impl Order for DecideForeignLots {
    const NAME: &'static str = "decide-foreign-lots";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        decide(run, facts, &self.lots, stamp)
    }

    fn beside(&self) -> Beside {
        Beside::Ancestry
    }

    order_of!(run, request, unversioned);
}

impl Event for ForeignDecided {
    const ADMITTED: Admitted = by(QUALITY);
    const SIGNED: bool = true;

    weighs! {
        told if told.accepted =>
            "accepted", Shown, format!("lot {}, which went in, was accepted by quality: {}", told.lot, told.document);
        told =>
            "refused", Blocks, format!("lot {}, which went in, was refused by quality: {}", told.lot, told.document);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (at, signed) = (written.happened.at, written.must_be_signed()?);
        let decided = ForeignRun { told: self.clone(), at, signed };
        run.foreign.insert(ForeignRun::place(self), decided);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::nothing()
    }

    nothing_in!(moves, bears, changed);
}
