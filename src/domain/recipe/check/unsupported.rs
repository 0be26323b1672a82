//! What the schema carries and a later release brings to life: refused now, by name.

use crate::domain::entry::KindSpec;
use crate::domain::recipe::check::{Finding, NOT_YET_SUPPORTED};
use serde_json::{Map, Value, json};

/// Members without behaviour yet, wherever they stand in the procedure.
const LATER_MEMBERS: [&str; 5] = ["qualifications", "equipment", "consumes", "produces", "device"];

/// What an entry of a kind without behaviour is read as, so that the rest can be checked.
fn covered(entry: &Map<String, Value>) -> Value {
    let mut plain = json!({ "kind": "text" });
    for member in ["id", "name", "mandatory", "due", "classification", "authorities", "source"] {
        if let Some(value) = entry.get(member) {
            plain[member] = value.clone();
        }
    }
    plain
}

/// Names entries of kinds that nobody knows, and covers them.
pub(super) fn unknown_kinds(document: &Value, findings: &mut Vec<Finding>) -> Value {
    let mut copy = document.clone();
    each_entry(&mut copy, &mut |pointer, value| {
        let Some(entry) = value.as_object() else { return };
        let Some(kind) = entry.get("kind").and_then(Value::as_str) else { return };
        if KindSpec::NAMES.contains(&kind) {
            return;
        }
        findings.push(unsupported(
            format!("{pointer}/kind"),
            format!("no kind of entry is called {kind:?}; use one of {}", names()),
        ));
        *value = covered(entry);
    });
    copy
}

/// Names what has no behaviour yet, and takes it out.
pub(super) fn later(document: &Value, findings: &mut Vec<Finding>) -> Value {
    let mut copy = document.clone();
    if let Some(top) = copy.as_object_mut()
        && top.remove("expires_after").is_some()
    {
        findings.push(unsupported("/expires_after".into(), member("expires_after")));
    }
    each_place(&mut copy, &mut |pointer, value| {
        let Some(object) = value.as_object_mut() else { return };
        for name in LATER_MEMBERS {
            // An empty list asks for nothing.
            let asked = object.remove(name).is_some_and(|value| value != json!([]));
            if asked {
                findings.push(unsupported(format!("{pointer}/{name}"), member(name)));
            }
        }
    });
    copy
}

fn unsupported(pointer: String, sentence: String) -> Finding {
    Finding::new(pointer, NOT_YET_SUPPORTED, "CH4-17", sentence)
}

fn member(name: &str) -> String {
    format!("{name} is part of the format and not supported yet; leave it out for now")
}

fn names() -> String {
    KindSpec::NAMES.join(", ")
}

/// Visits operations, steps and entries, with their pointers.
fn each_place(document: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    let lists = ["unit_procedures", "operations", "steps"];
    descend(document, "", &lists, visit);
    each_entry(document, visit);
}

/// Visits every entry: of steps, and release specifications.
fn each_entry(document: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    let mut step = |pointer: &str, value: &mut Value| {
        if pointer.contains("/steps/") {
            descend(value, pointer, &["entries"], visit);
        }
    };
    descend(document, "", &["unit_procedures", "operations", "steps"], &mut step);
    descend(document, "", &["release_specifications"], visit);
}

fn descend(
    value: &mut Value,
    pointer: &str,
    lists: &[&str],
    visit: &mut dyn FnMut(&str, &mut Value),
) {
    let Some((list, deeper)) = lists.split_first() else { return };
    let Some(items) = value.get_mut(*list).and_then(Value::as_array_mut) else { return };
    for (i, item) in items.iter_mut().enumerate() {
        let at = format!("{pointer}/{list}/{i}");
        visit(&at, item);
        descend(item, &at, deeper, visit);
    }
}
