//! What stands beside a step's text: conditions, changes of the recipe for this batch, limits.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Style, Text};
use crate::domain::entry::spec::{Basis, EntrySpec, Source};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::recipe::Step;
use crate::domain::run::acts::condition::Branch;
use crate::domain::run::amendment::{redlines, reprocessing, rework};

/// A condition and whether its branch is taken; nothing where there is none.
pub fn condition(when: Option<&str>, branch: &Branch) -> Option<Text> {
    let text = Text::new().muted("Only when ").code(when?).muted(": ");
    Some(match branch {
        Branch::Taken => text.muted("it holds"),
        Branch::NotTaken(why) => {
            text.muted("it does not hold, the branch was not taken: ").plain(why)
        }
        Branch::Undecided(missing) => text.muted("not decided yet: ").plain(missing.join("; ")),
    })
}

/// Whether a branch is left out.
pub fn not_taken(branch: &Branch) -> bool {
    matches!(branch, Branch::NotTaken(_))
}

/// The changes that made a text what it is, in words.
fn changed(numbers: &[u32]) -> String {
    let numbers: Vec<_> = numbers.iter().map(u32::to_string).collect();
    if numbers.is_empty() { "changed".into() } else { format!("change {}", numbers.join(", ")) }
}

/// Says that an operation was added, or its occurrence repeated, for this batch.
pub fn added(record: &BatchRecord<'_>, id: &str, key: Option<&OperationKey>) -> Option<Text> {
    if let Some(change) = key.and_then(|key| reprocessing(record.run, key)) {
        let words = "Reprocessing: repeated beyond the master record by change ";
        return Some(Text::new().alert(format!("{words}{}", change.told.no)));
    }
    let change = rework(record.run, id)?;
    let words = "Rework: not in the master record, added for this batch by change ";
    Some(Text::new().alert(format!("{words}{}", change.told.no)))
}

/// A step's instruction; where it was changed for this batch, the original struck through beside it.
pub fn instruction(record: &BatchRecord<'_>, step: &Step) -> Text {
    let original = record.run.original.step(&step.id).map(|(_, original)| original);
    let text = match original {
        Some(original) if original.instruction != step.instruction => {
            let mark = format!("{} ", changed(&redlines(record.run, &step.id, None)));
            let text = Text::new().struck(&original.instruction).line().alert(mark);
            text.lines(&step.instruction, Style::PLAIN.italic())
        }
        _ => Text::new().lines(&step.instruction, Style::PLAIN.italic()),
    };
    let mut marks = Vec::new();
    if step.significant {
        marks.push("significant".to_owned());
    }
    if step.care {
        marks.push("care".to_owned());
    }
    if step.automated {
        marks.push("automated, checked by one person".to_owned());
    }
    if let Some(act) = step.irreversible {
        marks.push(format!("irreversible: {act:?}").to_lowercase());
    }
    let text = if marks.is_empty() { text } else { text.fine(format!("  [{}]", marks.join(", "))) };
    step.notes.iter().fold(text, |text, note| text.plain(" ").fine(note))
}

/// What an entry asks and its limits; what they were before a change stands struck through above.
pub fn limits(record: &BatchRecord<'_>, step: Option<&StepKey>, spec: &EntrySpec) -> Text {
    let text = asked(spec);
    let original = step
        .and_then(|key| record.run.original.step(&key.step))
        .and_then(|(_, step)| step.entries.iter().find(|entry| entry.id == spec.id));
    match original {
        Some(original) if whole(original) != whole(spec) => {
            let id = step.map_or("", |key| key.step.as_str());
            let mark = changed(&redlines(record.run, id, Some(&spec.id)));
            Text::new().struck(asked(original).words()).line().alert(mark).line().then(text)
        }
        _ => text,
    }
}

fn asked(spec: &EntrySpec) -> Text {
    let whole = whole(spec);
    match formula(spec).and_then(|formula| whole.split_once(&formula)) {
        Some((before, after)) => Text::new().fine(format!("{before}the formula below{after}")),
        None => Text::new().fine(whole),
    }
}

/// Longer formulas stand below their table, at full width.
const SHORT: usize = 60;

/// The formula of an entry that is too long to stand beside its value.
pub fn formula(spec: &EntrySpec) -> Option<String> {
    let kind = spec.kind.as_kind();
    kind.formula()?;
    let asks = kind.asks();
    let (_, formula) = asks.split_once(": ")?;
    (formula.chars().count() > SHORT).then(|| formula.to_owned())
}

/// What an entry asks and its limits, on one line.
pub fn whole(spec: &EntrySpec) -> String {
    let kind = spec.kind.as_kind();
    let mut words = vec![kind.asks()];
    words.extend(kind.limits_shown().iter().map(|(purpose, limit)| format!("{purpose}: {limit}")));
    if let Some(why) = spec.second_look.as_ref().and_then(|asked| asked.none.as_ref()) {
        words.push(format!("no second look: {why}"));
    }
    words.extend(spec.when.iter().map(|when| format!("only when {when}")));
    words.join(" · ")
}

/// Where a statement of the master record comes from, with its basis.
pub fn named_source(source: &Source) -> String {
    let basis = match source.basis {
        Basis::Source => "source",
        Basis::Derived => "derived",
        Basis::Illustrative => "illustrative",
    };
    let page = source.page.map(|page| format!("{basis} page {page}"));
    let words = page.or(Some(basis.to_owned())).into_iter().chain(source.note.clone());
    words.collect::<Vec<_>>().join(", ")
}

/// Where a number of the master record comes from: page and note; its basis stands at the name.
pub fn source(spec: &EntrySpec) -> Option<String> {
    let source = spec.source.as_ref()?;
    let page = source.page.map(|page| format!("source page {page}"));
    let words: Vec<_> = page.into_iter().chain(source.note.clone()).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// A decimal as a place in a picture; the record's decimals stand in the tables.
pub fn number_of(value: rust_decimal::Decimal) -> f32 {
    value.to_string().parse().unwrap_or(f32::NAN)
}
