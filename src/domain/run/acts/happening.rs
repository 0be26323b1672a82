//! Something happened: reported without a step for it, by anybody on the floor. Of the quality unit it is
//! oversight, and no part in the work.
//!
//! In an area or at a piece of equipment it concerns every run there that quality has not reviewed: each keeps it, with its
//! exception. Where none is concerned the site keeps it, so that nothing is lost.

use super::story::Story;
use super::{access, exception, spot};
use crate::domain::alike::{alike, forms};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::entry::identifier::Register;
use crate::domain::entry::spec::{Classification, EntrySpec};
use crate::domain::entry::{EntryValue, equipment, identifier};
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::facts::{Account, SiteFacts};
use crate::domain::permits::{Admitted, by};
use crate::domain::policy::{self, Permit};
use crate::domain::refusal::{MALFORMED, REASON_REQUIRED, Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::floor::{Finding, Happening, HappeningRun};
use crate::domain::run::{Content, EntryRun, Phase, Run};
use crate::domain::words::{Basis, Enclosure, EntryKey, OnCritical, Place};

/// Longest account of what happened, in characters.
pub const LONGEST: usize = 4000;

/// Reports on a run what happened: on the batch, in an operation, at a step, in an area, at a piece of
/// equipment. It opens an exception, which decides by the step's word (or closes gates) until triaged.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `reason-required`, `malformed`.
pub fn report(
    run: &Run,
    facts: &RunFacts<'_>,
    place: &Place,
    what: &str,
    enclosures: &[Enclosure],
) -> Result<Ruling<RunEvent>, Refusal> {
    let operation = match place {
        Place::Batch | Place::Area { .. } | Place::Equipment { .. } => None,
        Place::Operation { operation } => Some(spot::operation(run, operation)?),
        Place::Step { step } => Some(spot::step(run, step)?.0),
    };
    let mut at = access::place(run, operation);
    if let Place::Area { area } = place {
        at.area = Some(area);
    }
    let permit = facts.actor.permit(facts.site, access::REPORTING, at)?;
    well_formed(place, what)?;
    told(run, permit, place, (what, None), enclosures)
}

/// What a run keeps of a report that was permitted: the happening and its exception.
///
/// # Errors
/// None.
pub fn told(
    run: &Run,
    permit: Permit,
    place: &Place,
    (what, finding): (&str, Option<Finding>),
    enclosures: &[Enclosure],
) -> Result<Ruling<RunEvent>, Refusal> {
    let step = match place {
        Place::Step { step } => Some(step),
        _ => None,
    };
    let effect = step
        .and_then(|key| run.recipe.step(&key.step))
        .map_or(OnCritical::Gate, |(_, step)| step.on_critical);
    let opened = Opened {
        no: exception::next_no(run),
        kind: ExceptionKind::Event,
        severity: Severity::Major,
        effect,
        at: step.map(|key| EntryKey::whole(key.clone())),
        detail: detail(place, what),
    };
    let opened = match (finding, place) {
        (Some(Finding::OutOfCalibration), Place::Equipment { equipment }) => Opened {
            kind: ExceptionKind::EquipmentNotReady,
            severity: if gave_critical_value(run, equipment) {
                Severity::Critical
            } else {
                Severity::Major
            },
            ..opened
        },
        (Some(Finding::OutOfCalibration), _) | (None, _) => opened,
    };
    let happening = Happening {
        no: u32::try_from(run.happenings.len()).unwrap_or(u32::MAX).saturating_add(1),
        place: place.clone(),
        what: what.to_owned(),
        enclosures: enclosures.to_vec(),
        finding,
        exception: opened.no,
        oversight: access::is_oversight(&permit),
    };
    let mut story = Story::new(run);
    story.tell(RunEvent::Happened(happening));
    story.open(vec![opened]);
    Ok(story.ends(permit))
}

/// The permission to report on an area or a piece of equipment, whatever is made there: anybody who
/// report for some product. A leak asks for no product.
///
/// # Errors
/// `authority-missing`, `reason-required`, `malformed`.
pub fn on_site(
    site: SiteFacts<'_>,
    actor: Account<'_>,
    place: &Place,
    what: &str,
) -> Result<Permit, Refusal> {
    let area = match place {
        Place::Area { area } => Some(area.as_str()),
        _ => None,
    };
    let permit = actor.permit(site, access::REPORTING, policy::Place { product: None, area })?;
    well_formed(place, what)?;
    Ok(permit)
}

/// Whether a run that quality has not reviewed is concerned by what happens at a place ([`was_there`]).
#[must_use]
pub fn concerns(run: &Run, place: &Place) -> bool {
    matches!(run.phase, Phase::Running | Phase::Complete) && was_there(run, place)
}

/// Whether a run was at a place: an operation of that area is open (or was, once execution is complete:
/// what is found late may have been there before), or that equipment was recorded in one of its entries or
/// gave a value (corrected ones too: it was there). A finding concerns every such run, whatever became of it.
#[must_use]
pub fn was_there(run: &Run, place: &Place) -> bool {
    let complete = !matches!(run.phase, Phase::Issued | Phase::Running);
    match place {
        Place::Batch | Place::Operation { .. } | Place::Step { .. } => true,
        Place::Area { area } => run.operations.iter().any(|(key, state)| {
            let there = run.recipe.operation(&key.op).and_then(|op| op.area.as_ref());
            (complete || state.closed.is_none()) && there.is_some_and(|there| alike(there, area))
        }),
        Place::Equipment { equipment } => {
            let of_steps = run.steps.values().flat_map(|step| step.entries.values());
            of_steps.chain(run.release_entries.values()).any(|entry| names(entry, equipment))
        }
    }
}

/// Whether an entry ever named a piece of equipment, or got a value from it.
fn names(entry: &EntryRun, equipment: &str) -> bool {
    let (key, own) = (identifier::key(equipment), forms(equipment));
    let reads = |id: &str| id == equipment || own.meet(&forms(id));
    let read = |basis: &Basis| matches!(basis, Basis::Device { id } if reads(id));
    let is = |value: &EntryValue| {
        let named = identifier::named(value);
        let named = named.is_some_and(|(of, id)| of == Register::Equipment && reads(id));
        named || equipment::key_of(value) == Some(&key)
    };
    let typed = |content: &Content| matches!(content, Content::Value(value) if is(value));
    entry.versions.iter().any(|version| read(&version.basis) || typed(&version.content))
        || entry.determinations.iter().any(|tested| read(&tested.told.basis))
}

/// Whether a piece of equipment gave a critical value of a run, or stands beside one in its step: a
/// critical parameter, a specification, a result for release.
#[must_use]
pub fn gave_critical_value(run: &Run, equipment: &str) -> bool {
    let critical = |spec: &EntrySpec| {
        matches!(
            spec.classification,
            Some(
                Classification::Cpp
                    | Classification::WcCpp
                    | Classification::ReleaseIpc
                    | Classification::Specification
            )
        ) || spec.as_result().is_some()
    };
    let of_step = run.steps.iter().any(|(key, state)| {
        let specs = run.recipe.step(&key.step).map(|(_, step)| step.entries.as_slice());
        specs.is_some_and(|specs| specs.iter().any(critical))
            && state.entries.values().any(|entry| names(entry, equipment))
    });
    of_step || run.release_entries.values().any(|entry| names(entry, equipment))
}

fn detail(place: &Place, what: &str) -> String {
    match place {
        Place::Batch | Place::Step { .. } => what.to_owned(),
        Place::Operation { operation } => format!("in {operation}: {what}"),
        Place::Area { area } => format!("in area {area}: {what}"),
        Place::Equipment { equipment } => format!("at equipment {equipment}: {what}"),
    }
}

fn well_formed(place: &Place, what: &str) -> Result<(), Refusal> {
    let malformed = |detail: String| Err(Refusal::new(&MALFORMED, detail));
    if words(what).is_empty() {
        let refusal = Refusal::new(&REASON_REQUIRED, "the field what is empty");
        return Err(refusal.missing(vec!["what".into()]));
    }
    if what.chars().count() > LONGEST {
        return malformed(format!(
            "what has at most {LONGEST} characters; send the rest as another"
        ));
    }
    match place {
        Place::Area { area } if words(area).is_empty() => malformed("the area has no name".into()),
        Place::Equipment { equipment } => identifier::read(equipment)
            .map(drop)
            .or_else(|fault| malformed(format!("equipment: {fault}"))),
        _ => Ok(()),
    }
}

/// Report: something happened without a step for it.
#[derive(Debug, Clone)]
pub struct ReportHappening {
    /// Where.
    pub place: Place,
    /// What happened or was done.
    pub what: String,
    /// Files.
    pub enclosures: Vec<Enclosure>,
}

impl Order for ReportHappening {
    const NAME: &'static str = "report-happening";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        _: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        report(run, facts, &self.place, &self.what, &self.enclosures)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(None)
    }

    order_of!(run, alone, unversioned);
}

impl Event for Happening {
    const ADMITTED: Admitted = by(access::REPORTING);
    const SIGNED: bool = false;

    weighs! {
        told => "", Shown, format!("event {}: {}", told.no, told.what);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (at, by) = (written.happened.at, written.who.clone());
        run.happenings.push(HappeningRun { told: self.clone(), at, by });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::actor(!self.oversight)
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (lapses::place(&self.place), "an event was reported".into())
    }

    fn tell(&self, answer: &mut Told) {
        answer.happening = Some(self.no)
    }

    nothing_in!(moves, bears, changed);
}
