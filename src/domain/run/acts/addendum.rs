//! What comes after a record became final: facts are still stored, as addenda with their reason. Requests
//! stay refused.

use super::exception;
use crate::domain::command::EvolveFault;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::permits::{Admitted, GMP, by};
use crate::domain::refusal::words;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
pub use crate::domain::run::notice::Addended;
use crate::domain::run::notice::AddendumRun;
use crate::domain::run::{Phase, Run};
use crate::domain::words::OnCritical;

/// The ruling on a fact, marked as an addendum where the record is final. Without a reason its exception
/// owes it.
#[must_use]
pub fn marked(
    run: &Run,
    mut ruling: Ruling<RunEvent>,
    what: &str,
    reason: Option<&str>,
) -> Ruling<RunEvent> {
    if run.phase != Phase::Closed || ruling.events.is_empty() {
        return ruling;
    }
    let reason = reason.map(words).filter(|reason| !reason.is_empty()).map(str::to_owned);
    let told = u64::try_from(ruling.events.len()).unwrap_or(u64::MAX);
    let opens = |event: &RunEvent| matches!(event, RunEvent::ExceptionOpened(_));
    let opened = ruling.events.iter().filter(|(event, _)| opens(event)).count();
    let no = exception::next_no(run).saturating_add(u32::try_from(opened).unwrap_or(u32::MAX));
    let addendum = u32::try_from(run.addenda.len()).unwrap_or(u32::MAX).saturating_add(1);
    let owes = reason.is_none();
    ruling = ruling.and(RunEvent::Addended(Addended {
        no: addendum,
        what: what.to_owned(),
        entries: (run.seq + 1, run.seq.saturating_add(told)),
        reason,
        exception: owes.then_some(no),
    }));
    if !owes {
        return ruling;
    }
    ruling.and(RunEvent::ExceptionOpened(Opened {
        no,
        kind: ExceptionKind::LateEntry,
        severity: Severity::Minor,
        effect: OnCritical::Continue,
        at: None,
        detail: format!(
            "addendum {addendum} ({what}) came after the record was final: no reason was given; a \
             reason is owed"
        ),
    }))
}

impl Event for Addended {
    const ADMITTED: Admitted = by(GMP);
    const SIGNED: bool = false;

    weighs! {
        _ => "the fact itself counts", Nothing, String::new();
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (at, by) = (written.happened.at, written.who.clone());
        run.addenda.push(AddendumRun { told: self.clone(), at, by });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::nothing()
    }

    fn tell(&self, answer: &mut Told) {
        answer.addendum = Some(self.clone());
    }

    nothing_in!(moves, bears, changed);
}
