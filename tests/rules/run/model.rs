//! A small model, exhaustively: every command of every person in every reachable state of a culture
//! with a feed and a transfer behind a gate. Time passes by a minute an act and is not part of a
//! state, nor are sequence numbers; everything else is.

use super::scene::{master, ph, step};
use super::world::{Row, World, at_entry, by};
use batchwright::domain::entry::spec::Due;
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::ids::{OperationKey, PersonId};
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::gate::GatePassed;
use batchwright::domain::run::acts::start::StepStarted;
use batchwright::domain::run::acts::{
    AbortRun, AcceptRisk, CompleteRun, DecideNotDeviation, DeclareAbsent, DeclareStepNotPerformed,
    LiftHold, PassGate, PlaceHold, RatifyRisk, RecordEntry, RunCommand, RunEvent, closed, order,
    spot,
};
use batchwright::domain::run::{Content, EntryRun, Phase, Run, StepPhase, StepRun};
use batchwright::domain::words::{Absence, EntryKey, HoldScope};
use serde_json::json;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::fmt::Write;

/// Beyond so many exceptions a state is looked at, but nothing follows from it any more.
const EXCEPTIONS: usize = 1;
/// An operator who does most, a supervisor who can do all of it too, and quality.
const PERSONS: [&str; 3] = ["ana", "sue", "quinn"];

/// A feed that cares for the culture; a transfer that cannot be undone, behind its gate.
fn recipe() -> MasterRecord {
    master(
        json!([{ "id": "A", "name": "Culture", "steps": [
            step("feed", json!([ph("ph")]), json!({ "care": true, "occurs": { "min": 1 } })),
            step("transfer", json!([]), json!({ "after": ["feed"], "irreversible": "transfer",
                "significant": true, "second_person": { "mode": "verify-after" } })),
        ] }]),
        json!([{ "id": "G", "name": "Transfer", "before": ["transfer"], "at_risk_minutes": 60 }]),
        json!([]),
    )
}

/// Requests that move the process on: what no report may come to permit.
pub fn requests(w: &World) -> Vec<RunCommand> {
    vec![
        w.start("A~1/feed~1"),
        w.start("A~1/feed~2"),
        w.start("A~1/transfer~1"),
        RunCommand::PassGate(PassGate { gate: "G".into() }),
        w.close("A~1"),
    ]
}

/// The work itself, its values, corrections and checks, the gate and the risk.
fn work(w: &World) -> Vec<RunCommand> {
    let feed = "A~1/feed~1/ph";
    let mut all = requests(w);
    all.extend([
        w.record(feed, "6.85"),
        w.record(feed, "7.50"),
        w.correct(feed, "6.90", Some("misread"), false),
        w.check_entry(feed),
        w.complete("A~1/feed~1"),
        w.complete("A~1/transfer~1"),
        w.check("A~1/transfer~1"),
        RunCommand::AcceptRisk(AcceptRisk {
            gate: "G".into(),
            reason: "culture dies".into(),
            minutes: 60,
        }),
        RunCommand::RatifyRisk(RatifyRisk {
            gate: "G".into(),
            index: 0,
            conclusion: "agreed".into(),
        }),
    ]);
    all.extend(triage(w));
    all
}

/// What disturbs the work: holds, absences, an abort.
fn disturbed(w: &World) -> Vec<RunCommand> {
    let feed = "A~1/feed~1/ph";
    let mut all = requests(w);
    all.extend([
        w.record(feed, "6.85"),
        w.complete("A~1/feed~1"),
        w.complete("A~1/transfer~1"),
        RunCommand::DeclareAbsent(DeclareAbsent {
            at: at_entry(feed),
            absence: Absence::NotPerformed,
            reason: "probe broke".into(),
        }),
        RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed {
            step: super::world::at_step("A~1/transfer~1"),
            reason: "no vessel".into(),
        }),
        RunCommand::PlaceHold(PlaceHold { scope: HoldScope::Run, reason: "power".into() }),
        RunCommand::LiftHold(LiftHold {
            no: 1,
            reason: "power is back".into(),
            expected: w.run.holds.first().map(|hold| hold.version),
        }),
        RunCommand::CompleteRun(CompleteRun { expected: Some(w.run.seq) }),
        RunCommand::AbortRun(AbortRun { reason: "contaminated".into() }),
    ]);
    all.extend(triage(w));
    all
}

