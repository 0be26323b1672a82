//! Recording an entry over HTTP, beside the raw durable limit of the same machine in the same minutes.
//!
//! `cargo bench --bench record_entry`, and behind ` -- `: seconds of each measurement (5), `rounds=3`,
//! `clients=1,16,128`, `sqlite` or `postgres` alone, `raw=no`, `verify=no`. The raw limit is what the engine makes durable when
//! one thread commits groups of 64 rows of the journal's size and does nothing else: same settings, same
//! disk. The best of all rounds counts on both sides, for the machine is shared.

#[path = "../../tests/house/mod.rs"]
#[allow(dead_code)]
mod house;

mod floor;
mod raw;
mod terminal;

use floor::{Measured, Spread};
use house::engine::Engine;
use house::world::{Opening, World};
use std::time::{Duration, Instant};

/// Rows of a raw group: as many as the lane commits at once.
const GROUP: u32 = 64;

/// What was asked for.
struct Plan {
    seconds: u64,
    rounds: u32,
    clients: Vec<usize>,
    only: Option<Engine>,
    raw: bool,
    verify: bool,
}

impl Plan {
    fn of(words: impl Iterator<Item = String>) -> Self {
        let mut plan = Self {
            seconds: 5,
            rounds: 3,
            clients: vec![1, 16, 128],
            only: None,
            raw: true,
            verify: true,
        };
        for word in words {
            match word.split_once('=') {
                Some(("rounds", n)) => plan.rounds = n.parse().expect("rounds=N"),
                Some(("clients", list)) => {
                    let each = list.split(',').map(|n| n.parse().expect("clients=N,N"));
                    plan.clients = each.collect();
                }
                Some(("raw", word)) => plan.raw = word != "no",
                Some(("verify", word)) => plan.verify = word != "no",
                _ if word == "sqlite" => plan.only = Some(Engine::Sqlite),
                _ if word == "postgres" => plan.only = Some(Engine::Postgres),
                // Cargo adds words of its own, as `--bench`.
                _ => plan.seconds = word.parse().unwrap_or(plan.seconds),
            }
        }
        plan
    }

    fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

fn main() {
    let plan = Plan::of(std::env::args().skip(1));
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if plan.only.is_none_or(|only| only == engine) {
            if !house::engine::engines().contains(&engine) {
                println!("PostgreSQL: none answers");
                continue;
            }
            measure(engine, &plan);
        }
    }
}

fn measure(engine: Engine, plan: &Plan) {
    let world = World::open(engine, Opening::USUAL);
    let most = plan.clients.iter().copied().max().unwrap_or(1);
    floor::prepare(&world, most);
    // Something recorded, so that the raw rows have the size of real ones.
    floor::record(&world, "WARM", 1, Spread::OwnRuns, Duration::from_millis(500));
    let sample = raw::sample(&world.database);
    println!("\n{engine:?}: a row of the journal has {} bytes", sample.bytes());
    let mut limit = [0.0_f64; 2];
    let mut best: Vec<(usize, Spread, Measured)> = Vec::new();
    for round in 1..=plan.rounds {
        if plan.raw {
            for (place, rows) in [(0, GROUP), (1, 1)] {
                let rate = raw::rate(engine, &sample, rows, plan.time());
                limit[place] = limit[place].max(rate);
                println!("round {round}: raw, {rows} rows a commit: {rate:.0} rows/s");
            }
        }
        for clients in &plan.clients {
            for spread in [Spread::OneRun, Spread::OwnRuns] {
                let name = format!("R{round}-{clients}-{spread:?}").to_uppercase();
                let measured = floor::record(&world, &name, *clients, spread, plan.time());
                println!("round {round}: {clients} clients, {spread}: {measured}");
                keep(&mut best, *clients, spread, measured);
            }
        }
    }
    table(engine, limit, &best);
    if plan.verify {
        let begin = Instant::now();
        drop(world.end());
        println!("verified whole in {:.1} s", begin.elapsed().as_secs_f64());
    }
}

fn keep(best: &mut Vec<(usize, Spread, Measured)>, clients: usize, of: Spread, new: Measured) {
    match best.iter_mut().find(|(n, spread, _)| (*n, *spread) == (clients, of)) {
        Some((_, _, old)) if old.rate < new.rate => *old = new,
        Some(_) => {}
        None => best.push((clients, of, new)),
    }
}

fn table(engine: Engine, limit: [f64; 2], best: &[(usize, Spread, Measured)]) {
    let [group, single] = limit;
    println!("\n{engine:?}, best of the rounds; ratio to the raw limit of {GROUP} rows a commit");
    println!(
        "| {:7} | {:14} | {:>9} | {:>5} | {:>7} | {:>7} |",
        "clients", "on", "entries/s", "ratio", "p50 ms", "p99 ms"
    );
    println!("|---------|----------------|-----------|-------|---------|---------|");
    for (rows, rate) in [(GROUP, group), (1, single)] {
        let of = format!("{rows} rows/commit");
        println!("| raw     | {of:14} | {rate:9.0} | {:5.2} |         |         |", rate / group);
    }
    for (clients, spread, m) in best {
        println!(
            "| {clients:7} | {:14} | {:9.0} | {:5.2} | {:7.2} | {:7.2} |",
            spread.to_string(),
            m.rate,
            m.rate / group,
            m.p50,
            m.p99
        );
    }
}
