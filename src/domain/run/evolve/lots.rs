//! What came out and what went into it.

use super::Fold;
use crate::domain::command::EvolveFault;
use crate::domain::disposition::Disposition;
use crate::domain::run::event::{ForeignDecided, ParentAdded, ParentRemoved, RunEvent};
use crate::domain::run::parents::{ForeignRun, ParentLink, Removal};
use crate::domain::run::{LotLink, Run};

impl Fold<'_> {
    pub(super) fn lot_yielded(&self, run: &mut Run, event: &RunEvent) {
        let RunEvent::LotYielded { record, number, output, class, material, quantity, parents } =
            event
        else {
            unreachable!("called for a lot that came out only")
        };
        run.lots.push(LotLink {
            record: *record,
            number: number.clone(),
            output: output.clone(),
            class: *class,
            material: material.clone(),
            quantity: quantity.clone(),
            at: self.happened.at,
            parents: parents.iter().map(|parent| self.named(parent, None)).collect(),
            removals: Vec::new(),
            disposition: "quarantined".into(),
            was_released: false,
        });
    }

    pub(super) fn lot_decided(
        &self,
        run: &mut Run,
        lot: &str,
        disposition: &str,
    ) -> Result<(), EvolveFault> {
        let link = self.link(run, lot)?;
        disposition.clone_into(&mut link.disposition);
        link.was_released |= disposition == Disposition::Released.as_str();
        Ok(())
    }

    pub(super) fn parent_added(
        &self,
        run: &mut Run,
        told: &ParentAdded,
    ) -> Result<(), EvolveFault> {
        let named = self.named(&told.parent, Some(told.reason.clone()));
        self.link(run, &told.lot)?.parents.push(named);
        Ok(())
    }

    pub(super) fn parent_removed(
        &self,
        run: &mut Run,
        told: &ParentRemoved,
    ) -> Result<(), EvolveFault> {
        let removal = Removal {
            number: told.parent.clone(),
            reason: told.reason.clone(),
            by: self.who.clone(),
            at: self.happened.at,
            seq: self.happened.seq,
        };
        self.link(run, &told.lot)?.removals.push(removal);
        Ok(())
    }

    pub(super) fn foreign_decided(
        &self,
        run: &mut Run,
        told: &ForeignDecided,
    ) -> Result<(), EvolveFault> {
        let (at, signed) = (self.happened.at, self.must_be_signed()?);
        let decided = ForeignRun { told: told.clone(), at, signed };
        run.foreign.insert(ForeignRun::place(told), decided);
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
