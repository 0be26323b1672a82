//! What an order to a run says of itself.

use super::RunEvent;
use super::versions::Thing;
use crate::domain::command::Stamp;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::facts::RunFacts;

/// An order to a run. *Requests* may be refused; *reports* are stored, then judged (principle 1).
pub trait Order {
    /// Its name, as in `record-entry`.
    const NAME: &'static str;

    /// Whether it is decided on a version of what it changes.
    const ON_VERSION: OnVersion;

    /// Decides it on a run of which everything that ran out is noticed.
    ///
    /// # Errors
    /// The rule that forbids.
    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal>;

    /// The smallest thing that it changes.
    fn thing(&self) -> Thing;

    /// What it is decided on beside its run. Whoever asks what a run owes without having read it finds out.
    fn beside(&self) -> Beside;

    /// The same, decided on this version of what it changes.
    #[must_use]
    fn on_version(self, version: Option<u64>) -> Self
    where
        Self: Sized;

    /// What becomes of it once the record is final.
    fn late(&self) -> Late<'_>;
}

/// Whether an order is decided on a version of what it changes: which one somebody has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnVersion {
    /// On none.
    No,
    /// On one, if it is given.
    IfGiven,
    /// On one, and refused without it.
    Always,
}

/// The records that an order is decided on, beside its run: a reading costs the same however many lots and
/// deviations its run has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// None.
    Nothing,
    /// The run's deviations and lots: the order asks what the run owes, or decides on its lots.
    Linked,
    /// These, and what went into the lots: the order decides on that, or tells of it.
    Ancestry,
}

/// What becomes of an order once the record is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Late<'o> {
    /// It is a request, or oversight over what is there already.
    Refused,
    /// It is a fact, and is added, with the reason that it carries itself.
    Addendum(Option<&'o str>),
}

/// Says of an order what most say: it changes the `run` as a whole, or the `step`, `operation` or `entry` that it names;
/// is decided on the run `alone`; is a `request`; is decided on a version (`versioned`), on one if it is given (`versioned_if_given`) or on none. Nothing is said by
/// forgetting it.
macro_rules! order_of {
    ($($what:ident),+) => { $(order_of! { @ $what })+ };
    (@ run) => {
        fn thing(&self) -> crate::domain::run::acts::versions::Thing {
            crate::domain::run::acts::versions::Thing::Run
        }
    };
    (@ step) => {
        fn thing(&self) -> crate::domain::run::acts::versions::Thing {
            crate::domain::run::acts::versions::Thing::Step(self.step.clone())
        }
    };
    (@ operation) => {
        fn thing(&self) -> crate::domain::run::acts::versions::Thing {
            crate::domain::run::acts::versions::Thing::Operation(self.operation.clone())
        }
    };
    (@ entry) => {
        fn thing(&self) -> crate::domain::run::acts::versions::Thing {
            crate::domain::run::acts::versions::Thing::Entry(self.at.clone())
        }
    };
    (@ alone) => {
        fn beside(&self) -> crate::domain::run::acts::orders::Beside {
            crate::domain::run::acts::orders::Beside::Nothing
        }
    };
    (@ request) => {
        fn late(&self) -> crate::domain::run::acts::orders::Late<'_> {
            crate::domain::run::acts::orders::Late::Refused
        }
    };
    (@ versioned) => { order_of! { @ on Always } };
    (@ versioned_if_given) => { order_of! { @ on IfGiven } };
    (@ on $when:ident) => {
        const ON_VERSION: crate::domain::run::acts::orders::OnVersion =
            crate::domain::run::acts::orders::OnVersion::$when;

        fn on_version(mut self, version: Option<u64>) -> Self {
            self.expected = version;
            self
        }
    };
    (@ unversioned) => {
        const ON_VERSION: crate::domain::run::acts::orders::OnVersion =
            crate::domain::run::acts::orders::OnVersion::No;

        fn on_version(self, _version: Option<u64>) -> Self {
            self
        }
    };
}
pub(super) use order_of;
