//! Holds: placed at once, lifted by whom the hold names.

use super::act::{Act, malformed};
use super::credentials::{Reason, body};
use super::query::Ordinal;
use super::told::{Changed, Made};
use crate::app::answer::RunAnswer;
use crate::domain::run::command::RunCommand;
use crate::domain::words::HoldScope;
use actix_web::web;
use serde_json::Value;

body! {
    /// A hold.
    NewHold {
        /// `{"kind": "run"}`, `{"kind": "operation", "operation": …}` or `{"kind": "step", "step": …}`.
        #[schema(value_type = Object)]
        scope: Value,
        /// Why.
        reason: String,
    }
}

pub async fn place(act: Act<NewHold>, number: web::Path<String>) -> Made<RunAnswer> {
    act.on_run(number.into_inner(), |given| {
        let scope: HoldScope = serde_json::from_value(given.body.scope)
            .map_err(|e| malformed(format!("scope: {e}")))?;
        Ok(RunCommand::PlaceHold { scope, reason: given.body.reason })
    })
    .await
}

pub async fn lift(act: Act<Reason>, path: web::Path<(String, Ordinal)>) -> Changed<RunAnswer> {
    let (run, Ordinal(no)) = path.into_inner();
    act.on_run(run, move |given| {
        Ok(RunCommand::LiftHold { no, reason: given.body.reason, expected: given.expected })
    })
    .await
}
