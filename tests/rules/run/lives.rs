//! Guided random long lives: half wild, half trying to get on. Every phase and every refusal is met,
//! and the journal, read by itself, is the oracle.

use super::chance::{Chance, wild};
use super::phases::{complete, decided, review, yields};
use super::scene::process;
use super::world::{By, World, at_entry, by};
use batchwright::domain::ids::{OperationKey, PersonId, StepKey};
use batchwright::domain::refusal::{
    AUTHORITY_MISSING, MALFORMED, REASON_REQUIRED, Rule, SECOND_PERSON_REQUIRED,
    SIGNATURE_REQUIRED, STALE, VERSION_REQUIRED,
};
use batchwright::domain::run::acts::linked::{DeviationChanged, ExceptionsToDeviation};
use batchwright::domain::run::acts::{
    AcceptRisk, AcknowledgeAlerts, CloseRun, DecideNotDeviation, LiftHold, PassGate, RatifyRisk,
    RunCommand, RunEvent, order, triage,
};
use batchwright::domain::run::{Phase, quality_refusal, refusal};
use batchwright::domain::signing::Meaning;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Refusals that no order to a run can meet; they have tests of their own.
const ELSEWHERE: [&str; 10] = [
    // Striking is played in its own tests, rules and HTTP.
    "never-struck",
    "stands-on-it",
    "branch-not-taken",
    "branch-undecided",
    "master-not-effective",
    "not-ready-for-release",
    "recomputation-differs",
    "run-not-reviewed",
    // Taking back is played in its own tests: most of what is found running there has more on it.
    "more-recorded",
    "not-found-running",
];

/// Who tries to get on, alone and with somebody.
pub const HANDS: [(&str, &str); 8] = [
    ("ana", "ben"),
    ("ben", "sue"),
    ("sue", "ben"),
    ("sue", "ana"),
    ("lab", "ana"),
    ("quinn", "sue"),
    ("quentin", "sue"),
    ("ana", "sue"),
];

const STEPS: [(&str, &str, &[&str]); 8] = [
    ("OP-1~1", "prep", &["ph", "note"]),
    ("OP-1~1", "inoc", &[]),
    ("OP-1~1", "feed", &["ph"]),
    ("OP-1~1", "sample", &["count", "myco"]),
    ("OP-1~1", "end", &["note"]),
    ("OP-2~1", "load", &["titrate"]),
    ("OP-2~1", "elute", &["ph"]),
    ("OP-2~1", "pool", &[]),
];

fn good_value(entry: &str) -> &'static str {
    match entry {
        "ph" => "6.85",
        "count" => "12",
        "titrate" => "3.50",
        "myco" => "negative",
        "sterile" => "sterile",
        _ => "clear",
    }
}

/// Commands that carry a run forward.
pub fn forward(w: &World) -> Vec<RunCommand> {
    let mut all = Vec::new();
    for (operation, step, entries) in STEPS {
        let key: OperationKey = operation.parse().expect("an occurrence");
        let next = order::next_occurrence(&w.run, &key, step);
        for k in next.saturating_sub(1).max(1)..=next.min(2) {
            let place = format!("{operation}/{step}~{k}");
            let begun = w.run.steps.contains_key(&place.parse::<StepKey>().expect("a step"));
            all.extend([w.start(&place), w.complete(&place), w.check(&place)]);
            for entry in entries.iter().filter(|_| begun) {
                let at = format!("{place}/{entry}");
                // Now and then a value is out of acceptance.
                let outside = *entry == "ph" && w.journal.len().is_multiple_of(5);
                let value = if outside { "7.50" } else { good_value(entry) };
                all.extend([w.record(&at, value), w.check_entry(&at)]);
            }
        }
        all.push(w.close(operation));
    }
    let passed = |gate: &&str| w.run.gates.get(*gate).is_some_and(|g| !g.passages.is_empty());
    for gate in ["G-INOC", "G-POOL"].into_iter().filter(|gate| !passed(gate)) {
        all.push(RunCommand::PassGate(PassGate { gate: gate.into() }));
    }
    for opened in w.run.exceptions.iter().map(|exception| &exception.opened) {
        let rationale = "looked into".to_owned();
        all.push(RunCommand::DecideNotDeviation(DecideNotDeviation {
            exception: opened.no,
            rationale,
        }));
    }
    for hold in &w.run.holds {
        let (reason, expected) = ("resolved".to_owned(), Some(hold.version));
        all.push(RunCommand::LiftHold(LiftHold { no: hold.no, reason, expected }));
    }
    for (gate, state) in &w.run.gates {
        for index in 0..u32::try_from(state.risks.len()).expect("few") {
            let (gate, conclusion) = (gate.clone(), "agreed".to_owned());
            all.push(RunCommand::RatifyRisk(RatifyRisk { gate, index, conclusion }));
        }
    }
    let unseen = w.run.operations.iter().filter(|(_, op)| op.alerts_acknowledged.is_none());
    for operation in unseen.map(|(key, _)| key.clone()) {
        all.push(RunCommand::AcknowledgeAlerts(AcknowledgeAlerts {
            operation,
            comment: "seen".into(),
        }));
    }
    all.extend([w.record("sterile", "sterile"), w.check_entry("sterile")]);
    all.extend([yields(), complete(w), review(w), RunCommand::CloseRun(CloseRun {})]);
    all
}

