//! What was entered, over all batches: found by everything that a list is asked by.

use super::typed::{correct, weight};
use crate::house::batch::Batch;
use crate::house::client::Persona;
use crate::house::world::{World, on_each};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const WEIGH: &str = "OP-01~1/01.1~1";

/// Every line that answers, asked in parts of three.
fn listed(who: &Persona, words: &str) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = who.get(&format!("/entries?limit=3{words}{after}")).done();
        let lines = page["entries"].as_array().cloned().expect("entries");
        assert!(lines.len() <= 3);
        found.extend(lines);
        let Some(next) = page["next"].as_str() else { break found };
        after = format!("&after={next}");
    }
}

/// Parameter, sort, number and value of each line, the newest first.
fn said(who: &Persona, words: &str) -> Vec<String> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let one = |line: &Value| {
        let (parameter, what) = (text(line, "parameter"), text(line, "what"));
        format!("{parameter} {what} {} {}", line["no"], text(line, "shown"))
    };
    listed(who, words).iter().map(one).collect()
}

/// A weighing with an attempt, a slip, a correction that is outside, a late entry, one recorded for another.
fn weighed_badly(world: &World) -> Batch<'_> {
    let (olga, omar) = (world.person("olga"), world.person("omar"));
    let batch = Batch::issued(world, "LIST-1");
    batch.start(olga, WEIGH).done();
    world.minutes(1);
    batch.record(olga, WEIGH, &weight("99.000")).done();
    let why = batch.step(WEIGH, "entries/weight/attempts/explanation");
    olga.post(&why, &json!({ "why": "mistyped" })).done();
    batch.record(olga, WEIGH, &weight("0.273")).done();
    let slip = json!({ "value": "0.272", "unit": "kg", "slip": true });
    correct(&batch, olga, WEIGH, "weight", &slip).done();
    world.minutes(30);
    let again = json!({ "value": "0.300", "unit": "kg", "reason": "read again" });
    correct(&batch, omar, WEIGH, "weight", &again).done();
    let begun = batch.occurrence(WEIGH)["started_at"].as_str().expect("a time").to_owned();
    let late = json!({ "entry": "balance", "value": "BAL-07", "performed_at": begun,
        "reason": "hands full" });
    batch.record(olga, WEIGH, &late).done();
    let scribed = json!({ "entry": "lot", "value": "NA-2026-01",
        "basis": { "kind": "scribe", "performed_by": "omar" } });
    batch.record(olga, WEIGH, &scribed).done();
    batch
}

// shows: C211-180e.a
// finding: R16
#[test]
fn entries_of_all_batches_are_found_by_verdict_sort_person_parameter_and_time() {
    on_each(|world| {
        let batch = weighed_badly(world);
        let audrey = world.person("audrey");
        let all = said(audrey, "");
        assert_eq!(
            all,
            [
                "01.1/lot recorded 1 NA-2026-01",
                "01.1/balance recorded 1 BAL-07",
                "01.1/weight corrected 3 0.300 kg",
                "01.1/weight corrected 2 0.272 kg",
                "01.1/weight recorded 1 0.273 kg",
                "01.1/weight attempted 1 99.000 kg",
            ]
        );
        let attempt = ["01.1/weight attempted 1 99.000 kg"];
        assert_eq!(said(audrey, "&what=attempted"), attempt);
        assert_eq!(said(audrey, "&code=mistyped"), attempt);
        assert_eq!(said(audrey, "&code=confirmed"), [""; 0]);
        assert_eq!(said(audrey, "&code=slip"), ["01.1/weight corrected 2 0.272 kg"]);
        assert_eq!(said(audrey, "&what=corrected"), all[2..4]);
        // What is implausible is outside acceptance too, which is graver.
        let outside = [all[2].clone(), all[5].clone()];
        assert_eq!(said(audrey, "&verdict=outside-acceptance"), outside);
        assert_eq!(said(audrey, "&verdict=outside-acceptance&what=recorded"), [""; 0]);
        assert_eq!(said(audrey, "&verdict=implausible"), [""; 0]);
        assert_eq!(said(audrey, "&verdict=outside-alert"), [""; 0]);
        assert_eq!(said(audrey, "&verdict=unjudged"), all[..2]);
        assert_eq!(said(audrey, "&late=true"), all[1..2]);
        assert_eq!(said(audrey, "&late=false").len(), 5);
        assert_eq!(said(audrey, "&source=scribed"), all[..1]);
        assert_eq!(said(audrey, "&source=typed").len(), 5);
        assert_eq!(said(audrey, "&counts=true"), all[..3]);
        // He corrected one value, and did what olga wrote down for him.
        assert_eq!(said(audrey, "&person=omar"), [all[0].clone(), all[2].clone()]);
        assert_eq!(said(audrey, "&person=olga").len(), 5);
        assert_eq!(said(audrey, "&person=omar&what=corrected"), all[2..3]);
        assert_eq!(said(audrey, "&person=nobody"), [""; 0]);
        assert_eq!(said(audrey, "&parameter=01.1/weight"), all[2..]);
        assert_eq!(said(audrey, "&batch=LIST-1"), all);
        assert_eq!(said(audrey, "&batch=LIST-1&late=true"), all[1..2]);
        assert_eq!(said(audrey, "&product=BUFFERS"), all);
        assert_eq!(said(audrey, "&product=OTHER"), [""; 0]);
        let lines = listed(audrey, "");
        let at = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(lines[0]["performed_by"]["user_name"], "omar");
        assert_eq!(lines[2]["reason"], "read again");
        // Recorded half an hour later, performed at the beginning.
        let (recorded, performed) = (at(&lines[1], "at"), at(&lines[1], "performed_at"));
        assert!(performed < recorded);
        assert_eq!(said(audrey, &format!("&from={recorded}")), all[..2]);
        assert_eq!(said(audrey, &format!("&to={recorded}")), all[2..]);
        let third = at(&lines[2], "at");
        let before = format!("&performed_to={third}");
        assert_eq!(said(audrey, &before), [&all[1..2], &all[3..]].concat());
        assert_eq!(
            said(audrey, &format!("&performed_from={third}")),
            [&all[..1], &all[2..3]].concat()
        );
        // Each line leads to where it stands.
        let address = at(&lines[0], "address");
        audrey.get(address.strip_prefix("/api/v1").expect("an address")).done();
        assert_eq!(address, format!("/api/v1{}", batch.step(WEIGH, "").trim_end_matches('/')));
    });
}

