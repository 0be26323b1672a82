//! Whether a gate is closed at a moment, and why.

use crate::domain::entry::spec::EntrySpec;
use crate::domain::recipe::Gate;
use crate::domain::run::acts::closed_because::ClosedBecause;
use crate::domain::run::acts::exception::lets_go_on;
use crate::domain::run::acts::{awaited, ending, hold, order};
use crate::domain::run::{EntryRun, Instant, RiskAcceptance, Run, looks};
use crate::domain::words::OnCritical;
/// Why an early end closes a gate whatever was accepted.
const NOT_AT_RISK: &str = "; no supervisor proceeds at risk under an early end";

/// Why a gate lets nothing pass at a moment, its turn apart: empty, it is open. Held also against starts of the guarded
/// steps after the gate was passed, so that what happens later closes it again.
#[must_use]
pub fn closed(run: &Run, gate_id: &str, at: Instant) -> Vec<ClosedBecause> {
    let Some(gate) = run.recipe.gates.iter().find(|gate| gate.id == gate_id) else {
        return Vec::new();
    };
    let mut reasons = Vec::new();
    reasons.extend(open_exceptions(run, gate_id, at));
    reasons.extend(awaited::closed(run, gate_id));
    reasons.extend(not_looked_at(run, gate_id));
    reasons.extend(found_running(run, gate));
    for held in hold::standing(run) {
        let covers = gate.before.iter().any(|step| {
            let operation = run.recipe.step(step).map_or("", |(op, _)| op.id.as_str());
            hold::covers_step(held, operation, step)
        });
        if covers {
            reasons.push(ClosedBecause::Held { hold: held.no, what: hold::named(held) });
        }
    }
    reasons
}

fn open_exceptions<'r>(
    run: &'r Run,
    gate: &'r str,
    at: Instant,
) -> impl Iterator<Item = ClosedBecause> + 'r {
    let risks = run.gates.get(gate).map_or(&[][..], |gate| &gate.risks);
    run.exceptions
        .iter()
        .filter(|exception| exception.opened.effect != OnCritical::Continue)
        .filter(|exception| !lets_go_on(run, exception))
        .filter(move |exception| {
            let no = exception.opened.no;
            let covers = |risk: &RiskAcceptance| at <= risk.until && risk.exceptions.contains(&no);
            ending::is_early_end(exception) || !risks.iter().any(covers)
        })
        .map(|exception| ClosedBecause::ExceptionOpen {
            exception: exception.opened.no,
            what: exception.opened.detail.clone()
                + if ending::is_early_end(exception) { NOT_AT_RISK } else { "" },
        })
}

/// Typed values that were given no second look, where the master record lets the gate wait for it.
fn not_looked_at(run: &Run, gate: &str) -> Vec<ClosedBecause> {
    let waits = |spec: &&EntrySpec| {
        spec.second_look.as_ref().is_some_and(|asked| asked.gates.iter().any(|id| id == gate))
    };
    let mut reasons = Vec::new();
    for (_, step) in run.recipe.steps() {
        for spec in step.entries.iter().filter(waits) {
            for (key, state) in run.steps.iter().filter(|(key, _)| key.step == step.id) {
                let current = state.entries.get(&spec.id).and_then(EntryRun::current);
                let owed = current.filter(|version| looks::owes(spec, version));
                if owed.is_some_and(|version| looks::given(Some(state), version).is_none()) {
                    let at = format!("{key}/{}", spec.id);
                    reasons.push(ClosedBecause::NotLookedAt { at, what: spec.name.clone() });
                }
            }
        }
    }
    reasons
}

fn found_running(run: &Run, gate: &Gate) -> Vec<ClosedBecause> {
    let before = order::predecessors(run, gate.before.iter().map(String::as_str));
    run.steps
        .iter()
        .filter(|(key, _)| {
            before.contains(key.step.as_str()) || awaited::asks(run, &key.step, &gate.id)
        })
        .filter_map(|(key, step)| {
            let no = step.found_running?;
            let decided = run
                .exceptions
                .iter()
                .any(|exception| exception.opened.no == no && lets_go_on(run, exception));
            (!decided).then(|| ClosedBecause::FoundRunning { step: key.to_string(), exception: no })
        })
        .collect()
}
