//! Orders for changes of one batch alone, and that one was proposed or decided.

use super::{decide, propose};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::written::Written;
use crate::domain::run::amendment::{
    AmendmentDecided, AmendmentProposed, AmendmentRun, Change, Side, applied,
};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::time::kept::Bears;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Request: propose a one-batch change.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeAmendment {
    /// `{kind: instruction, step, instruction}`, `{kind: entry, step, entry}`,
    /// `{kind: reprocess, operation, times}` or `{kind: rework, unit_procedure, operation}`.
    #[schema(value_type = Object)]
    pub change: Change,
    /// Why.
    pub reason: String,
    /// What it means for the quality of the product.
    pub assessment: String,
}

impl Order for ProposeAmendment {
    const NAME: &'static str = "propose-amendment";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        propose(run, facts, &self.change, &self.reason, &self.assessment, stamp)
    }

    order_of!(run, alone, request, unversioned);
}

/// Request: approve or refuse a one-batch change for one side.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideAmendment {
    /// Which.
    #[schema(ignore)]
    pub no: u32,
    /// Approved, or refused for good.
    pub approved: bool,
    /// Why.
    pub conclusion: String,
}

impl Order for DecideAmendment {
    const NAME: &'static str = "decide-amendment";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        decide(run, facts, self.no, self.approved, &self.conclusion, stamp)
    }

    order_of!(run, alone, request, unversioned);
}

impl Event for AmendmentProposed {
    const ADMITTED: Admitted = by(&[Authority::Supervise, Authority::Evaluate]);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        run.amendments.push(AmendmentRun {
            told: self.clone(),
            at: written.happened.at,
            by: written.who.clone(),
            decisions: Vec::new(),
            in_force: None,
        });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (Lapses::FinalOnly, format!("change {} was proposed", self.no))
    }

    fn tell(&self, answer: &mut Told) {
        answer.amendment = Some(self.no)
    }

    nothing_in!(moves, bears, changed);
}

impl Event for AmendmentDecided {
    const ADMITTED: Admitted = by(&[Authority::Supervise, Authority::ApproveMaster]);
    const SIGNED: bool = true;

    weighs! {
        told if told.takes_effect =>
            "a change takes effect", Shown, format!("change {} took effect", told.no);
        _ => "none takes effect", Nothing, String::new();
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let at = written.happened.at;
        let found = run.amendments.find_mut(|change| change.told.no == self.no);
        let change = found.ok_or_else(|| written.fault("decides an unknown change"))?;
        change.decisions.push((self.clone(), at, written.first_signed()));
        if self.takes_effect {
            change.in_force = Some(at);
            let changed = applied(&run.recipe, &change.told.change);
            run.recipe = Arc::new(changed.map_err(|detail| written.fault(detail))?).into();
        }
        Ok(())
    }

    fn part(&self) -> Part {
        Part::unless(self.side != Side::Production)
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (Lapses::FinalOnly, format!("change {} was decided", self.no))
    }

    fn moves(&self) -> Moves<'_> {
        match self {
            told if told.takes_effect => {
                (changes::Change::Recipe, Some(format!("change {} took effect", told.no)))
            }
            _ => (changes::Change::Nothing, None),
        }
    }

    fn bears(&self) -> Bears<'_> {
        match self {
            told if told.takes_effect => Bears::Everything,
            _ => Bears::Nothing,
        }
    }

    nothing_in!(changed);
}
