//! Exceptions decided, gates passed, risks taken and ratified.

use super::act::{Act, Answer, malformed};
use super::credentials::{Conclusion, Signed, body};
use super::views::Acted;
use crate::app::run::triage::Outcome;
use crate::domain::exception::Severity;
use crate::domain::refusal::Refusal;
use crate::domain::run::command::RunCommand;
use actix_web::http::StatusCode;
use actix_web::{post, web};

body! {
    /// What an exception is.
    Decision {
        /// `not-a-deviation` or `deviation`.
        outcome: String,
        /// Why it is none.
        #[serde(default)]
        rationale: Option<String>,
        /// The deviation it joins; absent: a new one is opened.
        #[serde(default)]
        deviation: Option<String>,
        /// Title of a new deviation.
        #[serde(default)]
        title: Option<String>,
        /// Class of a new deviation: `critical`, `major` or `minor`.
        #[serde(default)]
        class: Option<String>,
    }
}

body! {
    /// A risk that a supervisor takes on.
    Risk {
        /// Why.
        reason: String,
        /// For how many minutes.
        minutes: u32,
    }
}

/// A class by its word.
pub fn severity(word: &str) -> Result<Severity, Refusal> {
    serde_json::from_value(word.into())
        .map_err(|_| malformed(format!("class: {word:?} is none of critical, major, minor")))
}

fn outcome(decision: Decision) -> Result<Outcome, Refusal> {
    match decision.outcome.as_str() {
        "not-a-deviation" => {
            Ok(Outcome::NotADeviation { rationale: decision.rationale.unwrap_or_default() })
        }
        "deviation" => match decision.deviation {
            Some(deviation) => Ok(Outcome::Joins { deviation }),
            None => Ok(Outcome::NewDeviation {
                title: decision.title.unwrap_or_default(),
                class: severity(&decision.class.unwrap_or_default())?,
            }),
        },
        other => {
            Err(malformed(format!("outcome: {other:?} is neither not-a-deviation nor deviation")))
        }
    }
}

/// Decide what an exception is.
#[utoipa::path(tag = "quality", request_body = Decision,
    responses((status = 200, description = "Decided", body = Acted)))]
#[post("/batches/{number}/exceptions/{no}/triage")]
pub async fn triage(act: Act<Decision>, path: web::Path<(String, u32)>) -> Answer {
    let (run, no) = path.into_inner();
    act.order(StatusCode::OK, move |desk, envelope, given| {
        desk.triage(envelope, &run, no, outcome(given.body)?)
    })
    .await
}

/// Pass a gate.
#[utoipa::path(tag = "quality", request_body = Signed,
    responses((status = 200, description = "Passed", body = Acted)))]
#[post("/batches/{number}/gates/{gate}/passage")]
pub async fn pass_gate(act: Act<Signed>, path: web::Path<(String, String)>) -> Answer {
    let (run, gate) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |_| Ok(RunCommand::PassGate { gate })).await
}

/// Proceed at risk on a closed gate, for a limited time; quality ratifies before release.
#[utoipa::path(tag = "quality", request_body = Risk,
    responses((status = 201, description = "Accepted", body = Acted)))]
#[post("/batches/{number}/gates/{gate}/risk-acceptance")]
pub async fn accept_risk(act: Act<Risk>, path: web::Path<(String, String)>) -> Answer {
    let (run, gate) = path.into_inner();
    act.on_run(StatusCode::CREATED, run, move |given| {
        let Risk { reason, minutes, .. } = given.body;
        Ok(RunCommand::AcceptRisk { gate, reason, minutes })
    })
    .await
}

/// Ratify a risk that was taken; `index` counts the acceptances of the gate from 0.
#[utoipa::path(tag = "quality", request_body = Conclusion,
    responses((status = 200, description = "Ratified", body = Acted)))]
#[post("/batches/{number}/gates/{gate}/risk-acceptances/{index}/ratification")]
pub async fn ratify_risk(act: Act<Conclusion>, path: web::Path<(String, String, u32)>) -> Answer {
    let (run, gate, index) = path.into_inner();
    act.on_run(StatusCode::OK, run, move |given| {
        Ok(RunCommand::RatifyRisk { gate, index, conclusion: given.body.conclusion })
    })
    .await
}
