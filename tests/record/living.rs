//! The report of a living process: everything is printed, long records stay readable, nothing that
//! somebody typed bends a page.

use batchwright::domain::run::acts::absent::EntryAbsent;
use std::sync::Arc;

use crate::life::{at, life, pictures};
use crate::pages::{broken_rules, kept};
use crate::play::*;
use crate::words::words;
use batchwright::domain::entry::{Input, KindSpec};
use batchwright::domain::ids::StepKey;
use batchwright::domain::run::acts::RunEvent;
use batchwright::record::model::BatchRecord;
use batchwright::record::pdf::document::{Block, Document};
use batchwright::record::pdf::{photo, render};
use batchwright::record::report::build;
use serde_json::json;

fn whole(record: &mut BatchRecord<'_>) {
    record.pictures = pictures().into_iter().map(|(hash, bytes)| (hash, Arc::new(bytes))).collect();
}

fn printed(play: &Play) -> Document {
    with_record(play, whole, |record| build(record, b"[]".to_vec()))
}

// shows: P11-10b.b, C211-188b5.a, C211-188b5.b, C211-188b7.a, Q7-6.5.d, Q7-6.5.e, Q7-6.5.f
// shows: Q7-6.5.g, Q7-6.5.h, CH4-20.c, CH4-20.f, CH4-20.g, CH4-20.h, DI-Q2.a, F5.b, F6.a
#[test]
fn everything_of_a_living_process_is_printed_and_conforms() {
    let document = printed(&life());
    let pdf = render(&document).expect("renders");
    kept("living.pdf", &pdf);
    assert_eq!(broken_rules(&pdf), Vec::<String>::new());
    let words = words(&document);
    for expected in [
        "titre × volume = 4.2 g/L × 15000 L",
        "OP-03.2~1/work~1/titre (v2)",
        "because: titre corrected: 4.0 to 4.2 g/L",
        "computed again from 2 inputs: 63.0 kg, agreed; checked by Omar Haddad",
        "executed on the superseded value: gate G-05 passed",
        "3 of 4 count, 3 of 3 within",
        "invalidated: “injection volume",
        "Phase 2, retest plan 1",
        "retest under plan 1",
        "SEC-HPLC, version 7, sample S-26-0113",
        "S-26-0113-R",
        "to courier, box 7",
        "No labels of another batch",
        "raw-data.csv",
        "Picture chromatogram.png",
        "Picture foam-out.png",
        "read from device PH-0417",
        "signed by the device, calibrated until",
        "PH-0417;6.91;pH",
        "1 h 3",
        "ran out",
        "Low-pH hold, 1 h to 1 h 30 min",
        "change 1 Neutralise at 35 °C",
        "In force since",
        "Quality unit approves",
        "Emergency act 1",
        "not acknowledged",
        "… 36 lines more in the audit trail",
        "Ended early: ",
        "it does not hold, the branch was not taken",
        "17 occurrences",
        "executed on the superseded value: feed of day 5",
    ] {
        assert!(words.contains(expected), "{expected:?} is not printed");
    }
}

#[test]
fn a_step_with_many_occurrences_is_one_table_with_pictures_and_what_is_special_in_full() {
    let document = printed(&life());
    let words = words(&document);
    assert_eq!(words.matches("Discard 20 mL").count(), 1, "the instruction stands once");
    assert!(words.contains("in full below"), "day 5 was corrected");
    let trends = document.blocks.iter().find_map(|block| match block {
        Block::Trends(trends) => Some(trends.len()),
        _ => None,
    });
    assert_eq!(trends, Some(2), "pH and cells are judged, oxygen is not");
}

#[test]
fn a_quiet_batch_says_none_and_takes_no_page_for_it() {
    let play = Play::issued(crate::life::recipe());
    let words = words(&with_record(&play, |_| {}, |record| build(record, vec![])));
    for none in ["Emergency acts: none.", "Alarms: none.", "Handovers: none.", "none ran out"] {
        assert!(words.contains(none), "{none}");
    }
    assert!(!words.contains("Computed values"), "nothing was computed");
}

