//! Where a lot, a sample, a piece of equipment or a device was used: every entry that names it, every batch, and
//! the lots downstream.

use super::trail::{AuditLine, line_of};
use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::alike::alike;
use crate::domain::cross::question::named;
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::run::Run;
use crate::store::lists::Paging;
use crate::store::noun::mention::Sort;
use crate::store::noun::mention::identifier;
pub use crate::store::parts::RunNaming;
use crate::store::parts::runs_naming;
use crate::store::trail::{AuditFilter, audit};
use std::collections::{BTreeSet, VecDeque};

/// Most lots downstream that one question looks for.
const DOWNSTREAM: usize = 1000;

/// What is looked for: one of the four.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub lot: Option<String>,
    pub sample: Option<String>,
    pub equipment: Option<String>,
    pub device: Option<String>,
}

impl Wanted {
    fn one(&self) -> Result<(Sort, &str), Refusal> {
        let all = [
            (Sort::Lot, &self.lot),
            (Sort::Sample, &self.sample),
            (Sort::Equipment, &self.equipment),
            (Sort::Device, &self.device),
        ];
        let mut asked = all.into_iter().filter_map(|(sort, what)| Some((sort, what.as_deref()?)));
        match (asked.next(), asked.next()) {
            (Some((sort, what)), None) if !what.trim().is_empty() => Ok((sort, what)),
            (Some(_) | None, _) => {
                let detail = "say what is looked for: one of lot, sample, equipment, device";
                Err(Refusal::new(&MALFORMED, detail))
            }
        }
    }
}

/// A lot downstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downstream {
    pub lot: String,
    /// The batch that it came out of.
    pub batch: String,
    /// Product code.
    pub product: String,
    /// The decision that counts.
    pub disposition: String,
    /// What went into it, or into whose batch.
    pub through: String,
}

/// Where something was used.
#[derive(Debug, Clone)]
pub struct WhereUsed {
    /// Batches whose entries name it, by issue.
    pub batches: Vec<RunNaming>,
    /// Lots downstream, the nearest first.
    pub downstream: Vec<Downstream>,
    /// Whether there are more lots downstream than were looked for.
    pub more_downstream: bool,
    /// How many batches and lots there are of products beyond the caller's scope.
    pub beyond: usize,
    /// Entries that name it, the newest first.
    pub lines: Vec<AuditLine>,
    /// To be given back as cursor.
    pub next: Option<String>,
}

impl Desk {
    /// Where something was used, as far as the caller's scope reaches. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*; `malformed` where not one thing is named.
    pub fn where_used(
        &self,
        caller: &Caller,
        wanted: &Wanted,
        paging: &Paging,
    ) -> Result<WhereUsed, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let (sort, what) = wanted.one()?;
        let scope = self.scope(caller)?;
        let word = identifier(what);
        let filter = AuditFilter {
            named: Some((sort, word.clone())),
            cursor: paging.cursor.clone(),
            limit: paging.limit,
            ..AuditFilter::default()
        };
        let page = self.read(|db| audit(db, &filter))?;
        let mut lines = Vec::new();
        for entry in &page.items {
            if self.in_scope(&scope, entry.record)? {
                lines.push(line_of(entry));
            }
        }
        let naming = self.read(|db| runs_naming(db, sort, &word))?;
        let (downstream, more_downstream) = self.downstream(sort, what, &naming)?;
        let all = naming.len() + downstream.len();
        let batches: Vec<_> =
            naming.into_iter().filter(|run| scope.reaches(&run.product)).collect();
        let downstream: Vec<_> =
            downstream.into_iter().filter(|lot| scope.reaches(&lot.product)).collect();
        let beyond = all - batches.len() - downstream.len();
        Ok(WhereUsed { batches, downstream, more_downstream, beyond, lines, next: page.next })
    }

    /// Every lot that something went into, and what those went into; whether there are more.
    fn downstream(
        &self,
        sort: Sort,
        what: &str,
        naming: &[RunNaming],
    ) -> Result<(Vec<Downstream>, bool), Failure> {
        let mut found: Vec<Downstream> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open = VecDeque::new();
        if sort == Sort::Lot {
            open.push_back(what.to_owned());
        } else {
            // Whatever else was used in a batch bears on everything that came out of it.
            for naming in naming {
                let state = self.state(&Key::Number(RecordKind::Run, naming.number.clone()))?;
                for link in state.as_run().into_iter().flat_map(|run| &run.lots) {
                    self.keep(&link.number, what, &mut found, &mut seen, &mut open)?;
                }
            }
        }
        while let Some(parent) = open.pop_front() {
            if found.len() >= DOWNSTREAM {
                return Ok((found, true));
            }
            let word = identifier(&parent);
            for naming in self.read(|db| runs_naming(db, Sort::Lot, &word))? {
                let state = self.state(&Key::Number(RecordKind::Run, naming.number))?;
                let Some(run) = state.as_run() else { continue };
                for child in self.children(run, &parent)? {
                    self.keep(&child, &parent, &mut found, &mut seen, &mut open)?;
                }
            }
        }
        Ok((found, false))
    }

    /// The lots of a run that a lot went into, and was not taken away from.
    fn children(&self, run: &Run, parent: &str) -> Result<Vec<String>, Failure> {
        let mut children = Vec::new();
        for link in &run.lots {
            let state = self.state(&Key::Id(link.record))?;
            let Some(lot) = state.as_lot() else { continue };
            let went_in = named(lot, run).iter().any(|number| alike(number, parent));
            if went_in && !alike(&lot.number, parent) {
                children.push(lot.number.clone());
            }
        }
        Ok(children)
    }

    fn keep(
        &self,
        lot: &str,
        through: &str,
        found: &mut Vec<Downstream>,
        seen: &mut BTreeSet<String>,
        open: &mut VecDeque<String>,
    ) -> Result<(), Failure> {
        if !seen.insert(lot.to_owned()) {
            return Ok(());
        }
        let state = self.state(&Key::Number(RecordKind::Lot, lot.to_owned()))?;
        if let Some(lot) = state.as_lot() {
            found.push(Downstream {
                lot: lot.number.clone(),
                batch: lot.run.1.clone(),
                product: lot.product.clone(),
                disposition: lot.disposition().as_str().to_owned(),
                through: through.to_owned(),
            });
            open.push_back(lot.number.clone());
        }
        Ok(())
    }
}
