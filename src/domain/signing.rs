//! What the rules know of signatures: who signs, with which meaning. The bytes are made in the lane.

pub mod refusal;

use super::clock::{Instant, Zone};
use super::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Meanings of a signature: a controlled list (21 CFR 11.50(a)(3)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// Wrote the content.
    Authored,
    /// Checked content or a correction.
    Checked,
    Approved,
    /// Issued from the right master and checked (21 CFR 211.188(a)).
    IssuedAndChecked,
    /// Did the work.
    Performed,
    /// Saw the work done.
    Witnessed,
    /// Confirmed the result.
    Verified,
    /// Closed an operation.
    ClosedOperation,
    /// Let the process pass a gate.
    PassedGate,
    /// Lets the process go on at risk within a limit of time.
    ProceedsAtRisk,
    /// Ratified what was done at risk or in emergency.
    Ratified,
    /// Decided what an exception is.
    Triaged,
    /// Reviewed record and audit trail.
    Reviewed,
    /// Declared execution complete.
    Completed,
    /// Released a lot.
    Released,
    Rejected,
    /// Put into quarantine.
    Quarantined,
    /// Withdrew a lot.
    Withdrawn,
    /// Decided that a released lot in question stands.
    Stands,
    /// Certified as qualified person.
    Certified,
    /// Returned for change.
    Returned,
    /// Stopped for good.
    Aborted,
    /// Confirmed somebody's identity.
    IdentityVerified,
    /// Authorised an exception to the rule: not applicable, not performed, not available.
    Authorised,
    /// Handed the work over.
    HandedOver,
    /// Took the work over.
    TookOver,
}

impl Meaning {
    /// The word that is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authored => "authored",
            Self::Checked => "checked",
            Self::Approved => "approved",
            Self::IssuedAndChecked => "issued and checked",
            Self::Performed => "performed",
            Self::Witnessed => "witnessed",
            Self::Verified => "verified",
            Self::ClosedOperation => "closed operation",
            Self::PassedGate => "passed gate",
            Self::ProceedsAtRisk => "proceeds at risk",
            Self::Ratified => "ratified",
            Self::Triaged => "triaged",
            Self::Reviewed => "reviewed record and audit trail",
            Self::Completed => "completed",
            Self::Released => "released",
            Self::Rejected => "rejected",
            Self::Quarantined => "quarantined",
            Self::Withdrawn => "withdrawn",
            Self::Stands => "found to stand",
            Self::Certified => "certified",
            Self::Returned => "returned",
            Self::Aborted => "aborted",
            Self::IdentityVerified => "identity verified",
            Self::Authorised => "authorised",
            Self::HandedOver => "handed over",
            Self::TookOver => "took over",
        }
    }
}

/// Which components a person gave in this act (21 CFR 11.200(a)(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Components {
    /// User name and password.
    Both,
    /// Password only: a later signing of one continuous session.
    Password,
}

/// Somebody whose credentials were proved in this very act and whose key is unlocked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Who.
    pub person: PersonId,
    /// What they gave.
    pub components: Components,
}

/// A signature that an event asks for; the lane fills in time, chain head and value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureRequest {
    /// Who signs: the session's person or the second person of the stamp.
    pub person: PersonId,
    /// Printed name now.
    pub printed_name: String,
    pub user_name: String,
    /// Role in which they sign.
    pub role: String,
    /// With which meaning.
    pub meaning: Meaning,
}

impl SignatureRequest {
    /// The signature as a state will remember it, once it is made in an entry.
    #[must_use]
    pub fn made(&self, at: Instant, zone: &Zone, seq: u64) -> Signed {
        Signed {
            person: self.person,
            printed_name: self.printed_name.clone(),
            user_name: self.user_name.clone(),
            role: self.role.clone(),
            meaning: self.meaning,
            at,
            zone: zone.clone(),
            seq,
        }
    }
}

/// A signature as a state remembers it: the manifestation (21 CFR 11.50, Annex 11 draft 13.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Who.
    pub person: PersonId,
    /// Printed name at the act.
    pub printed_name: String,
    /// User name at the act.
    pub user_name: String,
    /// Role at the act.
    pub role: String,
    pub meaning: Meaning,
    /// When, by the server's clock.
    pub at: Instant,
    /// The site's zone at the act.
    pub zone: Zone,
    /// Sequence of the entry it stands in.
    pub seq: u64,
}
