//! What the server computes, as a client sees it: values over lists, full precision, times that somebody claims,
//! what cannot be computed.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::recipes;
use crate::house::world::{World, on_each, on_one};
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const WATCH: &str = "OP-01~1/01.8~1";
const PH: &str = "OP-02~1/02.1~1";

fn calculation(id: &str, unit: &str, expression: &str) -> Value {
    json!({ "id": id, "name": id, "kind": "calculation", "language": "batchwright.calc/1",
        "expression": expression, "unit": unit, "mandatory": false })
}

fn limited(mut entry: Value, low: Option<&str>, high: Option<&str>) -> Value {
    let end = |value: Option<&str>| {
        value.map_or(Value::Null, |value| json!({ "value": value, "inclusive": true }))
    };
    let mut limit = json!({ "purpose": "acceptance" });
    for (name, value) in [("low", low), ("high", high)] {
        if value.is_some() {
            limit[name] = end(value);
        }
    }
    entry["limits"] = json!([limit]);
    entry["classification"] = json!("CPP");
    entry
}

/// Adds entries to a step.
fn with(document: &mut Value, step: &str, entries: Vec<Value>) {
    let list = recipes::step(document, step)["entries"].as_array_mut().expect("entries");
    list.extend(entries);
}

/// The buffer, stirred as often as one likes, with a step beside it that computes over the stirring.
fn watched(world: &World, code: &str, entries: &[Value]) {
    let document = recipes::changed(code, |document| {
        recipes::step(document, "01.2")["occurs"] = json!({ "min": 1 });
        let watch = json!({ "id": "01.8", "name": "Watch", "instruction": "Look at it.",
            "after": ["01.1"], "entries": entries });
        let operations = document["unit_procedures"][0]["operations"].as_array_mut();
        let steps = operations.and_then(|list| list[0]["steps"].as_array_mut()).expect("steps");
        steps.push(watch);
    });
    recipes::effective(world, &document);
}

fn stir(batch: &Batch<'_>, k: u32, temperature: &str) {
    let olga = batch.world.person("olga");
    let at = format!("OP-01~1/01.2~{k}");
    batch.start(olga, &at).done();
    let body = json!({ "entry": "temperature", "value": temperature, "unit": "Cel" });
    batch.record(olga, &at, &body).done();
}

/// The events of a batch, newest last.
fn trail(batch: &Batch<'_>) -> Vec<Value> {
    let all = batch.world.person("audrey").get(&batch.path("audit-trail?limit=500")).done();
    all["entries"].as_array().cloned().unwrap_or_default()
}

fn computed(batch: &Batch<'_>) -> usize {
    let is = |line: &&Value| line.to_string().contains("entry-computed");
    trail(batch).iter().filter(is).count()
}

// finding: E1
#[test]
fn a_mean_over_readings_grows_by_the_readings_alone_and_is_written_down_when_relied_on() {
    on_each(|world| {
        let mean =
            limited(calculation("mean", "Cel", "mean(all[01.2/temperature])"), None, Some("25"));
        let double = calculation("double", "Cel", "2 * [mean]");
        watched(world, "LISTED", &[mean, double]);
        let batch = Batch::issued_from(world, "LISTED-1", "LISTED");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.weighed();
        batch.start(olga, WATCH).done();
        for k in 1..=12 {
            stir(&batch, k, "20.5");
            batch.complete(olga, &format!("OP-01~1/01.2~{k}")).done();
        }
        assert_eq!(computed(&batch), 0, "nothing crossed a limit, nobody relied on it");
        let entry = batch.entry(Some(WATCH), "mean");
        assert_eq!(entry["versions"], json!([]), "{entry}");
        assert_eq!(entry["so_far"]["shown"], "20.5 degC", "{entry}");
        assert_eq!(entry["so_far"]["lineage"][0]["list"]["count"], 12, "{entry}");
        assert_eq!(batch.entry(Some(WATCH), "double")["so_far"]["shown"], "41.0 degC");
        // Somebody checks it before its step is complete: that is written down first.
        let checks = batch.step(WATCH, "entries/mean/checks");
        omar.post_with(&checks, &json!({}), &With::default()).done();
        let entry = batch.entry(Some(WATCH), "mean");
        let version = &entry["versions"][0];
        assert_eq!((&version["shown"], &entry["so_far"]), (&json!("20.5 degC"), &Value::Null));
        assert!(
            version["checked_by"].is_object() && version["recomputed"].is_string(),
            "{version}"
        );
        let list = &version["lineage"][0]["list"];
        assert_eq!(list["to"], "OP-01~1/01.2~12/temperature", "{version}");
        assert_eq!(list["hash"].as_str().map(str::len), Some(64), "{version}");
        // A reading that crosses the limit is told at once.
        stir(&batch, 13, "90");
        assert_eq!(computed(&batch), 2);
        let kinds = batch.exception_kinds();
        assert!(kinds.contains(&"out-of-acceptance".to_owned()), "{kinds:?}");
        let entry = batch.entry(Some(WATCH), "mean");
        assert_eq!(entry["versions"][1]["lineage"][0]["list"]["count"], 13, "{entry}");
        batch.complete(olga, WATCH).done();
        assert_eq!(
            batch.entry(Some(WATCH), "double")["versions"].as_array().map(Vec::len),
            Some(1)
        );
    });
}

