//! Phases: what a run takes in each, and that a report is never lost while the record is open.

use super::order::{feed, harvested, inoculated};
use super::scene::process;
use super::world::{World, at_entry, by, effective};
use batchwright::domain::cross::issue;
use batchwright::domain::master::state::MasterPhase;
use batchwright::domain::policy::Authority;
use batchwright::domain::quantity::Quantity;
use batchwright::domain::run::Phase;
use batchwright::domain::run::acts::outcome::LotDecided;
use batchwright::domain::run::acts::{
    AbortRun, CloseRun, CompleteRun, PassGate, ReportHappening, ReviewRun, RunCommand, RunEvent,
    YieldLot,
};
use batchwright::domain::run::facts::RunFacts;
use batchwright::domain::words::Place;
use rust_decimal::Decimal;

/// Pooled and closed: all but the end of execution.
pub fn pooled() -> World {
    let mut w = harvested();
    w.does(by("ana"), w.start("OP-2~1/load~1"));
    w.does(by("ana"), w.record("OP-2~1/load~1/titrate", "3.52"));
    w.does(by("ana"), w.complete("OP-2~1/load~1"));
    w.does(by("ana"), w.start("OP-2~1/elute~1"));
    w.does(by("ana"), w.record("OP-2~1/elute~1/ph", "6.85"));
    w.does(by("ana"), w.complete("OP-2~1/elute~1"));
    w.later(5);
    w.does(by("ben"), w.check("OP-2~1/elute~1"));
    w.does(by("sue"), RunCommand::PassGate(PassGate { gate: "G-POOL".into() }));
    w.does(by("ana"), w.start("OP-2~1/pool~1"));
    w.does(by("ana"), w.complete("OP-2~1/pool~1"));
    w.does(by("ana"), w.close("OP-2~1"));
    w.does(by("sue"), yields());
    w
}

/// The output lot.
pub fn yields() -> RunCommand {
    let quantity = Quantity { value: Decimal::ONE, unit: "L".into() };
    RunCommand::YieldLot(YieldLot {
        number: "LOT-1".into(),
        material: "Product".into(),
        output: None,
        quantity,
        parents: Vec::new(),
    })
}

/// What a decision on the lot leaves here.
pub fn decided() -> RunEvent {
    RunEvent::LotDecided(LotDecided {
        lot: "LOT-1".into(),
        disposition: "rejected".into(),
        lot_seq: 2,
    })
}

pub fn complete(w: &World) -> RunCommand {
    RunCommand::CompleteRun(CompleteRun { expected: Some(w.run.seq) })
}

pub fn review(w: &World) -> RunCommand {
    RunCommand::ReviewRun(ReviewRun { conclusion: "in order".into(), expected: Some(w.run.seq) })
}

// shows: C211-188a.b, F16.a
#[test]
fn only_the_effective_master_is_issued_signed_as_issued_and_checked() {
    let w = World::new(process());
    assert!(w.run.issued.is_some());
    let recipe = process();
    let sue = w.person("sue");
    let facts = RunFacts::new(w.site.facts(), sue.account(), None);
    let stamp = batchwright::domain::command::Stamp {
        at: w.now,
        zone: batchwright::domain::clock::Zone::utc(),
        clock: batchwright::domain::clock::ClockKind::System,
        actor: Some(sue.actor()),
        session: None,
        station: None,
        signer: None,
        second: None,
        ids: Vec::new(),
    };
    let code = |master: &_, number: &str, facts: &RunFacts<'_>| {
        issue::issue(master, &recipe, facts, number, 1, &stamp).expect_err("refused").rule.code
    };
    let mut master = effective(&recipe);
    assert_eq!(code(&master, "B-1", &facts), "signature-required");
    assert_eq!(code(&master, "b\t1", &facts), "malformed");
    let ana = RunFacts::new(w.site.facts(), w.person("ana").account(), None);
    assert_eq!(code(&master, "B-1", &ana), "authority-missing");
    for phase in [MasterPhase::Draft, MasterPhase::Suspended, MasterPhase::Superseded] {
        master.phase = phase;
        assert_eq!(code(&master, "B-1", &facts), "master-not-effective", "{phase:?}");
    }
    for phase in [MasterPhase::Approved, MasterPhase::Effective] {
        master.phase = phase;
        master.effective_from = Some(w.now.plus_minutes(1));
        assert_eq!(code(&master, "B-1", &facts), "master-not-effective");
        master.effective_from = Some(w.now);
        assert_eq!(
            code(&master, "B-1", &facts),
            "signature-required",
            "on the date, to the moment"
        );
        master.superseded.insert(2, w.now);
        assert_eq!(code(&master, "B-1", &facts), "master-not-effective");
        master.superseded.clear();
    }
}

