//! What was asked for on the command line.

use crate::kit::engine::{Engine, server};
use std::path::PathBuf;
use std::time::Duration;

/// What can be said behind `cargo bench --bench house --`.
pub const WORDS: &str = "\
  rounds=N        rounds of each row (5)
  seconds=N       of each measurement by time (4)
  only=ROW,ROW    these rows alone
  engine=E        sqlite or postgres, for rows that run on either (both)
  big=N           entries of the big site of verify and start (100000)
  baseline=no     leave out what is compared with the program before; or the path of such a program
  before=all      every row over HTTP for the program before as well, without a limit
  quick           small sizes, two rounds: whether it works, no figures";

/// The program before this work, if it is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baseline {
    Build,
    Built(PathBuf),
    No,
}

/// What was asked for.
#[derive(Debug, Clone)]
pub struct Plan {
    pub rounds: usize,
    pub seconds: f64,
    pub only: Vec<String>,
    pub engine: Option<Engine>,
    pub big: usize,
    pub baseline: Baseline,
    pub before_all: bool,
    pub quick: bool,
}

impl Plan {
    /// Reads the words. Cargo adds some of its own, as `--bench`.
    pub fn of(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let words: Vec<String> = words.filter(|word| !word.starts_with("--")).collect();
        let quick = words.iter().any(|word| word == "quick");
        let mut plan = Self {
            rounds: if quick { 2 } else { 5 },
            seconds: if quick { 0.5 } else { 4.0 },
            only: Vec::new(),
            engine: None,
            big: if quick { 2_000 } else { 100_000 },
            baseline: Baseline::Build,
            before_all: false,
            quick,
        };
        for word in words {
            let number = |text: &str| text.parse().map_err(|_| format!("{word}: no number"));
            match word.split_once('=') {
                Some(("rounds", n)) => plan.rounds = number(n)?,
                Some(("seconds", n)) => {
                    plan.seconds = n.parse().map_err(|_| format!("{word}: no number"))?;
                }
                Some(("big", n)) => plan.big = number(n)?,
                Some(("only", rows)) => plan.only = rows.split(',').map(str::to_owned).collect(),
                Some(("engine", "sqlite")) => plan.engine = Some(Engine::Sqlite),
                Some(("engine", "postgres")) => plan.engine = Some(Engine::Postgres),
                Some(("baseline", "no")) => plan.baseline = Baseline::No,
                Some(("baseline", path)) => plan.baseline = Baseline::Built(path.into()),
                Some(("before", "all")) => plan.before_all = true,
                None if word == "quick" => {}
                _ => return Err(format!("{word:?} is not understood")),
            }
        }
        Ok(plan)
    }

    pub fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// One size, or another where only the working is looked at.
    pub fn size(&self, whole: usize, quick: usize) -> usize {
        if self.quick { quick } else { whole }
    }

    /// The engines of rows that run on either.
    pub fn engines(&self) -> Vec<Engine> {
        let wanted = |engine: &Engine| self.engine.is_none_or(|only| only == *engine);
        let mut engines: Vec<Engine> =
            [Engine::Sqlite, Engine::Postgres].into_iter().filter(wanted).collect();
        if engines.contains(&Engine::Postgres) && server().is_none() {
            println!("*** NO POSTGRESQL ANSWERS: ITS ROWS ARE LEFT OUT ***");
            engines.retain(|engine| *engine == Engine::Sqlite);
        }
        engines
    }

    /// The engine of rows that run on one.
    pub fn engine(&self) -> Engine {
        self.engine.unwrap_or(Engine::Sqlite)
    }
}
