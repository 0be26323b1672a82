//! Deviations: investigated, classified, their impact concluded, closed.

use super::act::{Act, Asking};
use super::credentials::{Reason, body};
use super::exception::severity;
use super::query::known;
use super::told::{Asked, Changed, Shown};
use crate::app::answer::DeviationAnswer;
use crate::app::desk::Failure;
use crate::app::deviation::decide::DeviationAct;
use crate::app::deviation::others::Closing;
use crate::app::run::list::Paging;
use crate::app::shown::deviation::{DeviationPage, DeviationView, OtherBatches};
use crate::domain::deviation::DeviationPhase;
use crate::domain::deviation::command::DeviationCommand;
use crate::domain::deviation::content::LotImpact;
use crate::domain::exception::Severity;
use crate::domain::refusal::Refusal;
use actix_web::web;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which deviations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeviationQuery {
    /// `open`, `impact-concluded` or `closed`.
    phase: Option<String>,
    /// The next part's cursor.
    cursor: Option<String>,
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
    let DeviationQuery { phase, cursor, limit } = query.into_inner();
    known::<DeviationPhase>("phase", phase.as_deref())?;
    let paging = Paging { cursor, limit: limit.unwrap_or(0) };
    let page =
        asking.ask(move |desk, caller| desk.deviations(caller, phase.as_deref(), &paging)).await?;
    let deviations = page.items.iter().map(Into::into).collect();
    Ok(Shown::of(DeviationPage { deviations, next: page.next }))
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
