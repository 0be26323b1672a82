//! Recorded in error: an entry is struck without replacement, by its author with a check by somebody else, or by a
//! supervisor, and is open again (rule 2.9). What stood there stays, and so do its exceptions.

use super::access;
use super::act::actor;
use super::correct::{branches, dependants, of_sample, uses};
use super::report::lapse_check;
use super::result::is_result;
use super::spot::{self, Spot};
use super::story::{Story, numbers};
use crate::domain::act::{reason, seen};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::parents::inputs;
use crate::domain::run::refusal::{NEVER_STRUCK, NOTHING_RECORDED, STANDS_ON_IT};
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{Content, EntryVersion, Run};
use crate::domain::words::{Basis, EntryKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Strikes what an entry says. It is open again: what was computed from it, conditions and obligations follow in the
/// same act. A lot that it named stays a parent until quality takes it away; equipment stays looked at.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `never-struck` for a determination or what the server computes,
/// `nothing-recorded`, a missing or stale version, `stands-on-it`, `reason-required`.
pub fn strike(
    run: &Run,
    facts: &RunFacts<'_>,
    order: &StrikeEntry,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let at = &order.at;
    let spot = spot::entry(run, at)?;
    let own = |it: &EntryVersion| it.by.person == Some(actor(facts));
    let mine = spot.current().is_none_or(own);
    let wanted = if mine { access::RECORDING } else { &[Authority::Supervise] };
    let permit = facts.actor.permit(facts.site, wanted, access::place(run, spot.operation))?;
    if is_result(&spot) {
        return Err(Refusal::new(&NEVER_STRUCK, format!("{at} is a laboratory result")));
    }
    let current = spot
        .current()
        .ok_or_else(|| Refusal::new(&NOTHING_RECORDED, format!("{at} has no value")))?;
    if current.basis == Basis::Computed {
        return Err(Refusal::new(&NEVER_STRUCK, format!("{at} was computed by the server")));
    }
    seen(order.expected, current.seq, &at.to_string())?;
    let stands = beyond(run, &spot);
    if !stands.is_empty() {
        let detail = format!("on {at} there is {}", stands.join("; "));
        return Err(Refusal::new(&STANDS_ON_IT, detail).missing(stands));
    }
    let why = reason(&order.reason)?;
    let told = |superseded_uses, exceptions| EntryStruck {
        at: at.clone(),
        version: current.version.saturating_add(1),
        old: before(current),
        reason: why.clone(),
        superseded_uses,
        // Two persons see to it either way.
        check_owed: mine,
        exceptions,
    };
    let mut relied = uses(run, &spot, at, current, &stamp.zone);
    relied.extend(dependants(run, at));
    let scratch = RunEvent::EntryStruck(told(Vec::new(), Vec::new()));
    let changed = branches::changed(run, &permit, scratch, stamp);
    let grave = changed.grave;
    relied.extend(changed.begun);
    let mut story = Story::new(run);
    let mut said: Vec<String> = relied.clone();
    said.extend(changed.lines);
    said.extend(parents(run, at));
    let opened = (!said.is_empty()).then(|| {
        let detail = format!("{at} was struck: {}", said.join("; "));
        let severity = if grave { Severity::Major } else { Severity::Minor };
        story.exception(ExceptionKind::Correction, severity, spot.step, at, detail)
    });
    let opened: Vec<_> = opened.into_iter().collect();
    story.tell(RunEvent::EntryStruck(told(relied, numbers(&opened))));
    story.open(opened);
    lapse_check(&spot, at, &mut story);
    Ok(story.ends(permit))
}

/// What stands on a sample and would hang in the air without it: its custody, tests of it.
fn beyond(run: &Run, spot: &Spot<'_>) -> Vec<String> {
    let current = spot.current().filter(|_| spot.spec.as_sample().is_some());
    match current.map(|current| &current.content) {
        Some(Content::Value(value)) => of_sample(run, spot, value),
        Some(Content::Absent(_) | Content::Struck) | None => Vec::new(),
    }
}

/// The lots that an entry names, which stay parents: nobody takes a lot out of a product's history by striking.
fn parents(run: &Run, at: &EntryKey) -> Vec<String> {
    let named = inputs(run).into_iter().filter(|input| input.at == *at);
    let line = |number| format!("lot {number} stays a parent until quality takes it away");
    let mut lines: Vec<_> = named.map(|input| line(input.number)).collect();
    lines.dedup();
    lines
}

/// What stood there, as people read it.
fn before(current: &EntryVersion) -> String {
    match &current.content {
        Content::Value(value) => value.shown.clone(),
        Content::Absent(_) | Content::Struck => "no value".to_owned(),
    }
}

/// Report: an entry was recorded in error.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StrikeEntry {
    /// Where.
    #[schema(ignore)]
    pub at: EntryKey,
    /// Why.
    pub reason: String,
    /// The version decided on.
    #[serde(skip)]
    pub expected: Option<u64>,
}

impl Order for StrikeEntry {
    const NAME: &'static str = "strike-entry";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        strike(run, facts, self, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(Some(&self.reason))
    }

    order_of!(entry, alone, versioned);
}

/// An entry was struck: recorded in error, and open again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryStruck {
    /// Where.
    pub at: EntryKey,
    /// The number of the version that says so.
    pub version: u32,
    /// What stood there, as people read it.
    pub old: String,
    /// Why.
    pub reason: String,
    /// What was done relying on it.
    pub superseded_uses: Vec<String>,
    /// Whether somebody else has to check it: its author struck it.
    pub check_owed: bool,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}

impl Event for EntryStruck {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { at, old, .. } => "", Shown, format!("{at}, which was {old}, was struck");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let version = EntryVersion {
            reason: Some(self.reason.clone()),
            superseded_uses: self.superseded_uses.clone(),
            check_owed: self.check_owed,
            exceptions: self.exceptions.clone(),
            ..written.version(self.version, Content::Struck)
        };
        written.entry(run, &self.at, None)?.versions.push(version);
        run.corrections += 1;
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "struck")
    }

    fn moves(&self) -> Moves<'_> {
        changes::entry(&self.at, "struck")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Entry(&self.at)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::version(&self.at)
    }

    fn tell(&self, answer: &mut Told) {
        answer.entry = Some(self.at.entry.clone());
        answer.check_owed = Some(self.check_owed);
    }
}
