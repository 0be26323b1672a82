//! What a run's rules know from other records.

use super::reading::DeviceFact;
use crate::domain::disposition::standing::Standing;
use crate::domain::facts::{Account, DeviationFacts, DeviceFacts, LotFacts, SiteFacts};
use crate::domain::run::genealogy::Genealogy;

/// What a run's rules know from other records.
#[derive(Debug, Clone, Copy)]
pub struct RunFacts<'a> {
    /// The site: roles in force.
    pub site: SiteFacts<'a>,
    /// The session's person.
    pub actor: Account<'a>,
    /// The second person of the act, if somebody gave credentials as one.
    pub second: Option<Account<'a>>,
    /// Another person whom the order names by user name: who did what a scribe records, who was
    /// notified of an emergency act.
    pub performer: Option<Account<'a>>,
    /// What came from a device beside the value.
    pub device: Option<DeviceFact<'a>>,
    /// The registered device that the order names.
    pub registered: Option<DeviceFacts<'a>>,
    /// The own lot or registered device that reads like what the order names.
    pub twin: Option<&'a str>,
    /// Whether deviations and lots of the run were read: an order that is decided without them reads none.
    pub linked: bool,
    /// Deviations linked to the run.
    pub deviations: &'a [DeviationFacts<'a>],
    /// Lots of the run.
    pub lots: &'a [LotFacts<'a>],
    /// Own lots that went into them, with what went into those.
    pub genealogy: Option<&'a Genealogy<'a>>,
    /// How the lots stand that went into its own, where the order asks.
    pub standings: &'a [Standing],
    /// Why a fact comes only now, where the order itself has no word for it.
    pub reason: Option<&'a str>,
}

impl<'a> RunFacts<'a> {
    /// The facts most orders need: the site and who acts, with whom.
    #[must_use]
    pub fn new(site: SiteFacts<'a>, actor: Account<'a>, second: Option<Account<'a>>) -> Self {
        Self {
            site,
            actor,
            second,
            performer: None,
            device: None,
            registered: None,
            twin: None,
            linked: true,
            deviations: &[],
            lots: &[],
            genealogy: None,
            standings: &[],
            reason: None,
        }
    }

    /// The device of this id, if one is registered.
    #[must_use]
    pub fn registered(&self, id: &str) -> Option<DeviceFacts<'a>> {
        self.registered.filter(|device| device.id == id)
    }
}
