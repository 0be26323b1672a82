//! Exceptions of a run: found, standing, settled, numbered. Questions, no act.

use super::act::no_such;
use crate::domain::command::EvolveFault;
use crate::domain::exception::{Exception, ExceptionKind, Opened, Severity, Triage};
use crate::domain::limits::{Purpose, Side};
use crate::domain::permits::{ANYONE, Admitted, or_system};
use crate::domain::refusal::Refusal;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::written::Written;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::REQUESTER_IS_APPROVER;
use crate::domain::run::{EntryVersion, Phase, Run};
use crate::domain::words::OnCritical;

/// Phases in which quality may triage.
pub const TRIAGE_PHASES: &[Phase] =
    &[Phase::Running, Phase::Complete, Phase::Reviewed, Phase::Closed, Phase::Aborted];

/// An exception by number.
///
/// # Errors
/// `no-such-part`.
pub fn find(run: &Run, no: u32) -> Result<&Exception, Refusal> {
    run.exceptions
        .iter()
        .find(|exception| exception.opened.no == no)
        .ok_or_else(|| no_such(run, &format!("exception {no}")))
}

/// Nobody decides about an exception that their own act opened (F30).
///
/// # Errors
/// `requester-is-approver`.
pub fn not_its_opener(exception: &Exception, facts: &RunFacts<'_>) -> Result<(), Refusal> {
    if exception.by.person == Some(facts.actor.id) {
        let no = exception.opened.no;
        let detail = format!("{}'s own act opened exception {no}", facts.actor.user_name);
        return Err(Refusal::new(&REQUESTER_IS_APPROVER, detail));
    }
    Ok(())
}

/// Whether a version of an entry is outside an acceptance limit.
#[must_use]
pub fn outside_acceptance(version: &EntryVersion) -> bool {
    version.verdicts.iter().any(|v| v.purpose == Purpose::Acceptance && v.side != Side::Within)
}

/// How an exception stands as to going on and to release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has decided.
    Untriaged,
    /// Decided as no deviation.
    NotDeviation,
    /// In a deviation.
    InDeviation {
        /// Its impact is concluded: the process may go on.
        concluded: bool,
        /// It is closed: the lot may be released.
        closed: bool,
    },
}

/// How an exception stands.
#[must_use]
pub fn standing(run: &Run, exception: &Exception) -> Standing {
    match &exception.triage {
        None => Standing::Untriaged,
        Some((_, Triage::NotDeviation { .. })) => Standing::NotDeviation,
        Some((_, Triage::Deviation { number, .. })) => {
            let link = run.deviations.get(number);
            let closed = link.is_some_and(|link| link.closed);
            let concluded = closed || link.is_some_and(|link| link.impact_concluded);
            Standing::InDeviation { concluded, closed }
        }
    }
}

/// Whether an exception no longer stands in the way of going on.
#[must_use]
pub fn lets_go_on(run: &Run, exception: &Exception) -> bool {
    matches!(
        standing(run, exception),
        Standing::NotDeviation | Standing::InDeviation { concluded: true, .. }
    )
}

/// How quality settled an exception for good: as no deviation, or in a deviation that is closed.
#[must_use]
pub fn settled(run: &Run, exception: &Exception) -> Option<String> {
    let said = match (&exception.triage.as_ref()?.1, standing(run, exception)) {
        (Triage::NotDeviation { rationale, signed, second }, _) => {
            let by: String = [signed, second]
                .into_iter()
                .flatten()
                .map(|signed| {
                    let at = signed.at.shown_short(&signed.zone);
                    format!("; {} at {at}", signed.printed_name)
                })
                .collect();
            format!("decided as not a deviation: {rationale}{by}")
        }
        (Triage::Deviation { number, .. }, Standing::InDeviation { closed: true, .. }) => {
            format!("in deviation {number}, which is closed")
        }
        _ => return None,
    };
    Some(format!("exception {} {said}", exception.opened.no))
}

/// The number the next exception of the run gets.
#[must_use]
pub fn next_no(run: &Run) -> u32 {
    u32::try_from(run.exceptions.len()).unwrap_or(u32::MAX).saturating_add(1)
}

/// The event that opens the next exception of the run, on nothing smaller than the run.
#[must_use]
pub fn opens(
    run: &Run,
    kind: ExceptionKind,
    severity: Severity,
    effect: OnCritical,
    detail: String,
) -> RunEvent {
    RunEvent::ExceptionOpened(Opened { no: next_no(run), kind, severity, effect, at: None, detail })
}

/// A decision as people read it.
#[must_use]
pub fn triage_word(triage: &Triage) -> String {
    match triage {
        Triage::NotDeviation { .. } => "decided as not a deviation".into(),
        Triage::Deviation { number, .. } => format!("in deviation {number}"),
    }
}

impl Event for Opened {
    const ADMITTED: Admitted = or_system(ANYONE);
    const SIGNED: bool = false;

    weighs! {
    opened if grave(opened) => "critical, or out of specification", Blocks, said(opened);
    opened => "any other", Shown, said(opened);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        run.exceptions.push(Exception {
            opened: self.clone(),
            at: written.happened.at,
            by: written.opener(run, self.no),
            seq: written.happened.seq,
            triage: None,
        });
        Ok(())
    }

    fn part(&self) -> Part {
        // It follows from an act that says itself who took part.
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        let cause = format!("exception {} opened", self.no);
        (self.at.as_ref().map_or(Lapses::FinalOnly, Lapses::entry), cause)
    }

    fn tell(&self, answer: &mut Told) {
        answer.exceptions.push(self.clone())
    }

    nothing_in!(moves, bears, changed);
}

/// An exception that may mean harm: critical, or out of specification.
fn grave(opened: &Opened) -> bool {
    opened.severity == Severity::Critical || opened.kind == ExceptionKind::OutOfSpecification
}

fn said(opened: &Opened) -> String {
    let (severity, kind) = (opened.severity.as_str(), opened.kind.as_str());
    format!("{severity} exception {} ({kind}): {}", opened.no, opened.detail)
}
