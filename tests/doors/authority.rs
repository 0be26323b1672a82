//! Who may not: scopes hide, exclusions hold, roles cannot be widened by their holder.

use super::world::{BATCH, OWN, batch, on_one};
use serde_json::json;

// shows: P11-10g, A11D-11.10
#[test]
fn records_outside_a_product_scope_are_not_shown_to_exist() {
    on_one(|world| {
        world.issued();
        let role = json!({ "role": "operator", "product": "OTHER" });
        let oscar = world.hire("oscar", &[role]);
        assert_eq!(oscar.get("/api/v1/batches").ok().json["batches"], json!([]));
        assert_eq!(oscar.get("/api/v1/masters").ok().json["masters"], json!([]));
        oscar.get(&format!("/api/v1/batches/{BATCH}")).refused(404, "not-found");
        oscar.get(&batch("obligations")).refused(404, "not-found");
        oscar.get(&batch("audit-trail")).refused(404, "not-found");
        oscar.get("/api/v1/masters/BUF-ACETATE/versions/1").refused(404, "not-found");
        let seen = oscar.get("/api/v1/audit-trail?what=run.").ok().json;
        assert_eq!(seen["entries"], json!([]));
        oscar.post(&batch("events"), &json!({ "what": "x" })).refused(403, "authority-missing");
    });
}

// shows: A11D-11.10, Q7-2.1, P11-10g
#[test]
fn nobody_widens_their_own_rights_and_forbidden_pairs_stay_forbidden() {
    on_one(|world| {
        let more =
            json!({ "roles": [{ "role": "administrator" }, { "role": "qa" }], "reason": "more" });
        world.ada.post("/api/v1/persons/ada/grants", &more).refused(403, "own-account");
        world
            .person("qadir")
            .post("/api/v1/persons/qadir/grants", &more)
            .refused(403, "authority-missing");
        let both =
            json!({ "roles": [{ "role": "operator" }, { "role": "qa" }], "reason": "small house" });
        world.ada.post("/api/v1/persons/olga/grants", &both).refused(409, "combination-forbidden");
        let none = json!({ "roles": [{ "role": "emperor" }], "reason": "x" });
        world.ada.post("/api/v1/persons/olga/grants", &none).refused(422, "role-unknown");
        let roles = json!({ "roles": [{ "name": "all", "authorities": ["administer", "execute"] }], "reason": "x" });
        let reply = world.ada.post("/api/v1/site/roles", &roles);
        assert!((400..500).contains(&reply.status), "{} {}", reply.status, reply.json);
        world.person("olga").post("/api/v1/site/roles", &roles).refused(403, "authority-missing");
        let _ = OWN;
    });
}

// shows: P11-10j
#[test]
fn a_new_accountability_statement_is_acknowledged_before_anything_is_signed() {
    on_one(|world| {
        world.master();
        let text =
            json!({ "text": "I am answerable for what I sign, as for my handwritten signature." });
        world.ada.post("/api/v1/site/accountability", &text).ok();
        let sven = world.person("sven");
        let body = json!({ "number": BATCH, "master": { "code": "BUF-ACETATE" }, "signature": sven.both() });
        sven.post("/api/v1/batches", &body).refused(403, "accountability-not-acknowledged");
        assert_eq!(sven.get("/api/v1/sessions/current").ok().json["accountability_owed"], true);
        sven.post("/api/v1/persons/current/accountability", &json!({ "version": 1 }))
            .refused(409, "statement-not-current");
        sven.post("/api/v1/persons/current/accountability", &json!({ "version": 2 })).ok();
        sven.post("/api/v1/batches", &body).ok();
    });
}

// shows: C211-186a, F16
#[test]
fn a_master_record_needs_three_people_and_only_the_effective_version_is_issued() {
    on_one(|world| {
        let content = world.master();
        let (petra, paul) = (world.person("petra"), world.person("paul"));
        petra.post("/api/v1/masters", &json!({ "content": content })).ok();
        let path = "/api/v1/masters/BUF-ACETATE/versions/2";
        assert_eq!(petra.get(&format!("{path}/findings")).ok().json["findings"], json!([]));
        let sven = world.person("sven");
        let issue = json!({ "number": "B-2", "master": { "code": "BUF-ACETATE", "version": 2 }, "signature": sven.signature() });
        sven.post("/api/v1/batches", &issue).refused(409, "master-not-effective");
        paul.post(&format!("{path}/submission"), &json!({ "signature": paul.signature() }))
            .refused(403, "submitter-is-not-the-author");
        petra.post(&format!("{path}/submission"), &json!({ "signature": petra.signature() })).ok();
        petra
            .post(&format!("{path}/check"), &json!({ "signature": petra.signature() }))
            .refused(403, "checker-is-author");
        let qadir = world.person("qadir");
        qadir
            .post(&format!("{path}/approval"), &json!({ "signature": qadir.signature() }))
            .refused(409, "master-phase");
        paul.post(&format!("{path}/check"), &json!({ "signature": paul.signature() })).ok();
        qadir.post(&format!("{path}/approval"), &json!({ "signature": qadir.signature() })).ok();
        let first = qadir.get("/api/v1/masters/BUF-ACETATE/versions/1").ok().json;
        assert_eq!(first["phase"], "superseded");
        let bad = json!({ "content": { "code": "BAD", "title": "Bad", "product": { "code": "BUFFERS" }, "unit_procedures": [] } });
        petra.post("/api/v1/masters", &bad).ok();
        let refused = petra
            .post(
                "/api/v1/masters/BAD/versions/1/submission",
                &json!({ "signature": petra.signature() }),
            )
            .refused(422, "master-faulty");
        assert!(refused.json["missing"].as_array().is_some_and(|all| all.len() > 3));
        qadir.get("/api/v1/masters/NONE/versions/1").refused(404, "not-found");
        sven.post(
            "/api/v1/batches",
            &json!({ "number": "B-3", "master": { "code": "BAD" }, "signature": sven.signature() }),
        )
        .refused(409, "no-effective-version");
    });
}