/// Refusals met, by code, and how often.
type Met = BTreeMap<&'static str, u32>;

/// Carries the run on by one act, if anybody can.
fn get_on(w: &mut World, chance: &mut Chance, refusals: &mut Met) -> bool {
    to_deviation(w, chance);
    let mut commands = forward(w);
    if w.run.gates.get("G-POOL").is_none_or(|state| state.risks.is_empty()) {
        let (gate, reason) = ("G-POOL".to_owned(), "no time".to_owned());
        commands.push(RunCommand::AcceptRisk(AcceptRisk { gate, reason, minutes: 60 }));
    }
    chance.shuffle(&mut commands);
    // What is begun is brought to its end before more begins; what ends execution comes last.
    commands.sort_by_key(|command| match command {
        RunCommand::CompleteRun(_)
        | RunCommand::ReviewRun(_)
        | RunCommand::CloseRun(CloseRun {}) => 2,
        RunCommand::StartStep(_) => 1,
        _ => 0,
    });
    for command in commands {
        for (who, second) in HANDS {
            match w.act(by(who).with(second), &command) {
                Ok(_) => return true,
                Err(refusal) => *refusals.entry(refusal.rule.code).or_default() += 1,
            }
        }
    }
    false
}

/// Quality raises what it may not wave through, and decides about the lot: decisions on other
/// records, as this run hears of them.
pub fn to_deviation(w: &mut World, chance: &mut Chance) {
    let grave = w
        .run
        .exceptions
        .iter()
        .find(|e| e.triage.is_none() && triage::must_be_deviation(&w.run, e))
        .map(|e| e.opened.no);
    if let Some(no) = grave.filter(|_| chance.of(3) == 0) {
        let number = format!("DEV-{no}");
        let record = w.run.key;
        w.hears(
            by("quinn"),
            RunEvent::ExceptionsToDeviation(ExceptionsToDeviation {
                exceptions: vec![no],
                deviation: number.clone(),
                record,
            }),
        );
        w.hears(
            by("quinn"),
            RunEvent::DeviationChanged(DeviationChanged {
                deviation: number,
                what: "closed".into(),
                impact_concluded: true,
                closed: true,
            }),
        );
    }
    let waits = w.run.lots.iter().any(|lot| lot.disposition == "quarantined");
    if w.run.phase == Phase::Reviewed && waits && chance.of(4) == 0 {
        w.hears(by("quinn"), decided());
    }
}

/// Everyone who performed on a step before this row, told by the journal alone.
#[derive(Default)]
struct Oracle {
    performers: BTreeMap<String, BTreeSet<PersonId>>,
    passed: BTreeSet<String>,
    took_part: BTreeSet<PersonId>,
}

impl Oracle {
    fn reads(&mut self, name: &str, data: &Value, row: &super::world::Row) {
        let actor = row.actor.person;
        let step = data["step"].as_str().or_else(|| data["at"]["step"].as_str());
        let step = step.unwrap_or("the run").to_owned();
        let oversight = data["oversight"].as_bool().unwrap_or(false);
        let others = |performers: &BTreeSet<PersonId>| {
            for signed in row.signatures.iter() {
                if matches!(signed.meaning, Meaning::Witnessed | Meaning::Verified) {
                    assert!(!performers.contains(&signed.person), "{name}: {step}");
                }
            }
        };
        match name {
            "step-started"
            | "step-found-running"
            | "entry-recorded"
            | "entry-corrected"
            | "entry-absent"
            | "trail-point-recorded"
            | "implausible-value-kept"
            | "step-completed"
            | "step-not-performed" => {
                let performers = self.performers.entry(step.clone()).or_default();
                performers.insert(actor);
                others(performers);
                self.took_part.insert(actor);
                let scribed: Option<PersonId> =
                    data["performer"].as_str().map(|id| id.parse().expect("a person"));
                performers.extend(scribed);
                self.took_part.extend(scribed);
                self.took_part.extend(row.signatures.iter().map(|signed| signed.person));
                for (guarded, gate) in [("inoc", "G-INOC"), ("pool", "G-POOL")] {
                    if name == "step-started" && step.contains(guarded) {
                        assert!(self.passed.contains(gate), "{step} passed no gate");
                    }
                }
            }
            "step-checked" | "entry-checked" => {
                let performers = self.performers.entry(step.clone()).or_default();
                assert!(!performers.contains(&actor), "{name}: {step} by its performer");
                others(performers);
                // A signature on a step is a part in it, quality's too; a check of a value is none.
                if name == "step-checked" || !oversight {
                    self.took_part.insert(actor);
                }
            }
            "gate-passed" => {
                self.passed.insert(data["gate"].as_str().expect("a gate").to_owned());
            }
            "reviewed" | "exception-not-deviation" | "risk-ratified" => {
                assert!(!self.took_part.contains(&actor), "{name} by who took part");
            }
            _ => {}
        }
    }
}

