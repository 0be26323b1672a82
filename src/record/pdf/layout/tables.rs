//! Tables into strips: one for each row, several for a row that is too high to stay in one piece.

use super::super::document::{Align, Cell, Row, Table, Text, Tone, Width};
use super::compose::{Area, Composer, Frame, Slot};
use super::lines::Line;
use super::palette::{CELL, DENSE, HAIR, HEAD, LINE, MIST, TITLE, Type, sheet, tint};
use super::strip::Strip;
use super::{Item, LayoutError, NodeId, Role};

const PAD_X: f32 = 5.0;
const PAD_Y: f32 = 2.6;
const DENSE_PAD_Y: f32 = 0.9;
/// A row higher than this is divided between pages.
const UNDIVIDED: f32 = sheet::ROOM / 6.0;

/// Lines of one slot, each with its left upper corner inside a row.
pub struct Block {
    lines: Vec<(Line, f32, f32)>,
    slot: Slot,
}

impl Block {
    /// Lines one below the other from (x, y).
    pub fn new(lines: Vec<Line>, x: f32, y: f32, slot: Slot) -> Self {
        let mut top = y;
        let place = |line: Line| {
            let at = top;
            top += line.height;
            (line, x, at)
        };
        Block { lines: lines.into_iter().map(place).collect(), slot }
    }

    /// The lower edge.
    pub fn bottom(&self) -> f32 {
        self.lines.iter().map(|(line, _, y)| y + line.height).fold(0.0, f32::max)
    }

    fn align(&mut self, align: Align, width: f32) {
        for (line, x, _) in &mut self.lines {
            *x += match align {
                Align::Start => 0.0,
                Align::Centre => (width - line.width) / 2.0,
                Align::End => width - line.width,
            };
        }
    }
}

/// Blocks that stand side by side, as one strip, or as several where they are too high for one.
pub fn bands(composer: &mut Composer, mut blocks: Vec<Block>, height: f32) -> Vec<Strip> {
    let cuts = if height > UNDIVIDED { cuts(&blocks) } else { Vec::new() };
    let mut tops = vec![0.0];
    tops.extend(cuts);
    let mut strips: Vec<Strip> = Vec::with_capacity(tops.len());
    for (place, top) in tops.iter().enumerate() {
        let bottom = tops.get(place + 1).copied().unwrap_or(height);
        strips.push(Strip::blank(bottom - top));
    }
    for block in &mut blocks {
        for (line, x, y) in &block.lines {
            let band = tops.iter().rposition(|top| *y + 0.01 >= *top).unwrap_or(0);
            composer.line(&mut strips[band].items, line, *x, y - tops[band], &mut block.slot);
        }
    }
    strips
}

/// The heights at which no line of any block is divided.
fn cuts(blocks: &[Block]) -> Vec<f32> {
    let mut edges: Vec<(f32, f32)> = blocks
        .iter()
        .flat_map(|block| &block.lines)
        .map(|(line, _, y)| (*y, y + line.height))
        .collect();
    edges.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut cuts = Vec::new();
    let mut reached = f32::MAX;
    if let Some(first) = edges.first() {
        reached = first.1;
    }
    for (top, bottom) in edges {
        if top + 0.01 >= reached && cuts.last().is_none_or(|last| top - last > 0.01) {
            cuts.push(top);
        }
        reached = reached.max(bottom);
    }
    cuts
}

impl Composer {
    /// A table.
    pub fn table(
        &mut self,
        table: &Table,
        area: Area,
        parent: NodeId,
    ) -> Result<Vec<Strip>, LayoutError> {
        let columns = widths(table, area);
        let node = self.tree.node(parent, Role::Table);
        let mut strips = Vec::new();
        if !table.caption.is_empty() {
            let (caption, leaf) = self.tree.content(node, Role::Caption);
            strips.append(&mut self.flow(
                &table.caption,
                TITLE,
                area,
                Slot::Node(caption, leaf),
                4.0,
            ));
            strips.iter_mut().for_each(|strip| strip.keep = true);
        }
        let head_node = self.tree.node(node, Role::TableHead);
        let row_node = self.tree.node(head_node, Role::Row);
        let mut head = self.head(table, &columns, area, Some(row_node));
        head.keep = true;
        strips.push(head);
        let plain = self.repeated(table, &columns, area, None);
        let mut head = plain;
        let body = self.tree.node(node, Role::TableBody);
        for row in &table.rows {
            if row.across {
                let mut strip = self.across(table, row, area, Some(body));
                (strip.head, strip.keep) = (Some(plain), true);
                strips.push(strip);
                head = self.repeated(table, &columns, area, Some(row));
                continue;
            }
            if row.cells.len() > table.columns.len() {
                let (cells, columns) = (row.cells.len(), table.columns.len());
                return Err(LayoutError::SurplusCells { cells, columns });
            }
            let mut bands = self.row(table, row, &columns, area, body);
            bands.iter_mut().for_each(|strip| strip.head = Some(head));
            strips.append(&mut bands);
        }
        strips.push(Strip { before: 5.0, ..Strip::default() });
        Ok(strips)
    }

    /// The head that pages repeat, with the line across that heads the rows there; its number.
    fn repeated(
        &mut self,
        table: &Table,
        columns: &[Area],
        area: Area,
        across: Option<&Row>,
    ) -> usize {
        let mut head = self.head(table, columns, area, None);
        if let Some(row) = across {
            let mut line = self.across(table, row, area, None);
            line.lower(head.height);
            head.height = line.height;
            head.items.append(&mut line.items);
        }
        self.heads.push(head);
        self.heads.len() - 1
    }

