//! Samples: time, quantity, reserve, custody, and on which of them a result stands.

use super::scene::{master, step};
use super::world::{By, World, at_entry, by};
use batchwright::domain::entry::Input;
use batchwright::domain::exception::{ExceptionKind, Severity};
use batchwright::domain::run::Content;
use batchwright::domain::run::acts::{
    CorrectEntry, InvestigateResult, RecordDetermination, RecordEntry, RecordTrailPoint, RunCommand,
};
use batchwright::domain::run::obligations::{ObligationFacts, Status, obligations};
use batchwright::domain::run::testing::InvestigationStep;
use batchwright::domain::words::Basis;
use serde_json::{Value, json};

const FIRST: &str = "OP-1~1/draw~1/s";
const SECOND: &str = "OP-1~1/draw~2/s";

/// A sample with a reserve and its test, drawn up to three times.
fn drawn() -> World {
    let sample = json!({ "id": "s", "name": "Sample", "kind": "sample", "point": "vessel",
        "quantity": { "value": "50", "unit": "mL" }, "tests": ["titer"],
        "reserve": { "quantity": { "value": "10", "unit": "mL" }, "storage": "-70 °C" } });
    let titer = json!({ "id": "titer", "name": "Titer", "kind": "result", "sample": "s",
        "method": "HPLC", "method_version": "1", "due": "release", "authorities": ["test"],
        "classification": "specification", "result": { "type": "number", "unit": "g/L",
            "limits": [{ "purpose": "acceptance", "low": { "value": "4", "inclusive": true } }] } });
    let draw = step("draw", json!([sample, titer]), json!({ "occurs": { "min": 1, "max": 3 } }));
    let operation = json!({ "id": "OP-1", "name": "Culture", "steps": [draw] });
    let mut w = World::new(master(json!([operation]), json!([]), json!([])));
    w.does(by("ana"), w.start("OP-1~1/draw~1"));
    w.later(5);
    w
}

/// D-1 and D-2 are drawn, and the third drawing has begun.
fn drawn_twice() -> World {
    let mut w = drawn();
    for (k, at) in [(1, FIRST), (2, SECOND)] {
        w.does(by("ana"), recording(&w, at, &json!({ "id": format!("D-{k}") })));
        w.does(by("ana"), w.complete(&format!("OP-1~1/draw~{k}")));
        w.does(by("ana"), w.start(&format!("OP-1~1/draw~{}", k + 1)));
    }
    w
}

fn taken(w: &World, more: &Value) -> Value {
    let mut value = json!({ "id": "D-1", "reserve": { "keep_until": "2031-12-31" } });
    for (member, said) in more.as_object().expect("members") {
        value[member] = said.clone();
    }
    if value["taken_at"].is_number() {
        let minutes = value["taken_at"].as_i64().expect("minutes");
        value["taken_at"] = json!(w.now.plus_minutes(minutes).to_rfc3339());
    }
    value
}

fn sent(mut command: RunCommand, value: Value) -> RunCommand {
    match &mut command {
        RunCommand::RecordEntry(RecordEntry { input, .. })
        | RunCommand::CorrectEntry(CorrectEntry { input, .. }) => {
            *input = Input { value, unit: None };
        }
        _ => unreachable!("a value"),
    }
    command
}

/// Records; `taken_at` is said in minutes from now.
fn recording(w: &World, at: &str, more: &Value) -> RunCommand {
    sent(w.record(at, ""), taken(w, more))
}

fn correcting(w: &World, at: &str, more: &Value) -> RunCommand {
    sent(w.correct(at, "", Some("misread the label"), false), taken(w, more))
}

fn point(kind: &str, value: Value) -> RunCommand {
    let input = Input { value, unit: None };
    RunCommand::RecordTrailPoint(RecordTrailPoint { at: at_entry(FIRST), kind: kind.into(), input })
}

fn withdrawn(quantity: &str, unit: &str) -> RunCommand {
    let value = json!({ "quantity": quantity, "unit": unit, "purpose": "complaint 12" });
    point("reserve-withdrawn", value)
}

fn determined(k: u32, value: &str, sample: &str) -> RunCommand {
    let value = json!({ "value": value, "method_version": "1", "sample": sample });
    RunCommand::RecordDetermination(RecordDetermination {
        at: at_entry(&format!("OP-1~1/draw~{k}/titer")),
        input: Input { value, unit: Some("g/L".into()) },
        performed_at: None,
        basis: Basis::Direct,
        reason: None,
    })
}

