//! Looking ahead for people: preflight with who could act, and the handover as it would be signed now.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::clock::{Instant, Zone};
use crate::domain::person::Person;
use crate::domain::policy::{Authority, Place};
use crate::domain::run::Run;
use crate::domain::run::floor::{HandoverRun, HandoverSection};
use crate::domain::run::handover::handover;
use crate::domain::run::obligations::ObligationFacts;
pub use crate::domain::run::preflight::{Foreseen, LONGEST_HOURS};
use crate::domain::run::preflight::{Look, preflight};
use crate::domain::site::Site;
use std::collections::BTreeMap;

/// Named at most for one thing foreseen.
const NAMED: usize = 5;

/// What is foreseen of a run.
#[derive(Debug)]
pub struct Ahead {
    /// From this moment.
    pub at: Instant,
    /// Up to this one.
    pub until: Instant,
    /// What is foreseen; with each the user names of some who hold the authority here and are active, for
    /// readers who may see persons.
    pub foreseen: Vec<(Foreseen, Option<Vec<String>>)>,
}

/// The handover of a run, and those there have been.
#[derive(Debug)]
pub struct Handing {
    /// Computed for this moment.
    pub at: Instant,
    /// What would be handed over.
    pub sections: Vec<HandoverSection>,
    /// Handovers so far.
    pub past: Vec<HandoverRun>,
}

impl Desk {
    /// Asks the rules what will be possible, refused and overdue within so many hours. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*; `Unreadable` for hours outside 1 to 336.
    pub fn preflight(&self, caller: &Caller, number: &str, hours: u32) -> Result<Ahead, Failure> {
        if !(1..=LONGEST_HOURS).contains(&hours) {
            let detail = format!("hours: {hours} is not 1 to {LONGEST_HOURS}");
            return Err(Failure::Unreadable(detail));
        }
        let state = self.run(caller, number)?;
        let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
        let (at, zone) = self.here()?;
        let related = self.related(run)?;
        let (deviations, lots) = (related.deviations(), related.lots());
        let facts = ObligationFacts { deviations: &deviations, lots: &lots };
        let rows = preflight(run, &facts, &Look { at, hours, zone: &zone });
        let named = self.who_could(caller, run, &rows)?;
        let until = at.plus_minutes(i64::from(hours) * 60);
        Ok(Ahead { at, until, foreseen: rows.into_iter().zip(named).collect() })
    }

    /// What would be handed over now. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn handover(&self, caller: &Caller, number: &str) -> Result<Handing, Failure> {
        let state = self.run(caller, number)?;
        let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
        let (at, zone) = self.here()?;
        let related = self.related(run)?;
        let (deviations, lots) = (related.deviations(), related.lots());
        let facts = ObligationFacts { deviations: &deviations, lots: &lots };
        let sections = handover(run, &facts, at, &zone);
        Ok(Handing { at, sections, past: run.handovers.clone() })
    }

    /// The moment and the site's zone at it.
    fn here(&self) -> Result<(Instant, Zone), Failure> {
        let at = self.time();
        let zone = self.with_site(|site| Zone::at(&site.zone, at))?;
        Ok((at, zone.map_err(Failure::Broken)?))
    }

    /// Who could act on each thing foreseen; nobody is named to readers who may not see persons.
    fn who_could(
        &self,
        caller: &Caller,
        run: &Run,
        rows: &[Foreseen],
    ) -> Result<Vec<Option<Vec<String>>>, Failure> {
        if !self.sees_persons(caller)? {
            return Ok(vec![None; rows.len()]);
        }
        let people = self.active_persons()?;
        let product = run.recipe.product.code.as_str();
        self.with_site(|site| {
            let mut known: BTreeMap<(&[Authority], Option<&str>), Vec<String>> = BTreeMap::new();
            let of = |row: &'_ Foreseen| {
                let area = row.area.as_deref();
                holders(site, &people, &row.who_can, Place { product: Some(product), area })
            };
            rows.iter()
                .map(|row| {
                    let key = (row.who_can.as_slice(), row.area.as_deref());
                    Some(known.entry(key).or_insert_with(|| of(row)).clone())
                })
                .collect()
        })
    }
}

/// Up to five who hold any of the authorities at a place, in order of their names.
fn holders(site: &Site, people: &[Person], wanted: &[Authority], place: Place<'_>) -> Vec<String> {
    let able = people.iter().filter(|person| person.permit(site, wanted, place).is_ok());
    able.take(NAMED).map(|person| person.user_name.clone()).collect()
}
