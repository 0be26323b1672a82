//! Loading what a command asked for: from the group's own changes, from the shelf, from the journal.

use super::decided::Group;
use super::knowledge::Knowledge;
use crate::domain::alike::{alike as is_alike, forms};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::state::State;
use crate::seal::digest;
use crate::store::blobs;
use crate::store::db::{Db, on_engine};
use crate::store::fault::StoreError;
use crate::store::noun::record::records;
use crate::store::noun::run::foreign_lots;
use crate::store::replay::onward;
use diesel::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// The records of a command: the site and the persons always, then its own wishes, and what these name.
pub(super) fn load(
    conn: &mut Db,
    known: &mut Knowledge,
    group: &Group,
    persons: &[Uuid],
    command: &dyn Command,
) -> Result<Loaded, StoreError> {
    let mut loaded = Loaded::default();
    let person = |id: &Uuid| Key::Id(RecordKey::new(RecordKind::Person, *id));
    let always = std::iter::once(Key::Site).chain(persons.iter().map(person));
    for key in always.chain(command.reads()) {
        put(conn, known, group, &mut loaded, key)?;
    }
    loop {
        let mut further = command.reads_further(&loaded);
        further.retain(|key| !loaded.knows(key));
        if further.is_empty() {
            return Ok(loaded);
        }
        for key in further {
            put(conn, known, group, &mut loaded, key)?;
        }
    }
}

fn put(
    conn: &mut Db,
    known: &mut Knowledge,
    group: &Group,
    loaded: &mut Loaded,
    key: Key,
) -> Result<(), StoreError> {
    let record = find(conn, known, group, &key)?;
    let state = match record {
        Some(record) => state(conn, known, group, record)?,
        None => None,
    };
    if let Some(State::Master(master)) = state.as_deref() {
        // A master record is loaded with its content: who issues, checks or approves reads it.
        if let Some(hash) = digest::from_hex(&master.content_hash) {
            let bytes = match group.unit.blob_of(&hash) {
                Some(bytes) => Some(Arc::clone(bytes)),
                None => known.blob(hash, || blobs::get(conn, &hash))?,
            };
            if let Some(bytes) = bytes {
                loaded.put_blob(hash, bytes);
            }
        }
    }
    loaded.put(key, state);
    Ok(())
}

/// Which record a key names.
fn find(
    conn: &mut Db,
    known: &mut Knowledge,
    group: &Group,
    key: &Key,
) -> Result<Option<RecordKey>, StoreError> {
    match key {
        Key::Site => {
            if let Some(site) = known.site.or(group.site) {
                return Ok(Some(site));
            }
            known.site = site_record(conn)?;
            Ok(known.site)
        }
        Key::Id(record) => Ok(Some(*record)),
        Key::Number(kind, number) => {
            let named = (*kind, number.clone());
            if let Some(record) = group.numbers.get(&named).or_else(|| known.numbers.get(&named)) {
                return Ok(Some(*record));
            }
            let found = by_number(conn, *kind, number)?;
            if let Some(record) = found {
                known.numbers.insert(named, record);
            }
            Ok(found)
        }
        Key::Alike(kind, number) => {
            let new = group.numbers.iter().filter(|((of, _), _)| of == kind);
            let twin = new.into_iter().find(|((_, own), _)| is_alike(own, number));
            match twin {
                Some((_, record)) => Ok(Some(*record)),
                None => alike(conn, *kind, number),
            }
        }
        Key::Foreign { number, supplier } => {
            let supplier = supplier.as_deref();
            let mut found = decided_on(conn, number, supplier)?;
            for run in group.changed.values().filter_map(|state| state.as_run()) {
                let newest = run.foreign.values().filter(|it| it.answers(number, supplier));
                let newest = newest.map(|it| it.at.0).max();
                if newest > found.as_ref().map(|(_, at)| *at) {
                    found = newest.map(|at| (run.key, at));
                }
            }
            Ok(found.map(|(record, _)| record))
        }
    }
}

