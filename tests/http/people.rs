//! Accounts: one person each, for ever; failures counted and seen; nobody is let in by waiting.

use crate::house::batch::Batch;
use crate::house::cast;
use crate::house::client::Persona;
use crate::house::engine::{Database, Engine};
use crate::house::world::{Opening, World, on_each, on_each_opened, on_one};
use serde_json::{Value, json};

fn account(user_name: &str, roles: &Value) -> Value {
    json!({ "user_name": user_name, "printed_name": "Somebody New", "reason": "joins",
            "temporary_password": "temporary-gravel-Trombone-91", "roles": roles })
}

// shows: P11-300d.a, A11D-11.7.a, A11D-11.7.b, DI-Q1c.a, F28.a, T24.a, T25.a
#[test]
fn failures_are_kept_and_the_fifth_locks_until_somebody_has_looked() {
    on_each(|world| {
        let (olga, ada) = (world.person("olga").elsewhere(), world.person("ada"));
        let session = world.person("olga");
        let twin = Persona::new(&world.line, "OLGA", "wrong-password-4711");
        for who in [&olga, &twin, &olga, &twin] {
            who.sign_in_with("wrong-password-4711").refused(401, "sign-in-refused");
        }
        olga.sign_in_with("wrong-password-4711").refused(401, "account-locked");
        olga.sign_in().refused(401, "account-locked");
        let at_once = session.get("/batches");
        assert_eq!(at_once.status, 401, "a session of a locked account ends: {}", at_once.text());
        session.set_token(None);
        world.minutes(24 * 60);
        olga.sign_in().refused(401, "account-locked");
        let log = ada.get("/access-log?who=olga&outcome=refused&what=sign-in").done();
        assert!(log["entries"].as_array().unwrap().len() >= 6, "{log}");
        assert!(!log.to_string().contains("wrong-password"), "what was typed is kept nowhere");
        let unlock = "/persons/olga/unlocking";
        let ok = json!({ "identity_check": "badge and face", "reason": "mistyped at night" });
        world.person("omar").post(unlock, &ok).refused(403, "authority-missing");
        ada.post(unlock, &json!({ "identity_check": " ", "reason": "x" }))
            .refused(428, "identity-check-missing");
        let sven = world.person("sven");
        sven.sign(unlock, &ok).refused(428, "unlock-needs-second-person");
        sven.sign_seconded(unlock, &ok, world.person("omar")).done();
        ada.post(unlock, &ok).refused(409, "account-not-locked");
        olga.sign_in().done();
    });
}

// shows: P11-200a1.b, P11-300d.a, T24.a
#[test]
fn wrong_signings_lock_too_and_end_the_session() {
    on_each(|world| {
        let batch = Batch::issued(world, "LOCK-1");
        batch.weigh("0.272");
        let omar = world.person("omar");
        let body = json!({ "signature": { "user_name": "omar", "password": "guessed-wrong-2" } });
        let path = batch.path("gates/G-FILL/passage");
        for _ in 0..4 {
            omar.post(&path, &body).refused(401, "signing-credentials-wrong");
        }
        omar.post(&path, &body).refused(401, "account-locked");
        assert_eq!(omar.get("/batches").status, 401);
        omar.set_token(None);
        let ada = world.person("ada");
        let log = ada.get("/access-log?who=omar&outcome=refused").done();
        let wrong = log["entries"].as_array().unwrap().iter();
        assert!(wrong.filter(|row| row["what"] != "sign-in").count() >= 5, "{log}");
        let trail = world
            .person("qadir")
            .get("/audit-trail?record_kind=person&action=person.locked-out")
            .done();
        assert_eq!(trail["entries"].as_array().unwrap().len(), 1, "{trail}");
    });
}

// shows: P11-300d.b, T24.b
#[test]
fn an_unknown_name_reads_like_a_wrong_password_and_is_kept() {
    on_each(|world| {
        let stranger = world.stranger();
        let unknown = stranger.sign_in_with("whatever-it-is-99").refused(401, "sign-in-refused");
        let olga = world.person("olga").elsewhere();
        let known = olga.sign_in_with("whatever-it-is-99").refused(401, "sign-in-refused");
        assert_eq!(unknown["detail"], known["detail"]);
        let log = world.person("ada").get("/access-log?outcome=refused").done();
        assert!(log.to_string().contains("\"nobody\""), "{log}");
        world.person("olga").get("/access-log").refused(403, "authority-missing");
    });
}

