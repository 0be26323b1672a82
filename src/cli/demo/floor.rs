//! The shop floor of the demo: plays any step of any master record with plausible values.

use super::bodies::{entry_body, is_sent};
use super::client::{DemoError, Persona};
use super::devices::Devices;
use super::stage::Stage;
use serde_json::{Value, json};
use std::collections::BTreeMap;

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

    /// Whether automated equipment does it and one person checks it.
    #[must_use]
    pub fn automated(&self) -> bool {
        self.0["automated"].as_bool().unwrap_or(false)
    }

    /// Whether a scribe is planned beside the performer.
    #[must_use]
    pub fn scribe(&self) -> bool {
        self.0["scribe"].as_bool().unwrap_or(false)
    }

    /// Its entries that people send while they do it.
    pub fn entries(&self) -> impl Iterator<Item = &Value> {
        let all = self.0["entries"].as_array().map_or(&[][..], Vec::as_slice);
        all.iter().filter(|entry| is_sent(entry))
    }

    /// One of its entries.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<&Value> {
        self.0["entries"].as_array()?.iter().find(|entry| entry["id"] == id)
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

/// A step's occurrence in a batch.
#[derive(Debug, Clone, Copy)]
pub struct Occurrence<'a> {
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

    /// The identity of the sample that is taken at it.
    #[must_use]
    pub fn sample(&self) -> String {
        let step = self.step.split('/').next_back().unwrap_or_default().replace('~', "-");
        format!("{}/S-{step}", self.batch)
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
    /// Witnesses, verifies, or writes as a scribe.
    pub second: &'a Persona,
    /// Verifies at the desk with a session of their own (quality checking an evaluation).
    pub quality: &'a Persona,
    /// Tests samples.
    pub laboratory: &'a Persona,
    /// Give readings.
    pub devices: &'a Devices,
    /// Clock and narration.
    pub stage: &'a Stage,
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
) -> Result<(), DemoError> {
    let path = at.path();
    let start = match spec.second_mode() {
        Some("witness-before") => json!({ "second_person": crew.second.as_second() }),
        _ => json!({}),
    };
    crew.performer.post(&format!("{path}/start"), &start)?;
    crew.stage.tick();
    for entry in spec.entries() {
        let name = entry["name"].as_str().unwrap_or_default();
        if entry["kind"] == "adjust-to-target" {
            titrate(crew, &path, entry)?;
        }
        let mut body = entry_body(entry, values.get(name).copied(), &at.sample());
        crew.devices.sign(entry, crew.stage.now(), &mut body);
        let recorder = if entry["authorities"][0] == "test" {
            crew.laboratory
        } else if spec.scribe() {
            let who = &crew.performer.user_name;
            body["basis"] = json!({ "kind": "scribe", "performed_by": who });
            crew.second
        } else {
            crew.performer
        };
        recorder.post(&format!("{path}/entries"), &body)?;
        crew.stage.tick();
    }
    complete(crew, at, spec)?;
    crew.stage.tick();
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
    // Of automated equipment's work the one check is the signature at completion (21 CFR 211.68(c)).
    if spec.second_mode() != Some("verify-after") || spec.automated() {
        return Ok(());
    }
    let checker = if spec.second_authority() == "review" { crew.quality } else { crew.second };
    let body = json!({ "signature": checker.as_second() });
    act_on(checker, at.batch, Thing::Step(at.step), "check", &body)?;
    Ok(())
}

/// Whatever an occurrence's entries owe a check by another person gets it.
///
/// # Errors
/// When the server refuses.
pub fn check_entries(
    checker: &Persona,
    at: Occurrence<'_>,
    stage: &Stage,
) -> Result<u32, DemoError> {
    let picture = checker.get(&format!("/api/v1/batches/{}", at.batch))?;
    let steps = picture["steps"].as_array().map_or(&[][..], Vec::as_slice);
    let step = steps.iter().find(|step| step["step"] == at.step);
    let owed = step.and_then(|step| step["entries"].as_array()).into_iter().flatten();
    let mut checked = 0;
    for entry in owed {
        let current = entry["versions"].as_array().and_then(|versions| versions.last());
        let owes = current.is_some_and(|v| v["check_owed"] == true && v["checked_by"].is_null());
        if owes {
            let id = entry["entry"].as_str().unwrap_or_default();
            act_on(checker, at.batch, Thing::Entry(at.step, id), "checks", &json!({}))?;
            stage.tick();
            checked += 1;
        }
    }
    Ok(checked)
}

/// The way to a target: readings and additions of which none is judged.
fn titrate(crew: &Crew<'_>, path: &str, entry: &Value) -> Result<(), DemoError> {
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
        crew.performer.post(&trail, &json!({ "kind": kind, "value": value, "unit": unit }))?;
        crew.stage.tick();
    }
    Ok(())
}
