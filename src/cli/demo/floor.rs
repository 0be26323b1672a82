//! The shop floor of the demo: plays any step of any master record with plausible values.

use super::client::{DemoError, Persona};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::str::FromStr;

/// A step of the frozen master record, as the API gives it.
pub struct StepSpec<'a>(pub &'a Value);

impl StepSpec<'_> {
    /// The step's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0["id"].as_str().unwrap_or_default()
    }

    /// Whether performer and checker sign it.
    #[must_use]
    pub fn significant(&self) -> bool {
        self.0["significant"].as_bool().unwrap_or(false)
    }

    /// How a second person takes part.
    #[must_use]
    pub fn second_mode(&self) -> Option<&str> {
        self.0["second_person"]["mode"].as_str()
    }

    /// The authority a second person needs.
    #[must_use]
    pub fn second_authority(&self) -> &str {
        self.0["second_person"]["authority"].as_str().unwrap_or("check")
    }

    /// The first authority that may perform it.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0["authorities"][0].as_str().unwrap_or("execute")
    }

    /// Its entries that are due with the step.
    pub fn entries_at_step(&self) -> impl Iterator<Item = &Value> {
        let all = self.0["entries"].as_array().map_or(&[][..], Vec::as_slice);
        all.iter().filter(|e| e["due"].is_null() || e["due"] == "step")
    }

    /// Its entries that are due at release, or before this gate.
    pub fn entries_due(&self, gate: Option<&str>) -> Vec<&Value> {
        let all = self.0["entries"].as_array().map_or(&[][..], Vec::as_slice);
        let due = |e: &&Value| match gate {
            None => e["due"] == "release",
            Some(gate) => e["due"]["gate"] == gate,
        };
        all.iter().filter(due).collect()
    }
}

/// Steps by id, out of a master record's content.
#[must_use]
pub fn steps(content: &Value) -> BTreeMap<String, Value> {
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let mut found = BTreeMap::new();
    for up in list(content, "unit_procedures") {
        for op in list(&up, "operations") {
            for step in list(&op, "steps") {
                found.insert(step["id"].as_str().unwrap_or_default().to_owned(), step);
            }
        }
    }
    found
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

/// The body that records a good value for an entry, or the story's own value for it.
#[must_use]
pub fn entry_body(spec: &Value, story: Option<&str>) -> Value {
    let id = spec["id"].as_str().unwrap_or_default();
    let text = |default: &str| story.unwrap_or(default).to_owned();
    match spec["kind"].as_str().unwrap_or_default() {
        "number" | "adjust-to-target" => {
            let value =
                story.map_or_else(|| good_number(spec).normalize().to_string(), str::to_owned);
            json!({ "entry": id, "value": value, "unit": spec["unit"] })
        }
        "choice" => {
            let accepted = spec["accepted"][0].as_str().or(spec["options"][0].as_str());
            json!({ "entry": id, "value": text(accepted.unwrap_or_default()) })
        }
        "confirm" => json!({ "entry": id, "value": true }),
        "lot" => json!({ "entry": id, "value": text("WCB-2019-117") }),
        "equipment" => json!({ "entry": id, "value": text("BR-15000-2") }),
        _ => json!({ "entry": id, "value": text("as described") }),
    }
}

/// A step's occurrence in a batch.
#[derive(Debug, Clone, Copy)]
pub struct Occurrence<'a> {
    /// The batch.
    pub batch: &'a str,
    /// As in `OP-03.2~1/03.2.1~4`.
    pub step: &'a str,
}

impl Occurrence<'_> {
    /// Its path.
    #[must_use]
    pub fn path(&self) -> String {
        let rest = self.step.replace('/', "/steps/");
        format!("/api/v1/batches/{}/operations/{rest}", self.batch)
    }
}

