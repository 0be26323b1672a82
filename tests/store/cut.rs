//! A node that dies or falls silent takes nothing with it that was answered, and stops nobody else.

use super::line::{Line, Trap};
use super::nodes::{node, postgres, seq_of};
use super::rows::whole;
use super::world::{BORN, START, Say, World, done, on_each, write};
use batchwright::domain::command::{Decision, Stamp};
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::domain::loaded::Loaded;
use batchwright::domain::refusal::Refusal;
use batchwright::store::{Outcome, ReceiptKey, SimulatedClock, Store, Submission};
use std::collections::BTreeSet;
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use uuid::Uuid;

fn kim(world: &World) -> RecordKey {
    RecordKey::new(RecordKind::Person, world.kim)
}

fn rename(store: &Store, world: &World, name: &str) -> batchwright::store::Pending {
    let event = world.renamed("Kim Larsen", name);
    store.submit(Submission::by(write(vec![event]), world.kim, None))
}

/// Not a test by itself: one of two nodes. Writes as fast as it can and says what is done.
#[test]
fn child_that_is_one_of_two_nodes() {
    let Some((store, kim)) = World::of_child() else { return };
    let person = RecordKey::new(RecordKind::Person, kim);
    loop {
        let events = vec![World::rename(person, "Kim A"), World::rename(person, "Kim B")];
        match store.submit(Submission::by(write(events), kim, None)).wait() {
            Outcome::Done { heads, .. } => println!("done {}", heads[0].1),
            Outcome::Busy => {}
            other => panic!("{other:?}"),
        }
    }
}

fn child(world: &World) -> (Child, Receiver<u64>) {
    let (child, lines) = world.child("cut::child_that_is_one_of_two_nodes");
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if let Some(seq) = line.strip_prefix("done ").and_then(|seq| seq.parse().ok()) {
                let _ = tell.send(seq);
            }
        }
    });
    (child, told)
}

/// The next so many answers of a node.
fn hear(told: &Receiver<u64>, answers: usize) -> Vec<u64> {
    let next = || told.recv_timeout(Duration::from_secs(20)).expect("it goes on");
    std::iter::repeat_with(next).take(answers).collect()
}

// shows: P11-10e1.a, T11.a
#[test]
fn a_killed_node_takes_nothing_with_it_and_the_other_goes_on() {
    on_each(|world| {
        world.store.shutdown().expect("ends");
        let mut answered = Vec::new();
        for victim in [0, 1] {
            let mut nodes = [child(world), child(world)];
            for (_, told) in &nodes {
                answered.extend(hear(told, 15));
            }
            // SIGKILL on Unix: no handler runs, nothing is flushed.
            nodes[victim].0.kill().expect("killed");
            nodes[victim].0.wait().expect("ended");
            answered.extend(nodes[victim].1.iter());
            answered.extend(nodes[1 - victim].1.try_iter());
            answered.extend(hear(&nodes[1 - victim].1, 15));
            nodes[1 - victim].0.kill().expect("killed");
            nodes[1 - victim].0.wait().expect("ended");
            answered.extend(nodes[1 - victim].1.iter());
        }
        let distinct: BTreeSet<u64> = answered.iter().copied().collect();
        assert_eq!(distinct.len(), answered.len(), "one entry was answered twice");
        world.clock.move_to(batchwright::store::clock::real_time());
        world.store = Store::open(World::options(&world.url, &world.clock)).expect("opens again");
        let kept = seq_of(&world.store, kim(world));
        assert!(Some(&kept) >= distinct.last(), "kept {kept}, answered {distinct:?}");
        assert_eq!((kept - BORN) % 2, 0, "half a command was kept");
        world.store.checkpoint_now().expect("covers").expect("signed");
        whole(world);
    });
}

