//! Who works at the test site, and how they got there.

use super::client::{Line, Persona};
use super::recipes;
use serde_json::json;
use std::collections::BTreeMap;

/// User name, printed name, role.
pub const PEOPLE: &[(&str, &str, &str)] = &[
    ("olga", "Olga Okafor", "operator"),
    ("omar", "Omar Ortiz", "operator"),
    ("sven", "Sven Sandberg", "supervisor"),
    ("sara", "Sara Schmid", "supervisor"),
    ("petra", "Petra Popescu", "process-engineer"),
    ("paul", "Paul Park", "process-engineer"),
    ("quinn", "Quinn Quist", "qc-analyst"),
    ("quentin", "Quentin Quick", "qc-analyst"),
    ("quill", "Quill Quade", "qc-supervisor"),
    ("qadir", "Qadir Qureshi", "qa"),
    ("quella", "Quella Quirk", "qa"),
    ("pia", "Pia Pfeiffer", "qualified-person"),
    ("audrey", "Audrey Aubert", "auditor"),
];

/// A password that zxcvbn finds hard and that holds no name.
pub fn password(user_name: &str) -> String {
    let n: u32 = user_name.bytes().map(u32::from).sum();
    format!("gravel-{n}-trombone-Quartz!{}", n * 7919)
}

/// The administrator brings everybody in, and the buffer recipe becomes effective.
pub fn hire(line: &Line) -> BTreeMap<&'static str, String> {
    let ada = Persona::new(line, "ada", &password("ada"));
    ada.sign_in().done();
    let version = ada.get("/site").done()["accountability"]["version"].clone();
    ada.post("/persons/current/accountability", &json!({ "version": version })).done();
    let mut people = BTreeMap::from([("ada", ada.password())]);
    for (user_name, printed_name, role) in PEOPLE {
        let person = join(&ada, line, user_name, printed_name, &json!([{ "role": role }]));
        people.insert(user_name, person.password());
    }
    let of = |name: &str| {
        let persona = Persona::new(line, name, &people[name]);
        persona.sign_in().done();
        persona
    };
    recipes::bring_into_effect(&of("petra"), &of("paul"), &of("qadir"), &recipes::buffer());
    people
}

/// Brings one person in: account, own password, identity check with key, statement.
pub fn join(
    ada: &Persona,
    line: &Line,
    user_name: &str,
    printed_name: &str,
    roles: &serde_json::Value,
) -> Persona {
    let temporary = format!("temporary-{}", password(user_name));
    ada.post(
        "/persons",
        &json!({ "user_name": user_name, "printed_name": printed_name,
                 "temporary_password": temporary, "roles": roles, "reason": "joins the site" }),
    )
    .done();
    let person = Persona::new(line, user_name, &temporary);
    person.sign_in().done();
    let own = password(user_name);
    person
        .post(
            "/persons/current/password",
            &json!({ "old_password": temporary, "new_password": own }),
        )
        .done();
    person.set_password(&own);
    ada.sign_seconded(
        &format!("/persons/{user_name}/enrolment"),
        &json!({ "method": "passport seen in person" }),
        &person,
    )
    .done();
    person.sign_in().done();
    let version = person.get("/site").done()["accountability"]["version"].clone();
    person.post("/persons/current/accountability", &json!({ "version": version })).done();
    person
}
