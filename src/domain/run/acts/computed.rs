//! The server computed a value.

use crate::domain::command::EvolveFault;
use crate::domain::entry::result::outside;
use crate::domain::permits::{ANYONE, Admitted, or_system};
use crate::domain::run::acts::derive::changes::Change;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses;
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::computed::Computed;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{Content, EntryVersion, Run};
use crate::domain::words::{Absence, Basis};

impl Event for Computed {
    const ADMITTED: Admitted = or_system(ANYONE);
    const SIGNED: bool = false;

    weighs! {
        told if told.value.is_some() && told.version == 1
        && told.exceptions.is_empty() && !outside(&told.verdicts) =>
            "for the first time, within", Nothing, String::new();
        told =>
            "anew, outside, or without a value", Shown, format!("{} was computed anew: {}", told.at, told.cause);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        // Nobody performs by computing: the performers of the step stay who they are.
        let content = match &self.value {
            Some(value) => Content::Value(value.clone()),
            None => Content::Absent(Absence::NotAvailable),
        };
        let version = EntryVersion {
            verdicts: self.verdicts.clone(),
            basis: Basis::Computed,
            lineage: self.used.clone(),
            unchecked: self.unchecked.clone(),
            reason: (self.version > 1 || self.value.is_none()).then(|| self.cause.clone()),
            superseded_uses: self.superseded_uses.clone(),
            check_owed: self.check_owed,
            exceptions: self.exceptions.clone(),
            raw: self.formula.clone(),
            ..written.version(self.version, content)
        };
        written.bare(run, &self.at)?.versions.push(version);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "computed anew")
    }

    fn moves(&self) -> Moves<'_> {
        (Change::Entry(&self.at), None)
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Entry(&self.at)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::version(&self.at)
    }
}
