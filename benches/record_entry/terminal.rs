//! A terminal on the shop floor: one connection kept alive, one request at a time. It reads no more of
//! an answer than it needs, so that the clients are not what is measured.

use std::io::{Read, Write};
use std::net::TcpStream;

/// A connection with a session.
pub struct Terminal {
    stream: TcpStream,
    host: String,
    token: String,
    buffer: Vec<u8>,
    request: Vec<u8>,
    keys: u64,
    name: String,
}

/// What of an answer matters here.
pub struct Said {
    /// The status.
    pub status: u16,
    /// The ETag, if there was one.
    pub etag: Option<String>,
    /// The body.
    pub body: String,
}

impl Terminal {
    /// Connects. `name` makes its idempotency keys its own.
    pub fn connect(base: &str, token: &str, name: &str) -> Self {
        let host = base.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&host).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self {
            stream,
            host,
            token: token.to_owned(),
            buffer: Vec::with_capacity(8192),
            request: Vec::with_capacity(2048),
            keys: 0,
            name: name.to_owned(),
        }
    }

    /// Orders something and waits for the answer.
    pub fn post(&mut self, path: &str, if_match: Option<&str>, body: &str) -> Said {
        self.keys += 1;
        self.request.clear();
        let version = if_match.map_or_else(String::new, |tag| format!("If-Match: {tag}\r\n"));
        write!(
            self.request,
            "POST /api/v1{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Idempotency-Key: {}-{:08}\r\nContent-Type: application/json\r\n{version}\
             Content-Length: {}\r\n\r\n{body}",
            self.host,
            self.token,
            self.name,
            self.keys,
            body.len()
        )
        .expect("memory");
        self.stream.write_all(&self.request).expect("a request sent");
        self.answer()
    }

    fn answer(&mut self) -> Said {
        self.buffer.clear();
        let mut chunk = [0_u8; 8192];
        loop {
            let read = self.stream.read(&mut chunk).expect("an answer");
            assert!(read > 0, "the server hung up");
            self.buffer.extend_from_slice(&chunk[..read]);
            let head = self.buffer.windows(4).position(|four| four == b"\r\n\r\n");
            let Some(head) = head else { continue };
            let text = String::from_utf8_lossy(&self.buffer[..head]).into_owned();
            let length = header(&text, "content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
            if self.buffer.len() < head + 4 + length {
                continue;
            }
            let status = text.get(9..12).and_then(|s| s.parse().ok()).expect("a status");
            return Said {
                status,
                etag: header(&text, "etag").map(str::to_owned),
                body: String::from_utf8_lossy(&self.buffer[head + 4..]).into_owned(),
            };
        }
    }
}

fn header<'t>(head: &'t str, name: &str) -> Option<&'t str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value.trim()))
}
