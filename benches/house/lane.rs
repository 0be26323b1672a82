//! The lane alone, without HTTP, against what the engine makes durable of the same rows.

use crate::Bench;
use crate::kit::engine::Engine;
use crate::kit::lane::{Author, Lane, Tracks};
use crate::kit::numbers::Pairs;
use crate::kit::recipe::WIDE;
use crate::raw::{self, GROUP, Raw, Written};
use crate::table::{Limit, Line};

/// Runs that are recorded beside each other.
const RUNS: usize = 4;

pub fn row(bench: &Bench) -> Vec<Line> {
    bench.plan.engines().into_iter().map(|engine| on(bench, engine)).collect()
}

fn on(bench: &Bench, engine: Engine) -> Line {
    let mut world = bench.sites.open(&bench.this, engine);
    let runs: Vec<String> = (0..RUNS).map(|no| format!("LANE-{no}")).collect();
    runs.iter().for_each(|run| world.issue(run, &WIDE));
    let author = world.with("olga", Author::signed_in);
    world.stop();
    let mut tracks = Tracks::of(&runs, &WIDE);
    let sample = bench.plan.size(6_400, 640);
    let lane = Lane::open(&world.database, author);
    // Warmed up: every step begun, so that what is counted next are entries.
    lane.record(&mut tracks, sample);
    lane.close();
    let before = raw::counts(&world.database);
    let lane = Lane::open(&world.database, author);
    lane.record(&mut tracks, sample);
    lane.close();
    let mut raw = Raw::of(Written::since(&before, &world.database, sample));
    println!("  {engine:?}: one entry writes {}", raw.shown());

    let lane = Lane::open(&world.database, author);
    let entries = bench.plan.size(20_000, 1_000);
    let mut pairs = Pairs::default();
    for round in 0..bench.plan.rounds {
        pairs.round(
            round,
            &mut (&lane, &mut raw),
            |(lane, _)| {
                let recorded = lane.record(&mut tracks, entries);
                let spent = recorded.spent.each(recorded.entries);
                println!("  round {round}: lane {:.0} entries/s, CPU µs: {spent}", recorded.rate());
                recorded.rate()
            },
            |(_, raw)| {
                let done = raw.rate(bench.plan.time());
                let (rate, cpu) = (done.rate, done.cpu);
                println!("  round {round}: raw {rate:.0} entries/s, CPU {cpu:.0} µs");
                rate
            },
        );
    }
    lane.close();
    world.program.verify(&world.database);
    let what = format!("lane alone, {engine:?}");
    let raw = format!("raw rows, {GROUP} a commit:");
    Line::ratio(&what, "entries/s", ["", &raw], &pairs).limit(Limit::Goal(0.6, 0.75))
}
