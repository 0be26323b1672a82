//! Signatures and sessions as an adversary meets them (21 CFR 11.100 to 11.300).

use super::life::play;
use super::world::{BATCH, OWN, TEMPORARY, batch, on_each, on_one, step};
use serde_json::json;

// shows: P11-200a1i, P11-200a1, T1
#[test]
fn the_first_signing_needs_both_components_and_a_token_never_signs() {
    on_one(|world| {
        world.master();
        let sven = world.person("sven");
        let issue = |signature| json!({ "number": BATCH, "master": { "code": "BUF-ACETATE" }, "signature": signature });
        let unsigned = json!({ "number": BATCH, "master": { "code": "BUF-ACETATE" } });
        sven.post("/api/v1/batches", &unsigned).refused(428, "signature-required");
        sven.post("/api/v1/batches", &issue(json!({ "password": OWN })))
            .refused(401, "signing-needs-both-components");
        let other = json!({ "user_name": "olga", "password": OWN });
        sven.post("/api/v1/batches", &issue(other)).refused(401, "signer-is-not-the-session");
        let wrong = json!({ "user_name": "sven", "password": "wrong wrong wrong" });
        sven.post("/api/v1/batches", &issue(wrong)).refused(401, "signing-credentials-wrong");
        sven.post("/api/v1/batches", &issue(sven.both())).ok();
        let second = json!({ "number": "BUF-26-002", "master": { "code": "BUF-ACETATE" }, "signature": { "password": OWN } });
        sven.post("/api/v1/batches", &second).ok();
        sven.sign_in().ok();
        let third = json!({ "number": "BUF-26-003", "master": { "code": "BUF-ACETATE" }, "signature": { "password": OWN } });
        sven.post("/api/v1/batches", &third).refused(401, "signing-needs-both-components");
    });
}

// shows: P11-300d, A11D-11.7, T24
#[test]
fn five_failures_lock_at_once_and_only_a_checked_identity_unlocks() {
    on_each(|world| {
        let (olga, nobody) = (world.person("olga"), world.stranger());
        let try_in = |password: &str| {
            let body = json!({ "user_name": "OLGA", "password": password });
            nobody.post("/api/v1/sessions", &body)
        };
        for _ in 0..4 {
            try_in("wrong wrong wrong").refused(401, "sign-in-refused");
        }
        try_in("wrong wrong wrong").refused(401, "account-locked");
        try_in(OWN).refused(401, "account-locked");
        olga.get("/api/v1/sessions/current").refused(401, "session-revoked");
        let quick = json!({ "identity_check": "", "reason": "in a hurry" });
        world
            .ada
            .post("/api/v1/persons/olga/unlocking", &quick)
            .refused(428, "identity-check-missing");
        let unlock = json!({ "identity_check": "badge and face", "reason": "mistyped" });
        world
            .person("omar")
            .post("/api/v1/persons/olga/unlocking", &unlock)
            .refused(403, "authority-missing");
        world.ada.post("/api/v1/persons/olga/unlocking", &unlock).ok();
        try_in(OWN).ok();
        let log = world.ada.get("/api/v1/access-log?what=sign-in&outcome=refused").ok().json;
        assert!(log["entries"].as_array().is_some_and(|rows| rows.len() >= 6));
        assert!(!log.to_string().contains("wrong wrong"));
    });
}

// shows: P11-10d, T2
#[test]
fn a_person_deactivated_a_moment_ago_is_nobody() {
    on_one(|world| {
        let olga = world.person("olga");
        olga.get("/api/v1/batches").ok();
        let reason = json!({ "reason": "left the house" });
        world.ada.post("/api/v1/persons/olga/deactivation", &reason).ok();
        let refused = olga.get("/api/v1/batches");
        assert_eq!(refused.status, 401, "{}", refused.json);
        let again = json!({ "user_name": "olga", "printed_name": "Other Olga", "temporary_password": TEMPORARY,
            "roles": [], "reason": "joins" });
        world.ada.post("/api/v1/persons", &again).refused(409, "user-name-taken");
    });
}

