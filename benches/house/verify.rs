//! `verify`: entries a second against the program before on as many entries, and its memory at two sizes.

use crate::Bench;
use crate::kit::floor::count;
use crate::kit::numbers::{Pairs, Spread};
use crate::kit::program::{Program, Verified};
use crate::table::{Limit, Line};

const TEN_TIMES: Limit = Limit::AtLeast(10.0);
const GOAL: Limit = Limit::AtLeast(300_000.0);
const FLAT: Limit = Limit::AtMost(1.2);

pub fn row(bench: &Bench) -> Vec<Line> {
    let big = bench.plan.big;
    let small = big / 5;
    let mut pairs = Pairs::default();
    let mut memory = Pairs::default();
    for round in 0..bench.plan.rounds {
        let (rate, at_big) = verified(bench, &bench.this, big, round);
        let (_, at_small) = verified(bench, &bench.this, small, round);
        pairs.one.push(rate);
        memory.one.push(at_big.peak);
        memory.other.push(at_small.peak);
        if let Some(before) = &bench.before {
            pairs.other.push(verified(bench, before, big, round).0);
        }
    }
    let what = format!("verify, {big} entries");
    let against = if bench.before.is_some() {
        Line::ratio(&what, "entries/s", ["", "before:"], &pairs).limit(TEN_TIMES)
    } else {
        let measured = format!("{} entries/s", Spread::of(&pairs.one));
        Line::missing(&what, measured, "baseline=no", TEN_TIMES)
    };
    let at_small = format!("at {small}:");
    vec![
        against,
        Line::alone("verify, the goal", "entries/s", &pairs.one).limit(GOAL),
        Line::ratio(&format!("verify's peak at {big}"), "MiB", ["", &at_small], &memory)
            .limit(FLAT),
    ]
}

fn verified(bench: &Bench, program: &Program, entries: usize, round: usize) -> (f64, Verified) {
    bench.filled.with(bench, program, entries, |world| {
        let rows = world.database.entries();
        let verified = program.verify(&world.database);
        let rate = count(rows) / verified.seconds;
        let Verified { seconds, peak } = verified;
        let name = program.name;
        println!(
            "  round {round}: {name} {rows} in {seconds:.2} s, {rate:.0} entries/s, peak {peak:.0} MiB"
        );
        (rate, verified)
    })
}
