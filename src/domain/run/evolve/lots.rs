//! What came out and what went into it.

use super::Fold;
use crate::domain::command::EvolveFault;
use crate::domain::lot::Disposition;
use crate::domain::run::event::RunEvent;
use crate::domain::run::parents::{ForeignRun, ParentLink, Removal};
use crate::domain::run::{LotLink, Run};

impl Fold<'_> {
    /// Folds an event about lots.
    pub(super) fn lots(&self, run: &mut Run, event: &RunEvent) -> Result<(), EvolveFault> {
        let (at, seq) = (self.happened.at, self.happened.seq);
        match event {
            RunEvent::LotYielded { record, number, output, class, material, quantity, parents } => {
                run.lots.push(LotLink {
                    record: *record,
                    number: number.clone(),
                    output: output.clone(),
                    class: *class,
                    material: material.clone(),
                    quantity: quantity.clone(),
                    at,
                    parents: parents.iter().map(|parent| self.named(parent, None)).collect(),
                    removals: Vec::new(),
                    disposition: "quarantined".into(),
                    was_released: false,
                })
            }
            RunEvent::LotDecided { lot, disposition, .. } => {
                let link = self.link(run, lot)?;
                link.disposition.clone_from(disposition);
                link.was_released |= disposition == Disposition::Released.as_str();
            }
            RunEvent::ParentAdded(told) => {
                let named = self.named(&told.parent, Some(told.reason.clone()));
                self.link(run, &told.lot)?.parents.push(named);
            }
            RunEvent::ParentRemoved(told) => {
                let removal = Removal {
                    number: told.parent.clone(),
                    reason: told.reason.clone(),
                    by: self.who.clone(),
                    at,
                    seq,
                };
                self.link(run, &told.lot)?.removals.push(removal);
            }
            RunEvent::ForeignLotDecided(told) => {
                let signed = self.must_be_signed()?;
                let decided = ForeignRun { told: told.clone(), at, signed };
                run.foreign.insert(ForeignRun::place(told), decided);
            }
            other => return Err(self.fault(format!("{other:?} is not about a lot"))),
        }
        Ok(())
    }

    fn named(&self, number: &str, reason: Option<String>) -> ParentLink {
        ParentLink {
            number: number.to_owned(),
            reason,
            by: self.who.clone(),
            at: self.happened.at,
            seq: self.happened.seq,
        }
    }

    fn link<'r>(&self, run: &'r mut Run, lot: &str) -> Result<&'r mut LotLink, EvolveFault> {
        let link = run.lots.find_mut(|link| link.number == lot);
        link.ok_or_else(|| self.fault(format!("there is no lot {lot}")))
    }
}
