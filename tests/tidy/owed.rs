//! What the law of nouns does not hold for yet: counted, and no more. An entry that is larger than what is
//! found is a fault as well, so that the list only shrinks.

/// A noun that uses another, and by how many uses of a file by a file.
pub const NOUN_USES: &[(&str, &str, usize)] = &[
    ("deviation", "run", 19),
    ("lot", "run", 40),
    ("master", "person", 1),
    ("master", "run", 1),
    ("master", "site", 1),
    ("person", "site", 1),
    ("run", "deviation", 3),
    ("run", "device", 1),
    ("run", "lot", 20),
    ("run", "master", 1),
    ("run", "person", 6),
    ("run", "site", 2),
    ("site", "person", 3),
];
