//! Blocks into strips.

use super::super::document::{Block, Heading, Symbol, Text};
pub use super::area::Area;
use super::fonts::CAP_HEIGHT;
use super::lines::{Ink, Line, Span};
use super::palette::{self, BODY, Type, WHITE, sheet, tint};
use super::pieces::{BADGE_PAD, Setter};
use super::shape::visible;
use super::strip::{Strip, bind, height, rule};
use super::{Item, LayoutError, LeafId, Mark, NodeId, Placed, Role, Tree};

/// Lines of a title that stay in one piece.
const LONGEST_TITLE: usize = 12;
/// The height up to which a text counts as the introduction of what follows.
const INTRODUCTION: f32 = 130.0;

/// Where the characters of a text go in the structure.
#[derive(Debug, Clone, Copy)]
pub enum Slot {
    /// Below a node, at a leaf of it.
    Node(NodeId, LeafId),
    /// Nowhere: the mark is a decoration, a page's head or its foot.
    Outside(Frame),
}

/// Content that is not part of the structure.
#[derive(Debug, Clone, Copy)]
pub enum Frame {
    /// Repeated table heads.
    Repeated,
    /// The head of a page.
    Header,
    /// The foot of a page.
    Footer,
}

/// Turns blocks into strips and grows the structure.
pub struct Composer {
    /// Sets text.
    pub setter: Setter,
    /// The structure so far.
    pub tree: Tree,
    /// The table heads that pages repeat.
    pub heads: Vec<Strip>,
    /// Level of the last heading in the structure, which must not skip levels.
    level: u16,
    /// All headings of the document: their levels and words.
    pub headings: Vec<(u16, Text)>,
}

impl Default for Composer {
    fn default() -> Self {
        Composer {
            setter: Setter::default(),
            tree: Tree::new(),
            heads: Vec::new(),
            level: 0,
            headings: Vec::new(),
        }
    }
}

impl Composer {
    /// Blocks one below the other.
    pub fn blocks(
        &mut self,
        blocks: &[Block],
        area: Area,
        parent: NodeId,
    ) -> Result<Vec<Strip>, LayoutError> {
        let mut strips = Vec::new();
        let mut fresh_page = false;
        for (place, block) in blocks.iter().enumerate() {
            if *block == Block::PageBreak {
                fresh_page = true;
                continue;
            }
            let mut next = self.block(block, area, parent)?;
            // A short text that introduces a table or picture stays with its beginning.
            let introduces = match block {
                Block::Paragraph(_) => blocks.get(place + 1).is_some_and(shown),
                // What a heading leads stays with the beginning of whatever follows.
                Block::Together(inner) => matches!(inner.first(), Some(Block::Heading(_))),
                _ => false,
            };
            if introduces && height(&next) <= INTRODUCTION {
                next.iter_mut().for_each(|strip| strip.keep = true);
            }
            if let Some(first) = next.first_mut() {
                first.fresh_page = std::mem::take(&mut fresh_page);
            }
            strips.append(&mut next);
        }
        Ok(strips)
    }

    fn block(
        &mut self,
        block: &Block,
        area: Area,
        parent: NodeId,
    ) -> Result<Vec<Strip>, LayoutError> {
        Ok(match block {
            Block::Heading(heading) => self.heading(heading, area, parent),
            Block::Paragraph(text) => self.paragraph(text, BODY, area, parent, 3.5),
            Block::Contents(depth) => self.contents(*depth, area, parent),
            Block::Facts { facts, columns } => self.facts(facts, *columns, area, parent),
            Block::Table(table) => self.table(table, area, parent)?,
            Block::Callout(callout) => self.callout(callout, area, parent)?,
            Block::List { numbered, items } => self.list(*numbered, items, area, parent),
            Block::Tiles(tiles) => self.tiles(tiles, area, parent),
            Block::Timeline(timeline) => self.timeline(timeline, area, parent),
            Block::Trend(trend) => self.trend(trend, area, parent),
            Block::Trends(trends) => self.trends(trends, area, parent),
            Block::Photo(photo) => self.photo(photo, area, parent),
            Block::Qr { content, alt, beside } => self.qr(content, alt, beside, area, parent)?,
            Block::Together(blocks) => {
                let mut strips = self.blocks(blocks, area, parent)?;
                if height(&strips) <= sheet::ROOM {
                    bind(&mut strips);
                }
                strips
            }
            Block::Rule => vec![rule(area.x, area.right())],
            Block::Space(points) => vec![Strip { before: points.max(0.0), ..Strip::default() }],
            Block::PageBreak => Vec::new(),
        })
    }

