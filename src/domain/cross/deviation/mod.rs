//! Decisions about a deviation. Each that touches a run leaves a link in the run's chain.

mod assign;
mod class;
mod close;
#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
mod two;

use crate::domain::act::said;
use crate::domain::command::{Planned, Stamp};
use crate::domain::deviation::command::DeviationCommand;
use crate::domain::deviation::event::DeviationEvent;
use crate::domain::deviation::refusal::{
    ALREADY_LINKED, DEVIATION_CLOSED, DEVIATION_NUMBER_TAKEN, IMPACT_CONCLUDED, NOTHING_LINKED,
    OTHER_BATCHES_MISSING, RUN_NOT_GIVEN,
};
use crate::domain::deviation::{Deviation, DeviationPhase};
use crate::domain::exception::{Severity, Triage};
use crate::domain::ids::RecordKey;
use crate::domain::policy::{Authority, Permit, Place};
use crate::domain::refusal::{Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::act::{independent, may, phase, sign};
use crate::domain::run::acts::linked::{DeviationChanged, ExceptionsToDeviation};
use crate::domain::run::acts::{RunEvent, exception, lapse};
use crate::domain::run::facts::RunFacts;
use crate::domain::signing::{Meaning, SignatureRequest};

/// What a decision about a deviation brings about on every record it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviationRuling {
    /// The deviation's record.
    pub deviation: RecordKey,
    /// What happened to it.
    pub on_deviation: Ruling<DeviationEvent>,
    /// What the runs' chains say of it.
    pub on_runs: Vec<(RecordKey, Ruling<RunEvent>)>,
}

impl DeviationRuling {
    /// The permission it was granted by.
    #[must_use]
    pub fn permit(&self) -> &Permit {
        &self.on_deviation.permit
    }

    /// The events of all records as the journal takes them: deviation, runs.
    #[must_use]
    pub fn into_planned(self) -> Vec<Planned> {
        let mut all = Vec::new();
        all.extend(self.on_deviation.into_planned(self.deviation, "deviation", None));
        for (run, ruling) in self.on_runs {
            all.extend(ruling.into_planned(run, "run", None));
        }
        all
    }

    fn only(deviation: RecordKey, ruling: Ruling<DeviationEvent>) -> Self {
        Self { deviation, on_deviation: ruling, on_runs: Vec::new() }
    }
}

/// The business number of a deviation that gets this number of its series, as in `DEV-2026-0001`.
#[must_use]
pub fn number(no: u64, stamp: &Stamp) -> String {
    let shown = stamp.at.shown_short(&stamp.zone);
    format!("DEV-{}-{no:04}", shown.get(..4).unwrap_or("0000"))
}

/// A deviation to be opened.
#[derive(Debug, Clone)]
pub struct NewDeviation<'a> {
    /// Its record: a fresh id of the stamp.
    pub record: RecordKey,
    /// The next number of the series of deviations.
    pub no: u64,
    /// Whether a deviation with its business number exists already.
    pub number_taken: bool,
    pub title: &'a str,
    pub class: Severity,
    /// The run's exceptions.
    pub exceptions: &'a [u32],
}

/// Opens a deviation for exceptions of a run: their triage, signed by QA on the run's chain.
///
/// # Errors
/// Authority, phase, `no-such-part`, `no-exception-named`, `exception-already-linked`,
/// `requester-is-approver`, `took-part-in-the-run`, a missing title or signature.
pub fn open(
    run: &Run,
    facts: &RunFacts<'_>,
    new: &NewDeviation<'_>,
    stamp: &Stamp,
) -> Result<DeviationRuling, Refusal> {
    let permit = may(run, facts, &[Authority::Triage])?;
    let exceptions = linkable(run, facts, new.exceptions)?;
    said(new.title, "title")?;
    let number = number(new.no, stamp);
    if new.number_taken {
        return Err(Refusal::new(&DEVIATION_NUMBER_TAKEN, format!("{number} exists")));
    }
    let mut signatures = sign(facts, stamp, &permit, Meaning::Triaged)?;
    if new.class == Severity::Minor {
        let grave = two::critical(run, &exceptions);
        signatures.extend(two::for_critical(&[run], facts, &grave, stamp)?);
    }
    let opened = DeviationEvent::Opened {
        number: number.clone(),
        title: new.title.to_owned(),
        class: new.class,
        run: run.key,
        run_number: run.number.clone(),
        exceptions: exceptions.clone(),
    };
    let on_run = joins(run, &permit, exceptions, &number, new.record, signatures);
    Ok(DeviationRuling {
        deviation: new.record,
        on_deviation: Ruling::of(permit, opened),
        on_runs: vec![(run.key, on_run)],
    })
}

