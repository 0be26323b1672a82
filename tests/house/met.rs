//! What the worlds of a suite met, kept for whoever sums it up when all tests have ended.
//!
//! A world that ends well leaves one file: the line of its test, the problem codes it was answered with, the
//! routes by which an order was done. The folder carries the moment at which the test program was linked, so
//! that what an older program met is no evidence for a newer one, and runs of one program add up.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write as _};
use std::fs;
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What a world met.
#[derive(Debug, Default)]
pub struct Met {
    pub codes: BTreeSet<String>,
    pub routes: BTreeSet<String>,
}

/// Where the worlds of this test program leave what they met.
pub fn folder(program: &Path) -> PathBuf {
    let linked = fs::metadata(program).and_then(|m| m.modified()).expect("when it was linked");
    let linked = linked.duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("met").join(format!("{name}-{linked}"))
}

/// Leaves what the world opened at this place met.
pub fn keep(place: &Location<'_>, engine: impl Debug, met: &Met) {
    let folder = folder(&std::env::current_exe().expect("this program"));
    let mut text = format!("at {}:{}\n", place.file(), place.line());
    for code in &met.codes {
        let _ = writeln!(text, "code {code}");
    }
    for route in &met.routes {
        let _ = writeln!(text, "route {route}");
    }
    let file = place.file().replace(['/', '\\'], "-");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(format!("{file}-{}-{engine:?}", place.line())), text).expect("kept");
}
