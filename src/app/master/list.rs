//! Master records for screens: lists, one version, its content, what is wrong with it.

use crate::app::desk::{Caller, Desk, Failure};
use crate::app::examiner::Asked;
pub use crate::app::examiner::{Examined, NotPlayed, Played};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::Authority;
pub use crate::domain::recipe::check::Finding;
use crate::domain::state::State;
use crate::store::journal::Page;
use crate::store::noun::master::list_masters;
pub use crate::store::noun::master::{MasterFilter, MasterRow};
use serde_json::Value;
use std::sync::Arc;

impl Desk {
    /// Master records by code, the newest version first. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*.
    pub fn masters(
        &self,
        caller: &Caller,
        filter: &MasterFilter,
    ) -> Result<Page<MasterRow>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let scope = self.scope(caller)?;
        let mut page = self.read(|db| list_masters(db, filter))?;
        page.items.retain(|row| scope.reaches(&row.product));
        Ok(page)
    }

    /// A version of a master record in the caller's scope. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn master(&self, caller: &Caller, code: &str, version: u32) -> Result<Arc<State>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let key = Key::Number(RecordKind::Master, format!("{code}~{version}"));
        let state = self.state(&key)?;
        let product = state.as_master().map(|master| master.product.as_str());
        self.may_read(caller, &[Authority::Read], product)?;
        Ok(state)
    }

    /// A version's content, exactly as it was hashed and signed. Blocks.
    ///
    /// # Errors
    /// As [`Self::master`].
    pub fn master_content(
        &self,
        caller: &Caller,
        code: &str,
        version: u32,
    ) -> Result<Vec<u8>, Failure> {
        let state = self.master(caller, code, version)?;
        let hash = state.as_master().map(|master| master.content_hash.clone());
        self.content_bytes(&hash.unwrap_or_default())
    }

    /// Everything that keeps a version from being submitted, and what was played of it. Blocks.
    ///
    /// # Errors
    /// As [`Self::master`]; `Busy` when too many are played.
    pub fn master_findings(
        &self,
        caller: &Caller,
        code: &str,
        version: u32,
    ) -> Result<Arc<Examined>, Failure> {
        let state = self.master(caller, code, version)?;
        let hash = state.as_master().map(|master| master.content_hash.clone()).unwrap_or_default();
        let document: Value = serde_json::from_slice(&self.content_bytes(&hash)?)
            .map_err(|e| Failure::Broken(format!("content of {code}~{version}: {e}")))?;
        self.examiner.examine(&document, &hash, Asked::Reading)
    }
}