    fn heading(&mut self, heading: &Heading, area: Area, parent: NodeId) -> Vec<Strip> {
        let level = heading.level.number();
        let (kind, before, after) = palette::heading(heading.level);
        self.level = level.min(self.level + 1);
        let words = shown_words(&heading.text.words());
        let node = self.tree.node(parent, Role::Heading(self.level, words.clone()));
        let leaf = self.tree.leaf(node);
        // Beside a title stands something larger than beside a step.
        let aside_kind = if level == 1 { Type { size: 12.0, leading: 18.0, ..BODY } } else { BODY };
        let aside = heading
            .aside
            .as_ref()
            .map(|aside| self.setter.set(aside, aside_kind, area.width / 2.0));
        let aside_width = aside.iter().flatten().map(|line| line.width + 10.0).fold(0.0, f32::max);
        let mut lines = self.setter.set(&heading.text, kind, area.width - aside_width);
        let mut strip = Strip { before, keep: true, ..Strip::default() };
        let mut slot = Slot::Node(node, leaf);
        // A title longer than these lines goes on in strips of its own, lest it leave the page.
        let rest = lines.split_off(lines.len().min(LONGEST_TITLE));
        for line in &lines {
            self.line(&mut strip.items, line, area.x, strip.height, &mut slot);
            strip.height += line.height;
        }
        if let Some(aside) = aside {
            let (node, leaf) = self.tree.content(parent, Role::Paragraph);
            let mut slot = Slot::Node(node, leaf);
            let first = lines.first().map_or(0.0, |line| line.baseline);
            for (place, line) in aside.iter().enumerate() {
                let y = first - line.baseline + place as f32 * line.height;
                self.line(&mut strip.items, line, area.right() - line.width, y, &mut slot);
                strip.height = strip.height.max(y + line.height);
            }
        }
        let words = heading.bookmark.as_deref().map_or(words, shown_words);
        strip.bookmark = Some((level, words));
        let mut strips = vec![strip];
        for line in &rest {
            let mut strip = Strip { keep: true, ..Strip::blank(line.height) };
            self.line(&mut strip.items, line, area.x, 0.0, &mut slot);
            strips.push(strip);
        }
        if let Some(last) = strips.last_mut() {
            last.height += after;
        }
        strips
    }

    /// A paragraph: a strip for each line, with no single line left alone on a page.
    pub fn paragraph(
        &mut self,
        text: &Text,
        kind: Type,
        area: Area,
        parent: NodeId,
        after: f32,
    ) -> Vec<Strip> {
        let (node, leaf) = self.tree.content(parent, Role::Paragraph);
        self.flow(text, kind, area, Slot::Node(node, leaf), after)
    }

    /// The lines of a text as strips.
    pub fn flow(
        &mut self,
        text: &Text,
        kind: Type,
        area: Area,
        mut slot: Slot,
        after: f32,
    ) -> Vec<Strip> {
        let lines = self.setter.set(text, kind, area.width);
        let count = lines.len();
        let mut strips = Vec::with_capacity(count);
        for (place, line) in lines.iter().enumerate() {
            let mut strip = Strip::blank(line.height);
            self.line(&mut strip.items, line, area.x, 0.0, &mut slot);
            strip.keep = count > 1 && (place == 0 || place + 2 == count);
            strips.push(strip);
        }
        if let Some(last) = strips.last_mut() {
            last.height += after;
        }
        strips
    }

    fn list(&mut self, numbered: bool, items: &[Text], area: Area, parent: NodeId) -> Vec<Strip> {
        const INDENT: f32 = 17.0;
        let list = self.tree.node(parent, Role::List(numbered));
        let mut strips = Vec::new();
        for (place, text) in items.iter().enumerate() {
            let item = self.tree.node(list, Role::Item);
            let (label_node, label_leaf) = self.tree.content(item, Role::Label);
            let (body, leaf) = self.tree.content(item, Role::ItemBody);
            let mut lines =
                self.flow(text, BODY, area.inset(INDENT, 0.0), Slot::Node(body, leaf), 1.5);
            let label = if numbered {
                Text::new().muted(format!("{}.", place + 1))
            } else {
                Text::new().muted("•")
            };
            let label = self.setter.set(&label, BODY, INDENT);
            if let (Some(first), Some(label)) = (lines.first_mut(), label.first()) {
                let mut slot = Slot::Node(label_node, label_leaf);
                let x = if numbered { area.x + INDENT - 5.0 - label.width } else { area.x + 4.0 };
                let mut items = Vec::new();
                self.line(&mut items, label, x, 0.0, &mut slot);
                items.append(&mut first.items);
                first.items = items;
            }
            strips.append(&mut lines);
        }
        if let Some(last) = strips.last_mut() {
            last.height += 4.0;
        }
        strips
    }

