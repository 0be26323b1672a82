//! A person with a terminal: signs in, reads, orders, signs. What comes back is looked at closely.

use super::conformity;
use batchwright::domain::clock::Instant;
use batchwright::store::clock::SimulatedClock;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use ureq::http::Request;

/// An answer of the server.
#[derive(Debug, Clone)]
pub struct Answer {
    pub asked: String,
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub bytes: Vec<u8>,
    pub body: Value,
}

impl Answer {
    /// It was done.
    #[track_caller]
    pub fn done(self) -> Value {
        assert!(self.status < 300, "{}: {} {}", self.asked, self.status, self.text());
        self.body
    }

    /// It was refused with this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let found = (self.status, self.body["code"].as_str().unwrap_or_default());
        assert_eq!(found, (status, code), "{}: {}", self.asked, self.text());
        self.body
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).chars().take(1500).collect()
    }

    /// The code of the problem, or nothing.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// A header, by its name in lower case.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Every error is a whole problem+json, whatever went wrong.
    fn look_closely(&self) {
        assert!(!self.header("x-request-id").is_empty(), "{}: no request id", self.asked);
        // How the parts stand is an answer, also where they do not stand.
        if self.status < 400 || self.asked.ends_with("/health/ready") {
            return;
        }
        let kind = self.header("content-type");
        assert_eq!(kind, "application/problem+json", "{}: {}", self.asked, self.text());
        let text = |name: &str| self.body[name].as_str().unwrap_or_default().to_owned();
        for member in ["type", "title", "detail", "code", "rule", "clause", "resolution"] {
            assert!(!text(member).is_empty(), "{}: no {member}: {}", self.asked, self.text());
        }
        assert_eq!(self.body["status"], self.status, "{}", self.asked);
        assert!(self.body["missing"].is_array(), "{}: no list of what is missing", self.asked);
        assert_eq!(text("type"), format!("/problems/{}", text("code")));
        let sentence = format!("{} {}", text("detail"), text("title"));
        for secret in [" panicked", "SELECT ", "diesel", "src/"] {
            assert!(!sentence.contains(secret), "{}: {sentence}", self.asked);
        }
    }
}

/// What a request is sent with besides its body.
#[derive(Debug, Clone, Default)]
pub struct With {
    pub key: Option<String>,
    pub if_match: Option<String>,
    pub headers: Vec<(&'static str, String)>,
    pub no_key: bool,
}

impl With {
    /// On the version that was read (an ETag, quotes and all).
    pub fn version(etag: &str) -> Self {
        Self { if_match: Some(etag.to_owned()), ..Self::default() }
    }

    /// With this idempotency key.
    pub fn key(key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..Self::default() }
    }
}

/// What was sent in a world, and what became of it.
#[derive(Debug, Clone)]
pub struct Sent {
    pub verb: String,
    pub path: String,
    pub status: u16,
    /// The code of the problem, or nothing.
    pub code: String,
    pub request_id: String,
    pub replayed: bool,
}

/// Where a site answers, its clock, and everything that was sent to it.
#[derive(Clone)]
pub struct Line {
    pub base: String,
    pub clock: SimulatedClock,
    pub sent: Arc<Mutex<Vec<Sent>>>,
}

impl Line {
    pub fn to(base: &str, clock: &SimulatedClock) -> Self {
        Self { base: base.to_owned(), clock: clock.clone(), sent: Arc::default() }
    }
}

/// Somebody.
pub struct Persona {
    agent: ureq::Agent,
    line: Line,
    pub user_name: String,
    password: Mutex<String>,
    token: Mutex<Option<String>>,
    pub refresh_token: Mutex<String>,
}

impl Persona {
    pub fn new(line: &Line, user_name: &str, password: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            // Shorter than the server keeps a connection that nothing is asked on: none is taken up as it closes.
            .max_idle_age(Duration::from_secs(2))
            .build();
        Self {
            agent: config.new_agent(),
            line: line.clone(),
            user_name: user_name.to_owned(),
            password: Mutex::new(password.to_owned()),
            token: Mutex::new(None),
            refresh_token: Mutex::new(String::new()),
        }
    }

    /// The same person at another terminal, not signed in.
    pub fn elsewhere(&self) -> Self {
        Self::new(&self.line, &self.user_name, &self.password())
    }

    pub fn password(&self) -> String {
        self.password.lock().expect("a password").clone()
    }

    pub fn set_password(&self, password: &str) {
        *self.password.lock().expect("a password") = password.to_owned();
    }

    pub fn token(&self) -> Option<String> {
        self.token.lock().expect("a token").clone()
    }