// finding: G7
#[test]
fn a_value_is_compared_in_full_however_it_is_shown() {
    on_one(|world| {
        // 94.5 of 100 shown as 94 or 95 is below 95.0; 94.96 of a yield is 95.0 at the place of its limit.
        let rounded = |id: &str, of: &str, low: &str| {
            let mut entry = limited(calculation(id, "%", of), Some(low), None);
            entry["decimals"] = json!(1);
            entry["rounding"] = json!("half-up");
            entry
        };
        let entries = [
            rounded("below", "convert([weight] / 0.287792 'kg', '%')", "94.6"),
            calculation("further", "%", "10 * [below]"),
            rounded("above", "convert([weight] / 0.2875 'kg', '%')", "94.6"),
        ];
        let document =
            recipes::changed("FULL", |document| with(document, "01.1", entries.to_vec()));
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "FULL-1", "FULL");
        batch.weigh("0.272");
        let below = batch.entry(Some(WEIGH), "below");
        let version = &below["versions"][0];
        assert_eq!(version["shown"], "94.5 %", "{below}");
        assert!(version["value"]["full"].as_str().is_some_and(|full| full.len() > 20), "{below}");
        assert_eq!(version["verdicts"][0]["side"], "below", "{below}");
        let further = batch.entry(Some(WEIGH), "further")["versions"][0]["shown"].clone();
        assert!(further.as_str().is_some_and(|shown| shown.starts_with("945.127")), "{further}");
        let above = batch.entry(Some(WEIGH), "above")["versions"][0].clone();
        assert_eq!(
            (&above["shown"], &above["verdicts"][0]["side"]),
            (&json!("94.6 %"), &json!("within"))
        );
    });
}

// finding: N8
#[test]
fn a_reference_to_what_repeats_says_which_and_decimals_show_what_is_judged() {
    on_one(|world| {
        let petra = world.person("petra");
        let findings = |code: &str, step: &str, entry: Value| {
            let document =
                recipes::changed(code, |document| with(document, step, vec![entry.clone()]));
            petra.post("/masters", &json!({ "content": document })).done();
            let path = format!("{}/submission", recipes::version(code, 1));
            petra.sign(&path, &json!({})).refused(422, "master-faulty").to_string()
        };
        let calc = |expression: &str| calculation("calc", "Cel", expression);
        let found = findings("WHICH-1", "02.1", calc("[01.2/temperature] + 1 'Cel'"));
        assert!(found.contains("ambiguous") && found.contains("last[01.2/temperature]"), "{found}");
        let found = findings("WHICH-2", "01.1", calc("mean([01.2/temperature], 1 'Cel')"));
        assert!(found.contains("ambiguous"), "{found}");
        let mut coarse = limited(calculation("calc", "kg", "[weight]"), Some("0.250"), None);
        coarse["decimals"] = json!(1);
        coarse["rounding"] = json!("half-up");
        let found = findings("WHICH-3", "01.1", coarse);
        assert!(found.contains("coarse") && found.contains("0.250"), "{found}");
        for (no, which) in ["last", "first", "mean(all"].iter().enumerate() {
            let close = if which.contains('(') { ")" } else { "" };
            let entry = calc(&format!("{which}[01.2/temperature]{close}"));
            let code = format!("WHICH-OK-{no}");
            let document =
                recipes::changed(&code, |document| with(document, "02.1", vec![entry.clone()]));
            recipes::effective(world, &document);
        }
    });
}

