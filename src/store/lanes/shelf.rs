//! Committed states by record, shared by the lane that makes them and the readers that look.
//!
//! Nothing is ever out: the lane changes a copy and publishes it after the commit, so a reader has a
//! snapshot at once, the one before or the one after. A state is *sure* while nobody but this process
//! can have written its record since; the lane decides on sure ones alone, and a reader compares with
//! the stored head. What is behind is brought on by the entries it lacks, never folded anew.

use crate::domain::ids::RecordKey;
use crate::domain::state::State;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much is kept: the sum of the weights of all states. An entry that was folded takes about one
/// KiB, so this is a few hundred MiB.
pub(super) const ROOM: u64 = 262_144;

/// What a state weighs, estimated by the entries it was folded from.
pub(super) fn weight(seq: u64) -> u64 {
    seq + 4
}

#[derive(Debug)]
struct Slot {
    state: Arc<State>,
    sure: bool,
    used: u64,
}

#[derive(Debug, Default)]
struct Inner {
    slots: HashMap<RecordKey, Slot>,
    weight: u64,
    tick: u64,
}

/// The shelf.
#[derive(Debug, Default)]
pub(in crate::store) struct Shelf {
    inner: Mutex<Inner>,
    /// Rises when who may call, or by which session, may have become another.
    standing: AtomicU64,
    folded: AtomicU64,
}

impl Shelf {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A snapshot of a record, for a reader: perhaps not the newest any more.
    pub(in crate::store) fn look(&self, record: RecordKey) -> Option<Arc<State>> {
        self.lock().look(record).map(|(state, _)| state)
    }

    /// A snapshot of a record, and whether it is the newest committed one for certain.
    pub(super) fn known(&self, record: RecordKey) -> Option<(Arc<State>, bool)> {
        self.lock().look(record)
    }

    /// Shows the newest committed states: said by the lane, whose turn it is.
    pub(super) fn publish(&self, states: impl IntoIterator<Item = (RecordKey, Arc<State>)>) {
        let mut inner = self.lock();
        for (record, state) in states {
            inner.put(record, state, true);
        }
        inner.make_room();
    }

    /// Keeps what a reader folded, when it is newer than what is here.
    pub(in crate::store) fn offer(&self, record: RecordKey, state: Arc<State>) {
        let mut inner = self.lock();
        inner.put(record, state, false);
        inner.make_room();
    }

    /// Somebody else wrote these records.
    pub(super) fn doubt(&self, records: impl IntoIterator<Item = RecordKey>) {
        let mut inner = self.lock();
        for record in records {
            if let Some(slot) = inner.slots.get_mut(&record) {
                slot.sure = false;
            }
        }
    }

    /// Somebody else wrote more than was looked through.
    pub(super) fn doubt_all(&self) {
        self.lock().slots.values_mut().for_each(|slot| slot.sure = false);
    }

    /// Forgets everything: the database is not the one these states came from.
    pub(super) fn clear(&self) {
        *self.lock() = Inner::default();
        self.standing_changed();
    }

    /// Sessions or persons may be others from now on. Said after the commit and before its answers.
    pub(super) fn standing_changed(&self) {
        self.standing.fetch_add(1, Ordering::SeqCst);
    }

    /// A number that stays the same as long as no session and no person is known to have changed.
    pub(in crate::store) fn standing(&self) -> u64 {
        self.standing.load(Ordering::SeqCst)
    }

    /// Counts entries that were read from the journal and folded.
    pub(in crate::store) fn count_folded(&self, entries: u64) {
        self.folded.fetch_add(entries, Ordering::Relaxed);
    }

    /// How many entries were read from the journal and folded, by the lane and by readers.
    pub(in crate::store) fn folded(&self) -> u64 {
        self.folded.load(Ordering::Relaxed)
    }
}

impl Inner {
    fn look(&mut self, record: RecordKey) -> Option<(Arc<State>, bool)> {
        self.tick += 1;
        let slot = self.slots.get_mut(&record)?;
        slot.used = self.tick;
        Some((Arc::clone(&slot.state), slot.sure))
    }

