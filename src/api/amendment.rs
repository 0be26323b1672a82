//! What changes for one batch alone: operations ended early, redlines, reprocessing, rework.

use super::act::{Act, Answer, Asking, malformed, shown};
use super::credentials::body;
use super::query::Ordinal;
use super::views::Acted;
use super::views::floor::{AmendmentsView, amendments};
use crate::app::desk::Failure;
use crate::domain::run::amendment::Change;
use crate::domain::run::command::RunCommand;
use crate::domain::run::floor::EndingKind;
use actix_web::http::StatusCode;
use actix_web::{get, post, web};
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

/// End an operation's occurrence early, or declare a partial harvest: a supervisor, signed.
#[utoipa::path(tag = "execution", request_body = EndOperation,
    responses((status = 200, description = "Declared", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/ending")]
pub async fn end_operation(
    act: Act<EndOperation>,
    path: web::Path<(String, String, Ordinal)>,
) -> Answer {
    let (run, op, Ordinal(n)) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        let operation = format!("{op}~{n}").parse().map_err(malformed)?;
        let kind = match given.body.kind {
            EndingSent::EarlyEnd => EndingKind::EarlyEnd,
            EndingSent::PartialHarvest => EndingKind::PartialHarvest,
        };
        Ok(RunCommand::EndOperation { operation, kind, reason: given.body.reason })
    })
    .await
}

/// Every change of this batch alone, with what stood there before.
#[utoipa::path(tag = "batches",
    responses((status = 200, description = "The changes", body = AmendmentsView)))]
#[get("/batches/{number}/amendments")]
pub async fn list(asking: Asking, number: web::Path<String>) -> Answer {
    let (view, seq) = asking
        .ask(move |desk, caller| {
            let state = desk.run(caller, &number)?;
            let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
            Ok((amendments(run), run.seq))
        })
        .await?;
    Ok(shown(&view, Some(seq)))
}

/// Propose a change of this batch alone: a redline of a step not yet begun, reprocessing, rework.
#[utoipa::path(tag = "batches", request_body = Propose,
    responses((status = 201, description = "Proposed", body = Acted)))]
#[post("/batches/{number}/amendments")]
pub async fn propose(act: Act<Propose>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::CREATED, number.into_inner(), |given| {
        let Propose { change, reason, assessment, .. } = given.body;
        let read = serde_json::from_value::<Change>(change);
        let change = read.map_err(|fault| malformed(format!("change: {fault}")))?;
        Ok(RunCommand::ProposeAmendment { change, reason, assessment })
    })
    .await
}

/// Approve or refuse a change for production or for quality. With the second approval it is in force.
#[utoipa::path(tag = "batches", request_body = DecideChange,
    responses((status = 200, description = "Decided", body = Acted)))]
#[post("/batches/{number}/amendments/{no}/decisions")]
pub async fn decide(act: Act<DecideChange>, path: web::Path<(String, Ordinal)>) -> Answer {
    let (run, Ordinal(no)) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        let DecideChange { approved, conclusion, .. } = given.body;
        Ok(RunCommand::DecideAmendment { no, approved, conclusion })
    })
    .await
}
