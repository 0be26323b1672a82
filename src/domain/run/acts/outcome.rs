//! What came out of the run, what went into that, and what was decided on it.

use crate::domain::command::EvolveFault;
use crate::domain::permits::{Admitted, QUALITY, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses;
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::written::Written;
pub use crate::domain::run::notice::LotFoundToStand;
pub use crate::domain::run::parents::{ParentAdded, ParentRemoved};
use crate::domain::run::parents::{ParentLink, Removal};
use crate::domain::run::{LotLink, Run};
use serde::{Deserialize, Serialize};

impl Event for ParentAdded {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        told => "", Shown, format!("lot {} went into {}", told.parent, told.lot);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let named = named(written, &self.parent, Some(self.reason.clone()));
        link(written, run, &self.lot)?.parents.push(named);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (Lapses::FinalOnly, format!("{} was named as a parent of {}", self.parent, self.lot))
    }

    nothing_in!(moves, bears, changed);
}

impl Event for ParentRemoved {
    const ADMITTED: Admitted = by(&[Authority::Review, Authority::Triage, Authority::Release]);
    const SIGNED: bool = false;

    weighs! {
        told =>
            "", Shown, format!("lot {} was taken from what went into {}", told.parent, told.lot);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let removal = Removal {
            number: self.parent.clone(),
            reason: self.reason.clone(),
            by: written.who.clone(),
            at: written.happened.at,
            seq: written.happened.seq,
        };
        link(written, run, &self.lot)?.removals.push(removal);
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

/// A lot of this run was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotDecided {
    /// Lot number.
    pub lot: String,
    /// `released`, `rejected`, `withdrawn`, `quarantined`.
    pub disposition: String,
    /// Sequence of the decision in the lot's chain.
    pub lot_seq: u64,
}

impl Event for LotDecided {
    const ADMITTED: Admitted = by(&[Authority::Release, Authority::Hold, Authority::Certify]);
    const SIGNED: bool = false;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let link = link(written, run, &self.lot)?;
        self.disposition.clone_into(&mut link.disposition);
        link.was_released |= self.disposition == "released";
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

impl Event for LotFoundToStand {
    const ADMITTED: Admitted = by(QUALITY);
    const SIGNED: bool = false;

    weighs!(Nothing);

    fn fold(&self, _: &mut Run, _: &Written<'_>) -> Result<(), EvolveFault> {
        // The decision stands in the lot's own chain; here is its link.
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

/// A parent as it was named.
pub(super) fn named(written: &Written<'_>, number: &str, reason: Option<String>) -> ParentLink {
    ParentLink {
        number: number.to_owned(),
        reason,
        by: written.who.clone(),
        at: written.happened.at,
        seq: written.happened.seq,
    }
}

fn link<'r>(
    written: &Written<'_>,
    run: &'r mut Run,
    lot: &str,
) -> Result<&'r mut LotLink, EvolveFault> {
    let link = run.lots.find_mut(|link| link.number == lot);
    link.ok_or_else(|| written.fault(format!("there is no lot {lot}")))
}
