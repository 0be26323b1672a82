//! A rendition of the record was issued.

use crate::domain::command::EvolveFault;
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::Authority;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses;
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::written::Written;
use crate::domain::run::{Rendition, Run};
use serde::{Deserialize, Serialize};

/// A rendition was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenditionIssued {
    /// From 1.
    pub no: u32,
    /// SHA-256 of the PDF, hex.
    pub blob: String,
    /// Size.
    pub bytes: u64,
    /// Sequence it shows.
    pub covers_seq: u64,
}

impl Event for RenditionIssued {
    const ADMITTED: Admitted = by(&[Authority::Export]);
    const SIGNED: bool = false;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        run.renditions.push(Rendition {
            no: self.no,
            blob: self.blob.clone(),
            bytes: self.bytes,
            covers_seq: self.covers_seq,
            at: written.happened.at,
            by: written.who.clone(),
        });
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
