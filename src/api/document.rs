//! The OpenAPI document: gathered from the handlers, completed by the porch.

use super::query::Ordinal;
use super::server::configure;
use crate::http::openapi::completed;
use actix_web::App;
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

/// What stands at the top of the document.
#[derive(OpenApi)]
#[openapi(
    components(schemas(Ordinal)),
    info(
        title = "Batchwright",
        description = "Electronic batch records that enforce, prove and outlive themselves. Commands are POSTs with an \
                   Idempotency-Key; signed ones carry the signer's password in the act. Every error is \
                   application/problem+json with rule, clause and what to do (catalogue: GET /api/v1/problems).",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    )
)]
pub struct Head;

/// The document of this program.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, api) = App::new()
        .into_utoipa_app()
        .openapi(Head::openapi())
        .configure(configure)
        .split_for_parts();
    completed(api)
}
