//! Harvest, three columns, virus steps, formulation, fill: two weeks.

use super::super::client::DemoError;
use super::super::floor::{Thing, act_on, entry_body};
use super::super::story::Story;
use serde_json::json;

/// From the harvest decision to frozen bulk.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn play(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    let crew = story.crew("olga", "omar");
    story.day(24, 6, 0);
    stage.scene("Day 17 of the culture: harvest is decided while it still lives");
    story.step(&crew, "OP-03.3~1", "03.3.1~1", &[])?;
    story.step(&crew, "OP-03.3~1", "03.3.2~1", &[("Viability at harvest", "61")])?;
    story.step(&crew, "OP-03.3~1", "03.3.3~1", &[])?;
    story.close("OP-03.2~1", "sven")?;
    story.close("OP-03.3~1", "sven")?;
    story.step(&crew, "OP-04.1~1", "04.1.1~1", &[])?;
    story.step(&crew, "OP-04.1~1", "04.1.2~1", &[("Hold time of clarified bulk", "14")])?;
    story.close("OP-04.1~1", "sven")?;
    story.cast.end_shift()?;

    story.day(25, 7, 0);
    stage.scene("Protein A: two cycles, one pool");
    let crew = story.crew("odile", "omar");
    story.step(&crew, "OP-05.1~1", "05.1.1~1", &[])?;
    story.step(&crew, "OP-05.1~1", "05.1.2~1", &[])?;
    story.close("OP-05.1~1", "sven")?;
    for cycle in 1..=2 {
        story.step(&crew, "OP-05.2~1", &format!("05.2.1~{cycle}"), &[])?;
        story.step(&crew, "OP-05.2~1", &format!("05.2.2~{cycle}"), &[])?;
    }
    story.step(&crew, "OP-05.2~1", "05.2.3~1", &[("Step yield", "83"), ("Pool pH", "4.2")])?;
    story.close("OP-05.2~1", "sven")?;
    story.cast.end_shift()?;
    inactivation(story)?;
    polishing(story)
}

/// Titration to 3.5: the way there raises no false alarm.
fn inactivation(story: &Story<'_>) -> Result<(), DemoError> {
    story.day(26, 8, 0);
    story.stage.scene("Low pH: titrate to 3.5; only the declared final reading is judged");
    let crew = story.crew("olga", "omar");
    story.step(&crew, "OP-06.1~1", "06.1.1~1", &[])?;
    let picture = story.picture("olga")?;
    let open = picture["exceptions"]
        .as_array()
        .map_or(0, |all| all.iter().filter(|e| e["triage"].is_null()).count());
    story
        .stage
        .say(&format!("   4.62, 3.84, 3.58 on the way, 3.51 declared: {open} exceptions open."));
    story.stage.minutes(92);
    story.step(&crew, "OP-06.1~1", "06.1.2~1", &[])?;
    story.step(&crew, "OP-06.1~1", "06.1.3~1", &[("In-process hold after filtration", "1")])?;
    story.close("OP-06.1~1", "sven")?;
    story.cast.end_shift()
}

fn polishing(story: &Story<'_>) -> Result<(), DemoError> {
    story.day(27, 7, 0);
    story.stage.scene("Cation and anion exchange, virus filtration, formulation");
    let crew = story.crew("omar", "odile");
    story.step(&crew, "OP-07.1~1", "07.1.1~1", &[])?;
    story.step(&crew, "OP-07.1~1", "07.1.2~1", &[])?;
    story.step(
        &crew,
        "OP-07.1~1",
        "07.1.3~1",
        &[("HCP", "96"), ("Step yield", "90"), ("Pool volume", "4.2")],
    )?;
    story.close("OP-07.1~1", "sara")?;
    story.cast.end_shift()?;
    story.day(28, 7, 0);
    story.step(&crew, "OP-08.1~1", "08.1.1~1", &[])?;
    story.step(&crew, "OP-08.1~1", "08.1.2~1", &[])?;
    story.step(&crew, "OP-08.1~1", "08.1.3~1", &[("HCP", "8")])?;
    story.close("OP-08.1~1", "sara")?;
    story.cast.end_shift()?;
    story.day(29, 7, 0);
    for step in ["09.1.1~1", "09.1.2~1", "09.1.3~1"] {
        story.step(&crew, "OP-09.1~1", step, &[("Product recovery", "98.4")])?;
    }
    story.close("OP-09.1~1", "sara")?;
    story.cast.end_shift()?;
    story.day(30, 7, 0);
    story.step(&crew, "OP-10.1~1", "10.1.1~1", &[])?;
    story.step(&crew, "OP-10.1~1", "10.1.2~1", &[])?;
    story.close("OP-10.1~1", "sara")?;
    story.cast.end_shift()?;
    fill(story)
}

/// Fill and freeze; a count is mistyped and corrected in the open.
fn fill(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(31, 8, 0);
    stage.scene("Fill and freeze: a count is mistyped and corrected in the open");
    let crew = story.crew("olga", "omar");
    story.step(&crew, "OP-11.1~1", "11.1.1~1", &[("Container count", "480")])?;
    let spec = story.steps["11.1.1"]["entries"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|e| e["name"] == "Container count")
        .cloned()
        .unwrap_or_default();
    let id = spec["id"].as_str().unwrap_or_default().to_owned();
    let entry = Thing::Entry("OP-11.1~1/11.1.1~1", &id);
    let mut body = entry_body(&spec, Some("48"));
    if let Some(body) = body.as_object_mut() {
        body.remove("entry");
    }
    body["reason"] = json!("one zero too many; 48 containers counted again on the shelf");
    act_on(story.cast.get("olga"), &story.batch, entry, "corrections", &body)?;
    stage.minutes(6);
    act_on(story.cast.get("odile"), &story.batch, entry, "checks", &json!({}))?;
    // The witness signed for 480; what he saw has changed on paper, so he confirms it again.
    let omar = story.cast.get("omar");
    let body = json!({ "signature": omar.as_second() });
    act_on(omar, &story.batch, Thing::Step("OP-11.1~1/11.1.1~1"), "check", &body)?;
    stage.say("   480 stays readable, struck through; 48 is version 2, checked by Odile.");
    story.step(&crew, "OP-11.1~1", "11.1.2~1", &[])?;
    story.close("OP-11.1~1", "sven")?;
    story.cast.end_shift()
}
