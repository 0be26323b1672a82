//! The log: a head over everything that was written, checkpoints in order and without gaps.

use super::world::{Engine, World, done, on_each, write};
use batchwright::domain::ids::{Key, RecordKey, RecordKind};
use batchwright::seal::checkpoint::Checkpoint;
use batchwright::seal::site::KeyUse;
use batchwright::store::{Attempt, OpenOptions, Outcome, Store, Submission};
use std::time::{Duration, Instant};

#[test]
fn checkpoints_are_numbered_without_gaps_and_cover_entries_and_access_rows() {
    on_each(|world| {
        for n in 0..4 {
            done(world.kim_does(vec![world.renamed("Kim Larsen", &format!("Kim {n}"))]));
            let attempt = Attempt {
                what: "sign-in".into(),
                outcome: "failed".into(),
                user_name: Some("k\0im".into()),
                ..Attempt::default()
            };
            world.store.note(attempt).expect("noted");
            let made = world.store.checkpoint_now().expect("covers").expect("signed");
            let again = world.store.checkpoint_now().expect("covers").expect("is there");
            assert_eq!(made, again, "nothing new, no new checkpoint");
        }
        let one = "SELECT count(*) AS n FROM";
        let written =
            world.count(&format!("{one} journal")) + world.count(&format!("{one} access_log"));
        assert_eq!(world.count("SELECT size AS n FROM log_head"), written);
        let newest = world.store.newest_checkpoint().expect("read").expect("is there");
        assert_eq!(i64::try_from(newest.size), Ok(written));
        let log = super::world::site_keys().into_iter().find(|(p, _)| *p == KeyUse::Log);
        let public = log.expect("a log key").1.public();
        Checkpoint::open(&newest.note, "test.example/log", &[public]).expect("it stands");
        let last = world.count("SELECT max(number) AS n FROM checkpoints");
        assert_eq!(world.count(&format!("{one} checkpoints")), last);
    });
}

#[test]
fn an_entry_is_in_the_log_when_it_is_answered_and_a_start_covers_what_was_left() {
    on_each(|world| {
        world.store.shutdown().expect("ends");
        let slow = OpenOptions {
            checkpoint_every: Duration::from_secs(10),
            ..World::options(&world.url, &world.clock)
        };
        // As a process that is killed: it never makes its last checkpoint.
        let store = std::mem::ManuallyDrop::new(Store::open(slow).expect("opens"));
        store.checkpoint_now().expect("covers");
        let covered = world.count("SELECT max(size) AS n FROM checkpoints");
        for n in 0..3 {
            let event = world.renamed("Kim Larsen", &format!("Kim {n}"));
            let before = world.count("SELECT size AS n FROM log_head");
            done(store.submit(Submission::by(write(vec![event]), world.kim, None)).wait());
            assert_eq!(world.count("SELECT size AS n FROM log_head"), before + 1);
        }
        assert_eq!(world.count("SELECT max(size) AS n FROM checkpoints"), covered);
        world.store = Store::open(World::options(&world.url, &world.clock)).expect("opens again");
        let patience = Instant::now() + Duration::from_secs(10);
        while world.count("SELECT max(size) AS n FROM checkpoints") < covered + 3 {
            assert!(Instant::now() < patience, "nothing covers what was left");
            std::thread::sleep(Duration::from_millis(50));
        }
        super::rows::whole(world);
    });
}

#[test]
fn without_the_log_key_nothing_is_written_and_everything_is_read() {
    on_each(|world| {
        world.store.shutdown().expect("ends");
        let keyless = OpenOptions { log_signer: None, ..World::options(&world.url, &world.clock) };
        let store = Store::open(keyless).expect("opens");
        let event = world.renamed("Kim Larsen", "Kim K");
        let command = Submission::by(write(vec![event]), world.kim, None);
        match store.submit(command).wait() {
            Outcome::Failed(fault) => assert!(fault.to_string().contains("log key"), "{fault}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(store.checkpoint_now().expect("no fault"), None);
        let kim = Key::Id(RecordKey::new(RecordKind::Person, world.kim));
        assert!(store.state(&kim).expect("read").is_some());
        store.shutdown().expect("ends");
        super::rows::whole(world);
    });
}

#[test]
fn the_newest_note_is_kept_beside_and_the_newest_head_beside_the_key() {
    let file = std::env::temp_dir().join(format!("checkpoint-{}", uuid::Uuid::now_v7()));
    let head = file.with_extension("head");
    let (keep, beside) = (file.clone(), head.clone());
    let world = World::found_with(Engine::Sqlite, move |options| {
        options.checkpoint_file = Some(keep.clone());
        options.head_file = Some(beside.clone());
        options.checkpoint_every = Duration::from_secs(10);
    });
    let event = world.renamed("Kim Larsen", "Kim H");
    done(world.store.submit(Submission::by(write(vec![event]), world.kim, None)).wait());
    let newest = world.store.checkpoint_now().expect("covers").expect("is there");
    let entries = world.count("SELECT count(*) AS n FROM journal");
    assert_eq!(i64::try_from(newest.size), Ok(entries));
    assert_eq!(std::fs::read_to_string(&file).expect("the note"), newest.note);
    // The head follows within a second or so of a commit, also without a checkpoint.
    done(world.kim_does(vec![world.renamed("Kim H", "Kim I")]));
    let patience = Instant::now() + Duration::from_secs(10);
    let line = format!("\n{}\n", entries + 1);
    let kept = || std::fs::read_to_string(&head).is_ok_and(|text| text.contains(&line));
    while !kept() {
        assert!(Instant::now() < patience, "the head is not kept");
        std::thread::sleep(Duration::from_millis(50));
    }
    std::fs::remove_file(&file).expect("removed");
    std::fs::remove_file(&head).expect("removed");
}

// shows: T14.a
#[test]
fn two_processes_on_one_database_never_fork_a_chain_or_the_log() {
    on_each(|world| {
        let other = Store::open(World::options(&world.url, &world.clock)).expect("opens");
        let send = |store: &Store, n: usize| {
            let event = world.renamed("Kim Larsen", &format!("Kim {n}"));
            store.submit(Submission::by(write(vec![event]), world.kim, None))
        };
        let mut pending = Vec::new();
        for n in 0..60 {
            pending.push(send(if n % 2 == 0 { &world.store } else { &other }, n));
            if n % 10 == 0 {
                world.store.checkpoint_now().expect("covers");
                other.checkpoint_now().expect("covers");
            }
        }
        for one in pending {
            done(one.wait());
        }
        other.checkpoint_now().expect("covers");
        let newest = world.store.checkpoint_now().expect("covers").expect("signed");
        other.shutdown().expect("ends");
        let entries = world.count("SELECT count(*) AS n FROM journal");
        assert_eq!(entries, 65);
        assert_eq!(i64::try_from(newest.size), Ok(entries));
        let highest = world.count("SELECT max(seq) AS n FROM journal WHERE record_kind = 'person'");
        assert_eq!(highest, 63);
        super::rows::whole(world);
    });
}
