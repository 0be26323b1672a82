//! Everything that a block says, text by text.

use super::{Block, Inline, Table, Text};

impl Block {
    /// Visits every text of the block, and of the blocks in it.
    pub fn texts(&self, visit: &mut dyn FnMut(&str)) {
        match self {
            Block::Heading(heading) => {
                heading.text.texts(visit);
                heading.aside.iter().for_each(|aside| aside.texts(visit));
            }
            Block::Paragraph(text) => text.texts(visit),
            Block::Facts { facts, .. } => facts.iter().for_each(|fact| {
                visit(&fact.name);
                fact.value.texts(visit);
            }),
            Block::Table(table) => table.texts(visit),
            Block::Callout(callout) => {
                callout.title.texts(visit);
                callout.body.iter().for_each(|block| block.texts(visit));
            }
            Block::List { items, .. } => items.iter().for_each(|item| item.texts(visit)),
            Block::Tiles(tiles) => tiles.iter().for_each(|tile| {
                [&tile.value, &tile.label, &tile.note].into_iter().for_each(|text| visit(text));
            }),
            Block::Timeline(timeline) => {
                visit(&timeline.title);
                for lane in &timeline.lanes {
                    visit(&lane.label);
                    lane.pins.iter().for_each(|pin| visit(&pin.label));
                }
            }
            Block::Trend(trend) => visit(&trend.title),
            Block::Trends(trends) => trends.iter().for_each(|trend| visit(&trend.title)),
            Block::Qr { beside, .. } => beside.iter().for_each(|text| text.texts(visit)),
            Block::Together(blocks) => blocks.iter().for_each(|block| block.texts(visit)),
            Block::Contents(_)
            | Block::Photo(_)
            | Block::Rule
            | Block::Space(_)
            | Block::PageBreak => {}
        }
    }
}

impl Block {
    /// Visits every rich text of the block, and of the blocks in it, to change it.
    pub fn texts_mut(&mut self, visit: &mut dyn FnMut(&mut Text)) {
        match self {
            Block::Heading(heading) => {
                visit(&mut heading.text);
                heading.aside.iter_mut().for_each(visit);
            }
            Block::Paragraph(text) => visit(text),
            Block::Facts { facts, .. } => facts.iter_mut().for_each(|fact| visit(&mut fact.value)),
            Block::Table(table) => {
                visit(&mut table.caption);
                table.columns.iter_mut().for_each(|column| visit(&mut column.title));
                let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells);
                cells.flat_map(|cell| &mut cell.0).for_each(visit);
            }
            Block::Callout(callout) => {
                visit(&mut callout.title);
                callout.body.iter_mut().for_each(|block| block.texts_mut(visit));
            }
            Block::List { items, .. } => items.iter_mut().for_each(visit),
            Block::Qr { beside, .. } => beside.iter_mut().for_each(visit),
            Block::Together(blocks) => blocks.iter_mut().for_each(|block| block.texts_mut(visit)),
            Block::Tiles(_)
            | Block::Timeline(_)
            | Block::Trend(_)
            | Block::Trends(_)
            | Block::Contents(_)
            | Block::Photo(_)
            | Block::Rule
            | Block::Space(_)
            | Block::PageBreak => {}
        }
    }
}

impl Table {
    fn texts(&self, visit: &mut dyn FnMut(&str)) {
        self.caption.texts(visit);
        self.columns.iter().for_each(|column| column.title.texts(visit));
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        cells.flat_map(|cell| &cell.0).for_each(|text| text.texts(visit));
    }
}

impl Text {
    fn texts(&self, visit: &mut dyn FnMut(&str)) {
        for inline in &self.0 {
            match inline {
                Inline::Run(run) => visit(&run.text),
                Inline::Badge(badge) => visit(&badge.label),
                Inline::Symbol(..) => {}
            }
        }
    }
}
