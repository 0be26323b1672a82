//! The audit trail in plain words: who did what, when, why, with old and new value.

use super::critical::critical;
use crate::domain::clock::{Instant, Zone};
use serde::Serialize;
use serde_json::Value;

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrailLine {
    /// Sequence in the record.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Zone at the act.
    pub zone: Zone,
    /// The server's clock was apart from site time then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clock_apart: bool,
    /// Printed name (`system` for the system's own acts).
    pub printed_name: String,
    pub user_name: String,
    pub role: String,
    /// The event in words.
    pub described: Described,
    /// Signatures over it.
    pub signatures: Vec<SignatureLine>,
    /// The entry's link, hex.
    pub link: String,
}

/// A signature as printed in the trail: all seven parts of its manifestation, and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureLine {
    pub printed_name: String,
    pub user_name: String,
    pub role: String,
    pub meaning: String,
    /// When.
    pub at: Instant,
    pub zone: Zone,
    /// Key fingerprint.
    pub key: String,
    /// Signature value, base64.
    pub value: String,
}

/// An event in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Described {
    /// What was done, as in `entry corrected`.
    pub action: String,
    /// To what, as in `OP-03.2~1/03.2.1~10 · ph`.
    pub what: String,
    /// Value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// Value after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it was done, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub performed_at: Option<Instant>,
    /// The same as `what`, apart.
    #[serde(skip)]
    pub named: Named,
    /// Whether a reviewer reads it first: whatever is not as planned, and every decision.
    #[serde(skip)]
    pub critical: bool,
}

/// What an event names: pages print names beside ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// Occurrence of an operation, as in `OP-03.2~1`.
    pub operation: Option<String>,
    /// Occurrence of a step, as in `OP-03.2~1/03.2.1~10`.
    pub step: Option<String>,
    /// Id of an entry.
    pub entry: Option<String>,
    /// Everything else, in words.
    pub also: Vec<String>,
}

/// Whether an event is more than routine: late, outside, with a reason, again, by another hand than the performer's.
fn read_first(name: &str, data: &Value) -> bool {
    let any = |member: &str| data[member].as_array().is_some_and(|list| !list.is_empty());
    critical(name)
        || any("exceptions")
        || any("superseded_uses")
        || !data["performed_at"].is_null()
        || !data["reason"].is_null()
        || data["version"].as_u64().is_some_and(|version| version > 1)
}

/// Members that say why.
const REASONS: [&str; 6] = ["reason", "rationale", "conclusion", "cause", "comment", "method"];

/// Members that say to what, in the order in which people name them.
const OBJECTS: [&str; 34] = [
    "number",
    "code",
    "version",
    "step",
    "operation",
    "gate",
    "exception",
    "exceptions",
    "no",
    "kind",
    "deviation",
    "lot",
    "what",
    "title",
    "user_name",
    "printed_name",
    "role",
    "severity",
    "detail",
    "text",
    "series",
    "run_number",
    "index",
    "key",
    "tag",
    "limit",
    "side",
    "priority",
    "notified",
    "formula",
    "remark",
    "against",
    "why",
    "words",
];

/// Members that hold what stands there now.
const NEW: [&str; 9] =
    ["value", "new", "after", "upheld", "disposition", "absence", "shown", "content_hash", "blob"];

