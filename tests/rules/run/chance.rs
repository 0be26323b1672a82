//! Chance with a seed, and what it makes people try.

use super::phases::{complete, review, yields};
use super::world::{World, at_entry, at_step, input};
use batchwright::domain::entry::Input;
use batchwright::domain::ids::OperationKey;
use batchwright::domain::run::Phase;
use batchwright::domain::run::acts::{
    AbortRun, AcceptRisk, AcknowledgeAlerts, CheckEntry, CheckStep, CloseOperation, CloseRun,
    CompleteStep, CorrectEntry, DecideNotDeviation, DeclareAbsent, DeclareStepNotPerformed,
    LiftHold, PassGate, PlaceHold, RatifyRisk, RecordAftermath, RecordEntry, RecordTrailPoint,
    ReportHappening, ReviewOperation, RunCommand, WaiveGate,
};
use batchwright::domain::words::{Absence, Basis, EntryKey, HoldScope, Place};

/// A small generator (splitmix64): the same seed, the same life.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ 0xB47C)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to n−1.
    pub fn of(&mut self, n: u32) -> u32 {
        u32::try_from(self.next() % u64::from(n)).expect("below n")
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.of(u32::try_from(list.len()).expect("short")) as usize]
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let j = self.of(u32::try_from(i + 1).expect("short")) as usize;
            list.swap(i, j);
        }
    }
}

const PEOPLE: [&str; 7] = ["ana", "ben", "sue", "lab", "quinn", "quentin", "adam"];
const PLACES: [&str; 9] = [
    "OP-1~1/prep",
    "OP-1~1/inoc",
    "OP-1~1/feed",
    "OP-1~1/sample",
    "OP-1~1/end",
    "OP-2~1/load",
    "OP-2~1/elute",
    "OP-2~1/pool",
    "OP-2~2/load",
];
const ENTRIES: [&str; 10] = [
    "OP-1~1/prep~1/ph",
    "OP-1~1/prep~1/note",
    "OP-1~1/feed~1/ph",
    "OP-1~1/feed~2/ph",
    "OP-1~1/sample~1/count",
    "OP-1~1/sample~1/myco",
    "OP-1~1/end~1/note",
    "OP-2~1/load~1/titrate",
    "OP-2~1/elute~1/ph",
    "sterile",
];
const VALUES: [&str; 8] = ["6.85", "7.05", "7.50", "7.50", "40.0", "12", "negative", "x y"];

/// Somebody tries something.
pub fn wild<'a>(
    w: &World,
    chance: &mut Chance,
    phase: Phase,
) -> (&'a str, Option<&'a str>, bool, RunCommand) {
    let second = (chance.of(3) == 0).then(|| chance.pick(&PEOPLE));
    let signs = chance.of(6) != 0;
    let (hands, command): (&[&str], _) = match chance.of(20) {
        0..=7 => (&["ana", "ben", "sue"], on_steps(w, chance)),
        8..=12 => (&["ana", "ben", "sue", "lab", "quinn"], on_entries(w, chance)),
        13..=17 => (&["sue", "quinn", "quentin"], by_quality(w, chance)),
        _ => (&["sue", "quinn", "quentin"], at_the_end(w, chance, phase)),
    };
    // Mostly somebody whose work it is.
    let who = if chance.of(5) == 0 { chance.pick(&PEOPLE) } else { chance.pick(hands) };
    (who, second, signs, command)
}

/// The version seen: right, old or none.
fn seen(chance: &mut Chance, right: u64) -> Option<u64> {
    match chance.of(8) {
        0 => None,
        1 => Some(right.saturating_sub(1)),
        _ => Some(right),
    }
}

fn reason(chance: &mut Chance) -> String {
    chance.pick(&[" ", "as seen", "looked into", "told by telephone", "broken"]).to_owned()
}

fn on_steps(w: &World, chance: &mut Chance) -> RunCommand {
    let key = format!("{}~{}", chance.pick(&PLACES), chance.pick(&[1, 1, 1, 2, 3]));
    let step = at_step(&key);
    let expected = seen(chance, w.version(&step));
    let operation = step.operation.clone();
    match chance.of(7) {
        0 | 1 => w.start(&key),
        2 => RunCommand::CompleteStep(CompleteStep { step, expected }),
        3 => RunCommand::CheckStep(CheckStep { step, expected }),
        4 => RunCommand::DeclareStepNotPerformed(DeclareStepNotPerformed {
            step,
            reason: reason(chance),
        }),
        5 => {
            let right = w.run.operations.get(&operation).map_or(0, |op| op.version);
            RunCommand::CloseOperation(CloseOperation { operation, expected: seen(chance, right) })
        }
        _ => {
            RunCommand::AcknowledgeAlerts(AcknowledgeAlerts { operation, comment: reason(chance) })
        }
    }
}

