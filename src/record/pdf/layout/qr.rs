//! A QR code with words beside it.

use qrcode::{Color, EcLevel, QrCode};

use super::super::document::Text;
use super::compose::{Area, Composer, Slot};
use super::palette::{BODY, INK};
use super::strip::Strip;
use super::{Item, LayoutError, Mark, NodeId, Placed, Role};

const SIDE: f32 = 108.0;
/// The white margin that scanners need, in modules.
const QUIET: f32 = 4.0;

impl Composer {
    /// A QR code drawn as areas, one for each horizontal run of dark modules.
    pub fn qr(
        &mut self,
        content: &str,
        alt: &str,
        beside: &[Text],
        area: Area,
        parent: NodeId,
    ) -> Result<Vec<Strip>, LayoutError> {
        let length = content.len();
        let code = QrCode::with_error_correction_level(content, EcLevel::M)
            .map_err(|_| LayoutError::QrContent { length })?;
        let leaf = self.tree.content(parent, Role::Figure(alt.to_owned())).1;
        let side = code.width();
        let module = SIDE / (side as f32 + 2.0 * QUIET);
        let edge = QUIET * module;
        let mut areas = Vec::new();
        for (row, colours) in code.to_colors().chunks(side).enumerate() {
            let mut column = 0;
            for run in colours.chunk_by(|one, other| one == other) {
                if run[0] == Color::Dark {
                    let (x, y) = (area.x + column as f32 * module, edge + row as f32 * module);
                    areas.push((x, y, run.len() as f32 * module, module));
                }
                column += run.len();
            }
        }
        let mut strip = Strip { before: 6.0, ..Strip::blank(SIDE) };
        strip
            .items
            .push(Placed { mark: Mark::Leaf(leaf, None), item: Item::Areas { areas, ink: INK } });
        let mut y = edge - 2.0;
        let room = area.inset(SIDE + 6.0, 0.0);
        for text in beside {
            let (node, leaf) = self.tree.content(parent, Role::Paragraph);
            let mut slot = Slot::Node(node, leaf);
            for line in self.setter.set(text, BODY, room.width) {
                self.line(&mut strip.items, &line, room.x, y, &mut slot);
                y += line.height;
            }
            y += 4.0;
        }
        strip.height = strip.height.max(y + 6.0);
        Ok(vec![strip])
    }
}
