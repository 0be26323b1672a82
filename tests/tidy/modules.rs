//! Which file uses which: `use` and paths, resolved through modules and what they pass on.

use crate::tokens::{Token, close_of, product, tokens};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A module: its file, and what its code names.
#[derive(Debug, Default)]
pub struct Module {
    /// Where it stands in the crate: `domain`, `run`, `decide`.
    pub path: Vec<String>,
    /// Its file below `src`.
    pub file: String,
    /// Its code, that of tests left out.
    pub code: Vec<Token>,
    /// The names that `use` brings in, with the paths they stand for.
    names: BTreeMap<String, Vec<String>>,
    /// The paths of `use` and of the code, absolute.
    pub paths: BTreeSet<Vec<String>>,
}

/// All modules the product compiles, by their paths.
#[derive(Debug, Default)]
pub struct Modules(pub BTreeMap<Vec<String>, Module>);

/// A path of `use`, and the name it gets.
type Used = (Vec<String>, String);

impl Modules {
    /// Reads the crate from the texts of its files, named below `src`.
    pub fn read(sources: &[(String, String)]) -> Self {
        let mut modules = BTreeMap::new();
        let mut only_tests = BTreeSet::new();
        for (file, text) in sources {
            let path = module_path(file);
            let (code, tests) = product(&tokens(text));
            only_tests.extend(tests.into_iter().map(|name| joined(&path, &[name])));
            let module =
                Module { path: path.clone(), file: file.clone(), code, ..Module::default() };
            modules.insert(path, module);
        }
        modules.retain(|path: &Vec<String>, _| {
            !only_tests.iter().any(|tests: &Vec<String>| path.starts_with(tests))
        });
        let known: BTreeSet<Vec<String>> = modules.keys().cloned().collect();
        for module in modules.values_mut() {
            read_paths(module, &known);
        }
        Self(modules)
    }

    /// The module that an absolute path ends in: children first, then what a module passes on.
    fn resolve(&self, path: &[String], depth: usize) -> Option<&Module> {
        let mut at = self.0.get(&Vec::new())?;
        for (index, word) in path.iter().enumerate() {
            let child = joined(&at.path, std::slice::from_ref(word));
            if let Some(module) = self.0.get(&child) {
                at = module;
            } else if let Some(target) = at.names.get(word).filter(|_| depth < 8) {
                let rest = joined(target, &path[index + 1..]);
                return if rest == path { Some(at) } else { self.resolve(&rest, depth + 1) };
            } else {
                break;
            }
        }
        Some(at)
    }

    /// The files each file uses.
    pub fn graph(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let edges = self.0.values().map(|module| {
            let used = module.paths.iter().filter_map(|path| self.resolve(path, 0));
            let files = used.map(|used| used.file.as_str()).filter(|file| *file != module.file);
            (module.file.as_str(), files.collect())
        });
        edges.collect()
    }
}

/// `domain/run/mod.rs` is `domain::run`.
pub fn module_path(file: &str) -> Vec<String> {
    let stem = file.trim_end_matches(".rs").trim_end_matches("/mod");
    match stem {
        "lib" | "main" => Vec::new(),
        _ => Path::new(stem).iter().map(|part| part.to_string_lossy().into_owned()).collect(),
    }
}

fn joined(path: &[String], rest: &[String]) -> Vec<String> {
    path.iter().chain(rest).cloned().collect()
}

fn read_paths(module: &mut Module, known: &BTreeSet<Vec<String>>) {
    let mut imports: Vec<(Used, bool)> = Vec::new();
    let (mut rest, mut at) = (Vec::new(), 0);
    while at < module.code.len() {
        if module.code[at].is("mod") && module.code.get(at + 2).is_some_and(|t| t.is(";")) {
            at += 2;
        } else if module.code[at].is("use") {
            let end = (at..module.code.len()).find(|i| module.code[*i].is(";"));
            let end = end.unwrap_or(module.code.len());
            let mut leaves = Vec::new();
            tree(&module.code[at + 1..end], &[], &mut leaves);
            let passes_on =
                at > 0 && (module.code[at - 1].is("pub") || module.code[at - 1].is(")"));
            imports.extend(leaves.into_iter().map(|leaf| (leaf, passes_on)));
            at = end;
        } else {
            rest.push(module.code[at].clone());
        }
        at += 1;
    }
    let home = module.path.clone();
    for ((path, name), passes_on) in imports {
        let Some(path) = absolute(&home, &path, &BTreeMap::new(), known) else { continue };
        // What a module only passes on it does not use itself: whoever takes it from there does.
        if !passes_on || rest.iter().any(|word| word.text == name) {
            module.paths.insert(path.clone());
        }
        module.names.insert(name, path);
    }
    for path in inline(&rest) {
        if let Some(path) = absolute(&home, &path, &module.names, known) {
            module.paths.insert(path);
        }
    }
}

/// The leaves of a tree of `use`.
fn tree(words: &[Token], before: &[String], found: &mut Vec<Used>) {
    let mut path = before.to_vec();
    let mut at = 0;
    while at < words.len() {
        match words[at].text.as_str() {
            "::" => {}
            "{" => {
                let end = close_of(words, at);
                for branch in branches(&words[at + 1..end]) {
                    tree(branch, &path, found);
                }
                return;
            }
            "as" => {
                let name = words.get(at + 1).map_or_else(String::new, |t| t.text.clone());
                found.push((path, name));
                return;
            }
            "self" if !path.is_empty() && at == 0 => {}
            word => path.push(word.to_owned()),
        }
        at += 1;
    }
    let name = path.last().cloned().unwrap_or_default();
    found.push((path, name));
}

/// What stands between the commas of one bracket.
fn branches(words: &[Token]) -> Vec<&[Token]> {
    let (mut found, mut from, mut at) = (Vec::new(), 0, 0);
    while at < words.len() {
        match words[at].text.as_str() {
            "{" => at = close_of(words, at),
            "," => {
                found.push(&words[from..at]);
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    if from < words.len() {
        found.push(&words[from..]);
    }
    found
}

/// The paths in code: names with `::` between them.
fn inline(code: &[Token]) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < code.len() {
        let begins = code[at].is_name() && (at == 0 || !code[at - 1].is("::"));
        let mut path = Vec::new();
        while begins && code.get(at).is_some_and(Token::is_name) {
            path.push(code[at].text.clone());
            if !code.get(at + 1).is_some_and(|t| t.is("::")) {
                break;
            }
            at += 2;
        }
        if path.len() > 1 {
            found.insert(path);
        }
        at += 1;
    }
    found
}

/// A path from the crate's root, if it is one of this crate.
fn absolute(
    home: &[String],
    path: &[String],
    names: &BTreeMap<String, Vec<String>>,
    known: &BTreeSet<Vec<String>>,
) -> Option<Vec<String>> {
    let first = path.first()?;
    let child = joined(home, std::slice::from_ref(first));
    match first.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some(joined(home, &path[1..])),
        "super" => {
            let up = path.iter().take_while(|word| *word == "super").count();
            Some(joined(&home[..home.len().checked_sub(up)?], &path[up..]))
        }
        name if names.contains_key(name) => Some(joined(&names[name], &path[1..])),
        _ if known.contains(&child) => Some(joined(home, path)),
        _ => None,
    }
}
