//! The record's body: the master record, steps, pictures and the audit trail, read from the pages as they are printed.

use crate::life::{at, life, recipe};
use crate::play::*;
use batchwright::domain::entry::{Input, KindSpec};
use batchwright::domain::ids::StepKey;
use batchwright::domain::limits::{Purpose, Side};
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::acts::correct::EntryCorrected;
use batchwright::record::pdf::document::{Block, Document, Trend};
use batchwright::record::pdf::pages_said;
use batchwright::record::report::build;
use serde_json::json;

const BUFFER: &str = include_str!("../../schemas/examples/buffer-preparation.json");

fn document(play: &Play) -> Document {
    with_record(play, |_| {}, |record| build(record, b"[]".to_vec()))
}

/// What the pages say, each on one line.
fn pages(play: &Play) -> Vec<String> {
    let pages = pages_said(&document(play)).expect("lays out");
    pages.iter().map(|page| flat(page)).collect()
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn all(play: &Play) -> String {
    pages(play).join(" ")
}

/// The part of a text from one phrase to the next.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) =
        text.rsplit_once(from).unwrap_or_else(|| panic!("{from:?} is not there: {text}"));
    rest.split_once(to).unwrap_or_else(|| panic!("{to:?} is not there: {rest}")).0
}

// shows: C211-188b9.a
// finding: N7
#[test]
fn the_master_record_is_printed_accurately_whether_it_was_carried_out_or_not() {
    let master: MasterRecord = serde_json::from_str(BUFFER).expect("the example is well formed");
    let said = all(&Play::issued(master.clone()));
    let chapter = between(&said, "Master record as approved", "UP-01 Buffer preparation");
    for expected in [
        "Sodium acetate trihydrate NA-ACETATE, raw material 0.272 kg pharmacopoeial grade",
        "as needed to reach pH 5.3",
        "Buffer bag: 100 L single-use bag with 0.2 µm filter",
        "L-BUF on the buffer bag Acetate buffer 20 mM pH 5.3 Batch: ________ Expires: ________",
        "Wear eye protection when handling acetic acid.",
        "investigated below 95 % and above 103 %",
    ] {
        assert!(chapter.contains(expected), "{expected:?} is not there: {chapter}");
    }
    for (_, step) in master.steps() {
        assert_eq!(said.matches(&flat(&step.instruction)).count(), 1, "{}", step.instruction);
        for entry in &step.entries {
            let asks = flat(&entry.kind.as_kind().asks());
            assert!(said.contains(&asks), "{}: {asks:?} is not asked", entry.name);
        }
    }
}

// finding: R8
#[test]
fn a_formula_stands_once_with_each_version_that_it_gave_and_inputs_on_one_line() {
    let said = all(&life());
    let body = said.split("Audit trail Complete:").next().expect("the chapters before the trail");
    assert_eq!(body.matches("titre × volume = 4.2 g/L × 15000 L").count(), 1);
    assert!(body.contains("from 4.2 g/L OP-03.2~1/work~1/titre (v2); 15000 L"), "{body}");
    assert!(!body.contains("In detail:"), "nothing is told twice");
}

fn daily(play: &mut Play, k: u32, value: &str) -> StepKey {
    let step = StepKey::new("OP-03.2", 1, "daily", k);
    play.later(24 * 60 - 1).start(&step);
    let told = verdict(Purpose::Acceptance, Side::Within, "6.60 ≤ x ≤ 7.10 pH");
    let read = number(value, "[pH]", &format!("{value} pH"));
    play.judged(OLGA, &at(&step, "ph"), read, told, vec![]);
    play.record(OLGA, &at(&step, "vcc"), number("5", "[pH]", "5 × 10⁶ /mL"));
    play.record(OLGA, &at(&step, "do"), number("42", "[pH]", "42 %"));
    play.complete(&step);
    step
}

fn correct(play: &mut Play, step: &StepKey, (old, new): (&str, &str)) {
    let event = RunEvent::EntryCorrected(EntryCorrected {
        performed_at: None,
        at: at(step, "ph"),
        version: 2,
        old: format!("{old} pH"),
        value: number(new, "[pH]", &format!("{new} pH")),
        raw: format!("\"{new}\""),
        verdicts: verdict(Purpose::Acceptance, Side::Within, "6.60 ≤ x ≤ 7.10 pH"),
        reason: "the line of day 1 was typed".into(),
        slip: false,
        superseded_uses: vec![],
        check_owed: true,
        exceptions: vec![],
    });
    play.act(OMAR, event, &[]);
}

fn week() -> (Play, StepKey) {
    let mut play = Play::issued(recipe());
    play.operation("OP-03.2");
    let steps: Vec<_> = (1..=7).map(|k| daily(&mut play, k, &format!("6.8{k}"))).collect();
    (play, steps[1].clone())
}

fn trends(play: &Play) -> Vec<Trend> {
    let blocks = document(play).blocks;
    let found = blocks.into_iter().find_map(|block| match block {
        Block::Trends(trends) => Some(trends),
        _ => None,
    });
    found.expect("judged numbers are drawn")
}

