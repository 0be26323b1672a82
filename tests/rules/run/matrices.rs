//! Phase × order → answer, as a text that quality can read and sign.

use super::order::inoculated;
use super::phases::{complete, decided, pooled, review, yields};
use super::scene::process;
use super::world::{World, at_entry, at_step, by};
use crate::matrix::{hold, table};
use batchwright::domain::run::command::RunCommand;
use batchwright::domain::run::event::{Absence, HoldScope};

/// A run in each phase.
fn phases() -> Vec<(&'static str, World)> {
    let mut done = pooled();
    done.does(by("ana"), complete(&done));
    let mut reviewed = done.clone();
    reviewed.does(by("lab"), reviewed.record("sterile", "sterile"));
    reviewed.later(5);
    reviewed.does(by("quinn"), review(&reviewed));
    let mut closed = reviewed.clone();
    closed.hears(by("quinn"), decided());
    closed.does(by("quinn"), RunCommand::Close {});
    let mut aborted = inoculated();
    aborted.does(by("sue"), RunCommand::Abort { reason: "contaminated".into() });
    let mut all = vec![
        ("issued", World::new(process())),
        ("running", inoculated()),
        ("complete", done),
        ("reviewed", reviewed),
        ("closed", closed),
        ("aborted", aborted),
    ];
    all.iter_mut().for_each(|(_, w)| {
        w.later(5);
    });
    all
}

/// Each order by somebody whose work it is.
fn orders(w: &World) -> Vec<(&'static str, &'static str, RunCommand)> {
    let text = |text: &str| text.to_owned();
    vec![
        ("start a step", "ana", w.start("OP-1~1/prep~1")),
        ("start a feed (care)", "ana", w.start("OP-1~1/feed~1")),
        ("start a sample", "ana", w.start("OP-1~1/sample~1")),
        ("record a feed (care)", "ana", w.record("OP-1~1/feed~2/ph", "6.85")),
        ("record a sample", "ana", w.record("OP-1~1/sample~1/count", "12")),
        ("record a step's note", "ana", w.record("OP-1~1/prep~1/note", "clear")),
        ("record a result due at release", "lab", w.record("sterile", "sterile")),
        ("correct a value", "ana", w.correct("OP-1~1/prep~1/ph", "6.9", Some("misread"), false)),
        ("check a value", "sue", w.check_entry("OP-1~1/prep~1/ph")),
        ("complete a step", "ana", w.complete("OP-1~1/prep~1")),
        (
            "declare an entry absent",
            "ana",
            RunCommand::DeclareAbsent {
                at: at_entry("OP-1~1/prep~1/note"),
                absence: Absence::NotApplicable,
                reason: text("none"),
            },
        ),
        (
            "declare a step not performed",
            "sue",
            RunCommand::DeclareStepNotPerformed {
                step: at_step("OP-1~1/feed~1"),
                reason: text("pump broke"),
            },
        ),
        ("close an operation", "ana", w.close("OP-1~1")),
        ("report an event", "ana", RunCommand::ReportEvent { step: None, what: text("a leak") }),
        ("pass a gate", "sue", RunCommand::PassGate { gate: text("G-INOC") }),
        (
            "place a hold",
            "quinn",
            RunCommand::PlaceHold { scope: HoldScope::Run, reason: text("doubt") },
        ),
        ("yield a lot", "sue", yields()),
        ("declare execution complete", "sue", complete(w)),
        ("review", "quinn", review(w)),
        ("close the record", "quinn", RunCommand::Close {}),
        ("abort", "sue", RunCommand::Abort { reason: text("contaminated") }),
        (
            "record the aftermath",
            "sue",
            RunCommand::RecordAftermath { kind: text("destruction"), text: text("inactivated") },
        ),
    ]
}

// shows: P11-10f, S88-3, Q7-8.1
#[test]
fn what_a_run_takes_in_each_phase_is_what_the_matrix_says() {
    let worlds = phases();
    let mut rows = vec![vec!["order".to_owned()]];
    rows[0].extend(worlds.iter().map(|(name, _)| (*name).to_owned()));
    let names: Vec<_> = orders(&worlds[0].1).into_iter().map(|(name, ..)| name).collect();
    for (index, name) in names.iter().enumerate() {
        let mut row = vec![(*name).to_owned()];
        for (_, w) in &worlds {
            let (_, who, command) = orders(w).swap_remove(index);
            row.push(match w.ask(by(who), &command) {
                Err(refusal) => refusal.rule.code.to_owned(),
                Ok(ruling) => {
                    let opened = ruling.events.iter().any(|(event, _)| {
                        matches!(
                            event,
                            batchwright::domain::run::event::RunEvent::ExceptionOpened(_)
                        )
                    });
                    let lapsed = ruling.events.iter().any(|(event, _)| {
                        matches!(
                            event,
                            batchwright::domain::run::event::RunEvent::ReviewLapsed { .. }
                        )
                    });
                    let mut words = vec!["yes"];
                    words.extend(opened.then_some("exception"));
                    words.extend(lapsed.then_some("review lapses"));
                    words.join(", ")
                }
            });
        }
        rows.push(row);
    }
    let head = "What a run takes in each phase, from a person whose work it is. yes: done; exception: stored and an exception opened;\notherwise the code of the refusal. The run: in `running` inoculated, in `complete` all done, in `aborted` as in `running`.\n\n";
    hold("phases.txt", &format!("{head}{}", table(&rows)));
}