// shows: A11D-11.4, P11-200a3
#[test]
fn a_reset_password_serves_for_choosing_an_own_one_and_signs_nothing() {
    on_one(|world| {
        let olga = world.person("olga");
        let reset = json!({ "temporary_password": TEMPORARY, "reason": "forgotten" });
        world.ada.post("/api/v1/persons/olga/password-reset", &reset).ok();
        assert_eq!(olga.get("/api/v1/batches").status, 401, "sessions end with the reset");
        *olga.password.borrow_mut() = TEMPORARY.into();
        assert_eq!(olga.sign_in().ok().json["must_change_password"], true);
        olga.get("/api/v1/batches").refused(403, "password-change-owed");
        let change =
            json!({ "old_password": TEMPORARY, "new_password": "seven lilac anvils humming" });
        olga.post("/api/v1/persons/current/password", &change).ok();
        *olga.password.borrow_mut() = "seven lilac anvils humming".into();
        olga.get("/api/v1/batches").ok();
        world.issued();
        play(
            world,
            "omar",
            "OP-01~1/01.1~1",
            &[
                json!({ "entry": "lot", "value": "NAAC-77" }),
                json!({ "entry": "balance", "value": "BAL-3" }),
                json!({ "entry": "weight", "value": "0.272", "unit": "kg" }),
            ],
            true,
        );
        let version = world.step_version("OP-01~1/01.1~1");
        let check = json!({ "signature": olga.both() });
        olga.on(version, &format!("{}/check", step("OP-01~1/01.1~1")), &check)
            .refused(403, "signing-key-missing");
    });
}

// shows: P11-300d
#[test]
fn a_refresh_token_used_twice_ends_the_session() {
    on_one(|world| {
        let olga = world.person("olga");
        let first = olga.sign_in().ok().json["refresh_token"].clone();
        let body = json!({ "refresh_token": first });
        let next = olga.post("/api/v1/sessions/refresh", &body).ok().json;
        *olga.token.borrow_mut() = next["access_token"].as_str().map(str::to_owned);
        olga.get("/api/v1/sessions/current").ok();
        olga.post("/api/v1/sessions/refresh", &body).refused(401, "refresh-token-reused");
        olga.get("/api/v1/sessions/current").refused(401, "session-revoked");
        let omar = world.person("omar");
        omar.post("/api/v1/sessions/current/end", &json!({})).ok();
        omar.get("/api/v1/batches").refused(401, "session-revoked");
    });
}

// shows: C211-188b11, P11-200a1i
#[test]
fn nobody_verifies_their_own_work_and_a_verifier_gives_both_components() {
    on_one(|world| {
        world.issued();
        play(
            world,
            "olga",
            "OP-01~1/01.1~1",
            &[
                json!({ "entry": "lot", "value": "NAAC-77" }),
                json!({ "entry": "balance", "value": "BAL-3" }),
                json!({ "entry": "weight", "value": "0.272", "unit": "kg" }),
            ],
            true,
        );
        let (olga, path) = (world.person("olga"), format!("{}/check", step("OP-01~1/01.1~1")));
        let version = world.step_version("OP-01~1/01.1~1");
        olga.on(version, &path, &json!({ "signature": olga.both() }))
            .refused(403, "witness-is-performer");
        let omar = world.person("omar");
        omar.on(version, &path, &json!({})).refused(428, "signature-required");
        omar.on(version + 1, &path, &json!({ "signature": omar.both() }))
            .refused(412, "stale-version");
        omar.on(version, &path, &json!({ "signature": omar.both() })).ok();
        let signed = world.picture()["steps"][0]["checked"].clone();
        for part in ["printed_name", "user_name", "role", "meaning", "at", "shown_at"] {
            assert!(signed[part].as_str().is_some_and(|text| !text.is_empty()), "{part}");
        }
        let trail = world.person("audrey").get(&batch("audit-trail")).ok();
        assert!(!String::from_utf8_lossy(&trail.bytes).contains(OWN), "no password anywhere");
    });
}
