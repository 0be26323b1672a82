//! Any order to a version of a master record: one command over `domain::master::decide`.

use crate::app::answer::{Core, MasterAnswer, Tells, told};
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::examiner::Asked;
use crate::domain::clock::Instant;
use crate::domain::command::{Decision, Stamp};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::master::command::{Examined, MasterCommand, Written};
use crate::domain::master::decide::{Facts, decide, reads};
use crate::domain::master::state::Master;
use crate::domain::numbered::numbered;
use crate::domain::policy::Authority;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::seal::canon::canonical;
use crate::seal::digest::{from_hex, sha256, to_hex};
use crate::store::lists::Paging;
use crate::store::noun::master::{MasterFilter, list_masters};
use serde_json::Value;
use std::sync::Arc;

/// An order to a version of a master record.
pub struct MasterAct {
    pub code: String,
    pub version: u32,
    pub order: MasterCommand,
    /// The canonical bytes of new content, stored as a blob with the event.
    pub blob: Option<Arc<Vec<u8>>>,
}

impl MasterAct {
    fn key(&self) -> Key {
        Key::Number(RecordKind::Master, format!("{}~{}", self.code, self.version))
    }
}

impl Command for MasterAct {
    fn name(&self) -> &'static str {
        match &self.order {
            MasterCommand::Draft { .. } => "draft-master",
            MasterCommand::Edit { .. } => "edit-master",
            MasterCommand::Submit { .. } => "submit-master",
            MasterCommand::Check { .. } => "check-master",
            MasterCommand::Approve { .. } => "approve-master",
            MasterCommand::Return { .. } => "return-master",
            MasterCommand::MakeEffective { .. } => "make-master-effective",
            MasterCommand::Suspend { .. } => "suspend-master",
            MasterCommand::Reinstate { .. } => "reinstate-master",
            MasterCommand::Retire { .. } => "retire-master",
        }
    }

    fn reads(&self) -> Vec<Key> {
        vec![self.key()]
    }

    fn reads_further(&self, loaded: &Loaded) -> Vec<Key> {
        // A version number is anybody's to type; only one that exists has that many before it.
        let drafts = matches!(self.order, MasterCommand::Draft { .. });
        if !drafts && loaded.get(&self.key()).is_none() {
            return Vec::new();
        }
        reads(&self.code, self.version).split_off(1)
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let subject = loaded.get(&self.key()).and_then(|state| state.as_master());
        let keys = self.reads_further(loaded);
        let earlier: Vec<&Master> =
            keys.iter().filter_map(|key| loaded.get(key)?.as_master()).collect();
        let facts = Facts {
            site: loaded.site()?.facts(),
            actor: Some(loaded.actor(stamp)?.account()),
            subject,
            earlier: &earlier,
        };
        let ruling = decide(&self.order, facts, stamp)?;
        let fresh = stamp.ids.first().copied().unwrap_or_default();
        let (record, head) = subject
            .map_or((RecordKey::new(RecordKind::Master, fresh), 0), |master| {
                (master.key, master.seq)
            });
        let (permit, mut events) = ruling.into_planned(record);
        let content_hash = if let MasterCommand::Draft { content, .. }
        | MasterCommand::Edit { content, .. } = &self.order
        {
            content.hash.clone()
        } else {
            subject.map(|master| master.content_hash.clone()).unwrap_or_default()
        };
        if let (Some(blob), Some(first)) = (&self.blob, events.first_mut()) {
            first.blobs.push((content_hash.clone(), Arc::clone(blob)));
        }
        let number = format!("{}~{}", self.code, self.version);
        let core = Core::of(record, (Some(&number), head), loaded, &events);
        let answer = MasterAnswer::new(core, self.code.clone(), self.version, content_hash);
        Ok(Decision { permit, events, answer: told::<Self>(&answer) })
    }
}

impl Tells for MasterAct {
    type Answer = MasterAnswer;
}

/// Content as it was sent, with the canonical bytes that everybody will sign.
fn written(document: Value) -> Result<(Written, Arc<Vec<u8>>), Refusal> {
    let bytes = canonical(&document).map_err(|e| Refusal::new(&MALFORMED, e.to_string()))?;
    let hash = to_hex(&sha256(&[&bytes]));
    Ok((Written { document, hash }, Arc::new(bytes)))
}

