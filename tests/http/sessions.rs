//! Sessions end: by idleness, by age, by the token's own minutes; and many at once are asked to wait.

use crate::client::Persona;
use crate::world::{on_each, on_one};
use batchwright::domain::clock::Instant;
use serde_json::json;
use std::sync::Barrier;

const HOUR: i64 = 3_600_000_000;

// shows: A11D-11.8, P11-200a1ii, P11-10d
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

// shows: P11-200a1ii, A11D-13.3
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

// shows: P11-10e1
#[test]
fn whoever_comes_when_too_many_wait_is_told_to_come_back() {
    on_one(|world| {
        let crowd: Vec<Persona> = (0..120).map(|_| world.stranger()).collect();
        for _ in 0..10 {
            let barrier = Barrier::new(crowd.len());
            let answers: Vec<_> = std::thread::scope(|scope| {
                let all: Vec<_> = crowd
                    .iter()
                    .map(|one| {
                        let barrier = &barrier;
                        scope.spawn(move || {
                            barrier.wait();
                            one.sign_in_with("whatever-it-is-2")
                        })
                    })
                    .collect();
                all.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            for answer in &answers {
                assert!([401, 503].contains(&answer.status), "{}", answer.text());
            }
            if let Some(busy) = answers.into_iter().find(|answer| answer.status == 503) {
                assert!(!busy.header("retry-after").is_empty());
                busy.refused(503, "busy");
                return;
            }
        }
        panic!("1,200 sign-ins at once, and nobody was asked to wait");
    });
}
