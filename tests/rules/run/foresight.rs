//! Preflight agrees with what then happens: in random lives nothing is refused for a reason that was not
//! foreseen, what is said to be possible is refused for persons only, and what is said of later moments is
//! true at them when nothing is done.

use super::chance::{Chance, wild};
use super::lives::{HANDS, forward, to_deviation};
use super::scene::process;
use super::world::{By, World, at_step, by};
use batchwright::domain::clock::{Instant, Zone};
use batchwright::domain::ids::{OperationKey, StepKey};
use batchwright::domain::policy::Authority;
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::Phase;
use batchwright::domain::run::acts::{
    AcceptRisk, CloseOperation, CompleteRun, CompleteStep, PassGate, RunCommand, StartStep,
};
use batchwright::domain::run::obligations::ObligationFacts;
use batchwright::domain::run::preflight::{Act, Foreseen, Look, Sort, preflight};
use batchwright::domain::run::time::{State, limits};
use serde_json::json;
use std::collections::BTreeMap;

/// Refusals that are about who acts, on which version, or about an act that is done already: no look ahead
/// at the process foresees them.
const PERSONS: [&str; 14] = [
    "authority-missing",
    "already-complete",
    "already-started",
    "both-components-required",
    "malformed",
    "no-such-part",
    "occurrence-unknown",
    "operation-closed",
    "second-person-is-the-first",
    "second-person-required",
    "signature-required",
    "stale-version",
    "version-required",
    "witness-is-performer",
];

/// What was counted.
#[derive(Debug, Default)]
struct Count {
    asked: u32,
    let_: u32,
    persons: u32,
    foreseen: BTreeMap<&'static str, u32>,
    beyond: u32,
    surprises: BTreeMap<String, u32>,
    possible: u32,
    later: u32,
    overdue: u32,
}

fn look(w: &World, hours: u32) -> Vec<Foreseen> {
    let look = Look { at: w.now, hours, zone: &Zone::utc() };
    preflight(&w.run, &ObligationFacts::default(), &look)
}

/// The act and the place of an order that preflight speaks of.
fn place(order: &RunCommand) -> Option<(Act, String)> {
    Some(match order {
        RunCommand::StartStep(StartStep { step, .. }) => (Act::Start, step.to_string()),
        RunCommand::CompleteStep(CompleteStep { step, .. }) => (Act::Complete, step.to_string()),
        RunCommand::CloseOperation(CloseOperation { operation, .. }) => {
            (Act::Close, operation.to_string())
        }
        RunCommand::PassGate(PassGate { gate }) => (Act::Pass, gate.clone()),
        RunCommand::CompleteRun(_) => (Act::CompleteRun, "run".to_owned()),
        _ => return None,
    })
}

/// Whether a step's occurrence has begun already or lies beyond what the recipe knows: preflight lists
/// what can come next.
fn beyond(w: &World, key: &StepKey) -> bool {
    let Some((operation, step)) = w.run.recipe.step(&key.step) else { return true };
    let closed =
        |key: &OperationKey| w.run.operations.get(key).is_some_and(|op| op.closed.is_some());
    w.run.steps.contains_key(key)
        || step.order.occurs().max.is_some_and(|max| key.k > max)
        || operation.order.occurs().max.is_some_and(|max| key.operation.n > max)
        || closed(&key.operation)
}

fn refused_in(rows: &[Foreseen], at: Instant, act: Act, place: &str, code: &str) -> bool {
    rows.iter().any(|row| {
        row.at == at
            && row.sort == Sort::Refused
            && row.act == Some(act)
            && row.place == place
            && row.code == Some(code)
    })
}

fn starts_refused(rows: &[Foreseen], at: Instant, place: &str) -> bool {
    let about = |row: &&Foreseen| row.at == at && row.place == place && row.act == Some(Act::Start);
    rows.iter().filter(about).any(|row| row.sort == Sort::Refused)
}

fn is_open(w: &World, operation: &str) -> bool {
    let key: OperationKey = operation.parse().expect("an occurrence");
    w.run.operations.get(&key).is_some_and(|op| op.closed.is_none())
}

