//! The scenes, in order.

pub mod complaint;
pub mod fill;
pub mod finish;
pub mod harvest;
pub mod incidents;
pub mod inquiries;
pub mod low_ph;
pub mod night;
pub mod purification;
pub mod quality;
pub mod upstream;

use super::client::{DemoError, Refused};
use super::stage::Stage;
use super::story::Story;
use serde_json::Value;
use std::collections::BTreeSet;

/// Shows a refusal as the person at the terminal reads it.
pub fn show_refusal(stage: &Stage, attempt: &str, refused: &Refused) {
    let text = |name: &str| refused.problem[name].as_str().unwrap_or_default().to_owned();
    stage.say(&format!("   ✗ {attempt}"));
    stage.say(&format!(
        "     refused {}: {} [{}] rule {} ({})",
        refused.status,
        text("title"),
        refused.code(),
        text("rule"),
        text("clause")
    ));
    stage.say(&format!("     what to do: {}", text("resolution")));
}

/// What the rules say of the next hours: what will be refused or run out, when, and who can act.
///
/// # Errors
/// When the server does not answer.
pub fn tell_preflight(
    story: &Story<'_>,
    reader: &str,
    hours: u32,
    wanted: impl Fn(&Value) -> bool,
) -> Result<(), DemoError> {
    let answer = story.cast.get(reader).get(&story.path(&format!("preflight?hours={hours}")))?;
    let rows = answer["foreseen"].as_array().map_or(&[][..], Vec::as_slice);
    let mut told = BTreeSet::new();
    for row in rows.iter().filter(|row| wanted(row)) {
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        // What is foreseen of one thing is told once, at its first moment.
        if !told.insert((text("place"), text("sort"))) {
            continue;
        }
        let what = match text("sort") {
            "refused" => format!("{} {} [{}]", text("act"), text("place"), text("rule")),
            _ => text("what").to_owned(),
        };
        let at = story.stage.shown(text("at"));
        story.stage.say(&format!("     {at} {}: {what}", text("sort")));
        for missing in row["missing"].as_array().into_iter().flatten().take(3) {
            story.stage.say(&format!("         missing: {}", missing.as_str().unwrap_or_default()));
        }
        let persons: Vec<&str> =
            row["persons"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !persons.is_empty() {
            story.stage.say(&format!("         who can: {}", persons.join(", ")));
        }
    }
    Ok(())
}