pub fn triage(w: &World) -> impl Iterator<Item = RunCommand> {
    w.run.exceptions.iter().map(|exception| {
        RunCommand::DecideNotDeviation(DecideNotDeviation {
            exception: exception.opened.no,
            rationale: "looked into".into(),
        })
    })
}

/// A state without its times and sequence numbers.
fn essence(run: &Run) -> String {
    let mut text = format!("{:?} {:?}", run.phase, run.participants);
    for (key, operation) in &run.operations {
        let _ = write!(text, "|{key} {}", operation.closed.is_some());
    }
    for (key, step) in &run.steps {
        let signed = (step.performed.is_some(), step.checked.is_some());
        let _ = write!(
            text,
            "|{key} {:?} {:?} {signed:?} {:?}",
            step.phase, step.found_running, step.performers
        );
        for (id, entry) in &step.entries {
            let _ = write!(text, ",{id} {}", versions(entry));
        }
    }
    for exception in &run.exceptions {
        let opened = &exception.opened;
        let by = exception.by.person;
        let triaged = exception.triage.is_some();
        let _ =
            write!(text, "|{} {:?} {:?} {by:?} {triaged}", opened.no, opened.kind, opened.effect);
    }
    for (key, operation) in run.operations.iter().filter(|(_, operation)| operation.ended.is_some())
    {
        let _ = write!(text, "|{key} ended {}", operation.harvests.len());
    }
    for change in &run.amendments {
        let sides: Vec<_> =
            change.decisions.iter().map(|(told, ..)| (told.side, told.approved)).collect();
        let _ = write!(text, "|{} {:?} {sides:?}", change.title(), change.by.person);
    }
    for act in &run.emergencies {
        let upheld = act.ratified.as_ref().map(|(told, _)| told.upheld);
        let _ = write!(text, "|emergency {:?} {upheld:?}", act.by.person);
    }
    for hold in &run.holds {
        let _ = write!(text, "|{:?} {}", hold.lifted_by_authority, hold.lifted.is_some());
    }
    for (id, state) in &run.gates {
        let risks: Vec<_> = state
            .risks
            .iter()
            .map(|risk| {
                (&risk.exceptions, risk.ratified.is_some(), risk.signed.as_ref().map(|s| s.person))
            })
            .collect();
        let served: Vec<_> = state.serves.iter().map(ToString::to_string).collect();
        let _ = write!(text, "|{id} {served:?} {risks:?}");
    }
    text
}

fn versions(entry: &EntryRun) -> String {
    entry
        .versions
        .iter()
        .map(|version| {
            let value = match &version.content {
                Content::Value(value) => value.shown.clone(),
                Content::Absent(absence) => format!("{absence:?}"),
                Content::Struck => "struck".to_owned(),
            };
            let who = version.by.person;
            format!("{value} {who:?} {} {:?};", version.check_owed, version.exceptions)
                + if version.checked.is_some() { "checked" } else { "" }
        })
        .collect()
}

/// Whether a state is still worth following: the model is bounded, the rules are not.
fn bounded(run: &Run, exceptions: usize) -> bool {
    let few = |entry: &EntryRun| entry.versions.len() <= 2;
    run.exceptions.len() <= exceptions
        && run.holds.len() <= 1
        && run.steps.values().all(|step| step.entries.values().all(few))
        && run.gates.values().all(|state| state.passages.len() <= 2 && state.risks.len() <= 1)
        && run.amendments.len() <= 1
        && run.emergencies.len() <= 1
        && run.steps.keys().all(|key| key.k == 1 && key.operation.n <= 2)
}

/// Whether a command reports, by somebody whose signature or authority permits nothing by it.
/// What a gate waits for is what its master record lets open it.
fn is_report(run: &Run, command: &RunCommand) -> bool {
    let awaited = |at: &EntryKey| {
        spot::entry(run, at).is_ok_and(|spot| matches!(spot.spec.due, Due::Gate(_)))
    };
    if matches!(command, RunCommand::RecordEntry(RecordEntry { at, .. }) if awaited(at)) {
        return false;
    }
    matches!(
        command,
        RunCommand::RecordEntry(_)
            | RunCommand::CorrectEntry(_)
            | RunCommand::ReportHappening(_)
            | RunCommand::ActInEmergency(_)
    )
}

