//! Computed values: with the act that makes them possible, anew with every correction, recomputed by
//! whoever checks them.

use super::scene::{master, step};
use super::world::{World, at_entry, by};
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::{DeclareAbsent, RecordEntry, RunCommand};
use batchwright::domain::run::{Content, EntryVersion};
use batchwright::domain::words::{Absence, Basis};
use serde_json::{Value, json};

fn number(id: &str, unit: &str) -> Value {
    json!({ "id": id, "name": id, "kind": "number", "unit": unit })
}

fn calculation(id: &str, unit: &str, expression: &str) -> Value {
    json!({ "id": id, "name": id, "kind": "calculation", "language": "batchwright.calc/1",
        "expression": expression, "unit": unit, "decimals": 3, "rounding": "half-even" })
}

/// Weighed, dissolved, held for days: sums within one step, over steps, over occurrences, and a time.
fn weighing() -> MasterRecord {
    let mut net = calculation("net", "kg", "[gross] - [tare]");
    net["classification"] = json!("CPP");
    net["limits"] = json!([{ "purpose": "acceptance",
        "low": { "value": "1", "inclusive": true }, "high": { "value": "2", "inclusive": true } }]);
    let between = json!({ "id": "wait", "name": "wait", "kind": "duration", "unit": "min",
        "from": { "of": "weigh", "at": "completed" }, "to": { "of": "dissolve", "at": "started" },
        "limits": [{ "purpose": "acceptance", "high": { "value": "60", "inclusive": true } }] });
    let operation = json!({ "id": "OP-1", "name": "Buffer", "steps": [
        step("weigh", json!([number("gross", "kg"), number("tare", "kg"), net]), json!({
            "second_person": { "mode": "verify-after", "within_minutes": 600 } })),
        step("dissolve", json!([number("volume", "L"), between,
            calculation("conc", "g/L", "convert([weigh/net], 'g') / [volume]"),
            calculation("double", "g/L", "2 * [conc]")]), json!({ "after": ["weigh"] })),
        step("day", json!([number("x", "L"), calculation("total", "L", "sum(all[x])"),
            calculation("more", "L", "[x] - prev[x]")]),
            json!({ "after": ["dissolve"], "occurs": { "min": 1 } })),
    ] });
    master(json!([operation]), json!([]), json!([]))
}

const GROSS: &str = "OP-1~1/weigh~1/gross";
const NET: &str = "OP-1~1/weigh~1/net";
const CONC: &str = "OP-1~1/dissolve~1/conc";
const DOUBLE: &str = "OP-1~1/dissolve~1/double";

fn shown(w: &World, at: &str) -> String {
    current(w, at).map_or_else(
        || "nothing".into(),
        |version| match &version.content {
            Content::Value(value) => value.shown.clone(),
            Content::Absent(_) | Content::Struck => {
                format!("none: {}", version.reason.clone().unwrap_or_default())
            }
        },
    )
}

fn current<'w>(w: &'w World, at: &str) -> Option<&'w EntryVersion> {
    w.entry(&at_entry(at)).and_then(|entry| entry.current())
}

fn weighed() -> World {
    let mut w = World::new(weighing());
    w.does(by("ana"), w.start("OP-1~1/weigh~1"));
    w.does(by("ana"), w.record(GROSS, "2.50"));
    assert_eq!(shown(&w, NET), "nothing", "an input is missing");
    let told = w.does(by("ana"), w.record("OP-1~1/weigh~1/tare", "1.00"));
    assert_eq!(told, ["run.entry-recorded", "run.entry-computed"], "in the same act");
    w
}

fn dissolved() -> World {
    let mut w = weighed();
    w.does(by("ana"), w.complete("OP-1~1/weigh~1"));
    w.later(1);
    w.does(by("ben"), w.check("OP-1~1/weigh~1"));
    w.later(30);
    w.does(by("ana"), w.start("OP-1~1/dissolve~1"));
    w.does(by("ana"), w.record("OP-1~1/dissolve~1/volume", "100"));
    w
}

