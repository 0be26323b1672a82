//! Big numbers side by side, for the page that is read first.

use super::super::document::{Text, Tile, Tone};
use super::callout::symbol;
use super::compose::{Area, Composer, Slot};
use super::lines::Line;
use super::palette::{LABEL, TILE, Type, ink, tint};
use super::strip::{Strip, bind};
use super::{Item, NodeId, Role};

const GAP: f32 = 9.0;
const PAD: f32 = 10.0;
const MOST: usize = 4;
/// The smallest size of the number before it wraps.
const LEAST: f32 = 11.0;

impl Composer {
    /// Tiles, at most four in a row; read aloud as a list.
    pub fn tiles(&mut self, tiles: &[Tile], area: Area, parent: NodeId) -> Vec<Strip> {
        let list = self.tree.node(parent, Role::List(false));
        let abreast = match tiles.len() {
            5 | 6 => 3,
            count => count.clamp(1, MOST),
        };
        let width = (area.width - GAP * (abreast as f32 - 1.0)) / abreast as f32;
        let mut strips = Vec::new();
        for row in tiles.chunks(abreast) {
            let mut strip =
                Strip { before: if strips.is_empty() { 4.0 } else { GAP }, ..Strip::default() };
            for (place, tile) in row.iter().enumerate() {
                let room = Area { x: area.x + place as f32 * (width + GAP), width };
                let bottom = self.tile(tile, room, list, &mut strip);
                strip.height = strip.height.max(bottom);
            }
            for (place, tile) in row.iter().enumerate().rev() {
                let x = area.x + place as f32 * (width + GAP);
                let tone = if tile.tone == Tone::Plain { Tone::Muted } else { tile.tone };
                let (y, height, radius) = (0.0, strip.height, 4.0);
                strip.underlay(Item::Area { x, y, width, height, radius, ink: tint(tone) });
            }
            strips.push(strip);
        }
        bind(&mut strips);
        strips.push(Strip { before: 12.0, ..Strip::default() });
        strips
    }

    fn tile(&mut self, tile: &Tile, room: Area, list: NodeId, strip: &mut Strip) -> f32 {
        let item = self.tree.node(list, Role::Item);
        let (body, leaf) = self.tree.content(item, Role::ItemBody);
        let mut slot = Slot::Node(body, leaf);
        let inner = room.inset(PAD, PAD);
        let mut y = PAD - 2.0;
        let mut place = |composer: &mut Composer, lines: Vec<Line>| {
            for line in lines {
                composer.line(&mut strip.items, &line, inner.x, y, &mut slot);
                y += line.height;
            }
        };
        let value = match symbol(tile.tone) {
            Some(symbol) => {
                Text::new().symbol(symbol, tile.tone).plain("\u{a0}").plain(&tile.value)
            }
            None => Text::from(&tile.value),
        };
        let mut kind = Type { ink: ink(tile.tone), ..TILE };
        let wide = self.setter.set(&value, kind, f32::MAX).first().map_or(0.0, |line| line.width);
        if wide > inner.width {
            kind.size = (kind.size * inner.width / wide * 0.99).max(LEAST);
        }
        let lines = self.setter.set(&value, kind, inner.width);
        place(self, lines);
        let label = self.setter.set(&Text::new().bold(&tile.label), LABEL, inner.width);
        place(self, label);
        if !tile.note.is_empty() {
            let note = self.setter.set(&Text::from(&tile.note), LABEL, inner.width);
            place(self, note);
        }
        y + PAD - 3.0
    }
}
