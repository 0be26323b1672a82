//! What the quality unit does with exceptions: the same three acts in every scene.

use super::super::client::DemoError;
use super::super::story::Story;
use serde_json::{Value, json};

/// Exceptions that nobody has decided.
///
/// # Errors
/// When the server refuses.
pub fn open(story: &Story<'_>) -> Result<Vec<Value>, DemoError> {
    let picture = story.picture("qadir")?;
    let all = picture["exceptions"].as_array().cloned().unwrap_or_default();
    Ok(all.into_iter().filter(|e| e["triage"].is_null()).collect())
}

/// Tells the exceptions that nobody has decided.
///
/// # Errors
/// When the server refuses.
pub fn tell_open(story: &Story<'_>) -> Result<(), DemoError> {
    for e in open(story)? {
        let text = |name: &str| e[name].as_str().unwrap_or_default().to_owned();
        story.stage.say(&format!(
            "   ! exception {} ({}, {}) opens by itself: {}",
            e["no"],
            text("kind"),
            text("severity"),
            text("detail"),
        ));
    }
    Ok(())
}

/// Qadir opens a deviation for one exception; those that follow from it join it.
///
/// # Errors
/// When the server refuses, or no exception is of this kind.
pub fn deviation(
    story: &Story<'_>,
    kinds: &[&str],
    title: &str,
    class: &str,
) -> Result<String, DemoError> {
    let qadir = story.cast.get("qadir");
    let mut number: Option<String> = None;
    for e in open(story)?.iter().filter(|e| kinds.iter().any(|kind| e["kind"] == *kind)) {
        let path = story.path(&format!("exceptions/{}/triage", e["no"]));
        let mut body = json!({ "outcome": "deviation", "signature": qadir.signature() });
        match &number {
            Some(number) => body["deviation"] = number.as_str().into(),
            None => {
                body["title"] = title.into();
                body["class"] = class.into();
            }
        }
        let answer = qadir.post(&path, &body)?;
        number = answer["deviation"].as_str().map(str::to_owned).or(number);
        story.stage.tick();
    }
    number.ok_or_else(|| DemoError::Other(format!("no exception became the deviation {title:?}")))
}

/// Qadir investigates and concludes the impact; from here on the batch may go on.
///
/// # Errors
/// When the server refuses.
pub fn impact(
    story: &Story<'_>,
    deviation: &str,
    found: &str,
    conclusion: &str,
) -> Result<(), DemoError> {
    let qadir = story.cast.get("qadir");
    let path = format!("/api/v1/deviations/{deviation}");
    qadir.post(&format!("{path}/investigation"), &json!({ "text": found }))?;
    qadir.post(
        &format!("{path}/impact"),
        &json!({
            "conclusion": conclusion, "other_batches": "none other is concerned",
            "signature": qadir.signature(),
        }),
    )?;
    story.stage.tick();
    Ok(())
}

/// Quella, who did not investigate, closes it.
///
/// # Errors
/// When the server refuses.
pub fn close(story: &Story<'_>, deviation: &str, conclusion: &str) -> Result<(), DemoError> {
    let quella = story.cast.get("quella");
    let body = json!({ "conclusion": conclusion, "signature": quella.signature() });
    quella.post(&format!("/api/v1/deviations/{deviation}/closure"), &body)?;
    story.stage.tick();
    Ok(())
}

/// Qadir decides that the open exceptions are no deviations, one after the other.
///
/// # Errors
/// When the server refuses.
pub fn no_deviations(
    story: &Story<'_>,
    rationale: impl Fn(&Value) -> &'static str,
) -> Result<u32, DemoError> {
    let qadir = story.cast.get("qadir");
    let mut decided = 0;
    for e in open(story)? {
        let path = story.path(&format!("exceptions/{}/triage", e["no"]));
        let why = rationale(&e);
        let body = json!({ "outcome": "not-a-deviation", "rationale": why,
                           "signature": qadir.signature() });
        qadir.post(&path, &body)?;
        story.stage.say(&format!("   Qadir: exception {} is no deviation: {why}.", e["no"]));
        story.stage.tick();
        decided += 1;
    }
    Ok(decided)
}
