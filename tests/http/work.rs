//! What waits for whoever asks: by the roles they hold, and as the acts then allow.

use crate::house::batch::{Batch, lot_of};
use crate::house::cast::PEOPLE;
use crate::house::client::{Persona, With};
use crate::house::world::{World, on_each};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";

/// Everything that waits for somebody.
fn waiting(who: &Persona, words: &str) -> Vec<Value> {
    let page = who.get(&format!("/work?limit=500{words}")).done();
    assert_eq!(page["next"], Value::Null);
    page["work"].as_array().cloned().expect("work")
}

/// Kind and place of what waits for somebody.
fn kinds(who: &Persona) -> Vec<(String, String)> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    waiting(who, "").iter().map(|line| (text(line, "kind"), text(line, "place"))).collect()
}

fn is(kind: &str, place: &str) -> (String, String) {
    (kind.to_owned(), place.to_owned())
}

/// What an act of this kind is sent that changes nothing: unsigned, without a reason, or on another version.
fn harmless(kind: &str) -> Value {
    match kind {
        "alarm" | "alerts" => json!({ "comment": "" }),
        "exception" => json!({ "outcome": "not-a-deviation", "rationale": "none" }),
        "amendment" => json!({ "approved": true, "conclusion": "none" }),
        "ratification" => json!({ "upheld": true, "conclusion": "none" }),
        "operation-review" | "review" => json!({ "conclusion": "none" }),
        "foreign-lots" => json!({ "lots": [], "accepted": true }),
        "disposition" => json!({ "disposition": "released", "reason": "none" }),
        "question" => json!({ "decision": "stands", "reason": "none" }),
        "deviation" => json!({ "text": "", "conclusion": "none" }),
        "result" => json!({ "value": "no number at all" }),
        _ => json!({}),
    }
}

/// The values at a place that wait for somebody else's look than who typed them.
fn looked_at(who: &Persona, name: &str, line: &Value) -> Value {
    let batch = line["batch"].as_str().expect("a batch");
    let waiting = who.get(&format!("/batches/{batch}/second-looks")).done();
    let here = |list: &str, number: &str| -> Vec<Value> {
        let all = waiting[list].as_array().cloned().unwrap_or_default().into_iter();
        let here = all.filter(|it| it["step"] == line["place"] && it["by"]["user_name"] != name);
        here.map(|it| json!({ "step": it["step"], "entry": it["entry"], number: it[number] }))
            .collect()
    };
    let (values, attempts) = (here("values", "version"), here("attempts", "no"));
    assert!(!values.is_empty() || !attempts.is_empty(), "{line}: {waiting}");
    json!({ "against": "display", "values": values, "attempts": attempts })
}

/// What says that somebody may not, whoever they are and whatever they did.
const MAY_NOT: [&str; 6] = [
    "authority-missing",
    "took-part-in-the-run",
    "requester-is-approver",
    "witness-is-performer",
    "released-it-themselves",
    "three-persons",
];

/// Tries every line of everybody's work: none is refused for who they are.
fn try_all(world: &World, lines: &mut usize) {
    for (name, ..) in PEOPLE {
        let who = world.person(name);
        for line in waiting(who, "") {
            let (kind, act) = (line["kind"].as_str().expect("a kind"), &line["act"]);
            let path = act["path"].as_str().expect("a path");
            let path = path.strip_prefix("/api/v1").expect("an address of this interface");
            *lines += 1;
            if act["method"] == "GET" {
                who.get(path).done();
                continue;
            }
            // Whoever stands by as a witness signs in another's act.
            if kind == "witness" {
                continue;
            }
            let body = match kind {
                "second-look" => looked_at(who, name, &line),
                _ => harmless(kind),
            };
            let answer = who.post_with(path, &body, &With::version("\"999999\""));
            assert_ne!(answer.status / 100, 2, "{name} {line}: {}", answer.text());
            assert_ne!(answer.status, 404, "{name} {line}: {}", answer.text());
            assert!(!MAY_NOT.contains(&answer.code()), "{name} {line}: {}", answer.text());
        }
    }
}

// shows: P11-10f.a
// finding: R16
#[test]
fn what_waits_follows_the_batch_and_each_line_can_be_tried_by_whom_it_waits_for() {
    on_each(|world| {
        let (olga, omar, sven) = (world.person("olga"), world.person("omar"), world.person("sven"));
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        let batch = Batch::issued(world, "WORK-1");
        let mut lines = 0;
        assert_eq!(kinds(olga), [is("start", WEIGH)]);
        assert_eq!(kinds(world.person("audrey")), []);
        assert_eq!(kinds(qadir), []);
        try_all(world, &mut lines);
        batch.weigh("0.300");
        let alarm = json!({ "tag": "TT-1", "priority": "low", "text": "warm",
            "raised_at": "2026-03-02T06:00:00Z" });
        sven.post(&batch.path("alarms"), &alarm).done();
        assert!(kinds(omar).contains(&is("go-on", WEIGH)), "{:?}", kinds(omar));
        assert!(kinds(olga).contains(&is("alarm", "run")), "{:?}", kinds(olga));
        assert!(kinds(omar).contains(&is("second-look", WEIGH)), "{:?}", kinds(omar));
        assert!(!kinds(olga).contains(&is("second-look", WEIGH)), "her own values");
        assert_eq!(kinds(quella)[0].0, "exception");
        try_all(world, &mut lines);
        batch.complete(olga, WEIGH).done();
        let check = &waiting(omar, "&kind=check")[0];
        assert_eq!((&check["place"], &check["batch"]), (&json!(WEIGH), &json!("WORK-1")));
        assert!(check["due_at"].is_string() && check["overdue"] == false, "{check}");
        assert_eq!(waiting(omar, "")[0], *check, "what is due comes first");
        assert_eq!(waiting(olga, "&kind=check"), [Value::Null; 0], "she performed it");
        world.minutes(61);
        assert_eq!(waiting(omar, "&kind=check")[0]["overdue"], true);
        try_all(world, &mut lines);
        batch.check(omar, WEIGH).done();
        assert_eq!(waiting(omar, "&kind=check"), [Value::Null; 0]);
        assert!(lines > 20, "{lines}");
    });
}

