//! Handovers from shift to shift: what both persons saw, in short.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Cell, Column, Document, Table, Text};
use super::words::{signed, time};
use crate::domain::run::floor::HandoverRun;

/// Lines of one handover that are printed; the rest stands in the audit trail.
const LINES: usize = 24;

/// Writes them.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    if record.run.handovers.is_empty() {
        document.push(Text::new().bold("Handovers: ").muted("none."));
        return;
    }
    document.h2("Handovers");
    let mut table =
        Table::new([Column::share(2.2, "Handed over"), Column::share(4.0, "What both saw")])
            .dense();
    for handover in &record.run.handovers {
        table.row([persons(record, handover), Cell::lines(content(handover))]);
    }
    document.push(table);
}

fn persons(record: &BatchRecord<'_>, handover: &HandoverRun) -> Cell {
    let mut lines =
        vec![Text::new().bold(format!("{} ", handover.told.no)).plain(time(record, handover.at))];
    match handover.signed.is_empty() {
        true => lines.push(Text::from(&handover.by.printed_name)),
        false => lines.extend(handover.signed.iter().map(signed)),
    }
    Cell::lines(lines)
}

fn content(handover: &HandoverRun) -> Vec<Text> {
    let mut lines = Vec::new();
    let mut left = LINES;
    let mut cut = 0;
    for section in &handover.told.sections {
        if section.lines.is_empty() {
            continue;
        }
        let taken = section.lines.len().min(left);
        left -= taken;
        cut += section.lines.len() - taken;
        if taken > 0 {
            let mut text = Text::new().bold(&section.title);
            for line in &section.lines[..taken] {
                text = text.line().plain(line);
            }
            lines.push(text);
        }
    }
    if cut > 0 {
        lines.push(Text::new().muted(format!("… {cut} lines more in the audit trail")));
    }
    if !handover.told.remark.is_empty() {
        lines.push(Text::new().muted("Remark: ").quote(&handover.told.remark));
    }
    if lines.is_empty() {
        lines.push(Text::new().muted("nothing open"));
    }
    lines
}
