//! The first pages: what somebody with two minutes finds there, read from the pages as they are printed.

use crate::decided::*;
use crate::life::{at, life, recipe};
use crate::pages::{broken_rules, kept};
use crate::play::*;
use crate::words::words;
use batchwright::domain::disposition::Disposition;
use batchwright::domain::disposition::standing::{Ground, Standing};
use batchwright::domain::exception::{ExceptionKind as Kind, Severity};
use batchwright::domain::ids::StepKey;
use batchwright::domain::limits::{Purpose, Side};
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::acts::abort::Aborted;
use batchwright::domain::run::acts::correct::EntryCorrected;
use batchwright::domain::run::acts::operation::OperationClosed;
use batchwright::domain::run::acts::review::Reviewed;
use batchwright::domain::run::obligations::Status;
use batchwright::domain::signing::Meaning;
use batchwright::record::model::{BatchRecord, ObligationLine};
use batchwright::record::pdf::document::Document;
use batchwright::record::pdf::{pages_said, render};
use batchwright::record::report::build;

fn owed(id: &str, what: &str, standing: Status) -> ObligationLine {
    ObligationLine {
        id: id.into(),
        rule: "F13".into(),
        clause: "21 CFR 211.188(b)".into(),
        what: what.into(),
        standing,
        waivable: true,
        evidence: None,
    }
}

fn document<'a>(play: &'a Play, change: impl FnOnce(&mut BatchRecord<'a>)) -> Document {
    with_record(play, change, |record| build(record, b"[]".to_vec()))
}

fn pages(document: &Document) -> Vec<String> {
    let pages = pages_said(document).expect("lays out");
    pages.iter().map(|page| page.replace('\u{a0}', " ")).collect()
}

/// Words on one line, however the page breaks them.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_says(text: &str, expected: &[&str]) {
    let text = flat(text);
    for expected in expected {
        assert!(text.contains(expected), "{expected:?} is not there: {text}");
    }
}

/// A batch with ten minor exceptions, then what matters.
fn eventful() -> Play {
    let mut play = Play::issued(recipe());
    play.operation("OP-03.2");
    let step = StepKey::new("OP-03.2", 1, "work", 1);
    play.later(30).start(&step);
    for n in 1..=10 {
        let detail = format!("entered {n} minutes late");
        let no = opened(&mut play, (Kind::LateEntry, Severity::Minor), None, &detail);
        dismissed(&mut play, no, "on the printout too");
    }
    let place = Some(at(&step, "purity"));
    let graves = [
        (Kind::HoldTime, Severity::Critical, None, "pool held 223 minutes, 180 allowed"),
        (Kind::OutOfSpecification, Severity::Major, place, "HCP 19 ng/mg is above 15 ng/mg"),
        (Kind::EquipmentFailure, Severity::Major, None, "transfer pump P-61 tripped"),
    ];
    for (kind, severity, place, detail) in graves {
        opened(&mut play, (kind, severity), place, detail);
    }
    deviates(&mut play, &[11], "DEV-2026-0002");
    dismissed(&mut play, 12, "the plate was read at the wrong wavelength");
    play
}

// shows: C211-188b12.a, Q7-6.5.j
// finding: R1
#[test]
fn what_matters_stands_on_the_first_pages_by_severity_whatever_its_number() {
    let play = eventful();
    let title = "Pool held beyond 180 minutes at pH 3.5";
    let told = deviation(&play, "DEV-2026-0002", title, "aggregate is below its limit");
    let document = document(&play, |record| record.deviations = vec![&told]);
    let pages = pages(&document);
    let first = flat(&pages[..2].join("\n"));
    let (_, departed) = first.split_once("What departed, by severity").expect("the section");
    let place = |words: &str| departed.find(words).unwrap_or_else(|| panic!("{words}: {departed}"));
    let order = [
        place("DEV-2026-0002"),
        place("HCP 19 ng/mg is above 15 ng/mg"),
        place("transfer pump P-61 tripped"),
        place("And 10 minor, no. 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"),
    ];
    assert!(order.is_sorted(), "{order:?}: {departed}");
    assert_says(
        departed,
        &[
            title,
            "pool held 223 minutes, 180 allowed",
            "Closed by Quella Tanaka",
            "“aggregate is below its limit”",
            "“the tube of the base pump was worn”",
            "Not a deviation, Qadir Qureshi",
            "“the plate was read at the wrong wavelength”",
            "Not decided",
        ],
    );
    assert!(!first.contains("more, in the chapter"), "nothing is left to a chapter");
}

