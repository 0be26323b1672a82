//! Limits of time: hold times, periods, verifications. What runs out opens its exception by itself, once.

use super::scene::{master, note, ph, step};
use super::world::{World, at_entry, at_step, by};
use batchwright::domain::clock::{Instant, MINUTE};
use batchwright::domain::exception::{Exception, ExceptionKind};
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::time::next_due;
use batchwright::domain::run::acts::{
    AbortRun, DecideNotDeviation, NoticeOverdue, PassGate, RecordEntry, RunCommand,
};
use batchwright::domain::run::time::{Limit, Sort, State, limits};
use batchwright::domain::words::{Basis, OnCritical};
use serde_json::{Value, json};

/// A thaw and a charge with a hold between them, and an hourly feed that cares for the culture.
pub fn held(timer: &Value) -> MasterRecord {
    master(
        json!([{ "id": "A", "name": "Culture", "steps": [
            step("thaw", json!([note("n", false)]), json!({})),
            step("feed", json!([ph("ph")]), json!({ "care": true, "occurs": { "min": 1 },
                "every": "PT60M", "grace": "PT15M", "on_critical": "continue" })),
            step("charge", json!([note("n", false)]), json!({ "after": ["thaw"],
                "irreversible": "charge", "timers": [timer] })),
        ] }]),
        json!([{ "id": "G", "name": "Charge", "before": ["charge"] }]),
        json!([]),
    )
}

pub fn hold() -> Value {
    json!({ "id": "hold", "name": "Thaw to charge", "min": "PT5M", "max": "PT30M",
        "starts": { "of": "thaw", "at": "completed" },
        "stops": { "of": "charge", "at": "started" } })
}

fn thawed(recipe: MasterRecord) -> World {
    let mut w = World::new(recipe);
    w.does(by("ana"), w.start("A~1/thaw~1"));
    w.does(by("ana"), w.complete("A~1/thaw~1"));
    w.does(by("sue"), RunCommand::PassGate(PassGate { gate: "G".into() }));
    w
}

#[track_caller]
pub fn limit(w: &World, id: &str) -> Limit {
    let all = limits(&w.run, w.now);
    let found = all.iter().find(|limit| limit.id == id).cloned();
    found
        .unwrap_or_else(|| panic!("no {id} in {:?}", all.iter().map(|l| &l.id).collect::<Vec<_>>()))
}

pub fn of_kind(w: &World, kind: ExceptionKind) -> Vec<&Exception> {
    w.run.exceptions.iter().filter(|exception| exception.opened.kind == kind).collect()
}

pub const HOLD: &str = "timer/A~1/charge~1/hold";

// shows: C211-111.a
#[test]
fn a_hold_time_runs_from_one_step_to_another_and_is_kept_on_the_bound() {
    let mut w = World::new(held(&hold()));
    assert_eq!(limit(&w, HOLD).state, State::Pending);
    w.does(by("ana"), w.start("A~1/thaw~1"));
    assert_eq!(limit(&w, HOLD).state, State::Pending);
    w = thawed(held(&hold()));
    w.later(10);
    let running = limit(&w, HOLD);
    assert_eq!((running.state, running.remaining), (State::Running, Some(20 * MINUTE)));
    assert_eq!(next_due(&w.run, w.now), running.due);
    w.later(20);
    w.does(by("ana"), w.start("A~1/charge~1"));
    assert_eq!(limit(&w, HOLD).state, State::Met, "the bound itself is inside");
    w.later(600);
    assert_eq!(limit(&w, HOLD).state, State::Met);
    assert!(of_kind(&w, ExceptionKind::HoldTime).is_empty());
}

