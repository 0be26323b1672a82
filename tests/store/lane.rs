//! The lane: order, receipts, sessions, time, atomic groups.

use super::world::{BORN, Say, World, decision, done, on_each, refused, write};
use batchwright::domain::clock::Instant;
use batchwright::domain::command::Stamp;
use batchwright::domain::ids::{Key, RecordKey, RecordKind};
use batchwright::domain::loaded::Loaded;
use batchwright::domain::refusal::{Refusal, STALE};
use batchwright::domain::signing::Meaning;
use batchwright::store::clock::real_time;
use batchwright::store::operational::sessions;
use batchwright::store::{
    AccessFilter, AuditFilter, Clock, Outcome, ReceiptKey, Store, Submission, access_log, journal,
    trail,
};
use serde_json::json;
use uuid::Uuid;

fn kim(world: &World) -> RecordKey {
    RecordKey::new(RecordKind::Person, world.kim)
}

// shows: P11-10f.e
#[test]
fn of_many_commands_on_one_version_exactly_one_wins() {
    on_each(|world| {
        let key = kim(world);
        let pending: Vec<_> = (0..40)
            .map(|n| {
                let event = world.renamed("Kim Larsen", &format!("Kim {n}"));
                let decide = move |loaded: &Loaded, _: &Stamp| {
                    let seq = loaded.need(&Key::Id(key))?.seq();
                    if seq != BORN {
                        return Err(Refusal::new(&STALE, format!("it stands at {seq}")));
                    }
                    Ok(decision(vec![event.clone()], json!({ "n": n })))
                };
                let command = Box::new(Say("rename", vec![Key::Id(key)], decide));
                world.store.submit(Submission::by(command, world.kim, None))
            })
            .collect();
        let outcomes: Vec<_> = pending.into_iter().map(|p| p.wait()).collect();
        let won = outcomes.iter().filter(|o| matches!(o, Outcome::Done { .. })).count();
        let stale = outcomes
            .iter()
            .filter(|o| matches!(o, Outcome::Refused(r) if r.rule.code == "stale-version"));
        assert_eq!((won, stale.count()), (1, 39));
        let rows = world
            .store
            .read(|conn| access_log::search(conn, &AccessFilter::default()))
            .expect("the access log");
        assert_eq!(rows.items.len(), 39);
        assert!(rows.items.iter().all(|row| row.code.as_deref() == Some("stale-version")));
        assert!(rows.items.iter().all(|row| row.user_name.as_deref() == Some("kim")));
    });
}

// shows: T34.a
#[test]
fn a_repeated_request_gets_the_first_answer_and_another_one_is_refused() {
    on_each(|world| {
        let send = |hmac: u8, name: &str| {
            let command = write(vec![world.renamed("Kim Larsen", name)]);
            let receipt = Some(ReceiptKey { key: "k-1".into(), hmac: [hmac; 32] });
            let submission = Submission::by(command, world.kim, None);
            world.store.submit(Submission { receipt, ..submission }).wait()
        };
        let first = send(7, "Kim A");
        let Outcome::Done { answer, heads, replayed: false } = first else { panic!("{first:?}") };
        for _ in 0..2 {
            match send(7, "Kim A") {
                Outcome::Done { answer: again, heads: same, replayed: true } => {
                    assert_eq!((again, same), (answer.clone(), heads.clone()));
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(refused(send(8, "Kim B")).rule.code, "idempotency-key-reused");
        assert_eq!(world.count("SELECT count(*) AS n FROM receipts"), 1);
        assert_eq!(
            world.count("SELECT count(*) AS n FROM journal WHERE event = 'person.renamed'"),
            1
        );
    });
}

// shows: T2.a
#[test]
fn an_ended_or_foreign_session_does_nothing_more() {
    on_each(|world| {
        let session = world.signed_in();
        let send = |id: Uuid| {
            let command = write(vec![world.renamed("Kim Larsen", "Kim C")]);
            world.store.submit(Submission::by(command, world.kim, Some(id))).wait()
        };
        done(send(session.id));
        assert_eq!(refused(send(Uuid::now_v7())).rule.code, "session-unknown");
        let id = session.id;
        let at = real_time();
        world.store.write_operational(move |conn| sessions::revoke(conn, id, at)).expect("ended");
        assert_eq!(refused(send(session.id)).rule.code, "session-unknown");
    });
}

// shows: F8.b, T10.a
#[test]
fn time_never_stands_still_or_goes_back() {
    on_each(|world| {
        for n in 0..5 {
            done(world.kim_does(vec![world.renamed("Kim Larsen", &format!("Kim {n}"))]));
        }
        world.reopen();
        done(world.kim_does(vec![world.renamed("Kim Larsen", "Kim Z")]));
        let filter = AuditFilter::default();
        let trail = world.store.read(|conn| trail::audit(conn, &filter)).expect("the trail");
        let mut times: Vec<i64> = trail.items.iter().map(|e| e.header.at).collect();
        // The two entries of one command share their time.
        times.dedup();
        assert_eq!(times.len(), 8);
        assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "{times:?}");
    });
}

// shows: F8.a, F8.b
#[test]
fn a_system_clock_set_back_is_told_and_changes_no_order() {
    let world = World::found_with(super::world::Engine::Sqlite, |o| o.clock = Clock::system());
    let run = super::run::issue(&world, &["B-1"])[0];
    world.store.shutdown().expect("ends");
    // An entry from tomorrow, as if the clock had been ahead.
    world
        .sql(&format!(
            "DROP TRIGGER journal_no_update;
             UPDATE journal SET at = {} WHERE leaf = (SELECT max(leaf) FROM journal)",
            real_time().0 + 86_400_000_000
        ))
        .expect("set");
    let mut options = World::options(&world.url, &world.clock);
    options.clock = Clock::system();
    let store = Store::open(options).expect("opens");
    let key = kim(&world);
    // Only the copy was changed: what follows stands behind it all the same.
    let event = world.renamed("Kim Larsen", "Kim N");
    done(store.submit(Submission::by(write(vec![event]), world.kim, None)).wait());
    let jumps = AuditFilter { actions: vec!["site.clock-jumped".into()], ..Default::default() };
    let told = store.read(|conn| trail::audit(conn, &jumps)).expect("the trail").items;
    assert_eq!(told.len(), 1);
    assert!(told[0].data["by"].as_i64().expect("µs") < -86_000_000_000);
    // Every running batch has the exception, opened by nobody's act.
    let opened = store.read(|conn| journal::entries(conn, run, 1)).expect("entries");
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].data["kind"], "clock-jump");
    let newest = store.read(|conn| journal::entries(conn, key, BORN)).expect("entries");
    assert!(newest[0].header.at > real_time().0 + 86_000_000_000);
    store.shutdown().expect("ends");
}

