//! What waits for whoever asks, over all batches: by the roles and areas they hold.

use super::board::{by_due, part};
use crate::app::desk::{Caller, Desk, Failure};
use crate::app::scope::Scope;
use crate::domain::clock::Instant;
use crate::domain::deviation::{Deviation, DeviationPhase};
use crate::domain::ids::{Key, RecordKind};
use crate::domain::noun::word;
use crate::domain::policy::{Authority, Place, permit};
use crate::domain::run::work::{Holder, Kind};
use crate::domain::state::State;
use crate::store::journal::Page;
use crate::store::lists::Paging;
use crate::store::noun::deviation::{DeviationFilter, list_deviations};
use std::sync::Arc;

/// What is asked of the work that waits.
#[derive(Debug, Clone, Default)]
pub struct WorkQuestion {
    pub kind: Option<Kind>,
    /// Of this batch alone.
    pub batch: Option<String>,
    /// Of this product code.
    pub product: Option<String>,
    /// Due before this moment.
    pub due: Option<Instant>,
    pub paging: Paging,
}

/// Something that waits for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    pub kind: Kind,
    pub batch: Option<String>,
    pub product: Option<String>,
    pub place: String,
    pub title: String,
    pub due: Option<Instant>,
    pub since: Option<Instant>,
    pub who: Vec<Authority>,
    /// Method and path of the act.
    pub act: (&'static str, String),
}

impl Work {
    fn key(&self) -> String {
        let batch = self.batch.as_deref().unwrap_or_default();
        let rest = format!("{batch}~{}~{}~{}", word(&self.kind), self.place, self.act.1);
        by_due(self.due, self.since, &format!("{rest}~{}", self.title))
    }

    fn answers(&self, question: &WorkQuestion) -> bool {
        let is = |asked: &Option<String>, own: &Option<String>| asked.is_none() || asked == own;
        question.kind.is_none_or(|kind| kind == self.kind)
            && is(&question.batch, &self.batch)
            && is(&question.product, &self.product)
            && question.due.is_none_or(|before| self.due.is_some_and(|due| due < before))
    }
}

/// Authorities of quality that decide about the clock with an administrator.
const CLOCK: &[Authority] =
    &[Authority::Administer, Authority::Review, Authority::Triage, Authority::Release];

impl Desk {
    /// What waits for the caller, what is due first before the rest. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read* or *administer*.
    pub fn work(&self, caller: &Caller, question: &WorkQuestion) -> Result<Page<Work>, Failure> {
        self.may_read(caller, &[Authority::Read, Authority::Administer], None)?;
        let scope = self.scope(caller)?;
        let state = self.person_state(caller.person)?;
        let person = state.as_person().ok_or_else(|| Failure::Broken("no person".into()))?;
        let roles = self.with_site(|site| site.roles.clone())?;
        let holder = Holder { person: person.key.id, grants: &person.grants, roles: &roles };
        let mut found = Vec::new();
        for board in self.boards(|product| scope.reaches(product))? {
            let Some(run) = board.run() else { continue };
            for task in board.tasks.iter().filter(|task| task.is_for(run, holder)) {
                found.push(Work {
                    kind: task.kind,
                    batch: Some(run.number.clone()),
                    product: Some(run.recipe.product.code.clone()),
                    place: task.place.clone(),
                    title: task.title.clone(),
                    due: task.due,
                    since: task.since,
                    who: task.who.clone(),
                    act: (if task.kind == Kind::Timer { "GET" } else { "POST" }, task.act.clone()),
                });
            }
        }
        self.deviations_waiting(&scope, holder, &mut found)?;
        if let Some(apart) = self.doubts().0
            && permit(holder.grants, holder.roles, CLOCK, Place::default()).is_some()
        {
            found.push(of_clock(apart));
        }
        found.retain(|work| work.answers(question));
        part(found.into_iter().map(|work| (work.key(), work)).collect(), &question.paging)
    }

    /// Deviations that are not closed and on which somebody may decide.
    fn deviations_waiting(
        &self,
        scope: &Scope,
        holder: Holder<'_>,
        found: &mut Vec<Work>,
    ) -> Result<(), Failure> {
        for phase in [DeviationPhase::Open, DeviationPhase::ImpactConcluded] {
            let paging = Paging { cursor: None, limit: 500 };
            let phases = vec![word(&phase)];
            let mut filter = DeviationFilter { phases, paging, ..DeviationFilter::default() };
            loop {
                let page = self.read(|db| list_deviations(db, &filter))?;
                for row in page.items {
                    let key = Key::Number(RecordKind::Deviation, row.number);
                    let state = self.state(&key)?;
                    if let Some(deviation) = state.as_deviation()
                        && self.in_scope(scope, deviation.key)?
                    {
                        self.of_deviation(deviation, holder, found)?;
                    }
                }
                match page.next {
                    Some(next) => filter.paging.cursor = Some(next),
                    None => break,
                }
            }
        }
        Ok(())
    }

    fn of_deviation(
        &self,
        deviation: &Deviation,
        holder: Holder<'_>,
        found: &mut Vec<Work>,
    ) -> Result<(), Failure> {
        let runs: Vec<Arc<State>> = deviation
            .runs
            .keys()
            .map(|run| self.state(&Key::Id(*run)))
            .collect::<Result<_, _>>()?;
        let runs: Vec<_> = runs.iter().filter_map(|state| state.as_run()).collect();
        let holds = |wanted: &[Authority]| {
            let here = |product| Place { product: Some(product), area: None };
            let may = |place| permit(holder.grants, holder.roles, wanted, place).is_some();
            may(Place::default())
                && runs.iter().all(|run| may(here(run.recipe.product.code.as_str())))
        };
        let took_part = runs.iter().any(|run| run.participants.contains(&holder.person));
        let requested = deviation.requesters.contains(&holder.person);
        let work = |act: &str, what: &str, who: &[Authority]| Work {
            kind: Kind::Deviation,
            batch: runs.first().map(|run| run.number.clone()),
            product: runs.first().map(|run| run.recipe.product.code.clone()),
            place: deviation.number.clone(),
            title: format!("{what} deviation {}: {}", deviation.number, deviation.title),
            due: deviation.due,
            since: Some(deviation.opened.0),
            who: who.to_vec(),
            act: ("POST", format!("/api/v1/deviations/{}/{act}", deviation.number)),
        };
        let investigators =
            [Authority::Triage, Authority::Evaluate, Authority::Supervise, Authority::Test];
        if deviation.report.is_none() && holds(&investigators) {
            found.push(work("investigation", "investigating", &investigators));
        }
        let open = deviation.phase == DeviationPhase::Open;
        if open && !took_part && holds(&[Authority::Triage]) {
            found.push(work("impact", "concluding the impact of", &[Authority::Triage]));
        }
        let closers = [Authority::Triage, Authority::Release];
        if !open && !took_part && !requested && holds(&closers) {
            found.push(work("closure", "closing", &closers));
        }
        Ok(())
    }
}

fn of_clock(apart: i64) -> Work {
    let seconds = apart.div_euclid(1_000_000);
    Work {
        kind: Kind::Clock,
        batch: None,
        product: None,
        place: "site".to_owned(),
        title: format!("deciding whether site time follows a clock that is {seconds} s apart"),
        due: None,
        since: None,
        who: CLOCK.to_vec(),
        act: ("POST", "/api/v1/site/clock".to_owned()),
    }
}
