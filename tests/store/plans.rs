//! Every list is read in the order of an index, whatever is asked of it: what the engines plan says so.

use super::world::{Engine, World, engines};
use batchwright::domain::ids::PersonId;
use batchwright::store::db::Db;
use batchwright::store::lists::Paging;
use batchwright::store::noun::entered::list::{EnteredFilter, list_entered};
use batchwright::store::noun::hold::list::{HoldFilter, list_holds};
use batchwright::store::noun::person::list_persons;
use batchwright::store::noun::run::{list_runs, unfinished_runs};
use batchwright::store::{RunFilter, StoreError};
use diesel::connection::{Connection, InstrumentationEvent, get_default_instrumentation};
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// A list with what is asked of it.
pub type List = (&'static str, fn(&mut Db) -> Result<(), StoreError>);

fn entered(db: &mut Db, filter: EnteredFilter) -> Result<(), StoreError> {
    list_entered(db, &filter).map(drop)
}

fn holds(db: &mut Db, filter: HoldFilter) -> Result<(), StoreError> {
    list_holds(db, &filter).map(drop)
}

fn runs(db: &mut Db, filter: RunFilter) -> Result<(), StoreError> {
    list_runs(db, &filter).map(drop)
}

/// Behind a place in a run.
fn behind() -> Paging {
    let run = Uuid::nil().simple();
    Paging { cursor: Some(format!("1772344800000000~{run}~7~recorded")), limit: 50 }
}

const KIM: PersonId = Uuid::nil();

fn text(word: &str) -> Option<String> {
    Some(word.to_owned())
}

/// Every list of what is asked over all batches, by each of its filters.
// tidy: a table
const LISTS: &[List] = &[
    ("entries", |db| entered(db, EnteredFilter::default())),
    ("entries, next part", |db| {
        entered(db, EnteredFilter { paging: behind(), ..EnteredFilter::default() })
    }),
    ("entries of a batch", |db| {
        entered(db, EnteredFilter { run: Some(KIM), ..EnteredFilter::default() })
    }),
    ("entries of a batch, next part", |db| {
        entered(db, EnteredFilter { run: Some(KIM), paging: behind(), ..EnteredFilter::default() })
    }),
    ("entries of a product", |db| {
        entered(db, EnteredFilter { product: text("BUFFERS"), ..EnteredFilter::default() })
    }),
    ("entries within a scope", |db| {
        entered(
            db,
            EnteredFilter {
                within: Some(["A".into(), "B".into()].into()),
                ..EnteredFilter::default()
            },
        )
    }),
    ("entries by person", |db| {
        entered(db, EnteredFilter { person: Some(KIM), ..EnteredFilter::default() })
    }),
    ("entries by person, next part", |db| {
        entered(
            db,
            EnteredFilter { person: Some(KIM), paging: behind(), ..EnteredFilter::default() },
        )
    }),
    ("entries by parameter", |db| {
        entered(db, EnteredFilter { parameter: text("01.1/weight"), ..EnteredFilter::default() })
    }),
    ("entries by parameter, next part", |db| {
        entered(
            db,
            EnteredFilter {
                parameter: text("01.1/weight"),
                paging: behind(),
                ..EnteredFilter::default()
            },
        )
    }),
    ("corrections", |db| {
        entered(db, EnteredFilter { sort: text("corrected"), ..EnteredFilter::default() })
    }),
    ("corrections, next part", |db| {
        entered(
            db,
            EnteredFilter { sort: text("corrected"), paging: behind(), ..EnteredFilter::default() },
        )
    }),
    ("corrections by somebody", |db| {
        entered(
            db,
            EnteredFilter {
                sort: text("corrected"),
                person: Some(KIM),
                ..EnteredFilter::default()
            },
        )
    }),
    ("slips", |db| entered(db, EnteredFilter { code: text("slip"), ..EnteredFilter::default() })),
    ("attempts", |db| {
        entered(db, EnteredFilter { sort: text("attempted"), ..EnteredFilter::default() })
    }),
    ("outside acceptance", |db| {
        entered(db, EnteredFilter { lies: text("outside-acceptance"), ..EnteredFilter::default() })
    }),
    ("within", |db| {
        entered(db, EnteredFilter { lies: text("within"), ..EnteredFilter::default() })
    }),
    ("late", |db| entered(db, EnteredFilter { late: Some(true), ..EnteredFilter::default() })),
    ("late of a parameter", |db| {
        entered(
            db,
            EnteredFilter {
                late: Some(true),
                parameter: text("01.1/weight"),
                ..EnteredFilter::default()
            },
        )
    }),
    ("in time", |db| entered(db, EnteredFilter { late: Some(false), ..EnteredFilter::default() })),
    ("from devices", |db| {
        entered(db, EnteredFilter { source: text("device"), ..EnteredFilter::default() })
    }),
    ("typed", |db| {
        entered(db, EnteredFilter { source: text("typed"), ..EnteredFilter::default() })
    }),
    ("what counts", |db| {
        entered(db, EnteredFilter { counts: Some(true), ..EnteredFilter::default() })
    }),
    ("recorded between", |db| {
        entered(db, EnteredFilter { from: Some(1), to: Some(2), ..EnteredFilter::default() })
    }),
    ("performed between", |db| {
        entered(
            db,
            EnteredFilter {
                performed_from: Some(1),
                performed_to: Some(2),
                ..EnteredFilter::default()
            },
        )
    }),
    ("holds", |db| holds(db, HoldFilter::default())),
    ("holds, next part", |db| {
        holds(
            db,
            HoldFilter {
                paging: Paging {
                    cursor: Some(format!("1~{}~7~", Uuid::nil().simple())),
                    limit: 50,
                },
                ..HoldFilter::default()
            },
        )
    }),
    ("holds that stand", |db| {
        holds(db, HoldFilter { standing: Some(true), ..HoldFilter::default() })
    }),
    ("holds of a batch", |db| holds(db, HoldFilter { run: Some(KIM), ..HoldFilter::default() })),
    ("holds of a product", |db| {
        holds(db, HoldFilter { product: text("BUFFERS"), ..HoldFilter::default() })
    }),
    ("holds placed between", |db| {
        holds(db, HoldFilter { from: Some(1), to: Some(2), ..HoldFilter::default() })
    }),
    ("runs that are not over", |db| unfinished_runs(db).map(drop)),
    ("batches", |db| runs(db, RunFilter::default())),
    ("batches for production", |db| {
        runs(db, RunFilter { purpose: text("production"), ..RunFilter::default() })
    }),
    ("running batches", |db| {
        runs(db, RunFilter { phase: text("running"), ..RunFilter::default() })
    }),
    ("persons", |db| list_persons(db, &Paging::default()).map(drop)),
];

/// The statements that a list sends, without their values.
fn sent(world: &World, (_, list): &List) -> Vec<String> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&heard);
    let listen = move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let query = query.to_string();
            let query = query.split(" -- binds").next().unwrap_or_default().to_owned();
            listener.lock().unwrap_or_else(PoisonError::into_inner).push(query);
        }
    };
    let asked = world.store.read(|db| {
        match db {
            Db::Sqlite(conn) => conn.set_instrumentation(listen),
            Db::Postgres(conn) => conn.set_instrumentation(listen),
        }
        let asked = list(db);
        match db {
            Db::Sqlite(conn) => conn.set_instrumentation(get_default_instrumentation()),
            Db::Postgres(conn) => conn.set_instrumentation(get_default_instrumentation()),
        }
        asked
    });
    asked.expect("the list is answered");
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    heard.iter().filter(|query| query.starts_with("SELECT")).cloned().collect()
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How an engine would read it. PostgreSQL is told to take an index wherever one serves.
fn plan(world: &World, query: &str) -> Vec<String> {
    let planned = world.store.read(|db| match db {
        Db::Sqlite(conn) => {
            let explain = diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}"));
            let lines: Vec<Detail> = explain.load(conn)?;
            Ok(lines.into_iter().map(|line| line.detail).collect())
        }
        Db::Postgres(conn) => {
            let values = (1..100).take_while(|n| query.contains(&format!("${n}"))).count();
            let values = vec!["NULL"; values].join(", ");
            let execute =
                if values.is_empty() { "asked".into() } else { format!("asked({values})") };
            diesel::connection::SimpleConnection::batch_execute(
                conn,
                &format!(
                    "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off;
                     SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off;
                     SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
                     PREPARE asked AS {query}"
                ),
            )?;
            let explain = diesel::dsl::sql::<Text>(&format!("EXPLAIN EXECUTE {execute}"));
            let lines: Vec<String> = explain.load(conn)?;
            diesel::connection::SimpleConnection::batch_execute(conn, "DEALLOCATE asked")?;
            Ok(lines)
        }
    });
    planned.expect("a plan")
}

