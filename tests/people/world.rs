//! A site at whose desk people stand, on each engine; it ends by proving its own journal whole.

use crate::house::cast;
use crate::house::engine::{Database, Engine, engines};
use crate::house::site::{self, Site};
use batchwright::app::desk::{Caller, Desk, Envelope, Failure};
use batchwright::app::person::{ChangePassword, Create, Enrol};
use batchwright::app::session::sign_in::SignIn;
use batchwright::domain::policy::Grant;
use batchwright::identity::signing::SigningCredentials;
use batchwright::store::clock::SimulatedClock;
use std::sync::{Arc, OnceLock};
use zeroize::Zeroizing;

const TEMPORARY: &str = "quartz pelican eleven umbrella";

/// A desk and its first administrator, who has acknowledged the statement.
pub struct World {
    pub desk: Arc<Desk>,
}

pub fn secret(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

/// The password that a person chooses for their own.
pub fn own(user_name: &str) -> String {
    cast::password(user_name)
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

/// Both components as their owner gives them.
pub fn signed(user_name: &str) -> SigningCredentials {
    both(user_name, &own(user_name))
}

pub fn grants(roles: &[&str]) -> Vec<Grant> {
    let grant = |role: &&str| Grant { role: (*role).to_owned(), product: None, area: None };
    roles.iter().map(grant).collect()
}

/// Runs a test at a desk of its own on each engine at hand.
pub fn on_each(test: impl Fn(&World)) {
    engines().into_iter().for_each(|engine| at(engine, &test));
}

/// A copy of the founded site with its administrator alone.
fn bare(engine: Engine) -> Site {
    static SQLITE: OnceLock<Database> = OnceLock::new();
    static POSTGRES: OnceLock<Database> = OnceLock::new();
    let template = match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    };
    let database = Database::copy(template.get_or_init(|| site::founded(engine)));
    Site::open(database, SimulatedClock::starting(site::BEGINS), site::QUEUE)
}

fn at(engine: Engine, test: impl Fn(&World)) {
    let site = bare(engine);
    let world = World { desk: Arc::clone(&site.desk) };
    let ada = world.ada();
    world.desk.acknowledge_accountability(world.of(&ada), 1).expect("acknowledged");
    test(&world);
    drop(world);
    drop(site.end());
}

impl World {
    /// Signs in and gives the caller.
    pub fn enter(&self, user_name: &str, password: &str) -> Result<Caller, Failure> {
        let token = self.token(user_name, password)?;
        self.desk.authenticate(&token)
    }

    /// Somebody signs in with their own password.
    pub fn enters(&self, user_name: &str) -> Result<Caller, Failure> {
        self.enter(user_name, &own(user_name))
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
        self.enters("ada").expect("the administrator signs in")
    }

    /// An account with a temporary password.
    pub fn account(&self, user_name: &str, roles: &[&str]) -> Result<(), Failure> {
        // What the record cannot print is another refusal.
        let drawn: String = user_name.chars().filter(char::is_ascii).collect();
        let order = Create {
            user_name: user_name.into(),
            printed_name: format!("{drawn} Printed"),
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
        let order = ChangePassword { old: secret(from), new: secret(&own(user_name)) };
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
            person: signed(user_name),
        };
        let caller = self.enters(verifier)?;
        let envelope = self.of(&caller).signed(Some(signed(verifier)), None);
        self.desk.enrol_person(envelope, order).map(|_| ())
    }

    /// Somebody with account, own password, key and statement.
    pub fn hire(&self, user_name: &str, roles: &[&str]) {
        self.account(user_name, roles).expect("an account");
        self.choose(user_name, TEMPORARY).expect("an own password");
        self.enrolled(user_name).expect("a key");
        let caller = self.enters(user_name).expect("signs in");
        self.desk.acknowledge_accountability(self.of(&caller), 1).expect("acknowledged");
    }

    pub fn temporary() -> &'static str {
        TEMPORARY
    }
}