/// The exceptions that an act opened.
#[track_caller]
fn opens(
    w: &mut World,
    who: By<'_>,
    command: RunCommand,
) -> Vec<(ExceptionKind, Severity, String)> {
    let before = w.run.exceptions.len();
    w.does(who, command);
    w.run
        .exceptions
        .since(before)
        .map(|e| (e.opened.kind, e.opened.severity, e.opened.detail.clone()))
        .collect()
}

fn kinds(found: &[(ExceptionKind, Severity, String)]) -> Vec<(ExceptionKind, Severity)> {
    found.iter().map(|(kind, severity, _)| (*kind, *severity)).collect()
}

fn reserve(w: &World) -> (Status, String) {
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    let owed = list.into_iter().find(|owed| owed.id == format!("sample/{FIRST}/reserve"));
    let owed = owed.expect("the reserve is on the list");
    (owed.status, owed.evidence.unwrap_or_default())
}

// shows: C211-170.b
#[test]
fn a_correction_that_leaves_a_reserve_overdrawn_is_major_and_the_reserve_stays_owed() {
    let mut w = drawn();
    let command = recording(&w, FIRST, &json!({}));
    assert_eq!(opens(&mut w, by("ana"), command), []);
    w.does(by("lab"), withdrawn("8", "mL"));
    assert_eq!(reserve(&w).0, Status::Met);
    let kept = |quantity: &str, unit: &str| {
        json!({ "quantity": "2", "unit": "L",
            "reserve": { "quantity": quantity, "unit": unit, "keep_until": "2031-12-31" } })
    };
    let command = correcting(&w, FIRST, &kept("1", "L"));
    assert!(
        !kinds(&opens(&mut w, by("ana"), command))
            .contains(&(ExceptionKind::OutOfAcceptance, Severity::Major))
    );
    assert!(reserve(&w).1.ends_with("0.992 L left"), "{}", reserve(&w).1);
    w.does(by("lab"), withdrawn("0.5", "L"));
    let command = correcting(&w, FIRST, &kept("10", "mL"));
    let found = opens(&mut w, by("ana"), command);
    assert_eq!(found[0].0, ExceptionKind::OutOfAcceptance);
    assert_eq!(found[0].1, Severity::Major);
    assert!(found[0].2.ends_with("the reserve is 10 mL, and withdrawn was 8 mL and 0.5 L"));
    let (status, evidence) = reserve(&w);
    assert_eq!(status, Status::Open, "{evidence}");
    assert!(evidence.contains("withdrawn was"), "{evidence}");
    // Nor does saying that none was kept help.
    let mut none = taken(&w, &json!({ "quantity": "2", "unit": "L" }));
    none.as_object_mut().expect("members").remove("reserve");
    w.does(by("ana"), sent(w.correct(FIRST, "", Some("no reserve"), false), none));
    assert_eq!(reserve(&w).0, Status::Open);
    let command = correcting(&w, FIRST, &kept("1", "L"));
    w.does(by("ana"), command);
    assert_eq!(reserve(&w).0, Status::Met);
}

#[test]
fn a_sample_is_taken_neither_in_the_future_nor_at_a_time_that_is_corrected_unseen() {
    let mut w = drawn();
    let ahead = recording(&w, FIRST, &json!({ "taken_at": 30 * 24 * 60 }));
    assert_eq!(w.refused(by("ana"), ahead.clone()), "performed-in-the-future");
    let RunCommand::RecordEntry(RecordEntry { at, input, basis, reason, confirmed, .. }) = ahead
    else {
        unreachable!("a record")
    };
    let performed_at = Some(w.now);
    let ahead =
        RunCommand::RecordEntry(RecordEntry { at, input, performed_at, basis, reason, confirmed });
    assert_eq!(w.refused(by("ana"), ahead), "performed-in-the-future");
    // Two times of one taking: the earlier is judged, and that they differ is found.
    let command = recording(&w, FIRST, &json!({ "taken_at": -2 }));
    let RunCommand::RecordEntry(RecordEntry { at, input, basis, reason, confirmed, .. }) =
        command.clone()
    else {
        unreachable!("a record")
    };
    let twice =
        RunCommand::RecordEntry(RecordEntry { at, input, performed_at, basis, reason, confirmed });
    let found = opens(&mut w.clone(), by("ana"), twice);
    assert_eq!(kinds(&found), [(ExceptionKind::OutOfOrder, Severity::Minor)]);
    assert_eq!(opens(&mut w, by("ana"), command), []);
    w.later(10);
    let ahead = correcting(&w, FIRST, &json!({ "taken_at": 30 * 24 * 60 }));
    assert_eq!(w.refused(by("ana"), ahead), "performed-in-the-future");
    let command = correcting(&w, FIRST, &json!({ "taken_at": -5 * 24 * 60 }));
    let found = opens(&mut w, by("ana"), command);
    let all = [ExceptionKind::Correction, ExceptionKind::OutOfOrder, ExceptionKind::LateEntry];
    assert_eq!(found.iter().map(|it| it.0).collect::<Vec<_>>(), all, "{found:?}");
    assert!(found[0].2.contains("was corrected from"), "{found:?}");
    let entry = w.entry(&at_entry(FIRST)).expect("recorded");
    let shown: Vec<_> = entry
        .versions
        .iter()
        .filter_map(|version| match &version.content {
            Content::Value(value) => Some(value.shown.clone()),
            Content::Absent(_) | Content::Struck => None,
        })
        .collect();
    assert_ne!(shown[0], shown[1], "who reads the change sees the time");
    // Later than it was recorded: one of the two is not right.
    let command = correcting(&w, FIRST, &json!({ "taken_at": -1 }));
    let found = opens(&mut w, by("ana"), command);
    assert!(kinds(&found).contains(&(ExceptionKind::OutOfOrder, Severity::Major)), "{found:?}");
}

