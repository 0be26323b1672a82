//! Pages: conforming to PDF/A-3a and PDF/UA-1, the same bytes each time, nothing lost, fast.

use std::path::PathBuf;
use std::time::Instant;

use batchwright::record::pdf::{document::Document, render};
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
    broken
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
fn a_hundred_pages_take_little_time() {
    let document = report(230);
    let begin = Instant::now();
    let pdf = render(&document).expect("renders");
    let took = begin.elapsed();
    kept("hundred.pdf", &pdf);
    println!("{} bytes in {took:?}", pdf.len());
    assert!(took.as_secs() < 60, "{took:?}");
}
