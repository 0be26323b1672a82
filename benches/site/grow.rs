//! Growing a site: runs issued over HTTP, recorded through the lane, ended, reviewed and closed over HTTP.

use crate::kit::floor::count;
use crate::kit::lane::{Author, Lane, Tracks};
use crate::kit::recipe::WIDE;
use crate::kit::sites::World;
use serde_json::{Value, json};

/// Entries of a run: two occurrences of every step.
const IN_A_RUN: usize = WIDE.steps * WIDE.entries * 2;

/// So many runs are recorded between two starts of the server: a session stands for a quarter of an hour.
const AT_ONCE: usize = 25;

/// How a site grew.
#[derive(Default)]
pub struct Grown {
    pub runs: usize,
    pub entries: usize,
    /// In the lane alone.
    pub seconds: f64,
}

impl Grown {
    pub fn shown(&self) -> String {
        let Self { runs, entries, seconds } = self;
        if *runs == 0 {
            return "there already".to_owned();
        }
        let rate = count(*entries) / seconds;
        format!(
            "{entries} more in {runs} runs, through the lane in {seconds:.1} s ({rate:.0} a second)"
        )
    }
}

/// Grows to at least so many entries of the journal. The site is served neither before nor after.
pub fn to(world: &mut World, entries: usize) -> Grown {
    let mut grown = Grown::default();
    loop {
        let there = world.database.entries();
        let left = entries.saturating_sub(there);
        if left == 0 {
            return grown;
        }
        let runs = left.div_ceil(IN_A_RUN).min(AT_ONCE);
        // Runs are no longer than they must be, in whole occurrences of their steps.
        let wanted = left.min(runs * IN_A_RUN);
        chunk(world, there, runs, wanted, &mut grown);
    }
}

fn chunk(world: &mut World, there: usize, runs: usize, entries: usize, grown: &mut Grown) {
    let numbers: Vec<String> = (0..runs).map(|no| format!("SITE-{there}-{no}")).collect();
    world.serve();
    numbers.iter().for_each(|number| world.issue(number, &WIDE));
    let author = world.with("olga", Author::signed_in);
    world.stop();

    let lane = Lane::open(&world.database, author);
    let mut tracks = Tracks::of(&numbers, &WIDE);
    // Every track the same way, so that each step ends with a whole occurrence.
    let round = runs * WIDE.steps * WIDE.entries;
    let entries = entries.div_ceil(round) * round;
    let recorded = lane.record(&mut tracks, entries);
    let completed = lane.complete(&mut tracks);
    assert_eq!(completed, runs * WIDE.steps, "every step's last occurrence is complete");
    lane.close();
    grown.runs += runs;
    grown.entries += recorded.entries;
    grown.seconds += recorded.seconds;

    world.serve();
    // The newest run goes on: a site has some that do.
    let ended: Vec<&String> = numbers.iter().rev().skip(1).collect();
    ended.iter().for_each(|number| tested(world, number));
    // A result that is checked faster than anybody looks at it stands with an exception.
    std::thread::sleep(std::time::Duration::from_millis(3_500));
    ended.iter().for_each(|number| finish(world, number));
    world.stop();
}

/// Brings a run to its last check: its operation closed, its lot yielded and tested.
fn tested(world: &World, number: &str) {
    let batch = format!("/batches/{number}");
    let lot = format!("{number}-L1");
    let seen = |name: &str, path: &str| world.with(name, |who| who.get(path));
    let done = |name: &str, path: &str, body: &Value, version: Option<&str>| {
        world.with(name, |who| who.post_on(&format!("{batch}/{path}"), body, version));
    };
    let signed = |name: &str, path: &str, body: &Value, version: Option<&str>| {
        world.with(name, |who| who.sign(path, body, version));
    };
    let operations = seen("olga", &batch).body["operations"].clone();
    let operation =
        operations.as_array().into_iter().flatten().find(|op| op["operation"] == "OP-01~1");
    let version = operation.and_then(|op| op["etag"].as_str()).expect("the operation's version");
    let path = format!("{batch}/operations/OP-01~1/closure");
    signed("olga", &path, &json!({}), Some(version));
    let yielded = json!({ "number": lot, "material": "Acetate buffer",
        "quantity": { "value": "98", "unit": "L" }, "parents": [] });
    done("sven", "lots", &yielded, None);
    let result = json!({ "entry": "identity",
        "value": { "value": "conforms", "method_version": "2", "item": "BAG-1" } });
    done("quinn", "entries", &result, None);
}

/// Ends a run: its result checked, execution complete, reviewed by quality, the lot released, the record closed.
fn finish(world: &World, number: &str) {
    let batch = format!("/batches/{number}");
    let lot = format!("{number}-L1");
    let seen = |name: &str, path: &str| world.with(name, |who| who.get(path));
    let signed = |name: &str, path: &str, body: &Value, version: Option<&str>| {
        world.with(name, |who| who.sign(path, body, version));
    };
    let version = seen("qadir", &batch).body["release_entries"][0]["etag"].clone();
    let checks = format!("{batch}/entries/identity/checks");
    world.with("qadir", |who| who.post_on(&checks, &json!({}), version.as_str()));
    let version = seen("sven", &batch).etag;
    signed("sven", &format!("{batch}/completion"), &json!({}), version.as_deref());
    let version = seen("qadir", &batch).etag;
    let conclusion = json!({ "conclusion": "record and audit trail complete" });
    signed("qadir", &format!("{batch}/review"), &conclusion, version.as_deref());
    let version = seen("quella", &format!("/lots/{lot}")).etag;
    let released = json!({ "disposition": "released", "reason": "decided on the whole record" });
    signed("quella", &format!("/lots/{lot}/dispositions"), &released, version.as_deref());
    signed("quella", &format!("{batch}/closure"), &json!({}), None);
}
