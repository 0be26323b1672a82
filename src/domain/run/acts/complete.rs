//! Completing a step's occurrence: a request. Of two at once, exactly one succeeds (P11-10f).

use super::condition::{self, Branch};
use super::story::Story;
use super::{access, automated, order, spot, start};
use crate::domain::act::{require_signer, seen};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::entry::spec::Due;
use crate::domain::ids::StepKey;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::recipe::{SecondPersonMode, Step};
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::report::not_final;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::known::{is_not_computable, so_far, why_not};
use crate::domain::run::refusal::{ALREADY_COMPLETE, ENTRIES_MISSING, STEP_NOT_STARTED};
use crate::domain::run::time::kept::Bears;
use crate::domain::run::time::limit::Mark;
use crate::domain::run::{EntryRun, Run, StepPhase, StepRun};
use crate::domain::signing::Meaning;
use crate::domain::words::EntryKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Completes a step's occurrence, also one that was found running. A significant step is signed by
/// its performer; a `witness-during` step by the witness in the same act.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `record-final`, `out-of-order` or `step-not-started`,
/// `already-complete`, a missing or stale version, `entries-missing`, signatures.
pub fn complete_step(
    run: &Run,
    facts: &RunFacts<'_>,
    key: &StepKey,
    expected: Option<u64>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let (operation, step) = spot::step(run, key)?;
    let permit = access::request(run, facts, operation, access::performing(step))?;
    not_final(run)?;
    let state = running(run, key)?;
    seen(expected, state.version, &key.to_string())?;
    if state.witness.as_ref().is_some_and(|witness| witness.person == facts.actor.id) {
        return Err(access::is_performer(facts.actor.user_name, &format!("{key} as its witness")));
    }
    no_obstacle(run, key, step, state)?;
    let mut signatures = Vec::new();
    if automated::by_devices(step, state) {
        // The one person checks that the equipment did right; nobody else has to.
        let role = &permit.role;
        let own = require_signer(stamp, facts.actor, facts.site, Meaning::Verified, role)?;
        signatures.push(own);
    } else if step.significant {
        let own = require_signer(stamp, facts.actor, facts.site, Meaning::Performed, &permit.role)?;
        signatures.push(own);
    }
    let second = access::second_person(step);
    let mut oversight = false;
    if second.is_some_and(|second| second.mode == SecondPersonMode::WitnessDuring) {
        let (sign, quality) = access::second(
            run,
            facts,
            operation,
            step,
            &state.performers,
            stamp,
            Meaning::Witnessed,
        )?;
        signatures.push(sign);
        oversight = quality;
    }
    let mut story = Story::new(run);
    story.tell_signed(
        RunEvent::StepCompleted(StepCompleted { step: key.clone(), oversight }),
        signatures,
    );
    Ok(story.ends(permit))
}

/// Whether anything but persons stands in the way of completing an occurrence that goes on.
///
/// # Errors
/// `entries-missing`.
pub fn no_obstacle(run: &Run, key: &StepKey, step: &Step, state: &StepRun) -> Result<(), Refusal> {
    let missing = missing(run, key, step, state);
    if missing.is_empty() {
        return Ok(());
    }
    let detail = format!("{key} lacks {}", missing.join(", "));
    Err(Refusal::new(&ENTRIES_MISSING, detail).missing(missing))
}

/// The occurrence, running. Not begun: the refusal names what must come before.
fn running<'r>(run: &'r Run, key: &StepKey) -> Result<&'r StepRun, Refusal> {
    let Some(state) = run.steps.get(key) else {
        return Err(match order::may_start(run, key) {
            Err(unmet) => start::out_of_order(key, unmet),
            Ok(()) => Refusal::new(&STEP_NOT_STARTED, format!("{key} has not begun"))
                .missing(vec![format!("start of {key}")]),
        });
    };
    match state.phase {
        StepPhase::Started | StepPhase::FoundRunning => Ok(state),
        StepPhase::Complete => {
            let who = state.completed_by.as_ref().map_or("", |who| who.printed_name.as_str());
            Err(Refusal::new(&ALREADY_COMPLETE, format!("{who} completed {key}")))
        }
        StepPhase::NotPerformed => {
            Err(Refusal::new(&ALREADY_COMPLETE, format!("{key} was declared not performed")))
        }
    }
}

/// Mandatory entries due with the step that have neither a value nor a declared absence. What lies on
/// a branch that is not taken is not missed; what the server could not compute is.
#[must_use]
pub fn missing(run: &Run, key: &StepKey, step: &Step, state: &StepRun) -> Vec<String> {
    let owed = step.entries.iter().filter(|spec| spec.mandatory && spec.due == Due::Step);
    owed.filter_map(|spec| {
        let current = state.entries.get(&spec.id).and_then(EntryRun::current);
        let answered = state.entries.get(&spec.id).is_some_and(EntryRun::is_answered);
        if answered && current.is_some_and(|current| !is_not_computable(current)) {
            return None;
        }
        let at = EntryKey { step: Some(key.clone()), entry: spec.id.clone() };
        let why = match condition::entry(run, &at, spec) {
            Branch::NotTaken(_) => return None,
            Branch::Undecided(what) => format!(", not decided yet: {}", what.join("; ")),
            // What stands on a list is written down by this very act.
            Branch::Taken if current.is_none() && so_far(run, &at).is_some() => return None,
            Branch::Taken => {
                let told = current.and_then(|current| current.reason.clone());
                let told = told.map(|why| {
                    format!("{why}; record or correct that, or declare {} not available with its reason", spec.id)
                });
                let why = told.or_else(|| why_not(run, &at));
                why.map(|why| format!(", not computed: {why}")).unwrap_or_default()
            }
        };
        Some(format!("{} ({}){why}", spec.id, spec.name))
    })
    .collect()
}

/// Request: complete a step's occurrence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteStep {
    /// Which occurrence.
    #[schema(ignore)]
    pub step: StepKey,
    /// The version decided on.
    #[serde(skip)]
    pub expected: Option<u64>,
}

impl Order for CompleteStep {
    const NAME: &'static str = "complete-step";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        complete_step(run, facts, &self.step, self.expected, stamp)
    }

    order_of!(step, alone, request, versioned);
}

/// A step's occurrence is complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCompleted {
    /// Which.
    pub step: StepKey,
    /// The second person acted under quality oversight, which is no part in the work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oversight: bool,
}

impl Event for StepCompleted {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { step, .. } => "", Shown, format!("{step} was completed");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        // Where equipment did it, the one person who checked it signed *verified* (21 CFR 211.68(c)).
        let verified = written.signed(&[Meaning::Verified]);
        let performed = written.signed(&[Meaning::Performed]).or_else(|| verified.clone());
        let witnessed = written.signed(&[Meaning::Witnessed]).or(verified);
        let (at, who) = (written.happened.at, written.who.clone());
        let state = written.step(run, &self.step)?;
        state.phase = StepPhase::Complete;
        state.completed_at = Some(at);
        state.performers.extend(who.person);
        state.completed_by = Some(who);
        state.performed = performed;
        if witnessed.is_some() {
            state.checked = witnessed;
        }
        Ok(())
    }

    fn part(&self) -> Part {
        // A signature on a production step is a part in it, quality's too (rule 1.14).
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::step(&self.step, "completed")
    }

    fn moves(&self) -> Moves<'_> {
        changes::step(&self.step, "completed")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Step(&self.step)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::step(&self.step)
    }

    fn marks(&self) -> Option<Mark<'_>> {
        Some(Mark::Completed(&self.step))
    }
}
