//! The demo as a newcomer starts it: the whole batch is played, verified, and costs no more signings than it may.

use std::process::Command;

use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};

use crate::pages::broken_rules;

/// What stands before a word in the story, as a number: `90 signings`.
fn counted(story: &str, line: &str, word: &str) -> u32 {
    let line = story.lines().find(|told| told.contains(line)).expect("it is told");
    let (before, _) = line.split_once(&format!(" {word}")).expect("it is counted");
    before.split(' ').next_back().and_then(|n| n.parse().ok()).expect("a number")
}

/// The places of the lines that say this.
fn told(story: &str, words: &str) -> Vec<usize> {
    let lines = story.lines().enumerate();
    lines.filter(|(_, line)| line.contains(words)).map(|(place, _)| place).collect()
}

/// What the story teaches an inspector would accept: every critical exception becomes a deviation; each deviation
/// finds its root cause in a later scene than the one that opens it, and closes after that.
fn teaches(story: &str) {
    let after = |line: &str, word: &str| {
        let (_, rest) = line.split_once(word).expect("it is named");
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>()
    };
    let critical = story.lines().filter(|line| line.contains(", critical) opens by itself"));
    let critical: Vec<_> = critical.map(|line| after(line, "! exception ")).collect();
    assert!(critical.len() >= 3, "{critical:?}");
    for no in critical {
        let dismissed = told(story, &format!("exception {no} is no deviation"));
        assert_eq!(dismissed, Vec::<usize>::new(), "exception {no} is critical");
    }
    let opened = story.lines().filter(|line| line.contains(" opens DEV-"));
    let opened: Vec<_> = opened.map(|line| after(line, " opens ")).collect();
    assert_eq!(opened.len(), 4, "{opened:?}");
    let scenes = told(story, "▌");
    for number in opened {
        let [opens, cause, closes] = ["opens {}", "{}, root cause:", "{} closes;"].map(|words| {
            let found = told(story, &words.replace("{}", &number));
            *found.first().unwrap_or_else(|| panic!("{number}: {words}"))
        });
        let later = scenes.iter().any(|scene| (opens..cause).contains(scene));
        assert!(later && cause < closes, "{number}: {opens}, {cause}, {closes}");
    }
}

/// The whole record, every page of it, breaks no rule of either standard; and it is short enough to be read.
fn conforms_on_every_page(record: &[u8]) {
    assert_eq!(broken_rules(record), Vec::<String>::new());
    let options = ValidationOptions::default().profile(ValidationProfile::PdfA3a);
    let report = validate_pdf_bytes(record, &options).expect("it is read");
    let pages = report.document.page_count;
    println!("{pages} pages, {} bytes, {} a page", record.len(), record.len() / pages);
    // It had 155.
    assert!((20..=60).contains(&pages), "{pages} pages");
}

// finding: R10, R8
#[test]
fn the_whole_batch_takes_ninety_signings_at_most_and_its_new_values_are_told() {
    let dir = std::env::temp_dir().join(format!("demo-{}", uuid::Uuid::now_v7()));
    let played = Command::new(env!("CARGO_BIN_EXE_batchwright"))
        .args(["demo", "--once", "--dir"])
        .arg(&dir)
        .output()
        .expect("it runs");
    let record = std::fs::read(dir.join("records/AMAB-26-001.pdf")).expect("it was printed");
    std::fs::remove_dir_all(&dir).expect("it left a site behind");
    conforms_on_every_page(&record);
    let story = String::from_utf8_lossy(&played.stdout);
    let said = String::from_utf8_lossy(&played.stderr);
    assert_eq!(story.lines().last(), Some("verified"), "{said}");
    let signings = counted(&story, "The batch took", "signings");
    // Performers and second persons of sixteen significant steps, fourteen operations and five gates alone.
    assert!((50..=90).contains(&signings), "{signings} signings");
    teaches(&story);
    let looks = story.lines().filter(|line| line.contains("looks over what others typed"));
    assert_eq!(looks.count(), 6, "one act for a week of daily logs, or for the steps of a phase");
    for told in [
        "log10 1.85, computed and checked",
        "25 component lots went in",
        "the server keeps it as an attempt",
        "Endotoxin below what the method sees, <0.05 EU/mL (1 of 1 within)",
    ] {
        assert!(story.contains(told), "{told:?} is not in the story");
    }
}