/// Walks the kinds, so that a new one is picked up by itself.
#[test]
fn every_kind_of_entry_has_a_printing() {
    for (name, _, sample) in KindSpec::samples() {
        let mut spec = sample.spec.clone();
        spec["kind"] = json!(name);
        let kind: KindSpec = serde_json::from_value(spec.clone()).expect(name);
        (spec["id"], spec["name"]) = (json!("e"), json!("The entry"));
        let mut recipe = serde_json::to_value(crate::life::recipe()).expect("a recipe");
        recipe["unit_procedures"][0]["operations"][0]["steps"][1]["entries"] = json!([spec]);
        let mut play = Play::issued(serde_json::from_value(recipe).expect("a recipe"));
        play.operation("OP-03.2");
        let mut shown = Vec::new();
        for (n, input) in (1..).zip(&sample.valid) {
            let step = StepKey::new("OP-03.2", 1, "work", n);
            let input: Input = serde_json::from_value(input.clone()).expect("an input");
            let value = kind.as_kind().parse(&input).expect("a valid input of the sample");
            shown.push(value.shown.clone());
            let verdicts = kind.as_kind().judge(&value);
            play.start(&step).judged(OLGA, &at(&step, "e"), value, verdicts, vec![]);
        }
        if sample.valid.is_empty() {
            play.start(&StepKey::new("OP-03.2", 1, "work", 1));
        }
        let document = printed(&play);
        let words = words(&document);
        for shown in shown
            .iter()
            .map(|shown| shown.replace('\n', " ¶ ").chars().take(200).collect::<String>())
        {
            assert!(words.contains(&shown), "{name}: {shown:?} is not printed");
        }
        // A long formula stands apart, at full width.
        for part in kind.as_kind().asks().splitn(2, ": ") {
            assert!(words.contains(part), "{name}: {part:?} is asked and not printed");
        }
        assert!(!words.contains("\":"), "{name}: JSON is printed");
        // The writer itself refuses what would not conform.
        render(&document).expect(name);
    }
}

#[test]
fn a_reason_of_64_kib_is_cut_and_whoever_signed_stays() {
    let mut play = Play::issued(crate::life::recipe());
    play.operation("OP-03.2");
    let reason = "tired ".repeat(10_000);
    for k in 1..=20 {
        let step = StepKey::new("OP-03.2", 1, "work", k);
        play.start(&step).record(OLGA, &at(&step, "titre"), number("1", "[pH]", "1 g/L"));
        let event = RunEvent::EntryAbsent(EntryAbsent {
            at: at(&step, "mass"),
            absence: batchwright::domain::words::Absence::NotAvailable,
            reason: reason.clone(),
            exceptions: vec![],
        });
        play.act(OLGA, event, &[]);
    }
    let begin = std::time::Instant::now();
    let document = printed(&play);
    let pdf = render(&document).expect("renders");
    assert!(begin.elapsed().as_secs() < 30, "{:?}", begin.elapsed());
    let words = words(&document);
    assert!(words.contains("characters more in the audit trail"));
    assert!(words.contains("characters more in the attached audit-trail.json"));
    assert!(pdf.len() < 3_000_000, "{}", pdf.len());
}

// shows: P11-10b.b
#[test]
fn the_first_page_counts_what_was_declared_absent() {
    use batchwright::domain::words::Absence;
    let mut play = Play::issued(crate::life::recipe());
    play.operation("OP-03.2");
    let step = StepKey::new("OP-03.2", 1, "work", 1);
    play.start(&step);
    for (entry, absence) in [("titre", Absence::NotApplicable), ("mass", Absence::NotAvailable)] {
        let (at, reason) = (at(&step, entry), "probe broke".to_owned());
        play.act(
            OLGA,
            RunEvent::EntryAbsent(EntryAbsent { at, absence, reason, exceptions: vec![] }),
            &[],
        );
    }
    let words = words(&printed(&play));
    let counted = "Declared absent: 2 entries, 2 mandatory, 1 not applicable, 1 not available";
    let (before, _) = words.split_once(counted).unwrap_or_else(|| panic!("{counted}"));
    assert!(!before.contains("The run over time"), "it stands on the first page");
}

#[test]
fn a_name_that_turns_the_line_is_printed_in_the_order_it_is_stored() {
    let mut play = Play::issued(crate::life::recipe());
    play.operation("OP-03.2");
    let step = StepKey::new("OP-03.2", 1, "work", 1);
    let evil: Person = ("evil", "Eve \u{202e}adnamO nimdA", "operator");
    play.start(&step).record(evil, &at(&step, "titre"), number("1", "[pH]", "1 g/L"));
    let pdf = render(&printed(&play)).expect("renders");
    kept("turned.pdf", &pdf);
    // How it is drawn is tested where it is drawn (`layout/shape.rs`); here: the writer takes it, and
    // no title, bookmark or alternative text carries the mark into the file (UTF-16 in PDF strings).
    let (mark, plain) = ([0x20u8, 0x2e, 0x00, 0x61], "\u{202e}".as_bytes());
    assert!(!pdf.windows(4).any(|bytes| bytes == mark));
    assert!(!pdf.windows(3).any(|bytes| bytes == plain));
}

#[test]
fn only_pictures_that_can_be_drawn_are_drawn() {
    let good = crate::image::png(8, 8, true);
    assert!(photo(Arc::new(good.clone()), "x").is_some());
    assert!(photo(Arc::new(good[..60].to_vec()), "x").is_none(), "cut off");
    let mut vast = good;
    vast[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    assert!(photo(Arc::new(vast), "x").is_none(), "claims four thousand million dots");
    assert!(photo(Arc::new(b"\xff\xd8\xff\xe0 no picture".to_vec()), "x").is_none());
    assert!(photo(Arc::new(b"MZ".to_vec()), "x").is_none());
}
