//! The time to render a report of a hundred pages, beside the processor time Typst takes for like content.
//!
//! `cargo bench --bench report`; the comparison runs if a `typst` program is found. Render time is the median of nine;
//! Typst is started afresh each time, since it remembers what it has set before.

#[path = "../../tests/record/sample.rs"]
mod sample;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use batchwright::record::pdf::document::Document;
use batchwright::record::pdf::{pages_said, render};

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Median time to render a report, its size, and its pages.
fn rendered(document: &Document) -> (Duration, usize, usize) {
    let mut bytes = 0;
    let times = (0..9).map(|_| {
        let begin = Instant::now();
        bytes = render(document).expect("renders").len();
        begin.elapsed()
    });
    let time = median(times.collect());
    (time, bytes, pages_said(document).expect("lays out").len())
}

fn main() {
    for steps in [114, 190] {
        let (time, bytes, pages) = rendered(&sample::report(steps));
        let each = bytes / pages.max(1);
        println!("batchwright: {pages} pages in {time:?}, {bytes} bytes, {each} a page");
        if pages <= 64 {
            println!("  goal for sixty pages: 150 ms, 15,000 bytes a page");
        }
    }
    let (ours, ..) = rendered(&sample::report(190));
    let Some(theirs) = typst() else {
        println!("typst: not found, nothing to compare with");
        return;
    };
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("typst: {theirs:?}; ratio {ratio:.3} (goal 0.2 at most)");
}

/// The median time of compiling like content to PDF/A and PDF/UA with the same fonts.
fn typst() -> Option<Duration> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/report");
    let fonts = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fonts");
    std::fs::create_dir_all(&fonts).ok()?;
    for (name, bytes) in [
        ("Regular.ttf", notosans::REGULAR_TTF),
        ("Bold.ttf", notosans::BOLD_TTF),
        ("Italic.ttf", notosans::ITALIC_TTF),
        ("BoldItalic.ttf", notosans::BOLD_ITALIC_TTF),
    ] {
        std::fs::write(fonts.join(name), bytes).ok()?;
    }
    let output = Path::new(env!("CARGO_TARGET_TMPDIR")).join("like.pdf");
    let mut times = Vec::new();
    for _ in 0..5 {
        let begin = Instant::now();
        let status = Command::new("typst")
            .args([
                "compile",
                "--ignore-system-fonts",
                "--pdf-standard",
                "a-3a,ua-1",
                "--font-path",
            ])
            .arg(&fonts)
            .arg(here.join("like.typ"))
            .arg(&output)
            .status()
            .ok()?;
        if !status.success() {
            return None;
        }
        times.push(begin.elapsed());
    }
    Some(median(times))
}