// shows: C211-180e.a
// finding: R16
#[test]
fn what_was_struck_taken_back_or_tested_is_listed_and_no_longer_counts() {
    on_each(|world| {
        let (olga, sven) = (world.person("olga"), world.person("sven"));
        let batch = Batch::issued(world, "LIST-2");
        batch.weigh("0.272");
        let version = crate::house::client::With::version(&batch.entry_etag(WEIGH, "lot"));
        let path = batch.step(WEIGH, "entries/lot/striking");
        olga.post_with(&path, &json!({ "reason": "another bag" }), &version).done();
        assert_eq!(said(sven, "&what=struck"), ["01.1/lot struck 2 struck"]);
        let of_lot = said(sven, "&parameter=01.1/lot&counts=false");
        assert_eq!(of_lot, ["01.1/lot struck 2 struck", "01.1/lot recorded 1 NA-2026-01"]);
        let other = Batch::issued(world, "LIST-3");
        other.filled();
        other.tested();
        let tested = said(sven, "&what=determined");
        assert_eq!(tested.len(), 2, "{tested:?}");
        let reported = said(sven, "&parameter=identity&what=recorded");
        assert_eq!(reported.len(), 1, "{reported:?}");
        let batches: BTreeSet<String> = listed(sven, "")
            .iter()
            .filter_map(|line| line["batch"].as_str().map(str::to_owned))
            .collect();
        assert_eq!(batches, BTreeSet::from(["LIST-2".to_owned(), "LIST-3".to_owned()]));
    });
}

// shows: P11-10g.a
// finding: R16, R12
#[test]
fn entries_are_asked_in_known_words_and_shown_within_a_scope() {
    on_each(|world| {
        let batch = weighed_badly(world);
        let olga = world.person("olga");
        for words in ["colour=red", "what=xx", "verdict=xx", "source=xx", "code=xx", "after=zz"] {
            olga.get(&format!("/entries?{words}")).refused(400, "unreadable-request");
        }
        let said = olga.get("/entries?colour=red").refused(400, "unreadable-request");
        assert!(said["detail"].as_str().is_some_and(|it| it.contains("`verdict`")), "{said}");
        olga.get("/entries?from=yesterday").refused(422, "malformed");
        olga.get("/entries?batch=NONE-1").refused(404, "not-found");
        let otto = json!([{ "role": "operator", "product": "OTHER" }]);
        let otto = world.joins("otto", "Otto Olsen", &otto);
        assert_eq!(listed(&otto, ""), [Value::Null; 0]);
        otto.get(&format!("/entries?batch={}", batch.number)).refused(404, "not-found");
        assert_eq!(listed(olga, "").len(), 6);
        world.person("ada").get("/entries").refused(403, "authority-missing");
    });
}