// finding: R6
#[test]
fn a_corrected_value_is_drawn_when_it_was_performed_with_the_old_one_beside_it() {
    let (mut play, second) = week();
    let before: Vec<_> = trends(&play)[0].points.iter().map(|point| point.at).collect();
    correct(&mut play, &second, ("6.82", "6.91"));
    let trend = trends(&play).remove(0);
    let counting: Vec<_> = trend.points.iter().filter(|point| !point.replaced).collect();
    let times: Vec<_> = counting.iter().map(|point| point.at).collect();
    assert_eq!(times, before, "correcting a number does not move it in time");
    assert!((counting[1].value - 6.91).abs() < 0.001);
    let replaced: Vec<_> = trend.points.iter().filter(|point| point.replaced).collect();
    assert_eq!(replaced.len(), 1);
    assert!((replaced[0].value - 6.82).abs() < 0.001 && replaced[0].at == counting[1].at);
    assert!(trend.alt.contains("1 more replaced by a correction"), "{}", trend.alt);
    let last = times.last().expect("points");
    assert!(trend.ticks.iter().all(|(at, _)| (0.0..=*last).contains(at)), "the axis fits the span");
}

#[test]
fn days_of_a_repeated_step_are_rows_and_only_what_is_special_stands_below() {
    let (mut play, second) = week();
    correct(&mut play, &second, ("6.82", "6.91"));
    let said = all(&play);
    let step = between(&said, "Sample and measure · 7 occurrences", "work Neutralise");
    assert!(step.contains("By Olga Mendes olga, operator"), "{step}");
    let (_, below) = step.split_once("daily~2 Sample and measure").expect("the corrected day");
    assert!(!below.contains("42 %"), "what is plain stands above: {below}");
    assert!(below.contains("6.82 pH") && below.contains("6.91 pH"), "{below}");
    assert!(below.contains("“the line of day 1 was typed”"), "{below}");
    assert!(!step.contains("daily~3"), "{step}");
}

// shows: PICS-2.c, A11D-12.2.a
// finding: R8
#[test]
fn the_trail_says_first_what_is_not_routine_and_names_days_once() {
    let (mut play, second) = week();
    correct(&mut play, &second, ("6.82", "6.91"));
    let said = all(&play);
    let (_, trail) = said.split_once("Audit trail Complete:").expect("the chapter");
    let (critical, routine) = trail.split_once("As planned: ").expect("two parts");
    let corrected = "Omar Haddad entry corrected pH daily~2 · ph version 2 6.82 pH 6.91 pH “the line of day 1 was typed”";
    assert!(critical.contains(corrected), "{critical}");
    assert!(!routine.contains("6.91 pH"), "{routine}");
    assert_eq!(routine.matches("entry recorded pH").count(), 7);
    assert!(!critical.contains("entry recorded"), "what went as planned stands in the other part");
    assert!(routine.contains("entry recorded pH daily~3 6.83 pH"), "{routine}");
    assert!(
        routine.contains("2026-03-02, +00:00 1 14:05:00"),
        "the day with its offset, then times"
    );
    let total = play.trail.len();
    assert!(trail.contains(&format!("entries 1 to {total} of this batch")));
    for line in &play.trail {
        let number = format!(" {} {}", line.seq, &line.at.shown_short(&line.zone)[11..19]);
        assert_eq!(trail.matches(&number).count(), 1, "entry {}", line.seq);
    }
}

// finding: R8
#[test]
fn about_fifty_lines_of_the_trail_stand_on_a_page() {
    let mut play = Play::issued(recipe());
    play.operation("OP-03.2");
    for k in 1..=60 {
        daily(&mut play, k, "6.85");
    }
    let pages = pages(&play);
    let most = pages
        .iter()
        .map(|page| {
            page.matches(" Olga Mendes entry recorded").count()
                + page.matches(" Olga Mendes step ").count()
        })
        .max();
    // Each day of five lines has a line of its own.
    assert!(most.is_some_and(|most| most >= 36), "{most:?} lines on the fullest page");
}

/// A value as a person sends it, at an entry of a kind.
fn sent(kind: serde_json::Value, input: serde_json::Value) -> String {
    let kind: KindSpec = serde_json::from_value(kind).expect("a kind");
    let input: Input = serde_json::from_value(input).expect("an input");
    let value = kind.as_kind().parse(&input).expect("it is read");
    let mut play = Play::issued(recipe());
    play.operation("OP-03.2");
    let step = StepKey::new("OP-03.2", 1, "work", 1);
    play.start(&step).judged(OLGA, &at(&step, "titre"), value, vec![], vec![]);
    all(&play)
}

// shows: C211-188b4.a
#[test]
fn converted_and_censored_values_are_printed_as_read_and_as_judged() {
    let kilograms = json!({ "kind": "number", "unit": "kg", "decimals": 3 });
    let said = sent(kilograms.clone(), json!({ "value": "272", "unit": "g" }));
    assert!(said.contains("272 g"), "as it was read");
    assert!(said.contains("0.272 kg"), "in the unit of the master record");
    let said = sent(kilograms, json!({ "value": "<0.05", "unit": "kg" }));
    assert!(said.contains("<0.05 kg"), "a censored value keeps its sign");
}
