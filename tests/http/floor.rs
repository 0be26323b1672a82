//! Beside the steps: what happened on the floor, emergency acts, endings, gates of quality, contingency
//! steps, and two people at once.

use crate::house::batch::Batch;
use crate::house::client::Persona;
use crate::house::recipes;
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};

/// A portable network graphic of one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn happenings(batch: &Batch<'_>) -> Vec<Value> {
    batch.picture()["happenings"].as_array().cloned().unwrap_or_default()
}

#[test]
fn what_happens_in_an_area_is_told_on_every_batch_that_runs_there() {
    on_each(|world| {
        let omar = world.person("omar");
        let (first, second) = (Batch::issued(world, "EV-1"), Batch::issued(world, "EV-2"));
        let third = Batch::issued(world, "EV-3");
        first.weigh("0.272");
        second.start(world.person("olga"), "OP-01~1/01.1~1").done();
        let area = json!({ "place": { "kind": "area", "area": "Buffers" }, "what": "power dip",
            "files": [{ "name": "panel.png", "content": PIXEL }] });
        let told = omar.post("/events", &area).done();
        assert_eq!(told["concerned"], 2, "{told}");
        for batch in [&first, &second] {
            let all = happenings(batch);
            assert_eq!((all.len(), &all[0]["what"]), (1, &json!("power dip")));
            assert_eq!(all[0]["enclosures"][0]["media_type"], "image/png");
            assert_eq!(batch.exception_kinds(), ["event"]);
            assert_eq!(batch.exceptions()[0]["no"], all[0]["exception"]);
        }
        assert!(happenings(&third).is_empty(), "it had not begun");
        // A piece of equipment: the batch that recorded it, however it is typed.
        let balance = json!({ "place": { "kind": "equipment", "equipment": "bal-07" },
            "what": "fell from the table" });
        assert_eq!(omar.post("/events", &balance).done()["batches"][0]["batch"], "EV-1");
        assert_eq!((happenings(&first).len(), happenings(&second).len()), (2, 1));
        // Where it concerns no batch, the site keeps it.
        let nowhere = json!({ "place": { "kind": "area", "area": "Roof" }, "what": "a leak" });
        let told = omar.post("/events", &nowhere).done();
        assert_eq!(told["happened"][0]["event"], "site.happening-reported");
        let kept = "/audit-trail?what=site.happening-reported";
        let trail = world.person("audrey").get(kept).done().to_string();
        assert!(trail.contains("site.happening-reported"), "{trail}");
        // A batch, an operation, a step: through the same door or the batch's own.
        for place in [
            json!({ "kind": "batch", "batch": "EV-2" }),
            json!({ "kind": "operation", "batch": "EV-2", "operation": "OP-01~1" }),
            json!({ "kind": "step", "batch": "EV-2", "step": "OP-01~1/01.1~1" }),
        ] {
            omar.post("/events", &json!({ "place": place, "what": "foam" })).done();
        }
        let own = json!({ "what": "bag leak", "operation": "OP-01~1" });
        world.person("quinn").post(&second.path("events"), &own).done();
        let torn = json!({ "what": "x", "operation": "OP-02~1", "step": "OP-01~1/01.1~1" });
        omar.post(&second.path("events"), &torn).refused(422, "malformed");
        assert_eq!(happenings(&second).len(), 5);
        omar.post(
            "/events",
            &json!({ "place": { "kind": "area", "area": "Buffers" }, "what": " " }),
        )
        .refused(428, "reason-required");
        omar.post("/events", &json!({ "place": { "kind": "moon" }, "what": "x" }))
            .refused(422, "malformed");
        for who in ["audrey", "ada"] {
            world.person(who).post("/events", &nowhere).refused(403, "authority-missing");
        }
    });
}

#[test]
fn what_is_found_after_completion_and_before_review_reaches_the_batch() {
    on_one(|world| {
        let omar = world.person("omar");
        let batch = Batch::issued(world, "EV-5");
        batch.executed();
        assert_eq!(batch.picture()["phase"], "complete");
        let area = json!({ "place": { "kind": "area", "area": "Buffers" }, "what": "mould" });
        let told = omar.post("/events", &area).done();
        assert_eq!(told["batches"][0]["batch"], "EV-5", "{told}");
        assert!(batch.exception_kinds().contains(&"event".to_owned()));
    });
}

