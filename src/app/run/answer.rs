//! What an order to a run answers: made of the events it was decided to bring about, while they are typed.

use crate::app::answer::{AddendumTold, Core, JudgedView, RunAnswer};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::limits::Verdict;
use crate::domain::run::Run;
use crate::domain::run::event::{EntryKey, RunEvent};

/// The smallest thing an order changes: whose version the caller is told.
pub enum Thing {
    /// An entry.
    Entry(EntryKey),
    /// A step's occurrence.
    Step(StepKey),
    /// An operation's occurrence.
    Operation(OperationKey),
    /// A hold.
    Hold,
    /// The run as a whole.
    Run,
}

/// What an event changes, as far as somebody orders on its version.
#[derive(Default)]
struct Changed<'e> {
    entry: Option<&'e EntryKey>,
    step: Option<&'e StepKey>,
    operation: Option<&'e OperationKey>,
    hold: bool,
}

impl<'e> Changed<'e> {
    /// An entry with a new version, and the occurrence that it stands on.
    fn version(at: &'e EntryKey) -> Self {
        Self { entry: Some(at), ..Self::within(at) }
    }

    /// The occurrence that an entry stands on; the entry's version stays.
    fn within(at: &'e EntryKey) -> Self {
        Self { step: at.step.as_ref(), ..Self::default() }
    }

    /// An entry whose result is reported, or reported no more; else its occurrence alone.
    fn result(at: &'e EntryKey, changes: bool) -> Self {
        if changes { Self::version(at) } else { Self::within(at) }
    }

    fn step(step: &'e StepKey) -> Self {
        Self { step: Some(step), ..Self::default() }
    }

    fn operation(operation: &'e OperationKey) -> Self {
        Self { operation: Some(operation), ..Self::default() }
    }

    // tidy: one exhaustive match
    fn by(event: &'e RunEvent) -> Self {
        match event {
            RunEvent::EntryRecorded { at, .. }
            | RunEvent::EntryCorrected { at, .. }
            | RunEvent::EntryAbsent { at, .. } => Self::version(at),
            RunEvent::ImplausibleValueKept { at, .. }
            | RunEvent::TrailPointRecorded { at, .. }
            | RunEvent::EntryChecked { at, .. } => Self::within(at),
            RunEvent::EntryComputed(told) => Self::within(&told.at),
            RunEvent::DeterminationRecorded(told) => Self::result(&told.at, told.reopens.is_some()),
            RunEvent::DeterminationCorrected(told) => {
                Self::result(&told.at, told.reopens.is_some())
            }
            RunEvent::ResultInvestigated(told) => {
                Self::result(&told.at, told.reported.is_some() || told.reopens.is_some())
            }
            RunEvent::AlarmRaised(told) => told.at.as_ref().map(Self::within).unwrap_or_default(),
            RunEvent::StepStarted { step, .. }
            | RunEvent::StepFoundRunning { step, .. }
            | RunEvent::StepCompleted { step, .. }
            | RunEvent::StepChecked { step, .. }
            | RunEvent::StepNotPerformed { step, .. }
            | RunEvent::StepCheckLapsed { step, .. } => Self::step(step),
            RunEvent::StepTakenBack(told) => Self::step(&told.step),
            RunEvent::OperationStarted { operation }
            | RunEvent::OperationClosed { operation }
            | RunEvent::AlertsAcknowledged { operation, .. } => Self::operation(operation),
            RunEvent::OperationReviewed(told) => Self::operation(&told.operation),
            RunEvent::OperationReviewLapsed(told) => Self::operation(&told.operation),
            RunEvent::OperationEnded(told) => Self::operation(&told.operation),
            RunEvent::EmergencyActed(told) => {
                Self { operation: told.operation.as_ref(), ..Self::default() }
            }
            RunEvent::HoldPlaced { .. } | RunEvent::HoldLifted { .. } => {
                Self { hold: true, ..Self::default() }
            }
            // What is told about an occurrence does not change it.
            RunEvent::ExceptionOpened(_)
            | RunEvent::OverdueNoticed(_)
            | RunEvent::Issued { .. }
            | RunEvent::TestSkipped(_)
            | RunEvent::Started {}
            | RunEvent::ExceptionNotDeviation { .. }
            | RunEvent::ExceptionsToDeviation { .. }
            | RunEvent::DeviationChanged { .. }
            | RunEvent::RiskAccepted { .. }
            | RunEvent::RiskRatified { .. }
            | RunEvent::GatePassed { .. }
            | RunEvent::GateWaived { .. }
            | RunEvent::LotYielded { .. }
            | RunEvent::ParentAdded(_)
            | RunEvent::ParentRemoved(_)
            | RunEvent::ForeignLotDecided(_)
            | RunEvent::Completed {}
            | RunEvent::Reviewed { .. }
            | RunEvent::ReviewLapsed { .. }
            | RunEvent::LotDecided { .. }
            | RunEvent::LotFoundToStand(_)
            | RunEvent::Closed {}
            | RunEvent::Addended(_)
            | RunEvent::NoticeRecorded(_)
            | RunEvent::Aborted { .. }
            | RunEvent::AftermathRecorded { .. }
            | RunEvent::RenditionIssued { .. }
            | RunEvent::AlarmAcknowledged(_)
            | RunEvent::Happened(_)
            | RunEvent::EmergencyRatified(_)
            | RunEvent::HandedOver(_)
            | RunEvent::AmendmentProposed(_)
            | RunEvent::AmendmentDecided(_) => Self::default(),
        }
    }
}

