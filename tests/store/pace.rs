//! How fast entries are recorded, beside the raw durable limit of the same machine in the same run.
//! Not judged here, because a shared machine is no measure: `cargo test --release --test store pace --
//! --ignored --nocapture` prints it.

use super::run::{issue, recorded, started};
use super::world::{Engine, World, done, write};
use batchwright::store::{ReceiptKey, Submission};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::time::Instant;

const CLIENTS: u32 = 128;
const EACH: u32 = 40;

/// Rows a second: 64 rows of an entry's size a commit, nothing else.
fn raw(world: &World) -> f64 {
    let file = world.dir.join("raw.sqlite");
    let mut conn = SqliteConnection::establish(&file.display().to_string()).expect("a file");
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE entries (id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    )
    .expect("a table");
    diesel::table! { entries (id) { id -> BigInt, body -> Text, } }
    let body = "x".repeat(1700);
    let began = Instant::now();
    let rows = CLIENTS * EACH;
    for _ in 0..rows / 64 {
        conn.batch_execute("BEGIN IMMEDIATE").expect("begun");
        for _ in 0..64 {
            let row = entries::body.eq(&body);
            diesel::insert_into(entries::table).values(row).execute(&mut conn).expect("a row");
        }
        conn.batch_execute("COMMIT").expect("durable");
    }
    f64::from(rows) / began.elapsed().as_secs_f64()
}

fn recording(world: &World, runs: usize) -> Vec<f64> {
    let numbers: Vec<String> = (0..runs).map(|n| format!("B-{n}")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let runs = issue(world, &numbers);
    let pace = |part: u32| {
        let began = Instant::now();
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                let run = runs[client as usize % runs.len()];
                scope.spawn(move || {
                    for n in 0..EACH {
                        let k = 1 + (part * EACH + n) * CLIENTS + client;
                        let events = vec![started(run, k), recorded(run, k, "0.272")];
                        let key = ReceiptKey { key: format!("{run:?} {k}"), hmac: [1; 32] };
                        let submission = Submission::by(write(events), world.kim, None);
                        let receipt = Some(key);
                        done(world.store.submit(Submission { receipt, ..submission }).wait());
                    }
                });
            }
        });
        f64::from(2 * CLIENTS * EACH) / began.elapsed().as_secs_f64()
    };
    (0..3).map(pace).collect()
}

#[test]
#[ignore = "a measurement, not a judgement"]
fn recording_beside_the_raw_limit() {
    for runs in [1, 64] {
        let world = World::found(Engine::Sqlite);
        let paces = recording(&world, runs);
        let raw = raw(&world);
        println!(
            "{runs} runs: entries/s {paces:.0?}, raw {raw:.0}/s, last part of raw {:.2}",
            paces[2] / raw
        );
    }
}
