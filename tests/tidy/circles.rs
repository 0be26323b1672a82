//! No circle of files: a file may use the module it stands in, and nothing else that uses it.

use crate::modules::{Modules, module_path};
use std::collections::{BTreeMap, BTreeSet};

type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Circles that are left when what a file takes from the modules around it is left out.
pub fn circles(modules: &Modules) -> Vec<Vec<String>> {
    let mut graph = modules.graph();
    for (file, used) in &mut graph {
        let home = module_path(file);
        used.retain(|other| !home.starts_with(&module_path(other)));
    }
    components(&graph)
}

/// The strongly connected components of more than one file.
fn components(graph: &Graph<'_>) -> Vec<Vec<String>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|file| (*file, reached(graph, file))).collect();
    let mut found = BTreeSet::new();
    for (file, ahead) in &reach {
        let circle: Vec<String> = ahead
            .iter()
            .filter(|other| reach.get(*other).is_some_and(|back| back.contains(file)))
            .map(|other| (*other).to_owned())
            .collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

/// What a file uses, and what that uses.
fn reached<'a>(graph: &Graph<'a>, from: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        for other in graph.get(file).into_iter().flatten() {
            if found.insert(*other) {
                next.push(other);
            }
        }
    }
    found
}
