//! A determination was corrected.

use crate::domain::command::EvolveFault;
use crate::domain::entry::result::outside;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::run::Run;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses;
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::testing::{ClaimRun, DeterminationCorrected, correct};
use crate::domain::run::time::kept::Bears;

impl Event for DeterminationCorrected {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        told if outside(&told.verdicts) =>
            "outside", Blocks, format!("determination {} of {} was corrected to {}", told.determination, told.at,
        told.value.shown);
        told =>
            "any other", Shown, format!("determination {} of {} was corrected to {}", told.determination, told.at,
        told.value.shown);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let claim = ClaimRun {
            told: self.clone(),
            by: written.who.clone(),
            at: written.happened.at,
            seq: written.happened.seq,
            accepted: None,
        };
        let entry = written.entry(run, &self.at, None)?;
        if !self.claimed {
            let value = (&self.value, self.verdicts.as_slice());
            correct(entry, self.determination, value, self.run.as_deref());
        }
        entry.claims.push(claim);
        written.reopened(entry, self.of.as_ref(), self.reopens.as_ref());
        run.corrections += 1;
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "corrected")
    }

    fn moves(&self) -> Moves<'_> {
        changes::entry(&self.at, "corrected")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Entry(&self.at)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::result(&self.at, self.reopens.is_some())
    }

    fn tell(&self, answer: &mut Told) {
        answer.judged(&self.value.shown, &self.verdicts);
        answer.claim = Some(self.no);
        answer.claimed = Some(self.claimed);
    }
}
