//! What stands in a run beside its steps: holds, gates, reviews, lots, deviations, renditions.

use super::{EntryRun, Run, StepRun};
use crate::domain::clock::{Instant, Zone};
use crate::domain::exception::Exception;
use crate::domain::ids::{OperationKey, RecordKey, StepKey};
use crate::domain::policy::Authority;
use crate::domain::quantity::Quantity;
use crate::domain::recipe::OutputClass;
use crate::domain::signing::Signed;
use crate::domain::words::{EntryKey, HoldScope, Who};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

impl Run {
    /// A moment as people at the site of the run read it.
    #[must_use]
    pub fn local(&self, at: Instant) -> String {
        Zone::at(&self.zone, at).map_or_else(|_| at.to_rfc3339(), |zone| at.shown_short(&zone))
    }

    /// An exception by number.
    #[must_use]
    pub fn exception(&self, no: u32) -> Option<&Exception> {
        let is = |it: &&Exception| it.opened.no == no;
        let at = usize::try_from(no).ok()?.checked_sub(1)?;
        self.exceptions.get(at).filter(is).or_else(|| self.exceptions.iter().find(is))
    }

    /// What stands at an entry of a step's occurrence, or at a release specification.
    #[must_use]
    pub fn entry(&self, at: &EntryKey) -> Option<&EntryRun> {
        match &at.step {
            Some(step) => self.steps.get(step)?.entries.get(&at.entry),
            None => self.release_entries.get(&at.entry),
        }
    }
}

/// Whether an occurrence began with permission, or its being found running has been triaged.
#[must_use]
pub fn is_accepted(run: &Run, step: &StepRun) -> bool {
    step.found_running.is_none_or(|no| run.exception(no).is_some_and(|it| it.triage.is_some()))
}

/// A hold: an object with scope, owner, reason; several may stand at once.
#[derive(Debug, Clone)]
pub struct Hold {
    /// From 1.
    pub no: u32,
    /// What it covers.
    pub scope: HoldScope,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub by: Who,
    /// When.
    pub at: Instant,
    /// Which authority may lift it.
    pub lifted_by_authority: Authority,
    /// Lifted when, by whom, why.
    pub lifted: Option<(Instant, Who, String)>,
    /// Sequence of the last change: its version.
    pub version: u64,
}

/// A gate's life in this run.
#[derive(Debug, Clone, Default)]
pub struct GateRun {
    pub passages: Vec<(Instant, Signed)>,
    /// The operation occurrences in which what the gate guards was let pass.
    pub serves: BTreeSet<OperationKey>,
    /// When each of these occurrences was first let pass.
    pub passed_at: BTreeMap<OperationKey, Instant>,
    /// Occurrences for which quality waived that the gate was not passed before, why, and by whom.
    pub waived: BTreeMap<StepKey, (String, Signed)>,
    /// Acceptances of risk: exceptions covered, reason, until when, signature, ratification.
    pub risks: Vec<RiskAcceptance>,
}

/// A supervisor's *proceed at risk* on a gate.
#[derive(Debug, Clone)]
pub struct RiskAcceptance {
    /// Exceptions it covers; later ones close the gate again.
    pub exceptions: Vec<u32>,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Instant,
    /// The supervisor.
    pub signed: Option<Signed>,
    /// QA's ratification, owed before release.
    pub ratified: Option<Signed>,
}

/// Quality's review of record and audit trail.
#[derive(Debug, Clone)]
pub struct Review {
    /// When.
    pub at: Instant,
    /// Up to which entry of the chain.
    pub covers_seq: u64,
    pub conclusion: String,
    /// The reviewer.
    pub signed: Option<Signed>,
    /// Lapsed since this entry, if something changed afterwards.
    pub lapsed: Option<(u64, String)>,
}

/// An output lot of this run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotLink {
    /// The lot's record.
    pub record: RecordKey,
    /// Lot number.
    pub number: String,
    /// As the plant writes it, where that is another text.
    pub printed: Option<String>,
    /// Which output of the master record it is.
    pub output: String,
    /// Product, side product or waste.
    pub class: OutputClass,
    pub material: String,
    pub quantity: Quantity,
    /// When it came out.
    pub at: Instant,
    /// Lots that went in, as somebody named them for this lot.
    pub parents: Vec<ParentLink>,
    /// Parents that quality took away.
    pub removals: Vec<Removal>,
    /// Disposition as last told to this run (`quarantined` at first).
    pub disposition: String,
    /// Whether it was ever released: what comes to be known since concerns it, whatever became of it.
    pub was_released: bool,
}

/// A deviation linked to this run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviationLink {
    /// The deviation's record.
    pub record: RecordKey,
    /// Exceptions of this run it covers.
    pub exceptions: Vec<u32>,
    /// Whether its investigation is concluded and closed by QA.
    pub closed: bool,
    /// Whether its impact conclusion lets the process go on (opens gates).
    pub impact_concluded: bool,
}

/// A rendition issued: numbered, bytes kept as a blob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendition {
    /// From 1, gap-free per run.
    pub no: u32,
    /// SHA-256 of the PDF, hex.
    pub blob: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Sequence of the run it shows.
    pub covers_seq: u64,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Who,
}

/// A parent that somebody named for a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentLink {
    /// As typed.
    pub number: String,
    /// Why it was named later; at yielding there is none.
    pub reason: Option<String>,
    /// By whom.
    pub by: Who,
    /// When.
    pub at: Instant,
    /// Sequence of the run's entry.
    pub seq: u64,
}

/// Quality took a parent away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// As it was named.
    pub number: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: Who,
    /// When.
    pub at: Instant,
    /// Sequence of the run's entry; whoever names the parent after it, names it anew.
    pub seq: u64,
}
