//! Phase × command → answer, as a text that quality can read and sign. Each command has what it needs
//! besides the phase (a hold to lift, an exception to decide), so that the phase alone answers.

use super::phase_worlds::{
    aborted, acknowledge, closed, complete, decided, executed, finish, issued, ready_to_close,
    result, review, reviewed, running, yields,
};
use super::phases::happened;
use super::world::{By, World, at_entry, at_step, by};
use crate::matrix::{hold, table};
use batchwright::domain::clock::{ClockKind, Zone};
use batchwright::domain::command::Stamp;
use batchwright::domain::cross::deviation::{NewDeviation, open};
use batchwright::domain::exception::{ExceptionKind, Opened, Severity};
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::domain::lot::{Disposition, Lot, command::LotCommand};
use batchwright::domain::policy::{Authority, Permit};
use batchwright::domain::quantity::Quantity;
use batchwright::domain::recipe::OutputClass;
use batchwright::domain::run::acts::begun::OperationStarted;
use batchwright::domain::run::acts::complete::StepCompleted;
use batchwright::domain::run::acts::gate::GatePassed;
use batchwright::domain::run::acts::hold::HoldPlaced;
use batchwright::domain::run::acts::risk::RiskAccepted;
use batchwright::domain::run::acts::start::StepStarted;
use batchwright::domain::run::acts::{
    AbortRun, AcceptRisk, CloseRun, DecideNotDeviation, DeclareAbsent, DeclareStepNotPerformed,
    LiftHold, PassGate, PlaceHold, RatifyRisk, RecordAftermath, RecordTrailPoint, RunCommand,
    RunEvent, TakeBackStep,
};
use batchwright::domain::run::facts::RunFacts;
use batchwright::domain::run::obligations::ObligationFacts;
use batchwright::domain::run::{Phase, Run};
use batchwright::domain::signing::{Components, Meaning, SignatureRequest, Signer};
use batchwright::domain::words::{Absence, HoldScope, OnCritical};
use rust_decimal::Decimal;
use uuid::Uuid;

/// An event that needs no rule, signed where its state keeps a signature.
fn happens(w: &mut World, who: &str, event: RunEvent, meaning: Meaning) {
    let person = w.person(who).clone();
    let request = SignatureRequest {
        person: person.key.id,
        printed_name: person.printed_name.clone(),
        user_name: person.user_name.clone(),
        role: "role".into(),
        meaning,
    };
    let permit = Permit { role: "role".into(), authority: None };
    w.follow(by(who), &batchwright::domain::ruling::Ruling::signed(permit, event, vec![request]));
}

fn excepted(w: &mut World) {
    let opened = Opened {
        no: u32::try_from(w.run.exceptions.len()).expect("few") + 1,
        kind: ExceptionKind::Event,
        severity: Severity::Major,
        effect: OnCritical::Gate,
        at: None,
        detail: "a leak".into(),
    };
    w.hears(by("ana"), RunEvent::ExceptionOpened(opened));
}

fn newest(run: &Run) -> u32 {
    run.exceptions.last().map_or(0, |exception| exception.opened.no)
}

fn risked(w: &mut World) {
    excepted(w);
    let (gate, reason) = ("G".to_owned(), "fine".to_owned());
    let exceptions = vec![newest(&w.run)];
    let until = w.now.plus_minutes(9);
    let event = RunEvent::RiskAccepted(RiskAccepted { gate, exceptions, reason, until });
    happens(w, "sue", event, Meaning::ProceedsAtRisk);
}

fn held(w: &mut World) {
    let (scope, reason) = (HoldScope::Step { step: "more".into() }, "alarm".to_owned());
    let lifted_by_authority = Authority::Hold;
    w.hears(
        by("quinn"),
        RunEvent::HoldPlaced(HoldPlaced { no: 1, scope, reason, lifted_by_authority }),
    );
}

fn more_started(w: &mut World) {
    let (step, under_exceptions) = (at_step("OP~1/more~1"), Vec::new());
    let operation = step.operation.clone();
    if !w.run.operations.contains_key(&operation) {
        w.hears(by("ana"), RunEvent::OperationStarted(OperationStarted { operation }));
    }
    w.hears(
        by("ana"),
        RunEvent::StepStarted(StepStarted { step, under_exceptions, oversight: false }),
    );
}

fn more_recorded(w: &mut World) {
    more_started(w);
    if w.run.phase != Phase::Closed {
        w.does(by("ana"), w.record("OP~1/more~1/acid", "3.5"));
    }
}

fn more_done(w: &mut World) {
    more_started(w);
    let event =
        RunEvent::StepCompleted(StepCompleted { step: at_step("OP~1/more~1"), oversight: false });
    happens(w, "ana", event, Meaning::Performed);
    w.later(1);
}

