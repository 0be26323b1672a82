//! A further administrator, vouched for by the founding key at the command line: for the night when no
//! administrator can sign in any more. Journalled like everything else.

use super::found::{Administrator, Newcomer, newcomer};
use crate::app::desk::Failure;
use crate::domain::command::{Decision, Stamp};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::person::decide::{FirstAdministrator, first_administrator, taken_by};
use crate::domain::person::refusal::USER_NAME_TAKEN;
use crate::domain::policy::Permit;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::planned;
use crate::domain::site::Environment;
use crate::identity::site_keys::SiteKeys;
use crate::seal::site::KeyUse;
use crate::store::submission::{Outcome, Submission};
use crate::store::{OpenOptions, Store};
use serde_json::json;
use uuid::Uuid;

/// Creates the administrator in a founded site that nobody serves at the moment. Blocks.
///
/// # Errors
/// A user name that was ever used, a weak password, keys that are not this site's.
pub fn vouch(options: OpenOptions, keys: &SiteKeys, who: Administrator) -> Result<(), Failure> {
    let store = Store::open(options)?;
    let state = store.state(&Key::Site)?;
    let site = state.as_deref().and_then(|state| state.as_site());
    let environment = site.map_or(Environment::Production, |site| site.environment);
    let outcome = store.submit(submission(keys, who, environment)?).wait();
    let closed = store.shutdown();
    match outcome {
        Outcome::Done { .. } => {}
        Outcome::Refused(refusal) => return Err(refusal.into()),
        Outcome::Busy => return Err(Failure::Busy),
        Outcome::Failed(error) => return Err(error.into()),
    }
    Ok(closed?)
}

fn submission(
    keys: &SiteKeys,
    who: Administrator,
    environment: Environment,
) -> Result<Submission, Failure> {
    let person = Uuid::now_v7();
    let method = "at the command line, by whoever holds the founding key";
    let Newcomer { first, credentials } = newcomer(who, person, environment, method)?;
    let mut submission = Submission::of(Box::new(Vouch { first, person }));
    submission.statements = vec![(KeyUse::Founding, keys.founding.clone())];
    submission.ids = vec![person];
    submission.alongside = credentials;
    Ok(submission)
}

struct Vouch {
    first: FirstAdministrator,
    person: Uuid,
}

impl Command for Vouch {
    fn name(&self) -> &'static str {
        "vouch-for-administrator"
    }

    fn reads(&self) -> Vec<Key> {
        vec![Key::Site, taken_by(&self.first.number)]
    }

    fn decide(&self, loaded: &Loaded, _: &Stamp) -> Result<Decision, Refusal> {
        if !loaded.is_absent(&taken_by(&self.first.number)) {
            let detail = format!("{:?} was given to somebody before", self.first.user_name);
            return Err(Refusal::new(&USER_NAME_TAKEN, detail));
        }
        let record = RecordKey::new(RecordKind::Person, self.person);
        let events = first_administrator(&self.first, &loaded.site()?.roles)?
            .iter()
            .map(|event| planned(record, "person", None, event, Vec::new()))
            .collect();
        let permit = Permit { role: "founding key".into(), authority: None };
        Ok(Decision { permit, events, answer: json!({ "administrator": self.person }) })
    }
}
