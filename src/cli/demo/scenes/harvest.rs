//! What tomorrow will refuse, the harvest, the design space computed, and an input corrected.

use super::super::client::DemoError;
use super::super::floor::{Crew, Occurrence, StepSpec, Thing, act_on, complete, verify};
use super::super::story::Story;
use super::{quality, tell_preflight};
use serde_json::{Value, json};

/// The evaluation of the design space.
const EVALUATION: &str = "OP-03.3~1/03.3.3~1";
/// The step whose start is the transfer to harvest.
const TRANSFER: &str = "04.1.1";

/// The evening before the transfer: the rules are asked about tomorrow.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn look_ahead(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(7 + 16, 17, 0);
    stage.scene("The evening before harvest: what will tomorrow refuse?");
    stage.say("   The same rules that will decide are asked about the next 24 hours:");
    let transfer = |row: &Value| row["place"] == "G-TRANSFER" || row["sort"] == "overdue";
    tell_preflight(story, "sven", 24, transfer)?;
    stage.say("   So everybody knows of it tonight, not tomorrow before a full bioreactor.");
    story.cast.end_shift()
}

/// From the harvest decision to clarified bulk.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn play(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    let crew = story.crew("olga", "omar");
    story.day(24, 6, 40);
    stage.scene("Day 17 of the culture: harvest is decided while it still lives");
    story.step(&crew, "OP-03.3~1", "03.3.1~1", &[])?;
    story.step(&crew, "OP-03.3~1", "03.3.2~1", &[])?;
    stage.say("   One sample for six tests; their results arrive when the laboratory has them.");
    design_space(story)?;
    quality::look_over(story, "sara", "printout")?;
    story.close("OP-03.2~1", "sven")?;
    story.close("OP-03.3~1", "sven")?;
    at_risk(story)?;
    story.step(&crew, "OP-04.1~1", "04.1.1~1", &[("Centrifuge flow rate", "900")])?;
    ratified(story)?;
    story.step(&crew, "OP-04.1~1", "04.1.2~1", &[])?;
    story.close("OP-04.1~1", "sven")?;
    story.cast.end_shift()
}

/// Four predictors, computed; then a number of day 8 turns out to be mistyped.
fn design_space(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    let petra = story.cast.get("petra");
    stage.scene("The design space: four equations, computed from what was recorded");
    let evaluation = Occurrence { batch: &story.batch, step: EVALUATION };
    petra.post(&format!("{}/start", evaluation.path()), &json!({}))?;
    stage.tick();
    tell_predictors(story)?;
    stage.say("   Nobody typed them. Petra compares the daily log with the printouts.");
    let step = "OP-03.2~1/03.2.1~9";
    let log = StepSpec(&story.steps["03.2.1"]);
    let unit = log.entry("temperature").map_or(Value::Null, |entry| entry["unit"].clone());
    let body = json!({ "value": "34.6", "unit": unit,
                       "reason": "printout of day 8 says 34.6; the line of day 7 was typed" });
    let at = Thing::Entry(step, "temperature");
    let answer = act_on(story.cast.get("omar"), &story.batch, at, "corrections", &body)?;
    let events = answer["happened"].as_array().map_or(&[][..], Vec::as_slice);
    let computed = events.iter().filter(|event| event["event"] == "run.entry-computed").count();
    stage.say(&format!(
        "   Omar corrects a temperature of day 8: 35.1 was typed, the printout says 34.6. \
         {computed} computed values follow in the same act:"
    ));
    tell_predictors(story)?;
    stage.minutes(10);
    let day_8 = Occurrence { batch: &story.batch, step };
    story.checks(&story.crew("omar", "olga"), day_8, &log)?;
    let crew = Crew { performer: petra, ..story.crew("olga", "omar") };
    let spec = StepSpec(&story.steps["03.3.3"]);
    complete(&crew, evaluation, &spec)?;
    stage.minutes(15);
    let checked = story.checks(&crew, evaluation, &spec)?;
    verify(&crew, evaluation, &spec)?;
    stage.say(&format!(
        "   Quentina's act computes {checked} values again from what is stored; all four are at least \
         4.60. She verifies."
    ));
    Ok(())
}

/// The culture dies before quality has decided: the supervisor takes the risk on for a while.
fn at_risk(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    stage.scene(
        "The gate before transfer: a late sample is not decided yet, and the culture cannot wait",
    );
    let (sara, gate) = (story.cast.get("sara"), &story.gates[TRANSFER]);
    let body = json!({
        "reason": "one sample came after its grace, the days around it are on the curve; viability falls",
        "minutes": 120, "signature": sara.signature(),
    });
    sara.post(&story.path(&format!("gates/{gate}/risk-acceptance")), &body)?;
    stage.tick();
    stage.say("   Sara, supervisor, signs: proceed at risk for two hours. QA must ratify.");
    Ok(())
}

/// Quality decides on the late sample and the correction, and on the risk that was taken.
fn ratified(story: &Story<'_>) -> Result<(), DemoError> {
    let why = |exception: &Value| match exception["kind"].as_str() {
        Some("correction") => {
            "the printout of day 8 proves 34.6 degrees; all four predictors were computed anew and stay above 4.60"
        }
        Some("proceeded-at-risk") => {
            "the transfer began two minutes after the risk was signed, and only the late sample was known to be open"
        }
        _ => {
            "the sample was taken the same afternoon, once the analyser was clean; its count lies on the curve"
        }
    };
    quality::no_deviations(story, why)?;
    let (quella, gate) = (story.cast.get("quella"), &story.gates[TRANSFER]);
    let conclusion = "the transfer was done under it; the late sample says nothing against it";
    quella.post(
        &story.path(&format!("gates/{gate}/risk-acceptances/0/ratification")),
        &json!({ "conclusion": conclusion, "signature": quella.signature() }),
    )?;
    story.stage.tick();
    story.stage.say("   Quella, who did not ask for it, ratifies the risk.");
    Ok(())
}

fn tell_predictors(story: &Story<'_>) -> Result<(), DemoError> {
    let picture = story.picture("quella")?;
    let steps = picture["steps"].as_array().map_or(&[][..], Vec::as_slice);
    let step = steps.iter().find(|step| step["step"] == EVALUATION);
    for entry in step.and_then(|step| step["entries"].as_array()).into_iter().flatten() {
        let name = entry["name"].as_str().unwrap_or_default();
        let versions = entry["versions"].as_array().map_or(&[][..], Vec::as_slice);
        let shown: Vec<_> =
            versions.iter().filter_map(|v| v["shown"].as_str().map(str::to_owned)).collect();
        if name.ends_with("predictor") {
            story.stage.say(&format!("     {name}: {}", shown.join(", then ")));
        }
    }
    Ok(())
}