#[test]
fn an_entry_too_large_leaves_nothing_of_its_command() {
    on_each(|world| {
        let events = vec![
            world.renamed("Kim Larsen", "Kim D"),
            world.renamed("Kim D", &"x".repeat(140_000)),
        ];
        assert_eq!(refused(world.kim_does(events)).rule.code, "entry-too-large");
        let heads = done(world.kim_does(vec![world.renamed("Kim Larsen", "Kim E")]));
        assert_eq!(heads, vec![(kim(world), BORN + 1)]);
    });
}

#[test]
fn what_cannot_be_folded_is_not_written_and_spoils_no_neighbour() {
    on_each(|world| {
        let mut nonsense = world.renamed("a", "b");
        nonsense.name = "person.turned-into-a-frog".into();
        let good = || write(vec![world.renamed("Kim Larsen", "Kim F")]);
        let by = |command| world.store.submit(Submission::by(command, world.kim, None));
        let pending = vec![by(good()), by(write(vec![nonsense])), by(good())];
        let outcomes: Vec<_> = pending.into_iter().map(|p| p.wait()).collect();
        assert!(matches!(outcomes[1], Outcome::Failed(_)), "{outcomes:?}");
        let [first, _, last] = <[Outcome; 3]>::try_from(outcomes).expect("three");
        assert_eq!(done(first), vec![(kim(world), BORN + 1)]);
        assert_eq!(done(last), vec![(kim(world), BORN + 2)]);
    });
}

#[test]
fn a_signature_needs_the_persons_own_unlocked_key() {
    on_each(|world| {
        let mut event = world.renamed("Kim Larsen", "Kim G");
        event.signatures = vec![world.signature(Meaning::Authored)];
        let missing = world.kim_does(vec![event.clone()]);
        assert_eq!(refused(missing).rule.code, "signature-required");
        let with = |key: batchwright::store::UnlockedKey| {
            let submission = Submission::by(write(vec![event.clone()]), world.kim, None);
            world.store.submit(Submission { keys: vec![key], ..submission }).wait()
        };
        let mut foreign = world.unlocked();
        foreign.key = batchwright::seal::key::PrivateKey::generate(
            batchwright::seal::key::KeyKind::P256,
            &[5; 32],
        );
        assert_eq!(refused(with(foreign)).rule.code, "signing-key-not-enrolled");
        done(with(world.unlocked()));
        let entries = world.store.read(|c| journal::entries(c, kim(world), BORN)).expect("entries");
        assert_eq!(entries[0].signatures.len(), 1);
        assert_eq!(entries[0].signatures[0]["meaning"], "authored");
    });
}

#[test]
fn a_closed_store_says_so() {
    let world = World::found(super::world::Engine::Sqlite);
    world.store.shutdown().expect("ends");
    let outcome = world.kim_does(vec![world.renamed("a", "b")]);
    assert!(matches!(outcome, Outcome::Failed(_)));
    assert!(world.store.ready().is_err());
    assert!(Instant(0) < real_time());
}

#[test]
fn a_full_queue_answers_busy_at_once_and_loses_nothing_that_it_took() {
    let world = World::found_with(super::world::Engine::Sqlite, |options| options.queue = 2);
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
    let send = || {
        let event = world.renamed("Kim Larsen", "Kim Q");
        world.store.submit(Submission::by(write(vec![event]), world.kim, None))
    };
    let taken = [send(), send()];
    assert!(matches!(send().wait(), Outcome::Busy));
    hold.send(()).expect("heard");
    slow.join().expect("ended").expect("written");
    for one in taken {
        done(one.wait());
    }
}
