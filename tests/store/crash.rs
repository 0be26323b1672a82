//! kill −9 in mid-command leaves neither or both.

use super::world::{BORN, World, write};
use batchwright::domain::ids::{Key, RecordKey, RecordKind};
use batchwright::store::{Outcome, Store, Submission};

/// Not a test by itself: the process that is killed. Writes as fast as it can and says what is done.
#[test]
fn child_that_is_killed() {
    let Some((store, kim)) = World::of_child() else { return };
    let person = RecordKey::new(RecordKind::Person, kim);
    loop {
        // Two entries a command: never one without the other.
        let events = vec![World::rename(person, "Kim A"), World::rename(person, "Kim B")];
        match store.submit(Submission::by(write(events), kim, None)).wait() {
            Outcome::Done { heads, .. } => println!("done {}", heads[0].1),
            other => panic!("{other:?}"),
        }
    }
}

// shows: P11-10e1.a, DI-Q12.a, T11.a
#[test]
fn a_killed_process_leaves_whole_commands_and_all_that_were_answered() {
    for engine in super::world::engines() {
        let mut world = World::found(engine);
        world.store.shutdown().expect("ends");
        let mut answered = 0;
        for round in 0..3 {
            let (mut child, lines) = world.child("crash::child_that_is_killed");
            let mut heard = 0;
            for line in lines.map_while(Result::ok) {
                if let Some(seq) = line.strip_prefix("done ") {
                    answered = seq.parse::<u64>().expect("a sequence");
                    heard += 1;
                    if heard == 20 + 15 * round {
                        // SIGKILL on Unix: no handler runs, nothing is flushed.
                        child.kill().expect("killed");
                    }
                }
            }
            child.wait().expect("ended");
            assert!(heard >= 20, "the child did not work: {heard}");
        }
        world.clock.move_to(batchwright::store::clock::real_time());
        world.store = Store::open(World::options(&world.url, &world.clock)).expect("opens again");
        let person = RecordKey::new(RecordKind::Person, world.kim);
        let state = world.store.state(&Key::Id(person)).expect("folds").expect("is there");
        assert!(state.seq() >= answered, "answered up to {answered}, kept {}", state.seq());
        assert_eq!((state.seq() - BORN) % 2, 0, "half a command was kept");
        let one = "SELECT count(*) AS n FROM";
        let entries = world.count(&format!("{one} journal"));
        world.store.checkpoint_now().expect("covers").expect("signed");
        assert_eq!(world.count("SELECT size AS n FROM log_head"), entries);
        let head = world.count("SELECT max(seq) AS n FROM journal WHERE record_kind = 'person'");
        assert_eq!(Ok(head), i64::try_from(state.seq()));
        super::rows::whole(&world);
    }
}
