//! Folds a run's entries into its state. No rule lives here; every released event is accepted.

mod entries;
mod execution;
mod folding;
mod living;
mod lots;
mod quality;

pub use living::applied;

use super::amendment::Side;
use super::event::RunEvent;
use super::plan::Recipe;
use super::questions::questioning;
use super::state::{List, Map, Set};
use super::time;
use super::{Phase, Run};
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::PersonId;
use crate::domain::policy::Family;
use crate::domain::ruling::typed;
use crate::domain::signing::{Meaning, Signed};
use crate::domain::words::Who;

/// Folds one entry of a run. `recipe` is the frozen master that `run.issued` names.
///
/// # Errors
/// A fault naming an entry that cannot be: data of no event, a reference to nothing, a missing
/// signature where the state keeps one.
pub fn evolve(
    current: Option<Run>,
    happened: &Happened<'_>,
    recipe: Option<Recipe>,
) -> Result<Run, EvolveFault> {
    let event: RunEvent = typed(happened, "run")?;
    let begins = matches!(event, RunEvent::Issued { .. });
    let mut run = match current {
        None if begins => issued(happened, &event, recipe)?,
        None => return Err(EvolveFault::of(happened, "the run was never issued")),
        Some(_) if begins => return Err(EvolveFault::of(happened, "the run was issued before")),
        Some(run) => run,
    };
    run.seq = happened.seq;
    run.head = happened.link;
    run.last_at = happened.at;
    run.signatures.extend(happened.signatures.iter().cloned());
    take_part(&mut run, happened, &event);
    run.questions.extend(questioning(&run, happened.seq, happened.at, &event));
    let fold = Fold { happened, who: who(happened) };
    fold.folded(&mut run, &event)?;
    time::keep(&mut run, &event);
    Ok(run)
}

/// One entry being folded.
struct Fold<'a> {
    happened: &'a Happened<'a>,
    who: Who,
}

impl Fold<'_> {
    /// The signature with one of these meanings.
    fn signed(&self, meanings: &[Meaning]) -> Option<Signed> {
        self.happened.signatures.iter().find(|s| meanings.contains(&s.meaning)).cloned()
    }

    fn first_signed(&self) -> Option<Signed> {
        self.happened.signatures.first().cloned()
    }

    fn second_signed(&self) -> Option<Signed> {
        self.happened.signatures.get(1).cloned()
    }

    /// Any signature; the state keeps one here, so an entry without is a fault.
    fn must_be_signed(&self) -> Result<Signed, EvolveFault> {
        self.first_signed()
            .ok_or_else(|| self.fault("carries no signature, though this act is signed"))
    }

    /// Whose act opened an exception: nobody's where a limit of time ran out, whoever acted next.
    fn opener(&self, run: &Run, exception: u32) -> Who {
        if run.noticed.values().any(|noticed| noticed.exception == exception) {
            return who(&Happened { actor: None, role: "system", ..self.happened.clone() });
        }
        self.who.clone()
    }

    fn fault(&self, detail: impl Into<String>) -> EvolveFault {
        EvolveFault::of(self.happened, detail)
    }
}

fn who(happened: &Happened<'_>) -> Who {
    Who {
        person: happened.actor.map(|actor| actor.person),
        printed_name: happened
            .actor
            .map_or_else(|| "the system".into(), |a| a.printed_name.clone()),
        user_name: happened.actor.map_or_else(|| "system".into(), |a| a.user_name.clone()),
        role: happened.role.to_owned(),
    }
}

fn issued(
    happened: &Happened<'_>,
    event: &RunEvent,
    recipe: Option<Recipe>,
) -> Result<Run, EvolveFault> {
    let RunEvent::Issued { number, issue_no, purpose, master, .. } = event else {
        return Err(EvolveFault::of(happened, "is not the issue of a run"));
    };
    let recipe = recipe
        .ok_or_else(|| EvolveFault::of(happened, "the frozen master record was not given"))?;
    Ok(Run {
        key: happened.record,
        number: number.clone(),
        issue_no: *issue_no,
        purpose: *purpose,
        master: master.clone(),
        original: recipe.clone(),
        recipe,
        phase: Phase::Issued,
        issued_at: happened.at,
        issued: happened.signatures.first().cloned(),
        operations: Map::new(),
        steps: Map::new(),
        taken_back: List::new(),
        release_entries: Map::new(),
        skipped: Map::new(),
        exceptions: List::new(),
        holds: List::new(),
        gates: Map::new(),
        participants: Set::new(),
        reviews: List::new(),
        completed: None,
        aborted: None,
        aftermath: List::new(),
        lots: List::new(),
        foreign: Map::new(),
        deviations: Map::new(),
        renditions: List::new(),
        corrections: 0,
        signatures: List::new(),
        noticed: Map::new(),
        open: Map::new(),
        alarms: List::new(),
        happenings: List::new(),
        emergencies: List::new(),
        handovers: List::new(),
        amendments: List::new(),
        notices: List::new(),
        addenda: List::new(),
        questions: List::new(),
        seq: 0,
        head: [0; 32],
        last_at: happened.at,
    })
}

