//! Laboratory results and alarms: determinations, investigations, alarms raised and acknowledged.

use super::act::{Act, Answer, malformed};
use super::credentials::body;
use super::entry::said;
use super::query::Ordinal;
use super::step::step_key;
use super::views::Acted;
use crate::app::enclosure::Ordered;
use crate::domain::clock::Instant;
use crate::domain::entry::Input;
use crate::domain::refusal::Refusal;
use crate::domain::run::command::RunCommand;
use crate::domain::run::event::EntryKey;
use actix_web::http::StatusCode;
use actix_web::{post, web};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Batch, operation, its occurrence, step, its occurrence, entry.
type EntryPath = web::Path<(String, String, Ordinal, String, Ordinal, String)>;

/// Batch, release specification.
type ReleasePath = web::Path<(String, String)>;

body! {
    /// A determination of a laboratory test.
    DeterminationReport {
        /// `{value, method_version, sample, note}`; the value as text or option.
        #[schema(value_type = Object)]
        value: Value,
        /// The unit, where the result has one.
        #[serde(default)]
        unit: Option<String>,
        /// When the laboratory did it, where that is not now (RFC 3339).
        #[serde(default)]
        performed_at: Option<String>,
        /// Where the knowledge comes from: `{"kind": "direct"}`, `scribe`, `device` or `paper`.
        #[serde(default)]
        #[schema(value_type = Option<Object>)]
        basis: Option<Value>,
        /// Why it is late.
        #[serde(default)]
        reason: Option<String>,
    }
}

body! {
    /// A step of an out-of-specification investigation.
    InvestigationOrder {
        /// `assignable-cause`, `retest-plan` or `reportable`.
        phase: String,
        /// Of an assignable cause: whether one was found.
        #[serde(default)]
        found: Option<bool>,
        /// Of an assignable cause: which, or what was looked at.
        #[serde(default)]
        cause: Option<String>,
        /// Of an assignable cause: the determinations it sets aside.
        #[serde(default)]
        invalidates: Option<Vec<u32>>,
        /// Of a retest plan: how many retests.
        #[serde(default)]
        retests: Option<u32>,
        /// Of a retest plan: why so many.
        #[serde(default)]
        rationale: Option<String>,
        /// Of a reportable result: the determination.
        #[serde(default)]
        determination: Option<u32>,
        /// Of a reportable result: the conclusion.
        #[serde(default)]
        conclusion: Option<String>,
    }
}

body! {
    /// An alarm, as a system or a person reports it.
    AlarmReport {
        /// Tag of its source.
        tag: String,
        /// `critical`, `high` or `low`.
        priority: String,
        /// Its text.
        text: String,
        /// The step's occurrence it concerns, as in `OP-03.2~1/03.2.1~18`.
        #[serde(default)]
        step: Option<String>,
        /// When its source raised it, where that is not now (RFC 3339).
        #[serde(default)]
        raised_at: Option<String>,
        /// The registered device that sent it; without one it counts as typed.
        #[serde(default)]
        device: Option<String>,
        /// The device's own text, word for word: JSON with `tag`, `priority`, `text` and `at`.
        #[serde(default)]
        payload: Option<String>,
        /// The device's signature over exactly that text, base64 (Ed25519).
        #[serde(default)]
        payload_signature: Option<String>,
        /// Why it is reported only now, asked where the record is final.
        #[serde(default)]
        reason: Option<String>,
    }
}

body! {
    /// What was found about an alarm.
    AlarmComment {
        /// The comment.
        comment: String,
    }
}

fn read<T: DeserializeOwned>(name: &str, value: Value) -> Result<T, Refusal> {
    serde_json::from_value(value).map_err(|e| malformed(format!("{name}: {e}")))
}

fn moment(name: &str, text: Option<String>) -> Result<Option<Instant>, Refusal> {
    let read = |text: String| Instant::parse(&text).map_err(|e| malformed(format!("{name}: {e}")));
    text.map(read).transpose()
}

fn determination(at: EntryKey, report: DeterminationReport) -> Result<RunCommand, Refusal> {
    Ok(RunCommand::RecordDetermination {
        at,
        input: Input { value: report.value, unit: report.unit },
        performed_at: moment("performed_at", report.performed_at)?,
        basis: report.basis.map(|basis| read("basis", basis)).transpose()?.unwrap_or_default(),
        reason: report.reason,
    })
}

