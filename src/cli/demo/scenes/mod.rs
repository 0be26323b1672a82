//! The scenes, in order.

pub mod finish;
pub mod night;
pub mod purification;
pub mod upstream;

use super::client::Refused;
use super::stage::Stage;

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
