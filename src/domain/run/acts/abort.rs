//! Abort: stops a run for good, keeps everything, and leaves samples, destruction and
//! decontamination recordable (F12, T39). No run is aborted while a lot of it is released.

use super::act::{may, no_such, phase, sign};
use super::exception::opens;
use crate::domain::act::said;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::disposition::Disposition;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::facts::LotFacts;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Beside, Late, Order, order_of};
use crate::domain::run::acts::outcome::LotDecided;
use crate::domain::run::acts::written::Written;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::lot_refusal::RELEASED_LOTS;
use crate::domain::run::quality_refusal::AFTERMATH_KIND;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;
use crate::domain::words::OnCritical;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    let event = RunEvent::Aborted(Aborted { reason: reason.to_owned(), oversight });
    let mut ruling = Ruling::signed(permit, event, signatures).and(opened);
    // No moment has an aborted run with a released lot.
    let withdrawn = released.iter().map(|lot| {
        let (disposition, lot_seq) = (Disposition::Withdrawn.as_str().to_owned(), lot.seq + 1);
        (
            RunEvent::LotDecided(LotDecided { lot: lot.number.to_owned(), disposition, lot_seq }),
            Vec::new(),
        )
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
    let event = RunEvent::AftermathRecorded(AftermathRecorded {
        kind: kind.to_owned(),
        text: text.to_owned(),
    });
    Ok(Ruling::of(permit, event))
}

/// Report: something done after an abort.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordAftermath {
    /// `sample`, `destruction` or `decontamination`.
    #[schema(pattern = "^(sample|destruction|decontamination)$")]
    pub kind: String,
    /// What was done.
    pub text: String,
}

impl Order for RecordAftermath {
    const NAME: &'static str = "record-aftermath";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        record_aftermath(run, facts, &self.kind, &self.text, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(None)
    }

    order_of!(run, alone, unversioned);
}

/// Stop for good, and withdraw every lot of the run that is released: by quality, in one act.
#[derive(Debug, Clone)]
pub struct AbortAndWithdraw {
    /// Why.
    pub reason: String,
    /// Numbers of the lots.
    pub withdraw: Vec<String>,
}

impl Order for AbortAndWithdraw {
    const NAME: &'static str = "abort-run-and-withdraw-lots";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        abort(run, facts, &self.reason, &self.withdraw, stamp)
    }

    fn beside(&self) -> Beside {
        Beside::Linked
    }

    order_of!(run, request, unversioned);
}

/// Stop for good.
#[derive(Debug, Clone)]
pub struct AbortRun {
    /// Why.
    pub reason: String,
}

impl Order for AbortRun {
    const NAME: &'static str = "abort-run";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        abort(run, facts, &self.reason, &[], stamp)
    }

    fn beside(&self) -> Beside {
        Beside::Linked
    }

    order_of!(run, request, unversioned);
}

/// Stopped for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aborted {
    /// Why.
    pub reason: String,
    /// Quality decided it: oversight is no part in the work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oversight: bool,
}

impl Event for Aborted {
    const ADMITTED: Admitted = by(&[Authority::Supervise, Authority::Hold]);
    const SIGNED: bool = true;

    weighs! {
        Self { reason, .. } => "", Blocks, format!("the run was aborted: {reason}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        run.aborted = Some((written.happened.at, self.reason.clone()));
        run.phase = Phase::Aborted;
        Ok(())
    }

    fn part(&self) -> Part {
        Part::unless(self.oversight)
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (Lapses::FinalOnly, "the run was aborted".into())
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Everything
    }

    nothing_in!(moves, changed);
}

/// Something done after an abort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AftermathRecorded {
    /// `sample`, `destruction` or `decontamination`.
    pub kind: String,
    /// What was done.
    pub text: String,
}

impl Event for AftermathRecorded {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { kind, text } => "", Shown, format!("{kind} after the abort: {text}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (at, by) = (written.happened.at, written.who.clone());
        run.aftermath.push((at, by, self.kind.clone(), self.text.clone()));
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        let Self { kind, .. } = self;
        (Lapses::FinalOnly, format!("{kind} was recorded after the abort"))
    }

    nothing_in!(moves, bears, changed);
}
