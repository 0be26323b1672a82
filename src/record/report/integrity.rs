//! The integrity of the record: what this record's proof hangs on, for somebody who does not trust us.

use super::super::model::BatchRecord;
use super::super::pdf::added_fonts;
use super::super::pdf::document::{Block, Document, Fact, Text};

/// Writes it.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Integrity");
    document.push(Text::from(
        "This record is a chain of entries: each contains the hash of the one before, so that no entry can be changed, \
         removed or put between others without breaking every later hash. The last hash stands here and in the site's \
         log, whose checkpoints the site signs with a key outside the database.",
    ));
    let run = record.run;
    let mut facts = vec![
        Fact::new("Entries in this record", run.seq.to_string()),
        Fact::new("Hash of the last entry", Text::new().code(hex(&run.head))),
        Fact::new("Master record content (SHA-256)", Text::new().code(&run.master.content_hash)),
        Fact::new("Founding key of the site", Text::new().code(&record.founding)),
    ];
    if let Some(checkpoint) = &record.checkpoint {
        facts.push(Fact::new(
            "Newest checkpoint",
            format!("{} over {} leaves", checkpoint.number, checkpoint.size),
        ));
        facts.push(Fact::new("Root of the log", Text::new().code(&checkpoint.root)));
    }
    let fonts: Vec<_> = added_fonts().iter().map(|font| font.name.as_str()).collect();
    if !fonts.is_empty() {
        let all = format!("Noto Sans, and for what it lacks {}", fonts.join(", "));
        facts.push(Fact::new("Fonts", all));
    }
    document.push(Block::facts(1, facts));
    let content = format!(
        "batchwright:1 site={} batch={} entries={} head={} founding={}",
        record.site.origin,
        run.number,
        run.seq,
        hex(&run.head),
        record.founding
    );
    document.push(Block::Qr {
        content,
        alt:
            "QR code with batch number, number of entries, hash of the last entry and founding key"
                .into(),
        beside: vec![
            Text::new().bold("Check it yourself"),
            "Compare the hash in this code with the one the site gives you, or run".into(),
            Text::new()
                .code("batchwright verify --database-url … --checkpoint FILE --trust FINGERPRINT"),
            "on a copy of the site's database. It needs no key, no password and no trust in us."
                .into(),
        ],
    });
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
