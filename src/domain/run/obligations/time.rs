//! What time owes: an occurrence of a period that is overdue stays owed while its operation runs. Done
//! late, or not at all when the operation ends, its exception tells of it.

use super::{Found, Law, Obligation, Stage, law, owe};
use crate::domain::clock::Instant;
use crate::domain::run::Run;
use crate::domain::run::time::{Sort, State, limits};

const PERIOD: Law = law("C211-111", "21 CFR 211.111", Stage::Completion);

pub(super) fn collect(run: &Run, at: Instant, list: &mut Vec<Obligation>) {
    if run.completed.is_some() || run.aborted.is_some() {
        return;
    }
    for limit in limits(run, at) {
        let overdue = limit.state == State::Overdue && limit.ended.is_none();
        if limit.sort != Sort::Period || !overdue {
            continue;
        }
        let who: Vec<_> = limit.who_can.iter().map(|authority| authority.as_str()).collect();
        let place = limit.step.as_ref().map(ToString::to_string);
        let found = Found::Open(limit.due.map(|due| format!("was due by {due}")));
        owe(list, PERIOD, format!("{}/due", limit.id), limit.what, place, &who.join(" or "), found);
    }
}
