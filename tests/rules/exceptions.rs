//! What opens an exception: kind, proposed severity, effect, where. Read from the rules' own sources, so
//! that a new place or another severity is a change of text which quality reads.

use super::matrix::hold;
use batchwright::domain::exception::ExceptionKind;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where rules stand that open exceptions.
const ROOMS: [&str; 3] = ["src/domain/run/acts", "src/domain/entry", "src/domain/lot"];

/// How a kind is opened in one file.
#[derive(Default)]
struct Opens {
    severities: BTreeSet<String>,
    effects: BTreeSet<String>,
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let read = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in read {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() && name != "lives" {
            sources(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" && name != "lives.rs" {
            found.push(path);
        }
    }
}

/// The words after `prefix` in some lines, in kebab case.
fn words(lines: &[&str], prefix: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in lines {
        for part in line.split(prefix).skip(1) {
            let word: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
            if !word.is_empty() && word.starts_with(|c: char| c.is_ascii_uppercase()) {
                found.insert(kebab(&word));
            }
        }
    }
    found
}

fn kebab(word: &str) -> String {
    let mut text = String::new();
    for c in word.chars() {
        if c.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

/// Whether a line only asks for a kind.
fn asks(line: &str) -> bool {
    line.contains("==") || line.contains("matches!") || line.contains("=>") && line.contains('|')
}

fn read(text: &str, file: &str, all: &mut BTreeMap<String, BTreeMap<String, Opens>>) {
    let rules = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines: Vec<&str> =
        rules.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    for (at, line) in lines.iter().enumerate() {
        let before = lines[..at].iter().rev().take(2).any(|line| line.contains("matches!"));
        if !line.contains("ExceptionKind::") || asks(line) || before {
            continue;
        }
        let around = &lines[at.saturating_sub(4)..lines.len().min(at + 6)];
        let near = words(&[line], "Severity::");
        let severities = if near.is_empty() { words(around, "Severity::") } else { near };
        for kind in words(&[line], "ExceptionKind::") {
            let opens = all.entry(kind).or_default().entry(file.to_owned()).or_default();
            opens.severities.extend(severities.clone());
            opens.effects.extend(words(around, "OnCritical::"));
        }
    }
}

fn list(words: &BTreeSet<String>, none: &str) -> String {
    if words.is_empty() {
        return none.to_owned();
    }
    words.iter().cloned().collect::<Vec<_>>().join(", ")
}

/// Every kind by its word.
fn kinds() -> Vec<String> {
    let unknown = serde_json::from_value::<ExceptionKind>("?".into()).expect_err("no kind");
    let text = unknown.to_string();
    let named = text.split_once("expected one of").expect("the list of kinds").1;
    named.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn what_opens_an_exception_stands_in_a_matrix() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for room in ROOMS {
        sources(&root.join(room), &mut files);
    }
    files.sort();
    let mut all = BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        let name =
            file.strip_prefix(root.join("src/domain")).expect("inside").display().to_string();
        read(&text, &name, &mut all);
    }
    let mut text = String::from(
        "# What opens an exception. Generated from the sources of the rules.\n\
         # severity and effect: the words that stand where it is opened. No effect named: what is minor\n\
         # blocks nothing but release, else the step's on_critical decides (without a step: gate).\n\
         # kind | proposed severity | effect | opened in src/domain/\n",
    );
    for kind in kinds() {
        let Some(places) = all.get(&kind) else {
            text += &format!("{kind} | - | - | not opened by a rule yet\n");
            continue;
        };
        for (file, opens) in places {
            let severity = list(&opens.severities, "as judged");
            let effect = list(&opens.effects, "by the step's on_critical");
            text += &format!("{kind} | {severity} | {effect} | {file}\n");
        }
    }
    hold("exceptions.txt", &text);
}
