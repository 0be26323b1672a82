//! No value, and why: not applicable, not performed and not available are three different things.

use super::judge::Findings;
use super::start::out_of_order;
use super::story::{Story, numbers};
use super::{access, order, result, spot};
use crate::domain::act::{require_second, require_signer, said};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::entry::spec::Due;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::ids::StepKey;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::recipe::Operation;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::derive::changes;
use crate::domain::run::acts::event::{Event, Moves, Part, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::report::lapse_check;
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::known::is_not_computable;
use crate::domain::run::refusal::{
    ALREADY_COMPLETE, ALREADY_RECORDED, STEP_NOT_STARTED, SUPERVISOR_REQUIRED,
};
use crate::domain::run::time::kept::Bears;
use crate::domain::run::{Content, EntryVersion, Run, StepPhase};
use crate::domain::signing::{Meaning, SignatureRequest};
use crate::domain::words::{Absence, EntryKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Declares that an entry has no value. Optional: a reason. Mandatory: a supervisor signs, and an exception
/// tells of it, whichever of the three it is: what truly does not apply says so in the master record, by
/// `when`.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `step-not-started`,
/// `already-recorded`, `reason-required`, `supervisor-required`, signatures.
pub fn declare(
    run: &Run,
    facts: &RunFacts<'_>,
    at: &EntryKey,
    absence: Absence,
    reason: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let spot = spot::entry(run, at)?;
    let (permit, qualified) = access::report(run, facts, &spot)?;
    result::not_under_test(&spot, at)?;
    if let Some(key) = at.step.as_ref().filter(|_| spot.step_run.is_none()) {
        return Err(Refusal::new(&STEP_NOT_STARTED, format!("{key} has not begun")));
    }
    if let Some(current) = spot.current().filter(|current| !is_not_computable(current)) {
        let detail = format!("{at} has version {} of {}", current.version, current.at);
        return Err(Refusal::new(&ALREADY_RECORDED, detail));
    }
    said(reason, "reason")?;
    let signatures = match spot.spec.mandatory {
        true => vec![supervisor(run, facts, spot.operation, stamp)?],
        false => Vec::new(),
    };
    let mut story = Story::new(run);
    let mut findings = Findings::new(&mut story, &spot, at);
    if spot.spec.mandatory {
        let word = match absence {
            Absence::NotApplicable => "declared not applicable",
            Absence::NotPerformed => "not performed",
            Absence::NotAvailable => "not available",
        };
        let detail = format!("{} ({at}) is {word}: {reason}", spot.spec.name);
        // What a gate or release waits for is major whatever it is called.
        let severity = if absence == Absence::NotApplicable && spot.spec.due == Due::Step {
            Severity::Minor
        } else {
            Severity::Major
        };
        findings.also(ExceptionKind::NotPerformed, severity, detail);
    }
    findings.person(qualified, facts.actor);
    findings.place(run, spot.spec.due != Due::Step || spot.step.is_none());
    let opened = findings.done();
    let event = RunEvent::EntryAbsent(EntryAbsent {
        at: at.clone(),
        absence,
        reason: reason.to_owned(),
        exceptions: numbers(&opened),
    });
    story.tell_signed(event, signatures);
    story.open(opened);
    lapse_check(&spot, at, &mut story);
    Ok(story.ends(permit))
}

/// A supervisor's signature: the acting person's, or a second person's at the same station.
fn supervisor(
    run: &Run,
    facts: &RunFacts<'_>,
    operation: Option<&Operation>,
    stamp: &Stamp,
) -> Result<SignatureRequest, Refusal> {
    let place = access::place(run, operation);
    let (wanted, meaning) = ([Authority::Supervise], Meaning::Authorised);
    if let Ok(permit) = facts.actor.permit(facts.site, &wanted, place) {
        return require_signer(stamp, facts.actor, facts.site, meaning, &permit.role);
    }
    let Some(second) = facts.second else {
        let detail = format!("{} does not hold supervise", facts.actor.user_name);
        return Err(
            Refusal::new(&SUPERVISOR_REQUIRED, detail).missing(vec!["second_signature".into()])
        );
    };
    let permit = second.permit(facts.site, &wanted, place)?;
    require_second(stamp, Some(second), facts.site, meaning, &permit.role)
}

/// A supervisor declares a step's occurrence not performed: the next one once its turn has come, or
/// one that began and was not carried through.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `already-complete`, `out-of-order`,
/// `reason-required`, `supervisor-required`, signatures.
pub fn declare_step(
    run: &Run,
    facts: &RunFacts<'_>,
    key: &StepKey,
    reason: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let (operation, step) = spot::step(run, key)?;
    let permit = access::request(run, facts, operation, access::RECORDING)?;
    let begun = run.steps.get(key);
    if begun.is_some_and(|s| matches!(s.phase, StepPhase::Complete | StepPhase::NotPerformed)) {
        return Err(Refusal::new(&ALREADY_COMPLETE, format!("{key} has ended")));
    }
    if begun.is_none() {
        order::turn_has_come(run, key).map_err(|unmet| out_of_order(key, unmet))?;
    }
    said(reason, "reason")?;
    let signed = supervisor(run, facts, Some(operation), stamp)?;
    let mut story = Story::new(run);
    story.open_the_way(&key.operation);
    let at = EntryKey::whole(key.clone());
    let detail = format!("{key} ({}) was not performed: {reason}", step.name);
    let kind = ExceptionKind::NotPerformed;
    let opened = story.exception(kind, Severity::Major, Some(step), &at, detail);
    let event = RunEvent::StepNotPerformed(StepNotPerformed {
        step: key.clone(),
        reason: reason.to_owned(),
        exception: opened.no,
    });
    story.tell_signed(event, vec![signed]);
    story.open(vec![opened]);
    Ok(story.ends(permit))
}

/// Report by a supervisor: a mandatory occurrence was not performed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareStepNotPerformed {
    /// Which occurrence.
    #[schema(ignore)]
    pub step: StepKey,
    /// Why.
    pub reason: String,
}

impl Order for DeclareStepNotPerformed {
    const NAME: &'static str = "declare-step-not-performed";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        declare_step(run, facts, &self.step, &self.reason, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(Some(&self.reason))
    }

    order_of!(step, alone, unversioned);
}

