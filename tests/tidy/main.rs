//! Reads the sources and fails on a forbidden use, a forbidden word, a file without a `//!` line,
//! a file over 400 lines or a function over 70; on a circle of files, a noun that uses a noun, an arm that
//! catches all the rest, a kind of entry named outside its files, and a test that accepts two answers. The house's laws
//! are kept by this test, not by memory.

mod answers;
mod arms;
mod circles;
mod kinds;
mod modules;
mod nouns;
mod tokens;

use modules::Modules;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

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
        let opens = |l: &&str| l.ends_with('{') || l.ends_with(';');
        if lines[start..]
            .iter()
            .find(|l| opens(&code(l).trim_end()))
            .is_some_and(|l| l.ends_with(';'))
        {
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

/// The product, read once for all that is asked of it.
static PRODUCT: LazyLock<Modules> = LazyLock::new(product_sources);

/// The product's files, named below `src`, without the one that only starts it.
fn product_sources() -> Modules {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&src, &mut found);
    let named = found.into_iter().filter(|path| !path.ends_with("main.rs")).map(|path| {
        let text = fs::read_to_string(&path).expect("a source file");
        (path.strip_prefix(&src).unwrap_or(&path).to_string_lossy().into_owned(), text)
    });
    let mut modules = Modules::read(&named.collect::<Vec<_>>());
    nouns::spelled(&mut modules);
    modules
}

/// What is found, a line each with its places.
fn listed<K: std::fmt::Debug>(found: &BTreeMap<K, Vec<String>>) -> String {
    let lines =
        found.iter().map(|(what, places)| format!("{what:?}:\n    {}", places.join("\n    ")));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn files_form_no_circles() {
    let found = circles::circles(&PRODUCT);
    let lines: Vec<String> = found.iter().map(|circle| circle.join(", ")).collect();
    assert!(found.is_empty(), "circles of files:\n{}", lines.join("\n"));
}

#[test]
fn a_noun_uses_no_noun_and_nothing_what_stands_above_it() {
    let found = nouns::uses(&PRODUCT);
    assert!(found.is_empty(), "uses that the floors forbid:\n{}", listed(&found));
}

#[test]
fn no_arm_catches_all_the_rest() {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for module in PRODUCT.0.values() {
        for (line, name) in arms::catch_alls(&module.code) {
            let place = format!("{}:{line} over {name}", module.file);
            found.entry(module.file.clone()).or_default().push(place);
        }
    }
    assert!(found.is_empty(), "arms that catch all the rest:\n{}", listed(&found));
}

#[test]
fn a_test_accepts_one_answer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for path in all_sources().iter().filter(|path| path.starts_with(root.join("tests"))) {
        let file = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        let text = fs::read_to_string(path).expect("a source file");
        // Its own examples stand in quotes, which no token holds.
        let lines = answers::accepting_two(&text);
        found.extend(lines.into_iter().map(|line| format!("{file}:{line}")));
    }
    assert!(found.is_empty(), "tests that accept two answers:\n{}", found.join("\n"));
}

#[test]
fn a_kind_is_named_where_it_stands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join(kinds::HOME).join("mod.rs")).expect("the table");
    let names = kinds::table(&table);
    assert!(names.len() > 15, "the table of kinds is read no more: {names:?}");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in all_sources() {
        let file = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        if file.starts_with(kinds::HOME) || file.starts_with("tests/") && file.contains(kinds::HOME)
        {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file");
        let mut lines = kinds::named(&text);
        if file.starts_with("src/") {
            lines.extend(kinds::told_apart(&text, &names));
        }
        for line in lines {
            found.entry(file.clone()).or_default().push(format!("{file}:{line}"));
        }
    }
    let faults: Vec<String> = found.into_values().flatten().collect();
    assert!(faults.is_empty(), "kinds named outside their files:\n{}", faults.join("\n"));
}

#[test]
fn named_kinds_are_seen() {
    let names = kinds::table("    Number = \"number\" in number;\n    let a = \"b\" in c d;");
    assert_eq!(names, ["number"]);
    let seen = kinds::named;
    assert_eq!(seen("match kind {\n KindSpec::Number(_) => 1 }"), [2]);
    assert_eq!(seen("use KindSpec::{Number};\nuse KindSpec::*;"), [1, 2]);
    assert_eq!(seen("KindSpec::NAMES; KindSpec::samples()"), []);
    let seen = |text: &str| kinds::told_apart(text, &names);
    assert_eq!(seen("if value.kind == \"number\" {"), [1]);
    assert_eq!(seen("other.kind == \"lost\""), []);
}

