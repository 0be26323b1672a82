//! Callers seen a moment ago.

use crate::domain::clock::Instant;
use crate::domain::state::State;
use crate::identity::session::SessionRow;
use crate::identity::token::Claims;
use crate::seal::digest::Hash;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Callers remembered at most.
const ROOM: usize = 4096;

/// Callers seen a moment ago, by the hash of their token: the token itself is not kept.
#[derive(Debug, Default)]
pub(in crate::app) struct Recent(Mutex<HashMap<Hash, Seen>>);

/// What was read of a caller, and when.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) claims: Claims,
    pub(super) row: SessionRow,
    pub(super) person: Arc<State>,
    /// The store's word for which sessions and persons this was true of.
    pub(super) standing: u64,
    pub(super) at: Instant,
}

impl Recent {
    pub(super) fn get(&self, token: &Hash) -> Option<Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }

    pub(super) fn keep(&self, token: Hash, seen: Seen) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= ROOM {
            all.retain(|_, other| other.claims.judge_expiry(seen.at).is_ok());
        }
        if all.len() >= ROOM {
            all.clear();
        }
        all.insert(token, seen);
    }
}
