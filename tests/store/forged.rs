//! Rows and heads of the log by somebody without the log key: found by the next commit, a restart, another
//! node and `verify`, on each engine, and nothing is written over them.

use super::forger::{BEHIND, attempt_behind, entry_behind, unguarded};
use super::world::{Engine, World, done, on_each, write};
use batchwright::app::site::{Restored, restore};
use batchwright::seal::verify::{Code, Report};
use batchwright::store::trail;
use batchwright::store::verify::verify;
use batchwright::store::{
    Attempt, AuditFilter, OpenOptions, Outcome, Store, StoreError, Submission,
};

fn rename(world: &World, store: &Store) -> Outcome {
    let event = world.renamed("Kim Larsen", "Kim X");
    store.submit(Submission::by(write(vec![event]), world.kim, None)).wait()
}

/// The store is not ready, refuses every order with the table in question, and writes nothing.
fn refuses(world: &World, store: &Store, table: &str) {
    let rows = |world: &World| {
        world
            .count("SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM access_log) AS n")
    };
    let before = rows(world);
    for _ in 0..2 {
        match rename(world, store) {
            Outcome::Failed(StoreError::Log(fault)) => {
                assert_eq!(fault.table, table, "{fault}");
                assert!(fault.to_string().contains(&fault.row), "{fault}");
            }
            other => panic!("{table}: {other:?}"),
        }
        let told = store.ready().expect_err("not ready").to_string();
        assert!(told.contains(table), "{told}");
        assert!(store.note(Attempt::default()).is_err());
    }
    assert_eq!(rows(world), before, "something was written");
}

fn report(world: &World) -> Report {
    verify(&world.url, None, None).expect("can be read")
}

fn reopened(world: &World) -> Store {
    Store::open(World::options(&world.url, &world.clock)).expect("opens for questions")
}

// shows: P11-10a.c, P11-10e2.d, T13.a
#[test]
fn a_row_behind_the_head_is_found_by_the_next_commit_a_restart_another_node_and_verify() {
    for (sealed, table) in
        [(true, "journal"), (false, "journal"), (true, "access_log"), (false, "access_log")]
    {
        let forge = |world: &World| {
            let sql = match table {
                "journal" => entry_behind(world, sealed),
                _ => attempt_behind(world, sealed),
            };
            world.sql(&sql).expect("whoever owns the database can append");
        };
        on_each(|world| {
            forge(world);
            refuses(world, &world.store, table);
            let found = report(world);
            let named = |f: &&batchwright::seal::verify::Finding| {
                f.code == Code::RowForged && f.table == table && f.row.is_some()
            };
            assert!(found.findings.iter().any(|f| named(&f)), "{:#?}", found.findings);
            world.store.shutdown().expect("ends");
            let again = reopened(world);
            refuses(world, &again, table);
            again.shutdown().expect("ends");
        });
        // Before another node takes the lane, and while none runs.
        on_each(|world| {
            let other = reopened(world);
            done(rename(world, &other));
            forge(world);
            refuses(world, &world.store, table);
            refuses(world, &other, table);
            other.shutdown().expect("ends");
            world.store.shutdown().expect("ends");
            let again = reopened(world);
            refuses(world, &again, table);
            again.shutdown().expect("ends");
        });
    }
}

#[test]
fn a_row_far_behind_the_head_and_one_before_its_beginning_are_found() {
    on_each(|world| {
        let far = entry_behind(world, true).replace(BEHIND, "1000000");
        world.sql(&far).expect("appended");
        refuses(world, &world.store, "journal");
        let found = report(world);
        assert!(found.has(Code::RowForged), "{:#?}", found.findings);
    });
}

/// Ways to change the head, each with what `verify` calls it.
const CHANGES: [(&str, Code); 6] = [
    ("UPDATE log_head SET size = size + 1", Code::ColumnDiffers),
    ("UPDATE log_head SET at = at + 1", Code::ColumnDiffers),
    ("UPDATE log_head SET checkpoint = checkpoint + 1", Code::ColumnDiffers),
    ("UPDATE log_head SET root = (SELECT link FROM journal WHERE leaf = 0)", Code::ColumnDiffers),
    ("UPDATE log_head SET note = replace(note, 'time 2', 'time 1')", Code::HeadForged),
    ("DELETE FROM log_head", Code::HeadMissing),
];

