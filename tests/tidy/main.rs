//! Reads the sources and fails on a forbidden use, a forbidden word, a file without a `//!` line,
//! a file over 400 lines or a function over 70. The house's laws are kept by this test, not by memory.

use std::fs;
use std::path::{Path, PathBuf};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;
/// Above a function that is one match over every variant, which may be as long as its enum.
const EXHAUSTIVE: &str = "// tidy: one exhaustive match";
/// In the head of a file that is a table: one enum, one list.
const TABLE: &str = "// tidy: a table";

/// A room, the rooms it may use, and the words it may not say.
struct Room {
    name: &'static str,
    uses: &'static [&'static str],
    words: &'static [&'static str],
}

const ROOMS: &[Room] = &[
    Room {
        name: "domain",
        uses: &[],
        words: &[
            "diesel",
            "actix",
            "std::fs",
            "std::net",
            "std::env",
            "SystemTime",
            "now(",
            "rand",
            "async",
            "f32",
            "f64",
        ],
    },
    Room { name: "seal", uses: &["domain"], words: &["diesel", "actix", "std::net"] },
    Room { name: "identity", uses: &["domain", "seal"], words: &["diesel", "actix"] },
    Room { name: "store", uses: &["domain", "seal"], words: &["actix"] },
    Room { name: "record", uses: &["domain", "seal"], words: &["diesel", "actix"] },
    Room {
        name: "app",
        uses: &["domain", "seal", "identity", "store", "record"],
        words: &["diesel", "actix"],
    },
    Room { name: "http", uses: &["domain", "app"], words: &["diesel"] },
    Room { name: "api", uses: &["domain", "app", "http"], words: &["diesel"] },
    Room { name: "cli", uses: &["domain", "seal", "app", "record"], words: &["diesel", "actix"] },
];

const FORBIDDEN_NAMES: &[&str] = &["manager", "helper", "util", "utils", "common", "info"];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    for entry in entries.map(|e| e.expect("a directory entry").path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|ext| ext == "rs") {
            found.push(entry);
        }
    }
}

fn all_sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for dir in ["src", "tests", "benches"] {
        if root.join(dir).is_dir() {
            sources(&root.join(dir), &mut found);
        }
    }
    found.sort();
    found
}

/// The code of a line without its comment (good enough for formatted sources).
fn code(line: &str) -> &str {
    match line.trim_start() {
        trimmed if trimmed.starts_with("//") => "",
        _ => line.split(" // ").next().unwrap_or(line),
    }
}

/// Whether `word` stands in `line` as a word of its own (its edges, where they are letters).
fn says(line: &str, word: &str) -> bool {
    let edge = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let after = line[at + word.len()..].chars().next();
        edge(line[..at].chars().next_back()) && (word.ends_with('(') || edge(after))
    })
}

/// One match that names every variant: it has no arm for whatever else there is.
fn exhaustive(lines: &[&str]) -> bool {
    let matches = lines
        .iter()
        .filter(|line| code(line).trim_end().ends_with('{') && code(line).contains("match "))
        .count();
    matches == 1 && !lines.iter().any(|line| code(line).trim_start().starts_with("_ =>"))
}

fn long_functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut long = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let words: Vec<&str> = trimmed.split([' ', '(', '<']).take(5).collect();
        if !words.contains(&"fn") || trimmed.starts_with("//") || trimmed.ends_with(';') {
            continue;
        }
        let indent = &line[..line.len() - trimmed.len()];
        let close = format!("{indent}}}");
        let length = lines[start..].iter().position(|l| *l == close).map_or(0, |end| end + 1);
        let told = start.checked_sub(1).map_or("", |above| lines[above].trim());
        if told == EXHAUSTIVE && exhaustive(&lines[start..start + length]) {
            continue;
        }
        if length > FUNCTION_LINES {
            long.push((start + 1, length));
        }
    }
    long
}

fn size_faults(path: &Path, text: &str) -> Vec<String> {
    let shown = path.display();
    let mut faults = Vec::new();
    if !text.starts_with("//!") {
        faults.push(format!("{shown}: begins without a `//!` line that says what it is for"));
    }
    let count = text.lines().count();
    let table = text.lines().take(12).any(|line| line == TABLE);
    if count > FILE_LINES && !table {
        faults.push(format!("{shown}: {count} lines, {FILE_LINES} is the limit"));
    }
    for (line, length) in long_functions(text) {
        faults.push(format!(
            "{shown}:{line}: a function of {length} lines, {FUNCTION_LINES} is the limit"
        ));
    }
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    if FORBIDDEN_NAMES.contains(&stem) {
        faults.push(format!("{shown}: {stem:?} names nothing; call it by what it is for"));
    }
    faults
}

fn room_faults(room: &Room, path: &Path, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = code(line);
        for word in room.words.iter().filter(|word| says(line, word)) {
            faults.push(format!("{}:{}: {} says {word:?}", path.display(), number + 1, room.name));
        }
        for other in ROOMS.iter().filter(|o| o.name != room.name && !room.uses.contains(&o.name)) {
            if says(line, &format!("crate::{}", other.name)) {
                faults.push(format!(
                    "{}:{}: {} may not use {}",
                    path.display(),
                    number + 1,
                    room.name,
                    other.name
                ));
            }
        }
    }
    faults
}

#[test]
fn the_house_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    for path in all_sources() {
        let text = fs::read_to_string(&path).expect("a source file");
        faults.extend(size_faults(path.strip_prefix(root).unwrap_or(&path), &text));
        for room in ROOMS {
            let home = root.join("src").join(room.name);
            if path.starts_with(&home) {
                faults.extend(room_faults(room, path.strip_prefix(root).unwrap_or(&path), &text));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_tidy_test_can_fail() {
    assert!(says("use std::fs;", "std::fs") && says("x.now()", "now(") && !says("known()", "now("));
    assert!(!says("operand", "rand") && says("rand::rng()", "rand"));
    let long = format!("fn a() {{\n{}}}\n", "    let _ = 1;\n".repeat(70));
    assert_eq!(long_functions(&long), vec![(1, 72)]);
    let room = &ROOMS[0];
    assert_eq!(room_faults(room, Path::new("x.rs"), "use crate::store::Store;\n").len(), 1);
    assert_eq!(room_faults(room, Path::new("x.rs"), "// a word about SystemTime\n").len(), 0);
}