// shows: CH4-20.j, F30.a, T4.b
#[test]
fn an_emergency_act_is_done_now_and_ratified_by_somebody_else() {
    on_each(|world| {
        let batch = Batch::issued(world, "EMG-1");
        batch.weigh("0.272");
        let (olga, sven, qadir) =
            (world.person("olga"), world.person("sven"), world.person("qadir"));
        let path = batch.path("emergency-acts");
        let act = |notified: &str| {
            json!({ "operation": "OP-01~1", "what": "closed the valve by hand",
                "reason": "the controller hung", "notified": notified, "ratify_within_hours": 2 })
        };
        let told = olga.post(&path, &act("sara")).done();
        assert_eq!(told["emergency_act"], 1);
        olga.post(&path, &act("sahra")).done();
        let details: Vec<String> = batch.exceptions().iter().map(ToString::to_string).collect();
        assert!(details[0].contains("Sara Schmid (sara) was notified"), "{}", details[0]);
        assert!(details[1].contains("is no user name of this site"), "{}", details[1]);
        assert_eq!(batch.exception_kinds(), ["emergency-act", "emergency-act"]);
        olga.post(&path, &json!({ "what": "" })).refused(428, "reason-required");
        qadir.post(&path, &act("sara")).refused(403, "authority-missing");
        let ratify = |no: u32| batch.path(&format!("emergency-acts/{no}/ratification"));
        let word = |upheld: bool| json!({ "upheld": upheld, "conclusion": "looked at" });
        batch.wave_through(1).refused(409, "emergency-not-ratified");
        sven.sign(&ratify(1), &word(true)).refused(403, "authority-missing");
        qadir.post(&ratify(1), &word(true)).refused(428, "signature-required");
        qadir.sign(&ratify(9), &word(true)).refused(404, "no-such-part");
        let owed = |batch: &Batch<'_>| {
            let all = world.person("qadir").get(&batch.path("obligations")).done();
            let list = all["obligations"].as_array().cloned().unwrap_or_default();
            list.into_iter().find(|owed| owed["id"] == "emergency/1/ratified").expect("owed")
        };
        assert_eq!(owed(&batch)["status"], "open");
        qadir.sign(&ratify(1), &word(true)).done();
        assert_eq!(owed(&batch)["status"], "met");
        qadir.sign(&ratify(1), &word(true)).refused(409, "already-ratified");
        batch.wave_through(1).done();
        qadir.sign(&ratify(2), &word(false)).done();
        batch.wave_through(2).refused(409, "emergency-not-ratified");
        let view = batch.picture()["emergency_acts"].clone();
        assert_eq!((&view[0]["upheld"], &view[1]["upheld"]), (&json!(true), &json!(false)));
    });
}