impl Count {
    /// Holds a refusal against what was foreseen for this moment.
    fn refused(&mut self, w: &World, rows: &[Foreseen], order: &RunCommand, code: &'static str) {
        let Some((act, at)) = place(order) else { return };
        let known = |id: &String| w.run.recipe.gates.iter().any(|gate| gate.id == *id);
        if act == Act::Pass && !known(&at) {
            return;
        }
        if PERSONS.contains(&code) {
            self.persons += 1;
            return;
        }
        let step = matches!(act, Act::Start | Act::Complete).then(|| at_step(&at));
        let begun = step.as_ref().is_none_or(|key| w.run.steps.contains_key(key));
        let whole = step.as_ref().map(|key| key.operation.to_string());
        let told = if act == Act::Complete && !begun {
            // What has not begun is not completed: either it may begin, or its start says why not.
            code == "step-not-started"
                || starts_refused(rows, w.now, &at)
                || whole.is_some_and(|whole| starts_refused(rows, w.now, &whole))
        } else if act == Act::Close && !is_open(w, &at) {
            // What has not begun, or is closed, is not closed.
            true
        } else {
            refused_in(rows, w.now, act, &at, code)
                || whole.is_some_and(|whole| refused_in(rows, w.now, act, &whole, code))
        };
        if told {
            *self.foreseen.entry(code).or_default() += 1;
        } else if step.is_some_and(|key| beyond(w, &key)) {
            self.beyond += 1;
        } else {
            let told = format!("{act:?} {at}: {code} in {:?}", w.run.phase);
            *self.surprises.entry(told).or_default() += 1;
        }
    }

    /// Whatever is said to be possible is refused for persons only.
    fn possible(&mut self, w: &World, rows: &[Foreseen]) {
        for row in rows.iter().filter(|row| row.sort == Sort::Possible && row.at == w.now) {
            let order = order_of(w, row);
            for (who, second) in HANDS {
                if let Err(refusal) = w.ask(by(who).with(second), &order) {
                    let code = refusal.rule.code;
                    assert!(PERSONS.contains(&code), "possible, yet {}: {refusal}", row.what);
                }
            }
            self.possible += 1;
        }
    }

    /// What is said of later moments is true at them, when nothing is done.
    fn later(&mut self, w: &World, rows: &[Foreseen]) {
        let mut then = w.clone();
        for row in rows.iter().filter(|row| row.at > w.now) {
            if row.sort == Sort::Overdue {
                let over = |at: i64| {
                    limits(&w.run, Instant(at)).iter().any(|limit| {
                        limit.overdue_after == Some(row.at) && limit.state == State::Overdue
                    })
                };
                assert!(over(row.at.0 + 1) && !over(row.at.0), "{}", row.what);
                self.overdue += 1;
            }
            if !matches!(row.sort, Sort::Refused | Sort::Possible) {
                continue;
            }
            then.now = row.at;
            let order = order_of(&then, row);
            for (who, second) in HANDS {
                match then.ask(by(who).with(second), &order) {
                    Ok(_) => assert_eq!(row.sort, Sort::Possible, "{}", row.what),
                    Err(refusal) => {
                        let code = refusal.rule.code;
                        let told = row.code == Some(code);
                        assert!(told || PERSONS.contains(&code), "{}: {refusal}", row.what);
                    }
                }
            }
            self.later += 1;
        }
    }

    /// Somebody tries; what comes of it is held against what was foreseen.
    fn tries(&mut self, w: &mut World, rows: &[Foreseen], who: By<'_>, order: &RunCommand) -> bool {
        let asks = place(order).is_some();
        self.asked += u32::from(asks);
        match w.ask(who, order) {
            Ok(ruling) => {
                self.let_ += u32::from(asks);
                w.follow(who, &ruling);
                true
            }
            Err(refusal) => {
                self.refused(w, rows, order, refusal.rule.code);
                false
            }
        }
    }
}

/// The order that a row speaks of.
fn order_of(w: &World, row: &Foreseen) -> RunCommand {
    match row.act.expect("an act") {
        Act::Start if row.place.contains('/') => w.start(&row.place),
        Act::Start => {
            let operation: OperationKey = row.place.parse().expect("an occurrence");
            let first = &w.run.recipe.operation(&operation.op).expect("known").steps[0].id;
            w.start(&format!("{operation}/{first}~1"))
        }
        Act::Complete => w.complete(&row.place),
        Act::Close => w.close(&row.place),
        Act::Pass => RunCommand::PassGate(PassGate { gate: row.place.clone() }),
        Act::CompleteRun => RunCommand::CompleteRun(CompleteRun { expected: Some(w.run.seq) }),
    }
}