/// The newest state of a record, with the group's own changes.
pub(super) fn state(
    conn: &mut Db,
    known: &Knowledge,
    group: &Group,
    record: RecordKey,
) -> Result<Option<Arc<State>>, StoreError> {
    if let Some(state) = group.changed.get(&record) {
        return Ok(Some(Arc::clone(state)));
    }
    let kept = match known.shelf.known(record) {
        Some((state, true)) => return Ok(Some(state)),
        Some((state, false)) => Some(state),
        None => None,
    };
    let (state, folded) = onward(conn, record, kept, &known.recipes)?;
    known.shelf.count_folded(folded);
    if let Some(state) = &state {
        known.shelf.publish([(record, Arc::clone(state))]);
    }
    Ok(state)
}

/// The site's record, if one was founded.
pub(in crate::store) fn site_record(conn: &mut Db) -> Result<Option<RecordKey>, StoreError> {
    let kind = RecordKind::Site;
    let id: Option<Vec<u8>> = on_engine!(conn, conn => {
        records::table
            .filter(records::kind.eq(kind.as_str()))
            .select(records::id)
            .get_result(conn)
            .optional()?
    });
    id.map(|id| record_key(kind, &id)).transpose()
}

/// The record of a business number.
pub(in crate::store) fn by_number(
    conn: &mut Db,
    kind: RecordKind,
    number: &str,
) -> Result<Option<RecordKey>, StoreError> {
    let id: Option<Vec<u8>> = on_engine!(conn, conn => {
        records::table
            .filter(records::kind.eq(kind.as_str()))
            .filter(records::number.eq(number))
            .select(records::id)
            .get_result(conn)
            .optional()?
    });
    id.map(|id| record_key(kind, &id)).transpose()
}

/// The record of a kind whose number reads like this one: as folded before as drawn.
pub(in crate::store) fn alike(
    conn: &mut Db,
    kind: RecordKind,
    number: &str,
) -> Result<Option<RecordKey>, StoreError> {
    let forms = forms(number);
    let both = [forms.folded.as_str(), forms.drawn.as_str()];
    let mut found: Vec<(Vec<u8>, Option<String>, Option<String>)> = on_engine!(conn, conn => {
        records::table
            .filter(records::kind.eq(kind.as_str()))
            .filter(records::folded.eq_any(both).or(records::drawn.eq_any(both)))
            .order(records::number)
            .limit(8)
            .select((records::id, records::folded, records::drawn))
            .load(conn)?
    });
    let (folded, drawn) = (Some(forms.folded), Some(forms.drawn));
    found.sort_by_key(|(_, as_folded, as_drawn)| (*as_folded != folded, *as_drawn != drawn));
    let first = found.first().map(|(id, ..)| record_key(kind, id));
    first.transpose()
}

/// The run in which quality last refused a lot of this supplier that reads like this number, and when; without a
/// supplier, where it last decided on any such lot.
pub(in crate::store) fn decided_on(
    conn: &mut Db,
    number: &str,
    supplier: Option<&str>,
) -> Result<Option<(RecordKey, i64)>, StoreError> {
    let read = forms(number);
    let both = [read.folded.as_str(), read.drawn.as_str()];
    let mut decided: Vec<(Vec<u8>, String, bool, i64)> = on_engine!(conn, conn => {
        foreign_lots::table
            .filter(foreign_lots::folded.eq_any(both).or(foreign_lots::drawn.eq_any(both)))
            .order(foreign_lots::at.desc())
            .select((
                foreign_lots::run,
                foreign_lots::supplier,
                foreign_lots::accepted,
                foreign_lots::at,
            ))
            .load(conn)?
    });
    if let Some(supplier) = supplier {
        decided.retain(|(_, of, accepted, _)| !accepted && is_alike(of, supplier));
    }
    let first = decided.first().map(|(id, .., at)| Ok((record_key(RecordKind::Run, id)?, *at)));
    first.transpose()
}

fn record_key(kind: RecordKind, id: &[u8]) -> Result<RecordKey, StoreError> {
    let id = Uuid::from_slice(id).map_err(|e| StoreError::Broken {
        table: "records",
        row: format!("{kind} {}", hex::encode(id)),
        detail: e.to_string(),
    })?;
    Ok(RecordKey::new(kind, id))
}
