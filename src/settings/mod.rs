//! Settings and wiring: the only reader of environment and files besides `main`.

mod files;
mod keys;
mod machine;
mod serving;

pub use machine::Machine;

use std::path::PathBuf;

/// Names the file that holds the passphrase of the site's key files.
pub const PASSPHRASE_FILE: &str = "BATCHWRIGHT_KEY_PASSPHRASE_FILE";

/// Log level filter, as in `info` or `batchwright=debug`.
pub const LOG: &str = "BATCHWRIGHT_LOG";

/// Starts structured logs on standard error: JSON lines, `warn` unless [`LOG`] says otherwise.
pub fn start_logs() {
    let filter = std::env::var(LOG).unwrap_or_else(|_| "warn".to_owned());
    let filter = tracing_subscriber::EnvFilter::try_new(filter)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let done = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
    if let Err(error) = done {
        eprintln!("batchwright: logs were started already: {error}");
    }
}

/// Where the passphrase of the key files stands.
fn passphrase_file() -> Option<PathBuf> {
    std::env::var_os(PASSPHRASE_FILE).map(PathBuf::from)
}
