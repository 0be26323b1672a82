//! Issuing a run: the frozen copy of an effective master record, with the next issue number.
//! Series and run are told in one decision, so that the numbers have no gap.

use crate::app::answer::{Core, IssueAnswer, MasterTold, Tells, told};
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::refusal::{BATCH_NUMBER_TAKEN, MASTER_CHANGED, NO_EFFECTIVE_VERSION};
use crate::app::shown::ahead::PreflightView;
use crate::domain::command::{Decision, Stamp};
use crate::domain::cross::issue::issue;
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::numbered::numbered;
use crate::domain::person::Person;
use crate::domain::recipe::MasterRecord;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::run::facts::RunFacts;
use crate::domain::series::{self, ISSUES, Next};
use crate::store::lists::Paging;
use crate::store::noun::master::{MasterFilter, list_masters};
use serde_json::json;
use std::sync::Arc;

/// Issues a run.
pub struct IssueRun {
    /// Batch number, as it is written.
    pub number: String,
    /// Key of the master record's version.
    pub master: Key,
    /// Its content as read before; frozen, so that its hash says whether it is still the same.
    pub recipe: Arc<MasterRecord>,
    /// SHA-256 (hex) of that content.
    pub content_hash: String,
}

impl IssueRun {
    fn twin_key(&self) -> Key {
        Key::Alike(RecordKind::Run, self.number.clone())
    }
}

impl Command for IssueRun {
    fn name(&self) -> &'static str {
        "issue-run"
    }

    fn reads(&self) -> Vec<Key> {
        vec![self.twin_key(), self.master.clone(), series::key(ISSUES)]
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let (site, actor) = (loaded.site()?, loaded.actor(stamp)?);
        let master = loaded.master(&self.master)?;
        if master.content_hash != self.content_hash {
            let detail = format!("{}~{} has other content now", master.code, master.version);
            return Err(Refusal::new(&MASTER_CHANGED, detail));
        }
        let mut fresh = stamp.ids.iter().copied();
        let record = RecordKey::new(RecordKind::Run, fresh.next().unwrap_or_default());
        let second = loaded.second(stamp).map(Person::account);
        let facts = RunFacts::new(site.facts(), actor.account(), second);
        let series = loaded.get(&series::key(ISSUES)).and_then(|state| state.as_series());
        let next = Next::of(ISSUES, series, fresh.next().unwrap_or_default());
        let ruling = issue(master, &self.recipe, &facts, &self.number, next.no(), stamp)?;
        let number = numbered(&self.number).map_err(|detail| Refusal::new(&MALFORMED, detail))?.key;
        if let Some(twin) = loaded.get(&self.twin_key()).and_then(|state| state.as_run()) {
            let detail = match twin.number == number {
                true => format!("{number} exists"),
                false => format!("{} reads like {}, which exists", self.number, twin.number),
            };
            return Err(Refusal::new(&BATCH_NUMBER_TAKEN, detail));
        }
        let permit = ruling.permit.clone();
        let mut events = vec![next.taken(record, &number)];
        events.extend(ruling.into_planned(record, "run", None));
        let core = Core::of(record, (Some(&number), 0), loaded, &events);
        let (code, content_hash) = (master.code.clone(), master.content_hash.clone());
        let from = MasterTold { code, version: master.version, content_hash };
        let answer = IssueAnswer::new(core, next.no(), from);
        Ok(Decision { permit, events, answer: told::<Self>(&answer) })
    }
}

impl Tells for IssueRun {
    type Answer = IssueAnswer;
}

impl Done<IssueAnswer> {
    /// The number that the run has in addresses.
    #[must_use]
    pub fn number(&self) -> &str {
        self.answer["record"]["number"].as_str().unwrap_or_default()
    }

    /// Tells what the first day will bring, too.
    #[must_use]
    pub fn foreseeing(mut self, preflight: &PreflightView) -> Self {
        self.answer["preflight"] = json!(preflight);
        self
    }
}

impl Desk {
    /// Issues a run from a master record's version, by default the effective one. Blocks.
    ///
    /// # Errors
    /// `not-found`, `no-effective-version`, and what the issue's rules refuse.
    pub fn issue_run(
        &self,
        envelope: Envelope,
        number: &str,
        code: &str,
        version: Option<u32>,
    ) -> Result<Done<IssueAnswer>, Failure> {
        let code = &numbered(code).map_or_else(|_| code.to_owned(), |own| own.key);
        let version = match version {
            Some(version) => version,
            None => self.effective_version(code)?,
        };
        let key = Key::Number(RecordKind::Master, format!("{code}~{version}"));
        let state = self.state(&key)?;
        let master = state.as_master().ok_or_else(|| Failure::Broken("no master".into()))?;
        let recipe = self.store.recipe(&master.content_hash)?;
        let command = IssueRun {
            number: number.to_owned(),
            master: key,
            recipe,
            content_hash: master.content_hash.clone(),
        };
        self.order(envelope, Box::new(command))
    }

    /// The version of a master record that may be issued now.
    fn effective_version(&self, code: &str) -> Result<u32, Failure> {
        let filter = MasterFilter {
            code: Some(code.to_owned()),
            phase: Some("effective".to_owned()),
            at: self.time(),
            paging: Paging { cursor: None, limit: 1 },
        };
        let found = self.read(|db| list_masters(db, &filter))?;
        let version = found.items.first().and_then(|row| u32::try_from(row.version).ok());
        version
            .ok_or_else(|| Refusal::new(&NO_EFFECTIVE_VERSION, format!("{code} has none")).into())
    }
}
