//! Fonts that a server adds: what they draw is drawn, what nothing draws is listed, and the file conforms.

use batchwright::record::pdf::document::*;
use batchwright::record::pdf::{add_font, added_fonts, render, unprintable};

use crate::pages::{broken_rules, kept};
use crate::sample::report;

fn u16_at(font: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes([font[at], font[at + 1]]))
}

fn u32_at(font: &[u8], at: usize) -> usize {
    u16_at(font, at) << 16 | u16_at(font, at + 2)
}

fn put(font: &mut [u8], at: usize, value: u16) {
    font[at..at + 2].copy_from_slice(&value.to_be_bytes());
}

/// Where a table of a font begins.
fn table(font: &[u8], tag: &[u8; 4]) -> usize {
    let records = (0..u16_at(font, 4)).map(|i| 12 + 16 * i);
    let found = records.into_iter().find(|at| &font[*at..at + 4] == tag);
    u32_at(font, found.expect("the table is there") + 8)
}

/// Noto Sans, made to draw one more character with the glyph of A, in place of the ones before it.
fn drawing(character: u16) -> Vec<u8> {
    let mut font = notosans::REGULAR_TTF.to_vec();
    let cmap = table(&font, b"cmap");
    for i in 0..u16_at(&font, cmap + 2) {
        let record = cmap + 4 + 8 * i;
        let sub = cmap + u32_at(&font, record + 4);
        if u16_at(&font, sub) != 4 {
            // One that is read before the table of two-byte codes: of no platform now.
            put(&mut font, record, 9);
            continue;
        }
        let segments = u16_at(&font, sub + 6) / 2;
        let (ends, starts) = (sub + 14, sub + 16 + 2 * segments);
        let (deltas, ranges) = (starts + 2 * segments, starts + 4 * segments);
        let below = |i: &usize| u16_at(&font, ends + 2 * i) < usize::from(character);
        let last = (0..segments).filter(below).max().expect("a segment before it");
        let glyph = 36_u16;
        put(&mut font, ends + 2 * last, character);
        put(&mut font, starts + 2 * last, character);
        put(&mut font, deltas + 2 * last, glyph.wrapping_sub(character));
        put(&mut font, ranges + 2 * last, 0);
    }
    font
}

// finding: P8
#[test]
fn what_an_added_font_draws_is_drawn_and_the_file_conforms() {
    let said = "\u{674e} and \u{5c0f}";
    let before: Vec<_> = unprintable(said).collect();
    assert_eq!(before, ['\u{674e}', '\u{5c0f}']);
    let font = add_font(drawing(0x674e)).expect("a font that may be embedded");
    assert!(font.characters() > 1000, "{}", font.characters());
    // The same again is no other.
    add_font(drawing(0x674e)).expect("the same");
    assert_eq!(added_fonts().len(), 1);
    assert_eq!(unprintable(said).collect::<Vec<_>>(), ['\u{5c0f}'], "the other stays a number");
    let mut document = report(1);
    document.h2(said).paragraph(format!("Checked by {said}, in bold and in a table."));
    document.push(Callout::new(Tone::Ok, said).paragraph("x\u{674e}".repeat(200)));
    document.push(Block::Paragraph(Text::new().badge(said, Tone::Ok)));
    let pdf = render(&document).expect("renders");
    kept("added-font.pdf", &pdf);
    assert_eq!(broken_rules(&pdf), Vec::<String>::new());
    assert_eq!(render(&document).expect("renders"), pdf, "the same bytes each time");
}

// finding: P8
#[test]
fn a_font_that_is_none_or_that_nobody_may_embed_is_refused_with_the_reason() {
    let restricted = |bits: u16| {
        let mut font = drawing(0x674f);
        let at = table(&font, b"OS/2") + 8;
        put(&mut font, at, bits);
        font
    };
    let cut = notosans::REGULAR_TTF[..200].to_vec();
    for (font, why) in [
        (Vec::new(), "no OpenType font"),
        (b"%PDF-1.7".to_vec(), "no OpenType font"),
        (cut, "no OpenType font"),
        (restricted(0x0002), "restricted"),
        (restricted(0x0100), "parts"),
        (restricted(0x0200), "parts"),
    ] {
        let refused = add_font(font).err();
        assert!(refused.as_ref().is_some_and(|said| said.contains(why)), "{why}: {refused:?}");
    }
}
