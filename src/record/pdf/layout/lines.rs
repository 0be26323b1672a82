//! Rich text into lines of a given width.

use super::super::document::{Symbol, Text, Tone};
use super::fonts::FaceId;
use super::palette::Type;
use super::pieces::{Atom, Body, Look, Piece, Setter};
use super::shape::{Glyph, Word};

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
    /// How its letters look.
    pub look: Look,
    /// The characters meant, where the drawn ones differ.
    pub actual: Option<String>,
    /// How far above the baseline, in points.
    pub rise: f32,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Ink {
    /// Letters.
    Glyphs(GlyphRun),
    Symbol(Symbol),
    /// A word in a box: its tone and letters.
    Badge(Tone, GlyphRun),
}

/// Glyphs of one face with the text they draw.
#[derive(Debug, Clone, PartialEq)]
pub struct GlyphRun {
    pub face: FaceId,
    pub text: String,
    /// The glyphs; their byte positions lie in `text`.
    pub glyphs: Vec<Glyph>,
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
}

/// Longest part of a word that is shaped at once while it is divided, in characters.
const CHUNK: usize = 256;

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
            for piece in unit {
                self.chunks(piece).into_iter().for_each(|chunk| self.divide(chunk));
            }
        }
    }

    /// Parts of an endless word. Each line's rest is shaped anew, so the work on one word of 60,000
    /// letters would grow with its square, and whoever typed it would hold up every later report.
    fn chunks(&mut self, piece: Piece) -> Vec<Piece> {
        let Body::Word(word) = &piece.body else { return vec![piece] };
        if word.text.len() <= CHUNK {
            return vec![piece];
        }
        let (mut parts, mut rest) = (Vec::new(), &*word.text);
        while let Some((cut, _)) = rest.char_indices().nth(CHUNK) {
            let (head, tail) = rest.split_at(cut);
            parts.push(self.setter.piece(head, piece.look));
            rest = tail;
        }
        parts.push(self.setter.piece(rest, piece.look));
        parts
    }

    /// Places a piece of a unit that is wider than the line, dividing it where it must be.
    fn divide(&mut self, mut piece: Piece) {
        while self.used + piece.width > self.room {
            let Body::Word(word) = &piece.body else { break };
            let fresh = self.pieces.is_empty();
            let cut = match cut_at(word, (self.room - self.used) / piece.look.size) {
                Some(cut) => cut,
                None if fresh => match word.text.char_indices().nth(1) {
                    Some((second, _)) => second,
                    None => break,
                },
                None => {
                    self.end_line();
                    continue;
                }
            };
            let (head, tail) = word.text.split_at(cut);
            let head = self.setter.piece(head, piece.look);
            let tail = self.setter.piece(tail, piece.look);
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
        self.used = 0.0;
        let mut spans: Vec<Span> = Vec::new();
        let (mut x, mut width) = (0.0, 0.0);
        let tallest = self.pieces.iter().map(|piece| piece.look.size).fold(0.0, f32::max);
        for piece in self.pieces.drain(..) {
            let blank = matches!(&piece.body, Body::Word(word) if &*word.text == " ");
            let end = x + piece.width;
            if !blank {
                width = end;
            }
            append(&mut spans, piece, x);
            x = end;
        }
        let Type { size, leading, .. } = self.kind;
        // A line of small letters alone stands closer.
        let share = if tallest > 0.0 { (tallest / size).clamp(0.85, 1.0) } else { 1.0 };
        let height = leading * share;
        let baseline = height / 2.0 + 0.36 * size * share;
        self.lines.push(Line { spans, width, height, baseline });
    }
}

/// Where to cut a word so that the first part is at most `room` em wide: after a separator if there is one in reach,
/// otherwise between any two characters. `None` if not even one character fits.
fn cut_at(word: &Word, room: f32) -> Option<usize> {
    let text = &word.text;
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
    let Piece { body, look, actual, rise, width } = piece;
    let mark = match body {
        Body::Symbol(symbol) => Ink::Symbol(symbol),
        Body::Badge(tone, word) => Ink::Badge(tone, run_of(&word, look)),
        Body::Word(word) => {
            if let Some(last) = spans.last_mut()
                && last.look == look
                && last.rise == rise
                && last.actual.is_none()
                && actual.is_none()
                && let Ink::Glyphs(run) = &mut last.mark
            {
                let shift = run.text.len() as u32;
                run.text.push_str(&word.text);
                run.glyphs.extend(word.glyphs.iter().map(|glyph| Glyph {
                    start: glyph.start + shift,
                    end: glyph.end + shift,
                    ..*glyph
                }));
                last.width += width;
                return;
            }
            Ink::Glyphs(run_of(&word, look))
        }
    };
    spans.push(Span { x, width, mark, look, actual, rise });
}

fn run_of(word: &Word, look: Look) -> GlyphRun {
    GlyphRun { face: look.face, text: word.text.to_string(), glyphs: word.glyphs.clone() }
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
    fn an_endless_word_takes_no_endless_time() {
        let word = "x".repeat(60_000);
        let lines = Setter::default().set(&word.as_str().into(), BODY, 100.0);
        assert!(lines.iter().all(|line| line.width <= 100.0));
        assert_eq!(lines.iter().map(words).collect::<String>(), word);
    }

    #[test]
    fn a_column_narrower_than_a_letter_still_ends() {
        let lines = Setter::default().set(&"abc ✓ d".into(), BODY, 0.5);
        assert_eq!(lines.iter().map(words).collect::<String>().replace(' ', ""), "abc✓d");
    }

    #[test]
    fn line_breaks_that_the_record_makes_are_kept() {
        let lines = Setter::default().set(
            &Text::new().lines("one\n\nthree", super::super::super::document::Style::PLAIN),
            BODY,
            100.0,
        );
        assert_eq!(lines.iter().map(words).collect::<Vec<_>>(), ["one", "", "three"]);
    }
}
