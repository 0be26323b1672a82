//! One connection type over both engines, the address that says which, and a small pool for readers.
//!
//! The derived `establish` is never called: it would make `postgres:typo` an SQLite file.

use super::fault::StoreError;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use std::path::PathBuf;
use std::time::Duration;

/// A connection to either engine.
#[derive(diesel::MultiConnection)]
pub enum Db {
    /// SQLite, bundled.
    Sqlite(SqliteConnection),
    /// PostgreSQL 14 or later.
    Postgres(PgConnection),
}

/// Runs one expression on the inner connection: typed statements stay prepared, and what the derived
/// connection cannot say (locks, many rows) can be said.
macro_rules! on_engine {
    ($db:expr, $conn:ident => $body:expr) => {
        match $db {
            $crate::store::db::Db::Sqlite($conn) => $body,
            $crate::store::db::Db::Postgres($conn) => $body,
        }
    };
}
pub(in crate::store) use on_engine;

/// Which engine an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database, as libpq reads it.
    Postgres(String),
}

impl Address {
    /// Reads `sqlite:PATH`, `sqlite://PATH`, `postgres://…` or `postgresql://…`; nothing else.
    ///
    /// # Errors
    /// A sentence that lists what can be written.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        match path {
            // A memory database belongs to one connection; readers would see another one.
            Some(path) if !path.is_empty() && !path.contains([':', '?', '\0']) => {
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            _ => Err(StoreError::Address(redacted(url))),
        }
    }

    /// Opens a connection. A file that is not there is made only when `create` is set.
    ///
    /// # Errors
    /// When it cannot be reached or is not a database.
    pub fn connect(&self, access: Access) -> Result<Db, StoreError> {
        match self {
            Self::Sqlite(path) => {
                if access != Access::Create && !path.is_file() {
                    let text = format!("there is no file {}", path.display());
                    return Err(StoreError::Unreachable(text));
                }
                connect_sqlite(path, access)
            }
            Self::Postgres(url) => {
                let mut conn = PgConnection::establish(&patient(url))
                    .map_err(|e| StoreError::Unreachable(e.to_string()))?;
                conn.batch_execute(match access {
                    Access::Read => READING,
                    Access::Write | Access::Create => WRITING,
                })?;
                Ok(Db::Postgres(conn))
            }
        }
    }
}

const READING: &str = "SET default_transaction_read_only = on; SET client_min_messages = warning";

/// Who writes holds what the other nodes of a cluster wait for. A session that falls silent is ended
/// within seconds, whether its process, its machine or the network between failed.
const WRITING: &str = "SET synchronous_commit = on; SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '5s'; SET tcp_user_timeout = '5s';
    SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3;
    SET client_min_messages = warning";

/// The same on this side of the line: libpq's own parameters, where the address does not set them.
const PATIENCE: &[(&str, &str)] = &[
    ("connect_timeout", "5"),
    ("tcp_user_timeout", "5000"),
    ("keepalives_idle", "2"),
    ("keepalives_interval", "1"),
    ("keepalives_count", "3"),
];

/// An address with limits to how long a silent server is waited for.
fn patient(url: &str) -> String {
    let mut url = url.to_owned();
    for (name, value) in PATIENCE {
        let (_, set) = url.split_once('?').unwrap_or_default();
        if !set.split('&').any(|one| one.split('=').next() == Some(*name)) {
            let joint = if url.contains('?') { '&' } else { '?' };
            url.push_str(&format!("{joint}{name}={value}"));
        }
    }
    url
}

