//! Matrices in `schemas/matrices/`: compared here; written anew with `BATCHWRIGHT_BLESS=1`.

use std::path::Path;

/// Holds a matrix against its file. A change of rule is then a change of text that somebody reads.
pub fn hold(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/matrices").join(name);
    if std::env::var_os("BATCHWRIGHT_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        return;
    }
    let file = std::fs::read_to_string(&path).unwrap_or_default();
    if file != text {
        let first = file.lines().zip(text.lines()).position(|(a, b)| a != b);
        let line = first.unwrap_or_else(|| file.lines().count().min(text.lines().count())) + 1;
        panic!(
            "{} differs from the rules from line {line} on:\n file: {:?}\n code: {:?}\nread what changed, then run with BATCHWRIGHT_BLESS=1",
            path.display(),
            file.lines().nth(line - 1),
            text.lines().nth(line - 1),
        );
    }
}

/// A table with a column for each heading, as wide as its longest cell.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let gap = width - cell.chars().count();
            format!("{cell}{}", " ".repeat(gap))
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}
