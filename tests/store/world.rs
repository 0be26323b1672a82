//! A site of its own for each test: keys, persons, commands that say what they want written.

use crate::house::engine::Database;
pub use crate::house::engine::{Engine, engines};
use batchwright::domain::clock::{ClockKind, Instant};
use batchwright::domain::command::{Decision, Planned, Stamp};
use batchwright::domain::ids::{Key, RecordKey, RecordKind};
use batchwright::domain::loaded::{Command, Loaded};
use batchwright::domain::person::event::PersonEvent;
use batchwright::domain::policy::{Authority, Grant, Permit, Role};
use batchwright::domain::refusal::Refusal;
use batchwright::domain::ruling::planned;
use batchwright::domain::signing::{Components, Meaning, SignatureRequest};
use batchwright::domain::site::event::SiteEvent;
use batchwright::domain::site::{Environment, SiteKey};
use batchwright::domain::state::State;
use batchwright::seal::key::{KeyKind, PrivateKey};
use batchwright::seal::site::KeyUse;
use batchwright::store::clock::real_time;
use batchwright::store::operational::sessions;
use batchwright::store::{
    Clock, OpenOptions, Outcome, SessionRow, SimulatedClock, Store, Submission, UnlockedKey,
};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command as Program, Stdio};
use uuid::Uuid;

const CHILD_URL: &str = "BATCHWRIGHT_TEST_CHILD_URL";
const CHILD_KIM: &str = "BATCHWRIGHT_TEST_CHILD_KIM";

/// 2026-03-01T06:00:00Z.
pub const START: Instant = Instant(1_772_344_800_000_000);

/// A command whose decision is a closure.
pub struct Say<F>(pub &'static str, pub Vec<Key>, pub F);

impl<F: Fn(&Loaded, &Stamp) -> Result<Decision, Refusal> + Send> Command for Say<F> {
    fn name(&self) -> &'static str {
        self.0
    }
    fn reads(&self) -> Vec<Key> {
        self.1.clone()
    }
    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        (self.2)(loaded, stamp)
    }
}

/// What Kim does is done by an authority that all of its events ask for.
pub fn decision(events: Vec<Planned>, answer: Value) -> Decision {
    let asks = |it: &&Authority| {
        events.iter().all(|event| State::admitted(&event.name).authorities.contains(it))
    };
    let authority = Authority::ALL.iter().find(asks).copied();
    Decision { permit: Permit { role: ROLE.into(), authority }, events, answer }
}

/// Kim's role, which holds every authority.
pub const ROLE: &str = "everything";

/// How many entries Kim's record has at the start.
pub const BORN: u64 = 3;

/// What the founding key vouches for.
fn founded(events: Vec<Planned>) -> Box<dyn Command> {
    let permit = Permit { role: "founding key".into(), authority: None };
    let answer = json!({"ok": true});
    let say = move |_: &Loaded, _: &Stamp| {
        Ok(Decision { permit: permit.clone(), events: events.clone(), answer: answer.clone() })
    };
    Box::new(Say("found", Vec::new(), say))
}

/// A command that writes these events whatever is there.
pub fn write(events: Vec<Planned>) -> Box<dyn Command> {
    let say = move |_: &Loaded, _: &Stamp| Ok(decision(events.clone(), json!({"ok": true})));
    Box::new(Say("write", Vec::new(), say))
}

pub fn done(outcome: Outcome) -> Vec<(RecordKey, u64)> {
    match outcome {
        Outcome::Done { heads, .. } => heads,
        other => panic!("not done: {other:?}"),
    }
}

