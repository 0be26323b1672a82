//! Rich text into pieces: words in one look, spaces, symbols, badges.

use std::rc::Rc;

use super::super::document::{Badge, Inline, Run, Style, Symbol, Text, Tone};
use super::fonts::FaceId;
use super::palette::{Rgb, Type, ink};
use super::shape::{Drawn, Shaper, Word, drawn, visible};

/// How much smaller small, code, raised and badge letters are.
const SMALL: f32 = 0.86;
const CODE: f32 = 0.92;
const SHIFTED: f32 = 0.66;
const BADGE: f32 = 0.8;
/// A symbol's width, in em.
const SYMBOL: f32 = 0.95;
/// Space left and right of the word in a badge, in em of the surrounding text.
pub const BADGE_PAD: f32 = 0.45;

/// A piece that no line break may divide unless it is wider than the line.
pub struct Piece {
    /// What it is.
    pub body: Body,
    /// How it looks.
    pub look: Look,
    /// The characters meant, where the drawn ones differ.
    pub actual: Option<String>,
    /// How far above the baseline, in points.
    pub rise: f32,
    /// Its width in points.
    pub width: f32,
}

/// What a piece is.
pub enum Body {
    /// A word or a space.
    Word(Rc<Word>),
    Symbol(Symbol),
    /// A word in a box of a tone.
    Badge(Tone, Rc<Word>),
}

/// What line breaking works with.
pub enum Atom {
    /// Must stay with the piece before it.
    Piece(Piece),
    /// A line may end here.
    Space(Piece),
    /// A line ends here.
    Break,
}

/// How letters look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    pub face: FaceId,
    /// Size in points.
    pub size: f32,
    /// Colour.
    pub ink: Rgb,
    /// Struck through.
    pub struck: bool,
}

/// A tone's colour, with ordinary text in the colour of the type it stands in.
fn tone_ink(tone: Tone, kind: Type) -> Rgb {
    if tone == Tone::Plain { kind.ink } else { ink(tone) }
}

/// Sets text in lines.
#[derive(Default)]
pub struct Setter {
    /// Shapes words.
    pub shaper: Shaper,
}

impl Setter {
    /// A text in pieces; `width` is the room they will have.
    pub fn atoms(&mut self, text: &Text, kind: Type, width: f32) -> Vec<Atom> {
        let mut atoms = Vec::new();
        for inline in &text.0 {
            match inline {
                Inline::Run(run) => self.run(run, kind, &mut atoms),
                Inline::Symbol(symbol, tone) => {
                    let ink = tone_ink(*tone, kind);
                    let look = Look { face: FaceId::Regular, size: kind.size, ink, struck: false };
                    atoms.push(symbol_piece(*symbol, look));
                }
                Inline::Badge(badge) => self.badge(badge, kind, width, &mut atoms),
            }
        }
        atoms
    }

    /// A word in a look.
    pub fn piece(&mut self, text: &str, look: Look) -> Piece {
        let word = if text.contains(['\u{a0}', '\u{202f}', '\u{2007}']) {
            // A space that must not break draws like any other.
            self.shaper.word(look.face, &text.replace(['\u{a0}', '\u{202f}', '\u{2007}'], " "))
        } else {
            self.shaper.word(look.face, text)
        };
        let width = word.width * look.size;
        Piece { body: Body::Word(word), look, actual: None, rise: 0.0, width }
    }

    fn badge(&mut self, badge: &Badge, kind: Type, room: f32, atoms: &mut Vec<Atom>) {
        let label = visible(&badge.label).replace(|c| c == '\n' || drawn(c).is_some(), " ");
        let word = self.shaper.word(FaceId::Bold, &label);
        let size = kind.size * BADGE;
        let width = word.width * size + 2.0 * BADGE_PAD * kind.size;
        let lacks = label.chars().any(|c| FaceId::Bold.drawing(c) != FaceId::Bold);
        if width > room || label != badge.label || lacks {
            let style = Style::PLAIN.bold().tone(badge.tone);
            return self.run(&Run { text: badge.label.clone(), style }, kind, atoms);
        }
        let ink = tone_ink(badge.tone, kind);
        let look = Look { face: FaceId::Bold, size, ink, struck: false };
        let body = Body::Badge(badge.tone, word);
        atoms.push(Atom::Piece(Piece { body, look, actual: None, rise: 0.0, width }));
    }

    fn run(&mut self, run: &Run, kind: Type, atoms: &mut Vec<Atom>) {
        let style = run.style;
        let face = FaceId::of(style.bold || kind.bold, style.italic);
        let scale = if style.small { SMALL } else { 1.0 } * if style.code { CODE } else { 1.0 };
        let (size, ink) = (kind.size * scale, tone_ink(style.tone, kind));
        let look = Look { face, size, ink, struck: style.struck };
        let shown = visible(&run.text);
        // Where the word began, and in which face: what the built-in ones lack is a piece of its own.
        let mut word: Option<(usize, FaceId)> = None;
        for (place, character) in shown.char_indices() {
            let special = drawn(character);
            let stands = character != ' ' && character != '\n' && special.is_none();
            let drawing = face.drawing(character);
            if stands && word.is_some_and(|(_, face)| face == drawing) {
                continue;
            }
            if let Some((start, face)) = word.take() {
                atoms.push(Atom::Piece(self.piece(&shown[start..place], Look { face, ..look })));
            }
            if stands {
                word = Some((place, drawing));
                continue;
            }
            atoms.push(match special {
                Some(Drawn::Symbol(symbol)) => symbol_piece(symbol, look),
                Some(Drawn::Shifted(letter, rise)) => self.shifted(character, letter, rise, look),
                None if character == ' ' => Atom::Space(self.piece(" ", look)),
                None => Atom::Break,
            });
        }
        if let Some((start, face)) = word {
            atoms.push(Atom::Piece(self.piece(&shown[start..], Look { face, ..look })));
        }
    }

    fn shifted(&mut self, meant: char, letter: char, rise: f32, look: Look) -> Atom {
        let small = Look { size: look.size * SHIFTED, ..look };
        let piece = self.piece(letter.encode_utf8(&mut [0; 4]), small);
        Atom::Piece(Piece { actual: Some(meant.to_string()), rise: rise * look.size, ..piece })
    }
}

fn symbol_piece(symbol: Symbol, look: Look) -> Atom {
    Atom::Piece(Piece {
        body: Body::Symbol(symbol),
        look,
        actual: Some(symbol.character().to_owned()),
        rise: 0.0,
        width: SYMBOL * look.size,
    })
}
