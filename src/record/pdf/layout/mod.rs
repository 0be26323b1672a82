//! From blocks to pages: every glyph, line and area with its place, and the logical structure beside them.
//!
//! Blocks become *strips* (`compose`), pieces as wide as the page that cannot be divided; strips are stacked on pages
//! (`pager`); when the number of pages is known, heads and feet are added (`frame`). Nothing in here knows PDF.

mod added;
mod area;
mod callout;
mod compose;
mod contents;
mod facts;
mod fonts;
mod frame;
mod lines;
mod pager;
mod palette;
mod photo;
mod pieces;
mod qr;
mod shape;
mod strip;
mod tables;
#[cfg(test)]
mod tests;
mod tiles;
mod timeline;
mod tree;
mod trend;

pub use added::{Added, add as add_font, all as added_fonts};
pub use fonts::FaceId;
pub use lines::GlyphRun;
pub use palette::{Rgb, sheet};
pub use shape::{Glyph, unprintable};
pub use tree::{Child, LeafId, NodeId, ROOT, Role, Tree};

use std::sync::Arc;

use super::document::Document;

/// A document on pages.
#[derive(Debug)]
pub struct Laid {
    /// The pages, at least one.
    pub pages: Vec<Page>,
    /// The logical structure that the items' leaves belong to.
    pub tree: Tree,
    /// The headings as bookmarks, in order.
    pub bookmarks: Vec<Bookmark>,
}

/// A page: parts, each with its distance from the upper edge of the paper.
#[derive(Debug, Default)]
pub struct Page {
    /// The parts in reading order; the items' own positions count from the part's upper edge.
    pub parts: Vec<(f32, Vec<Placed>)>,
    /// Places that lead to other places.
    pub links: Vec<Link>,
}

/// A place on a page that leads to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Left edge.
    pub x: f32,
    /// Upper edge, from the upper edge of the paper.
    pub y: f32,
    pub width: f32,
    pub height: f32,
    /// Its place in the structure.
    pub leaf: LeafId,
    /// Where it leads, in words.
    pub words: String,
    /// The page it leads to, counted from 0.
    pub page: usize,
    /// The distance from that page's upper edge.
    pub top: f32,
}

/// A heading's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    /// 1 to 4.
    pub level: u16,
    pub words: String,
    /// Page, counted from 0.
    pub page: usize,
    /// Distance from the upper edge of the paper.
    pub y: f32,
}

/// An item with its place in the structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// What it belongs to.
    pub mark: Mark,
    /// What is drawn.
    pub item: Item,
}

/// What an item belongs to.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// Content, with the characters meant where the drawn ones differ.
    Leaf(LeafId, Option<String>),
    /// Decoration: lines, areas, repeated table heads.
    Decoration,
    /// The head of a page.
    Header,
    /// The foot of a page.
    Footer,
}

/// Something drawn; positions and lengths in points, y downwards.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Glyphs on a baseline.
    Glyphs {
        /// Left end of the baseline.
        x: f32,
        /// The baseline.
        y: f32,
        /// Size of the letters.
        size: f32,
        /// Their colour.
        ink: Rgb,
        /// The glyphs.
        run: GlyphRun,
    },
    /// A filled rectangle.
    Area {
        /// Left edge.
        x: f32,
        /// Upper edge.
        y: f32,
        width: f32,
        height: f32,
        /// Radius of its corners.
        radius: f32,
        /// Its colour.
        ink: Rgb,
    },
    /// Straight lines from point to point.
    Stroke {
        points: Vec<(f32, f32)>,
        /// Thickness.
        width: f32,
        /// Colour.
        ink: Rgb,
    },
    /// A filled polygon.
    Polygon {
        /// The corners.
        points: Vec<(f32, f32)>,
        /// Colour.
        ink: Rgb,
    },
    /// A circle, filled or as a ring of a thickness.
    Circle {
        /// Centre.
        x: f32,
        /// Centre.
        y: f32,
        radius: f32,
        /// Thickness of the ring; filled if absent.
        ring: Option<f32>,
        /// Colour.
        ink: Rgb,
    },
    Photo {
        /// Left edge.
        x: f32,
        /// Upper edge.
        y: f32,
        width: f32,
        height: f32,
        /// The PNG or JPEG file.
        file: Arc<Vec<u8>>,
    },
    /// Many filled rectangles of one colour: the modules of a QR code.
    Areas {
        /// Left edge, upper edge, width, height.
        areas: Vec<(f32, f32, f32, f32)>,
        /// Colour.
        ink: Rgb,
    },
}

/// Why a document cannot be laid out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// A row has more cells than its table has columns.
    #[error(
        "a table row has {cells} cells but the table has {columns} columns: give each cell a column"
    )]
    SurplusCells {
        /// Cells of the row.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// A QR code cannot hold the content.
    #[error("{length} bytes do not fit a QR code: give it a shorter content")]
    QrContent {
        /// Bytes of the content.
        length: usize,
    },
}

/// Lays a document out on A4 pages.
pub fn layout(document: &Document) -> Result<Laid, LayoutError> {
    let mut composer = compose::Composer::default();
    contents::headings(&document.blocks, &mut composer.headings);
    let strips = composer.blocks(&document.blocks, compose::Area::PAGE, ROOT)?;
    let mut stacked = pager::stack(strips, &composer.heads);
    composer.number_contents(&mut stacked);
    frame::add(&mut stacked.pages, &document.frame, &mut composer);
    Ok(Laid { pages: stacked.pages, tree: composer.tree, bookmarks: stacked.bookmarks })
}

/// What each page of a document says below its head and above its foot, line by line: what is printed where.
///
/// # Errors
/// Those of laying it out.
pub fn pages_said(document: &Document) -> Result<Vec<String>, LayoutError> {
    let laid = layout(document)?;
    Ok(laid.pages.iter().map(Page::said).collect())
}

impl Page {
    fn said(&self) -> String {
        let mut parts: Vec<_> = self.parts.iter().collect();
        parts.sort_by(|one, other| one.0.total_cmp(&other.0));
        let lines = parts.iter().map(|(_, items)| said(items)).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The words of items, with a blank where another line or another part of the structure begins.
fn said(items: &[Placed]) -> String {
    /// Letters are raised by less, lines are farther apart.
    const LINE: f32 = 5.0;
    let mut words = String::new();
    let mut last: Option<(LeafId, f32)> = None;
    for Placed { mark, item } in items {
        let (Mark::Leaf(leaf, actual), Some(y)) = (mark, item.level()) else { continue };
        if last.is_some_and(|(of, at)| of != *leaf || (at - y).abs() > LINE) {
            words.push(' ');
        }
        last = Some((*leaf, y));
        match (actual, item) {
            // A symbol is drawn as one figure or several.
            (Some(meant), _) if !words.ends_with(meant.as_str()) => words.push_str(meant),
            (None, Item::Glyphs { run, .. }) => words.push_str(&run.text),
            (Some(_) | None, _) => {}
        }
    }
    words
}

impl Item {
    /// How far down it stands, of what has a meaning as characters.
    fn level(&self) -> Option<f32> {
        match self {
            Item::Glyphs { y, .. } | Item::Circle { y, .. } => Some(*y),
            Item::Stroke { points, .. } | Item::Polygon { points, .. } => {
                points.iter().map(|point| point.1).reduce(f32::max)
            }
            Item::Area { .. } | Item::Areas { .. } | Item::Photo { .. } => None,
        }
    }
}
