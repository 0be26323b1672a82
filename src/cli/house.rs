//! What the verbs need of the machine: given by `main`, so that no verb opens a file or a port itself.

use crate::domain::clock::Instant;
use crate::domain::site::Environment;
use crate::seal::verify::Report;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Which site to open.
#[derive(Debug, Clone)]
pub struct Site {
    /// Database.
    pub database_url: String,
    /// Directory of the key files; `None`: beside the SQLite file.
    pub keys: Option<PathBuf>,
    /// Where the newest checkpoint's note is written.
    pub checkpoint: Option<PathBuf>,
    /// For a demo site in play: where its simulated clock stands.
    pub simulated_from: Option<Instant>,
}

/// A site to be founded.
#[derive(Debug, Clone)]
pub struct NewSite {
    /// Where.
    pub site: Site,
    pub name: String,
    /// Origin of the site's log (C2SP checkpoints).
    pub origin: String,
    /// IANA zone.
    pub zone: String,
    /// What for.
    pub environment: Environment,
    /// User name of the first administrator.
    pub administrator: String,
    /// Printed name of the first administrator.
    pub printed_name: String,
    /// Password of the first administrator.
    pub password: String,
}

/// A server that runs.
pub trait Running {
    /// Where it listens.
    fn address(&self) -> SocketAddr;
    /// Moves a demo site's clock forward.
    fn move_clock(&self, at: Instant);
    /// Lets a demo site's clock run with the machine's from now on.
    fn follow_system(&self);
    /// Waits until somebody asks the process to stop (Ctrl-C, SIGTERM), then stops gracefully.
    ///
    /// # Errors
    /// When the last checkpoint cannot be written.
    fn wait(self: Box<Self>) -> Result<(), String>;
    /// Stops gracefully now.
    ///
    /// # Errors
    /// When the last checkpoint cannot be written.
    fn stop(self: Box<Self>) -> Result<(), String>;
}

/// The machine as the verbs see it.
pub trait House {
    /// Founds a site: schema, keys, first administrator. Returns the founding key's fingerprint.
    ///
    /// # Errors
    /// A sentence for people.
    fn found(&self, new: &NewSite) -> Result<String, String>;

    /// Creates a further administrator, vouched for by the founding key.
    ///
    /// # Errors
    /// A sentence for people.
    fn add_administrator(
        &self,
        site: &Site,
        user_name: &str,
        printed_name: &str,
        password: &str,
    ) -> Result<(), String>;

    /// Accepts an older copy of the database, with a reason that the journal keeps. Returns what became of it.
    ///
    /// # Errors
    /// A sentence for people.
    fn restore(&self, site: &Site, reason: &str) -> Result<String, String>;

    /// Brings a schema up to date.
    ///
    /// # Errors
    /// A sentence for people.
    fn migrate(&self, database_url: &str, runtime_role: Option<&str>) -> Result<String, String>;

    /// Starts a server.
    ///
    /// # Errors
    /// A sentence for people.
    fn start(
        &self,
        site: &Site,
        listen: SocketAddr,
        behind_tls_proxy: bool,
    ) -> Result<Box<dyn Running>, String>;

    /// Verifies a database; the outer error means that it cannot be read at all.
    ///
    /// # Errors
    /// A sentence for people.
    fn verify(
        &self,
        database_url: &str,
        checkpoint: Option<&str>,
        trust: Option<&str>,
    ) -> Result<Report, String>;

    /// Changes one number in a copy of a database, as somebody with a database tool would.
    /// Returns what was changed, in words.
    ///
    /// # Errors
    /// A sentence for people.
    fn forge(&self, database_url: &str, copy: &Path) -> Result<String, String>;

    /// A password nobody chose.
    fn password(&self) -> String;

    /// Reads a whole file.
    ///
    /// # Errors
    /// A sentence for people.
    fn read(&self, path: &Path) -> Result<Vec<u8>, String>;

    /// Writes a whole file, making its directory; `private`: readable by its owner alone.
    ///
    /// # Errors
    /// A sentence for people.
    fn write(&self, path: &Path, bytes: &[u8], private: bool) -> Result<(), String>;

    /// Names in a directory; none when it is not there.
    ///
    /// # Errors
    /// A sentence for people.
    fn names(&self, dir: &Path) -> Result<Vec<String>, String>;
}
