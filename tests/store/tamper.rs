//! Somebody with a database tool changes a copy; `verify` finds it, column by column, row by row.

use super::rows::whole;
use super::run::{corrected, event, issue, recorded, started};
use super::world::{Engine, World, done, on_each, write};
use batchwright::domain::signing::Meaning;
use batchwright::seal::verify::Report;
use batchwright::store::noun::TABLES;
use batchwright::store::schema::{APPEND_ONLY, LOG_HEAD};
use batchwright::store::verify::verify;
use batchwright::store::{Attempt, Submission};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    pk: i64,
}

/// A site with a row in every table that is evidence, covered by a checkpoint.
fn lived_in(world: &World) {
    let run = issue(world, &["B-1"])[0];
    done(world.kim_does(vec![started(run, 1), recorded(run, 1, "0.272"), started(run, 2)]));
    done(world.kim_does(vec![corrected(run, 1, 2, "0.270"), recorded(run, 2, "0.271")]));
    let opened = json!({"no": 1, "kind": "event", "severity": "minor", "effect": "continue",
        "at": null, "detail": "a bag was scratched"});
    let hold = json!({"no": 1, "scope": {"kind": "run"}, "reason": "wait",
        "lifted_by_authority": "supervise"});
    done(world.kim_does(vec![
        event(run, "run.exception-opened", opened),
        event(run, "run.hold-placed", hold),
    ]));
    let ids = [uuid::Uuid::now_v7(), uuid::Uuid::now_v7()];
    use batchwright::domain::ids::{RecordKey, RecordKind};
    let lot = RecordKey::new(RecordKind::Lot, ids[0]);
    let deviation = RecordKey::new(RecordKind::Deviation, ids[1]);
    let yielded = json!({"number": "L-1", "run": run, "run_number": "B-1", "output": "buffer",
        "class": "product", "material": "buffer",
        "quantity": {"value": "99.50", "unit": "L"}, "parents": [], "product": "BUFFERS"});
    let opened = json!({"number": "DEV-1", "title": "scratch", "class": "minor", "run": run,
        "run_number": "B-1", "exceptions": [1]});
    done(world.kim_does(vec![event(lot, "lot.yielded", yielded)]));
    done(world.kim_does(vec![event(deviation, "deviation.opened", opened)]));
    // Released, and questioned by what was corrected since.
    let link = json!({"record": lot, "number": "L-1", "output": "buffer", "class": "product",
        "material": "buffer", "quantity": {"value": "99.50", "unit": "L"}, "parents": []});
    let released = json!({"lot": "L-1", "disposition": "released", "lot_seq": 2});
    done(world.kim_does(vec![event(run, "run.lot-yielded", link)]));
    done(world.kim_does(vec![event(run, "run.lot-decided", released)]));
    done(world.kim_does(vec![corrected(run, 1, 3, "0.271")]));
    let foreign = json!({"lot": "NA-1", "supplier": "Salt works", "document": "QC-IN-77",
        "accepted": true});
    let mut decided = event(run, "run.foreign-lot-decided", foreign);
    decided.signatures = vec![world.signature(Meaning::Approved)];
    let submission = Submission::by(write(vec![decided]), world.kim, None);
    done(world.store.submit(Submission { keys: vec![world.unlocked()], ..submission }).wait());
    for outcome in ["failed", "allowed"] {
        let attempt = Attempt {
            what: "sign-in".into(),
            user_name: Some("kim".into()),
            person: Some(world.kim),
            outcome: outcome.into(),
            code: Some("sign-in-refused".into()),
            ..Attempt::default()
        };
        world.store.note(attempt).expect("noted");
        world.store.checkpoint_now().expect("covers").expect("signed");
    }
    whole(world);
}

/// A copy of the database with its triggers taken off and put on again around the change.
struct Copies {
    original: PathBuf,
    copy: PathBuf,
    triggers: Vec<String>,
}

