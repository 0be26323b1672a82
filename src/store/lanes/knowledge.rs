//! What a lane knows of the committed database: good as long as nobody else writes it, and brought on
//! by what others wrote (`news`) when somebody did.

use super::shelf::{ROOM, Shelf, weight};
use crate::domain::clock::{ClockKind, Instant, Zone};
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::loaded::Command;
use crate::domain::site::time::SiteTime;
use crate::domain::state::State;
use crate::seal::digest::Hash;
use crate::store::clock::Clock;
use crate::store::derived::{self, Difference, Marks};
use crate::store::fault::StoreError;
use crate::store::log::Log;
use crate::store::options::SessionJudge;
use crate::store::replay::Recipes;
use std::collections::HashMap;
use std::sync::Arc;

/// How far the lane has come. A group moves it; one that fails leaves it as it was.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    /// The newest time given to an entry or an attempt.
    pub(super) last_at: i64,
    /// Place and link of the newest access row.
    pub(super) access: (u64, Hash),
    /// By how much this node's clock is apart from what was written or from site time, once that was told, µs: what is
    /// written meanwhile is marked.
    pub(super) doubt: Option<i64>,
}

/// Leaf and link of an entry.
pub(super) type Anchor = (i64, Hash);

/// What the lane knows.
pub(super) struct Knowledge {
    pub(super) shelf: Arc<Shelf>,
    pub(super) recipes: Recipes,
    pub(super) log: Log,
    pub(super) judge: Option<SessionJudge>,
    pub(super) clock: Clock,
    pub(super) site: Option<RecordKey>,
    /// A record keeps its number, and no record is ever gone: what was found stays true.
    pub(super) numbers: HashMap<(RecordKind, String), RecordKey>,
    pub(super) marks: MarkBook,
    pub(super) pace: Pace,
    /// Leaf and link of the newest entry that this lane knows to be committed.
    pub(super) anchor: Option<Anchor>,
    /// The lane's row as this lane last saw it committed; unknown after a start or a failed group.
    pub(super) row: Option<Vec<u8>>,
    blobs: HashMap<Hash, Arc<Vec<u8>>>,
    zone: Option<(String, i64, Zone)>,
}

impl Knowledge {
    /// Nothing is known yet.
    pub(super) fn new(
        shelf: Arc<Shelf>,
        recipes: Recipes,
        log: Log,
        judge: Option<SessionJudge>,
        clock: Clock,
    ) -> Self {
        let pace = Pace { last_at: i64::MIN + 1, access: (0, [0; 32]), doubt: None };
        Self {
            shelf,
            recipes,
            log,
            judge,
            clock,
            site: None,
            numbers: HashMap::new(),
            marks: MarkBook::default(),
            pace,
            anchor: None,
            row: None,
            blobs: HashMap::new(),
            zone: None,
        }
    }

    /// The site's time, later than everything written before.
    pub(super) fn next_time(&mut self) -> Instant {
        let last = &mut self.pace.last_at;
        *last = self.clock.time().0.max(*last + 1);
        self.clock.written(Instant(*last));
        Instant(*last)
    }

    /// The kind of clock that stands in headers now: one that is apart is marked.
    pub(super) fn clock_kind(&self) -> ClockKind {
        match self.clock.kind() {
            ClockKind::System if self.pace.doubt.is_some() => ClockKind::Unsettled,
            kind => kind,
        }
    }

    /// Where an act says so, site time follows the server's clock from it on. What it was, should the act come to
    /// nothing.
    pub(super) fn set_clock_for(&mut self, command: &dyn Command) -> Option<(Instant, SiteTime)> {
        let Clock::System(clock) = &self.clock else { return None };
        if !command.sets_clock() {
            return None;
        }
        let (at, before) = clock.adopt();
        self.pace.last_at = at.0;
        self.pace.doubt = None;
        Some((at, before))
    }

