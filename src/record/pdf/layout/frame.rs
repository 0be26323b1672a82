//! Head and foot of every page: whose sheet this is, which rendition, who printed it when, which page of how many.

use super::super::document::{Frame as Said, Text, Tone};
use super::compose::{Composer, Frame, Slot};
use super::palette::{FRAME, HAIR, Type, ink, sheet, tint};
use super::{Item, Mark, Page, Placed};

const HEAD_LINE: f32 = 46.0;
const FOOT_LINE: f32 = sheet::HEIGHT - 38.0;
const BANNER: Type = Type { size: 7.6, leading: 13.0, bold: true, ink: FRAME.ink };

/// Adds head and foot to every page.
pub fn add(pages: &mut [Page], said: &Said, composer: &mut Composer) {
    let count = pages.len();
    for (place, page) in pages.iter_mut().enumerate() {
        let items = head(said, composer);
        page.parts.insert(0, (0.0, items));
        page.parts.push((0.0, foot(said, place + 1, count, composer)));
    }
}

fn head(said: &Said, composer: &mut Composer) -> Vec<Placed> {
    let mut items = Vec::new();
    let mut slot = Slot::Outside(Frame::Header);
    if let Some(banner) = &said.banner {
        banner_bar(banner, composer, &mut items, &mut slot);
    }
    let left = Text::new().bold(&said.kind).plain("  ").bold(&said.batch);
    let right = join([&said.version, &said.rendition]);
    pair(&left, &right, 25.0, composer, &mut items, slot);
    let line = Item::line((sheet::LEFT, HEAD_LINE), (sheet::RIGHT, HEAD_LINE), 0.6, HAIR);
    items.push(Placed { mark: Mark::Header, item: line });
    items
}

fn foot(said: &Said, number: usize, count: usize, composer: &mut Composer) -> Vec<Placed> {
    let mut items = Vec::new();
    let slot = Slot::Outside(Frame::Footer);
    let line = Item::line((sheet::LEFT, FOOT_LINE), (sheet::RIGHT, FOOT_LINE), 0.6, HAIR);
    items.push(Placed { mark: Mark::Footer, item: line });
    let printed =
        Text::new().plain("Printed ").plain(&said.printed_at).plain(" by ").plain(&said.printed_by);
    let page = Text::new().bold(format!("Page {number} of {count}"));
    let below = pair(&printed, &page, FOOT_LINE + 4.0, composer, &mut items, slot);
    pair(&Text::from(&said.site), &Text::new(), below + 1.0, composer, &mut items, slot);
    items
}

/// One text at the left margin, one at the right; gives the lower edge.
fn pair(
    left: &Text,
    right: &Text,
    y: f32,
    composer: &mut Composer,
    items: &mut Vec<Placed>,
    mut slot: Slot,
) -> f32 {
    let room = sheet::RIGHT - sheet::LEFT;
    let mut below = y;
    let right = composer.setter.set(right, FRAME, room / 2.0);
    let right_width = right.iter().map(|line| line.width).fold(0.0, f32::max);
    let left = composer.setter.set(left, FRAME, room - right_width - 12.0);
    for (place, line) in left.iter().enumerate() {
        composer.line(items, line, sheet::LEFT, y + place as f32 * line.height, &mut slot);
        below = y + (place + 1) as f32 * line.height;
    }
    for (place, line) in right.iter().enumerate() {
        composer.line(
            items,
            line,
            sheet::RIGHT - line.width,
            y + place as f32 * line.height,
            &mut slot,
        );
    }
    below
}

fn banner_bar(banner: &str, composer: &mut Composer, items: &mut Vec<Placed>, slot: &mut Slot) {
    let kind = Type { ink: ink(Tone::Alert), ..BANNER };
    let lines = composer.setter.set(&banner.into(), kind, sheet::RIGHT - sheet::LEFT);
    let height = 6.0 + lines.len() as f32 * kind.leading;
    let area = Item::area(0.0, 0.0, sheet::WIDTH, height, tint(Tone::Alert));
    items.push(Placed { mark: Mark::Header, item: area });
    for (place, line) in lines.iter().enumerate() {
        let x = (sheet::WIDTH - line.width) / 2.0;
        composer.line(items, line, x, 3.0 + place as f32 * line.height, slot);
    }
}

fn join<'a>(parts: impl IntoIterator<Item = &'a String>) -> Text {
    let parts: Vec<&str> =
        parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    Text::from(parts.join("  ·  "))
}
