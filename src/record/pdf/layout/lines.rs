//! Rich text into lines of a given width.

use std::rc::Rc;

use super::super::document::{Badge, Inline, Run, Style, Symbol, Text, Tone};
use super::fonts::FaceId;
use super::palette::{Rgb, Type, ink};
use super::shape::{Glyph, Shaper, Word, lowered, visible};

/// A line of text; positions relative to its left upper corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What stands on it, from left to right.
    pub spans: Vec<Span>,
    /// Width of what is visible.
    pub width: f32,
    /// Height of the line.
    pub height: f32,
    /// The baseline's distance from the upper edge.
    pub baseline: f32,
}

/// Neighbouring content of one look.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Distance from the line's left edge.
    pub x: f32,
    /// Visible width.
    pub width: f32,
    /// What it is.
    pub mark: Ink,
    /// Struck through.
    pub struck: bool,
    /// The characters meant, where the drawn ones differ.
    pub actual: Option<String>,
    /// Colour.
    pub ink: Rgb,
    /// Size of the letters.
    pub size: f32,
    /// How far above the baseline, in points.
    pub rise: f32,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Ink {
    /// Letters.
    Glyphs(GlyphRun),
    /// A symbol.
    Symbol(Symbol),
    /// A word in a box: its tone and letters.
    Badge(Tone, GlyphRun),
}

/// Glyphs of one face with the text they draw.
#[derive(Debug, Clone, PartialEq)]
pub struct GlyphRun {
    /// The face.
    pub face: FaceId,
    /// The text.
    pub text: String,
    /// The glyphs; their byte positions lie in `text`.
    pub glyphs: Vec<Glyph>,
}

/// How much smaller small, code, raised and badge letters are.
const SMALL: f32 = 0.86;
const CODE: f32 = 0.92;
const LOWERED: f32 = 0.66;
const BADGE: f32 = 0.8;
/// A symbol's width, in em.
const SYMBOL: f32 = 0.95;
/// Space left and right of the word in a badge, in em of the surrounding text.
pub const BADGE_PAD: f32 = 0.45;

/// A piece that no line break may divide unless it is wider than the line.
#[derive(Clone)]
struct Piece {
    body: Body,
    face: FaceId,
    size: f32,
    ink: Rgb,
    struck: bool,
    actual: Option<String>,
    rise: f32,
    width: f32,
}

#[derive(Clone)]
enum Body {
    Word(Rc<Word>, String),
    Symbol(Symbol),
    Badge(Tone, Rc<Word>, String),
}

enum Atom {
    Piece(Piece),
    Space(Piece),
    Break,
}

/// Sets text in lines.
#[derive(Default)]
pub struct Setter {
    shaper: Shaper,
}

impl Setter {
    /// The lines of a text in a type, none wider than `width` points.
    pub fn set(&mut self, text: &Text, kind: Type, width: f32) -> Vec<Line> {
        let atoms = self.atoms(text, kind, width);
        let mut filling = Filling {
            setter: self,
            kind,
            room: width.max(1.0),
            lines: Vec::new(),
            pieces: Vec::new(),
            used: 0.0,
        };
        let mut unit: Vec<Piece> = Vec::new();
        let mut space: Option<Piece> = None;
        for atom in atoms {
            match atom {
                Atom::Piece(piece) => unit.push(piece),
                Atom::Space(next) => {
                    filling.place(std::mem::take(&mut unit), space.take());
                    space = Some(next);
                }
                Atom::Break => {
                    filling.place(std::mem::take(&mut unit), space.take());
                    filling.end_line();
                }
            }
        }
        filling.place(unit, space);
        if !filling.pieces.is_empty() || filling.lines.is_empty() {
            filling.end_line();
        }
        filling.lines
    }

    fn atoms(&mut self, text: &Text, kind: Type, width: f32) -> Vec<Atom> {
        let mut atoms = Vec::new();
        for inline in &text.0 {
            match inline {
                Inline::Run(run) => self.run(run, kind, &mut atoms),
                Inline::Symbol(symbol, tone) => atoms.push(Atom::Piece(Piece {
                    body: Body::Symbol(*symbol),
                    face: FaceId::Regular,
                    size: kind.size,
                    ink: tone_ink(*tone, kind),
                    struck: false,
                    actual: Some(symbol.character().to_owned()),
                    rise: 0.0,
                    width: SYMBOL * kind.size,
                })),
                Inline::Badge(badge) => self.badge(badge, kind, width, &mut atoms),
            }
        }
        atoms
    }

