//! Two nodes on one database: they take turns, fold only what the other wrote, and are one site.

use super::rows::whole;
use super::run::{issue, recorded, started};
use super::world::{BORN, Engine, START, World, done, engines, on_each, write};
use batchwright::domain::clock::Instant;
use batchwright::domain::ids::{Key, RecordKey, RecordKind};
use batchwright::store::clock::real_time;
use batchwright::store::operational::sessions;
use batchwright::store::{
    AuditFilter, Clock, OpenOptions, Outcome, ReceiptKey, SimulatedClock, Store, Submission,
    journal, trail,
};
use std::time::Duration;

/// A second node on the same database, with a clock of its own.
pub fn node(world: &World, at: Instant) -> Store {
    Store::open(World::options(&world.url, &SimulatedClock::starting(at))).expect("opens")
}

pub fn postgres() -> Option<World> {
    engines().contains(&Engine::Postgres).then(|| World::found(Engine::Postgres))
}

pub fn seq_of(store: &Store, record: RecordKey) -> u64 {
    store.state(&Key::Id(record)).expect("folds").expect("is there").seq()
}

// shows: T14.a
#[test]
fn two_nodes_in_turn_fold_only_what_the_other_wrote() {
    on_each(|world| {
        let run = issue(world, &["B-1"])[0];
        let other = node(world, START);
        let both = [&world.store, &other];
        let turn = |k: u32| {
            let store = both[k as usize % 2];
            let events = vec![started(run, k), recorded(run, k, "0.272")];
            let heads = done(store.submit(Submission::by(write(events), world.kim, None)).wait());
            assert_eq!(heads, vec![(run, 1 + 2 * u64::from(k))], "nothing lost, nothing twice");
            // What one node has answered the other shows at once.
            both.iter().for_each(|store| assert_eq!(seq_of(store, run), heads[0].1));
        };
        (1..=2).for_each(turn);
        let before = both.map(Store::folded);
        (3..=42).for_each(turn);
        let folded = [0, 1].map(|n| both[n].folded() - before[n]);
        assert_eq!(folded, [40, 40], "each entry of the other once, and none of its own");
        world.store.checkpoint_now().expect("covers").expect("signed");
        other.shutdown().expect("ends");
        whole(world);
    });
}

#[test]
fn records_that_the_other_node_left_alone_are_not_read_again() {
    on_each(|world| {
        let runs = issue(world, &["B-1", "B-2"]);
        let other = node(world, START);
        let send = |store: &Store, run: RecordKey, k: u32| {
            let events = vec![started(run, k)];
            done(store.submit(Submission::by(write(events), world.kim, None)).wait());
        };
        send(&other, runs[1], 1);
        send(&world.store, runs[0], 1);
        let before = world.store.folded();
        for k in 2..=9 {
            send(&other, runs[1], k);
            send(&world.store, runs[0], k);
        }
        assert_eq!(world.store.folded(), before);
        assert_eq!(seq_of(&world.store, runs[1]), 10);
        assert_eq!(world.store.folded(), before + 9, "only when somebody asks");
        other.shutdown().expect("ends");
        world.store.checkpoint_now().expect("covers");
        whole(world);
    });
}

#[test]
fn a_group_that_fails_leaves_known_what_was_known() {
    on_each(|world| {
        let run = issue(world, &["B-1"])[0];
        done(world.kim_does(vec![started(run, 1)]));
        let before = world.store.folded();
        let mut nonsense = recorded(run, 1, "0.272");
        nonsense.name = "run.turned-into-a-frog".into();
        for k in 2..=5 {
            let failed = world.kim_does(vec![started(run, k), nonsense.clone()]);
            assert!(matches!(failed, Outcome::Failed(_)), "{failed:?}");
            assert_eq!(done(world.kim_does(vec![started(run, k)])), vec![(run, 1 + u64::from(k))]);
        }
        assert_eq!(world.store.folded(), before);
        world.store.checkpoint_now().expect("covers");
        whole(world);
    });
}

