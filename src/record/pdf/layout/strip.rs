//! A strip: a piece of content as wide as the page that no page break divides.

use super::area::Area;
use super::palette::{HAIR, Rgb, Type};
use super::{Item, LeafId, Mark, NodeId, Placed};

/// An entry of the contents whose page is known only when all pages are.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Which heading, counted from 0.
    pub(super) heading: usize,
    /// The node whose leaf the page number belongs to.
    pub(super) node: NodeId,
    /// The leaf of words and page number.
    pub(super) words: LeafId,
    /// The leaf of what leads to the page.
    pub(super) way: LeafId,
    pub(super) area: Area,
    pub(super) kind: Type,
    pub(super) height: f32,
}

/// A piece of content that no page break divides.
#[derive(Debug, Default, Clone)]
pub struct Strip {
    /// Space above, dropped at the top of a page.
    pub before: f32,
    pub height: f32,
    /// What is drawn; y counts from the strip's upper edge.
    pub items: Vec<Placed>,
    /// Must not be the last on its page while something follows.
    pub keep: bool,
    /// Continue on a new page before this strip.
    pub fresh_page: bool,
    /// The table head to repeat if this strip begins a page.
    pub head: Option<usize>,
    /// The bookmark that points here: level and words.
    pub bookmark: Option<(u16, String)>,
    /// The entry of the contents that this strip is.
    pub entry: Option<Entry>,
}

impl Strip {
    /// An empty strip of a height.
    pub fn blank(height: f32) -> Self {
        Strip { height, ..Strip::default() }
    }

    /// Adds decoration that screen readers pass over.
    pub fn decorate(&mut self, item: Item) {
        self.items.push(Placed { mark: Mark::Decoration, item });
    }

    /// Puts decoration behind everything else.
    pub fn underlay(&mut self, item: Item) {
        self.items.insert(0, Placed { mark: Mark::Decoration, item });
    }

    /// Moves what is drawn downwards.
    pub fn lower(&mut self, by: f32) {
        for placed in &mut self.items {
            placed.item.lower(by);
        }
        self.height += by;
    }
}

impl Item {
    /// Moves the item downwards.
    pub fn lower(&mut self, by: f32) {
        match self {
            Item::Glyphs { y, .. }
            | Item::Area { y, .. }
            | Item::Circle { y, .. }
            | Item::Photo { y, .. } => *y += by,
            Item::Stroke { points, .. } | Item::Polygon { points, .. } => {
                points.iter_mut().for_each(|point| point.1 += by);
            }
            Item::Areas { areas, .. } => areas.iter_mut().for_each(|area| area.1 += by),
        }
    }

    /// A straight line.
    pub fn line(from: (f32, f32), to: (f32, f32), width: f32, ink: Rgb) -> Self {
        Item::Stroke { points: vec![from, to], width, ink }
    }

    /// A filled rectangle with sharp corners.
    pub fn area(x: f32, y: f32, width: f32, height: f32, ink: Rgb) -> Self {
        Item::Area { x, y, width, height, radius: 0.0, ink }
    }
}

/// A thin line across.
pub fn rule(left: f32, right: f32) -> Strip {
    let mut strip = Strip { before: 6.0, ..Strip::blank(8.0) };
    strip.decorate(Item::line((left, 0.0), (right, 0.0), 0.6, HAIR));
    strip
}

/// Keeps strips together on one page.
pub fn bind(strips: &mut [Strip]) {
    if let Some((_, others)) = strips.split_last_mut() {
        others.iter_mut().for_each(|strip| strip.keep = true);
    }
}

/// The height of strips one below the other.
pub fn height(strips: &[Strip]) -> f32 {
    strips.iter().map(|strip| strip.before + strip.height).sum()
}