// shows: Q7-8.1.c
// finding: R16
#[test]
fn quality_is_told_of_reviews_lots_and_the_end_and_nobody_else_is() {
    on_each(|world| {
        let (qadir, quella, pia) =
            (world.person("qadir"), world.person("quella"), world.person("pia"));
        let batch = Batch::issued(world, "WORK-2");
        let mut lines = 0;
        batch.filled();
        let quinn = world.person("quinn");
        let results: Vec<String> = kinds(quinn).into_iter().map(|(kind, _)| kind).collect();
        assert!(results.contains(&"result".to_owned()), "{results:?}");
        try_all(world, &mut lines);
        batch.tested();
        assert!(kinds(quella).contains(&is("foreign-lots", "run")), "{:?}", kinds(quella));
        assert!(kinds(world.person("olga")).is_empty(), "{:?}", kinds(world.person("olga")));
        batch.completed();
        assert!(kinds(quella).contains(&is("review", "run")));
        try_all(world, &mut lines);
        batch.review(qadir).done();
        let lot = lot_of("WORK-2");
        assert!(kinds(pia).contains(&is("disposition", &lot)), "{:?}", kinds(pia));
        try_all(world, &mut lines);
        batch.dispose(quella, "released").done();
        assert!(kinds(pia).contains(&is("close-record", "run")), "{:?}", kinds(pia));
        try_all(world, &mut lines);
        pia.sign(&batch.path("closure"), &json!({})).done();
        for name in ["olga", "sven", "qadir", "quella", "pia", "audrey"] {
            assert_eq!(kinds(world.person(name)), [], "{name}");
        }
        // A complaint on a closed batch puts its lot in question: quality that did not release it decides.
        let complaint = json!({ "kind": "complaint", "text": "a bag was cloudy" });
        qadir.post(&batch.path("notices"), &complaint).done();
        assert!(kinds(pia).contains(&is("question", &lot)), "{:?}", kinds(pia));
        assert!(!kinds(quella).contains(&is("question", &lot)), "she released it");
        assert!(kinds(quella).contains(&is("exception", "run")), "{:?}", kinds(quella));
        try_all(world, &mut lines);
        assert!(lines > 10, "{lines}");
    });
}

// shows: Q7-8.1.c
// finding: R16
#[test]
fn a_deviation_waits_for_whom_it_is_open_to_and_pages_add_up_to_the_whole() {
    on_each(|world| {
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        let batch = Batch::issued(world, "WORK-3");
        batch.weigh("0.300");
        let deviation = json!({ "outcome": "deviation", "title": "too much acetate",
            "class": "critical" });
        qadir.sign(&batch.path("exceptions/1/triage"), &deviation).done();
        let mine = waiting(quella, "&kind=deviation");
        let acts: Vec<&str> = mine.iter().filter_map(|it| it["act"]["path"].as_str()).collect();
        assert_eq!(acts.len(), 2, "{mine:?}");
        assert!(acts.iter().any(|act| act.ends_with("/impact")), "{acts:?}");
        assert_eq!(waiting(world.person("petra"), "&kind=deviation").len(), 1);
        assert_eq!(waiting(world.person("olga"), "&kind=deviation"), [Value::Null; 0]);
        let mut lines = 0;
        try_all(world, &mut lines);
        Batch::issued(world, "WORK-4");
        let omar = world.person("omar");
        let whole = waiting(omar, "");
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = omar.get(&format!("/work?limit=1{after}")).done();
            found.extend(page["work"].as_array().cloned().expect("work"));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(found, whole);
        assert!(whole.len() >= 3, "{whole:?}");
        let of = |batch: &str| waiting(omar, &format!("&batch={batch}"));
        assert_eq!(of("WORK-4").len() + of("WORK-3").len(), whole.len());
        assert_eq!(waiting(omar, "&product=OTHER"), [Value::Null; 0]);
    });
}

// finding: R16, R12
#[test]
fn work_is_asked_in_known_words_and_shown_within_a_scope() {
    on_each(|world| {
        Batch::issued(world, "WORK-5");
        let olga = world.person("olga");
        for words in ["colour=red", "kind=xx", "after=zz", "limit=x"] {
            olga.get(&format!("/work?{words}")).refused(400, "unreadable-request");
        }
        let said = olga.get("/work?colour=red").refused(400, "unreadable-request");
        assert!(said["detail"].as_str().is_some_and(|it| it.contains("`batch`")), "{said}");
        olga.get("/work?due=yesterday").refused(422, "malformed");
        let elsewhere = json!([{ "role": "operator", "product": "OTHER" }]);
        let otto = world.joins("otto", "Otto Olsen", &elsewhere);
        assert_eq!(kinds(&otto), []);
        let here = json!([{ "role": "operator", "area": "Elsewhere" }]);
        let oda = world.joins("oda", "Oda Ohlin", &here);
        assert_eq!(kinds(&oda), [], "the step is done in another area");
        assert_eq!(kinds(world.person("ada")), [], "no clock is apart");
        world.stranger().get("/work").refused(401, "not-signed-in");
    });
}
