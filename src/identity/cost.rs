//! What a guess at a password costs: stored beside what it protects, chosen by the site's founding only.

use crate::domain::site::Environment;
use argon2::Params;
use std::fmt;
use std::str::FromStr;

/// What one Argon2id run costs. It is stored beside every verifier, so that a later release may raise it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// The cost of every site that makes or teaches making medicines: 19 MiB, two passes, one lane.
    pub const FULL: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    const DEMO: Self = Self { memory_kib: 1024, passes: 1, lanes: 1 };

    /// The cost at a site. `environment` comes from the site's founding entry and from nowhere else: nothing
    /// changes an environment after founding, so no flag, route or setting brings the cheap cost to a
    /// production or training site. A demo site's passwords lie in a file beside it anyway.
    #[must_use]
    pub const fn of_site(environment: Environment) -> Self {
        match environment {
            Environment::Demo => Self::DEMO,
            Environment::Production | Environment::Training => Self::FULL,
        }
    }

    /// Whether guessing at this cost is at least as dear as at the other.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        self.memory_kib >= other.memory_kib && self.passes >= other.passes
    }

    pub(in crate::identity) fn params(self) -> Params {
        Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .expect("a cost is made only by its constants or after its bounds were checked")
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m={},t={},p={}", self.memory_kib, self.passes, self.lanes)
    }
}

impl FromStr for Cost {
    type Err = UnreadableCost;

    /// Reads `m=19456,t=2,p=1`, from the demo's cost up to 1 GiB and 16 passes.
    fn from_str(text: &str) -> Result<Self, UnreadableCost> {
        let mut parts = text.split(',');
        let mut part = |name: &str| -> Option<u32> {
            parts.next()?.strip_prefix(name)?.strip_prefix('=')?.parse().ok()
        };
        let (m, t, p) = (part("m"), part("t"), part("p"));
        let (Some(memory_kib), Some(passes), Some(lanes), None) = (m, t, p, parts.next()) else {
            return Err(UnreadableCost);
        };
        let cost = Self { memory_kib, passes, lanes };
        let bounded = memory_kib <= 1 << 20 && passes <= 16 && lanes == 1;
        if bounded && cost.covers(Self::DEMO) { Ok(cost) } else { Err(UnreadableCost) }
    }
}

/// A stored cost that cannot be: outside its bounds or not in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored cost of a password cannot be; it was changed outside Batchwright")]
pub struct UnreadableCost;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_demo_site_is_cheap() {
        assert_eq!(Cost::of_site(Environment::Production), Cost::FULL);
        assert_eq!(Cost::of_site(Environment::Training), Cost::FULL);
        assert_ne!(Cost::of_site(Environment::Demo), Cost::FULL);
    }

    #[test]
    fn no_cost_below_the_demo_or_without_bound_is_read() {
        assert_eq!("m=19456,t=2,p=1".parse(), Ok(Cost::FULL));
        assert!(
            Cost::FULL.covers(Cost::of_site(Environment::Demo))
                && !Cost::of_site(Environment::Demo).covers(Cost::FULL)
        );
        for bad in [
            "",
            "m=8,t=1,p=1",
            "m=4294967295,t=2,p=1",
            "m=19456,t=2",
            "m=19456,t=0,p=1",
            "m=19456,t=2,p=1,x=1",
            "m=19456,t=2,p=9",
        ] {
            assert!(bad.parse::<Cost>().is_err(), "{bad}");
        }
    }
}