    /// A line across all columns.
    fn across(&mut self, table: &Table, row: &Row, area: Area, body: Option<NodeId>) -> Strip {
        let slot = match body {
            Some(body) => {
                let node = self.tree.node(body, Role::Row);
                let columns = u32::try_from(table.columns.len()).unwrap_or(1);
                let (cell, leaf) = self.tree.content(node, Role::Across(columns));
                Slot::Node(cell, leaf)
            }
            None => Slot::Outside(Frame::Repeated),
        };
        let (base, pad) = if table.dense { (DENSE, DENSE_PAD_Y) } else { (CELL, PAD_Y) };
        let kind = Type { bold: true, ..base };
        let nothing = Text::new();
        let text = row.cells.first().and_then(|cell| cell.0.first()).unwrap_or(&nothing);
        let room = area.inset(PAD_X, PAD_X);
        let mut block = Block::new(self.setter.set(text, kind, room.width), room.x, pad, slot);
        let mut strip = Strip::blank(block.bottom() + pad);
        for (line, x, y) in &block.lines {
            self.line(&mut strip.items, line, *x, *y, &mut block.slot);
        }
        strip.underlay(Item::area(area.x, 0.0, area.width, strip.height, tint(Tone::Accent)));
        strip
    }

    fn head(&mut self, table: &Table, columns: &[Area], area: Area, node: Option<NodeId>) -> Strip {
        let mut blocks = Vec::new();
        let mut height: f32 = 0.0;
        for (column, room) in table.columns.iter().zip(columns) {
            let slot = match node {
                Some(row) => {
                    let (cell, leaf) = self.tree.content(row, Role::ColumnHead);
                    Slot::Node(cell, leaf)
                }
                None => Slot::Outside(Frame::Repeated),
            };
            let mut block =
                Block::new(self.setter.set(&column.title, HEAD, room.width), room.x, PAD_Y, slot);
            block.align(column.align, room.width);
            height = height.max(block.bottom());
            blocks.push(block);
        }
        let mut strip = Strip::blank(height + PAD_Y);
        for block in &mut blocks {
            for (line, x, y) in &block.lines {
                self.line(&mut strip.items, line, *x, *y, &mut block.slot);
            }
        }
        strip.underlay(Item::area(area.x, 0.0, area.width, strip.height, MIST));
        strip.decorate(Item::line((area.x, strip.height), (area.right(), strip.height), 0.8, LINE));
        strip
    }

    fn row(
        &mut self,
        table: &Table,
        row: &Row,
        columns: &[Area],
        area: Area,
        body: NodeId,
    ) -> Vec<Strip> {
        let node = self.tree.node(body, Role::Row);
        let nothing = Cell::default();
        let mut blocks = Vec::new();
        let (base, pad) = if table.dense { (DENSE, DENSE_PAD_Y) } else { (CELL, PAD_Y) };
        let mut height = pad + base.leading;
        for (place, room) in columns.iter().enumerate() {
            let cell = row.cells.get(place).unwrap_or(&nothing);
            let names_row = table.row_headers && place == 0;
            let role = if names_row { Role::RowHead } else { Role::Data };
            let kind = Type { bold: names_row, ..base };
            let look = CellLook { kind, role, align: table.columns[place].align, pad };
            let bottom = self.cell(cell, look, *room, node, &mut blocks);
            height = height.max(bottom);
        }
        let mut strips = bands(self, blocks, height + pad);
        for strip in &mut strips {
            if row.tone != Tone::Plain {
                strip.underlay(Item::area(area.x, 0.0, area.width, strip.height, tint(row.tone)));
            }
        }
        if let Some(last) = strips.last_mut() {
            last.decorate(Item::line(
                (area.x, last.height),
                (area.right(), last.height),
                0.5,
                HAIR,
            ));
        }
        strips
    }

    fn cell(
        &mut self,
        cell: &Cell,
        look: CellLook,
        room: Area,
        row: NodeId,
        blocks: &mut Vec<Block>,
    ) -> f32 {
        let node = self.tree.node(row, look.role);
        let alone = cell.0.len() == 1;
        let mut y = look.pad;
        for (place, text) in cell.0.iter().enumerate() {
            // What names the row stands in the first paragraph of its cell.
            let kind = Type { bold: look.kind.bold && place == 0, ..look.kind };
            let holder = if alone { node } else { self.tree.node(node, Role::Paragraph) };
            let leaf = self.tree.leaf(holder);
            let lines = self.setter.set(text, kind, room.width);
            let mut block = Block::new(lines, room.x, y, Slot::Node(holder, leaf));
            block.align(look.align, room.width);
            y = block.bottom();
            blocks.push(block);
        }
        y
    }
}

/// How a cell is set.
struct CellLook {
    kind: Type,
    role: Role,
    align: Align,
    pad: f32,
}

/// The room of each column between its paddings.
fn widths(table: &Table, area: Area) -> Vec<Area> {
    let sum = |pick: fn(&Width) -> f32| {
        table.columns.iter().map(|column| pick(&column.width)).sum::<f32>()
    };
    let fixed = sum(|width| if let Width::Fixed(points) = width { points.max(0.0) } else { 0.0 });
    let shares = sum(|width| if let Width::Share(weight) = width { weight.max(0.01) } else { 0.0 });
    // Fixed columns give way where they alone would fill the page, so that shares keep a tenth each.
    let most = if shares > 0.0 { 0.7 * area.width } else { area.width };
    let shrink = if fixed > most || shares == 0.0 { most / fixed.max(1.0) } else { 1.0 };
    let rest = (area.width - fixed * shrink).max(0.0);
    let mut x = area.x;
    let mut rooms = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let width = match column.width {
            Width::Fixed(points) => points.max(0.0) * shrink,
            Width::Share(weight) => rest * weight.max(0.01) / shares,
        };
        rooms.push(Area { x, width }.inset(PAD_X, PAD_X));
        x += width;
    }
    rooms
}
