//! Entries: recorded, corrected, checked, declared absent; on a step's occurrence or on the run.

use super::act::{Act, malformed};
use super::credentials::body;
use super::query::Ordinal;
use super::step::{StepPath, step_key};
use super::told::Made;
use super::value::SentValue;
use super::version::Must;
use crate::app::answer::RunAnswer;
use crate::app::enclosure::{Ordered, Said, enclose_value};
use crate::domain::clock::Instant;
use crate::domain::entry::Input;
use crate::domain::refusal::Refusal;
use crate::domain::run::acts::{
    CheckEntry, CorrectEntry, CorrectTime, DeclareAbsent, RecordEntry, RecordTrailPoint, RunCommand,
};
use crate::domain::run::looks::Against;
use crate::domain::words::{Absence, Basis, EntryKey};
use crate::http::limits::FILES_BODY;
use actix_web::web;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Batch, operation, its occurrence, step, its occurrence, entry.
type EntryPath = web::Path<(String, String, Ordinal, String, Ordinal, String)>;

/// Batch, release specification.
type ReleasePath = web::Path<(String, String)>;

body! {
    /// A value that somebody reports.
    Report {
        /// Id of the entry in the master record.
        entry: String,
        /// The value, by its kind.
        #[schema(value_type = SentValue)]
        value: Value,
        /// The unit, where the kind asks one.
        #[serde(default)]
        unit: Option<String>,
        /// When it was done, where that is not now (RFC 3339).
        #[serde(default)]
        #[schema(format = DateTime)]
        performed_at: Option<String>,
        /// Where the knowledge comes from: `{"kind": "direct"}`, `scribe`, `device` or `paper`.
        #[serde(default)]
        #[schema(value_type = Option<Basis>)]
        basis: Option<Value>,
        /// Why it is late, or why an implausible value stands.
        #[serde(default)]
        reason: Option<String>,
        /// The value was shown as implausible, and is meant.
        #[serde(default)]
        confirmed: Option<bool>,
        /// A device's own text, word for word: JSON with `tag`, `value`, `unit` and `at`.
        #[serde(default)]
        payload: Option<String>,
        /// The device's signature over exactly that text, base64 (Ed25519).
        #[serde(default)]
        payload_signature: Option<String>,
    } up to FILES_BODY
}

body! {
    /// A new version of a value.
    Correction {
        /// The new value.
        #[schema(value_type = SentValue)]
        value: Value,
        /// The unit, where the kind asks one.
        #[serde(default)]
        unit: Option<String>,
        /// Why; only a slip within 60 seconds needs none.
        #[serde(default)]
        reason: Option<String>,
        /// When it was done, where that was said wrong (RFC 3339); the value may stay as it is.
        #[serde(default)]
        #[schema(format = DateTime)]
        performed_at: Option<String>,
        /// A slip: within 60 seconds, by the same person, unsigned, unused.
        #[serde(default)]
        slip: Option<bool>,
        /// The value was shown as implausible, and is meant.
        #[serde(default)]
        confirmed: Option<bool>,
    } up to FILES_BODY
}

body! {
    /// A check by somebody else than who recorded it.
    Check {
        /// Against what it was held: `seen`, `display`, `printout`, `photograph` or `device-record`. With it the check is
        /// a second look, too.
        #[serde(default)]
        against: Option<Against>,
    }
}

body! {
    /// Why there is no value.
    AbsenceReport {
        /// `not-applicable`, `not-performed` or `not-available`: three different things.
        #[schema(value_type = Absence)]
        absence: String,
        /// Why.
        reason: String,
    }
}

body! {
    /// A reading or addition on the way to a target.
    TrailReport {
        /// `reading` or `addition`.
        #[schema(pattern = "^(reading|addition)$")]
        kind: String,
        /// The value.
        #[schema(value_type = SentValue)]
        value: Value,
        /// The unit.
        #[serde(default)]
        unit: Option<String>,
    }
}

fn read<T: DeserializeOwned>(name: &str, value: Value) -> Result<T, Refusal> {
    serde_json::from_value(value).map_err(|e| malformed(format!("{name}: {e}")))
}

/// When something was done, as it was sent.
fn moment(text: Option<String>) -> Result<Option<Instant>, Refusal> {
    let parse = |text: String| Instant::parse(&text);
    text.map(parse).transpose().map_err(|e| malformed(format!("performed_at: {e}")))
}

fn record(step: Option<crate::domain::ids::StepKey>, report: Report) -> Result<Ordered, Refusal> {
    let performed_at = moment(report.performed_at)?;
    let basis = report.basis.map(|basis| read::<Basis>("basis", basis)).transpose()?;
    let (value, blobs) = enclose_value(report.value)?;
    let command = RunCommand::RecordEntry(RecordEntry {
        at: EntryKey { step, entry: report.entry },
        input: Input { value, unit: report.unit },
        performed_at,
        basis: basis.unwrap_or_default(),
        reason: report.reason,
        confirmed: report.confirmed.unwrap_or(false),
    });
    let said = said(report.payload, report.payload_signature)?;
    Ok(Ordered { command, blobs, said, reason: None })
}

