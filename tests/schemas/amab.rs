//! The A-Mab example says what the study says: names, units, numbers, marks, row by row.

use batchwright::domain::entry::KindSpec;
use batchwright::domain::entry::spec::{Due, EntrySpec, Source};
use batchwright::domain::limits::{Bound, Limit, Purpose};
use batchwright::domain::recipe::check::check;
use batchwright::domain::recipe::{MasterRecord, RunPurpose};
use batchwright::domain::units;

const EXAMPLE: &str = include_str!("../../schemas/examples/amab-drug-substance.json");
const SECOND: &str = include_str!("../../schemas/examples/amab-drug-substance-2.json");
const STUDY: &str = include_str!("amab_study.txt");

fn example() -> MasterRecord {
    let document = serde_json::from_str(EXAMPLE).expect("JSON");
    check(&document).expect("the example has no findings")
}

fn limits(kind: &KindSpec) -> Vec<Limit> {
    kind.clone().as_kind_mut().take_limits().value
}

/// As the document writes them; of a result, as it writes what is reported.
fn unit_and_target(kind: &KindSpec) -> (String, String) {
    let written = serde_json::to_value(kind).expect("plain data");
    let written = if kind.as_kind().as_result().is_some() { &written["result"] } else { &written };
    let text = |member: &str| written[member].as_str().unwrap_or_default();
    let accepted = written["accepted"].as_array().into_iter().flatten();
    let accepted: Vec<_> = accepted.filter_map(serde_json::Value::as_str).collect();
    let target = if accepted.is_empty() { text("set_point").into() } else { accepted.join(", ") };
    let unit = Some(text("unit")).filter(|unit| !unit.is_empty()).map(units::shown);
    (unit.unwrap_or_default().into_owned(), target)
}

/// An entry in the columns of the study's table.
fn row(at: &str, entry: &EntrySpec) -> String {
    let limits = limits(&entry.kind);
    let of = |purposes: &[Purpose]| limits.iter().find(|limit| purposes.contains(&limit.purpose));
    let range = of(&[Purpose::Acceptance, Purpose::Reference]);
    let normal = of(&[Purpose::Alert]);
    let number = |bound: Option<&Bound>| bound.map(|b| b.value.to_string()).unwrap_or_default();
    let low = |limit: Option<&Limit>| number(limit.and_then(|l| l.low.as_ref()));
    let high = |limit: Option<&Limit>| number(limit.and_then(|l| l.high.as_ref()));
    let judged = range.map_or("", |limit| match limit.purpose {
        Purpose::Reference => "R",
        _ => "J",
    });
    let open = |bound: Option<&Bound>| bound.is_some_and(|b| !b.inclusive);
    let exclusive = match range {
        Some(limit) if open(limit.low.as_ref()) => " low>",
        Some(limit) if open(limit.high.as_ref()) => " high<",
        _ => "",
    };
    let (unit, target) = unit_and_target(&entry.kind);
    let source: Option<&Source> = entry.source.as_ref();
    [
        at.to_owned(),
        entry.name.clone(),
        unit,
        target,
        low(range),
        high(range),
        low(normal),
        high(normal),
        format!("{judged}{exclusive}"),
        entry.classification.map(|c| c.as_str().to_owned()).unwrap_or_default(),
        source.map(|s| format!("{:?}", s.basis).to_lowercase()).unwrap_or_default(),
        source.and_then(|s| s.page).map(|page| page.to_string()).unwrap_or_default(),
    ]
    .join(" | ")
}

// shows: C211-110b.a
#[test]
fn every_parameter_and_specification_is_the_studys() {
    let record = example();
    let parameters =
        record.steps().flat_map(|(_, step)| step.entries.iter().map(|entry| row(&step.id, entry)));
    let specifications = record.release_specifications.iter().map(|entry| row("release", entry));
    let found: Vec<String> = parameters.chain(specifications).collect();
    let study: Vec<&str> = STUDY.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(study.len(), 118 + 4);
    assert_eq!(found.len(), study.len());
    for (mine, theirs) in found.iter().zip(study) {
        assert_eq!(mine, theirs);
    }
}

