//! A container: registered once, then moved from place to place.

pub mod decide;

use super::command::{EvolveFault, Happened};
use super::ids::RecordKey;
use super::noun::{Frozen, Noun, Reach, variant};
use super::permits::{Admitted, by};
use super::policy::Authority;
use super::refusal::Rule;
use super::ruling::typed;
use serde::{Deserialize, Serialize};

/// What was written down of a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data", rename_all = "kebab-case")]
pub enum ContainerEvent {
    /// It stands here for the first time.
    Registered {
        /// Its number.
        number: String,
        /// Where it stands.
        place: String,
    },
    /// It was moved.
    Moved {
        /// Where it stands now.
        place: String,
    },
}

/// The state of a container.
#[derive(Debug, Clone)]
pub struct Container {
    /// The record.
    pub key: RecordKey,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub place: String,
    /// Sequence of its newest entry.
    pub seq: u64,
    /// Link of its newest entry.
    pub head: [u8; 32],
}

impl Noun for Container {
    fn key(&self) -> RecordKey {
        self.key
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn head(&self) -> [u8; 32] {
        self.head
    }

    fn number(&self) -> Option<String> {
        Some(self.number.clone())
    }

    fn phase(&self) -> String {
        "registered".to_owned()
    }

    fn reach(&self) -> Reach<'_> {
        Reach::Everybody
    }

    fn rules() -> Vec<&'static Rule> {
        decide::ALL.to_vec()
    }

    fn is_signed(_event: &str) -> bool {
        false
    }

    fn admitted(_event: &str) -> Admitted {
        by(&[Authority::Administer])
    }

    fn has_event(name: &str) -> Result<(), String> {
        variant::<ContainerEvent>(name)
    }

    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        _frozen: Frozen,
    ) -> Result<Self, EvolveFault> {
        let event: ContainerEvent = typed(happened, "container")?;
        let (seq, head) = (happened.seq, happened.link);
        match (current, event) {
            (None, ContainerEvent::Registered { number, place }) => {
                Ok(Self { key: happened.record, number, place, seq, head })
            }
            (Some(container), ContainerEvent::Moved { place }) => {
                Ok(Self { place, seq, head, ..container })
            }
            (Some(_), ContainerEvent::Registered { .. }) => {
                Err(EvolveFault::of(happened, "the container was registered before"))
            }
            (None, ContainerEvent::Moved { .. }) => {
                Err(EvolveFault::of(happened, "the container was never registered"))
            }
        }
    }
}
