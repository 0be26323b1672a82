//! Renditions: issued, listed, read again byte for byte.

use super::act::{Act, Answer, Asking};
use super::credentials::Signed;
use super::query::Ordinal;
use super::views::Acted;
use super::views::run::{RenditionView, renditions};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, ETAG};
use actix_web::{HttpResponse, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;

/// The renditions of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct RenditionsView {
    /// In order of their numbers.
    renditions: Vec<RenditionView>,
}

/// Issue a rendition: a sealed PDF of the batch as it stands, numbered, its bytes kept.
#[utoipa::path(tag = "reports", request_body = Signed,
    responses((status = 201, description = "Issued: `no`, `sha256`, `bytes`", body = Acted)))]
#[post("/batches/{number}/reports")]
pub async fn issue(act: Act<Signed>, number: web::Path<String>) -> Answer {
    act.order(StatusCode::CREATED, move |desk, envelope, _| desk.issue_report(envelope, &number))
        .await
}

/// The renditions of a batch.
#[utoipa::path(tag = "reports",
    responses((status = 200, description = "Renditions", body = RenditionsView)))]
#[get("/batches/{number}/reports")]
pub async fn list(asking: Asking, number: web::Path<String>) -> Answer {
    let all = asking.ask(move |desk, caller| desk.renditions(caller, &number)).await?;
    Ok(HttpResponse::Ok().json(RenditionsView { renditions: renditions(&all) }))
}

/// A rendition: the very bytes that were kept.
#[utoipa::path(tag = "reports",
    responses((status = 200, description = "PDF", content_type = "application/pdf", body = Vec<u8>)))]
#[get("/batches/{number}/reports/{no}")]
pub async fn one(asking: Asking, path: web::Path<(String, Ordinal)>) -> Answer {
    let (number, Ordinal(no)) = path.into_inner();
    let name = format!("attachment; filename=\"{number}-rendition-{no}.pdf\"");
    let (rendition, bytes) =
        asking.ask(move |desk, caller| desk.rendition(caller, &number, no)).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header((ETAG, format!("\"{}\"", rendition.blob)))
        .body(bytes))
}
