//! A site on a database of its own, and its desk; whoever has stood there can prove its journal whole.

use super::cast;
use super::engine::{Database, Engine};
use batchwright::app::desk::{Desk, DeskKeys};
use batchwright::app::session::session_judge;
use batchwright::app::site::{Administrator, FoundRequest, found};
use batchwright::domain::clock::Instant;
use batchwright::domain::ids::Key;
use batchwright::domain::site::Environment;
use batchwright::domain::state::State;
use batchwright::identity::receipt::ReceiptSecret;
use batchwright::identity::session::SessionLimits;
use batchwright::identity::site_keys::SiteKeys;
use batchwright::identity::token::AccessTokens;
use batchwright::store::clock::{Clock, SimulatedClock};
use batchwright::store::{OpenOptions, Store, verify};
use std::sync::{Arc, OnceLock};

/// 2026-03-02T06:00:00Z: a site is founded and its people are brought in.
pub const FOUNDED: Instant = Instant(1_772_431_200_000_000);

/// 2026-03-03T06:00:00Z: every test begins.
pub const BEGINS: Instant = Instant(1_772_517_600_000_000);

/// Orders that may wait before the lane, where no test asks for another number.
pub const QUEUE: usize = 1024;

/// The keys of every site of this process.
fn keys() -> &'static SiteKeys {
    static KEYS: OnceLock<SiteKeys> = OnceLock::new();
    KEYS.get_or_init(SiteKeys::generate)
}

/// A request to found the test site in a database, with its first administrator.
pub fn founding(database: &Database, clock: &SimulatedClock) -> FoundRequest<'static> {
    FoundRequest {
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
    }
}

/// A database in which the site was founded and nobody but its administrator is; nobody has it open.
pub fn founded(engine: Engine) -> Database {
    let database = Database::empty(engine);
    found(founding(&database, &SimulatedClock::starting(FOUNDED)))
        .unwrap_or_else(|e| panic!("founding on {engine:?}: {e:?}"));
    database
}

/// An open site.
pub struct Site {
    pub database: Database,
    pub clock: SimulatedClock,
    pub desk: Arc<Desk>,
    id: String,
}

impl Site {
    /// Opens the site of a database.
    pub fn open(database: Database, clock: SimulatedClock, queue: usize) -> Self {
        let simulated = Clock::Simulated(clock.clone());
        Self::open_by(database, simulated, clock, queue)
    }

    /// Opens the site of a database with any clock; `clock` is the one that worlds move.
    pub fn open_by(database: Database, by: Clock, clock: SimulatedClock, queue: usize) -> Self {
        let limits = SessionLimits::USUAL;
        let store = Store::open(OpenOptions {
            clock: by.clone(),
            log_signer: Some(keys().log.clone()),
            session_judge: Some(session_judge(limits)),
            queue,
            ..OpenOptions::new(&database.url)
        })
        .unwrap_or_else(|e| panic!("{}: {e}", database.url));
        let state = store.state(&Key::Site).expect("the site's state");
        let Some(State::Site(site)) = state.as_deref() else {
            panic!("no site in {}", database.url)
        };
        let id = site.key.id.to_string();
        let tokens = AccessTokens::new(&id, &keys().token).expect("tokens");
        let desk_keys =
            DeskKeys { receipt: ReceiptSecret::generate(), seal: keys().seal.clone(), tokens };
        let desk = Arc::new(Desk::new(store, desk_keys, limits, Environment::Demo, by));
        Self { database, clock, desk, id }
    }

    /// An access token that this site would have issued at that (real) time.
    pub fn token_of(&self, at: Instant) -> String {
        let tokens = AccessTokens::new(&self.id, &keys().token).expect("tokens");
        tokens.issue(uuid::Uuid::now_v7(), uuid::Uuid::now_v7(), at).text
    }

    /// Closes it with its last checkpoint.
    pub fn close(self) -> Database {
        self.desk.store().shutdown().expect("the store closes with its last checkpoint");
        self.database
    }

    /// Closes it and proves that what was written is whole, by public keys alone.
    pub fn end(self) -> Database {
        let database = self.close();
        let trust = keys().founding.public().id().to_hex();
        let report =
            verify::verify(&database.url, None, Some(&trust)).expect("a readable database");
        assert!(report.is_whole(), "{}: {:#?}", database.url, report.findings);
        database
    }
}
