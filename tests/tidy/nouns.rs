//! A noun uses no noun: acts and questions over several of them stand above.

use crate::modules::Modules;
use std::collections::BTreeMap;

const NOUNS: &[&str] = &["site", "person", "master", "run", "deviation", "lot"];

/// The noun in whose folder a file stands.
fn noun(file: &str) -> Option<&'static str> {
    let within = file.strip_prefix("domain/")?;
    let name = within.split('/').next()?;
    NOUNS.iter().find(|noun| **noun == name.trim_end_matches(".rs")).copied()
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
