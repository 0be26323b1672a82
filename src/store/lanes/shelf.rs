//! Loaded states by record, shared by the lane that changes them and the readers that look.
//!
//! Only the lane puts states here, and only committed ones. While a record is being changed its state
//! is out; a reader waits for the end of the group rather than fold a long journal again.

use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::state::State;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// States kept at most.
const ROOM: usize = 2048;

#[derive(Debug, Default)]
struct Inner {
    states: HashMap<RecordKey, Slot>,
    tick: u64,
}

#[derive(Debug)]
enum Slot {
    Here(Arc<State>, u64),
    Out,
}

/// The shelf.
#[derive(Debug, Default)]
pub(in crate::store) struct Shelf {
    inner: Mutex<Inner>,
    back: Condvar,
    /// Rises when who may call, or by which session, may have become another.
    standing: AtomicU64,
}

impl Shelf {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A look at a state, for the lane.
    pub(in crate::store) fn look(&self, key: RecordKey) -> Option<Arc<State>> {
        self.lock().look(key)
    }

    /// Takes a state out to change it.
    pub(in crate::store) fn take(&self, key: RecordKey) -> Option<Arc<State>> {
        match self.lock().states.insert(key, Slot::Out) {
            Some(Slot::Here(state, _)) => Some(state),
            _ => None,
        }
    }

    /// Puts committed states here; what was not used for longest makes room.
    pub(in crate::store) fn put(&self, states: impl IntoIterator<Item = (RecordKey, Arc<State>)>) {
        let mut inner = self.lock();
        for (key, state) in states {
            if key.kind == RecordKind::Person {
                self.standing_changed();
            }
            inner.tick += 1;
            let tick = inner.tick;
            inner.states.insert(key, Slot::Here(state, tick));
        }
        inner.make_room();
        self.back.notify_all();
    }

    /// Forgets everything: the group failed, or another process wrote.
    pub(in crate::store) fn clear(&self) {
        self.lock().states.clear();
        self.standing_changed();
        self.back.notify_all();
    }

    /// Sessions or persons may be others from now on. Said after the commit and before its answers.
    pub(in crate::store) fn standing_changed(&self) {
        self.standing.fetch_add(1, Ordering::SeqCst);
    }

    /// A number that stays the same as long as no session and no person was changed by this process.
    pub(in crate::store) fn standing(&self) -> u64 {
        self.standing.load(Ordering::SeqCst)
    }

    /// A look at a state, for a reader: waits while it is out.
    pub(in crate::store) fn wait(&self, key: RecordKey, longest: Duration) -> Option<Arc<State>> {
        let is_out = |inner: &mut Inner| matches!(inner.states.get(&key), Some(Slot::Out));
        let waited = self.back.wait_timeout_while(self.lock(), longest, is_out);
        let (mut inner, _) = waited.unwrap_or_else(PoisonError::into_inner);
        inner.look(key)
    }
}

impl Inner {
    fn look(&mut self, key: RecordKey) -> Option<Arc<State>> {
        self.tick += 1;
        let tick = self.tick;
        match self.states.get_mut(&key) {
            Some(Slot::Here(state, used)) => {
                *used = tick;
                Some(Arc::clone(state))
            }
            _ => None,
        }
    }

    /// Lets go of the quarter that was not used for longest.
    fn make_room(&mut self) {
        if self.states.len() <= ROOM {
            return;
        }
        let mut by_use: Vec<(u64, RecordKey)> = self
            .states
            .iter()
            .filter_map(|(key, slot)| match slot {
                Slot::Here(_, used) => Some((*used, *key)),
                Slot::Out => None,
            })
            .collect();
        by_use.sort_unstable();
        for (_, key) in by_use.into_iter().take(ROOM / 4) {
            self.states.remove(&key);
        }
    }
}