    /// A newer state is never covered by an older one, whoever comes first.
    fn put(&mut self, record: RecordKey, state: Arc<State>, sure: bool) {
        let before = self.slots.get(&record).map(|slot| slot.state.seq());
        let newer = before
            .is_none_or(|before| if sure { before <= state.seq() } else { before < state.seq() });
        if !newer {
            return;
        }
        self.tick += 1;
        self.weight += weight(state.seq());
        self.weight -= before.map_or(0, weight);
        self.slots.insert(record, Slot { state, sure, used: self.tick });
    }

    /// Lets go of what was not used for longest, down to three quarters of the room.
    fn make_room(&mut self) {
        if self.weight <= ROOM {
            return;
        }
        let mut by_use: Vec<(u64, RecordKey)> =
            self.slots.iter().map(|(record, slot)| (slot.used, *record)).collect();
        by_use.sort_unstable();
        // The one used last stays, however large it is.
        by_use.pop();
        for (_, record) in by_use {
            if self.weight <= ROOM / 4 * 3 {
                return;
            }
            if let Some(slot) = self.slots.remove(&record) {
                self.weight -= weight(slot.state.seq());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::{Instant, Zone};
    use crate::domain::command::Happened;
    use crate::domain::ids::RecordKind;
    use crate::domain::person::event::PersonEvent;
    use crate::domain::ruling::planned;
    use uuid::Uuid;

    /// A person with so many entries.
    fn person(n: u128, seq: u64) -> (RecordKey, Arc<State>) {
        let record = RecordKey::new(RecordKind::Person, Uuid::from_u128(n));
        let event = PersonEvent::Created {
            user_name: "kim".into(),
            number: "kim".into(),
            printed_name: "Kim Larsen".into(),
            service: false,
        };
        let planned = planned(record, "person", None, &event, Vec::new());
        let happened = Happened {
            record,
            seq: 1,
            at: Instant(0),
            zone: &Zone::utc(),
            actor: None,
            role: "system",
            name: &planned.name,
            version: planned.version,
            data: (&planned.data).into(),
            signatures: &[],
            link: [0; 32],
        };
        let mut state = State::evolve(None, &happened, None).expect("a person");
        if let State::Person(person) = &mut state {
            person.seq = seq;
        }
        (record, Arc::new(state))
    }

    #[test]
    fn an_older_state_never_covers_a_newer_one() {
        let shelf = Shelf::default();
        let seq = |record| shelf.known(record).map(|(state, sure)| (state.seq(), sure));
        let (record, third) = person(1, 3);
        shelf.publish([(record, third)]);
        shelf.offer(record, person(1, 2).1);
        shelf.offer(record, person(1, 3).1);
        assert_eq!(seq(record), Some((3, true)));
        // A reader was faster than the lane: what it found is compared before it is decided on.
        shelf.offer(record, person(1, 5).1);
        shelf.publish([person(1, 4)]);
        assert_eq!(seq(record), Some((5, false)));
        shelf.publish([person(1, 5)]);
        assert_eq!(seq(record), Some((5, true)));
        shelf.doubt([record]);
        assert_eq!(seq(record), Some((5, false)));
    }

    #[test]
    fn the_room_is_shared_by_size_and_the_last_used_stays() {
        let shelf = Shelf::default();
        (1..=4).for_each(|n| shelf.publish([person(n, 60_000)]));
        let record = |n| person(n, 1).0;
        assert!(shelf.look(record(1)).is_some());
        shelf.publish([person(5, 60_000)]);
        let kept: Vec<u128> = (1..=5).filter(|n| shelf.look(record(*n)).is_some()).collect();
        assert_eq!(kept, [1, 4, 5]);
        shelf.publish([person(6, 2 * ROOM)]);
        let kept: Vec<u128> = (1..=6).filter(|n| shelf.look(record(*n)).is_some()).collect();
        assert_eq!(kept, [6]);
        assert_eq!(shelf.lock().weight, weight(2 * ROOM));
        shelf.publish([person(6, 5)]);
        assert_eq!(shelf.look(record(6)).map(|state| state.seq()), Some(2 * ROOM));
    }
}
