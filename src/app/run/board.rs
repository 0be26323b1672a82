//! What waits in each run that is not over, kept until something happens in it or time changes it: who asks often
//! costs what changed since.

use super::kept::{Board, Timed};
use crate::app::desk::{Desk, Failure};
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::run::time::{State as Stands, limits};
use crate::domain::run::work::tasks;
use crate::store::journal::Page;
use crate::store::lists::Paging;
use crate::store::noun::run::{UnfinishedRun, unfinished_runs};
use std::sync::Arc;
use uuid::Uuid;

/// What is known of a run's work longest, should what it stands on in other records change.
const LONGEST: i64 = MINUTE;

impl Desk {
    /// What waits in every run that is not over, of products that are asked about. Blocks.
    pub(in crate::app) fn boards(
        &self,
        reaches: impl Fn(&str) -> bool,
    ) -> Result<Vec<Arc<Board>>, Failure> {
        let runs = self.read(unfinished_runs)?;
        let known = |id: &Uuid| runs.iter().any(|run| run.id == *id);
        self.boards.lock().retain(|id, _| known(id));
        let mut boards = Vec::new();
        for UnfinishedRun { id, product, head } in &runs {
            if !reaches(product) {
                continue;
            }
            let kept = self.boards.lock().get(id).cloned();
            let now = self.time();
            let fresh = kept.filter(|(at, board)| at == head && now < board.until);
            let board = match fresh {
                Some((_, board)) => board,
                None => {
                    let board = Arc::new(self.board(*id)?);
                    self.boards.lock().insert(*id, (*head, Arc::clone(&board)));
                    board
                }
            };
            boards.push(board);
        }
        Ok(boards)
    }

    fn board(&self, id: Uuid) -> Result<Board, Failure> {
        let state = self.state(&Key::Id(RecordKey::new(RecordKind::Run, id)))?;
        let run = state.as_run().ok_or_else(|| Failure::Broken("no run".into()))?;
        let now = self.time();
        let tasks = self.knowing(run, None, |facts| tasks(run, facts, now))?;
        let stands = limits(run, now).into_iter().filter(|limit| {
            limit.ended.is_none() && matches!(limit.state, Stands::Running | Stands::Overdue)
        });
        let noticed = |limit: crate::domain::run::time::Limit| Timed {
            noticed: run.noticed.get(&limit.id).cloned(),
            limit,
        };
        let limits: Vec<Timed> = stands.map(noticed).collect();
        let times = limits.iter().flat_map(|timed| {
            let limit = &timed.limit;
            [limit.earliest, limit.warn_from, limit.due, limit.overdue_after]
        });
        let next = times.flatten().filter(|time| *time >= now).min();
        let latest = Instant(now.0.saturating_add(LONGEST));
        let until = next.map_or(latest, |next| Instant(next.0.saturating_add(1)).min(latest));
        Ok(Board { state: Arc::clone(&state), tasks, limits, until })
    }
}

/// Part of a list that was computed: those behind the key that the cursor names, in the order of their keys.
///
/// # Errors
/// `Unreadable` for a cursor that no page gave.
pub fn part<T>(mut all: Vec<(String, T)>, paging: &Paging) -> Result<Page<T>, Failure> {
    all.sort_by(|a, b| a.0.cmp(&b.0));
    if let Some(cursor) = &paging.cursor {
        let key = hex::decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let key = key.ok_or_else(|| Failure::Unreadable("after: no page gave this".to_owned()))?;
        all.retain(|(at, _)| *at > key);
    }
    let limit = if paging.limit == 0 { 100 } else { paging.limit.min(500) };
    let more = all.len() > limit;
    all.truncate(limit);
    let next = all.last().filter(|_| more).map(|(key, _)| hex::encode(key));
    Ok(Page { items: all.into_iter().map(|(_, item)| item).collect(), next })
}

/// A key that sorts by due time, what is due at no time behind the rest.
#[must_use]
pub fn by_due(due: Option<Instant>, since: Option<Instant>, rest: &str) -> String {
    let at = |time: Option<Instant>| time.map_or(i64::MAX, |time| time.0.max(0));
    format!("{:019}~{:019}~{rest}", at(due), at(since))
}
