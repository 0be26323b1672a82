//! Words into glyphs. A word is shaped once for each face and kept, since a batch record repeats its words.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use rustybuzz::{Direction, UnicodeBuffer, script, shape_with_plan};

use super::super::document::Symbol;
use super::added;
use super::fonts::{FaceId, covers};

/// A glyph of a shaped word; lengths in em.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Number of the glyph in its font.
    pub id: u16,
    /// How far it moves the pen.
    pub advance: f32,
    /// Shift to the right.
    pub dx: f32,
    /// Shift upwards.
    pub dy: f32,
    /// First byte of the text it draws.
    pub start: u32,
    /// Byte after the text it draws.
    pub end: u32,
}

/// A shaped word.
#[derive(Debug, PartialEq)]
pub struct Word {
    /// Its characters.
    pub text: Box<str>,
    /// Its glyphs, byte positions relative to the word.
    pub glyphs: Vec<Glyph>,
    /// Its width in em.
    pub width: f32,
}

/// Shapes words and remembers them.
#[derive(Default)]
pub struct Shaper {
    words: HashMap<FaceId, HashMap<Box<str>, Rc<Word>>>,
    buffer: Option<UnicodeBuffer>,
}

impl Shaper {
    /// The glyphs of a word, which holds only covered characters (see [`visible`]).
    pub fn word(&mut self, face: FaceId, text: &str) -> Rc<Word> {
        if let Some(word) = self.words.get(&face).and_then(|words| words.get(text)) {
            return Rc::clone(word);
        }
        let word = Rc::new(self.shape(face, text));
        self.words.entry(face).or_default().insert(text.into(), Rc::clone(&word));
        word
    }

    fn shape(&mut self, id: FaceId, text: &str) -> Word {
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.push_str(text);
        let added = if let FaceId::Added(number) = id { added::get(number) } else { None };
        let (shaped, units_per_em) = if let Some(font) = added {
            // Its script is that of its letters; no plan is kept, for such words are few.
            buffer.guess_segment_properties();
            buffer.set_direction(Direction::LeftToRight);
            (rustybuzz::shape(&font.buzz, &[], buffer), font.units_per_em)
        } else {
            let face = id.face().or(FaceId::Regular.face()).expect("the embedded fonts parse");
            buffer.set_direction(Direction::LeftToRight);
            buffer.set_script(script::LATIN);
            (shape_with_plan(&face.buzz, &face.plan, buffer), face.units_per_em)
        };
        let scale = 1.0 / units_per_em;
        let infos = shaped.glyph_infos();
        let mut glyphs = Vec::with_capacity(infos.len());
        let mut width = 0.0;
        for (place, (info, position)) in infos.iter().zip(shaped.glyph_positions()).enumerate() {
            let next = infos[place..].iter().find(|later| later.cluster != info.cluster);
            let advance = position.x_advance as f32 * scale;
            width += advance;
            glyphs.push(Glyph {
                id: info.glyph_id as u16,
                advance,
                dx: position.x_offset as f32 * scale,
                dy: position.y_offset as f32 * scale,
                start: info.cluster,
                end: next.map_or(text.len() as u32, |later| later.cluster),
            });
        }
        self.buffer = Some(shaped.clear());
        Word { text: text.into(), glyphs, width }
    }
}

/// The text with every character that cannot be drawn replaced by a visible marker such as `[U+1F600]`: nothing a
/// person typed disappears from the record. Tabs become spaces; line breaks stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let stays = |c: char| c == '\n' || drawn(c).is_some() || covers(c);
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\t' => shown.push(' '),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' => shown.push('\n'),
            '\u{2011}' => shown.push('-'),
            c if stays(c) => shown.push(c),
            c => shown.push_str(&format!("[U+{:04X}]", c as u32)),
        }
    }
    Cow::Owned(shown)
}

/// The characters of a text that a page shows by their numbers.
pub fn unprintable(text: &str) -> impl Iterator<Item = char> + '_ {
    let breaks = |c: char| matches!(c, '\n' | '\r' | '\t' | '\u{2011}');
    text.chars().filter(move |c| !breaks(*c) && drawn(*c).is_none() && !covers(*c))
}

/// How a character that the font lacks is drawn all the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drawn {
    /// As a figure.
    Symbol(Symbol),
    /// As a smaller letter so far above the baseline, in em.
    Shifted(char, f32),
}

/// How a character that the font lacks is drawn all the same, if there is a way.
pub fn drawn(character: char) -> Option<Drawn> {
    if character < '\u{207a}' {
        return None;
    }
    Some(match character {
        '\u{2080}'..='\u{2089}' => {
            Drawn::Shifted(char::from_digit(character as u32 - 0x2080, 10)?, -0.14)
        }
        '\u{208a}' => Drawn::Shifted('+', -0.14),
        '\u{208b}' => Drawn::Shifted('−', -0.14),
        '\u{207a}' => Drawn::Shifted('+', 0.36),
        '\u{207b}' => Drawn::Shifted('−', 0.36),
        '✓' | '✔' => Drawn::Symbol(Symbol::Check),
        '✗' | '✘' => Drawn::Symbol(Symbol::Cross),
        '⚠' => Drawn::Symbol(Symbol::Warning),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_drawn_is_shown_as_its_number() {
        assert_eq!(visible("pH 7,05 µS/cm ≤ 3"), "pH 7,05 µS/cm ≤ 3");
        assert_eq!(visible("ok 😀\u{202e}abc"), "ok [U+1F600][U+202E]abc");
        assert_eq!(visible("a\tb\r\nc\u{0}"), "a b\nc[U+0000]");
        assert_eq!(visible("CO₂ ✓"), "CO₂ ✓");
    }

    #[test]
    fn no_shaped_word_has_the_missing_glyph() {
        let mut shaper = Shaper::default();
        for text in ["Batch", "titré", "10⁶", "naïve", "e\u{301}", "Ω≥±", &visible("漢字")]
        {
            for face in FaceId::ALL {
                let word = shaper.word(face, text);
                assert!(word.glyphs.iter().all(|glyph| glyph.id != 0), "{text}");
                assert!(word.width > 0.0);
            }
        }
    }
}
