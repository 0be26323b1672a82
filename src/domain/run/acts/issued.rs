//! A run begins: it was issued from an effective master record.

use crate::domain::command::{EvolveFault, Happened};
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::Authority;
use crate::domain::recipe::RunPurpose;
use crate::domain::recipe::plan::Recipe;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses;
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::written::Written;
use crate::domain::run::state::{List, Map, Set};
use crate::domain::run::tally::Tallies;
use crate::domain::run::{Phase, Run};
use crate::domain::words::MasterRef;
use serde::{Deserialize, Serialize};

/// Issued from an effective master record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Batch number.
    pub number: String,
    /// As the plant writes it, where that is another text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed: Option<String>,
    /// Issue number of the site.
    pub issue_no: u64,
    pub purpose: RunPurpose,
    /// The frozen master.
    pub master: MasterRef,
    /// Product code.
    pub product: String,
}

impl Event for Issued {
    const ADMITTED: Admitted = by(&[Authority::Issue]);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, _: &mut Run, _: &Written<'_>) -> Result<(), EvolveFault> {
        // The run begins with it: see [`issued`].
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::nothing()
    }

    nothing_in!(moves, bears, changed);
}

/// A run as it begins.
///
/// # Errors
/// The frozen master record was not given.
pub fn issued(
    happened: &Happened<'_>,
    told: &Issued,
    recipe: Option<Recipe>,
) -> Result<Run, EvolveFault> {
    let recipe = recipe
        .ok_or_else(|| EvolveFault::of(happened, "the frozen master record was not given"))?;
    Ok(Run {
        key: happened.record,
        number: told.number.clone(),
        printed: told.printed.clone(),
        issue_no: told.issue_no,
        purpose: told.purpose,
        master: told.master.clone(),
        original: recipe.clone(),
        recipe,
        phase: Phase::Issued,
        issued_at: happened.at,
        zone: happened.zone.name.clone(),
        issued: happened.signatures.first().cloned(),
        operations: Map::new(),
        steps: Map::new(),
        taken_back: List::new(),
        release_entries: Map::new(),
        skipped: Map::new(),
        exceptions: List::new(),
        holds: List::new(),
        gates: Map::new(),
        participants: Set::new(),
        reviews: List::new(),
        completed: None,
        aborted: None,
        aftermath: List::new(),
        lots: List::new(),
        foreign: Map::new(),
        deviations: Map::new(),
        renditions: List::new(),
        corrections: 0,
        signatures: List::new(),
        noticed: Map::new(),
        set_back: List::new(),
        open: Map::new(),
        alarms: List::new(),
        happenings: List::new(),
        emergencies: List::new(),
        handovers: List::new(),
        amendments: List::new(),
        notices: List::new(),
        addenda: List::new(),
        questions: List::new(),
        tallies: Tallies::default(),
        seq: 0,
        head: [0; 32],
        last_at: happened.at,
    })
}
