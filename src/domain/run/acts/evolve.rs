//! Folds a run's entries into its state. No rule lives here; every released event is accepted.

use super::RunEvent;
use super::derive::changes::Change;
use super::event::Part;
use super::issued::issued;
use super::written::Written;
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::recipe::plan::Recipe;
use crate::domain::ruling::typed;
use crate::domain::run::questions::questioning;
use crate::domain::run::tally::Tallies;
use crate::domain::run::{Run, time};

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
    let mut run = match current {
        None => {
            let RunEvent::Issued(told) = &event else {
                return Err(EvolveFault::of(happened, "the run was never issued"));
            };
            let run = issued(happened, told, recipe)?;
            Run { tallies: Tallies::whole(&run), ..run }
        }
        Some(_) if matches!(event, RunEvent::Issued(_)) => {
            return Err(EvolveFault::of(happened, "the run was issued before"));
        }
        Some(run) => run,
    };
    run.seq = happened.seq;
    run.head = happened.link;
    run.last_at = happened.at;
    run.signatures.extend(happened.signatures.iter().cloned());
    take_part(&mut run, happened, &event);
    run.questions.extend(questioning(&run, happened.seq, happened.at, || event.weigh()));
    event.fold(&mut run, &Written::of(happened))?;
    time::keep(&mut run, &event.bears());
    tally(&mut run, event.moves().0);
    Ok(run)
}

/// Keeps the sums of lists as an event leaves them; the event is folded already.
fn tally(run: &mut Run, change: Change<'_>) {
    match change {
        Change::Entry(at) => {
            if let Some(step) = &at.step {
                Tallies::entry(run, step, &at.entry);
            }
        }
        Change::WholeStep(key) => Tallies::step(run, key),
        Change::Recipe => run.tallies = Tallies::whole(run),
        Change::Nothing | Change::Step(_) | Change::Operation(_) | Change::Beside => {}
    }
}

/// Accumulates everyone who performed, recorded, checked, corrected or directed production work.
/// Never recomputed from current values: those forget.
fn take_part(run: &mut Run, happened: &Happened<'_>, event: &RunEvent) {
    let part = event.part();
    let actor = happened.actor.map(|actor| actor.person);
    run.participants.extend(actor.filter(|_| part != Part::None));
    let signers = happened.signatures.iter().filter(|_| part == Part::All);
    run.participants.extend(signers.map(|signed| signed.person));
    run.participants.extend(event.performer());
}
