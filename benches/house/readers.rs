//! Twenty GETs a second of one part of a running batch, while somebody records on it.

use crate::Bench;
use crate::before::and_before;
use crate::kit::floor::Floor;
use crate::kit::numbers::Pairs;
use crate::kit::program::Program;
use crate::kit::recipe::PLAIN;
use crate::kit::sites::World;
use crate::kit::terminal::Terminal;
use crate::table::{Limit, Line};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const A_SECOND: f64 = 20.0;

pub fn row(bench: &Bench) -> Vec<Line> {
    and_before(bench, |program| vec![of(bench, program)])
}

/// The first part of a large batch: how long somebody waits for it who opens it on a screen.
pub fn first_part(bench: &Bench) -> Vec<Line> {
    let world = bench.sites.open(&bench.this, bench.plan.engine());
    let entries = bench.plan.size(10_000, 1_000);
    let mut filling = Floor::open(&world, &PLAIN, PLAIN.steps, "PART");
    filling.each(&world, entries / PLAIN.steps);
    let mut reader = Terminal::connect(&[world.address()], "", "reader");
    world.stranger("sven").token_for(&mut reader);
    let mut lines = Vec::new();
    for (what, path) in [
        ("the outline", "/batches/PART-0/outline"),
        ("the first 50 steps", "/batches/PART-0/steps"),
    ] {
        let mut times = Vec::new();
        for _ in 0..20 {
            let begin = Instant::now();
            let said = reader.get(path);
            assert_eq!(said.status, 200, "{path}: {}", said.text());
            times.push(begin.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        let what = format!("{what} of a batch of {entries} entries");
        lines.push(Line::alone(&what, "ms", &times).limit(Limit::AtMost(30.0)));
    }
    lines
}

fn of(bench: &Bench, program: &Program) -> Line {
    let world = bench.sites.open(program, bench.plan.engine());
    // As many terminals as the run has steps fill it; then one of them goes on.
    let entries = bench.plan.size(2_000, 400);
    let mut filling = Floor::open(&world, &PLAIN, PLAIN.steps, "READ");
    filling.each(&world, entries / PLAIN.steps);
    let mut one = filling.first_alone();
    // Two addresses: one alone may call two thousand times a second, and no more.
    one.lead_to(&[world.address(), world.address()]);
    let path = world.part_of("READ-0");
    println!("  {}: one part is {path}", program.name);
    let mut pairs = Pairs::default();
    for round in 0..bench.plan.rounds {
        pairs.round(
            round,
            &mut one,
            |one| {
                let (mean, reads) = read_beside(&world, &path, || record(bench, &world, one));
                println!("  round {round}: {} beside {reads} reads {mean:.3} ms", program.name);
                mean
            },
            |one| {
                let mean = record(bench, &world, one);
                println!("  round {round}: {} alone {mean:.3} ms", program.name);
                mean
            },
        );
    }
    let whole = if path.ends_with("READ-0") { ", the whole batch" } else { "" };
    let what = format!("an order beside 20 GETs/s{whole}, {entries} entries");
    Line::ratio(&what, "ms", ["", "alone:"], &pairs).limit(Limit::AtMost(1.2))
}

/// The mean, for the median would not see an order that waits for a reader.
fn record(bench: &Bench, world: &World, floor: &mut Floor) -> f64 {
    floor.for_time(world, bench.plan.time()).mean()
}

/// Somebody reads while this is done; says how many reads there were.
fn read_beside<T>(world: &World, path: &str, work: impl FnOnce() -> T) -> (T, usize) {
    let mut reader = Terminal::connect(&[world.address()], "", "reader");
    world.stranger("sven").token_for(&mut reader);
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let begin = Instant::now();
            let mut reads = 0_u32;
            while !ended.load(Ordering::Relaxed) {
                let said = reader.get(path);
                assert_eq!(said.status, 200, "{path}: {}", said.text());
                reads += 1;
                let next = Duration::from_secs_f64(f64::from(reads) / A_SECOND);
                std::thread::sleep(next.saturating_sub(begin.elapsed()));
            }
            reads
        });
        let done = work();
        ended.store(true, Ordering::Relaxed);
        (done, reading.join().expect("the reader reads") as usize)
    })
}