// shows: P11-100b.a, P11-200a3.a, A11D-11.4.a, A11D-11.5.a, T26.a
#[test]
fn a_reset_password_signs_nothing_until_its_owner_is_enrolled_again() {
    on_each(|world| {
        let (ada, olga) = (world.person("ada"), world.person("olga"));
        let batch = Batch::issued(world, "RESET-1");
        batch.weigh("0.272");
        let temporary = "temporary-cobble-Bassoon-17";
        let path = "/persons/olga/password-reset";
        ada.post(path, &json!({ "temporary_password": temporary, "reason": "" }))
            .refused(428, "reason-required");
        ada.post(path, &json!({ "temporary_password": temporary, "reason": "forgotten" })).done();
        assert_eq!(olga.get("/batches").status, 401, "sessions end with the old password");
        let thief = json!({ "signature": world.person("omar").both(),
            "second_person": { "user_name": "olga", "password": temporary } });
        world
            .person("omar")
            .post(&batch.path("gates/G-FILL/passage"), &thief)
            .refused(403, "signing-key-missing");
        let own = olga.password();
        olga.set_password(temporary);
        let entered = olga.sign_in().done();
        assert_eq!(entered["must_change_password"], true);
        olga.get("/batches").refused(403, "password-change-owed");
        let change = |old: &str, new: &str| json!({ "old_password": old, "new_password": new });
        let to = "/persons/current/password";
        olga.post(to, &change("not-the-one-77", "gravel-new-Oboe-5512"))
            .refused(401, "signing-credentials-wrong");
        olga.post(to, &change(temporary, "short")).refused(422, "password-too-short");
        olga.post(to, &change(temporary, "passwordpassword")).refused(422, "password-guessable");
        olga.post(to, &change(temporary, "olga-gravel-Oboe-5512"))
            .refused(422, "password-holds-name");
        olga.post(to, &change(temporary, temporary)).refused(422, "password-unchanged");
        olga.post(to, &change(temporary, &own)).done();
        olga.set_password(&own);
        olga.sign_in().done();
        let pass = olga.sign(&batch.path("gates/G-FILL/passage"), &json!({}));
        pass.refused(403, "signing-key-missing");
        let enrol = "/persons/olga/enrolment";
        ada.sign_seconded(enrol, &json!({ "method": "passport seen" }), olga)
            .refused(403, "voucher-reset-the-password");
        let bert = second_administrator(world);
        bert.sign_seconded(enrol, &json!({ "method": " " }), olga)
            .refused(428, "identity-method-missing");
        bert.sign_seconded(enrol, &json!({ "method": "passport seen" }), olga).done();
        bert.sign_seconded(enrol, &json!({ "method": "passport seen" }), olga)
            .refused(409, "already-enrolled");
        olga.sign_in().done();
        batch.complete(olga, "OP-01~1/01.1~1").refused(403, "accountability-not-acknowledged");
        olga.post("/persons/current/accountability", &json!({ "version": 1 })).done();
        batch.complete(olga, "OP-01~1/01.1~1").done();
    });
}

/// Somebody else who administers, unlocks and enrols.
fn second_administrator(world: &World) -> Persona {
    world.joins("bert", "Bert Brandt", &json!([{ "role": "administrator" }]))
}

/// An administrator resets somebody's password and sits down in their place.
fn takes_over(who: &Persona, victim: &Persona) {
    let temporary = "temporary-cobble-Bassoon-18";
    let path = format!("/persons/{}/password-reset", victim.user_name);
    who.post(&path, &json!({ "temporary_password": temporary, "reason": "forgotten" })).done();
    let own = "mine-now-gravel-Oboe-5513";
    victim.set_password(temporary);
    victim.sign_in().done();
    let change = json!({ "old_password": temporary, "new_password": own });
    victim.post("/persons/current/password", &change).done();
    victim.set_password(own);
    victim.sign_in().done();
}

