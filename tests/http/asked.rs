//! The inspector asks: who stands where, what was changed and why, where something went, who held which right then.

use crate::after::{released, released_from};
use crate::house::batch::{Batch, lot_of};
use crate::house::client::{Persona, With};
use crate::house::recipes::{bring_into_effect, changed, step};
use crate::house::world::on_each;
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

fn lines(who: &Persona, path: &str) -> Vec<Value> {
    let page = who.get(path).done();
    page["entries"].as_array().cloned().unwrap_or_else(|| panic!("{path}: {page}"))
}

fn events(who: &Persona, path: &str) -> Vec<String> {
    lines(who, path).iter().map(|line| line["event"].as_str().expect("a name").to_owned()).collect()
}

// shows: A11D-12.4.a
// finding: A22, N5
#[test]
fn the_trail_finds_somebody_in_whatever_part_they_stand_in_an_entry() {
    on_each(|world| {
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let audrey = world.person("audrey");
        let batch = Batch::issued(world, "WHO-1");
        batch.weighed();
        let remark = json!({ "remark": "weighing is out" });
        omar.sign_seconded(&batch.path("handovers"), &remark, olga).done();
        let taken = events(audrey, "/audit-trail?who=olga&what=run.handed-over");
        assert_eq!(taken, ["run.handed-over"], "who signed as the second is found");
        let second = events(audrey, "/audit-trail?who=olga&part=second&record_kind=run");
        assert_eq!(second, ["run.handed-over"]);
        assert_eq!(events(audrey, "/audit-trail?who=omar&part=second&record_kind=run"), [""; 0]);
        // A scribe writes what somebody else did.
        batch.start(omar, "OP-01~1/01.2~1").done();
        let basis = json!({ "kind": "scribe", "performed_by": "olga" });
        let body = json!({ "entry": "temperature", "value": "20", "unit": "Cel", "basis": basis });
        batch.record(omar, "OP-01~1/01.2~1", &body).done();
        let found = lines(audrey, "/audit-trail?who=olga&part=performer");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (&found[0]["who"]["user_name"], &found[0]["performed_by"]),
            (&json!("omar"), &json!("olga"))
        );
        assert_eq!(found[0]["step"], "OP-01~1/01.2~1");
        assert_eq!(found[0]["entry"], "temperature");
        // Everything that somebody vouched for is one question.
        let vouched = events(audrey, "/audit-trail?who=olga&part=attested&record_kind=run");
        assert_eq!(vouched, ["run.entry-recorded", "run.handed-over"]);
        let checked = events(audrey, "/audit-trail?who=omar&part=attested&record_kind=run");
        assert_eq!(checked, ["run.step-checked"]);
        assert_eq!(
            events(audrey, &batch.path("audit-trail?who=omar&part=verified")),
            ["run.step-checked"]
        );
        let ada = events(audrey, "/audit-trail?who=ada&part=identity-verified&limit=500");
        assert!(!ada.is_empty() && ada.iter().all(|event| event.starts_with("person.")), "{ada:?}");
        let own = events(audrey, &batch.path("audit-trail?who=olga&part=actor"));
        assert_eq!(own[0], "run.started", "the oldest first");
    });
}

