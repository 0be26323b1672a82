//! Blobs: what the journal names by hash must be there, and be what its hash says.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::Verifier;
use super::finding::{Code, Finding};
use super::place::{BLOBS, Here, Place};
use super::rows::BlobRow;
use crate::seal::digest::{self, Hash};

/// The members of an event's data that name a blob: of a rendition, of a master record, of a file.
const NAMES: [&str; 3] = ["blob", "content_hash", "sha256"];

/// Whether data may name a blob, by their canonical text: a key stands between quotes as it is.
pub(super) fn may_name(text: &str) -> bool {
    ["\"blob\":", "\"content_hash\":", "\"sha256\":"].iter().any(|key| text.contains(key))
}

/// What is remembered of blobs.
#[derive(Debug, Default)]
pub(super) struct Blobs {
    there: Arc<HashSet<Hash>>,
    named: HashSet<Hash>,
    /// Hashes of no blob, each with the first place that names it.
    missing: BTreeMap<Hash, Place>,
}

impl Blobs {
    /// Remembers every member of an event's data, however deep, that names a blob by 64 hex digits.
    pub fn name(&mut self, data: &Value, here: &Here<'_>) {
        match data {
            Value::Object(members) => {
                for (key, member) in members {
                    let names = NAMES.contains(&key.as_str());
                    let hash = member.as_str().filter(|_| names).and_then(digest::from_hex);
                    match hash {
                        Some(hash) if self.there.contains(&hash) => {
                            self.named.insert(hash);
                        }
                        Some(hash) => {
                            self.missing.entry(hash).or_insert_with(|| here.place());
                        }
                        None => self.name(member, here),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.name(item, here)),
            _ => {}
        }
    }

    /// The same blobs, of which nothing is named yet.
    pub fn fork(&self) -> Self {
        Self { there: Arc::clone(&self.there), ..Self::default() }
    }

    /// What another verification met.
    pub fn join(&mut self, other: Self) {
        self.named.extend(other.named);
        for (hash, place) in other.missing {
            let first = self.missing.entry(hash).or_insert_with(|| place.clone());
            if place.order() < first.order() {
                *first = place;
            }
        }
    }
}

impl Verifier {
    /// Takes a blob's row. All blobs come before the first entry.
    pub fn blob(&mut self, row: &BlobRow) {
        self.counts.blobs += 1;
        let found = digest::to_hex(&row.found_hash);
        let stated = hex::encode(&row.hash);
        if found != stated || row.length != row.found_length {
            let finding = Finding::new(
                Code::BlobChanged,
                BLOBS,
                "the blob's bytes are not those of its hash and length",
            );
            self.add(Finding { row: Some(stated.clone()), ..finding }.values(
                format!("{stated}, {} bytes", row.length),
                format!("{found}, {} bytes", row.found_length),
            ));
        }
        if let Ok(hash) = Hash::try_from(row.hash.as_slice()) {
            Arc::make_mut(&mut self.blobs.there).insert(hash);
        }
    }

    pub(super) fn finish_blobs(&mut self) {
        for (hash, place) in std::mem::take(&mut self.blobs.missing) {
            let finding =
                place.finding(Code::BlobMissing, "a blob that the entry names is not there");
            self.add(finding.values(digest::to_hex(&hash), "nothing"));
        }
        let unnamed = self.blobs.there.difference(&self.blobs.named);
        self.counts.blobs_unnamed = unnamed.count() as u64;
    }
}