#[test]
fn a_reader_never_waits_for_a_group_that_is_being_written() {
    on_each(|world| {
        let run = issue(world, &["B-1"])[0];
        done(world.kim_does(vec![started(run, 1)]));
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let (began, begins) = std::sync::mpsc::channel::<()>();
        let store = world.store.clone();
        let slow = std::thread::spawn(move || {
            store.write_operational(move |_| {
                began.send(()).expect("heard");
                held.recv().expect("let go");
                Ok(())
            })
        });
        begins.recv().expect("the lane is held");
        let events = vec![started(run, 2)];
        let waits = world.store.submit(Submission::by(write(events), world.kim, None));
        let asked = std::time::Instant::now();
        assert_eq!(seq_of(&world.store, run), 2);
        assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
        hold.send(()).expect("heard");
        slow.join().expect("ended").expect("written");
        done(waits.wait());
        assert_eq!(seq_of(&world.store, run), 3);
    });
}

// shows: T34.a
#[test]
fn one_key_on_two_nodes_is_one_event_and_one_answer() {
    on_each(|world| {
        let other = node(world, START);
        for n in 0..20 {
            let send = |store: &Store| {
                let event = world.renamed("Kim Larsen", &format!("Kim {n}"));
                let submission = Submission::by(write(vec![event]), world.kim, None);
                let receipt = Some(ReceiptKey { key: format!("k-{n}"), hmac: [7; 32] });
                store.submit(Submission { receipt, ..submission })
            };
            let pending = [send(&world.store), send(&other)];
            let [here, there] = pending.map(|one| match one.wait() {
                Outcome::Done { answer, heads, replayed } => (answer, heads, replayed),
                other => panic!("{other:?}"),
            });
            assert_eq!((&here.0, &here.1), (&there.0, &there.1));
            assert_ne!(here.2, there.2, "one did it, one was told");
        }
        let renamed = "SELECT count(*) AS n FROM journal WHERE event = 'person.renamed'";
        assert_eq!(world.count(renamed), 20);
        other.shutdown().expect("ends");
        world.store.checkpoint_now().expect("covers");
        whole(world);
    });
}

#[test]
fn an_ended_session_is_known_to_both_nodes() {
    on_each(|world| {
        let other = node(world, START);
        let session = world.signed_in();
        let act = |store: &Store| {
            let event = world.renamed("Kim Larsen", "Kim S");
            let command = write(vec![event]);
            store.submit(Submission::by(command, world.kim, Some(session.id))).wait()
        };
        done(act(&other));
        let before = other.standing();
        done(act(&world.store));
        let id = session.id;
        let now = real_time();
        world.store.write_operational(move |conn| sessions::revoke(conn, id, now)).expect("ended");
        let refused = super::world::refused(act(&other));
        assert_eq!(refused.rule.code, "session-unknown");
        assert_ne!(other.standing(), before, "what is remembered of callers counts no more");
        other.shutdown().expect("ends");
    });
}

// shows: F8.b
#[test]
fn times_rise_though_the_nodes_clocks_are_an_hour_apart() {
    on_each(|world| {
        let hour = 3_600_000_000;
        for apart in [hour, -hour] {
            let now = world.clock.time();
            world.clock.move_to(Instant(now.0 + hour));
            let other = node(world, Instant(now.0 + hour + apart));
            for n in 0..6 {
                let store = if n % 2 == 0 { &other } else { &world.store };
                let event = world.renamed("Kim Larsen", &format!("Kim {n}"));
                done(store.submit(Submission::by(write(vec![event]), world.kim, None)).wait());
            }
            other.shutdown().expect("ends");
        }
        let back = format!(
            "SELECT count(*) AS n FROM journal a JOIN journal b
                    ON a.record_id = b.record_id AND b.seq = a.seq + 1 AND b.at <= a.at
                    WHERE a.seq > {BORN}"
        );
        assert_eq!(world.count(&back), 0);
        world.store.checkpoint_now().expect("covers");
        whole(world);
    });
}