fn allowed(w: &World) -> BTreeSet<(usize, &'static str)> {
    let mut allowed = BTreeSet::new();
    for (index, request) in requests(w).iter().enumerate() {
        for who in PERSONS {
            if w.ask(by(who), request).is_ok() {
                allowed.insert((index, who));
            }
        }
    }
    allowed
}

/// What holds in every state.
fn holds_in(w: &World) {
    let run = &w.run;
    if matches!(run.phase, Phase::Running | Phase::Aborted) {
        let operation = "A~1".parse().expect("an occurrence");
        let next = order::next_occurrence(run, &operation, "feed");
        let open = (1..next).find(|k| {
            let at = at_entry(&format!("A~1/feed~{k}/ph"));
            spot::entry(run, &at).is_ok_and(|spot| spot.current().is_none())
        });
        let at = format!("A~1/feed~{}/ph", open.unwrap_or(next));
        let care = w.record(&at, "6.85");
        assert!(w.ask(by("ana"), &care).is_ok(), "care is not recordable: {}", essence(run));
    }
    for step in run.steps.values() {
        assert!(step.performers.is_subset(&run.participants), "{}", essence(run));
        let checker = step.checked.as_ref().map(|signed| signed.person);
        assert!(checker.is_none_or(|id| !step.performers.contains(&id)), "{}", essence(run));
    }
    // What was found running, completed or not, opens no way until its exception is triaged.
    let untriaged = |no| run.exceptions.iter().any(|e| e.opened.no == no && e.triage.is_none());
    if run.steps.values().any(|step| step.found_running.is_some_and(untriaged)) {
        for who in PERSONS {
            for onward in [w.start("A~1/transfer~1"), w.close("A~1")] {
                assert!(w.ask(by(who), &onward).is_err(), "{onward:?} in {}", essence(run));
            }
        }
    }
    let quality: PersonId = w.person("quinn").key.id;
    assert!(!run.participants.contains(&quality), "oversight took part: {}", essence(run));
}

/// What holds of every act.
fn holds_of(before: &World, command: &RunCommand, after: &World, could: &BTreeSet<(usize, &str)>) {
    let events: Vec<RunEvent> = after.journal[before.journal.len()..].iter().map(typed).collect();
    for event in &events {
        match event {
            RunEvent::StepStarted(StepStarted { step, .. }) if step.step == "transfer" => {
                let passed = passed_for(before, &step.operation);
                not_on_one_word(&before.run);
                let closed = closed::closed(&before.run, "G", before.now);
                assert!(passed && closed.is_empty(), "a closed gate was passed: {closed:?}");
            }
            RunEvent::GatePassed(GatePassed { serves, .. }) => {
                not_on_one_word(&before.run);
                assert!(!serves.is_empty(), "a passage for nothing: {}", essence(&before.run));
                for of in serves {
                    turn_had_come(&before.run, of);
                }
                assert!(closed::closed(&before.run, "G", before.now).is_empty());
            }
            _ => {}
        }
    }
    // What was written before is never unsaid.
    assert!(after.run.exceptions.len() >= before.run.exceptions.len());
    assert!(after.run.participants.is_superset(&before.run.participants));
    if is_report(&before.run, command) {
        let now = allowed(after);
        let more: Vec<_> = now.difference(could).collect();
        assert!(more.is_empty(), "{command:?} permits {more:?} in {}", essence(&before.run));
    }
}

/// Whether somebody passed the gate for this occurrence of the operation, as the journal says.
fn passed_for(w: &World, of: &OperationKey) -> bool {
    w.journal.iter().filter(|row| row.name.ends_with("gate-passed")).any(|row| {
        let RunEvent::GatePassed(GatePassed { serves, .. }) = typed(row) else { return false };
        serves.contains(of)
    })
}

