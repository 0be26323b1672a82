//! A terminal on the shop floor: connections kept alive, one request at a time. It reads no more of an
//! answer than it needs, so that the clients are not what is measured.
//!
//! Each connection has a loopback address of its own: the server limits how often one address calls.

use socket2::{Domain, Socket, Type};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A server closes a connection that says nothing; before that it is opened anew.
const SILENCE: Duration = Duration::from_secs(2);

/// A way to a server.
struct Line {
    to: SocketAddr,
    from: Ipv4Addr,
    stream: Option<TcpStream>,
}

/// Somebody's terminal. With several lines it uses them in turn.
pub struct Terminal {
    lines: Vec<Line>,
    pub token: String,
    name: String,
    keys: u64,
    sent: usize,
    last: Instant,
    buffer: Vec<u8>,
    request: Vec<u8>,
}

/// What of an answer matters here.
pub struct Said {
    pub status: u16,
    /// With its quotes.
    pub etag: Option<String>,
    pub body: Vec<u8>,
}

impl Said {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// An address that nobody here has used.
fn own_address() -> Ipv4Addr {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let n = NEXT.fetch_add(1, Ordering::SeqCst);
    Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 16, 0, 0)) + n)
}

fn dial(line: &Line) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((line.from, 0)).into())?;
    socket.connect(&line.to.into())?;
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl Terminal {
    /// `name` makes its idempotency keys its own.
    pub fn connect(to: &[SocketAddr], token: &str, name: &str) -> Self {
        let line = |to: &SocketAddr| Line { to: *to, from: own_address(), stream: None };
        Self {
            lines: to.iter().map(line).collect(),
            token: token.to_owned(),
            name: name.to_owned(),
            keys: 0,
            sent: 0,
            last: Instant::now(),
            buffer: Vec::with_capacity(8192),
            request: Vec::with_capacity(2048),
        }
    }

    /// Leads to other servers from now on.
    pub fn lead_to(&mut self, to: &[SocketAddr]) {
        self.lines =
            to.iter().map(|to| Line { to: *to, from: own_address(), stream: None }).collect();
    }

    /// Orders something and waits for the answer. A path without version is one of the API.
    pub fn post(&mut self, path: &str, if_match: Option<&str>, body: &str) -> Said {
        self.keys += 1;
        let version = if_match.map_or_else(String::new, |tag| format!("If-Match: {tag}\r\n"));
        let key = if path == "/sessions" {
            String::new()
        } else {
            format!("Idempotency-Key: {}-{:08}\r\n", self.name, self.keys)
        };
        let rest = format!(
            "{key}Content-Type: application/json\r\n{version}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.send("POST", path, &rest)
    }

    pub fn get(&mut self, path: &str) -> Said {
        self.send("GET", path, "\r\n")
    }

    fn send(&mut self, method: &str, path: &str, rest: &str) -> Said {
        if self.last.elapsed() > SILENCE {
            self.lines.iter_mut().for_each(|line| line.stream = None);
        }
        let at = self.sent % self.lines.len();
        self.sent += 1;
        let line = &mut self.lines[at];
        let full = if path.starts_with("/health") { "" } else { "/api/v1" };
        self.request.clear();
        write!(self.request, "{method} {full}{path} HTTP/1.1\r\nHost: {}\r\n", line.to)
            .expect("memory");
        if !self.token.is_empty() {
            write!(self.request, "Authorization: Bearer {}\r\n", self.token).expect("memory");
        }
        self.request.extend_from_slice(rest.as_bytes());
        if line.stream.is_none() {
            line.stream = Some(dial(line).unwrap_or_else(|e| panic!("{}: {e}", line.to)));
        }
        let stream = line.stream.as_mut().expect("dialled");
        stream.write_all(&self.request).expect("a request sent");
        let said = answer(stream, &mut self.buffer)
            .unwrap_or_else(|e| panic!("{method} {path} to {}: {e}", line.to));
        self.last = Instant::now();
        said
    }
}

fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Said> {
    buffer.clear();
    let mut chunk = [0_u8; 64 * 1024];
    let mut head = None;
    loop {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer.extend_from_slice(&chunk[..read]);
        if head.is_none() {
            let end = buffer.windows(4).position(|four| four == b"\r\n\r\n");
            head = end.map(|end| (end, String::from_utf8_lossy(&buffer[..end]).into_owned()));
        }
        let Some((end, text)) = &head else { continue };
        let rest = &buffer[end + 4..];
        let body = match header(text, "content-length").and_then(|n| n.parse::<usize>().ok()) {
            Some(length) if rest.len() < length => continue,
            Some(length) => rest[..length].to_vec(),
            None if header(text, "transfer-encoding").is_some() => match unchunked(rest) {
                Some(body) => body,
                None => continue,
            },
            None => Vec::new(),
        };
        let status = text.get(9..12).and_then(|s| s.parse().ok());
        let status = status.ok_or(io::ErrorKind::InvalidData)?;
        return Ok(Said { status, etag: header(text, "etag").map(str::to_owned), body });
    }
}

fn header<'t>(head: &'t str, name: &str) -> Option<&'t str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value.trim()))
}

/// A body sent in chunks, once it is whole.
fn unchunked(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.ends_with(b"\r\n\r\n") {
        return None;
    }
    let mut body = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size =
            usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(end + 2..end + 2 + size)?);
        rest = rest.get(end + 4 + size..)?;
    }
}
