//! All words of a document, in reading order.

use batchwright::record::pdf::document::{Block, Document, Text};

/// Everything that is printed, one text a line.
pub fn words(document: &Document) -> String {
    let mut all = Vec::new();
    blocks(&document.blocks, &mut all);
    all.join("\n")
}

fn blocks(list: &[Block], all: &mut Vec<String>) {
    for block in list {
        let mut put = |text: &Text| all.push(text.words());
        match block {
            Block::Heading(heading) => {
                put(&heading.text);
                heading.aside.iter().for_each(put);
            }
            Block::Paragraph(text) => put(text),
            Block::Facts { facts, .. } => {
                all.extend(facts.iter().map(|f| format!("{}: {}", f.name, f.value.words())));
            }
            Block::Table(table) => {
                put(&table.caption);
                table.columns.iter().for_each(|column| put(&column.title));
                table.rows.iter().flat_map(|row| &row.cells).flat_map(|cell| &cell.0).for_each(put);
            }
            Block::Callout(callout) => {
                put(&callout.title);
                blocks(&callout.body, all);
            }
            Block::List { items, .. } => items.iter().for_each(put),
            Block::Tiles(tiles) => {
                all.extend(tiles.iter().map(|t| format!("{} {} {}", t.value, t.label, t.note)));
            }
            Block::Timeline(timeline) => all.push(timeline.alt.clone()),
            Block::Trend(trend) => all.push(trend.alt.clone()),
            Block::Trends(trends) => all.extend(trends.iter().map(|trend| trend.alt.clone())),
            Block::Photo(photo) => all.push(photo.alt.clone()),
            Block::Qr { alt, beside, .. } => {
                all.push(alt.clone());
                beside.iter().for_each(|text| all.push(text.words()));
            }
            Block::Together(inner) => blocks(inner, all),
            Block::Contents(_) | Block::Rule | Block::Space(_) | Block::PageBreak => {}
        }
    }
}