impl Copies {
    fn of(world: &World) -> Self {
        let original = world.dir.join("original.sqlite");
        world.store.copy_to(&original).expect("a copy");
        let copy = world.dir.join("changed.sqlite");
        let mut conn = open(&original);
        let sql = "SELECT sql AS text FROM sqlite_master WHERE type = 'trigger'";
        let lines: Vec<Line> = diesel::sql_query(sql).load(&mut conn).expect("the triggers");
        let triggers = lines.into_iter().map(|l| l.text).collect();
        Self { original, copy, triggers }
    }

    /// The same original with a copy of its own.
    fn beside(&self, hand: usize) -> Self {
        let copy = self.copy.with_extension(format!("{hand}.sqlite"));
        Self { original: self.original.clone(), copy, triggers: self.triggers.clone() }
    }

    /// What verification says of a changed copy.
    fn changed(&self, change: &str) -> Report {
        self.tried(change).unwrap_or_else(|e| panic!("{change}: {e}"))
    }

    /// The same, or why even without triggers the engine refuses the change.
    fn tried(&self, change: &str) -> Result<Report, String> {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", self.copy.display()));
        }
        std::fs::copy(&self.original, &self.copy).expect("a copy");
        let mut conn = open(&self.copy);
        conn.batch_execute("PRAGMA ignore_check_constraints = ON").expect("a pragma");
        for name in trigger_names(&mut conn) {
            conn.batch_execute(&format!("DROP TRIGGER {name}")).expect("dropped");
        }
        conn.batch_execute(change).map_err(|e| e.to_string())?;
        for trigger in &self.triggers {
            conn.batch_execute(trigger).expect("made again");
        }
        drop(conn);
        let url = format!("sqlite:{}", self.copy.display());
        Ok(verify(&url, None, None).expect("can be read"))
    }
}

fn trigger_names(conn: &mut SqliteConnection) -> Vec<String> {
    let sql = "SELECT name AS text FROM sqlite_master WHERE type = 'trigger'";
    let lines: Vec<Line> = diesel::sql_query(sql).load(conn).expect("the names");
    lines.into_iter().map(|line| line.text).collect()
}

fn open(file: &Path) -> SqliteConnection {
    SqliteConnection::establish(&file.display().to_string()).expect("the file")
}

/// New values for a column: each differs from the old one in a byte, a type or by being there.
fn mutants(column: &Column) -> Vec<String> {
    let name = &column.name;
    match column.kind.as_str() {
        "TEXT" => vec![
            format!("CASE WHEN {name} IS NULL THEN 'x' ELSE {name} || ' ' END"),
            format!("CASE WHEN {name} IS NULL THEN '' ELSE '~' || substr({name}, 2) END"),
        ],
        "BLOB" => vec![
            format!(
                "CASE WHEN {name} IS NULL THEN zeroblob(16) ELSE CAST(substr({name}, 1, length({name}) - 1) || CASE WHEN hex(substr({name}, -1)) = '41' THEN X'42' ELSE X'41' END AS BLOB) END"
            ),
            format!("CASE WHEN {name} IS NULL THEN X'00' ELSE CAST({name} || X'41' AS BLOB) END"),
        ],
        _ => vec![
            format!("CASE WHEN {name} IS NULL THEN 0 ELSE {name} + 1 END"),
            format!("CASE WHEN {name} IS NULL THEN 0.5 ELSE {name} + 0.5 END"),
        ],
    }
}

