//! Renditions that were issued: the list, and the very bytes that were kept.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::run::Rendition;

impl Desk {
    /// The renditions of a run. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn renditions(&self, caller: &Caller, number: &str) -> Result<Vec<Rendition>, Failure> {
        let state = self.run(caller, number)?;
        Ok(state.as_run().map(|run| run.renditions.to_vec()).unwrap_or_default())
    }

    /// The kept bytes of a rendition. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn rendition(
        &self,
        caller: &Caller,
        number: &str,
        no: u32,
    ) -> Result<(Rendition, Vec<u8>), Failure> {
        let all = self.renditions(caller, number)?;
        let found = all.into_iter().find(|rendition| rendition.no == no).ok_or_else(|| {
            Refusal::new(&NOT_FOUND, format!("run {number} has no rendition {no}"))
        })?;
        let bytes = self.content_bytes(&found.blob)?;
        Ok((found, bytes))
    }
}
