//! Colours and sizes: one place, so that a report looks like one hand made it.

use super::super::document::{Level, Tone};

/// A colour on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Ordinary text.
pub const INK: Rgb = Rgb(0x1f, 0x29, 0x33);
/// Secondary text; 5.9:1 against white.
pub const MUTED: Rgb = Rgb(0x5b, 0x67, 0x73);
/// Titles.
pub const ACCENT: Rgb = Rgb(0x17, 0x4a, 0x63);
/// Thin lines.
pub const HAIR: Rgb = Rgb(0xd5, 0xdb, 0xe1);
/// Lines that separate.
pub const LINE: Rgb = Rgb(0xa9, 0xb4, 0xbf);
/// Behind table heads and quiet boxes.
pub const MIST: Rgb = Rgb(0xf3, 0xf6, 0xf8);
/// Paper.
pub const WHITE: Rgb = Rgb(0xff, 0xff, 0xff);

/// The colour of text and edges in a tone; each at least 4.5:1 against white and against its own tint.
pub fn ink(tone: Tone) -> Rgb {
    match tone {
        Tone::Plain => INK,
        Tone::Muted => MUTED,
        Tone::Accent => ACCENT,
        Tone::Ok => Rgb(0x23, 0x66, 0x47),
        Tone::Alert => Rgb(0x8a, 0x50, 0x00),
        Tone::Fail => Rgb(0xa1, 0x26, 0x1b),
    }
}

/// The colour behind boxes, badges and rows in a tone.
pub fn tint(tone: Tone) -> Rgb {
    match tone {
        Tone::Plain => WHITE,
        Tone::Muted => MIST,
        Tone::Accent => Rgb(0xe8, 0xf0, 0xf4),
        Tone::Ok => Rgb(0xe7, 0xf3, 0xec),
        Tone::Alert => Rgb(0xfc, 0xf2, 0xdf),
        Tone::Fail => Rgb(0xfb, 0xea, 0xe8),
    }
}

/// The colour of areas in pictures: stronger than a tint, calmer than ink.
pub fn fill(tone: Tone) -> Rgb {
    match tone {
        Tone::Plain => Rgb(0x6f, 0x8f, 0xa3),
        Tone::Muted => Rgb(0xc3, 0xcd, 0xd5),
        Tone::Accent => Rgb(0x3d, 0x7a, 0x97),
        Tone::Ok => Rgb(0x56, 0x9a, 0x78),
        Tone::Alert => Rgb(0xd9, 0x95, 0x2b),
        Tone::Fail => Rgb(0xc8, 0x4c, 0x3f),
    }
}

/// Size and line distance of a kind of text, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Size of the letters.
    pub size: f32,
    /// Distance of baselines.
    pub leading: f32,
    /// Bold where the run does not say otherwise.
    pub bold: bool,
    /// Colour of plain runs.
    pub ink: Rgb,
}

/// Paragraphs.
pub const BODY: Type = Type { size: 8.8, leading: 12.0, bold: false, ink: INK };
/// Table cells.
pub const CELL: Type = Type { size: 8.0, leading: 10.6, bold: false, ink: INK };
/// Cells of dense tables.
pub const DENSE: Type = Type { size: 7.2, leading: 8.6, bold: false, ink: INK };
/// Table heads.
pub const HEAD: Type = Type { size: 7.2, leading: 9.4, bold: true, ink: MUTED };
/// Names of facts, axis labels.
pub const LABEL: Type = Type { size: 7.4, leading: 10.4, bold: false, ink: MUTED };
/// Titles of boxes and pictures.
pub const TITLE: Type = Type { size: 8.8, leading: 12.0, bold: true, ink: INK };
/// Page heads and feet.
pub const FRAME: Type = Type { size: 7.4, leading: 10.0, bold: false, ink: MUTED };
/// The number on a tile.
pub const TILE: Type = Type { size: 19.0, leading: 23.0, bold: true, ink: INK };

/// How a heading is set: its type, the space before and after it.
pub fn heading(level: Level) -> (Type, f32, f32) {
    match level {
        Level::One => (Type { size: 17.0, leading: 21.0, bold: true, ink: ACCENT }, 20.0, 6.0),
        Level::Two => (Type { size: 12.0, leading: 15.5, bold: true, ink: ACCENT }, 14.0, 4.0),
        Level::Three => (Type { size: 9.8, leading: 13.0, bold: true, ink: INK }, 9.0, 2.5),
        Level::Four => (Type { size: 8.8, leading: 12.0, bold: true, ink: MUTED }, 7.0, 2.5),
    }
}

/// A4 portrait in points, and where content stands on it.
pub mod sheet {
    /// Width of the page.
    pub const WIDTH: f32 = 595.28;
    /// Height of the page.
    pub const HEIGHT: f32 = 841.89;
    /// Left edge of content: sheets are bound or punched there.
    pub const LEFT: f32 = 45.0;
    /// Right edge of content.
    pub const RIGHT: f32 = WIDTH - 40.0;
    /// Upper edge of content.
    pub const TOP: f32 = 54.0;
    /// Lower edge of content.
    pub const BOTTOM: f32 = HEIGHT - 45.0;
    /// Height for content.
    pub const ROOM: f32 = BOTTOM - TOP;
}
