//! Master records: written, checked, approved, in use, out of use.

use super::act::{Act, Answer, Asking, Given, malformed, shown};
use super::credentials::{Body, Reason, Signed, body};
use super::query::{Ordinal, known};
use super::views::Acted;
use super::views::master::{
    BurdenView, FindingsView, MasterLine, MasterPage, MasterView, burden as burden_view,
};
use crate::app::desk::{Desk, Failure};
use crate::app::master::act::MasterAct;
use crate::app::master::list::MasterFilter;
use crate::app::run::list::Paging;
use crate::domain::clock::Instant;
use crate::domain::master::command::MasterCommand;
use crate::domain::master::state::MasterPhase;
use crate::http::limits::MASTER_BODY;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// Code and version.
type VersionPath = web::Path<(String, Ordinal)>;

/// Which master records.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MasterQuery {
    /// Code.
    code: Option<String>,
    /// Phase, as in `effective`.
    phase: Option<String>,
    /// The next part's cursor.
    cursor: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

/// A new version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The master record; may be incomplete until submission.
    #[schema(value_type = Object)]
    content: Value,
}

/// Other content for a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The master record.
    #[schema(value_type = Object)]
    content: Value,
    /// Why.
    reason: String,
}

impl Body for Draft {
    const LIMIT: usize = MASTER_BODY;
}

impl Body for Edit {
    const LIMIT: usize = MASTER_BODY;
}

body! {
    /// Quality's approval.
    Approval {
        /// Effective from (RFC 3339); absent: at once.
        #[serde(default)]
        effective_from: Option<String>,
    }
}

/// Code and version, once read.
fn plain(path: VersionPath) -> (String, u32) {
    let (code, Ordinal(version)) = path.into_inner();
    (code, version)
}

async fn order<T: Body + Send>(
    act: Act<T>,
    (code, version): (String, u32),
    order: impl FnOnce(Given<T>) -> MasterCommand + Send + 'static,
) -> Answer {
    act.order(StatusCode::OK, move |desk: &Desk, envelope, given| {
        let order = order(given);
        desk.order(envelope, Box::new(MasterAct { code, version, order, blob: None }))
    })
    .await
}

/// Master records in your scope.
#[utoipa::path(tag = "masters", params(MasterQuery),
    responses((status = 200, description = "By code, the newest version first", body = MasterPage)))]
#[get("/masters")]
pub async fn list(asking: Asking, query: web::Query<MasterQuery>) -> Answer {
    let MasterQuery { code, phase, cursor, limit } = query.into_inner();
    known::<MasterPhase>("phase", phase.as_deref())?;
    let paging = Paging { cursor, limit: limit.unwrap_or(0) };
    let (page, at) = asking
        .ask(move |desk, caller| {
            let at = desk.time();
            let filter = MasterFilter { code, phase, at, paging };
            Ok((desk.masters(caller, &filter)?, at))
        })
        .await?;
    let masters = page.items.iter().map(|row| MasterLine::of(row, at)).collect();
    Ok(HttpResponse::Ok().json(MasterPage { masters, next: page.next }))
}

/// A version of a master record.
#[utoipa::path(tag = "masters",
    responses((status = 200, description = "The version", body = MasterView)))]
#[get("/masters/{code}/versions/{version}")]
pub async fn one(asking: Asking, path: VersionPath) -> Answer {
    let (code, version) = plain(path);
    let (view, seq) = asking
        .ask(move |desk, caller| {
            let state = desk.master(caller, &code, version)?;
            let found = state.as_master().ok_or_else(|| Failure::Broken("no master".into()))?;
            Ok((MasterView::of(found, desk.time()), found.seq))
        })
        .await?;
    Ok(shown(&view, Some(seq)))
}

/// A version's content, byte for byte as it was signed.
#[utoipa::path(tag = "masters",
    responses((status = 200, description = "Canonical JSON", content_type = "application/json", body = Object)))]
#[get("/masters/{code}/versions/{version}/content")]
pub async fn content(asking: Asking, path: VersionPath) -> Answer {
    let (code, version) = plain(path);
    let bytes = asking.ask(move |desk, caller| desk.master_content(caller, &code, version)).await?;
    Ok(HttpResponse::Ok().content_type("application/json").body(bytes))
}

/// What keeps a version from being submitted, all of it.
#[utoipa::path(tag = "masters",
    responses((status = 200, description = "Findings", body = FindingsView)))]
#[get("/masters/{code}/versions/{version}/findings")]
pub async fn findings(asking: Asking, path: VersionPath) -> Answer {
    let (code, version) = plain(path);
    let found =
        asking.ask(move |desk, caller| desk.master_findings(caller, &code, version)).await?;
    Ok(HttpResponse::Ok().json(FindingsView { findings: found.iter().map(Into::into).collect() }))
}

/// Begin the next version of the code that stands in the content.
#[utoipa::path(tag = "masters", request_body = Draft,
    responses((status = 201, description = "A draft", body = Acted)))]
#[post("/masters")]
pub async fn draft(act: Act<Draft>) -> Answer {
    act.order(StatusCode::CREATED, |desk, envelope, given| {
        desk.draft_master(envelope, given.body.content)
    })
    .await
}