/// A batch that was made, reviewed and decided.
fn made() -> Play {
    let mut play = eventful();
    let step = StepKey::new("OP-03.2", 1, "work", 1);
    play.record(OLGA, &at(&step, "titre"), number("4.0", "[pH]", "4.0 g/L"));
    play.later(60).complete(&step);
    let closed = OperationClosed { operation: operation("OP-03.2") };
    play.act(SUE, RunEvent::OperationClosed(closed), &[(SUE, Meaning::ClosedOperation)]);
    yielded(&mut play);
    play.act(SUE, event("completed", serde_json::json!({})), &[(SUE, Meaning::Completed)]);
    let covers_seq = play.run.seq;
    let reviewed = Reviewed { covers_seq, conclusion: "read whole".into() };
    play.later(600).act(QADIR, RunEvent::Reviewed(reviewed), &[(QADIR, Meaning::Reviewed)]);
    play
}

// shows: Q7-6.5.a, CH4-20.b, CH4-20.g, CH4-20.i
// finding: R2
#[test]
fn the_first_page_says_who_decided_when_it_was_made_and_what_came_out() {
    let play = made();
    let lot = lot(&play, Disposition::Released, "every specification conforms");
    let document = document(&play, |record| record.lots = vec![&lot]);
    let first = &pages(&document)[0];
    assert_says(
        first,
        &[
            "RELEASED: AMAB-26-014-DS",
            "Lot AMAB-26-014-DS, 52.7 kg, A-Mab, frozen bulk (product), no expiry assigned in this record: ✓ released by Quella Tanaka quella, qa · released · 2026-03-",
            "“every specification conforms”",
            "Manufacture begun 2026-03-02 15:05:14 +01:00",
            "Manufacture ended 2026-03-02 16:",
            "Qadir Qureshi qadir, qa · reviewed record and audit trail · 2026-03-",
            "52.7 of 60 kg = 87.8 %, rounded 88 (expected 80 to 120 %)",
            "1 typed, 0 through a scribe, 0 by device (0 signed by it), 0 computed",
            "record reviewed by quality",
        ],
    );
}

/// How a released lot stands that something keeps from leaving.
fn questioned(play: &Play) -> Standing {
    let ground = Ground {
        lot: LOT.into(),
        product: "AMAB".into(),
        record: play.run.key,
        seq: 9,
        since: play.now,
        because: "the balance was found out of calibration".into(),
        blocks: true,
        lasts: false,
    };
    Standing {
        record: lot(play, Disposition::Released, "").key,
        number: LOT.into(),
        product: "AMAB".into(),
        disposition: Disposition::Released,
        decided_at: Some(play.now),
        seq: 2,
        grounds: vec![ground],
        facts: vec![],
        judged_on: vec![],
    }
}

fn aborted() -> Play {
    let mut play = eventful();
    let aborted = Aborted { reason: "the seal of the vessel leaked".into(), oversight: true };
    play.act(QUELLA, RunEvent::Aborted(aborted), &[(QUELLA, Meaning::Aborted)]);
    play
}

#[test]
fn rejected_aborted_and_questioned_are_unmistakable_at_the_head_of_the_first_page() {
    let play = made();
    let head =
        |document: &Document| flat(&pages(document)[0]).chars().take(600).collect::<String>();
    let rejected = lot(&play, Disposition::Rejected, "HCP above its limit");
    let shown = head(&document(&play, |record| record.lots = vec![&rejected]));
    assert_says(&shown, &["REJECTED: AMAB-26-014-DS", "✗ rejected by Quella Tanaka"]);
    assert!(!shown.contains("RELEASED"), "{shown}");

    let released = lot(&play, Disposition::Released, "conforms");
    let shown = head(&document(&play, |record| {
        record.lots = vec![&released];
        record.standings = vec![questioned(&play)];
    }));
    assert_says(
        &shown,
        &[
            "RELEASED, AND IN QUESTION: AMAB-26-014-DS",
            "QUESTIONED AND BLOCKED: not to be shipped",
            "the balance was found out of calibration",
        ],
    );

    let shown = head(&document(&aborted(), |_| ()));
    assert_says(
        &shown,
        &["ABORTED", "“the seal of the vessel leaked”", "Quella Tanaka quella, qa"],
    );
}

#[test]
fn every_state_of_a_batch_is_a_file_that_conforms() {
    let play = made();
    let title = "Pool held beyond 180 minutes at pH 3.5";
    let told = deviation(&play, "DEV-2026-0002", title, "aggregate is below its limit");
    let released = lot(&play, Disposition::Released, "every specification conforms");
    let rejected = lot(&play, Disposition::Rejected, "HCP above its limit");
    let issued = Play::issued(recipe());
    let stopped = aborted();
    let eventful = document(&play, |record| {
        record.lots = vec![&released];
        record.deviations = vec![&told];
    });
    let in_question = document(&play, |record| {
        record.lots = vec![&released];
        record.standings = vec![questioned(&play)];
    });
    for (name, document) in [
        ("issued", document(&issued, |_| ())),
        ("eventful", eventful),
        ("rejected", document(&play, |record| record.lots = vec![&rejected])),
        ("questioned", in_question),
        ("aborted", document(&stopped, |_| ())),
        ("life", document(&life(), |_| ())),
    ] {
        let pdf = render(&document).expect(name);
        kept(&format!("front-{name}.pdf"), &pdf);
        assert_eq!(broken_rules(&pdf), Vec::<String>::new(), "{name}");
    }
}

