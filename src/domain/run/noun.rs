//! A run among the nouns.

use super::{Run, evolve, floor_refusal, lot_refusal, quality_refusal, refusal, testing_refusal};
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::noun::{Frozen, Noun, Reach, variant, word};
use crate::domain::refusal::Rule;
use crate::domain::run::acts::RunEvent;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Events that say of themselves that they are always signed.
static SIGNED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let signed = RunEvent::catalogue().into_iter().filter(|event| event.signed);
    signed.map(|event| event.name).collect()
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
        SIGNED.contains(event)
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
