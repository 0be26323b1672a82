//! Pages of lists: what the nouns' lists share.

use super::fault::StoreError;
use super::journal::Page;

/// Which part of a list.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    /// After this cursor.
    pub cursor: Option<String>,
    /// At most so many (1 to 500; 0: 100).
    pub limit: usize,
}

/// The page of what was found; `place` is the cursor behind a row.
pub(in crate::store) fn page<T>(
    found: Vec<T>,
    limit: i64,
    place: impl Fn(&T) -> String,
) -> Result<Page<T>, StoreError> {
    let with_place = found.into_iter().map(|row| {
        let at = place(&row);
        Ok((row, at))
    });
    Page::of(with_place, limit)
}
