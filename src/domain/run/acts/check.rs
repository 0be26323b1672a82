//! Checks by a second person: of an entry's version (attributed) and of a completed step (signed).
//! A check is by another person than everyone who performed, in time, and not faster than possible.

mod which;

pub use which::Which;

use super::act::sign;
use super::spot::{self, Spot};
use super::story::Story;
use super::{access, derive};
use crate::domain::act::seen;
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::ids::{PersonId, StepKey};
use crate::domain::permits::{Admitted, GMP, by};
use crate::domain::policy::Authority;
use crate::domain::recipe::Step;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::report::not_final;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
pub use crate::domain::run::asked::{owes_check, standing_witness};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::known::{Here, is_not_computable};
use crate::domain::run::looks::{self, Against};
use crate::domain::run::refusal::{
    ALREADY_CHECKED, NO_CHECK_ASKED, NOTHING_RECORDED, RECOMPUTATION_DIFFERS, STEP_NOT_COMPLETE,
};
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{Attempt, Content, EntryVersion, Run, StepPhase};
use crate::domain::signing::Meaning;
use crate::domain::words::{Basis, EntryKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Nobody looks at anything in less (microseconds): such a check is marked (F10).
pub const TOO_FAST: i64 = 3_000_000;

/// How somebody checks.
#[derive(Debug, Clone, Copy, Default)]
pub struct How<'a> {
    /// Against what: a second look says it.
    pub against: Option<Against>,
    /// Everything that is decided under the same signature; empty: it is decided alone, and not signed.
    pub together: &'a [String],
}

/// Checks the version of an entry that counts, of a laboratory result the newest one of each lot; or that an entry
/// was struck. Alone it is not signed: the session's person checks; a laboratory
/// result is looked over by somebody who tests (21 CFR 211.194(a)(8)). A check under the authority *review* is quality oversight.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `record-final`, `nothing-recorded`, a missing or stale
/// version, `already-checked`, `witness-is-performer`, `recomputation-differs`, `signature-required`.
pub fn check_entry(
    run: &Run,
    facts: &RunFacts<'_>,
    at: &EntryKey,
    which: Which,
    how: How<'_>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let spot = spot::entry(run, at)?;
    let wanted = [access::checking_entry(&spot), Authority::Review];
    let permit = facts.actor.permit(facts.site, &wanted, access::place(run, spot.operation))?;
    // What stands on a list is written down before somebody checks it, as it stands now.
    let took_part = part_in(&spot, at, facts.actor.id);
    let settled = derive::before(run, at, &permit, stamp);
    let (run, first) = match &settled {
        Some((run, told)) => (run, told.as_slice()),
        None => (run, &[][..]),
    };
    let which = match spot.current().filter(|_| !first.is_empty()) {
        Some(stood) => {
            which.is_seen(stood, at)?;
            Which::Entry(None)
        }
        None => which,
    };
    let spot = spot::entry(run, at)?;
    let current = which
        .of(&spot)
        .ok_or_else(|| Refusal::new(&NOTHING_RECORDED, format!("{at} has no value")))?;
    // A check that said nothing of what it was held against is no second look.
    let looks = how.against.is_some() && current.looked.is_none();
    if let Some((when, who)) = current.checked.as_ref().filter(|_| !looks) {
        let detail = format!("{} checked version {} at {when}", who.printed_name, current.version);
        return Err(Refusal::new(&ALREADY_CHECKED, detail));
    }
    if !current.check_owed && !looks::owes(spot.spec, current) {
        not_final(run)?;
    }
    if first.is_empty() {
        which.is_seen(current, at)?;
    }
    if let Some(what) = took_part {
        return Err(access::is_performer(facts.actor.user_name, &what));
    }
    let recomputed = recomputed(run, &spot, at, current)?;
    let mut story = Story::new(run);
    first.iter().for_each(|event| story.tell(event.clone()));
    let oversight = access::is_oversight(&permit);
    let event = RunEvent::EntryChecked(EntryChecked {
        at: at.clone(),
        version: current.version,
        recomputed,
        oversight,
        against: how.against,
        together: how.together.to_vec(),
    });
    let signatures = match how.together.is_empty() {
        true => Vec::new(),
        false => sign(facts, stamp, &permit, Meaning::Checked)?,
    };
    story.tell_signed(event, signatures);
    timing(&mut story, spot.step, at, current.at, stamp.at);
    Ok(story.ends(permit))
}

