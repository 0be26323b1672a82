//! What a run owes, at any moment: each obligation with rule, clause and evidence. The only gate to
//! completion, review and release.
//!
//! Ids are stable: they name what is owed, not its order, so that two lists can be compared.

mod claims;
mod conformity;
pub mod conforms;
mod device;
mod execution;
mod floor;
mod looks;
mod lots;
mod owed;
mod quality;
mod question;
mod release;
mod testing;
mod time;

#[cfg(test)]
mod tests;

pub use conformity::{Conformity, Outside, conformity};
pub use lots::{of_another_lot, require_of_lot};
pub use quality::newest_alert;

pub use crate::domain::tally::{Status, Tally};

use crate::domain::clock::Instant;
use crate::domain::disposition::standing::Standing;
use crate::domain::facts::{DeviationFacts, LotFacts};
use crate::domain::refusal::Refusal;
use crate::domain::run::Run;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::genealogy::Genealogy;
use crate::domain::run::quality_refusal::{NOT_READY, OBLIGATIONS_OPEN};
use crate::domain::signing::Signed;
use crate::domain::words::Who;
use serde::{Deserialize, Serialize};

/// Up to which point an obligation may stay open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Met before execution is declared complete.
    Completion,
    /// Met before quality reviews.
    Review,
    /// Met before a lot is released.
    Release,
    /// Owed because of what came after a lot was released; it refuses no release.
    AfterRelease,
}

/// One thing the run owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// Stable id, as in `step/OP-05.2~1/05.2.1~2/performed`.
    pub id: String,
    /// Requirement id.
    pub rule: String,
    /// Clause behind it.
    pub clause: String,
    /// When it is due at the latest.
    pub stage: Stage,
    /// What is owed, for people.
    pub what: String,
    /// How it stands.
    pub status: Status,
    /// Whether a declaration or decision can waive it; what cannot be waived is met, or the lot is rejected.
    pub waivable: bool,
    /// What shows it: who, when, which entry of the journal; for open ones what was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Where it is met: occurrence, entry, gate.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub where_: Option<String>,
    /// Which authority can meet it.
    pub who_can: String,
}

impl Obligation {
    /// Whether it no longer stands in the way.
    #[must_use]
    pub fn settled(&self) -> bool {
        self.status != Status::Open
    }

    /// The obligation as a line for people.
    #[must_use]
    pub fn line(&self) -> String {
        let place = self.where_.as_ref().map(|at| format!(" ({at})")).unwrap_or_default();
        format!("{}{place}: {} [{} {}]", self.what, self.who_can, self.rule, self.id)
    }
}

impl Tally {
    /// Counts a list of obligations.
    #[must_use]
    pub fn of(list: &[Obligation]) -> Self {
        Self::count(list.iter().map(|obligation| obligation.status))
    }
}

/// What obligations know from other records. The run's own links suffice; where the records
/// themselves are loaded, as in the one decision that releases, they count (T22).
#[derive(Debug, Clone, Copy, Default)]
pub struct ObligationFacts<'a> {
    /// Deviations linked to the run.
    pub deviations: &'a [DeviationFacts<'a>],
    /// Lots of the run.
    pub lots: &'a [LotFacts<'a>],
    /// Own lots that went into them; without it no parent is known to be in order.
    pub genealogy: Option<&'a Genealogy<'a>>,
    /// How lots stand: those that went into its own, and its own where they are asked for.
    pub standings: &'a [Standing],
}

impl<'a> ObligationFacts<'a> {
    /// The same of a run's facts.
    ///
    /// # Panics
    /// When the order did not read what is linked to its run: nothing owed is passed over unseen.
    #[must_use]
    pub fn of(facts: &RunFacts<'a>) -> Self {
        assert!(facts.linked, "what a run owes is asked without its deviations and lots");
        Self {
            deviations: facts.deviations,
            lots: facts.lots,
            genealogy: facts.genealogy,
            standings: facts.standings,
        }
    }
}

/// Everything the run owes, in the order of the process, met ones with their evidence.
#[must_use]
pub fn obligations(run: &Run, facts: &ObligationFacts<'_>, at: Instant) -> Vec<Obligation> {
    let mut list = Vec::new();
    execution::collect(run, &mut list);
    looks::collect(run, &mut list);
    conformity::collect(run, &mut list);
    floor::collect(run, &mut list);
    testing::collect(run, &mut list);
    time::collect(run, at, &mut list);
    quality::collect(run, facts, &mut list);
    release::collect(run, facts, &mut list);
    question::collect(run, facts, &mut list);
    if let Some((when, reason)) = &run.aborted {
        let why = format!("the run was aborted at {when}, its lots can only be rejected: {reason}");
        for owed in list.iter_mut().filter(|owed| !owed.settled() && !outlives_abort(owed)) {
            owed.status = Status::Waived;
            owed.evidence = Some(why.clone());
        }
    }
    list
}

