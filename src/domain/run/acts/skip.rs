//! Skip testing: that a batch does not owe a test is decided by quality's signature before the batch starts,
//! naming the document that allows it, and only of a test that the master record lets be skipped.

use super::act::{may, phase, sign};
use super::{result, spot};
use crate::domain::act::said;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::written::Written;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::testing::SkippedRun;
pub use crate::domain::run::testing::TestSkipped;
use crate::domain::run::testing_refusal::NOT_SKIPPABLE;
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;
use crate::domain::words::EntryKey;

/// Decides that the batch does not owe a test.
///
/// # Errors
/// Authority, phase, `occurrence-unknown`, `not-skippable`, `reason-required`, a missing signature.
pub fn skip(
    run: &Run,
    facts: &RunFacts<'_>,
    entry: &str,
    document: &str,
    reason: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Review, Authority::ApproveMaster])?;
    phase(run, &[Phase::Issued], "decide that it does not owe a test")?;
    let at = EntryKey { step: None, entry: entry.to_owned() };
    let spot = spot::entry(run, &at)?;
    let may_be = result::spec(&spot).is_some_and(|spec| spec.skippable);
    if !may_be || run.skipped.contains_key(entry) {
        let why = if may_be { "was decided on already" } else { "is owed by every batch" };
        return Err(Refusal::new(&NOT_SKIPPABLE, format!("{entry} {why}")));
    }
    said(document, "document")?;
    said(reason, "reason")?;
    let signatures = sign(facts, stamp, &permit, Meaning::Approved)?;
    let told = TestSkipped {
        entry: entry.to_owned(),
        document: document.to_owned(),
        reason: reason.to_owned(),
    };
    Ok(Ruling::signed(permit, RunEvent::TestSkipped(told), signatures))
}

/// Request by quality, before the first act: the batch does not owe a test.
#[derive(Debug, Clone)]
pub struct SkipTest {
    /// Which.
    pub entry: String,
    /// The document that allows it.
    pub document: String,
    /// Why.
    pub reason: String,
}

impl Order for SkipTest {
    const NAME: &'static str = "skip-test";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        skip(run, facts, &self.entry, &self.document, &self.reason, stamp)
    }

    order_of!(run, alone, request, unversioned);
}

impl Event for TestSkipped {
    const ADMITTED: Admitted = by(&[Authority::Review, Authority::ApproveMaster]);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let skipped = SkippedRun { told: self.clone(), signed: written.first_signed() };
        run.skipped.insert(self.entry.clone(), skipped);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (Lapses::FinalOnly, format!("{} was decided not to be owed", self.entry))
    }

    nothing_in!(moves, bears, changed);
}