/// Computes a computed value again from the stored inputs; the checker's act stands on that.
fn recomputed(
    run: &Run,
    spot: &Spot<'_>,
    at: &EntryKey,
    current: &EntryVersion,
) -> Result<Option<String>, Refusal> {
    let kind = spot.spec.kind.as_kind();
    if kind.inputs().is_none() || current.basis != Basis::Computed {
        return Ok(None);
    }
    let stands = match &current.content {
        Content::Value(value) => value.shown.clone(),
        Content::Absent(_) | Content::Struck => "no value".to_owned(),
    };
    let found = kind.compute(&Here::entry(run, at, current.at));
    let again = match &found {
        Ok(Some(outcome)) if derive::agrees(current, outcome) => {
            let inputs = outcome.used.len();
            return Ok(Some(format!("computed again from {inputs} inputs: {stands}, agreed")));
        }
        Ok(Some(outcome)) => {
            let used = outcome.used.iter().map(|used| format!("{} {}", used.at, used.shown));
            format!("{} from {}", outcome.value.shown, used.collect::<Vec<_>>().join(", "))
        }
        Ok(None) if is_not_computable(current) => return Ok(None),
        Ok(None) => "nothing, because an input is missing".to_owned(),
        Err(_) if is_not_computable(current) => return Ok(None),
        Err(why) => format!("nothing, because of {why}"),
    };
    let detail = format!("{at} stands as {stands}; computed again it is {again}");
    Err(Refusal::new(&RECOMPUTATION_DIFFERS, detail))
}

/// In what of an entry and its step somebody took part: by current values *and* all before. `None`: in nothing.
fn part_in(spot: &Spot<'_>, at: &EntryKey, person: PersonId) -> Option<String> {
    if spot.entry.is_some_and(|entry| entry.authors(None).contains(&person)) {
        return Some(at.to_string());
    }
    let of_step = spot.step_run.is_some_and(|step| step.performers.contains(&person));
    let step = at.step.as_ref().filter(|_| of_step)?;
    Some(format!("{step}, the step on which {} stands", at.entry))
}

/// Verifies a completed occurrence, signed by the session's person. Faster than possible, it
/// stands with an exception.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `record-final`, `step-not-complete`, `already-checked`,
/// `no-check-asked`, a missing or stale version, `witness-is-performer`, `signature-required`.
pub fn check_step(
    run: &Run,
    facts: &RunFacts<'_>,
    key: &StepKey,
    expected: Option<u64>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let (operation, step) = spot::step(run, key)?;
    let permit = access::request(run, facts, operation, &[access::checking(Some(step))])?;
    let done = run.steps.get(key).filter(|state| state.phase == StepPhase::Complete);
    let state =
        done.ok_or_else(|| Refusal::new(&STEP_NOT_COMPLETE, format!("{key} is not complete")))?;
    if let Some(signed) = &state.checked {
        let detail =
            format!("{} {} {key} at {}", signed.printed_name, signed.meaning.as_str(), signed.at);
        return Err(Refusal::new(&ALREADY_CHECKED, detail));
    }
    if owes_check(step, state).is_none() {
        return Err(Refusal::new(&NO_CHECK_ASKED, format!("step {}", step.id)));
    }
    seen(expected, state.version, &key.to_string())?;
    if state.performers.contains(&facts.actor.id) {
        return Err(access::is_performer(facts.actor.user_name, &key.to_string()));
    }
    let signatures = sign(facts, stamp, &permit, Meaning::Verified)?;
    let mut story = Story::new(run);
    let oversight = access::is_oversight(&permit);
    let covers = looks::covered(key, step, state);
    story.tell_signed(
        RunEvent::StepChecked(StepChecked { step: key.clone(), oversight, covers }),
        signatures,
    );
    let since = state.completed_at.unwrap_or(stamp.at);
    let at = EntryKey::whole(key.clone());
    timing(&mut story, Some(step), &at, since, stamp.at);
    Ok(story.ends(permit))
}

