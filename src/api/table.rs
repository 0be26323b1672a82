//! The table of routes and the functions behind it: registered, and described in the OpenAPI document.
//!
//! A handler that no line of the table names is dead code, which does not compile in this room; a line without its
//! handler does not compile either.

use super::addressed;
use super::describe::{Described, Named, Sends, Takes};
use super::query::no_words;
use crate::domain::run::acts::{self, doors};
use crate::http::routes::{ROUTES, Route, joined, routes};
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, resource, scope};
use actix_web::{FromRequest, Handler, Responder, guard};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::HttpMethod;

/// Where nearly all routes stand.
const PREFIX: &str = "/api/v1";

/// A line's handler, as it is registered and described.
#[derive(Clone, Copy)]
struct Bound {
    serve: fn(&mut ServiceConfig, &str, Method),
    describe: fn() -> Described,
}

macro_rules! of_handlers {
    ($($tag:ident { $(
        $(#[doc = $about:literal])+
        $method:ident $path:literal $module:ident::$handler:ident, $authority:literal => $leaves:literal;
    )+ })+) => {
        const OF_HANDLERS: &[&[Bound]] = &[$(&[$(Bound {
            serve: |config, path, method| serve(config, path, method, super::$module::$handler),
            describe: || Described::of(super::$module::$handler),
        }),+]),+];
    };
}
routes!(of_handlers);

macro_rules! of_acts {
    ($($tag:ident { $(
        $(#[doc = $about:literal])+
        $method:ident $path:literal $how:ident $module:ident::$order:ident, $authority:literal => $leaves:literal;
    )+ })+) => {
        const OF_ACTS: &[&[Bound]] = &[$(&[$(Bound {
            serve: |config, path, method| {
                serve(config, path, method, addressed::$how::<acts::$module::$order>);
            },
            describe: || Described::of(addressed::$how::<acts::$module::$order>),
        }),+]),+];
    };
}
doors!(of_acts);

/// One for each route, in the same order.
const BOUND: &[Bound] = &joined::<Bound, { ROUTES.len() }>(OF_HANDLERS, OF_ACTS);

fn serve<F, T>(config: &mut ServiceConfig, path: &str, method: Method, handler: F)
where
    F: Handler<T>,
    F::Output: Responder + Sends + 'static,
    T: FromRequest + Takes + 'static,
{
    let asked = method == Method::GET && !T::ASKS;
    let resource = resource(path).guard(guard::Method(method));
    if asked {
        config.service(resource.wrap(from_fn(no_words)).to(handler));
    } else {
        config.service(resource.to(handler));
    }
}

fn lines() -> impl Iterator<Item = (&'static Route, &'static Bound)> {
    ROUTES.iter().zip(BOUND)
}

fn method(route: &Route) -> (Method, HttpMethod) {
    match route.method {
        "GET" => (Method::GET, HttpMethod::Get),
        _ => (Method::POST, HttpMethod::Post),
    }
}

/// Registers every route, in the order of the table.
pub fn configure(config: &mut ServiceConfig) {
    let within = scope(PREFIX).configure(|config| {
        for (route, bound) in lines() {
            if let Some(path) = route.path.strip_prefix(PREFIX) {
                (bound.serve)(config, path, method(route).0);
            }
        }
    });
    config.service(within);
    for (route, bound) in lines().filter(|(route, _)| !route.path.starts_with(PREFIX)) {
        (bound.serve)(config, route.path, method(route).0);
    }
}

/// Adds every route to a document; the schemas that they name come back.
pub fn describe(api: &mut OpenApi) -> Vec<Named> {
    let mut schemas = Vec::new();
    for (route, bound) in lines() {
        let mut described = (bound.describe)();
        schemas.append(&mut described.schemas);
        let operation = described.operation(route);
        api.paths.add_path_operation(route.path, vec![method(route).1], operation);
    }
    schemas
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn no_two_shapes_of_the_document_share_a_name() {
        let mut known: BTreeMap<String, serde_json::Value> = BTreeMap::new();
        for (name, schema) in describe(&mut OpenApi::default()) {
            let shape = serde_json::to_value(schema).expect("JSON");
            let first = known.entry(name.clone()).or_insert_with(|| shape.clone());
            assert_eq!(*first, shape, "{name} names two shapes");
        }
        assert!(known.len() > 100, "{}", known.len());
    }
}
