//! Questions over all batches: what waits for the caller, what was entered, what is held, what runs out.

use super::act::Asking;
use super::query::{known, moment};
use super::told::{Asked, Shown};
use crate::app::run::entered::EnteredFilter;
use crate::app::run::holds::HoldFilter;
use crate::app::run::list::Paging;
use crate::app::run::timers::TimersQuestion;
use crate::app::run::work::WorkQuestion;
use crate::app::shown::entered::{EnteredPage, entered};
use crate::app::shown::hold::{HoldPage, holds};
use crate::app::shown::work::{TimerPage, WorkPage, all_timers, work};
use crate::domain::refusal::Refusal;
use crate::domain::run::entered::{Code, Lies, Sort as What, Source};
use crate::domain::run::time::Sort;
use crate::domain::run::work::Kind;
use actix_web::web;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which work.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WorkQuery {
    /// What sort, as in `check`.
    #[param(example = "check")]
    kind: Option<String>,
    /// Of this batch.
    batch: Option<String>,
    /// Of this product code.
    product: Option<String>,
    /// Due before this moment (RFC 3339).
    due: Option<String>,
    /// Behind this cursor: the `next` of the part before.
    after: Option<String>,
    /// At most so many (1 to 500; absent: 100).
    limit: Option<usize>,
}

/// Which entered things.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EnteredQuery {
    /// Of this batch.
    batch: Option<String>,
    /// Of this product code.
    product: Option<String>,
    /// User name of who recorded it, or did it where a scribe recorded it.
    person: Option<String>,
    /// An entry of the master record, with its step where it has one.
    #[param(example = "03.2.1/ph")]
    parameter: Option<String>,
    /// `recorded`, `corrected`, `absent`, `struck`, `determined`, `claimed` (corrections of determinations) or
    /// `attempted` (implausible values that were kept).
    #[param(example = "corrected")]
    what: Option<String>,
    /// `within`, `unjudged`, `outside-acceptance`, `outside-control`, `outside-alert`, `implausible` or
    /// `cannot-be-told`: the gravest limit that it is not within.
    #[param(example = "outside-acceptance")]
    verdict: Option<String>,
    /// `typed`, `scribed`, `device`, `paper` or `computed`.
    source: Option<String>,
    /// A coded reason: `slip` of corrections; of attempts `mistyped`, `wrong-unit`, `wrong-entry`, `misread`,
    /// `instrument`, `other`, or `confirmed` where the value was meant.
    code: Option<String>,
    /// `true`: recorded late; `false`: in time.
    late: Option<bool>,
    /// `true`: what stands there now; `false`: what was corrected, struck, set aside or taken back since, or never
    /// counted.
    counts: Option<bool>,
    /// Recorded from this moment on (RFC 3339).
    from: Option<String>,
    /// Recorded before this moment (RFC 3339).
    to: Option<String>,
    /// Performed from this moment on (RFC 3339).
    performed_from: Option<String>,
    /// Performed before this moment (RFC 3339).
    performed_to: Option<String>,
    /// Behind this cursor: the `next` of the part before.
    after: Option<String>,
    /// At most so many (1 to 500; absent: 100).
    limit: Option<usize>,
}

/// Which holds.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HoldQuery {
    /// `standing` or `lifted`.
    state: Option<String>,
    /// Of this batch.
    batch: Option<String>,
    /// Of this product code.
    product: Option<String>,
    /// Placed from this moment on (RFC 3339).
    from: Option<String>,
    /// Placed before this moment (RFC 3339).
    to: Option<String>,
    /// Behind this cursor: the `next` of the part before.
    after: Option<String>,
    /// At most so many (1 to 500; absent: 100).
    limit: Option<usize>,
}

