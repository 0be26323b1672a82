//! The state of any record, folded from its journal.

use super::command::{EvolveFault, Happened};
use super::deviation::{self, Deviation};
use super::ids::{RecordKey, RecordKind};
use super::lot::{self, Lot};
use super::master;
use super::master::state::Master;
use super::person::{self, Person};
use super::run::plan::Recipe;
use super::run::{self, Run};
use super::site::{self, Site};

/// A record's state.
#[derive(Debug, Clone)]
pub enum State {
    /// The site.
    Site(Box<Site>),
    /// A person.
    Person(Box<Person>),
    /// A master record's version.
    Master(Box<Master>),
    /// A run.
    Run(Box<Run>),
    /// A deviation.
    Deviation(Box<Deviation>),
    /// A lot.
    Lot(Box<Lot>),
}

/// Folds with a noun's own `evolve` after checking that the state is one of its kind.
macro_rules! fold {
    ($current:expr, $happened:expr, $variant:ident, $module:ident $(, $more:expr)*) => {{
        let current = match $current {
            None => None,
            Some(State::$variant(state)) => Some(*state),
            Some(other) => {
                let detail = format!("does not belong on a {}", other.key().kind);
                return Err(EvolveFault::of($happened, detail));
            }
        };
        $module::evolve(current, $happened $(, $more)*).map(|s| State::$variant(Box::new(s)))
    }};
}

/// An accessor to one kind of record.
macro_rules! accessor {
    ($name:ident, $variant:ident, $type:ty, $doc:literal) => {
        #[doc = $doc]
        #[must_use]
        pub fn $name(&self) -> Option<&$type> {
            match self {
                Self::$variant(state) => Some(state),
                _ => None,
            }
        }
    };
}

impl State {
    /// Folds one entry into a record's state; contains no rule and accepts every released event.
    /// `recipe` is the frozen master that a `run.issued` event names, given by the loader.
    ///
    /// # Errors
    /// A fault naming the entry that cannot be: wrong order, wrong record, unreadable data.
    pub fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        recipe: Option<Recipe>,
    ) -> Result<Self, EvolveFault> {
        let before = current.as_ref().map_or(0, Self::seq);
        if happened.seq != before + 1 {
            let detail = format!("follows entry {before}: the sequence has a gap");
            return Err(EvolveFault::of(happened, detail));
        }
        if current.as_ref().is_some_and(|state| state.key() != happened.record) {
            return Err(EvolveFault::of(happened, "belongs to another record"));
        }
        match happened.record.kind {
            RecordKind::Site => fold!(current, happened, Site, site),
            RecordKind::Person => fold!(current, happened, Person, person),
            RecordKind::Master => fold!(current, happened, Master, master),
            RecordKind::Run => fold!(current, happened, Run, run, recipe),
            RecordKind::Deviation => fold!(current, happened, Deviation, deviation),
            RecordKind::Lot => fold!(current, happened, Lot, lot),
        }
    }

    accessor!(as_site, Site, Site, "The site, if it is one.");
    accessor!(as_person, Person, Person, "The person, if it is one.");
    accessor!(as_master, Master, Master, "The master record's version, if it is one.");
    accessor!(as_run, Run, Run, "The run, if it is one.");
    accessor!(as_deviation, Deviation, Deviation, "The deviation, if it is one.");
    accessor!(as_lot, Lot, Lot, "The lot, if it is one.");

    /// The record.
    #[must_use]
    pub fn key(&self) -> RecordKey {
        match self {
            Self::Site(state) => state.key,
            Self::Person(state) => state.key,
            Self::Master(state) => state.key,
            Self::Run(state) => state.key,
            Self::Deviation(state) => state.key,
            Self::Lot(state) => state.key,
        }
    }

    /// Sequence of its newest entry.
    #[must_use]
    pub fn seq(&self) -> u64 {
        match self {
            Self::Site(state) => state.seq,
            Self::Person(state) => state.seq,
            Self::Master(state) => state.seq,
            Self::Run(state) => state.seq,
            Self::Deviation(state) => state.seq,
            Self::Lot(state) => state.seq,
        }
    }

    /// Link of its newest entry.
    #[must_use]
    pub fn head(&self) -> [u8; 32] {
        match self {
            Self::Site(state) => state.head,
            Self::Person(state) => state.head,
            Self::Master(state) => state.head,
            Self::Run(state) => state.head,
            Self::Deviation(state) => state.head,
            Self::Lot(state) => state.head,
        }
    }

    /// Its business number, as [`super::ids::Key::Number`] names it; the site has none.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        match self {
            Self::Site(_) => None,
            Self::Person(state) => Some(state.number.clone()),
            Self::Master(state) => Some(format!("{}~{}", state.code, state.version)),
            Self::Run(state) => Some(state.number.clone()),
            Self::Deviation(state) => Some(state.number.clone()),
            Self::Lot(state) => Some(state.number.clone()),
        }
    }
}
