//! Which limits of time still run, when each is over, and how a run stands once the watch has noticed it.

use super::{Foreseen, Sort};
use crate::domain::clock::{ClockKind, Instant, Zone};
use crate::domain::command::Stamp;
use crate::domain::policy::Authority;
use crate::domain::run::Run;
use crate::domain::run::acts::time::before;
use crate::domain::run::time::{self, State};

/// A limit of time that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Stable id, as in `check/OP-1~1/elute~1/1`.
    pub id: String,
    /// What is to be done or kept, for people.
    pub what: String,
    /// The last moment at which it is kept, grace and all; or the moment before which it is too early.
    pub due: Instant,
    /// Whether something is then overdue, expires, or may be done from then on.
    pub sort: Sort,
    /// Where.
    pub place: String,
    pub area: Option<String>,
    /// Requirement id.
    pub rule: &'static str,
    pub clause: &'static str,
    /// Who can keep it.
    pub who_can: Vec<Authority>,
}

impl Limit {
    /// Whether it has run out.
    #[must_use]
    pub fn is_over(&self, at: Instant) -> bool {
        at > self.due
    }

    /// As foreseen at a moment.
    pub(super) fn foreseen(self, at: Instant) -> Foreseen {
        let what = match (self.sort, self.is_over(at)) {
            (Sort::Overdue, true) => format!("{} is overdue", self.what),
            (Sort::Overdue, false) => format!("{} is overdue unless done by then", self.what),
            (Sort::Expires, _) => format!("{} ends", self.what),
            _ => format!("{}: before this it would be too short", self.what),
        };
        Foreseen {
            at: self.due,
            sort: self.sort,
            act: None,
            place: self.place,
            area: self.area,
            code: None,
            rule: self.rule.to_owned(),
            clause: self.clause.to_owned(),
            what,
            missing: Vec::new(),
            who_can: self.who_can,
        }
    }
}

/// Every limit of time that stands at a moment and is not kept yet, those already overdue too, in order of
/// their end.
#[must_use]
pub fn limits(run: &Run, at: Instant) -> Vec<Limit> {
    let mut list = Vec::new();
    for limit in time::limits(run, at) {
        if limit.sort == time::Sort::Risk {
            // Ratified or not, it lasts until its end.
            let due = limit.due.filter(|due| *due >= at);
            list.extend(due.map(|due| of(run, &limit, due, Sort::Expires)));
            continue;
        }
        let waits = limit.ended.is_none() && matches!(limit.state, State::Running | State::Overdue);
        if !waits {
            continue;
        }
        if let Some(due) = limit.overdue_after {
            list.push(of(run, &limit, due, Sort::Overdue));
        }
        if let Some(earliest) = limit.earliest.filter(|earliest| *earliest > at) {
            list.push(of(run, &limit, earliest, Sort::Due));
        }
    }
    // Stable: of one moment in the order of the process.
    list.sort_by_key(|limit| limit.due);
    list
}

fn of(run: &Run, limit: &time::Limit, due: Instant, sort: Sort) -> Limit {
    let operation = limit.step.as_ref().map(|step| step.operation.op.as_str());
    let (rule, clause) = match limit.sort {
        time::Sort::HoldTime | time::Sort::Period => ("C211-111", "21 CFR 211.111"),
        time::Sort::Check => ("C211-188b11", "21 CFR 211.188(b)(11)"),
        time::Sort::Ratification => ("F30", "EU GMP Chapter 4, 4.20(h)"),
        time::Sort::Risk => ("CH4-20", "EU GMP Chapter 4, 4.20"),
    };
    let named = limit.id.split('/').nth(1).unwrap_or("run").to_owned();
    Limit {
        id: limit.id.clone(),
        what: limit.what.clone(),
        due,
        sort,
        place: match limit.sort {
            time::Sort::Risk => named,
            _ => limit.step.as_ref().map_or_else(|| "run".to_owned(), ToString::to_string),
        },
        area: operation.and_then(|id| run.recipe.operation(id)?.area.clone()),
        rule,
        clause,
        who_can: limit.who_can.clone(),
    }
}

/// The moments after `at`, up to `until`, at which one of these limits changes what is permitted: its last
/// moment and the first one beyond it.
pub(super) fn moments(limits: &[Limit], at: Instant, until: Instant) -> Vec<Instant> {
    let both = |limit: &Limit| [limit.due, Instant(limit.due.0.saturating_add(1))];
    let mut moments: Vec<Instant> = limits.iter().flat_map(both).collect();
    moments.retain(|moment| *moment > at && *moment <= until);
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// The run as the watch leaves it at a moment, where something has run out.
pub(super) fn noticed(run: &Run, at: Instant, zone: &Zone) -> Option<Run> {
    let stamp = Stamp {
        at,
        zone: zone.clone(),
        clock: ClockKind::System,
        actor: None,
        session: None,
        station: None,
        signer: None,
        second: None,
        ids: Vec::new(),
    };
    before(run, &stamp).map(|before| before.run)
}
