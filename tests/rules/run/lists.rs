//! Values over lists: judged with every reading, written down when they cross a limit or somebody relies on them,
//! at the same cost however long the list is.

use super::scene::{master, step};
use super::world::{World, at_entry, at_step, by};
use batchwright::domain::calc::eval::in_list;
use batchwright::domain::calc::summary::Summary;
use batchwright::domain::calc::{Aggregate, evaluate, parse};
use batchwright::domain::clock::Instant;
use batchwright::domain::entry::computing::{Known, KnownEntry, Which};
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::complete::StepCompleted;
use batchwright::domain::run::acts::recorded::EntryRecorded;
use batchwright::domain::run::acts::start::StepStarted;
use batchwright::domain::run::acts::{DeclareAbsent, RunCommand, RunEvent};
use batchwright::domain::run::known::{Here, so_far};
use batchwright::domain::run::tally::Tallies;
use batchwright::domain::run::{Content, EntryVersion, Run, lineage};
use batchwright::domain::words::{Absence, Basis};
use proptest::prelude::*;
use serde_json::{Value, json};

const MEAN: &str = "OP-1~1/report~1/mean";
const DOUBLE: &str = "OP-1~1/report~1/double";

fn calculation(id: &str, unit: &str, expression: &str) -> Value {
    json!({ "id": id, "name": id, "kind": "calculation", "language": "batchwright.calc/1",
        "expression": expression, "unit": unit, "decimals": 2, "rounding": "half-even" })
}

/// A step that is read again and again, and a report over it: a mean within 10 to 20, what is computed from that,
/// and others over the same list.
fn reading(totals: bool) -> MasterRecord {
    let mut mean = calculation("mean", "L", "mean(all[log/x])");
    mean["classification"] = json!("CPP");
    mean["limits"] = json!([{ "purpose": "acceptance",
        "low": { "value": "10", "inclusive": true }, "high": { "value": "20", "inclusive": true } }]);
    let optional = |mut entry: Value| {
        entry["mandatory"] = json!(false);
        entry
    };
    let others = [
        calculation("double", "L", "2 * [mean]"),
        optional(calculation("spread", "L", "sd(all[log/x])")),
        optional(calculation("middle", "L", "median(all[log/x])")),
        optional(calculation("geometric", "L", "geomean(all[log/x])")),
    ];
    let entries: Vec<Value> = std::iter::once(mean).chain(others).collect();
    let x = json!({ "id": "x", "name": "x", "kind": "number", "unit": "L" });
    let total = calculation("total", "L", "sum(all[x])");
    let log = if totals { json!([x, optional(total)]) } else { json!([x]) };
    let many = json!({ "occurs": { "min": 1 }, "care": true });
    let operation = json!({ "id": "OP-1", "name": "Culture", "steps": [
        step("log", log, many),
        step("report", json!(entries), json!({
            "second_person": { "mode": "verify-after", "within_minutes": 600 } })) ] });
    master(json!([operation]), json!([]), json!([]))
}

fn x(k: u32) -> String {
    format!("OP-1~1/log~{k}/x")
}

/// A run whose report has begun, with these readings.
fn read(values: &[&str]) -> World {
    let mut w = World::new(reading(true));
    w.does(by("ana"), w.start("OP-1~1/report~1"));
    for (k, value) in (1..).zip(values) {
        begins(&mut w, k);
        w.does(by("ana"), w.record(&x(k), value));
    }
    w
}

/// Begins the next occurrence; the one before it ends.
fn begins(w: &mut World, k: u32) {
    if k > 1 {
        w.does(by("ana"), w.complete(&format!("OP-1~1/log~{}", k - 1)));
    }
    w.does(by("ana"), w.start(&format!("OP-1~1/log~{k}")));
}

fn versions(w: &World, at: &str) -> Vec<EntryVersion> {
    w.entry(&at_entry(at)).map(|entry| entry.versions.iter().cloned().collect()).unwrap_or_default()
}

fn shown(version: &EntryVersion) -> String {
    match &version.content {
        Content::Value(value) => value.shown.clone(),
        Content::Absent(_) | Content::Struck => "none".to_owned(),
    }
}

fn shows(w: &World, at: &str) -> Vec<String> {
    versions(w, at).iter().map(shown).collect()
}

/// What a question shows beside what is written down.
fn now(w: &World, at: &str) -> Option<String> {
    so_far(&w.run, &at_entry(at)).map(|outcome| outcome.value.shown)
}

// finding: E1
#[test]
fn a_mean_within_its_limits_leaves_nothing_until_its_step_is_completed() {
    let mut w = read(&["12", "14"]);
    assert_eq!(shows(&w, MEAN), Vec::<String>::new());
    assert_eq!((now(&w, MEAN), now(&w, DOUBLE)), (Some("13.00 L".into()), Some("26.00 L".into())));
    begins(&mut w, 3);
    assert_eq!(w.does(by("ana"), w.record(&x(3), "16")), ["run.entry-recorded"]);
    assert_eq!((shows(&w, MEAN).len(), now(&w, DOUBLE)), (0, Some("28.00 L".into())));
}

