//! Who else looked at what was typed, beside the value or the attempt.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::Text;
use super::super::words::time;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::StepKey;
use crate::domain::run::{Attempt, EntryVersion, looks};

/// The second look at a version: given, or owed of the one that counts; and what makes a computed value not final.
pub fn look(
    record: &BatchRecord<'_>,
    (step, spec): (Option<&StepKey>, &EntrySpec),
    version: &EntryVersion,
    last: bool,
) -> Option<Text> {
    let waits = if last { looks::not_final(record.run, version) } else { Vec::new() };
    if !waits.is_empty() {
        let words = format!("not final: second look owed at {}", waits.join(", "));
        return Some(Text::new().alert(words));
    }
    if let Some(look) = &version.looked {
        return Some(Text::new().fine(format!("{}, {}", look.line(), time(record, look.at))));
    }
    if !looks::owes(spec, version) || !last {
        return None;
    }
    let state = step.and_then(|key| record.run.steps.get(key));
    match looks::given(state, version) {
        Some(given) => Some(Text::new().fine(given)),
        None => Some(Text::new().alert("second look owed")),
    }
}

/// What became of an attempt: why it was sent, and who else looked.
pub fn attempt(record: &BatchRecord<'_>, attempt: &Attempt) -> Text {
    if attempt.confirmed {
        return Text::new();
    }
    let why = match &attempt.explained {
        Some(explained) => Text::new().line().fine(explained.line()),
        None => Text::new().line().alert("reason owed"),
    };
    match &attempt.looked {
        Some(look) => why.line().fine(format!("{}, {}", look.line(), time(record, look.at))),
        None => why.line().alert("look owed"),
    }
}