    /// Draws a line of text with its left upper corner at (x, y).
    pub fn line(&mut self, items: &mut Vec<Placed>, line: &Line, x: f32, y: f32, slot: &mut Slot) {
        for span in &line.spans {
            let mark = self.mark(span, slot);
            let (left, base) = (x + span.x, y + line.baseline - span.rise);
            let mut put = |item: Item, mark: Mark| items.push(Placed { mark, item });
            match &span.mark {
                Ink::Glyphs(run) => {
                    put(
                        Item::Glyphs {
                            x: left,
                            y: base,
                            size: span.look.size,
                            ink: span.look.ink,
                            run: run.clone(),
                        },
                        mark,
                    );
                    if span.look.struck {
                        let middle = base - 0.27 * span.look.size;
                        let strike = Item::line(
                            (left, middle),
                            (left + span.width, middle),
                            0.7,
                            span.look.ink,
                        );
                        put(strike, Mark::Decoration);
                    }
                }
                Ink::Symbol(symbol) => {
                    for item in draw(*symbol, left, base, span) {
                        put(item, mark.clone());
                    }
                }
                Ink::Badge(tone, run) => {
                    let (full, pad) = (span.look.size / 0.8, BADGE_PAD * span.look.size / 0.8);
                    let top = base - CAP_HEIGHT * span.look.size / 2.0 - full * 0.68;
                    let (width, height) = (span.width, full * 1.36);
                    let back = Item::Area {
                        x: left,
                        y: top,
                        width,
                        height,
                        radius: 2.5,
                        ink: tint(*tone),
                    };
                    put(back, Mark::Decoration);
                    let run = run.clone();
                    put(
                        Item::Glyphs {
                            x: left + pad,
                            y: base,
                            size: span.look.size,
                            ink: span.look.ink,
                            run,
                        },
                        mark,
                    );
                }
            }
        }
    }

    fn mark(&mut self, span: &Span, slot: &mut Slot) -> Mark {
        match slot {
            Slot::Outside(Frame::Repeated) => Mark::Decoration,
            Slot::Outside(Frame::Header) => Mark::Header,
            Slot::Outside(Frame::Footer) => Mark::Footer,
            Slot::Node(node, leaf) if span.look.struck => {
                let (_, struck) = self.tree.content(*node, Role::Struck);
                *leaf = self.tree.leaf(*node);
                Mark::Leaf(struck, span.actual.clone())
            }
            Slot::Node(_, leaf) => Mark::Leaf(*leaf, span.actual.clone()),
        }
    }
}

/// Words for viewers' lists: one line, nothing that steers without showing, never empty.
fn shown_words(words: &str) -> String {
    let words = visible(words).replace('\n', " ");
    if words.trim().is_empty() { "…".to_owned() } else { words }
}

fn shown(block: &Block) -> bool {
    matches!(
        block,
        Block::Table(_)
            | Block::Facts { .. }
            | Block::Timeline(_)
            | Block::Trend(_)
            | Block::Trends(_)
            | Block::Photo(_)
    )
}

/// A symbol with its left end on the baseline.
fn draw(symbol: Symbol, x: f32, base: f32, span: &Span) -> Vec<Item> {
    let (size, ink) = (span.look.size, span.look.ink);
    let at = |right: f32, up: f32| (x + right * size, base - up * size);
    let width = 0.115 * size;
    let middle = at(0.42, CAP_HEIGHT / 2.0);
    match symbol {
        Symbol::Check => vec![Item::Stroke {
            points: vec![at(0.1, 0.36), at(0.33, 0.1), at(0.76, 0.66)],
            width,
            ink,
        }],
        Symbol::Cross => vec![
            Item::line(at(0.16, 0.08), at(0.7, 0.64), width, ink),
            Item::line(at(0.16, 0.64), at(0.7, 0.08), width, ink),
        ],
        Symbol::Warning => vec![
            Item::Polygon { points: vec![at(0.02, -0.03), at(0.42, 0.75), at(0.82, -0.03)], ink },
            Item::line(at(0.42, 0.48), at(0.42, 0.21), 0.09 * size, WHITE),
            Item::line(at(0.42, 0.12), at(0.42, 0.04), 0.09 * size, WHITE),
        ],
        Symbol::Open => {
            vec![Item::Circle {
                x: middle.0,
                y: middle.1,
                radius: 0.28 * size,
                ring: Some(0.09 * size),
                ink,
            }]
        }
        Symbol::Filled => {
            vec![Item::Circle { x: middle.0, y: middle.1, radius: 0.3 * size, ring: None, ink }]
        }
    }
}
