//! The people of the demo: every one a person with a role, a password and a signing key.

use super::client::{DemoError, Persona, Tally};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::rc::Rc;

/// User name, printed name, role.
pub const PEOPLE: &[(&str, &str, &str)] = &[
    ("olga", "Olga Okafor", "operator"),
    ("omar", "Omar Ortiz", "operator"),
    ("odile", "Odile Orlov", "operator"),
    ("sven", "Sven Sandberg", "supervisor"),
    ("sara", "Sara Schmid", "supervisor"),
    ("petra", "Petra Popescu", "process-engineer"),
    ("paul", "Paul Park", "process-engineer"),
    ("quinn", "Quinn Quist", "qc-analyst"),
    ("quentin", "Quentin Quick", "qc-analyst"),
    ("quill", "Quill Quade", "qc-supervisor"),
    ("qadir", "Qadir Qureshi", "qa"),
    ("quella", "Quella Quirk", "qa"),
    ("quentina", "Quentina Quill", "qa"),
    ("quirin", "Quirin Quast", "qa"),
    ("pia", "Pia Pfeiffer", "qualified-person"),
    ("audrey", "Audrey Aubert", "auditor"),
];

/// The cast by user name.
pub struct Cast {
    people: BTreeMap<String, Persona>,
}

impl Cast {
    /// Somebody of the cast.
    ///
    /// # Panics
    /// When the story names somebody who is not in the cast.
    #[must_use]
    pub fn get(&self, user_name: &str) -> &Persona {
        self.people.get(user_name).expect("the story names only its cast")
    }

    /// Everybody leaves at the end of a shift.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn end_shift(&self) -> Result<(), DemoError> {
        self.people.values().try_for_each(Persona::sign_out)
    }

    /// What stands in `accounts.json`.
    #[must_use]
    pub fn accounts(&self) -> Value {
        let role = |name: &str| {
            PEOPLE.iter().find(|p| p.0 == name).map_or("administrator", |p| p.2).to_owned()
        };
        self.people
            .values()
            .map(|p| {
                json!({
                    "user_name": p.user_name,
                    "password": *p.password.borrow(),
                    "roles": [role(&p.user_name)],
                })
            })
            .collect()
    }
}

/// The administrator brings in everybody: account, own password, identity check with key, statement.
///
/// # Errors
/// When the server refuses.
pub fn hire(
    base: &str,
    administrator: Persona,
    tally: &Rc<Tally>,
    password: impl Fn() -> String,
    mut tick: impl FnMut(),
) -> Result<Cast, DemoError> {
    let mut people = BTreeMap::new();
    let version = administrator.get("/api/v1/site")?["accountability"]["version"].clone();
    administrator.post("/api/v1/persons/current/accountability", &json!({ "version": version }))?;
    for (user_name, printed_name, role) in PEOPLE {
        let temporary = password();
        administrator.post(
            "/api/v1/persons",
            &json!({
                "user_name": user_name, "printed_name": printed_name,
                "temporary_password": temporary, "roles": [{ "role": role }],
                "reason": "joins the A-Mab campaign",
            }),
        )?;
        let person = Persona::new(base, user_name, &temporary, Rc::clone(tally));
        person.sign_in()?;
        let own = password();
        person.post(
            "/api/v1/persons/current/password",
            &json!({ "old_password": temporary, "new_password": own }),
        )?;
        *person.password.borrow_mut() = own;
        administrator.post(
            &format!("/api/v1/persons/{user_name}/enrolment"),
            &json!({
                "method": "passport seen in person", "signature": administrator.signature(),
                "second_person": { "user_name": user_name, "password": *person.password.borrow() },
            }),
        )?;
        person.sign_out()?;
        person.sign_in()?;
        person.post("/api/v1/persons/current/accountability", &json!({ "version": version }))?;
        person.sign_out()?;
        people.insert((*user_name).to_owned(), person);
        tick();
    }
    people.insert(administrator.user_name.clone(), administrator);
    Ok(Cast { people })
}