// shows: C211-111.b
#[test]
fn a_hold_time_that_runs_out_closes_the_gate_before_the_act_that_would_pass_it() {
    let mut w = thawed(held(&hold()));
    w.now = Instant(w.now.0 + 30 * MINUTE + 1);
    assert_eq!(limit(&w, HOLD).state, State::Overdue);
    let refusal = w.ask(by("ana"), &w.start("A~1/charge~1")).expect_err("the gate is closed");
    assert_eq!(refusal.rule.code, "gate-closed");
    assert!(w.run.exceptions.is_empty(), "a refused act leaves nothing");
    // Any act that is done notices it first; care is never blocked.
    let names = w.does(by("ana"), w.start("A~1/feed~1"));
    assert_eq!(names[..2], ["run.overdue-noticed", "run.exception-opened"]);
    let opened = of_kind(&w, ExceptionKind::HoldTime)[0].clone();
    assert_eq!(opened.opened.effect, OnCritical::Gate);
    assert_eq!(opened.by.person, None, "nobody's act opened it");
    assert!(w.does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {})).is_empty(), "once");
    assert_eq!(w.refused(by("ana"), w.start("A~1/charge~1")), "gate-closed");
    let no = opened.opened.no;
    let rationale = "cells counted: viable".to_owned();
    w.does(
        by("quinn"),
        RunCommand::DecideNotDeviation(DecideNotDeviation { exception: no, rationale }),
    );
    w.does(by("ana"), w.start("A~1/charge~1"));
    assert_eq!(limit(&w, HOLD).state, State::Overdue, "late stays late");
    assert_eq!(of_kind(&w, ExceptionKind::HoldTime).len(), 1);
}

// shows: C211-111.b
#[test]
fn a_hold_time_too_short_opens_its_exception_at_the_act_that_ended_it() {
    let mut w = thawed(held(&hold()));
    w.later(4);
    let names = w.does(by("ana"), w.start("A~1/charge~1"));
    assert_eq!(names, ["run.step-started", "run.overdue-noticed", "run.exception-opened"]);
    assert_eq!(limit(&w, HOLD).state, State::TooShort);
    assert!(of_kind(&w, ExceptionKind::HoldTime)[0].opened.detail.contains("not to end before"));
    assert!(w.does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {})).is_empty());
    let mut w = thawed(held(&hold()));
    w.later(5);
    w.does(by("ana"), w.start("A~1/charge~1"));
    assert_eq!(limit(&w, HOLD).state, State::Met, "the bound itself is inside");
}

#[test]
fn grace_is_no_exception_and_the_timer_says_its_own_effect() {
    let mut timer = hold();
    timer["grace"] = "PT10M".into();
    timer["on_expiry"] = "continue".into();
    timer["warn_before"] = "PT5M".into();
    let mut w = thawed(held(&timer));
    w.later(35);
    let late = limit(&w, HOLD);
    assert_eq!((late.state, late.remaining), (State::Running, Some(-5 * MINUTE)));
    assert_eq!(late.warn_from.map(|at| at.plus_minutes(5)), late.due);
    w.later(6);
    w.does(by("ana"), w.start("A~1/charge~1"));
    assert_eq!(of_kind(&w, ExceptionKind::HoldTime)[0].opened.effect, OnCritical::Continue);
}

#[test]
fn a_declared_time_counts_once_a_checker_confirmed_it_and_both_are_shown() {
    let timer = json!({ "id": "hold", "name": "Thaw to note", "max": "PT30M",
        "starts": { "of": "thaw", "at": "completed" },
        "stops": { "of": "charge", "at": "entry", "entry": "n" } });
    let mut w = thawed(held(&timer));
    w.does(by("ana"), w.start("A~1/charge~1"));
    let begun = w.now;
    w.later(50);
    let late = RunCommand::RecordEntry(RecordEntry {
        at: at_entry("A~1/charge~1/n"),
        input: super::world::input(&w.run, &at_entry("A~1/charge~1/n"), "done at 20"),
        performed_at: Some(begun.plus_minutes(20)),
        basis: Basis::Direct,
        reason: Some("both hands in the hood".into()),
        confirmed: false,
    });
    w.does(by("ana"), late);
    assert_eq!(of_kind(&w, ExceptionKind::HoldTime).len(), 1, "by the server's clock it ran out");
    let told = limit(&w, HOLD);
    let performed = told.performed.expect("declared");
    assert_eq!(performed.ended, Some(begun.plus_minutes(20)));
    assert_eq!(told.recorded.and_then(|reading| reading.ended), Some(begun.plus_minutes(50)));
    assert_eq!(told.ended, Some(begun.plus_minutes(50)), "nobody has confirmed it");
    w.does(by("ben"), w.check_entry("A~1/charge~1/n"));
    let told = limit(&w, HOLD);
    assert_eq!(told.ended, Some(begun.plus_minutes(20)));
    assert_eq!(told.state, State::Overdue, "quality decides on the exception, not the clock");
}