#[test]
fn a_node_that_falls_silent_in_its_turn_is_put_out_and_comes_back() {
    let Some(world) = postgres() else { return };
    let line = Line::to(&world.url);
    let clock = SimulatedClock::starting(START);
    let far = Store::open(World::options(&line.url, &clock)).expect("opens");
    assert_eq!(done(rename(&far, &world, "Kim 1").wait()), vec![(kim(&world), BORN + 1)]);
    let (hold, held) = channel::<()>();
    let (began, begins) = channel::<()>();
    let store = far.clone();
    // It runs again when its first transaction is gone; then nobody holds it.
    let slow = std::thread::spawn(move || {
        store.write_operational(move |_| {
            let _ = began.send(());
            let _ = held.recv();
            Ok(())
        })
    });
    begins.recv().expect("its transaction is open");
    line.cut();
    let pending = rename(&far, &world, "Kim behind the cut");
    let asked = Instant::now();
    done(rename(&world.store, &world, "Kim 2").wait());
    let waited = asked.elapsed();
    println!("the other node wrote {waited:?} after the cut");
    assert!(waited > Duration::from_secs(1), "the turn was held: {waited:?}");
    assert!(waited < Duration::from_secs(15), "{waited:?}");
    for n in 3..6 {
        done(rename(&world.store, &world, &format!("Kim {n}")).wait());
    }
    line.mend();
    drop(hold);
    slow.join().expect("ended").expect("written after all");
    // What waited behind it is neither lost nor there twice.
    assert_eq!(done(pending.wait()), vec![(kim(&world), BORN + 6)]);
    done(rename(&far, &world, "Kim 9").wait());
    done(rename(&world.store, &world, "Kim 10").wait());
    assert_eq!([seq_of(&far, kim(&world)), seq_of(&world.store, kim(&world))], [BORN + 8; 2]);
    far.shutdown().expect("ends");
    world.store.checkpoint_now().expect("covers").expect("signed");
    whole(&world);
}

#[test]
fn a_commit_whose_answer_is_lost_is_neither_lost_nor_done_twice() {
    let Some(world) = postgres() else { return };
    let line = Line::to(&world.url);
    let clock = SimulatedClock::starting(START);
    let far = Store::open(World::options(&line.url, &clock)).expect("opens");
    done(rename(&far, &world, "Kim 1").wait());
    for (trap, seq) in
        [(Trap::Unheard, BORN + 2), (Trap::Unanswered, BORN + 3), (Trap::Unanswered, BORN + 4)]
    {
        // The log has nothing more to do: the next COMMIT is this command's.
        far.checkpoint_now().expect("covers");
        line.set(trap);
        let heads = done(rename(&far, &world, &format!("{trap:?}")).wait());
        assert!(line.sprung());
        assert_eq!(heads, vec![(kim(&world), seq)], "{trap:?}");
        assert_eq!(seq_of(&world.store, kim(&world)), seq);
    }
    done(rename(&world.store, &world, "Kim 2").wait());
    done(rename(&far, &world, "Kim 3").wait());
    assert_eq!(world.count("SELECT max(seq) AS n FROM journal WHERE record_kind = 'person'"), 9);
    far.shutdown().expect("ends");
    world.store.checkpoint_now().expect("covers").expect("signed");
    whole(&world);
}

