//! Abort: stops a run for good, keeps everything, and leaves samples, destruction and
//! decontamination recordable (F12, T39).

use super::RunFacts;
use super::act::{may, phase, said, sign};
use super::exception::opens;
use crate::domain::command::Stamp;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::master::OnCritical;
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::event::RunEvent;
use crate::domain::run::quality_refusal::AFTERMATH_KIND;
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;

/// What may be recorded after an abort.
pub const AFTERMATH_KINDS: &[&str] = &["sample", "destruction", "decontamination"];

/// Stops a run for good, signed, by production (*supervise*) or quality (*hold*).
///
/// # Errors
/// Authority, phase, a missing reason or signature.
pub fn abort(
    run: &Run,
    facts: &RunFacts<'_>,
    reason: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Supervise, Authority::Hold])?;
    phase(run, &[Phase::Issued, Phase::Running, Phase::Complete], "abort it")?;
    said(reason, "reason")?;
    let signatures = sign(facts, stamp, &permit, Meaning::Aborted)?;
    let opened = opens(
        run,
        ExceptionKind::Aborted,
        Severity::Critical,
        OnCritical::Continue,
        format!("run {} was aborted: {reason}", run.number),
    );
    let oversight = permit.authority == Some(Authority::Hold);
    let event = RunEvent::Aborted { reason: reason.to_owned(), oversight };
    Ok(Ruling::signed(permit, event, signatures).and(opened))
}

/// Records something done after an abort. A report: it is stored whatever state the rest is in.
///
/// # Errors
/// Authority to record, phase, an unknown kind, an empty text.
pub fn record_aftermath(
    run: &Run,
    facts: &RunFacts<'_>,
    kind: &str,
    text: &str,
    _stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Execute, Authority::Supervise, Authority::Test])?;
    phase(run, &[Phase::Aborted], "record what followed an abort")?;
    if !AFTERMATH_KINDS.contains(&kind) {
        return Err(Refusal::new(&AFTERMATH_KIND, format!("{kind:?} is not one of them")));
    }
    said(text, "text")?;
    let event = RunEvent::AftermathRecorded { kind: kind.to_owned(), text: text.to_owned() };
    Ok(Ruling::of(permit, event))
}
