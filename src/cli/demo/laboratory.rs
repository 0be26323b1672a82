//! The laboratory of the demo: determinations on samples, a second reviewer, one investigation.

use super::client::DemoError;
use super::floor::{Occurrence, Thing, act_on};
use super::story::Story;
use serde_json::{Value, json};

/// A result: the step it belongs to (none: a release specification), its entry.
#[derive(Debug, Clone, Copy)]
pub struct Test<'a> {
    /// As in `OP-03.3~1/03.3.2~1`.
    pub step: Option<&'a str>,
    /// Entry id.
    pub entry: &'a str,
}

impl Test<'_> {
    fn path(&self, story: &Story<'_>) -> String {
        match self.step {
            Some(step) => {
                let at = Occurrence { batch: &story.batch, step };
                format!("{}/entries/{}", at.path(), self.entry)
            }
            None => story.path(&format!("entries/{}", self.entry)),
        }
    }

    fn spec(&self, story: &Story<'_>) -> Option<Value> {
        let of_step = |step: &str| {
            let id = step.split(['/', '~']).nth(2)?;
            story.steps.get(id)?["entries"].as_array().cloned()
        };
        let entries = match self.step {
            Some(step) => of_step(step)?,
            None => story.specifications.clone(),
        };
        entries.into_iter().find(|entry| entry["id"] == self.entry)
    }
}

/// Quinn determines; every determination is judged alone and kept.
///
/// # Errors
/// When the server refuses.
pub fn determine(story: &Story<'_>, test: Test<'_>, values: &[&str]) -> Result<(), DemoError> {
    determine_as(story, "quinn", test, values)
}

/// The same by another analyst: a retest.
///
/// # Errors
/// When the server refuses.
pub fn determine_as(
    story: &Story<'_>,
    who: &str,
    test: Test<'_>,
    values: &[&str],
) -> Result<(), DemoError> {
    let analyst = story.cast.get(who);
    let spec = test.spec(story).ok_or_else(|| DemoError::Other(format!("no test {test:?}")))?;
    // What is tested for release is tested on the sample of the filled drug substance.
    let step = test.step.unwrap_or("OP-11.1~1/11.1.1~1");
    let sample = Occurrence { batch: &story.batch, step }.sample();
    for value in values {
        let body = json!({
            "value": { "value": value, "method_version": spec["method_version"], "sample": sample },
            "unit": spec["result"]["unit"],
        });
        analyst.post(&format!("{}/determinations", test.path(story)), &body)?;
        story.stage.tick();
    }
    Ok(())
}

/// Quentin looks over what Quinn reported.
///
/// # Errors
/// When the server refuses.
pub fn second_review(story: &Story<'_>, test: Test<'_>) -> Result<(), DemoError> {
    reviewed_by(story, "quentin", test)
}

/// Another looks over what was reported.
///
/// # Errors
/// When the server refuses.
pub fn reviewed_by(story: &Story<'_>, who: &str, test: Test<'_>) -> Result<(), DemoError> {
    let reviewer = story.cast.get(who);
    story.stage.minutes(20);
    match test.step {
        Some(step) => {
            let entry = Thing::Entry(step, test.entry);
            act_on(reviewer, &story.batch, entry, "checks", &json!({}))?;
        }
        None => {
            let picture = story.picture(who)?;
            let entries = picture["release_entries"].as_array().map_or(&[][..], Vec::as_slice);
            let etag = entries
                .iter()
                .find(|entry| entry["entry"] == test.entry)
                .and_then(|entry| entry["etag"].as_str()?.trim_matches('"').parse().ok());
            reviewer.post_matching(&format!("{}/checks", test.path(story)), &json!({}), etag)?;
        }
    }
    story.stage.tick();
    Ok(())
}

/// A determination with its second review.
///
/// # Errors
/// When the server refuses.
pub fn result(story: &Story<'_>, test: Test<'_>, values: &[&str]) -> Result<(), DemoError> {
    determine(story, test, values)?;
    second_review(story, test)
}

/// Somebody of quality takes a step of an out-of-specification investigation, signed; one looks for the
/// cause, another decides what follows.
///
/// # Errors
/// When the server refuses.
pub fn investigate(
    story: &Story<'_>,
    who: &str,
    test: Test<'_>,
    step: Value,
) -> Result<(), DemoError> {
    let quality = story.cast.get(who);
    let mut body = step;
    body["signature"] = quality.signature();
    quality.post(&format!("{}/investigation", test.path(story)), &body)?;
    story.stage.tick();
    Ok(())
}