/// A check faster than possible opens an exception; one that is late has opened its own when its limit
/// ran out.
fn timing(story: &mut Story<'_>, step: Option<&Step>, at: &EntryKey, since: Instant, now: Instant) {
    if now.since(since) >= TOO_FAST {
        return;
    }
    let detail = format!("{at} was checked within 3 seconds");
    let opened = story.exception(ExceptionKind::CheckTiming, Severity::Minor, step, at, detail);
    story.open(vec![opened]);
}

/// Request: verify a completed occurrence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckStep {
    /// Which occurrence.
    #[schema(ignore)]
    pub step: StepKey,
    /// The version decided on.
    #[serde(skip)]
    pub expected: Option<u64>,
}

impl Order for CheckStep {
    const NAME: &'static str = "check-step";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        check_step(run, facts, &self.step, self.expected, stamp)
    }

    order_of!(step, alone, request, versioned);
}

/// Request: check a version of an entry.
#[derive(Debug, Clone)]
pub struct CheckEntry {
    /// Where.
    pub at: EntryKey,
    /// Against what it was held; with it the check is a second look, too.
    pub against: Option<Against>,
    /// The version decided on.
    pub expected: Option<u64>,
}

impl Order for CheckEntry {
    const NAME: &'static str = "check-entry";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let how = How { against: self.against, together: &[] };
        check_entry(run, facts, &self.at, Which::Entry(self.expected), how, stamp)
    }

    order_of!(entry, alone, request, versioned);
}

/// A second person checked a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryChecked {
    /// Where.
    pub at: EntryKey,
    /// Which version.
    pub version: u32,
    /// Of a computed value: that it was computed again from the stored inputs and agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recomputed: Option<String>,
    /// The checker acted under quality oversight, which is no part in the work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oversight: bool,
    /// Against what the value was held: a second look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// Everything that was looked at under the same signature.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<String>,
}

impl Event for EntryChecked {
    const ADMITTED: Admitted = by(GMP);
    const SIGNED: bool = false;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let look = written.look(self.against);
        let version = written.checked(run, &self.at, self.version)?;
        version.recomputed = self.recomputed.clone();
        if self.against.is_some() {
            version.looked = Some(look);
        }
        Ok(())
    }

    fn part(&self) -> Part {
        Part::unless(self.oversight)
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "checked")
    }

    fn moves(&self) -> Moves<'_> {
        changes::entry(&self.at, "checked")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Entry(&self.at)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::within(&self.at)
    }
}

/// A second person verified a completed occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepChecked {
    /// Which.
    pub step: StepKey,
    /// The checker acted under quality oversight, which is no part in the work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oversight: bool,
    /// The typed critical values, and the values sent and not confirmed, that it covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<String>,
}

impl Event for StepChecked {
    const ADMITTED: Admitted = by(GMP);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let signed = written.must_be_signed()?;
        let look = written.look(None);
        let step = written.step(run, &self.step)?;
        step.checked = Some(signed);
        let tried = step.entries.iter().filter(|(_, it)| !it.attempts.is_empty());
        for id in tried.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            let Some(entry) = step.entries.get_mut(&id) else { continue };
            let unseen = |it: &Attempt| !it.confirmed && it.looked.is_none();
            entry.attempts.change(unseen, |it| it.looked = Some(look.clone()));
        }
        Ok(())
    }

    fn part(&self) -> Part {
        // A signature on a production step is a part in it, quality's too (rule 1.14).
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::step(&self.step, "verified")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Check(&self.step)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::step(&self.step)
    }

    nothing_in!(moves);
}