// finding: E1
#[test]
fn completing_writes_down_what_the_step_computes_and_later_readings_wait_for_the_next_act() {
    let mut w = read(&["12", "14"]);
    let told = w.does(by("ana"), w.complete("OP-1~1/report~1"));
    assert!(told.contains(&"run.entry-computed".to_owned()), "{told:?}");
    assert_eq!(shows(&w, MEAN), ["13.00 L"]);
    assert_eq!(shows(&w, DOUBLE), ["26.00 L"]);
    assert_eq!(shows(&w, "OP-1~1/report~1/middle"), ["13.00 L"]);
    let list = versions(&w, MEAN)[0].lineage[0].clone();
    assert_eq!((list.at.as_str(), list.shown.as_str()), (x(1).as_str(), "2 values"));
    let told = list.list.clone().expect("a list");
    assert_eq!((told.to, told.count), (x(2), 2));
    let members = lineage::members(&w.run, &at_entry(MEAN), &list, versions(&w, MEAN)[0].seq);
    let members: Vec<_> = members.iter().map(|it| (it.at.as_str(), it.shown.as_str())).collect();
    assert_eq!(members, [(x(1).as_str(), "12 L"), (x(2).as_str(), "14 L")]);
    // A reading that comes later leaves nothing, and counts when somebody checks.
    begins(&mut w, 3);
    let told = w.does(by("ana"), w.record(&x(3), "16"));
    assert_eq!(told, ["run.entry-recorded"]);
    assert_eq!((shows(&w, MEAN), now(&w, MEAN)), (vec!["13.00 L".into()], Some("14.00 L".into())));
    w.later(1);
    w.does(by("ben"), w.check("OP-1~1/report~1"));
    assert_eq!(shows(&w, MEAN), ["13.00 L", "14.00 L"]);
    assert!(w.run.steps[&at_step("OP-1~1/report~1")].checked.is_some(), "the check stands");
    assert_eq!(now(&w, MEAN), None);
}

// finding: E1
#[test]
fn crossing_a_limit_is_written_down_at_once_with_its_exception_and_so_is_coming_back() {
    let mut w = read(&["12"]);
    begins(&mut w, 2);
    let told = w.does(by("ana"), w.record(&x(2), "30"));
    assert_eq!(told, ["run.entry-recorded", "run.entry-computed", "run.exception-opened"]);
    assert_eq!(shows(&w, MEAN), ["21.00 L"]);
    assert_eq!(
        w.run.exceptions.iter().next_back().map(|it| it.opened.kind),
        Some(ExceptionKind::OutOfAcceptance)
    );
    // Still outside: nothing new happened.
    begins(&mut w, 3);
    assert_eq!(w.does(by("ana"), w.record(&x(3), "24")), ["run.entry-recorded"]);
    begins(&mut w, 4);
    let told = w.does(by("ana"), w.record(&x(4), "10"));
    assert_eq!(told, ["run.entry-recorded", "run.entry-computed"], "within again");
    assert_eq!(shows(&w, MEAN), ["21.00 L", "19.00 L"]);
}

// finding: E1
#[test]
fn a_corrected_input_is_told_anew_only_where_it_was_used() {
    let mut w = read(&["12", "14"]);
    w.does(by("ana"), w.correct(&x(1), "13", Some("misread"), false));
    assert_eq!(shows(&w, MEAN), Vec::<String>::new(), "nobody relied on it");
    w.does(by("ana"), w.complete("OP-1~1/report~1"));
    begins(&mut w, 3);
    w.does(by("ana"), w.record(&x(3), "16.5"));
    let before = shows(&w, MEAN);
    w.does(by("ana"), w.correct(&x(3), "16", Some("misread"), false));
    assert_eq!(shows(&w, MEAN), before, "it came later");
    w.does(by("ana"), w.correct(&x(2), "17", Some("misread"), false));
    assert_eq!(shows(&w, MEAN).last().map(String::as_str), Some("15.33 L"));
    assert_eq!(shows(&w, DOUBLE).last().map(String::as_str), Some("30.67 L"), "unrounded inputs");
}

// finding: N18
#[test]
fn a_declared_absence_stands_and_the_value_is_offered_beside_it() {
    let mut w = read(&[]);
    let (absence, reason) = (Absence::NotAvailable, "no reading was taken".to_owned());
    let at = at_entry(MEAN);
    w.does(by("ana").with("sue"), RunCommand::DeclareAbsent(DeclareAbsent { at, absence, reason }));
    w.does(by("ana"), w.start("OP-1~1/log~1"));
    w.does(by("ana"), w.record(&x(1), "30"));
    w.does(by("ben"), w.check_entry(&x(1)));
    assert_eq!(shows(&w, MEAN), ["none"]);
    assert_eq!(now(&w, MEAN).as_deref(), Some("30.00 L"));
}

