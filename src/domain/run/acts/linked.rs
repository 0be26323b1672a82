//! What a deviation that concerns the run says to it.

use crate::domain::command::EvolveFault;
use crate::domain::exception::Triage;
use crate::domain::ids::RecordKey;
use crate::domain::permits::{Admitted, GMP, by};
use crate::domain::policy::Authority;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses;
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::written::Written;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{DeviationLink, Run};
use serde::{Deserialize, Serialize};

/// Exceptions became a deviation, or joined one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionsToDeviation {
    /// Which.
    pub exceptions: Vec<u32>,
    /// The deviation's number.
    pub deviation: String,
    pub record: RecordKey,
}

impl Event for ExceptionsToDeviation {
    const ADMITTED: Admitted = by(&[Authority::Triage]);
    const SIGNED: bool = true;

    weighs! {
        Self { deviation, .. } => "", Shown, format!("deviation {deviation} concerns this batch");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        for no in &self.exceptions {
            let (signed, second) = (written.first_signed(), written.second_signed());
            let triage = Triage::Deviation { number: self.deviation.clone(), signed, second };
            written.exception(run, *no)?.triage = Some((written.happened.at, triage));
        }
        let link = run.deviations.entry(self.deviation.clone()).or_insert(DeviationLink {
            record: self.record,
            exceptions: Vec::new(),
            closed: false,
            impact_concluded: false,
        });
        link.exceptions.extend(&self.exceptions);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, run: &Run) -> Lapsing {
        let Self { exceptions, deviation, .. } = self;
        (lapses::about(run, exceptions), format!("exceptions became part of deviation {deviation}"))
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Triage(&self.exceptions)
    }

    nothing_in!(moves, changed);
}

/// A linked deviation changed: impact concluded, closed, reopened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviationChanged {
    /// Number.
    pub deviation: String,
    /// What happened there.
    pub what: String,
    /// Whether its impact conclusion lets the process go on.
    pub impact_concluded: bool,
    /// Whether it is closed.
    pub closed: bool,
}

impl Event for DeviationChanged {
    const ADMITTED: Admitted = by(GMP);
    const SIGNED: bool = false;

    weighs! {
        Self { impact_concluded: true, .. } | Self { closed: true, .. } =>
            "concluded or closed", Nothing, String::new();
        Self { deviation, what, .. } =>
            "open again", Shown, format!("deviation {deviation}: {what}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let link = run.deviations.get_mut(&self.deviation);
        let link =
            link.ok_or_else(|| written.fault(format!("{} is not linked", self.deviation)))?;
        link.impact_concluded = self.impact_concluded;
        link.closed = self.closed;
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        match self {
            Self { impact_concluded: true, .. } => lapses::nothing(),
            Self { deviation, what, .. } => {
                (Lapses::FinalOnly, format!("deviation {deviation}: {what}"))
            }
        }
    }

    nothing_in!(moves, bears, changed);
}