// finding: R3
#[test]
fn corrections_are_counted_apart_from_what_was_recomputed() {
    let play = life();
    let first = pages(&document(&play, |_| ()))[..3].join("\n");
    assert_says(&first, &["1 correction, 1 recomputed, 0 struck"]);
    let mut play = play;
    let step = StepKey::new("OP-03.2", 1, "daily", 6);
    let corrected = EntryCorrected {
        performed_at: None,
        at: at(&step, "do"),
        version: 2,
        old: "42 %".into(),
        value: number("41", "[pH]", "41 %"),
        raw: "\"41\"".into(),
        verdicts: vec![],
        reason: "read again".into(),
        slip: false,
        superseded_uses: vec![],
        check_owed: true,
        exceptions: vec![],
    };
    play.act(OLGA, RunEvent::EntryCorrected(corrected), &[]);
    let first = pages(&document(&play, |_| ()))[..3].join("\n");
    assert_says(
        &first,
        &["2 corrections, 1 recomputed", "Computed anew by the server because of them"],
    );
}

// finding: R4
#[test]
fn a_batch_that_is_being_made_says_what_is_missing_the_critical_first() {
    let mut play = Play::issued(recipe());
    play.operation("OP-03.2").start(&StepKey::new("OP-03.2", 1, "daily", 1));
    let place = "OP-03.2~1/daily~1";
    let no = opened(&mut play, (Kind::OutOfAcceptance, Severity::Critical), None, "pH 6.52");
    let mut lines = vec![
        owed(&format!("entry/{place}/do/recorded"), "Dissolved oxygen recorded", Status::Open),
        owed(&format!("entry/{place}/ph/recorded"), "pH recorded", Status::Open),
        owed("entry/OP-03.3~1/feed~1/x/recorded", "Glucose recorded", Status::Open),
        owed("run/review", "Quality's review of record and audit trail stands", Status::Open),
    ];
    let what = format!("Exception {no} decided: pH 6.52");
    lines.push(owed(&format!("exception/{no}/triaged"), &what, Status::Open));
    let document = document(&play, |record| record.obligations = lines);
    let first = flat(&pages(&document)[0]);
    let (_, missing) = first.split_once("Missing now: 3, 2 of it critical").expect("the box");
    let place = |words: &str| missing.find(words).unwrap_or_else(|| panic!("{words}: {missing}"));
    let critical =
        place("pH: not recorded yet").max(place("Not yet: Exception 1 decided: pH 6.52"));
    assert!(critical < place("Dissolved oxygen: not recorded yet"), "{missing}");
    place("2 lie ahead: their turn has not come.");
    assert!(!first.contains("Glucose: not recorded"), "its step has not begun");
    assert!(!flat(&words(&document)).contains("Dissolved oxygen recorded"), "it is not");
}

// shows: L4.a, T40.a
// finding: R1
#[test]
fn met_waived_inconclusive_and_open_are_four_numbers_and_values_within_limits_a_fifth() {
    let mut play = Play::issued(recipe());
    play.operation("OP-03.2");
    for k in 1..=3 {
        let step = StepKey::new("OP-03.2", 1, "daily", k);
        let side = if k == 3 { Side::Above } else { Side::Within };
        let told = verdict(Purpose::Acceptance, side, "6.60 ≤ x ≤ 7.10 pH");
        play.start(&step).judged(
            OLGA,
            &at(&step, "ph"),
            number("6.9", "[pH]", "6.9 pH"),
            told,
            vec![],
        );
    }
    let lines = vec![
        owed("step/OP-03.2~1/daily~1/complete", "A complete", Status::Met),
        owed("step/OP-03.2~1/daily~2/complete", "B complete", Status::Met),
        owed("step/OP-03.2~1/daily~3/complete", "C complete", Status::Waived),
        owed("entry/release/hcp/conforms", "HCP conforms", Status::DecidedInconclusive),
    ];
    let document = document(&play, |record| record.obligations = lines);
    let first = &pages(&document)[0];
    assert_says(
        first,
        &[
            "2 met of 4 obligations ⚠ 1 waived not met, no longer owed ✗ 1 decided inconclusive",
            "0 open nothing is owed",
            "2 of 3",
            "judged values within limits",
            "HCP conforms: decided inconclusive",
        ],
    );
    let all = flat(&words(&document));
    for told in [
        "2 met, 1 waived, 0 open, 1 decided inconclusive of 4.",
        "2 of 3 steps complete (1 waived)",
        "0 of 1 specifications conform (1 decided inconclusive)",
        "C complete (waived)",
    ] {
        assert!(all.contains(told), "{told:?}: {all}");
    }
    assert!(!all.contains("A complete"), "what is met is counted, not listed");
}
