//! Lots for screens, each with its parents as they stand, and what is open or new in its batch.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::disposition::standing::Standing;
use crate::domain::ids::{Key, RecordKind};
use crate::domain::lot::{Disposition, Lot};
use crate::domain::policy::Authority;
use crate::domain::run::Run;
use crate::domain::run::genealogy::Stands;
use crate::domain::state::State;
use crate::store::journal::Page;
pub use crate::store::noun::lot::LotFilter;
use crate::store::noun::lot::list_lots;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Most parts that one question looks through for lots that need a look.
const ROUNDS: usize = 5;

/// Why a released lot may need a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attention {
    /// It is in question.
    Questioned,
    /// It is in question by something that blocks it.
    Blocked,
    /// Its batch has something open.
    Open,
    /// Something that bears on it came since it was released, answered or not.
    Changed,
    /// Any of these.
    Any,
}

/// A lot of a list.
pub struct ListedLot {
    /// The lot, as a state that is one.
    pub state: Arc<State>,
    /// Its parents as they stand.
    pub parents: Vec<Stands>,
    /// How it stands itself: in question, blocked.
    pub standing: Standing,
    /// What is open in its batch, one thing a line.
    pub open: Vec<String>,
}

impl ListedLot {
    /// What bears on it and came since it was released, answered or not.
    #[must_use]
    pub fn since_release(&self) -> Vec<String> {
        let facts = self.standing.facts.iter();
        facts.map(|ground| ground.shown(&self.standing.number)).collect()
    }

    /// Whether it is a released lot that needs a look for this.
    fn needs(&self, attention: Attention) -> bool {
        let questioned = self.standing.questioned();
        let (open, changed) = (!self.open.is_empty(), !self.standing.facts.is_empty());
        self.standing.disposition == Disposition::Released
            && match attention {
                Attention::Questioned => questioned,
                Attention::Blocked => self.standing.blocked(),
                Attention::Open => open,
                Attention::Changed => changed,
                Attention::Any => questioned || open || changed,
            }
    }
}

/// What is open in a batch: exceptions that nobody decided, deviations that are not closed, holds, a review that
/// lapsed.
fn open_in(run: &Run) -> Vec<String> {
    let exceptions = run.exceptions.iter().filter(|exception| exception.triage.is_none());
    let exceptions = exceptions.map(|exception| {
        let opened = &exception.opened;
        format!("exception {} ({}): {}", opened.no, opened.severity.as_str(), opened.detail)
    });
    let deviations = run.deviations.iter().filter(|(_, link)| !link.closed);
    let deviations = deviations.map(|(number, _)| format!("deviation {number}"));
    let holds = run.holds.iter().filter(|hold| hold.lifted.is_none());
    let holds = holds.map(|hold| format!("hold {}: {}", hold.no, hold.reason));
    exceptions.chain(deviations).chain(holds).collect()
}

impl Desk {
    /// Lots in the caller's scope, by number; with `attention` the released ones that need a look for it, where a
    /// part holds fewer than asked for if what was looked through for it held no more. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*.
    pub fn lots(
        &self,
        caller: &Caller,
        filter: &LotFilter,
        attention: Option<Attention>,
    ) -> Result<Page<ListedLot>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let Some(attention) = attention else { return self.lots_of(caller, filter) };
        let mut filter = filter.clone();
        filter.disposition = Some(Disposition::Released.as_str().to_owned());
        let wanted = if filter.paging.limit == 0 { 100 } else { filter.paging.limit.min(500) };
        let mut items = Vec::new();
        for _ in 0..ROUNDS {
            filter.paging.limit = wanted - items.len();
            let page = self.lots_of(caller, &filter)?;
            items.extend(page.items.into_iter().filter(|lot| lot.needs(attention)));
            filter.paging.cursor = page.next;
            if filter.paging.cursor.is_none() || items.len() >= wanted {
                break;
            }
        }
        Ok(Page { items, next: filter.paging.cursor })
    }

    fn lots_of(&self, caller: &Caller, filter: &LotFilter) -> Result<Page<ListedLot>, Failure> {
        let scope = self.scope(caller)?;
        let page = self.read(|db| list_lots(db, filter))?;
        let rows = page.items.iter().filter(|row| scope.reaches(&row.product));
        let states = rows
            .map(|row| self.state(&Key::Number(RecordKind::Lot, row.number.clone())))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page { items: self.listed(caller, &states)?, next: page.next })
    }

    /// Lots as a list shows them.
    pub(in crate::app) fn listed(
        &self,
        caller: &Caller,
        states: &[Arc<State>],
    ) -> Result<Vec<ListedLot>, Failure> {
        let lots: Vec<&Lot> = states.iter().filter_map(|state| state.as_lot()).collect();
        let shown = self.shown_of_lots(Some(caller), &lots)?;
        let listed = |(state, (parents, standing)): (&Arc<State>, _)| {
            let run = state.as_lot().map(|lot| self.state(&Key::Id(lot.run.0))).transpose()?;
            let open = run.as_deref().and_then(State::as_run).map(open_in).unwrap_or_default();
            Ok(ListedLot { state: Arc::clone(state), parents, standing, open })
        };
        states.iter().zip(shown).map(listed).collect()
    }
}