/// What a device said: its text, with its signature.
///
/// # Errors
/// `malformed`: a signature came without its text.
pub(super) fn said(
    payload: Option<String>,
    signature: Option<String>,
) -> Result<Option<Said>, Refusal> {
    match (payload, signature) {
        (Some(payload), signature) => {
            Ok(Some(Said { payload, signature: signature.unwrap_or_default() }))
        }
        (None, None) => Ok(None),
        (None, Some(_)) => Err(malformed("payload_signature came without its payload")),
    }
}

fn correct(
    at: EntryKey,
    correction: Correction,
    expected: Option<u64>,
) -> Result<Ordered, Refusal> {
    let (value, blobs) = enclose_value(correction.value)?;
    let input = Input { value, unit: correction.unit };
    let (reason, confirmed) = (correction.reason, correction.confirmed.unwrap_or(false));
    let command = match moment(correction.performed_at)? {
        Some(performed_at) => RunCommand::CorrectTime(CorrectTime {
            at,
            input,
            performed_at,
            reason,
            confirmed,
            expected,
        }),
        None => {
            let slip = correction.slip.unwrap_or(false);
            RunCommand::CorrectEntry(CorrectEntry { at, input, reason, slip, confirmed, expected })
        }
    };
    Ok(Ordered { command, blobs, said: None, reason: None })
}

fn absent(at: EntryKey, report: AbsenceReport) -> Result<RunCommand, Refusal> {
    let absence: Absence = read("absence", report.absence.into())?;
    Ok(RunCommand::DeclareAbsent(DeclareAbsent { at, absence, reason: report.reason }))
}

pub async fn record_entry(act: Act<Report>, path: StepPath) -> Made<RunAnswer> {
    let (run, op, n, step, k) = path.into_inner();
    act.on_run(run, move |given| record(Some(step_key(&op, n, &step, k)?), given.body)).await
}

pub async fn correct_entry(act: Act<Correction, Must>, path: EntryPath) -> Made<RunAnswer> {
    let (run, op, n, step, k, entry) = path.into_inner();
    act.on_run(run, move |given| {
        let at = EntryKey { step: Some(step_key(&op, n, &step, k)?), entry };
        correct(at, given.body, given.expected.0)
    })
    .await
}

pub async fn check_entry(act: Act<Check, Must>, path: EntryPath) -> Made<RunAnswer> {
    let (run, op, n, step, k, entry) = path.into_inner();
    act.on_run(run, move |given| {
        let at = EntryKey { step: Some(step_key(&op, n, &step, k)?), entry };
        Ok(RunCommand::CheckEntry(CheckEntry {
            at,
            against: given.body.against,
            expected: given.expected.0,
        }))
    })
    .await
}

pub async fn declare_absent(act: Act<AbsenceReport>, path: EntryPath) -> Made<RunAnswer> {
    let (run, op, n, step, k, entry) = path.into_inner();
    act.on_run(run, move |given| {
        absent(EntryKey { step: Some(step_key(&op, n, &step, k)?), entry }, given.body)
    })
    .await
}

pub async fn record_trail_point(act: Act<TrailReport>, path: EntryPath) -> Made<RunAnswer> {
    let (run, op, n, step, k, entry) = path.into_inner();
    act.on_run(run, move |given| {
        let at = EntryKey { step: Some(step_key(&op, n, &step, k)?), entry };
        let TrailReport { kind, value, unit, .. } = given.body;
        Ok(RunCommand::RecordTrailPoint(RecordTrailPoint {
            at,
            kind,
            input: Input { value, unit },
        }))
    })
    .await
}

pub async fn record_release_entry(act: Act<Report>, path: web::Path<String>) -> Made<RunAnswer> {
    act.on_run(path.into_inner(), |given| record(None, given.body)).await
}

pub async fn correct_release_entry(
    act: Act<Correction, Must>,
    path: ReleasePath,
) -> Made<RunAnswer> {
    let (run, entry) = path.into_inner();
    act.on_run(run, move |given| {
        correct(EntryKey { step: None, entry }, given.body, given.expected.0)
    })
    .await
}

pub async fn check_release_entry(act: Act<Check, Must>, path: ReleasePath) -> Made<RunAnswer> {
    let (run, entry) = path.into_inner();
    act.on_run(run, move |given| {
        let at = EntryKey { step: None, entry };
        Ok(RunCommand::CheckEntry(CheckEntry {
            at,
            against: given.body.against,
            expected: given.expected.0,
        }))
    })
    .await
}

pub async fn declare_release_absent(act: Act<AbsenceReport>, path: ReleasePath) -> Made<RunAnswer> {
    let (run, entry) = path.into_inner();
    act.on_run(run, move |given| absent(EntryKey { step: None, entry }, given.body)).await
}