/// Who did what a scribe recorded.
fn performer(event: &RunEvent) -> Option<PersonId> {
    if let RunEvent::EntryRecorded { performer, .. } = event {
        return *performer;
    }
    let RunEvent::DeterminationRecorded(told) = event else { return None };
    told.performer
}

/// Accumulates everyone who performed, recorded, checked, corrected or directed production work.
/// Never recomputed from current values: those forget. Quality oversight is no part in the work.
// tidy: one exhaustive match
fn take_part(run: &mut Run, happened: &Happened<'_>, event: &RunEvent) {
    let actor = happened.actor.map(|actor| actor.person);
    let (actor_takes_part, signers_take_part) = match event {
        RunEvent::EntryChecked { oversight, .. }
        | RunEvent::HoldLifted { oversight, .. }
        | RunEvent::GatePassed { oversight, .. }
        | RunEvent::Aborted { oversight, .. } => (!oversight, !oversight),
        RunEvent::HoldPlaced { lifted_by_authority, .. } => {
            (lifted_by_authority.family() != Family::Quality, false)
        }
        // A signature on a production step is a part in it, quality's too (rule 1.14).
        RunEvent::StepStarted { .. }
        | RunEvent::StepCompleted { .. }
        | RunEvent::StepChecked { .. }
        | RunEvent::Issued { .. }
        | RunEvent::Started {}
        | RunEvent::OperationStarted { .. }
        | RunEvent::StepFoundRunning { .. }
        | RunEvent::EntryRecorded { .. }
        | RunEvent::ImplausibleValueKept { .. }
        | RunEvent::TrailPointRecorded { .. }
        | RunEvent::EntryAbsent { .. }
        | RunEvent::EntryCorrected { .. }
        | RunEvent::StepNotPerformed { .. }
        | RunEvent::StepTakenBack(_)
        | RunEvent::OperationClosed { .. }
        | RunEvent::AlertsAcknowledged { .. }
        | RunEvent::RiskAccepted { .. }
        | RunEvent::LotYielded { .. }
        | RunEvent::ParentAdded(_)
        | RunEvent::Completed {}
        | RunEvent::AftermathRecorded { .. }
        | RunEvent::DeterminationRecorded(_)
        | RunEvent::DeterminationCorrected(_)
        | RunEvent::AlarmRaised(_)
        | RunEvent::AlarmAcknowledged(_)
        | RunEvent::EmergencyActed(_)
        | RunEvent::OperationEnded(_)
        | RunEvent::HandedOver(_)
        | RunEvent::AmendmentProposed(_) => (true, true),
        RunEvent::Happened(told) => (!told.oversight, false),
        RunEvent::AmendmentDecided(decided) => {
            let production = decided.side == Side::Production;
            (production, production)
        }
        // Exceptions follow from an act that says itself who took part.
        RunEvent::ExceptionOpened(_)
        | RunEvent::StepCheckLapsed { .. }
        | RunEvent::ExceptionNotDeviation { .. }
        | RunEvent::ExceptionsToDeviation { .. }
        | RunEvent::DeviationChanged { .. }
        | RunEvent::RiskRatified { .. }
        | RunEvent::Reviewed { .. }
        | RunEvent::ReviewLapsed { .. }
        | RunEvent::GateWaived { .. }
        | RunEvent::OperationReviewed(_)
        | RunEvent::OperationReviewLapsed(_)
        | RunEvent::LotDecided { .. }
        | RunEvent::ParentRemoved(_)
        | RunEvent::ForeignLotDecided(_)
        | RunEvent::LotFoundToStand(_)
        | RunEvent::NoticeRecorded(_)
        | RunEvent::Addended(_)
        | RunEvent::Closed {}
        | RunEvent::EntryComputed(_)
        | RunEvent::OverdueNoticed(_)
        | RunEvent::ResultInvestigated(_)
        | RunEvent::TestSkipped(_)
        | RunEvent::EmergencyRatified(_)
        | RunEvent::RenditionIssued { .. } => (false, false),
    };
    run.participants.extend(actor.filter(|_| actor_takes_part));
    let signers = happened.signatures.iter().filter(|_| signers_take_part);
    run.participants.extend(signers.map(|signed| signed.person));
    run.participants.extend(performer(event));
}
