//! A small whole site as rows: founding, two persons, a run with signatures, access rows, a blob, checkpoints.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::*;
use crate::seal::access::{AccessParts, SealedAccess};
use crate::seal::checkpoint::{Checkpoint, LogSigner};
use crate::seal::digest::{self, Hash, NO_PREVIOUS};
use crate::seal::entry::{Actor, ClockKind, CommandPart, Entry, EventName, HeaderParts, body};
use crate::seal::frontier::Frontier;
use crate::seal::key::{KeyKind, PrivateKey};
use crate::seal::sample::{self, ANNA, RUN, SITE};
use crate::seal::signature::{self, Manifest, Position, SIGNATURE_FORMAT};
use crate::seal::site::{KeyUse, SiteKey, Statement};

pub const BERTA: Uuid = Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_000b);
pub const ORIGIN: &str = "example.org/log";

/// Who signs an entry while it is sealed.
#[derive(Clone, Copy)]
pub enum By {
    Anna,
    Berta,
    Site(KeyUse),
}

#[derive(Default, Clone)]
pub struct World {
    pub journal: Vec<JournalRow>,
    pub access: Vec<AccessRowStored>,
    pub checkpoints: Vec<CheckpointRow>,
    pub head: Option<HeadRow>,
    pub blobs: Vec<BlobRow>,
    pub clock: i64,
    pub log_key: u8,
}

pub fn site_key(purpose: KeyUse) -> PrivateKey {
    let number = 1 + KeyUse::ALL.iter().position(|other| *other == purpose).unwrap();
    sample::key(purpose.kind(), number as u8)
}

pub fn anna() -> PrivateKey {
    sample::key(KeyKind::P256, 21)
}

pub fn berta() -> PrivateKey {
    sample::key(KeyKind::P256, 22)
}

fn enrolment(key: &PrivateKey) -> Value {
    let public = key.public();
    json!({"key": public.id().to_hex(), "public_key": public.to_spki_base64()})
}

impl World {
    /// The whole site.
    pub fn new() -> Self {
        let mut world = Self { log_key: 2, ..Self::default() };
        let keys: Vec<SiteKey> = KeyUse::ALL
            .iter()
            .map(|purpose| SiteKey::of(*purpose, &site_key(*purpose).public()))
            .collect();
        let founding = json!({"name": "Demo", "origin": ORIGIN, "keys": keys});
        let founder = By::Site(KeyUse::Founding);
        world.act("site", SITE, "site.founded", founding, &[founder]);
        world.act("person", ANNA, KEY_ENROLLED, enrolment(&anna()), &[founder]);
        world.sign_in("anna");
        world.act("person", BERTA, KEY_ENROLLED, enrolment(&berta()), &[By::Anna]);
        world.checkpoint();
        let blob = b"the frozen master".to_vec();
        let hash = digest::sha256(&[&blob]);
        world.blobs.push(BlobRow {
            hash: hash.to_vec(),
            length: blob.len() as u64,
            found_hash: hash,
            found_length: blob.len() as u64,
        });
        let issued = json!({"number": "AMAB-26-001", "master": {"blob": digest::to_hex(&hash)}});
        world.act("run", RUN, "run.issued", issued, &[By::Berta]);
        for value in ["7.20", "7.15", "6.60"] {
            let recorded = json!({"step": "05.2.1", "entry": "ph", "value": value});
            world.act("run", RUN, "run.entry-recorded", recorded, &[]);
        }
        world.sign_in("berta");
        world.checkpoint();
        world.act(
            "run",
            RUN,
            "run.step-completed",
            json!({"step": "05.2.1"}),
            &[By::Anna, By::Berta],
        );
        world.act(
            "run",
            RUN,
            "run.entry-recorded",
            json!({"step": "05.2.2", "entry": "ph", "value": "7.00"}),
            &[],
        );
        world.checkpoint();
        world
    }

    fn last(&self, record: Uuid) -> (u64, Hash) {
        self.journal
            .iter()
            .rfind(|row| row.record_id == record)
            .map_or((0, NO_PREVIOUS), |row| (row.seq, row.link.clone().try_into().unwrap()))
    }

    /// Seals the next entry of a record, as the one door that writes would.
    pub fn act(&mut self, kind: &str, record: Uuid, event: &str, data: Value, by: &[By]) {
        let (seq, previous) = self.last(record);
        self.clock += 1_000_000;
        let parts = HeaderParts {
            record_kind: kind.into(),
            record_id: record,
            at: sample::AT + self.clock,
            actor: Actor {
                person: Some(ANNA),
                user_name: "anna".into(),
                printed_name: "Anna Møller".into(),
            },
            command: CommandPart { id: Uuid::from_u128(seq.into()), part: 0 },
            event: EventName { name: event.into(), version: 1 },
            ..sample::parts(seq + 1, previous)
        };
        let row = seal(parts, &data, by);
        self.push(row);
    }

