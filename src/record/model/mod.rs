//! What a batch record holds, independent of how it is printed.

pub mod critical;
pub mod files;
pub mod trail;

use crate::domain::clock::{Instant, Zone};
use crate::domain::deviation::Deviation;
use crate::domain::disposition::standing::Standing as LotStanding;
use crate::domain::ids::PersonId;
use crate::domain::lot::Lot;
use crate::domain::run::Run;
use crate::domain::run::genealogy::Stands;
use crate::domain::run::obligations::{Status, Tally};
use crate::domain::run::time::Limit;
use crate::domain::site::Site;
use std::collections::BTreeMap;
use std::sync::Arc;
use trail::TrailLine;

/// Everything a rendition is made of: a pure function of this gives the same bytes.
pub struct BatchRecord<'a> {
    pub site: &'a Site,
    pub run: &'a Run,
    pub deviations: Vec<&'a Deviation>,
    pub lots: Vec<&'a Lot>,
    /// What went into each lot, as it stands at the time of printing, by lot number.
    pub parents: BTreeMap<String, Vec<Stands>>,
    /// Every lot that its entries name, as it stands for a lot that comes out now: told before one does.
    pub components: Vec<Stands>,
    /// How its lots stand: in question since when and why, blocked or not.
    pub standings: Vec<LotStanding>,
    /// Its obligations at the time of printing.
    pub obligations: Vec<ObligationLine>,
    /// Its limits of time at the time of printing.
    pub limits: Vec<Limit>,
    /// Bytes of the pictures to be shown, by their SHA-256.
    pub pictures: BTreeMap<String, Arc<Vec<u8>>>,
    /// The complete audit trail of the run, in order.
    pub trail: Vec<TrailLine>,
    /// The newest checkpoint of the site's log.
    pub checkpoint: Option<CheckpointLine>,
    /// Fingerprint of the founding key.
    pub founding: String,
    /// Fingerprints of the signing keys of whoever signed, the newest first.
    pub keys: BTreeMap<PersonId, Vec<String>>,
    /// Who prints, when, which number.
    pub rendition: RenditionLine,
}

/// One obligation as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObligationLine {
    /// Its stable id: what sort of thing is owed, and of which place.
    pub id: String,
    /// Requirement id.
    pub rule: String,
    pub clause: String,
    /// What is owed.
    pub what: String,
    /// How it stands.
    pub standing: Status,
    /// Whether it can ever be waived.
    pub waivable: bool,
    pub evidence: Option<String>,
}

/// A checkpoint as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointLine {
    pub number: u64,
    /// Leaves covered.
    pub size: u64,
    /// Root, base64.
    pub root: String,
    /// The signed note.
    pub note: String,
}

/// Which rendition this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenditionLine {
    /// From 1.
    pub no: u32,
    /// When.
    pub at: Instant,
    /// The site's zone.
    pub zone: Zone,
    pub printed_name: String,
    pub user_name: String,
}

impl BatchRecord<'_> {
    /// The obligations as printed, counted: met, waived, open, decided inconclusive.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally::count(self.obligations.iter().map(|obligation| obligation.standing))
    }
}