    pub fn set_token(&self, token: Option<&str>) {
        *self.token.lock().expect("a token") = token.map(str::to_owned);
    }

    /// Signs in with the password that the person knows.
    pub fn sign_in(&self) -> Answer {
        self.sign_in_with(&self.password())
    }

    pub fn sign_in_with(&self, password: &str) -> Answer {
        self.set_token(None);
        let body = json!({ "user_name": self.user_name, "password": password });
        let answer = self.post("/sessions", &body);
        if answer.status == 201 {
            self.set_token(answer.body["access_token"].as_str());
            let refresh = answer.body["refresh_token"].as_str().unwrap_or_default();
            *self.refresh_token.lock().expect("a token") = refresh.to_owned();
        }
        answer
    }

    pub fn sign_out(&self) {
        self.post("/sessions/current/end", &json!({})).done();
        self.set_token(None);
    }

    /// User name and password: for the first signing of a session, and always for a second person.
    pub fn both(&self) -> Value {
        json!({ "user_name": self.user_name, "password": self.password() })
    }

    /// The password alone.
    pub fn password_only(&self) -> Value {
        json!({ "password": self.password() })
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, &With::default())
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, body, &With::default())
    }

    /// An order with a signature of the session's person.
    pub fn sign(&self, path: &str, body: &Value) -> Answer {
        self.sign_with(path, body, &With::default())
    }

    pub fn sign_with(&self, path: &str, body: &Value, with: &With) -> Answer {
        let mut body = body.clone();
        body["signature"] = self.both();
        self.post_with(path, &body, with)
    }

    /// An order with the signatures of the session's person and of a second one.
    pub fn sign_seconded(&self, path: &str, body: &Value, second: &Self) -> Answer {
        let mut body = body.clone();
        body["second_person"] = second.both();
        self.sign(path, &body)
    }

    pub fn post_with(&self, path: &str, body: &Value, with: &With) -> Answer {
        let bytes = serde_json::to_vec(body).expect("a body");
        let mut with = with.clone();
        if !with.headers.iter().any(|(name, _)| *name == "Content-Type") {
            with.headers.push(("Content-Type", "application/json".into()));
        }
        self.send("POST", path, Some(bytes), &with)
    }

    /// Sends anything. Ten simulated seconds pass after every order that was done.
    pub fn send(&self, method: &str, path: &str, body: Option<Vec<u8>>, with: &With) -> Answer {
        static KEYS: AtomicU64 = AtomicU64::new(0);
        let full = if path.starts_with("/api/")
            || path.starts_with("/health")
            || path.starts_with("/docs")
        {
            path.to_owned()
        } else {
            format!("/api/v1{path}")
        };
        let mut request =
            Request::builder().method(method).uri(format!("{}{full}", self.line.base));
        if let Some(token) = self.token() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if method == "POST" && !with.no_key && !path.starts_with("/sessions") {
            let fresh = format!("test-key-{}", KEYS.fetch_add(1, Ordering::SeqCst));
            request = request.header("Idempotency-Key", with.key.clone().unwrap_or(fresh));
        }
        if let Some(etag) = &with.if_match {
            request = request.header("If-Match", etag);
        }
        for (name, value) in &with.headers {
            request = request.header(*name, value);
        }
        let response = match body {
            Some(bytes) => self.agent.run(request.body(bytes).expect("a request")),
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut response = response.unwrap_or_else(|e| panic!("{method} {full}: {e}"));
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned())
            })
            .collect();
        let bytes = response
            .body_mut()
            .with_config()
            .limit(64 * 1024 * 1024)
            .read_to_vec()
            .unwrap_or_else(|e| panic!("{method} {full}: {e}"));
        let answer = Answer {
            asked: format!("{} {method} {full}", self.user_name),
            status: response.status().as_u16(),
            headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        };
        answer.look_closely();
        let kind = answer.header("content-type");
        conformity::held(method, &full, answer.status, kind, &answer.body);
        self.line.sent.lock().expect("what was sent").push(Sent {
            verb: method.to_owned(),
            path: full,
            status: answer.status,
            code: if answer.status < 400 { String::new() } else { answer.code().to_owned() },
            request_id: answer.header("x-request-id").to_owned(),
            replayed: answer.header("idempotency-replayed") == "true",
        });
        if method == "POST" && answer.status < 300 {
            self.wait(10);
        }
        answer
    }

    /// Simulated seconds pass.
    pub fn wait(&self, seconds: i64) {
        self.line.clock.move_to(Instant(self.line.clock.time().0 + seconds * 1_000_000));
    }
}
