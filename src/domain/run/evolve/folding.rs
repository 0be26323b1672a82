//! Which part of the fold takes which event.

use super::Fold;
use crate::domain::command::EvolveFault;
use crate::domain::run::event::RunEvent;
use crate::domain::run::{Phase, Run};

impl Fold<'_> {
    // tidy: one exhaustive match
    pub(super) fn folded(&self, run: &mut Run, event: &RunEvent) -> Result<(), EvolveFault> {
        match event {
            // The run begins with it: see `issued`.
            RunEvent::Issued { .. } => {}
            RunEvent::Started {} => run.phase = Phase::Running,
            RunEvent::OperationStarted { operation } => self.operation_started(run, operation),
            RunEvent::StepStarted { step, under_exceptions, .. } => {
                self.step_started(run, step, under_exceptions);
            }
            RunEvent::StepFoundRunning { step, exception } => {
                self.step_found_running(run, step, *exception);
            }
            RunEvent::StepCompleted { step, .. } => self.step_completed(run, step)?,
            RunEvent::StepChecked { step, .. } => self.step_checked(run, step)?,
            RunEvent::StepCheckLapsed { step, .. } => self.step_check_lapsed(run, step)?,
            RunEvent::StepNotPerformed { step, reason, .. } => {
                self.step_not_performed(run, step, reason)?;
            }
            RunEvent::StepTakenBack(told) => self.taken_back(run, told)?,
            RunEvent::OperationClosed { operation } => self.operation_closed(run, operation)?,
            RunEvent::AlertsAcknowledged { operation, .. } => {
                self.alerts_acknowledged(run, operation)?;
            }
            RunEvent::EntryRecorded { at, performer, .. } => {
                self.entry_recorded(run, at, *performer, event)?;
            }
            RunEvent::EntryAbsent { at, absence, reason, exceptions } => {
                self.entry_absent(run, at, *absence, (reason, exceptions))?;
            }
            RunEvent::EntryCorrected { at, performed_at, .. } => {
                self.entry_corrected(run, at, *performed_at, event)?;
            }
            RunEvent::EntryChecked { at, version, recomputed, .. } => {
                self.entry_checked(run, at, *version, recomputed.as_ref())?;
            }
            RunEvent::TrailPointRecorded { at, kind, data, shown } => {
                self.trail_point(run, at, kind, (data, shown))?;
            }
            RunEvent::ImplausibleValueKept { at, raw, shown, verdicts } => {
                self.implausible(run, at, (raw, shown), verdicts)?;
            }
            RunEvent::EntryComputed(told) => self.computed(run, told)?,
            RunEvent::OverdueNoticed(told) => self.noticed(run, told),
            RunEvent::DeterminationRecorded(told) => self.determined(run, told)?,
            RunEvent::ResultInvestigated(told) => self.investigated(run, told)?,
            RunEvent::DeterminationCorrected(told) => self.claimed(run, told)?,
            RunEvent::TestSkipped(told) => self.test_skipped(run, told),
            RunEvent::AlarmRaised(told) => self.alarm_raised(run, told),
            RunEvent::AlarmAcknowledged(told) => self.alarm_acknowledged(run, told)?,
            RunEvent::Happened(told) => self.happening(run, told),
            RunEvent::EmergencyActed(told) => self.emergency(run, told),
            RunEvent::EmergencyRatified(told) => self.emergency_ratified(run, told)?,
            RunEvent::OperationEnded(told) => self.operation_ended(run, told)?,
            RunEvent::HandedOver(told) => self.handed_over(run, told),
            RunEvent::AmendmentProposed(told) => self.amendment_proposed(run, told),
            RunEvent::AmendmentDecided(told) => self.amendment_decided(run, told)?,
            RunEvent::GatePassed { gate, serves, .. } => self.gate_passed(run, gate, serves)?,
            RunEvent::GateWaived { gate, steps, reason } => {
                self.gate_waived(run, gate, steps, reason)?;
            }
            RunEvent::LotYielded { .. } => self.lot_yielded(run, event),
            RunEvent::LotDecided { lot, disposition, .. } => {
                self.lot_decided(run, lot, disposition)?;
            }
            RunEvent::ParentAdded(told) => self.parent_added(run, told)?,
            RunEvent::ParentRemoved(told) => self.parent_removed(run, told)?,
            RunEvent::ForeignLotDecided(told) => self.foreign_decided(run, told)?,
            // The decision stands in the lot's own chain; here is its link.
            RunEvent::LotFoundToStand(_) => {}
            RunEvent::Completed {} => self.completed(run)?,
            RunEvent::Reviewed { covers_seq, conclusion } => {
                self.reviewed(run, *covers_seq, conclusion);
            }
            RunEvent::ReviewLapsed { cause } => self.review_lapsed(run, cause),
            RunEvent::OperationReviewed(told) => self.operation_reviewed(run, told)?,
            RunEvent::OperationReviewLapsed(told) => self.operation_review_lapsed(run, told)?,
            RunEvent::Closed {} => run.phase = Phase::Closed,
            RunEvent::Aborted { reason, .. } => self.aborted(run, reason),
            RunEvent::AftermathRecorded { kind, text } => self.aftermath(run, kind, text),
            RunEvent::RenditionIssued { .. } => self.rendition(run, event),
            RunEvent::Addended(told) => self.addended(run, told),
            RunEvent::NoticeRecorded(told) => self.notice(run, told),
            RunEvent::ExceptionOpened(opened) => self.exception_opened(run, opened),
            RunEvent::ExceptionNotDeviation { exception, rationale } => {
                self.not_deviation(run, *exception, rationale)?;
            }
            RunEvent::ExceptionsToDeviation { exceptions, deviation, record } => {
                self.to_deviation(run, exceptions, deviation, *record)?;
            }
            RunEvent::DeviationChanged { deviation, impact_concluded, closed, .. } => {
                self.deviation_changed(run, deviation, (*impact_concluded, *closed))?;
            }
            RunEvent::RiskAccepted { gate, exceptions, reason, until } => {
                self.risk_accepted(run, gate, (exceptions, reason), *until);
            }
            RunEvent::RiskRatified { gate, index, .. } => self.risk_ratified(run, gate, *index)?,
            RunEvent::HoldPlaced { no, scope, reason, lifted_by_authority } => {
                self.hold_placed(run, *no, (scope, reason), *lifted_by_authority);
            }
            RunEvent::HoldLifted { no, reason, .. } => self.hold_lifted(run, *no, reason)?,
        }
        Ok(())
    }
}