// shows: T21.a
#[test]
fn a_change_after_the_review_lapses_it_visibly() {
    let mut w = pooled();
    w.does(by("ana"), complete(&w));
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/sample~1")), "phase-forbids");
    w.does(by("lab"), w.record("sterile", "sterile"));
    w.does(by("quinn"), review(&w));
    assert_eq!(w.run.phase, Phase::Reviewed);
    w.later(10);
    let names = w.does(by("ana"), w.correct("OP-2~1/elute~1/ph", "6.9", Some("misread"), false));
    assert_eq!(names.last().map(String::as_str), Some("run.review-lapsed"));
    assert_eq!(w.run.phase, Phase::Complete);
    assert!(w.run.reviews.iter().all(|review| review.lapsed.is_some()));
}

// shows: F12.a
#[test]
fn after_an_abort_care_and_samples_stay_recordable_and_nothing_else_begins() {
    let mut w = inoculated();
    feed(&mut w, 1);
    w.does(by("sue"), RunCommand::AbortRun(AbortRun { reason: "contaminated".into() }));
    let before = w.run.exceptions.len();
    feed(&mut w, 2);
    w.does(by("ana"), w.start("OP-1~1/sample~1"));
    w.does(by("ana"), w.record("OP-1~1/sample~1/count", "3"));
    assert_eq!(w.run.exceptions.len(), before);
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/end~1")), "phase-forbids");
    assert_eq!(w.refused(by("ana"), w.close("OP-1~1")), "phase-forbids");
    // Anything else that happened is stored, with its exception.
    w.does(by("ana"), w.record("OP-1~1/prep~1/note", "swabbed"));
    assert!(w.run.exceptions.len() > before);
}

#[test]
fn a_closed_record_takes_facts_as_addenda_and_no_request() {
    let mut w = pooled();
    w.does(by("ana"), complete(&w));
    w.does(by("lab"), w.record("sterile", "sterile"));
    w.does(by("quinn"), review(&w));
    assert_eq!(w.refused(by("quinn"), RunCommand::CloseRun(CloseRun {})), "lots-undecided");
    w.hears(by("quinn"), decided());
    w.does(by("quinn"), RunCommand::CloseRun(CloseRun {}));
    assert_eq!(w.refused(by("ana"), w.start("OP-1~1/sample~1")), "record-final");
    let correct = w.correct("OP-2~1/elute~1/ph", "6.9", Some("misread"), false);
    assert_eq!(w.refused(by("ana"), w.complete("OP-2~1/elute~1")), "record-final");
    w.does(by("ana"), correct);
    assert_eq!(w.run.addenda[0].told.reason.as_deref(), Some("misread"));
    w.does(by("ana"), w.record("OP-1~1/sample~1/count", "1"));
    assert_eq!(w.run.addenda[1].told.reason, None, "its exception owes the reason");
    let owed = w.run.exceptions.last().expect("an exception");
    assert_eq!(w.run.addenda[1].told.exception, Some(owed.opened.no));
    assert_eq!(w.run.phase, batchwright::domain::run::Phase::Closed);
}

// shows: C211-192a.c, T4.a
#[test]
fn everyone_who_took_part_is_remembered_though_current_values_forget() {
    let mut w = pooled();
    // Ben's value is replaced by Ana's: he took part all the same.
    for who in ["ana", "ben", "sue"] {
        assert!(w.run.participants.contains(&w.person(who).key.id), "{who}");
    }
    for who in ["quinn", "quentin", "lab", "adam"] {
        assert!(!w.run.participants.contains(&w.person(who).key.id), "{who}");
    }
    w.does(by("lab"), w.record("sterile", "sterile"));
    assert!(w.run.participants.contains(&w.person("lab").key.id));
}

#[test]
fn the_journal_told_again_gives_the_state() {
    let mut w = pooled();
    w.does(by("ana"), complete(&w));
    w.does(by("lab"), w.record("sterile", "stérile"));
    assert_eq!(format!("{:?}", w.replay()), format!("{:?}", w.run));
    let role = permit_role(&w);
    assert_eq!(role, "operator");
    assert!(w.entry(&at_entry("sterile")).is_some());
}

/// Something happened in the batch.
pub fn happened(what: &str) -> RunCommand {
    let (place, what) = (Place::Batch, what.to_owned());
    RunCommand::ReportHappening(ReportHappening { place, what, enclosures: Vec::new() })
}

/// The role that stands in a permit of somebody who executes.
fn permit_role(w: &World) -> String {
    let event = happened("a noise");
    let ruling = w.ask(by("ana"), &event).expect("let");
    assert_eq!(ruling.permit.authority, Some(Authority::Execute));
    assert!(matches!(ruling.events[0].0, RunEvent::Happened(_)));
    assert!(matches!(ruling.events[1].0, RunEvent::ExceptionOpened(_)));
    ruling.permit.role
}