/// What of a plan reads a whole table, or sorts what it has read.
pub fn slow(engine: Engine, plan: &[String]) -> Vec<String> {
    let is_slow = |line: &&String| match engine {
        Engine::Sqlite => {
            let scans = line.starts_with("SCAN ") && !line.contains("INDEX");
            line.contains("USE TEMP B-TREE") || scans
        }
        Engine::Postgres => line.contains("Seq Scan") || line.contains("Sort"),
    };
    plan.iter().filter(is_slow).cloned().collect()
}

/// Holds these lists against the plans of each engine at hand.
pub fn hold(lists: &[List]) {
    for engine in engines() {
        let world = World::found(engine);
        for list in lists {
            let queries = sent(&world, list);
            assert!(!queries.is_empty(), "{}: nothing was asked", list.0);
            for query in queries {
                let plan = plan(&world, &query);
                let slow = slow(engine, &plan);
                assert!(slow.is_empty(), "{}: {slow:?} in {plan:#?} of {query}", list.0);
            }
        }
    }
}

// finding: R17
#[test]
fn every_list_is_read_in_the_order_of_an_index() {
    hold(LISTS);
}

/// The test can fail: a question without an index is found slow on each engine.
#[test]
fn a_list_without_an_index_is_found_slow() {
    let query = "SELECT * FROM runs WHERE product = 'X' ORDER BY completed_at";
    for engine in engines() {
        let world = World::found(engine);
        assert!(!slow(engine, &plan(&world, query)).is_empty(), "{engine:?}");
    }
}