// shows: CH4-20.j
#[test]
fn an_operation_is_ended_early_by_a_signed_decision() {
    on_each(|world| {
        let document = recipes::changed("BUF-LONG", |document| {
            recipes::step(document, "01.2")["occurs"] = json!({ "min": 3, "max": 5 });
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "END-1", "BUF-LONG");
        let (olga, sven) = (world.person("olga"), world.person("sven"));
        let path = batch.path("operations/OP-01~1/ending");
        let body = |kind: &str, reason: &str| json!({ "kind": kind, "reason": reason });
        batch.weighed();
        batch.stirred(1, "20");
        batch.close(olga, "OP-01~1").refused(409, "operation-unfinished");
        let early = body("early-end", "dissolved already");
        olga.sign(&path, &early).refused(403, "authority-missing");
        sven.post(&path, &early).refused(428, "signature-required");
        sven.sign(&path, &body("early-end", "")).refused(428, "reason-required");
        let other = batch.path("operations/OP-02~1/ending");
        sven.sign(&other, &early).refused(409, "operation-not-begun");
        sven.sign(&path, &body("partial-harvest", "a sample of 1 L")).done();
        sven.sign(&path, &early).done();
        sven.sign(&path, &early).refused(409, "already-ended");
        assert_eq!(batch.exception_kinds(), ["early-end", "early-end"]);
        let all = olga.get(&batch.path("obligations")).done();
        let list = all["obligations"].as_array().cloned().unwrap_or_default();
        let waived = list.iter().find(|owed| owed["id"] == "step/OP-01~1/01.2~3/complete");
        let waived = waived.expect("still listed");
        assert_eq!(waived["status"], "waived");
        assert!(waived["evidence"].to_string().contains("dissolved already"), "{waived}");
        batch.close(olga, "OP-01~1").done();
        let operation = batch.picture()["operations"][0].clone();
        assert_eq!(operation["ended"]["reason"], "dissolved already");
        assert_eq!(operation["harvests"][0]["signed"]["user_name"], "sven");
        batch.start(olga, "OP-02~1/02.1~1").done();
    });
}

// shows: C211-110c.a
#[test]
fn a_gate_of_the_quality_unit_waits_for_its_signature() {
    on_each(|world| {
        let document = recipes::changed("BUF-QA", |document| {
            document["gates"][0]["authorities"] = json!(["review"]);
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "QAG-1", "BUF-QA");
        batch.adjusted();
        let (olga, qadir) = (world.person("olga"), world.person("qadir"));
        assert_eq!(batch.gate("G-FILL")["who"], json!(["review"]));
        let pass = batch.path("gates/G-FILL/passage");
        batch.start(olga, "OP-02~1/02.2~1").refused(409, "gate-not-passed");
        for who in ["olga", "sven", "quinn"] {
            world.person(who).sign(&pass, &json!({})).refused(403, "authority-missing");
        }
        qadir.sign(&pass, &json!({})).done();
        batch.fill(olga);
        batch.tested();
        batch.completed();
        // Who let it pass for quality oversees; the review is not barred.
        batch.review(qadir).done();
    });
}

/// Signs in elsewhere and starts a step at the same time as another.
fn race(world: &World, batch: &Batch<'_>, starts: [(&str, &str); 2]) -> Vec<u16> {
    let racers: Vec<(Persona, String)> = starts
        .iter()
        .map(|(who, at)| {
            let racer = world.person(who).elsewhere();
            racer.sign_in().done();
            (racer, batch.step(at, "start"))
        })
        .collect();
    std::thread::scope(|scope| {
        let running: Vec<_> = racers
            .iter()
            .map(|(racer, path)| scope.spawn(move || racer.post(path, &json!({})).status))
            .collect();
        running.into_iter().map(|racer| racer.join().expect("an answer")).collect()
    })
}

// shows: P11-10f.b
#[test]
fn of_two_people_on_one_step_one_begins_it_and_on_two_steps_both() {
    on_each(|world| {
        let document = recipes::changed("BUF-PAR", |document| {
            let extra = json!({ "id": "OP-03", "name": "Label", "area": "Buffers", "steps": [
                { "id": "03.1", "name": "Fetch labels", "instruction": "Fetch the labels." }] });
            let operations = &mut document["unit_procedures"][0]["operations"];
            operations.as_array_mut().expect("operations").push(extra);
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "PAR-1", "BUF-PAR");
        let both = race(world, &batch, [("olga", "OP-01~1/01.1~1"), ("omar", "OP-03~1/03.1~1")]);
        assert_eq!(both, [201, 201], "operations that wait for nothing run beside each other");
        let batch = Batch::issued_from(world, "PAR-2", "BUF-PAR");
        let mut one = race(world, &batch, [("olga", "OP-01~1/01.1~1"), ("omar", "OP-01~1/01.1~1")]);
        one.sort_unstable();
        assert_eq!(one, [201, 409], "one begins it");
    });
}

#[test]
fn an_approved_contingency_step_is_done_only_when_somebody_asks_for_it() {
    on_one(|world| {
        let document = recipes::changed("BUF-DEMAND", |document| {
            let steps = &mut document["unit_procedures"][0]["operations"][0]["steps"];
            steps.as_array_mut().expect("steps").push(
                json!({ "id": "01.3", "name": "Extra sample",
                "instruction": "Take 10 mL more.", "sampling": true, "on_demand": true,
                "occurs": { "min": 0, "max": 2 }, "entries": [
                    { "id": "why", "name": "Why", "kind": "text" }] }),
            );
        });
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "DEM-1", "BUF-DEMAND");
        let olga = world.person("olga");
        batch.weighed();
        // Under an exception that closes gates too: sampling stays open.
        olga.post(&batch.path("events"), &json!({ "what": "cloudy" })).done();
        for k in 1..=2 {
            let at = format!("OP-01~1/01.3~{k}");
            batch.start(olga, &at).done();
            batch.record(olga, &at, &json!({ "entry": "why", "value": "cloudy" })).done();
            batch.complete(olga, &at).done();
        }
        batch.start(olga, "OP-01~1/01.3~3").refused(409, "out-of-order");
        batch.stirred(1, "20");
        batch.close(olga, "OP-01~1").done();
        // Where nobody asks, nothing is owed.
        let batch = Batch::issued_from(world, "DEM-2", "BUF-DEMAND");
        batch.weighed();
        batch.stirred(1, "20");
        batch.close(olga, "OP-01~1").done();
    });
}
