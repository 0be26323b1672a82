//! Two nodes on one PostgreSQL database, against one: in strict turn, and where one may keep the lane.

use crate::Bench;
use crate::before::and_before;
use crate::kit::engine::{Engine, server};
use crate::kit::floor::Floor;
use crate::kit::numbers::Pairs;
use crate::kit::program::Program;
use crate::kit::recipe::PLAIN;
use crate::table::{Limit, Line};

const IN_TURN: Limit = Limit::AtLeast(0.6);
const KEPT: Limit = Limit::AtLeast(0.9);

/// Terminals where one node may keep the lane: eight at each.
const CLIENTS: usize = 16;

pub fn row(bench: &Bench) -> Vec<Line> {
    if server().is_none() {
        let missing =
            |what: &str, limit| Line::missing(what, String::new(), "no PostgreSQL answers", limit);
        return vec![missing("two nodes in turn", IN_TURN), missing("two nodes", KEPT)];
    }
    and_before(bench, |program| of(bench, program))
}

fn of(bench: &Bench, program: &Program) -> Vec<Line> {
    let mut world = bench.sites.open(program, Engine::Postgres);
    let mut turn = Floor::open(&world, &PLAIN, 1, "TURN");
    let mut many = Floor::open(&world, &PLAIN, CLIENTS, "MANY");
    let first = world.address();
    let node = world.second_node();
    let second = node.address;
    let mut strict = Pairs::default();
    let mut kept = Pairs::default();
    for round in 0..bench.plan.rounds {
        let told = |floor: &mut Floor, name: &str| {
            let shift = floor.for_time(&world, bench.plan.time());
            let [rate, p50, p99] = [shift.rate(), shift.p50(), shift.p99()];
            let line = format!("{rate:.0} entries/s, p50 {p50:.2} ms, p99 {p99:.2} ms");
            println!("  round {round}: {} {name} {line}", program.name);
            rate
        };
        // One terminal whose requests go to one node and to the other in turn; beside it one with as many
        // connections to one node.
        strict.round(
            round,
            &mut turn,
            |turn| {
                turn.lead_to(&[first, second]);
                told(turn, "in turn, two nodes:")
            },
            |turn| {
                turn.lead_to(&[first, first]);
                told(turn, "in turn, one node:")
            },
        );
        kept.round(
            round,
            &mut many,
            |many| {
                many.split([first, second]);
                told(many, "16 clients, two nodes:")
            },
            |many| {
                many.lead_to(&[first]);
                told(many, "16 clients, one node:")
            },
        );
    }
    node.stop();
    world.stop();
    world.program.verify(&world.database);
    let ends = ["", "one node:"];
    vec![
        Line::ratio("two nodes, strict turn", "entries/s", ends, &strict).limit(IN_TURN),
        Line::ratio("two nodes, 8 clients each", "entries/s", ends, &kept).limit(KEPT),
    ]
}
