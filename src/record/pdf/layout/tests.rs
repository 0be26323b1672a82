//! What must hold for every laid out document: nothing lost, nothing outside the margins, every page says whose it is.

use super::super::document::{
    Block, Callout, Cell, Column, Document, Frame, Heading, Level, Row, Table, Text, Tone,
};
use super::{Item, Laid, LayoutError, Mark, Page, layout, sheet};

fn document() -> Document {
    let frame = Frame {
        site: "Riverside".into(),
        kind: "Batch record".into(),
        batch: "B-1".into(),
        version: "M v1".into(),
        rendition: "Rendition 7".into(),
        printed_at: "2026-03-02 15:05:00 +01:00".into(),
        printed_by: "Miriam Okafor (mokafor)".into(),
        banner: Some("DEMO SITE".into()),
    };
    Document::new("Title", "identity", 0, frame)
}

fn said(page: &Page, wanted: fn(&Mark) -> bool) -> String {
    let placed = page.parts.iter().flat_map(|(_, items)| items);
    let text =
        placed.filter(|placed| wanted(&placed.mark)).filter_map(|placed| match &placed.item {
            Item::Glyphs { run, .. } => Some(run.text.as_str()),
            _ => None,
        });
    text.collect()
}

fn content(laid: &Laid) -> String {
    laid.pages.iter().map(|page| said(page, |mark| matches!(mark, Mark::Leaf(..)))).collect()
}

fn inside_margins(laid: &Laid) -> bool {
    let parts = laid.pages.iter().flat_map(|page| &page.parts);
    parts.flat_map(|(top, items)| items.iter().map(move |placed| (top, placed))).all(
        |(top, placed)| match (&placed.mark, &placed.item) {
            (Mark::Leaf(..), Item::Glyphs { y, .. }) => {
                (sheet::TOP..=sheet::BOTTOM).contains(&(top + y))
            }
            _ => true,
        },
    )
}

#[test]
fn a_row_higher_than_a_page_goes_on_and_loses_nothing() {
    let long: Vec<String> = (0..3000).map(|word| format!("w{word}")).collect();
    let long = long.join(" ");
    let mut table = Table::new([Column::share(1.0, "A"), Column::share(3.0, "B")]);
    table.row([Cell::from("left"), Cell::from(long.as_str())]);
    table.row([Cell::lines(["one", "two"]), Cell::default()]);
    let mut document = document();
    document.push(table);
    let laid = layout(&document).expect("lays out");
    assert!(laid.pages.len() > 2);
    assert!(inside_margins(&laid));
    let words = content(&laid);
    assert!(words.contains(&long) && words.ends_with("onetwo"));
}

// shows: A11-08a.a, CH4-20.a, T29.a, T37.a
#[test]
fn every_page_says_whose_it_is_and_repeats_the_table_head() {
    let mut table =
        Table::new([Column::share(1.0, "Column title"), Column::fixed(60.0, "B").end()]);
    (0..200).for_each(|row| {
        table.row([Cell::from(row.to_string()), "x".into()]);
    });
    let mut document = document();
    document.push(Callout::new(Tone::Alert, "Title").with(table));
    let laid = layout(&document).expect("lays out");
    let count = laid.pages.len();
    assert!(count > 3);
    for (place, page) in laid.pages.iter().enumerate() {
        let head = said(page, |mark| *mark == Mark::Header);
        for words in ["Batch record", "B-1", "M v1", "Rendition 7", "DEMO SITE"] {
            assert!(head.contains(words), "{words} in {head}");
        }
        let foot = said(page, |mark| *mark == Mark::Footer);
        let number = format!("Page {} of {count}", place + 1);
        for words in ["15:05:00 +01:00", "Miriam Okafor (mokafor)", "Riverside", &number] {
            assert!(foot.contains(words), "{words} in {foot}");
        }
        let repeated = said(page, |mark| *mark == Mark::Decoration);
        assert_eq!(repeated.contains("Column title"), place > 0);
    }
}

#[test]
fn what_people_type_is_never_dropped() {
    let typed = "ok \u{202e}evil\u{202c} 😀 漢\u{0} ✓ CO₂ e\u{301}";
    let mut document = document();
    document.paragraph(typed).push(Block::bullets([typed])).h1(typed.repeat(200));
    let laid = layout(&document).expect("lays out");
    let shown = content(&laid);
    for words in ["[U+202E]evil[U+202C]", "[U+1F600]", "[U+6F22][U+0000]", "e\u{301}"] {
        assert!(shown.contains(words), "{words} in {}", &shown[..200]);
    }
    assert!(inside_margins(&laid));
}

#[test]
fn what_cannot_be_laid_out_is_an_error() {
    let mut one = document();
    let mut table = Table::new([Column::share(1.0, "A")]);
    table.row(["a", "b"]);
    one.push(table);
    assert_eq!(layout(&one).map(|_| ()), Err(LayoutError::SurplusCells { cells: 2, columns: 1 }));
    let mut two = document();
    let (content, alt) = ("x".repeat(5000), "code".into());
    two.push(Block::Qr { content, alt, beside: vec![Text::from("beside")] });
    assert_eq!(layout(&two).map(|_| ()), Err(LayoutError::QrContent { length: 5000 }));
}

// finding: R8
#[test]
fn a_title_with_its_introduction_never_stands_at_the_foot_without_what_it_leads() {
    for filler in 0..60_u8 {
        let mut document = document();
        document.push(Block::Space(f32::from(filler) * 4.0 + 450.0));
        let lead = vec![Heading::new(Level::Three, "Led").into(), Text::from("Stir well.").into()];
        document.push(Block::Together(lead));
        let mut table = Table::new([Column::share(1.0, "A")]);
        table.row(["first"]);
        document.push(table);
        let laid = layout(&document).expect("lays out");
        let on = |word: &str| {
            laid.pages.iter().position(|page| said(page, |_| true).contains(word)).expect(word)
        };
        assert_eq!(on("Led"), on("first"), "{filler}");
    }
}

#[test]
fn a_line_across_heads_its_rows_again_on_each_page() {
    let mut table = Table::new([Column::share(1.0, "A"), Column::share(1.0, "B")]).dense();
    for day in ["Monday", "Tuesday"] {
        table.push(Row::across(day));
        (0..70).for_each(|no| {
            table.row([format!("{day}-{no}"), "x".into()]);
        });
    }
    let mut document = document();
    document.push(table);
    let laid = layout(&document).expect("lays out");
    assert!(laid.pages.len() > 2 && inside_margins(&laid));
    for page in &laid.pages {
        let said = said(page, |_| true);
        let first = if said.contains("Monday-") { "Monday" } else { "Tuesday" };
        // The contents stand on a page of their own.
        let Some((head, _)) = said.split_once(&format!("{first}-")) else {
            assert!(!said.contains("day"), "{said}");
            continue;
        };
        assert!(head.ends_with(first) || head.contains(&format!("{first}Tuesday")), "{head}");
    }
    assert_eq!(content(&laid).matches("Monday").count(), 71, "repeated heads are no content");
}
