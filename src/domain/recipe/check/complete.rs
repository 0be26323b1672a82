//! Completeness: each missing item named with its clause (21 CFR 211.186(b), EU GMP 4.17 to 4.19).

use crate::domain::ids::check_number;
use crate::domain::numbered::numbered;
use crate::domain::quantity::Quantity;
use crate::domain::recipe::check::{Finding, operations, unit_procedures};
use crate::domain::recipe::materials::MaterialRole;
use crate::domain::recipe::{MasterRecord, RunPurpose};
use crate::domain::units;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    identity(record, findings);
    yields(record, findings);
    materials(record, findings);
    let makes = matches!(record.purpose, RunPurpose::Production | RunPurpose::Preparation);
    if makes {
        contents(record, findings);
    }
    if record.purpose == RunPurpose::Production {
        production(record, findings);
    }
}

fn missing(findings: &mut Vec<Finding>, pointer: impl Into<String>, sentence: &str) {
    findings.push(Finding::new(pointer, "incomplete", "C211-186b", sentence));
}

fn identity(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let code = numbered(&record.code).map(|_| ());
    for (pointer, read) in [("/code", code), ("/product/code", check_number(&record.product.code))]
    {
        if let Err(sentence) = read {
            findings.push(Finding::new(pointer, "shape", "C211-186b", sentence));
        }
    }
    let texts = [
        ("/title", &record.title, "the title is blank"),
        ("/product/name", &record.product.name, "the product's name with strength is missing"),
        ("/strength_or_scale", &record.strength_or_scale, "strength, form or scale is missing"),
    ];
    for (pointer, text, sentence) in texts {
        if text.trim().is_empty() {
            missing(findings, pointer, sentence);
        }
    }
}

fn yields(record: &MasterRecord, findings: &mut Vec<Finding>) {
    positive(&record.batch_size, "/batch_size", "the batch size", findings);
    let yielded = &record.theoretical_yield;
    positive(&yielded.quantity, "/theoretical_yield/quantity", "the theoretical yield", findings);
    let (min, max) = (yielded.min_percent, yielded.max_percent);
    if min < Decimal::ZERO || min >= max {
        let sentence = format!(
            "the percentages beyond which the yield is investigated are 0 ≤ min < max, not {min} and {max}"
        );
        findings.push(Finding::new("/theoretical_yield", "incomplete", "C211-186b", sentence));
    }
}

fn positive(quantity: &Quantity, pointer: &str, what: &str, findings: &mut Vec<Finding>) {
    unit_known(&quantity.unit, pointer, findings);
    if quantity.value <= Decimal::ZERO {
        missing(findings, pointer, &format!("{what} is above zero"));
    }
}

fn unit_known(unit: &str, pointer: &str, findings: &mut Vec<Finding>) {
    if units::find(unit).is_none() {
        let sentence = units::unknown(unit);
        findings.push(Finding::new(format!("{pointer}/unit"), "unknown-unit", "T17", sentence));
    }
}

fn materials(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let mut systems = BTreeSet::new();
    for (i, material) in record.materials.iter().enumerate() {
        let pointer = format!("/materials/{i}");
        match &material.quantity {
            Some(quantity) => {
                positive(quantity, &format!("{pointer}/quantity"), "the quantity", findings);
                systems.extend(units::weight_system(&quantity.unit));
            }
            None if material.quantity_note.as_ref().is_none_or(|note| note.trim().is_empty()) => {
                let sentence = format!(
                    "{} has neither a quantity nor a note from what it follows",
                    material.name
                );
                missing(findings, &pointer, &sentence);
            }
            None => {}
        }
        if material.overage_percent.is_some_and(|percent| percent <= Decimal::ZERO) {
            missing(findings, format!("{pointer}/overage_percent"), "an overage is above zero");
        }
    }
    if systems.len() > 1 {
        missing(findings, "/materials", "weights stand in two systems; use one (211.186(b)(4))");
    }
}

/// Whatever makes something says from what, with which care, and what it must meet.
fn contents(record: &MasterRecord, findings: &mut Vec<Finding>) {
    if record.materials.is_empty() {
        missing(findings, "/materials", "the list of components is missing (211.186(b)(3))");
    }
    if record.precautions.iter().all(|text| text.trim().is_empty()) {
        missing(
            findings,
            "/precautions",
            "precautions and special notations are missing (211.186(b)(9))",
        );
    }
    if record.release_specifications.is_empty() {
        missing(
            findings,
            "/release_specifications",
            "release specifications are missing (211.186(b)(9))",
        );
    }
    if record.containers.is_empty() {
        missing(
            findings,
            "/containers",
            "containers and closures are not described (211.186(b)(8))",
        );
    }
    if record.labels.is_empty() {
        missing(findings, "/labels", "no label with its specimen is given (211.186(b)(8))");
    }
}

fn production(record: &MasterRecord, findings: &mut Vec<Finding>) {
    if !record.materials.iter().any(|m| m.role == MaterialRole::Active) {
        missing(findings, "/materials", "the active substance is missing (211.186(b)(2))");
    }
    let place = |findings: &mut Vec<Finding>, pointer: String, sentence: String| {
        findings.push(Finding::new(pointer, "incomplete", "CH4-17", sentence));
    };
    for up in unit_procedures(record) {
        if up.what.equipment_class.is_none() {
            let sentence = format!("{} names no principal equipment (4.18)", up.what.id);
            place(findings, format!("{}/equipment_class", up.pointer), sentence);
        }
    }
    for operation in operations(record) {
        if operation.what.area.is_none() {
            let sentence = format!("{} names no processing location (4.18)", operation.what.id);
            place(findings, format!("{}/area", operation.pointer), sentence);
        }
    }
    let controlled = record.steps().any(|(_, step)| {
        step.sampling || step.entries.iter().any(|entry| entry.classification.is_some())
    });
    if !controlled {
        let sentence = "no sampling and no in-process control is asked (4.18)".to_owned();
        place(findings, "/unit_procedures".into(), sentence);
    }
}
