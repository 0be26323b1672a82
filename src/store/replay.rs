//! From entries to states: chain checked, every entry folded. Load is verify (law 7).

use super::blobs;
use super::db::Db;
use super::fault::StoreError;
use super::journal::{self, JournalEntry};
use crate::domain::clock::{Instant, Zone};
use crate::domain::command::Happened;
use crate::domain::ids::RecordKey;
use crate::domain::master::MasterRecord;
use crate::domain::policy::Actor;
use crate::domain::signing::{Meaning, Signed};
use crate::domain::state::State;
use crate::seal::chain::Chain;
use crate::seal::digest::{self, Hash};
use crate::seal::signature::{SIGNATURE_FORMAT, Signature};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Master records by content hash: parsed once, shared by every run that froze them.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Recipes(Arc<Mutex<HashMap<String, Arc<MasterRecord>>>>);

impl Recipes {
    /// The master record with this content hash (hex).
    pub(in crate::store) fn get(
        &self,
        conn: &mut Db,
        content_hash: &str,
    ) -> Result<Arc<MasterRecord>, StoreError> {
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
    pub(in crate::store) fn known(&self, content_hash: &str) -> Option<Arc<MasterRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(content_hash).cloned()
    }

    /// Reads a master record's bytes, which have this hash, and keeps it.
    pub(in crate::store) fn learn(
        &self,
        content_hash: &str,
        bytes: &[u8],
    ) -> Result<Arc<MasterRecord>, String> {
        let record: MasterRecord = serde_json::from_slice(bytes)
            .map_err(|e| format!("the content of the master record cannot be read: {e}"))?;
        let record = Arc::new(record);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(content_hash.to_owned(), Arc::clone(&record));
        Ok(record)
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
    recipe: impl FnOnce(&str) -> Result<Arc<MasterRecord>, StoreError>,
) -> Result<State, StoreError> {
    let header = &entry.header;
    let broken = |e: String| StoreError::broken_entry(entry.record, header.seq, e);
    let zone = Zone { name: header.zone.name.clone(), offset_minutes: header.zone.offset_minutes };
    let actor = header.actor.person.map(|person| Actor {
        person,
        user_name: header.actor.user_name.clone(),
        printed_name: header.actor.printed_name.clone(),
    });
    let signatures = signed(&entry.signatures, header.seq).map_err(broken)?;
    let recipe = frozen_by(&header.event.name, &entry.data).map(recipe).transpose()?;
    let happened = Happened {
        record: entry.record,
        seq: header.seq,
        at: Instant(header.at),
        zone: &zone,
        actor: actor.as_ref(),
        role: &header.role,
        name: &header.event.name,
        version: header.event.version,
        data: &entry.data,
        signatures: &signatures,
        link: entry.link,
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
    for entry in journal::entries(conn, record, 0)? {
        check_link(&mut chain, &entry)?;
        state = Some(fold(state, &entry, |hash| recipes.get(conn, hash))?);
    }
    Ok(state)
}

fn check_link(chain: &mut Chain, entry: &JournalEntry) -> Result<(), StoreError> {
    let link: &Hash = &entry.link;
    match chain.take(&entry.header, link).first() {
        None => Ok(()),
        Some(fault) => Err(StoreError::broken_entry(entry.record, entry.header.seq, fault)),
    }
}
