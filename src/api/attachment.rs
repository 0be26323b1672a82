//! Files of a batch: the very bytes that were sent.

use super::act::{Answer, Asking};
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, ETAG};
use actix_web::{HttpResponse, get, web};

/// What a browser may do with a file that it shows all the same: nothing.
const NOTHING: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// A file that the batch's record names, by the SHA-256 of its bytes; always as a download.
#[utoipa::path(tag = "execution", responses((status = 200, description = "The bytes as sent",
    content_type = "application/octet-stream", body = Vec<u8>)))]
#[get("/batches/{number}/attachments/{sha256}")]
pub async fn one(asking: Asking, path: web::Path<(String, String)>) -> Answer {
    let (number, sha256) = path.into_inner();
    let (file, bytes) =
        asking.ask(move |desk, caller| desk.attachment(caller, &number, &sha256)).await?;
    // The name as sent may hold any letter; the header names the file by its hash.
    let name = format!("attachment; filename=\"{}\"", file.sha256);
    Ok(HttpResponse::Ok()
        .content_type(file.media_type)
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header((CONTENT_SECURITY_POLICY, NOTHING))
        .insert_header((ETAG, format!("\"{}\"", file.sha256)))
        .body(bytes))
}