/// The plain members of an object, in words.
fn inner(value: &Value) -> Option<String> {
    let members = value.as_object()?;
    let words: Vec<_> = members
        .iter()
        .filter_map(|(name, value)| text(value).map(|text| format!("{name} {text}")))
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(s) if !s.is_empty() => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(if *b { "yes" } else { "no" }.to_owned()),
        Value::Array(list) if !list.is_empty() => {
            Some(list.iter().filter_map(text).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    }
}

/// Where an entry stands: `OP-03.2~1/03.2.1~10 · ph`.
fn place(at: &Value) -> Option<String> {
    let entry = at["entry"].as_str()?;
    Some(at["step"].as_str().map_or_else(|| entry.to_owned(), |step| format!("{step} · {entry}")))
}

/// Where an event belongs, each part apart.
fn named(data: &Value) -> Named {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let at = &data["at"];
    Named {
        operation: text(&data["operation"]),
        step: text(&at["step"]).or_else(|| text(&data["step"])),
        entry: text(&at["entry"]).filter(|entry| !entry.is_empty()),
        also: Vec::new(),
    }
}

/// A value as people read it: its shown form, its own text, or a list of roles and the like.
fn shown(value: &Value) -> Option<String> {
    if let Some(shown) = value["shown"].as_str() {
        return Some(shown.to_owned());
    }
    if let Some(list) = value.as_array() {
        let names: Vec<_> = list
            .iter()
            .filter_map(|v| {
                v["role"].as_str().or(v["name"].as_str()).map(str::to_owned).or_else(|| text(v))
            })
            .collect();
        return Some(if names.is_empty() { "none".into() } else { names.join(", ") });
    }
    text(value)
}

/// An event in plain words, from its name (`run.entry-recorded`) and its data.
#[must_use]
pub fn describe(name: &str, data: &Value) -> Described {
    let action = name.split_once('.').map_or(name, |(_, rest)| rest).replace('-', " ");
    let mut objects: Vec<String> = place(&data["at"]).into_iter().collect();
    let mut named = named(data);
    for member in OBJECTS {
        if let Some(text) = text(&data[member]) {
            let words = match member {
                "exception" => format!("exception {text}"),
                "exceptions" => format!("exceptions {text}"),
                "version" => format!("version {text}"),
                "no" => format!("no. {text}"),
                _ => text,
            };
            if !matches!(member, "step" | "operation") {
                named.also.push(words.clone());
            }
            objects.push(words);
        }
    }
    let new = NEW.into_iter().find_map(|member| shown(&data[member]));
    // What an investigation decided, what a change changes, where something happened: one level deeper.
    for member in ["step", "change", "place"] {
        let words = inner(&data[member]);
        named.also.extend(words.clone());
        objects.extend(words);
    }
    Described {
        critical: read_first(name, data),
        performed_at: data["performed_at"].as_i64().map(Instant),
        named,
        action,
        what: objects.join(" · "),
        old: shown(&data["old"]).or_else(|| shown(&data["before"])),
        new,
        reason: REASONS.into_iter().find_map(|member| text(&data[member])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    // shows: A11-08b.a, A11D-12.2.a, MHRA-2.a
    #[test]
    fn a_correction_names_place_old_new_and_why() {
        let data = json!({
            "at": { "step": "OP-11.1~1/11.1.1~1", "entry": "container-count" },
            "version": 2, "value": { "shown": "48 units" }, "old": "480 units",
            "reason": "one zero too many",
        });
        let described = describe("run.entry-corrected", &data);
        assert_eq!(described.action, "entry corrected");
        assert_eq!(described.what, "OP-11.1~1/11.1.1~1 · container-count · version 2");
        assert_eq!(described.old.as_deref(), Some("480 units"));
        assert_eq!(described.new.as_deref(), Some("48 units"));
        assert_eq!(described.reason.as_deref(), Some("one zero too many"));
    }

    #[test]
    fn what_goes_as_planned_is_routine_and_what_does_not_is_read_first() {
        let plain = json!({ "at": { "step": "OP-1~1/1~1", "entry": "ph" }, "exceptions": [],
            "performed_at": null, "reason": null });
        let described = describe("run.entry-recorded", &plain);
        assert!(!described.critical);
        assert_eq!(described.named.entry.as_deref(), Some("ph"));
        assert_eq!(described.named.step.as_deref(), Some("OP-1~1/1~1"));
        for (member, value) in [
            ("exceptions", json!([3])),
            ("performed_at", json!(1_773_025_800_000_000_i64)),
            ("reason", json!("pipette broke")),
        ] {
            let mut other = plain.clone();
            other[member] = value;
            assert!(describe("run.entry-recorded", &other).critical, "{member}");
        }
        assert!(describe("run.entry-corrected", &plain).critical);
        assert!(describe("run.something-new", &plain).critical);
    }

    #[test]
    fn an_investigation_and_a_change_say_what_they_decided() {
        let data = json!({
            "at": { "entry": "purity" },
            "step": { "phase": "assignable-cause", "found": true, "cause": "wrong dilution" },
        });
        let described = describe("run.result-investigated", &data);
        assert_eq!(
            described.what,
            "purity · cause wrong dilution, found yes, phase assignable-cause"
        );
        let data =
            json!({ "no": 1, "before": "at 37 °C", "after": "at 35 °C", "reason": "heater" });
        let described = describe("run.amendment-proposed", &data);
        assert_eq!(described.old.as_deref(), Some("at 37 °C"));
        assert_eq!(described.new.as_deref(), Some("at 35 °C"));
    }
}