fn value(w: &World, chance: &mut Chance, at: &EntryKey) -> Input {
    let mut input = input(&w.run, at, chance.pick(&VALUES));
    if chance.of(12) == 0 {
        input.unit = Some("furlong".into());
    }
    input
}

fn on_entries(w: &World, chance: &mut Chance) -> RunCommand {
    let at = at_entry(chance.pick(&ENTRIES));
    let input = value(w, chance, &at);
    let expected = seen(chance, w.entry_seq(&at));
    let said = reason(chance);
    let reason = (chance.of(3) != 0).then_some(said.clone());
    match chance.of(8) {
        0..=2 => {
            let minutes = chance.pick(&[0, 0, 0, -5, -30, 5]);
            let performed_at = (minutes != 0).then(|| w.now.plus_minutes(minutes));
            let scribe = |who: &str| Basis::Scribe { performed_by: who.into() };
            let basis = match chance.of(12) {
                0 => scribe("quinn"),
                1 => scribe("ben"),
                2 => scribe("nobody"),
                _ => Basis::Direct,
            };
            let confirmed = chance.of(2) == 0;
            RunCommand::RecordEntry(RecordEntry {
                at,
                input,
                performed_at,
                basis,
                reason,
                confirmed,
            })
        }
        3 => RunCommand::CorrectEntry(CorrectEntry {
            at,
            input,
            reason,
            slip: chance.of(2) == 0,
            confirmed: true,
            expected,
        }),
        4 | 5 => RunCommand::CheckEntry(CheckEntry { at, against: None, expected }),
        6 => {
            let kind = chance.pick(&["reading", "addition", "guess"]).to_owned();
            RunCommand::RecordTrailPoint(RecordTrailPoint { at, kind, input })
        }
        _ => {
            let absence = chance.pick(&[
                Absence::NotApplicable,
                Absence::NotPerformed,
                Absence::NotAvailable,
            ]);
            RunCommand::DeclareAbsent(DeclareAbsent { at, absence, reason: said })
        }
    }
}

fn by_quality(w: &World, chance: &mut Chance) -> RunCommand {
    let gate = chance.pick(&["G-INOC", "G-POOL", "G-POOL", "G-NONE"]).to_owned();
    let reason = reason(chance);
    match chance.of(10) {
        8 => RunCommand::WaiveGate(WaiveGate { gate, reason }),
        9 => {
            let op = chance.pick(&["OP-1", "OP-2"]).to_owned();
            let operation = OperationKey { op, n: 1 };
            RunCommand::ReviewOperation(ReviewOperation { operation, conclusion: reason })
        }
        0 => RunCommand::PassGate(PassGate { gate }),
        1 => RunCommand::AcceptRisk(AcceptRisk {
            gate,
            reason,
            minutes: chance.pick(&[0, 30, 60, 9000]),
        }),
        2 => RunCommand::RatifyRisk(RatifyRisk { gate, index: chance.of(2), conclusion: reason }),
        3 | 4 => RunCommand::DecideNotDeviation(DecideNotDeviation {
            exception: 1 + chance.of(4),
            rationale: reason,
        }),
        5 => {
            let scope = chance.pick(&[0, 1, 2]);
            let scope = match scope {
                0 => HoldScope::Run,
                1 => HoldScope::Operation { operation: "OP-1".into() },
                _ => HoldScope::Step { step: "elute".into() },
            };
            RunCommand::PlaceHold(PlaceHold { scope, reason })
        }
        6 => {
            let no = 1 + chance.of(2);
            let right = w.run.holds.iter().find(|hold| hold.no == no).map_or(0, |h| h.version);
            RunCommand::LiftHold(LiftHold { no, reason, expected: seen(chance, right) })
        }
        _ => RunCommand::ReportHappening(ReportHappening {
            place: Place::Batch,
            what: reason,
            enclosures: Vec::new(),
        }),
    }
}

fn at_the_end(w: &World, chance: &mut Chance, phase: Phase) -> RunCommand {
    match chance.of(8) {
        0 => complete(w),
        1 | 2 => review(w),
        3 => RunCommand::CloseRun(CloseRun {}),
        4 => yields(),
        // An abort ends most of what there is to see: rare while much may still happen.
        5 if phase != Phase::Running || chance.of(12) == 0 => {
            RunCommand::AbortRun(AbortRun { reason: reason(chance) })
        }
        _ => RunCommand::RecordAftermath(RecordAftermath {
            kind: chance.pick(&["sample", "destruction", "party"]).to_owned(),
            text: reason(chance),
        }),
    }
}
