//! Master records: written, checked, approved, in use, out of use.

use super::act::{Act, Asking, Given, malformed};
use super::credentials::{Body, Reason, Signed, body};
use super::query::{Ordinal, known};
use super::told::{Asked, Changed, Kept, Made, Media, Shown};
use super::version::May;
use crate::app::answer::MasterAnswer;
use crate::app::desk::{Desk, Failure};
use crate::app::master::act::MasterAct;
use crate::app::master::list::MasterFilter;
use crate::app::run::list::Paging;
use crate::app::shown::master::{
    BurdenView, FindingsView, MasterLine, MasterPage, MasterView, burden as burden_view,
};
use crate::domain::clock::Instant;
use crate::domain::master::command::MasterCommand;
use crate::domain::master::state::MasterPhase;
use crate::http::limits::MASTER_BODY;
use crate::http::problem::Problem;
use actix_web::{HttpResponse, web};
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
        #[schema(format = DateTime)]
        effective_from: Option<String>,
    }
}

/// A document as it was signed, in canonical JSON.
pub struct Document;

impl Media for Document {
    const RANGE: &'static str = "application/json";
}

/// Code and version, once read.
fn plain(path: VersionPath) -> (String, u32) {
    let (code, Ordinal(version)) = path.into_inner();
    (code, version)
}

async fn order<T: Body + Send>(
    act: Act<T, May>,
    (code, version): (String, u32),
    order: impl FnOnce(Given<T, May>) -> MasterCommand + Send + 'static,
) -> Changed<MasterAnswer> {
    act.order(move |desk: &Desk, envelope, given| {
        let order = order(given);
        desk.order(envelope, Box::new(MasterAct { code, version, order, blob: None }))
    })
    .await
}

pub async fn list(asking: Asking, query: web::Query<MasterQuery>) -> Asked<MasterPage> {
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
    Ok(Shown::of(MasterPage { masters, next: page.next }))
}

pub async fn one(asking: Asking, path: VersionPath) -> Asked<MasterView> {
    let (code, version) = plain(path);
    let (view, seq) = asking
        .ask(move |desk, caller| {
            let state = desk.master(caller, &code, version)?;
            let found = state.as_master().ok_or_else(|| Failure::Broken("no master".into()))?;
            Ok((MasterView::of(found, desk.time()), found.seq))
        })
        .await?;
    Ok(Shown::at(view, seq))
}

pub async fn content(asking: Asking, path: VersionPath) -> Result<Kept<Document>, Problem> {
    let (code, version) = plain(path);
    let bytes = asking.ask(move |desk, caller| desk.master_content(caller, &code, version)).await?;
    Ok(Kept::as_of(HttpResponse::Ok().content_type("application/json").body(bytes)))
}

pub async fn findings(asking: Asking, path: VersionPath) -> Asked<FindingsView> {
    let (code, version) = plain(path);
    let found =
        asking.ask(move |desk, caller| desk.master_findings(caller, &code, version)).await?;
    Ok(Shown::of(FindingsView::of(&found)))
}

pub async fn draft(act: Act<Draft>) -> Made<MasterAnswer> {
    act.order(|desk, envelope, given| desk.draft_master(envelope, given.body.content)).await
}

pub async fn burden(asking: Asking, path: VersionPath) -> Asked<BurdenView> {
    let (code, version) = plain(path);
    let view = asking
        .ask(move |desk, caller| {
            let found = desk.burden(caller, &code, version)?;
            Ok(burden_view(&code, version, &found))
        })
        .await?;
    Ok(Shown::of(view))
}

pub async fn edit(act: Act<Edit, May>, path: VersionPath) -> Changed<MasterAnswer> {
    let version = plain(path);
    act.order(move |desk, envelope, given| {
        let Edit { content: document, reason } = given.body;
        desk.edit_master(envelope, version, document, reason, given.expected.0)
    })
    .await
}

pub async fn submit(act: Act<Signed, May>, path: VersionPath) -> Changed<MasterAnswer> {
    let version = plain(path);
    act.order(move |desk, envelope, given| desk.submit_master(envelope, version, given.expected.0))
        .await
}

pub async fn check(act: Act<Signed, May>, path: VersionPath) -> Changed<MasterAnswer> {
    order(act, plain(path), |given| MasterCommand::Check { expected: given.expected.0 }).await
}

pub async fn approve(act: Act<Approval, May>, path: VersionPath) -> Changed<MasterAnswer> {
    let version = plain(path);
    act.order(move |desk, envelope, given| {
        let from = given
            .body
            .effective_from
            .map(|text| {
                Instant::parse(&text).map_err(|e| malformed(format!("effective_from: {e}")))
            })
            .transpose()?;
        desk.approve_master(envelope, version, from, given.expected.0)
    })
    .await
}

pub async fn send_back(act: Act<Reason, May>, path: VersionPath) -> Changed<MasterAnswer> {
    order(act, plain(path), |given| MasterCommand::Return {
        reason: given.body.reason,
        expected: given.expected.0,
    })
    .await
}

pub async fn make_effective(act: Act<Signed, May>, path: VersionPath) -> Changed<MasterAnswer> {
    let order_of =
        |given: Given<Signed, May>| MasterCommand::MakeEffective { expected: given.expected.0 };
    order(act, plain(path), order_of).await
}

pub async fn suspend(act: Act<Reason, May>, path: VersionPath) -> Changed<MasterAnswer> {
    order(act, plain(path), |given| MasterCommand::Suspend {
        reason: given.body.reason,
        expected: given.expected.0,
    })
    .await
}

pub async fn reinstate(act: Act<Reason, May>, path: VersionPath) -> Changed<MasterAnswer> {
    order(act, plain(path), |given| MasterCommand::Reinstate {
        reason: given.body.reason,
        expected: given.expected.0,
    })
    .await
}

pub async fn retire(act: Act<Reason, May>, path: VersionPath) -> Changed<MasterAnswer> {
    order(act, plain(path), |given| MasterCommand::Retire {
        reason: given.body.reason,
        expected: given.expected.0,
    })
    .await
}
