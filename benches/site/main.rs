//! A site of a million entries, and what it costs to have one: size, start, memory, recording, reading,
//! `verify`, at each size on the way, so that flatness shows. Kept out of CI.
//!
//! `cargo bench --bench site -- entries=1000000`; also `dir=DIR` (made, and kept), `rounds=N` (3),
//! `seconds=N` (4) of each measurement by time. It measures at a hundredth, a tenth and the whole.
//!
//! Entries go through the lane, by the orders and rules of the product, in runs of four thousand. What is
//! left out is HTTP in front of the recording itself (`kit::lane`); runs are issued, ended, reviewed and
//! closed over HTTP. Nothing is written past the one door.

#[path = "../kit/mod.rs"]
#[allow(dead_code, reason = "shared by two benchmarks")]
mod kit;

mod grow;
mod measure;

use kit::engine::Engine;
use kit::program::Program;
use kit::sites::Sites;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// What was asked for.
struct Plan {
    entries: usize,
    dir: Option<PathBuf>,
    rounds: usize,
    time: Duration,
}

impl Plan {
    /// Nothing where no number of entries was named: a million are not made by accident.
    fn of(words: impl Iterator<Item = String>) -> Option<Self> {
        let mut plan = Self { entries: 0, dir: None, rounds: 3, time: Duration::from_secs(4) };
        for word in words.filter(|word| !word.starts_with("--")) {
            match word.split_once('=')? {
                ("entries", n) => plan.entries = n.parse().ok()?,
                ("dir", dir) => plan.dir = Some(dir.into()),
                ("rounds", n) => plan.rounds = n.parse().ok()?,
                ("seconds", n) => plan.time = Duration::from_secs_f64(n.parse().ok()?),
                _ => return None,
            }
        }
        (plan.entries >= 100 && plan.rounds > 0).then_some(plan)
    }
}

fn main() -> ExitCode {
    let Some(plan) = Plan::of(std::env::args().skip(1)) else {
        println!(
            "Run it as `cargo bench --bench site -- entries=1000000 [dir=DIR] [rounds=N] [seconds=N]`"
        );
        return ExitCode::SUCCESS;
    };
    let sites = Sites::default();
    let program = Program::this();
    let mut world = match &plan.dir {
        Some(dir) => sites.kept(&program, dir),
        None => sites.closed(&program, Engine::Sqlite),
    };
    let mut stages = Vec::new();
    for part in [100, 10, 1] {
        let entries = plan.entries / part;
        let grown = grow::to(&mut world, entries);
        println!("{entries} entries: {}", grown.shown());
        stages.push(measure::stage(&plan, &mut world, &grown));
    }
    measure::print(&stages);
    ExitCode::SUCCESS
}
