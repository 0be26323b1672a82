//! A founded site with its first administrator, in a directory of its own.

use batchwright::app::desk::{Caller, Desk, DeskKeys, Envelope, Failure};
use batchwright::app::person::{ChangePassword, Create, Enrol};
use batchwright::app::session::sign_in::SignIn;
use batchwright::app::site::{Administrator, FoundRequest, found};
use batchwright::domain::policy::Grant;
use batchwright::domain::site::Environment;
use batchwright::identity::session::SessionLimits;
use batchwright::identity::signing::SigningCredentials;
use batchwright::identity::site_keys::SiteKeys;
use batchwright::identity::token::AccessTokens;
use batchwright::store::clock::Clock;
use batchwright::store::{OpenOptions, Store};
use std::path::PathBuf;
use zeroize::Zeroizing;

pub const OWN: &str = "mauve tractor lichen 77";
const TEMPORARY: &str = "quartz pelican eleven umbrella";

/// A desk over its own database; its directory goes when it is dropped.
pub struct World {
    pub desk: Desk,
    dir: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.desk.store().shutdown();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

pub fn secret(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

/// The code of what was refused; panics when it was not.
pub fn code<T>(result: Result<T, Failure>) -> &'static str {
    match result {
        Err(Failure::Refused(refusal)) => refusal.rule.code,
        Err(other) => panic!("not a refusal: {other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

pub fn both(user_name: &str, password: &str) -> SigningCredentials {
    SigningCredentials { user_name: Some(user_name.into()), password: Some(secret(password)) }
}

pub fn grants(roles: &[&str]) -> Vec<Grant> {
    let grant = |role: &&str| Grant { role: (*role).to_owned(), product: None, area: None };
    roles.iter().map(grant).collect()
}

/// A request to found a site in a database.
pub fn request<'a>(url: &str, keys: &'a SiteKeys) -> FoundRequest<'a> {
    FoundRequest {
        database_url: url.to_owned(),
        name: "Test plant".into(),
        origin: "test.example/batchwright".into(),
        zone: "Europe/Berlin".into(),
        environment: Environment::Demo,
        clock: Clock::System,
        keys,
        binding_letter: None,
        administrator: Administrator {
            user_name: "Ada".into(),
            printed_name: "Adelheid Root".into(),
            password: secret(OWN),
        },
    }
}

impl World {
    pub fn new() -> Self {
        let dir = std::env::temp_dir().join(format!("batchwright-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&dir).expect("a directory");
        let url = format!("sqlite:{}", dir.join("site.sqlite").display());
        let keys = SiteKeys::generate();
        let founded = found(request(&url, &keys)).expect("founded");
        let again = found(request(&url, &keys));
        assert!(matches!(again, Err(Failure::Broken(_) | Failure::Refused(_))), "{again:?}");
        let options = OpenOptions { log_signer: Some(keys.log.clone()), ..OpenOptions::new(&url) };
        let store = Store::open(options).expect("opens");
        let tokens = AccessTokens::new(&founded.site.to_string(), &keys.token).expect("a key");
        let desk_keys = DeskKeys { receipt: keys.receipt, seal: keys.seal, tokens };
        let limits = SessionLimits::USUAL;
        let desk = Desk::new(store, desk_keys, limits, Environment::Demo, Clock::System);
        let world = Self { desk, dir };
        let ada = world.enter("ada", OWN).expect("signs in");
        world.desk.acknowledge_accountability(world.of(&ada), 1).expect("acknowledged");
        world
    }

    /// Signs in and gives the caller.
    pub fn enter(&self, user_name: &str, password: &str) -> Result<Caller, Failure> {
        let token = self.token(user_name, password)?;
        self.desk.authenticate(&token)
    }

    pub fn token(&self, user_name: &str, password: &str) -> Result<String, Failure> {
        let typed = SignIn {
            user_name: user_name.into(),
            password: secret(password),
            station: "terminal 1".into(),
            request_id: "r-1".into(),
        };
        Ok(self.desk.sign_in(&typed)?.access_token)
    }

    /// An unsigned order's envelope.
    pub fn of(&self, caller: &Caller) -> Envelope {
        Envelope::of(caller.clone(), "r-2", None)
    }

    pub fn ada(&self) -> Caller {
        self.enter("ada", OWN).expect("the administrator signs in")
    }

    /// An account with a temporary password.
    pub fn account(&self, user_name: &str, roles: &[&str]) -> Result<(), Failure> {
        let order = Create {
            user_name: user_name.into(),
            printed_name: format!("{user_name} Printed"),
            service: false,
            grants: grants(roles),
            reason: "joins".into(),
            temporary_password: Some(secret(TEMPORARY)),
        };
        self.desk.create_person(self.of(&self.ada()), order).map(|_| ())
    }

    /// The person chooses an own password.
    pub fn choose(&self, user_name: &str, from: &str) -> Result<(), Failure> {
        let caller = self.enter(user_name, from)?;
        let order = ChangePassword { old: secret(from), new: secret(OWN) };
        self.desk.change_password(self.of(&caller), &order).map(|_| ())
    }

    /// The administrator verifies the identity and enrols a key.
    pub fn enrolled(&self, user_name: &str) -> Result<(), Failure> {
        self.enrolled_by("ada", user_name)
    }

    pub fn enrolled_by(&self, verifier: &str, user_name: &str) -> Result<(), Failure> {
        let order = Enrol {
            user_name: user_name.into(),
            method: "passport seen".into(),
            person: both(user_name, OWN),
        };
        let caller = self.enter(verifier, OWN)?;
        let envelope = self.of(&caller).signed(Some(both(verifier, OWN)), None);
        self.desk.enrol_person(envelope, order).map(|_| ())
    }

    /// Somebody with account, own password, key and statement.
    pub fn hire(&self, user_name: &str, roles: &[&str]) {
        self.account(user_name, roles).expect("an account");
        self.choose(user_name, TEMPORARY).expect("an own password");
        self.enrolled(user_name).expect("a key");
        let caller = self.enter(user_name, OWN).expect("signs in");
        self.desk.acknowledge_accountability(self.of(&caller), 1).expect("acknowledged");
    }

    pub fn temporary() -> &'static str {
        TEMPORARY
    }
}
