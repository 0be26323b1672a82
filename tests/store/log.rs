//! Leaves and checkpoints: in order, without gaps, over everything that was written.

use super::world::{Engine, World, done, on_each, write};
use batchwright::seal::checkpoint::Checkpoint;
use batchwright::seal::site::KeyUse;
use batchwright::store::{Attempt, OpenOptions, Store, Submission};
use std::time::{Duration, Instant};

// shows: P11-10e1, A11D-12.3
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
        assert_eq!(world.count(&format!("{one} tree_leaves")), written);
        assert_eq!(world.count(&format!("{one} log_pending")), 0);
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
fn a_start_takes_up_what_the_last_process_left_pending() {
    on_each(|world| {
        world.store.checkpoint_now().expect("covers");
        world.store.shutdown().expect("ends");
        // Without the log key entries wait.
        let keyless = OpenOptions { log_signer: None, ..World::options(&world.url, &world.clock) };
        let store = Store::open(keyless).expect("opens");
        for n in 0..3 {
            let event = world.renamed("Kim Larsen", &format!("Kim {n}"));
            let command = Submission::by(write(vec![event]), world.kim, None);
            done(store.submit(command).wait());
        }
        assert_eq!(store.checkpoint_now().expect("no fault"), None);
        store.shutdown().expect("ends");
        assert_eq!(world.count("SELECT count(*) AS n FROM log_pending"), 3);
        world.store = Store::open(World::options(&world.url, &world.clock)).expect("opens again");
        let patience = Instant::now() + Duration::from_secs(10);
        while world.count("SELECT count(*) AS n FROM log_pending") > 0 {
            assert!(Instant::now() < patience, "nothing covers what was left");
            std::thread::sleep(Duration::from_millis(50));
        }
        let leaves = world.count("SELECT count(*) AS n FROM tree_leaves");
        assert_eq!(leaves, world.count("SELECT count(*) AS n FROM journal"));
    });
}

#[test]
fn an_answer_that_waits_for_a_checkpoint_comes_covered_and_the_note_is_kept_beside() {
    let file = std::env::temp_dir().join(format!("checkpoint-{}", uuid::Uuid::now_v7()));
    let keep = file.clone();
    let world = World::found_with(Engine::Sqlite, move |options| {
        options.checkpoint_file = Some(keep.clone());
        options.checkpoint_every = Duration::from_secs(10);
    });
    let event = world.renamed("Kim Larsen", "Kim H");
    let submission = Submission::by(write(vec![event]), world.kim, None);
    done(world.store.submit(Submission { checkpoint: true, ..submission }).wait());
    let newest = world.store.newest_checkpoint().expect("read").expect("is there");
    let entries = world.count("SELECT count(*) AS n FROM journal");
    assert_eq!(i64::try_from(newest.size), Ok(entries));
    assert_eq!(std::fs::read_to_string(&file).expect("the note"), newest.note);
    std::fs::remove_file(&file).expect("removed");
}

// shows: P11-10e2, T14
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
        assert_eq!(entries, 63);
        assert_eq!(i64::try_from(newest.size), Ok(entries));
        let highest = world.count("SELECT max(seq) AS n FROM journal WHERE record_kind = 'person'");
        assert_eq!(highest, 62);
        super::rows::whole(world);
    });
}