// shows: P11-10e2.d, T13.a
#[test]
fn a_changed_head_is_found_by_the_next_commit_a_restart_and_verify() {
    on_each(|world| {
        world.store.checkpoint_now().expect("covers");
        world.sql("CREATE TABLE sound AS SELECT * FROM log_head").expect("kept");
        let mut changes = CHANGES.to_vec();
        changes.push(("UPDATE log_head SET frontier = root", Code::ColumnDiffers));
        // A log of one leaf, or a power of two of them, has its root for its frontier.
        let leaves = world.count("SELECT size AS n FROM log_head");
        assert!(!u64::try_from(leaves).expect("leaves").is_power_of_two());
        for (change, code) in changes {
            world.sql(change).expect(change);
            let found = report(world);
            assert!(found.has(code), "{change}: {:#?}", found.findings);
            let table =
                |fault: &str| if fault.contains("table journal") { "journal" } else { "log_head" };
            let told = match rename(world, &world.store) {
                Outcome::Failed(StoreError::Log(fault)) => fault.to_string(),
                other => panic!("{change}: {other:?}"),
            };
            refuses(world, &world.store, table(&told));
            world.store.shutdown().expect("ends");
            let again = reopened(world);
            refuses(world, &again, table(&told));
            again.shutdown().expect("ends");
            world
                .sql("DELETE FROM log_head; INSERT INTO log_head SELECT * FROM sound")
                .expect("mended");
            world.store = reopened(world);
            world.store.ready().expect("sound again");
        }
        world.sql("DROP TABLE sound").expect("dropped");
        done(rename(world, &world.store));
        super::rows::whole(world);
    });
}

const PUT_BACK: &str = "DELETE FROM log_head; INSERT INTO log_head SELECT * FROM older";
const CUT: &str = "DELETE FROM journal WHERE leaf >= (SELECT size FROM older);
    DELETE FROM access_log WHERE leaf >= (SELECT size FROM older);
    DELETE FROM checkpoints WHERE number > (SELECT checkpoint FROM older)";

// shows: P11-10a.b, P11-10e2.d
#[test]
fn a_head_put_back_is_found_with_its_rows_left_and_with_them_cut() {
    on_each(|world| {
        world.store.checkpoint_now().expect("covers");
        world.sql("CREATE TABLE older AS SELECT * FROM log_head").expect("kept");
        done(rename(world, &world.store));
        world.store.checkpoint_now().expect("covers");
        // Left: the rows stand behind the head.
        world.sql(PUT_BACK).expect("put back");
        refuses(world, &world.store, "journal");
        assert!(report(world).has(Code::RowForged));
        world.store.shutdown().expect("ends");
        let again = reopened(world);
        refuses(world, &again, "journal");
        again.shutdown().expect("ends");
    });
    on_each(|world| {
        world.sql("CREATE TABLE older AS SELECT * FROM log_head").expect("kept");
        done(rename(world, &world.store));
        // Cut: the lane that runs knows more leaves.
        unguarded(world, &format!("{CUT}; {PUT_BACK}"));
        refuses(world, &world.store, "log_head");
        // And so does a checkpoint kept elsewhere.
        done_elsewhere(world);
    });
}

/// A checkpoint over more leaves than the log has now, signed by the site's key.
fn done_elsewhere(world: &World) {
    let key =
        super::world::site_keys().into_iter().find(|(p, _)| p.word() == "log").expect("one").1;
    let kept = batchwright::seal::checkpoint::Checkpoint::sign(
        "test.example/log",
        1,
        1000,
        [1; 32],
        super::world::START.0,
        &key,
    );
    let found = verify(&world.url, Some(&kept.expect("signed").note), None).expect("readable");
    assert!(found.has(Code::KeptCheckpointDiffers), "{:#?}", found.findings);
}

