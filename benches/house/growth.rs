//! Entry 10,000 of a run against entry 100: the cost of a change does not grow with the run.

use crate::Bench;
use crate::before::and_before;
use crate::kit::floor::Floor;
use crate::kit::numbers::Pairs;
use crate::kit::program::Program;
use crate::kit::recipe::{COMPUTED, PLAIN, Recipe};
use crate::table::{Limit, Line};

/// Terminals: one at each step of the run.
const CLIENTS: usize = 8;

pub fn row(bench: &Bench) -> Vec<Line> {
    and_before(bench, |program| vec![of(bench, program, &COMPUTED), of(bench, program, &PLAIN)])
}

fn of(bench: &Bench, program: &Program, recipe: &Recipe) -> Line {
    let world = bench.sites.open(program, bench.plan.engine());
    let long = bench.plan.size(10_000, 800);
    let mut old = Floor::open(&world, recipe, CLIENTS, "LONG");
    let filled = old.each(&world, long / CLIENTS);
    println!("  {} {}: the long run: {}", program.name, recipe.code, filled.shown());
    let each = bench.plan.size(50, 5);
    let mut pairs = Pairs::default();
    for round in 0..bench.plan.rounds {
        // A fresh run each round, recorded to its hundredth entry.
        let mut young = Floor::open(&world, recipe, CLIENTS, &format!("YOUNG-{round}"));
        young.each(&world, 100 / CLIENTS);
        let time = |floor: &mut Floor, name: &str| {
            let shift = floor.each(&world, each);
            println!("  round {round}: {} {name} {}", program.name, shift.shown());
            1e6 / shift.rate()
        };
        pairs.round(
            round,
            &mut (&mut old, &mut young),
            |(old, _)| time(old, "long:"),
            |(_, young)| time(young, "young:"),
        );
    }
    let what = format!("entry {long} of a run, {} computed", recipe.computed);
    Line::ratio(&what, "µs an entry", ["", "entry 100:"], &pairs).limit(Limit::AtMost(1.1))
}