/// Readings written down as they are.
fn grown(readings: u32) -> World {
    let mut w = World::new(reading(false));
    w.does(by("ana"), w.start("OP-1~1/report~1"));
    for k in 1..=readings {
        let step = at_step(&format!("OP-1~1/log~{k}"));
        let started = StepStarted { step, under_exceptions: vec![], oversight: false };
        w.hears(by("ana"), RunEvent::StepStarted(started));
        let at = at_entry(&x(k));
        let spec = w.run.recipe.entry(Some("log"), "x").expect("an entry").clone();
        let input = super::world::input(&w.run, &at, &format!("1{}", k % 9));
        let value = spec.parse(&input).expect("a value");
        let raw = value.data.to_string();
        w.hears(
            by("ana"),
            RunEvent::EntryRecorded(EntryRecorded {
                at,
                raw,
                verdicts: vec![],
                value,
                performed_at: None,
                basis: Basis::Direct,
                source: None,
                performer: None,
                reason: None,
                under_exceptions: vec![],
                check_owed: false,
                exceptions: vec![],
            }),
        );
        if k < readings {
            let step = at_step(&format!("OP-1~1/log~{k}"));
            let ended = StepCompleted { step, oversight: false };
            w.hears(by("ana"), RunEvent::StepCompleted(ended));
        }
    }
    w
}

// finding: E1
#[test]
fn a_reading_leaves_one_entry_and_a_lineage_of_one_size_however_many_there_are() {
    for readings in [10, 100, 3_000] {
        let mut w = grown(readings);
        let next = readings + 1;
        begins(&mut w, next);
        let told = w.does(by("ana"), w.record(&x(next), "15"));
        assert_eq!(told, ["run.entry-recorded"], "{readings}");
        w.does(by("ana"), w.complete("OP-1~1/report~1"));
        let largest = w.journal.iter().map(|row| row.data.len()).max().unwrap_or_default();
        assert!(largest < 2_000, "{readings} readings: an entry of {largest} bytes");
        let lineage = versions(&w, MEAN)[0].lineage.clone();
        assert_eq!(lineage.len(), 1);
        assert_eq!(lineage[0].list.as_ref().map(|list| list.count), Some(u64::from(next)));
    }
}

/// The sums that the fold keeps are those of the whole run.
pub fn sums_are_kept(run: &Run) {
    let whole = Tallies::whole(run);
    for (step, entry) in run.recipe.plan().reads.lists.keys() {
        let kept = run.tallies.list(step, entry, None, None);
        assert_eq!(kept, whole.list(step, entry, None, None), "the sums of {step}/{entry}");
    }
}

/// Entries one by one, as if nothing were summed up.
struct Slow<'a>(&'a Here<'a>);

impl Known for Slow<'_> {
    fn entries(&self, step: Option<&str>, entry: &str, which: Which) -> Vec<KnownEntry> {
        self.0.entries(step, entry, which)
    }
    fn at(&self) -> Instant {
        Instant(0)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    // finding: E1
    #[test]
    fn what_is_summed_up_is_what_comes_out_one_by_one(
        values in prop::collection::vec((1_i64..100_000, 0_u32..4), 2..14),
        corrected in prop::collection::vec((0_usize..13, 1_i64..100_000), 0..4),
    ) {
        let text = |(number, scale): (i64, u32)| rust_decimal::Decimal::new(number, scale).to_string();
        let texts: Vec<String> = values.iter().copied().map(text).collect();
        let mut w = read(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        for (index, number) in corrected {
            let at = x(u32::try_from(index % texts.len()).expect("few") + 1);
            let value = text((number, 2));
            if w.ask(by("ana"), &w.correct(&at, &value, Some("misread"), false)).is_ok() {
                w.does(by("ana"), w.correct(&at, &value, Some("misread"), false));
            }
        }
        let here = Here::entry(&w.run, &at_entry(MEAN), w.now);
        for aggregate in Aggregate::ALL {
            let expr = parse(&format!("{}(all[log/x])", aggregate.as_str())).expect("reads");
            let (fast, used) = evaluate(&expr, &here);
            let (slow, by_one) = evaluate(&expr, &Slow(&here));
            prop_assert_eq!(&fast, &slow, "{}", expr);
            prop_assert_eq!(used, by_one);
        }
    }

    // finding: E1
    #[test]
    fn summaries_do_not_depend_on_how_a_list_is_split(
        numbers in prop::collection::vec(-1_000_000_i64..1_000_000, 1..20),
        at in 0_usize..20,
    ) {
        let one = |(no, number): (u64, &i64)| {
            let value = rust_decimal::Decimal::new(*number, 3);
            let value = batchwright::domain::entry::EntryValue {
                kind: "number".into(),
                data: Value::Null,
                shown: value.to_string(),
                number: Some(batchwright::domain::quantity::Quantity { value, unit: "L".into() }),
            };
            in_list(&KnownEntry { at: format!("x~{no}"), version: 1, seq: no, value }, true)
        };
        let all: Vec<Summary> = (1..).zip(&numbers).map(one).collect();
        let join = |list: &[Summary]| list.iter().fold(Summary::default(), |all, it| all.with(it));
        let (a, b) = all.split_at(at.min(all.len()));
        prop_assert_eq!(join(a).with(&join(b)), join(&all));
    }
}
