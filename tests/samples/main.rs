//! What the house costs whoever adds to it: each sample is built into a copy of the sources, its files are
//! counted and held to a limit, and the copy's own tests show that what was added works.
//!
//! A sample is a folder beside this file. A file of it stands whole where the copy wants it, or, with `.add` at the
//! end of its name, says lines that are put into a file that is there:
//!
//! ```text
//! @ after Lot: lot::Lot
//!     the lines that come behind the one line with these words
//! @ before pub mod desk;
//!     the lines that come before it
//! ```

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something that is added, and what it may cost.
struct Sample {
    /// Its folder.
    name: &'static str,
    /// Most files that it may touch: those that are new, and those that get lines.
    limit: usize,
    /// Tests that show that it works, by their names.
    shown: &'static [&'static str],
}

const SAMPLES: &[Sample] = &[
    // A record with its own journal, table, list and routes.
    Sample {
        name: "noun",
        limit: 12,
        shown: &["a_container_is_registered_moved_and_listed_and_its_journal_is_whole"],
    },
    // An order to a run with its event, fold, route and answer.
    Sample {
        name: "act",
        limit: 3,
        shown: &["an_acknowledgement_is_taken_back_and_the_alarm_is_owed_again"],
    },
    // A kind of entry: in schema, check, rules, API and report.
    Sample {
        name: "kind",
        limit: 2,
        shown: &[
            "entry::weighing::tests::",
            "every_kind_is_recorded_judged_and_shown",
            "every_kind_stands_in_the_schema_and_its_sample_fits",
        ],
    },
];

/// What a copy takes of the house.
const COPIED: &[&str] = &[
    ".cargo",
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "migrations",
    "schemas",
    "benches",
    "tests/house",
];

#[test]
fn what_is_added_costs_few_files_and_works() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wanted = Vec::new();
    for part in COPIED {
        files(&root.join(part), &mut |file| wanted.push((below(file, root), read(file))));
    }
    for sample in SAMPLES {
        sample.laid(root, &mut wanted);
    }
    // Under another name, so that this copy's artifacts and the house's do not push each other out.
    for (name, bytes) in &mut wanted {
        if name.starts_with("Cargo.toml") || name.starts_with("Cargo.lock") {
            let text = String::from_utf8(std::mem::take(bytes)).expect("text");
            let own = "name = \"batchwright\"\nversion";
            assert_eq!(text.matches(own).count(), 1, "{}", name.display());
            *bytes = text.replace(own, "name = \"batchwright-sample\"\nversion").into_bytes();
        }
    }
    let target = target();
    let copy = target.join("samples");
    write(&copy, &wanted);
    ran(&copy, &target);
}

impl Sample {
    /// Lays its files over what is wanted, and counts them.
    fn laid(&self, root: &Path, wanted: &mut Vec<(PathBuf, Vec<u8>)>) {
        let overlay = root.join("tests/samples").join(self.name);
        let mut touched = Vec::new();
        files(&overlay, &mut |file| touched.push((below(file, &overlay), read(file))));
        assert!(!touched.is_empty(), "{}: the sample has no files", overlay.display());
        for (name, bytes) in &touched {
            lay(wanted, name, bytes);
        }
        let names: Vec<_> = touched.iter().map(|(name, _)| name.display().to_string()).collect();
        let (count, limit) = (names.len(), self.limit);
        println!("{}: {count} files of at most {limit}\n    {}", self.name, names.join("\n    "));
        assert!(count <= limit, "{}: {count} files, {limit} is the limit", self.name);
    }
}

/// Runs the copy's tests that show the samples; dependencies are those that this program was built with.
fn ran(copy: &Path, target: &Path) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let shown = SAMPLES.iter().flat_map(|sample| sample.shown);
    let done = Command::new(cargo)
        .args(["test", "--offline", "--locked", "--lib"])
        .args(["--test", "container", "--test", "alarm_reopening", "--"])
        .args(shown.clone())
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .expect("cargo runs");
    let (said, told) =
        (String::from_utf8_lossy(&done.stderr), String::from_utf8_lossy(&done.stdout));
    assert!(done.status.success(), "{said}\n{told}");
    for name in shown {
        let passed = |line: &str| line.contains(name) && line.ends_with(" ... ok");
        assert!(told.lines().any(passed), "{name} did not run\n{told}");
    }
}

