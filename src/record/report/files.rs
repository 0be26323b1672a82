//! Files kept with the record: name, type, size, hash; pictures are shown too.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Column, Document, Table, Text};
use super::super::pdf::{LARGEST_PHOTO, photo};
use crate::domain::words::Enclosure;
use std::sync::Arc;

/// Writes the table, then the pictures.
pub fn write(document: &mut Document, record: &BatchRecord<'_>, files: &[Enclosure]) {
    let mut table = Table::new([
        Column::share(2.2, "File"),
        Column::share(1.2, "Type, as its bytes show"),
        Column::share(0.9, "Size").end(),
        Column::share(3.4, "SHA-256"),
    ])
    .row_headers();
    for file in files {
        table.row([
            Text::from(&file.name),
            Text::from(&file.media_type),
            Text::from(size(file.bytes)),
            Text::new().code(&file.sha256),
        ]);
    }
    document.push(table);
    for file in files.iter().filter(|file| is_picture(file)) {
        let drawn = record
            .pictures
            .get(&file.sha256)
            .and_then(|bytes| photo(Arc::clone(bytes), format!("Picture {}", file.name)));
        match drawn {
            Some(picture) => {
                document.push(picture);
                document.push(Text::new().fine(&file.name));
            }
            None => {
                let why = if file.bytes > LARGEST_PHOTO as u64 {
                    "larger than 2 MiB"
                } else {
                    "it cannot be drawn here"
                };
                document.push(Text::new().muted(format!(
                    "{} is not shown ({why}); the file is kept under its hash.",
                    file.name
                )));
            }
        }
    }
}

fn is_picture(file: &Enclosure) -> bool {
    matches!(&*file.media_type, "image/png" | "image/jpeg")
}

/// A size as people read it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MiB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}