impl Desk {
    /// Begins the next version of the code that stands in the content. Blocks.
    ///
    /// # Errors
    /// `malformed` without a code, and what the rules of drafting refuse.
    pub fn draft_master(
        &self,
        envelope: Envelope,
        document: Value,
    ) -> Result<Done<MasterAnswer>, Failure> {
        let code = numbered(document["code"].as_str().unwrap_or_default())
            .map_err(|detail| Refusal::new(&MALFORMED, format!("code: {detail}")))?
            .key;
        let filter = MasterFilter {
            code: Some(code.clone()),
            phase: None,
            at: self.time(),
            paging: Paging { cursor: None, limit: 1 },
        };
        let newest = self.read(|db| list_masters(db, &filter))?;
        let newest = newest.items.first().and_then(|row| u32::try_from(row.version).ok());
        let version = newest.unwrap_or(0).saturating_add(1);
        let (content, bytes) = written(document)?;
        let order = MasterCommand::Draft { code: code.clone(), version, content };
        self.order(envelope, Box::new(MasterAct { code, version, order, blob: Some(bytes) }))
    }

    /// Replaces a draft's content. Blocks.
    ///
    /// # Errors
    /// What the rules of editing refuse.
    pub fn edit_master(
        &self,
        envelope: Envelope,
        (code, version): (String, u32),
        document: Value,
        reason: String,
        expected: Option<u64>,
    ) -> Result<Done<MasterAnswer>, Failure> {
        let (content, bytes) = written(document)?;
        let order = MasterCommand::Edit { content, reason, expected };
        self.order(envelope, Box::new(MasterAct { code, version, order, blob: Some(bytes) }))
    }

    /// Submits a version: its content is read again, checked whole and signed. Blocks.
    ///
    /// # Errors
    /// What the rules of submission refuse, every finding listed.
    pub fn submit_master(
        &self,
        envelope: Envelope,
        (code, version): (String, u32),
        expected: Option<u64>,
    ) -> Result<Done<MasterAnswer>, Failure> {
        let (document, hash, product) = self.master_document(&code, version)?;
        // Who may not is told so before anything is played; the lane asks again.
        self.may_read(&envelope.caller, &[Authority::AuthorMaster], Some(&product))?;
        let found =
            self.examiner.examine(&document, &hash, Asked::Submitting)?.found.findings.clone();
        let examined = Examined { hash: hash.clone(), findings: found };
        let content = Written { document, hash };
        let order = MasterCommand::Submit { content, examined, expected };
        self.order(envelope, Box::new(MasterAct { code, version, order, blob: None }))
    }

    /// Approves a version, which is effective from the date on, without one at once. Blocks.
    ///
    /// # Errors
    /// What the rules of approval refuse.
    pub fn approve_master(
        &self,
        envelope: Envelope,
        (code, version): (String, u32),
        effective_from: Option<Instant>,
        expected: Option<u64>,
    ) -> Result<Done<MasterAnswer>, Failure> {
        let order = MasterCommand::Approve { effective_from, expected };
        self.order(envelope, Box::new(MasterAct { code, version, order, blob: None }))
    }

    /// A version's content as written, with its hash and the product it is of.
    fn master_document(
        &self,
        code: &str,
        version: u32,
    ) -> Result<(Value, String, String), Failure> {
        let key = Key::Number(RecordKind::Master, format!("{code}~{version}"));
        let state = self.state(&key)?;
        let master = state.as_master().ok_or_else(|| Failure::Broken("no master".into()))?;
        let bytes = self.content_bytes(&master.content_hash)?;
        let document = serde_json::from_slice(&bytes)
            .map_err(|e| Failure::Broken(format!("content of {code}~{version}: {e}")))?;
        Ok((document, master.content_hash.clone(), master.product.clone()))
    }

    /// The bytes of a blob that a record names: they must be there.
    pub(in crate::app) fn content_bytes(&self, hash: &str) -> Result<Vec<u8>, Failure> {
        let parsed = from_hex(hash).ok_or_else(|| Failure::Broken(format!("{hash} is no hash")))?;
        let bytes = self.store.blob(&parsed)?;
        bytes.ok_or_else(|| Failure::Broken(format!("the blob {hash} is not there")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_number_out_of_the_air_costs_nothing() {
        let order = MasterCommand::Retire { reason: "none".into(), expected: None };
        let act = MasterAct { code: "X".into(), version: u32::MAX, order, blob: None };
        assert_eq!(act.reads().len(), 1);
        assert_eq!(act.reads_further(&Loaded::default()), Vec::new());
    }
}
