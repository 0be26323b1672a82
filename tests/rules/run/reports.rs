//! Reports: stored, then judged. Nothing well-formed is lost, and nothing is granted by it.

use super::order::{harvested, inoculated};
use super::scene::process;
use super::world::{World, at_entry, at_step, by, input};
use batchwright::domain::clock::Instant;
use batchwright::domain::exception::{ExceptionKind, Severity};
use batchwright::domain::run::acts::{
    AcknowledgeAlerts, DecideNotDeviation, DeclareAbsent, DeclareStepNotPerformed, RecordEntry,
    RecordTrailPoint, ReportHappening, RunCommand,
};
use batchwright::domain::words::{Absence, Basis, OnCritical, Place};

fn prepared() -> World {
    let mut w = World::new(process());
    w.does(by("ana"), w.start("OP-1~1/prep~1"));
    w
}

fn kinds(w: &World) -> Vec<ExceptionKind> {
    w.run.exceptions.iter().map(|exception| exception.opened.kind).collect()
}

/// A report with more said about it.
fn told(
    w: &World,
    at: &str,
    value: &str,
    performed_at: Option<Instant>,
    basis: Basis,
    reason: Option<&str>,
    confirmed: bool,
) -> RunCommand {
    let at = at_entry(at);
    let input = input(&w.run, &at, value);
    let reason = reason.map(str::to_owned);
    RunCommand::RecordEntry(RecordEntry { at, input, performed_at, basis, reason, confirmed })
}

const PH: &str = "OP-1~1/prep~1/ph";

// shows: F4.a, F4.b, T8.a
#[test]
fn a_value_out_of_limits_is_stored_and_its_exception_stays_when_it_is_corrected() {
    let mut w = prepared();
    w.does(by("ana"), w.record(PH, "7.50"));
    let opened = &w.run.exceptions[0].opened;
    assert_eq!(
        (opened.kind, opened.severity, opened.effect),
        (ExceptionKind::OutOfAcceptance, Severity::Critical, OnCritical::Gate)
    );
    w.later(5);
    w.does(by("ana"), w.correct(PH, "6.85", Some("probe not immersed"), false));
    assert_eq!(w.open_exceptions(), [1]);
    let versions = &w.entry(&at_entry(PH)).expect("recorded").versions;
    assert_eq!(versions.len(), 2);
    assert!(versions[0].raw.contains("7.50"));
}

// shows: P11-10e3.a, T9.a
#[test]
fn a_second_first_value_overwrites_nothing() {
    let mut w = prepared();
    w.does(by("ana"), w.record(PH, "6.85"));
    assert_eq!(w.refused(by("ben"), w.record(PH, "6.90")), "already-recorded");
    let refusal = w.ask(by("ben"), &w.record(PH, "6.90")).expect_err("refused");
    assert!(refusal.rule.resolution.contains("another occurrence"));
}

// shows: A11-05.b, DI-Q1b.a
#[test]
fn what_cannot_be_read_or_does_not_exist_is_refused_and_only_that() {
    let w = prepared();
    assert_eq!(w.refused(by("ana"), w.record(PH, "about seven")), "malformed");
    for at in ["OP-1~1/prep~1/nothing", "OP-1~1/nothing~1/ph", "OP-9~1/prep~1/ph", "nothing"] {
        assert_eq!(w.refused(by("ana"), w.record(at, "1")), "occurrence-unknown", "{at}");
    }
    assert_eq!(w.refused(by("ana"), w.record("OP-1~1/sample~7/count", "1")), "occurrence-unknown");
}

// shows: P11-10g.a, F9.a
#[test]
fn who_may_not_record_is_refused_and_who_lacks_the_steps_authority_is_stored() {
    let mut w = prepared();
    for who in ["quinn", "adam"] {
        assert_eq!(w.refused(by(who), w.record(PH, "6.85")), "authority-missing", "{who}");
        assert_eq!(w.refused(by(who), w.start("OP-1~1/sample~1")), "authority-missing", "{who}");
    }
    // The analyst may record, but not here: a request is refused, a report stored.
    assert_eq!(w.refused(by("lab"), w.start("OP-1~1/sample~1")), "authority-missing");
    w.does(by("lab"), w.record(PH, "6.85"));
    assert_eq!(kinds(&w), [ExceptionKind::Unqualified]);
    assert!(w.entry(&at_entry(PH)).and_then(|e| e.current()).expect("stored").check_owed);
}

