//! Deviations: investigated, classified, their impact concluded, closed.

use super::act::{Act, Asking};
use super::credentials::{Reason, body};
use super::exception::severity;
use super::query::{Order, known, moment, words};
use super::told::{Asked, Changed, Shown};
use crate::app::answer::DeviationAnswer;
use crate::app::desk::Failure;
use crate::app::deviation::decide::DeviationAct;
use crate::app::deviation::list::{DeviationFilter, DeviationQuestion};
use crate::app::deviation::others::Closing;
use crate::app::run::list::Paging;
use crate::app::shown::deviation::{DeviationLine, DeviationPage, DeviationView, OtherBatches};
use crate::domain::deviation::DeviationPhase;
use crate::domain::deviation::command::DeviationCommand;
use crate::domain::deviation::content::LotImpact;
use crate::domain::exception::Severity;
use crate::domain::refusal::Refusal;
use crate::domain::run::Phase;
use crate::domain::state::State;
use actix_web::web;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Which deviations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeviationQuery {
    /// `open`, `impact-concluded` or `closed`; several with commas between them.
    #[param(example = "open,impact-concluded")]
    phase: Option<String>,
    /// `critical`, `major` or `minor`; several with commas between them.
    #[param(example = "critical,major")]
    class: Option<String>,
    /// Concerning this batch.
    #[param(example = "AMAB-26-001")]
    batch: Option<String>,
    /// Concerning a batch of this product code.
    #[param(example = "AMAB")]
    product: Option<String>,
    /// Concerning a batch in this phase, as in `closed`; several with commas between them.
    #[param(example = "closed")]
    batch_phase: Option<String>,
    /// User name of who opened it.
    #[param(example = "qadir")]
    opener: Option<String>,
    /// User name of whose it is: its opener's, until it is given to somebody.
    #[param(example = "qadir")]
    owner: Option<String>,
    /// To be closed before this moment (RFC 3339).
    #[param(example = "2026-12-31T00:00:00Z")]
    due: Option<String>,
    /// User name of who signed the investigation in force.
    #[param(example = "petra")]
    investigator: Option<String>,
    /// User name of somebody who stands in its record with any part.
    #[param(example = "quella")]
    person: Option<String>,
    /// Opened from this moment on (RFC 3339).
    #[param(example = "2026-01-01T00:00:00Z")]
    from: Option<String>,
    /// Opened before this moment (RFC 3339).
    to: Option<String>,
    /// Opened so many days ago or earlier.
    #[param(example = 30)]
    older_than: Option<u32>,
    /// `newest` number first, or `oldest`.
    #[param(example = "oldest")]
    order: Option<String>,
    /// The next part's cursor, as `next` gave it.
    #[serde(alias = "cursor")]
    after: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

body! {
    /// Something that was found out.
    Finding {
        /// What.
        text: String,
    }
}

body! {
    /// Whose a deviation becomes.
    Assignment {
        /// User name.
        #[schema(example = "qadir")]
        owner: String,
        /// To be closed by then (RFC 3339), in the future.
        #[schema(format = DateTime)]
        due: String,
        /// Why.
        reason: String,
    }
}

body! {
    /// Another class.
    Class {
        /// `critical`, `major` or `minor`.
        #[schema(value_type = Severity)]
        class: String,
        /// Why.
        reason: String,
    }
}

body! {
    /// What a deviation means for the product.
    Impact {
        /// Conclusion.
        conclusion: String,
        /// Other batches that were assessed (21 CFR 211.192).
        #[serde(default)]
        other_batches: String,
    }
}

body! {
    /// The investigation as its investigator signs it.
    InvestigationReport {
        /// What was investigated and found.
        #[serde(default)]
        text: String,
        /// Root cause.
        #[serde(default)]
        root_cause: Option<String>,
        /// Why no root cause was found.
        #[serde(default)]
        no_root_cause: Option<String>,
        /// Corrective and preventive action.
        #[serde(default)]
        capa: Option<String>,
        /// Why none is needed.
        #[serde(default)]
        no_capa: Option<String>,
    }
}

/// What a deviation means for a lot.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotWord {
    /// Lot number.
    pub lot: String,
    /// What it means for this lot.
    pub impact: String,
}

/// Another batch that was looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchWord {
    /// Batch number.
    pub batch: String,
    /// What was found there.
    pub word: String,
}

body! {
    /// What a deviation closes with.
    Closure {
        /// Conclusion; of a minor deviation its explanation.
        conclusion: String,
        /// What it means for each lot of its batches, every one.
        #[serde(default)]
        lots: Vec<LotWord>,
        /// Other batches that were looked at: of a major or critical deviation every one that is proposed.
        #[serde(default)]
        other_batches: Vec<BatchWord>,
    }
}

body! {
    /// Exceptions of a batch that join.
    Joining {
        /// Batch number.
        batch: String,
        /// Its exceptions.
        exceptions: Vec<u32>,
    }
}

async fn order<T: super::credentials::Body + Send>(
    act: Act<T>,
    number: String,
    order: impl FnOnce(T) -> Result<(DeviationCommand, Option<String>), Refusal> + Send + 'static,
) -> Changed<DeviationAnswer> {
    act.order(move |desk, envelope, given| {
        let (order, joining) = order(given.body)?;
        desk.order_deviation(envelope, DeviationAct { deviation: number, joining, order })
    })
    .await
}

