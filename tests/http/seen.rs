//! What the whole suite has met: problem codes, and tests that have ended.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

static CODES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
static ROUTES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
static ENDED: AtomicUsize = AtomicUsize::new(0);

/// A problem's code was met.
pub fn code(code: &str) {
    CODES.lock().expect("the codes met").insert(code.to_owned());
}

/// All codes met so far.
pub fn codes() -> BTreeSet<String> {
    CODES.lock().expect("the codes met").clone()
}

/// An order by this route was done, and left what it must.
pub fn route(path: &'static str) {
    ROUTES.lock().expect("the routes met").insert(path);
}

/// Routes by which an order was done.
pub fn routes() -> BTreeSet<&'static str> {
    ROUTES.lock().expect("the routes met").clone()
}

/// Counts a test as ended, however it ends.
pub struct Ends;

impl Drop for Ends {
    fn drop(&mut self) {
        ENDED.fetch_add(1, Ordering::SeqCst);
    }
}

/// How many tests have ended.
pub fn ended() -> usize {
    ENDED.load(Ordering::SeqCst)
}