    fn badge(&mut self, badge: &Badge, kind: Type, room: f32, atoms: &mut Vec<Atom>) {
        let label = visible(&badge.label).replace('\n', " ");
        let word = self.shaper.word(FaceId::Bold, &label);
        let size = kind.size * BADGE;
        let width = word.width * size + 2.0 * BADGE_PAD * kind.size;
        if width > room {
            let style = Style::PLAIN.bold().tone(badge.tone);
            return self.run(&Run { text: label, style }, kind, atoms);
        }
        atoms.push(Atom::Piece(Piece {
            body: Body::Badge(badge.tone, word, label),
            face: FaceId::Bold,
            size,
            ink: tone_ink(badge.tone, kind),
            struck: false,
            actual: None,
            rise: 0.0,
            width,
        }));
    }

    fn run(&mut self, run: &Run, kind: Type, atoms: &mut Vec<Atom>) {
        let style = run.style;
        let face = FaceId::of(style.bold || kind.bold, style.italic);
        let scale = if style.small { SMALL } else { 1.0 } * if style.code { CODE } else { 1.0 };
        let look = Look {
            face,
            size: kind.size * scale,
            ink: tone_ink(style.tone, kind),
            struck: style.struck,
        };
        let shown = visible(&run.text);
        let mut word_start = None;
        for (place, character) in shown.char_indices() {
            let breaks = character == ' ' || character == '\n' || lowered(character).is_some();
            if !breaks {
                word_start.get_or_insert(place);
                continue;
            }
            if let Some(start) = word_start.take() {
                atoms.push(Atom::Piece(self.piece(&shown[start..place], look)));
            }
            match lowered(character) {
                Some((drawn, rise)) => {
                    atoms.push(Atom::Piece(self.lowered(character, drawn, rise, look)))
                }
                None if character == ' ' => atoms.push(Atom::Space(self.piece(" ", look))),
                None => atoms.push(Atom::Break),
            }
        }
        if let Some(start) = word_start {
            atoms.push(Atom::Piece(self.piece(&shown[start..], look)));
        }
    }

    fn piece(&mut self, text: &str, look: Look) -> Piece {
        // A space that must not break draws like any other.
        let text = text.replace(['\u{a0}', '\u{202f}', '\u{2007}'], " ");
        let word = self.shaper.word(look.face, &text);
        let width = word.width * look.size;
        Piece {
            body: Body::Word(word, text),
            face: look.face,
            size: look.size,
            ink: look.ink,
            struck: look.struck,
            actual: None,
            rise: 0.0,
            width,
        }
    }

    fn lowered(&mut self, meant: char, drawn: char, rise: f32, look: Look) -> Piece {
        let small = Look { size: look.size * LOWERED, ..look };
        let piece = self.piece(drawn.encode_utf8(&mut [0; 4]), small);
        Piece { actual: Some(meant.to_string()), rise: rise * look.size, ..piece }
    }
}

#[derive(Clone, Copy)]
struct Look {
    face: FaceId,
    size: f32,
    ink: Rgb,
    struck: bool,
}

/// A tone's colour, with ordinary text in the colour of the type it stands in.
fn tone_ink(tone: Tone, kind: Type) -> Rgb {
    if tone == Tone::Plain { kind.ink } else { ink(tone) }
}

/// Lines being filled from left to right.
struct Filling<'a> {
    setter: &'a mut Setter,
    kind: Type,
    room: f32,
    lines: Vec<Line>,
    pieces: Vec<Piece>,
    used: f32,
}

impl Filling<'_> {
    fn place(&mut self, unit: Vec<Piece>, space: Option<Piece>) {
        let width: f32 = unit.iter().map(|piece| piece.width).sum();
        if let Some(space) = space {
            if self.used + space.width + width > self.room
                && !unit.is_empty()
                && !self.pieces.is_empty()
            {
                // The space stays at the end of the line, where readers and machines expect it.
                self.pieces.push(space);
                self.end_line();
            } else if !self.pieces.is_empty() || unit.is_empty() {
                self.used += space.width;
                self.pieces.push(space);
            }
        }
        if self.used + width <= self.room {
            self.used += width;
            self.pieces.extend(unit);
        } else {
            unit.into_iter().for_each(|piece| self.divide(piece));
        }
    }

    /// Places a piece of a unit that is wider than the line, dividing it where it must be.
    fn divide(&mut self, mut piece: Piece) {
        while self.used + piece.width > self.room {
            let Body::Word(word, text) = &piece.body else {
                break;
            };
            let cut = cut_at(word, text, (self.room - self.used) / piece.size);
            let fresh = self.pieces.is_empty();
            let cut = match cut {
                Some(cut) => cut,
                None if fresh => match text.char_indices().nth(1) {
                    Some((second, _)) => second,
                    None => break,
                },
                None => {
                    self.end_line();
                    continue;
                }
            };
            let look =
                Look { face: piece.face, size: piece.size, ink: piece.ink, struck: piece.struck };
            let (head, tail) = text.split_at(cut);
            let (head, tail) = (self.setter.piece(head, look), self.setter.piece(tail, look));
            self.pieces.push(head);
            self.end_line();
            piece = tail;
        }
        if self.used + piece.width > self.room && !self.pieces.is_empty() {
            self.end_line();
        }
        self.used += piece.width;
        self.pieces.push(piece);
    }

    fn end_line(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        self.used = 0.0;
        let mut spans: Vec<Span> = Vec::new();
        let (mut x, mut width) = (0.0, 0.0);
        for piece in pieces {
            let blank = matches!(&piece.body, Body::Word(_, text) if text == " ");
            let end = x + piece.width;
            if !blank {
                width = end;
            }
            append(&mut spans, piece, x);
            x = end;
        }
        let Type { size, leading, .. } = self.kind;
        self.lines.push(Line {
            spans,
            width,
            height: leading,
            baseline: leading / 2.0 + 0.36 * size,
        });
    }
}