/// The folder that this program was built into: `TARGET/debug/deps/samples-…`.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("this program");
    program.ancestors().nth(3).expect("a target folder").to_owned()
}

fn below(file: &Path, root: &Path) -> PathBuf {
    file.strip_prefix(root).expect("a file below the root").to_owned()
}

fn read(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()))
}

/// Visits a file, or every file below a folder.
fn files(path: &Path, visit: &mut impl FnMut(&Path)) {
    if !path.is_dir() {
        return visit(path);
    }
    let entries = fs::read_dir(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut entries: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for entry in entries {
        files(&entry, visit);
    }
}

/// Lays a file of a sample over what is wanted: whole, or its lines into the file that is there.
fn lay(wanted: &mut Vec<(PathBuf, Vec<u8>)>, name: &Path, bytes: &[u8]) {
    let shown = name.display();
    let there =
        |wanted: &[(PathBuf, Vec<u8>)], name: &Path| wanted.iter().position(|it| it.0 == name);
    if name.extension().is_none_or(|extension| extension != "add") {
        assert!(there(wanted, name).is_none(), "{shown} is there: say the lines that it gets");
        wanted.push((name.to_owned(), bytes.to_vec()));
        return;
    }
    let at = there(wanted, &name.with_extension(""));
    let file = &mut wanted[at.unwrap_or_else(|| panic!("{shown}: there is no such file"))].1;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    *file =
        added(&text(file), &text(bytes)).unwrap_or_else(|e| panic!("{shown}: {e}")).into_bytes();
}

/// A text with lines added where they say.
fn added(text: &str, adds: &str) -> Result<String, String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut place: Option<usize> = None;
    for line in adds.lines() {
        let Some(order) = line.strip_prefix("@ ") else {
            let at = place.as_mut().ok_or("begins without a line `@ after …` or `@ before …`")?;
            lines.insert(*at, line);
            *at += 1;
            continue;
        };
        let (side, anchor) = order.split_once(' ').ok_or(format!("{line:?} names no line"))?;
        let found: Vec<usize> = (0..lines.len()).filter(|n| lines[*n].contains(anchor)).collect();
        let [found] = found[..] else {
            return Err(format!("{} lines have {anchor:?}, and one must", found.len()));
        };
        place = match side {
            "after" => Some(found + 1),
            "before" => Some(found),
            _ => return Err(format!("{line:?} is neither after nor before")),
        };
    }
    Ok(lines.join("\n") + "\n")
}

/// Writes what differs, so that what is the same is not built again, and removes what is no longer wanted.
fn write(copy: &Path, wanted: &[(PathBuf, Vec<u8>)]) {
    let names: BTreeSet<PathBuf> = wanted.iter().map(|(name, _)| copy.join(name)).collect();
    fs::create_dir_all(copy).expect("a folder for the copy");
    files(copy, &mut |file| {
        if !names.contains(file) {
            fs::remove_file(file).expect("a stale file goes");
        }
    });
    for (name, bytes) in wanted {
        let file = copy.join(name);
        if fs::read(&file).is_ok_and(|there| there == *bytes) {
            continue;
        }
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, bytes).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    }
}

#[test]
fn lines_are_added_where_they_say_or_not_at_all() {
    let text = "one\ntwo\nthree\n";
    assert_eq!(
        added(text, "@ after one\na\nb\n@ before three\nc\n").unwrap(),
        "one\na\nb\ntwo\nc\nthree\n"
    );
    for odd in ["a\n", "@ after four\na\n", "@ after e\na\n", "@ beside one\na\n", "@ after\na\n"] {
        assert!(added(text, odd).is_err(), "{odd:?}");
    }
}