// shows: P11-10e2.d
#[test]
fn a_database_older_than_the_head_beside_the_key_is_refused_until_it_is_accepted_with_a_reason() {
    on_each(|world| {
        let file = world.dir.join("log.head");
        let options = OpenOptions {
            head_file: Some(file.clone()),
            ..World::options(&world.url, &world.clock)
        };
        world.store.shutdown().expect("ends");
        let store = Store::open(options.clone()).expect("opens");
        world.sql("CREATE TABLE older AS SELECT * FROM log_head").expect("kept");
        done(rename(world, &store));
        store.shutdown().expect("ends");
        let kept = std::fs::read_to_string(&file).expect("kept at the end");
        assert_eq!(restore(options.clone(), "why").expect("asked"), Restored::NotNeeded);
        // The same size under another root is refused as well.
        let newest = world.count("SELECT size AS n FROM log_head");
        unguarded(world, &format!("{CUT}; {PUT_BACK}; DROP TABLE older"));
        for _ in 0..2 {
            match Store::open(options.clone()).err() {
                Some(StoreError::Log(fault)) => {
                    assert!(fault.older, "{fault}");
                    assert!(fault.to_string().contains("batchwright restore"), "{fault}");
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(std::fs::read_to_string(&file).expect("still kept"), kept);
        let again = restore(options.clone(), "the disk of 3 March died").expect("accepted");
        let Restored::From(leaves) = again else { panic!("{again:?}") };
        assert!(i64::try_from(leaves).expect("leaves") < newest);
        let store = Store::open(options).expect("opens");
        store.ready().expect("ready");
        let filter =
            AuditFilter { actions: vec!["site.restored".into()], ..AuditFilter::default() };
        let told = store.read(|conn| trail::audit(conn, &filter)).expect("the trail").items;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].data["reason"], "the disk of 3 March died");
        assert_eq!(told[0].data["was"], newest);
        assert_eq!(told[0].data["is"], leaves);
        store.shutdown().expect("ends");
    });
}

#[test]
fn another_log_of_the_same_size_is_refused_and_an_unreadable_head_too() {
    let world = World::found(Engine::Sqlite);
    let twin = World::found(Engine::Sqlite);
    let (file, clock) = (world.dir.join("log.head"), world.clock.clone());
    let options =
        |url: &str| OpenOptions { head_file: Some(file.clone()), ..World::options(url, &clock) };
    world.store.shutdown().expect("ends");
    Store::open(options(&world.url)).expect("opens").shutdown().expect("ends");
    twin.store.shutdown().expect("ends");
    match Store::open(options(&twin.url)).err() {
        Some(StoreError::Log(fault)) => assert!(fault.older, "{fault}"),
        other => panic!("{other:?}"),
    }
    std::fs::write(&file, "rubbish").expect("written");
    let refused = Store::open(options(&world.url)).err().expect("refused").to_string();
    assert!(refused.contains("batchwright restore"), "{refused}");
}

// shows: P11-10e2.d, T14.b
#[test]
fn renumbered_swapped_and_missing_rows_are_found_by_verify() {
    let move_to =
        |leaf: i64, to: i64| format!("UPDATE journal SET leaf = {to} WHERE leaf = {leaf}");
    let changes = [
        (vec![move_to(2, 5000), move_to(3, 2), move_to(5000, 3)], Code::TreeDiffers),
        (vec![move_to(2, 900)], Code::LeafMissing),
        (vec!["DELETE FROM journal WHERE leaf = 2".to_owned()], Code::LeafMissing),
        (
            vec![
                "UPDATE checkpoints SET number = -1 WHERE number = 1".to_owned(),
                "UPDATE checkpoints SET number = 1 WHERE number = 2".to_owned(),
                "UPDATE checkpoints SET number = 2 WHERE number = -1".to_owned(),
            ],
            Code::ColumnDiffers,
        ),
    ];
    for (change, code) in changes {
        on_each(|world| {
            for _ in 0..2 {
                done(rename(world, &world.store));
                world.store.checkpoint_now().expect("covers");
            }
            world.store.shutdown().expect("ends");
            unguarded(world, &change.join("; "));
            let found = report(world);
            assert!(found.has(code), "{change:?}: {:#?}", found.findings);
        });
    }
}
