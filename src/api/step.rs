//! Steps of a run: begin, complete, verify, leave out; operations: close, acknowledge.

use super::act::{Act, Answer, malformed};
use super::credentials::{Conclusion, Reason, Signed, body};
use super::query::Ordinal;
use super::views::Acted;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::refusal::Refusal;
use crate::domain::run::command::RunCommand;
use actix_web::http::StatusCode;
use actix_web::{post, web};

/// Batch, operation, its occurrence, step, its occurrence.
pub type StepPath = web::Path<(String, String, Ordinal, String, Ordinal)>;

/// Batch, operation, its occurrence.
type OperationPath = web::Path<(String, String, Ordinal)>;

/// The occurrence that a path names.
pub fn step_key(op: &str, n: Ordinal, step: &str, k: Ordinal) -> Result<StepKey, Refusal> {
    let (Ordinal(n), Ordinal(k)) = (n, k);
    format!("{op}~{n}/{step}~{k}").parse().map_err(malformed)
}

fn operation_key(op: &str, Ordinal(n): Ordinal) -> Result<OperationKey, Refusal> {
    format!("{op}~{n}").parse().map_err(malformed)
}

body! {
    /// A comment on the alerts of an operation.
    Comment {
        /// What is said about them.
        comment: String,
    }
}

/// Start a step's occurrence.
///
/// A request: refused when order, a hold, an exception or a gate forbids it; a witness signs where the
/// master record asks for one before the step.
#[utoipa::path(tag = "execution", request_body = Signed,
    responses((status = 201, description = "Begun", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/start")]
pub async fn start(act: Act<Signed>, path: StepPath) -> Answer {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(StatusCode::CREATED, run, move |given| {
        let step = step_key(&op, n, &step, k)?;
        Ok(RunCommand::StartStep { step, expected: given.expected })
    })
    .await
}

/// Complete a step's occurrence.
#[utoipa::path(tag = "execution", request_body = Signed,
    responses((status = 200, description = "Complete", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/completion")]
pub async fn complete(act: Act<Signed>, path: StepPath) -> Answer {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        let step = step_key(&op, n, &step, k)?;
        Ok(RunCommand::CompleteStep { step, expected: given.expected })
    })
    .await
}

/// Verify a completed occurrence: somebody who took no part in it.
#[utoipa::path(tag = "execution", request_body = Signed,
    responses((status = 200, description = "Verified", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/check")]
pub async fn check(act: Act<Signed>, path: StepPath) -> Answer {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        let step = step_key(&op, n, &step, k)?;
        Ok(RunCommand::CheckStep { step, expected: given.expected })
    })
    .await
}

/// Declare an occurrence not performed: a supervisor, with reason and signature.
#[utoipa::path(tag = "execution", request_body = Reason,
    responses((status = 200, description = "Declared", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/not-performed")]
pub async fn not_performed(act: Act<Reason>, path: StepPath) -> Answer {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        let step = step_key(&op, n, &step, k)?;
        Ok(RunCommand::DeclareStepNotPerformed { step, reason: given.body.reason })
    })
    .await
}

/// Take back that an occurrence was found running: reported in error, by who reported it or a supervisor, checked
/// by a second person in the same act. It stays listed, and its exception stays open.
#[utoipa::path(tag = "execution", request_body = Reason,
    responses((status = 200, description = "Taken back", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/taking-back")]
pub async fn take_back(act: Act<Reason>, path: StepPath) -> Answer {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        let step = step_key(&op, n, &step, k)?;
        Ok(RunCommand::TakeBackStep { step, reason: given.body.reason })
    })
    .await
}

/// Close an operation's occurrence.
#[utoipa::path(tag = "execution", request_body = Signed,
    responses((status = 200, description = "Closed", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/closure")]
pub async fn close_operation(act: Act<Signed>, path: OperationPath) -> Answer {
    let (run, op, n) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        let operation = operation_key(&op, n)?;
        Ok(RunCommand::CloseOperation { operation, expected: given.expected })
    })
    .await
}

/// Review a closed occurrence of an operation while the run goes on: quality, signed. Results that are pending
/// are named; those that come and conform lapse nothing.
#[utoipa::path(tag = "quality", request_body = Conclusion,
    responses((status = 200, description = "Reviewed", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/review")]
pub async fn review_operation(act: Act<Conclusion>, path: OperationPath) -> Answer {
    let (run, op, n) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        let operation = operation_key(&op, n)?;
        Ok(RunCommand::ReviewOperation { operation, conclusion: given.body.conclusion })
    })
    .await
}

/// Acknowledge the alerts of an operation's occurrence, once.
#[utoipa::path(tag = "execution", request_body = Comment,
    responses((status = 200, description = "Acknowledged", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/alerts-acknowledgement")]
pub async fn acknowledge(act: Act<Comment>, path: OperationPath) -> Answer {
    let (run, op, n) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        let operation = operation_key(&op, n)?;
        Ok(RunCommand::AcknowledgeAlerts { operation, comment: given.body.comment })
    })
    .await
}