/// Decides on a deviation that exists. `runs` are all runs it concerns; `joining` is the run whose
/// exceptions join (for [`DeviationCommand::Link`]), one of them or another.
///
/// # Errors
/// Authority, `deviation-closed`, and what each order asks.
pub fn decide(
    deviation: &Deviation,
    runs: &[&Run],
    joining: Option<&Run>,
    facts: &RunFacts<'_>,
    command: &DeviationCommand,
    stamp: &Stamp,
) -> Result<DeviationRuling, Refusal> {
    match command {
        DeviationCommand::Link { exceptions } => {
            link(deviation, runs, joining, facts, exceptions, stamp)
        }
        DeviationCommand::Assign { owner, due, reason } => {
            assign::assign(deviation, runs, facts, (owner, *due), reason, stamp)
        }
        DeviationCommand::Investigate { text } => investigate(deviation, runs, facts, text),
        DeviationCommand::Classify { class, reason } => {
            class::classify(deviation, runs, facts, *class, reason, stamp)
        }
        DeviationCommand::ConcludeInvestigation { .. } => {
            close::report(deviation, runs, facts, command, stamp)
        }
        DeviationCommand::ConcludeImpact { conclusion, other_batches } => {
            conclude_impact(deviation, runs, facts, conclusion, other_batches, stamp)
        }
        DeviationCommand::Close { conclusion, lots, others, proposed } => {
            let asked = close::Asked { conclusion, lots, others, proposed };
            close::close(deviation, runs, facts, &asked, stamp)
        }
        DeviationCommand::Reopen { reason } => close::reopen(deviation, runs, facts, reason, stamp),
    }
}

/// Further exceptions of a run join. A concluded impact is to be concluded again.
fn link(
    deviation: &Deviation,
    runs: &[&Run],
    joining: Option<&Run>,
    facts: &RunFacts<'_>,
    exceptions: &[u32],
    stamp: &Stamp,
) -> Result<DeviationRuling, Refusal> {
    let Some(run) = joining else {
        return Err(Refusal::new(&RUN_NOT_GIVEN, "no run was named"));
    };
    // What joins makes its impact to be concluded again: whoever links answers for all its runs.
    let permit = quality_of_all(&with(runs, run), facts, &[Authority::Triage])?;
    still_open(deviation)?;
    all_given(deviation, runs)?;
    let exceptions = linkable(run, facts, exceptions)?;
    let mut signatures = sign(facts, stamp, &permit, Meaning::Triaged)?;
    if deviation.class == Some(Severity::Minor) {
        let grave = two::critical(run, &exceptions);
        signatures.extend(two::for_critical(&with(runs, run), facts, &grave, stamp)?);
    }
    let linked = DeviationEvent::RunLinked {
        run: run.key,
        run_number: run.number.clone(),
        exceptions: exceptions.clone(),
    };
    let mut on_runs = Vec::new();
    if deviation.phase == DeviationPhase::ImpactConcluded {
        let what = "further exceptions joined; impact is to be concluded again";
        on_runs = told(deviation, runs, &permit, what, false, false);
    }
    let on_run = joins(run, &permit, exceptions, &deviation.number, deviation.key, signatures);
    match on_runs.iter_mut().find(|(key, _)| *key == run.key) {
        Some((_, ruling)) => ruling.events.extend(on_run.events),
        None => on_runs.push((run.key, on_run)),
    }
    let on_deviation = Ruling::of(permit, linked);
    Ok(DeviationRuling { deviation: deviation.key, on_deviation, on_runs })
}

fn investigate(
    deviation: &Deviation,
    runs: &[&Run],
    facts: &RunFacts<'_>,
    text: &str,
) -> Result<DeviationRuling, Refusal> {
    let wanted = [Authority::Triage, Authority::Evaluate, Authority::Supervise, Authority::Test];
    let permit = may_in_all(runs, facts, &wanted)?;
    still_open(deviation)?;
    said(text, "text")?;
    let event = DeviationEvent::Investigated { text: text.to_owned() };
    Ok(DeviationRuling::only(deviation.key, Ruling::of(permit, event)))
}

