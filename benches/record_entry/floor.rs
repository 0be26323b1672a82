//! Many terminals that record at once: on one run, or each on its own.

use crate::house::recipes;
use crate::house::world::World;
use crate::terminal::Terminal;
use serde_json::{Value, json};
use std::fmt;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// Entries of a step's occurrence; then it is completed and the next one begins.
const ENTRIES: usize = 50;

/// The recipe of one step that repeats, and that of as many as there are terminals.
const OWN: &str = "BENCH-OWN";
const SHARED: &str = "BENCH-SHARED";

/// Which runs the terminals record on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// All on one.
    OneRun,
    /// Each on its own.
    OwnRuns,
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::OneRun => "one run",
            Self::OwnRuns => "each its own",
        })
    }
}

/// What was measured.
pub struct Measured {
    /// Entries a second.
    pub rate: f64,
    /// Half of the answers came within, ms.
    pub p50: f64,
    /// 99 of 100 answers came within, ms.
    pub p99: f64,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} entries/s, p50 {:.2} ms, p99 {:.2} ms", self.rate, self.p50, self.p99)
    }
}

fn document(code: &str, steps: usize) -> Value {
    let limits = |purpose: &str, low: &str, high: &str| {
        json!({ "purpose": purpose, "low": { "value": low, "inclusive": true },
                "high": { "value": high, "inclusive": true } })
    };
    let entry = |no: usize| {
        json!({ "id": format!("w{no:02}"), "name": format!("Weight {no}"), "kind": "number",
                "unit": "kg", "set_point": "0.272", "decimals": 3, "classification": "CPP",
                "limits": [limits("acceptance", "0.267", "0.277"), limits("alert", "0.270", "0.274"),
                           limits("plausibility", "0.001", "5")] })
    };
    let step = |no: usize| {
        json!({ "id": format!("s{no:03}"), "name": format!("Weigh {no}"),
                "instruction": "Weigh on a calibrated balance.", "occurs": { "min": 1 },
                "entries": (0..ENTRIES).map(entry).collect::<Vec<_>>() })
    };
    recipes::changed(code, |document| {
        let steps: Vec<Value> = (0..steps).map(step).collect();
        let operation =
            json!({ "id": "OP-01", "name": "Weigh", "area": "Buffers", "steps": steps });
        document["unit_procedures"][0]["operations"] = json!([operation]);
        document["gates"] = json!([]);
    })
}

/// Makes the recipes effective.
pub fn prepare(world: &World, terminals: usize) {
    recipes::effective(world, &document(OWN, 1));
    recipes::effective(world, &document(SHARED, terminals));
}

fn issue(world: &World, number: &str, code: &str) {
    let body = json!({ "number": number, "master": { "code": code } });
    let answer = world.person("sven").sign("/batches", &body);
    assert_eq!(answer.status, 201, "{}", answer.text());
}

/// Records on `clients` terminals, each with its own session, for a time.
pub fn record(
    world: &World,
    name: &str,
    clients: usize,
    spread: Spread,
    time: Duration,
) -> Measured {
    for who in ["sven", "olga", "omar"] {
        // Tokens are good for five minutes, and a measurement takes some seconds.
        world.person(who).sign_in().done();
    }
    if spread == Spread::OneRun {
        issue(world, name, SHARED);
    }
    // Connected last: signing in many takes longer than the server lets a connection say nothing.
    let terminals: Vec<(String, String, String)> = (0..clients)
        .map(|no| {
            let persona = world.person(["olga", "omar"][no % 2]).elsewhere();
            persona.sign_in().done();
            let token = persona.token().expect("signed in");
            let (run, step) = match spread {
                Spread::OneRun => (name.to_owned(), no),
                Spread::OwnRuns => (format!("{name}-{no}"), 0),
            };
            if spread == Spread::OwnRuns {
                issue(world, &run, OWN);
            }
            let path = format!("/batches/{run}/operations/OP-01~1/steps/s{step:03}");
            (token, format!("{name}-{no}"), path)
        })
        .collect();
    let ready = Barrier::new(clients + 1);
    std::thread::scope(|scope| {
        let working: Vec<_> = terminals
            .into_iter()
            .map(|(token, name, path)| {
                let ready = &ready;
                scope.spawn(move || {
                    let terminal = Terminal::connect(&world.line.base, &token, &name);
                    ready.wait();
                    work(terminal, &path, time)
                })
            })
            .collect();
        ready.wait();
        let begin = Instant::now();
        let mut all: Vec<Duration> =
            working.into_iter().flat_map(|one| one.join().expect("a terminal works")).collect();
        let rate = all.len() as f64 / begin.elapsed().as_secs_f64();
        all.sort_unstable();
        let part = |of: usize| all[all.len() * of / 100].as_secs_f64() * 1000.0;
        Measured { rate, p50: part(50), p99: part(99) }
    })
}

/// One terminal's work: how long each entry took.
fn work(mut terminal: Terminal, path: &str, time: Duration) -> Vec<Duration> {
    let begin = Instant::now();
    let mut times = Vec::new();
    for occurrence in 1.. {
        let step = format!("{path}~{occurrence}");
        let said = terminal.post(&format!("{step}/start"), None, "{}");
        assert!(said.status < 300, "{} {}", said.status, said.body);
        let entries = format!("{step}/entries");
        let mut version = None;
        for no in 0..ENTRIES {
            let body = format!(r#"{{"entry":"w{no:02}","value":"0.272","unit":"kg"}}"#);
            let sent = Instant::now();
            let said = terminal.post(&entries, None, &body);
            assert_eq!(said.status, 201, "{}", said.body);
            times.push(sent.elapsed());
            version = said.etag;
            if begin.elapsed() >= time {
                return times;
            }
        }
        let said = terminal.post(&format!("{step}/completion"), version.as_deref(), "{}");
        assert!(said.status < 300, "{} {}", said.status, said.body);
    }
    times
}
