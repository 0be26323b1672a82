//! What changes for one batch alone: operations ended early, redlines, reprocessing, rework.

use super::act::Asking;
use super::told::{Asked, Shown};
use crate::app::desk::Failure;
use crate::app::shown::floor::{AmendmentsView, amendments};
use actix_web::web;

pub async fn list(asking: Asking, number: web::Path<String>) -> Asked<AmendmentsView> {
    let (view, seq) = asking
        .ask(move |desk, caller| {
            let state = desk.run(caller, &number)?;
            let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
            Ok((amendments(run), run.seq))
        })
        .await?;
    Ok(Shown::at(view, seq))
}
