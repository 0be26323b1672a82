//! Files of a batch: the very bytes that were sent.

use super::act::Asking;
use super::told::{Kept, Media};
use crate::http::problem::Problem;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, ETAG};
use actix_web::{HttpResponse, web};

/// A file of whatever type it was found to be.
pub struct AnyFile;

impl Media for AnyFile {
    const RANGE: &'static str = "*/*";
}

/// What a browser may do with a file that it shows all the same: nothing.
const NOTHING: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

pub async fn one(
    asking: Asking,
    path: web::Path<(String, String)>,
) -> Result<Kept<AnyFile>, Problem> {
    let (number, sha256) = path.into_inner();
    let (file, bytes) =
        asking.ask(move |desk, caller| desk.attachment(caller, &number, &sha256)).await?;
    // The name as sent may hold any letter; the header names the file by its hash.
    let name = format!("attachment; filename=\"{}\"", file.sha256);
    Ok(Kept::as_of(
        HttpResponse::Ok()
            .content_type(file.media_type)
            .insert_header((CONTENT_DISPOSITION, name))
            .insert_header((CONTENT_SECURITY_POLICY, NOTHING))
            .insert_header((ETAG, format!("\"{}\"", file.sha256)))
            .body(bytes),
    ))
}
