//! Looking ahead for people: preflight with who could act, and the handover as it would be signed now.

pub use super::foreseen::{Able, Ahead, Foreseen, Handing};
use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::clock::{Instant, Zone};
use crate::domain::person::Person;
use crate::domain::policy::{Authority, Place, permit};
use crate::domain::run::Run;
use crate::domain::run::handover::handover;
pub use crate::domain::run::preflight::LONGEST_HOURS;
use crate::domain::run::preflight::{Look, preflight};
use crate::domain::site::Site;

/// Named at most for one thing foreseen.
const NAMED: usize = 5;

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
        let look = Look { at, hours, zone: &zone };
        let rows = self.knowing(run, Some(caller), |facts| preflight(run, facts, &look))?;
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
        let sections = self.knowing(run, Some(caller), |facts| handover(run, facts, at, &zone))?;
        Ok(Handing { at, sections, past: run.handovers.to_vec() })
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
    ) -> Result<Vec<Option<Able>>, Failure> {
        if !self.sees_persons(caller)? {
            return Ok(vec![None; rows.len()]);
        }
        let people = self.active_persons()?;
        self.with_site(|site| rows.iter().map(|row| Some(able(site, run, &people, row))).collect())
    }
}

/// Up to five who can act on something foreseen, in order of their names; or why nobody can.
fn able(site: &Site, run: &Run, people: &[Person], row: &Foreseen) -> Able {
    let product = Some(run.recipe.product.code.as_str());
    let here = Place { product, area: row.area.as_deref() };
    // What is decided about the whole run is held against no area.
    let whole = Place { product, area: None };
    let (apart, free): (Vec<_>, Vec<_>) = {
        let independent = row.independent();
        row.who_can.iter().copied().partition(|authority| independent.contains(authority))
    };
    let holds = |person: &Person, wanted: &[Authority], place| {
        permit(&person.grants, &site.roles, wanted, place).is_some()
    };
    let (mut persons, mut took_part, mut opened) = (Vec::new(), false, false);
    for person in people.iter().filter(|person| person.account().in_standing().is_ok()) {
        if !holds(person, &free, here) {
            if !holds(person, &apart, whole) {
                continue;
            }
            let id = person.key.id;
            let barred = (run.participants.contains(&id), row.is_of(run, id));
            took_part |= barred.0;
            opened |= barred.1 && !barred.0;
            if barred != (false, false) {
                continue;
            }
        }
        persons.push(person.user_name.clone());
        if persons.len() == NAMED {
            break;
        }
    }
    let why = match (took_part, opened) {
        _ if !persons.is_empty() || row.who_can.is_empty() => None,
        (true, false) => Some(format!("everyone who holds {} took part", row.who())),
        (false, true) => Some(format!("everyone who holds {} opened it", row.who())),
        (true, true) => Some(format!("everyone who holds {} took part or opened it", row.who())),
        (false, false) => Some(format!("nobody active holds {} here", row.who())),
    };
    Able { persons, nobody: why.map(|why| format!("nobody at this site can: {why}")) }
}
