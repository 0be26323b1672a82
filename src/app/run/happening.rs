//! Something happened in an area or at a piece of equipment: told on every run that it concerns, in one
//! decision; on the site's own record where it concerns none.

use super::list::{Paging, RunFilter};
use crate::app::answer::{self, BatchConcerned, Core, FloorAnswer, Tells};
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::enclosure::Blob;
use crate::app::versions::VersionTold;
use crate::domain::command::{Decision, Planned, Stamp};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::planned;
use crate::domain::run::Run;
use crate::domain::run::acts::addendum::marked;
use crate::domain::run::acts::exception::next_no;
use crate::domain::run::acts::happening::{concerns, on_site, told, was_there};
use crate::domain::run::acts::lapse;
use crate::domain::run::asked::RECORDING;
use crate::domain::run::floor::Finding;
use crate::domain::site::event::SiteEvent;
use crate::domain::words::{Enclosure, Place};
use crate::store::noun::run::list_runs;
use std::collections::BTreeSet;

/// So many runs are read at once when it is asked which are in a phase.
const PART: usize = 500;

/// A report of what happened on the floor, no matter in which batch.
#[derive(Debug, Clone)]
pub struct Told {
    /// Where: an area or a piece of equipment.
    pub place: Place,
    pub what: String,
    /// Photos.
    pub enclosures: Vec<Enclosure>,
    /// Their bytes, by hash.
    pub blobs: Vec<Blob>,
    /// Why it is reported only now.
    pub reason: Option<String>,
    /// What was found of the equipment.
    pub finding: Option<Finding>,
}

/// The report with the runs that quality had not reviewed when it came.
struct ReportOnSite {
    told: Told,
    unreviewed: Vec<String>,
}

impl ReportOnSite {
    fn area(&self) -> Option<&str> {
        match &self.told.place {
            Place::Area { area } => Some(area),
            _ => None,
        }
    }
}

impl ReportOnSite {
    /// The areas of batches under way, of products that the person may know of.
    fn known_areas(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Vec<String>, Refusal> {
        let (site, actor) = (loaded.site()?, loaded.actor(stamp)?.account());
        let mut areas = BTreeSet::new();
        for run in self.reads().iter().filter_map(|key| loaded.get(key)?.as_run()) {
            let product = Some(run.recipe.product.code.as_str());
            let at = policy::Place { product, area: None };
            if actor.permit(site.facts(), RECORDING, at).is_ok() {
                areas.extend(run.recipe.operations().filter_map(|op| op.area.clone()));
            }
        }
        Ok(areas.into_iter().collect())
    }
}

impl Command for ReportOnSite {
    fn name(&self) -> &'static str {
        "report-happening-on-site"
    }

    fn reads(&self) -> Vec<Key> {
        self.unreviewed.iter().map(|run| Key::Number(RecordKind::Run, run.clone())).collect()
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let (site, actor) = (loaded.site()?, loaded.actor(stamp)?.account());
        let Told { place, what, enclosures, blobs, reason, finding } = &self.told;
        let permit = on_site(site.facts(), actor, place, what)?;
        let runs: Vec<&Run> = self
            .reads()
            .iter()
            .filter_map(|key| loaded.get(key)?.as_run())
            .filter(|run| match finding {
                Some(_) => was_there(run, place),
                None => concerns(run, place),
            })
            .collect();
        let mut events: Vec<Planned> = Vec::new();
        for run in &runs {
            let ruling = told(run, permit.clone(), place, (what, *finding), enclosures)?;
            let ruling = marked(run, ruling, "report-happening", reason.as_deref());
            let ruling = lapse::follow(run, ruling);
            events.extend(ruling.into_planned(run.key, "run", self.area()));
        }
        if runs.is_empty() {
            let event = SiteEvent::HappeningReported {
                place: place.clone(),
                what: what.clone(),
                enclosures: enclosures.clone(),
            };
            events.push(planned(site.key, "site", self.area(), &event, Vec::new()));
        }
        let keeps = ["run.happened", "site.happening-reported"];
        for event in events.iter_mut().filter(|event| keeps.contains(&event.name.as_str())) {
            event.blobs.clone_from(blobs);
        }
        // A leak concerns every batch; which batches of other products there are is not told.
        let batches: Vec<_> = runs
            .iter()
            .filter(|run| {
                let product = Some(run.recipe.product.code.as_str());
                let at = policy::Place { product, area: None };
                actor.permit(site.facts(), RECORDING, at).is_ok()
            })
            .map(|run| BatchConcerned { batch: run.number.clone(), exception: next_no(run) })
            .collect();
        let may_know = |told: &VersionTold| {
            told.kind != RecordKind::Run
                || batches.iter().any(|it| told.number.as_ref() == Some(&it.batch))
        };
        let core = Core::of(site.key, (None, site.seq), loaded, &events).telling(may_know);
        let mut answer = FloorAnswer::new(core);
        answer.concerned = Some(runs.len());
        if runs.is_empty() && self.area().is_some() {
            answer.known_areas = Some(self.known_areas(loaded, stamp)?);
        }
        answer.batches = Some(batches);
        Ok(Decision { permit, events, answer: answer::told::<Self>(&answer) })
    }
}

impl Tells for ReportOnSite {
    type Answer = FloorAnswer;
}

impl Desk {
    /// Tells every batch that is concerned and that quality has not reviewed what happened. Blocks. A batch that is begun in the
    /// very moment in which the report comes is not among them.
    ///
    /// # Errors
    /// `authority-missing`, `reason-required`, `malformed`.
    pub fn report_on_site(
        &self,
        envelope: Envelope,
        told: Told,
    ) -> Result<Done<FloorAnswer>, Failure> {
        // Who may not is told so before any batch is looked for.
        self.may_read(&envelope.caller, RECORDING, None)?;
        let mut unreviewed = self.numbers("running")?;
        unreviewed.extend(self.numbers("complete")?);
        if told.finding.is_some() {
            // What used it is looked for here, so that the one who writes loads no more than that.
            for phase in ["reviewed", "closed", "aborted"] {
                for number in self.numbers(phase)? {
                    let key = Key::Number(RecordKind::Run, number.clone());
                    let state = self.state(&key)?;
                    let run = state.as_run();
                    if run.is_some_and(|run| was_there(run, &told.place)) {
                        unreviewed.push(number);
                    }
                }
            }
        }
        self.order(envelope, Box::new(ReportOnSite { told, unreviewed }))
    }

    /// The numbers of all batches in a phase, the newest issue first.
    fn numbers(&self, phase: &str) -> Result<Vec<String>, Failure> {
        let mut numbers = Vec::new();
        let mut cursor = None;
        loop {
            let paging = Paging { cursor, limit: PART };
            let phase = Some(phase.to_owned());
            let filter = RunFilter { phase, paging, ..RunFilter::default() };
            let page = self.read(|db| list_runs(db, &filter))?;
            numbers.extend(page.items.into_iter().map(|row| row.number));
            cursor = page.next;
            if cursor.is_none() {
                return Ok(numbers);
            }
        }
    }
}
