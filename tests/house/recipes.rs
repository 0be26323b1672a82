//! Master records of the tests: the buffer preparation, and what a test changes of it.

use super::client::Persona;
use super::world::World;
use serde_json::{Value, json};

/// The buffer preparation, as published.
pub fn buffer() -> Value {
    let text = include_str!("../../schemas/examples/buffer-preparation.json");
    serde_json::from_str(text).expect("the published example")
}

/// The buffer preparation under another code, changed.
pub fn changed(code: &str, change: impl Fn(&mut Value)) -> Value {
    let mut document = buffer();
    document["code"] = code.into();
    change(&mut document);
    document
}

/// A step of the document.
pub fn step<'d>(document: &'d mut Value, id: &str) -> &'d mut Value {
    document["unit_procedures"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .flat_map(|up| up["operations"].as_array_mut().into_iter().flatten())
        .flat_map(|op| op["steps"].as_array_mut().into_iter().flatten())
        .find(|step| step["id"] == id)
        .unwrap_or_else(|| panic!("no step {id}"))
}

/// Path of a version of a master record.
pub fn version(code: &str, version: u64) -> String {
    format!("/masters/{code}/versions/{version}")
}

/// Drafts, submits, checks, approves: effective at once.
pub fn bring_into_effect(
    author: &Persona,
    checker: &Persona,
    qa: &Persona,
    document: &Value,
) -> u64 {
    let answer = author.post("/masters", &json!({ "content": document })).done();
    let code = answer["code"].as_str().expect("a code").to_owned();
    let no = answer["version"].as_u64().expect("a version");
    let path = version(&code, no);
    author.sign(&format!("{path}/submission"), &json!({})).done();
    checker.sign(&format!("{path}/check"), &json!({})).done();
    qa.sign(&format!("{path}/approval"), &json!({})).done();
    no
}

/// The same in a world, by its cast.
pub fn effective(world: &World, document: &Value) -> u64 {
    let (petra, paul) = (world.person("petra"), world.person("paul"));
    bring_into_effect(petra, paul, world.person("qadir"), document)
}
