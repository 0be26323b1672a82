//! A photo with a thin edge.

use std::sync::Arc;

use super::super::document::Photo;
use super::compose::{Area, Composer};
use super::palette::{HAIR, sheet};
use super::strip::Strip;
use super::{Item, Mark, NodeId, Placed, Role};

/// The largest height of a photo: enough to see what it shows, and three of them on a page.
const HIGHEST: f32 = sheet::ROOM / 4.0;
/// The largest share of the width.
const WIDEST: f32 = 0.6;
/// Points for each dot of a small picture: 96 dots an inch.
const POINTS: f32 = 0.75;

impl Composer {
    /// A photo as one figure that no page break divides.
    pub fn photo(&mut self, photo: &Photo, area: Area, parent: NodeId) -> Vec<Strip> {
        let leaf = self.tree.content(parent, Role::Figure(photo.alt.clone())).1;
        let (width, height) = fitted(photo.dots, area.width * WIDEST);
        let mut strip = Strip { before: 4.0, ..Strip::blank(height + 10.0) };
        let file = Arc::clone(&photo.file);
        let item = Item::Photo { x: area.x, y: 0.0, width, height, file };
        strip.items.push(Placed { mark: Mark::Leaf(leaf, None), item });
        let (right, low) = (area.x + width, height);
        let corners = [(area.x, 0.0), (right, 0.0), (right, low), (area.x, low), (area.x, 0.0)];
        strip.decorate(Item::Stroke { points: corners.to_vec(), width: 0.5, ink: HAIR });
        vec![strip]
    }
}

/// The size on paper: as the dots ask, within the room, in proportion.
fn fitted(dots: (u32, u32), room: f32) -> (f32, f32) {
    let (width, height) = (dots.0.max(1) as f32 * POINTS, dots.1.max(1) as f32 * POINTS);
    let scale = (room / width).min(HIGHEST / height).min(1.0);
    ((width * scale).max(4.0), (height * scale).max(4.0))
}
