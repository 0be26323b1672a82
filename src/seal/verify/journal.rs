//! The journal's rows: bytes, copies, places in their chains, and what their bodies tell of keys and blobs.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use super::Verifier;
use super::finding::{Code, Finding};
use super::place::{JOURNAL, Place};
use super::rows::{Column, JournalRow};
use crate::seal::chain::{Chain, ChainFault};
use crate::seal::digest::Hash;
use crate::seal::entry::{self, Entry, EntryFault, Header, Signed};
use crate::seal::signature::Position;

/// What is remembered of an entry until its leaf is known.
#[derive(Debug)]
pub(super) struct Kept {
    pub link: Hash,
    pub place: Place,
    pub leaf: Option<u64>,
}

/// What is remembered of the journal.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub chains: HashMap<Uuid, Chain>,
    pub entries: HashMap<(Uuid, u64), Kept>,
    /// Gaps already reported, so that a missing entry is found once.
    pub gaps: Vec<(Uuid, u64, u64)>,
}

impl Journal {
    /// A time order for what has no other: the clock, then the leaf.
    pub fn order(&self, place: &Place) -> (i64, u64) {
        let kept = self.entries.get(&(place.record, place.seq));
        (place.at, kept.and_then(|kept| kept.leaf).unwrap_or(u64::MAX))
    }
}

impl Verifier {
    /// Takes a row of the journal. Rows of one record come in order of their sequence.
    pub fn entry(&mut self, row: &JournalRow) {
        self.counts.entries += 1;
        if !self.journal.chains.contains_key(&row.record_id) {
            self.counts.records += 1;
        }
        match Entry::open_header(&row.header, &row.link) {
            Ok(header) => self.sound_header(row, &header),
            Err(fault) => self.broken_header(row, &fault),
        }
    }

    fn broken_header(&mut self, row: &JournalRow, fault: &EntryFault) {
        let code = match fault {
            EntryFault::Link | EntryFault::LinkLength(_) => Code::HeaderChanged,
            _ => Code::HeaderUnreadable,
        };
        // What still can be read names the entry; nothing of it is believed further.
        let readable = Header::read(&row.header).ok();
        let place =
            readable.as_ref().map(|header| Place::of(&row.row, row.record_id, row.seq, header));
        let mut finding = match &place {
            Some(place) => place.finding(code, fault.to_string()),
            None => Finding::new(code, JOURNAL, &fault.to_string()),
        };
        finding.row = Some(row.row.clone());
        finding.record = Some(row.record_id);
        finding.record_kind = Some(row.record_kind.clone());
        finding.seq = Some(row.seq);
        self.add(finding);
        let link = Hash::try_from(row.link.as_slice()).ok();
        let chain = self.journal.chains.entry(row.record_id).or_default();
        chain.take_unreadable(row.seq, link.as_ref());
        let place = place.unwrap_or_else(|| Place {
            row: row.row.as_str().into(),
            record_kind: row.record_kind.as_str().into(),
            record: row.record_id,
            seq: row.seq,
            at: 0,
            event: "".into(),
            person: "".into(),
            occurrence: None,
            entry: None,
        });
        self.keep(row, link.unwrap_or_default(), place);
    }

    fn keep(&mut self, row: &JournalRow, link: Hash, place: Place) {
        let kept = Kept { link, place, leaf: None };
        self.journal.entries.insert((row.record_id, row.seq), kept);
    }

    fn sound_header(&mut self, row: &JournalRow, header: &Header) {
        let mut place = Place::of(&row.row, row.record_id, row.seq, header);
        let opened = Entry::open_body(header, &row.salt, &row.body);
        if let (Some(describe), Ok(body)) = (self.options.describe, &opened) {
            let (occurrence, entry) = describe(header, &body["data"]);
            place.occurrence = occurrence.map(Into::into);
            place.entry = entry.map(Into::into);
        }
        let link = entry::link_of(&row.header);
        self.check_copies(row, header, &place);
        self.check_chain(header, &link, &place);
        self.check_header_of_site(header, &place);
        match opened {
            Ok(body) => self.sound_body(header, &body, &place),
            Err(fault) => {
                let code = match fault {
                    EntryFault::BodyHash | EntryFault::Salt(_) => Code::BodyChanged,
                    _ => Code::BodyUnreadable,
                };
                self.add(place.finding(code, fault.to_string()));
            }
        }
        self.keep(row, link, place);
    }

    fn check_copies(&mut self, row: &JournalRow, header: &Header, place: &Place) {
        let identity = [
            ("record_kind", "record_kind", Value::from(row.record_kind.as_str())),
            ("record_id", "record_id", Value::from(row.record_id.to_string())),
            ("seq", "seq", Value::from(row.seq)),
        ];
        let identity = identity.map(|(name, path, value)| Column { name, path, value });
        let original = serde_json::to_value(header).unwrap_or_default();
        for copy in identity.iter().chain(&row.copies) {
            if let Some(finding) = differing(&original, copy) {
                let finding =
                    place.finding(Code::ColumnDiffers, finding.0).values(finding.1, finding.2);
                self.add(finding);
            }
        }
    }

    fn check_chain(&mut self, header: &Header, link: &Hash, place: &Place) {
        let chain = self.journal.chains.entry(place.record).or_default();
        for fault in chain.take(header, link) {
            let detail = fault.to_string();
            let finding = match fault {
                ChainFault::Missing { from, to } => {
                    self.journal.gaps.push((place.record, from, to));
                    // The missing entries' persons are unknown: the entry after is not theirs.
                    Finding {
                        record: Some(place.record),
                        record_kind: Some(place.record_kind.to_string()),
                        seq: Some(from),
                        ..Finding::new(Code::EntriesMissing, JOURNAL, &detail)
                    }
                }
                ChainFault::OutOfOrder { .. } => place.finding(Code::EntrySwapped, detail),
                ChainFault::PreviousDiffers { named, found, .. } => {
                    place.finding(Code::ChainBroken, detail).values(named, found)
                }
                ChainFault::OtherRecord { .. } => place.finding(Code::EntryForeign, detail),
            };
            self.add(finding);
        }
    }

    fn sound_body(&mut self, header: &Header, body: &Value, place: &Place) {
        let data = &body["data"];
        let position = Position::from(header);
        let mut by_person = false;
        for signed in entry::signed(body) {
            match signed {
                Ok(Signed::Person(signature)) => {
                    by_person = true;
                    self.person_signature(signature, data, &position, place);
                }
                Ok(Signed::Site(statement)) => {
                    self.site_statement(statement, data, &position, place);
                }
                Err(fault) => self.add(place.finding(Code::SignatureUnreadable, fault)),
            }
        }
        let asked = self.options.must_be_signed.is_some_and(|asked| asked(&header.event.name));
        if asked && !by_person {
            let detail = "this act is always signed, and the entry carries no signature";
            self.add(place.finding(Code::SignatureMissing, detail));
        }
        self.site_event(header, data, place);
        self.person_event(header, data, place);
        self.blobs.name(data, place);
    }
}

/// The sentence and both values of a copy that differs from its original.
pub(super) fn differing(original: &Value, copy: &Column) -> Option<(String, String, String)> {
    let value = copy
        .path
        .split('.')
        .try_fold(original, |value, part| value.get(part))
        .unwrap_or(&Value::Null);
    if *value == copy.value {
        return None;
    }
    let detail = format!("the column {} is not what was hashed", copy.name);
    Some((detail, plain(value), plain(&copy.value)))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
