//! A served site of its own for each test, with its people; it ends by proving its own journal whole.

use crate::cast;
use crate::client::{Line, Persona};
use crate::engine::{Database, Engine, server};
use crate::seen;
use crate::traces;
use batchwright::api::{self, RunningServer, Settings};
use batchwright::app::desk::{Desk, DeskKeys};
use batchwright::app::run::watch::Watch;
use batchwright::app::session::judged;
use batchwright::app::site::{Administrator, Clock, FoundRequest, SimulatedClock, found};
use batchwright::domain::clock::Instant;
use batchwright::domain::ids::Key;
use batchwright::domain::site::Environment;
use batchwright::domain::state::State;
use batchwright::identity::receipt::ReceiptSecret;
use batchwright::identity::session::{SessionLimits, judge_session};
use batchwright::identity::site_keys::SiteKeys;
use batchwright::identity::token::AccessTokens;
use batchwright::store::{OpenOptions, Store, verify};
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// 2026-03-02T06:00:00Z: the site is founded and its people are brought in.
pub const FOUNDED: Instant = Instant(1_772_431_200_000_000);

/// 2026-03-03T06:00:00Z: every world begins.
pub const BEGINS: Instant = Instant(1_772_517_600_000_000);

/// How a world is opened.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// Sign-ins a minute.
    pub sign_ins: u32,
    /// Requests a second.
    pub requests: u32,
    /// Orders that may wait before the lane.
    pub queue: usize,
}

impl Opening {
    pub const USUAL: Self = Self { sign_ins: 60_000, requests: 60_000, queue: 1024 };
}

/// The keys of every site of this run.
fn keys() -> &'static SiteKeys {
    static KEYS: OnceLock<SiteKeys> = OnceLock::new();
    KEYS.get_or_init(SiteKeys::generate)
}

/// A site, served.
pub struct World {
    pub database: Database,
    pub line: Line,
    site: String,
    people: BTreeMap<&'static str, Persona>,
    running: Option<(RunningServer, Arc<Desk>)>,
}

/// A founded site with its cast and the effective buffer recipe, which nobody has open.
struct Template {
    database: Database,
    passwords: BTreeMap<&'static str, String>,
}

fn template(engine: Engine) -> &'static Template {
    static SQLITE: OnceLock<Template> = OnceLock::new();
    static POSTGRES: OnceLock<Template> = OnceLock::new();
    let cell = if engine == Engine::Sqlite { &SQLITE } else { &POSTGRES };
    cell.get_or_init(|| {
        let database = Database::empty(engine);
        let clock = SimulatedClock::starting(FOUNDED);
        found(FoundRequest {
            database_url: database.url.clone(),
            name: "Test site".into(),
            origin: "batchwright.invalid/test".into(),
            zone: "Europe/Berlin".into(),
            environment: Environment::Demo,
            clock: Clock::Simulated(clock.clone()),
            keys: keys(),
            binding_letter: None,
            administrator: Administrator {
                user_name: "ada".into(),
                printed_name: "Ada Adler".into(),
                password: cast::password("ada").into(),
            },
        })
        .unwrap_or_else(|e| panic!("founding on {engine:?}: {e:?}"));
        let world = World::serve(database, clock, Opening::USUAL, BTreeMap::new());
        let passwords = cast::hire(&world.line);
        let database = world.stop();
        Template { database, passwords }
    })
}

impl World {
    /// A fresh copy of the founded site, served.
    pub fn open(engine: Engine, opening: Opening) -> Self {
        let template = template(engine);
        let clock = SimulatedClock::starting(BEGINS);
        let database = Database::copy(&template.database);
        Self::serve(database, clock, opening, template.passwords.clone())
    }

