//! The four faces of Noto Sans, embedded in the binary, with their metrics and coverage, and the fonts beside them.

use super::added;
use std::sync::LazyLock;

use rustybuzz::{Direction, ShapePlan, script};

/// One of the four faces, or an added font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaceId {
    /// Upright.
    Regular,
    /// Bold upright.
    Bold,
    Italic,
    BoldItalic,
    /// An added font, by its number.
    Added(u8),
}

/// A face ready for shaping.
pub struct Face {
    /// The shaper's view.
    pub buzz: rustybuzz::Face<'static>,
    /// The one plan all words are shaped with: Latin, left to right, the font's default features.
    pub plan: ShapePlan,
    /// Units of the em square.
    pub units_per_em: f32,
}

/// Height of capital letters, in em.
pub const CAP_HEIGHT: f32 = 0.714;

static FACES: LazyLock<[Option<Face>; 4]> =
    LazyLock::new(|| FaceId::ALL.map(|id| load(id.bytes().unwrap_or_default())));

fn load(bytes: &'static [u8]) -> Option<Face> {
    let buzz = rustybuzz::Face::from_slice(bytes, 0)?;
    let plan = ShapePlan::new(&buzz, Direction::LeftToRight, Some(script::LATIN), None, &[]);
    let units_per_em = buzz.units_per_em() as f32;
    Some(Face { buzz, plan, units_per_em })
}

impl FaceId {
    /// The built-in faces, in the order of their numbers.
    pub const ALL: [FaceId; 4] =
        [FaceId::Regular, FaceId::Bold, FaceId::Italic, FaceId::BoldItalic];

    /// The face for a style.
    pub fn of(bold: bool, italic: bool) -> Self {
        match (bold, italic) {
            (false, false) => FaceId::Regular,
            (true, false) => FaceId::Bold,
            (false, true) => FaceId::Italic,
            (true, true) => FaceId::BoldItalic,
        }
    }

    /// The font file; nothing of a number that was never added.
    pub fn bytes(self) -> Option<&'static [u8]> {
        match self {
            FaceId::Regular => Some(notosans::REGULAR_TTF),
            FaceId::Bold => Some(notosans::BOLD_TTF),
            FaceId::Italic => Some(notosans::ITALIC_TTF),
            FaceId::BoldItalic => Some(notosans::BOLD_ITALIC_TTF),
            FaceId::Added(number) => added::get(number).map(|font| font.bytes),
        }
    }

    /// The built-in face ready for shaping; nothing of an added font.
    pub fn face(self) -> Option<&'static Face> {
        let number = Self::ALL.iter().position(|id| *id == self)?;
        Some(FACES[number].as_ref().expect("the embedded fonts parse: a test loads all four"))
    }

    /// The face that draws a character which this one should: itself, or the first added font that does.
    pub fn drawing(self, character: char) -> Self {
        if character.is_ascii() || built_in(character) {
            return self;
        }
        added::find(character).map_or(self, FaceId::Added)
    }
}

/// Whether all faces can draw a character visibly. Characters that steer text without showing (directions, joiners,
/// variation selectors, soft hyphens) count as not drawable, so that nobody hides anything with them.
pub fn covers(character: char) -> bool {
    if character.is_ascii() {
        return (' '..='~').contains(&character);
    }
    if steers(character) {
        return false;
    }
    built_in(character) || added::find(character).is_some()
}

fn built_in(character: char) -> bool {
    // The four files share one character set (a test compares them), so one look-up is enough.
    let face = FaceId::Regular.face();
    face.and_then(|face| face.buzz.glyph_index(character)).is_some_and(|glyph| glyph.0 != 0)
}

fn steers(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffc}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_faces_load_and_share_one_character_set() {
        for id in FaceId::ALL {
            let face = id.face().expect("built in");
            assert_eq!(face.units_per_em, 2048.0);
            for code in 0x20..0x2_ffffu32 {
                let Some(character) = char::from_u32(code) else {
                    continue;
                };
                if covers(character) {
                    assert!(
                        face.buzz.glyph_index(character).is_some(),
                        "{id:?} lacks U+{code:04X}"
                    );
                }
            }
        }
    }

    #[test]
    fn characters_that_steer_without_showing_are_not_covered() {
        for character in
            ['\u{202e}', '\u{200b}', '\u{feff}', '\u{ad}', '\u{0}', '\u{7}', '\u{e000}', '✓', '漢']
        {
            assert!(!covers(character), "U+{:04X}", character as u32);
        }
        for character in ['a', 'é', 'µ', '°', '≤', '€', 'Δ', 'Ж', '⁶', '\u{a0}'] {
            assert!(covers(character), "U+{:04X}", character as u32);
        }
    }
}