// shows: A11D-12.4.b, A11D-12.4.c, A11D-12.4.d, PICS-2.b
// finding: N5, R12
#[test]
fn the_trail_is_asked_by_reason_words_both_times_and_what_is_critical() {
    on_each(|world| {
        let (olga, audrey) = (world.person("olga"), world.person("audrey"));
        let batch = Batch::issued(world, "WHAT-1");
        batch.start(olga, WEIGH).done();
        let began = world.clock.time();
        world.minutes(60);
        let late = json!({ "entry": "balance", "value": "BAL-07", "reason": "the tablet's Größe was wrong",
            "performed_at": began.plus_minutes(20).to_rfc3339() });
        batch.record(olga, WEIGH, &late).done();
        batch.record(olga, WEIGH, &json!({ "entry": "lot", "value": "NA-2026-01" })).done();
        let version = With::version(&batch.entry_etag(WEIGH, "lot"));
        let body =
            json!({ "value": "NA-2026-02", "reason": "100 % sure: read the \"other\" label" });
        olga.post_with(&batch.step(WEIGH, "entries/lot/corrections"), &body, &version).done();
        let trail = |query: &str| events(audrey, &batch.path(&format!("audit-trail?{query}")));
        assert_eq!(trail("reason=100%20%25%20SURE"), ["run.entry-corrected"]);
        assert_eq!(trail("reason=the%20%22other%22"), ["run.entry-corrected"]);
        assert_eq!(trail("reason=NA-2026-02"), [""; 0], "a value is no reason");
        let found = trail("text=na-2026-02");
        assert!(found.contains(&"run.entry-corrected".to_owned()), "{found:?}");
        assert_eq!(trail("text=NA-2026-03"), [""; 0]);
        assert_eq!(trail("text=gr%C3%B6%C3%9Fe&what=run.entry-recorded"), ["run.entry-recorded"]);
        assert_eq!(trail("text=performed_at"), [""; 0], "names of members are no words");
        let over_all = "/audit-trail?text=NA-2026-02&what=run.entry-corrected";
        assert_eq!(events(audrey, over_all), ["run.entry-corrected"]);
        // When it was done, as it was said; when it was written.
        let (from, to) = (began.plus_minutes(10).to_rfc3339(), began.plus_minutes(30).to_rfc3339());
        let done = format!("performed_from={from}&performed_to={to}");
        assert_eq!(trail(&done), ["run.entry-recorded"]);
        assert_eq!(trail(&format!("from={from}&to={to}")), [""; 0], "nothing was written then");
        assert_eq!(events(audrey, &format!("/audit-trail?{done}")), ["run.entry-recorded"]);
        assert_eq!(
            events(audrey, &format!("/audit-trail?{done}&who=olga")),
            ["run.entry-recorded"]
        );
        assert_eq!(events(audrey, &format!("/audit-trail?{done}&who=omar")), [""; 0]);
        let line = lines(audrey, &format!("/audit-trail?{done}"))[0].clone();
        assert_eq!(line["performed_at"], began.plus_minutes(20).to_rfc3339());
        let after = format!("performed_from={to}&what=run.entry-recorded");
        assert_eq!(lines(audrey, &format!("/audit-trail?{after}"))[0]["entry"], "lot");
        // What is critical.
        crate::after::event(&batch, "foam in the vessel");
        let critical = trail("critical=true");
        assert!(critical.contains(&"run.entry-corrected".to_owned()), "{critical:?}");
        assert!(critical.contains(&"run.exception-opened".to_owned()), "{critical:?}");
        assert!(!critical.contains(&"run.entry-recorded".to_owned()), "{critical:?}");
        assert_eq!(
            trail("what=run.entry-corrected,run.step-started"),
            ["run.step-started", "run.entry-corrected"]
        );
        assert_eq!(
            trail("what=run.entry-corrected,run.step-started&order=newest"),
            ["run.entry-corrected", "run.step-started"]
        );
    });
}

// shows: PICS-2.a
// finding: R17
#[test]
fn a_batch_and_whatever_is_asked_of_the_trail_come_in_parts_without_gaps_or_repeats() {
    on_each(|world| {
        let audrey = world.person("audrey");
        let batch = Batch::issued(world, "PART-1");
        batch.weighed();
        let links = |path: &str| -> Vec<String> {
            let all = lines(audrey, path);
            all.iter().map(|line| line["link"].as_str().expect("a link").to_owned()).collect()
        };
        let from = world.clock.time().plus_minutes(-60).to_rfc3339();
        for question in [
            batch.path("audit-trail?order=newest"),
            batch.path("audit-trail?order=oldest"),
            format!("/audit-trail?order=oldest&from={from}"),
            "/audit-trail?who=olga".to_owned(),
            "/audit-trail?who=olga&order=oldest".to_owned(),
            "/audit-trail?what=person.".to_owned(),
            "/audit-trail?critical=true".to_owned(),
            format!("/audit-trail?performed_from={from}"),
        ] {
            let whole = links(&format!("{question}&limit=500"));
            assert!(whole.len() > 7, "{question}: {}", whole.len());
            let (mut parts, mut path) = (Vec::new(), format!("{question}&limit=7"));
            while parts.len() <= whole.len() {
                parts.extend(links(&path));
                let Some(next) = audrey.get(&path).done()["next"].as_str().map(str::to_owned)
                else {
                    break;
                };
                path = format!("{question}&limit=7&after={next}");
            }
            assert_eq!(parts, whole, "{question}");
        }
        audrey.get(&batch.path("audit-trail?after=nonsense")).refused(400, "unreadable-request");
    });
}

