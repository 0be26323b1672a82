//! Eight terminals on PostgreSQL, against eight on SQLite.

use crate::Bench;
use crate::before::and_before;
use crate::kit::engine::{Engine, server};
use crate::kit::floor::Floor;
use crate::kit::numbers::Pairs;
use crate::kit::program::Program;
use crate::kit::recipe::PLAIN;
use crate::table::{Limit, Line};

const CLIENTS: usize = 8;

const LIMIT: Limit = Limit::AtLeast(0.6);

pub fn row(bench: &Bench) -> Vec<Line> {
    if server().is_none() {
        let what = "PostgreSQL, 8 clients";
        return vec![Line::missing(what, String::new(), "no PostgreSQL answers", LIMIT)];
    }
    and_before(bench, |program| vec![of(bench, program)])
}

fn of(bench: &Bench, program: &Program) -> Line {
    let [postgres, sqlite] =
        [Engine::Postgres, Engine::Sqlite].map(|engine| bench.sites.open(program, engine));
    let [mut one, mut other] =
        [&postgres, &sqlite].map(|world| Floor::open(world, &PLAIN, CLIENTS, "EIGHT"));
    one.each(&postgres, bench.plan.size(100, 5));
    other.each(&sqlite, bench.plan.size(100, 5));
    let mut pairs = Pairs::default();
    for round in 0..bench.plan.rounds {
        let mut both = (&mut one, &mut other);
        let told = |name: &str, shift: crate::kit::floor::Shift| {
            println!("  round {round}: {} {name} {}", program.name, shift.shown());
            shift.rate()
        };
        pairs.round(
            round,
            &mut both,
            |(one, _)| told("PostgreSQL", one.for_time(&postgres, bench.plan.time())),
            |(_, other)| told("SQLite", other.for_time(&sqlite, bench.plan.time())),
        );
    }
    let what = format!("PostgreSQL, {CLIENTS} clients on one run");
    Line::ratio(&what, "entries/s", ["", "SQLite:"], &pairs).limit(LIMIT)
}
