//! The reportable result as people read it: its value, how many count, and what does not.

use super::standing::{Candidate, Standing};
use crate::domain::entry::EntryValue;
use crate::domain::entry::reportable::Reportable;
use crate::domain::entry::result::outside;
use crate::domain::limits::Verdict;
use crate::domain::run::testing::DeterminationRun;
use serde_json::json;

/// The reportable result, where nothing is left to test, nothing stands against it, and nobody investigates.
pub(super) fn conforming(standing: &Standing<'_>) -> Option<(EntryValue, Vec<Verdict>)> {
    let whole = standing.unfinished().is_none() && standing.against().next().is_none();
    let quiet = standing.steps().next().is_none() && standing.undecided().next().is_none();
    if !whole || !quiet || standing.reported().is_some() {
        return None;
    }
    let worst = standing.worst();
    let worst = worst.first()?;
    Some((reported(standing, worst), worst.verdicts.to_vec()))
}

/// The reportable result as people read it, naming every determination.
pub(super) fn reported(standing: &Standing<'_>, worst: &Candidate<'_>) -> EntryValue {
    let candidates = standing.candidates();
    let numbers = |keep: &dyn Fn(&DeterminationRun) -> bool| -> Vec<u32> {
        standing.all().filter(|tested| keep(tested)).map(|tested| tested.told.no).collect()
    };
    let mut named: Vec<u32> = candidates.iter().flat_map(|it| it.members.iter().copied()).collect();
    named.sort_unstable();
    named.dedup();
    let within = candidates.iter().filter(|one| !outside(one.verdicts)).count();
    let aside = numbers(&|tested| tested.invalidated.is_some());
    let uncounted =
        numbers(&|tested| tested.invalidated.is_none() && !named.contains(&tested.told.no));
    let judged = if worst.verdicts.is_empty() { "" } else { " within" };
    let text = match standing.spec.reportable {
        Reportable::Each => {
            let all: Vec<_> = candidates.iter().map(|one| one.value.shown.as_str()).collect();
            all.join("; ")
        }
        Reportable::Worst | Reportable::Mean | Reportable::Median => worst.value.shown.clone(),
    };
    let n = candidates.len();
    let counted = match (standing.spec.reportable.joins(), n) {
        (true, 1) => " run of tests",
        (true, _) => " runs of tests",
        (false, _) => "",
    };
    let mut shown = format!("{text} ({within} of {n}{counted}{judged}");
    if !aside.is_empty() {
        shown = format!("{shown}, {} set aside", aside.len());
    }
    if !uncounted.is_empty() {
        shown = format!("{shown}, {} not counted", uncounted.len());
    }
    let mut value = worst.value.clone();
    value.shown = format!("{shown})");
    value.data["reported"] = json!({
        "rule": standing.spec.reportable.as_str(), "of": standing.of,
        "determination": worst.carrier.told.no, "determinations": named,
        "set_aside": aside, "not_counted": uncounted,
    });
    value
}