/// The turn of the transfer had come: what stands directly before it occurred as often as it must, and none
/// of it goes on; or the operation ended early.
fn turn_had_come(run: &Run, of: &OperationKey) {
    let over = |phase: StepPhase| matches!(phase, StepPhase::Complete | StepPhase::NotPerformed);
    let ended = run.operations.get(of).is_some_and(|state| state.ended.is_some());
    let after = run.recipe.step("transfer").map(|(_, step)| &step.order.after);
    for before in after.into_iter().flatten() {
        let least = run.recipe.step(before).map_or(0, |(_, step)| step.order.occurs().min);
        let of_it = run.steps.iter().filter(|(key, _)| key.operation == *of && key.step == *before);
        let phases: Vec<_> = of_it.map(|(_, state)| state.phase).collect();
        let enough = ended || phases.len() >= usize::try_from(least).expect("a few");
        let done = enough && phases.iter().copied().all(over);
        assert!(done, "signed in advance for {of}: {}", essence(run));
    }
}

/// No irreversible act passes a gate by one person's word alone: what is due at the gate is recorded,
/// or quality has decided on the early end that left it out, and on every other.
fn not_on_one_word(run: &Run) {
    let due = Due::Gate("G".into());
    let mut owed = run.recipe.steps().flat_map(|(_, step)| {
        let due = step.entries.iter().filter(|entry| entry.due == due);
        due.map(move |entry| (&step.id, &entry.id))
    });
    let recorded = owed.all(|(step, entry)| {
        let there = |state: &StepRun| state.entries.get(entry).is_some_and(EntryRun::is_answered);
        run.steps.iter().any(|(key, state)| key.step == *step && there(state))
    });
    let mut ends = run.exceptions.iter().filter(|e| e.opened.kind == ExceptionKind::EarlyEnd);
    let decided = ends.clone().all(|exception| exception.triage.is_some());
    assert!(decided, "nobody of quality decided on an early end: {}", essence(run));
    assert!(recorded || ends.next().is_some(), "nothing was tested: {}", essence(run));
}

fn typed(row: &Row) -> RunEvent {
    let name = row.name.strip_prefix("run.").expect("of a run");
    let data: serde_json::Value = serde_json::from_str(&row.data).expect("JSON");
    serde_json::from_value(json!({ "name": name, "data": data })).expect("an event")
}

/// Every command of every person in every state that can be reached.
pub fn explore(
    begin: World,
    exceptions: usize,
    persons: &[&str],
    commands: impl Fn(&World) -> Vec<RunCommand>,
) {
    let mut seen = HashSet::from([essence(&begin.run)]);
    let mut queue = VecDeque::from([begin]);
    let (mut acts, mut refusals) = (0u64, BTreeSet::new());
    while let Some(mut w) = queue.pop_front() {
        holds_in(&w);
        if !bounded(&w.run, exceptions) {
            continue;
        }
        w.later(1);
        let could = allowed(&w);
        for command in commands(&w) {
            for who in persons.iter().copied() {
                let second = if who == "ana" { "sue" } else { "ana" };
                acts += 1;
                let ruling = match w.ask(by(who).with(second), &command) {
                    Ok(ruling) => ruling,
                    Err(refusal) => {
                        refusals.insert(refusal.rule.code);
                        continue;
                    }
                };
                let mut next = w.clone();
                next.follow(by(who), &ruling);
                holds_of(&w, &command, &next, &could);
                if seen.insert(essence(&next.run)) {
                    if seen.len() % 97 == 0 {
                        assert_eq!(essence(&next.replay()), essence(&next.run));
                    }
                    queue.push_back(next);
                }
            }
        }
        assert!(seen.len() < 100_000, "the model has outgrown its test");
    }
    println!("{} states, {acts} acts, refusals {refusals:?}", seen.len());
    assert!(seen.len() > 500, "only {} states: the model does not move", seen.len());
}

// shows: P11-10f.a
#[test]
fn the_work_in_every_reachable_state() {
    explore(World::new(recipe()), EXCEPTIONS, &PERSONS, work);
}

// shows: P11-10f.a, S88-3.a
#[test]
fn the_disturbed_work_in_every_reachable_state() {
    explore(World::new(recipe()), EXCEPTIONS, &PERSONS, disturbed);
}
