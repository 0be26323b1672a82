//! Who works at a benchmark's site.

use super::terminal::{Said, Terminal};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// User name, printed name, role.
const PEOPLE: &[(&str, &str, &str)] = &[
    ("olga", "Olga Okafor", "operator"),
    ("omar", "Omar Ortiz", "operator"),
    ("sven", "Sven Sandberg", "supervisor"),
    ("petra", "Petra Popescu", "process-engineer"),
    ("paul", "Paul Park", "process-engineer"),
    ("quinn", "Quinn Quist", "qc-analyst"),
    ("qadir", "Qadir Qureshi", "qa"),
    ("quella", "Quella Quirk", "qa"),
];

/// Access tokens are good for five minutes.
const TOKEN: Duration = Duration::from_secs(200);

/// Passwords by user name.
pub type Passwords = BTreeMap<String, String>;

/// A password that is hard to guess and holds no name.
fn password(user_name: &str) -> String {
    let n: u32 = user_name.bytes().map(u32::from).sum();
    format!("gravel-{n}-trombone-Quartz!{}", n * 7919)
}

/// Somebody with a terminal.
pub struct Persona {
    pub user_name: String,
    pub password: String,
    terminal: Terminal,
    signed_in: Option<Instant>,
}

/// What is asked of an answer that must be good.
pub struct Done {
    pub etag: Option<String>,
    pub body: Value,
}

fn done(path: &str, said: &Said) -> Done {
    assert!(said.status < 300, "{path}: {} {}", said.status, said.text());
    let body = serde_json::from_slice(&said.body).unwrap_or(Value::Null);
    Done { etag: said.etag.clone(), body }
}

impl Persona {
    pub fn new(to: SocketAddr, user_name: &str, password: &str) -> Self {
        let key = format!("{user_name}-{}", uuid::Uuid::now_v7().simple());
        Self {
            user_name: user_name.to_owned(),
            password: password.to_owned(),
            terminal: Terminal::connect(&[to], "", &key),
            signed_in: None,
        }
    }

    /// Signs in at another terminal and returns that session's token.
    pub fn token_for(&self, terminal: &mut Terminal) {
        let body = json!({ "user_name": self.user_name, "password": self.password });
        terminal.token.clear();
        let answer = done("/sessions", &terminal.post("/sessions", None, &body.to_string())).body;
        terminal.token = answer["access_token"].as_str().expect("a token").to_owned();
    }

    /// The token of a session that still stands for some minutes.
    pub fn token(&mut self) -> String {
        if self.signed_in.is_none_or(|when| when.elapsed() > TOKEN) {
            self.sign_in();
        }
        self.terminal.token.clone()
    }

    pub fn sign_in(&mut self) {
        let mut terminal = std::mem::replace(&mut self.terminal, Terminal::connect(&[], "", ""));
        self.token_for(&mut terminal);
        self.terminal = terminal;
        self.signed_in = Some(Instant::now());
    }

    pub fn get(&mut self, path: &str) -> Done {
        self.token();
        done(path, &self.terminal.get(path))
    }

    /// The status alone.
    pub fn status(&mut self, path: &str) -> u16 {
        self.token();
        self.terminal.get(path).status
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Done {
        self.post_on(path, body, None)
    }

    pub fn post_on(&mut self, path: &str, body: &Value, version: Option<&str>) -> Done {
        self.token();
        done(path, &self.terminal.post(path, version, &body.to_string()))
    }

    /// An order with this person's signature.
    pub fn sign(&mut self, path: &str, body: &Value, version: Option<&str>) -> Done {
        let mut body = body.clone();
        body["signature"] = self.both();
        self.post_on(path, &body, version)
    }

    fn both(&self) -> Value {
        json!({ "user_name": self.user_name, "password": self.password })
    }

    fn state_accountability(&mut self) {
        let version = self.get("/site").body["accountability"]["version"].clone();
        self.post("/persons/current/accountability", &json!({ "version": version }));
    }
}

/// The administrator brings everybody in.
pub fn hire(to: SocketAddr, founding_password: &str) -> Passwords {
    let mut ada = Persona::new(to, "ada", founding_password);
    ada.state_accountability();
    let mut passwords = Passwords::from([("ada".into(), ada.password.clone())]);
    for (user_name, printed_name, role) in PEOPLE {
        let temporary = format!("temporary-{}", password(user_name));
        let account = json!({ "user_name": user_name, "printed_name": printed_name,
            "temporary_password": temporary, "roles": [{ "role": role }],
            "reason": "joins the site" });
        ada.post("/persons", &account);
        let mut person = Persona::new(to, user_name, &temporary);
        let own = password(user_name);
        let change = json!({ "old_password": temporary, "new_password": own });
        person.post("/persons/current/password", &change);
        person.password = own.clone();
        let mut enrolment = json!({ "method": "passport seen in person" });
        enrolment["second_person"] = person.both();
        ada.sign(&format!("/persons/{user_name}/enrolment"), &enrolment, None);
        person.sign_in();
        person.state_accountability();
        passwords.insert((*user_name).to_owned(), own);
    }
    passwords
}

/// A master record drafted, submitted, checked and approved: effective at once.
pub fn bring_into_effect(to: SocketAddr, passwords: &Passwords, document: &Value) {
    let of = |name: &str| Persona::new(to, name, &passwords[name]);
    let mut petra = of("petra");
    let drafted = petra.post("/masters", &json!({ "content": document })).body;
    let code = drafted["code"].as_str().expect("a code");
    let path = format!("/masters/{code}/versions/{}", drafted["version"]);
    petra.sign(&format!("{path}/submission"), &json!({}), None);
    of("paul").sign(&format!("{path}/check"), &json!({}), None);
    of("qadir").sign(&format!("{path}/approval"), &json!({}), None);
}
