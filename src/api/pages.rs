//! The page `/docs`: Swagger UI as its crate keeps it, packed, and a word to it where the document stands.

use crate::http::problem::{Porch, Problem};
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::LazyLock;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// Where the document stands.
pub const DOCUMENT: &str = "/api/openapi.json";

/// What the page is made of; the archive holds as much again for other uses.
const WANTED: &[&str] = &[
    "index.html",
    "index.css",
    "swagger-ui.css",
    "swagger-ui-bundle.js",
    "swagger-ui-standalone-preset.js",
    "favicon-16x16.png",
    "favicon-32x32.png",
];

/// The files by name, unpacked when somebody asks first.
static FILES: LazyLock<BTreeMap<&str, Vec<u8>>> = LazyLock::new(|| {
    let mut files = unpacked().unwrap_or_default();
    files.insert("swagger-initializer.js", initializer().into_bytes());
    files
});

/// Without what cannot be read; a test reads all of it.
fn unpacked() -> Option<BTreeMap<&'static str, Vec<u8>>> {
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED)).ok()?;
    let names = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
    let names: Vec<String> = names.collect();
    let read = |wanted: &&'static str| {
        let ends = format!("/dist/{wanted}");
        let name =
            names.iter().find(|name| name.ends_with(&ends) && name.matches('/').count() == 2)?;
        let mut bytes = Vec::new();
        archive.by_name(name).ok()?.read_to_end(&mut bytes).ok()?;
        Some((*wanted, bytes))
    };
    Some(WANTED.iter().filter_map(read).collect())
}

fn initializer() -> String {
    format!(
        "window.onload = () => {{\n  window.ui = SwaggerUIBundle({{\n    url: {DOCUMENT:?},\n    \
         dom_id: '#swagger-ui',\n    deepLinking: true,\n    \
         presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],\n    \
         plugins: [SwaggerUIBundle.plugins.DownloadUrl],\n    layout: 'StandaloneLayout',\n  }});\n}};\n"
    )
}

/// The document as it is sent, written when somebody asks first.
static WRITTEN: LazyLock<web::Bytes> = LazyLock::new(|| {
    let text = serde_json::to_vec(&super::document::document());
    text.expect("a document is plain data with text keys, which JSON always takes").into()
});

/// The document.
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(WRITTEN.clone())
}

/// A file of the page; of `/docs/` its first.
pub async fn file(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let name = if name.is_empty() { "index.html" } else { name.as_str() };
    let bytes = FILES.get(name);
    let bytes = bytes.ok_or_else(|| Porch::NoRoute.problem(format!("/docs has no {name}")))?;
    let kind = match name.rsplit('.').next() {
        Some("html") => ContentType::html(),
        Some("css") => ContentType("text/css; charset=utf-8".parse().map_err(odd)?),
        Some("js") => ContentType("text/javascript; charset=utf-8".parse().map_err(odd)?),
        Some("png") => ContentType::png(),
        Some(_) | None => ContentType::octet_stream(),
    };
    Ok(HttpResponse::Ok().content_type(kind).body(bytes.as_slice()))
}

fn odd(error: impl std::fmt::Display) -> Problem {
    Porch::Failed.problem(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_is_in_the_archive() {
        let found: Vec<&str> = unpacked().expect("an archive").into_keys().collect();
        let mut wanted = WANTED.to_vec();
        wanted.sort_unstable();
        assert_eq!(found, wanted);
        let index = String::from_utf8(FILES["index.html"].clone()).expect("text");
        let named = index.split('"').filter_map(|word| word.strip_prefix("./"));
        let named: Vec<&str> =
            named.chain(index.contains("index.css").then_some("index.css")).collect();
        assert!(named.len() > 4, "{named:?}");
        assert!(named.iter().all(|name| FILES.contains_key(name)), "{named:?}");
    }
}
