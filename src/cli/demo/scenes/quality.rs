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

/// Qadir investigates, signs what was found, and concludes the impact; from here on the batch may go on.
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
    let report = json!({
        "text": found, "root_cause": found, "capa": "spare connected, cause removed, crew told",
        "signature": qadir.signature(),
    });
    qadir.post(&format!("{path}/investigation-report"), &report)?;
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

/// Quella, who did not investigate, closes every deviation whose impact is concluded: she says what it
/// means for each lot, and what she found in every batch that the system proposes.
///
/// # Errors
/// When the server refuses.
pub fn close_all(story: &Story<'_>) -> Result<(), DemoError> {
    let quella = story.cast.get("quella");
    let waiting = quella.get("/api/v1/deviations?phase=impact-concluded")?;
    let lots = story.picture("quella")?["lots"].as_array().cloned().unwrap_or_default();
    let lots: Vec<_> = lots
        .iter()
        .map(|lot| json!({ "lot": lot["number"], "impact": "within every limit; no effect" }))
        .collect();
    for deviation in waiting["deviations"].as_array().into_iter().flatten() {
        let number = deviation["number"].as_str().unwrap_or_default();
        let path = format!("/api/v1/deviations/{number}");
        let proposed = quella.get(&format!("{path}/other-batches"))?;
        let proposed = proposed["batches"].as_array().cloned().unwrap_or_default();
        let others: Vec<_> = proposed
            .iter()
            .map(|other| json!({ "batch": other["batch"], "word": "looked at, not concerned" }))
            .collect();
        let body = json!({
            "conclusion": "the cause is removed; what was affected is within its limits",
            "lots": lots, "other_batches": others, "signature": quella.signature(),
        });
        quella.post(&format!("{path}/closure"), &body)?;
        story.stage.say(&format!(
            "   Quella closes {number}: {} lots named, {} other batches looked at.",
            lots.len(),
            others.len(),
        ));
        story.stage.tick();
    }
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
        let mut body = json!({ "outcome": "not-a-deviation", "rationale": why,
                               "signature": qadir.signature() });
        if e["severity"] == "critical" {
            body["second_person"] = story.cast.get("quella").as_second();
        }
        qadir.post(&path, &body)?;
        story.stage.say(&format!("   Qadir: exception {} is no deviation: {why}.", e["no"]));
        story.stage.tick();
        decided += 1;
    }
    Ok(decided)
}