/// Every change to be tried. One new value a column, another for each next column; with
/// `BATCHWRIGHT_TEST_EVERY_ROW` all of them in the first, the middle and the last row (minutes).
fn changes(world: &World, conn: &mut SqliteConnection) -> Vec<String> {
    let every_row = std::env::var("BATCHWRIGHT_TEST_EVERY_ROW").is_ok();
    let mut changes = Vec::new();
    let derived: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    for table in APPEND_ONLY.iter().chain([&LOG_HEAD]).chain(&derived) {
        let sql = format!("SELECT name, type AS kind, pk FROM pragma_table_info('{table}')");
        let columns: Vec<Column> = diesel::sql_query(sql).load(conn).expect("the columns");
        let key: Vec<&str> = columns.iter().filter(|c| c.pk > 0).map(|c| c.name.as_str()).collect();
        let key = key.join(", ");
        let rows = world.count(&format!("SELECT count(*) AS n FROM {table}"));
        assert!(rows > 0, "{table} is empty: nothing is shown of it");
        for row in if every_row { vec![0, rows / 2, rows - 1] } else { vec![rows / 2] } {
            let place = format!(
                "({key}) IN (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {row})"
            );
            changes.push(format!("DELETE FROM {table} WHERE {place}"));
            for (n, column) in columns.iter().enumerate() {
                let values = mutants(column).into_iter().enumerate();
                let chosen = values.filter(|(m, _)| every_row || m % 2 == n % 2);
                changes.extend(chosen.map(|(_, value)| {
                    format!("UPDATE {table} SET {} = {value} WHERE {place}", column.name)
                }));
            }
        }
    }
    changes
}

// shows: P11-10a.a, P11-10e2.d
#[test]
fn every_changed_column_of_every_evidence_table_is_found() {
    let world = World::found(Engine::Sqlite);
    lived_in(&world);
    let copies = Copies::of(&world);
    let changes = changes(&world, &mut open(&copies.original));
    let halves: Vec<&[String]> = changes.chunks(changes.len().div_ceil(2)).collect();
    let unseen: Vec<String> = std::thread::scope(|scope| {
        let hands: Vec<_> = halves
            .iter()
            .enumerate()
            .map(|(hand, changes)| {
                let copies = copies.beside(hand);
                let is_unseen = move |change: &&String| {
                    // A change against a UNIQUE constraint is refused by the engine itself.
                    copies.tried(change).is_ok_and(|report| report.is_whole())
                };
                scope.spawn(move || {
                    changes.iter().filter(is_unseen).cloned().collect::<Vec<String>>()
                })
            })
            .collect();
        hands.into_iter().flat_map(|hand| hand.join().expect("a hand")).collect()
    });
    let tried = changes.len();
    assert!(unseen.is_empty(), "{} of {tried} not found: {unseen:#?}", unseen.len());
}

// shows: P11-10a.a, P11-10e2.d
#[test]
fn the_same_bytes_in_another_class_are_found() {
    let world = World::found(Engine::Sqlite);
    lived_in(&world);
    let copies = Copies::of(&world);
    for (table, column, class) in [
        ("journal", "body", "BLOB"),
        ("journal", "event", "BLOB"),
        ("access_log", "row", "BLOB"),
        ("checkpoints", "note", "BLOB"),
        ("log_head", "note", "BLOB"),
        ("blobs", "bytes", "TEXT"),
        ("runs", "product", "BLOB"),
        ("persons", "printed_name", "BLOB"),
    ] {
        let change = format!("UPDATE {table} SET {column} = CAST({column} AS {class})");
        let report = copies.changed(&change);
        let named = |f: &batchwright::seal::verify::Finding| {
            f.table == table && f.row.is_some() && f.detail.contains(column)
        };
        assert!(report.findings.iter().any(named), "{change}: {:#?}", report.findings);
    }
}

// shows: P11-10a.b, P11-10e2.d
#[test]
fn removed_checkpoints_are_missed() {
    let world = World::found(Engine::Sqlite);
    lived_in(&world);
    let copies = Copies::of(&world);
    let last = "DELETE FROM checkpoints WHERE number = (SELECT max(number) FROM checkpoints)";
    for change in [last, "DELETE FROM checkpoints"] {
        let report = copies.changed(change);
        let missed = |f: &batchwright::seal::verify::Finding| f.detail.contains("was removed");
        assert!(report.findings.iter().any(missed), "{change}: {:#?}", report.findings);
    }
}

