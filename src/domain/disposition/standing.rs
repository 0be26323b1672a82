//! How a lot stands at a moment, and every ground on which it is in question.

use super::{Covered, Disposition};
use crate::domain::clock::Instant;
use crate::domain::ids::RecordKey;

/// One reason why a lot is in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The lot where it arose: this one, or one upstream.
    pub lot: String,
    pub product: String,
    /// The record in whose chain it stands.
    pub record: RecordKey,
    /// The entry.
    pub seq: u64,
    /// Since when.
    pub since: Instant,
    /// What, for people.
    pub because: String,
    /// Whether it blocks.
    pub blocks: bool,
    /// Whether it is so now, whatever was decided: only what makes it otherwise ends it.
    pub lasts: bool,
}

impl Ground {
    /// The same for a reader: of a product beyond their scope, that there is something and no more.
    fn within(self, reaches: &dyn Fn(&str) -> bool) -> Self {
        if reaches(&self.product) {
            return self;
        }
        let because = "in question, for a reason beyond your products".to_owned();
        Self { because, ..self }
    }

    /// The ground as people read it at a lot.
    #[must_use]
    pub fn shown(&self, at: &str) -> String {
        if self.lot == at {
            self.because.clone()
        } else {
            format!("lot {}: {}", self.lot, self.because)
        }
    }
}

/// How a lot stands at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub record: RecordKey,
    pub number: String,
    pub product: String,
    /// The disposition that counts.
    pub disposition: Disposition,
    /// When it was decided, if it was.
    pub decided_at: Option<Instant>,
    /// Sequence of its newest entry.
    pub seq: u64,
    /// Why it is in question, in the order of time; empty: it is not.
    pub grounds: Vec<Ground>,
    /// Everything that questioned it or a lot upstream since it was first released, answered or not: a lot
    /// made from it answers for itself.
    pub facts: Vec<Ground>,
    /// Everything this was judged on: the lot and its run, and the same of every lot upstream.
    pub judged_on: Vec<Covered>,
}

impl Standing {
    /// The same for a reader: nothing of what happened to products beyond their scope is told.
    #[must_use]
    pub fn within(self, reaches: &dyn Fn(&str) -> bool) -> Self {
        let grounds = self.grounds.into_iter().map(|ground| ground.within(reaches)).collect();
        let facts = self.facts.into_iter().map(|ground| ground.within(reaches)).collect();
        Self { grounds, facts, ..self }
    }

    /// Whether it is released and in question.
    #[must_use]
    pub fn questioned(&self) -> bool {
        !self.grounds.is_empty()
    }

    /// Since when it is in question.
    #[must_use]
    pub fn since(&self) -> Option<Instant> {
        self.grounds.iter().map(|ground| ground.since).min()
    }

    /// Why, one reason a line.
    #[must_use]
    pub fn because(&self) -> Vec<String> {
        self.grounds.iter().map(|ground| ground.shown(&self.number)).collect()
    }

    /// Whether it is in question by something that keeps it from leaving and its children from release.
    #[must_use]
    pub fn blocked(&self) -> bool {
        self.grounds.iter().any(|ground| ground.blocks)
    }

    /// Released, and nothing blocks it: it may be shipped, and used for what is released.
    #[must_use]
    pub fn fit(&self) -> bool {
        self.disposition == Disposition::Released && !self.blocked()
    }

    /// How it stands, in words.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match (self.disposition, self.blocked(), self.questioned()) {
            (Disposition::Released, true, _) => "released, questioned and blocked",
            (Disposition::Released, false, true) => "released and questioned",
            (other, _, _) => other.as_str(),
        }
    }
}