// shows: C211-100b.b, F7.a, F7.b
#[test]
fn a_late_entry_is_stored_and_owes_reason_and_checker_and_the_future_is_refused() {
    let mut w = prepared();
    w.later(20);
    let at = |minutes| Some(w.now.plus_minutes(minutes));
    let (ahead, soon, grace, late) = (at(3), at(2), at(-15), at(-16));
    let refused = told(&w, PH, "6.85", ahead, Basis::Direct, None, false);
    assert_eq!(w.refused(by("ana"), refused), "performed-in-the-future");
    let mut in_time = w.clone();
    in_time.does(by("ana"), told(&w, PH, "6.85", soon, Basis::Direct, None, false));
    assert_eq!(kinds(&in_time), [], "two clocks may be two minutes apart");
    let mut in_time = w.clone();
    in_time.does(by("ana"), told(&w, PH, "6.85", grace, Basis::Direct, None, false));
    assert_eq!(kinds(&in_time), []);
    w.does(by("ana"), told(&w, PH, "6.85", late, Basis::Direct, None, false));
    assert_eq!(kinds(&w), [ExceptionKind::LateEntry]);
    assert!(w.run.exceptions[0].opened.detail.contains("no reason"));
    assert!(w.entry(&at_entry(PH)).and_then(|e| e.current()).expect("stored").check_owed);
    assert_eq!(w.run.exceptions[0].opened.effect, OnCritical::Continue);
}

// shows: MHRA-4.a
#[test]
fn a_scribe_names_who_did_it_and_both_took_part() {
    let mut w = prepared();
    let for_whom = |name: &str| Basis::Scribe { performed_by: name.into() };
    for nobody in ["ana", "nobody"] {
        let report = told(&w, PH, "6.85", None, for_whom(nobody), None, false);
        assert_eq!(w.refused(by("ana"), report), "performer-unknown");
    }
    w.does(by("ana"), told(&w, PH, "6.85", None, for_whom("ben"), None, false));
    assert_eq!(kinds(&w), [ExceptionKind::OnBehalf]);
    assert!(w.run.participants.contains(&w.person("ben").key.id));
    assert_eq!(w.refused(by("ben"), w.check_entry(PH)), "witness-is-performer");
    w.later(5);
    w.does(by("sue"), w.check_entry(PH));
}

/// A run whose first step has begun, with a scribe planned beside its performer or without, and with a
/// colleague who has left.
fn scribed(planned: bool) -> World {
    let mut document = serde_json::to_value(process()).expect("JSON");
    document["unit_procedures"][0]["operations"][0]["steps"][0]["scribe"] = planned.into();
    let mut w = World::new(serde_json::from_value(document).expect("a master record"));
    let mut people = w.people.to_vec();
    let mut gone = super::scene::person("gus", 9, &["operator"]);
    gone.active = false;
    people.push(gone);
    w.people = people.into();
    w.does(by("ana"), w.start("OP-1~1/prep~1"));
    w
}

// shows: MHRA-4.b, F9.a
#[test]
fn whoever_may_not_record_here_is_no_performer_though_a_scribe_says_so() {
    for planned in [true, false] {
        let start = scribed(planned);
        for who in ["quinn", "quentin", "adam", "gus"] {
            let mut w = start.clone();
            let basis = Basis::Scribe { performed_by: who.into() };
            w.does(by("ana"), told(&w, PH, "6.85", None, basis.clone(), None, false));
            let found = &w.run.exceptions[0].opened;
            assert_eq!((found.kind, found.severity), (ExceptionKind::Unqualified, Severity::Major));
            assert!(found.detail.contains(who), "{}", found.detail);
            assert_eq!(kinds(&w).contains(&ExceptionKind::OnBehalf), !planned);
            let version = w.entry(&at_entry(PH)).and_then(|e| e.current()).expect("stored");
            assert!(version.check_owed && version.performer.is_none());
            assert_eq!(version.basis, basis, "what was said stays");
            let id = w.person(who).key.id;
            assert!(!w.run.participants.contains(&id), "{who} takes part because ana says so");
            assert!(w.run.steps.values().all(|step| !step.performers.contains(&id)));
            assert_eq!(format!("{:?}", w.replay()), format!("{:?}", w.run));
        }
        // Quality is as independent as before, and judges what was said of it.
        let mut w = start.clone();
        let basis = Basis::Scribe { performed_by: "quinn".into() };
        w.does(by("ana"), told(&w, PH, "6.85", None, basis, None, false));
        let rationale = "quinn was not in the room".to_owned();
        w.does(
            by("quinn"),
            RunCommand::DecideNotDeviation(DecideNotDeviation { exception: 1, rationale }),
        );
    }
}

