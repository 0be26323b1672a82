//! Sites with so many entries, for what is measured on a big one: filled once for each program.

use crate::Bench;
use crate::kit::engine::Engine;
use crate::kit::floor::Floor;
use crate::kit::program::Program;
use crate::kit::recipe::PLAIN;
use crate::kit::sites::World;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Terminals that fill a site.
const CLIENTS: usize = 32;

/// The sites, by program and size.
#[derive(Default)]
pub struct Filled(RefCell<BTreeMap<(PathBuf, usize), World>>);

impl Filled {
    /// Shows a SQLite site with at least so many entries, which nobody serves.
    pub fn with<T>(
        &self,
        bench: &Bench,
        program: &Program,
        entries: usize,
        look: impl FnOnce(&mut World) -> T,
    ) -> T {
        let key = (program.path.clone(), entries);
        let mut sites = self.0.borrow_mut();
        look(sites.entry(key).or_insert_with(|| fill(bench, program, entries)))
    }
}

fn fill(bench: &Bench, program: &Program, entries: usize) -> World {
    let mut world = bench.sites.open(program, Engine::Sqlite);
    // In runs of a few thousand entries, over HTTP, for the program before is filled in the same way.
    let in_one = 4_000 * CLIENTS / PLAIN.steps;
    let mut left = entries;
    let mut no = 0;
    while left > 0 {
        let now = left.min(in_one);
        let mut floor = Floor::open(&world, &PLAIN, CLIENTS, &format!("FILL-{no}"));
        let shift = floor.each(&world, now.div_ceil(CLIENTS));
        left = left.saturating_sub(shift.entries());
        no += 1;
    }
    world.stop();
    println!("  {}: a site of {} entries", program.name, world.database.entries());
    world
}