    fn serve(
        database: Database,
        clock: SimulatedClock,
        opening: Opening,
        passwords: BTreeMap<&'static str, String>,
    ) -> Self {
        let simulated = Clock::Simulated(clock.clone());
        let store = Store::open(OpenOptions {
            clock: simulated.clone(),
            log_signer: Some(keys().log.clone()),
            session_judge: Some(Arc::new(|row, real| {
                judge_session(&judged(row), SessionLimits::USUAL, real)
            })),
            queue: opening.queue,
            ..OpenOptions::new(&database.url)
        })
        .unwrap_or_else(|e| panic!("{}: {e}", database.url));
        let state = store.state(&Key::Site).expect("the site's state");
        let Some(State::Site(site)) = state.as_deref() else {
            panic!("no site in {}", database.url)
        };
        let tokens = AccessTokens::new(&site.key.id.to_string(), &keys().token).expect("tokens");
        let site = site.key.id.to_string();
        let desk_keys =
            DeskKeys { receipt: ReceiptSecret::generate(), seal: keys().seal.clone(), tokens };
        let limits = SessionLimits::USUAL;
        let desk = Arc::new(Desk::new(store, desk_keys, limits, Environment::Demo, simulated));
        let often = |n| NonZeroU32::new(n).expect("not zero");
        let settings = Settings {
            requests_per_second: often(opening.requests),
            sign_ins_per_minute: often(opening.sign_ins),
            ..Settings::default()
        };
        let listen = "127.0.0.1:0".parse().expect("an address");
        let server = api::start(Arc::clone(&desk), listen, &settings).expect("a server");
        let line = Line::to(&format!("http://{}", server.addr), &clock);
        let people = passwords
            .iter()
            .map(|(name, password)| (*name, Persona::new(&line, name, password)))
            .collect();
        Self { database, line, site, people, running: Some((server, desk)) }
    }

    /// Somebody of the cast, signed in.
    pub fn person(&self, name: &str) -> &Persona {
        let persona = self.people.get(name).unwrap_or_else(|| panic!("no {name} in the cast"));
        if persona.token().is_none() {
            persona.sign_in().done();
        }
        persona
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Persona {
        Persona::new(&self.line, "nobody", "no password at all")
    }

    /// Minutes pass.
    pub fn minutes(&self, minutes: i64) {
        self.line.clock.move_to(self.line.clock.time().plus_minutes(minutes));
    }

    /// Time passes until this moment (RFC 3339).
    pub fn until(&self, moment: &str) {
        self.line.clock.move_to(Instant::parse(moment).expect("a moment"));
    }

    /// A watch over this site's limits of time.
    pub fn watched(&self) -> Watch {
        let (_, desk) = self.running.as_ref().expect("a served site");
        Watch::set(Arc::clone(desk), Duration::from_millis(100)).expect("a watch")
    }

    /// An access token that this site would have issued at that (real) time.
    pub fn token_of(&self, at: Instant) -> String {
        let tokens = AccessTokens::new(&self.site, &keys().token).expect("tokens");
        tokens.issue(uuid::Uuid::now_v7(), uuid::Uuid::now_v7(), at).text
    }

    fn stop(mut self) -> Database {
        if let Some((server, desk)) = self.running.take() {
            server.stop().expect("the server stops");
            desk.store().shutdown().expect("the store closes with its last checkpoint");
        }
        self.database
    }

    /// Stops and proves that what was written is whole, by public keys alone.
    pub fn end(self) -> Database {
        traces::look(&self);
        let database = self.stop();
        let trust = keys().founding.public().id().to_hex();
        let report =
            verify::verify(&database.url, None, Some(&trust)).expect("a readable database");
        assert!(report.findings.is_empty(), "{}: {:#?}", database.url, report.findings);
        database
    }
}

/// Runs a test in a world of its own on each engine at hand.
pub fn on_each(test: impl Fn(&World)) {
    on_each_opened(Opening::USUAL, |world| test(world), |_| {});
}

/// The same with a way of opening, and a look at the database afterwards.
pub fn on_each_opened(opening: Opening, test: impl Fn(&World), after: impl Fn(&Database)) {
    let _ends = seen::Ends;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if engine == Engine::Sqlite || server().is_some() {
            let world = World::open(engine, opening);
            test(&world);
            let database = world.end();
            after(&database);
        }
    }
}

/// Runs a test on SQLite only: what it shows is the same before any database is asked.
pub fn on_one(test: impl Fn(&World)) {
    let _ends = seen::Ends;
    let world = World::open(Engine::Sqlite, Opening::USUAL);
    test(&world);
    drop(world.end());
}