// finding: G12
#[test]
fn what_cannot_be_computed_opens_an_exception_once_it_is_owed() {
    on_each(|world| {
        let entries = [
            calculation("quotient", "1", "[weight] / ([weight] - 0.273 'kg')"),
            limited(
                calculation("logarithm", "1", "ln((0.273 'kg' - [weight]) / 0.001 'kg')"),
                Some("0"),
                None,
            ),
            calculation("fine", "kg", "[weight] * 2"),
        ];
        let document =
            recipes::changed("OWED", |document| with(document, "01.1", entries.to_vec()));
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "OWED-1", "OWED");
        batch.weigh("0.273");
        assert_eq!(batch.exception_kinds(), Vec::<String>::new(), "not owed yet");
        let why = batch.entry(Some(WEIGH), "quotient")["versions"][0]["reason"].clone();
        assert!(why.as_str().is_some_and(|why| why.contains("division by zero")), "{why}");
        batch.complete(world.person("olga"), WEIGH).done();
        assert_eq!(batch.exception_kinds(), ["not-computed", "not-computed"]);
        let opened = batch.exceptions();
        assert!(opened[0]["detail"].to_string().contains("division by zero"), "{opened:?}");
        assert!(opened[1]["detail"].to_string().contains("not above zero"), "{opened:?}");
        assert_eq!(
            (&opened[0]["severity"], &opened[1]["severity"]),
            (&json!("minor"), &json!("major"))
        );
        // It becomes computable: the value is there, and the exception stays for quality.
        let olga = world.person("olga");
        let reason = json!({ "value": "0.300", "unit": "kg", "reason": "tare forgotten" });
        let version = With::version(&batch.entry_etag(WEIGH, "weight"));
        olga.post_with(&batch.step(WEIGH, "entries/weight/corrections"), &reason, &version).done();
        let entry = batch.entry(Some(WEIGH), "quotient");
        let last =
            entry["versions"].as_array().and_then(|list| list.last()).cloned().unwrap_or_default();
        assert!(last["shown"].as_str().is_some_and(|shown| shown.starts_with("11.11")), "{entry}");
    });
}

// finding: N18
#[test]
fn a_declared_absence_is_not_replaced_by_a_value_and_the_value_is_offered() {
    on_one(|world| {
        let double = calculation("double", "kg", "[weight] * 2");
        let document =
            recipes::changed("OFFER", |document| with(document, "01.1", vec![double.clone()]));
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "OFFER-1", "OFFER");
        let olga = world.person("olga");
        batch.start(olga, WEIGH).done();
        let absent = json!({ "absence": "not-available", "reason": "the balance is broken" });
        olga.post(&batch.step(WEIGH, "entries/double/absence"), &absent).done();
        let weight = json!({ "entry": "weight", "value": "0.272", "unit": "kg" });
        batch.record(olga, WEIGH, &weight).done();
        let checks = batch.step(WEIGH, "entries/weight/checks");
        let version = With::version(&batch.entry_etag(WEIGH, "weight"));
        world.person("omar").post_with(&checks, &json!({}), &version).done();
        let entry = batch.entry(Some(WEIGH), "double");
        assert_eq!(entry["versions"].as_array().map(Vec::len), Some(1), "{entry}");
        assert_eq!(entry["versions"][0]["absence"], "not-available", "{entry}");
        assert_eq!(entry["so_far"]["shown"], "0.544 kg", "{entry}");
    });
}

/// Two moments of the adjusting step and the time between them.
fn between(unit: &str, kind: &str, most: &str) -> Vec<Value> {
    let moment = |entry: &str| json!({ "of": "02.1", "at": "entry", "entry": entry });
    let entry = |id: &str| json!({ "id": id, "name": id, "kind": kind, "mandatory": false });
    let time = json!({ "id": "length", "name": "length", "kind": "duration", "unit": unit,
        "mandatory": false, "from": moment("out"), "to": moment("back") });
    vec![entry("out"), entry("back"), limited(time, None, Some(most))]
}

// finding: G4
#[test]
fn dates_that_are_too_far_apart_or_turned_round_are_outside_before_anybody_checks() {
    on_one(|world| {
        let document = recipes::changed("DATES", |document| {
            with(document, "02.1", between("min", "date-time", "30"))
        });
        recipes::effective(world, &document);
        for (no, (out, back, shown)) in [
            ("2026-01-05T08:00:00Z", "2026-01-05T08:30:30Z", "30.50 min"),
            ("2026-01-05T08:00:00Z", "2026-01-05T07:59:00Z", "-1.00 min"),
            ("2026-01-05T08:00:00Z", "1999-01-05T08:00:00Z", "-14201280.00 min"),
        ]
        .into_iter()
        .enumerate()
        {
            let batch = Batch::issued_from(world, &format!("DATES-{no}"), "DATES");
            let olga = world.person("olga");
            batch.dissolved();
            batch.start(olga, PH).done();
            batch.record(olga, PH, &json!({ "entry": "out", "value": out })).done();
            batch.record(olga, PH, &json!({ "entry": "back", "value": back })).done();
            let entry = batch.entry(Some(PH), "length");
            assert_eq!(entry["versions"][0]["shown"], shown, "{entry}");
            assert_ne!(entry["versions"][0]["verdicts"][0]["side"], "within", "{entry}");
            let kinds = batch.exception_kinds();
            assert!(kinds.contains(&"out-of-acceptance".to_owned()), "{kinds:?}");
        }
        let batch = Batch::issued_from(world, "DATES-9", "DATES");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.dissolved();
        batch.start(olga, PH).done();
        for (entry, value) in [("out", "2026-01-05T08:00:00Z"), ("back", "2026-01-05T08:20:00Z")] {
            batch.record(olga, PH, &json!({ "entry": entry, "value": value })).done();
        }
        let owed =
            || world.person("qadir").get(&batch.path("obligations")).done()["open"].to_string();
        assert!(owed().contains("within, not checked"), "{}", owed());
        for entry in ["out", "back"] {
            let version = With::version(&batch.entry_etag(PH, entry));
            let path = batch.step(PH, &format!("entries/{entry}/checks"));
            omar.post_with(&path, &json!({}), &version).done();
        }
        assert!(!owed().contains("within, not checked"), "{}", owed());
        let entry = batch.entry(Some(PH), "length");
        let list = entry["versions"].as_array().cloned().unwrap_or_default();
        assert_eq!(list.last().map(|it| it["unchecked"].clone()), Some(json!([])), "{entry}");
    });
}

