//! What the laws of nouns and of kinds do not hold for yet: counted, and no more. An entry that is larger than
//! what is found is a fault as well, so that the list only shrinks.

/// A noun that uses another, and by how many uses of a file by a file.
pub const NOUN_USES: &[(&str, &str, usize)] = &[
    ("deviation", "run", 19),
    ("deviation", "site", 3),
    ("lot", "run", 40),
    ("master", "person", 1),
    ("master", "run", 1),
    ("master", "site", 1),
    ("person", "site", 1),
    ("run", "deviation", 3),
    ("run", "lot", 20),
    ("run", "master", 1),
    ("run", "person", 6),
    ("run", "site", 3),
    ("site", "person", 3),
];

/// A file outside `domain/entry` that names kinds, how often, and why it must: a rule that is really about one
/// kind, which no question to the kind can say. There is none.
pub const KIND_NAMES: &[(&str, usize, &str)] = &[];