// shows: C211-68b2.a, F24.a
#[test]
fn a_value_is_computed_with_its_last_input_and_nobody_can_send_it() {
    let w = weighed();
    assert_eq!(shown(&w, NET), "1.500 kg");
    let net = current(&w, NET).expect("computed");
    assert_eq!((net.version, &net.basis), (1, &Basis::Computed));
    assert_eq!(net.raw, "[gross] - [tare], shown rounded half-even to 3 decimals");
    let lineage: Vec<_> = net.lineage.iter().map(|used| (used.at.as_str(), used.version)).collect();
    assert_eq!(lineage, [(GROSS, 1), ("OP-1~1/weigh~1/tare", 1)]);
    assert!(net.check_owed);
    let fresh = World::new(weighing());
    assert_eq!(fresh.refused(by("ana"), fresh.record(NET, "1.5")), "malformed");
    assert_eq!(w.refused(by("ana"), w.correct(NET, "1.6", Some("nicer"), false)), "malformed");
    let mut claimed = fresh.record(GROSS, "1");
    if let RunCommand::RecordEntry(RecordEntry { basis, .. }) = &mut claimed {
        *basis = Basis::Computed;
    }
    assert_eq!(fresh.refused(by("ana"), claimed), "malformed");
    assert!(!w.run.steps.values().any(|step| step.performers.is_empty()));
}

// shows: T18.a, T18.b
#[test]
fn a_corrected_input_makes_new_versions_near_and_far_and_lists_what_relied_on_the_old() {
    let mut w = dissolved();
    assert_eq!((shown(&w, CONC), shown(&w, DOUBLE)), ("15.000 g/L".into(), "30.000 g/L".into()));
    assert_eq!(shown(&w, "OP-1~1/dissolve~1/wait"), "31.00 min");
    let told = w.does(by("ana"), w.correct(GROSS, "2.00", Some("scale read wrongly"), false));
    assert_eq!(told.iter().filter(|name| *name == "run.entry-computed").count(), 3, "{told:?}");
    assert_eq!(shown(&w, NET), "1.000 kg");
    assert_eq!((shown(&w, CONC), shown(&w, DOUBLE)), ("10.000 g/L".into(), "20.000 g/L".into()));
    let versions = &w.entry(&at_entry(NET)).expect("there").versions;
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[1].reason.as_deref(), Some("OP-1~1/weigh~1/gross was corrected"));
    let uses = versions[1].superseded_uses.join("; ");
    assert!(uses.contains("weigh~1 completed") && uses.contains("dissolve~1 started"), "{uses}");
    assert!(w.run.steps[&super::world::at_step("OP-1~1/weigh~1")].checked.is_none(), "lapsed once");
    assert_eq!(told.iter().filter(|name| *name == "run.step-check-lapsed").count(), 1, "{told:?}");
    // What is the same stays as it is: no versions without a change.
    let same = w.correct("OP-1~1/dissolve~1/volume", "100", Some("again"), false);
    assert_eq!(w.refused(by("ana"), same), "nothing-changed");
    let told =
        w.does(by("ana"), w.correct("OP-1~1/dissolve~1/volume", "100.0", Some("again"), false));
    assert_eq!(told.iter().filter(|name| *name == "run.entry-computed").count(), 2, "{told:?}");
    assert_eq!(w.entry(&at_entry(NET)).expect("there").versions.len(), 2);
    assert_eq!(w.replay().seq, w.run.seq);
}

// finding: G7
#[test]
fn a_computed_value_is_judged_on_the_bound_like_any_number() {
    let mut w = dissolved();
    let kinds = |w: &World| w.run.exceptions.iter().map(|e| e.opened.kind).collect::<Vec<_>>();
    w.does(by("ana"), w.correct(GROSS, "3.000", Some("read again"), false));
    assert!(!kinds(&w).contains(&ExceptionKind::OutOfAcceptance), "2.000 is within 1 to 2");
    w.does(by("ana"), w.correct(GROSS, "3.0005", Some("read again"), false));
    assert_eq!(shown(&w, NET), "2.000 kg", "half to even, for showing");
    assert!(kinds(&w).contains(&ExceptionKind::OutOfAcceptance));
    let net = current(&w, NET).expect("computed");
    assert!(!net.exceptions.is_empty());
}

// shows: C211-68b2.a, F24.b
#[test]
fn whoever_checks_a_computed_value_computes_it_again() {
    let mut w = dissolved();
    assert_eq!(w.refused(by("ana"), w.check_entry(NET)), "witness-is-performer");
    w.later(1);
    w.does(by("ben"), w.check_entry(NET));
    let said = current(&w, NET).and_then(|version| version.recomputed.clone()).unwrap_or_default();
    assert_eq!(said, "computed again from 2 inputs: 1.500 kg, agreed");
    let last = w.journal.last().expect("a row");
    assert!(last.data.contains("agreed"), "{}", last.data);
    // A value that somebody changed behind the program's back is not confirmed.
    let mut tampered = w.clone();
    let at = at_entry(CONC);
    let step = tampered.run.steps.get_mut(&at.step.expect("a step")).expect("begun");
    let version = step.entries.get_mut(&at.entry).and_then(|e| e.versions.last_mut());
    if let Some(EntryVersion { content: Content::Value(value), .. }) = version {
        value.shown = "16.000 g/L".into();
    }
    assert_eq!(tampered.refused(by("ben"), tampered.check_entry(CONC)), "recomputation-differs");
    w.does(by("ben"), w.check_entry(CONC));
}