// shows: MHRA-4.b
#[test]
fn a_performer_with_another_authority_to_record_took_part_and_stands_out() {
    let mut w = scribed(true);
    let basis = Basis::Scribe { performed_by: "lab".into() };
    w.does(by("ana"), told(&w, PH, "6.85", None, basis, None, false));
    assert_eq!(kinds(&w), [ExceptionKind::Unqualified]);
    assert!(w.run.participants.contains(&w.person("lab").key.id));
    assert_eq!(w.refused(by("lab"), w.check_entry(PH)), "witness-is-performer");
    // A lock says nothing about hands.
    let mut w = scribed(true);
    let mut people = w.people.to_vec();
    people[1].locked = Some(w.now);
    w.people = people.into();
    let basis = Basis::Scribe { performed_by: "ben".into() };
    w.does(by("ana"), told(&w, PH, "6.85", None, basis, None, false));
    assert_eq!(kinds(&w), []);
    assert!(w.run.participants.contains(&w.person("ben").key.id));
}

// shows: A11D-10a.a
#[test]
fn an_implausible_value_asks_confirmation_and_both_attempts_stay() {
    let mut w = prepared();
    // Who confirms before being asked is asked.
    let at_once = told(&w, PH, "68.5", None, Basis::Direct, None, true);
    assert_eq!(w.does(by("ana"), at_once.clone()), ["run.implausible-value-kept"]);
    assert!(w.entry(&at_entry(PH)).expect("kept").current().is_none());
    let mut meant = w.clone();
    meant.does(by("ana"), at_once);
    assert_eq!(kinds(&meant), [ExceptionKind::OutOfAcceptance, ExceptionKind::Implausible]);
    w.does(by("ana"), w.record(PH, "6.85"));
    let entry = w.entry(&at_entry(PH)).expect("recorded");
    assert_eq!((entry.attempts.len(), entry.versions.len()), (1, 1));
    assert_eq!(kinds(&w), []);
}

#[test]
fn a_report_after_the_step_or_its_operation_is_stored_out_of_order() {
    let mut w = inoculated();
    w.does(by("ana"), w.record("OP-1~1/prep~1/note", "forgotten"));
    assert_eq!(kinds(&w), [ExceptionKind::OutOfOrder]);
    let mut w = harvested();
    w.does(by("ana"), w.record("OP-1~1/feed~2/ph", "6.85"));
    assert_eq!(kinds(&w), [ExceptionKind::FoundRunning, ExceptionKind::OutOfOrder]);
    w.does(by("ana"), w.complete("OP-1~1/feed~2"));
    // A result due at release comes when it comes.
    w.does(by("ana"), w.record("OP-1~1/sample~1/count", "3"));
    let before = w.run.exceptions.len();
    w.does(by("lab"), w.record("OP-1~1/sample~1/myco", "negative"));
    w.does(by("lab"), w.record("sterile", "sterile"));
    assert_eq!(w.run.exceptions.len(), before);
}

// shows: Q7-8.36.a
#[test]
fn readings_on_the_way_to_a_target_raise_no_alarm() {
    let mut w = harvested();
    w.does(by("ana"), w.start("OP-2~1/load~1"));
    let at = at_entry("OP-2~1/load~1/titrate");
    let point = |kind: &str, value: &str, unit: &str| {
        RunCommand::RecordTrailPoint(RecordTrailPoint {
            at: at.clone(),
            kind: kind.into(),
            input: batchwright::domain::entry::Input {
                value: serde_json::Value::String(value.into()),
                unit: Some(unit.into()),
            },
        })
    };
    w.does(by("ana"), point("reading", "5.10", "[pH]"));
    w.does(by("ana"), point("addition", "0.40", "kg"));
    w.does(by("ana"), point("reading", "3.52", "[pH]"));
    assert_eq!(w.refused(by("ana"), point("guess", "3.5", "[pH]")), "malformed");
    w.does(by("ana"), w.record("OP-2~1/load~1/titrate", "3.52"));
    assert!(w.run.exceptions.is_empty());
    assert_eq!(w.entry(&at).expect("recorded").trail.len(), 3);
}

