//! The wall clock is moved under a served site: what it does, and what people are told.

use crate::house::batch::Batch;
use crate::house::engine::engines;
use crate::house::site::FOUNDED;
use crate::house::world::World;
use batchwright::domain::clock::Instant;
use batchwright::store::clock::MovedClocks;
use serde_json::{Value, json};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// A site whose clocks a test moves.
#[track_caller]
fn on_each_by_clocks(test: impl Fn(&World, &MovedClocks)) {
    for engine in engines() {
        let clocks = MovedClocks::starting(FOUNDED);
        let world = World::by_clocks(engine, &clocks);
        // The machine slept for a day: both clocks counted on.
        clocks.pass(24 * HOUR);
        test(&world, &clocks);
        world.end();
    }
}

/// The newest entries of the site's audit trail: event, time and clock.
fn newest(world: &World, limit: usize) -> Vec<Value> {
    let trail = world.person("audrey").get(&format!("/audit-trail?limit={limit}")).done();
    trail["entries"].as_array().expect("entries").clone()
}

fn at(entry: &Value) -> Instant {
    Instant::parse(entry["at"].as_str().expect("a time")).expect("a moment")
}

fn ready(world: &World) -> (String, String) {
    let told = world.stranger().get("/health/ready").body;
    let word = |name: &str| told[name].as_str().expect("a word").to_owned();
    (word("status"), word("clock"))
}

// shows: A11D-12.3.b
// finding: A6
#[test]
fn a_clock_set_forward_and_back_moves_nothing_and_is_told_meanwhile() {
    on_each_by_clocks(|world, clocks| {
        let batch = Batch::issued(world, "B-26-001");
        batch.weigh("0.272");
        for (n, by) in [24 * HOUR, HOUR, -HOUR, -MINUTE].into_iter().enumerate() {
            let before = at(&newest(world, 1)[0]);
            clocks.pass(SECOND);
            clocks.set(by);
            let (status, clock) = ready(world);
            assert_eq!(status, "not-ready", "{by}");
            let way = if by < 0 { "behind site time" } else { "ahead of site time" };
            assert!(clock.contains(way) && clock.contains("/api/v1/site/clock"), "{clock}");
            // A fact is taken, at the time that steadily goes on, and is marked.
            let marked = Batch::issued(world, &format!("B-26-1{n}"));
            assert!(marked.exception_kinds().contains(&"clock-jump".to_owned()), "{by}");
            assert_eq!(newest(world, 1)[0]["clock_apart"], true, "{by}");
            clocks.set(-by);
            clocks.pass(SECOND);
            assert_eq!(ready(world), ("ready".to_owned(), "ok".to_owned()), "{by}");
            Batch::issued(world, &format!("B-26-2{n}"));
            let after = at(&newest(world, 1)[0]);
            let went = after.since(before);
            assert!((2 * SECOND - 1000..2 * SECOND + 1000).contains(&went), "{by}: {went}");
        }
        assert!(batch.exception_kinds().contains(&"clock-jump".to_owned()));
    });
}

// finding: A6
#[test]
fn a_small_step_forward_is_followed_after_a_minute_and_journalled() {
    on_each_by_clocks(|world, clocks| {
        Batch::issued(world, "B-26-001");
        clocks.set(2 * MINUTE);
        let (status, clock) = ready(world);
        assert_eq!(status, "ready");
        assert!(clock.contains("2 min"), "{clock}");
        clocks.pass(MINUTE);
        Batch::issued(world, "B-26-002");
        let told = newest(world, 12);
        let stepped = told.iter().find(|entry| entry["event"] == "site.clock-stepped");
        assert!(stepped.is_some(), "{told:#?}");
        assert_eq!(ready(world), ("ready".to_owned(), "ok".to_owned()));
    });
}

// shows: A11D-12.3.b, F8.a
// finding: A6
#[test]
fn a_clock_set_back_is_followed_by_two_signatures_and_times_across_it_are_owed() {
    on_each_by_clocks(|world, clocks| {
        let batch = Batch::issued(world, "B-26-001");
        batch.weigh("0.272");
        let (ada, qadir, olga) = (world.person("ada"), world.person("qadir"), world.person("olga"));
        let body = json!({ "reason": "the time server was an hour ahead" });
        ada.sign_seconded("/site/clock", &body, qadir).refused(409, "clock-agrees");
        clocks.set(-HOUR);
        clocks.pass(SECOND);
        ada.sign("/site/clock", &body).refused(428, "second-person-required");
        ada.sign_seconded("/site/clock", &body, olga).refused(403, "authority-missing");
        let before = at(&newest(world, 1)[0]);
        ada.sign_seconded("/site/clock", &body, qadir).done();
        let trail = world.person("audrey").get("/audit-trail?action=site.clock-set-back").done();
        let set = &trail["entries"][0];
        assert!(at(set) < before, "times fall here, once");
        assert_eq!(set["signatures"].as_array().expect("signatures").len(), 2, "{set}");
        assert_eq!(ready(world), ("ready".to_owned(), "ok".to_owned()));
        let opened = batch.exceptions();
        let told = opened.iter().filter_map(|opened| opened["detail"].as_str());
        assert!(
            told.clone().any(|it| it.contains("set back by 1 h")),
            "{:?}",
            told.collect::<Vec<_>>()
        );
        // What follows stands behind it, at the earlier time; `verify` finds the site whole (the world's end).
        clocks.pass(SECOND);
        let next = Batch::issued(world, "B-26-002");
        let trail =
            world.person("audrey").get("/audit-trail?record_kind=run&record=B-26-002").done();
        assert!(at(&trail["entries"][0]) < before, "{next:?}", next = next.picture()["number"]);
    });
}