#[test]
fn a_node_that_finds_entries_from_its_future_tells_of_it_once() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let world = World::found_with(Engine::Postgres, |options| options.clock = Clock::system());
    let system = OpenOptions { clock: Clock::system(), ..World::options(&world.url, &world.clock) };
    let other = Store::open(system).expect("opens");
    let send = |store: &Store, n: u32| {
        let event = world.renamed("Kim Larsen", &format!("Kim {n}"));
        done(store.submit(Submission::by(write(vec![event]), world.kim, None)).wait());
    };
    send(&world.store, 1);
    send(&other, 2);
    other.shutdown().expect("ends");
    // As if the other node's clock were an hour ahead: only the copy of the time is changed.
    world
        .sql(&format!(
            "ALTER TABLE journal DISABLE TRIGGER ALL;
             UPDATE journal SET at = {} WHERE record_kind = 'person' AND seq = 5",
            real_time().0 + 3_600_000_000
        ))
        .expect("set");
    (3..6).for_each(|n| send(&world.store, n));
    let jumps = AuditFilter { actions: vec!["site.clock-jumped".into()], ..Default::default() };
    let told = world.store.read(|conn| trail::audit(conn, &jumps)).expect("the trail").items;
    assert_eq!(told.len(), 1);
    let by = told[0].data["by"].as_i64().expect("µs");
    assert!((-3_700_000_000..-3_500_000_000).contains(&by), "{by}");
    let person = RecordKey::new(RecordKind::Person, world.kim);
    let newest = world.store.read(|conn| journal::entries(conn, person, 5)).expect("entries");
    let ahead = real_time().0 + 3_500_000_000;
    assert!(newest.iter().all(|entry| entry.header.at > ahead), "no entry is earlier");
}

/// Not a test: a measurement, said by `cargo test --test store -- --ignored --nocapture in_turn`.
#[test]
#[ignore = "a measurement: prints what one node writes, and two in strict turn"]
fn what_two_nodes_in_turn_write_beside_one() {
    let Some(world) = postgres() else { return };
    let other = node(&world, START);
    let runs = issue(&world, &["B-1", "B-2", "B-3", "B-4", "B-5", "B-6", "B-7"]);
    let rate = |stores: &[&Store], run: RecordKey| {
        let began = std::time::Instant::now();
        let mut written = 0;
        while began.elapsed() < Duration::from_secs(4) {
            let events = vec![started(run, written + 1)];
            let store = stores[written as usize % stores.len()];
            done(store.submit(Submission::by(write(events), world.kim, None)).wait());
            written += 1;
        }
        f64::from(written) / began.elapsed().as_secs_f64()
    };
    rate(&[&world.store, &other], runs[0]);
    let one = rate(&[&world.store], runs[1]);
    let two = rate(&[&world.store, &other], runs[2]);
    println!("one {one:.0}/s, two in strict turn {two:.0}/s: {:.2}", two / one);
    for (width, at) in [(8, 3), (64, 5)] {
        let many = |stores: &[&Store], run: RecordKey| {
            let began = std::time::Instant::now();
            let mut written = 0;
            std::thread::scope(|scope| {
                let workers: Vec<_> = (0..width)
                    .map(|n| {
                        let store = stores[n as usize % stores.len()];
                        let world = &world;
                        scope.spawn(move || {
                            let mut own = 0;
                            while began.elapsed() < Duration::from_secs(4) {
                                let events = vec![started(run, 1_000 + n * 100_000 + own)];
                                let command = Submission::by(write(events), world.kim, None);
                                done(store.submit(command).wait());
                                own += 1;
                            }
                            own
                        })
                    })
                    .collect();
                written = workers.into_iter().map(|w| w.join().expect("ended")).sum::<u32>();
            });
            f64::from(written) / began.elapsed().as_secs_f64()
        };
        let one = many(&[&world.store], runs[at]);
        let two = many(&[&world.store, &other], runs[at + 1]);
        println!("{width} clients: one {one:.0}/s, two {two:.0}/s: {:.2}", two / one);
    }
    other.shutdown().expect("ends");
}
