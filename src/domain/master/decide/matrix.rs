//! Phase × act → phase: the one table of a master record's life, published as
//! `schemas/matrices/master-life.txt`.

use super::super::command::Act;
use super::super::state::MasterPhase;
use std::fmt::Write;

/// Where an act leads from a phase; `None`: it is refused there.
#[must_use]
pub fn leads_to(phase: MasterPhase, act: Act) -> Option<MasterPhase> {
    use MasterPhase::{
        Approved, Draft, Effective, InApproval, InCheck, Retired, Superseded, Suspended,
    };
    match (phase, act) {
        // Content is frozen by the approval; before that, an edit begins anew.
        (Draft | InCheck | InApproval, Act::Edit) => Some(Draft),
        (Draft, Act::Submit) => Some(InCheck),
        (InCheck, Act::Check) => Some(InApproval),
        (InApproval, Act::Approve) => Some(Approved),
        (InCheck | InApproval | Approved, Act::Return) => Some(Draft),
        // The date does it; who presses confirms what is so.
        (Approved | Effective, Act::MakeEffective) => Some(Effective),
        (Effective, Act::Suspend) => Some(Suspended),
        (Suspended, Act::Reinstate) => Some(Effective),
        (Draft | InCheck | InApproval | Approved | Effective | Suspended, Act::Retire) => {
            Some(Retired)
        }
        (Superseded | Retired, _) | (_, _) => None,
    }
}

/// The acts that a phase knows, for the list in a refusal.
pub(super) fn possible(phase: MasterPhase) -> Vec<String> {
    let known = |act: &&Act| leads_to(phase, **act).is_some();
    Act::ALL.iter().filter(known).map(|act| act.as_str().to_owned()).collect()
}

/// The matrix as text.
#[must_use]
pub fn matrix() -> String {
    let mut text = String::from(
        "# Master record: phase x act -> phase. Generated from domain/master/decide/matrix.rs.\n\
         # Dates do the rest: an approved version is effective from its effective date on, and every earlier\n\
         # version is superseded from then on, also a suspended one.\n",
    );
    for phase in MasterPhase::ALL {
        for act in Act::ALL {
            let to = leads_to(phase, act).map_or("refused", MasterPhase::as_str);
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{:<12} {:<15} -> {to}", phase.as_str(), act.as_str());
        }
    }
    text
}
