//! How a store is opened.

use super::clock::Clock;
use super::operational::SessionRow;
use crate::domain::clock::Instant;
use crate::domain::refusal::Refusal;
use crate::seal::key::PrivateKey;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Whether a session still stands at a real time: identity's rule, asked again in the lane.
pub type SessionJudge = Arc<dyn Fn(&SessionRow, Instant) -> Result<(), Refusal> + Send + Sync>;

/// How a store is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// `sqlite:PATH`, `sqlite://PATH`, `postgres://…` or `postgresql://…`.
    pub url: String,
    /// The site's clock; its kind must be the one the site was founded with.
    pub clock: Clock,
    /// The site's log key: signs the head of the log with every commit. Without it no entry is written.
    pub log_signer: Option<PrivateKey>,
    /// Where the newest head of the log is kept, beside the log key: a database older than it is refused.
    pub head_file: Option<PathBuf>,
    /// Takes the database as it is although the head kept beside the log key is newer: for a restored copy,
    /// whose first entry then tells why (`app::site::restore`).
    pub accept_older: bool,
    /// Where the newest checkpoint's note is written, besides the table.
    pub checkpoint_file: Option<PathBuf>,
    /// How long there may be something new without a checkpoint: at most 10 s.
    pub checkpoint_every: Duration,
    /// Judges sessions in the lane; without it a session must only be there and not be revoked.
    pub session_judge: Option<SessionJudge>,
    /// How many submissions may wait before `Busy` is answered.
    pub queue: usize,
}

impl OpenOptions {
    /// The usual options for an address.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            clock: Clock::system(),
            log_signer: None,
            head_file: None,
            accept_older: false,
            checkpoint_file: None,
            checkpoint_every: Duration::from_secs(5),
            session_judge: None,
            queue: 1024,
        }
    }
}