fn gate_passed(w: &mut World) {
    let (gate, serves) = ("G".to_owned(), vec!["OP~1".parse().expect("an occurrence")]);
    let event = RunEvent::GatePassed(GatePassed { gate, serves, oversight: false });
    happens(w, "sue", event, Meaning::PassedGate);
}

fn found_running(w: &mut World) {
    w.does(by("ana"), w.record("OP~1/care~1/ph", "6.85"));
}

fn nothing(_: &mut World) {}

type Ask = fn(&World) -> String;

/// A command: its name, what it needs besides the phase, the running world that suits it, the asking.
struct Row(&'static str, fn(&mut World), fn() -> World, Ask);

fn answer(w: &World, who: &str, command: &RunCommand) -> String {
    answer_to(w, by(who), command)
}

fn answer_to(w: &World, by: By<'_>, command: &RunCommand) -> String {
    match w.ask(by, command) {
        Ok(ruling) => allowed(ruling.events.iter().map(|(event, _)| event)),
        Err(refusal) => refusal.rule.code.to_owned(),
    }
}

/// What was let, and whether it was stored with an exception or lapsed the review.
fn allowed<'a>(events: impl Iterator<Item = &'a RunEvent>) -> String {
    let events: Vec<_> = events.collect();
    let with = |word: &str, is: &dyn Fn(&RunEvent) -> bool| {
        if events.iter().any(|event| is(event)) { word.to_owned() } else { String::new() }
    };
    let exception = with("+exception", &|e| matches!(e, RunEvent::ExceptionOpened(_)));
    let lapse = with("+lapse", &|e| matches!(e, RunEvent::ReviewLapsed(_)));
    format!("yes{exception}{lapse}")
}

fn stamp(w: &World, who: &str) -> Stamp {
    let person = w.person(who);
    Stamp {
        at: w.now,
        zone: Zone::utc(),
        clock: ClockKind::System,
        actor: Some(person.actor()),
        session: None,
        station: None,
        signer: Some(Signer { person: person.key.id, components: Components::Both }),
        second: None,
        ids: vec![Uuid::from_u128(0xDE)],
    }
}

fn opens_deviation(w: &World) -> String {
    let facts = RunFacts::new(w.site.facts(), w.person("quinn").account(), None);
    let exceptions = [newest(&w.run)];
    let new = NewDeviation {
        record: RecordKey::new(RecordKind::Deviation, Uuid::from_u128(0xDE)),
        no: 1,
        number_taken: false,
        title: "leak",
        class: Severity::Major,
        exceptions: &exceptions,
    };
    match open(&w.run, &facts, &new, &stamp(w, "quinn")) {
        Ok(ruling) => {
            allowed(ruling.on_runs.iter().flat_map(|(_, r)| r.events.iter().map(|(e, _)| e)))
        }
        Err(refusal) => refusal.rule.code.to_owned(),
    }
}

fn disposes(w: &World, disposition: Disposition) -> String {
    let lot = Lot {
        key: RecordKey::new(RecordKind::Lot, Uuid::from_u128(0x10)),
        number: "LOT-1".into(),
        printed: None,
        run: (w.run.key, w.run.number.clone()),
        output: "product".into(),
        class: OutputClass::Product,
        material: "Product".into(),
        quantity: Quantity { value: Decimal::ONE, unit: "L".into() },
        parents: Vec::new(),
        product: "P".into(),
        decisions: Vec::new(),
        signed: Vec::new(),
        stands: Vec::new(),
        seq: 1,
        head: [0; 32],
    };
    let facts = RunFacts::new(w.site.facts(), w.person("quinn").account(), None);
    let command = LotCommand::Decide { disposition, reason: "seen".into(), expected: Some(1) };
    let owed = ObligationFacts::default();
    let decide = batchwright::domain::cross::dispose::decide;
    match decide(&lot, &w.run, &facts, &owed, &command, &stamp(w, "quinn")) {
        Ok(_) => "yes".into(),
        Err(refusal) => refusal.rule.code.to_owned(),
    }
}