// shows: P11-200a3.c, T26.a
#[test]
fn one_administrator_alone_comes_to_sign_as_nobody_else() {
    on_each(|world| {
        let (ada, qadir) = (world.person("ada"), world.person("qadir"));
        let batch = Batch::issued(world, "ALONE-1");
        batch.weigh("0.300");
        takes_over(ada, qadir);
        let seen = json!({ "method": "seen" });
        let refused = ada
            .sign_seconded("/persons/qadir/enrolment", &seen, qadir)
            .refused(403, "voucher-reset-the-password");
        let resolution = refused["resolution"].as_str().unwrap_or_default();
        assert!(resolution.contains("second administrator"), "{refused}");
        let statement = json!({ "version": 1 });
        qadir
            .post("/persons/current/accountability", &statement)
            .refused(403, "signing-key-missing");
        batch.wave_through(1).refused(403, "signing-key-missing");
        // Nor by way of another administrator's account that waits for its own key.
        let bert = second_administrator(world);
        takes_over(ada, &bert);
        let reset = json!({ "temporary_password": "temporary-cobble-Bassoon-19", "reason": "x" });
        bert.post("/persons/qadir/password-reset", &reset).refused(403, "signing-key-missing");
        ada.sign_seconded("/persons/bert/enrolment", &seen, &bert)
            .refused(403, "voucher-reset-the-password");
    });
}

// shows: P11-100b.b
#[test]
fn two_administrators_bring_somebody_back_to_signing() {
    on_each(|world| {
        let bert = second_administrator(world);
        let batch = Batch::issued(world, "NIGHT-1");
        batch.weigh("0.272");
        let olga = world.person("olga");
        takes_over(&bert, olga);
        let seen = json!({ "method": "badge and face" });
        world.person("ada").sign_seconded("/persons/olga/enrolment", &seen, olga).done();
        olga.sign_in().done();
        olga.post("/persons/current/accountability", &json!({ "version": 1 })).done();
        batch.complete(olga, "OP-01~1/01.1~1").done();
        // Once somebody has vouched, the next key is nobody's in particular again.
        let person = bert.get("/persons/olga").done();
        assert!(person["signing_key"].is_string(), "{person}");
    });
}

// shows: P11-100a.a, A11D-11.1.a, T27.a
#[test]
fn user_names_are_never_reused_and_twins_are_one_name() {
    on_each(|world| {
        let ada = world.person("ada");
        let operator = json!([{ "role": "operator" }]);
        for twin in ["olga", "OLGA", "Olga"] {
            ada.post("/persons", &account(twin, &operator)).refused(409, "user-name-taken");
        }
        ada.post("/persons", &account("ｏｌｇａ", &operator)).refused(409, "user-name-taken");
        for twin in ["оlga", "ol ga", ""] {
            ada.post("/persons", &account(twin, &operator)).refused(422, "user-name-malformed");
        }
        ada.post("/persons", &account("x", &operator)).refused(422, "user-name-malformed");
        ada.post("/persons/omar/deactivation", &json!({ "reason": "left" })).done();
        ada.post("/persons", &account("omar", &operator)).refused(409, "user-name-taken");
        ada.post("/persons/omar/deactivation", &json!({ "reason": "left" }))
            .refused(409, "account-deactivated");
        let mut unprintable = account("newcomer", &operator);
        unprintable["printed_name"] = "two\nlines".into();
        ada.post("/persons", &unprintable).refused(422, "printed-name-malformed");
    });
}

// shows: P11-10k2.a, Q7-2.1.a, A11-12b.a, A11D-11.10.a, DI-Q4.a
#[test]
fn forbidden_combinations_cannot_be_granted() {
    on_each(|world| {
        let ada = world.person("ada");
        let both = |a: &str, b: &str| json!([{ "role": a }, { "role": b }]);
        for roles in [
            both("operator", "qa"),
            both("administrator", "operator"),
            both("administrator", "auditor"),
            both("process-engineer", "qa"),
        ] {
            ada.post("/persons", &account("newcomer", &roles))
                .refused(409, "combination-forbidden");
        }
        let grant = |roles: Value| json!({ "roles": roles, "reason": "stands in" });
        let path = "/persons/olga/grants";
        ada.post(path, &grant(both("operator", "qa"))).refused(409, "combination-forbidden");
        ada.post(path, &grant(json!([{ "role": "wizard" }]))).refused(422, "role-unknown");
        ada.post(path, &grant(json!([{ "role": "operator" }]))).refused(409, "unchanged");
        ada.post("/persons/ada/grants", &grant(both("operator", "administrator")))
            .refused(403, "own-account");
        world
            .person("sven")
            .post(path, &grant(both("operator", "supervisor")))
            .refused(403, "authority-missing");
        let more = grant(both("operator", "qualified-person"));
        world
            .person("qadir")
            .post("/persons/qadir/grants", &more)
            .refused(403, "authority-missing");
        ada.post(path, &grant(both("operator", "supervisor"))).done();
        let trail = world.person("qadir").get("/audit-trail?action=person.grants-changed").done();
        let line = &trail["entries"][0];
        assert!(line["old"].is_string() && line["new"].is_string(), "{line}");
        assert_eq!(line["reason"], "stands in");
    });
}

