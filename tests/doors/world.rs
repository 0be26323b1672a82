//! A founded site behind a real server, with people; verified when it ends.

use super::persona::{Persona, Reply};
use batchwright::api::{RunningServer, Settings, start};
use batchwright::app::desk::{Desk, DeskKeys};
use batchwright::app::session::session_judge;
use batchwright::app::site::{Administrator, FoundRequest, found};
use batchwright::domain::clock::Instant;
use batchwright::domain::site::Environment;
use batchwright::identity::session::SessionLimits;
use batchwright::identity::site_keys::SiteKeys;
use batchwright::identity::token::AccessTokens;
use batchwright::store::{Clock, OpenOptions, SimulatedClock, Store, verify};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use serde_json::{Value, json};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use zeroize::Zeroizing;

/// 2026-03-01T06:00:00Z.
pub const START: Instant = Instant(1_772_344_800_000_000);
pub const OWN: &str = "mauve tractor lichen 77";
pub const TEMPORARY: &str = "quartz pelican eleven umbrella";
pub const BATCH: &str = "BUF-26-001";

/// Everybody: user name and roles.
pub const PEOPLE: &[(&str, &str)] = &[
    ("olga", "operator"),
    ("omar", "operator"),
    ("sven", "supervisor"),
    ("petra", "process-engineer"),
    ("paul", "process-engineer"),
    ("quinn", "qc-analyst"),
    ("qadir", "qa"),
    ("quella", "qa"),
    ("audrey", "auditor"),
];

pub struct World {
    pub base: String,
    pub clock: SimulatedClock,
    pub ada: Persona,
    people: Vec<Persona>,
    pub desk: Arc<Desk>,
    server: Option<RunningServer>,
    url: String,
    fingerprint: String,
    dir: PathBuf,
}

fn postgres() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            let url = std::env::var("BATCHWRIGHT_TEST_POSTGRES")
                .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".into());
            if PgConnection::establish(&url).is_ok() {
                return Some(url);
            }
            assert!(std::env::var("CI").is_err(), "no PostgreSQL answers at {url}, and this is CI");
            eprintln!("*** NO POSTGRESQL ANSWERS AT {url}: ONLY SQLITE IS TESTED ***");
            None
        })
        .as_deref()
}

