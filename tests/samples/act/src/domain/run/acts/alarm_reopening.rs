//! An acknowledgement is taken back: the alarm is owed again.

use crate::domain::permits::{Admitted, by};
use super::act::{may, no_such};
use crate::domain::act::said;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::policy::Authority;
use crate::domain::refusal::{Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::derive::changes::Change;
use crate::domain::run::acts::event::{Event, Moves, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::written::Written;
use crate::domain::run::facts::RunFacts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Request: take back that an alarm was acknowledged.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenAlarm {
    /// Which.
    #[schema(ignore)]
    pub no: u32,
    /// Why.
    pub reason: String,
}

impl Order for ReopenAlarm {
    const NAME: &'static str = "reopen-alarm";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        _: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let permit = may(run, facts, &[Authority::Supervise])?;
        let mut alarms = run.alarms.iter();
        let acknowledged = alarms.any(|it| it.told.no == self.no && it.acknowledged.is_some());
        if !acknowledged {
            return Err(no_such(run, &format!("acknowledged alarm {}", self.no)));
        }
        said(&self.reason, "reason")?;
        let reason = words(&self.reason).to_owned();
        Ok(Ruling::of(permit, AlarmReopened { no: self.no, reason }.into()))
    }

    order_of!(run, alone, request, unversioned);
}

/// That an alarm was acknowledged was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmReopened {
    /// Which.
    pub no: u32,
    /// Why.
    pub reason: String,
}

impl From<AlarmReopened> for RunEvent {
    fn from(told: AlarmReopened) -> Self {
        Self::AlarmReopened(told)
    }
}

impl Event for AlarmReopened {
    const ADMITTED: Admitted = by(&[Authority::Supervise]);
    const SIGNED: bool = false;

    weighs! {
        Self { no, reason } => "", Shown, format!("alarm {no} is owed again: {reason}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let alarm = run.alarms.find_mut(|alarm| alarm.told.no == self.no);
        alarm.ok_or_else(|| written.fault("reopens an unknown alarm"))?.acknowledged = None;
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (Lapses::FinalOnly, format!("alarm {} is owed again", self.no))
    }

    fn moves(&self) -> Moves<'_> {
        (Change::Beside, Some(format!("alarm {} is owed again", self.no)))
    }

    fn tell(&self, answer: &mut Told) {
        answer.alarm = Some(self.no);
    }

    nothing_in!(bears, changed);
}