    /// Appends an entry as the next leaf, under a head signed anew.
    pub fn push(&mut self, row: JournalRow) {
        self.journal.push(JournalRow { leaf: self.size(), ..row });
        self.sign_head();
    }

    pub fn size(&self) -> u64 {
        (self.journal.len() + self.access.len()) as u64
    }

    /// The links in order of their leaves, each with its leaf.
    pub fn links(&self) -> Vec<(u64, Vec<u8>)> {
        let entries = self.journal.iter().map(|row| (row.leaf, row.link.clone()));
        let attempts = self.access.iter().map(|row| (row.leaf, row.link.clone()));
        let mut links: Vec<_> = entries.chain(attempts).collect();
        links.sort();
        links
    }

    pub fn frontier(&self, size: u64) -> Frontier {
        let mut frontier = Frontier::new();
        for (_, link) in self.links().iter().take(size as usize) {
            frontier.push(&link.clone().try_into().unwrap());
        }
        frontier
    }

    fn signer(&self) -> LogSigner {
        LogSigner::new(ORIGIN, &sample::key(KeyKind::Ed25519, self.log_key)).unwrap()
    }

    /// The head over the first leaves, as it was signed when there were no more.
    pub fn head_at(&self, size: u64) -> HeadRow {
        let frontier = self.frontier(size);
        let checkpoint = self.checkpoints.last().map_or(0, |row| row.number);
        let at = sample::AT + self.clock;
        let made = self.signer().head(checkpoint, size, frontier.root(), at).unwrap();
        let (root, note, frontier) = (made.root.to_vec(), made.note, frontier.to_bytes());
        HeadRow { checkpoint, size, root, frontier, at, note }
    }

    pub fn sign_head(&mut self) {
        self.head = Some(self.head_at(self.size()));
    }

    pub fn sign_in(&mut self, user_name: &str) {
        let previous =
            self.access.last().map_or(NO_PREVIOUS, |row| row.link.clone().try_into().unwrap());
        let seq = self.access.len() as u64 + 1;
        let parts = AccessParts {
            site: SITE,
            at: sample::AT + self.clock,
            zone: sample::zone(),
            clock: ClockKind::Simulated,
            what: "sign-in".into(),
            user_name: Some(user_name.into()),
            person: None,
            session: None,
            request_id: None,
            station: None,
            outcome: "allowed".into(),
            code: None,
            rule: None,
            detail: Value::Null,
        };
        let sealed = SealedAccess::seal(parts, seq, &previous).unwrap();
        let (bytes, link) = (sealed.row, sealed.link.to_vec());
        self.access.push(AccessRowStored {
            leaf: self.size(),
            link,
            at: Some(sample::AT + self.clock),
            what: "sign-in".into(),
            user_name: Some(user_name.into()),
            person: None,
            outcome: "allowed".into(),
            bytes,
        });
        self.sign_head();
    }

    pub fn checkpoint(&mut self) {
        let number = self.checkpoints.len() as u64 + 1;
        let (size, root) = (self.size(), self.frontier(self.size()).root());
        let at = sample::AT + self.clock;
        let made = self.signer().checkpoint(number, size, root, at).unwrap();
        let (root, note) = (made.root.to_vec(), made.note);
        self.checkpoints.push(CheckpointRow { number, size, root, at, note });
        self.sign_head();
    }

    /// The index of the run's entry with this sequence.
    pub fn run(&self, seq: u64) -> usize {
        self.journal.iter().position(|row| row.record_id == RUN && row.seq == seq).unwrap()
    }

    /// Hashes the run's chain again from `seq` on, as somebody who holds the database can.
    pub fn rehash_from(&mut self, seq: u64) {
        let mut previous: Option<Vec<u8>> = None;
        for row in self.journal.iter_mut().filter(|row| row.record_id == RUN && row.seq >= seq) {
            let mut header: Value = serde_json::from_slice(&row.header).unwrap();
            if let Some(previous) = previous {
                header["previous"] = hex::encode(previous).into();
            }
            let salt: [u8; 16] = row.salt.clone().try_into().unwrap();
            header["body_hash"] =
                digest::to_hex(&crate::seal::entry::body_hash(&salt, &row.body)).into();
            row.header = crate::seal::canon::canonical(&header).unwrap();
            row.link = crate::seal::entry::link_of(&row.header).to_vec();
            previous = Some(row.link.clone());
        }
    }

    /// Signs all checkpoints and the head anew over the leaves as they are, as somebody who holds the log key
    /// can.
    pub fn sign_anew(&mut self) {
        let key = sample::key(KeyKind::Ed25519, self.log_key);
        for n in 0..self.checkpoints.len() {
            let root = self.frontier(self.checkpoints[n].size).root();
            let row = &mut self.checkpoints[n];
            let made = Checkpoint::sign(ORIGIN, row.number, row.size, root, row.at, &key).unwrap();
            (row.root, row.note) = (root.to_vec(), made.note);
        }
        self.sign_head();
    }

    pub fn verify(&self) -> Report {
        self.verify_with(Options { describe: Some(describe), ..Options::default() })
    }