fn absent(at: &str, absence: Absence, reason: &str) -> RunCommand {
    RunCommand::DeclareAbsent(DeclareAbsent { at: at_entry(at), absence, reason: reason.into() })
}

// shows: C211-100b.c, F13.b, T20.a
#[test]
fn the_three_absences_differ() {
    use Absence::{NotApplicable, NotAvailable, NotPerformed};
    let mut w = prepared();
    let note = "OP-1~1/prep~1/note";
    assert_eq!(w.refused(by("ana"), absent(note, NotApplicable, " ")), "reason-required");
    let mut optional = w.clone();
    optional.does(by("ana").unsigned(), absent(note, NotPerformed, "no need"));
    assert_eq!(kinds(&optional), []);
    // Mandatory: a supervisor signs and an exception tells of it, whichever of the three it is.
    for (absence, severity, effect) in [
        (NotApplicable, Severity::Minor, OnCritical::Continue),
        (NotPerformed, Severity::Major, OnCritical::Gate),
        (NotAvailable, Severity::Major, OnCritical::Gate),
    ] {
        let mut w = w.clone();
        let lost = absent(PH, absence, "probe broke");
        assert_eq!(w.refused(by("sue").unsigned(), lost.clone()), "signature-required");
        assert_eq!(w.refused(by("ana"), lost.clone()), "supervisor-required");
        assert_eq!(w.refused(by("ana").with("ben"), lost.clone()), "authority-missing");
        w.does(by("ana").with("sue"), lost.clone());
        assert_eq!(kinds(&w), [ExceptionKind::NotPerformed]);
        let opened = &w.run.exceptions[0].opened;
        assert_eq!((opened.severity, opened.effect), (severity, effect), "{absence:?}");
        assert_eq!(w.refused(by("sue"), lost), "already-recorded");
        w.does(by("ana"), w.complete("OP-1~1/prep~1"));
    }
    w.does(by("sue"), absent(PH, NotPerformed, "probe broke"));
    assert_eq!(
        w.refused(by("sue"), absent("OP-1~1/sample~1/count", NotPerformed, "x")),
        "step-not-started"
    );
}

#[test]
fn a_supervisor_declares_a_step_not_performed_when_its_turn_has_come() {
    let mut w = inoculated();
    let not = |key: &str| {
        RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed {
            step: at_step(key),
            reason: "pump broke".into(),
        })
    };
    assert_eq!(w.refused(by("sue"), not("OP-1~1/end~1")), "out-of-order");
    assert_eq!(w.refused(by("ana"), not("OP-1~1/feed~1")), "supervisor-required");
    w.does(by("ana").with("sue"), not("OP-1~1/feed~1"));
    assert_eq!(kinds(&w), [ExceptionKind::NotPerformed]);
    assert_eq!(w.refused(by("sue"), not("OP-1~1/feed~1")), "already-complete");
    assert_eq!(w.refused(by("ana"), w.complete("OP-1~1/feed~1")), "already-complete");
    w.does(by("ana"), w.start("OP-1~1/end~1"));
}

// shows: A11D-08.a
#[test]
fn alerts_are_acknowledged_with_a_comment() {
    let mut w = prepared();
    let seen = |comment: &str| {
        RunCommand::AcknowledgeAlerts(AcknowledgeAlerts {
            operation: "OP-1~1".parse().expect("an occurrence"),
            comment: comment.into(),
        })
    };
    assert_eq!(w.refused(by("ana"), seen("x")), "no-alerts");
    w.does(by("ana"), w.record(PH, "7.05"));
    assert_eq!(kinds(&w), []);
    assert_eq!(w.refused(by("ana"), seen("")), "reason-required");
    w.does(by("ana"), seen("known drift"));
    assert!(w.run.operations.values().all(|op| op.alerts_acknowledged.is_some()));
}

#[test]
fn anybody_on_the_floor_reports_an_event() {
    let mut w = prepared();
    let event = |what: &str| {
        RunCommand::ReportHappening(ReportHappening {
            place: Place::Batch,
            what: what.into(),
            enclosures: Vec::new(),
        })
    };
    assert_eq!(w.refused(by("ana"), event("")), "reason-required");
    assert_eq!(w.refused(by("adam"), event("leak")), "authority-missing");
    w.does(by("lab"), event("a leak under bioreactor 2"));
    assert_eq!(kinds(&w), [ExceptionKind::Event]);
    assert!(w.run.participants.contains(&w.person("lab").key.id));
}