/// The journal told again gives the state, and obeys the rules by itself.
fn told_by_its_journal(w: &World) {
    assert_eq!(format!("{:?}", w.replay()), format!("{:?}", w.run));
    let mut oracle = Oracle::default();
    for row in &w.journal {
        let data: Value = serde_json::from_str(&row.data).expect("JSON");
        oracle.reads(row.name.strip_prefix("run.").expect("of a run"), &data, row);
    }
    assert!(
        oracle.took_part.iter().all(|id| w.run.participants.contains(id)),
        "somebody was forgotten"
    );
}

/// In every held, excepted or late state of a running culture care is recordable.
fn care_goes_on(w: &World) {
    if !matches!(w.run.phase, Phase::Running | Phase::Aborted) {
        return;
    }
    let key = "OP-1~1".parse().expect("an occurrence");
    let k = order::next_occurrence(&w.run, &key, "feed");
    let at = format!("OP-1~1/feed~{k}/ph");
    assert!(w.ask(by("ana").unsigned(), &w.record(&at, "6.85")).is_ok(), "no care in {:?}", w.run);
}

fn joins_quality(w: &mut World, who: &str) {
    let mut people = w.people.to_vec();
    let moved = people.iter_mut().find(|person| person.user_name == who).expect("in the cast");
    moved.grants = super::scene::person(who, 0, &["qa"]).grants;
    w.people = people.into();
}

fn wanted() -> BTreeSet<&'static str> {
    let shared: [&Rule; 7] = [
        &AUTHORITY_MISSING,
        &MALFORMED,
        &REASON_REQUIRED,
        &SECOND_PERSON_REQUIRED,
        &SIGNATURE_REQUIRED,
        &STALE,
        &VERSION_REQUIRED,
    ];
    let all = refusal::ALL.iter().chain(quality_refusal::ALL).copied().chain(shared);
    all.map(|rule| rule.code).filter(|code| !ELSEWHERE.contains(code)).collect()
}

// shows: P11-10f.a
#[test]
fn long_lives_meet_every_phase_and_every_refusal() {
    let (mut phases, mut refusals) = (BTreeSet::new(), Met::new());
    let (mut acts, mut events) = (0u32, 0);
    for seed in 0..120u64 {
        let mut chance = Chance::new(seed);
        let mut w = World::new(process());
        // Some lives are calm, some are wild.
        let calm = 1 + chance.of(5);
        for _ in 0..220 {
            w.now = w.now.plus_minutes(i64::from(chance.of(20) / 4));
            acts += 1;
            if chance.of(6) < calm {
                if !get_on(&mut w, &mut chance, &mut refusals) && w.run.phase == Phase::Closed {
                    break;
                }
            } else {
                let (who, second, signs, command) = wild(&w, &mut chance, w.run.phase);
                let acting = By { who, second, signs };
                if let Err(refusal) = w.act(acting, &command) {
                    *refusals.entry(refusal.rule.code).or_default() += 1;
                }
            }
            phases.insert(format!("{:?}", w.run.phase));
            care_goes_on(&w);
        }
        // Who worked in the run moves to quality, and has worked in the run.
        joins_quality(&mut w, "ana");
        let untriaged = w.run.exceptions.iter().filter(|it| it.triage.is_none());
        for exception in untriaged.map(|it| it.opened.no).collect::<Vec<_>>() {
            let order = RunCommand::DecideNotDeviation(DecideNotDeviation {
                exception,
                rationale: "no effect".into(),
            });
            if let Err(refusal) = w.ask(by("ana"), &order) {
                *refusals.entry(refusal.rule.code).or_default() += 1;
            }
        }
        for turn in 0..30 {
            let (who, second, signs, command) = wild(&w, &mut chance, w.run.phase);
            let who = if turn % 2 == 0 { "ana" } else { who };
            if let Err(refusal) = w.act(By { who, second, signs }, &command) {
                *refusals.entry(refusal.rule.code).or_default() += 1;
            }
        }
        told_by_its_journal(&w);
        events += w.journal.len();
    }
    println!("{acts} acts, {events} events, phases {phases:?}, refusals {refusals:?}");
    let never: Vec<_> = wanted().into_iter().filter(|code| !refusals.contains_key(code)).collect();
    assert!(never.is_empty(), "never refused: {never:?}");
    assert_eq!(phases.len(), 6, "{phases:?}");
    assert!(at_entry("sterile").step.is_none());
}
