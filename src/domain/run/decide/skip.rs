//! Skip testing: that a batch does not owe a test is decided by quality's signature before the batch starts,
//! naming the document that allows it, and only of a test that the master record lets be skipped.

use super::act::{may, phase, sign};
use super::{result, spot};
use crate::domain::act::said;
use crate::domain::command::Stamp;
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::testing::TestSkipped;
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
