//! The contents: the headings with their pages, each leading there.

use super::super::document::{Block, Level, Text};
use super::compose::{Area, Composer, Slot};
use super::pager::Stacked;
use super::palette::{BODY, HAIR, Type};
use super::strip::{Entry, Strip};
use super::{Item, Link, NodeId, Role};

/// Room for the page number.
const NUMBER: f32 = 34.0;

/// The headings in the order in which they are composed: their levels and words.
pub fn headings(blocks: &[Block], found: &mut Vec<(u16, Text)>) {
    for block in blocks {
        match block {
            Block::Heading(heading) => found.push((heading.level.number(), heading.text.clone())),
            Block::Together(blocks) => headings(blocks, found),
            Block::Callout(callout) => headings(&callout.body, found),
            _ => {}
        }
    }
}

impl Composer {
    /// An entry for each heading down to a level.
    pub fn contents(&mut self, depth: Level, area: Area, parent: NodeId) -> Vec<Strip> {
        let contents = self.tree.node(parent, Role::Contents);
        let mut strips: Vec<Strip> = Vec::new();
        for (heading, (level, text)) in self.headings.clone().into_iter().enumerate() {
            if level > depth.number() {
                continue;
            }
            let entry = self.tree.node(contents, Role::ContentsEntry);
            let reference = self.tree.node(entry, Role::Reference);
            let (node, words) = self.tree.content(reference, Role::Link);
            let way = self.tree.leaf(node);
            let kind = match level {
                1 => Type { bold: true, leading: 12.0, ..BODY },
                _ => Type { size: 8.2, leading: 10.4, ..BODY },
            };
            let inset = 14.0 * (f32::from(level) - 1.0);
            let lines = self.setter.set(&text, kind, area.width - inset - NUMBER);
            let height = lines.iter().map(|line| line.height).sum();
            let mut strip = Strip::blank(height);
            strip.before = if level == 1 && !strips.is_empty() { 3.0 } else { 0.0 };
            let mut slot = Slot::Node(node, words);
            let mut y = 0.0;
            for line in &lines {
                self.line(&mut strip.items, line, area.x + inset, y, &mut slot);
                y += line.height;
            }
            if let Some(last) = lines.last() {
                let (from, to) = (area.x + inset + last.width + 5.0, area.right() - NUMBER + 8.0);
                let base = y - last.height + last.baseline;
                if from < to {
                    strip.decorate(Item::line((from, base), (to, base), 0.4, HAIR));
                }
            }
            strip.entry = Some(Entry { heading, node, words, way, area, kind, height });
            strips.push(strip);
        }
        strips.push(Strip { before: 10.0, ..Strip::default() });
        strips
    }

    /// Writes the page numbers and the ways there.
    pub fn number_contents(&mut self, stacked: &mut Stacked) {
        for (page, y, entry) in std::mem::take(&mut stacked.entries) {
            let Some(mark) = stacked.bookmarks.get(entry.heading).cloned() else { continue };
            let number =
                self.setter.set(&Text::from((mark.page + 1).to_string()), entry.kind, NUMBER);
            let mut items = Vec::new();
            for line in number.iter().take(1) {
                let x = entry.area.right() - line.width;
                let slot = &mut Slot::Node(entry.node, entry.words);
                self.line(&mut items, line, x, entry.height - line.height, slot);
            }
            stacked.pages[page].parts.push((y, items));
            stacked.pages[page].links.push(Link {
                x: entry.area.x,
                y,
                width: entry.area.width,
                height: entry.height,
                leaf: entry.way,
                words: format!("{}, page {}", mark.words, mark.page + 1),
                page: mark.page,
                top: mark.y,
            });
        }
    }
}