#[test]
fn a_commit_of_which_nothing_can_be_learned_is_answered_so_and_found_again_by_its_key() {
    let Some(world) = postgres() else { return };
    let line = Line::to(&world.url);
    let clock = SimulatedClock::starting(START);
    let far = Store::open(World::options(&line.url, &clock)).expect("opens");
    let send = || {
        let event = world.renamed("Kim Larsen", "Kim 1");
        let receipt = Some(ReceiptKey { key: "k-1".into(), hmac: [7; 32] });
        let submission = Submission::by(write(vec![event]), world.kim, None);
        far.submit(Submission { receipt, ..submission }).wait()
    };
    done(rename(&far, &world, "Kim 0").wait());
    far.checkpoint_now().expect("covers");
    line.set(Trap::Gone);
    match send() {
        Outcome::Failed(fault) => assert!(fault.to_string().contains("not known"), "{fault}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(seq_of(&world.store, kim(&world)), BORN + 2, "it was written");
    line.mend();
    match send() {
        Outcome::Done { heads, replayed: true, .. } => {
            assert_eq!(heads, vec![(kim(&world), BORN + 2)])
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(done(rename(&far, &world, "Kim 2").wait()), vec![(kim(&world), BORN + 3)]);
    far.shutdown().expect("ends");
    world.store.checkpoint_now().expect("covers").expect("signed");
    whole(&world);
}

#[test]
fn a_connection_that_the_server_ends_is_made_anew_and_its_transaction_done_again() {
    let Some(world) = postgres() else { return };
    let end_all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for n in 1..=3 {
        world.sql(end_all).expect("ended");
        assert_eq!(done(rename(&world.store, &world, "Kim").wait()), vec![(kim(&world), BORN + n)]);
    }
    let (began, begins) = channel::<()>();
    let (go, goes) = channel::<()>();
    let store = world.store.clone();
    let held = std::thread::spawn(move || {
        let mut times = 0;
        store.write_operational(move |conn| {
            times += 1;
            let _ = began.send(());
            let _ = goes.recv();
            batchwright::store::operational::sessions::get(conn, Uuid::nil())?;
            Ok(times)
        })
    });
    begins.recv().expect("its transaction is open");
    world.sql(end_all).expect("ended");
    drop(go);
    assert_eq!(held.join().expect("ended").expect("done"), 2, "its first transaction was lost");
    assert_eq!(done(rename(&world.store, &world, "Kim").wait()), vec![(kim(&world), BORN + 4)]);
    world.store.checkpoint_now().expect("covers").expect("signed");
    whole(&world);
}

#[test]
fn who_waits_too_long_for_the_lane_is_told_to_come_again() {
    let Some(world) = postgres() else { return };
    let other = node(&world, START);
    let (hold, held) = channel::<()>();
    let (began, begins) = channel::<()>();
    let store = other.clone();
    // Not silent, only slow: it asks its database now and then.
    let slow = std::thread::spawn(move || {
        store.write_operational(move |conn| {
            let _ = began.send(());
            while held.recv_timeout(Duration::from_secs(1)).is_err() {
                batchwright::store::operational::sessions::get(conn, Uuid::nil())?;
            }
            Ok(())
        })
    });
    begins.recv().expect("its turn");
    let asked = Instant::now();
    let told = rename(&world.store, &world, "Kim").wait();
    assert!(matches!(told, Outcome::Busy), "{told:?}");
    assert!(asked.elapsed() > Duration::from_secs(9), "{:?}", asked.elapsed());
    hold.send(()).expect("heard");
    slow.join().expect("ended").expect("written");
    assert_eq!(done(rename(&world.store, &world, "Kim").wait()), vec![(kim(&world), BORN + 1)]);
    other.shutdown().expect("ends");
}

#[test]
fn a_panic_or_a_fault_leaves_no_transaction_and_no_lock_behind() {
    let Some(world) = postgres() else { return };
    let other = node(&world, START);
    let panics =
        |_: &Loaded, _: &Stamp| -> Result<Decision, Refusal> { panic!("meant by this test") };
    let mut nonsense = world.renamed("a", "b");
    nonsense.name = "person.turned-into-a-frog".into();
    for command in [Box::new(Say("panic", Vec::new(), panics)) as Box<_>, write(vec![nonsense])] {
        let failed = other.submit(Submission::by(command, world.kim, None)).wait();
        assert!(matches!(failed, Outcome::Failed(_)), "{failed:?}");
        world.store.checkpoint_now().expect("covers");
        other.checkpoint_now().expect("covers");
        let standing = "SELECT count(*) AS n FROM pg_stat_activity
                        WHERE datname = current_database() AND state LIKE 'idle in%'";
        assert_eq!(world.count(standing), 0);
        let locks = "SELECT count(*) AS n FROM pg_locks
                     WHERE locktype = 'advisory' AND granted AND database =
                     (SELECT oid FROM pg_database WHERE datname = current_database())";
        assert_eq!(world.count(locks), 0);
        done(rename(&world.store, &world, "Kim").wait());
        done(rename(&other, &world, "Kim").wait());
    }
    other.shutdown().expect("ends");
}
