//! Gates: no irreversible act passes a closed one. A supervisor may proceed at risk where the master
//! record allows it; quality ratifies before release.

use super::act::{no_such, phase, sign};
use super::{access, awaited, passage};
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::ids::OperationKey;
use crate::domain::permits::{Admitted, GMP, by};
use crate::domain::policy::{Authority, Permit};
use crate::domain::recipe::Gate;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::closed::closed;
use crate::domain::run::acts::closed_because::ClosedBecause;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::written::Written;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::GATE_CLOSED;
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who passes a gate that names nobody.
const ANYBODY_AT_GATES: &[Authority] = &[Authority::Supervise, Authority::Execute];

/// The permission for an act at a gate: in the area of what it guards (P11-10g).
pub(super) fn at_gate(
    run: &Run,
    facts: &RunFacts<'_>,
    id: &str,
    wanted: &[Authority],
) -> Result<Permit, Refusal> {
    let guarded = gate(run, id).ok().and_then(|gate| run.recipe.step(gate.before.first()?));
    let place = access::place(run, guarded.map(|(operation, _)| operation));
    facts.actor.permit(facts.site, wanted, place)
}

/// The gate by id.
pub(super) fn gate<'r>(run: &'r Run, id: &str) -> Result<&'r Gate, Refusal> {
    let found = run.recipe.gates.iter().find(|gate| gate.id == id);
    found.ok_or_else(|| no_such(run, &format!("gate {id}")))
}

/// `gate-closed` with every reason, if there is one: what a guarded start asks in an occurrence of its
/// operation, begun or not.
///
/// # Errors
/// `gate-closed`.
pub fn require_open(
    run: &Run,
    gate_id: &str,
    at: Instant,
    of: &OperationKey,
) -> Result<(), Refusal> {
    let mut reasons = closed(run, gate_id, at);
    reasons.extend(awaited::closed_in(run, gate_id, of));
    if reasons.is_empty() { Ok(()) } else { Err(refusal(run, gate_id, &reasons)) }
}

/// The operation occurrences that a passage signed now serves.
///
/// # Errors
/// `no-such-part`, `gate-closed` with every reason.
pub fn passable(run: &Run, gate_id: &str, at: Instant) -> Result<Vec<OperationKey>, Refusal> {
    passage::serves(run, gate(run, gate_id)?, at)
        .map(|serves| serves.into_iter().collect())
        .map_err(|reasons| refusal(run, gate_id, &reasons))
}

pub(super) fn refusal(run: &Run, gate_id: &str, reasons: &[ClosedBecause]) -> Refusal {
    let lines: Vec<_> = reasons.iter().map(ClosedBecause::line).collect();
    let detail = format!("gate {gate_id} of run {}: {}", run.number, lines.join("; "));
    Refusal::new(&GATE_CLOSED, detail).missing(lines)
}

/// Whose signature passes a gate: what the master record names, else supervise or execute.
#[must_use]
pub fn passing(gate: &Gate) -> &[Authority] {
    if gate.authorities.is_empty() { ANYBODY_AT_GATES } else { &gate.authorities }
}

/// Passes a gate, signed by whom the master record names, once the turn of a step that it guards has come;
/// it serves that occurrence of the operation. Somebody of the quality unit who lets it
/// pass oversees, and takes no part in the work (21 CFR 211.110(c)).
///
/// # Errors
/// Authority, phase, `no-such-part`, `gate-closed`, signature.
pub fn pass(
    run: &Run,
    facts: &RunFacts<'_>,
    gate_id: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let wanted = gate(run, gate_id).map_or(ANYBODY_AT_GATES, passing);
    let permit = at_gate(run, facts, gate_id, wanted)?;
    phase(run, &[Phase::Running], "pass a gate")?;
    let serves = passable(run, gate_id, stamp.at)?;
    let signatures = sign(facts, stamp, &permit, Meaning::PassedGate)?;
    let oversight = access::is_oversight(&permit);
    let event = RunEvent::GatePassed(GatePassed { gate: gate_id.to_owned(), serves, oversight });
    Ok(Ruling::signed(permit, event, signatures))
}

/// Request: pass a gate.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassGate {
    /// Which.
    #[schema(ignore)]
    pub gate: String,
}

impl Order for PassGate {
    const NAME: &'static str = "pass-gate";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        pass(run, facts, &self.gate, stamp)
    }

    order_of!(run, alone, request, unversioned);
}

/// A gate was passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatePassed {
    /// Which.
    pub gate: String,
    /// The operation occurrences in which it lets pass what it guards.
    pub serves: Vec<OperationKey>,
    /// The quality unit let it pass: oversight is no part in the work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oversight: bool,
}

impl Event for GatePassed {
    const ADMITTED: Admitted = by(GMP);
    const SIGNED: bool = true;

    weighs! {
        Self { gate, .. } => "", Shown, format!("gate {gate} was passed");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (at, signed) = (written.happened.at, written.must_be_signed()?);
        let state = run.gates.entry(self.gate.clone()).or_default();
        state.passages.push((at, signed));
        state.serves.extend(self.serves.iter().cloned());
        for of in &self.serves {
            state.passed_at.entry(of.clone()).or_insert(at);
        }
        Ok(())
    }

    fn part(&self) -> Part {
        Part::unless(self.oversight)
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        let Self { gate, serves, .. } = self;
        (Lapses::all(serves.iter().cloned().collect()), format!("gate {gate} was passed"))
    }

    nothing_in!(moves, bears, changed);
}
