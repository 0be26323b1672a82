//! What a run owes.

use super::word;
use crate::domain::run::obligations::{Obligation, Status, summary};
use serde::Serialize;
use utoipa::ToSchema;

/// Everything a run owes at this moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationsView {
    /// Met or waived.
    met: u32,
    /// In all.
    of: u32,
    /// Those still open.
    open: Vec<ObligationView>,
    /// All, in the order of the process.
    obligations: Vec<ObligationView>,
}

/// One obligation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationView {
    /// Stable id.
    id: String,
    /// Requirement id.
    rule: String,
    /// Clause behind it.
    clause: String,
    /// When it is due at the latest: `completion`, `review`, `release`.
    stage: String,
    /// What is owed.
    what: String,
    /// `met`, `open` or `waived`.
    status: String,
    /// What shows it.
    evidence: Option<String>,
    /// Where it is met.
    r#where: Option<String>,
    /// Which authority can meet it.
    who_can: String,
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
            evidence: owed.evidence.clone(),
            r#where: owed.where_.clone(),
            who_can: owed.who_can.clone(),
        }
    }
}

/// The list with its sums.
pub fn obligations(list: &[Obligation]) -> ObligationsView {
    let (met, of) = summary(list);
    ObligationsView {
        met,
        of,
        open: list.iter().filter(|o| o.status == Status::Open).map(Into::into).collect(),
        obligations: list.iter().map(Into::into).collect(),
    }
}