fn investigation(at: EntryKey, order: InvestigationOrder) -> Result<RunCommand, Refusal> {
    let step = match order.phase.as_str() {
        "assignable-cause" => json!({
            "phase": order.phase, "found": order.found, "cause": order.cause.unwrap_or_default(),
            "invalidates": order.invalidates.unwrap_or_default(),
        }),
        "retest-plan" => json!({
            "phase": order.phase, "retests": order.retests,
            "rationale": order.rationale.unwrap_or_default(),
        }),
        _ => json!({
            "phase": order.phase, "determination": order.determination,
            "conclusion": order.conclusion.unwrap_or_default(),
        }),
    };
    Ok(RunCommand::InvestigateResult { at, step: read("phase", step)? })
}

/// A step's occurrence as people write it.
fn occurrence(text: &str) -> Result<EntryKey, Refusal> {
    let wrong = || malformed(format!("step: {text:?} is no occurrence, as in OP-03.2~1/03.2.1~18"));
    text.parse().map(EntryKey::whole).map_err(|_: String| wrong())
}

/// Record a determination of a laboratory result.
///
/// A report: each is judged alone, kept and counted. When as many as the method asks for conform, the
/// worst of them becomes the reportable result in the same act.
#[utoipa::path(tag = "execution", request_body = DeterminationReport,
    responses((status = 201, description = "Recorded", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/determinations")]
pub async fn determine(act: Act<DeterminationReport>, path: EntryPath) -> Answer {
    let (run, op, n, step, k, entry) = path.into_inner();
    act.on_run(StatusCode::CREATED, run, move |given| {
        determination(EntryKey { step: Some(step_key(&op, n, &step, k)?), entry }, given.body)
    })
    .await
}

/// Investigate a result outside its specification: assignable cause, retest plan, reportable result.
#[utoipa::path(tag = "execution", request_body = InvestigationOrder,
    responses((status = 201, description = "Decided", body = Acted)))]
#[post("/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/investigation")]
pub async fn investigate(act: Act<InvestigationOrder>, path: EntryPath) -> Answer {
    let (run, op, n, step, k, entry) = path.into_inner();
    act.on_run(StatusCode::CREATED, run, move |given| {
        investigation(EntryKey { step: Some(step_key(&op, n, &step, k)?), entry }, given.body)
    })
    .await
}

/// Record a determination of a result that is a release specification.
#[utoipa::path(tag = "execution", request_body = DeterminationReport,
    responses((status = 201, description = "Recorded", body = Acted)))]
#[post("/batches/{number}/entries/{entry}/determinations")]
pub async fn determine_release(act: Act<DeterminationReport>, path: ReleasePath) -> Answer {
    let (run, entry) = path.into_inner();
    act.on_run(StatusCode::CREATED, run, move |given| {
        determination(EntryKey { step: None, entry }, given.body)
    })
    .await
}

/// Investigate a release specification's result.
#[utoipa::path(tag = "execution", request_body = InvestigationOrder,
    responses((status = 201, description = "Decided", body = Acted)))]
#[post("/batches/{number}/entries/{entry}/investigation")]
pub async fn investigate_release(act: Act<InvestigationOrder>, path: ReleasePath) -> Answer {
    let (run, entry) = path.into_inner();
    act.on_run(StatusCode::CREATED, run, move |given| {
        investigation(EntryKey { step: None, entry }, given.body)
    })
    .await
}

/// Report an alarm, imported or typed; a critical one opens an exception.
#[utoipa::path(tag = "execution", request_body = AlarmReport,
    responses((status = 201, description = "Recorded", body = Acted)))]
#[post("/batches/{number}/alarms")]
pub async fn raise_alarm(act: Act<AlarmReport>, path: web::Path<String>) -> Answer {
    act.on_run(StatusCode::CREATED, path.into_inner(), |given| {
        let report = given.body;
        let said = said(report.payload, report.payload_signature)?;
        let command = RunCommand::RaiseAlarm {
            at: report.step.as_deref().map(occurrence).transpose()?,
            tag: report.tag,
            priority: read("priority", report.priority.into())?,
            text: report.text,
            raised_at: moment("raised_at", report.raised_at)?,
            device: report.device,
        };
        Ok(Ordered { command, blobs: Vec::new(), said, reason: report.reason })
    })
    .await
}

/// Acknowledge an alarm, with a comment.
#[utoipa::path(tag = "execution", request_body = AlarmComment,
    responses((status = 201, description = "Acknowledged", body = Acted)))]
#[post("/batches/{number}/alarms/{no}/acknowledgement")]
pub async fn acknowledge_alarm(
    act: Act<AlarmComment>,
    path: web::Path<(String, Ordinal)>,
) -> Answer {
    let (run, Ordinal(no)) = path.into_inner();
    act.on_run(StatusCode::CREATED, run, move |given| {
        Ok(RunCommand::AcknowledgeAlarm { no, comment: given.body.comment })
    })
    .await
}
