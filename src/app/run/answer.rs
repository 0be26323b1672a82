//! What an order to a run answers: made of the events it was decided to bring about, while they are typed.

use crate::app::answer::{AddendumTold, Core, JudgedView, RunAnswer};
use crate::domain::run::Run;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::versions::{Changed, Thing};

/// The version that a thing has after these events; `None`: the run's own head.
#[must_use]
pub fn version<'e>(
    thing: &Thing,
    run: &Run,
    events: impl IntoIterator<Item = &'e RunEvent>,
) -> Option<u64> {
    let last = |touches: &dyn Fn(&Changed<'_>) -> bool| {
        let numbered = (run.seq + 1..).zip(events);
        let touching = numbered.filter(|(_, event)| touches(&event.changed()));
        touching.map(|(seq, _)| seq).last()
    };
    match thing {
        Thing::Run => None,
        Thing::Hold => last(&|changed| changed.hold.is_some()),
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
        let mut told = Told::default();
        for event in events {
            event.tell(&mut told);
        }
        answer.hear(told);
        answer
    }

    fn hear(&mut self, told: Told) {
        self.entry = told.entry;
        self.shown = told.shown;
        self.verdicts = told.verdicts.map(|all| all.iter().map(JudgedView::from).collect());
        self.check_owed = told.check_owed;
        self.confirmation_asked = told.confirmation_asked;
        self.determination = told.determination;
        self.claim = told.claim;
        self.claimed = told.claimed;
        self.hold = told.hold;
        self.alarm = told.alarm;
        self.happening = told.happening;
        self.emergency_act = told.emergency_act;
        self.amendment = told.amendment;
        self.notice = told.notice;
        self.lot = told.lot;
        self.addendum = told.addendum.map(|it| AddendumTold { no: it.no, reason: it.reason });
        self.exceptions.extend(told.exceptions.iter().map(Into::into));
    }
}