/// One life: half wild, half trying to get on.
fn live(w: &mut World, chance: &mut Chance, count: &mut Count) {
    let calm = 1 + chance.of(5);
    for _ in 0..120 {
        w.now = w.now.plus_minutes(i64::from(chance.of(40) / 3));
        if w.run.phase == Phase::Closed {
            break;
        }
        let hours = chance.pick(&[1, 24, 336]);
        if chance.of(6) < calm {
            to_deviation(w, chance);
            let rows = look(w, hours);
            let mut commands = forward(w);
            chance.shuffle(&mut commands);
            commands.sort_by_key(|command| match command {
                RunCommand::CompleteRun(_) | RunCommand::ReviewRun(_) => 2,
                RunCommand::StartStep(_) => 1,
                _ => 0,
            });
            let hands = |command| HANDS.iter().map(move |hands| (command, hands));
            for (command, (who, second)) in commands.iter().flat_map(hands) {
                if count.tries(w, &rows, by(who).with(second), command) {
                    break;
                }
            }
        } else if chance.of(8) == 0 {
            // A risk is taken: when its time is over, the gate is closed again.
            let (reason, minutes) = ("no time".to_owned(), 60);
            let order =
                RunCommand::AcceptRisk(AcceptRisk { gate: "G-POOL".into(), reason, minutes });
            let _ = w.act(by("sue"), &order);
        } else {
            let rows = look(w, hours);
            let (who, second, signs, command) = wild(w, chance, w.run.phase);
            count.tries(w, &rows, By { who, second, signs }, &command);
        }
        if chance.of(4) == 0 {
            let rows = look(w, hours);
            count.possible(w, &rows);
            count.later(w, &rows);
        }
    }
}

fn lives(recipe: &MasterRecord, seeds: std::ops::Range<u64>) -> Count {
    let mut count = Count::default();
    for seed in seeds {
        let mut chance = Chance::new(seed);
        live(&mut World::new(recipe.clone()), &mut chance, &mut count);
    }
    println!(
        "{} acts asked, {} let, {} refused for persons or versions, foreseen {:?}, {} beyond the recipe, \
         {} possible and let, {} later rows true, {} overdue as foreseen, {} surprises",
        count.asked,
        count.let_,
        count.persons,
        count.foreseen,
        count.beyond,
        count.possible,
        count.later,
        count.overdue,
        count.surprises.len()
    );
    count
}

/// The process with times: a feed every two hours, a shortest and a longest time after loading.
fn timed() -> MasterRecord {
    let mut document = serde_json::to_value(process()).expect("JSON");
    let operations = &mut document["unit_procedures"][0]["operations"];
    let feed = &mut operations[0]["steps"][2];
    assert_eq!(feed["id"], "feed");
    feed["every"] = "PT2H".into();
    feed["grace"] = "PT30M".into();
    operations[1]["steps"][1]["timers"] = json!([{ "id": "rest", "name": "Rest",
        "starts": { "of": "load", "at": "completed" }, "stops": { "of": "elute", "at": "started" },
        "min": "PT20M", "max": "PT90M", "on_expiry": "stop" }]);
    operations[1]["steps"][2]["timers"] = json!([{ "id": "hold", "name": "Hold",
        "starts": { "of": "elute", "at": "completed" }, "max": "PT1H", "on_expiry": "gate" }]);
    serde_json::from_value(document).expect("a master record")
}

// shows: P11-10f.a
#[test]
fn with_limits_of_time_nothing_is_a_surprise_either_and_what_is_overdue_then_is_foreseen() {
    let count = lives(&timed(), 0..48);
    assert!(count.surprises.is_empty(), "{:#?}", count.surprises);
    assert!(count.foreseen.contains_key("exception-forbids"), "exception-forbids was never met");
    assert!(count.possible > 0 && count.later > 0 && count.overdue > 20);
}

// shows: P11-10f.a
#[test]
fn no_refusal_is_a_surprise_in_random_lives() {
    let count = lives(&process(), 0..80);
    assert!(count.surprises.is_empty(), "{:#?}", count.surprises);
    for code in ["out-of-order", "on-hold", "gate-closed"] {
        assert!(count.foreseen.contains_key(code), "{code} was never met");
    }
    assert!(count.possible > 0 && count.later > 0 && count.overdue > 0);
}

// shows: P11-10f.a
#[test]
fn what_quality_decides_takes_independence_and_what_is_done_does_not() {
    let mut w = World::new(process());
    w.does(by("ana"), w.start("OP-1~1/prep~1"));
    w.does(by("ana"), w.record("OP-1~1/prep~1/ph", "7.50"));
    let rows = look(&w, 1);
    let gate = rows.iter().find(|row| row.code == Some("gate-closed")).expect("a closed gate");
    assert_eq!(gate.independent(), [Authority::Triage]);
    // Who opened the only exception that closes it decides nothing here.
    assert!(gate.is_of(&w.run, w.person("ana").key.id));
    assert!(!gate.is_of(&w.run, w.person("ben").key.id));
    for row in rows.iter().filter(|row| row.sort == Sort::Possible) {
        assert_eq!((row.independent(), row.is_of(&w.run, w.person("ana").key.id)), (vec![], false));
    }
}
