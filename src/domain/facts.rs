//! What rules know of records that are not their own, in words below every noun: each noun gives its facts,
//! and whoever runs an order brings them to the rule.

use super::clock::Instant;
use super::disposition::{Decision, Disposition, Stand};
use super::ids::{PersonId, RecordKey};
use super::policy::{Grant, Role};
use super::recipe::OutputClass;
use super::signing::Signed;

/// A person as the guards ask for them: who it is, what they hold, whether they may act and sign.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// Their identity.
    pub id: PersonId,
    /// Unique, never reused.
    pub user_name: &'a str,
    /// As it stands under signatures.
    pub printed_name: &'a str,
    /// Roles with their scopes.
    pub grants: &'a [Grant],
    /// Whether it was not deactivated.
    pub active: bool,
    /// Locked since, after failed attempts.
    pub locked: Option<Instant>,
    /// Whether somebody else set the password last.
    pub must_change_password: bool,
    /// Which version of the statement of accountability they acknowledged.
    pub accountability: Option<u32>,
    /// Whether a key to sign with is enrolled.
    pub enrolled: bool,
    /// Whether a program uses it: it cannot sign.
    pub service: bool,
}

/// The site as the guards ask for it: what is in force there.
#[derive(Debug, Clone, Copy)]
pub struct SiteFacts<'a> {
    /// Roles in force.
    pub roles: &'a [Role],
    /// The version of the statement of accountability in force.
    pub accountability: u32,
}

/// A registered device as whoever holds its text against its record knows it.
#[derive(Debug, Clone, Copy)]
pub struct DeviceFacts<'a> {
    pub id: &'a str,
    /// Its class, as master records name it.
    pub kind: &'a str,
    /// Until when it is calibrated.
    pub calibration_due: Instant,
    /// Taken out of use: when and why.
    pub retired: Option<&'a (Instant, String)>,
}

impl DeviceFacts<'_> {
    /// What keeps it from being used for a reading made then; nothing: it is ready.
    #[must_use]
    pub fn not_ready(&self, at: Instant) -> Option<String> {
        let id = self.id;
        if let Some((when, reason)) = self.retired {
            return Some(format!("device {id} was retired at {when}: {reason}"));
        }
        let due = self.calibration_due;
        (at > due).then(|| format!("the calibration of device {id} was due at {due}"))
    }
}

/// A lot as runs know it: the one that it came out of, and those that it went into.
#[derive(Debug, Clone, Copy)]
pub struct LotFacts<'a> {
    pub record: RecordKey,
    /// Lot number.
    pub number: &'a str,
    /// The run it came out of.
    pub run: RecordKey,
    /// Product, side product or waste.
    pub class: OutputClass,
    /// Product code.
    pub product: &'a str,
    /// Decisions, in order; the last one counts.
    pub decisions: &'a [Decision],
    /// Decisions that it stands although it was in question, in order.
    pub stands: &'a [Stand],
    /// Sequence of its newest entry.
    pub seq: u64,
}

impl LotFacts<'_> {
    /// The disposition that counts.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        self.decisions.last().map_or(Disposition::Quarantined, |decision| decision.disposition)
    }
}

/// A deviation as the runs that it concerns know it.
#[derive(Debug, Clone)]
pub struct DeviationFacts<'a> {
    pub record: RecordKey,
    /// Whether its impact is concluded, so that the process may go on.
    pub impact_concluded: bool,
    /// Whether quality has closed it.
    pub closed: bool,
    /// Who concluded the impact.
    pub concluded_by: Option<&'a Signed>,
    /// Who closed it.
    pub closed_by: Option<&'a Signed>,
    /// The lots on which its closing says what it means for them; none as long as there is no closing.
    pub closed_over: Option<Vec<&'a str>>,
}
