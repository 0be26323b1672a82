//! Exceptions decided, gates passed, risks taken and ratified.

use super::act::{Act, Asking, malformed};
use super::credentials::body;
use super::query::{Ordinal, known, moment, words};
use super::told::{Asked, Changed, Shown};
use crate::app::answer::TriageAnswer;
use crate::app::desk::Failure;
use crate::app::run::exceptions::ExceptionFilter;
use crate::app::run::list::Paging;
use crate::app::run::triage::Outcome;
use crate::app::shown::listed::ExceptionPage;
use crate::app::shown::quality::{ExceptionsView, exceptions};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::refusal::Refusal;
use crate::domain::words::OnCritical;
use actix_web::web;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which exceptions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExceptionQuery {
    /// Type, as in `out-of-acceptance`.
    kind: Option<String>,
    /// Proposed severity: `critical`, `major` or `minor`.
    severity: Option<String>,
    /// `true`: only those that still decide what may happen next; `false`: only the others.
    open: Option<bool>,
}

/// Which exceptions of all batches.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExceptionsQuery {
    /// Types, as in `late-entry`; several with commas between them.
    #[param(example = "late-entry,override,out-of-acceptance,out-of-specification")]
    kind: Option<String>,
    /// Proposed severities: `critical`, `major`, `minor`; several with commas between them.
    #[param(example = "critical,major")]
    severity: Option<String>,
    /// What they decide about what may happen next: `continue`, `to-safe-point`, `gate`, `stop`; several with commas
    /// between them.
    #[param(example = "gate,stop")]
    effect: Option<String>,
    /// `open` (nobody has decided), `not-a-deviation`, `in-deviation`, or `triaged` for the latter two; several with
    /// commas between them.
    #[param(example = "open")]
    state: Option<String>,
    /// Of this batch.
    #[param(example = "AMAB-26-001")]
    batch: Option<String>,
    /// Of this product code.
    #[param(example = "AMAB")]
    product: Option<String>,
    /// In this deviation.
    #[param(example = "DEV-2026-0001")]
    deviation: Option<String>,
    /// User name of whose act opened them.
    #[param(example = "olga")]
    person: Option<String>,
    /// Opened from this moment on (RFC 3339).
    #[param(example = "2026-01-01T00:00:00Z")]
    from: Option<String>,
    /// Opened before this moment (RFC 3339).
    #[param(example = "2026-04-01T00:00:00Z")]
    to: Option<String>,
    /// The next part's cursor, as `next` gave it.
    #[serde(alias = "cursor")]
    after: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

/// How an exception stands, as a query says it.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Stands {
    Open,
    NotADeviation,
    InDeviation,
    Triaged,
}

body! {
    /// What an exception is.
    Decision {
        /// `not-a-deviation` or `deviation`.
        #[schema(pattern = "^(not-a-deviation|deviation)$")]
        outcome: String,
        /// Why it is none.
        #[serde(default)]
        rationale: Option<String>,
        /// Other exceptions that join the same deviation under the same signature.
        #[serde(default)]
        with: Vec<u32>,
        /// The deviation it joins; absent: a new one is opened.
        #[serde(default)]
        deviation: Option<String>,
        /// Title of a new deviation.
        #[serde(default)]
        title: Option<String>,
        /// Class of a new deviation: `critical`, `major` or `minor`.
        #[serde(default)]
        #[schema(value_type = Option<Severity>)]
        class: Option<String>,
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

pub async fn list(
    asking: Asking,
    number: web::Path<String>,
    query: web::Query<ExceptionQuery>,
) -> Asked<ExceptionsView> {
    let kind = known::<ExceptionKind>("kind", query.kind.as_deref())?;
    let severity = known::<Severity>("severity", query.severity.as_deref())?;
    let open = query.open;
    let all = asking
        .ask(move |desk, caller| {
            let state = desk.run(caller, &number)?;
            let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
            let mut all = exceptions(run, desk.time());
            all.retain(|found| kind.is_none_or(|kind| found.is_kind(kind)));
            all.retain(|found| severity.is_none_or(|severity| found.is_severity(severity)));
            all.retain(|found| open.is_none_or(|open| found.open == open));
            Ok(all)
        })
        .await?;
    Ok(Shown::of(ExceptionsView { exceptions: all }))
}

pub async fn everywhere(
    asking: Asking,
    query: web::Query<ExceptionsQuery>,
) -> Asked<ExceptionPage> {
    let query = query.into_inner();
    let mut states = words::<Stands>("state", query.state.as_deref())?;
    if states.iter().any(|state| state == "triaged") {
        states.retain(|state| state != "triaged");
        states.extend(["not-a-deviation".to_owned(), "in-deviation".to_owned()]);
    }
    let filter = ExceptionFilter {
        kinds: words::<ExceptionKind>("kind", query.kind.as_deref())?,
        severities: words::<Severity>("severity", query.severity.as_deref())?,
        effects: words::<OnCritical>("effect", query.effect.as_deref())?,
        states,
        batch: query.batch,
        product: query.product,
        deviation: query.deviation,
        person: None,
        from: moment("from", query.from)?.map(|at| at.0),
        to: moment("to", query.to)?.map(|at| at.0),
        paging: Paging { cursor: query.after, limit: query.limit.unwrap_or(0) },
    };
    let person = query.person;
    let found =
        asking.ask(move |desk, caller| desk.exceptions(caller, &filter, person.as_deref())).await?;
    let exceptions = found.items.iter().map(Into::into).collect();
    Ok(Shown::of(ExceptionPage { exceptions, next: found.next }))
}

pub async fn triage(
    act: Act<Decision>,
    path: web::Path<(String, Ordinal)>,
) -> Changed<TriageAnswer> {
    let (run, Ordinal(no)) = path.into_inner();
    act.order(move |desk, envelope, mut given| {
        let with = std::mem::take(&mut given.body.with);
        let outcome = outcome(given.body)?;
        if !with.is_empty() && matches!(outcome, Outcome::NotADeviation { .. }) {
            let detail = "with: exceptions join a deviation; several that are none are decided each for its reason";
            return Err(malformed(detail).into());
        }
        let exceptions = std::iter::once(no).chain(with).collect();
        desk.triage(envelope, &run, exceptions, outcome)
    })
    .await
}
