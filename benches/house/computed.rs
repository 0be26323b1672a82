//! Twenty computed entries, against the same recipe with none: limits of time and second persons in both.

use crate::Bench;
use crate::before::and_before;
use crate::kit::floor::Floor;
use crate::kit::numbers::Pairs;
use crate::kit::program::Program;
use crate::kit::recipe::{COMPUTED, TIMED};
use crate::table::{Limit, Line};

/// Terminals: enough that the lane is what they wait for.
const CLIENTS: usize = 16;

pub fn row(bench: &Bench) -> Vec<Line> {
    and_before(bench, |program| vec![of(bench, program)])
}

fn of(bench: &Bench, program: &Program) -> Line {
    let world = bench.sites.open(program, bench.plan.engine());
    let mut with = Floor::open(&world, &COMPUTED, CLIENTS, "COMPUTED");
    let mut without = Floor::open(&world, &TIMED, CLIENTS, "TIMED");
    // Some occurrences of every step, over which the means are taken.
    let begun = bench.plan.size(120, 10);
    with.each(&world, begun);
    without.each(&world, begun);
    let entries = bench.plan.size(100, 10);
    let mut pairs = Pairs::default();
    for round in 0..bench.plan.rounds {
        let time = |floor: &mut Floor, name: &str| {
            let shift = floor.each(&world, entries);
            println!("  round {round}: {} {name} {}", program.name, shift.shown());
            1e6 / shift.rate()
        };
        pairs.round(
            round,
            &mut (&mut with, &mut without),
            |(with, _)| time(with, "20 computed:"),
            |(_, without)| time(without, "none:"),
        );
    }
    let what = format!("20 computed entries, {CLIENTS} clients");
    Line::ratio(&what, "µs an entry", ["", "none computed:"], &pairs).limit(Limit::AtMost(1.3))
}
