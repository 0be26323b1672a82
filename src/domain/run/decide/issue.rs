//! Issuing a run: a dated, signed reproduction of the right master record (21 CFR 211.188(a)).

use crate::domain::act::require_signer;
use crate::domain::command::{EvolveFault, Happened, Stamp};
use crate::domain::ids::check_number;
use crate::domain::master::state::{Master, MasterPhase};
use crate::domain::policy::{Authority, Place};
use crate::domain::recipe::{MasterRecord, RunPurpose};
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::decide::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::decide::lapses::Lapsing;
use crate::domain::run::decide::written::Written;
use crate::domain::run::decide::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::plan::Recipe;
use crate::domain::run::refusal::MASTER_NOT_EFFECTIVE;
use crate::domain::run::state::{List, Map, Set};
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;
use crate::domain::words::MasterRef;
use serde::{Deserialize, Serialize};

/// Issues a run from a master record's effective version, signed as issued and checked. That the
/// batch number is new, and that the issue number follows without gap, is decided by the command
/// that holds the site's record; here the number only has to be one.
///
/// # Errors
/// `authority-missing`, `malformed` number, `master-not-effective` (F16), signature.
pub fn issue(
    master: &Master,
    recipe: &MasterRecord,
    facts: &RunFacts<'_>,
    number: &str,
    issue_no: u64,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let place = Place { product: Some(&master.product), area: None };
    let permit = facts.actor.permit(facts.site, &[Authority::Issue], place)?;
    check_number(number).map_err(|detail| Refusal::new(&MALFORMED, detail))?;
    let phase = master.phase_at(stamp.at);
    if phase != MasterPhase::Effective {
        let from = master.effective_from.filter(|_| phase == MasterPhase::Approved);
        let from = from.map(|from| format!(", effective from {}", from.shown(&stamp.zone)));
        let (code, version, word) = (&master.code, master.version, phase.as_str());
        let detail = format!("{code}~{version} is {word}{}", from.unwrap_or_default());
        return Err(Refusal::new(&MASTER_NOT_EFFECTIVE, detail));
    }
    let meaning = Meaning::IssuedAndChecked;
    let signed = require_signer(stamp, facts.actor, facts.site, meaning, &permit.role)?;
    let event = RunEvent::Issued(Issued {
        number: number.to_owned(),
        issue_no,
        purpose: recipe.purpose,
        master: MasterRef {
            record: master.key,
            code: master.code.clone(),
            version: master.version,
            content_hash: master.content_hash.clone(),
        },
        product: recipe.product.code.clone(),
    });
    Ok(Ruling::signed(permit, event, vec![signed]))
}

/// Issued from an effective master record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Batch number.
    pub number: String,
    /// Issue number of the site.
    pub issue_no: u64,
    /// Purpose.
    pub purpose: RunPurpose,
    /// The frozen master.
    pub master: MasterRef,
    /// Product code.
    pub product: String,
}

impl Event for Issued {
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
        issue_no: told.issue_no,
        purpose: told.purpose,
        master: told.master.clone(),
        original: recipe.clone(),
        recipe,
        phase: Phase::Issued,
        issued_at: happened.at,
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
        open: Map::new(),
        alarms: List::new(),
        happenings: List::new(),
        emergencies: List::new(),
        handovers: List::new(),
        amendments: List::new(),
        notices: List::new(),
        addenda: List::new(),
        questions: List::new(),
        seq: 0,
        head: [0; 32],
        last_at: happened.at,
    })
}
