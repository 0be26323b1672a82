//! Founding: the first entries of a database, by whoever holds the new keys at the command line.

use crate::app::desk::Failure;
use crate::app::printable;
use crate::domain::command::{Decision, Stamp};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::person::decide::{FirstAdministrator, first_administrator, taken_by};
use crate::domain::policy::shipped_roles;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::{Ruling, planned};
use crate::domain::site::command::Found;
use crate::domain::site::decide::found as decide_founding;
use crate::domain::site::{Environment, SiteKey};
use crate::identity::cost::Cost;
use crate::identity::keyring::{self, WrappedKey};
use crate::identity::password::{PasswordRecord, Standing};
use crate::identity::password_policy::{Owner, judge};
use crate::identity::site_keys::SiteKeys;
use crate::identity::user_name::UserName;
use crate::seal::canon::canonical;
use crate::seal::site::KeyUse;
use crate::store::Store;
use crate::store::clock::Clock;
use crate::store::operational::Alongside;
use crate::store::options::OpenOptions;
use crate::store::submission::{Outcome, Submission};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What is signed by the founding key: this tag and the canonical founding data without the signature.
const TAG: &[u8] = b"batchwright/founding/1\0";

/// A site that is to be.
pub struct FoundRequest<'a> {
    /// `sqlite:PATH` or `postgres://…`; the database must be empty.
    pub database_url: String,
    /// Name, printed.
    pub name: String,
    /// C2SP log origin, as in `plant.example/batchwright`.
    pub origin: String,
    /// IANA zone.
    pub zone: String,
    /// What it is for.
    pub environment: Environment,
    /// The site's clock; simulated for a demo only.
    pub clock: Clock,
    /// The new site's keys.
    pub keys: &'a SiteKeys,
    /// Reference of the letter that signatures are binding, where there is one.
    pub binding_letter: Option<String>,
    /// The first administrator.
    pub administrator: Administrator,
}

/// The first administrator, who types an own password at the founding.
pub struct Administrator {
    pub user_name: String,
    pub printed_name: String,
    pub password: Zeroizing<String>,
}

/// A site that was founded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founded {
    /// The founding key's fingerprint: what `verify --trust` takes.
    pub fingerprint: String,
    /// The site's identity.
    pub site: Uuid,
    /// The first administrator's identity.
    pub administrator: Uuid,
}

/// A founding that the rules let: nothing is written yet, neither tables nor entries.
pub struct Founding {
    options: OpenOptions,
    submission: Submission,
    founded: Founded,
}

impl Founding {
    /// Asks the rules.
    ///
    /// # Errors
    /// The rules of founding, user name and password.
    pub fn of(request: FoundRequest<'_>) -> Result<Self, Failure> {
        let options = OpenOptions {
            clock: request.clock.clone(),
            log_signer: Some(request.keys.log.clone()),
            ..OpenOptions::new(&request.database_url)
        };
        let (site, administrator) = (Uuid::now_v7(), Uuid::now_v7());
        let fingerprint = request.keys.founding.public().id().to_hex();
        let submission = founding(request, site, administrator)?;
        Ok(Self { options, submission, founded: Founded { fingerprint, site, administrator } })
    }

    /// Founds the site in an empty database, with its first administrator enrolled. Blocks.
    ///
    /// # Errors
    /// A database that cannot be opened, or holds a site already.
    pub fn carried_out(self) -> Result<Founded, Failure> {
        let (store, outcome) = Store::found(self.options, self.submission)?;
        let closed = store.shutdown();
        match outcome {
            Outcome::Done { .. } => {}
            Outcome::Refused(refusal) => return Err(refusal.into()),
            Outcome::Busy => return Err(Failure::Busy),
            Outcome::Failed(error) => return Err(error.into()),
        }
        closed?;
        Ok(self.founded)
    }
}

/// Founds a site in an empty database, with its first administrator enrolled. Blocks.
///
/// # Errors
/// As [`Founding::of`] and [`Founding::carried_out`].
pub fn found(request: FoundRequest<'_>) -> Result<Founded, Failure> {
    Founding::of(request)?.carried_out()
}

