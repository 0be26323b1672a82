//! Rows of a run.

use super::part::number;
use super::row::{EntryRow, ExceptionRow, HoldRow, RunRow, StepRow};
use super::words::{json, verdict, word};
use crate::domain::exception::{Exception, Triage};
use crate::domain::ids::StepKey;
use crate::domain::run::{Content, EntryVersion, Hold, Run, StepRun};
use crate::domain::words::Who;

fn name(who: &Who) -> String {
    who.user_name.clone()
}

pub(super) fn run_row(run: &Run) -> RunRow {
    RunRow {
        id: run.key.id.as_bytes().to_vec(),
        number: run.number.clone(),
        issue_no: number(run.issue_no),
        purpose: word(&run.purpose),
        phase: word(&run.phase),
        product: run.recipe.product.code.clone(),
        master_id: run.master.record.id.as_bytes().to_vec(),
        master_code: run.master.code.clone(),
        master_version: i64::from(run.master.version),
        content_hash: run.master.content_hash.clone(),
        issued_at: run.issued_at.0,
        completed_at: run.completed.as_ref().map(|(at, _)| at.0),
        corrections: i64::from(run.corrections),
    }
}

pub(super) fn step_row(run: &Run, key: &StepKey, step: &StepRun) -> StepRow {
    StepRow {
        run: run.key.id.as_bytes().to_vec(),
        number: run.number.clone(),
        step: key.to_string(),
        phase: word(&step.phase),
        started_at: step.started_at.0,
        started_by: name(&step.started_by),
        completed_at: step.completed_at.map(|at| at.0),
        completed_by: step.completed_by.as_ref().map(name),
        checked_by: step.checked.as_ref().map(|signed| signed.user_name.clone()),
        version: number(step.version),
    }
}

pub(super) fn entry_row(
    run: &Run,
    step: Option<&StepKey>,
    id: &str,
    version: &EntryVersion,
    current: bool,
) -> EntryRow {
    let (value, unit, shown) = match &version.content {
        Content::Value(value) => {
            let unit = value.number.as_ref().map(|quantity| quantity.unit.clone());
            (Some(json(&value.data)), unit, value.shown.clone())
        }
        Content::Absent(absence) => (None, None, word(absence)),
    };
    EntryRow {
        run: run.key.id.as_bytes().to_vec(),
        number: run.number.clone(),
        step: step.map(ToString::to_string).unwrap_or_default(),
        entry: id.to_owned(),
        version: i64::from(version.version),
        current,
        value,
        unit,
        shown,
        verdict: verdict(&version.verdicts),
        person: Some(name(&version.by)),
        at: version.at.0,
        checked_by: version.checked.as_ref().map(|(_, who)| name(who)),
        seq: number(version.seq),
    }
}

pub(super) fn triage_word(triage: &Triage) -> &str {
    match triage {
        Triage::NotDeviation { .. } => "not-a-deviation",
        Triage::Deviation { number, .. } => number,
    }
}

pub(super) fn exception_row(run: &Run, exception: &Exception) -> ExceptionRow {
    let opened = &exception.opened;
    let step = opened.at.as_ref().and_then(|at| at.step.as_ref());
    ExceptionRow {
        run: run.key.id.as_bytes().to_vec(),
        number: run.number.clone(),
        no: i64::from(opened.no),
        kind: word(&opened.kind),
        severity: word(&opened.severity),
        effect: word(&opened.effect),
        step: step.map(ToString::to_string),
        entry: opened.at.as_ref().map(|at| at.entry.clone()),
        detail: opened.detail.clone(),
        at: exception.at.0,
        person: name(&exception.by),
        triage: exception.triage.as_ref().map(|(_, triage)| triage_word(triage).to_owned()),
        triaged_at: exception.triage.as_ref().map(|(at, _)| at.0),
    }
}

pub(super) fn hold_row(run: &Run, hold: &Hold) -> HoldRow {
    HoldRow {
        run: run.key.id.as_bytes().to_vec(),
        number: run.number.clone(),
        no: i64::from(hold.no),
        scope: json(&hold.scope),
        reason: hold.reason.clone(),
        at: hold.at.0,
        person: name(&hold.by),
        lifted_by_authority: hold.lifted_by_authority.as_str().to_owned(),
        lifted_at: hold.lifted.as_ref().map(|lifted| lifted.0.0),
        version: number(hold.version),
    }
}
