//! Rolling review in print: who reviewed each operation, when, over which entries, and why it lapsed.

use crate::life::{at, recipe};
use crate::play::*;
use crate::words::words;
use batchwright::domain::ids::StepKey;
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::acts::operation::OperationClosed;
use batchwright::domain::run::acts::review::Reviewed;
use batchwright::domain::run::operation_review::{OperationReviewLapsed, OperationReviewed};
use batchwright::domain::signing::Meaning;
use batchwright::record::report::build;

const OP: &str = "OP-03.2";

fn reviewed(play: &mut Play, conclusion: &str, pending: &[&str]) {
    let event = RunEvent::OperationReviewed(OperationReviewed {
        operation: operation(OP),
        covers_seq: play.run.seq,
        conclusion: conclusion.into(),
        pending: pending.iter().map(ToString::to_string).collect(),
    });
    play.act(QUELLA, event, &[(QUELLA, Meaning::Reviewed)]);
}

/// An operation with one value, closed.
fn closed() -> Play {
    let mut play = Play::issued(recipe());
    let step = StepKey::new(OP, 1, "work", 1);
    play.operation(OP).start(&step).record(OLGA, &at(&step, "titre"), number("1", "g/L", "1 g/L"));
    let event = RunEvent::OperationClosed(OperationClosed { operation: operation(OP) });
    play.act(SUE, event, &[(SUE, Meaning::ClosedOperation)]);
    play
}

fn printed(play: &Play) -> String {
    words(&with_record(play, |_| {}, |record| build(record, vec![])))
}

fn assert_printed(words: &str, expected: &[&str]) {
    for expected in expected {
        assert!(words.contains(expected), "{expected:?} is not printed");
    }
}

#[test]
fn a_rolling_review_is_printed_with_its_entries_what_was_pending_and_why_it_lapsed() {
    let mut play = closed();
    let seq = play.run.seq;
    reviewed(&mut play, "read while the culture runs", &["OP-03.2~1/work~1/mass"]);
    let words = printed(&play);
    assert_printed(
        &words,
        &[
            "Rolling review: 1 of 1 operation, 0 lapsed on the way",
            "Rolling review: operations signed while the run went on",
            &format!("entries 1 to {seq}"),
            "read while the culture runs",
            "pending then: OP-03.2~1/work~1/mass",
            "stands",
            &format!("Reviewed by quality up to entry {seq}: Quella Tanaka"),
        ],
    );
    assert!(!words.contains("lapsed with entry"), "it stands");

    let event = RunEvent::OperationReviewLapsed(OperationReviewLapsed {
        operation: operation(OP),
        cause: "titre was corrected".into(),
    });
    play.act(OLGA, event, &[]);
    let lapse = play.run.seq;
    assert_printed(
        &printed(&play),
        &[
            "0 of 1 operation, 1 lapsed on the way",
            &format!("lapsed with entry {lapse}: titre was corrected"),
            "read while the culture runs",
        ],
    );

    reviewed(&mut play, "read again with the correction", &[]);
    assert_printed(
        &printed(&play),
        &[
            "1 of 1 operation, 1 lapsed on the way",
            "titre was corrected",
            "read again with the correction",
            &format!("entries 1 to {lapse}"),
        ],
    );
}

#[test]
fn a_run_without_rolling_review_prints_none_and_the_whole_review_prints_its_conclusion() {
    let mut play = closed();
    assert!(!printed(&play).contains("Rolling review"));
    let covers_seq = play.run.seq;
    let event =
        RunEvent::Reviewed(Reviewed { covers_seq, conclusion: "read whole, nothing open".into() });
    play.act(QUELLA, event, &[(QUELLA, Meaning::Reviewed)]);
    let expected = format!("Entries 1 to {covers_seq}: “read whole, nothing open”");
    assert_printed(&printed(&play), &[&expected, "Quella Tanaka"]);
}
