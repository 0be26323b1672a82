//! What no route takes.

use super::problem::Porch;
use super::routes::ROUTES;
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError};

/// The verbs that exist on a path.
fn verbs(path: &str) -> Vec<&'static str> {
    let routes = ROUTES.iter().filter(|route| route.is_at(path));
    let mut verbs: Vec<&str> = routes.map(|route| route.method).collect();
    verbs.sort_unstable();
    verbs.dedup();
    verbs
}

/// Answers what no route takes: 405 with Allow where the path exists, 404 elsewhere.
#[must_use]
pub fn unrouted(request: &HttpRequest) -> HttpResponse {
    let verbs = verbs(request.path());
    if verbs.is_empty() || (verbs.contains(&"GET") && request.method() == Method::GET) {
        return Porch::NoRoute.problem(format!("no route at {}", request.path())).error_response();
    }
    let detail = format!("{} is not a verb of {}", request.method(), request.path());
    let mut response = Porch::NoVerb.problem(detail).error_response();
    if let Ok(allow) = HeaderValue::from_str(&verbs.join(", ")) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}
