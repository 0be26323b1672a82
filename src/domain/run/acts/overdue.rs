//! A limit of time ran out, and it was noticed.

use super::time;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::permits::{ANYONE, Admitted, or_system};
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::written::Written;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::timing::Noticed;
pub use crate::domain::run::timing::OverdueNoticed;

/// The system (or anybody): notice what ran out.
#[derive(Debug, Clone)]
pub struct NoticeOverdue {}

impl Order for NoticeOverdue {
    const NAME: &'static str = "notice-overdue";

    fn decide(
        &self,
        run: &Run,
        _: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        Ok(time::notice(run, stamp))
    }

    order_of!(run, alone, request, unversioned);
}

impl Event for OverdueNoticed {
    const ADMITTED: Admitted = or_system(ANYONE);
    const SIGNED: bool = false;

    weighs! {
        told => "", Shown, format!("{} ran out", told.limit);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (due, at, exception) = (self.due, written.happened.at, self.exception);
        run.noticed.insert(self.limit.clone(), Noticed { due, at, exception });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        let lapses = self.step.as_ref().map_or(Lapses::FinalOnly, Lapses::step);
        (lapses, format!("a limit of time ran out: {}", self.what))
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Noticed(&self.limit)
    }

    nothing_in!(moves, changed);
}