// shows: C211-111.d
#[test]
fn a_correction_sets_no_time_anew() {
    let timer = json!({ "id": "hold", "name": "Note to charge", "max": "PT30M",
        "starts": { "of": "thaw", "at": "entry", "entry": "n" },
        "stops": { "of": "charge", "at": "started" } });
    let mut w = World::new(held(&timer));
    w.does(by("ana"), w.start("A~1/thaw~1"));
    w.does(by("ana"), w.record("A~1/thaw~1/n", "ice gone"));
    let began = w.now;
    w.later(20);
    w.does(by("ana"), w.correct("A~1/thaw~1/n", "ice all gone", Some("wording"), false));
    assert_eq!(limit(&w, HOLD).started, Some(began));
}

#[test]
fn a_period_is_measured_from_the_occurrence_before_and_overdue_after_its_grace() {
    let mut w = thawed(held(&hold()));
    let first = "period/A~1/feed~1";
    assert_eq!(limit(&w, first).remaining, Some(60 * MINUTE));
    w.later(75);
    assert_eq!(limit(&w, first).state, State::Running, "grace is inside");
    w.does(by("ana"), w.start("A~1/feed~1"));
    w.does(by("ana"), w.record("A~1/feed~1/ph", "6.85"));
    w.does(by("ana"), w.complete("A~1/feed~1"));
    assert_eq!(limit(&w, first).state, State::Met);
    let second = "period/A~1/feed~2";
    assert_eq!(limit(&w, second).due, Some(w.now.plus_minutes(60)));
    w.later(76);
    assert_eq!(limit(&w, second).state, State::Overdue);
    w.does(by("ana"), w.start("A~1/feed~2"));
    assert_eq!(of_kind(&w, ExceptionKind::Overdue).len(), 1);
    assert_eq!(limit(&w, "period/A~1/feed~3").due, Some(w.now.plus_minutes(60)));
}

#[test]
fn an_overdue_occurrence_stays_owed_while_its_operation_runs() {
    use batchwright::domain::run::obligations::{ObligationFacts, obligations};
    let mut w = thawed(held(&hold()));
    w.later(80);
    let owed = |w: &World| {
        let list = obligations(&w.run, &ObligationFacts::default(), w.now);
        list.into_iter().find(|one| one.id == "period/A~1/feed~1/due")
    };
    assert!(owed(&w).is_some_and(|one| !one.settled()));
    w.does(by("ana"), w.start("A~1/feed~1"));
    assert!(owed(&w).is_none());
    let step = at_step("A~1/feed~2");
    assert!(limits(&w.run, w.now).iter().any(|limit| limit.step == Some(step.clone())));
}

#[test]
fn nothing_runs_out_any_more_in_an_aborted_run() {
    let mut w = thawed(held(&hold()));
    w.does(by("sue"), RunCommand::AbortRun(AbortRun { reason: "contaminated".into() }));
    w.later(600);
    let running: Vec<_> = limits(&w.run, w.now)
        .into_iter()
        .filter(|limit| matches!(limit.state, State::Running | State::Overdue))
        .collect();
    assert!(running.is_empty(), "{running:?}");
    assert_eq!(next_due(&w.run, w.now), None);
}

/// A weighing that a second person verifies within half an hour.
pub fn verified_in_half_an_hour() -> MasterRecord {
    master(
        json!([{ "id": "A", "name": "A", "steps": [
            step("weigh", json!([note("n", false)]), json!({ "significant": true,
                "second_person": { "mode": "verify-after", "within_minutes": 30 } })),
        ] }]),
        json!([]),
        json!([]),
    )
}

