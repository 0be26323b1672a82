//! Blobs: what the journal names by hash must be there, and be what its hash says.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::Verifier;
use super::finding::{Code, Finding};
use super::place::{BLOBS, Place};
use super::rows::BlobRow;
use crate::seal::digest::{self, Hash};

/// The members of an event's data that name a blob: of a rendition, of a master record, of a file.
const NAMES: [&str; 3] = ["blob", "content_hash", "sha256"];

/// What is remembered of blobs.
#[derive(Debug, Default)]
pub(super) struct Blobs {
    there: HashSet<Hash>,
    named: BTreeMap<Hash, Place>,
}

impl Blobs {
    /// Remembers every member of an event's data, however deep, that names a blob by 64 hex digits.
    pub fn name(&mut self, data: &Value, place: &Place) {
        match data {
            Value::Object(members) => {
                for (key, member) in members {
                    let names = NAMES.contains(&key.as_str());
                    let hash = member.as_str().filter(|_| names).and_then(digest::from_hex);
                    match hash {
                        Some(hash) => {
                            self.named.entry(hash).or_insert_with(|| place.clone());
                        }
                        None => self.name(member, place),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.name(item, place)),
            _ => {}
        }
    }
}

impl Verifier {
    /// Takes a blob's row.
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
            self.blobs.there.insert(hash);
        }
    }

    pub(super) fn finish_blobs(&mut self) {
        for (hash, place) in std::mem::take(&mut self.blobs.named) {
            if !self.blobs.there.remove(&hash) {
                let finding =
                    place.finding(Code::BlobMissing, "a blob that the entry names is not there");
                self.add(finding.values(digest::to_hex(&hash), "nothing"));
            }
        }
        self.counts.blobs_unnamed = self.blobs.there.len() as u64;
    }
}
