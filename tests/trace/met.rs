//! Sums up what the worlds of `tests/http` met: each problem of the catalogue was provoked or has a reason
//! not to be, and by each route something was done.
//!
//! Cargo runs test programs in the order of their names, so this one comes after `http`. Where the newest
//! `http` has not run whole (a filter, or not at all) there is nothing to judge: CI fails, others are told.

#[path = "../house/met.rs"]
#[allow(dead_code)]
mod worlds;

use batchwright::api::ROUTES;
use batchwright::app::catalogue::rules;
use batchwright::http::problem::Porch;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use worlds::Met;

/// Problems that no client of this suite can provoke, each with the reason.
const NOT_REACHABLE: &[(&str, &str)] = &[
    ("account-locked-already", "only the system locks, and only who is not locked"),
    ("already-founded", "founding has no route"),
    ("another-account", "the routes for one's own account name no other"),
    ("both-components-required", "credentials are proved before the rules see them"),
    ("deviation-number-taken", "the number is taken in the lane"),
    ("entry-too-large", "the bounds of an order come first"),
    ("failed", "nothing in this suite breaks the house"),
    ("founding-malformed", "founding has no route"),
    ("key-malformed", "the server makes the keys"),
    ("key-rotation-refused", "rotation has no route yet"),
    ("linked-run-missing", "the desk names every run that a deviation concerns"),
    ("master-changed-meanwhile", "only between a read and the lane"),
    ("master-content-differs", "only between a read and the lane"),
    ("master-version-exists", "the desk takes the next version"),
    ("master-version-gap", "the desk takes the next version"),
    ("person-inactive", "a deactivated person's sessions are revoked in the same transaction"),
    ("recomputation-differs", "nobody can change a stored value behind the server's back"),
    ("run-changed-meanwhile", "only between a read and the lane"),
    ("service-account-cannot-sign", "a service account has no key to come so far with"),
    ("session-unknown", "only between authentication and the lane"),
    ("signing-key-not-enrolled", "the desk unlocks the enrolled key only"),
    ("simulated-clock-forbidden", "founding has no route"),
    ("system-act", "the system's acts have no route"),
];

/// The `http` test program that was linked last.
fn newest() -> Option<PathBuf> {
    let own = std::env::current_exe().expect("this program");
    let beside = fs::read_dir(own.parent().expect("a folder")).expect("the test programs");
    let is_http = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let hash = name.strip_prefix("http-").map(|rest| rest.trim_end_matches(".exe"));
        hash.is_some_and(|hash| hash.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let linked = |path: &PathBuf| fs::metadata(path).and_then(|m| m.modified()).ok();
    beside.map(|file| file.expect("a file").path()).filter(is_http).max_by_key(linked)
}

/// Every test of the suite, as `file::name`, and the lines it stands on.
fn tests() -> BTreeMap<String, (String, std::ops::Range<usize>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = BTreeMap::new();
    for file in fs::read_dir(root.join("tests/http")).expect("the suite's sources") {
        let path = file.expect("a file").path();
        let place =
            format!("tests/http/{}", path.file_name().unwrap_or_default().to_string_lossy());
        let text = fs::read_to_string(&path).expect("a source");
        let lines: Vec<&str> = text.lines().collect();
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| **line == "#[test]") {
            let length = lines[at..].iter().position(|line| *line == "}").expect("its end");
            let name =
                lines[at + 1].trim_start_matches("fn ").split('(').next().unwrap_or_default();
            tests.insert(format!("{place}::{name}"), (place.clone(), at + 1..at + length + 2));
        }
    }
    tests
}

/// What one world left.
#[derive(Default)]
struct Left {
    file: String,
    line: usize,
    met: Met,
}

fn left(folder: &Path) -> Vec<Left> {
    let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
    let read = |file: std::io::Result<fs::DirEntry>| {
        let text = fs::read_to_string(file.expect("a file").path()).expect("what was left");
        let mut left = Left::default();
        for line in text.lines() {
            match line.split_once(' ') {
                Some(("at", place)) => {
                    let (file, line) = place.rsplit_once(':').expect("a place");
                    (left.file, left.line) =
                        (file.replace('\\', "/"), line.parse().expect("a line"));
                }
                Some(("code", code)) => drop(left.met.codes.insert(code.to_owned())),
                Some(("route", path)) => drop(left.met.routes.insert(path.to_owned())),
                other => panic!("{other:?} in {text}"),
            }
        }
        left
    };
    files.map(read).collect()
}

/// What the whole suite met; or why that cannot be said.
fn met_by_all() -> Result<Met, String> {
    let program = newest().ok_or("no test program `http` stands beside this one")?;
    let left = left(&worlds::folder(&program));
    let of = |(file, lines): &(String, std::ops::Range<usize>)| {
        left.iter().any(|one| one.file == *file && lines.contains(&one.line))
    };
    let silent: Vec<String> =
        tests().into_iter().filter(|(_, place)| !of(place)).map(|(name, _)| name).collect();
    if !silent.is_empty() {
        let few: Vec<_> = silent.iter().take(5).collect();
        return Err(format!(
            "{} tests of the newest `http` left nothing: {few:#?} …",
            silent.len()
        ));
    }
    let mut all = Met::default();
    for one in left {
        all.codes.extend(one.met.codes);
        all.routes.extend(one.met.routes);
    }
    Ok(all)
}

// shows: L8.a
#[test]
fn every_problem_was_provoked_or_has_a_reason_not_to_be() {
    let met = match met_by_all() {
        Ok(met) => met,
        Err(why) => {
            assert!(std::env::var("CI").is_err(), "{why}");
            eprintln!("*** WHETHER EVERY PROBLEM WAS PROVOKED IS NOT ASKED: {why} ***");
            return;
        }
    };
    let mut listed: BTreeSet<String> = rules().iter().map(|rule| rule.code.to_owned()).collect();
    listed.extend(Porch::ALL.iter().map(|porch| porch.problem("").code));
    let unlisted: Vec<_> = met.codes.difference(&listed).collect();
    assert!(unlisted.is_empty(), "met, but not in the catalogue: {unlisted:?}");
    let excused: BTreeSet<String> =
        NOT_REACHABLE.iter().map(|(code, _)| (*code).to_owned()).collect();
    let stale: Vec<_> = excused.intersection(&met.codes).collect();
    assert!(stale.is_empty(), "excused, but met: {stale:?}");
    let gone: Vec<_> = excused.difference(&listed).collect();
    assert!(gone.is_empty(), "excused, but not in the catalogue: {gone:?}");
    let orders = ROUTES.iter().filter(|route| route.method == "POST").map(|route| route.path);
    let never: Vec<_> = orders.filter(|path| !met.routes.contains(*path)).collect();
    assert!(never.is_empty(), "routes by which nothing was ever done: {never:#?}");
    let missing: Vec<_> =
        listed.difference(&met.codes).filter(|code| !excused.contains(*code)).collect();
    assert!(missing.is_empty(), "{} problems were never provoked: {missing:#?}", missing.len());
}
