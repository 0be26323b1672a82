//! A batch in parts: its outline, and its steps so many at a time.

use super::act::Asking;
use super::query::known;
use super::told::{Asked, Shown};
use crate::app::run::parts::StepsQuestion;
use crate::app::shown::parts::{OutlineView, StepPage};
use crate::domain::ids::StepKey;
use crate::domain::run::StepPhase;
use crate::http::problem::Porch;
use actix_web::web;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which steps.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StepsQuery {
    /// Of this operation, in all its occurrences or in one, as in `OP-01` or `OP-01~1`.
    #[param(example = "OP-01~1")]
    operation: Option<String>,
    /// Occurrences of this step.
    #[param(example = "01.2")]
    step: Option<String>,
    /// `started`, `found-running`, `complete` or `not-performed`.
    phase: Option<String>,
    /// Behind this occurrence: the `next` of the part before.
    #[param(example = "OP-01~1/01.2~3")]
    after: Option<String>,
    /// At most so many (1 to 200; absent: 50).
    limit: Option<usize>,
}

pub async fn outline(asking: Asking, number: web::Path<String>) -> Asked<OutlineView> {
    let (view, seq) = asking.ask(move |desk, caller| desk.outline(caller, &number)).await?;
    Ok(Shown::at(view, seq))
}

pub async fn steps(
    asking: Asking,
    number: web::Path<String>,
    query: web::Query<StepsQuery>,
) -> Asked<StepPage> {
    let StepsQuery { operation, step, phase, after, limit } = query.into_inner();
    let phase = known::<StepPhase>("phase", phase.as_deref())?;
    let after = after.map(|text| text.parse::<StepKey>()).transpose();
    let after = after.map_err(|why| Porch::Unreadable.problem(format!("after: {why}")))?;
    let question = StepsQuestion { operation, step, phase, after, limit: limit.unwrap_or(0) };
    let (page, seq) =
        asking.ask(move |desk, caller| desk.steps(caller, &number, &question)).await?;
    Ok(Shown::at(page, seq))
}
