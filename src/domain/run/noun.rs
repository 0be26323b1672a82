//! A run among the nouns.

use super::{Run, evolve, floor_refusal, lot_refusal, quality_refusal, refusal, testing_refusal};
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::noun::{Frozen, Noun, Reach, variant, word};
use crate::domain::permits::{Admitted, NOTHING};
use crate::domain::refusal::Rule;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::event::Described;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What each event says of itself, by its name.
static EVENTS: LazyLock<BTreeMap<String, Described>> = LazyLock::new(|| {
    let all = RunEvent::catalogue().into_iter();
    all.map(|event| (event.name.clone(), event)).collect()
});

impl Noun for Run {
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
        word(&self.phase)
    }

    fn reach(&self) -> Reach<'_> {
        Reach::Product(&self.recipe.product.code)
    }

    fn rules() -> Vec<&'static Rule> {
        [
            refusal::ALL,
            quality_refusal::ALL,
            floor_refusal::ALL,
            testing_refusal::ALL,
            lot_refusal::ALL,
        ]
        .concat()
    }

    fn is_signed(event: &str) -> bool {
        EVENTS.get(event).is_some_and(|event| event.signed)
    }

    fn admitted(event: &str) -> Admitted {
        EVENTS.get(event).map_or(NOTHING, |event| event.admitted)
    }

    fn has_event(name: &str) -> Result<(), String> {
        variant::<RunEvent>(name)
    }

    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        frozen: Frozen,
    ) -> Result<Self, EvolveFault> {
        evolve(current, happened, frozen.0)
    }
}
