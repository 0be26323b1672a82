//! The audit trail, the access log, the log's checkpoint, the catalogue of problems.

use super::act::{Asking, Door, blocking, malformed};
use super::query::{known, moment};
use super::told::{Asked, Kept, Media, Shown};
use crate::app::audit::access::AccessQuestion;
use crate::app::audit::trail::AuditQuestion;
use crate::app::catalogue::rules;
use crate::app::shown::audit::{AccessPage, TrailView};
use crate::domain::ids::RecordKind;
use crate::domain::refusal::Refusal;
use crate::domain::state::State;
use crate::http::problem::{Porch, Problem, status};
use crate::http::request_id;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is asked of the audit trail.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TrailQuery {
    /// User name of who acted.
    who: Option<String>,
    /// Event name, as in `run.entry-corrected`, or a noun with a dot for all of its events.
    what: Option<String>,
    /// The same as `what`.
    action: Option<String>,
    /// From this moment on (RFC 3339).
    from: Option<String>,
    /// Before this moment (RFC 3339).
    to: Option<String>,
    /// `run`, `master`, `lot`, `deviation`, `device`, `series`, `person` or `site`.
    record_kind: Option<String>,
    /// Business number of a record; needs `record_kind`.
    record: Option<String>,
    /// The next part's cursor.
    cursor: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

/// What is asked of the access log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccessQuery {
    /// User name.
    who: Option<String>,
    /// The attempt, as in `sign-in`.
    what: Option<String>,
    /// `allowed` or `refused`.
    outcome: Option<String>,
    /// From this moment on (RFC 3339).
    from: Option<String>,
    /// Before this moment (RFC 3339).
    to: Option<String>,
    /// The next part's cursor.
    cursor: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

/// How an attempt ended.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ended {
    Allowed,
    Refused,
}

/// A problem that this server can answer with.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemKind {
    /// Stable name.
    code: String,
    /// HTTP status.
    status: u16,
    /// Requirement id.
    rule: String,
    /// Clause behind it.
    clause: String,
    /// What happened.
    title: String,
    /// What to do, and who can.
    resolution: String,
}

/// Every problem, by code.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problems {
    /// The catalogue.
    problems: Vec<ProblemKind>,
}

/// A signed note: plain text.
pub struct Note;

impl Media for Note {
    const RANGE: &'static str = "text/plain";
}

fn question(query: TrailQuery) -> Result<AuditQuestion, Problem> {
    let unknown = |name: &str, why: String| Porch::Unreadable.problem(format!("{name}: {why}"));
    let kind = query.record_kind.map(|kind| kind.parse::<RecordKind>()).transpose();
    let record_kind = kind.map_err(|why| unknown("record_kind", why))?;
    if query.record.is_some() && record_kind.is_none() {
        return Err(malformed("record: say its record_kind too").into());
    }
    for (name, word) in [("what", &query.what), ("action", &query.action)] {
        let Some(word) = word else { continue };
        State::has_events(word).map_err(|why| unknown(name, why))?;
    }
    Ok(AuditQuestion {
        who: query.who,
        record_kind,
        record: query.record,
        action: query.action.or(query.what),
        from: moment("from", query.from)?,
        to: moment("to", query.to)?,
        cursor: query.cursor,
        limit: query.limit.unwrap_or(0),
    })
}

pub async fn trail(asking: Asking, query: web::Query<TrailQuery>) -> Asked<TrailView> {
    let question = question(query.into_inner())?;
    let page = asking.ask(move |desk, caller| desk.audit_trail(caller, &question)).await?;
    Ok(Shown::of(TrailView::from(&page)))
}

pub async fn batch_trail(asking: Asking, number: web::Path<String>) -> Asked<TrailView> {
    let page = asking.ask(move |desk, caller| desk.run_trail(caller, &number)).await?;
    Ok(Shown::of(TrailView::from(&page)))
}

pub async fn access(asking: Asking, query: web::Query<AccessQuery>) -> Asked<AccessPage> {
    let query = query.into_inner();
    known::<Ended>("outcome", query.outcome.as_deref())?;
    let question = AccessQuestion {
        who: query.who,
        what: query.what,
        outcome: query.outcome,
        from: moment("from", query.from)?,
        to: moment("to", query.to)?,
        cursor: query.cursor,
        limit: query.limit.unwrap_or(0),
    };
    let page = asking.ask(move |desk, caller| desk.access_log(caller, &question)).await?;
    let entries = page.items.iter().map(Into::into).collect();
    Ok(Shown::of(AccessPage { entries, next: page.next }))
}

pub async fn checkpoint(desk: Door, request: HttpRequest) -> Result<Kept<Note>, Problem> {
    let newest =
        blocking(&request_id::of(&request), move || Ok(desk.store().newest_checkpoint()?)).await?;
    let newest = newest.ok_or_else(|| {
        let rule = &crate::domain::refusal::NOT_FOUND;
        Problem::from(Refusal::new(rule, "the log has no checkpoint yet; ask again in a moment"))
    })?;
    Ok(Kept::as_of(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(newest.note)))
}

pub async fn problems(_asking: Asking) -> Asked<Problems> {
    let mut problems: Vec<ProblemKind> = rules()
        .into_iter()
        .map(|rule| ProblemKind {
            code: rule.code.into(),
            status: status(rule.class).as_u16(),
            rule: rule.rule.into(),
            clause: rule.clause.into(),
            title: rule.title.into(),
            resolution: rule.resolution.into(),
        })
        .collect();
    problems.extend(Porch::ALL.iter().map(|porch| {
        let problem = porch.problem("");
        ProblemKind {
            code: problem.code,
            status: problem.status,
            rule: problem.rule,
            clause: problem.clause,
            title: problem.title,
            resolution: problem.resolution,
        }
    }));
    problems.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(Shown::of(Problems { problems }))
}
