//! Steps of a run: begin, complete, verify, leave out; operations: close, acknowledge.

use super::act::{Act, malformed};
use super::credentials::{Conclusion, Reason, Signed, body};
use super::query::Ordinal;
use super::told::{Changed, Made};
use crate::app::answer::RunAnswer;
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::refusal::Refusal;
use crate::domain::run::command::RunCommand;
use actix_web::web;

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

pub async fn start(act: Act<Signed>, path: StepPath) -> Made<RunAnswer> {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(run, move |given| {
        let step = step_key(&op, n, &step, k)?;
        Ok(RunCommand::StartStep { step, expected: given.expected })
    })
    .await
}

pub async fn complete(act: Act<Signed>, path: StepPath) -> Changed<RunAnswer> {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(run, move |given| {
        let step = step_key(&op, n, &step, k)?;
        Ok(RunCommand::CompleteStep { step, expected: given.expected })
    })
    .await
}

pub async fn check(act: Act<Signed>, path: StepPath) -> Changed<RunAnswer> {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(run, move |given| {
        let step = step_key(&op, n, &step, k)?;
        Ok(RunCommand::CheckStep { step, expected: given.expected })
    })
    .await
}

pub async fn not_performed(act: Act<Reason>, path: StepPath) -> Changed<RunAnswer> {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(run, move |given| {
        let step = step_key(&op, n, &step, k)?;
        Ok(RunCommand::DeclareStepNotPerformed { step, reason: given.body.reason })
    })
    .await
}

pub async fn take_back(act: Act<Reason>, path: StepPath) -> Changed<RunAnswer> {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(run, move |given| {
        let step = step_key(&op, n, &step, k)?;
        Ok(RunCommand::TakeBackStep { step, reason: given.body.reason })
    })
    .await
}

pub async fn close_operation(act: Act<Signed>, path: OperationPath) -> Changed<RunAnswer> {
    let (run, op, n) = path.into_inner();
    act.on_run(run, move |given| {
        let operation = operation_key(&op, n)?;
        Ok(RunCommand::CloseOperation { operation, expected: given.expected })
    })
    .await
}

pub async fn review_operation(act: Act<Conclusion>, path: OperationPath) -> Changed<RunAnswer> {
    let (run, op, n) = path.into_inner();
    act.on_run(run, move |given| {
        let operation = operation_key(&op, n)?;
        Ok(RunCommand::ReviewOperation { operation, conclusion: given.body.conclusion })
    })
    .await
}

pub async fn acknowledge(act: Act<Comment>, path: OperationPath) -> Changed<RunAnswer> {
    let (run, op, n) = path.into_inner();
    act.on_run(run, move |given| {
        let operation = operation_key(&op, n)?;
        Ok(RunCommand::AcknowledgeAlerts { operation, comment: given.body.comment })
    })
    .await
}
