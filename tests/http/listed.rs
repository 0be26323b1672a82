//! Quality asks over all batches: exceptions, deviations, lots that need a look.

use crate::after::{answers, event, released, settled};
use crate::deviations::opened;
use crate::house::batch::{Batch, lot_of};
use crate::house::client::Persona;
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};

const DAY: i64 = 24 * 60;

/// One member of each line of a list.
fn column(who: &Persona, path: &str, list: &str, member: &str) -> Vec<String> {
    let page = who.get(path).done();
    let lines = page[list].as_array().unwrap_or_else(|| panic!("{path}: {page}"));
    lines.iter().map(|line| line[member].as_str().unwrap_or_default().to_owned()).collect()
}

fn exceptions(who: &Persona, query: &str) -> Vec<String> {
    column(who, &format!("/exceptions?{query}"), "exceptions", "batch")
}

fn deviations(who: &Persona, query: &str) -> Vec<String> {
    column(who, &format!("/deviations?{query}"), "deviations", "number")
}

fn lots(who: &Persona, query: &str) -> Vec<String> {
    column(who, &format!("/lots?{query}"), "lots", "number")
}

fn now(world: &World) -> String {
    world.clock.time().to_rfc3339()
}

// shows: C211-180e.b
// finding: R16
#[test]
fn exceptions_of_all_batches_are_found_by_what_they_are_and_how_they_stand() {
    on_each(|world| {
        let first = Batch::issued(world, "EX-1");
        first.weigh("0.300");
        world.minutes(DAY);
        let between = now(world);
        world.minutes(1);
        let second = Batch::issued(world, "EX-2");
        second.weigh("0.272");
        event(&second, "foam in the vessel");
        let qadir = world.person("qadir");
        assert_eq!(exceptions(qadir, ""), ["EX-2", "EX-1"], "the newest first");
        let both = "kind=out-of-acceptance,event";
        assert_eq!(exceptions(qadir, both), ["EX-2", "EX-1"]);
        assert_eq!(exceptions(qadir, "kind=out-of-acceptance"), ["EX-1"]);
        assert_eq!(exceptions(qadir, "batch=EX-2"), ["EX-2"]);
        assert_eq!(exceptions(qadir, "product=OTHER"), Vec::<String>::new());
        assert_eq!(exceptions(qadir, "person=olga"), ["EX-2", "EX-1"]);
        assert_eq!(exceptions(qadir, "person=omar"), Vec::<String>::new());
        assert_eq!(exceptions(qadir, &format!("from={between}")), ["EX-2"]);
        assert_eq!(exceptions(qadir, &format!("to={between}")), ["EX-1"]);
        let line = qadir.get("/exceptions?batch=EX-1").done()["exceptions"][0].clone();
        let own = first.exceptions()[0].clone();
        for member in ["no", "kind", "severity", "effect", "at", "opened_at", "detail"] {
            assert_eq!(line[member], own[member], "{member}");
        }
        assert_eq!((&line["state"], &line["by"]), (&json!("open"), &json!("Olga Okafor")));
        let like = |member: &str| format!("{member}={}", line[member].as_str().expect("a word"));
        for filter in [like("severity"), like("effect"), like("product")] {
            assert!(exceptions(qadir, &filter).contains(&"EX-1".to_owned()), "{filter}");
        }
        // Decided, it is no longer open.
        second.wave_through(1).done();
        assert_eq!(exceptions(qadir, "state=open"), ["EX-1"]);
        assert_eq!(exceptions(qadir, "state=triaged"), ["EX-2"]);
        assert_eq!(exceptions(qadir, "state=not-a-deviation,open"), ["EX-2", "EX-1"]);
        let path = opened(&first, "major");
        let number = path.rsplit('/').next().expect("a number");
        assert_eq!(exceptions(qadir, "state=in-deviation"), ["EX-1"]);
        assert_eq!(exceptions(qadir, &format!("deviation={number}")), ["EX-1"]);
        // In parts.
        let page = qadir.get("/exceptions?limit=1").done();
        let next = page["next"].as_str().expect("more");
        assert_eq!(exceptions(qadir, &format!("limit=1&after={next}")), ["EX-1"]);
    });
}