#[test]
fn what_cannot_be_computed_is_said_and_counts_as_missing() {
    let mut w = weighed();
    w.does(by("ana"), w.complete("OP-1~1/weigh~1"));
    w.does(by("ana"), w.start("OP-1~1/dissolve~1"));
    w.does(by("ana"), w.record("OP-1~1/dissolve~1/volume", "0"));
    assert!(shown(&w, CONC).starts_with("none: division by zero"), "{}", shown(&w, CONC));
    assert_eq!(shown(&w, DOUBLE), "nothing");
    assert_eq!(w.refused(by("ana"), w.complete("OP-1~1/dissolve~1")), "entries-missing");
    let mut corrected = w.clone();
    let volume = corrected.correct("OP-1~1/dissolve~1/volume", "50", Some("forgotten"), false);
    corrected.does(by("ana"), volume);
    assert_eq!(shown(&corrected, DOUBLE), "60.000 g/L");
    corrected.does(by("ana"), corrected.complete("OP-1~1/dissolve~1"));
    // Nobody must stay stuck: a supervisor declares that there is no value.
    for at in [CONC, DOUBLE] {
        let at = at_entry(at);
        let reason = "no volume was measured".to_owned();
        let absent =
            RunCommand::DeclareAbsent(DeclareAbsent { at, absence: Absence::NotAvailable, reason });
        w.does(by("ana").with("sue"), absent);
    }
    w.does(by("ana"), w.complete("OP-1~1/dissolve~1"));
}

#[test]
fn occurrences_that_repeat_look_at_their_own_and_at_all_before() {
    let mut w = dissolved();
    w.does(by("ana"), w.complete("OP-1~1/dissolve~1"));
    for (k, x) in [(1, "1.5"), (2, "2"), (3, "4.25")] {
        w.does(by("ana"), w.start(&format!("OP-1~1/day~{k}")));
        w.does(by("ana"), w.record(&format!("OP-1~1/day~{k}/x"), x));
        if k > 1 {
            w.does(by("ana"), w.complete(&format!("OP-1~1/day~{k}")));
        } else {
            let at = at_entry("OP-1~1/day~1/more");
            let (absence, reason) = (Absence::NotApplicable, "the first day".to_owned());
            w.does(
                by("ana").with("sue"),
                RunCommand::DeclareAbsent(DeclareAbsent { at, absence, reason }),
            );
            w.does(by("ana"), w.complete("OP-1~1/day~1"));
        }
    }
    let totals: Vec<_> = (1..4).map(|k| shown(&w, &format!("OP-1~1/day~{k}/total"))).collect();
    assert_eq!(totals, ["1.500 L", "3.500 L", "7.750 L"]);
    assert_eq!(shown(&w, "OP-1~1/day~3/more"), "2.250 L");
    w.does(by("ana"), w.correct("OP-1~1/day~2/x", "3", Some("misread"), false));
    let totals: Vec<_> = (1..4).map(|k| shown(&w, &format!("OP-1~1/day~{k}/total"))).collect();
    assert_eq!(totals, ["1.500 L", "4.500 L", "8.750 L"]);
    assert_eq!(shown(&w, "OP-1~1/day~3/more"), "1.250 L");
}

#[test]
fn an_input_of_a_checked_computation_is_no_slip() {
    let mut w = World::new(weighing());
    w.does(by("ana"), w.start("OP-1~1/weigh~1"));
    w.does(by("ana"), w.record("OP-1~1/weigh~1/tare", "1.00"));
    w.does(by("ana"), w.record(GROSS, "2.50"));
    w.does(by("ana"), w.correct(GROSS, "2.40", None, true));
    w.does(by("ben"), w.check_entry(NET));
    assert_eq!(w.refused(by("ana"), w.correct(GROSS, "2.45", None, true)), "not-a-slip");
    w.does(by("ana"), w.correct(GROSS, "2.45", Some("misread"), false));
    let used = format!("{NET}, computed from it, checked by Printed ben");
    assert!(current(&w, GROSS).expect("a value").superseded_uses.contains(&used));
    let said = |kind| w.run.exceptions.iter().any(|e| e.opened.kind == kind);
    assert!(said(ExceptionKind::Correction));
}
