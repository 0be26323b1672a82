//! What comes after a record became final: facts are still stored, as addenda with their reason. Requests
//! stay refused.

use super::exception;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::refusal::words;
use crate::domain::ruling::Ruling;
use crate::domain::run::command::RunCommand;
use crate::domain::run::event::RunEvent;
use crate::domain::run::notice::Addended;
use crate::domain::run::{Phase, Run};
use crate::domain::words::OnCritical;

/// An order that is a fact, by its name, with the reason that it carries itself. Nothing: a request, or
/// oversight over what is there already.
#[must_use]
pub fn fact(order: &RunCommand) -> Option<(&'static str, Option<&str>)> {
    Some(match order {
        RunCommand::RecordEntry { reason, .. } => ("record-entry", reason.as_deref()),
        RunCommand::RecordTrailPoint { .. } => ("record-trail-point", None),
        RunCommand::DeclareAbsent { reason, .. } => ("declare-absent", Some(reason)),
        RunCommand::CorrectEntry { reason, .. } => ("correct-entry", reason.as_deref()),
        RunCommand::CorrectTime { reason, .. } => ("correct-time", reason.as_deref()),
        RunCommand::DeclareStepNotPerformed { reason, .. } => {
            ("declare-step-not-performed", Some(reason))
        }
        RunCommand::RecordDetermination { reason, .. } => {
            ("record-determination", reason.as_deref())
        }
        RunCommand::RaiseAlarm { .. } => ("raise-alarm", None),
        RunCommand::ReportHappening { .. } => ("report-happening", None),
        RunCommand::ActInEmergency { reason, .. } => ("act-in-emergency", Some(reason)),
        RunCommand::RecordAftermath { .. } => ("record-aftermath", None),
        // That a complaint or notice comes after the end is its nature: its text is its reason.
        RunCommand::RecordNotice { text, .. } => ("record-notice", Some(text)),
        RunCommand::SkipTest { .. }
        | RunCommand::WaiveGate { .. }
        | RunCommand::ReviewOperation { .. }
        | RunCommand::StartStep { .. }
        | RunCommand::CheckEntry { .. }
        | RunCommand::CompleteStep { .. }
        | RunCommand::CheckStep { .. }
        | RunCommand::TakeBackStep { .. }
        | RunCommand::CloseOperation { .. }
        | RunCommand::AcknowledgeAlerts { .. }
        | RunCommand::DecideNotDeviation { .. }
        | RunCommand::AcceptRisk { .. }
        | RunCommand::RatifyRisk { .. }
        | RunCommand::PassGate { .. }
        | RunCommand::PlaceHold { .. }
        | RunCommand::LiftHold { .. }
        | RunCommand::YieldLot { .. }
        | RunCommand::Complete { .. }
        | RunCommand::Review { .. }
        | RunCommand::Close {}
        | RunCommand::Abort { .. }
        | RunCommand::AbortAndWithdraw { .. }
        | RunCommand::NoticeOverdue {}
        | RunCommand::InvestigateResult { .. }
        | RunCommand::AcknowledgeAlarm { .. }
        | RunCommand::RatifyEmergency { .. }
        | RunCommand::EndOperation { .. }
        | RunCommand::HandOver { .. }
        | RunCommand::ProposeAmendment { .. }
        | RunCommand::DecideAmendment { .. }
        | RunCommand::DecideForeignLots { .. } => return None,
    })
}

/// The ruling on a fact, marked as an addendum where the record is final. Without a reason its exception
/// owes it.
#[must_use]
pub fn marked(
    run: &Run,
    mut ruling: Ruling<RunEvent>,
    what: &str,
    reason: Option<&str>,
) -> Ruling<RunEvent> {
    if run.phase != Phase::Closed || ruling.events.is_empty() {
        return ruling;
    }
    let reason = reason.map(words).filter(|reason| !reason.is_empty()).map(str::to_owned);
    let told = u64::try_from(ruling.events.len()).unwrap_or(u64::MAX);
    let opens = |event: &RunEvent| matches!(event, RunEvent::ExceptionOpened(_));
    let opened = ruling.events.iter().filter(|(event, _)| opens(event)).count();
    let no = exception::next_no(run).saturating_add(u32::try_from(opened).unwrap_or(u32::MAX));
    let addendum = u32::try_from(run.addenda.len()).unwrap_or(u32::MAX).saturating_add(1);
    let owes = reason.is_none();
    ruling = ruling.and(RunEvent::Addended(Addended {
        no: addendum,
        what: what.to_owned(),
        entries: (run.seq + 1, run.seq.saturating_add(told)),
        reason,
        exception: owes.then_some(no),
    }));
    if !owes {
        return ruling;
    }
    ruling.and(RunEvent::ExceptionOpened(Opened {
        no,
        kind: ExceptionKind::LateEntry,
        severity: Severity::Minor,
        effect: OnCritical::Continue,
        at: None,
        detail: format!(
            "addendum {addendum} ({what}) came after the record was final: no reason was given; a \
             reason is owed"
        ),
    }))
}
