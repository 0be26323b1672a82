//! Sessions end: by idleness, by age, by the token's own minutes; and many at once are asked to wait.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::engine::Engine;
use crate::house::world::{Opening, World, on_each, on_one};
use batchwright::domain::clock::Instant;
use serde_json::json;
use std::time::Duration;

const HOUR: i64 = 3_600_000_000;

// shows: A11D-11.8.b, F21.b
#[test]
fn a_session_ends_when_nobody_used_it_and_at_its_longest_life() {
    on_each(|world| {
        let olga = world.person("olga");
        olga.get("/batches").done();
        world.database.change(&format!("UPDATE sessions SET last_seen_at = last_seen_at - {HOUR}"));
        olga.get("/batches").refused(401, "session-idle");
        let refresh = json!({ "refresh_token": *olga.refresh_token.lock().unwrap() });
        olga.post("/sessions/refresh", &refresh).refused(401, "session-idle");
        olga.sign_in().done();
        let days = 24 * HOUR;
        world.database.change(&format!("UPDATE sessions SET started_at = started_at - {days}"));
        olga.get("/batches").refused(401, "session-expired");
        olga.sign_in().done();
        let real = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let earlier = Instant(i64::try_from(real.as_micros()).unwrap() - days);
        olga.set_token(Some(&world.token_of(earlier)));
        olga.get("/batches").refused(401, "token-expired");
        olga.set_token(None);
    });
}

// shows: P11-200a1ii.a, A11D-13.3.a
#[test]
fn the_first_signing_after_an_idle_end_needs_both_components_again() {
    on_one(|world| {
        let sven = world.person("sven");
        let issue = |number: &str, signature: serde_json::Value| {
            let body = json!({ "number": number, "master": { "code": "BUF-ACETATE" }, "signature": signature });
            sven.post("/batches", &body)
        };
        issue("IDLE-1", sven.both()).done();
        issue("IDLE-2", sven.password_only()).done();
        sven.sign_in().done();
        issue("IDLE-3", sven.password_only()).refused(401, "signing-needs-both-components");
        let empty = json!({ "user_name": "sven", "password": "" });
        let answer = issue("IDLE-3", empty);
        assert_eq!(answer.status, 401, "{}", answer.text());
    });
}

#[test]
fn whoever_comes_when_too_many_wait_is_told_to_come_back_and_loses_nothing() {
    let world = World::open(Engine::Sqlite, Opening { queue: 1, ..Opening::USUAL });
    let batch = Batch::issued(&world, "BUSY-1");
    let (sven, path) = (world.person("sven"), batch.path("events"));
    // Somebody else writes to the file: the lane waits, and its queue fills.
    let lock = world.database.locked();
    let keys: Vec<With> = (0..12).map(|n| With::key(&format!("busy-event-{n:04}"))).collect();
    let body = json!({ "what": "lights flicker" });
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> =
            keys.iter().map(|key| scope.spawn(|| sven.post_with(&path, &body, key))).collect();
        std::thread::sleep(Duration::from_secs(1));
        drop(lock);
        let answers = all.into_iter().map(|thread| thread.join().unwrap());
        answers
            .map(|answer| {
                if answer.status == 503 {
                    assert!(!answer.header("retry-after").is_empty());
                    answer.clone().refused(503, "busy");
                }
                answer.status
            })
            .collect()
    });
    assert!(statuses.contains(&503), "{statuses:?}");
    // The same keys again: what was done is not done twice, what was not is done now.
    for key in &keys {
        // The queue may still be full of what waited: come back again, as the answer says.
        let again = || Some(sven.post_with(&path, &body, key)).filter(|it| it.status != 503);
        let answer = (0..200).find_map(|_| {
            again().or_else(|| {
                std::thread::sleep(Duration::from_millis(50));
                None
            })
        });
        answer.expect("the queue empties").done();
    }
    assert_eq!(batch.exceptions().len(), keys.len());
    drop(world.end());
}