// shows: P11-10j.a, P11-10j.b, P11-100b.a
#[test]
fn who_has_not_acknowledged_the_statement_in_force_signs_nothing() {
    on_each(|world| {
        let ada = world.person("ada");
        let batch = Batch::issued(world, "ACK-1");
        let statement = json!({ "text": "My signature binds me as one by hand." });
        ada.post("/site/accountability", &statement).done();
        let sven = world.person("sven");
        sven.sign(&batch.path("abort"), &json!({ "reason": "test" }))
            .refused(403, "accountability-not-acknowledged");
        let acknowledge = "/persons/current/accountability";
        assert_eq!(sven.get("/sessions/current").done()["accountability_owed"], true);
        sven.post(acknowledge, &json!({ "version": 1 })).refused(409, "statement-not-current");
        sven.post(acknowledge, &json!({ "version": 2 })).done();
        sven.post(acknowledge, &json!({ "version": 2 }))
            .refused(409, "statement-already-acknowledged");
        sven.sign(&batch.path("abort"), &json!({ "reason": "test" })).done();
    });
}

// shows: P11-50a.a, P11-100c.a, T5.a
#[test]
fn a_renamed_person_keeps_the_name_that_stood_under_earlier_signatures() {
    on_one(|world| {
        let batch = Batch::issued(world, "NAME-1");
        batch.weighed();
        let ada = world.person("ada");
        let body = json!({ "printed_name": "Olga Nowak", "reason": "married" });
        ada.post("/persons/olga/name", &body).done();
        ada.post("/persons/olga/name", &body).refused(409, "unchanged");
        let signed = &batch.occurrence("OP-01~1/01.1~1")["performed"];
        assert_eq!(signed["printed_name"], "Olga Okafor", "a signature keeps its names");
        assert_eq!(ada.get("/persons/olga").done()["printed_name"], "Olga Nowak");
        ada.post("/site/binding-letter", &json!({ "reference": "FDA letter of 2026-01-05" }))
            .done();
        assert!(ada.get("/site").done()["binding_letter"].to_string().contains("2026-01-05"));
    });
}

// shows: P11-200a3.b, T35.a
#[test]
fn no_password_is_ever_written_down() {
    let test = |world: &World| {
        let olga = world.person("olga");
        let token = world.token_of(batchwright::domain::clock::Instant(0));
        assert!(token.starts_with("eyJ0eXAiOiJKV1Qi"), "a token begins otherwise by now");
        olga.elsewhere().sign_in_with("mistyped-secret-8812").refused(401, "sign-in-refused");
        let batch = Batch::issued(world, "SECRET-1");
        batch.weighed();
        let newcomer = world.joins("nora", "Nora North", &json!([{ "role": "operator" }]));
        newcomer.get("/batches").done();
        let body = json!({ "reason": "x", "signature": { "user_name": "olga", "password": "mistyped-secret-8813" } });
        olga.post(&batch.path("abort"), &body).refused(401, "signing-credentials-wrong");
    };
    let after = |database: &Database| {
        if database.engine == Engine::Postgres {
            return;
        }
        let mut secrets: Vec<String> = cast::PEOPLE.iter().map(|p| cast::password(p.0)).collect();
        secrets.extend(["ada", "nora"].map(cast::password));
        secrets.extend(["temporary-", "mistyped-secret-"].map(str::to_owned));
        // How a token begins: long enough that no signature's base64 holds it by chance.
        let bearer = "eyJ0eXAiOiJKV1Qi";
        for file in std::fs::read_dir(&database.dir).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            for secret in secrets.iter().map(String::as_str).chain([bearer]) {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} stands in the database");
            }
        }
    };
    on_each_opened(Opening::USUAL, test, after);
}