/// The smallest thing that an act changes: its version is read before, and sent with it.
#[derive(Debug, Clone, Copy)]
pub enum Thing<'a> {
    /// The run itself.
    Run,
    /// An operation's occurrence, as in `OP-03.2~1`.
    Operation(&'a str),
    /// A step's occurrence, as in `OP-03.2~1/03.2.1~4`.
    Step(&'a str),
    /// An entry of a step's occurrence.
    Entry(&'a str, &'a str),
}

/// The version of a thing in the picture of a batch.
#[must_use]
pub fn version(picture: &Value, thing: Thing<'_>) -> Option<u64> {
    let find = |list: &Value, member: &str, name: &str| {
        list.as_array()?.iter().find(|item| item[member] == name).cloned()
    };
    let etag = |item: Value| item["etag"].as_str()?.trim_matches('"').parse().ok();
    match thing {
        Thing::Run => picture["seq"].as_u64(),
        Thing::Operation(name) => etag(find(&picture["operations"], "operation", name)?),
        Thing::Step(name) => etag(find(&picture["steps"], "step", name)?),
        Thing::Entry(step, entry) => {
            let step = find(&picture["steps"], "step", step)?;
            etag(find(&step["entries"], "entry", entry)?)
        }
    }
}

/// Does an act on a thing as it stands now: reads its version, then sends it along.
///
/// # Errors
/// When the server refuses.
pub fn act_on(
    who: &Persona,
    batch: &str,
    thing: Thing<'_>,
    act: &str,
    body: &Value,
) -> Result<Value, DemoError> {
    let root = format!("/api/v1/batches/{batch}");
    let picture = who.get(&root)?;
    let version = version(&picture, thing)
        .ok_or_else(|| DemoError::Other(format!("{batch} shows no version of {thing:?}")))?;
    let path = match thing {
        Thing::Run => format!("{root}/{act}"),
        Thing::Operation(name) => format!("{root}/operations/{name}/{act}"),
        Thing::Step(name) => format!("{root}/operations/{}/{act}", name.replace('/', "/steps/")),
        Thing::Entry(step, entry) => {
            format!("{root}/operations/{}/entries/{entry}/{act}", step.replace('/', "/steps/"))
        }
    };
    who.post_matching(&path, body, Some(version))
}

/// Who takes part in playing a step.
pub struct Crew<'a> {
    /// Performs.
    pub performer: &'a Persona,
    /// Witnesses or verifies.
    pub second: &'a Persona,
    /// Verifies at the desk with a session of their own (quality checking an evaluation).
    pub quality: &'a Persona,
    /// Tests samples.
    pub laboratory: &'a Persona,
}

/// Starts, records, completes and has checked one occurrence; `values` gives the story's own.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn play(
    crew: &Crew<'_>,
    at: Occurrence<'_>,
    spec: &StepSpec<'_>,
    values: &BTreeMap<&str, &str>,
    mut tick: impl FnMut(),
) -> Result<(), DemoError> {
    let path = at.path();
    let start = match spec.second_mode() {
        Some("witness-before") => json!({ "second_person": crew.second.as_second() }),
        _ => json!({}),
    };
    crew.performer.post(&format!("{path}/start"), &start)?;
    tick();
    for entry in spec.entries_at_step() {
        let name = entry["name"].as_str().unwrap_or_default();
        if entry["kind"] == "adjust-to-target" {
            titrate(crew.performer, &path, entry, &mut tick)?;
        }
        let body = entry_body(entry, values.get(name).copied());
        let of_laboratory = entry["authorities"][0] == "test";
        let recorder = if of_laboratory { crew.laboratory } else { crew.performer };
        recorder.post(&format!("{path}/entries"), &body)?;
        tick();
    }
    complete(crew, at, spec)?;
    tick();
    Ok(())
}

/// Completes an occurrence and has it verified where the master record asks for it.
///
/// # Errors
/// When the server refuses.
pub fn complete(crew: &Crew<'_>, at: Occurrence<'_>, spec: &StepSpec<'_>) -> Result<(), DemoError> {
    let mut body = json!({});
    if spec.significant() {
        body["signature"] = crew.performer.signature();
    }
    if spec.second_mode() == Some("witness-during") {
        body["second_person"] = crew.second.as_second();
    }
    act_on(crew.performer, at.batch, Thing::Step(at.step), "completion", &body)?;
    Ok(())
}

/// Has a completed occurrence verified.
///
/// # Errors
/// When the server refuses.
pub fn verify(crew: &Crew<'_>, at: Occurrence<'_>, spec: &StepSpec<'_>) -> Result<(), DemoError> {
    if spec.second_mode() != Some("verify-after") {
        return Ok(());
    }
    let checker = if spec.second_authority() == "review" { crew.quality } else { crew.second };
    let body = json!({ "signature": checker.as_second() });
    act_on(checker, at.batch, Thing::Step(at.step), "check", &body)?;
    Ok(())
}

/// The way to a target: readings and additions of which none is judged.
fn titrate(
    performer: &Persona,
    path: &str,
    entry: &Value,
    tick: &mut impl FnMut(),
) -> Result<(), DemoError> {
    let id = entry["id"].as_str().unwrap_or_default();
    let trail = format!("{path}/entries/{id}/trail");
    let way = [
        ("reading", "4.62", "[pH]"),
        ("addition", "18.5", "L"),
        ("reading", "3.84", "[pH]"),
        ("addition", "4.2", "L"),
        ("reading", "3.58", "[pH]"),
        ("addition", "0.9", "L"),
    ];
    for (kind, value, unit) in way {
        performer.post(&trail, &json!({ "kind": kind, "value": value, "unit": unit }))?;
        tick();
    }
    Ok(())
}
