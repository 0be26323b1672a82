//! The floors of the domain: words below, the nouns on them, and above what is about several of them. A noun
//! uses no noun, and nothing uses what stands above it.

use crate::modules::Modules;
use std::collections::BTreeMap;

const NOUNS: &[&str] = &["site", "person", "master", "run", "deviation", "lot"];

/// What is about several nouns, or about any.
const ABOVE: &[&str] = &["cross", "state", "loaded"];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    Words,
    Nouns,
    Above,
}

/// The part of the domain in which a file stands, and its floor.
fn part(file: &str) -> Option<(&str, Floor)> {
    let name = file.strip_prefix("domain/")?.split('/').next()?.trim_end_matches(".rs");
    let floor = match name {
        "mod" => return None,
        _ if NOUNS.contains(&name) => Floor::Nouns,
        _ if ABOVE.contains(&name) => Floor::Above,
        _ => Floor::Words,
    };
    Some((name, floor))
}

/// Which part uses one that it may not, with the uses of files by files.
pub fn uses(modules: &Modules) -> BTreeMap<(String, String), Vec<String>> {
    let mut found: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (file, used) in modules.graph() {
        for other in used {
            let (Some((own, floor)), Some((theirs, below))) = (part(file), part(other)) else {
                continue;
            };
            let nouns = floor == Floor::Nouns && below == Floor::Nouns && own != theirs;
            if nouns || floor < below {
                let parts = (own.to_owned(), theirs.to_owned());
                found.entry(parts).or_default().push(format!("{file} uses {other}"));
            }
        }
    }
    found
}