#[test]
fn moving_the_time_of_a_sample_is_no_slip() {
    let mut w = drawn();
    w.does(by("ana"), recording(&w, FIRST, &json!({})));
    let slip = |more: &Value| sent(w.correct(FIRST, "", None, true), taken(&w, more));
    assert_eq!(w.refused(by("ana"), slip(&json!({ "taken_at": -3 }))), "not-a-slip");
    w.does(by("ana"), slip(&json!({ "id": "D-2" })));
}

// shows: C211-160.b, C211-170.b
#[test]
fn too_little_a_reserve_that_cannot_be_and_a_date_that_is_over_each_open_an_exception() {
    let major = (ExceptionKind::OutOfAcceptance, Severity::Major);
    let minor = (ExceptionKind::OutOfAcceptance, Severity::Minor);
    let reserve = |quantity: &str, unit: &str, until: &str| json!({ "reserve": { "quantity": quantity, "unit": unit, "keep_until": until } });
    let cases = [
        (json!({ "quantity": "0.05", "unit": "L" }), vec![]),
        (json!({ "quantity": "49.9", "unit": "mL" }), vec![minor]),
        (json!({ "quantity": "60", "unit": "g" }), vec![minor, major]),
        (reserve("0.01", "L", "2031-12-31"), vec![]),
        (reserve("9", "mL", "2031-12-31"), vec![major]),
        (reserve("999", "L", "2031-12-31"), vec![major]),
        (reserve("10", "mL", "2020-12-31"), vec![major]),
    ];
    for (more, expected) in cases {
        let mut w = drawn();
        let command = recording(&w, FIRST, &more);
        assert_eq!(kinds(&opens(&mut w, by("ana"), command)), expected, "{more}");
        let mut w = drawn();
        w.does(by("ana"), recording(&w, FIRST, &json!({})));
        w.later(5);
        let command = correcting(&w, FIRST, &more);
        assert_eq!(kinds(&opens(&mut w, by("ana"), command)), expected, "corrected: {more}");
    }
}

#[test]
fn a_sample_is_received_by_another_person_than_handed_it_over() {
    let place = json!({ "place": "laboratory" });
    let broken = [(ExceptionKind::OutOfOrder, Severity::Major)];
    let mut w = drawn();
    w.does(by("ana"), recording(&w, FIRST, &json!({})));
    let mut alone = w.clone();
    let found = opens(&mut alone, by("ana"), point("received", place.clone()));
    assert_eq!(kinds(&found), broken, "nobody handed it over");
    assert_eq!(opens(&mut w, by("ana"), point("handed-over", place.clone())), []);
    let found = opens(&mut w.clone(), by("ana"), point("received", place.clone()));
    assert_eq!(kinds(&found), broken, "to herself");
    w.does(by("lab"), withdrawn("1", "mL"));
    assert_eq!(opens(&mut w, by("lab"), point("received", place.clone())), []);
    let found = opens(&mut w, by("ben"), point("received", place));
    assert_eq!(kinds(&found), broken, "it had been received");
}

// shows: C211-194a.a
#[test]
fn a_result_stands_on_the_sample_of_its_own_occurrence() {
    let mut w = drawn_twice();
    assert_eq!(opens(&mut w.clone(), by("lab"), determined(1, "4.6", "d-1")), []);
    // A small l is drawn like a one: it is of this sample, and somebody looks at the label.
    let found = opens(&mut w, by("lab"), determined(1, "4.6", "D-l"));
    assert_eq!(kinds(&found), [(ExceptionKind::LookAlike, Severity::Major)], "{found:?}");
    for (k, own) in [(2, "its own is D-2"), (3, "its own is not recorded yet")] {
        let found = opens(&mut w, by("lab"), determined(k, "4.6", "D-1"));
        assert_eq!(kinds(&found), [(ExceptionKind::UnknownReference, Severity::Major)], "{k}");
        let detail = &found[0].2;
        assert!(detail.contains("which belongs to OP-1~1/draw~1/s") && detail.ends_with(own));
    }
    assert_eq!(opens(&mut w, by("lab"), determined(2, "4.6", "D-2")).len(), 1, "a repeat alone");
}

