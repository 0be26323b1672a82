//! From entries to states: chain checked, every entry folded. Load is verify (law 7).

use super::blobs;
use super::db::{Db, on_engine};
use super::fault::StoreError;
use super::journal::{self, JournalEntry};
use super::schema::journal as rows;
use crate::domain::clock::{Instant, Zone};
use crate::domain::command::{Data, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::policy::Actor;
use crate::domain::recipe::MasterRecord;
use crate::domain::recipe::plan::Recipe;
use crate::domain::signing::{Meaning, Signed};
use crate::domain::state::State;
use crate::seal::chain::Chain;
use crate::seal::digest::{self, Hash};
use crate::seal::entry::Header;
use crate::seal::signature::{SIGNATURE_FORMAT, Signature};
use diesel::prelude::*;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Master records by content hash: parsed and compiled once, shared by every run that froze them.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Recipes(Arc<Mutex<HashMap<String, Recipe>>>);

impl Recipes {
    /// The master record with this content hash (hex).
    pub(in crate::store) fn get(
        &self,
        conn: &mut Db,
        content_hash: &str,
    ) -> Result<Recipe, StoreError> {
        if let Some(known) = self.known(content_hash) {
            return Ok(known);
        }
        let broken = |detail: String| StoreError::Broken {
            table: "blobs",
            row: content_hash.to_owned(),
            detail,
        };
        let hash = digest::from_hex(content_hash)
            .ok_or_else(|| broken("this is no content hash of a master record".into()))?;
        let bytes = blobs::get(conn, &hash)?
            .ok_or_else(|| broken("the master record's content is not there".into()))?;
        self.learn(content_hash, &bytes).map_err(broken)
    }

    /// The master record, if it was read before.
    pub(in crate::store) fn known(&self, content_hash: &str) -> Option<Recipe> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(content_hash).cloned()
    }

    /// Reads a master record's bytes, which have this hash, and keeps it.
    pub(in crate::store) fn learn(
        &self,
        content_hash: &str,
        bytes: &[u8],
    ) -> Result<Recipe, String> {
        let record: MasterRecord = serde_json::from_slice(bytes)
            .map_err(|e| format!("the content of the master record cannot be read: {e}"))?;
        let recipe = Recipe::new(Arc::new(record));
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(content_hash.to_owned(), recipe.clone());
        Ok(recipe)
    }
}

/// The content hash of the master record that an event freezes, if it does.
pub(in crate::store) fn frozen_by<'a>(name: &str, data: &'a Value) -> Option<&'a str> {
    (name == "run.issued").then(|| data["master"]["content_hash"].as_str()).flatten()
}

/// The signatures of persons as a state remembers them; statements of site keys are left out.
///
/// # Errors
/// The position and what is wrong with it.
pub(in crate::store) fn signed(signatures: &[Value], seq: u64) -> Result<Vec<Signed>, String> {
    signatures
        .iter()
        .enumerate()
        .filter(|(_, value)| value["format"] == SIGNATURE_FORMAT)
        .map(|(position, value)| {
            let broken = |e: String| format!("signature {position}: {e}");
            let signature = Signature::from_value(value).map_err(|e| broken(e.to_string()))?;
            let manifest = signature.manifest;
            Ok(Signed {
                person: manifest.person,
                meaning: meaning(&manifest.meaning).map_err(broken)?,
                printed_name: manifest.printed_name,
                user_name: manifest.user_name,
                role: manifest.role,
                at: Instant(manifest.at),
                zone: Zone {
                    name: manifest.zone.name,
                    offset_minutes: manifest.zone.offset_minutes,
                },
                seq,
            })
        })
        .collect()
}

fn meaning(word: &str) -> Result<Meaning, String> {
    serde_json::from_value(Value::String(word.to_owned()))
        .map_err(|_| format!("{word:?} is no meaning of a signature"))
}

/// Folds one opened entry.
///
/// # Errors
/// A row that cannot be, or a master record that is not there.
pub(in crate::store) fn fold(
    current: Option<State>,
    entry: &JournalEntry,
    recipe: impl FnOnce(&str) -> Result<Recipe, StoreError>,
) -> Result<State, StoreError> {
    let JournalEntry { record, header, data, signatures, link, .. } = entry;
    fold_data(current, *record, header, data.into(), signatures, *link, recipe)
}

