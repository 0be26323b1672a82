//! A decision on a lot stands in two chains: its own and its run's.

use crate::domain::command::Planned;
use crate::domain::ids::RecordKey;
use crate::domain::lot::Lot;
use crate::domain::lot::event::LotEvent;
use crate::domain::policy::Permit;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::RunEvent;
use crate::domain::signing::SignatureRequest;

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

    /// A signed decision on a lot, with its link in the run's chain.
    #[must_use]
    pub fn signed(
        lot: &Lot,
        run: &Run,
        permit: &Permit,
        (on_lot, on_run): (LotEvent, RunEvent),
        signatures: Vec<SignatureRequest>,
    ) -> Self {
        Self {
            lot: lot.key,
            on_lot: Ruling::signed(permit.clone(), on_lot, signatures),
            run: run.key,
            on_run: Ruling::of(permit.clone(), on_run),
        }
    }

    /// The events of both records as the journal takes them: the lot's first.
    #[must_use]
    pub fn into_planned(self) -> Vec<Planned> {
        let mut planned = self.on_lot.into_planned(self.lot, "lot", None);
        planned.extend(self.on_run.into_planned(self.run, "run", None));
        planned
    }
}