// finding: N1
#[test]
fn performed_at_claims_count_against_a_limit_of_seconds_at_once() {
    on_one(|world| {
        let document =
            recipes::changed("CLAIM", |document| with(document, "02.1", between("s", "text", "5")));
        recipes::effective(world, &document);
        let batch = Batch::issued_from(world, "CLAIM-1", "CLAIM");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        batch.dissolved();
        world.until("2026-03-03T18:00:00Z");
        batch.start(olga, PH).done();
        world.until("2026-03-03T18:10:00Z");
        let claimed = |entry: &str, when: &str| json!({ "entry": entry, "value": "done", "performed_at": when });
        batch.record(olga, PH, &claimed("out", "2026-03-03T18:05:00Z")).done();
        batch.record(olga, PH, &claimed("back", "2026-03-03T18:05:30Z")).done();
        let entry = batch.entry(Some(PH), "length");
        let version = &entry["versions"][0];
        assert_eq!(version["verdicts"][0]["side"], "above", "{entry}");
        assert!(
            version["shown"].to_string().contains("to "),
            "from the shortest to the longest: {entry}"
        );
        let kinds = batch.exception_kinds();
        assert!(kinds.contains(&"out-of-acceptance".to_owned()), "{kinds:?}");
        // Checked, it is what they claim.
        for entry in ["out", "back"] {
            let version = With::version(&batch.entry_etag(PH, entry));
            let path = batch.step(PH, &format!("entries/{entry}/checks"));
            omar.post_with(&path, &json!({}), &version).done();
        }
        let entry = batch.entry(Some(PH), "length");
        let last =
            entry["versions"].as_array().and_then(|list| list.last()).cloned().unwrap_or_default();
        assert_eq!(
            (&last["shown"], &last["unchecked"]),
            (&json!("30.00 s"), &json!([])),
            "{entry}"
        );
    });
}

// finding: P2
#[test]
fn a_start_goes_with_the_end_of_its_own_occurrence() {
    on_one(|world| {
        let moment = |at: &str| json!({ "of": "01.2", "at": at });
        let time = json!({ "id": "stirred", "name": "stirred", "kind": "duration", "unit": "min",
            "mandatory": false, "from": moment("started"), "to": moment("completed") });
        let entries = [limited(time, None, Some("30"))];
        watched(world, "PAIRED", &entries);
        let batch = Batch::issued_from(world, "PAIRED-1", "PAIRED");
        let olga = world.person("olga");
        batch.weighed();
        batch.start(olga, WATCH).done();
        stir(&batch, 1, "20");
        world.minutes(10);
        batch.complete(olga, "OP-01~1/01.2~1").done();
        let shown = || {
            let entry = batch.entry(Some(WATCH), "stirred");
            let list = entry["versions"].as_array().cloned().unwrap_or_default();
            list.last()
                .map(|it| it["shown"].as_str().unwrap_or_default().to_owned())
                .unwrap_or_default()
        };
        assert!(shown().starts_with("10."), "{}", shown());
        stir(&batch, 2, "20");
        assert!(shown().starts_with("10."), "the second has no end yet: {}", shown());
        world.minutes(31);
        batch.complete(olga, "OP-01~1/01.2~2").done();
        assert!(shown().starts_with("31."), "the longest counts for a maximum: {}", shown());
        let kinds = batch.exception_kinds();
        assert!(kinds.contains(&"out-of-acceptance".to_owned()), "{kinds:?}");
    });
}
