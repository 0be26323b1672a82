//! Pages: conforming to PDF/A-3a and PDF/UA-1, the same bytes each time, nothing lost, fast.

use std::path::PathBuf;
use std::time::Instant;

use batchwright::record::pdf::document::*;
use batchwright::record::pdf::{RenderError, render};
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};

use crate::sample::report;

/// Where a file can be looked at after the test.
pub fn kept(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).expect("the target directory is writable");
    path
}

/// Every rule of both standards that a file breaks.
pub fn broken_rules(pdf: &[u8]) -> Vec<String> {
    let mut broken = Vec::new();
    for profile in [ValidationProfile::PdfA3a, ValidationProfile::PdfUa1] {
        let options = ValidationOptions::default().profile(profile);
        let report = validate_pdf_bytes(pdf, &options).expect("the file can be read");
        broken.extend(report.failures.iter().map(ToString::to_string));
    }
    // The validator takes a carriage return that compressed data ends with for half of the end of line behind it: of
    // 256 streams one. Whether lengths are right is counted here instead.
    if streams_end_where_they_say(pdf) {
        broken.retain(|rule| !rule.contains("/Length does not match its raw content length"));
    }
    broken
}

/// Whether behind each stream, so many bytes on as its length says, stands an end of line and `endstream`.
fn streams_end_where_they_say(pdf: &[u8]) -> bool {
    let find = |from: usize, word: &[u8]| {
        pdf[from..]
            .windows(word.len())
            .position(|bytes| bytes == word)
            .map(|at| from + at + word.len())
    };
    let mut at = 0;
    while let Some(length) = find(at, b"/Length ") {
        let digits: String = pdf[length..]
            .iter()
            .map(|byte| char::from(*byte))
            .take_while(char::is_ascii_digit)
            .collect();
        let begin = find(length, b"stream\n");
        let Some(end) = digits.parse::<usize>().ok().zip(begin).map(|(n, begin)| begin + n) else {
            return false;
        };
        if !pdf.get(end..).is_some_and(|rest| rest.starts_with(b"\nendstream")) {
            return false;
        }
        at = end + b"\nendstream".len();
    }
    at > 0
}

#[test]
fn a_stream_with_a_wrong_length_is_found() {
    let pdf = render(&report(1)).expect("renders");
    assert!(streams_end_where_they_say(&pdf));
    let at = pdf.windows(8).position(|bytes| bytes == b"/Length ").expect("a stream") + 8;
    let mut wrong = pdf;
    wrong[at] = if wrong[at] == b'9' { b'8' } else { wrong[at] + 1 };
    assert!(!streams_end_where_they_say(&wrong));
    assert!(!broken_rules(&wrong).is_empty());
}

#[test]
fn pages_conform_to_pdf_a_3a_and_pdf_ua_1() {
    let pdf = render(&report(8)).expect("renders");
    kept("report.pdf", &pdf);
    assert_eq!(broken_rules(&pdf), Vec::<String>::new());
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(render(&report(3)).expect("renders"), render(&report(3)).expect("renders"));
}

#[test]
fn an_empty_document_still_has_a_page_that_conforms() {
    let sample = report(1);
    let empty = Document::new("Nothing", "nothing/1", sample.printed_at_micros, sample.frame);
    let pdf = render(&empty).expect("renders");
    assert_eq!(broken_rules(&pdf), Vec::<String>::new());
}

#[test]
fn empty_and_odd_content_conforms_too() {
    let sample = report(1);
    let mut odd = Document::new(" ", "odd/1", 0, Frame::default());
    odd.contents(Level::Four);
    odd.h4("").h2("\u{0}\u{202e}😀").h1("").paragraph("").paragraph("\n\n");
    odd.push(Table::new([])).push(Table::new([Column::fixed(900.0, ""), Column::share(0.0, "x")]));
    odd.push(Block::Tiles(Vec::new())).push(Block::facts(0, [])).push(Block::bullets([""; 0]));
    odd.push(Block::Tiles(vec![Tile::new("a very long value indeed ".repeat(4), "", Tone::Fail)]));
    odd.push(Callout::new(Tone::Accent, "").with(Callout::new(Tone::Fail, "inner").paragraph("x")));
    odd.push(Block::Together(vec![Block::PageBreak, Block::Rule, Block::Space(-3.0)]));
    odd.push(Block::facts(2, [Fact::new("", Text::new().struck("a b").badge("", Tone::Ok))]));
    odd.push(Timeline {
        title: String::new(),
        alt: String::new(),
        from: 3.0,
        to: 3.0,
        ticks: vec![(f32::NAN, "?".into())],
        lanes: Vec::new(),
    });
    let points =
        vec![Point { at: f32::NAN, value: f32::INFINITY, tone: Tone::Fail, replaced: true }];
    odd.push(Trend {
        title: "t".into(),
        alt: "a".into(),
        points,
        low: None,
        high: Some(f32::MAX),
        bounds: vec![Bound { value: f32::NAN, tone: Tone::Fail, label: String::new() }],
        ticks: Vec::new(),
    });
    odd.blocks.extend(sample.blocks);
    let pdf = render(&odd).expect("renders");
    kept("odd.pdf", &pdf);
    assert_eq!(broken_rules(&pdf), Vec::<String>::new());
}

#[test]
fn attachments_need_a_media_type_and_a_name_of_their_own() {
    let mut document = report(1);
    let mut twice = document.attachments[0].clone();
    document.attach(twice.clone());
    assert!(matches!(render(&document), Err(RenderError::AttachmentTwice { .. })));
    document.attachments.clear();
    twice.media_type = "json".into();
    document.attach(twice);
    assert!(matches!(render(&document), Err(RenderError::MediaType { .. })));
}

#[test]
fn a_hundred_pages_take_little_time() {
    let document = report(230);
    let begin = Instant::now();
    let pdf = render(&document).expect("renders");
    let took = begin.elapsed();
    kept("hundred.pdf", &pdf);
    println!("{} bytes in {took:?}", pdf.len());
    assert!(took.as_secs() < 60, "{took:?}");
}