/// The same of an entry in its parts.
///
/// # Errors
/// As [`fold`].
pub(in crate::store) fn fold_data(
    current: Option<State>,
    record: RecordKey,
    header: &Header,
    data: Data<'_>,
    signatures: &[Value],
    link: Hash,
    recipe: impl FnOnce(&str) -> Result<Recipe, StoreError>,
) -> Result<State, StoreError> {
    let broken = |e: String| StoreError::broken_entry(record, header.seq, e);
    let zone = Zone { name: header.zone.name.clone(), offset_minutes: header.zone.offset_minutes };
    let actor = header.actor.person.map(|person| Actor {
        person,
        user_name: header.actor.user_name.clone(),
        printed_name: header.actor.printed_name.clone(),
    });
    let signatures = signed(signatures, header.seq).map_err(broken)?;
    let recipe = match data {
        Data::Read(data) => frozen_by(&header.event.name, data).map(recipe).transpose()?,
        // What freezes a master record names it by its hash, and is read whole.
        Data::Text(_) => None,
    };
    let happened = Happened {
        record,
        seq: header.seq,
        at: Instant(header.at),
        zone: &zone,
        actor: actor.as_ref(),
        role: &header.role,
        name: &header.event.name,
        version: header.event.version,
        data,
        signatures: &signatures,
        link,
    };
    Ok(State::evolve(current, &happened, recipe)?)
}

/// A record's state from its whole journal; `None` when it has no entry.
///
/// # Errors
/// The engine's, or the first entry that does not open, chain or fold.
pub(in crate::store) fn replay(
    conn: &mut Db,
    record: RecordKey,
    recipes: &Recipes,
) -> Result<Option<State>, StoreError> {
    let mut chain = Chain::new();
    let mut state = None;
    for entry in entries_since(conn, record, 0)? {
        check_link(&mut chain, &entry)?;
        state = Some(fold(state, &entry, |hash| recipes.get(conn, hash))?);
    }
    Ok(state)
}

/// A record's state as it was at a moment: from the entries that were written until then. `None` when it had none.
///
/// # Errors
/// The engine's, or the first entry that does not open, chain or fold.
pub(in crate::store) fn as_of(
    conn: &mut Db,
    record: RecordKey,
    at: Instant,
    recipes: &Recipes,
) -> Result<Option<State>, StoreError> {
    let mut chain = Chain::new();
    let mut state = None;
    for entry in entries_since(conn, record, 0)? {
        if entry.header.at > at.0 {
            break;
        }
        check_link(&mut chain, &entry)?;
        state = Some(fold(state, &entry, |hash| recipes.get(conn, hash))?);
    }
    Ok(state)
}

/// A record's state with every entry of its journal that is later than the state known, and how many
/// were folded. A state that the journal does not go on from is not believed: the whole journal is
/// folded instead.
///
/// # Errors
/// The engine's, or the first entry that does not open, chain or fold.
pub(in crate::store) fn onward(
    conn: &mut Db,
    record: RecordKey,
    known: Option<Arc<State>>,
    recipes: &Recipes,
) -> Result<(Option<Arc<State>>, u64), StoreError> {
    let Some(known) = known else { return whole(conn, record, recipes) };
    let later = entries_since(conn, record, known.seq())?;
    let Some(next) = later.first() else { return Ok((Some(known), 0)) };
    if Chain::behind(known.seq(), known.head()).take(&next.header, &next.link).is_empty() {
        let mut chain = Chain::behind(known.seq(), known.head());
        let mut state = Arc::unwrap_or_clone(known);
        let folded = later.len() as u64;
        for entry in &later {
            check_link(&mut chain, entry)?;
            state = fold(Some(state), entry, |hash| recipes.get(conn, hash))?;
        }
        return Ok((Some(Arc::new(state)), folded));
    }
    whole(conn, record, recipes)
}

fn whole(
    conn: &mut Db,
    record: RecordKey,
    recipes: &Recipes,
) -> Result<(Option<Arc<State>>, u64), StoreError> {
    let state = replay(conn, record, recipes)?.map(Arc::new);
    let folded = state.as_ref().map_or(0, |state| state.seq());
    Ok((state, folded))
}

/// A record's opened entries behind a sequence, in order.
fn entries_since(
    conn: &mut Db,
    record: RecordKey,
    seq: u64,
) -> Result<Vec<JournalEntry>, StoreError> {
    let after = i64::try_from(seq).unwrap_or(i64::MAX);
    let found: Vec<journal::Stored> = on_engine!(conn, conn => {
        rows::table
            .filter(rows::record_id.eq(record.id.as_bytes().as_slice()))
            .filter(rows::seq.gt(after))
            .order(rows::seq)
            .select(journal::columns())
            .load(conn)?
    });
    found.into_iter().map(journal::open).collect()
}

fn check_link(chain: &mut Chain, entry: &JournalEntry) -> Result<(), StoreError> {
    let link: &Hash = &entry.link;
    match chain.take(&entry.header, link).first() {
        None => Ok(()),
        Some(fault) => Err(StoreError::broken_entry(entry.record, entry.header.seq, fault)),
    }
}
