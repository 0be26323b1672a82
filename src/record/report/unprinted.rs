//! Characters that the report's fonts cannot draw: where they were typed the record prints their code points; here
//! they are listed, so that nobody takes a code point for something that was typed.

use super::super::pdf::document::{Column, Document, Table, Text};
use super::super::pdf::unprintable;
use std::collections::BTreeMap;

/// So many characters are listed; of the rest the number is told.
const LISTED: usize = 200;

/// Writes the list; nothing where everything was drawn.
pub fn write(document: &mut Document) {
    let mut found: BTreeMap<char, usize> = BTreeMap::new();
    let mut count = |text: &str| {
        for character in unprintable(text) {
            *found.entry(character).or_default() += 1;
        }
    };
    document.blocks.iter().for_each(|block| block.texts(&mut count));
    if found.is_empty() {
        return;
    }
    document.h1("Characters printed as code points");
    document.push(Text::new().muted(
        "The fonts of this report cannot draw these characters, or nothing of them can be seen. Each stands in the \
         record as [U+…], its number in Unicode; what was typed is in the audit trail as it came.",
    ));
    let mut table =
        Table::new([Column::share(1.0, "Code point"), Column::share(1.0, "Printed so often")]);
    let more = found.len().saturating_sub(LISTED);
    for (character, times) in found.iter().take(LISTED) {
        table.row([
            Text::new().code(format!("[U+{:04X}]", u32::from(*character))),
            times.to_string().into(),
        ]);
    }
    document.push(table);
    if more > 0 {
        document.push(Text::new().muted(format!("and {more} more")));
    }
}