/// Which limits of time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TimerQuery {
    /// `running` or `overdue`.
    state: Option<String>,
    /// `hold-time`, `period`, `check`, `ratification` or `risk`.
    sort: Option<String>,
    /// Of this batch.
    batch: Option<String>,
    /// Of this product code.
    product: Option<String>,
    /// Due before this moment (RFC 3339).
    due: Option<String>,
    /// Behind this cursor: the `next` of the part before.
    after: Option<String>,
    /// At most so many (1 to 500; absent: 100).
    limit: Option<usize>,
}

/// How a hold stands.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Held {
    Standing,
    Lifted,
}

/// How a limit of time stands.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Runs {
    Running,
    Overdue,
}

fn paging(after: Option<String>, limit: Option<usize>) -> Paging {
    Paging { cursor: after, limit: limit.unwrap_or(0) }
}

pub async fn waiting(asking: Asking, query: web::Query<WorkQuery>) -> Asked<WorkPage> {
    let WorkQuery { kind, batch, product, due, after, limit } = query.into_inner();
    let question = WorkQuestion {
        kind: known::<Kind>("kind", kind.as_deref())?,
        batch,
        product,
        due: moment("due", due)?,
        paging: paging(after, limit),
    };
    let page = asking
        .ask(move |desk, caller| Ok(work(desk.time(), desk.work(caller, &question)?)))
        .await?;
    Ok(Shown::of(page))
}

pub async fn entries(asking: Asking, query: web::Query<EnteredQuery>) -> Asked<EnteredPage> {
    let query = query.into_inner();
    known::<What>("what", query.what.as_deref())?;
    known::<Lies>("verdict", query.verdict.as_deref())?;
    known::<Source>("source", query.source.as_deref())?;
    known::<Code>("code", query.code.as_deref())?;
    let micros = |name: &str, text: Option<String>| -> Result<Option<i64>, Refusal> {
        Ok(moment(name, text)?.map(|at| at.0))
    };
    let filter = EnteredFilter {
        product: query.product,
        parameter: query.parameter,
        sort: query.what,
        lies: query.verdict,
        source: query.source,
        code: query.code,
        late: query.late,
        counts: query.counts,
        from: micros("from", query.from)?,
        to: micros("to", query.to)?,
        performed_from: micros("performed_from", query.performed_from)?,
        performed_to: micros("performed_to", query.performed_to)?,
        paging: paging(query.after, query.limit),
        ..EnteredFilter::default()
    };
    let (batch, person) = (query.batch, query.person);
    let page = asking
        .ask(move |desk, caller| {
            desk.entered(caller, (batch.as_deref(), person.as_deref()), filter)
        })
        .await?;
    Ok(Shown::of(entered(page)))
}

pub async fn held(asking: Asking, query: web::Query<HoldQuery>) -> Asked<HoldPage> {
    let HoldQuery { state, batch, product, from, to, after, limit } = query.into_inner();
    let state = known::<Held>("state", state.as_deref())?;
    let filter = HoldFilter {
        standing: state.map(|state| matches!(state, Held::Standing)),
        product,
        from: moment("from", from)?.map(|at| at.0),
        to: moment("to", to)?.map(|at| at.0),
        paging: paging(after, limit),
        ..HoldFilter::default()
    };
    let page = asking.ask(move |desk, caller| desk.holds(caller, batch.as_deref(), filter)).await?;
    Ok(Shown::of(holds(page)))
}

pub async fn times(asking: Asking, query: web::Query<TimerQuery>) -> Asked<TimerPage> {
    let TimerQuery { state, sort, batch, product, due, after, limit } = query.into_inner();
    let state = known::<Runs>("state", state.as_deref())?;
    let question = TimersQuestion {
        overdue: state.map(|state| matches!(state, Runs::Overdue)),
        sort: known::<Sort>("sort", sort.as_deref())?,
        batch,
        product,
        due: moment("due", due)?,
        paging: paging(after, limit),
    };
    let (now, page) = asking.ask(move |desk, caller| desk.all_timers(caller, &question)).await?;
    Ok(Shown::of(all_timers(now, page)))
}
