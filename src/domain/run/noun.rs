//! A run among the nouns.

use super::{Run, evolve};
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::noun::{Frozen, Noun, Reach, word};

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

    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        frozen: Frozen,
    ) -> Result<Self, EvolveFault> {
        evolve(current, happened, frozen.0)
    }
}
