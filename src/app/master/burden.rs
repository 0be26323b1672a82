//! Burden of a master record's version, over all its runs and what was refused in them.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::clock::Instant;
use crate::domain::cross::burden::burden;
pub use crate::domain::cross::burden::{Rate, StepBurden};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::state::State;
use crate::store::access_log::{AccessFilter, search};
use crate::store::lists::Paging;
use crate::store::noun::run::{RunFilter, list_runs};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who improves a process, and who oversees it.
const READERS: &[Authority] = &[
    Authority::Read,
    Authority::Review,
    Authority::Evaluate,
    Authority::Supervise,
    Authority::AuthorMaster,
];

/// The longest part of a list that the store gives at once.
const WHOLE: usize = 500;

/// What the steps of a version cost.
#[derive(Debug)]
pub struct Burden {
    /// Runs it is computed from.
    pub runs: u32,
    /// Its steps, in the order of the process.
    pub steps: Vec<StepBurden>,
}

impl Desk {
    /// What each step of a version cost in its runs: about steps, never about persons. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without any of *read*, *review*, *evaluate*, *supervise*,
    /// *author-master*.
    pub fn burden(&self, caller: &Caller, code: &str, version: u32) -> Result<Burden, Failure> {
        self.may_read(caller, READERS, None)?;
        let state = self.state(&Key::Number(RecordKind::Master, format!("{code}~{version}")))?;
        let master = state.as_master().ok_or_else(|| Failure::Broken("no master".into()))?;
        self.may_read(caller, READERS, Some(&master.product))?;
        let states = self.runs_of(code, version)?;
        let runs: Vec<_> = states.iter().filter_map(|state| state.as_run()).collect();
        let Some(first) = runs.iter().map(|run| run.issued_at).min() else {
            return Ok(Burden { runs: 0, steps: Vec::new() });
        };
        let numbers: BTreeSet<&str> = runs.iter().map(|run| run.number.as_str()).collect();
        let refused = self.refused_steps(&numbers, first)?;
        // As approved: what an amendment added to one batch is no step of the version.
        let recipe = runs.first().map(|run| Arc::clone(&run.original));
        let steps = recipe.map_or_else(Vec::new, |recipe| burden(&recipe, &runs, &refused));
        Ok(Burden { runs: u32::try_from(runs.len()).unwrap_or(u32::MAX), steps })
    }

    /// Every run issued from a version.
    fn runs_of(&self, code: &str, version: u32) -> Result<Vec<Arc<State>>, Failure> {
        let mut filter = RunFilter {
            master: Some((code.to_owned(), i64::from(version))),
            paging: Paging { cursor: None, limit: WHOLE },
            ..RunFilter::default()
        };
        let mut runs = Vec::new();
        loop {
            let page = self.read(|db| list_runs(db, &filter))?;
            for row in page.items {
                runs.push(self.state(&Key::Number(RecordKind::Run, row.number))?);
            }
            match page.next {
                Some(next) => filter.paging.cursor = Some(next),
                None => return Ok(runs),
            }
        }
    }

    /// Refused attempts at steps of these runs, by step id. Who attempted is not looked at.
    fn refused_steps(
        &self,
        runs: &BTreeSet<&str>,
        from: Instant,
    ) -> Result<BTreeMap<String, u32>, Failure> {
        let mut filter = AccessFilter {
            outcome: Some("refused".into()),
            from: Some(from),
            limit: WHOLE,
            ..AccessFilter::default()
        };
        let mut refused = BTreeMap::new();
        loop {
            let page = self.read(|db| search(db, &filter))?;
            for row in page.items {
                let about = &row.detail["about"];
                let (run, step) = (about["run"].as_str(), about["step"].as_str());
                if let (Some(step), true) = (step, run.is_some_and(|run| runs.contains(run))) {
                    *refused.entry(step.to_owned()).or_insert(0) += 1;
                }
            }
            match page.next {
                Some(next) => filter.cursor = Some(next),
                None => return Ok(refused),
            }
        }
    }
}
