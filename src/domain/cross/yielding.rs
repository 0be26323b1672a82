//! An output lot comes out of a run: one decision with events on both records.

use super::ruling::LotRuling;
use crate::domain::command::Stamp;
use crate::domain::lot::event::LotEvent;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::lot::{self, NewLot};
use crate::domain::run::facts::RunFacts;

/// A lot comes out of the run, into quarantine: its record begins with what the run's chain
/// says of it.
///
/// # Errors
/// As [`lot::yield_lot`].
pub fn yield_lot(
    run: &Run,
    facts: &RunFacts<'_>,
    new: &NewLot<'_>,
    stamp: &Stamp,
) -> Result<LotRuling, Refusal> {
    let on_run = lot::yield_lot(run, facts, new, stamp)?;
    // The run found it just now, or the lot would not come out.
    let output = lot::declared(run, new)?;
    let number = lot::well_formed(new)?;
    let on_lot = LotEvent::Yielded {
        number: number.key,
        printed: number.printed,
        run: run.key,
        run_number: run.number.clone(),
        output: output.id.clone(),
        class: output.class,
        material: new.material.to_owned(),
        quantity: new.quantity.clone(),
        parents: new.parents.to_vec(),
        product: run.recipe.product.code.clone(),
    };
    let on_lot = Ruling::of(on_run.permit.clone(), on_lot);
    Ok(LotRuling { lot: new.record, on_lot, run: run.key, on_run })
}
