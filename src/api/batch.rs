//! Batches: lists, one batch whole, what it owes, its issue and its end.

use super::act::{Act, Answer, Asking, shown};
use super::credentials::{Conclusion, Signed, body};
use super::query::known;
use super::views::Acted;
use super::views::ahead::PreflightView;
use super::views::obligation::{ObligationsView, obligations};
use super::views::run::{RunPage, RunView, run};
use super::views::timer::{TimersView, timers};
use crate::app::desk::Failure;
use crate::app::run::list::{Paging, RunFilter};
use crate::domain::recipe::RunPurpose;
use crate::domain::run::Phase;
use crate::domain::run::command::RunCommand;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which batches.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BatchQuery {
    /// `production`, `preparation`, `cleaning`, `set-up` or `test`.
    purpose: Option<String>,
    /// Phase, as in `running`.
    phase: Option<String>,
    /// The next part's cursor.
    cursor: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

/// A master record to issue from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MasterChoice {
    /// Code.
    code: String,
    /// Version; absent: the effective one.
    #[serde(default)]
    version: Option<u32>,
}

body! {
    /// A run to issue.
    Issue {
        /// Batch number: 1 to 40 of A-Z, 0-9, `.`, `_` and `-`.
        number: String,
        /// From which master record.
        master: MasterChoice,
    }
}

body! {
    /// Something done after an abort.
    Aftermath {
        /// `sample`, `destruction` or `decontamination`.
        kind: String,
        /// What was done.
        text: String,
    }
}

/// Batches in your scope.
#[utoipa::path(tag = "batches", params(BatchQuery),
    responses((status = 200, description = "Newest issue first", body = RunPage)))]
#[get("/batches")]
pub async fn list(asking: Asking, query: web::Query<BatchQuery>) -> Answer {
    let BatchQuery { purpose, phase, cursor, limit } = query.into_inner();
    known::<RunPurpose>("purpose", purpose.as_deref())?;
    known::<Phase>("phase", phase.as_deref())?;
    let paging = Paging { cursor, limit: limit.unwrap_or(0) };
    let filter = RunFilter { purpose, phase, product: None, master: None, paging };
    let page = asking.ask(move |desk, caller| desk.runs(caller, &filter)).await?;
    let batches = page.items.iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(RunPage { batches, next: page.next }))
}

/// A batch, whole: operations, steps, entries, gates, exceptions, what may be begun next.
#[utoipa::path(tag = "batches",
    responses((status = 200, description = "The batch", body = RunView)))]
#[get("/batches/{number}")]
pub async fn one(asking: Asking, number: web::Path<String>) -> Answer {
    let (view, seq) = asking
        .ask(move |desk, caller| {
            let state = desk.run(caller, &number)?;
            let found = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
            let standings = desk.standings_of_run(caller, found)?;
            Ok((run(found, &standings, desk.time()), found.seq))
        })
        .await?;
    Ok(shown(&view, Some(seq)))
}

/// What a batch owes: met and open obligations, with evidence, rule, clause and who can meet them.
#[utoipa::path(tag = "batches",
    responses((status = 200, description = "Obligations", body = ObligationsView)))]
#[get("/batches/{number}/obligations")]
pub async fn owed(asking: Asking, number: web::Path<String>) -> Answer {
    let (all, conformity) =
        asking.ask(move |desk, caller| desk.obligations(caller, &number)).await?;
    Ok(HttpResponse::Ok().json(obligations(&all, conformity)))
}

/// Limits of time of a batch: hold times, periods, verifications, ratifications, with what remains.
#[utoipa::path(tag = "batches",
    responses((status = 200, description = "Limits of time", body = TimersView)))]
#[get("/batches/{number}/timers")]
pub async fn times(asking: Asking, number: web::Path<String>) -> Answer {
    let (now, all) = asking.ask(move |desk, caller| desk.timers(caller, &number)).await?;
    Ok(HttpResponse::Ok().json(timers(now, &all)))
}

/// Issue a batch from an effective master record. The answer carries its preflight: what the first day
/// will bring.
#[utoipa::path(tag = "batches", request_body = Issue,
    responses((status = 201, description = "Issued, with its `preflight`", body = Acted)))]
#[post("/batches")]
pub async fn issue(act: Act<Issue>) -> Answer {
    act.order(StatusCode::CREATED, |desk, envelope, given| {
        let Issue { number, master, .. } = given.body;
        let caller = envelope.caller.clone();
        let mut done = desk.issue_run(envelope, &number, &master.code, master.version)?;
        // The batch is issued whatever comes of looking ahead, and not everybody who issues reads.
        if let Ok(ahead) = desk.preflight(&caller, &number, super::ahead::HOURS) {
            done.answer["preflight"] =
                serde_json::to_value(PreflightView::from(&ahead)).unwrap_or_default();
        }
        Ok(done)
    })
    .await
}

/// Declare execution complete.
#[utoipa::path(tag = "batches", request_body = Signed,
    responses((status = 200, description = "Complete", body = Acted)))]
#[post("/batches/{number}/completion")]
pub async fn complete(act: Act<Signed>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::OK, number.into_inner(), |given| {
        Ok(RunCommand::Complete { expected: given.expected })
    })
    .await
}

/// Review record and audit trail.
#[utoipa::path(tag = "batches", request_body = Conclusion,
    responses((status = 200, description = "Reviewed", body = Acted)))]
#[post("/batches/{number}/review")]
pub async fn review(act: Act<Conclusion>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::OK, number.into_inner(), |given| {
        let conclusion = given.body.conclusion;
        Ok(RunCommand::Review { conclusion, expected: given.expected })
    })
    .await
}

/// Make the record final.
#[utoipa::path(tag = "batches", request_body = Signed,
    responses((status = 200, description = "Closed", body = Acted)))]
#[post("/batches/{number}/closure")]
pub async fn close(act: Act<Signed>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::OK, number.into_inner(), |_| Ok(RunCommand::Close {})).await
}

/// Record what was done after an abort.
#[utoipa::path(tag = "batches", request_body = Aftermath,
    responses((status = 201, description = "Recorded", body = Acted)))]
#[post("/batches/{number}/aftermath")]
pub async fn aftermath(act: Act<Aftermath>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::CREATED, number.into_inner(), |given| {
        let Aftermath { kind, text, .. } = given.body;
        Ok(RunCommand::RecordAftermath { kind, text })
    })
    .await
}
