//! Exceptions decided, gates passed, risks taken and ratified.

use super::act::{Act, Asking, malformed};
use super::credentials::body;
use super::query::{Ordinal, known};
use super::told::{Asked, Changed, Shown};
use crate::app::answer::TriageAnswer;
use crate::app::desk::Failure;
use crate::app::run::triage::Outcome;
use crate::app::shown::quality::{ExceptionsView, exceptions};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::refusal::Refusal;
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
