//! Last of all: which problems of the catalogue nobody provoked.

use crate::seen;
use crate::world::on_one;
use batchwright::api::ROUTES;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Problems that no client of this suite can provoke, each with the reason.
const NOT_REACHABLE: &[(&str, &str)] = &[
    ("account-locked-already", "only the system locks, and only who is not locked"),
    ("already-founded", "founding has no route"),
    ("another-account", "the routes for one's own account name no other"),
    ("both-components-required", "credentials are proved before the rules see them"),
    ("deviation-number-taken", "the number is taken in the lane"),
    ("failed", "nothing in this suite breaks the house"),
    ("founding-malformed", "founding has no route"),
    ("key-malformed", "the server makes the keys"),
    ("key-rotation-refused", "rotation has no route yet"),
    ("linked-run-missing", "the desk names every run that a deviation concerns"),
    ("master-changed-meanwhile", "only between a read and the lane"),
    ("master-content-differs", "only between a read and the lane"),
    ("master-version-exists", "the desk takes the next version"),
    ("master-version-gap", "the desk takes the next version"),
    ("person-inactive", "a deactivated person's sessions are revoked in the same transaction"),
    ("recomputation-differs", "nobody can change a stored value behind the server's back"),
    ("run-changed-meanwhile", "only between a read and the lane"),
    ("service-account-cannot-sign", "a service account has no key to come so far with"),
    ("session-unknown", "only between authentication and the lane"),
    ("signing-key-not-enrolled", "the desk unlocks the enrolled key only"),
    ("simulated-clock-forbidden", "founding has no route"),
    ("system-act", "the system's acts have no route"),
    ("system-act-of-site", "the system's acts have no route"),
];

/// How many tests this suite has: their sources are counted.
fn tests() -> usize {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http");
    let files = std::fs::read_dir(dir).expect("the suite's sources");
    files
        .map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("a source"))
        .map(|text| text.lines().filter(|line| line.trim() == "#[test]").count())
        .sum()
}

// shows: L8, P11-10d
#[test]
fn zz_every_problem_was_provoked_or_has_a_reason_not_to_be() {
    if std::env::args().skip(1).any(|arg| !arg.starts_with('-') && arg.parse::<u32>().is_err()) {
        eprintln!("*** A FILTER IS SET: WHETHER EVERY PROBLEM WAS PROVOKED IS NOT ASKED ***");
        return;
    }
    let began = Instant::now();
    while seen::ended() + 1 < tests() && began.elapsed() < Duration::from_secs(600) {
        std::thread::sleep(Duration::from_millis(100));
    }
    on_one(|world| {
        let listed = world.person("olga").get("/problems").done();
        let listed: BTreeSet<String> = listed["problems"]
            .as_array()
            .expect("the catalogue")
            .iter()
            .map(|problem| problem["code"].as_str().expect("a code").to_owned())
            .collect();
        let met = seen::codes();
        let unlisted: Vec<_> = met.difference(&listed).collect();
        assert!(unlisted.is_empty(), "met, but not in the catalogue: {unlisted:?}");
        let excused: BTreeSet<String> =
            NOT_REACHABLE.iter().map(|(code, _)| (*code).to_owned()).collect();
        let stale: Vec<_> = excused.intersection(&met).collect();
        assert!(stale.is_empty(), "excused, but met: {stale:?}");
        let gone: Vec<_> = excused.difference(&listed).collect();
        assert!(gone.is_empty(), "excused, but not in the catalogue: {gone:?}");
        let left = seen::routes();
        let orders = ROUTES.iter().filter(|route| route.method == "POST").map(|route| route.path);
        let never: Vec<_> = orders.filter(|path| !left.contains(path)).collect();
        assert!(never.is_empty(), "routes by which nothing was ever done: {never:#?}");
        let missing: Vec<_> =
            listed.difference(&met).filter(|code| !excused.contains(*code)).collect();
        assert!(missing.is_empty(), "{} problems were never provoked: {missing:#?}", missing.len());
    });
}
