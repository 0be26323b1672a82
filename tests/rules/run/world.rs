//! A run with its journal: commands go in, refusals or events come out, everything through the text
//! of the journal as in the house.

use super::scene::{BEGIN, cast, site};
use super::versions;
use batchwright::domain::clock::{ClockKind, Instant, Zone};
use batchwright::domain::command::{Happened, Stamp};
use batchwright::domain::cross::issue;
use batchwright::domain::device::Device;
use batchwright::domain::entry::Input;
use batchwright::domain::ids::{OperationKey, RecordKey, RecordKind, StepKey};
use batchwright::domain::master::state::{Master, MasterPhase};
use batchwright::domain::person::Person;
use batchwright::domain::policy::{Actor, Permit};
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::recipe::plan::Recipe;
use batchwright::domain::refusal::Refusal;
use batchwright::domain::ruling::Ruling;
use batchwright::domain::run::acts::{
    ActInEmergency, CheckEntry, CheckStep, CloseOperation, CompleteStep, CorrectEntry,
    InvestigateResult, RecordDetermination, RecordEntry, RunCommand, RunEvent, StartStep, decide,
    derive, spot,
};
use batchwright::domain::run::facts::RunFacts;
use batchwright::domain::run::reading::DeviceFact;
use batchwright::domain::run::{EntryRun, Run, evolve, proof, time};
use batchwright::domain::signing::{Components, Signed, Signer};
use batchwright::domain::site::Site;
use batchwright::domain::words::{Basis, EntryKey};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// An entry of the journal.
#[derive(Debug, Clone)]
pub struct Row {
    pub at: Instant,
    pub actor: Actor,
    pub role: String,
    pub name: String,
    /// The exact text.
    pub data: String,
    pub signatures: Vec<Signed>,
}

/// Who acts, how.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    pub who: &'a str,
    pub second: Option<&'a str>,
    pub signs: bool,
}

/// Somebody who gives both components in the act.
pub fn by(who: &str) -> By<'_> {
    By { who, second: None, signs: true }
}

impl<'a> By<'a> {
    pub fn with(self, second: &'a str) -> Self {
        Self { second: Some(second), ..self }
    }
    pub fn unsigned(self) -> Self {
        Self { signs: false, ..self }
    }
}

/// Runs up to this length are searched whole after each act, longer ones after some.
const SEARCHED_ALWAYS: u64 = 200;

/// Entries of a run that is not searched from its beginning after each act: it was made to be long.
const MOST_SEARCHED: u64 = 2_000;

/// The world of one run.
#[derive(Debug, Clone)]
pub struct World {
    pub site: Arc<Site>,
    /// Registered devices.
    pub devices: Vec<Device>,
    pub people: Arc<Vec<Person>>,
    pub run: Run,
    pub journal: Vec<Row>,
    pub now: Instant,
}

pub fn effective(recipe: &MasterRecord) -> Master {
    Master {
        key: RecordKey::new(RecordKind::Master, Uuid::from_u128(0xA)),
        code: recipe.code.clone(),
        version: 1,
        title: recipe.title.clone(),
        product: recipe.product.code.clone(),
        phase: MasterPhase::Effective,
        content_hash: "00".repeat(32),
        authors: BTreeSet::new(),
        authored: None,
        checked: None,
        approved: None,
        voided: Vec::new(),
        effective_from: Some(Instant(0)),
        superseded: std::collections::BTreeMap::new(),
        returned: None,
        seq: 6,
        head: [0; 32],
    }
}

impl World {
    /// A run of this recipe, issued by the supervisor.
    pub fn new(recipe: MasterRecord) -> Self {
        let (site, people) = (Arc::new(site()), Arc::new(cast()));
        let recipe = Arc::new(recipe);
        let sue = &people[2];
        let stamp = stamp(BEGIN, sue, None, true);
        let facts = RunFacts::new(site.facts(), sue.account(), None);
        let master = effective(&recipe);
        let ruling = issue::issue(&master, &recipe, &facts, "B-1", 1, &stamp).expect("issued");
        let row = rows(&ruling, &stamp, 1).remove(0);
        let run = fold(None, &row, 1, Some(recipe.into())).expect("a run");
        Self { site, devices: Vec::new(), people, run, journal: vec![row], now: BEGIN }
    }

    pub fn person(&self, user_name: &str) -> &Person {
        self.people.iter().find(|p| p.user_name == user_name).expect("in the cast")
    }

    /// Some minutes pass.
    pub fn later(&mut self, minutes: i64) -> &mut Self {
        self.now = self.now.plus_minutes(minutes);
        self
    }

    /// What would be decided.
    pub fn ask(&self, by: By<'_>, command: &RunCommand) -> Result<Ruling<RunEvent>, Refusal> {
        self.ask_with(by, command, None)
    }