/// Report: no value, and why (mandatory + not performed/available: supervisor signs).
#[derive(Debug, Clone)]
pub struct DeclareAbsent {
    /// Where.
    pub at: EntryKey,
    /// Which of the three.
    pub absence: Absence,
    /// Why.
    pub reason: String,
}

impl Order for DeclareAbsent {
    const NAME: &'static str = "declare-absent";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        declare(run, facts, &self.at, self.absence, &self.reason, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(Some(&self.reason))
    }

    order_of!(entry, alone, unversioned);
}

/// No value, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryAbsent {
    /// Where.
    pub at: EntryKey,
    /// Which of the three.
    pub absence: Absence,
    /// Why.
    pub reason: String,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
}

impl Event for EntryAbsent {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { at, reason, .. } => "", Shown, format!("{at} was declared absent: {reason}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let mut version = EntryVersion {
            reason: Some(self.reason.clone()),
            exceptions: self.exceptions.clone(),
            ..written.version(1, Content::Absent(self.absence))
        };
        let entry = written.entry(run, &self.at, None)?;
        version.version = entry.next_version();
        entry.versions.push(version);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "declared absent")
    }

    fn moves(&self) -> Moves<'_> {
        changes::entry(&self.at, "declared absent")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Entry(&self.at)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::version(&self.at)
    }
}

/// A supervisor declared a step's occurrence not performed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepNotPerformed {
    /// Which.
    pub step: StepKey,
    /// Why.
    pub reason: String,
    /// The exception it opened.
    pub exception: u32,
}

impl Event for StepNotPerformed {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = true;

    weighs! {
        Self { step, reason, .. } =>
            "", Shown, format!("{step} was declared not performed: {reason}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let signed = written.must_be_signed()?;
        if !run.steps.contains_key(&self.step) {
            let begun = written.begun(StepPhase::NotPerformed, &[]);
            written.begin(run, &self.step, begun);
        }
        let state = written.step(run, &self.step)?;
        state.phase = StepPhase::NotPerformed;
        // Whoever declares work not performed has judged it, and cannot check it too.
        state.performers.extend(written.who.person);
        state.not_performed = Some((self.reason.clone(), signed));
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::step(&self.step, "declared not performed")
    }

    fn moves(&self) -> Moves<'_> {
        changes::step(&self.step, "declared not performed")
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Step(&self.step)
    }

    fn changed(&self) -> Changed<'_> {
        Changed::step(&self.step)
    }
}
