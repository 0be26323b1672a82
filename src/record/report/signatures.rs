//! All signatures with their manifestation (21 CFR 11.50, Annex 11 draft 13.6).

use super::super::model::BatchRecord;
use super::super::pdf::document::{Column, Document, Table, Text};
use super::words::{counted, time};
use crate::domain::run::Run;
use crate::domain::signing::Signed;

/// The signatures that one person gave for one meaning in one act, as when they look over what others typed: each is
/// over its own content, and the row stands once.
pub fn signings(run: &Run) -> Vec<Vec<&Signed>> {
    let mut signings: Vec<Vec<&Signed>> = Vec::new();
    for signed in &run.signatures {
        let same = |it: &Signed| {
            (it.person, it.at, it.meaning) == (signed.person, signed.at, signed.meaning)
        };
        match signings.last_mut() {
            Some(together) if together.iter().all(|it| same(it)) => together.push(signed),
            _ => signings.push(vec![signed]),
        }
    }
    signings
}

/// Writes the chapter.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Signatures");
    document.push(Text::new().muted(
        "Each was made by the person's own key, unlocked by the person's own password in that act, over the exact content signed.",
    ));
    let signings = signings(record.run);
    let mut table = Table::new([
        Column::fixed(34.0, "Entry"),
        Column::share(2.2, "Printed name"),
        Column::share(1.3, "User name"),
        Column::share(1.6, "Role"),
        Column::share(2.2, "Meaning"),
        Column::share(2.8, "Date, time, offset"),
    ])
    .caption(format!(
        "{} signatures in {}, times in {}",
        record.run.signatures.len(),
        counted(signings.len(), "signing"),
        record.site.zone
    ));
    for together in &signings {
        let [s, ..] = together[..] else { continue };
        let (entries, meaning) = match together[..] {
            [.., last] if together.len() > 1 => (
                format!("{} to {}", s.seq, last.seq),
                format!("{}, {} signatures", s.meaning.as_str(), together.len()),
            ),
            _ => (s.seq.to_string(), s.meaning.as_str().to_owned()),
        };
        table.row([
            Text::new().muted(entries),
            Text::new().bold(&s.printed_name),
            Text::from(&s.user_name),
            Text::from(&s.role),
            Text::from(meaning),
            Text::from(time(record, s.at)),
        ]);
    }
    document.push(table);
}
