//! The audit trail, the access log, the log's checkpoint, the catalogue of problems.

use super::act::{Asking, Door, blocking, malformed};
use super::query::{Order, known, moment};
use super::told::{Asked, Kept, Media, Shown};
use crate::app::audit::access::AccessQuestion;
use crate::app::audit::trail::{AuditQuestion, Part};
use crate::app::catalogue::rules;
use crate::app::shown::audit::{AccessPage, TrailView};
use crate::domain::ids::RecordKind;
use crate::domain::refusal::Refusal;
use crate::domain::signing::Meaning;
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
    /// User name of anybody in the entry: who acted, signed beside them, did what a scribe wrote down, or
    /// was given a deviation.
    #[param(example = "olga")]
    who: Option<String>,
    /// In which part `who` stands: `actor`, `second`, `performer`, `owner`, `attested` (witnessed, verified, checked,
    /// counter-signed, vouched for, done while another wrote), or a meaning, as in `witnessed`.
    #[param(example = "attested")]
    part: Option<String>,
    /// Event name, as in `run.entry-corrected`, or a noun with a dot for all of its events; several with commas
    /// between them.
    #[param(example = "run.entry-corrected,run.entry-struck")]
    what: Option<String>,
    /// The same as `what`.
    action: Option<String>,
    /// `true`: only what is critical: changed, struck or excused facts, exceptions, decisions, rights.
    #[param(example = true)]
    critical: Option<bool>,
    /// Words that stand in the reason.
    #[param(example = "tare forgotten")]
    reason: Option<String>,
    /// Words that stand anywhere in what was written: values, names, remarks.
    #[param(example = "BAL-07")]
    text: Option<String>,
    /// Written from this moment on (RFC 3339).
    #[param(example = "2026-01-01T00:00:00Z")]
    from: Option<String>,
    /// Written before this moment (RFC 3339).
    to: Option<String>,
    /// Done from this moment on, as it was said; else as it was written (RFC 3339).
    performed_from: Option<String>,
    /// Done before this moment (RFC 3339).
    performed_to: Option<String>,
    /// `run`, `master`, `lot`, `deviation`, `device`, `series`, `person` or `site`.
    #[param(example = "run")]
    record_kind: Option<String>,
    /// Business number of a record; needs `record_kind`.
    #[param(example = "AMAB-26-001")]
    record: Option<String>,
    /// `newest` first, or `oldest`.
    order: Option<String>,
    /// The next part's cursor, as `next` gave it.
    #[serde(alias = "cursor")]
    after: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

/// What is asked of a batch's audit trail.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BatchTrailQuery {
    /// User name of anybody in the entry: who acted, signed beside them, did what a scribe wrote down, or
    /// was given a deviation.
    #[param(example = "olga")]
    who: Option<String>,
    /// In which part `who` stands: `actor`, `second`, `performer`, `owner`, `attested`, or a meaning, as in `witnessed`.
    #[param(example = "attested")]
    part: Option<String>,
    /// Event name, as in `run.entry-corrected`; several with commas between them.
    #[param(example = "run.entry-corrected,run.entry-struck")]
    what: Option<String>,
    /// `true`: only what is critical: changed, struck or excused facts, exceptions, decisions.
    critical: Option<bool>,
    /// Words that stand in the reason.
    reason: Option<String>,
    /// Words that stand anywhere in what was written.
    text: Option<String>,
    /// Written from this moment on (RFC 3339).
    from: Option<String>,
    /// Written before this moment (RFC 3339).
    to: Option<String>,
    /// Done from this moment on, as it was said; else as it was written (RFC 3339).
    performed_from: Option<String>,
    /// Done before this moment (RFC 3339).
    performed_to: Option<String>,
    /// `oldest` first, or `newest`.
    order: Option<String>,
    /// The next part's cursor, as `next` gave it.
    #[serde(alias = "cursor")]
    after: Option<String>,
    /// At most so many (1 to 500; 500 when nothing was said).
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
    /// The next part's cursor, as `next` gave it.
    #[serde(alias = "cursor")]
    after: Option<String>,
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