// shows: C211-180e.b
// finding: R16
#[test]
fn deviations_are_found_by_age_people_class_batch_and_how_they_stand() {
    on_each(|world| {
        let (qadir, petra) = (world.person("qadir"), world.person("petra"));
        let first = Batch::issued(world, "DL-1");
        first.weigh("0.300");
        let path = opened(&first, "major");
        let old = path.rsplit('/').next().expect("a number").to_owned();
        world.minutes(31 * DAY);
        for name in ["qadir", "quella", "petra", "olga"] {
            world.person(name).sign_in().done();
        }
        let second = Batch::issued(world, "DL-2");
        second.weigh("0.300");
        let new = opened(&second, "minor");
        let new = new.rsplit('/').next().expect("a number").to_owned();
        let (old, new) = (old.as_str(), new.as_str());
        assert_eq!(deviations(qadir, ""), [new, old]);
        assert_eq!(deviations(qadir, "order=oldest"), [old, new]);
        assert_eq!(deviations(qadir, "older_than=30"), [old]);
        assert_eq!(deviations(qadir, "older_than=60"), Vec::<String>::new());
        assert_eq!(deviations(qadir, "class=major,critical"), [old]);
        assert_eq!(deviations(qadir, "batch=DL-2"), [new]);
        assert_eq!(deviations(qadir, "product=OTHER"), Vec::<String>::new());
        let product =
            qadir.get("/exceptions?batch=DL-1").done()["exceptions"][0]["product"].clone();
        let product = product.as_str().expect("a code");
        assert_eq!(deviations(qadir, &format!("product={product}")), [new, old]);
        assert_eq!(deviations(qadir, "opener=qadir"), [new, old]);
        assert_eq!(deviations(qadir, "opener=petra"), Vec::<String>::new());
        assert_eq!(deviations(qadir, "person=petra"), Vec::<String>::new());
        let report =
            json!({ "text": "the scale drifted", "root_cause": "no warm-up", "capa": "training" });
        petra.sign(&format!("{path}/investigation-report"), &report).done();
        assert_eq!(deviations(qadir, "investigator=petra"), [old]);
        assert_eq!(deviations(qadir, "person=petra&phase=open"), [old]);
        assert_eq!(deviations(qadir, "phase=closed"), Vec::<String>::new());
        let line = qadir.get("/deviations?batch=DL-1").done()["deviations"][0].clone();
        assert_eq!((&line["days_open"], &line["batches"]), (&json!(31), &json!(["DL-1"])));
        assert_eq!(line["opened_by"]["user_name"], "qadir");
        assert_eq!(line["investigated"]["user_name"], "petra");
        let page = qadir.get("/deviations?limit=1&order=oldest").done();
        let next = page["next"].as_str().expect("more");
        assert_eq!(deviations(qadir, &format!("limit=1&order=oldest&after={next}")), [new]);
    });
}

// shows: C211-192b.e
// finding: R16
#[test]
fn released_lots_that_need_a_look_and_deviations_on_closed_batches_have_one_call_each() {
    on_each(|world| {
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        let batch = released(world, "LQ-1");
        released(world, "LQ-2");
        let (own, untouched) = (lot_of("LQ-1"), lot_of("LQ-2"));
        let nothing = Vec::<String>::new();
        assert_eq!(lots(qadir, "disposition=released"), [own.clone(), untouched.clone()]);
        assert_eq!(lots(qadir, "attention=any"), nothing);
        quella.sign(&batch.path("closure"), &json!({})).done();
        let notice = json!({ "kind": "complaint", "text": "particles seen" });
        quella.post(&batch.path("notices"), &notice).done();
        for attention in ["questioned", "open", "changed", "any"] {
            assert_eq!(
                lots(qadir, &format!("attention={attention}")),
                std::slice::from_ref(&own),
                "{attention}"
            );
        }
        assert_eq!(lots(qadir, "attention=blocked"), nothing);
        let line = qadir.get("/lots?attention=questioned").done()["lots"][0].clone();
        assert!(line["questioned"]["since"].is_string(), "{line}");
        assert!(line["questioned"]["because"].to_string().contains("particles"), "{line}");
        assert!(line["open_in_batch"].to_string().contains("exception 1"), "{line}");
        assert!(line["since_release"].to_string().contains("particles"), "{line}");
        // It stands: no longer in question, yet something came since it was released.
        let path = opened(&batch, "minor");
        let number = path.rsplit('/').next().expect("a number").to_owned();
        assert_eq!(deviations(qadir, "batch_phase=closed"), std::slice::from_ref(&number));
        assert_eq!(deviations(qadir, "batch_phase=running"), nothing);
        let line = qadir.get("/lots?attention=open").done()["lots"][0].clone();
        assert!(line["open_in_batch"].to_string().contains(&number), "{line}");
        batch.close_deviation(&path, "no particles of ours").done();
        settled(&batch);
        answers(&batch, qadir, "stands").done();
        assert_eq!(lots(qadir, "attention=questioned"), nothing);
        assert_eq!(lots(qadir, "attention=open"), nothing);
        assert_eq!(lots(qadir, "attention=changed"), [own]);
    });
}

