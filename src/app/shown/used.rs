//! What a value was computed from.

use crate::domain::words::Used;
use serde::Serialize;
use utoipa::ToSchema;

/// Something a value was computed from.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsedView {
    /// The place of an entry, or a moment in words.
    pub at: String,
    /// Which version of it.
    pub version: u32,
    /// As people read it then; of a list how many values.
    pub shown: String,
    /// Of a list, whose first place is `at`: its last place, how many values, the newest version among them by the
    /// journal entry it stands in, and the SHA-256 over place, version and value of each.
    pub list: Option<ListedView>,
}

/// A list that a value was computed from.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedView {
    /// The place of the last one.
    pub to: String,
    /// How many.
    pub count: u64,
    /// The newest version, by the journal entry it stands in.
    pub newest: u64,
    /// SHA-256 (hex); empty while the value is not written down.
    pub hash: String,
}

impl From<&Used> for UsedView {
    fn from(used: &Used) -> Self {
        let list = used.list.as_ref().map(|list| ListedView {
            to: list.to.clone(),
            count: list.count,
            newest: list.newest,
            hash: list.hash.clone(),
        });
        Self { at: used.at.clone(), version: used.version, shown: used.shown.clone(), list }
    }
}
