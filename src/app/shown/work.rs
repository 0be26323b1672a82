//! Work that waits, and limits of time over all batches.

use super::timer::TimerView;
use super::{at, word};
use crate::app::run::timers::TimerOfRun;
use crate::app::run::work::Work;
use crate::domain::clock::Instant;
use crate::store::journal::Page;
use serde::Serialize;
use utoipa::ToSchema;

/// Part of what waits for you.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkPage {
    /// The server's clock (UTC).
    pub now: String,
    /// What is due first, then what waits for longest.
    pub work: Vec<WorkLine>,
    /// The next part's cursor, for `after`.
    pub next: Option<String>,
}

/// Something that waits for you.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkLine {
    /// What sort, as in `check`.
    #[schema(example = "check")]
    pub kind: String,
    /// Batch number; null: it is of the site.
    #[schema(example = "AMAB-26-001")]
    pub batch: Option<String>,
    /// Product code.
    pub product: Option<String>,
    /// Where: an occurrence, entry, gate, lot or deviation; `run` for the whole batch.
    #[schema(example = "OP-03.2~1/03.2.1~18")]
    pub place: String,
    /// What is to be done.
    #[schema(example = "verifying OP-03.2~1/03.2.1~18 (Take a sample)")]
    pub title: String,
    /// To be done by then; null: no limit of time says so.
    pub due_at: Option<String>,
    /// The limit has passed.
    pub overdue: bool,
    /// It waits since.
    pub since: Option<String>,
    /// Authorities any of which may do it, at its place.
    #[schema(example = json!(["check"]))]
    pub who_may: Vec<String>,
    /// The act's address.
    pub act: ActLine,
}

/// The address of an act.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActLine {
    /// `POST`; `GET` where the act is another that keeps a limit of time.
    #[schema(example = "POST")]
    pub method: String,
    /// Path.
    #[schema(example = "/api/v1/batches/AMAB-26-001/operations/OP-03.2~1/steps/03.2.1~18/check")]
    pub path: String,
}

/// Part of the limits of time of all batches.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimerPage {
    /// The server's clock (UTC).
    pub now: String,
    /// What is due first.
    pub timers: Vec<BatchTimer>,
    /// The next part's cursor, for `after`.
    pub next: Option<String>,
}

/// A limit of time with its batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchTimer {
    /// Batch number.
    #[schema(example = "AMAB-26-001")]
    pub batch: String,
    /// Product code.
    pub product: String,
    #[serde(flatten)]
    pub timer: TimerView,
}

/// What waits, as of a moment.
pub fn work(now: Instant, page: Page<Work>) -> WorkPage {
    let line = |work: Work| WorkLine {
        kind: word(&work.kind),
        overdue: work.due.is_some_and(|due| due < now),
        batch: work.batch,
        product: work.product,
        place: work.place,
        title: work.title,
        due_at: work.due.map(at),
        since: work.since.map(at),
        who_may: work.who.iter().map(|one| one.as_str().to_owned()).collect(),
        act: ActLine { method: work.act.0.to_owned(), path: work.act.1 },
    };
    WorkPage { now: at(now), work: page.items.into_iter().map(line).collect(), next: page.next }
}

/// Limits of time, as of a moment.
pub fn all_timers(now: Instant, page: Page<TimerOfRun>) -> TimerPage {
    let line = |found: TimerOfRun| BatchTimer {
        timer: TimerView::from(&found.timed),
        batch: found.batch,
        product: found.product,
    };
    TimerPage { now: at(now), timers: page.items.into_iter().map(line).collect(), next: page.next }
}
