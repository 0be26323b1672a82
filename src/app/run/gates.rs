//! How the gates of a run stand, and why a closed one is closed.

use crate::domain::clock::Instant;
use crate::domain::run::Run;
use crate::domain::run::acts::closed_because::ClosedBecause;
use crate::domain::run::acts::gate::passing;
use crate::domain::run::acts::late_gate::{late, line};
use crate::domain::run::acts::passage::serves;

/// A gate of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateStanding {
    /// Its id in the master record.
    pub gate: String,
    pub name: String,
    /// The steps it guards.
    pub before: Vec<String>,
    /// Whether it may be passed now.
    pub open: bool,
    /// Whether it was passed.
    pub passed: bool,
    /// Whose signature passes it.
    pub who: Vec<&'static str>,
    /// What it guards and began before it was passed, if anything did.
    pub not_passed_before: Option<String>,
    /// Why it is closed, one reason a line, with who can resolve it.
    pub because: Vec<String>,
}

/// Every gate of a run at this moment.
#[must_use]
pub fn gates(run: &Run, at: Instant) -> Vec<GateStanding> {
    let standing = |gate: &crate::domain::recipe::Gate| {
        let because: Vec<String> =
            serves(run, gate, at).err().iter().flatten().map(ClosedBecause::line).collect();
        GateStanding {
            gate: gate.id.clone(),
            name: gate.name.clone(),
            before: gate.before.clone(),
            who: passing(gate).iter().map(|authority| authority.as_str()).collect(),
            open: because.is_empty(),
            passed: run.gates.get(&gate.id).is_some_and(|gate| !gate.passages.is_empty()),
            not_passed_before: Some(late(run, gate))
                .filter(|it| !it.is_empty())
                .map(|it| line(&it)),
            because,
        }
    };
    run.recipe.gates.iter().map(standing).collect()
}
