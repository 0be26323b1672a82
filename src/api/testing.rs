//! Laboratory results and alarms: determinations, investigations, alarms raised and acknowledged.

use super::act::{Act, malformed};
use super::credentials::body;
use super::entry::said;
use super::query::Ordinal;
use super::step::step_key;
use super::told::Made;
use crate::app::answer::RunAnswer;
use crate::app::enclosure::{Enclosed, Ordered, SentFile, enclose};
use crate::domain::clock::Instant;
use crate::domain::entry::Input;
use crate::domain::refusal::Refusal;
use crate::domain::run::acts::{
    InvestigateResult, RaiseAlarm, RecordDetermination, RunCommand, SkipTest,
};
use crate::domain::words::{AlarmPriority, Basis, EntryKey};
use crate::http::limits::FILES_BODY;
use actix_web::web;
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
        #[schema(format = DateTime)]
        performed_at: Option<String>,
        /// Where the knowledge comes from: `{"kind": "direct"}`, `scribe`, `device` or `paper`.
        #[serde(default)]
        #[schema(value_type = Option<Basis>)]
        basis: Option<Value>,
        /// Why it is late.
        #[serde(default)]
        reason: Option<String>,
    }
}

body! {
    /// A step of an out-of-specification investigation.
    InvestigationOrder {
        /// `laboratory`, `transcription`, `assignable-cause`, `retest-plan`, `other-analyst`, `resampling`,
        /// `production-review`, `reportable`, `inconclusive` or `decided-inconclusive`.
        #[schema(pattern = "^(laboratory|transcription|assignable-cause|retest-plan|other-analyst|resampling|production-review|reportable|inconclusive|decided-inconclusive)$")]
        phase: String,
        /// Of laboratory and production: what was looked at and found.
        #[serde(default)]
        finding: Option<String>,
        /// Of the laboratory: raw data, each `{"name": …, "content": base64}`.
        #[serde(default)]
        files: Option<Vec<SentFile>>,
        /// Of laboratory and transcription: the claimed correction it is about.
        #[serde(default)]
        claim: Option<u32>,
        /// Of a transcription: whether the raw data show the error.
        #[serde(default)]
        accepted: Option<bool>,
        /// Of a retest plan and of another analyst for the rest of one: the user name, of another than the first.
        /// Of the laboratory: who tested and cannot speak.
        #[serde(default)]
        analyst: Option<String>,
        /// Of the laboratory, by its supervisor: why the analyst cannot speak; another who did not test then does.
        #[serde(default)]
        analyst_unavailable: Option<String>,
        /// Of resampling: why the first sample does not represent the material. Of another analyst: why.
        #[serde(default)]
        reason: Option<String>,
        /// Of what is decided inconclusive: the full investigation.
        #[serde(default)]
        investigation: Option<String>,
        /// Of what is decided inconclusive: production's review.
        #[serde(default)]
        production_review: Option<String>,
        /// Of what is decided inconclusive: the history of the process.
        #[serde(default)]
        process_history: Option<String>,
        /// Of what is decided inconclusive: every retest of the plan, by number.
        #[serde(default)]
        named_retests: Option<Vec<u32>>,
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
        /// The lot whose result it is, where the determinations name one.
        #[serde(default)]
        lot: Option<String>,
    } up to FILES_BODY
}

body! {
    /// Quality's decision at issue that a batch does not owe a test.
    SkipOrder {
        /// The document that allows it.
        document: String,
        /// Why for this batch.
        reason: String,
    }
}

