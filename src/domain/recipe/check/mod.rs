//! What is wrong with a master record, found at submission, all at once.
//!
//! Shape (the schema), what is not yet supported, then meaning: completeness, names and references,
//! order, steps and gates. Each finding points at the place and names its rule.

mod clearance;
mod complete;
mod computing;
mod deciding;
mod deep;
mod names;
mod order;
mod outputs;
mod sense;
mod settled;
mod shape;
mod spans;
mod specification;
mod steps;
mod times;
mod twins;
mod typed;
mod unsupported;

#[cfg(test)]
mod tests;

use crate::domain::recipe::{EntrySpec, MasterRecord, Operation, Step, UnitProcedure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something wrong with a master record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Where: a JSON pointer into the document.
    pub pointer: String,
    /// Sort of finding, kebab-case, part of the API: `shape`, `incomplete`, `not-yet-supported`, …
    pub code: String,
    /// Requirement id.
    pub rule: String,
    /// What is wrong, and what to do.
    pub sentence: String,
}

impl Finding {
    /// A finding at a place.
    #[must_use]
    pub fn new(
        pointer: impl Into<String>,
        code: &str,
        rule: &str,
        sentence: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.to_owned(),
            rule: rule.to_owned(),
            sentence: sentence.into(),
        }
    }

    /// One line for a screen: place, sentence, rule.
    #[must_use]
    pub fn line(&self) -> String {
        let at = if self.pointer.is_empty() { "/" } else { &self.pointer };
        format!("{at}: {} [{}, {}]", self.sentence, self.code, self.rule)
    }
}

/// Finding code of what stands in the schema and has no behaviour yet.
pub const NOT_YET_SUPPORTED: &str = "not-yet-supported";

/// Finding code of what is nested, or follows one from the other, deeper than anything here walks.
pub const TOO_DEEP: &str = "too-deep";

/// Reads a document as a master record, or says everything that is wrong with it
/// (21 CFR 211.186(b), EU GMP Chapter 4, 4.17 to 4.19).
///
/// # Errors
/// All findings, in order of place.
pub fn check(document: &Value) -> Result<MasterRecord, Vec<Finding>> {
    match read(document) {
        (Some(record), findings) if findings.is_empty() => Ok(record),
        (_, findings) => Err(findings),
    }
}

/// The record as far as it can be read, and everything that is wrong with it, in order of place.
#[must_use]
pub fn read(document: &Value) -> (Option<MasterRecord>, Vec<Finding>) {
    let mut findings = Vec::new();
    // What has no behaviour yet is named, then covered, so that the rest is checked all the same.
    let known = unsupported::unknown_kinds(document, &mut findings);
    shape::check(&known, &mut findings);
    let plain = unsupported::later(&known, &mut findings);
    let mut read = None;
    match serde_json::from_value::<MasterRecord>(plain) {
        Ok(record) => {
            meaning(&record, &mut findings);
            read = Some(record);
        }
        // The schema's findings say the same with a place; this is for what it may have missed.
        Err(error) if findings.is_empty() => {
            findings.push(Finding::new("", "shape", "C211-186b", error.to_string()));
        }
        Err(_) => {}
    }
    findings.sort();
    findings.dedup();
    (read, findings)
}

/// What is wrong with a record that could be read.
fn meaning(record: &MasterRecord, findings: &mut Vec<Finding>) {
    complete::check(record, findings);
    names::check(record, findings);
    outputs::check(record, findings);
    order::check(record, findings);
    steps::check(record, findings);
    times::check(record, findings);
    spans::check(record, findings);
    sense::check(record, findings);
    computing::check(record, findings);
    clearance::check(record, findings);
    specification::check(record, findings);
    typed::check(record, findings);
    deciding::check(record, findings);
    deep::check(record, findings);
    twins::check(record, findings);
}

/// A unit procedure, operation or step with its pointer.
struct At<'a, T> {
    pointer: String,
    what: &'a T,
}

fn unit_procedures(record: &MasterRecord) -> Vec<At<'_, UnitProcedure>> {
    record
        .unit_procedures
        .iter()
        .enumerate()
        .map(|(i, what)| At { pointer: format!("/unit_procedures/{i}"), what })
        .collect()
}

fn operations(record: &MasterRecord) -> Vec<At<'_, Operation>> {
    unit_procedures(record)
        .into_iter()
        .flat_map(|up| {
            up.what.operations.iter().enumerate().map(move |(i, what)| At {
                pointer: format!("{}/operations/{i}", up.pointer),
                what,
            })
        })
        .collect()
}

fn steps_of<'a>(operation: &At<'a, Operation>) -> Vec<At<'a, Step>> {
    let inside = |(i, what)| At { pointer: format!("{}/steps/{i}", operation.pointer), what };
    operation.what.steps.iter().enumerate().map(inside).collect()
}

fn all_steps(record: &MasterRecord) -> Vec<At<'_, Step>> {
    operations(record).iter().flat_map(steps_of).collect()
}

/// Every entry, each with its step; none: a release specification.
fn all_entries(record: &MasterRecord) -> Vec<(Option<&Step>, At<'_, EntrySpec>)> {
    let mut all = Vec::new();
    for step in all_steps(record) {
        let at = |(i, what)| At { pointer: format!("{}/entries/{i}", step.pointer), what };
        let inside = step.what.entries.iter().enumerate().map(at);
        all.extend(inside.map(|entry| (Some(step.what), entry)));
    }
    let at = |(i, what)| At { pointer: format!("/release_specifications/{i}"), what };
    all.extend(record.release_specifications.iter().enumerate().map(at).map(|entry| (None, entry)));
    all
}