/// Every list over all batches, with a word that it does not know and a word of its that it does.
const LISTS: &[(&str, &str)] = &[
    ("/exceptions?colour=red", "severity"),
    ("/exceptions?kind=late", "late-entry"),
    ("/exceptions?severity=critical,bad", "major"),
    ("/exceptions?effect=none", "to-safe-point"),
    ("/exceptions?state=closed", "in-deviation"),
    ("/deviations?colour=red", "older_than"),
    ("/deviations?class=grave", "critical"),
    ("/deviations?batch_phase=over", "closed"),
    ("/deviations?order=age", "oldest"),
    ("/lots?status=free", "disposition"),
    ("/lots?attention=urgent", "questioned"),
    ("/persons?at=now", "as_of"),
    ("/persons/olga/batches?role=qa", "after"),
    ("/where-used?batch=B-1", "equipment"),
    ("/audit-trail?colour=red", "performed_from"),
    ("/audit-trail?who=olga&part=author", "witnessed"),
    ("/audit-trail?order=age", "oldest"),
    ("/batches/WORDS-1/audit-trail?colour=red", "performed_from"),
    ("/batches/WORDS-1/audit-trail?what=run.corected", "entry-corrected"),
];

// finding: R12, N5
#[test]
fn an_unknown_word_is_told_the_known_ones_on_every_list_and_where_there_are_none() {
    on_one(|world| {
        Batch::issued(world, "WORDS-1").weigh("0.272");
        let qadir = world.person("qadir");
        for (path, names) in LISTS {
            let answer = qadir.get(path);
            assert!(answer.text().contains(names), "{path}: {}", answer.text());
            answer.refused(400, "unreadable-request");
        }
        // What takes no words says so.
        for path in
            ["obligations", "second-looks", "timers", "amendments", "participants", "handover"]
        {
            let asked = format!("/batches/WORDS-1/{path}?open=true");
            let answer = qadir.get(&asked);
            assert!(answer.text().contains("takes no words"), "{path}: {}", answer.text());
            answer.refused(400, "unreadable-request");
            qadir.get(&format!("/batches/WORDS-1/{path}")).done();
        }
        for (path, code) in [
            ("/exceptions?person=nobody", "not-found"),
            ("/deviations?opener=nobody", "not-found"),
            ("/audit-trail?who=nobody", "not-found"),
            ("/persons/nobody/batches", "not-found"),
        ] {
            qadir.get(path).refused(404, code);
        }
        for path in [
            "/audit-trail?part=witnessed",
            "/audit-trail?text=%20",
            "/audit-trail?reason=a%00b",
            "/where-used",
            "/where-used?lot=A&sample=B",
            "/exceptions?from=yesterday",
            "/persons?as_of=yesterday",
        ] {
            qadir.get(path).refused(422, "malformed");
        }
    });
}

// shows: P11-10g.a
#[test]
fn who_reads_sees_their_scope_and_who_does_not_sees_nothing() {
    on_each(|world| {
        let batch = Batch::issued(world, "SEEN-1");
        batch.weigh("0.300");
        let paths = [
            "/exceptions",
            "/deviations",
            "/lots",
            "/where-used?lot=NA-2026-01",
            "/batches/SEEN-1/participants",
            "/persons/olga/batches",
        ];
        for name in ["olga", "sven", "petra", "quinn", "qadir", "pia", "audrey", "ada"] {
            for path in paths {
                let answer = world.person(name).get(path);
                if name == "ada" {
                    answer.refused(403, "authority-missing");
                } else {
                    answer.done();
                }
            }
        }
        let other = json!({ "roles": [{ "role": "qa", "product": "OTHER" }], "reason": "moves" });
        world.person("ada").post("/persons/quella/grants", &other).done();
        let quella = world.person("quella");
        quella.sign_in().done();
        assert_eq!(exceptions(quella, ""), Vec::<String>::new());
        let used: Value = quella.get("/where-used?lot=NA-2026-01").done();
        assert_eq!((&used["batches"], &used["entries"]), (&json!([]), &json!([])));
        assert_eq!(used["beyond_your_products"], 1);
        assert_eq!(quella.get("/persons/olga/batches").done()["batches"], json!([]));
        quella.get("/batches/SEEN-1/participants").refused(404, "not-found");
    });
}
