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
