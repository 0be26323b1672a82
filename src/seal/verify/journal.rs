//! The journal's rows: bytes, copies, places in their chains, and what their bodies tell of keys and blobs.

use serde_json::Value;
use uuid::Uuid;

use super::Verifier;
use super::blobs;
use super::finding::{Code, Finding};
use super::place::{Here, JOURNAL, Told};
use super::rows::JournalRow;
use crate::seal::chain::{Chain, ChainFault};
use crate::seal::digest::Hash;
use crate::seal::entry::{self, Body, Entry, EntryFault, Header, Signed};
use crate::seal::signature::Position;
use crate::seal::site::CLOCK_SET_BACK;

/// What is remembered of the record whose entries come.
#[derive(Debug, Default)]
pub(super) struct Journal {
    record: Option<Uuid>,
    chain: Chain,
    /// The place in the log of the entry before.
    leaf: Option<u64>,
    /// Place and time of the newest entry whose header opened.
    at: Option<(u64, i64)>,
    /// How many findings there were before this record.
    pub first_finding: usize,
}

/// An entry that opened: what a replay folds.
#[derive(Debug)]
pub struct Opened<'a> {
    pub header: Header,
    pub body: Body<'a>,
    pub link: Hash,
}

impl Verifier {
    /// Takes a row of the journal: the entries of one record after the other, each in order of sequence.
    /// Gives what opened.
    pub fn entry<'a>(&mut self, row: &'a JournalRow) -> Option<Opened<'a>> {
        if self.journal.record != Some(row.record_id) {
            self.counts.records += 1;
            self.journal = Journal {
                record: Some(row.record_id),
                chain: Chain::new(),
                leaf: None,
                at: None,
                first_finding: self.findings.len(),
            };
        }
        match Entry::open_header(&row.header, &row.link) {
            Ok(header) => self.sound_header(row, header),
            Err(fault) => {
                self.broken_header(row, &fault);
                None
            }
        }
    }

    fn broken_header(&mut self, row: &JournalRow, fault: &EntryFault) {
        let code = match fault {
            EntryFault::Link | EntryFault::LinkLength(_) => Code::HeaderChanged,
            _ => Code::HeaderUnreadable,
        };
        // What still can be read names the entry; nothing of it is believed further.
        let readable = Header::read(&row.header).ok();
        let body: Option<Value> = serde_json::from_slice(&row.body).ok();
        let data = body.as_ref().map(|body| Told::Read(&body["data"]));
        let mut finding = match &readable {
            Some(header) => self.here(row, header, data).finding(code, fault.to_string()),
            None => Finding::new(code, JOURNAL, &fault.to_string()),
        };
        finding.row = Some(row.name());
        finding.record = Some(row.record_id);
        finding.record_kind = Some(row.record_kind.clone());
        finding.seq = Some(row.seq);
        self.add(finding);
        let link = Hash::try_from(row.link.as_slice()).ok();
        self.journal.chain.take_unreadable(row.seq, link.as_ref());
        self.journal.leaf = Some(row.leaf);
    }

    fn here<'a>(
        &self,
        row: &'a JournalRow,
        header: &'a Header,
        data: Option<Told<'a>>,
    ) -> Here<'a> {
        Here { row, header, data, describe: self.options.describe }
    }

    fn sound_header<'a>(&mut self, row: &'a JournalRow, header: Header) -> Option<Opened<'a>> {
        let opened = self.open_body(row, &header);
        // Of a changed body its bytes still name occurrence and entry.
        let readable = match &opened {
            Ok(_) => None,
            Err(_) => serde_json::from_slice::<Value>(&row.body).ok(),
        };
        let data = match &opened {
            Ok(Body::Read(body)) => Some(Told::Read(&body["data"])),
            Ok(Body::Unsigned(text)) => Some(Told::Text(text)),
            Err(_) => readable.as_ref().map(|body| Told::Read(&body["data"])),
        };
        let here = self.here(row, &header, data);
        // A header opens only under the link it hashes to.
        let link =
            Hash::try_from(row.link.as_slice()).unwrap_or_else(|_| entry::link_of(&row.header));
        self.check_copies(&here);
        self.check_chain(&here, &link);
        self.check_time(&here);
        self.check_header_of_site(&here);
        match &opened {
            Ok(Body::Read(body)) => self.sound_body(&here, body),
            Ok(Body::Unsigned(_)) => self.unsigned_body(&here),
            Err(fault) => {
                let code = match fault {
                    EntryFault::BodyHash | EntryFault::Salt(_) => Code::BodyChanged,
                    _ => Code::BodyUnreadable,
                };
                let shown =
                    readable.as_ref().and_then(|body| body["data"]["value"]["shown"].as_str());
                let found = shown.map(str::to_owned);
                self.add(Finding { found, ..here.finding(code, fault.to_string()) });
            }
        }
        Some(Opened { header, body: opened.ok()?, link })
    }

    /// A body is read whole where something of it is looked at: until all keys are known, and where it is
    /// signed or may name a blob.
    fn open_body<'a>(&self, row: &'a JournalRow, header: &Header) -> Result<Body<'a>, EntryFault> {
        if !self.settled {
            return Entry::open_body(header, &row.salt, &row.body).map(Body::Read);
        }
        match Entry::open_text(header, &row.salt, &row.body)? {
            Body::Unsigned(data) if blobs::may_name(data) => {
                Entry::open_body(header, &row.salt, &row.body).map(Body::Read)
            }
            opened => Ok(opened),
        }
    }

    fn check_copies(&mut self, here: &Here<'_>) {
        let (row, header) = (here.row, here.header);
        let same = header.record_kind == row.record_kind
            && header.record_id == row.record_id
            && header.seq == row.seq
            && Some(header.at) == row.at
            && header.event.name == row.event
            && header.actor.person.as_ref().map(|id| id.as_bytes().as_slice())
                == row.actor.as_deref();
        if same {
            return;
        }
        let actor = row.actor.as_ref();
        let actor =
            actor.map(|id| Uuid::from_slice(id).map_or(hex::encode(id), |id| id.to_string()));
        let copies = [
            differs("record_kind", Some(&header.record_kind), Some(&row.record_kind)),
            differs("record_id", Some(header.record_id), Some(row.record_id)),
            differs("seq", Some(header.seq), Some(row.seq)),
            differs("at", Some(header.at), row.at),
            differs("event", Some(&header.event.name), Some(&row.event)),
            differs("actor", header.actor.person.map(|id| id.to_string()), actor),
        ];
        for (detail, expected, found) in copies.into_iter().flatten() {
            self.add(here.finding(Code::ColumnDiffers, detail).values(expected, found));
        }
    }

    fn check_chain(&mut self, here: &Here<'_>, link: &Hash) {
        for fault in self.journal.chain.take(here.header, link) {
            let detail = fault.to_string();
            let finding = match fault {
                // The missing entries' persons are unknown: the entry after is not theirs.
                ChainFault::Missing { from, .. } => Finding {
                    record: Some(here.row.record_id),
                    record_kind: Some(here.header.record_kind.clone()),
                    seq: Some(from),
                    ..Finding::new(Code::EntriesMissing, JOURNAL, &detail)
                },
                ChainFault::OutOfOrder { .. } => here.finding(Code::EntrySwapped, detail),
                ChainFault::PreviousDiffers { named, found, .. } => {
                    here.finding(Code::ChainBroken, detail).values(named, found)
                }
                ChainFault::OtherRecord { .. } => here.finding(Code::EntryForeign, detail),
            };
            self.add(finding);
        }
        let leaf = here.row.leaf;
        if let Some(before) = self.journal.leaf.replace(leaf).filter(|before| *before >= leaf) {
            let detail = "the places of one record's entries in the log must follow its sequence";
            let finding = here.finding(Code::LeafOrder, detail);
            self.add(finding.values(format!("more than {before}"), leaf.to_string()));
        }
    }

    /// Times of a record rise, but where a signed act set the clock back.
    fn check_time(&mut self, here: &Here<'_>) {
        let (leaf, at) = (here.row.leaf, here.header.at);
        let Some((before, newest)) = self.journal.at.replace((leaf, at)) else { return };
        let here_set = here.header.event.name == CLOCK_SET_BACK;
        if at >= newest || here_set || self.site.was_set_back(before, leaf) {
            return;
        }
        let detail = "an entry is earlier than the one before it, and no signed act set the clock back between them";
        let finding = here.finding(Code::TimeFalls, detail);
        self.add(finding.values(format!("{newest} µs or later"), format!("{at} µs")));
    }

    fn sound_body(&mut self, here: &Here<'_>, body: &Value) {
        let data = &body["data"];
        let position = Position::from(here.header);
        let mut by_person = false;
        for signed in entry::signed(body) {
            match signed {
                Ok(Signed::Person(signature)) => {
                    by_person = true;
                    self.person_signature(signature, data, &position, here);
                }
                Ok(Signed::Site(statement)) => {
                    self.site_statement(statement, data, &position, here);
                }
                Err(fault) => self.add(here.finding(Code::SignatureUnreadable, fault)),
            }
        }
        self.check_asked(here, by_person);
        self.site_event(here, data);
        self.person_event(here, data);
        self.blobs.name(data, here);
    }

    /// A body without signatures that names no blob, when all keys are known.
    fn unsigned_body(&mut self, here: &Here<'_>) {
        self.check_asked(here, false);
        // By their names alone: their data count only until all keys are known.
        self.site_event(here, &Value::Null);
        self.person_event(here, &Value::Null);
    }

    fn check_asked(&mut self, here: &Here<'_>, by_person: bool) {
        let event = here.header.event.name.as_str();
        let asked = self.options.must_be_signed.is_some_and(|asked| asked(event));
        if asked && !by_person {
            let detail = "this act is always signed, and the entry carries no signature";
            self.add(here.finding(Code::SignatureMissing, detail));
        }
    }
}

/// The sentence and both values of a copy that differs from its original.
pub(super) fn differs<T: PartialEq + ToString>(
    name: &str,
    original: Option<T>,
    copy: Option<T>,
) -> Option<(String, String, String)> {
    if original == copy {
        return None;
    }
    let plain =
        |value: Option<T>| value.map_or_else(|| "null".to_owned(), |value| value.to_string());
    Some((format!("the column {name} is not what was hashed"), plain(original), plain(copy)))
}
