//! Renditions: issued, listed, read again byte for byte.

use super::act::{Act, Asking};
use super::credentials::Signed;
use super::query::Ordinal;
use super::told::{Asked, Kept, Made, Media, Shown};
use crate::app::answer::RenditionAnswer;
use crate::app::shown::run::{RenditionView, renditions};
use crate::http::problem::Problem;
use actix_web::http::header::{CONTENT_DISPOSITION, ETAG};
use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

/// A PDF.
pub struct Pdf;

impl Media for Pdf {
    const RANGE: &'static str = "application/pdf";
}

/// The renditions of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct RenditionsView {
    /// In order of their numbers.
    renditions: Vec<RenditionView>,
}

pub async fn issue(act: Act<Signed>, number: web::Path<String>) -> Made<RenditionAnswer> {
    act.order(move |desk, envelope, _| desk.issue_report(envelope, &number)).await
}

pub async fn list(asking: Asking, number: web::Path<String>) -> Asked<RenditionsView> {
    let all = asking.ask(move |desk, caller| desk.renditions(caller, &number)).await?;
    Ok(Shown::of(RenditionsView { renditions: renditions(&all) }))
}

pub async fn one(asking: Asking, path: web::Path<(String, Ordinal)>) -> Result<Kept<Pdf>, Problem> {
    let (number, Ordinal(no)) = path.into_inner();
    let name = format!("attachment; filename=\"{number}-rendition-{no}.pdf\"");
    let (rendition, bytes) =
        asking.ask(move |desk, caller| desk.rendition(caller, &number, no)).await?;
    Ok(Kept::as_of(
        HttpResponse::Ok()
            .content_type("application/pdf")
            .insert_header((CONTENT_DISPOSITION, name))
            .insert_header((ETAG, format!("\"{}\"", rendition.blob)))
            .body(bytes),
    ))
}