#[test]
fn who_corrects_a_sample_that_was_tested_is_told_which_results_stand_on_it() {
    let mut w = drawn_twice();
    w.does(by("lab"), determined(1, "4.6", "D-1"));
    w.does(by("lab"), determined(2, "4.7", "D-2"));
    let slip = sent(w.correct(FIRST, "", None, true), taken(&w, &json!({ "id": "D-9" })));
    assert_eq!(w.refused(by("ana"), slip), "not-a-slip");
    w.later(5);
    let command = correcting(&w, FIRST, &json!({ "id": "D-2" }));
    let found = opens(&mut w, by("ana"), command);
    let corrected = found.iter().find(|it| it.0 == ExceptionKind::Correction).expect("found");
    assert_eq!(corrected.1, Severity::Major);
    for named in [
        "determination 1 of OP-1~1/draw~1/titer on D-1 by Printed lab",
        "determination 1 of OP-1~1/draw~2/titer by Printed lab names D-2 already",
    ] {
        assert!(corrected.2.contains(named), "{}", corrected.2);
    }
    let current = w.entry(&at_entry(FIRST)).and_then(|entry| entry.current()).expect("corrected");
    let tests = current.superseded_uses.iter().filter(|used| used.starts_with("determination"));
    assert_eq!(tests.count(), 2, "{:?}", current.superseded_uses);
    // In somebody else's hands it is used too.
    let mut w = drawn();
    w.does(by("ana"), recording(&w, FIRST, &json!({})));
    w.does(by("ana"), point("handed-over", json!({ "place": "airlock" })));
    w.later(5);
    let command = correcting(&w, FIRST, &json!({ "id": "D-9" }));
    let found = opens(&mut w, by("ana"), command);
    assert_eq!(kinds(&found), [(ExceptionKind::Correction, Severity::Major)]);
    assert!(found[0].2.contains("handed-over by Printed ana"), "{found:?}");
}

// shows: C211-165.b, C211-194a.g
#[test]
fn an_investigation_is_not_one_persons_affair_and_a_tester_or_quality_looks_over_a_result() {
    let mut w = drawn();
    w.does(by("ana"), recording(&w, FIRST, &json!({})));
    w.does(by("lab"), determined(1, "3.1", "D-1"));
    let at = at_entry("OP-1~1/draw~1/titer");
    let takes = |step: InvestigationStep| {
        RunCommand::InvestigateResult(InvestigateResult { at: at.clone(), of: None, step })
    };
    let cause = "standard expired".to_owned();
    let found = InvestigationStep::AssignableCause { found: true, cause, invalidates: vec![1] };
    for who in ["lab", "luz"] {
        let finding = "standard expired".to_owned();
        let raw =
            json!({ "name": "run.csv", "sha256": "00", "bytes": 1, "media_type": "text/csv" });
        let raw_data = vec![serde_json::from_value(raw).expect("a file")];
        let (speaker, claim, unavailable) = (None, None, None);
        let step = InvestigationStep::Laboratory { speaker, finding, raw_data, claim, unavailable };
        w.does(by(who), takes(step));
    }
    let named = || serde_json::from_value(json!({ "user_name": "lena" })).expect("an analyst");
    let plan = || InvestigationStep::RetestPlan {
        retests: 1,
        rationale: "replaces it".into(),
        analyst: named(),
    };
    let report =
        || InvestigationStep::Reportable { determination: 2, conclusion: "as found".into() };
    w.does(by("quinn"), takes(found));
    assert_eq!(w.refused(by("quinn"), takes(plan())), "requester-is-approver");
    w.does(by("quentin"), takes(plan()));
    w.does(by("lena"), determined(1, "4.4", "D-1"));
    assert_eq!(w.refused(by("quinn"), takes(report())), "requester-is-approver");
    w.does(by("quentin"), takes(report()));
    let check = w.check_entry("OP-1~1/draw~1/titer");
    for who in ["ben", "sue"] {
        assert_eq!(w.refused(by(who), check.clone()), "authority-missing", "{who}");
    }
    assert_eq!(w.refused(by("lab"), check.clone()), "witness-is-performer");
    assert_eq!(w.refused(by("quentin"), check.clone()), "witness-is-performer");
    w.does(by("quinn"), check);
}