// shows: C211-188b3.a
// finding: R16
#[test]
fn where_something_was_used_is_told_down_to_the_last_lot() {
    on_each(|world| {
        let audrey = world.person("audrey");
        released(world, "USED-1");
        released_from(world, "USED-2", &[&lot_of("USED-1")]);
        let used = audrey.get("/where-used?lot=na-2026-01&limit=500").done();
        let of = |list: &str, member: &str| -> Vec<String> {
            let all = used[list].as_array().expect("a list").iter();
            all.map(|line| line[member].as_str().unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(of("batches", "batch"), ["USED-1", "USED-2"], "{used}");
        assert_eq!(of("downstream", "lot"), [lot_of("USED-1"), lot_of("USED-2")], "{used}");
        let entry = used["entries"].as_array().expect("entries").iter();
        let recorded: Vec<_> = entry.filter(|line| line["event"] == "run.entry-recorded").collect();
        assert_eq!(recorded.len(), 2, "{used}");
        for line in recorded {
            assert_eq!((&line["step"], &line["entry"]), (&json!(WEIGH), &json!("lot")));
        }
        // What went into one lot alone goes on into what was made of it.
        let own = audrey.get(&format!("/where-used?lot={}", lot_of("USED-1"))).done();
        let below = own["downstream"].as_array().expect("a list");
        assert_eq!(below.len(), 1, "{own}");
        assert_eq!(below[0]["lot"], lot_of("USED-2"));
        assert_eq!(below[0]["through"], lot_of("USED-1"));
        assert_eq!(below[0]["disposition"], "released");
        let balance = audrey.get("/where-used?equipment=BAL-07").done();
        assert_eq!(balance["batches"].as_array().map(Vec::len), Some(2), "{balance}");
        assert_eq!(balance["downstream"].as_array().map(Vec::len), Some(2), "{balance}");
        let never = audrey.get("/where-used?device=NEVER-1").done();
        assert_eq!((&never["batches"], &never["downstream"]), (&json!([]), &json!([])));
    });
}

// finding: R16
#[test]
fn a_sample_is_found_where_it_was_taken() {
    on_each(|world| {
        let document = changed("SAMPLED", |document| {
            let entries = step(document, "01.1")["entries"].as_array_mut();
            entries
                .expect("entries")
                .push(json!({ "id": "drawn", "name": "Sample", "kind": "sample", "mandatory": false, "point": "vessel, upper port" }));
        });
        let who = |name| world.person(name);
        bring_into_effect(who("petra"), who("paul"), who("qadir"), &document);
        let batch = Batch::issued_from(world, "SMP-1", "SAMPLED");
        batch.weigh("0.272");
        let body = json!({ "entry": "drawn", "value": { "id": "S/26 014" } });
        batch.record(world.person("olga"), WEIGH, &body).done();
        let used = world.person("audrey").get("/where-used?sample=s%2F26014").done();
        assert_eq!(used["batches"][0]["batch"], "SMP-1", "{used}");
        assert_eq!(used["entries"][0]["entry"], "drawn");
    });
}

// finding: R16
#[test]
fn who_took_which_part_in_a_batch_and_in_which_batches_somebody_did() {
    on_each(|world| {
        let audrey = world.person("audrey");
        let first = Batch::issued(world, "TEAM-1");
        first.weighed();
        let second = Batch::issued(world, "TEAM-2");
        second.weigh("0.272");
        let all = audrey.get(&first.path("participants")).done();
        let all = all["participants"].as_array().expect("people");
        let names: Vec<_> =
            all.iter().map(|one| one["user_name"].as_str().expect("a name")).collect();
        assert_eq!(names, ["sven", "olga", "omar"], "in the order in which they came");
        let omar = &all[2];
        assert_eq!(
            (&omar["took_part"], &omar["printed_name"]),
            (&json!(true), &json!("Omar Ortiz"))
        );
        let part = |meaning: Value| json!([omar["parts"][0]["part"], meaning, 1]);
        assert_eq!(
            json!(["actor", omar["parts"][0]["meaning"], omar["parts"][0]["entries"]]),
            part(json!("verified"))
        );
        let batches = |who: &str| -> Vec<String> {
            let all = audrey.get(&format!("/persons/{who}/batches")).done();
            let all = all["batches"].as_array().expect("batches").iter();
            all.map(|one| one["batch"].as_str().expect("a number").to_owned()).collect()
        };
        assert_eq!(batches("olga"), ["TEAM-2", "TEAM-1"]);
        assert_eq!(batches("OMAR"), ["TEAM-1"]);
        assert_eq!(batches("quinn"), Vec::<String>::new());
        let page = audrey.get("/persons/olga/batches?limit=1").done();
        let next = page["next"].as_str().expect("more");
        let rest = audrey.get(&format!("/persons/olga/batches?limit=1&after={next}")).done();
        assert_eq!((&rest["batches"][0]["batch"], &rest["next"]), (&json!("TEAM-1"), &Value::Null));
    });
}

// shows: DI-Q4.c
// finding: R16
#[test]
fn accounts_with_their_authorities_are_listed_as_of_a_past_moment() {
    on_each(|world| {
        let (ada, audrey) = (world.person("ada"), world.person("audrey"));
        world.minutes(5);
        let then = world.clock.time().to_rfc3339();
        world.minutes(5);
        let both = json!([{ "role": "operator" }, { "role": "supervisor", "product": "BUFFERS" }]);
        ada.post("/persons/olga/grants", &json!({ "roles": both, "reason": "stands in" })).done();
        ada.post("/persons/omar/deactivation", &json!({ "reason": "left" })).done();
        world.joins("nora", "Nora North", &json!([{ "role": "operator" }]));
        let of = |query: &str, name: &str| -> Value {
            let page = audrey.get(&format!("/persons?limit=500{query}")).done();
            let mut all = page["persons"].as_array().expect("people").iter();
            all.find(|one| one["user_name"] == name).cloned().unwrap_or_default()
        };
        let roles = |person: &Value| -> Vec<String> {
            let all = person["roles"].as_array().expect("roles").iter();
            all.map(|role| role["role"].as_str().expect("a name").to_owned()).collect()
        };
        let past = format!("&as_of={then}");
        assert_eq!(roles(&of("", "olga")), ["operator", "supervisor"]);
        assert_eq!(roles(&of(&past, "olga")), ["operator"]);
        let held = of(&past, "olga")["roles"][0]["authorities"].clone();
        let held = held.as_array().expect("authorities").clone();
        assert!(
            held.contains(&json!("execute")) && !held.contains(&json!("supervise")),
            "{held:?}"
        );
        assert_eq!(
            (&of("", "omar")["active"], &of(&past, "omar")["active"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(of(&past, "nora"), Value::Null, "who came later was not there");
        assert_eq!(roles(&of("", "nora")), ["operator"]);
        let before = audrey.get("/persons?as_of=2020-01-01T00:00:00Z").done();
        assert_eq!(before["persons"], json!([]));
        let page = audrey.get(&format!("/persons?as_of={then}")).done();
        assert_eq!(page["as_of"], then);
    });
}
