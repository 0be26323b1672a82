//! Seventeen days are long: a power dip, an emergency at night, a late sample, a change of one batch.

use super::super::bodies::photo;
use super::super::client::DemoError;
use super::super::story::Story;
use super::quality::{self, Opening};
use serde_json::{Value, json};

/// The first day of culture, in days of the batch.
const CULTURE: i64 = 7;

/// Day 2: the lights go out for a second. No step foresees it; two fields and a photo do.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn power_dip(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(CULTURE + 2, 14, 20);
    stage.scene("Day 2, 14:20: the power dips");
    let olga = story.cast.get("olga");
    let text = "agitator drive: supply voltage low";
    let alarm = story.devices.alarm("BR-101", "critical", text, stage.now());
    olga.post(&story.path("alarms"), &alarm)?;
    stage.tick();
    let event = json!({
        "place": { "kind": "operation", "batch": story.batch, "operation": "OP-03.2~1" },
        "what": "Power dip of about a second; the agitator stopped and restarted by itself.",
        "files": [photo()],
    });
    olga.post("/api/v1/events", &event)?;
    stage.tick();
    stage.say("   Olga reports it in two fields: where, and what. With a photo of the panel.");
    quality::tell_open(story)?;
    let sven = story.cast.get("sven");
    sven.post(
        &story.path("alarms/1/acknowledgement"),
        &json!({ "comment": "agitator at 60 rpm again after 4 s; dissolved oxygen never below 45 %" }),
    )?;
    stage.say("   Sven acknowledges the critical alarm with what he found; until then it is owed.");
    story.day(CULTURE + 2, 16, 0);
    let number = quality::deviation(
        story,
        Opening {
            by: "qadir",
            kinds: &["alarm", "event"],
            key: "power",
            title: "Power dip stops the agitator for four seconds",
            class: "major",
        },
    )?;
    stage.say(&format!(
        "   Qadir opens {number} for alarm and event: why a second of no power stops a drive."
    ));
    story.cast.end_shift()
}

/// Day 11, 02:40: done first, told to the person on call, ratified by quality in the morning.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn emergency(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(CULTURE + 11, 2, 40);
    stage.scene("Day 11, 02:40: an act that cannot wait for anybody");
    let odile = story.cast.get("odile");
    odile.post(
        &story.path("emergency-acts"),
        &json!({
            "operation": "OP-03.2~1",
            "what": "Opened the by-pass of the oxygen line by hand, V-17, for 12 minutes.",
            "reason": "mass-flow controller stuck at zero; dissolved oxygen fell 3 % a minute",
            "notified": "sara", "ratify_within_hours": 24,
        }),
    )?;
    stage.tick();
    stage.say(
        "   Odile opens the oxygen by-pass, calls Sara, and writes it down. Nobody is asked first.",
    );
    quality::tell_open(story)?;
    story.day(CULTURE + 11, 8, 10);
    let quella = story.cast.get("quella");
    quella.post(
        &story.path("emergency-acts/1/ratification"),
        &json!({ "upheld": true,
                 "conclusion": "the culture was kept alive by an approved valve; oxygen stayed above 38 %",
                 "signature": quella.signature() }),
    )?;
    stage.tick();
    stage.say("   Quella of QA ratifies it at 08:10, five and a half hours later.");
    quality::no_deviations(
        story,
        |_| "the by-pass is an approved way to give oxygen, oxygen stayed above 38 %, and the stuck controller is exchanged this morning",
    )?;
    story.cast.end_shift()
}

/// Day 14: the centrifuge has a new bowl; this one batch runs it slower.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn redline(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(CULTURE + 14, 13, 0);
    stage.scene("Day 14: a planned change of this one batch");
    let petra = story.cast.get("petra");
    let text = "Run continuous centrifuge with bowl B-2 at 900 L/h; watch the back pressure.";
    petra.post(
        &story.path("amendments"),
        &json!({
            "change": { "kind": "instruction", "step": "04.1.1", "instruction": text },
            "reason": "bowl B-1 is at the manufacturer; bowl B-2 was qualified at 900 L/h",
            "assessment": "inside the range of 800 to 1200 L/h; no effect on product expected",
            "signature": petra.signature(),
        }),
    )?;
    stage.tick();
    stage.say("   Petra proposes it with reason and assessment. It changes nothing yet.");
    for (who, told) in [
        ("sven", "Sven approves for production."),
        ("quirin", "Quirin for the quality unit: now it is in force, for this batch alone."),
    ] {
        stage.minutes(40);
        let person = story.cast.get(who);
        person.post(
            &story.path("amendments/1/decisions"),
            &json!({ "approved": true, "conclusion": "agreed for this batch alone",
                     "signature": person.signature() }),
        )?;
        stage.tick();
        stage.say(&format!("   {told}"));
    }
    let answer = petra.get(&story.path("amendments"))?;
    for change in answer["amendments"].as_array().into_iter().flatten() {
        stage.say(&format!("     − {}", shown(&change["before"])));
        stage.say(&format!("     + {}", shown(&change["after"])));
    }
    quality::no_deviations(
        story,
        |_| "bowl B-2 was asked for, assessed and approved by production and quality a week before the centrifuge runs",
    )?;
    story.cast.end_shift()
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
