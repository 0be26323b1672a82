//! A served site of its own for each test, with its people; it ends by proving its own journal whole.

use super::cast;
use super::client::{Line, Persona};
use super::engine::{Database, Engine, engines};
use super::site::{self, BEGINS, FOUNDED, QUEUE, Site};
use super::{met, traces};
use batchwright::api::{self, RunningServer, Settings};
use batchwright::app::run::watch::Watch;
use batchwright::app::site::{FoundRequest, found};
use batchwright::domain::clock::Instant;
use batchwright::store::clock::{Clock, MovedClocks, SimulatedClock, Sources, SystemClock};
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Deref;
use std::panic::Location;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

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
    pub const USUAL: Self = Self { sign_ins: 60_000, requests: 60_000, queue: QUEUE };
}

/// A site, served.
pub struct World {
    pub line: Line,
    site: Site,
    server: RunningServer,
    people: BTreeMap<&'static str, Persona>,
    /// The line of the test that opened it.
    place: &'static Location<'static>,
}

impl Deref for World {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

/// A founded site with its cast and the effective buffer recipe, which nobody has open.
struct Template {
    database: Database,
    passwords: BTreeMap<&'static str, String>,
}

fn template(engine: Engine) -> &'static Template {
    static SQLITE: OnceLock<Template> = OnceLock::new();
    static POSTGRES: OnceLock<Template> = OnceLock::new();
    let cell = match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    cell.get_or_init(|| {
        let clock = SimulatedClock::starting(FOUNDED);
        let site = Site::open(site::founded(engine), clock, QUEUE);
        let world = World::serve(site, Opening::USUAL, BTreeMap::new(), Location::caller());
        let passwords = cast::hire(&world.line);
        Template { database: world.stop().close(), passwords }
    })
}

impl World {
    /// A fresh copy of the founded site, served.
    #[track_caller]
    pub fn open(engine: Engine, opening: Opening) -> Self {
        let place = Location::caller();
        let template = template(engine);
        let database = Database::copy(&template.database);
        let site = Site::open(database, SimulatedClock::starting(BEGINS), opening.queue);
        Self::serve(site, opening, template.passwords.clone(), place)
    }

    /// A new site whose time comes from two clocks that the test moves, with the cast.
    #[track_caller]
    pub fn by_clocks(engine: Engine, clocks: &MovedClocks) -> Self {
        let database = Database::empty(engine);
        let clock = || Clock::System(SystemClock::of(Sources::Moved(clocks.clone())));
        let unused = SimulatedClock::starting(BEGINS);
        let request = site::founding(&database, &unused);
        let request = FoundRequest { clock: clock(), ..request };
        found(request).unwrap_or_else(|e| panic!("founding on {engine:?}: {e:?}"));
        let place = Location::caller();
        let site = Site::open_by(database, clock(), unused.clone(), QUEUE);
        let hiring = Self::serve(site, Opening::USUAL, BTreeMap::new(), place);
        let passwords = cast::hire(&hiring.line);
        let site = Site::open_by(hiring.stop().close(), clock(), unused, QUEUE);
        Self::serve(site, Opening::USUAL, passwords, place)
    }

    fn serve(
        site: Site,
        opening: Opening,
        passwords: BTreeMap<&'static str, String>,
        place: &'static Location<'static>,
    ) -> Self {
        let often = |n| NonZeroU32::new(n).expect("not zero");
        let settings = Settings {
            requests_per_second: often(opening.requests),
            sign_ins_per_minute: often(opening.sign_ins),
            ..Settings::default()
        };
        let listen = "127.0.0.1:0".parse().expect("an address");
        let server = api::start(Arc::clone(&site.desk), listen, &settings).expect("a server");
        let line = Line::to(&format!("http://{}", server.addr), &site.clock);
        let people = passwords
            .iter()
            .map(|(name, password)| (*name, Persona::new(&line, name, password)))
            .collect();
        Self { line, site, server, people, place }
    }

    /// Somebody of the cast, signed in.
    pub fn person(&self, name: &str) -> &Persona {
        let persona = self.people.get(name).unwrap_or_else(|| panic!("no {name} in the cast"));
        if persona.token().is_none() {
            persona.sign_in().done();
        }
        persona
    }

    /// Somebody who joins: account, own password, key, statement; signed in.
    pub fn joins(&self, user_name: &str, printed_name: &str, roles: &serde_json::Value) -> Persona {
        cast::join(self.person("ada"), &self.line, user_name, printed_name, roles)
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Persona {
        Persona::new(&self.line, "nobody", "no password at all")
    }

    /// Minutes pass.
    pub fn minutes(&self, minutes: i64) {
        self.clock.move_to(self.clock.time().plus_minutes(minutes));
    }

    /// Time passes until this moment (RFC 3339).
    pub fn until(&self, moment: &str) {
        self.clock.move_to(Instant::parse(moment).expect("a moment"));
    }

    /// A watch over this site's limits of time.
    pub fn watched(&self) -> Watch {
        Watch::set(Arc::clone(&self.desk), Duration::from_millis(100)).expect("a watch")
    }

    fn stop(self) -> Site {
        self.server.stop().expect("the server stops");
        self.site
    }

    /// Looks at everything that was sent, stops, and proves that what was written is whole.
    pub fn end(self) -> Database {
        let met = traces::look(&self);
        let place = self.place;
        let database = self.stop().end();
        met::keep(place, database.engine, &met);
        database
    }
}

/// Runs a test in a world of its own on each engine at hand.
#[track_caller]
pub fn on_each(test: impl Fn(&World)) {
    on_each_opened(Opening::USUAL, |world| test(world), |_| {});
}

/// The same with a way of opening, and a look at the database afterwards.
#[track_caller]
pub fn on_each_opened(opening: Opening, test: impl Fn(&World), after: impl Fn(&Database)) {
    for engine in engines() {
        let world = World::open(engine, opening);
        test(&world);
        after(&world.end());
    }
}

/// Runs a test on SQLite only: what it shows is the same before any database is asked.
#[track_caller]
pub fn on_one(test: impl Fn(&World)) {
    let world = World::open(Engine::Sqlite, Opening::USUAL);
    test(&world);
    drop(world.end());
}