// shows: F10.b
#[test]
fn a_verification_that_is_late_opens_its_exception_without_anybody_checking() {
    let mut w = World::new(verified_in_half_an_hour());
    w.does(by("ana"), w.start("A~1/weigh~1"));
    w.does(by("ana"), w.complete("A~1/weigh~1"));
    w.later(31);
    assert_eq!(limit(&w, "check/A~1/weigh~1/1").sort, Sort::Check);
    w.does(by("ana"), RunCommand::NoticeOverdue(NoticeOverdue {}));
    assert_eq!(of_kind(&w, ExceptionKind::Overdue)[0].opened.effect, OnCritical::Continue);
    w.does(by("ben"), w.check("A~1/weigh~1"));
    assert_eq!(w.run.exceptions.len(), 1, "one fact, one exception");
}

// shows: C211-100b.b
#[test]
fn a_step_says_how_late_its_entries_may_be_and_a_time_before_it_began_stands_out() {
    let recipe = master(
        json!([{ "id": "A", "name": "A", "steps": [
            step("hood", json!([note("n", false), note("m", false), note("o", false)]),
                json!({ "record_within": "PT1H" })),
        ] }]),
        json!([]),
        json!([]),
    );
    let mut w = World::new(recipe);
    w.does(by("ana"), w.start("A~1/hood~1"));
    let began = w.now;
    let done = |w: &World, entry: &str, at: Instant| {
        RunCommand::RecordEntry(RecordEntry {
            at: at_entry(&format!("A~1/hood~1/{entry}")),
            input: super::world::input(&w.run, &at_entry(&format!("A~1/hood~1/{entry}")), "x"),
            performed_at: Some(at),
            basis: Basis::Direct,
            reason: Some("gloves".into()),
            confirmed: false,
        })
    };
    w.later(60);
    w.does(by("ana"), done(&w, "n", began));
    assert!(w.run.exceptions.is_empty(), "an hour is this step's grace");
    w.later(1);
    w.does(by("ana"), done(&w, "m", began));
    assert_eq!(of_kind(&w, ExceptionKind::LateEntry).len(), 1);
    w.does(by("ana"), done(&w, "o", began.plus_minutes(-1)));
    assert_eq!(of_kind(&w, ExceptionKind::OutOfOrder).len(), 1);
    assert_eq!(w.refused(by("ben"), done(&w, "o", w.now.plus_minutes(1))), "already-recorded");
}

// shows: MHRA-4.b
#[test]
fn a_planned_scribe_is_no_departure_and_stands_beside_the_performer() {
    for (planned, kinds) in [(true, vec![]), (false, vec![ExceptionKind::OnBehalf])] {
        let recipe = master(
            json!([{ "id": "A", "name": "A", "steps": [
                step("hood", json!([note("n", false)]), json!({ "scribe": planned })),
            ] }]),
            json!([]),
            json!([]),
        );
        let mut w = World::new(recipe);
        w.does(by("ana"), w.start("A~1/hood~1"));
        let at = at_entry("A~1/hood~1/n");
        let input = super::world::input(&w.run, &at, "clear");
        let basis = Basis::Scribe { performed_by: "ben".into() };
        let record = RunCommand::RecordEntry(RecordEntry {
            at,
            input,
            performed_at: None,
            basis,
            reason: None,
            confirmed: false,
        });
        w.does(by("ana"), record);
        let found: Vec<_> = w.run.exceptions.iter().map(|e| e.opened.kind).collect();
        assert_eq!(found, kinds);
        let version = w.entry(&at_entry("A~1/hood~1/n")).and_then(|e| e.current()).expect("one");
        assert_eq!(version.performer, Some(w.person("ben").key.id));
        assert_eq!(version.by.user_name, "ana");
        w.does(by("ana"), w.complete("A~1/hood~1"));
        let both = [w.person("ana").key.id, w.person("ben").key.id];
        assert!(both.iter().all(|id| w.run.participants.contains(id)));
    }
}
