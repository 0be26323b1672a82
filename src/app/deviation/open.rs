//! Opening a deviation for a run's exceptions: series, deviation and run are told in one decision.

use crate::app::answer::{Core, Tells, TriageAnswer, told};
use crate::app::run::facts::{Linked, of_run};
use crate::app::run::obligations::never_waived;
use crate::domain::command::{Decision, Stamp};
use crate::domain::cross::deviation::{NewDeviation, number, open};
use crate::domain::exception::Severity;
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::refusal::Refusal;
use crate::domain::series::{self, DEVIATIONS, Next};

/// Opens a deviation.
pub struct OpenDeviation {
    /// Batch number.
    pub run: String,
    pub title: String,
    pub class: Severity,
    /// The run's exceptions.
    pub exceptions: Vec<u32>,
}

impl OpenDeviation {
    fn key(&self) -> Key {
        Key::Number(RecordKind::Run, self.run.clone())
    }
}

impl Command for OpenDeviation {
    fn name(&self) -> &'static str {
        "open-deviation"
    }

    fn reads(&self) -> Vec<Key> {
        vec![self.key(), series::key(DEVIATIONS)]
    }

    fn reads_further(&self, loaded: &Loaded) -> Vec<Key> {
        loaded.run(&self.key()).map(of_run).unwrap_or_default()
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let run = loaded.run(&self.key())?;
        let linked = Linked::of(run, &[], loaded);
        let facts = linked.facts(loaded, stamp, None)?;
        let mut fresh = stamp.ids.iter().copied();
        let record = RecordKey::new(RecordKind::Deviation, fresh.next().unwrap_or_default());
        let series = loaded.get(&series::key(DEVIATIONS)).and_then(|state| state.as_series());
        let next = Next::of(DEVIATIONS, series, fresh.next().unwrap_or_default());
        let number = number(next.no(), stamp);
        let new = NewDeviation {
            record,
            // The series gives each number once, in this one decision.
            no: next.no(),
            number_taken: false,
            title: &self.title,
            class: self.class,
            exceptions: &self.exceptions,
        };
        let ruling = open(run, &facts, &new, stamp)?;
        let permit = ruling.permit().clone();
        let mut events = vec![next.taken(record, &number)];
        events.extend(ruling.into_planned());
        let mut answer = TriageAnswer::new(Core::of(record, (Some(&number), 0), loaded, &events));
        answer.deviation = Some(number);
        answer.never_waived = never_waived(run, &self.exceptions);
        Ok(Decision { permit, events, answer: told::<Self>(&answer) })
    }
}

impl Tells for OpenDeviation {
    type Answer = TriageAnswer;
}