/// Concludes the impact: from here on the process may go on. Signed by QA who took part in none of
/// the runs; other batches are assessed (21 CFR 211.192).
fn conclude_impact(
    deviation: &Deviation,
    runs: &[&Run],
    facts: &RunFacts<'_>,
    conclusion: &str,
    other_batches: &str,
    stamp: &Stamp,
) -> Result<DeviationRuling, Refusal> {
    let permit = quality_of_all(runs, facts, &[Authority::Triage])?;
    still_open(deviation)?;
    all_given(deviation, runs)?;
    if deviation.phase == DeviationPhase::ImpactConcluded {
        let detail = format!("the impact of {} is concluded", deviation.number);
        return Err(Refusal::new(&IMPACT_CONCLUDED, detail));
    }
    said(conclusion, "conclusion")?;
    if words(other_batches).is_empty() {
        let detail = format!("{} says nothing of other batches", deviation.number);
        let missing = vec!["other_batches".into()];
        return Err(Refusal::new(&OTHER_BATCHES_MISSING, detail).missing(missing));
    }
    let signatures = sign(facts, stamp, &permit, Meaning::Approved)?;
    let event = DeviationEvent::ImpactConcluded {
        conclusion: conclusion.to_owned(),
        other_batches: other_batches.to_owned(),
    };
    let on_runs = told(deviation, runs, &permit, "impact concluded", true, false);
    let on_deviation = Ruling::signed(permit, event, signatures);
    Ok(DeviationRuling { deviation: deviation.key, on_deviation, on_runs })
}

/// The permission for every run it concerns, of somebody who took part in none of them.
fn quality_of_all(
    runs: &[&Run],
    facts: &RunFacts<'_>,
    wanted: &[Authority],
) -> Result<Permit, Refusal> {
    let permit = may_in_all(runs, facts, wanted)?;
    for run in runs {
        independent(run, facts, "judge its deviations")?;
    }
    Ok(permit)
}

/// The permission for every run it concerns: a grant limited to another product gives none.
fn may_in_all(
    runs: &[&Run],
    facts: &RunFacts<'_>,
    wanted: &[Authority],
) -> Result<Permit, Refusal> {
    let mut permit = facts.actor.permit(facts.site, wanted, Place::default())?;
    for run in runs {
        permit = may(run, facts, wanted)?;
    }
    Ok(permit)
}

/// The runs, and one more if it is not among them.
fn with<'r>(runs: &[&'r Run], joining: &'r Run) -> Vec<&'r Run> {
    let mut all = runs.to_vec();
    if !runs.iter().any(|run| run.key == joining.key) {
        all.push(joining);
    }
    all
}

fn still_open(deviation: &Deviation) -> Result<(), Refusal> {
    if deviation.phase == DeviationPhase::Closed {
        let detail = format!("{} is closed", deviation.number);
        return Err(Refusal::new(&DEVIATION_CLOSED, detail));
    }
    Ok(())
}

/// Every run it concerns was loaded: each gets its link.
fn all_given(deviation: &Deviation, runs: &[&Run]) -> Result<(), Refusal> {
    let absent = deviation.runs.iter().find(|(key, _)| !runs.iter().any(|run| run.key == **key));
    match absent {
        None => Ok(()),
        Some((_, (number, _))) => {
            Err(Refusal::new(&RUN_NOT_GIVEN, format!("run {number} was not read")))
        }
    }
}

/// The exceptions that may join a deviation: known, in none yet, not of the acting person's making.
fn linkable(run: &Run, facts: &RunFacts<'_>, named: &[u32]) -> Result<Vec<u32>, Refusal> {
    phase(run, exception::TRIAGE_PHASES, "triage an exception")?;
    let mut numbers = named.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.is_empty() {
        let detail = format!("no exception of run {} was named", run.number);
        return Err(Refusal::new(&NOTHING_LINKED, detail).missing(vec!["exceptions".into()]));
    }
    for no in &numbers {
        let found = exception::find(run, *no)?;
        if let Some((_, Triage::Deviation { number, .. })) = &found.triage {
            let detail = format!("exception {no} of run {} is in {number}", run.number);
            return Err(Refusal::new(&ALREADY_LINKED, detail));
        }
        exception::not_its_opener(found, facts)?;
    }
    independent(run, facts, "triage its exceptions")?;
    Ok(numbers)
}

fn joins(
    run: &Run,
    permit: &Permit,
    exceptions: Vec<u32>,
    number: &str,
    record: RecordKey,
    signatures: Vec<SignatureRequest>,
) -> Ruling<RunEvent> {
    let event = RunEvent::ExceptionsToDeviation(ExceptionsToDeviation {
        exceptions,
        deviation: number.to_owned(),
        record,
    });
    lapse::follow(run, Ruling::signed(permit.clone(), event, signatures))
}

fn told(
    deviation: &Deviation,
    runs: &[&Run],
    permit: &Permit,
    what: &str,
    impact_concluded: bool,
    closed: bool,
) -> Vec<(RecordKey, Ruling<RunEvent>)> {
    let concerned = runs.iter().filter(|run| deviation.runs.contains_key(&run.key));
    concerned
        .map(|run| {
            let event = RunEvent::DeviationChanged(DeviationChanged {
                deviation: deviation.number.clone(),
                what: what.to_owned(),
                impact_concluded,
                closed,
            });
            (run.key, lapse::follow(run, Ruling::of(permit.clone(), event)))
        })
        .collect()
}
