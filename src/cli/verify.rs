//! `verify`: whole, broken, or unreadable; every finding names record, occurrence, entry and person.

use super::args::VerifyArgs;
use super::house::House;
use crate::seal::verify::{Finding, Report};
use std::process::ExitCode;

/// Verifies and prints.
pub fn run(args: &VerifyArgs, house: &dyn House) -> ExitCode {
    match report(args, house) {
        Ok(report) => {
            if args.json {
                println!("{}", serde_json::to_string_pretty(&report).unwrap_or_default());
            } else {
                print(&report);
            }
            if report.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(message) => {
            eprintln!("batchwright: {message}");
            ExitCode::from(2)
        }
    }
}

fn report(args: &VerifyArgs, house: &dyn House) -> Result<Report, String> {
    let checkpoint = match &args.checkpoint {
        Some(path) => Some(
            String::from_utf8(house.read(path)?)
                .map_err(|_| format!("{} is not a checkpoint", path.display()))?,
        ),
        None => None,
    };
    house.verify(&args.database_url, checkpoint.as_deref(), args.trust.as_deref())
}

/// Prints a report for people.
pub fn print(report: &Report) {
    for finding in &report.findings {
        println!("{}", line(finding));
    }
    let key = report.founding_key.as_deref().unwrap_or("none");
    println!("founding key {key}");
    if report.is_whole() {
        println!("whole: every chain, signature, checkpoint and derived row agrees");
    } else {
        println!("BROKEN: {} findings", report.findings.len());
    }
}

/// A finding in one line: what, where, who, expected and found.
#[must_use]
pub fn line(finding: &Finding) -> String {
    let mut parts = vec![format!("✗ {}", finding.detail)];
    let place = [
        finding.record_kind.clone(),
        finding.number.clone(),
        finding.occurrence.clone(),
        finding.entry.clone(),
        finding.seq.map(|seq| format!("entry {seq}")),
    ];
    let place: Vec<_> = place.into_iter().flatten().collect();
    if !place.is_empty() {
        parts.push(place.join(" "));
    }
    if let Some(person) = &finding.person {
        parts.push(format!("by {person}"));
    }
    match (&finding.expected, &finding.found) {
        (Some(expected), Some(found)) => {
            parts.push(format!("recorded {expected:?}, found {found:?}"));
        }
        (None, Some(found)) => parts.push(format!("now says {found:?}")),
        (_, None) => {}
    }
    let row = finding.row.as_deref().map(|row| format!(" row {row}")).unwrap_or_default();
    parts.push(format!("[{}{row}]", finding.table));
    parts.join(" · ")
}
