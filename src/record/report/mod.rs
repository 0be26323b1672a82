//! The batch report: from the first page to the complete audit trail and the integrity page.

mod after;
mod amendments;
mod beside;
mod bounds;
mod deviation;
mod deviations;
mod files;
mod front;
mod handovers;
mod integrity;
mod living;
mod local;
mod looks;
mod master;
mod owed;
mod persons;
mod reviews;
mod signatures;
mod steps;
mod times;
mod trail;
mod unprinted;
mod used;
mod words;

use super::model::BatchRecord;
use super::pdf::document::{Attachment, Document, Frame, Relation};
use crate::domain::clock::ClockKind;
use crate::domain::ids::PersonId;
use crate::domain::site::Environment;
use std::collections::BTreeSet;

/// Everybody who signed this record, its deviations or its lots: whose keys it names.
#[must_use]
pub fn signers(record: &BatchRecord<'_>) -> BTreeSet<PersonId> {
    signatures::all(record).iter().map(|signing| signing.signed.person).collect()
}

/// Builds the report of a batch; rendering it is `pdf::render`, sealing it `pdf::seal`.
#[must_use]
pub fn build(record: &BatchRecord<'_>, embedded: Vec<u8>) -> Document {
    let run = record.run;
    let mut document = Document::new(
        format!("Batch record {}", words::batch_number(run)),
        format!("{}-rendition-{}", run.number, record.rendition.no),
        record.rendition.at.0,
        frame(record),
    );
    document.language.clone_from(&run.recipe.language);
    document.subject = format!("{}, batch {}", run.recipe.title, words::batch_number(run));
    front::write(&mut document, record);
    used::write(&mut document, record);
    master::write(&mut document, record);
    steps::write(&mut document, record);
    beside::write(&mut document, record);
    after::write(&mut document, record);
    deviations::write(&mut document, record);
    signatures::write(&mut document, record);
    persons::write(&mut document, record);
    owed::write(&mut document, record);
    bounds::bound(&mut document.blocks, bounds::CHAPTERS);
    let chapters = document.blocks.len();
    trail::write(&mut document, record);
    integrity::write(&mut document, record);
    bounds::bound(&mut document.blocks[chapters..], bounds::TRAIL);
    local::shown(&mut document.blocks, record);
    unprinted::write(&mut document);
    document.attachments.push(Attachment {
        name: "audit-trail.json".into(),
        media_type: "application/json".into(),
        description: "The complete audit trail of this batch for machines".into(),
        relation: Relation::Data,
        bytes: embedded,
    });
    document
}

fn frame(record: &BatchRecord<'_>) -> Frame {
    let mut banner = Vec::new();
    match record.site.environment {
        Environment::Demo => banner.push("DEMO SITE"),
        Environment::Training => banner.push("TRAINING SITE"),
        Environment::Production => {}
    }
    if record.site.clock == ClockKind::Simulated {
        banner.push("SIMULATED TIME");
    }
    let rendition = &record.rendition;
    Frame {
        site: record.site.name.clone(),
        kind: "Batch record".into(),
        batch: words::batch_number(record.run),
        version: format!("{} v{}", record.run.master.code, record.run.master.version),
        rendition: match record.run.renditions.last() {
            Some(older) => format!("Rendition {}, supersedes {}", rendition.no, older.no),
            None => format!("Rendition {}", rendition.no),
        },
        printed_at: rendition.at.shown(&rendition.zone),
        printed_by: format!("{} ({})", rendition.printed_name, rendition.user_name),
        banner: (!banner.is_empty()).then(|| banner.join(" · ")),
    }
}