    /// Site time goes on as it did before such an act.
    pub(super) fn restore_clock(&self, before: SiteTime) {
        if let Clock::System(clock) = &self.clock {
            clock.restore(before);
        }
    }

    /// The zone at a moment. Offsets change on the minute: within one the last answer serves.
    pub(super) fn zone(&mut self, name: &str, at: Instant) -> Result<Zone, StoreError> {
        let minute = at.0.div_euclid(crate::domain::clock::MINUTE);
        match &self.zone {
            Some((known, when, zone)) if known == name && *when == minute => Ok(zone.clone()),
            _ => {
                let zone = Zone::at(name, at).map_err(StoreError::Decision)?;
                self.zone = Some((name.to_owned(), minute, zone.clone()));
                Ok(zone)
            }
        }
    }

    /// A blob's bytes: the few that are asked for again and again are kept.
    pub(super) fn blob(
        &mut self,
        hash: Hash,
        read: impl FnOnce() -> Result<Option<Vec<u8>>, StoreError>,
    ) -> Result<Option<Arc<Vec<u8>>>, StoreError> {
        if let Some(bytes) = self.blobs.get(&hash) {
            return Ok(Some(Arc::clone(bytes)));
        }
        let Some(bytes) = read()?.map(Arc::new) else { return Ok(None) };
        if self.blobs.len() >= 32 {
            self.blobs.clear();
        }
        self.blobs.insert(hash, Arc::clone(&bytes));
        Ok(Some(bytes))
    }

    /// Keeps which records a group's new numbers name.
    pub(super) fn learn(&mut self, numbers: HashMap<(RecordKind, String), RecordKey>) {
        self.numbers.extend(numbers);
        if self.numbers.len() > 100_000 {
            self.numbers.clear();
        }
    }

    /// Forgets everything: this is not the database that was known.
    pub(super) fn forget(&mut self) {
        self.shelf.clear();
        self.marks = MarkBook::default();
        self.numbers.clear();
        self.site = None;
        self.anchor = None;
    }
}

/// The marks of records' derived rows, each with the state that it belongs to.
#[derive(Default)]
pub(super) struct MarkBook {
    by_record: HashMap<RecordKey, (Arc<State>, Marks)>,
    weight: u64,
}

impl MarkBook {
    /// Makes sure that the marks are those of this state, which is committed.
    pub(super) fn keep(&mut self, record: RecordKey, state: &Arc<State>) {
        match self.by_record.get(&record) {
            Some((kept, _)) if kept.seq() == state.seq() => {}
            // Somebody else wrote these rows: only the marks follow.
            Some(_) => drop(self.difference(record, state)),
            None => {
                self.weight += weight(state.seq());
                let kept = (Arc::clone(state), derived::marks(state));
                self.by_record.insert(record, kept);
            }
        }
    }

    /// What must be written so that the tables show a state; its marks are kept from now on.
    pub(super) fn difference(&mut self, record: RecordKey, state: &Arc<State>) -> Difference {
        let Some((kept, marks)) = self.by_record.get_mut(&record) else {
            let mut marks = Marks::default();
            let difference = derived::difference(state, None, &mut marks);
            self.weight += weight(state.seq());
            self.by_record.insert(record, (Arc::clone(state), marks));
            return difference;
        };
        self.weight += weight(state.seq()).saturating_sub(weight(kept.seq()));
        let difference = derived::difference(state, Some(kept), marks);
        *kept = Arc::clone(state);
        difference
    }

    /// Forgets the marks of these records: what they say was not committed.
    pub(super) fn forget<'a>(&mut self, records: impl IntoIterator<Item = &'a RecordKey>) {
        for record in records {
            if let Some((kept, _)) = self.by_record.remove(record) {
                self.weight = self.weight.saturating_sub(weight(kept.seq()));
            }
        }
    }

    /// Marks are made from states again, so the whole book goes when it is too large.
    pub(super) fn make_room(&mut self) {
        if self.weight > ROOM {
            *self = Self::default();
        }
    }
}
