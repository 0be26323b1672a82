//! Times: limits that run out by themselves, entries in true time, a clock that jumped.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::recipes::{changed, effective, step};
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const WEIGH: &str = "OP-01~1/01.1~1";
const STIR: &str = "OP-01~1/01.2~1";
const HOLD: &str = "timer/OP-01~1/01.2~1/dissolve";

/// The buffer with a hold time between weighing and stirring, and stirring every half hour.
fn timed(world: &World, code: &str, max: &str) {
    let document = changed(code, |document| {
        let stir = step(document, "01.2");
        stir["every"] = "PT30M".into();
        stir["grace"] = "PT10M".into();
        stir["timers"] = json!([{ "id": "dissolve", "name": "Weighed to stirred", "max": max,
            "starts": { "of": "01.1", "at": "completed" },
            "stops": { "of": "01.2", "at": "started" }, "on_expiry": "gate" }]);
        step(document, "01.1")["scribe"] = true.into();
    });
    effective(world, &document);
}

fn timer(batch: &Batch<'_>, id: &str) -> Value {
    let all = batch.world.person("olga").get(&batch.path("timers")).done();
    let list = all["timers"].as_array().cloned().unwrap_or_default();
    list.into_iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id}: {all}"))
}

// shows: C211-111.b, C211-111.c
#[test]
fn a_hold_time_is_shown_with_what_remains_and_opens_its_exception_before_the_next_act() {
    on_each(|world| {
        timed(world, "BUF-TIMED", "PT20M");
        let batch = Batch::issued_from(world, "TIMED-1", "BUF-TIMED");
        let olga = world.person("olga");
        assert_eq!(timer(&batch, HOLD)["state"], "pending");
        batch.weighed();
        let running = timer(&batch, HOLD);
        assert_eq!(running["state"], "running");
        let left = running["remaining_seconds"].as_i64().expect("seconds");
        assert!((1150..1200).contains(&left), "{running}");
        assert!(batch.picture()["timers"].to_string().contains(HOLD));
        world.minutes(21);
        assert_eq!(timer(&batch, HOLD)["state"], "overdue");
        assert_eq!(batch.exception_kinds(), Vec::<String>::new(), "a question writes nothing");
        batch.start(olga, STIR).done();
        assert_eq!(batch.exception_kinds(), ["hold-time"]);
        let opened = &batch.exceptions()[0];
        assert_eq!(opened["effect"], "gate", "{opened}");
        assert_eq!(opened["by"]["user_name"], "system", "nobody's act opened it: {opened}");
        let gate = batch.gate("G-FILL");
        assert_eq!(gate["open"], false, "{gate}");
        let late = timer(&batch, HOLD);
        assert_eq!(late["exception"], 1, "{late}");
        assert!(late["recorded"]["ended_at"].is_string() && late["performed"].is_null(), "{late}");
        // Care goes on, and the period tells its next occurrence.
        let warm = json!({ "entry": "temperature", "value": "20", "unit": "Cel" });
        batch.record(olga, STIR, &warm).done();
        assert_eq!(timer(&batch, "period/OP-01~1/01.2~2")["state"], "running");
        world.minutes(41);
        let owed = world.person("qadir").get(&batch.path("obligations")).done();
        assert!(owed["open"].to_string().contains("period/OP-01~1/01.2~2/due"), "{owed}");
        batch.wave_through(1).done();
        assert_eq!(batch.exception_kinds(), ["hold-time", "overdue"]);
    });
}

// shows: C211-111.a
#[test]
fn a_limit_runs_out_although_nobody_acts() {
    on_each(|world| {
        timed(world, "BUF-WATCH", "PT1S");
        let batch = Batch::issued_from(world, "WATCH-1", "BUF-WATCH");
        batch.weigh("0.272");
        batch.complete(world.person("olga"), WEIGH).done();
        let watch = world.watched();
        let begun = Instant::now();
        while batch.exception_kinds().is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(30), "nobody noticed it");
            std::thread::sleep(Duration::from_millis(100));
        }
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(batch.exception_kinds(), ["hold-time"], "once");
        watch.stop();
        let trail = world.person("qadir").get(&batch.path("audit-trail")).done();
        let noticed = trail["entries"].as_array().into_iter().flatten();
        let noticed = noticed.filter(|one| one["event"] == "run.overdue-noticed").count();
        assert_eq!(noticed, 1, "{trail}");
    });
}

// shows: Q7-6.1.a, A11D-12.2.c, CH4-08.a, DI-Q12.a, DI-Q12.b, PICS-1.a, PICS-1.b, MHRA-1.a, T19.a
#[test]
fn four_additions_are_four_acts_with_four_times() {
    on_each(|world| {
        let batch = Batch::issued(world, "FOUR-1");
        let olga = world.person("olga");
        batch.dissolved();
        let at = "OP-02~1/02.1~1";
        batch.start(olga, at).done();
        let path = batch.step(at, "entries/ph/trail");
        for amount in ["100", "50", "20", "10"] {
            let body = json!({ "kind": "addition", "value": amount, "unit": "mL" });
            olga.post(&path, &body).done();
        }
        let trail = world.person("qadir").get(&format!("{}?limit=500", batch.path("audit-trail")));
        let trail = trail.done();
        let rows: Vec<&Value> = trail["entries"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|row| row["event"] == "run.trail-point-recorded")
            .collect();
        assert_eq!(rows.len(), 4, "{trail}");
        let mut times: Vec<&str> = rows.iter().filter_map(|row| row["at"].as_str()).collect();
        times.sort_unstable();
        times.dedup();
        assert_eq!(times.len(), 4, "each act has its own time: {rows:#?}");
        // There is no door through which several go at once.
        let list = json!([{ "entry": "ph", "value": "5.0", "unit": "[pH]" }]);
        let answer = batch.record(olga, at, &list);
        assert_eq!(answer.status, 422, "{}", answer.text());
    });
}

