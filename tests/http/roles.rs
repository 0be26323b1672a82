//! The site's roles, and accounts that are no humans.

use crate::house::batch::Batch;
use crate::house::client::Persona;
use crate::house::recipes::{self, version};
use crate::house::world::{on_each, on_one};
use serde_json::{Value, json};

/// The site's roles with one added or changed.
fn with(ada: &Persona, name: &str, authorities: &[&str]) -> Value {
    let mut roles = ada.get("/site").done()["roles"].as_array().expect("roles").clone();
    roles.retain(|role| role["name"] != name);
    roles.push(json!({ "name": name, "authorities": authorities }));
    json!({ "roles": roles, "reason": "weighing room" })
}

// shows: P11-10g.d, P11-10k2.a, A11D-11.10.a, F30.b, T32.a
#[test]
fn roles_are_changed_in_the_open_and_never_weaken_what_excludes_what() {
    on_each(|world| {
        let ada = world.person("ada");
        let set = |body: &Value| ada.post("/site/roles", body);
        let roles = ada.get("/site").done()["roles"].clone();
        set(&json!({ "roles": roles, "reason": "x" })).refused(409, "site-unchanged");
        set(&json!({ "roles": roles.as_array().unwrap()[1..], "reason": "x" }))
            .refused(409, "role-removed");
        set(&with(ada, "Weigher!", &["execute"])).refused(422, "roles-malformed");
        set(&with(ada, "weigher", &["execute", "release"]))
            .refused(409, "role-holds-forbidden-pair");
        set(&with(ada, "weigher", &["fly"])).refused(422, "malformed");
        set(&with(ada, "auditor", &["read", "export", "execute"])).refused(409, "roles-collide");
        set(&with(ada, "administrator", &["unlock", "enrol"])).refused(409, "no-role-administers");
        let mut silent = with(ada, "weigher", &["execute", "read"]);
        silent["reason"] = "".into();
        set(&silent).refused(428, "reason-required");
        ada.post("/site/accountability", &json!({ "text": " " })).refused(428, "text-missing");
        let weigher = with(ada, "weigher", &["execute", "read"]);
        world.person("olga").post("/site/roles", &weigher).refused(403, "authority-missing");
        set(&weigher).done();
        let trail = world.person("qadir").get("/audit-trail?action=site.roles-changed").done();
        assert_eq!(trail["entries"][0]["reason"], "weighing room", "{trail}");
    });
}

// shows: P11-200a2.b, F27.a
#[test]
fn a_service_account_reports_and_never_signs() {
    on_each(|world| {
        let ada = world.person("ada");
        ada.post("/site/roles", &with(ada, "recorder", &["execute", "read"])).done();
        let body = |roles: Value| {
            json!({ "user_name": "scale-7", "printed_name": "Scale 7", "service": true, "roles": roles,
                    "reason": "balance interface", "temporary_password": "temporary-gravel-Trombone-92" })
        };
        ada.post("/persons", &body(json!([{ "role": "operator" }])))
            .refused(409, "service-grant-forbidden");
        ada.post("/persons", &body(json!([{ "role": "recorder" }]))).done();
        let scale = Persona::new(&world.line, "scale-7", "temporary-gravel-Trombone-92");
        scale.sign_in().done();
        let own = "gravel-interface-Bassoon-553";
        let change = json!({ "old_password": scale.password(), "new_password": own });
        scale.post("/persons/current/password", &change).done();
        scale.set_password(own);
        scale.sign_in().done();
        let enrol = json!({ "method": "installed by engineering" });
        ada.sign_seconded("/persons/scale-7/enrolment", &enrol, &scale)
            .refused(409, "service-account-enrols-no-key");
        let batch = Batch::issued(world, "SCALE-1");
        batch.start(world.person("olga"), "OP-01~1/01.1~1").done();
        let weight = json!({ "entry": "weight", "value": "0.272", "unit": "kg", "basis": { "kind": "device", "id": "BAL-07" } });
        let answer = batch.record(&scale, "OP-01~1/01.1~1", &weight);
        assert_eq!(answer.status, 201, "{}", answer.text());
        let close = batch.path("operations/OP-01~1/closure");
        let answer = scale.sign(&close, &json!({}));
        assert_eq!(answer.status, 403, "{}", answer.text());
    });
}

// shows: P11-100b.b, P11-200a3.c
#[test]
fn no_key_is_enrolled_under_a_password_that_somebody_else_set() {
    on_one(|world| {
        let ada = world.person("ada");
        let temporary = "temporary-gravel-Trombone-93";
        ada.post(
            "/persons",
            &json!({ "user_name": "nils", "printed_name": "Nils Nord", "reason": "joins",
            "temporary_password": temporary, "roles": [{ "role": "operator" }] }),
        )
        .done();
        let nils = Persona::new(&world.line, "nils", temporary);
        let method = json!({ "method": "passport seen" });
        ada.sign_seconded("/persons/nils/enrolment", &method, &nils)
            .refused(409, "password-not-own");
        ada.sign("/persons/nils/enrolment", &method).refused(428, "second-person-required");
        world
            .person("sven")
            .sign_seconded("/persons/nils/enrolment", &method, &nils)
            .refused(403, "authority-missing");
        let sven = world.person("sven");
        let answer =
            sven.sign(&Batch::issued(world, "NILS-1").path("abort"), &json!({ "reason": "x" }));
        answer.done();
        let text = json!({ "user_name": "nora", "printed_name": "Nora North", "reason": "joins", "roles": [] });
        let drawn = ada.post("/persons", &text).done();
        assert!(drawn["temporary_password"].as_str().unwrap().len() >= 10, "drawn and told once");
    });
}

// shows: C211-186a.a, T4.b
#[test]
fn whoever_wrote_a_recipe_does_not_approve_it_from_another_chair() {
    on_one(|world| {
        let (petra, paul, ada) = (world.person("petra"), world.person("paul"), world.person("ada"));
        let document = recipes::changed("M-CHAIR", |_| {});
        petra.post("/masters", &json!({ "content": document })).done();
        let path = version("M-CHAIR", 1);
        petra.sign(&format!("{path}/submission"), &json!({})).done();
        paul.sign(&format!("{path}/check"), &json!({})).done();
        for name in ["petra", "paul"] {
            let body = json!({ "roles": [{ "role": "qa" }], "reason": "moves to quality" });
            ada.post(&format!("/persons/{name}/grants"), &body).done();
            let person = world.person(name);
            person.sign(&format!("{path}/approval"), &json!({})).refused(403, "approver-took-part");
        }
    });
}

#[test]
fn an_entry_has_a_bound_and_nothing_of_it_is_lost_silently() {
    on_one(|world| {
        let document = recipes::changed("BUF-LONG", |document| {
            let remark = &mut recipes::step(document, "01.2")["entries"][1];
            remark.as_object_mut().unwrap().remove("max_length");
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "LONG-1", "BUF-LONG");
        batch.weighed();
        let olga = world.person("olga");
        batch.start(olga, "OP-01~1/01.2~1").done();
        let body = |length: usize| json!({ "entry": "remark", "value": "x".repeat(length) });
        let answer = batch.record(olga, "OP-01~1/01.2~1", &body(100_000));
        assert_eq!(answer.status, 422, "{}", answer.text());
        let reason = json!({ "reason": "y".repeat(100_000) });
        world.person("sven").sign(&batch.path("abort"), &reason).refused(422, "malformed");
    });
}
