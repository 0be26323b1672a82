//! One form of time in everything that people read: as the site reads it, with its offset (rule 5.4). Evidence and
//! details come from the rules with the machine's moments in them; here they become local.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Block, Inline};
use super::words::local;

/// Turns every machine's moment of these blocks into the site's time; what a person or a device
/// wrote stays as it was written.
pub fn shown(blocks: &mut [Block], record: &BatchRecord<'_>) {
    for block in blocks {
        block.texts_mut(&mut |text| {
            for inline in &mut text.0 {
                let Inline::Run(run) = inline else { continue };
                if !run.style.italic && !run.style.code && run.text.contains('Z') {
                    run.text = local(record, &run.text);
                }
            }
        });
    }
}