fn sample(files: &[(&str, &str)]) -> Modules {
    let owned = files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned()));
    Modules::read(&owned.collect::<Vec<_>>())
}

#[test]
fn circles_are_seen_through_what_modules_pass_on() {
    let files = [
        ("lib.rs", "pub mod domain;"),
        ("domain/mod.rs", "pub mod run; pub mod lot;"),
        ("domain/run/mod.rs", "pub mod a; pub mod b;\npub use a::A;\npub struct Run;"),
        ("domain/run/a.rs", "use super::{Run, b::B};\npub struct A(Run, B);"),
        ("domain/run/b.rs", "use super::A;\npub struct B(Box<A>);"),
        (
            "domain/lot/mod.rs",
            "// crate::domain::run::Run\npub fn of(_: &crate::domain::run::A) {}",
        ),
    ];
    let modules = sample(&files);
    assert_eq!(circles::circles(&modules), [["domain/run/a.rs", "domain/run/b.rs"]]);
    let parent = [("lib.rs", "pub mod a; pub mod b;"), files[2], ("a.rs", "use crate::b::B;")];
    assert!(circles::circles(&sample(&parent)).is_empty());
    let tested = [("lib.rs", "pub mod a;"), ("a.rs", "#[cfg(test)]\nmod b;"), ("a/b.rs", "")];
    assert_eq!(sample(&tested).0.len(), 2);
}

#[test]
fn each_floor_of_the_domain_is_seen() {
    let files = [
        ("lib.rs", "pub mod domain;"),
        ("domain/mod.rs", "pub mod words; pub mod run; pub mod lot; pub mod cross;"),
        ("domain/words.rs", "use super::lot::Lot;"),
        ("domain/run/mod.rs", "pub mod a;\npub use a::A;"),
        ("domain/run/a.rs", "use crate::domain::{words, cross::C};\npub struct A(C);"),
        ("domain/lot/mod.rs", "pub struct Lot(crate::domain::run::A);"),
        ("domain/cross.rs", "use super::{lot::Lot, run::A, words};\npub struct C(Lot, A);"),
    ];
    let uses = nouns::uses(&sample(&files));
    let used = |own: &str, theirs: &str| uses[&(own.to_owned(), theirs.to_owned())].clone();
    assert_eq!(used("lot", "run"), ["domain/lot/mod.rs uses domain/run/a.rs"]);
    assert_eq!(used("words", "lot"), ["domain/words.rs uses domain/lot/mod.rs"]);
    assert_eq!(used("run", "cross"), ["domain/run/a.rs uses domain/cross.rs"]);
    assert_eq!(uses.len(), 3, "{}", listed(&uses));
}

#[test]
fn arms_that_catch_all_are_seen() {
    let seen = |text: &str| arms::catch_alls(&tokens::tokens(text));
    let some = "match e { RunEvent::A { .. } => { 1 } RunEvent::B => f(|x| match x { _ => 2 }), ";
    assert_eq!(seen(&format!("{some} _ => 0 }}")), [(1, "RunEvent")]);
    assert_eq!(seen(&format!("{some}\nother => 0 }}")), [(2, "RunEvent")]);
    assert_eq!(seen(&format!("{some} RunEvent::C => 0 }}")), []);
    let own = "impl A for RunEvent { fn a(&self) { match self { Self::B => 1, _ => 2 } } }";
    assert_eq!(seen(own), [(1, "RunEvent")]);
    assert_eq!(seen(&own.replace("for RunEvent", "for B<'_>")), []);
    assert_eq!(seen("match (a, e) { (1, RunEvent::A) => 1, (n, _) => n }"), [(1, "RunEvent")]);
    assert_eq!(seen("match (a, e) { (1, RunEvent::A) => 1, (_, RunEvent::B) => 2 }"), []);
    assert_eq!(seen("matches!(e, RunEvent::A); match c { '{' => 1, _ => 0 }"), []);
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
