//! Who else looked at what was typed, beside the value or the attempt.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::Text;
use super::super::words::time;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::StepKey;
use crate::domain::run::{Attempt, EntryRun, EntryVersion, StepRun, looks};

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
        let checked = if version.check_owed && is_check(version) { "checked, " } else { "" };
        let words = format!("{checked}{}, {}", look.line(), time(record, look.at));
        return Some(Text::new().fine(words));
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

/// The look that all looked-over values of an occurrence share, where there is one: it stands at the occurrence.
pub fn shared(record: &BatchRecord<'_>, state: &StepRun) -> Option<String> {
    let versions: Vec<_> = state.entries.values().filter_map(EntryRun::current).collect();
    let mut looks = versions.iter().filter_map(|version| version.looked.as_ref());
    let first = looks.next()?;
    looks
        .all(|look| look.at == first.at && look.line() == first.line())
        .then(|| format!("{}, {}", first.line(), time(record, first.at)))
}

/// Whether the look at a version was its check too: one act of one person.
pub fn is_check(version: &EntryVersion) -> bool {
    let both = version.checked.as_ref().zip(version.looked.as_ref());
    version.recomputed.is_none()
        && both.is_some_and(|((at, who), look)| *at == look.at && who.person == look.by.person)
}

/// The looks at the values of an occurrence, each act once.
pub fn of_all(record: &BatchRecord<'_>, state: &StepRun) -> Vec<Text> {
    let current = state.entries.values().filter_map(EntryRun::current);
    let mut lines: Vec<String> = Vec::new();
    for look in current.filter_map(|version| version.looked.as_ref()) {
        let line = format!("{}, {}", look.line(), time(record, look.at));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.into_iter().map(|line| Text::new().fine(line)).collect()
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