/// Addresses may hold passwords: what stands between `//` and `@` is not repeated.
fn redacted(url: &str) -> String {
    match (url.find("//"), url.rfind('@')) {
        (Some(from), Some(to)) if from < to => format!("{}//…{}", &url[..from], &url[to..]),
        _ => url.to_owned(),
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading only; the file may lie on a medium that cannot be written.
    Read,
    /// Reading and writing what is there.
    Write,
    /// As `Write`; an SQLite file is made when there is none.
    Create,
}

fn connect_sqlite(path: &std::path::Path, access: Access) -> Result<Db, StoreError> {
    let encoded: String = path
        .to_string_lossy()
        .chars()
        .map(|c| match c {
            '%' => "%25".to_owned(),
            '#' => "%23".to_owned(),
            c => c.to_string(),
        })
        .collect();
    let open = |mode: &str| {
        SqliteConnection::establish(&format!("file:{encoded}?mode={mode}"))
            .map_err(|e| StoreError::Unreachable(format!("{}: {e}", path.display())))
    };
    let unreadable =
        |e: diesel::result::Error| StoreError::Unreachable(format!("{}: {e}", path.display()));
    if access == Access::Read {
        let pragmas = "PRAGMA busy_timeout = 10000; PRAGMA query_only = ON;
                       SELECT count(*) FROM sqlite_master;";
        let mut conn = open("ro")?;
        if conn.batch_execute(pragmas).is_err() {
            // A copy on a medium that cannot hold the -shm file: nobody else writes it either.
            conn = open("ro&immutable=1")?;
            conn.batch_execute(pragmas).map_err(unreadable)?;
        }
        return Ok(Db::Sqlite(conn));
    }
    let mut conn = open(if access == Access::Create { "rwc" } else { "rw" })?;
    // A cache of 4 MB: COMMIT walks all cached pages whenever a B-tree was rebalanced, so a larger one costs
    // each entry more than it spares.
    conn.batch_execute(
        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -4000;
         PRAGMA wal_autocheckpoint = 4000;",
    )
    .map_err(unreadable)?;
    Ok(Db::Sqlite(conn))
}

impl Db {
    /// Runs `work` on one unchanging picture of the database.
    ///
    /// # Errors
    /// Those of `work` and of the engine.
    pub fn read<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.batch_execute(match self {
            Self::Sqlite(_) => "BEGIN",
            Self::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        })?;
        let done = work(self);
        // SQLite rolls back by itself after some faults; a second ROLLBACK then only complains.
        let _ = self.batch_execute("ROLLBACK");
        done
    }
}

/// Makes readers' connections for the pool.
#[derive(Debug)]
pub struct ReaderSource(pub Address);

impl ManageConnection for ReaderSource {
    type Connection = Db;
    type Error = StoreError;

    fn connect(&self) -> Result<Db, StoreError> {
        self.0.connect(Access::Read)
    }

    fn is_valid(&self, conn: &mut Db) -> Result<(), StoreError> {
        Ok(conn.batch_execute("SELECT 1")?)
    }

    fn has_broken(&self, conn: &mut Db) -> bool {
        std::thread::panicking() || conn.batch_execute("SELECT 1").is_err()
    }
}

/// Readers' connections: few, because a read is short.
#[derive(Clone)]
pub struct Readers(Pool<ReaderSource>);

impl Readers {
    /// A pool of readers; connections are made when first needed.
    #[must_use]
    pub fn new(address: Address) -> Self {
        let pool = Pool::builder()
            .max_size(8)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(Duration::from_secs(10))
            .build_unchecked(ReaderSource(address));
        Self(pool)
    }

    /// A reader's connection.
    ///
    /// # Errors
    /// When none becomes free within ten seconds, or the database is gone.
    pub fn get(&self) -> Result<PooledConnection<ReaderSource>, StoreError> {
        self.0.get().map_err(|e| StoreError::Unreachable(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_server_is_waited_for_as_long_as_the_address_says() {
        let plain = patient("postgres://u@h/d");
        assert!(plain.starts_with("postgres://u@h/d?connect_timeout=5&tcp_user_timeout=5000&"));
        let own = patient("postgres://u@h/d?tcp_user_timeout=9&sslmode=require");
        assert!(own.contains("?tcp_user_timeout=9&sslmode=require&connect_timeout=5&keepalives"));
        assert_eq!(own.matches("tcp_user_timeout").count(), 1);
    }

    #[test]
    fn only_four_schemes_name_a_database() {
        assert_eq!(Address::parse("sqlite:a.db").ok(), Some(Address::Sqlite("a.db".into())));
        assert_eq!(Address::parse("sqlite:///x/a").ok(), Some(Address::Sqlite("/x/a".into())));
        for url in ["postgres://u@h/d", "postgresql://h/d"] {
            assert_eq!(Address::parse(url).ok(), Some(Address::Postgres(url.into())));
        }
        for url in ["postgres:typo", "a.db", "sqlite:", "sqlite::memory:", "mysql://u:secret@h/d"] {
            let refused = Address::parse(url).expect_err(url).to_string();
            assert!(refused.contains("write sqlite:PATH"), "{refused}");
            assert!(!refused.contains("secret"), "{refused}");
        }
    }
    #[test]
    fn the_program_can_speak_tls_to_a_cluster_and_demand_its_name() {
        // Nobody listens on port 1. A client built without TLS refuses the demand before it calls anybody.
        let url = "postgres://nobody@127.0.0.1:1/none?sslmode=verify-full&connect_timeout=2";
        let address = Address::parse(url).expect("an address");
        let refused = address.connect(Access::Read).err().expect("nobody there").to_string();
        assert!(!refused.contains("compiled in"), "{refused}");
        assert!(refused.contains("127.0.0.1"), "{refused}");
    }
}
