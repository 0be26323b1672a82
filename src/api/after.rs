//! After a release and after the end: lots in question, and what quality adds to a record.

use super::act::{Act, malformed};
use super::credentials::body;
use super::told::Changed;
use super::version::Must;
use crate::app::answer::{LotAnswer, RunAnswer};
use crate::domain::lot::Disposition;
use crate::domain::lot::command::LotCommand;
use crate::domain::run::acts::{AbortAndWithdraw, AbortRun, RunCommand};
use actix_web::web;

body! {
    /// What becomes of a lot in question.
    Answered {
        /// `stands` or `withdrawn`.
        #[schema(pattern = "^(stands|withdrawn)$")]
        decision: String,
        /// Why.
        reason: String,
    }
}

body! {
    /// Why a batch is stopped, and which released lots are withdrawn with it.
    AbortOrder {
        /// Why.
        reason: String,
        /// Every lot of the batch that is released, by number: withdrawn in the same act, by somebody of
        /// quality who holds *release* too.
        #[serde(default)]
        withdraw: Vec<String>,
    }
}

pub async fn question(act: Act<Answered, Must>, number: web::Path<String>) -> Changed<LotAnswer> {
    act.order(move |desk, envelope, given| {
        let Answered { decision, reason, .. } = given.body;
        let expected = given.expected.0;
        let order = match decision.as_str() {
            "stands" => LotCommand::Stand { reason, expected },
            "withdrawn" => {
                LotCommand::Decide { disposition: Disposition::Withdrawn, reason, expected }
            }
            _ => {
                let detail = format!("decision: {decision:?} is neither stands nor withdrawn");
                return Err(malformed(detail).into());
            }
        };
        desk.dispose(envelope, &number, order)
    })
    .await
}

pub async fn abort(act: Act<AbortOrder>, number: web::Path<String>) -> Changed<RunAnswer> {
    act.on_run(number.into_inner(), |given| {
        let AbortOrder { reason, withdraw, .. } = given.body;
        Ok(if withdraw.is_empty() {
            RunCommand::AbortRun(AbortRun { reason })
        } else {
            RunCommand::AbortAndWithdraw(AbortAndWithdraw { reason, withdraw })
        })
    })
    .await
}
