//! The second signature of quality: what one person of quality does not decide alone.

use crate::domain::command::Stamp;
use crate::domain::exception::Severity;
use crate::domain::refusal::Refusal;
use crate::domain::run::Run;
use crate::domain::run::acts::triage::another_of_quality;
use crate::domain::run::facts::RunFacts;
use crate::domain::signing::SignatureRequest;

/// The critical ones among these exceptions of a run, as people read them.
pub(super) fn critical(run: &Run, numbers: &[u32]) -> Vec<String> {
    let named = run.exceptions.iter().filter(|e| numbers.contains(&e.opened.no));
    let grave = named.filter(|e| e.opened.severity == Severity::Critical);
    grave.map(|e| format!("exception {} of run {} is critical", e.opened.no, run.number)).collect()
}

/// Critical exceptions in a minor deviation: another of quality signs too. None: nobody has to.
pub(super) fn for_critical(
    runs: &[&Run],
    facts: &RunFacts<'_>,
    grave: &[String],
    stamp: &Stamp,
) -> Result<Option<SignatureRequest>, Refusal> {
    if grave.is_empty() {
        return Ok(None);
    }
    let why = format!("{}, the deviation is minor", grave.join("; "));
    another(runs, facts, &why, stamp).map(Some)
}

/// Another of quality, who took part in none of the runs.
pub(super) fn another(
    runs: &[&Run],
    facts: &RunFacts<'_>,
    why: &str,
    stamp: &Stamp,
) -> Result<SignatureRequest, Refusal> {
    let mut signature = None;
    for run in runs {
        signature = Some(another_of_quality(run, facts, why, stamp)?);
    }
    signature.ok_or_else(|| Refusal::new(&super::RUN_NOT_GIVEN, "no run was read"))
}
