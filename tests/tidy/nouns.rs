//! A noun uses no noun: acts and questions over several of them stand above.

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

/// The noun in whose folder a file stands.
fn noun(file: &str) -> Option<&'static str> {
    let within = file.strip_prefix("domain/")?;
    let name = within.split('/').next()?;
    let name = name.trim_end_matches(".rs");
    NOUNS.iter().map(|noun| noun.module).find(|noun| *noun == name)
}

/// Which noun uses which, with the uses of files by files.
pub fn uses(modules: &Modules) -> BTreeMap<(&'static str, &'static str), Vec<String>> {
    let mut found: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (file, used) in modules.graph() {
        for other in used {
            if let (Some(own), Some(theirs)) = (noun(file), noun(other))
                && own != theirs
            {
                found.entry((own, theirs)).or_default().push(format!("{file} uses {other}"));
            }
        }
    }
    found
}