pub fn refused(outcome: Outcome) -> Refusal {
    match outcome {
        Outcome::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// A founded site with one person, on one engine.
pub struct World {
    pub engine: Engine,
    pub url: String,
    pub dir: PathBuf,
    pub clock: SimulatedClock,
    pub store: Store,
    pub kim: Uuid,
    pub kim_key: PrivateKey,
    database: Database,
}

/// Runs a test on each engine at hand.
pub fn on_each(test: impl Fn(&mut World)) {
    engines().into_iter().for_each(|engine| test(&mut World::found(engine)));
}

pub fn site_keys() -> Vec<(KeyUse, PrivateKey)> {
    KeyUse::ALL
        .into_iter()
        .zip(1_u8..)
        .map(|(purpose, n)| (purpose, PrivateKey::generate(purpose.kind(), &[n; 32])))
        .collect()
}

fn key_of(purpose: KeyUse) -> PrivateKey {
    let keys = site_keys();
    keys.into_iter().find(|(p, _)| *p == purpose).expect("one key a use").1
}

fn founding(site: RecordKey, clock: ClockKind) -> Planned {
    let keys = site_keys();
    let public = |(purpose, key): &(KeyUse, PrivateKey)| SiteKey {
        purpose: purpose.word().to_owned(),
        fingerprint: key.public().id().to_hex(),
        public: key.public().to_spki_base64(),
    };
    let event = SiteEvent::Founded {
        site_name: "Test site".into(),
        origin: "test.example/log".into(),
        environment: Environment::Demo,
        clock,
        zone: "Europe/Berlin".into(),
        keys: keys.iter().map(public).collect(),
        founding_signature: String::new(),
    };
    planned(site, "site", None, &event, Vec::new())
}

fn roles(site: RecordKey) -> Planned {
    let authorities = Authority::ALL.iter().copied().collect();
    let roles = vec![Role { name: ROLE.into(), authorities }];
    let event = SiteEvent::RolesChanged { roles, reason: "founded".into() };
    planned(site, "site", None, &event, Vec::new())
}

impl World {
    pub fn found(engine: Engine) -> Self {
        Self::found_with(engine, |_| ())
    }

    pub fn found_with(engine: Engine, change: impl Fn(&mut OpenOptions)) -> Self {
        let database = Database::empty(engine);
        let (url, dir) = (database.url.clone(), database.dir.clone());
        let clock = SimulatedClock::starting(START);
        let mut options = Self::options(&url, &clock);
        change(&mut options);
        let site = RecordKey::new(RecordKind::Site, Uuid::now_v7());
        let kind = options.clock.kind();
        let submission = Submission {
            statements: vec![(KeyUse::Founding, key_of(KeyUse::Founding))],
            ..Submission::of(founded(vec![founding(site, kind), roles(site)]))
        };
        let (store, outcome) = Store::found(options, submission).expect("a site can be founded");
        done(outcome);
        let kim = Uuid::now_v7();
        let kim_key = PrivateKey::generate(KeyKind::P256, &[99; 32]);
        let mut world = Self { engine, url, dir, clock, store, kim, kim_key, database };
        world.enrol();
        world
    }

    pub fn options(url: &str, clock: &SimulatedClock) -> OpenOptions {
        OpenOptions {
            clock: Clock::Simulated(clock.clone()),
            log_signer: Some(key_of(KeyUse::Log)),
            ..OpenOptions::new(url)
        }
    }

    fn enrol(&mut self) {
        let person = RecordKey::new(RecordKind::Person, self.kim);
        let event = |event: &PersonEvent| planned(person, "person", None, event, Vec::new());
        let created = event(&PersonEvent::Created {
            user_name: "kim".into(),
            number: "kim".into(),
            printed_name: "Kim Larsen".into(),
            service: false,
        });
        let enrolled = event(&PersonEvent::KeyEnrolled {
            key: self.kim_key.public().id().to_hex(),
            public_key: self.kim_key.public().to_spki_base64(),
        });
        let granted = event(&PersonEvent::GrantsChanged {
            old: Vec::new(),
            new: vec![Grant { role: ROLE.into(), product: None, area: None }],
            reason: "the first administrator".into(),
        });
        let submission = Submission {
            statements: vec![(KeyUse::Founding, key_of(KeyUse::Founding))],
            ..Submission::of(founded(vec![created, enrolled, granted]))
        };
        done(self.store.submit(submission).wait());
    }

    /// Kim's key, unlocked in this act.
    pub fn unlocked(&self) -> UnlockedKey {
        let components = Components::Both;
        UnlockedKey { person: self.kim, components, key: self.kim_key.clone() }
    }

    /// Kim as a signer with a meaning.
    pub fn signature(&self, meaning: Meaning) -> SignatureRequest {
        SignatureRequest {
            person: self.kim,
            printed_name: "Kim Larsen".into(),
            user_name: "kim".into(),
            role: ROLE.into(),
            meaning,
        }
    }

    /// A session of Kim's.
    pub fn signed_in(&self) -> SessionRow {
        let session = SessionRow {
            id: Uuid::now_v7(),
            person: self.kim,
            station: "tablet-1".into(),
            started_at: real_time(),
            last_seen_at: real_time(),
            revoked_at: None,
            full_signing_at: None,
            password_change_owed: false,
        };
        let row = session.clone();
        self.store.write_operational(move |conn| sessions::put(conn, &row)).expect("stored");
        session
    }

    /// A process of its own on this database, which runs one test of this program, and what it says.
    pub fn child(&self, test: &str) -> (Child, Lines<BufReader<ChildStdout>>) {
        let mut child = Program::new(std::env::current_exe().expect("this program"))
            .args([test, "--exact", "--nocapture"])
            .env(CHILD_URL, &self.url)
            .env(CHILD_KIM, self.kim.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        (child, lines)
    }

    /// In a child: the store, opened, and who Kim is. Nothing in the process that was started by hand.
    pub fn of_child() -> Option<(Store, Uuid)> {
        let (url, kim) = (std::env::var(CHILD_URL).ok()?, std::env::var(CHILD_KIM).ok()?);
        let options = Self::options(&url, &SimulatedClock::starting(START));
        let store = Store::open(options).expect("opens");
        Some((store, kim.parse().expect("an identity")))
    }

    /// A further entry of Kim's own record.
    pub fn renamed(&self, old: &str, new: &str) -> Planned {
        let event =
            PersonEvent::Renamed { old: old.into(), new: new.into(), reason: "marriage".into() };
        planned(RecordKey::new(RecordKind::Person, self.kim), "person", None, &event, Vec::new())
    }

    /// A further entry of a person's record.
    pub fn rename(person: RecordKey, new: &str) -> Planned {
        let event = PersonEvent::Renamed {
            old: "Kim Larsen".into(),
            new: new.into(),
            reason: "marriage".into(),
        };
        planned(person, "person", None, &event, Vec::new())
    }

    /// Submits as Kim, and waits.
    pub fn kim_does(&self, events: Vec<Planned>) -> Outcome {
        self.store.submit(Submission::by(write(events), self.kim, None)).wait()
    }

    /// Ends the store and opens it again.
    pub fn reopen(&mut self) {
        self.store.shutdown().expect("a graceful end");
        self.store = Store::open(Self::options(&self.url, &self.clock)).expect("opens again");
    }

    /// Runs SQL behind the product's back.
    pub fn sql(&self, statements: &str) -> Result<(), String> {
        self.database.sql(statements)
    }

    /// One number out of SQL.
    pub fn count(&self, query: &str) -> i64 {
        self.database.count(query)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.store.shutdown();
    }
}
