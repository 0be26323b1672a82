//! Databases for worlds: SQLite files and PostgreSQL databases, copied from a template.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Which engine a world lives on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The administration address of the PostgreSQL server at hand.
pub fn server() -> Option<&'static str> {
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

/// Drops what processes that are gone have left.
fn sweep(admin: &mut PgConnection) {
    let found: Vec<Name> =
        diesel::sql_query("SELECT datname::text FROM pg_database WHERE datname LIKE 'bw_http_%'")
            .load(admin)
            .expect("the names of databases");
    for Name { datname } in found {
        let owner = datname.split('_').nth(2).unwrap_or_default().to_owned();
        if !PathBuf::from(format!("/proc/{owner}")).exists() {
            let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {datname}"));
        }
    }
}

/// A database that is gone when it is dropped.
pub struct Database {
    pub engine: Engine,
    pub url: String,
    /// The SQLite file's directory, or a scratch directory.
    pub dir: PathBuf,
    name: String,
}

fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("bw_http_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

impl Database {
    fn named(engine: Engine, name: String) -> Self {
        let dir = std::env::temp_dir().join(&name);
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

    /// Changes an operational table from outside, as time would.
    pub fn change(&self, sql: &str) {
        match self.engine {
            Engine::Sqlite => {
                let path = self.url.trim_start_matches("sqlite:");
                let mut db = SqliteConnection::establish(path).expect("the SQLite file");
                db.batch_execute(sql).expect(sql);
            }
            Engine::Postgres => {
                let mut db = PgConnection::establish(&self.url).expect("the database");
                db.batch_execute(sql).expect(sql);
            }
        }
    }

    /// Keeps everybody else from writing to the SQLite file until it is dropped.
    pub fn locked(&self) -> SqliteConnection {
        let path = self.url.trim_start_matches("sqlite:");
        let mut db = SqliteConnection::establish(path).expect("the SQLite file");
        db.batch_execute("BEGIN IMMEDIATE").expect("the write lock");
        db
    }

    /// Rows of the journal and of the access log, counted from outside.
    pub fn rows(&self) -> (i64, i64) {
        #[derive(QueryableByName)]
        struct Counted {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let of = |table: &str| {
            let query = diesel::sql_query(format!("SELECT COUNT(*) AS n FROM {table}"));
            let counted: Counted = match self.engine {
                Engine::Sqlite => {
                    let path = self.url.trim_start_matches("sqlite:");
                    let mut db = SqliteConnection::establish(path).expect("the SQLite file");
                    query.get_result(&mut db).expect("a count")
                }
                Engine::Postgres => {
                    let mut db = PgConnection::establish(&self.url).expect("the database");
                    query.get_result(&mut db).expect("a count")
                }
            };
            counted.n
        };
        (of("journal"), of("access_log"))
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