/// The version that a thing has after these events; `None`: the run's own head.
#[must_use]
pub fn version<'e>(
    thing: &Thing,
    run: &Run,
    events: impl IntoIterator<Item = &'e RunEvent>,
) -> Option<u64> {
    let last = |touches: &dyn Fn(&Changed<'_>) -> bool| {
        let numbered = (run.seq + 1..).zip(events);
        let touching = numbered.filter(|(_, event)| touches(&Changed::by(event)));
        touching.map(|(seq, _)| seq).last()
    };
    match thing {
        Thing::Run => None,
        Thing::Hold => last(&|changed| changed.hold),
        Thing::Entry(at) => last(&|changed| changed.entry == Some(at))
            .or_else(|| Some(run.entry(at)?.current()?.seq)),
        Thing::Step(step) => last(&|changed| changed.step == Some(step)),
        Thing::Operation(operation) => last(&|changed| changed.operation == Some(operation)),
    }
}

impl RunAnswer {
    /// The answer about a thing of a run: what each event says that the caller needs to go on.
    #[must_use]
    pub fn about<'e>(
        core: Core,
        thing: &Thing,
        events: impl IntoIterator<Item = &'e RunEvent>,
    ) -> Self {
        let mut answer = Self::new(core);
        match thing {
            Thing::Entry(at) => answer.at = Some(at.into()),
            Thing::Step(step) => answer.step = Some(step.to_string()),
            Thing::Operation(operation) => answer.operation = Some(operation.to_string()),
            Thing::Hold | Thing::Run => {}
        }
        for event in events {
            answer.hear(event);
        }
        answer
    }

    fn judged(&mut self, shown: &str, verdicts: &[Verdict]) {
        self.shown = Some(shown.to_owned());
        self.verdicts = Some(verdicts.iter().map(JudgedView::from).collect());
    }

    fn recorded(&mut self, at: &EntryKey, shown: &str, verdicts: &[Verdict]) {
        self.entry = Some(at.entry.clone());
        self.judged(shown, verdicts);
    }

    // tidy: one exhaustive match
    fn hear(&mut self, event: &RunEvent) {
        match event {
            RunEvent::ExceptionOpened(opened) => self.exceptions.push(opened.into()),
            RunEvent::EntryRecorded { at, value, verdicts, check_owed, .. }
            | RunEvent::EntryCorrected { at, value, verdicts, check_owed, .. } => {
                self.recorded(at, &value.shown, verdicts);
                self.check_owed = Some(*check_owed);
            }
            RunEvent::DeterminationRecorded(told) => {
                self.recorded(&told.at, &told.value.shown, &told.verdicts);
                self.determination = Some(told.no);
            }
            RunEvent::DeterminationCorrected(told) => {
                self.judged(&told.value.shown, &told.verdicts);
                self.claim = Some(told.no);
                self.claimed = Some(told.claimed);
            }
            RunEvent::ImplausibleValueKept { .. } => self.confirmation_asked = Some(true),
            RunEvent::AlarmRaised(told) => self.alarm = Some(told.no),
            RunEvent::HoldPlaced { no, .. } | RunEvent::HoldLifted { no, .. } => {
                self.hold = Some(*no);
            }
            RunEvent::Happened(told) => self.happening = Some(told.no),
            RunEvent::EmergencyActed(told) => self.emergency_act = Some(told.no),
            RunEvent::AmendmentProposed(told) => self.amendment = Some(told.no),
            RunEvent::NoticeRecorded(told) => self.notice = Some(told.no),
            RunEvent::LotYielded { number, .. } => self.lot = Some(number.clone()),
            RunEvent::Addended(told) => {
                self.addendum = Some(AddendumTold { no: told.no, reason: told.reason.clone() });
            }
            RunEvent::Issued { .. }
            | RunEvent::TestSkipped(_)
            | RunEvent::Started {}
            | RunEvent::OperationStarted { .. }
            | RunEvent::StepStarted { .. }
            | RunEvent::StepFoundRunning { .. }
            | RunEvent::TrailPointRecorded { .. }
            | RunEvent::EntryAbsent { .. }
            | RunEvent::EntryChecked { .. }
            | RunEvent::StepCompleted { .. }
            | RunEvent::StepChecked { .. }
            | RunEvent::StepNotPerformed { .. }
            | RunEvent::StepTakenBack(_)
            | RunEvent::StepCheckLapsed { .. }
            | RunEvent::OperationClosed { .. }
            | RunEvent::AlertsAcknowledged { .. }
            | RunEvent::ExceptionNotDeviation { .. }
            | RunEvent::ExceptionsToDeviation { .. }
            | RunEvent::DeviationChanged { .. }
            | RunEvent::RiskAccepted { .. }
            | RunEvent::RiskRatified { .. }
            | RunEvent::GatePassed { .. }
            | RunEvent::GateWaived { .. }
            | RunEvent::ParentAdded(_)
            | RunEvent::ParentRemoved(_)
            | RunEvent::ForeignLotDecided(_)
            | RunEvent::Completed {}
            | RunEvent::Reviewed { .. }
            | RunEvent::OperationReviewed(_)
            | RunEvent::OperationReviewLapsed(_)
            | RunEvent::ReviewLapsed { .. }
            | RunEvent::LotDecided { .. }
            | RunEvent::LotFoundToStand(_)
            | RunEvent::Closed {}
            | RunEvent::Aborted { .. }
            | RunEvent::AftermathRecorded { .. }
            | RunEvent::RenditionIssued { .. }
            | RunEvent::EntryComputed(_)
            | RunEvent::OverdueNoticed(_)
            | RunEvent::ResultInvestigated(_)
            | RunEvent::AlarmAcknowledged(_)
            | RunEvent::EmergencyRatified(_)
            | RunEvent::OperationEnded(_)
            | RunEvent::HandedOver(_)
            | RunEvent::AmendmentDecided(_) => {}
        }
    }
}