    pub fn verify_with(&self, options: Options) -> Report {
        let mut verifier = Verifier::new(options);
        self.blobs.iter().for_each(|row| verifier.blob(row));
        let mut journal: Vec<&JournalRow> = self.journal.iter().collect();
        // As the store reads it: by record and sequence. The site's record is not the first.
        journal.sort_by_key(|row| (std::cmp::Reverse(row.record_id), row.seq));
        let (keys, rest): (Vec<&JournalRow>, Vec<&JournalRow>) = journal
            .into_iter()
            .partition(|row| matches!(row.record_kind.as_str(), "site" | "person"));
        keys.into_iter().for_each(|row| {
            verifier.entry(row);
        });
        verifier.settle();
        let mut beside = verifier.fork();
        rest.into_iter().for_each(|row| {
            beside.entry(row);
        });
        beside.record_number(RUN, "AMAB-26-001");
        self.head.iter().for_each(|row| verifier.head(row.clone()));
        let mut checkpoints = self.checkpoints.iter().peekable();
        for (leaf, link) in self.links() {
            while let Some(row) = checkpoints.next_if(|row| row.size <= verifier.leaves()) {
                verifier.checkpoint(row);
            }
            let name = || format!("leaf {leaf}");
            match self.access.iter().find(|row| row.leaf == leaf && row.link == link) {
                Some(row) => {
                    let seen = Seen { link: &link, entry: None };
                    verifier.leaf(LeafTable::AccessLog, leaf, seen, name);
                    verifier.access(row);
                }
                None => {
                    let row = self.journal.iter().find(|row| row.leaf == leaf && row.link == link);
                    let entry = row.map(|row| (row.record_id.as_bytes().as_slice(), row.at));
                    verifier.leaf(LeafTable::Journal, leaf, Seen { link: &link, entry }, name);
                }
            }
        }
        checkpoints.for_each(|row| verifier.checkpoint(row));
        verifier.join(beside);
        verifier.finish()
    }

    /// The codes found, sorted, each once.
    pub fn codes(&self) -> Vec<Code> {
        codes(&self.verify())
    }
}

pub fn codes(report: &Report) -> Vec<Code> {
    let mut codes: Vec<Code> = report.findings.iter().map(|finding| finding.code).collect();
    codes.sort();
    codes.dedup();
    codes
}

fn describe(_: &crate::seal::entry::Header, data: &Value) -> (Option<String>, Option<String>) {
    let text = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
    (text("step"), text("entry"))
}

/// Seals one row with its signatures.
pub fn seal(parts: HeaderParts, data: &Value, by: &[By]) -> JournalRow {
    let members: Map<String, Value> = data.as_object().unwrap().clone();
    let signatures = by.iter().map(|signer| sign(*signer, &parts, data)).collect();
    let (kind, record, seq) = (parts.record_kind.clone(), parts.record_id, parts.seq);
    let (at, event) = (Some(parts.at), parts.event.name.clone());
    let actor = parts.actor.person.map(|id| id.as_bytes().to_vec());
    let salt = [u8::try_from(seq).unwrap(); 16];
    let entry = Entry::seal(parts, salt, &body(members, signatures)).unwrap();
    JournalRow {
        leaf: 0,
        record_kind: kind,
        record_id: record,
        seq,
        link: entry.link.to_vec(),
        at,
        event,
        actor,
        salt: salt.to_vec(),
        header: entry.header,
        body: entry.body,
    }
}

fn sign(by: By, parts: &HeaderParts, data: &Value) -> Value {
    let head = digest::to_hex(&parts.previous);
    let position = Position {
        site: parts.site,
        record_kind: &parts.record_kind,
        record_id: parts.record_id,
        version: parts.seq,
        chain_head: &head,
        event: &parts.event,
        at: parts.at,
        zone: &parts.zone,
    };
    let (person, name, key) = match by {
        By::Site(purpose) => {
            return Statement::sign(purpose, &site_key(purpose), data, &position)
                .unwrap()
                .to_value();
        }
        By::Anna => (ANNA, "anna", anna()),
        By::Berta => (BERTA, "berta", berta()),
    };
    let manifest = Manifest {
        format: SIGNATURE_FORMAT.into(),
        site: parts.site,
        record_kind: parts.record_kind.clone(),
        record_id: parts.record_id,
        record_number: "AMAB-26-001".into(),
        version: parts.seq,
        chain_head: head.clone(),
        event: parts.event.clone(),
        content_hash: digest::to_hex(&signature::content_hash(data).unwrap()),
        meaning: match parts.event.name.as_str() {
            "person.key-enrolled" => "identity-verified".into(),
            _ => "performed".into(),
        },
        printed_name: name.to_uppercase(),
        user_name: name.into(),
        role: "operator".into(),
        person,
        key: key.public().id().to_hex(),
        at: parts.at,
        zone: parts.zone.clone(),
    };
    signature::sign(manifest, &key).unwrap().to_value()
}
