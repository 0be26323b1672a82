//! What may come out is declared: of a step that exists, in a unit that is known, and whatever makes
//! something makes a product.

use crate::domain::recipe::check::Finding;
use crate::domain::recipe::{MasterRecord, OutputClass, RunPurpose};
use crate::domain::units;
use std::collections::BTreeSet;

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let mut add = |pointer: String, code: &str, rule: &str, sentence: String| {
        findings.push(Finding::new(pointer, code, rule, sentence));
    };
    let makes = matches!(record.purpose, RunPurpose::Production | RunPurpose::Preparation);
    if makes && !record.outputs.iter().any(|output| output.class == OutputClass::Product) {
        let sentence = "no output of class product is declared, so nothing could be yielded";
        add("/outputs".into(), "incomplete", "C211-186b", sentence.into());
    }
    let mut ids = BTreeSet::new();
    for (i, output) in record.outputs.iter().enumerate() {
        let pointer = format!("/outputs/{i}");
        if !ids.insert(output.id.as_str()) {
            let sentence = format!("the id {:?} is taken by another output", output.id);
            add(format!("{pointer}/id"), "duplicate-id", "C211-186b", sentence);
        }
        for (name, text) in [("name", &output.name), ("material", &output.material)] {
            if text.trim().is_empty() {
                let sentence = format!("the {name} of output {} is blank", output.id);
                add(format!("{pointer}/{name}"), "incomplete", "C211-186b", sentence);
            }
        }
        if record.step(&output.step).is_none() {
            let sentence = format!("there is no step {:?} in this master record", output.step);
            add(format!("{pointer}/step"), "unknown-reference", "C211-186b", sentence);
        }
        if units::find(&output.unit).is_none() {
            let sentence = units::unknown(&output.unit);
            add(format!("{pointer}/unit"), "unknown-unit", "T17", sentence);
        } else if output.class == OutputClass::Product
            && units::convert(&output.unit, &record.theoretical_yield.quantity.unit).is_none()
        {
            let (own, yielded) = (&output.unit, &record.theoretical_yield.quantity.unit);
            let sentence = format!(
                "{} is measured in {own}, which nothing converts to the {yielded} of the theoretical yield: the yield could never be told",
                output.id
            );
            add(format!("{pointer}/unit"), "limits", "C211-103", sentence);
        }
    }
}
