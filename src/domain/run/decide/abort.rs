//! Abort: stops a run for good, keeps everything, and leaves samples, destruction and
//! decontamination recordable (F12, T39). No run is aborted while a lot of it is released.

use super::act::{may, no_such, phase, sign};
use super::exception::opens;
use crate::domain::act::said;
use crate::domain::command::Stamp;
use crate::domain::disposition::Disposition;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::facts::LotFacts;
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::lot_refusal::RELEASED_LOTS;
use crate::domain::run::quality_refusal::AFTERMATH_KIND;
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;
use crate::domain::words::OnCritical;

/// What may be recorded after an abort.
pub const AFTERMATH_KINDS: &[&str] = &["sample", "destruction", "decontamination"];

/// Stops a run for good, signed, by production (*supervise*) or quality (*hold*). Lots that are released
/// are withdrawn in the same act, by somebody who holds *release* too and names each of them
/// (`cross/withdraw.rs`); else they are withdrawn first.
///
/// # Errors
/// Authority, phase, a missing reason or signature, `no-such-part`, `released-lots`.
pub fn abort(
    run: &Run,
    facts: &RunFacts<'_>,
    reason: &str,
    withdraw: &[String],
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Supervise, Authority::Hold])?;
    phase(run, &[Phase::Issued, Phase::Running, Phase::Complete], "abort it")?;
    said(reason, "reason")?;
    let released = released(run, facts);
    none_left(run, facts, &released, withdraw)?;
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
    let mut ruling = Ruling::signed(permit, event, signatures).and(opened);
    // No moment has an aborted run with a released lot.
    let withdrawn = released.iter().map(|lot| {
        let (disposition, lot_seq) = (Disposition::Withdrawn.as_str().to_owned(), lot.seq + 1);
        (RunEvent::LotDecided { lot: lot.number.to_owned(), disposition, lot_seq }, Vec::new())
    });
    ruling.events.splice(0..0, withdrawn);
    Ok(ruling)
}

/// The lots of a run that are released now.
fn released<'a>(run: &Run, facts: &RunFacts<'a>) -> Vec<LotFacts<'a>> {
    let of_run = facts.lots.iter().filter(|lot| lot.run == run.key);
    of_run.copied().filter(|lot| lot.disposition() == Disposition::Released).collect()
}

/// Every released lot is named by somebody who may withdraw it.
fn none_left(
    run: &Run,
    facts: &RunFacts<'_>,
    released: &[LotFacts<'_>],
    withdraw: &[String],
) -> Result<(), Refusal> {
    let is_released = |number: &String| released.iter().any(|lot| lot.number == *number);
    if let Some(other) = withdraw.iter().find(|number| !is_released(number)) {
        return Err(no_such(run, &format!("released lot {other}")));
    }
    // What the run's own chain says counts too: a lot that was not read is not passed over.
    let links = run.lots.iter().filter(|link| link.disposition == "released");
    let mut left: Vec<String> = links.map(|link| link.number.clone()).collect();
    left.extend(released.iter().map(|lot| lot.number.to_owned()));
    left.sort();
    left.dedup();
    let may_withdraw = may(run, facts, &[Authority::Release]).is_ok();
    left.retain(|number| !(may_withdraw && withdraw.contains(number)));
    if left.is_empty() {
        return Ok(());
    }
    let detail = format!("released: {}", left.join(", "));
    Err(Refusal::new(&RELEASED_LOTS, detail).missing(left))
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
    if run.aborted.is_none() {
        phase(run, &[Phase::Aborted], "record what followed an abort")?;
    }
    if !AFTERMATH_KINDS.contains(&kind) {
        return Err(Refusal::new(&AFTERMATH_KIND, format!("{kind:?} is not one of them")));
    }
    said(text, "text")?;
    let event = RunEvent::AftermathRecorded { kind: kind.to_owned(), text: text.to_owned() };
    Ok(Ruling::of(permit, event))
}
