//! The floors of the domain: words below, the nouns on them, and above what is about several of them. A noun
//! uses no noun, and nothing uses what stands above it.

use crate::modules::Modules;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A line of `domain/nouns.rs`.
pub struct Line {
    /// The kind of record: `Lot`.
    pub kind: &'static str,
    /// Its folder below `domain`.
    pub module: &'static str,
}

/// The nouns that the product lists.
pub static NOUNS: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let lines = include_str!("../../src/domain/nouns.rs").lines().filter_map(|line| {
        let (kind, rest) = line.trim().split_once(": ").filter(|_| line.ends_with("\";"))?;
        Some(Line { kind, module: rest.split_once("::")?.0 })
    });
    lines.collect()
});

/// Whoever hands the lines to a macro that spells their modules uses every one of them.
pub fn spelled(modules: &mut Modules) {
    for module in modules.0.values_mut() {
        let says = |words: [&str; 3]| {
            module.code.windows(3).any(|code| code.iter().zip(words).all(|(it, word)| it.is(word)))
        };
        if says(["nouns", "!", "("]) && says(["$", "module", "::"]) {
            let each = NOUNS.iter().map(|noun| vec!["domain".to_owned(), noun.module.to_owned()]);
            module.paths.extend(each);
        }
    }
}

/// What is about several nouns, or about any.
const ABOVE: &[&str] = &["cross", "state", "loaded", "roster"];

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
        _ if NOUNS.iter().any(|noun| noun.module == name) => Floor::Nouns,
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
