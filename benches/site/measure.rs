//! What a site of a size costs: disk, start, memory, recording, reading, `verify`.

use crate::Plan;
use crate::grow::Grown;
use crate::kit::floor::{Floor, count};
use crate::kit::numbers::{median, short};
use crate::kit::process;
use crate::kit::recipe::PLAIN;
use crate::kit::sites::World;
use crate::kit::terminal::Terminal;
use std::time::{Duration, Instant};

/// Terminals that record.
const CLIENTS: usize = 8;

/// Times each question is asked.
const ASKED: usize = 30;

/// The figures of one size.
pub struct Stage {
    entries: usize,
    figures: Vec<(&'static str, String)>,
}

/// Measures a site that nobody serves, and leaves it so.
pub fn stage(plan: &Plan, world: &mut World, grown: &Grown) -> Stage {
    let entries = world.database.entries();
    let mut figures = vec![
        ("lane, growing to this size, entries/s", short(count(grown.entries) / grown.seconds)),
        ("database, MiB", short(world.database.size())),
        ("database, bytes an entry", short(world.database.size() * 1_048_576.0 / count(entries))),
    ];
    let verified: Vec<_> =
        (0..plan.rounds).map(|_| world.program.verify(&world.database)).collect();
    let seconds: Vec<f64> = verified.iter().map(|one| one.seconds).collect();
    let peaks: Vec<f64> = verified.iter().map(|one| one.peak).collect();
    figures.push(("verify, s", short(median(&seconds))));
    figures.push(("verify, entries/s", short(count(entries) / median(&seconds))));
    figures.push(("verify, peak MiB", short(median(&peaks))));
    let mut ready = Vec::new();
    for _ in 0..plan.rounds {
        world.serve();
        ready.push(world.server().ready.as_secs_f64() * 1000.0);
        world.stop();
    }
    figures.push(("start-up until ready, ms", short(median(&ready))));
    served(plan, world, &mut figures);
    Stage { entries, figures }
}

/// What is measured on one running server, in this order.
fn served(plan: &Plan, world: &mut World, figures: &mut Vec<(&'static str, String)>) {
    world.serve();
    let pid = world.server().pid();
    // The watch over limits of time has looked once by then.
    std::thread::sleep(Duration::from_secs(5));
    let memory = |found: Option<f64>| short(found.expect("the server runs"));
    figures.push(("resident after the start, MiB", memory(process::resident(pid))));
    let name = format!("MEASURED-{}", world.database.entries());
    let mut floor = Floor::open(world, &PLAIN, CLIENTS, &name);
    process::forget_peak(pid);
    let shift = floor.for_time(world, plan.time);
    figures.push(("recording over HTTP, 8 clients, entries/s", short(shift.rate())));
    figures.push(("recording, p50 ms", short(shift.p50())));
    figures.push(("recording, p99 ms", short(shift.p99())));
    figures.push(("recording, CPU µs an entry", short(shift.cpu())));
    figures.push(("recording, peak MiB", memory(process::peak(pid))));
    let mut reader = Terminal::connect(&[world.address()], "", "reader");
    world.stranger("sven").token_for(&mut reader);
    let run = format!("{name}-0");
    let part = world.part_of(&run);
    let whole = format!("/batches/{run}");
    figures.push(("GET /batches, p50 ms", asked(&mut reader, "/batches")));
    let named =
        if part == whole { "GET a part: none, the whole, p50 ms" } else { "GET a part, p50 ms" };
    figures.push((named, asked(&mut reader, &part)));
    figures.push(("GET /audit-trail, p50 ms", asked(&mut reader, &format!("{whole}/audit-trail"))));
    figures.push(("resident at the end, MiB", memory(process::resident(pid))));
    world.stop();
}

/// The median of some answers, in ms.
fn asked(reader: &mut Terminal, path: &str) -> String {
    let times: Vec<f64> = (0..ASKED)
        .map(|_| {
            let begin = Instant::now();
            let said = reader.get(path);
            assert_eq!(said.status, 200, "{path}: {}", said.text());
            begin.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    short(median(&times))
}

/// One table, a column for each size, as `docs/capacity.md` has it.
pub fn print(stages: &[Stage]) {
    let heads: Vec<String> = stages.iter().map(|stage| stage.entries.to_string()).collect();
    println!("\n| entries in the journal | {} |", heads.join(" | "));
    println!("|---|{}", "---:|".repeat(stages.len()));
    let Some(first) = stages.first() else { return };
    for (row, (name, _)) in first.figures.iter().enumerate() {
        let cells: Vec<&str> = stages.iter().map(|stage| stage.figures[row].1.as_str()).collect();
        println!("| {name} | {} |", cells.join(" | "));
    }
}
