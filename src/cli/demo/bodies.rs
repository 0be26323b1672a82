//! What people and devices send: a plausible value for an entry of any kind.

use super::stores;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::str::FromStr;

/// Kinds that the server computes, and results, which the laboratory determines when it has them.
const NOT_SENT: [&str; 6] = ["calculation", "duration", "timer", "yield", "alarm", "result"];

/// Until when reserve parts of samples are kept.
const KEEP_RESERVE: &str = "2032-12-31";

/// Whether people send this entry while they do the step.
#[must_use]
pub fn is_sent(spec: &Value) -> bool {
    spec["kind"].as_str().is_some_and(|kind| !NOT_SENT.contains(&kind))
}

fn decimal(value: &Value) -> Option<Decimal> {
    Decimal::from_str(value.as_str()?).ok()
}

/// A number that a good run would show: the set point, or the middle of the narrowest range.
fn good_number(spec: &Value) -> Decimal {
    if let Some(target) = decimal(&spec["set_point"]) {
        return target;
    }
    let limits = spec["limits"].as_array().map_or(&[][..], Vec::as_slice);
    let rank = |l: &&Value| match l["purpose"].as_str() {
        Some("alert") => 0,
        Some("acceptance") => 1,
        Some("control") => 2,
        _ => 3,
    };
    let Some(limit) = limits.iter().min_by_key(rank) else { return Decimal::ONE };
    match (decimal(&limit["low"]["value"]), decimal(&limit["high"]["value"])) {
        (Some(low), Some(high)) if spec["whole"] == true => (low + high) / Decimal::TWO.floor(),
        (Some(low), Some(high)) => (low + high) / Decimal::TWO,
        (Some(low), None) => low + (low / Decimal::TEN).max(Decimal::ONE),
        (None, Some(high)) => high * Decimal::new(8, 1),
        (None, None) => Decimal::ONE,
    }
}

/// A good value of an entry, as text with the decimals that are asked.
#[must_use]
pub fn good_value(spec: &Value) -> String {
    let number = good_number(spec).normalize();
    let asked = spec["decimals"].as_u64().and_then(|asked| u32::try_from(asked).ok());
    let mut written = number;
    written.rescale(number.scale().max(asked.unwrap_or_default()));
    written.to_string()
}

/// The body that records a good value for an entry, or the story's own value for it.
///
/// `place` makes the identity of a sample: it is taken once.
#[must_use]
pub fn entry_body(spec: &Value, story: Option<&str>, place: &str) -> Value {
    let id = spec["id"].as_str().unwrap_or_default();
    let text = |default: &str| story.unwrap_or(default).to_owned();
    match spec["kind"].as_str().unwrap_or_default() {
        "number" | "adjust-to-target" | "reading" => {
            let value = story.map_or_else(|| good_value(spec), str::to_owned);
            // People read another unit than is asked, as in `48.0 g`.
            let (value, unit) = match value.split_once(' ') {
                Some((value, unit)) => (value.to_owned(), json!(unit)),
                None => (value, spec["unit"].clone()),
            };
            json!({ "entry": id, "value": value, "unit": unit })
        }
        "choice" => {
            let accepted = spec["accepted"][0].as_str().or(spec["options"][0].as_str());
            json!({ "entry": id, "value": text(accepted.unwrap_or_default()) })
        }
        "confirm" => json!({ "entry": id, "value": true }),
        "lot" | "equipment" => json!({ "entry": id, "value": text(stores::identifier(spec)) }),
        "sample" => {
            let quantity = &spec["quantity"];
            let mut taken = json!({
                "id": place, "quantity": quantity["value"], "unit": quantity["unit"],
                "containers": spec["containers"],
            });
            if spec["reserve"].is_object() {
                taken["reserve"] = json!({ "keep_until": KEEP_RESERVE });
            }
            json!({ "entry": id, "value": taken })
        }
        "line-clearance" => {
            let checks = spec["checks"].as_array().map_or(0, Vec::len);
            json!({ "entry": id, "value": vec![true; checks] })
        }
        "label-count" => json!({ "entry": id, "value": {
            "issued": 52, "reprinted": 1, "used": 48, "damaged": 1, "returned": 0, "destroyed": 3,
            "sampled": 1,
        }}),
        "attachment" => json!({ "entry": id, "value": { "files": [chromatogram()] } }),
        _ => json!({ "entry": id, "value": text("as described") }),
    }
}

/// The chromatogram as the skid draws it.
#[must_use]
pub fn chromatogram() -> Value {
    file("cex-elution.png", include_bytes!("pictures/cex-elution.png"))
}

/// A photo of the bioreactor's controller after the power dip.
#[must_use]
pub fn photo() -> Value {
    file("panel-after-power-dip.png", include_bytes!("pictures/panel.png"))
}

fn file(name: &str, bytes: &[u8]) -> Value {
    use base64::Engine as _;
    let content = base64::engine::general_purpose::STANDARD.encode(bytes);
    json!({ "name": name, "content": content })
}
