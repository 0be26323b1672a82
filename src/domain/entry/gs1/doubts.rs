//! What a label that can be read does not say for certain: two values of one identifier, or two elements run together.

use super::identifiers::find;
use super::{Element, day};

/// Identifiers that stand twice with different values, as sentences: neither of them holds.
pub(super) fn contradictions(elements: &[Element]) -> Vec<String> {
    let mut told: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    for element in elements {
        let same = elements.iter().filter(|other| other.ai == element.ai);
        let mut values: Vec<&str> = same.map(|other| other.value.as_str()).collect();
        values.sort_unstable();
        values.dedup();
        if values.len() > 1 && !told.contains(&element.ai.as_str()) {
            told.push(&element.ai);
            all.push(format!("({}) is said twice: {}", element.ai, values.join(" and ")));
        }
    }
    all
}

/// Identifiers of days, of a fixed length: what printers put behind a lot.
const DAYS: [&str; 6] = ["11", "12", "13", "15", "16", "17"];

/// Values without an end of their own that end like a further element which the label does not have: the separator
/// between them may be missing (General Specifications 7.8.6).
pub(super) fn run_together(elements: &[Element]) -> Vec<String> {
    let doubt = |element: &&Element| {
        let open = find(&element.ai).is_some_and(|known| known.predefined().is_none());
        let (before, end) = element.value.split_at_checked(element.value.len().checked_sub(8)?)?;
        let (ai, last) = end.split_at_checked(2)?;
        let is_day = DAYS.contains(&ai) && last.bytes().all(|b| b.is_ascii_digit());
        let new = elements.iter().all(|other| other.ai != ai);
        let found = open && !before.is_empty() && new && is_day && day(last, 2024).is_some();
        found.then(|| {
            format!(
                "({}) {} may be {before} and ({ai}) {last}: a separator may be missing",
                element.ai, element.value
            )
        })
    };
    let open = elements.iter().filter(|element| matches!(element.ai.as_str(), "10" | "21"));
    open.filter_map(|element| doubt(&element)).collect()
}
