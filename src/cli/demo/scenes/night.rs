//! Day 9, 03:10: pH out of acceptance. Stored; the culture is fed; the gate closes and says why.

use super::super::client::DemoError;
use super::super::floor::{Occurrence, StepSpec, play as play_step};
use super::super::story::Story;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The step whose start is the transfer to harvest.
const TRANSFER: &str = "04.1.1";

/// The night, and QA in the morning.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn play(story: &Story<'_>, n: usize) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(7 + 9, 3, 10);
    stage.scene("Day 9 of the culture, ten past three in the morning");
    let odile = story.cast.get("odile");
    let step = format!("OP-03.2~1/03.2.1~{n}");
    let at = Occurrence { batch: &story.batch, step: &step };
    let spec = StepSpec(&story.steps["03.2.1"]);
    let values: BTreeMap<&str, &str> =
        [("pH", "6.52"), ("Dissolved CO2", "97"), ("Dissolved oxygen", "49")].into();
    play_step(&story.crew("odile", "omar"), at, &spec, &values, || stage.tick())?;
    stage.say("   Odile reads pH 6.52; acceptance is 6.60 to 7.10. The value is stored as it is.");
    tell_exceptions(story)?;

    stage.say("   The culture does not wait for forms: glucose and the sample go on, marked.");
    let crew = story.crew("odile", "omar");
    story.step(&crew, "OP-03.2~1", &format!("03.2.3~{}", n - 2), &[("Residual glucose", "2.1")])?;
    let sample = [("Viable cell concentration", "14.0"), ("Viability", "93")];
    story.step(&crew, "OP-03.2~1", &format!("03.2.5~{n}"), &sample)?;
    tell_gate(story, odile)?;
    at_risk(story)?;
    story.cast.end_shift()?;
    morning(story)
}

fn open_exceptions(story: &Story<'_>) -> Result<Vec<Value>, DemoError> {
    let picture = story.picture("qadir")?;
    let all = picture["exceptions"].as_array().cloned().unwrap_or_default();
    Ok(all.into_iter().filter(|e| e["triage"].is_null()).collect())
}

fn tell_exceptions(story: &Story<'_>) -> Result<(), DemoError> {
    for e in open_exceptions(story)? {
        story.stage.say(&format!(
            "   ! exception {} opens by itself: {} ({})",
            e["no"],
            e["detail"].as_str().unwrap_or_default(),
            e["severity"].as_str().unwrap_or_default()
        ));
    }
    Ok(())
}

fn tell_gate(story: &Story<'_>, reader: &super::super::client::Persona) -> Result<(), DemoError> {
    let gate = &story.gates[TRANSFER];
    let picture = reader.get(&format!("/api/v1/batches/{}", story.batch))?;
    for g in picture["gates"].as_array().into_iter().flatten() {
        if g["gate"] == gate.as_str() {
            story.stage.say(&format!(
                "   The gate {:?} is closed because:",
                g["name"].as_str().unwrap_or_default()
            ));
            for why in g["because"].as_array().into_iter().flatten() {
                story.stage.say(&format!("     · {}", why.as_str().unwrap_or(&why.to_string())));
            }
        }
    }
    Ok(())
}

/// The supervisor takes the risk on for a while; somebody of QA will have to ratify it.
fn at_risk(story: &Story<'_>) -> Result<(), DemoError> {
    let sara = story.cast.get("sara");
    let gate = &story.gates[TRANSFER];
    let body = json!({
        "reason": "base pump restarted, pH back at 6.83 within 40 minutes; culture healthy",
        "minutes": 480, "signature": sara.signature(),
    });
    sara.post(&story.path(&format!("gates/{gate}/risk-acceptance")), &body)?;
    story.stage.tick();
    story.stage.say("   Sara, supervisor, signs: proceed at risk for eight hours. QA must ratify.");
    Ok(())
}

/// QA at 08:00: a deviation, its impact, the risk ratified.
fn morning(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(7 + 9, 8, 0);
    stage.scene("QA in the morning");
    let qadir = story.cast.get("qadir");
    let open = open_exceptions(story)?;
    let mut deviation = None;
    for e in &open {
        let no = &e["no"];
        let path = story.path(&format!("exceptions/{no}/triage"));
        let body = if e["kind"] == "out-of-acceptance" {
            json!({ "outcome": "deviation", "title": "pH below acceptance on day 9 of culture",
                    "class": "major", "signature": qadir.signature() })
        } else {
            json!({ "outcome": "not-a-deviation",
                    "rationale": "consequence of the pH excursion, assessed there",
                    "signature": qadir.signature() })
        };
        let answer = qadir.post(&path, &body)?;
        if let Some(number) = answer["deviation"].as_str() {
            deviation = Some(number.to_owned());
        }
        stage.tick();
    }
    let number = deviation.ok_or_else(|| DemoError::Other("no deviation was opened".into()))?;
    let path = format!("/api/v1/deviations/{number}");
    qadir.post(&format!("{path}/investigation"), &json!({ "text": "Base pump P-12 stalled from 02:05 to 02:50 (alarm log). Probe recalibrated: offset 0.01." }))?;
    qadir.post(&format!("{path}/impact"), &json!({
        "conclusion": "45 minutes at pH 6.52 to 6.60 lie inside the range studied for glycosylation; viability unchanged. Culture may go on.",
        "other_batches": "none other on this skid since its last calibration", "signature": qadir.signature(),
    }))?;
    stage.say(&format!("   Qadir opens {number}, concludes its impact; the gate opens again."));
    let gate = &story.gates[TRANSFER];
    let quella = story.cast.get("quella");
    quella.post(
        &story.path(&format!("gates/{gate}/risk-acceptances/0/ratification")),
        &json!({ "conclusion": "no irreversible act was done under it", "signature": quella.signature() }),
    )?;
    quella.post(&format!("{path}/closure"), &json!({
        "conclusion": "root cause: worn pump tube, replaced; preventive exchange interval halved",
        "signature": quella.signature(),
    }))?;
    stage
        .say(&format!("   Quella, who did not ask for it, ratifies the risk and closes {number}."));
    story.cast.end_shift()
}
