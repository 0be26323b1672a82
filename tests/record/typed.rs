//! The report of what was typed: attempts with their values, second looks, struck entries.

use crate::life::{at, life};
use crate::play::*;
use crate::words::words;
use batchwright::domain::limits::{Purpose, Side};
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::acts::attempts::AttemptsExplained;
use batchwright::domain::run::acts::recorded::ImplausibleValueKept;
use batchwright::domain::run::acts::strike::EntryStruck;
use batchwright::domain::run::attempt::Mistake;
use batchwright::domain::words::{Basis, EntryKey};
use batchwright::record::report::build;

const NONE: &str = "None: every value stands as it was first entered.";

fn printed(play: &Play) -> String {
    words(&with_record(play, |_| {}, |record| build(record, b"[]".to_vec())))
}

fn tried(play: &mut Play, at: &EntryKey, shown: &str) {
    let kept = RunEvent::ImplausibleValueKept(ImplausibleValueKept {
        at: at.clone(),
        raw: shown.into(),
        shown: shown.into(),
        verdicts: verdict(Purpose::Plausibility, Side::Above, "0 < x ≤ 5 kg"),
        performed_at: None,
        basis: Basis::Direct,
        source: None,
        performer: None,
        exception: None,
    });
    play.act(OLGA, kept, &[]);
}

/// A run in which nothing was corrected.
fn plain() -> (Play, EntryKey) {
    let mut play = Play::issued(crate::life::recipe());
    play.operation("OP-03.2");
    let step = batchwright::domain::ids::StepKey::new("OP-03.2", 1, "daily", 1);
    play.start(&step);
    let place = at(&step, "ph");
    (play, place)
}

// finding: A3
#[test]
fn attempts_are_counted_with_their_values_on_the_first_page_and_no_word_says_that_there_are_none() {
    let (mut play, place) = plain();
    assert!(printed(&play).contains(NONE));
    tried(&mut play, &place, "51 pH");
    tried(&mut play, &place, "69 pH");
    let words = printed(&play);
    assert!(!words.contains(NONE), "{words}");
    assert!(words.contains("2 values not confirmed: 51 pH, 69 pH; 0 explained, 0 looked at"));
    assert!(words.contains("reason owed") && words.contains("look owed"));
    let why = AttemptsExplained {
        at: place.clone(),
        attempts: vec![1, 2],
        why: Mistake::WrongUnit,
        words: Some("read the other display".into()),
    };
    play.act(OLGA, RunEvent::AttemptsExplained(why), &[]);
    let words = printed(&play);
    assert!(words.contains("2 explained, 0 looked at"), "{words}");
    assert!(words.contains("wrong unit: read the other display (Olga Mendes)"), "{words}");
}

// shows: P11-10b.b, P11-10e3.c, A11-08b.a, T29.b
// finding: P11
#[test]
fn a_struck_value_is_printed_crossed_out_with_who_when_and_why() {
    let (mut play, place) = plain();
    play.record(OLGA, &place, number("6.9", "[pH]", "6.9 pH"));
    assert!(printed(&play).contains("second look owed"), "a typed critical value");
    let struck = EntryStruck {
        at: place.clone(),
        version: 2,
        old: "6.9 pH".into(),
        reason: "typed into the wrong batch".into(),
        superseded_uses: Vec::new(),
        check_owed: true,
        exceptions: Vec::new(),
    };
    play.act(OLGA, RunEvent::EntryStruck(struck), &[]);
    let words = printed(&play);
    for expected in [
        "6.9 pH",
        "struck: recorded in error",
        "reason: “typed into the wrong batch”",
        "check owed",
        "1 value struck",
    ] {
        assert!(words.contains(expected), "{expected:?} is not printed: {words}");
    }
    assert!(!words.contains(NONE));
    assert!(!words.contains("second look owed"), "nothing is left to look at");
    play.record(OLGA, &place, number("6.8", "[pH]", "6.8 pH"));
    let words = printed(&play);
    assert!(words.contains("recorded anew"), "{words}");
}

#[test]
fn a_life_without_attempts_prints_no_count_of_them() {
    assert!(!printed(&life()).contains("not confirmed"));
}