/// What each step of a version cost in its batches: time, late, typed, corrected, refused, exceptions. About
/// steps, never about persons.
#[utoipa::path(tag = "masters",
    responses((status = 200, description = "By step", body = BurdenView)))]
#[get("/masters/{code}/versions/{version}/burden")]
pub async fn burden(asking: Asking, path: VersionPath) -> Answer {
    let (code, version) = plain(path);
    let view = asking
        .ask(move |desk, caller| {
            let found = desk.burden(caller, &code, version)?;
            Ok(burden_view(&code, version, &found))
        })
        .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Replace a draft's content; earlier signatures are void.
#[utoipa::path(tag = "masters", request_body = Edit,
    responses((status = 200, description = "Edited", body = Acted)))]
#[post("/masters/{code}/versions/{version}/content")]
pub async fn edit(act: Act<Edit>, path: VersionPath) -> Answer {
    let version = plain(path);
    act.order(StatusCode::OK, move |desk, envelope, given| {
        let Edit { content: document, reason } = given.body;
        desk.edit_master(envelope, version, document, reason, given.expected)
    })
    .await
}

/// Submit: checked whole, signed by an author.
#[utoipa::path(tag = "masters", request_body = Signed,
    responses((status = 200, description = "In check", body = Acted)))]
#[post("/masters/{code}/versions/{version}/submission")]
pub async fn submit(act: Act<Signed>, path: VersionPath) -> Answer {
    let version = plain(path);
    act.order(StatusCode::OK, move |desk, envelope, given| {
        desk.submit_master(envelope, version, given.expected)
    })
    .await
}

/// Check: signed by somebody who did not write it.
#[utoipa::path(tag = "masters", request_body = Signed,
    responses((status = 200, description = "In approval", body = Acted)))]
#[post("/masters/{code}/versions/{version}/check")]
pub async fn check(act: Act<Signed>, path: VersionPath) -> Answer {
    order(act, plain(path), |given| MasterCommand::Check { expected: given.expected }).await
}

/// Approve: signed by quality.
#[utoipa::path(tag = "masters", request_body = Approval,
    responses((status = 200, description = "Approved", body = Acted)))]
#[post("/masters/{code}/versions/{version}/approval")]
pub async fn approve(act: Act<Approval>, path: VersionPath) -> Answer {
    let version = plain(path);
    act.order(StatusCode::OK, move |desk, envelope, given| {
        let from = given
            .body
            .effective_from
            .map(|text| {
                Instant::parse(&text).map_err(|e| malformed(format!("effective_from: {e}")))
            })
            .transpose()?;
        desk.approve_master(envelope, version, from, given.expected)
    })
    .await
}

/// Send back to draft; signatures are void.
#[utoipa::path(tag = "masters", request_body = Reason,
    responses((status = 200, description = "A draft again", body = Acted)))]
#[post("/masters/{code}/versions/{version}/return")]
pub async fn send_back(act: Act<Reason>, path: VersionPath) -> Answer {
    order(act, plain(path), |given| MasterCommand::Return {
        reason: given.body.reason,
        expected: given.expected,
    })
    .await
}

/// Confirm that the date of an approved version is reached. Nothing waits for it: the date alone makes it
/// effective.
#[utoipa::path(tag = "masters", request_body = Signed,
    responses((status = 200, description = "Effective", body = Acted)))]
#[post("/masters/{code}/versions/{version}/effectiveness")]
pub async fn make_effective(act: Act<Signed>, path: VersionPath) -> Answer {
    let order_of = |given: Given<Signed>| MasterCommand::MakeEffective { expected: given.expected };
    order(act, plain(path), order_of).await
}

/// Stop issuing from a version.
#[utoipa::path(tag = "masters", request_body = Reason,
    responses((status = 200, description = "Suspended", body = Acted)))]
#[post("/masters/{code}/versions/{version}/suspension")]
pub async fn suspend(act: Act<Reason>, path: VersionPath) -> Answer {
    order(act, plain(path), |given| MasterCommand::Suspend {
        reason: given.body.reason,
        expected: given.expected,
    })
    .await
}

/// Let a suspended version be issued again.
#[utoipa::path(tag = "masters", request_body = Reason,
    responses((status = 200, description = "Effective", body = Acted)))]
#[post("/masters/{code}/versions/{version}/reinstatement")]
pub async fn reinstate(act: Act<Reason>, path: VersionPath) -> Answer {
    order(act, plain(path), |given| MasterCommand::Reinstate {
        reason: given.body.reason,
        expected: given.expected,
    })
    .await
}

/// Take a version out of use for ever.
#[utoipa::path(tag = "masters", request_body = Reason,
    responses((status = 200, description = "Retired", body = Acted)))]
#[post("/masters/{code}/versions/{version}/retirement")]
pub async fn retire(act: Act<Reason>, path: VersionPath) -> Answer {
    order(act, plain(path), |given| MasterCommand::Retire {
        reason: given.body.reason,
        expected: given.expected,
    })
    .await
}
