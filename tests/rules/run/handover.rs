//! Handover: computed from the run, signed by two who may both record, small enough for the journal.

use super::scene::process;
use super::world::{World, by};
use batchwright::domain::clock::Zone;
use batchwright::domain::run::acts::{HandOver, PlaceHold, ReportHappening, RunCommand};
use batchwright::domain::run::floor::HandoverSection;
use batchwright::domain::run::handover::handover;
use batchwright::domain::run::obligations::ObligationFacts;
use batchwright::domain::signing::Meaning;
use batchwright::domain::words::{HoldScope, Place};

fn order() -> RunCommand {
    RunCommand::HandOver(HandOver { remark: "the foam is watched".into() })
}

fn sections(w: &World) -> Vec<HandoverSection> {
    handover(&w.run, &ObligationFacts::default(), w.now, &Zone::utc())
}

#[track_caller]
fn section(all: &[HandoverSection], title: &str) -> String {
    let found = all.iter().find(|section| section.title == title);
    found.unwrap_or_else(|| panic!("no section {title}")).lines.join("\n")
}

/// A night: one step open, one exception, a hold, a verification owed.
fn night() -> World {
    let mut w = World::new(process());
    let start = w.start("OP-1~1/prep~1");
    w.does(by("ana"), start);
    let record = w.record("OP-1~1/prep~1/ph", "7.50");
    w.does(by("ana"), record);
    let reason = "foam in the exhaust".to_owned();
    w.does(
        by("sue"),
        RunCommand::PlaceHold(PlaceHold { scope: HoldScope::Step { step: "inoc".into() }, reason }),
    );
    w
}

// shows: Q7-8.1.c
#[test]
fn a_handover_says_what_is_open_and_what_comes() {
    let w = night();
    let all = sections(&w);
    assert!(
        section(&all, "open steps").contains("OP-1~1/prep~1 (prep) begun by Printed ana (ana)")
    );
    assert!(section(&all, "open exceptions").contains("out-of-acceptance"));
    assert!(section(&all, "holds").contains("foam in the exhaust"));
    assert!(section(&all, "closed gates").contains("gate G-INOC (Inoculation): hold 1"));
    let ahead = section(&all, "next eight hours");
    assert!(
        ahead.contains("now: completing OP-1~1/prep~1 (prep) is possible (execute)"),
        "{ahead}"
    );
    assert!(!ahead.contains("comes after"), "order is no news: {ahead}");
    for title in ["alarms nobody has acknowledged", "emergency acts to ratify", "checks due"] {
        assert_eq!(section(&all, title), "");
    }
}

// shows: Q7-8.1.c
#[test]
fn two_people_who_may_record_sign_it() {
    let mut w = night();
    assert_eq!(w.refused(by("ana"), order()), "second-person-required");
    assert_eq!(w.refused(by("ana").with("ben").unsigned(), order()), "signature-required");
    assert_eq!(w.refused(by("ana").with("ana"), order()), "second-person-is-the-first");
    assert_eq!(w.refused(by("ana").with("quinn"), order()), "authority-missing");
    assert_eq!(w.refused(by("quinn").with("ben"), order()), "authority-missing");
    let told = sections(&w);
    assert_eq!(w.does(by("ana").with("ben"), order()), ["run.handed-over"]);
    let kept = &w.run.handovers[0];
    assert_eq!((kept.told.no, &kept.told.sections), (1, &told));
    let signed: Vec<_> =
        kept.signed.iter().map(|signed| (signed.user_name.as_str(), signed.meaning)).collect();
    assert_eq!(signed, [("ana", Meaning::HandedOver), ("ben", Meaning::TookOver)]);
    w.does(by("ben").with("sue"), order());
    assert_eq!(w.run.handovers[1].told.no, 2);
    assert_eq!(format!("{:?}", w.replay()), format!("{:?}", w.run));
}

#[test]
fn however_much_is_open_a_handover_fits_the_journal_and_says_how_much_it_left_out() {
    let mut w = night();
    for n in 0..400 {
        let what = format!("event {n}: {}", "\"quoted\" ".repeat(60));
        w.does(
            by("ana"),
            RunCommand::ReportHappening(ReportHappening {
                place: Place::Batch,
                what,
                enclosures: Vec::new(),
            }),
        );
    }
    let all = sections(&w);
    let text = serde_json::to_vec(&all).expect("JSON");
    assert!(text.len() <= 40 * 1024, "{}", text.len());
    assert!(section(&all, "open exceptions").contains(" more"), "nothing is dropped in silence");
    w.does(by("ana").with("ben"), order());
}
