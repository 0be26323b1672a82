//! Whoever asks of an entry asks its kind what it can do: a kind is named in its own file and in the table of
//! kinds, and nowhere else, so that a new one is a file and a line.

use crate::tokens::tokens;

/// Where the kinds stand.
pub const HOME: &str = "src/domain/entry/";

/// The names of kinds in the table: `Number = "number" in number;`.
pub fn table(text: &str) -> Vec<String> {
    let name = |line: &str| {
        let (left, right) = line.trim().strip_suffix(';')?.split_once(" = \"")?;
        let (name, module) = right.split_once("\" in ")?;
        let words =
            [left, module].iter().all(|it| it.chars().all(|c| c.is_alphanumeric() || c == '_'));
        words.then(|| name.to_owned())
    };
    text.lines().filter_map(name).collect()
}

/// The lines that name a kind: by a variant of `KindSpec`.
pub fn named(text: &str) -> Vec<usize> {
    let code = tokens(text);
    let one = |name: &str| {
        let list = name.chars().all(|c| c.is_uppercase() || c == '_');
        matches!(name, "{" | "*") || name.starts_with(char::is_uppercase) && !list
    };
    let variants =
        code.windows(3).filter(|it| it[0].is("KindSpec") && it[1].is("::") && one(&it[2].text));
    variants.map(|it| it[0].line).collect()
}

/// The lines that hold a value's kind against the name of one.
pub fn told_apart(text: &str, names: &[String]) -> Vec<usize> {
    let says = |line: &str| {
        let asks = line.contains("kind == \"") || line.contains("kind.name()");
        asks && names.iter().any(|name| line.contains(&format!("\"{name}\"")))
    };
    (1..).zip(text.lines()).filter(|(_, line)| says(line)).map(|(no, _)| no).collect()
}
