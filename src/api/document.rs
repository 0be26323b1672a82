//! The OpenAPI document: the table of routes described, completed by the porch.

use super::table::describe;
use crate::http::openapi::completed;
use utoipa::OpenApi;

/// What stands at the top of the document.
#[derive(OpenApi)]
#[openapi(info(
    title = "Batchwright",
    description = "Electronic batch records that enforce, prove and outlive themselves. Commands are POSTs with an \
                   Idempotency-Key; signed ones carry the signer's password in the act. Every error is \
                   application/problem+json with rule, clause and what to do (catalogue: GET /api/v1/problems).",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
pub struct Head;

/// The document of this program.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut api = Head::openapi();
    let schemas = describe(&mut api);
    api.components.get_or_insert_default().schemas.extend(schemas);
    completed(api)
}
