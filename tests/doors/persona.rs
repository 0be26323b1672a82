//! A person at a terminal: a session, verbs, and what came back.

use serde_json::{Value, json};
use std::cell::{Cell, RefCell};

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub json: Value,
    pub bytes: Vec<u8>,
    pub headers: Vec<(String, String)>,
}

impl Reply {
    /// The problem's code, or nothing.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The version in `ETag`.
    pub fn version(&self) -> u64 {
        let tag = self.header("etag").expect("an ETag");
        tag.trim_matches('"').parse().expect("a version")
    }

    /// The answer of a success.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.status < 300, "{} {:#}", self.status, self.json);
        self
    }

    /// A refusal with this status and code; every problem says rule, clause and what to do.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code()), (status, code), "{:#}", self.json);
        for member in ["type", "title", "rule", "clause", "resolution"] {
            assert!(self.json[member].as_str().is_some_and(|s| !s.is_empty()), "{member}");
        }
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        self
    }
}

/// Somebody with or without a session.
pub struct Persona {
    agent: ureq::Agent,
    base: String,
    pub name: String,
    pub password: RefCell<String>,
    pub token: RefCell<Option<String>>,
    signed: Cell<bool>,
    keys: Cell<u32>,
}

impl Persona {
    pub fn new(base: &str, name: &str, password: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Self {
            agent: config.new_agent(),
            base: base.to_owned(),
            name: name.to_owned(),
            password: RefCell::new(password.to_owned()),
            token: RefCell::new(None),
            signed: Cell::new(false),
            keys: Cell::new(0),
        }
    }

    pub fn sign_in(&self) -> Reply {
        let body = json!({ "user_name": self.name, "password": *self.password.borrow(), "station": "T-1" });
        let reply = self.post("/api/v1/sessions", &body);
        *self.token.borrow_mut() = reply.json["access_token"].as_str().map(str::to_owned);
        self.signed.set(false);
        reply
    }

    /// Credentials of this session's person: both at first, then the password.
    pub fn signature(&self) -> Value {
        if self.signed.replace(true) {
            return json!({ "password": *self.password.borrow() });
        }
        self.both()
    }

    /// Both components.
    pub fn both(&self) -> Value {
        json!({ "user_name": self.name, "password": *self.password.borrow() })
    }

    pub fn get(&self, path: &str) -> Reply {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(token) = self.token.borrow().as_ref() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        held("GET", path, read(request.call().expect("an answer")))
    }

    /// A fresh idempotency key.
    pub fn key(&self) -> String {
        self.keys.set(self.keys.get() + 1);
        format!("{}-{:08}", self.name, self.keys.get())
    }

    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(path, body, &[("Idempotency-Key", &self.key())])
    }

    /// A POST on a version.
    pub fn on(&self, version: u64, path: &str, body: &Value) -> Reply {
        let tag = format!("\"{version}\"");
        self.send(path, body, &[("Idempotency-Key", &self.key()), ("If-Match", &tag)])
    }

    pub fn send(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
        self.raw(path, body.to_string().as_bytes(), "application/json", headers)
    }

    pub fn raw(&self, path: &str, body: &[u8], kind: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request =
            self.agent.post(format!("{}{path}", self.base)).header("Content-Type", kind);
        if let Some(token) = self.token.borrow().as_ref() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        held("POST", path, read(request.send(body).expect("an answer")))
    }

    /// Any verb without a body.
    pub fn verb(&self, verb: &str, path: &str) -> Reply {
        let request = ureq::http::Request::builder()
            .method(verb)
            .uri(format!("{}{path}", self.base))
            .body(())
            .expect("a request");
        read(self.agent.run(request).expect("an answer"))
    }
}

/// An answer, held against the document.
#[track_caller]
fn held(method: &str, path: &str, reply: Reply) -> Reply {
    let kind = reply.header("content-type").unwrap_or_default();
    crate::conformity::held(method, path, reply.status, kind, &reply.json);
    reply
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Reply {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    let bytes =
        response.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec().expect("a body");
    let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Reply { status, json, bytes, headers }
}
