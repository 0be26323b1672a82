//! Output lots: a question, and the decision what a lot may be used for.

pub mod dispose;

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::state::State;
use std::sync::Arc;

impl Desk {
    /// A lot of a product in the caller's scope. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn lot(&self, caller: &Caller, number: &str) -> Result<Arc<State>, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let state = self.state(&Key::Number(RecordKind::Lot, number.to_owned()))?;
        let product = state.as_lot().map(|lot| lot.product.as_str());
        self.may_read(caller, &[Authority::Read], product)?;
        Ok(state)
    }
}
