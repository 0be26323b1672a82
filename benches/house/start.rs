//! From the start of the server until it is ready: on an empty site, and on a big one.

use crate::Bench;
use crate::before::and_before;
use crate::kit::engine::Engine;
use crate::kit::program::Program;
use crate::kit::sites::World;
use crate::table::{Limit, Line};

pub fn row(bench: &Bench) -> Vec<Line> {
    and_before(bench, |program| of(bench, program))
}

fn of(bench: &Bench, program: &Program) -> Vec<Line> {
    let big = bench.plan.big;
    let mut empty_site = bench.sites.closed(program, Engine::Sqlite);
    let mut empty = Vec::new();
    let mut full = Vec::new();
    for round in 0..bench.plan.rounds {
        empty.push(ready(&mut empty_site));
        full.push(bench.filled.with(bench, program, big, ready));
        let (no, yes) = (empty[round], full[round]);
        println!("  round {round}: {} empty {no:.0} ms, {big} entries {yes:.0} ms", program.name);
    }
    vec![
        Line::alone("start-up, an empty site", "ms", &empty).limit(Limit::AtMost(300.0)),
        Line::alone(&format!("start-up, {big} entries"), "ms", &full).limit(Limit::AtMost(1000.0)),
    ]
}

/// Milliseconds until the server was ready.
fn ready(world: &mut World) -> f64 {
    world.serve();
    let ready = world.server().ready.as_secs_f64() * 1000.0;
    world.stop();
    ready
}
