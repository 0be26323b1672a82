//! What an order to a run reads beside the run, so that a reading costs the same however many lots and
//! deviations its run has.

use crate::domain::run::command::RunCommand;

/// The records that an order is decided on, beside its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// None.
    Nothing,
    /// The run's deviations and lots: the order asks what the run owes, or decides on its lots.
    Linked,
    /// These, and what went into the lots: the order decides on that, or tells of it.
    Ancestry,
}

/// What an order reads beside its run. Whoever asks what a run owes without having read it finds out
/// (`ObligationFacts::of`).
#[must_use]
// tidy: one exhaustive match
pub fn reads_beside(order: &RunCommand) -> Beside {
    match order {
        RunCommand::YieldLot { .. }
        | RunCommand::DecideForeignLots { .. }
        | RunCommand::HandOver { .. } => Beside::Ancestry,
        RunCommand::ReviewOperation { .. }
        | RunCommand::Complete { .. }
        | RunCommand::Review { .. }
        | RunCommand::Close {}
        | RunCommand::Abort { .. }
        | RunCommand::AbortAndWithdraw { .. } => Beside::Linked,
        RunCommand::SkipTest { .. }
        | RunCommand::StartStep { .. }
        | RunCommand::RecordEntry { .. }
        | RunCommand::RecordTrailPoint { .. }
        | RunCommand::DeclareAbsent { .. }
        | RunCommand::CorrectEntry { .. }
        | RunCommand::CorrectTime { .. }
        | RunCommand::CheckEntry { .. }
        | RunCommand::CompleteStep { .. }
        | RunCommand::CheckStep { .. }
        | RunCommand::DeclareStepNotPerformed { .. }
        | RunCommand::TakeBackStep { .. }
        | RunCommand::CloseOperation { .. }
        | RunCommand::AcknowledgeAlerts { .. }
        | RunCommand::DecideNotDeviation { .. }
        | RunCommand::AcceptRisk { .. }
        | RunCommand::RatifyRisk { .. }
        | RunCommand::PassGate { .. }
        | RunCommand::WaiveGate { .. }
        | RunCommand::PlaceHold { .. }
        | RunCommand::LiftHold { .. }
        | RunCommand::RecordNotice { .. }
        | RunCommand::RecordAftermath { .. }
        | RunCommand::NoticeOverdue {}
        | RunCommand::RecordDetermination { .. }
        | RunCommand::InvestigateResult { .. }
        | RunCommand::RaiseAlarm { .. }
        | RunCommand::AcknowledgeAlarm { .. }
        | RunCommand::ReportHappening { .. }
        | RunCommand::ActInEmergency { .. }
        | RunCommand::RatifyEmergency { .. }
        | RunCommand::EndOperation { .. }
        | RunCommand::ProposeAmendment { .. }
        | RunCommand::DecideAmendment { .. } => Beside::Nothing,
    }
}
