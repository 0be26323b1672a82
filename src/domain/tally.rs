//! How many of what a run owes are met, waived, open, or decided inconclusive: four numbers, never one.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How an obligation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Met, with evidence.
    Met,
    Open,
    /// Not met and no longer owed, by a named person's declaration or decision.
    Waived,
    /// Neither met nor waived: two of the quality unit decided about a result that an investigation
    /// could neither confirm nor invalidate. It no longer stands in the way, and it never reads as met.
    DecidedInconclusive,
}

/// The obligations of a run, counted by how each stands. What was waived is never counted as met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Met, with evidence.
    pub met: u32,
    /// No longer owed, by a named person's declaration or decision.
    pub waived: u32,
    /// Still owed.
    pub open: u32,
    /// Settled by two of the quality unit about a result that nobody could confirm or invalidate.
    #[serde(default)]
    pub inconclusive: u32,
}

impl Tally {
    /// Counts how obligations stand.
    #[must_use]
    pub fn count(list: impl Iterator<Item = Status>) -> Self {
        let mut tally = Self::default();
        for status in list {
            let number = match status {
                Status::Met => &mut tally.met,
                Status::Waived => &mut tally.waived,
                Status::Open => &mut tally.open,
                Status::DecidedInconclusive => &mut tally.inconclusive,
            };
            *number = number.saturating_add(1);
        }
        tally
    }

    /// How many there are in all.
    #[must_use]
    pub fn all(&self) -> u32 {
        [self.waived, self.open, self.inconclusive]
            .iter()
            .fold(self.met, |sum, number| sum.saturating_add(*number))
    }
}

/// `480 met, 2 waived, 0 open`; what was decided inconclusive where it occurs.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} met, {} waived, {} open", self.met, self.waived, self.open)?;
        if self.inconclusive > 0 {
            write!(f, ", {} decided inconclusive", self.inconclusive)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_waived_or_decided_inconclusive_is_never_met() {
        use Status::{DecidedInconclusive, Met, Open, Waived};
        let tally = Tally::count([Met, Met, Waived, Open].into_iter());
        assert_eq!(tally.to_string(), "2 met, 1 waived, 1 open");
        assert_eq!(tally.all(), 4);
        let tally = Tally::count([Met, DecidedInconclusive].into_iter());
        assert_eq!(tally.to_string(), "1 met, 0 waived, 0 open, 1 decided inconclusive");
    }
}
