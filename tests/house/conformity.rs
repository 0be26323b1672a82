//! Every answer that a test receives is held against the OpenAPI document: its status, its media type, and for a
//! success its whole shape. Stricter than the document, which lets members be added later: here none may come that
//! it does not name.

use batchwright::api::{ROUTES, document};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = serde_json::to_value(document()).expect("JSON");
    let schemas = document["components"]["schemas"].as_object_mut().expect("schemas");
    let text = serde_json::to_string(schemas).expect("JSON");
    for (name, schema) in schemas {
        // What is a part of something larger is closed there.
        let part = format!("\"allOf\":[{{\"$ref\":\"#/components/schemas/{name}\"");
        if !text.contains(&part) {
            close(schema);
        }
    }
    document
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Lets no object have members that its schema does not name.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) if members.contains_key("allOf") => {
            members.insert("unevaluatedProperties".into(), json!(false));
        }
        Value::Object(members) => {
            members.values_mut().for_each(close);
            if members.contains_key("properties") {
                members.entry("additionalProperties").or_insert(json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn validator(schema: &Value) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().expect("no test fails while it holds this");
    let validator = known.entry(schema.to_string()).or_insert_with(|| {
        let mut whole = schema.clone();
        whole["components"] = DOCUMENT["components"].clone();
        let options = jsonschema::options().should_validate_formats(true);
        Arc::new(options.build(&whole).expect("a schema"))
    });
    validator.clone()
}

/// What is wrong with an answer, if anything is.
pub fn faults(method: &str, path: &str, status: u16, kind: &str, body: &Value) -> Vec<String> {
    let path = path.split('?').next().unwrap_or_default();
    let route = ROUTES.iter().find(|route| route.method == method && route.is_at(path));
    let Some(route) = route else { return Vec::new() };
    let operation = &DOCUMENT["paths"][route.path][method.to_lowercase()];
    let Some(content) = operation["responses"][status.to_string()]["content"].as_object() else {
        return vec![format!("{status} is not documented")];
    };
    let unsaid = undeclared(operation, body["code"].as_str().unwrap_or_default());
    if !unsaid.is_empty() {
        return unsaid;
    }
    let kind = kind.split(';').next().unwrap_or_default();
    let Some(media) = content.get(kind).or_else(|| content.get("*/*")) else {
        return vec![format!("{kind:?} is not documented for {status}")];
    };
    let schema = &media["schema"];
    if schema.is_null() || !kind.ends_with("json") || status >= 300 {
        return Vec::new();
    }
    let told =
        |error: jsonschema::ValidationError<'_>| format!("{} at {}", error, error.instance_path());
    validator(schema).iter_errors(body).map(told).collect()
}

/// A version is asked for where the document asks for it, and nowhere else.
fn undeclared(operation: &Value, code: &str) -> Vec<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let mut if_match = parameters.filter(|it| it["name"] == "If-Match");
    let required = if_match.next().is_some_and(|it| it["required"] == true);
    if code == "version-required" && !required {
        return vec!["If-Match is asked for, and not documented as required".to_owned()];
    }
    Vec::new()
}

/// An answer is what the document says of its operation.
#[track_caller]
pub fn held(method: &str, path: &str, status: u16, kind: &str, body: &Value) {
    let faults = faults(method, path, status, kind, body);
    assert!(faults.is_empty(), "{method} {path}: {status} {faults:#?}\n{body:#}");
}
