//! What every operation has in common in the OpenAPI document.

use std::collections::HashSet;

use super::problem::{MEDIA_TYPE, Problem};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Content, Object, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Required, Response,
    ResponseBuilder, SecurityRequirement, Type,
};

/// Statuses any operation may answer with, beside its own.
const EVERYWHERE: [(&str, &str); 4] = [
    ("400", "The request cannot be read"),
    ("429", "Too many requests"),
    ("500", "Something failed inside; nothing was changed"),
    ("503", "The server has too much to write at once; nothing was changed"),
];

/// Statuses of operations behind a sign-in.
const SIGNED_IN: [(&str, &str); 3] = [
    ("401", "Not signed in, or signing credentials wrong"),
    ("403", "Authority is missing"),
    ("404", "No such record"),
];

/// Statuses of commands.
const COMMANDS: [(&str, &str); 7] = [
    ("409", "State, order or concurrency forbids it"),
    ("412", "Somebody changed it since you looked"),
    ("413", "The request is too large"),
    ("415", "The body is not JSON"),
    ("422", "The input is malformed"),
    ("423", "The record is final"),
    ("428", "A reason, signature, second person or version is missing"),
];

fn problem(description: &str) -> RefOr<Response> {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    RefOr::T(
        ResponseBuilder::new()
            .description(description)
            .content(MEDIA_TYPE, Content::new(Some(schema)))
            .build(),
    )
}

/// The header that every order needs.
#[must_use]
pub fn idempotency_key() -> Parameter {
    let description = "8 to 64 of A-Z a-z 0-9 . _ -; the same key with the same request gives the same answer once";
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(text("^[A-Za-z0-9._-]{8,64}$")))
        .build()
}

/// The header of an order that is decided on a version.
#[must_use]
pub fn if_match(required: Required) -> Parameter {
    let description = "The version decided on: the `etag` of what the order changes, as an answer or a question told it, \
         quotes and all; `\"0\"` where nothing stands there yet";
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(text("^\"(0|[1-9][0-9]{0,18})\"$")))
        .build()
}

fn text(pattern: &str) -> Object {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build()
}

/// That an operation asks for a session.
#[must_use]
pub fn signed_in() -> SecurityRequirement {
    SecurityRequirement::new::<_, [&str; 0], &str>("session", [])
}

/// What each name in a path stands for; `n` and `k` count occurrences from 1.
fn in_path(name: &str) -> Parameter {
    let (kind, description) = match name {
        "n" => (Type::Integer, "Which time round the operation, from 1"),
        "k" => (Type::Integer, "Which time round the step within it, from 1"),
        "version" => (Type::Integer, "Version of the master record, from 1"),
        "no" => (Type::Integer, "Number within the batch, from 1"),
        "index" => (Type::Integer, "Which acceptance of risk, from 0"),
        "op" => (Type::String, "Operation of the master record, as in OP-05.2"),
        "step" => (Type::String, "Step of the master record, as in 05.2.1"),
        "entry" => (Type::String, "Entry of the step, as in ph"),
        "gate" => (Type::String, "Gate of the master record"),
        "code" => (Type::String, "Code of the master record"),
        "user_name" => (Type::String, "User name"),
        _ => (Type::String, "Business number"),
    };
    let least = if name == "index" { 0 } else { 1 };
    let mut schema = ObjectBuilder::new().schema_type(kind.clone());
    if kind == Type::Integer {
        schema = schema.minimum(Some(least)).maximum(Some(u32::MAX));
    }
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(schema.build()))
        .build()
}

/// Describes every name of the path that the handler's own type did not.
fn path_parameters(path: &str, operation: &mut Operation) {
    let parameters = operation.parameters.get_or_insert_default();
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    for name in names {
        let described = parameters.iter().any(|p| match p {
            RefOr::T(p) => p.name == name && p.parameter_in == ParameterIn::Path,
            RefOr::Ref(_) => false,
        });
        if !described {
            parameters.push(RefOr::T(in_path(name)));
        }
    }
}

/// Whether a question has words of its own, behind the question mark.
fn asks(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
        RefOr::Ref(_) => false,
    })
}

fn complete(path: &str, post: bool, operation: &mut Operation) {
    path_parameters(path, operation);
    let mut statuses: Vec<(&str, &str)> = EVERYWHERE.to_vec();
    if operation.security.is_some() {
        statuses.extend(SIGNED_IN);
    } else if !post && path.starts_with("/api/v1") {
        statuses.push(SIGNED_IN[2]);
    } else if post {
        statuses.extend([SIGNED_IN[0], SIGNED_IN[1]]);
    }
    if post {
        statuses.extend(COMMANDS);
    } else if asks(operation) {
        statuses.push(("422", "The question is malformed"));
    }
    for (status, description) in statuses {
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| problem(description));
    }
}

/// Makes an operation's id unique: a handler's name alone is not, across nouns.
fn name_once(path: &str, operation: &mut Operation, names: &mut HashSet<String>) {
    let own = operation.operation_id.take().unwrap_or_default();
    let name = if names.contains(&own) {
        let nouns: Vec<_> = path.split('/').filter(|s| !s.is_empty() && !s.contains('{')).collect();
        format!("{own}_{}", nouns.get(2..).unwrap_or_default().join("_").replace('-', "_"))
    } else {
        own
    };
    names.insert(name.clone());
    operation.operation_id = Some(name);
}

/// Completes a document: common statuses, headers, security.
#[must_use]
pub fn completed(mut api: OpenApi) -> OpenApi {
    let mut names = HashSet::new();
    for (path, item) in &mut api.paths.paths {
        let PathItem { get, post, .. } = item;
        for (is_post, operation) in [(false, get), (true, post)] {
            if let Some(operation) = operation {
                complete(path, is_post, operation);
                name_once(path, operation, &mut names);
            }
        }
    }
    let components = api.components.get_or_insert_default();
    let (name, schema) =
        (<Problem as utoipa::ToSchema>::name(), <Problem as utoipa::PartialSchema>::schema());
    components.schemas.insert(name.to_string(), schema);
    components.add_security_scheme(
        "session",
        SecurityScheme::Http(
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build(),
        ),
    );
    api
}