body! {
    /// An alarm, as a system or a person reports it.
    AlarmReport {
        /// Tag of its source.
        tag: String,
        /// `critical`, `high` or `low`.
        #[schema(value_type = AlarmPriority)]
        priority: String,
        /// Its text.
        text: String,
        /// The step's occurrence it concerns, as in `OP-03.2~1/03.2.1~18`.
        #[serde(default)]
        step: Option<String>,
        /// When its source raised it, where that is not now (RFC 3339).
        #[serde(default)]
        #[schema(format = DateTime)]
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

fn read<T: DeserializeOwned>(name: &str, value: Value) -> Result<T, Refusal> {
    serde_json::from_value(value).map_err(|e| malformed(format!("{name}: {e}")))
}

fn moment(name: &str, text: Option<String>) -> Result<Option<Instant>, Refusal> {
    let read = |text: String| Instant::parse(&text).map_err(|e| malformed(format!("{name}: {e}")));
    text.map(read).transpose()
}

fn determination(at: EntryKey, report: DeterminationReport) -> Result<RunCommand, Refusal> {
    Ok(RunCommand::RecordDetermination(RecordDetermination {
        at,
        input: Input { value: report.value, unit: report.unit },
        performed_at: moment("performed_at", report.performed_at)?,
        basis: report.basis.map(|basis| read("basis", basis)).transpose()?.unwrap_or_default(),
        reason: report.reason,
    }))
}

fn investigation(at: EntryKey, order: InvestigationOrder) -> Result<Ordered, Refusal> {
    let of = order.lot.clone();
    let Enclosed { enclosures, blobs } = enclose(order.files.as_deref().unwrap_or_default())?;
    let said = |text: Option<String>| text.unwrap_or_default();
    let named = json!({ "user_name": order.analyst.unwrap_or_default() });
    let mut step = match order.phase.as_str() {
        "laboratory" => json!({
            "finding": said(order.finding), "raw_data": enclosures, "claim": order.claim,
            "unavailable": order.analyst_unavailable
                .map(|reason| json!({ "analyst": named, "reason": reason })),
        }),
        "transcription" => json!({
            "claim": order.claim, "accepted": order.accepted, "conclusion": said(order.conclusion),
        }),
        "assignable-cause" => json!({
            "found": order.found, "cause": said(order.cause),
            "invalidates": order.invalidates.unwrap_or_default(),
        }),
        "retest-plan" => json!({
            "retests": order.retests, "rationale": said(order.rationale),
            "analyst": named,
        }),
        "other-analyst" => json!({ "analyst": named, "reason": said(order.reason) }),
        "resampling" => json!({ "reason": said(order.reason) }),
        "production-review" => json!({ "finding": said(order.finding) }),
        "inconclusive" => json!({ "conclusion": said(order.conclusion) }),
        "decided-inconclusive" => json!({
            "investigation": said(order.investigation),
            "production_review": said(order.production_review),
            "process_history": said(order.process_history),
            "retests": order.named_retests.unwrap_or_default(),
        }),
        _ => json!({
            "determination": order.determination, "conclusion": said(order.conclusion),
        }),
    };
    step["phase"] = order.phase.into();
    let command =
        RunCommand::InvestigateResult(InvestigateResult { at, of, step: read("phase", step)? });
    Ok(Ordered { command, blobs, said: None, reason: None })
}

/// A step's occurrence as people write it.
fn occurrence(text: &str) -> Result<EntryKey, Refusal> {
    let wrong = || malformed(format!("step: {text:?} is no occurrence, as in OP-03.2~1/03.2.1~18"));
    text.parse().map(EntryKey::whole).map_err(|_: String| wrong())
}

pub async fn determine(act: Act<DeterminationReport>, path: EntryPath) -> Made<RunAnswer> {
    let (run, op, n, step, k, entry) = path.into_inner();
    act.on_run(run, move |given| {
        determination(EntryKey { step: Some(step_key(&op, n, &step, k)?), entry }, given.body)
    })
    .await
}

pub async fn investigate(act: Act<InvestigationOrder>, path: EntryPath) -> Made<RunAnswer> {
    let (run, op, n, step, k, entry) = path.into_inner();
    act.on_run(run, move |given| {
        investigation(EntryKey { step: Some(step_key(&op, n, &step, k)?), entry }, given.body)
    })
    .await
}

pub async fn determine_release(
    act: Act<DeterminationReport>,
    path: ReleasePath,
) -> Made<RunAnswer> {
    let (run, entry) = path.into_inner();
    act.on_run(run, move |given| determination(EntryKey { step: None, entry }, given.body)).await
}

pub async fn investigate_release(
    act: Act<InvestigationOrder>,
    path: ReleasePath,
) -> Made<RunAnswer> {
    let (run, entry) = path.into_inner();
    act.on_run(run, move |given| investigation(EntryKey { step: None, entry }, given.body)).await
}

pub async fn skip_test(act: Act<SkipOrder>, path: ReleasePath) -> Made<RunAnswer> {
    let (run, entry) = path.into_inner();
    act.on_run(run, move |given| {
        let SkipOrder { document, reason, .. } = given.body;
        Ok(RunCommand::SkipTest(SkipTest { entry, document, reason }))
    })
    .await
}

pub async fn raise_alarm(act: Act<AlarmReport>, path: web::Path<String>) -> Made<RunAnswer> {
    act.on_run(path.into_inner(), |given| {
        let report = given.body;
        let said = said(report.payload, report.payload_signature)?;
        let command = RunCommand::RaiseAlarm(RaiseAlarm {
            at: report.step.as_deref().map(occurrence).transpose()?,
            tag: report.tag,
            priority: read("priority", report.priority.into())?,
            text: report.text,
            raised_at: moment("raised_at", report.raised_at)?,
            device: report.device,
        });
        Ok(Ordered { command, blobs: Vec::new(), said, reason: report.reason })
    })
    .await
}