    /// What would be decided on what a device said.
    pub fn ask_with(
        &self,
        by: By<'_>,
        command: &RunCommand,
        device: Option<DeviceFact<'_>>,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let actor = self.person(by.who);
        // Another of quality is at hand for a critical exception that becomes no deviation.
        let other = if by.who == "quentin" { "quinn" } else { "quentin" };
        let waves = matches!(command, RunCommand::DecideNotDeviation(_));
        let second = by.second.or(waves.then_some(other)).map(|name| self.person(name));
        let stamp = stamp(self.now, actor, second, by.signs);
        let mut facts = RunFacts {
            device,
            ..RunFacts::new(self.site.facts(), actor.account(), second.map(Person::account))
        };
        if let RunCommand::RecordEntry(RecordEntry { basis: Basis::Device { id }, .. }) = command {
            let mut devices = self.devices.iter();
            facts.registered = devices.find(|device| device.told.id == *id).map(Device::facts);
        }
        if let RunCommand::RecordEntry(RecordEntry {
            basis: Basis::Scribe { performed_by }, ..
        })
        | RunCommand::RecordDetermination(RecordDetermination {
            basis: Basis::Scribe { performed_by },
            ..
        }) = command
        {
            facts.performer =
                self.people.iter().find(|p| p.user_name == *performed_by).map(Person::account);
        }
        if let RunCommand::InvestigateResult(InvestigateResult { step, .. }) = command
            && let Some(name) = step.named()
        {
            facts.performer = self.people.iter().find(|p| p.user_name == name).map(Person::account);
        }
        if let RunCommand::ActInEmergency(ActInEmergency { notified, .. }) = command {
            facts.performer =
                self.people.iter().find(|p| p.user_name == *notified).map(Person::account);
        }
        decide(&self.run, &facts, command, &stamp)
    }

    /// Acts; returns the names of the events.
    pub fn act(&mut self, by: By<'_>, command: &RunCommand) -> Result<Vec<String>, Refusal> {
        let ruling = self.ask(by, command)?;
        let names = self.follow(by, &ruling);
        self.nothing_is_stale();
        Ok(names)
    }

    /// What the run keeps and computes act by act is what comes out when everything is searched and computed
    /// from the beginning.
    fn nothing_is_stale(&self) {
        let seldom = self.run.seq > SEARCHED_ALWAYS && !self.run.seq.is_multiple_of(16);
        if seldom || self.run.seq > MOST_SEARCHED {
            return;
        }
        assert_eq!(self.run.open, time::whole(&self.run), "open limits of time");
        let stamp = stamp(self.now, &self.people[2], None, false);
        let unsettled = derive::unsettled(&self.run, &stamp);
        assert!(unsettled.is_empty(), "computed values: {unsettled:?}");
        assert_eq!(proof::unproven(&self.run), [], "computed again");
        super::lists::sums_are_kept(&self.run);
    }

    /// What a decision on another record (a lot, a deviation) leaves in the run's chain.
    pub fn hears(&mut self, by: By<'_>, event: RunEvent) {
        let permit = Permit { role: "qa".into(), authority: None };
        self.follow(by, &Ruling::of(permit, event));
    }

    /// Writes down what was decided.
    pub fn follow(&mut self, by: By<'_>, ruling: &Ruling<RunEvent>) -> Vec<String> {
        let actor = self.person(by.who).clone();
        let stamp = stamp(self.now, &actor, None, false);
        let new = rows(ruling, &stamp, self.run.seq + 1);
        let names = new.iter().map(|row| row.name.clone()).collect();
        let before = self.run.seq;
        for row in new {
            let seq = self.run.seq + 1;
            self.run = fold(Some(self.run.clone()), &row, seq, None).expect("folds");
            self.journal.push(row);
        }
        // Each part is looked at: in a run of thousands that is the square of them.
        if before <= MOST_SEARCHED {
            versions::held(before, ruling, &self.run);
        }
        names
    }

    /// Acts, and must be let.
    #[track_caller]
    pub fn does(&mut self, who: By<'_>, command: RunCommand) -> Vec<String> {
        match self.act(who, &command) {
            Ok(names) => names,
            Err(refusal) => panic!("{}: {command:?}: {refusal}", who.who),
        }
    }

