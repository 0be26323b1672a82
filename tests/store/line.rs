//! A line between a node and its database that a test can cut: a proxy that stops passing bytes on in
//! both directions without closing anything, as a network does that is gone. It works on any machine
//! and needs no rights; what the kernel itself would notice (unanswered packets) it cannot show.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

/// What becomes of the next COMMIT.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Trap {
    None = 0,
    /// The line breaks before the server hears it.
    Unheard = 1,
    /// The line breaks after the server has done it, before the node hears that.
    Unanswered = 2,
    /// The same, and from then on nothing passes.
    Gone = 3,
}

#[derive(Default)]
struct Switch {
    cut: AtomicBool,
    trap: AtomicU8,
    swallow: AtomicU8,
    sprung: AtomicBool,
}

/// The line.
pub struct Line {
    /// The database's address through this line.
    pub url: String,
    switch: Arc<Switch>,
}

impl Line {
    /// Lays a line to the server that this address names.
    pub fn to(url: &str) -> Self {
        let (user, rest) = url.split_once('@').expect("a user in the address");
        let (server, database) = rest.split_once('/').expect("a database in the address");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let switch = Arc::new(Switch::default());
        let (server, shared) = (server.to_owned(), Arc::clone(&switch));
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if let Ok(far) = TcpStream::connect(&server) {
                    lay(&near, &far, &shared);
                }
            }
        });
        let url = format!("{user}@127.0.0.1:{port}/{database}?sslmode=disable");
        Self { url, switch }
    }

    /// From now on nothing passes, and nobody is told.
    pub fn cut(&self) {
        self.switch.cut.store(true, Ordering::SeqCst);
    }

    /// Bytes pass again, those that were held up first.
    pub fn mend(&self) {
        self.switch.cut.store(false, Ordering::SeqCst);
    }

    pub fn set(&self, trap: Trap) {
        self.switch.trap.store(trap as u8, Ordering::SeqCst);
    }

    /// Whether the trap has met its COMMIT.
    pub fn sprung(&self) -> bool {
        self.switch.sprung.load(Ordering::SeqCst)
    }
}

fn lay(near: &TcpStream, far: &TcpStream, switch: &Arc<Switch>) {
    for (from, to, outward) in [(near, far, true), (far, near, false)] {
        let _ = from.set_nodelay(true);
        let (from, to) = (from.try_clone().expect("a stream"), to.try_clone().expect("a stream"));
        let switch = Arc::clone(switch);
        std::thread::spawn(move || pass(from, to, &switch, outward));
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, switch: &Switch, outward: bool) {
    let mut bytes = [0; 16_384];
    let end = |from: &TcpStream, to: &TcpStream| {
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    };
    loop {
        let read = from.read(&mut bytes).unwrap_or(0);
        while switch.cut.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let swallow =
            if outward { 0 } else { switch.swallow.swap(Trap::None as u8, Ordering::SeqCst) };
        if swallow == Trap::Gone as u8 {
            switch.cut.store(true, Ordering::SeqCst);
        }
        if read == 0 || swallow != Trap::None as u8 {
            return end(&from, &to);
        }
        if outward && bytes[..read].windows(7).any(|word| word == b"COMMIT;") {
            let trap = switch.trap.swap(Trap::None as u8, Ordering::SeqCst);
            if trap != Trap::None as u8 {
                switch.sprung.store(true, Ordering::SeqCst);
            }
            if trap == Trap::Unheard as u8 {
                return end(&from, &to);
            }
            switch.swallow.store(trap, Ordering::SeqCst);
        }
        if to.write_all(&bytes[..read]).is_err() {
            return end(&from, &to);
        }
    }
}
