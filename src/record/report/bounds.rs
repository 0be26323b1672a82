//! What a text may take of the pages: longer ones are cut with words that say so and where the rest
//! stands. Nobody's 64 KiB reason makes a record unreadable, or its printing slow.

use super::super::pdf::document::{Block, Inline, Run, Style, Table, Text};

/// Where a part of the report cuts, and what it says.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Characters of a table's cell.
    cell: usize,
    /// Where the rest stands.
    rest: &'static str,
}

/// Of every chapter but the audit trail.
pub const CHAPTERS: Bounds = Bounds { cell: 1_200, rest: "in the audit trail" };
/// Of the audit trail itself; nothing is left out of the file attached.
pub const TRAIL: Bounds = Bounds { cell: 4_000, rest: "in the attached audit-trail.json" };
/// Characters of a paragraph: the longest instruction of a master record fits.
const PARAGRAPH: usize = 9_000;
/// Characters of a title.
const TITLE: usize = 300;

/// Cuts every text of these blocks.
pub fn bound(blocks: &mut [Block], bounds: Bounds) {
    let Bounds { cell, rest } = bounds;
    for block in blocks {
        match block {
            Block::Heading(heading) => {
                cut(&mut heading.text, TITLE, rest);
                heading.aside.iter_mut().for_each(|aside| cut(aside, TITLE, rest));
            }
            Block::Paragraph(text) => cut(text, PARAGRAPH, rest),
            Block::Facts { facts, .. } => {
                facts.iter_mut().for_each(|fact| cut(&mut fact.value, cell, rest));
            }
            Block::Table(table) => cells(table, bounds),
            Block::Callout(callout) => {
                cut(&mut callout.title, TITLE, rest);
                bound(&mut callout.body, bounds);
            }
            Block::List { items, .. } => items.iter_mut().for_each(|item| cut(item, cell, rest)),
            Block::Together(inner) => bound(inner, bounds),
            Block::Qr { .. }
            | Block::Contents(_)
            | Block::Tiles(_)
            | Block::Timeline(_)
            | Block::Trend(_)
            | Block::Trends(_)
            | Block::Photo(_)
            | Block::Rule
            | Block::Space(_)
            | Block::PageBreak => {}
        }
    }
}

/// Cuts every cell of a table.
fn cells(table: &mut Table, Bounds { cell: most, rest }: Bounds) {
    cut(&mut table.caption, TITLE, rest);
    table.columns.iter_mut().for_each(|column| cut(&mut column.title, TITLE, rest));
    for cell in table.rows.iter_mut().flat_map(|row| row.cells.iter_mut()) {
        cell.0.iter_mut().for_each(|text| cut(text, most, rest));
    }
}

/// Cuts a text after so many characters; a run that is cut says how many are missing, what follows
/// it stays: a long reason never pushes the signature behind it off the page.
fn cut(text: &mut Text, most: usize, rest: &str) {
    let mut told = Vec::new();
    for (place, inline) in text.0.iter_mut().enumerate() {
        let Inline::Run(run) = inline else { continue };
        // Bytes are at least as many as characters: most texts are counted no further.
        if run.text.len() <= most {
            continue;
        }
        let Some((at, _)) = run.text.char_indices().nth(most) else { continue };
        let more = run.text[at..].chars().count();
        run.text.truncate(at);
        run.text.push('…');
        // The record's own words, in a style of their own: they are no part of what was typed.
        let style = Style { italic: false, small: true, ..run.style };
        told.push((place, format!(" {more} characters more {rest}"), style));
    }
    for (place, words, style) in told.into_iter().rev() {
        text.0.insert(place + 1, Inline::Run(Run { text: words, style }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_says_so_and_what_follows_stays() {
        let mut text = Text::new().plain("é".repeat(1_300)).bold("signed");
        cut(&mut text, 1_200, CHAPTERS.rest);
        let words = text.words();
        assert!(words.contains("… 100 characters more in the audit trail"), "{words}");
        assert!(words.ends_with("signed"));
        let mut short = Text::new().plain("é".repeat(1_200));
        cut(&mut short, 1_200, CHAPTERS.rest);
        assert_eq!(short.words().chars().count(), 1_200);
    }
}