/// Where to cut a word so that the first part is at most `room` em wide: after a separator if there is one in reach,
/// otherwise between any two characters. `None` if not even one character fits.
fn cut_at(word: &Word, text: &str, room: f32) -> Option<usize> {
    let (mut used, mut any, mut after_separator) = (0.0, None, None);
    for glyph in &word.glyphs {
        used += glyph.advance;
        if used > room {
            break;
        }
        let end = glyph.end as usize;
        if end < text.len() && text.is_char_boundary(end) {
            any = Some(end);
            if text[..end].ends_with(['-', '/', '_', '.', ':', '~', '·', ',', ';', '=', '–']) {
                after_separator = Some(end);
            }
        }
    }
    after_separator.filter(|cut| *cut * 2 > any.unwrap_or(0)).or(any)
}

fn append(spans: &mut Vec<Span>, piece: Piece, x: f32) {
    let Piece { body, face, size, ink, struck, actual, rise, width } = piece;
    let mark = match body {
        Body::Symbol(symbol) => Ink::Symbol(symbol),
        Body::Badge(tone, word, text) => {
            Ink::Badge(tone, GlyphRun { face, text, glyphs: word.glyphs.clone() })
        }
        Body::Word(word, text) => {
            if let Some(last) = spans.last_mut() {
                let same = last.size == size
                    && last.ink == ink
                    && last.struck == struck
                    && last.rise == rise;
                let plain = last.actual.is_none() && actual.is_none();
                if let (true, true, Ink::Glyphs(run)) = (same, plain, &mut last.mark)
                    && run.face == face
                {
                    let shift = run.text.len() as u32;
                    run.text.push_str(&text);
                    run.glyphs.extend(word.glyphs.iter().map(|glyph| Glyph {
                        start: glyph.start + shift,
                        end: glyph.end + shift,
                        ..*glyph
                    }));
                    last.width += width;
                    return;
                }
            }
            Ink::Glyphs(GlyphRun { face, text, glyphs: word.glyphs.clone() })
        }
    };
    spans.push(Span { x, width, mark, struck, actual, ink, size, rise });
}

#[cfg(test)]
mod tests {
    use super::super::palette::BODY;
    use super::*;

    fn words(line: &Line) -> String {
        let text = |span: &Span| match &span.mark {
            Ink::Glyphs(run) | Ink::Badge(_, run) => run.text.clone(),
            Ink::Symbol(symbol) => symbol.character().to_owned(),
        };
        line.spans.iter().map(text).collect()
    }

    #[test]
    fn lines_break_at_spaces_and_keep_every_character() {
        let said =
            "Feed the bioreactor with 40 L of nutrient medium and mix for ten minutes at 80 rpm.";
        let lines = Setter::default().set(&said.into(), BODY, 120.0);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| line.width <= 120.0));
        assert_eq!(lines.iter().map(words).collect::<String>(), said);
    }

    #[test]
    fn a_hash_breaks_anywhere_and_nothing_is_lost() {
        let hash = "0123456789abcdef".repeat(8);
        let lines = Setter::default().set(&Text::new().plain("SHA-256 ").code(&hash), BODY, 100.0);
        assert!(lines.iter().all(|line| line.width <= 100.0));
        assert_eq!(lines.iter().map(words).collect::<String>(), format!("SHA-256 {hash}"));
    }

    #[test]
    fn a_column_narrower_than_a_letter_still_ends() {
        let lines = Setter::default().set(&"abc ✓ d".into(), BODY, 0.5);
        assert_eq!(lines.iter().map(words).collect::<String>().replace(' ', ""), "abc[U+2713]d");
    }

    #[test]
    fn line_breaks_of_the_text_are_kept() {
        let lines = Setter::default().set(&"one\n\nthree".into(), BODY, 100.0);
        assert_eq!(lines.iter().map(words).collect::<Vec<_>>(), ["one", "", "three"]);
    }
}