#[test]
fn the_hierarchy_is_whole_and_the_batch_asks_few_signatures() {
    let record = example();
    assert_eq!(record.unit_procedures.len(), 11);
    assert_eq!(record.operations().count(), 14);
    assert_eq!(record.steps().count(), 39);
    assert_eq!(record.purpose, RunPurpose::Production);
    assert!(record.gates.len() <= 6);
    // Three Protein A cycles; performer and second person of significant occurrences, operations,
    // gates, the check of the design space.
    let signed = |id: &str| if id == "05.2.2" { 3 } else { 1 };
    let significant: usize = record
        .steps()
        .filter(|(_, step)| step.significant)
        .map(|(_, step)| 2 * signed(&step.id))
        .sum();
    let planned = significant + record.operations().count() + record.gates.len() + 1;
    assert!(planned <= 45, "{planned} signatures before issue, triage, review and release");
}

#[test]
fn the_culture_is_cared_for_and_late_results_wait_for_release() {
    let record = example();
    let step = |id: &str| record.step(id).map(|(_, step)| step).expect("it is there");
    for id in ["03.2.1", "03.2.2", "03.2.3", "03.2.4"] {
        assert!(step(id).care, "{id}");
    }
    assert!(step("03.2.5").sampling);
    let fed_batch = record.operation("OP-03.2").expect("it is there");
    assert!(fed_batch.steps.iter().all(|step| step.order.while_runs.as_deref() == Some("OP-03.2")));
    let late: Vec<&str> = record
        .steps()
        .flat_map(|(_, step)| &step.entries)
        .filter(|entry| entry.due == Due::Release)
        .map(|entry| entry.name.as_str())
        .collect();
    assert_eq!(late, ["Mycoplasma", "Adventitious virus", "Bioburden of purified DS"]);
    assert_eq!(step("06.1.1").entries[0].kind.name(), "adjust-to-target");
    assert_eq!(record.gate_before("04.1.1").and_then(|gate| gate.at_risk_minutes), Some(720));
}

fn second() -> MasterRecord {
    check(&serde_json::from_str(SECOND).expect("JSON")).expect("no findings")
}

/// Kind, name, and what the kind says, of every entry of version 2, step by step.
fn asked() -> Vec<(String, String, serde_json::Value)> {
    let record = second();
    let of_step = |step: &batchwright::domain::recipe::Step| -> Vec<_> {
        let asked = |entry: &EntrySpec| {
            let kind = serde_json::to_value(&entry.kind).expect("plain data");
            (step.id.clone(), entry.id.clone(), kind)
        };
        step.entries.iter().map(asked).collect()
    };
    record.steps().flat_map(|(_, step)| of_step(step)).collect()
}

#[test]
fn version_2_names_a_lot_of_each_component_and_of_nothing_else() {
    let record = second();
    let mut named: Vec<String> = asked()
        .iter()
        .filter(|(.., kind)| kind["kind"] == "lot")
        .map(|(.., kind)| kind["material"].as_str().expect("a material").to_owned())
        .collect();
    named.sort();
    named.dedup();
    let made = |code: &str| record.outputs.iter().any(|output| output.material == code);
    let mut known: Vec<String> =
        record.materials.iter().map(|it| it.code.clone()).filter(|code| !made(code)).collect();
    known.sort();
    assert_eq!(named, known);
}

#[test]
fn version_2_identifies_equipment_in_every_unit_procedure() {
    let asked = asked();
    for unit_procedure in 1..=11 {
        let prefix = format!("{unit_procedure:02}.");
        let equipment = asked
            .iter()
            .filter(|(step, _, kind)| step.starts_with(&prefix) && kind["kind"] == "equipment");
        assert!(equipment.count() > 0, "unit procedure {unit_procedure}");
    }
}

