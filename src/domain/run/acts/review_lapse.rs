//! A review lapses because something changed that it covered.

use crate::domain::command::EvolveFault;
use crate::domain::permits::{ANYONE, Admitted, or_system};
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses;
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
pub use crate::domain::run::operation_review::OperationReviewLapsed;
use crate::domain::run::{Phase, Run};
use serde::{Deserialize, Serialize};

impl Event for OperationReviewLapsed {
    const ADMITTED: Admitted = or_system(ANYONE);
    const SIGNED: bool = false;

    weighs! {
        _ => "its cause questions by itself", Nothing, String::new();
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let reviews = written.operation_reviews(run, &self.operation)?;
        if let Some(review) = reviews.last_mut() {
            review.lapsed = Some((written.happened.seq, self.cause.clone()));
        }
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::nothing()
    }

    fn changed(&self) -> Changed<'_> {
        Changed::operation(&self.operation)
    }

    nothing_in!(moves, bears);
}

/// The standing review lapsed because something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewLapsed {
    /// Why.
    pub cause: String,
}

impl Event for ReviewLapsed {
    const ADMITTED: Admitted = or_system(ANYONE);
    const SIGNED: bool = false;

    weighs! {
        _ => "its cause questions by itself", Nothing, String::new();
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        if let Some(review) = run.reviews.last_mut() {
            review.lapsed = Some((written.happened.seq, self.cause.clone()));
        }
        // What is final or aborted stays so: its review is owed again, no more.
        if run.phase == Phase::Reviewed {
            run.phase = Phase::Complete;
        }
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::nothing()
    }

    nothing_in!(moves, bears, changed);
}
