//! Entry 10,000 of a run against entry 100: the cost of a change does not grow with the run.

use crate::Bench;
use crate::before::and_before;
use crate::kit::floor::Floor;
use crate::kit::numbers::Pairs;
use crate::kit::program::Program;
use crate::kit::recipe::{COMPUTED, LISTED, PLAIN, Recipe};
use crate::table::{Limit, Line};

/// Terminals: one at each step of the run.
const CLIENTS: usize = 8;

pub fn row(bench: &Bench) -> Vec<Line> {
    and_before(bench, |program| vec![of(bench, program, &COMPUTED), of(bench, program, &PLAIN)])
}

/// Reading 20,000 under one mean against reading 100: what stands on a list costs the same however long that is.
pub fn listed(bench: &Bench) -> Vec<Line> {
    vec![between(bench, &bench.this, &LISTED, bench.plan.size(20_000, 400), 1, 1.3)]
}

fn of(bench: &Bench, program: &Program, recipe: &Recipe) -> Line {
    between(bench, program, recipe, bench.plan.size(10_000, 800), CLIENTS, 1.1)
}

fn between(
    bench: &Bench,
    program: &Program,
    recipe: &Recipe,
    long: usize,
    clients: usize,
    most: f64,
) -> Line {
    let world = bench.sites.open(program, bench.plan.engine());
    let mut old = Floor::open(&world, recipe, clients, "LONG");
    let filled = old.each(&world, long / clients);
    println!("  {} {}: the long run: {}", program.name, recipe.code, filled.shown());
    let each = bench.plan.size(50, 5);
    let mut pairs = Pairs::default();
    for round in 0..bench.plan.rounds {
        // A fresh run each round, recorded to its hundredth entry.
        let mut young = Floor::open(&world, recipe, clients, &format!("YOUNG-{round}"));
        young.each(&world, 100 / clients);
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
    let what = match recipe.listed {
        true => format!("reading {long} under one mean"),
        false => format!("entry {long} of a run, {} computed", recipe.computed),
    };
    Line::ratio(&what, "µs an entry", ["", "entry 100:"], &pairs).limit(Limit::AtMost(most))
}