#[test]
fn version_2_weighs_in_kilograms_on_a_named_scale_and_formulation_is_looked_at_before_filling() {
    let record = second();
    let weighed: Vec<_> =
        asked().into_iter().filter(|(_, id, _)| id.ends_with("-weight")).collect();
    assert!(weighed.len() >= 9, "{}", weighed.len());
    assert!(weighed.iter().all(|(.., kind)| kind["unit"] == "kg"), "{weighed:?}");
    let (_, step) = record.step("10.1.1").expect("it is there");
    assert!(step.entries.iter().any(|entry| entry.id == "bench-scale"));
    for id in ["acetate-weight", "sucrose-weight", "polysorbate-20-weight"] {
        let entry = step.entries.iter().find(|entry| entry.id == id).expect("it is there");
        assert!(entry.asks_second_look(), "{id}");
        let gates = entry.second_look.as_ref().map(|look| look.gates.clone());
        assert_eq!(gates.as_deref(), Some(&["G-FILL".to_owned()][..]), "{id}");
    }
}

#[test]
fn version_2_computes_growth_clearance_and_what_was_added_in_all() {
    let asked = asked();
    for (step, id, function) in [
        ("01.1.3", "specific-growth-rate", "ln("),
        ("02.1.3", "n-1-specific-growth-rate", "ln("),
        ("07.1.3", "hcp-log-reduction", "log10("),
        ("08.1.3", "hcp-log-reduction", "log10("),
        ("03.2.4", "antifoam-c-cumulative", "sum(all["),
    ] {
        let found = asked.iter().find(|(at, entry, _)| at == step && entry == id);
        let (.., kind) = found.unwrap_or_else(|| panic!("{step}/{id}"));
        assert_eq!(kind["kind"], "calculation", "{step}/{id}");
        let expression = kind["expression"].as_str().unwrap_or_default();
        assert!(expression.contains(function), "{step}/{id}: {expression}");
    }
}

/// The factors of the design space, as the study calls them and as version 2 codes them.
const FACTORS: [(&str, &str); 5] = [
    ("CD", "[coded-duration]"),
    ("CO2", "[coded-co2]"),
    ("Osm", "[coded-osmolality]"),
    ("pH", "[coded-ph]"),
    ("T", "[coded-temperature]"),
];

/// The terms of a predictor with their coefficients, read from its expression: `-1.27 CD*CO2`.
fn terms(expression: &str) -> Vec<String> {
    let words: Vec<&str> = expression.split_whitespace().collect();
    let mut terms: Vec<(String, Vec<&str>)> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        if let Some((factor, _)) = FACTORS.iter().find(|(_, coded)| coded == word) {
            terms.last_mut().expect("a coefficient stands before its factors").1.push(factor);
        } else if !["+", "-", "*"].contains(word) {
            let sign = if i > 0 && words[i - 1] == "-" { "-" } else { "" };
            terms.push((format!("{sign}{word}"), Vec::new()));
        }
    }
    let named = |factors: &[&str]| {
        if factors.is_empty() { "1".to_owned() } else { factors.join("*") }
    };
    terms.iter().map(|(number, factors)| format!("{number} {}", named(factors))).collect()
}

#[test]
fn version_2_computes_the_four_equations_of_the_study() {
    let (first, second) = (example(), second());
    // Version 1 carries the worksheet as notes; the numbers were copied from the study once.
    let notes = first.step("03.3.3").map(|(_, step)| step.notes.clone()).expect("it is there");
    let list = |head: &str| -> Vec<String> {
        let line =
            notes.iter().find_map(|note| note.strip_prefix(head)).expect("a line of numbers");
        line.trim_end_matches('.').split(", ").map(str::to_owned).collect()
    };
    let named = list("Terms: ");
    let step = second.step("03.3.3").map(|(_, step)| step).expect("it is there");
    for name in ["aFuc upper", "aFuc lower", "Gal upper", "Gal lower"] {
        let id = format!("{}-predictor", name.to_lowercase().replace(' ', "-"));
        let entry = step.entries.iter().find(|entry| entry.id == id).expect("it is there");
        let formula = entry.kind.as_kind().formula().unwrap_or_else(|| panic!("{id} is computed"));
        let numbers = list(&format!("{name}: "));
        let wanted: Vec<String> =
            numbers.iter().zip(&named).map(|(number, term)| format!("{number} {term}")).collect();
        assert_eq!(wanted.len(), 21);
        assert_eq!(terms(formula.expression), wanted, "{id}");
        let low = limits(&entry.kind)[0].low.as_ref().map(|low| low.value.to_string());
        assert_eq!(low.as_deref(), Some("4.60"));
    }
}