// shows: MHRA-4.a
#[test]
fn a_planned_scribe_stands_beside_the_performer_without_an_exception() {
    on_one(|world| {
        timed(world, "BUF-SCRIBE", "PT2H");
        let batch = Batch::issued_from(world, "PLAN-1", "BUF-SCRIBE");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        let body = json!({ "entry": "balance", "value": "BAL-1",
            "basis": { "kind": "scribe", "performed_by": "omar" } });
        batch.record(olga, WEIGH, &body).done();
        assert_eq!(batch.exception_kinds(), Vec::<String>::new());
        let version = &batch.entry(Some(WEIGH), "balance")["versions"][0];
        assert_eq!(version["by"]["user_name"], "olga");
        assert_eq!(version["basis"]["performed_by"], "omar", "{version}");
    });
}

#[test]
fn a_time_before_the_step_began_stands_out_and_a_late_one_waits_for_its_checker() {
    on_each(|world| {
        let batch = Batch::issued(world, "BACK-1");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        world.minutes(10);
        batch.start(olga, WEIGH).done();
        let body = |entry: &str, value: &str, when: &str| {
            json!({ "entry": entry, "value": value, "performed_at": when,
                "reason": "both hands in the hood" })
        };
        batch.record(olga, WEIGH, &body("balance", "BAL-1", "2026-03-03T06:05:00Z")).done();
        assert_eq!(batch.exception_kinds(), ["out-of-order"], "backdated before its step");
        world.minutes(30);
        batch.record(olga, WEIGH, &body("lot", "NA-1", "2026-03-03T06:15:00Z")).done();
        assert_eq!(batch.exception_kinds(), ["out-of-order", "late-entry"]);
        let version = With::version(&batch.entry_etag(WEIGH, "lot"));
        let checks = batch.step(WEIGH, "entries/lot/checks");
        olga.post_with(&checks, &json!({}), &version).refused(403, "witness-is-performer");
        omar.post_with(&checks, &json!({}), &version).done();
        let future = body("weight", "0.272", "2026-03-04T06:05:00Z");
        let mut future = future;
        future["unit"] = "kg".into();
        batch.record(olga, WEIGH, &future).refused(422, "performed-in-the-future");
    });
}

#[test]
fn a_check_faster_than_looking_is_marked_and_one_by_the_performer_refused() {
    on_one(|world| {
        let batch = Batch::issued(world, "QUICK-1");
        let olga = world.person("olga");
        batch.weigh("0.272");
        batch.complete(olga, WEIGH).done();
        batch.check(olga, WEIGH).refused(403, "witness-is-performer");
        batch.check(world.person("omar"), WEIGH).done();
        assert_eq!(batch.exception_kinds(), Vec::<String>::new(), "ten seconds later");
        let version = json!({ "entry": "temperature", "value": "20", "unit": "Cel" });
        batch.start(olga, STIR).done();
        batch.record(olga, STIR, &version).done();
    });
}

#[test]
fn a_hold_time_runs_from_what_was_declared_inside_the_grace_for_recording() {
    on_each(|world| {
        let document = changed("BUF-CLAIM", |document| {
            step(document, "01.2")["timers"] = json!([{ "id": "dissolve", "name": "To stirring",
                "starts": { "of": "01.1", "at": "entry", "entry": "balance" }, "max": "PT20M",
                "stops": { "of": "01.2", "at": "started" }, "on_expiry": "gate" }]);
        });
        effective(world, &document);
        let batch = Batch::issued_from(world, "CLAIM-1", "BUF-CLAIM");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        let begun = timer_now(&batch);
        world.minutes(11);
        let body = json!({ "entry": "balance", "value": "BAL-1", "performed_at": begun });
        batch.record(olga, WEIGH, &body).done();
        assert_eq!(batch.exception_kinds(), Vec::<String>::new(), "no check is owed");
        let running = timer(&batch, HOLD);
        assert_eq!(running["started_at"], running["performed"]["started_at"], "{running}");
        assert_ne!(running["started_at"], running["recorded"]["started_at"], "{running}");
        let left = running["remaining_seconds"].as_i64().expect("seconds");
        assert!((450..=540).contains(&left), "{running}");
        world.minutes(10);
        assert_eq!(timer(&batch, HOLD)["state"], "overdue");
    });
}

fn timer_now(batch: &Batch<'_>) -> Value {
    batch.world.person("olga").get(&batch.path("timers")).done()["now"].clone()
}

// shows: A11D-12.3.b, F8.a
#[test]
fn readiness_names_the_last_jump_of_the_clock() {
    on_one(|world| {
        let ready = world.stranger().get("/health/ready").done();
        assert_eq!(ready["status"], "ready");
        assert!(ready.get("clock_jumped_at").is_some_and(Value::is_null), "{ready}");
    });
}
