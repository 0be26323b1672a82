//! Day 9, 03:10: pH out of acceptance. Stored; the culture is fed; the gate closes and says why.

use super::super::client::{DemoError, Persona};
use super::super::floor::{Occurrence, StepSpec, play as play_step};
use super::super::story::Story;
use super::quality::{self, Opening};
use super::show_refusal;
use serde_json::json;
use std::collections::BTreeMap;

/// The step whose start is the transfer to harvest.
const TRANSFER: &str = "04.1.1";

/// The night, the handover at six, and QA in the morning.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn play(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(7 + 9, 3, 10);
    stage.scene("Day 9 of the culture, ten past three in the morning");
    let odile = story.cast.get("odile");
    let step = format!("OP-03.2~1/{}", story.next("03.2.1"));
    let at = Occurrence { batch: &story.batch, step: &step };
    let spec = StepSpec(&story.steps["03.2.1"]);
    let values: BTreeMap<&str, &str> =
        [("pH", "6.52"), ("Dissolved CO2", "97"), ("Dissolved oxygen", "49")].into();
    let crew = story.crew("odile", "omar");
    play_step(&crew, at, &spec, &values)?;
    stage.say("   Odile reads pH 6.52; acceptance is 6.60 to 7.10. The value is stored as it is.");
    quality::tell_open(story)?;

    stage.say("   The culture does not wait for forms: glucose and an extra sample go on, marked.");
    let glucose = [("Residual glucose", "2.1")];
    story.step(&crew, "OP-03.2~1", &story.next("03.2.3"), &glucose)?;
    let why = [
        ("Reason for the extra sample", "pH 6.52 at 03:10; is the probe right?"),
        ("Off-line pH of the extra sample", "6.55"),
    ];
    story.step(&crew, "OP-03.2~1", &story.next("03.2.6"), &why)?;
    tell_gate(story, odile)?;
    too_early(story)?;
    handover(story)?;
    story.cast.end_shift()?;
    morning(story)
}

fn tell_gate(story: &Story<'_>, reader: &Persona) -> Result<(), DemoError> {
    let gate = &story.gates[TRANSFER];
    let picture = reader.get(&format!("/api/v1/batches/{}", story.batch))?;
    for g in picture["gates"].as_array().into_iter().flatten() {
        if g["gate"] == gate.as_str() {
            story.stage.say(&format!(
                "   The gate {:?} is closed because:",
                g["name"].as_str().unwrap_or_default()
            ));
            let because = g["because"].as_array().map_or(&[][..], Vec::as_slice);
            for why in because.iter().take(4) {
                story.stage.say(&format!("     · {}", why.as_str().unwrap_or(&why.to_string())));
            }
            if because.len() > 4 {
                story.stage.say(&format!("     · and {} more", because.len() - 4));
            }
        }
    }
    Ok(())
}

/// The supervisor would take the risk on, eight days before there is anything to go on with.
fn too_early(story: &Story<'_>) -> Result<(), DemoError> {
    let sara = story.cast.get("sara");
    let gate = &story.gates[TRANSFER];
    let body = json!({
        "reason": "base pump restarted, pH back at 6.83 within 40 minutes; culture healthy",
        "minutes": 480, "signature": sara.as_second(),
    });
    let path = story.path(&format!("gates/{gate}/risk-acceptance"));
    let refused = sara.refused(&path, &body, None, "gate-closed")?;
    show_refusal(story.stage, "Sara, supervisor, proceeds at risk eight days early", &refused);
    Ok(())
}

/// Six in the morning: what is handed over is computed; two people sign it.
fn handover(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(7 + 9, 6, 0);
    stage.scene("Six o'clock: the night hands over, and nobody has to remember what");
    let (odile, olga) = (story.cast.get("odile"), story.cast.get("olga"));
    let computed = odile.get(&story.path("handover"))?;
    for section in computed["sections"].as_array().into_iter().flatten() {
        let lines = section["lines"].as_array().map_or(&[][..], Vec::as_slice);
        if lines.is_empty() {
            continue;
        }
        stage.say(&format!("   {}", section["title"].as_str().unwrap_or_default()));
        for line in lines.iter().take(2) {
            stage.say(&format!("     · {}", line.as_str().unwrap_or_default()));
        }
        if lines.len() > 2 {
            stage.say(&format!("     · and {} more", lines.len() - 2));
        }
    }
    odile.post(
        &story.path("handovers"),
        &json!({ "remark": "Base pump P-12 runs again; look at the tube before noon.",
                 "signature": odile.signature(), "second_person": olga.as_second() }),
    )?;
    stage.tick();
    stage.say("   Odile signs that she hands it over, Olga that she takes it.");
    Ok(())
}

/// QA at 08:00: a deviation; its cause takes days.
fn morning(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(7 + 9, 8, 0);
    stage.scene("QA in the morning");
    let number = quality::deviation(
        story,
        Opening {
            by: "qadir",
            kinds: &["out-of-acceptance"],
            key: "ph",
            title: "pH below acceptance on day 9 of culture",
            class: "major",
        },
    )?;
    stage.say(&format!(
        "   Qadir opens {number}. Who knows pump and probe looks at them, over three days."
    ));
    story.cast.end_shift()
}