    /// The code of the refusal it must get.
    #[track_caller]
    pub fn refused(&self, who: By<'_>, command: RunCommand) -> &'static str {
        match self.ask(who, &command) {
            Ok(ruling) => panic!("{}: {command:?} was let: {:?}", who.who, ruling.events),
            Err(refusal) => refusal.rule.code,
        }
    }

    /// The journal told from the beginning: what the state is held against.
    pub fn replay(&self) -> Run {
        let recipe = Some(self.run.original.clone());
        let mut run = None;
        for (seq, row) in (1u64..).zip(&self.journal) {
            run = Some(fold(run, row, seq, recipe.clone()).expect("folds again"));
        }
        run.expect("a journal")
    }

    pub fn version(&self, key: &StepKey) -> u64 {
        self.run.steps.get(key).map_or(0, |step| step.version)
    }

    pub fn entry(&self, at: &EntryKey) -> Option<&EntryRun> {
        match &at.step {
            Some(key) => self.run.steps.get(key).and_then(|step| step.entries.get(&at.entry)),
            None => self.run.release_entries.get(&at.entry),
        }
    }

    /// The version of an entry for If-Match.
    pub fn entry_seq(&self, at: &EntryKey) -> u64 {
        self.entry(at).and_then(EntryRun::current).map_or(0, |version| version.seq)
    }

    pub fn open_exceptions(&self) -> Vec<u32> {
        batchwright::domain::run::acts::order::open_numbers(&self.run)
    }

    // --- commands as tests write them ---

    pub fn start(&self, key: &str) -> RunCommand {
        StartStep { step: at_step(key), expected: None }.into()
    }
    pub fn complete(&self, key: &str) -> RunCommand {
        let step = at_step(key);
        let expected = Some(self.version(&step));
        CompleteStep { step, expected }.into()
    }
    pub fn check(&self, key: &str) -> RunCommand {
        let step = at_step(key);
        let expected = Some(self.version(&step));
        CheckStep { step, expected }.into()
    }
    pub fn check_entry(&self, at: &str) -> RunCommand {
        let at = at_entry(at);
        let expected = Some(self.entry_seq(&at));
        CheckEntry { at, against: None, expected }.into()
    }
    pub fn close(&self, key: &str) -> RunCommand {
        let operation: OperationKey = key.parse().expect("an occurrence");
        let expected = self.run.operations.get(&operation).map_or(0, |op| op.version);
        CloseOperation { operation, expected: Some(expected) }.into()
    }
    pub fn correct(&self, at: &str, value: &str, reason: Option<&str>, slip: bool) -> RunCommand {
        let at = at_entry(at);
        let expected = Some(self.entry_seq(&at));
        let input = input(&self.run, &at, value);
        let reason = reason.map(str::to_owned);
        CorrectEntry { at, input, reason, slip, confirmed: false, expected }.into()
    }
    pub fn record(&self, at: &str, value: &str) -> RunCommand {
        let at = at_entry(at);
        let input = input(&self.run, &at, value);
        let basis = Basis::Direct;
        RecordEntry { at, input, performed_at: None, basis, reason: None, confirmed: false }.into()
    }
}

pub fn at_step(key: &str) -> StepKey {
    key.parse().expect("a step's occurrence")
}

/// `OP-1~1/prep~1/ph`, or the id of a release specification.
pub fn at_entry(at: &str) -> EntryKey {
    match at.rsplit_once('/') {
        Some((step, entry)) => EntryKey { step: Some(at_step(step)), entry: entry.to_owned() },
        None => EntryKey { step: None, entry: at.to_owned() },
    }
}

/// The input with the unit that the master record asks for.
pub fn input(run: &Run, at: &EntryKey, value: &str) -> Input {
    let unit = spot::entry(run, at).ok().and_then(|spot| {
        let spec = serde_json::to_value(spot.spec).expect("a specification");
        spec["unit"].as_str().map(str::to_owned)
    });
    Input { value: Value::String(value.to_owned()), unit }
}

fn stamp(at: Instant, actor: &Person, second: Option<&Person>, signs: bool) -> Stamp {
    let signer = |person: &Person| Signer { person: person.key.id, components: Components::Both };
    Stamp {
        at,
        zone: Zone::utc(),
        clock: ClockKind::System,
        actor: Some(actor.actor()),
        session: Some(Uuid::from_u128(0x5E)),
        station: None,
        signer: signs.then(|| signer(actor)),
        second: second.map(signer),
        ids: (0x100..0x104).map(Uuid::from_u128).collect(),
    }
}

/// The rows that a ruling leaves.
fn rows(ruling: &Ruling<RunEvent>, stamp: &Stamp, first: u64) -> Vec<Row> {
    let actor = stamp.actor.clone().expect("somebody");
    let key = RecordKey::new(RecordKind::Run, Uuid::from_u128(0xB));
    let planned = ruling.clone().into_planned(key, "run", None);
    (first..)
        .zip(planned)
        .map(|(seq, planned)| Row {
            at: stamp.at,
            actor: actor.clone(),
            role: ruling.permit.role.clone(),
            name: planned.name,
            data: planned.data.to_string(),
            signatures: planned
                .signatures
                .iter()
                .map(|request| request.made(stamp.at, &Zone::utc(), seq))
                .collect(),
        })
        .collect()
}

/// Folds a row, from its text.
fn fold(run: Option<Run>, row: &Row, seq: u64, recipe: Option<Recipe>) -> Result<Run, String> {
    let data: Value = serde_json::from_str(&row.data).map_err(|e| e.to_string())?;
    let happened = Happened {
        record: RecordKey::new(RecordKind::Run, Uuid::from_u128(0xB)),
        seq,
        at: row.at,
        zone: &Zone::utc(),
        actor: Some(&row.actor),
        role: &row.role,
        name: &row.name,
        version: 1,
        data: (&data).into(),
        signatures: &row.signatures,
        link: [0; 32],
    };
    evolve(run, &happened, recipe).map_err(|fault| fault.to_string())
}
