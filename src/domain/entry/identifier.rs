//! Typed or scanned identifiers: kept as they came, with a key under which twins are one.

/// Longest identifier, in characters.
pub const LENGTH: usize = 64;

/// Checks an identifier.
///
/// # Errors
/// A sentence for people.
pub fn check(text: &str) -> Result<(), String> {
    let length = text.chars().count();
    if length == 0 || length > LENGTH {
        return Err(format!("an identifier has 1 to {LENGTH} characters, not {length}"));
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return Err("an identifier neither begins nor ends with a blank, and holds no control character; scan it again".into());
    }
    Ok(())
}

/// The key under which the same identifier, typed in another case or spacing, is found again.
#[must_use]
pub fn key(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}
