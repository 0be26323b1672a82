//! The house's table: what it costs to record, read, prove and start, each figure with its limit, in one
//! command: `cargo bench --bench house`. What can be said behind ` -- ` stands in `plan::WORDS`.
//!
//! Each row measures its two sides in turn, round by round, and tells medians; nothing else should run.
//! Sites are founded and served by the built program as separate processes and asked over HTTP, so that
//! the program before this work stands beside it; only the lane alone is called in this process.

#[path = "../kit/mod.rs"]
#[allow(dead_code, reason = "shared by two benchmarks")]
mod kit;

mod baseline;
mod before;
mod computed;
mod filled;
mod growth;
mod http;
mod lane;
mod nodes;
mod plan;
mod postgres;
mod raw;
mod readers;
mod start;
mod table;
mod verify;

use filled::Filled;
use kit::program::Program;
use kit::sites::Sites;
use plan::Plan;
use std::process::ExitCode;
use table::Line;

/// What every row has at hand.
pub struct Bench {
    plan: Plan,
    sites: Sites,
    this: Program,
    before: Option<Program>,
    filled: Filled,
}

/// A row: its name, and how it is measured.
type Row = (&'static str, fn(&Bench) -> Vec<Line>);

/// In the order of the table. `start` comes after `verify`, whose big site it uses.
const ROWS: &[Row] = &[
    ("lane", lane::row),
    ("http", http::row),
    ("computed", computed::row),
    ("growth", growth::row),
    ("listed", growth::listed),
    ("readers", readers::row),
    ("parts", readers::first_part),
    ("postgres", postgres::row),
    ("nodes", nodes::row),
    ("verify", verify::row),
    ("start", start::row),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if !words.iter().any(|word| word == "--bench") {
        println!("Run it as `cargo bench --bench house`; behind ` -- `:\n{}", plan::WORDS);
        return ExitCode::SUCCESS;
    }
    match measured(words) {
        Ok(lines) => {
            table::print(&lines);
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("house: {message}");
            ExitCode::FAILURE
        }
    }
}

fn measured(words: Vec<String>) -> Result<Vec<Line>, String> {
    let unknown = |message: String| {
        let rows: Vec<&str> = ROWS.iter().map(|(name, _)| *name).collect();
        format!("{message}\n{}\nrows: {}", plan::WORDS, rows.join(", "))
    };
    let plan = Plan::of(words.into_iter()).map_err(unknown)?;
    if let Some(name) = plan.only.iter().find(|name| !ROWS.iter().any(|(row, _)| row == name)) {
        return Err(unknown(format!("there is no row {name:?}")));
    }
    if plan.quick {
        println!("*** quick: SHOWS THAT IT WORKS; ITS FIGURES SAY NOTHING ***");
    }
    let before = baseline::program(&plan.baseline)?;
    let bench = Bench {
        plan,
        sites: Sites::default(),
        this: Program::this(),
        before,
        filled: Filled::default(),
    };
    let mut lines = Vec::new();
    for (name, row) in ROWS {
        if bench.plan.only.is_empty() || bench.plan.only.iter().any(|only| only == name) {
            println!("\n{name}");
            lines.extend(row(&bench));
        }
    }
    Ok(lines)
}
