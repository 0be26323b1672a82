//! Batches: lists, one batch whole, what it owes, its issue and its end.

use super::act::{Act, Asking};
use super::credentials::body;
use super::query::known;
use super::told::{Asked, Made, Shown};
use crate::app::answer::IssueAnswer;
use crate::app::desk::Failure;
use crate::app::run::list::{Paging, RunFilter};
use crate::app::shown::ahead::PreflightView;
use crate::app::shown::looks::{LooksView, waiting};
use crate::app::shown::obligation::{ObligationsView, obligations};
use crate::app::shown::run::{RunPage, RunView, run};
use crate::app::shown::timer::{TimersView, timers};
use crate::domain::recipe::RunPurpose;
use crate::domain::run::Phase;
use actix_web::web;
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
        /// Batch number as the plant writes it: 1 to 40 letters, digits, blanks and marks, as in
        /// `MFC/IB/041.09`. Its key in addresses has hyphens instead (`MFC-IB-041.09`); the answer tells it.
        number: String,
        /// From which master record.
        master: MasterChoice,
    }
}

pub async fn list(asking: Asking, query: web::Query<BatchQuery>) -> Asked<RunPage> {
    let BatchQuery { purpose, phase, cursor, limit } = query.into_inner();
    known::<RunPurpose>("purpose", purpose.as_deref())?;
    known::<Phase>("phase", phase.as_deref())?;
    let paging = Paging { cursor, limit: limit.unwrap_or(0) };
    let filter = RunFilter { purpose, phase, product: None, master: None, paging };
    let page = asking.ask(move |desk, caller| desk.runs(caller, &filter)).await?;
    let batches = page.items.iter().map(Into::into).collect();
    Ok(Shown::of(RunPage { batches, next: page.next }))
}

pub async fn one(asking: Asking, number: web::Path<String>) -> Asked<RunView> {
    let (view, seq) = asking
        .ask(move |desk, caller| {
            let state = desk.run(caller, &number)?;
            let found = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
            let standings = desk.standings_of_run(caller, found)?;
            Ok((run(found, &standings, desk.time()), found.seq))
        })
        .await?;
    Ok(Shown::at(view, seq))
}

pub async fn owed(asking: Asking, number: web::Path<String>) -> Asked<ObligationsView> {
    let (all, conformity) =
        asking.ask(move |desk, caller| desk.obligations(caller, &number)).await?;
    Ok(Shown::of(obligations(&all, conformity)))
}

pub async fn second_looks(asking: Asking, number: web::Path<String>) -> Asked<LooksView> {
    let view = asking
        .ask(move |desk, caller| {
            let state = desk.run(caller, &number)?;
            let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
            Ok(waiting(run))
        })
        .await?;
    Ok(Shown::of(view))
}

pub async fn times(asking: Asking, number: web::Path<String>) -> Asked<TimersView> {
    let (now, all) = asking.ask(move |desk, caller| desk.timers(caller, &number)).await?;
    Ok(Shown::of(timers(now, &all)))
}

pub async fn issue(act: Act<Issue>) -> Made<IssueAnswer> {
    act.order(|desk, envelope, given| {
        let Issue { number, master, .. } = given.body;
        let caller = envelope.caller.clone();
        let done = desk.issue_run(envelope, &number, &master.code, master.version)?;
        // The batch is issued whatever comes of looking ahead, and not everybody who issues reads.
        Ok(match desk.preflight(&caller, done.number(), super::ahead::HOURS) {
            Ok(ahead) => done.foreseeing(&PreflightView::from(&ahead)),
            Err(_) => done,
        })
    })
    .await
}
