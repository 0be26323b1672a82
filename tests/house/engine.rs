//! Databases for tests: SQLite files and PostgreSQL databases, empty or copied from a template.

use batchwright::store::schema::APPEND_ONLY;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Which engine a database lives on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The engines at hand: SQLite always, PostgreSQL where a server answers. CI demands both.
pub fn engines() -> Vec<Engine> {
    let both = [Engine::Sqlite, Engine::Postgres];
    both.into_iter().filter(|engine| *engine == Engine::Sqlite || server().is_some()).collect()
}

/// The administration address of the PostgreSQL server at hand.
fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            let url = std::env::var("BATCHWRIGHT_TEST_POSTGRES")
                .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".into());
            if let Ok(mut admin) = PgConnection::establish(&url) {
                sweep(&mut admin);
                return Some(url);
            }
            assert!(std::env::var("CI").is_err(), "no PostgreSQL answers at {url}, and this is CI");
            eprintln!("*** NO POSTGRESQL ANSWERS AT {url}: ONLY SQLITE IS TESTED ***");
            None
        })
        .as_deref()
}

fn admin() -> PgConnection {
    let url = server().expect("asked only where a server answers");
    PgConnection::establish(url).expect("the administration connection")
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = diesel::sql_types::Text)]
    datname: String,
}

/// Whether a database was made by a process that is gone.
fn orphaned(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("bw_test_") else { return false };
    let owner = rest.split('_').next().unwrap_or_default();
    Path::new("/proc/self").exists() && !Path::new("/proc").join(owner).exists()
}

/// Drops the databases that processes that are gone have left on the server.
fn sweep(admin: &mut PgConnection) {
    let found: Vec<Name> =
        diesel::sql_query("SELECT datname::text FROM pg_database WHERE datname LIKE 'bw_test_%'")
            .load(admin)
            .expect("the names of databases");
    for Name { datname } in found.into_iter().filter(|found| orphaned(&found.datname)) {
        let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {datname}"));
    }
}

/// Where the files of databases lie; what processes that are gone have left there is removed.
fn scratch() -> &'static Path {
    static SCRATCH: OnceLock<PathBuf> = OnceLock::new();
    SCRATCH.get_or_init(|| {
        let scratch = std::env::temp_dir();
        for file in std::fs::read_dir(&scratch).into_iter().flatten().flatten() {
            if orphaned(&file.file_name().to_string_lossy()) {
                let _ = std::fs::remove_dir_all(file.path());
            }
        }
        scratch
    })
}

/// A database that is gone when it is dropped; one of a test that failed stays for a look.
pub struct Database {
    pub engine: Engine,
    pub url: String,
    /// The SQLite file's directory, or a scratch directory.
    pub dir: PathBuf,
    name: String,
}

fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("bw_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

impl Database {
    fn named(engine: Engine, name: String) -> Self {
        let dir = scratch().join(&name);
        std::fs::create_dir_all(&dir).expect("a scratch directory");
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", dir.join("site.sqlite").display()),
            Engine::Postgres => {
                let base = server().expect("asked only where a server answers");
                let (front, _) = base.rsplit_once('/').expect("an address with a database");
                format!("{front}/{name}")
            }
        };
        Self { engine, url, dir, name }
    }

    /// An empty database.
    pub fn empty(engine: Engine) -> Self {
        let made = Self::named(engine, fresh_name());
        if engine == Engine::Postgres {
            admin().batch_execute(&format!("CREATE DATABASE {}", made.name)).expect("a database");
        }
        made
    }

    /// A copy of a database that nobody has open.
    pub fn copy(template: &Self) -> Self {
        static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let made = Self::named(template.engine, fresh_name());
        match template.engine {
            Engine::Sqlite => {
                for file in std::fs::read_dir(&template.dir).expect("the template's directory") {
                    let file = file.expect("a directory entry");
                    std::fs::copy(file.path(), made.dir.join(file.file_name())).expect("a copy");
                }
            }
            Engine::Postgres => {
                // The server copies one template at a time.
                let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let order = format!("CREATE DATABASE {} TEMPLATE {}", made.name, template.name);
                admin().batch_execute(&order).expect("a copy of the template");
            }
        }
        made
    }

    /// Another connection to the SQLite file.
    fn file(&self) -> SqliteConnection {
        let path = self.url.trim_start_matches("sqlite:");
        let mut db = SqliteConnection::establish(path).expect("the SQLite file");
        db.batch_execute("PRAGMA busy_timeout = 5000").expect("a pragma");
        db
    }

    fn postgres(&self) -> PgConnection {
        PgConnection::establish(&self.url).expect("the database")
    }

    /// Runs SQL behind the product's back.
    pub fn sql(&self, statements: &str) -> Result<(), String> {
        match self.engine {
            Engine::Sqlite => self.file().batch_execute(statements),
            Engine::Postgres => self.postgres().batch_execute(statements),
        }
        .map_err(|e| e.to_string())
    }

    /// Changes an operational table from outside, as time would.
    pub fn change(&self, statements: &str) {
        self.sql(statements).expect(statements);
    }

    /// Runs SQL as who owns the database can: the guards of evidence are taken off for it and put back.
    pub fn unguarded(&self, change: &str) {
        #[derive(QueryableByName)]
        struct Guard {
            #[diesel(sql_type = diesel::sql_types::Text)]
            name: String,
            #[diesel(sql_type = diesel::sql_types::Text)]
            made: String,
        }
        let (off, on): (Vec<String>, Vec<String>) = match self.engine {
            Engine::Sqlite => {
                let all = "SELECT name, sql AS made FROM sqlite_master WHERE type = 'trigger'";
                let guards: Vec<Guard> =
                    diesel::sql_query(all).load(&mut self.file()).expect("the guards");
                guards.into_iter().map(|it| (format!("DROP TRIGGER {}", it.name), it.made)).unzip()
            }
            Engine::Postgres => APPEND_ONLY
                .iter()
                .map(|table| {
                    let (alter, guard) =
                        (format!("ALTER TABLE {table}"), format!("TRIGGER {table}_append_only"));
                    (format!("{alter} DISABLE {guard}"), format!("{alter} ENABLE ALWAYS {guard}"))
                })
                .unzip(),
        };
        self.change(&format!("{}; {change}; {}", off.join("; "), on.join("; ")));
    }

    /// Takes a guard of a table off, and leaves it off.
    pub fn unguarded_for_good(&self, table: &str) {
        self.change(&match self.engine {
            Engine::Sqlite => format!("DROP TRIGGER {table}_no_delete"),
            Engine::Postgres => {
                format!("ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
            }
        });
    }

    /// One number, called `n` in the query, asked from outside.
    pub fn count(&self, query: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Counted {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let query = diesel::sql_query(query);
        let counted: Counted = match self.engine {
            Engine::Sqlite => query.get_result(&mut self.file()).expect("a number"),
            Engine::Postgres => query.get_result(&mut self.postgres()).expect("a number"),
        };
        counted.n
    }

    /// Rows of the journal and of the access log.
    pub fn rows(&self) -> (i64, i64) {
        let of = |table: &str| self.count(&format!("SELECT COUNT(*) AS n FROM {table}"));
        (of("journal"), of("access_log"))
    }

    /// Keeps everybody else from writing to the SQLite file until it is dropped.
    pub fn locked(&self) -> SqliteConnection {
        let mut db = self.file();
        db.batch_execute("BEGIN IMMEDIATE").expect("the write lock");
        db
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the database stays for a look: {}", self.url);
            return;
        }
        let _ = std::fs::remove_dir_all(&self.dir);
        if self.engine == Engine::Postgres {
            let order = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
            let _ = admin().batch_execute(&order);
        }
    }
}
