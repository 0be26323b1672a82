//! What waits in a run for somebody: each thing with who may do it, since when, until when, and by which act.
//!
//! Nothing is decided here. Whether an act is possible says the rule that decides on it; what is owed says what
//! release is judged by.

mod floor;
mod lots;
mod quality;

use super::Run;
use super::obligations::ObligationFacts;
use crate::domain::clock::Instant;
use crate::domain::ids::PersonId;
use crate::domain::policy::{Authority, Grant, Place, Role, permit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Sorts of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Start a step.
    Start,
    /// Go on with a step that was started.
    GoOn,
    /// Close an operation.
    CloseOperation,
    /// Pass a gate.
    Gate,
    /// Declare execution complete.
    CompleteBatch,
    /// Record a result of the laboratory, or what is due later than its step.
    Result,
    /// Verify a step.
    Check,
    /// Look over what others typed.
    SecondLook,
    /// Stand by as the witness of a step.
    Witness,
    /// Keep a limit of time.
    Timer,
    /// Acknowledge an alarm.
    Alarm,
    /// Acknowledge values outside the normal range.
    Alerts,
    /// Decide what an exception is.
    Exception,
    /// Investigate, conclude or close a deviation.
    Deviation,
    /// Approve or refuse a change of one batch.
    Amendment,
    /// Ratify what was done at risk or in an emergency.
    Ratification,
    /// Review a closed operation.
    OperationReview,
    /// Review record and audit trail.
    Review,
    /// Decide on lots of others that went in.
    ForeignLots,
    /// Decide what a lot may be used for.
    Disposition,
    /// Decide whether a lot in question stands.
    Question,
    /// Make a record final.
    CloseRecord,
    /// Have site time follow a clock that is apart from it.
    Clock,
}

/// Something that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub kind: Kind,
    /// Where: an occurrence, entry, gate, lot; `run` for the whole.
    pub place: String,
    /// What is to be done, for people.
    pub title: String,
    pub since: Option<Instant>,
    pub due: Option<Instant>,
    /// Any of these authorities.
    pub who: Vec<Authority>,
    /// The area it is done in; nothing: the whole is decided on.
    pub area: Option<String>,
    pub barred: Barred,
    /// The path of the act.
    pub act: String,
}

/// Who cannot, whatever they hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Barred {
    /// These persons.
    pub persons: BTreeSet<PersonId>,
    /// Everybody who took part in the run.
    pub participants: bool,
}

impl Barred {
    /// These persons.
    fn these(persons: impl IntoIterator<Item = PersonId>) -> Self {
        Self { persons: persons.into_iter().collect(), participants: false }
    }

    /// Everybody who took part in the run, and these persons.
    fn participants_and(persons: impl IntoIterator<Item = PersonId>) -> Self {
        Self { participants: true, ..Self::these(persons) }
    }
}

/// Somebody as work is held against them.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    pub person: PersonId,
    pub grants: &'a [Grant],
    /// The site's roles.
    pub roles: &'a [Role],
}

impl Task {
    /// A task of the whole run.
    fn of(run: &Run, kind: Kind, who: &[Authority], act: &str) -> Self {
        Self {
            kind,
            place: "run".to_owned(),
            title: String::new(),
            since: None,
            due: None,
            who: who.to_vec(),
            area: None,
            barred: Barred::default(),
            act: format!("/api/v1/batches/{}/{act}", run.number),
        }
    }

    /// Whether somebody may do it.
    #[must_use]
    pub fn is_for(&self, run: &Run, holder: Holder<'_>) -> bool {
        let product = Some(run.recipe.product.code.as_str());
        let place = Place { product, area: self.area.as_deref() };
        let took_part = self.barred.participants && run.participants.contains(&holder.person);
        !took_part
            && !self.barred.persons.contains(&holder.person)
            && permit(holder.grants, holder.roles, &self.who, place).is_some()
    }
}

/// Everything that waits in a run at a moment, in the order of the process.
#[must_use]
pub fn tasks(run: &Run, facts: &ObligationFacts<'_>, at: Instant) -> Vec<Task> {
    let mut list = Vec::new();
    floor::collect(run, facts, at, &mut list);
    quality::collect(run, facts, at, &mut list);
    lots::collect(run, facts, &mut list);
    list
}
