//! The demo as a newcomer starts it: the whole batch is played, verified, and costs no more signings than it may.

use std::process::Command;

/// What stands before a word in the story, as a number: `90 signings`.
fn counted(story: &str, line: &str, word: &str) -> u32 {
    let line = story.lines().find(|told| told.contains(line)).expect("it is told");
    let (before, _) = line.split_once(&format!(" {word}")).expect("it is counted");
    before.split(' ').next_back().and_then(|n| n.parse().ok()).expect("a number")
}

#[test]
fn the_whole_batch_takes_ninety_signings_at_most_and_its_new_values_are_told() {
    let dir = std::env::temp_dir().join(format!("demo-{}", uuid::Uuid::now_v7()));
    let played = Command::new(env!("CARGO_BIN_EXE_batchwright"))
        .args(["demo", "--once", "--dir"])
        .arg(&dir)
        .output()
        .expect("it runs");
    std::fs::remove_dir_all(&dir).expect("it left a site behind");
    let story = String::from_utf8_lossy(&played.stdout);
    let said = String::from_utf8_lossy(&played.stderr);
    assert_eq!(story.lines().last(), Some("verified"), "{said}");
    let signings = counted(&story, "The batch took", "signings");
    // Performers and second persons of sixteen significant steps, fourteen operations and five gates alone.
    assert!((50..=90).contains(&signings), "{signings} signings");
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
