//! All signatures with their manifestation (21 CFR 11.50, Annex 11 draft 13.6).

use super::super::model::BatchRecord;
use super::super::pdf::document::{Column, Document, Table, Text};
use super::words::time;

/// Writes the chapter.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Signatures");
    document.push(Text::new().muted(
        "Each was made by the person's own key, unlocked by the person's own password in that act, over the exact content signed.",
    ));
    let mut table = Table::new([
        Column::fixed(34.0, "Entry"),
        Column::share(2.2, "Printed name"),
        Column::share(1.3, "User name"),
        Column::share(1.6, "Role"),
        Column::share(2.2, "Meaning"),
        Column::share(2.8, "Date, time, offset"),
    ])
    .caption(format!(
        "{} signatures, times in {}",
        record.run.signatures.len(),
        record.site.zone
    ));
    for s in &record.run.signatures {
        table.row([
            Text::new().muted(s.seq.to_string()),
            Text::new().bold(&s.printed_name),
            Text::from(&s.user_name),
            Text::from(&s.role),
            Text::from(s.meaning.as_str()),
            Text::from(time(record, s.at)),
        ]);
    }
    document.push(table);
}