/// Whether something is owed although its run was aborted: what departed is decided and investigated, the
/// record is reviewed (21 CFR 211.192). What execution, testing and release asked is not.
fn outlives_abort(owed: &Obligation) -> bool {
    let kept = ["exception/", "deviation/", "alarm/", "hold/", "emergency/"];
    kept.iter().any(|kept| owed.id.starts_with(kept))
        || owed.id.ends_with("/ratified")
        || owed.id == "run/review"
}

/// What says that a specification of the run does not conform now, or that its yield is open, one line each:
/// what keeps a released lot from leaving, whatever was decided. Conformity of what is no specification is not
/// in it.
#[must_use]
pub fn not_conforming(run: &Run, facts: &ObligationFacts<'_>) -> Vec<String> {
    let list = obligations(run, facts, run.last_at).into_iter();
    let stands_against = |o: &Obligation| {
        o.id.starts_with("entry/") && o.id.ends_with("/conforms") && !o.waivable
            || o.id == "run/yield"
    };
    list.filter(|o| stands_against(o) && !o.settled())
        .map(|o| match &o.evidence {
            Some(found) => format!("{}: not met, {found}", o.what),
            None => format!("{}: not met", o.what),
        })
        .collect()
}

/// The obligations up to a stage that are still open.
#[must_use]
pub fn open_until(
    run: &Run,
    facts: &ObligationFacts<'_>,
    stage: Stage,
    at: Instant,
) -> Vec<Obligation> {
    let mut list = obligations(run, facts, at);
    list.retain(|obligation| obligation.stage <= stage && !obligation.settled());
    list
}

/// Everything up to a stage is settled.
///
/// # Errors
/// `obligations-open` (for release `not-ready-for-release`), listing each with who can meet it.
pub fn require(
    run: &Run,
    facts: &ObligationFacts<'_>,
    stage: Stage,
    at: Instant,
) -> Result<(), Refusal> {
    let mut open = obligations(run, facts, at);
    let tally = Tally::of(&open);
    open.retain(|obligation| obligation.stage <= stage && !obligation.settled());
    let Some(first) = open.first() else { return Ok(()) };
    let (number, more) = (&run.number, open.len());
    let detail = format!("run {number} owes {more} more ({tally} in all), first: {}", first.line());
    let rule = if stage == Stage::Release { &NOT_READY } else { &OBLIGATIONS_OPEN };
    Err(Refusal::new(rule, detail).missing(open.iter().map(Obligation::line).collect()))
}

/// Fixed parts of an obligation: what the law says of it.
#[derive(Clone, Copy)]
struct Law {
    rule: &'static str,
    clause: &'static str,
    stage: Stage,
    waivable: bool,
}

/// What the law asks, to be met and never waived.
const fn law(rule: &'static str, clause: &'static str, stage: Stage) -> Law {
    Law { rule, clause, stage, waivable: false }
}

impl Law {
    /// The same, where a named person's declaration or decision may waive it.
    const fn or_waived(self) -> Self {
        Self { waivable: true, ..self }
    }
}

/// How one obligation was found.
enum Found {
    Met(String),
    Open(Option<String>),
    Waived(String),
    /// Two of quality decided about a result that nobody could confirm or invalidate.
    Inconclusive(String),
}

impl Found {
    /// Met when there is evidence, else waived when somebody declared or decided so.
    fn met_or_waived(met: Option<String>, waived: Option<&str>) -> Self {
        match (met, waived) {
            (Some(evidence), _) => Self::Met(evidence),
            (None, Some(why)) => Self::Waived(why.to_owned()),
            (None, None) => Self::Open(None),
        }
    }

    /// Met when there is evidence.
    fn of(evidence: Option<String>) -> Self {
        evidence.map_or(Self::Open(None), Self::Met)
    }
}

fn owe(
    list: &mut Vec<Obligation>,
    law: Law,
    id: String,
    what: String,
    place: Option<String>,
    who_can: &str,
    found: Found,
) {
    let (status, evidence) = match found {
        Found::Met(evidence) => (Status::Met, Some(evidence)),
        Found::Open(evidence) => (Status::Open, evidence),
        Found::Waived(evidence) => (Status::Waived, Some(evidence)),
        Found::Inconclusive(evidence) => (Status::DecidedInconclusive, Some(evidence)),
    };
    list.push(Obligation {
        id,
        rule: law.rule.to_owned(),
        clause: law.clause.to_owned(),
        stage: law.stage,
        what,
        status,
        waivable: law.waivable,
        evidence,
        where_: place,
        who_can: who_can.to_owned(),
    });
}

/// A signature as evidence.
fn signature(signed: &Signed) -> String {
    format!(
        "signed \"{}\" by {} ({}), {}, entry {}",
        signed.meaning.as_str(),
        signed.printed_name,
        signed.user_name,
        signed.at.shown_short(&signed.zone),
        signed.seq
    )
}

/// A person and a moment as evidence.
fn done_by(word: &str, who: &Who, at: Instant) -> String {
    format!("{word} by {} ({}), {at}", who.printed_name, who.user_name)
}
