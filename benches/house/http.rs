//! 128 terminals over HTTP, against the program before this work, in the same rounds.

use crate::Bench;
use crate::kit::floor::Floor;
use crate::kit::numbers::{Pairs, Spread};
use crate::kit::program::Program;
use crate::kit::recipe::PLAIN;
use crate::kit::sites::World;
use crate::table::{Limit, Line};

const LIMIT: Limit = Limit::AtLeast(2.5);

struct Side {
    world: World,
    floor: Floor,
}

impl Side {
    fn open(bench: &Bench, program: &Program, clients: usize) -> Self {
        let world = bench.sites.open(program, bench.plan.engine());
        let mut floor = Floor::open(&world, &PLAIN, clients, "HTTP");
        floor.each(&world, bench.plan.size(20, 2));
        Self { world, floor }
    }

    fn rate(&mut self, bench: &Bench, round: usize) -> f64 {
        let shift = self.floor.for_time(&self.world, bench.plan.time());
        println!("  round {round}: {} {}", self.world.program.name, shift.shown());
        shift.rate()
    }

    /// Stops, and proves that what was recorded is whole.
    fn end(mut self) {
        self.world.stop();
        self.world.program.verify(&self.world.database);
    }
}

pub fn row(bench: &Bench) -> Vec<Line> {
    let clients = bench.plan.size(128, 16);
    let what = format!("HTTP, {clients} clients, {:?}", bench.plan.engine());
    let mut this = Side::open(bench, &bench.this, clients);
    let Some(before) = &bench.before else {
        let rates: Vec<f64> = (0..bench.plan.rounds).map(|round| this.rate(bench, round)).collect();
        this.end();
        let measured = format!("{} entries/s", Spread::of(&rates));
        return vec![Line::missing(&what, measured, "baseline=no", LIMIT)];
    };
    let mut before = Side::open(bench, before, clients);
    let mut pairs = Pairs::default();
    for round in 0..bench.plan.rounds {
        pairs.round(
            round,
            &mut (&mut this, &mut before),
            |(this, _)| this.rate(bench, round),
            |(_, before)| before.rate(bench, round),
        );
    }
    this.end();
    before.end();
    vec![Line::ratio(&what, "entries/s", ["", "before:"], &pairs).limit(LIMIT)]
}
