//! After a release and after the end: lots in question, and what quality adds to a record.

use super::act::{Act, Answer, malformed};
use super::credentials::body;
use super::views::Acted;
use crate::domain::lot::Disposition;
use crate::domain::lot::command::LotCommand;
use crate::domain::run::command::RunCommand;
use actix_web::http::StatusCode;
use actix_web::{post, web};

body! {
    /// What becomes of a lot in question.
    Answered {
        /// `stands` or `withdrawn`.
        decision: String,
        /// Why.
        reason: String,
    }
}

body! {
    /// A complaint, a notice or a decision about a batch.
    NoticeSent {
        /// `complaint`, `notice` or `decision`.
        kind: String,
        /// What.
        text: String,
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

/// Decide about a released lot in question: it stands, as long as nothing would refuse its release
/// today, or it is withdrawn.
#[utoipa::path(tag = "lots", request_body = Answered,
    responses((status = 200, description = "Decided", body = Acted)))]
#[post("/lots/{number}/questions")]
pub async fn question(act: Act<Answered>, number: web::Path<String>) -> Answer {
    act.order(StatusCode::OK, move |desk, envelope, given| {
        let Answered { decision, reason, .. } = given.body;
        let expected = given.expected;
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

/// Add a complaint, a notice or a decision to a batch, in whatever phase it is.
#[utoipa::path(tag = "quality", request_body = NoticeSent,
    responses((status = 201, description = "Kept", body = Acted)))]
#[post("/batches/{number}/notices")]
pub async fn notice(act: Act<NoticeSent>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::CREATED, number.into_inner(), |given| {
        let NoticeSent { kind, text, .. } = given.body;
        let kind = serde_json::from_value(kind.as_str().into())
            .map_err(|_| malformed(format!("kind: {kind:?} is none")))?;
        Ok(RunCommand::RecordNotice { kind, text })
    })
    .await
}

/// Stop a batch for good; everything is kept. Lots that are released are withdrawn first, or with it.
#[utoipa::path(tag = "batches", request_body = AbortOrder,
    responses((status = 200, description = "Aborted", body = Acted)))]
#[post("/batches/{number}/abort")]
pub async fn abort(act: Act<AbortOrder>, number: web::Path<String>) -> Answer {
    act.on_run(StatusCode::OK, number.into_inner(), |given| {
        let AbortOrder { reason, withdraw, .. } = given.body;
        Ok(if withdraw.is_empty() {
            RunCommand::Abort { reason }
        } else {
            RunCommand::AbortAndWithdraw { reason, withdraw }
        })
    })
    .await
}