/// Runs a story in a world of each engine at hand, and verifies the world at its end.
pub fn on_each(story: impl Fn(&World)) {
    let id = uuid::Uuid::now_v7().simple().to_string();
    let mut urls = vec![None];
    if let Some(server) = postgres() {
        let name = format!("bw_http_{id}");
        let mut conn = PgConnection::establish(server).expect("the server");
        conn.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
        let base = server.rsplit_once('/').expect("a path in the address").0;
        urls.push(Some((format!("{base}/{name}"), name)));
    }
    for url in urls {
        let address = url.as_ref().map(|(url, _)| url.as_str());
        let world = World::found(address);
        story(&world);
        world.end();
        if let (Some((_, name)), Some(server)) = (url, postgres()) {
            let mut conn = PgConnection::establish(server).expect("the server");
            let _ = conn.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// Runs a story on SQLite only: what does not touch the engine.
pub fn on_one(story: impl Fn(&World)) {
    let world = World::found(None);
    story(&world);
    world.end();
}

impl World {
    fn found(url: Option<&str>) -> Self {
        let dir = std::env::temp_dir().join(format!("bw-http-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir_all(&dir).expect("a directory");
        let sqlite = format!("sqlite:{}", dir.join("site.sqlite").display());
        let url = url.map_or(sqlite, str::to_owned);
        let (keys, clock) = (SiteKeys::generate(), SimulatedClock::starting(START));
        let founded = found(FoundRequest {
            database_url: url.clone(),
            name: "Test plant".into(),
            origin: "test.example/batchwright".into(),
            zone: "Europe/Berlin".into(),
            environment: Environment::Demo,
            clock: Clock::Simulated(clock.clone()),
            keys: &keys,
            binding_letter: None,
            administrator: Administrator {
                user_name: "ada".into(),
                printed_name: "Adelheid Root".into(),
                password: Zeroizing::new(OWN.to_owned()),
            },
        })
        .expect("founded");
        let limits = SessionLimits::USUAL;
        let store = Store::open(OpenOptions {
            clock: Clock::Simulated(clock.clone()),
            log_signer: Some(keys.log.clone()),
            session_judge: Some(session_judge(limits)),
            ..OpenOptions::new(&url)
        })
        .expect("opens");
        let tokens = AccessTokens::new(&founded.site.to_string(), &keys.token).expect("a key");
        let desk_keys = DeskKeys { receipt: keys.receipt, seal: keys.seal, tokens };
        let of_site = Clock::Simulated(clock.clone());
        let desk = Arc::new(Desk::new(store, desk_keys, limits, Environment::Demo, of_site));
        let many = NonZeroU32::new(100_000).expect("not zero");
        let settings = Settings {
            requests_per_second: many,
            sign_ins_per_minute: many,
            ..Settings::default()
        };
        let listen = "127.0.0.1:0".parse().expect("an address");
        let server = start(Arc::clone(&desk), listen, &settings).expect("listens");
        let base = format!("http://{}", server.addr);
        let ada = Persona::new(&base, "ada", OWN);
        ada.sign_in().ok();
        ada.post("/api/v1/persons/current/accountability", &json!({ "version": 1 })).ok();
        let fingerprint = founded.fingerprint;
        let people = Vec::new();
        Self { base, clock, ada, people, desk, server: Some(server), url, fingerprint, dir }
            .peopled()
    }

    fn peopled(mut self) -> Self {
        for (name, role) in PEOPLE {
            let person = self.hire(name, &[json!({ "role": role })]);
            self.people.push(person);
        }
        self
    }

    /// Somebody with account, own password, key and statement, signed in.
    pub fn hire(&self, name: &str, roles: &[Value]) -> Persona {
        let body = json!({ "user_name": name, "printed_name": format!("{name} Printed"),
            "temporary_password": TEMPORARY, "roles": roles, "reason": "joins" });
        self.ada.post("/api/v1/persons", &body).ok();
        let person = Persona::new(&self.base, name, TEMPORARY);
        person.sign_in().ok();
        let change = json!({ "old_password": TEMPORARY, "new_password": OWN });
        person.post("/api/v1/persons/current/password", &change).ok();
        *person.password.borrow_mut() = OWN.into();
        let enrolment = json!({ "method": "passport seen", "signature": self.ada.signature(),
            "second_person": person.both() });
        self.ada.post(&format!("/api/v1/persons/{name}/enrolment"), &enrolment).ok();
        person.sign_in().ok();
        person.post("/api/v1/persons/current/accountability", &json!({ "version": 1 })).ok();
        person
    }

    pub fn person(&self, name: &str) -> &Persona {
        self.people.iter().find(|person| person.name == name).expect("somebody of this world")
    }

    /// Somebody without a session.
    pub fn stranger(&self) -> Persona {
        Persona::new(&self.base, "nobody", "nothing")
    }

    pub fn minutes(&self, minutes: i64) {
        self.clock.move_to(self.clock.time().plus_minutes(minutes));
    }

    /// The buffer's master record, effective.
    pub fn master(&self) -> Value {
        let text = include_str!("../../schemas/examples/buffer-preparation.json");
        let content: Value = serde_json::from_str(text).expect("JSON");
        let petra = self.person("petra");
        petra.post("/api/v1/masters", &json!({ "content": content })).ok();
        let path = "/api/v1/masters/BUF-ACETATE/versions/1";
        petra.post(&format!("{path}/submission"), &json!({ "signature": petra.signature() })).ok();
        let paul = self.person("paul");
        paul.post(&format!("{path}/check"), &json!({ "signature": paul.signature() })).ok();
        let qadir = self.person("qadir");
        qadir.post(&format!("{path}/approval"), &json!({ "signature": qadir.signature() })).ok();
        content
    }

    /// A batch of it, issued.
    pub fn issued(&self) {
        self.master();
        let sven = self.person("sven");
        let body = json!({ "number": BATCH, "master": { "code": "BUF-ACETATE" }, "signature": sven.signature() });
        sven.post("/api/v1/batches", &body).ok();
    }

    /// The batch as it stands.
    pub fn picture(&self) -> Value {
        self.person("audrey").get(&format!("/api/v1/batches/{BATCH}")).ok().json
    }

    /// The version of a step's occurrence.
    pub fn step_version(&self, step: &str) -> u64 {
        let picture = self.picture();
        let steps = picture["steps"].as_array().cloned().unwrap_or_default();
        let found = steps.iter().find(|s| s["step"] == step).expect("begun");
        found["version"].as_u64().expect("a version")
    }

    /// How many entries the journal holds.
    pub fn journal(&self) -> usize {
        let mut count = 0;
        let mut cursor = String::new();
        loop {
            let page = self.person("audrey").get(&format!("/api/v1/audit-trail?limit=500{cursor}"));
            let page = page.ok().json;
            count += page["entries"].as_array().map_or(0, Vec::len);
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return count,
            }
        }
    }

    /// Stops the server and verifies everything that was written.
    fn end(mut self) {
        if let Some(server) = self.server.take() {
            server.stop().expect("stops");
        }
        self.desk.store().shutdown().expect("shut down");
        let report = verify::verify(&self.url, None, Some(&self.fingerprint)).expect("readable");
        assert!(report.is_whole(), "{:#?}", report.findings);
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Path of a step's occurrence in the batch.
pub fn step(key: &str) -> String {
    let (operation, step) = key.split_once('/').expect("an occurrence");
    format!("/api/v1/batches/{BATCH}/operations/{operation}/steps/{step}")
}

/// Path under the batch.
pub fn batch(rest: &str) -> String {
    format!("/api/v1/batches/{BATCH}/{rest}")
}

/// A reply that must be a success, with its JSON.
pub fn json_of(reply: Reply) -> Value {
    reply.ok().json
}