/// In which part somebody stands, as a query says it.
fn part(word: Option<&str>, who: Option<&str>) -> Result<Part, Problem> {
    let Some(word) = word else { return Ok(Part::Any) };
    if who.is_none() {
        return Err(malformed("part: say who too").into());
    }
    match word {
        "actor" => Ok(Part::Actor),
        "second" => Ok(Part::Second),
        "performer" => Ok(Part::Performer),
        "owner" => Ok(Part::Owner),
        "attested" => Ok(Part::Attested),
        meaning => {
            known::<Meaning>(
                "part: none of actor, second, performer, owner, attested",
                Some(meaning),
            )?;
            Ok(Part::Meaning(meaning.to_owned()))
        }
    }
}

/// Event names with commas between them.
fn actions(name: &str, words: Option<String>) -> Result<Vec<String>, Problem> {
    let words = words.unwrap_or_default();
    let all = words.split(',').map(str::trim).filter(|word| !word.is_empty());
    let read = |word: &str| {
        let known = State::has_events(word);
        known.map_err(|why| Porch::Unreadable.problem(format!("{name}: {why}")))?;
        Ok(word.to_owned())
    };
    all.map(read).collect()
}

/// Words that are looked for.
fn words_in(name: &str, words: Option<String>) -> Result<Option<String>, Problem> {
    let odd = |words: &String| words.trim().is_empty() || words.chars().count() > LONGEST;
    match words {
        Some(words) if odd(&words) || words.contains('\0') => {
            Err(malformed(format!("{name}: 1 to {LONGEST} characters, none of them U+0000")).into())
        }
        words => Ok(words),
    }
}

/// Most characters that are looked for.
const LONGEST: usize = 200;

fn question(query: TrailQuery) -> Result<AuditQuestion, Problem> {
    let unknown = |name: &str, why: String| Porch::Unreadable.problem(format!("{name}: {why}"));
    let kind = query.record_kind.map(|kind| kind.parse::<RecordKind>()).transpose();
    let record_kind = kind.map_err(|why| unknown("record_kind", why))?;
    if query.record.is_some() && record_kind.is_none() {
        return Err(malformed("record: say its record_kind too").into());
    }
    let mut all = actions("what", query.what)?;
    all.extend(actions("action", query.action)?);
    Ok(AuditQuestion {
        part: part(query.part.as_deref(), query.who.as_deref())?,
        who: query.who,
        record_kind,
        record: query.record,
        actions: all,
        critical: query.critical.unwrap_or_default(),
        reason: words_in("reason", query.reason)?,
        text: words_in("text", query.text)?,
        from: moment("from", query.from)?,
        to: moment("to", query.to)?,
        done_from: moment("performed_from", query.performed_from)?,
        done_to: moment("performed_to", query.performed_to)?,
        oldest: known::<Order>("order", query.order.as_deref())? == Some(Order::Oldest),
        cursor: query.after,
        limit: query.limit.unwrap_or(0),
    })
}

pub async fn trail(asking: Asking, query: web::Query<TrailQuery>) -> Asked<TrailView> {
    let question = question(query.into_inner())?;
    let page = asking.ask(move |desk, caller| desk.audit_trail(caller, &question)).await?;
    Ok(Shown::of(TrailView::from(&page)))
}

pub async fn batch_trail(
    asking: Asking,
    number: web::Path<String>,
    query: web::Query<BatchTrailQuery>,
) -> Asked<TrailView> {
    let query = query.into_inner();
    let newest = known::<Order>("order", query.order.as_deref())? == Some(Order::Newest);
    let mut question = question(TrailQuery {
        who: query.who,
        part: query.part,
        what: query.what,
        action: None,
        critical: query.critical,
        reason: query.reason,
        text: query.text,
        from: query.from,
        to: query.to,
        performed_from: query.performed_from,
        performed_to: query.performed_to,
        record_kind: None,
        record: None,
        order: None,
        after: query.after,
        limit: Some(query.limit.unwrap_or(500)),
    })?;
    question.oldest = !newest;
    let page = asking.ask(move |desk, caller| desk.run_trail(caller, &number, &question)).await?;
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
        cursor: query.after,
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
