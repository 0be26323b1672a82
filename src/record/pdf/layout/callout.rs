//! Boxes that must not be overlooked.

use super::super::document::{Callout, Symbol, Text, Tone};
use super::compose::{Area, Composer};
use super::palette::{TITLE, Type, ink, tint};
use super::strip::{Strip, bind, height};
use super::{Item, LayoutError, NodeId, Role};

const PAD: f32 = 9.0;
const EDGE: f32 = 3.0;
/// A box up to this height stays on one page.
const UNDIVIDED: f32 = 260.0;

impl Composer {
    /// A box with a coloured edge, a symbol that says the same as the colour, a title and what stands below it.
    pub fn callout(
        &mut self,
        callout: &Callout,
        area: Area,
        parent: NodeId,
    ) -> Result<Vec<Strip>, LayoutError> {
        let tone = callout.tone;
        let inner = area.inset(EDGE + PAD + 2.0, PAD + 2.0);
        let node = self.tree.node(parent, Role::Div);
        let title = match symbol(tone) {
            Some(symbol) => {
                Text::new().symbol(symbol, tone).plain("\u{a0}\u{a0}").then(callout.title.clone())
            }
            None => callout.title.clone(),
        };
        let kind = Type { ink: ink(tone), ..TITLE };
        let mut strips = self.paragraph(&title, kind, inner, node, 2.0);
        strips.iter_mut().for_each(|strip| strip.keep = true);
        strips.append(&mut self.blocks(&callout.body, inner, node)?);
        if let Some(first) = strips.first_mut() {
            first.lower(PAD - 2.0);
        }
        // Space at the end of the last block is the box's lower padding already, nearly.
        if let Some(last) = strips.last_mut() {
            last.height += if callout.body.is_empty() { PAD - 3.0 } else { PAD - 5.0 };
        }
        for strip in &mut strips {
            let before = std::mem::take(&mut strip.before);
            strip.lower(before);
            strip.underlay(Item::area(area.x, 0.0, EDGE, strip.height, ink(tone)));
            strip.underlay(Item::area(
                area.x,
                0.0,
                area.width,
                strip.height,
                tint(background(tone)),
            ));
        }
        if height(&strips) <= UNDIVIDED {
            bind(&mut strips);
        }
        if let Some(first) = strips.first_mut() {
            first.before = 5.0;
        }
        strips.push(Strip { before: 9.0, ..Strip::default() });
        Ok(strips)
    }
}

fn background(tone: Tone) -> Tone {
    if tone == Tone::Plain { Tone::Muted } else { tone }
}

/// The symbol that says the same as a tone's colour.
pub fn symbol(tone: Tone) -> Option<Symbol> {
    match tone {
        Tone::Ok => Some(Symbol::Check),
        Tone::Alert => Some(Symbol::Warning),
        Tone::Fail => Some(Symbol::Cross),
        Tone::Plain | Tone::Muted | Tone::Accent => None,
    }
}