// shows: P11-10a.b, F3.b
#[test]
fn cut_tails_missing_triggers_and_moved_chunks_are_found() {
    let world = World::found(Engine::Sqlite);
    lived_in(&world);
    let earlier = world.dir.join("earlier.sqlite");
    world.store.copy_to(&earlier).expect("a copy");
    world.store.note(Attempt { what: "sign-in".into(), ..Attempt::default() }).expect("noted");
    world.store.checkpoint_now().expect("covers");
    let kept = world.store.newest_checkpoint().expect("read").expect("is there").note;
    let copies = Copies::of(&world);
    let cut = format!(
        "ATTACH '{}' AS earlier;
        DELETE FROM access_log WHERE leaf >= (SELECT size FROM earlier.log_head);
        DELETE FROM checkpoints WHERE number > (SELECT checkpoint FROM earlier.log_head);
        REPLACE INTO log_head SELECT * FROM earlier.log_head;
        DETACH earlier",
        earlier.display()
    );
    assert!(copies.changed(&cut).is_whole(), "an earlier state of the whole log is a whole log");
    let url = format!("sqlite:{}", copies.copy.display());
    let report = verify(&url, Some(&kept), None).expect("can be read");
    assert!(!report.is_whole(), "a checkpoint kept elsewhere finds the cut");
    let tail = "DELETE FROM journal WHERE leaf = (SELECT max(leaf) FROM journal)";
    assert!(!copies.changed(tail).is_whole());
    let chunk = "INSERT INTO blobs (hash, chunk_no, bytes) SELECT hash, 1, X'' FROM blobs";
    assert!(!copies.changed(chunk).is_whole(), "a chunk was added");
    let moved = "INSERT INTO blobs (hash, chunk_no, bytes)
            SELECT hash, 1, substr(bytes, 11) FROM blobs WHERE chunk_no = 0;
        UPDATE blobs SET bytes = substr(bytes, 1, 10) WHERE chunk_no = 0";
    assert!(!copies.changed(moved).is_whole(), "bytes were moved to another row");
    let mut conn = open(&copies.copy);
    std::fs::copy(&copies.original, &copies.copy).expect("a copy");
    for name in trigger_names(&mut open(&copies.original)) {
        std::fs::copy(&copies.original, &copies.copy).expect("a copy");
        conn = open(&copies.copy);
        conn.batch_execute(&format!("DROP TRIGGER {name}")).expect("dropped");
        let report = verify(&url, None, None).expect("can be read");
        assert_eq!(report.findings.len(), 1, "{name}");
    }
    drop(conn);
    assert!(verify("sqlite:/nowhere/at/all.sqlite", None, None).is_err());
}

// shows: P11-10e2.d
#[test]
fn a_changed_derived_value_is_named_by_batch_and_both_values() {
    on_each(|world| {
        lived_in(world);
        world.store.shutdown().expect("ends");
        let id = if world.engine == Engine::Sqlite { "X'01'" } else { "'\\x01'" };
        let change = format!(
            "UPDATE runs SET phase = 'closed'; INSERT INTO records (id, kind, number, phase) VALUES ({id}, 'run', 'B-9', 'x')"
        );
        world.sql(&change).expect("derived rows can be changed by who owns the database");
        let report = verify(&world.url, None, None).expect("can be read");
        assert_eq!(report.findings.len(), 2, "{:#?}", report.findings);
        let finding = &report.findings[0];
        assert_eq!(finding.number.as_deref(), Some("B-1"));
        assert_eq!(finding.expected.as_deref(), Some("issued"));
        assert_eq!(finding.found.as_deref(), Some("closed"));
        assert_eq!(report.findings[1].table, "records");
    });
}

// shows: P11-10a.a, P11-10e2.d, P11-50b.d, F14.b
#[test]
fn a_changed_body_is_named_by_batch_occurrence_entry_person_and_what_it_says_now() {
    let world = World::found(Engine::Sqlite);
    lived_in(&world);
    let report = Copies::of(&world).changed(
        "UPDATE journal SET body = replace(body, '0.270 kg', '0.279 kg')
         WHERE event = 'run.entry-corrected'",
    );
    let told: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    let names = |words: &[&str]| told.iter().any(|line| words.iter().all(|w| line.contains(w)));
    let words = ["body-changed", "B-1", "Kim Larsen", "01.1~1", "weight", "0.279 kg"];
    assert!(names(&words), "{told:#?}");
}
