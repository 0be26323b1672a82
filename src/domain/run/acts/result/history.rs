//! How a determination came to stand as it does: its corrections, what they opened, the runs of tests beyond
//! what the method allows.

use super::standing::Standing;
use crate::domain::run::testing::{ClaimRun, DeterminationRun, InvestigationRun, TestRun};
use std::collections::BTreeSet;

impl<'r> Standing<'r> {
    /// What stands against it, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let line = |tested: &DeterminationRun| {
            format!("determination {}: {}", tested.told.no, tested.value().shown)
        };
        self.against().map(line).collect()
    }

    /// The determinations that one stands on: itself, or the run of tests that it completed where the method
    /// joins them.
    #[must_use]
    pub fn behind(&self, tested: &DeterminationRun) -> Vec<u32> {
        let joined = tested.run.as_ref().filter(|_| self.spec.reportable.joins());
        joined.map_or_else(|| vec![tested.told.no], |run| run.members.clone())
    }

    fn corrections(&self, no: u32) -> impl Iterator<Item = &'r ClaimRun> + use<'r> {
        let claims = self.entry.into_iter().flat_map(|entry| &entry.claims);
        claims.filter(move |claim| claim.told.determination == no)
    }

    /// The step by which a claim was accepted.
    fn acceptance(&self, claim: &ClaimRun) -> Option<&'r InvestigationRun> {
        let own = claim.told.no;
        self.steps().map(|(_, taken)| taken).find(|taken| taken.step.accepted() == Some(own))
    }

    /// The entry of the journal by which the value of a determination last changed, if it did.
    #[must_use]
    pub fn changed(&self, no: u32) -> Option<u64> {
        let since = |claim: &ClaimRun| match claim.told.claimed {
            true => self.acceptance(claim).map(|taken| taken.seq),
            false => Some(claim.seq),
        };
        self.corrections(no).filter_map(since).max()
    }

    /// The entry of the journal since which a determination stands as it does.
    #[must_use]
    pub fn since(&self, tested: &DeterminationRun) -> u64 {
        let changed = self.behind(tested).into_iter().filter_map(|no| self.changed(no)).max();
        changed.unwrap_or_default().max(tested.seq)
    }

    /// The exceptions about these determinations: of what was told, and of every correction that counts.
    #[must_use]
    pub fn exceptions(&self, determinations: &[u32]) -> BTreeSet<u32> {
        let mut all = BTreeSet::new();
        for tested in determinations.iter().filter_map(|no| self.find(*no)) {
            all.extend(&tested.told.exceptions);
            for claim in self.corrections(tested.told.no) {
                match claim.told.claimed {
                    true => {
                        all.extend(self.acceptance(claim).into_iter().flat_map(|it| &it.exceptions))
                    }
                    false => all.extend(&claim.told.exceptions),
                }
            }
        }
        all
    }

    /// Runs of tests that are invalid by their spread, of the first and of every plan, beyond as many as the
    /// method lets be repeated.
    pub fn beyond(&self) -> impl Iterator<Item = &'r TestRun> + use<'r> {
        let repeats = self.spec.spread.as_ref().map_or(0, |spread| spread.repeats);
        let runs = self.all().filter_map(|tested| tested.run.as_ref());
        let invalid = runs.filter(|run| run.invalid.is_some());
        invalid.skip(usize::try_from(repeats).unwrap_or(usize::MAX))
    }
}
