//! What a group of commands has decided so far.

use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::site::time::SiteTime;
use crate::domain::state::State;
use crate::store::operational::SessionRow;
use crate::store::unit::{Receipt, Unit};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// What a group has decided so far; nothing of it is in the engine yet.
#[derive(Default)]
pub(super) struct Group {
    pub(super) unit: Unit,
    /// States with this group's changes.
    pub(super) changed: HashMap<RecordKey, Arc<State>>,
    /// Business numbers of records that began in this group.
    pub(super) numbers: HashMap<(RecordKind, String), RecordKey>,
    /// The site, when it was founded in this group.
    pub(super) site: Option<RecordKey>,
    /// Site time as it was, where a command set it.
    pub(super) clock: Option<SiteTime>,
    /// Sessions as they are stored; forgotten when operational rows are written.
    pub(super) sessions: HashMap<Uuid, Option<SessionRow>>,
    /// What was stored under the keys of all its commands, where they were asked for in one query.
    pub(super) receipts: Option<Vec<Receipt>>,
}
