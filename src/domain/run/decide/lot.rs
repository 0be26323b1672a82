//! An output lot comes out of a run: one decision with events on both records.

use super::RunFacts;
use super::act::{may, phase, said};
use crate::domain::command::{Planned, Stamp};
use crate::domain::ids::{RecordKey, check_number};
use crate::domain::lot::event::LotEvent;
use crate::domain::lot::refusal::LOT_NUMBER_TAKEN;
use crate::domain::policy::{Authority, Permit};
use crate::domain::quantity::Quantity;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::event::RunEvent;
use crate::domain::run::{Phase, Run};
use crate::domain::units;
use rust_decimal::Decimal;

/// What a decision on a lot brings about: on the lot and in its run's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotRuling {
    /// The lot's record.
    pub lot: RecordKey,
    /// What happened to it.
    pub on_lot: Ruling<LotEvent>,
    /// The run's record.
    pub run: RecordKey,
    /// What its chain says of it.
    pub on_run: Ruling<RunEvent>,
}

impl LotRuling {
    /// The permission it was granted by.
    #[must_use]
    pub fn permit(&self) -> &Permit {
        &self.on_lot.permit
    }

    /// The events of both records as the journal takes them: the lot's first.
    #[must_use]
    pub fn into_planned(self) -> Vec<Planned> {
        let mut planned = self.on_lot.into_planned(self.lot, "lot", None);
        planned.extend(self.on_run.into_planned(self.run, "run", None));
        planned
    }
}

/// An output lot, before it has a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLot<'a> {
    /// Its record: a fresh id of the stamp.
    pub record: RecordKey,
    /// Lot number.
    pub number: &'a str,
    /// Whether another lot has that number already.
    pub number_taken: bool,
    /// Material.
    pub material: &'a str,
    /// Quantity.
    pub quantity: &'a Quantity,
    /// Lot numbers that went in.
    pub parents: &'a [String],
}

/// A lot comes out of the run, into quarantine; before execution is declared complete, so that the
/// yield can be judged then.
///
/// # Errors
/// Authority, phase, `malformed`, `lot-number-taken`.
pub fn yield_lot(
    run: &Run,
    facts: &RunFacts<'_>,
    new: &NewLot<'_>,
    _stamp: &Stamp,
) -> Result<LotRuling, Refusal> {
    let permit = may(run, facts, &[Authority::Supervise, Authority::Execute])?;
    phase(run, &[Phase::Running], "yield a lot")?;
    well_formed(new)?;
    if new.number_taken || run.lots.iter().any(|lot| lot.number == new.number) {
        return Err(Refusal::new(&LOT_NUMBER_TAKEN, format!("lot {} exists", new.number)));
    }
    let on_lot = LotEvent::Yielded {
        number: new.number.to_owned(),
        run: run.key,
        run_number: run.number.clone(),
        material: new.material.to_owned(),
        quantity: new.quantity.clone(),
        parents: new.parents.to_vec(),
        product: run.recipe.product.code.clone(),
    };
    let on_run = RunEvent::LotYielded {
        record: new.record,
        number: new.number.to_owned(),
        material: new.material.to_owned(),
        quantity: new.quantity.clone(),
    };
    let on_run = Ruling::of(permit.clone(), on_run);
    Ok(LotRuling { lot: new.record, on_lot: Ruling::of(permit, on_lot), run: run.key, on_run })
}

fn well_formed(new: &NewLot<'_>) -> Result<(), Refusal> {
    let malformed = |detail: String| Refusal::new(&MALFORMED, detail);
    check_number(new.number).map_err(malformed)?;
    for parent in new.parents {
        check_number(parent).map_err(malformed)?;
        if parent == new.number {
            return Err(malformed(format!("lot {parent} cannot be its own parent")));
        }
    }
    said(new.material, "material")?;
    if new.quantity.value <= Decimal::ZERO {
        return Err(malformed(format!("{} is no quantity of a lot", new.quantity)));
    }
    if units::find(&new.quantity.unit).is_none() {
        return Err(malformed(format!("unit {:?} is not in the registry", new.quantity.unit)));
    }
    Ok(())
}
