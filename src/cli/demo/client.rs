//! A person at a terminal: the demo speaks to its own server as anybody would, over HTTP.

use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

/// What the demo counts while it plays: acts and signings, for the summary.
#[derive(Debug, Default)]
pub struct Tally {
    /// Accepted commands.
    pub acts: Cell<u32>,
    /// Signatures that were accepted (performer, second person and approvals).
    pub signings: Cell<u32>,
    pub sign_ins: Cell<u32>,
}

/// An answer that is not a success: the problem as the server said it.
#[derive(Debug, Clone)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    /// problem+json.
    pub problem: Value,
}

impl Refused {
    /// The problem's code.
    #[must_use]
    pub fn code(&self) -> &str {
        self.problem["code"].as_str().unwrap_or("none")
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |name: &str| self.problem[name].as_str().unwrap_or_default().to_owned();
        write!(
            f,
            "{} {} [{}, {}] {}",
            self.status,
            text("title"),
            self.code(),
            text("rule"),
            text("detail")
        )?;
        let missing = self.problem["missing"].as_array().into_iter().flatten();
        missing.filter_map(Value::as_str).try_for_each(|line| write!(f, "\n  {line}"))
    }
}

/// Why the demo cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The server refused what the story needs.
    #[error("the story expected {path} to succeed: {refused}")]
    Refused {
        /// Where.
        path: String,
        /// What it said.
        refused: Refused,
    },
    /// The server accepted what it must refuse.
    #[error("the story expected {path} to be refused as {code}, and it was not")]
    NotRefused {
        /// Where.
        path: String,
        /// As what.
        code: String,
    },
    /// The connection failed.
    #[error("the demo's own server did not answer {path}: {error}")]
    Connection {
        /// Where.
        path: String,
        /// What failed.
        error: String,
    },
    /// Something else.
    #[error("{0}")]
    Other(String),
}

/// A person of the cast with a session.
pub struct Persona {
    agent: ureq::Agent,
    base: String,
    tally: Rc<Tally>,
    pub user_name: String,
    pub password: RefCell<String>,
    token: RefCell<Option<String>>,
    signed_in_session: Cell<bool>,
    keys: Cell<u64>,
}

impl Persona {
    /// Somebody who has not signed in yet.
    #[must_use]
    pub fn new(base: &str, user_name: &str, password: &str, tally: Rc<Tally>) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Self {
            agent: config.new_agent(),
            base: base.to_owned(),
            tally,
            user_name: user_name.to_owned(),
            password: RefCell::new(password.to_owned()),
            token: RefCell::new(None),
            signed_in_session: Cell::new(false),
            keys: Cell::new(0),
        }
    }

    /// Whether there is a session.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.token.borrow().is_some()
    }

    /// Signs in.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn sign_in(&self) -> Result<Value, DemoError> {
        let body = json!({ "user_name": self.user_name, "password": *self.password.borrow() });
        let answer = self.post("/api/v1/sessions", &body)?;
        *self.token.borrow_mut() = answer["access_token"].as_str().map(str::to_owned);
        self.tally.sign_ins.set(self.tally.sign_ins.get() + 1);
        Ok(answer)
    }

    /// Signs out, if signed in.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn sign_out(&self) -> Result<(), DemoError> {
        if self.is_signed_in() {
            self.post("/api/v1/sessions/current/end", &json!({}))?;
            self.token.borrow_mut().take();
            self.signed_in_session.set(false);
        }
        Ok(())
    }

    /// The credentials for a signature: both components first, the password later in a session.
    #[must_use]
    pub fn signature(&self) -> Value {
        if self.signed_in_session.replace(true) {
            return json!({ "password": *self.password.borrow() });
        }
        json!({ "user_name": self.user_name, "password": *self.password.borrow() })
    }

    /// The credentials as a second person at somebody else's terminal: always both.
    #[must_use]
    pub fn as_second(&self) -> Value {
        json!({ "user_name": self.user_name, "password": *self.password.borrow() })
    }

    /// GET, JSON.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn get(&self, path: &str) -> Result<Value, DemoError> {
        self.ready()?;
        let (status, body) = self.get_bytes(path)?;
        let value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Self::accepted(path, status, value)
    }

    /// GET, bytes, with whatever status.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn get_bytes(&self, path: &str) -> Result<(u16, Vec<u8>), DemoError> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(token) = self.token.borrow().as_ref() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let mut response = request.call().map_err(|e| Self::lost(path, &e))?;
        let status = response.status().as_u16();
        let bytes = response
            .body_mut()
            .with_config()
            .limit(256 * 1024 * 1024)
            .read_to_vec()
            .map_err(|e| Self::lost(path, &e))?;
        Ok((status, bytes))
    }

    /// POST that must succeed.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, DemoError> {
        self.post_matching(path, body, None)
    }

    /// POST on the version that was read.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn post_matching(
        &self,
        path: &str,
        body: &Value,
        version: Option<u64>,
    ) -> Result<Value, DemoError> {
        let (status, value) = self.send(path, body, version)?;
        let answer = Self::accepted(path, status, value)?;
        self.tally.acts.set(self.tally.acts.get() + 1);
        let given = ["signature", "second_person"].iter().filter(|name| body[**name].is_object());
        let signings = u32::try_from(given.count()).unwrap_or(0);
        self.tally.signings.set(self.tally.signings.get() + signings);
        Ok(answer)
    }

    /// POST that must be refused with this code: the story shows what the server said.
    ///
    /// # Errors
    /// When it is accepted, or refused for another reason.
    pub fn refused(
        &self,
        path: &str,
        body: &Value,
        version: Option<u64>,
        code: &str,
    ) -> Result<Refused, DemoError> {
        let (status, problem) = self.send(path, body, version)?;
        let refused = Refused { status, problem };
        if status >= 400 && refused.code() == code {
            return Ok(refused);
        }
        if status < 400 {
            return Err(DemoError::NotRefused { path: path.into(), code: code.into() });
        }
        Err(DemoError::Refused { path: format!("{path} (as {code})"), refused })
    }

    fn send(
        &self,
        path: &str,
        body: &Value,
        version: Option<u64>,
    ) -> Result<(u16, Value), DemoError> {
        if !path.starts_with("/api/v1/sessions") {
            self.ready()?;
        }
        self.keys.set(self.keys.get() + 1);
        let key = format!("demo-{}-{:08}", self.user_name, self.keys.get());
        let mut request =
            self.agent.post(format!("{}{path}", self.base)).header("Idempotency-Key", key);
        if let Some(token) = self.token.borrow().as_ref() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(version) = version {
            request = request.header("If-Match", format!("\"{version}\""));
        }
        let mut response = request.send_json(body).map_err(|e| Self::lost(path, &e))?;
        let status = response.status().as_u16();
        let bytes = response.body_mut().read_to_vec().map_err(|e| Self::lost(path, &e))?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    /// Signs in at first need: people do not sign in for a shift in which they do nothing.
    fn ready(&self) -> Result<(), DemoError> {
        if !self.is_signed_in() {
            self.sign_in()?;
        }
        Ok(())
    }

    fn accepted(path: &str, status: u16, value: Value) -> Result<Value, DemoError> {
        if status < 400 {
            return Ok(value);
        }
        Err(DemoError::Refused { path: path.into(), refused: Refused { status, problem: value } })
    }

    fn lost(path: &str, error: &ureq::Error) -> DemoError {
        DemoError::Connection { path: path.into(), error: error.to_string() }
    }
}
