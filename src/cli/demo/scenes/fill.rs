//! Fill and freeze: line clearance, a balance, a count mistyped and corrected in the open, labels.

use super::super::bodies::entry_body;
use super::super::client::DemoError;
use super::super::floor::{StepSpec, Thing, act_on};
use super::super::laboratory::{self, Test};
use super::super::story::Story;
use super::show_refusal;
use serde_json::json;

/// From formulated drug substance to frozen containers.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn play(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(33, 8, 0);
    stage.scene(
        "Fill and freeze: two persons clear the line, then the quality unit passes the gate",
    );
    for (step, entry, value) in [
        ("OP-03.3~1/03.3.2~1", "bioburden", "No contamination"),
        ("OP-05.2~1/05.2.3~1", "bioburden-endotoxin", "Pass"),
    ] {
        laboratory::result(story, Test { step: Some(step), entry }, &[value])?;
    }
    let crew = story.crew("olga", "omar");
    too_early(story)?;
    story.step(&crew, "OP-11.1~1", "11.1.0~1", &[])?;
    stage.say("   Olga clears the fill room, Omar looks after her; only then is there a fill to decide on.");
    story.step(&crew, "OP-11.1~1", "11.1.1~1", &[("Container count", "480")])?;
    stage.say("   The balance signs the net weight; the witness signs with Olga.");
    mistyped(story)?;
    story.step(&crew, "OP-11.1~1", "11.1.2~1", &[])?;
    tell_labels(story)?;
    story.close("OP-11.1~1", "sven")?;
    story.cast.end_shift()
}

/// A gate is no form to sign in advance.
fn too_early(story: &Story<'_>) -> Result<(), DemoError> {
    let quirin = story.cast.get("quirin");
    let body = json!({ "signature": quirin.as_second() });
    let refused =
        quirin.refused(&story.path("gates/G-FILL/passage"), &body, None, "gate-closed")?;
    show_refusal(
        story.stage,
        "Quirin passes the gate before filling, the room not cleared",
        &refused,
    );
    Ok(())
}

/// 480 was typed; 48 is meant.
fn mistyped(story: &Story<'_>) -> Result<(), DemoError> {
    let step = "OP-11.1~1/11.1.1~1";
    let spec = StepSpec(&story.steps["11.1.1"]).entry("container-count").cloned();
    let mut body = entry_body(&spec.unwrap_or_default(), Some("48"), "");
    if let Some(body) = body.as_object_mut() {
        body.remove("entry");
    }
    body["reason"] = json!("one zero too many; 48 containers counted again on the shelf");
    let entry = Thing::Entry(step, "container-count");
    act_on(story.cast.get("olga"), &story.batch, entry, "corrections", &body)?;
    story.stage.minutes(6);
    act_on(story.cast.get("odile"), &story.batch, entry, "checks", &json!({}))?;
    // The witness signed for 480; what he saw has changed on paper, so he confirms it again.
    let omar = story.cast.get("omar");
    let body = json!({ "signature": omar.as_second() });
    act_on(omar, &story.batch, Thing::Step(step), "check", &body)?;
    story.stage.say("   480 stays readable, struck through; 48 is version 2, checked by Odile.");
    Ok(())
}

/// Labels and yield, as the server counts them.
fn tell_labels(story: &Story<'_>) -> Result<(), DemoError> {
    let picture = story.picture("olga")?;
    let steps = picture["steps"].as_array().map_or(&[][..], Vec::as_slice);
    let step = steps.iter().find(|step| step["step"] == "OP-11.1~1/11.1.2~1");
    for entry in step.and_then(|step| step["entries"].as_array()).into_iter().flatten() {
        let shown = entry["versions"].as_array().and_then(|versions| versions.last());
        if let Some(shown) = shown.and_then(|version| version["shown"].as_str()) {
            story
                .stage
                .say(&format!("     {}: {shown}", entry["name"].as_str().unwrap_or_default()));
        }
    }
    Ok(())
}
