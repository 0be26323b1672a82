//! What a run owes.

use super::word;
use crate::domain::run::obligations::{Conformity, Obligation, Outside, Status, Tally};
use serde::Serialize;
use utoipa::ToSchema;

/// Everything a run owes at this moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationsView {
    /// Met; what was waived is not among them.
    pub met: u32,
    /// In all.
    pub of: u32,
    /// Met, waived, open, decided inconclusive.
    pub tally: TallyView,
    /// Of each operation how many judged values are within their limits, and what became of the others.
    pub conformity: Vec<ConformityView>,
    /// Those still open.
    pub open: Vec<ObligationView>,
    /// All, in the order of the process.
    pub obligations: Vec<ObligationView>,
}

/// How the judged values of an operation's occurrence stand to their limits.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConformityView {
    /// The operation's occurrence; absent: what is recorded on the batch at release.
    pub operation: Option<String>,
    /// Its name.
    pub name: String,
    /// Values that were judged.
    pub judged: u32,
    /// Those within their limits.
    pub within: u32,
    /// Values with fewer decimals than are asked: nothing follows from it.
    pub fewer_decimals: u32,
    /// As people read it: `47 of 47 judged values within their limits`.
    pub shown: String,
    /// The others, and what became of each.
    pub outside: Vec<OutsideView>,
}

/// A judged value outside its limits.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutsideView {
    /// Its place.
    pub at: String,
    /// Its entry's name.
    pub name: String,
    /// As people read it.
    pub shown: String,
    /// What became of it.
    pub became: String,
    /// Whether quality has decided on it.
    pub settled: bool,
}

impl From<Conformity> for ConformityView {
    fn from(of: Conformity) -> Self {
        let shown = of.shown();
        let outside = |it: Outside| OutsideView {
            at: it.at,
            name: it.name,
            shown: it.shown,
            became: it.became,
            settled: it.settled,
        };
        Self {
            operation: of.operation.map(|key| key.to_string()),
            name: of.name,
            judged: of.judged,
            within: of.within,
            fewer_decimals: of.coarse,
            shown,
            outside: of.outside.into_iter().map(outside).collect(),
        }
    }
}

/// How many obligations stand in which way.
#[derive(Debug, Serialize, ToSchema)]
pub struct TallyView {
    /// Met, with evidence.
    pub met: u32,
    /// No longer owed, by a named person's declaration or decision.
    pub waived: u32,
    /// Still owed.
    pub open: u32,
    /// Settled by two of quality about a result that nobody could confirm or invalidate.
    pub inconclusive: u32,
    /// As people read it: `480 met, 2 waived, 0 open`.
    pub shown: String,
}

impl From<Tally> for TallyView {
    fn from(tally: Tally) -> Self {
        Self {
            met: tally.met,
            waived: tally.waived,
            open: tally.open,
            inconclusive: tally.inconclusive,
            shown: tally.to_string(),
        }
    }
}

/// One obligation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationView {
    /// Stable id.
    pub id: String,
    /// Requirement id.
    pub rule: String,
    /// Clause behind it.
    pub clause: String,
    /// When it is due at the latest: `completion`, `review`, `release`, `after-release`.
    pub stage: String,
    /// What is owed.
    pub what: String,
    /// `met`, `open`, `waived` or `decided-inconclusive`.
    pub status: String,
    /// Whether it can ever be waived.
    pub waivable: bool,
    /// What shows it.
    pub evidence: Option<String>,
    /// Where it is met.
    r#where: Option<String>,
    /// Which authority can meet it.
    pub who_can: String,
}

impl From<&Obligation> for ObligationView {
    fn from(owed: &Obligation) -> Self {
        Self {
            id: owed.id.clone(),
            rule: owed.rule.clone(),
            clause: owed.clause.clone(),
            stage: word(&owed.stage),
            what: owed.what.clone(),
            status: word(&owed.status),
            waivable: owed.waivable,
            evidence: owed.evidence.clone(),
            r#where: owed.where_.clone(),
            who_can: owed.who_can.clone(),
        }
    }
}

/// The list with its sums.
pub fn obligations(list: &[Obligation], conformity: Vec<Conformity>) -> ObligationsView {
    let tally = Tally::of(list);
    ObligationsView {
        met: tally.met,
        of: tally.all(),
        tally: tally.into(),
        conformity: conformity.into_iter().map(Into::into).collect(),
        open: list.iter().filter(|o| o.status == Status::Open).map(Into::into).collect(),
        obligations: list.iter().map(Into::into).collect(),
    }
}