const EXECUTION: &[Row] = &[
    Row("start-step", gate_passed, running, |w| answer(w, "ana", &w.start("OP~1/two~1"))),
    Row("start-step (care)", nothing, running, |w| answer(w, "ana", &w.start("OP~1/care~1"))),
    Row("record-entry", more_started, running, |w| {
        answer(w, "ana", &w.record("OP~1/more~1/acid", "3.5"))
    }),
    Row("record-entry (not started)", nothing, running, |w| {
        answer(w, "ana", &w.record("OP~1/care~1/ph", "6.85"))
    }),
    Row("record-entry (at release)", nothing, running, |w| {
        answer(w, "lab", &w.record("pure", "pure"))
    }),
    Row("record-trail-point", more_started, running, |w| {
        let (at, kind) = (at_entry("OP~1/more~1/acid"), "reading".to_owned());
        let input = super::world::input(&w.run, &at, "5.0");
        answer(w, "ana", &RecordTrailPoint { at, kind, input }.into())
    }),
    Row("declare-absent", more_started, running, |w| {
        let (at, absence) = (at_entry("OP~1/more~1/acid"), Absence::NotPerformed);
        answer(w, "sue", &DeclareAbsent { at, absence, reason: "none".into() }.into())
    }),
    Row("correct-entry", nothing, running, |w| {
        answer(w, "ana", &w.correct("OP~1/one~1/ph", "6.85", Some("misread"), false))
    }),
    Row("check-entry", nothing, running, |w| answer(w, "ben", &w.check_entry("OP~1/one~1/ph"))),
    Row("complete-step", more_recorded, running, |w| answer(w, "ana", &w.complete("OP~1/more~1"))),
    Row("check-step", more_done, running, |w| answer(w, "ben", &w.check("OP~1/more~1"))),
    Row("declare-step-not-performed", more_started, running, |w| {
        let step = at_step("OP~1/more~1");
        answer(w, "sue", &DeclareStepNotPerformed { step, reason: "no time".into() }.into())
    }),
    Row("take-back-step", found_running, running, |w| {
        let (step, reason) = (at_step("OP~1/care~1"), "wrong tablet".to_owned());
        answer_to(w, by("ana").with("ben"), &TakeBackStep { step, reason }.into())
    }),
    Row("close-operation", nothing, ready_to_close, |w| answer(w, "ana", &w.close("OP~1"))),
    Row("acknowledge-alerts", nothing, running, |w| answer(w, "sue", &acknowledge())),
    Row("report-event", nothing, running, |w| answer(w, "ana", &happened("a leak"))),
];

const QUALITY: &[Row] = &[
    Row("decide-not-deviation", excepted, running, |w| {
        let (exception, rationale) = (newest(&w.run), "no effect".to_owned());
        answer(w, "quinn", &DecideNotDeviation { exception, rationale }.into())
    }),
    Row("open-deviation", excepted, running, opens_deviation),
    Row("accept-risk", excepted, running, |w| {
        let (gate, reason) = ("G".to_owned(), "fine".to_owned());
        answer(w, "sue", &AcceptRisk { gate, reason, minutes: 5 }.into())
    }),
    Row("ratify-risk", risked, running, |w| {
        let (gate, conclusion) = ("G".to_owned(), "acceptable".to_owned());
        answer(w, "quinn", &RatifyRisk { gate, index: 0, conclusion }.into())
    }),
    Row("pass-gate", nothing, running, |w| answer(w, "sue", &PassGate { gate: "G".into() }.into())),
    Row("place-hold", nothing, running, |w| {
        answer(w, "quinn", &PlaceHold { scope: HoldScope::Run, reason: "alarm".into() }.into())
    }),
    Row("lift-hold", held, running, |w| {
        let (no, expected) = (1, w.run.holds.first().map(|hold| hold.version));
        answer(w, "quinn", &LiftHold { no, reason: "resolved".into(), expected }.into())
    }),
    Row("yield-lot", nothing, running, |w| answer(w, "sue", &yields("LOT-2"))),
    Row("complete", nothing, executed, |w| answer(w, "sue", &finish(w))),
    Row("review", nothing, running, |w| answer(w, "quentin", &review(w))),
    Row("release-lot", result, running, |w| disposes(w, Disposition::Released)),
    Row("reject-lot", nothing, running, |w| disposes(w, Disposition::Rejected)),
    Row(
        "close",
        |w| {
            if !w.run.lots.is_empty() {
                w.hears(by("quinn"), decided())
            }
        },
        running,
        |w| answer(w, "quinn", &CloseRun {}.into()),
    ),
    Row("abort", nothing, running, |w| {
        answer(w, "sue", &AbortRun { reason: "contaminated".into() }.into())
    }),
    Row("record-aftermath", nothing, running, |w| {
        let (kind, text) = ("sample".to_owned(), "1 L kept".to_owned());
        answer(w, "ana", &RecordAftermath { kind, text }.into())
    }),
];

// shows: P11-10f.a, S88-3.a, T15.a
#[test]
fn every_phase_answers_every_command_as_the_matrix_says() {
    let heading = ["command", "issued", "running", "complete", "reviewed", "closed", "aborted"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for Row(name, needs, suits, ask) in EXECUTION.iter().chain(QUALITY) {
        let mut cells = vec![(*name).to_owned()];
        for world in [issued, *suits, complete, reviewed, closed, aborted] {
            let mut w = world();
            needs(&mut w);
            cells.push(ask(&w));
        }
        rows.push(cells);
    }
    let head = "Phase x command -> answer. Each command finds what it needs besides the phase.\n\
        yes: let. +exception: an exception opens with it. +lapse: a standing review lapses. Else: the refusal's code.\n\n";
    hold("phases.txt", &format!("{head}{}", table(&rows)));
}
