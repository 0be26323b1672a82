//! What a command reads, and the frozen shape of a command: `reads() -> keys`, `decide(&loaded, stamp) ->
//! decision | refusal`. The lane loads, decides, seals, signs and commits; the same decision code runs everywhere.

use super::command::{Decision, Stamp};
use super::ids::{Key, PersonId, RecordKey, RecordKind};
use super::nouns::nouns;
use super::person::Person;
use super::refusal::{NOT_FOUND, PERSON_INACTIVE, Refusal};
use super::site::Site;
use super::state::State;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A command is a value. One file per command in `app`, its rules in `domain/<noun>/decide`.
pub trait Command: Send {
    /// Its name, as in `record-entry`.
    fn name(&self) -> &'static str;

    /// Whether site time follows the server's clock from this act on, which is the first at that time.
    fn sets_clock(&self) -> bool {
        false
    }

    /// What it is about, for the access log, should it be refused: an object, or nothing. No person.
    fn about(&self) -> Value {
        Value::Null
    }

    /// Own record first, then facts. The actor's and the second person's records and the site are
    /// always loaded by the lane and need not be named.
    fn reads(&self) -> Vec<Key>;

    /// Further rounds, for keys that the records loaded so far name: asked until it names no new one.
    fn reads_further(&self, _loaded: &Loaded) -> Vec<Key> {
        Vec::new()
    }

    /// Decides.
    ///
    /// # Errors
    /// The rule that forbids, with what is missing.
    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal>;
}

/// The records a command asked for.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    by_key: BTreeMap<Key, Option<Arc<State>>>,
    blobs: BTreeMap<[u8; 32], Arc<Vec<u8>>>,
}

impl Loaded {
    /// Puts what a key led to (`None`: there is no such record).
    pub fn put(&mut self, key: Key, state: Option<Arc<State>>) {
        self.by_key.insert(key, state);
    }

    /// Puts a blob's bytes.
    pub fn put_blob(&mut self, hash: [u8; 32], bytes: Arc<Vec<u8>>) {
        self.blobs.insert(hash, bytes);
    }

    /// A blob that was asked for.
    #[must_use]
    pub fn blob(&self, hash: &[u8; 32]) -> Option<&Arc<Vec<u8>>> {
        self.blobs.get(hash)
    }

    /// What a key led to, or nothing.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Arc<State>> {
        self.by_key.get(key).and_then(Option::as_ref)
    }

    /// Every record that a key led to.
    pub fn records(&self) -> impl Iterator<Item = &State> {
        self.by_key.values().flatten().map(|state| &**state)
    }

    /// Whether a key was asked for.
    #[must_use]
    pub fn knows(&self, key: &Key) -> bool {
        self.by_key.contains_key(key)
    }

    /// Whether a key was asked for and led nowhere: uniqueness is decided on this.
    #[must_use]
    pub fn is_absent(&self, key: &Key) -> bool {
        matches!(self.by_key.get(key), Some(None))
    }

    /// What a key led to.
    ///
    /// # Errors
    /// `not-found` naming the key.
    pub fn need(&self, key: &Key) -> Result<&Arc<State>, Refusal> {
        self.get(key).ok_or_else(|| {
            let what = match key {
                Key::Site => "the site".to_owned(),
                Key::Id(record) => format!("{} {}", record.kind, record.id),
                Key::Number(kind, number) => format!("{kind} {number}"),
                Key::Alike(kind, number) => format!("{kind} like {number}"),
                Key::Foreign { number, .. } => {
                    format!("decision on lot {number} of somebody else's")
                }
            };
            Refusal::new(&NOT_FOUND, format!("there is no {what}"))
        })
    }
}

macro_rules! readers {
    ($($kind:ident: $module:ident::$state:ident = $word:literal, $as:ident, $reader:ident, $about:literal;)+) => {
        impl Loaded {
            $(
                #[doc = concat!("The ", $word, " under a key.\n\n# Errors\n`not-found` when there is none.")]
                pub fn $reader(&self, key: &Key) -> Result<&super::$module::$state, Refusal> {
                    self.need(key)?.$as().ok_or_else(|| {
                        Refusal::new(&NOT_FOUND, format!("{key:?} is not a {}", RecordKind::$kind))
                    })
                }
            )+
        }
    };
}
nouns!(readers);

impl Loaded {
    /// The site of this database.
    ///
    /// # Errors
    /// `not-found` when no site has been founded.
    pub fn site(&self) -> Result<&Site, Refusal> {
        self.need(&Key::Site)?
            .as_site()
            .ok_or_else(|| Refusal::new(&NOT_FOUND, "the site's record holds something else"))
    }

    /// A person by identity.
    ///
    /// # Errors
    /// `not-found` when there is none.
    pub fn person(&self, id: PersonId) -> Result<&Person, Refusal> {
        let key = Key::Id(RecordKey::new(RecordKind::Person, id));
        self.need(&key)?
            .as_person()
            .ok_or_else(|| Refusal::new(&NOT_FOUND, format!("{id} is not a person")))
    }
}

impl Loaded {
    /// The session's person, in standing.
    ///
    /// # Errors
    /// `person-inactive` and its kin; also when nobody is signed in.
    pub fn actor(&self, stamp: &Stamp) -> Result<&Person, Refusal> {
        let actor = stamp
            .actor
            .as_ref()
            .ok_or_else(|| Refusal::new(&PERSON_INACTIVE, "nobody is signed in"))?;
        let person = self.person(actor.person)?;
        person.account().in_standing()?;
        Ok(person)
    }

    /// The second person of the act, if somebody gave credentials as one.
    #[must_use]
    pub fn second(&self, stamp: &Stamp) -> Option<&Person> {
        let second = stamp.second.as_ref()?;
        self.get(&Key::Id(RecordKey::new(RecordKind::Person, second.person)))?.as_person()
    }
}
