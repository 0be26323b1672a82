//! Names and values: one pair below the other, or several side by side.

use super::super::document::{Fact, Style, Text, Tone};
use super::compose::{Area, Composer, Slot};
use super::palette::{BODY, LABEL, Type};
use super::strip::Strip;
use super::tables::{Block, bands};
use super::{NodeId, Role};

const GAP: f32 = 14.0;
const NAME_WIDTH: f32 = 128.0;
const VALUE: Type = Type { size: 8.6, leading: 11.4, ..BODY };

impl Composer {
    /// A grid of names and values; read aloud as a list of labelled items.
    pub fn facts(
        &mut self,
        facts: &[Fact],
        columns: usize,
        area: Area,
        parent: NodeId,
    ) -> Vec<Strip> {
        let columns = columns.clamp(1, 6);
        let list = self.tree.node(parent, Role::List(false));
        let width = (area.width - GAP * (columns as f32 - 1.0)) / columns as f32;
        let mut strips = Vec::new();
        for row in facts.chunks(columns) {
            let mut blocks = Vec::new();
            let mut height: f32 = 0.0;
            for (place, fact) in row.iter().enumerate() {
                let area = Area { x: area.x + place as f32 * (width + GAP), width };
                let bottom = if columns == 1 {
                    self.beside(fact, area, list, &mut blocks)
                } else {
                    self.stacked(fact, area, list, &mut blocks)
                };
                height = height.max(bottom);
            }
            let after = if columns == 1 { 2.0 } else { 4.0 };
            strips.append(&mut bands(self, blocks, height + after));
        }
        strips.push(Strip { before: 3.0, ..Strip::default() });
        strips
    }

    fn beside(&mut self, fact: &Fact, area: Area, list: NodeId, blocks: &mut Vec<Block>) -> f32 {
        let name_width = NAME_WIDTH.min(area.width / 3.0);
        let (name_slot, value_slot) = self.fact_slots(list);
        let name = Text::styled(&fact.name, Style::PLAIN.tone(Tone::Muted));
        let name = self.setter.set(&name, VALUE, name_width - 8.0);
        let value = self.setter.set(&fact.value, VALUE, area.width - name_width);
        let name = Block::new(name, area.x, 0.0, name_slot);
        let value = Block::new(value, area.x + name_width, 0.0, value_slot);
        let bottom = name.bottom().max(value.bottom());
        blocks.extend([name, value]);
        bottom
    }

    fn stacked(&mut self, fact: &Fact, area: Area, list: NodeId, blocks: &mut Vec<Block>) -> f32 {
        let (name_slot, value_slot) = self.fact_slots(list);
        let name = self.setter.set(&Text::from(&fact.name), LABEL, area.width);
        let value = self.setter.set(&fact.value, VALUE, area.width);
        let name = Block::new(name, area.x, 0.0, name_slot);
        let value = Block::new(value, area.x, name.bottom(), value_slot);
        let bottom = value.bottom();
        blocks.extend([name, value]);
        bottom
    }

    fn fact_slots(&mut self, list: NodeId) -> (Slot, Slot) {
        let item = self.tree.node(list, Role::Item);
        let (name, name_leaf) = self.tree.content(item, Role::Label);
        let (value, value_leaf) = self.tree.content(item, Role::ItemBody);
        (Slot::Node(name, name_leaf), Slot::Node(value, value_leaf))
    }
}