/// The founding command with all that goes with it.
fn founding(request: FoundRequest<'_>, site: Uuid, person: Uuid) -> Result<Submission, Failure> {
    let FoundRequest { administrator, environment, keys, .. } = request;
    let newcomer = newcomer(
        administrator,
        person,
        environment,
        "by whoever founded the site and holds its keys",
    )?;
    let mut command = Found {
        site_name: request.name,
        origin: request.origin,
        environment,
        clock: request.clock.kind(),
        zone: request.zone,
        keys: public_keys(keys),
        founding_signature: String::new(),
        accountability: String::new(),
        binding_letter: request.binding_letter,
    };
    command.founding_signature = founding_signature(&command, keys)?;
    // Before there is a database: what the rules refuse leaves nothing.
    decide_founding(&command, false, request.clock.time())?;
    let Newcomer { first, credentials } = newcomer;
    let mut submission = Submission::of(Box::new(FoundSite { command, first, site, person }));
    submission.statements = vec![(KeyUse::Founding, keys.founding.clone())];
    submission.ids = vec![site, person];
    submission.alongside = credentials;
    Ok(submission)
}

/// An administrator whom the founding key vouches for: what the journal says of them, and the
/// credentials that stand in no journal.
pub(super) struct Newcomer {
    /// What the rules are told.
    pub first: FirstAdministrator,
    /// Password verifier and wrapped key, written in the same transaction.
    pub credentials: Vec<Alongside>,
}

/// Makes an administrator's key and verifier from an own password; `method` says how they are known.
pub(super) fn newcomer(
    who: Administrator,
    person: Uuid,
    environment: Environment,
    method: &str,
) -> Result<Newcomer, Failure> {
    let name = UserName::parse(&who.user_name)?;
    let printed_name = printable::name(&who.printed_name)?;
    judge(&who.password, Owner { user_name: name.shown(), printed_name: &who.printed_name })?;
    let cost = Cost::of_site(environment);
    let (verifier, under) = PasswordRecord::enrol(&who.password, cost, Standing::Own);
    let key = keyring::generate();
    let wrapped = WrappedKey::wrap(&key, person, &under);
    let first = FirstAdministrator {
        user_name: name.shown().to_owned(),
        number: name.skeleton().to_owned(),
        printed_name,
        method: method.into(),
        key: key.public().id().to_hex(),
        public_key: key.public().to_spki_base64(),
    };
    let credentials = vec![
        Alongside::PutVerifier { person, record: verifier.to_string() },
        Alongside::PutWrappedKey { person, record: wrapped.to_string() },
    ];
    Ok(Newcomer { first, credentials })
}

fn public_keys(keys: &SiteKeys) -> Vec<SiteKey> {
    let public = |key: crate::seal::site::SiteKey| SiteKey {
        purpose: key.purpose.word().to_owned(),
        fingerprint: key.fingerprint,
        public: key.public,
    };
    keys.public().into_iter().map(public).collect()
}

/// The founding key's signature over what the founding entry says.
fn founding_signature(command: &Found, keys: &SiteKeys) -> Result<String, Failure> {
    let data = json!({
        "site_name": command.site_name.trim(),
        "origin": command.origin,
        "environment": command.environment,
        "clock": command.clock,
        "zone": command.zone,
        "keys": command.keys,
    });
    let bytes = canonical(&data).map_err(|e| Failure::Broken(e.to_string()))?;
    Ok(BASE64.encode(keys.founding.sign(&[TAG, &bytes].concat())))
}

/// The founding command: site and first administrator in one transaction.
struct FoundSite {
    command: Found,
    first: FirstAdministrator,
    site: Uuid,
    person: Uuid,
}

impl Command for FoundSite {
    fn name(&self) -> &'static str {
        "found-site"
    }

    fn reads(&self) -> Vec<Key> {
        vec![Key::Site, taken_by(&self.first.number)]
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let exists = loaded.get(&Key::Site).is_some();
        let Ruling { permit, events } = decide_founding(&self.command, exists, stamp.at)?;
        let site = RecordKey::new(RecordKind::Site, self.site);
        let person = RecordKey::new(RecordKind::Person, self.person);
        let mut all = Ruling { permit: permit.clone(), events }.into_planned(site, "site", None);
        for event in first_administrator(&self.first, &shipped_roles())? {
            all.push(planned(person, "person", None, &event, Vec::new()));
        }
        let answer = json!({ "site": self.site, "administrator": self.person });
        Ok(Decision { permit, events: all, answer })
    }
}
