//! The site's clock was set back while the run was under way: times of the run fall there, once.

use crate::domain::clock::Instant;
use crate::domain::command::EvolveFault;
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::Authority;
use crate::domain::run::Run;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::written::Written;
use crate::domain::run::timing::SetBack;
use serde::{Deserialize, Serialize};

/// Administrator and quality had site time follow a clock that was set back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSetBack {
    /// By how many microseconds, negative.
    pub by: i64,
    /// The newest time of the run before.
    pub before: Instant,
}

impl Event for ClockSetBack {
    const ADMITTED: Admitted =
        by(&[Authority::Administer, Authority::Review, Authority::Triage, Authority::Release]);
    const SIGNED: bool = false;

    weighs! {
        told => "", Shown, format!("the clock was set back by {} µs", told.by.saturating_abs());
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        run.set_back.push(SetBack { before: self.before, after: written.happened.at });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (Lapses::FinalOnly, "the site's clock was set back".to_owned())
    }

    nothing_in!(moves, bears, changed);
}
