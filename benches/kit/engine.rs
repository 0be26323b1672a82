//! Databases for benchmarks: SQLite files on the disk of the build directory, and PostgreSQL databases.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Which engine a site lives on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The administration address of the PostgreSQL server at hand, if one answers.
pub fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            let url = std::env::var("BATCHWRIGHT_TEST_POSTGRES")
                .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".into());
            let mut admin = PgConnection::establish(&url).ok()?;
            sweep(&mut admin);
            Some(url)
        })
        .as_deref()
}

fn admin() -> PgConnection {
    let url = server().expect("asked only where a server answers");
    PgConnection::establish(url).expect("the administration connection")
}

/// Drops what processes that are gone have left.
fn sweep(admin: &mut PgConnection) {
    let query = "SELECT datname::text AS shown FROM pg_database WHERE datname LIKE 'bw_bench_%'";
    let found: Vec<Shown> = diesel::sql_query(query).load(admin).expect("the names of databases");
    for Shown { shown } in found {
        let owner = shown.split('_').nth(2).unwrap_or_default();
        if !Path::new("/proc").join(owner).exists() {
            let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {shown}"));
        }
    }
}

#[derive(QueryableByName)]
struct Shown {
    #[diesel(sql_type = Text)]
    shown: String,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// A connection of the benchmark's own.
pub enum Conn {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Conn {
    pub fn run(&mut self, sql: &str) {
        match self {
            Self::Sqlite(conn) => conn.batch_execute(sql),
            Self::Postgres(conn) => conn.batch_execute(sql),
        }
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    /// The one text column, named `shown`, of what is selected.
    pub fn texts(&mut self, sql: &str) -> Vec<String> {
        let query = diesel::sql_query(sql);
        let found: Result<Vec<Shown>, _> = match self {
            Self::Sqlite(conn) => query.load(conn),
            Self::Postgres(conn) => query.load(conn),
        };
        let found = found.unwrap_or_else(|e| panic!("{sql}: {e}"));
        found.into_iter().map(|row| row.shown).collect()
    }

    /// The one number, named `n`, that is selected.
    pub fn number(&mut self, sql: &str) -> i64 {
        let query = diesel::sql_query(sql);
        let found: Result<Counted, _> = match self {
            Self::Sqlite(conn) => query.get_result(conn),
            Self::Postgres(conn) => query.get_result(conn),
        };
        found.unwrap_or_else(|e| panic!("{sql}: {e}")).n
    }
}

/// A database with its directory, which also holds the site's keys. Gone when it is dropped.
pub struct Database {
    pub engine: Engine,
    pub url: String,
    pub dir: PathBuf,
    name: String,
    kept: bool,
}

fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("bw_bench_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

impl Database {
    fn named(engine: Engine, name: String, dir: PathBuf) -> Self {
        fs::create_dir_all(&dir).expect("a directory");
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", dir.join("site.sqlite").display()),
            Engine::Postgres => {
                let base = server().expect("asked only where a server answers");
                let (front, _) = base.rsplit_once('/').expect("an address with a database");
                format!("{front}/{name}")
            }
        };
        Self { engine, url, dir, name, kept: false }
    }

    fn scratch(name: &str) -> PathBuf {
        // Beside the build, on a real disk: a directory in memory would make every commit free.
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
    }

    pub fn empty(engine: Engine) -> Self {
        let name = fresh_name();
        let dir = Self::scratch(&name);
        let made = Self::named(engine, name, dir);
        if engine == Engine::Postgres {
            admin().batch_execute(&format!("CREATE DATABASE {}", made.name)).expect("a database");
        }
        made
    }

    /// A copy of a database that nobody has open.
    pub fn copy(template: &Self) -> Self {
        let name = fresh_name();
        let dir = Self::scratch(&name);
        let made = Self::named(template.engine, name, dir);
        made.take_from(template);
        made
    }

    /// A copy of a SQLite site in a directory that stays.
    pub fn copy_into(template: &Self, dir: &Path) -> Self {
        assert!(!dir.join("site.sqlite").exists(), "{} holds a site already", dir.display());
        let mut made = Self::named(Engine::Sqlite, "kept".into(), dir.to_owned());
        made.kept = true;
        made.take_from(template);
        made
    }

    fn take_from(&self, template: &Self) {
        copy_dir(&template.dir, &self.dir);
        if self.engine == Engine::Postgres {
            let order = format!("CREATE DATABASE {} TEMPLATE {}", self.name, template.name);
            admin().batch_execute(&order).expect("a copy of the template");
        }
    }

    pub fn connect(&self) -> Conn {
        match self.engine {
            Engine::Sqlite => {
                let path = self.url.trim_start_matches("sqlite:");
                let mut conn = SqliteConnection::establish(path).expect("the SQLite file");
                conn.batch_execute("PRAGMA busy_timeout = 10000").expect("a pragma");
                Conn::Sqlite(conn)
            }
            Engine::Postgres => {
                Conn::Postgres(PgConnection::establish(&self.url).expect("the database"))
            }
        }
    }

    /// Entries in the journal.
    pub fn entries(&self) -> usize {
        let n = self.connect().number("SELECT count(*) AS n FROM journal");
        usize::try_from(n).expect("a count")
    }

    /// What it takes on disk, in MiB.
    pub fn size(&self) -> f64 {
        let bytes = match self.engine {
            Engine::Sqlite => ["site.sqlite", "site.sqlite-wal"]
                .iter()
                .filter_map(|name| fs::metadata(self.dir.join(name)).ok())
                .map(|data| data.len())
                .sum::<u64>(),
            Engine::Postgres => {
                let sql = "SELECT pg_database_size(current_database()) AS n";
                u64::try_from(self.connect().number(sql)).expect("a size")
            }
        };
        f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
    }
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for file in fs::read_dir(from).expect("the template's directory") {
        let file = file.expect("a directory entry").path();
        let there = to.join(file.file_name().expect("a name"));
        if file.is_dir() {
            copy_dir(&file, &there);
        } else {
            fs::copy(&file, there).expect("a copy");
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        if std::thread::panicking() {
            eprintln!("the database stays for a look: {} ({})", self.url, self.dir.display());
            return;
        }
        let _ = fs::remove_dir_all(&self.dir);
        if self.engine == Engine::Postgres {
            let order = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
            let _ = admin().batch_execute(&order);
        }
    }
}
