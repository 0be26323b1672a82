//! What changes for one batch alone: operations ended early, redlines, reprocessing, rework.

use super::act::{Act, Asking, malformed};
use super::credentials::body;
use super::query::Ordinal;
use super::told::{Asked, Changed, Made, Shown};
use crate::app::answer::RunAnswer;
use crate::app::desk::Failure;
use crate::app::shown::floor::{AmendmentsView, amendments};
use crate::domain::run::amendment::Change;
use crate::domain::run::command::RunCommand;
use crate::domain::run::floor::EndingKind;
use actix_web::web;
use serde::Deserialize;
use utoipa::ToSchema;

/// How an operation ends before its time.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EndingSent {
    /// Ended before the master record's minimum: what was not begun is no longer owed.
    EarlyEnd,
    /// Part of it was harvested; the rest goes on.
    PartialHarvest,
}

body! {
    /// A declared decision about an operation.
    EndOperation {
        /// Which.
        kind: EndingSent,
        /// Why, and what it means.
        reason: String,
    }
}

body! {
    /// A change of this batch alone.
    Propose {
        /// `{kind: instruction, step, instruction}`, `{kind: entry, step, entry}`,
        /// `{kind: reprocess, operation, times}` or `{kind: rework, unit_procedure, operation}`.
        #[schema(value_type = Object)]
        change: serde_json::Value,
        /// Why.
        reason: String,
        /// What it means for the quality of the product.
        assessment: String,
    }
}

body! {
    /// One side's decision on a change.
    DecideChange {
        /// Approved, or refused for good.
        approved: bool,
        /// Why.
        conclusion: String,
    }
}

pub async fn end_operation(
    act: Act<EndOperation>,
    path: web::Path<(String, String, Ordinal)>,
) -> Changed<RunAnswer> {
    let (run, op, Ordinal(n)) = path.into_inner();
    act.on_run(run, move |given| {
        let operation = format!("{op}~{n}").parse().map_err(malformed)?;
        let kind = match given.body.kind {
            EndingSent::EarlyEnd => EndingKind::EarlyEnd,
            EndingSent::PartialHarvest => EndingKind::PartialHarvest,
        };
        Ok(RunCommand::EndOperation { operation, kind, reason: given.body.reason })
    })
    .await
}

pub async fn list(asking: Asking, number: web::Path<String>) -> Asked<AmendmentsView> {
    let (view, seq) = asking
        .ask(move |desk, caller| {
            let state = desk.run(caller, &number)?;
            let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
            Ok((amendments(run), run.seq))
        })
        .await?;
    Ok(Shown::at(view, seq))
}

pub async fn propose(act: Act<Propose>, number: web::Path<String>) -> Made<RunAnswer> {
    act.on_run(number.into_inner(), |given| {
        let Propose { change, reason, assessment, .. } = given.body;
        let read = serde_json::from_value::<Change>(change);
        let change = read.map_err(|fault| malformed(format!("change: {fault}")))?;
        Ok(RunCommand::ProposeAmendment { change, reason, assessment })
    })
    .await
}

pub async fn decide(
    act: Act<DecideChange>,
    path: web::Path<(String, Ordinal)>,
) -> Changed<RunAnswer> {
    let (run, Ordinal(no)) = path.into_inner();
    act.on_run(run, move |given| {
        let DecideChange { approved, conclusion, .. } = given.body;
        Ok(RunCommand::DecideAmendment { no, approved, conclusion })
    })
    .await
}