pub async fn list(asking: Asking, query: web::Query<DeviationQuery>) -> Asked<DeviationPage> {
    let query = query.into_inner();
    let order = known::<Order>("order", query.order.as_deref())?;
    let older_than = query.older_than;
    let filter = DeviationFilter {
        phases: words::<DeviationPhase>("phase", query.phase.as_deref())?,
        classes: words::<Severity>("class", query.class.as_deref())?,
        batch: query.batch,
        product: query.product,
        batch_phases: words::<Phase>("batch_phase", query.batch_phase.as_deref())?,
        from: moment("from", query.from)?.map(|at| at.0),
        to: moment("to", query.to)?.map(|at| at.0),
        due: moment("due", query.due)?.map(|at| at.0),
        oldest: order == Some(Order::Oldest),
        paging: Paging { cursor: query.after, limit: query.limit.unwrap_or(0) },
        ..DeviationFilter::default()
    };
    let DeviationQuery { opener, owner, investigator, person, .. } = query;
    let mut question = DeviationQuestion { filter, opener, owner, investigator, person };
    let page = asking
        .ask(move |desk, caller| {
            let now = desk.time();
            if let Some(days) = older_than {
                let latest = now.plus_minutes(-24 * 60 * i64::from(days)).0;
                let to = &mut question.filter.to;
                *to = Some(to.map_or(latest, |to| to.min(latest)));
            }
            let found = desk.deviations(caller, &question)?;
            let line = |state: &Arc<State>| Some(DeviationLine::of(state.as_deviation()?, now));
            let deviations = found.items.iter().filter_map(line).collect();
            Ok(DeviationPage { deviations, next: found.next })
        })
        .await?;
    Ok(Shown::of(page))
}

pub async fn one(asking: Asking, number: web::Path<String>) -> Asked<DeviationView> {
    let (view, seq) = asking
        .ask(move |desk, caller| {
            let state = desk.deviation(caller, &number)?;
            let found = state.as_deviation().ok_or_else(|| Failure::Broken("none".into()))?;
            Ok((DeviationView::from(found), found.seq))
        })
        .await?;
    Ok(Shown::at(view, seq))
}

pub async fn investigate(act: Act<Finding>, number: web::Path<String>) -> Changed<DeviationAnswer> {
    order(act, number.into_inner(), |body| {
        Ok((DeviationCommand::Investigate { text: body.text }, None))
    })
    .await
}

pub async fn assign(act: Act<Assignment>, number: web::Path<String>) -> Changed<DeviationAnswer> {
    let number = number.into_inner();
    act.order(move |desk, envelope, given| {
        let Assignment { owner, due, reason, .. } = given.body;
        let due = moment("due", Some(due))?.ok_or_else(|| Failure::Broken("no moment".into()))?;
        desk.assign_deviation(envelope, number, (&owner, due, reason))
    })
    .await
}

pub async fn classify(act: Act<Class>, number: web::Path<String>) -> Changed<DeviationAnswer> {
    order(act, number.into_inner(), |body| {
        let class = severity(&body.class)?;
        Ok((DeviationCommand::Classify { class, reason: body.reason }, None))
    })
    .await
}

pub async fn conclude(act: Act<Impact>, number: web::Path<String>) -> Changed<DeviationAnswer> {
    order(act, number.into_inner(), |body| {
        let Impact { conclusion, other_batches, .. } = body;
        Ok((DeviationCommand::ConcludeImpact { conclusion, other_batches }, None))
    })
    .await
}

pub async fn report(
    act: Act<InvestigationReport>,
    number: web::Path<String>,
) -> Changed<DeviationAnswer> {
    order(act, number.into_inner(), |body| {
        let InvestigationReport { text, root_cause, no_root_cause, capa, no_capa, .. } = body;
        let order = DeviationCommand::ConcludeInvestigation {
            text,
            root_cause,
            no_root_cause,
            capa,
            no_capa,
        };
        Ok((order, None))
    })
    .await
}

pub async fn proposals(asking: Asking, number: web::Path<String>) -> Asked<OtherBatches> {
    let proposed = asking.ask(move |desk, caller| desk.other_batches(caller, &number)).await?;
    Ok(Shown::of(OtherBatches::from(&proposed)))
}

pub async fn close(act: Act<Closure>, number: web::Path<String>) -> Changed<DeviationAnswer> {
    let number = number.into_inner();
    act.order(move |desk, envelope, given| {
        let Closure { conclusion, lots, other_batches, .. } = given.body;
        let lots = lots.into_iter().map(|LotWord { lot, impact }| LotImpact { lot, impact });
        let others = other_batches.into_iter().map(|BatchWord { batch, word }| (batch, word));
        let closing = Closing { conclusion, lots: lots.collect(), others: others.collect() };
        desk.close_deviation(envelope, number, closing)
    })
    .await
}

pub async fn reopen(act: Act<Reason>, number: web::Path<String>) -> Changed<DeviationAnswer> {
    order(act, number.into_inner(), |body| {
        Ok((DeviationCommand::Reopen { reason: body.reason }, None))
    })
    .await
}

pub async fn join(act: Act<Joining>, number: web::Path<String>) -> Changed<DeviationAnswer> {
    order(act, number.into_inner(), |body| {
        Ok((DeviationCommand::Link { exceptions: body.exceptions }, Some(body.batch)))
    })
    .await
}
