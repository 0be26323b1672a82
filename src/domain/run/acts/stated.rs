//! Times that an entry's value states: the moment or the day on which something is said to have been done is judged
//! as performed-at is (rule 2.8).

use super::judge::{Findings, grace};
use super::spot::Spot;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::command::Stamp;
use crate::domain::entry::{EntryValue, Stated};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::refusal::Refusal;
use crate::domain::run::refusal::PERFORMED_IN_FUTURE;
use crate::domain::run::{Content, EntryRun};

/// Two clocks may be so far apart (microseconds): what lies no further ahead was done now.
pub const APART: i64 = 2 * MINUTE;

/// Nothing was done at a time that has not come.
///
/// # Errors
/// `performed-in-the-future`, with the server's time.
pub fn not_ahead(done: Option<Instant>, stamp: &Stamp) -> Result<(), Refusal> {
    let Some(done) = done.filter(|done| done.since(stamp.at) > APART) else { return Ok(()) };
    Err(ahead(&format!("at {}", done.shown_short(&stamp.zone)), stamp))
}

fn ahead(said: &str, stamp: &Stamp) -> Refusal {
    let now = stamp.at.shown_short(&stamp.zone);
    let detail = format!("it is said to be done {said}, and by the server's clock it is {now} now");
    Refusal::new(&PERFORMED_IN_FUTURE, detail)
}

/// The same of the time that a value states.
///
/// # Errors
/// `performed-in-the-future`, with the server's time.
pub(super) fn value_not_ahead(
    spot: &Spot<'_>,
    value: &EntryValue,
    stamp: &Stamp,
) -> Result<(), Refusal> {
    match spot.spec.kind.as_kind().states(value) {
        Some(Stated::Moment(done)) => not_ahead(Some(done), stamp),
        Some(Stated::Day { day, .. }) if day > day_of(Instant(stamp.at.0 + APART), stamp) => {
            Err(ahead(&format!("on {day}"), stamp))
        }
        Some(Stated::Day { .. }) | None => Ok(()),
    }
}

/// The site's day at a moment, as in `2026-03-01`.
fn day_of(at: Instant, stamp: &Stamp) -> String {
    at.shown_short(&stamp.zone).chars().take(10).collect()
}

/// Judges the time that a first value states. `done`: what was judged with the report itself.
pub(super) fn first(
    spot: &Spot<'_>,
    value: &EntryValue,
    done: Option<Instant>,
    reason: Option<&str>,
    stamp: &Stamp,
    findings: &mut Findings<'_, '_>,
) {
    match spot.spec.kind.as_kind().states(value) {
        Some(Stated::Moment(said)) if done.is_none_or(|done| said < done) => {
            findings.time(Some(said), stamp.at, reason);
        }
        Some(Stated::Day { day, before: false }) => {
            let earliest = Instant(stamp.at.0.saturating_sub(grace(spot.step)));
            if day < day_of(earliest, stamp) {
                findings
                    .late(&format!("a day after {day}, on which it is said to be done"), reason);
            }
        }
        Some(Stated::Moment(_) | Stated::Day { before: true, .. }) | None => {}
    }
}

/// The time that an entry states now and the one that a new value states, where that is another.
pub(super) fn moved(spot: &Spot<'_>, value: &EntryValue) -> Option<(Stated, Stated)> {
    let Content::Value(current) = &spot.current()?.content else { return None };
    let kind = spot.spec.kind.as_kind();
    let (was, is) = (kind.states(current)?, kind.states(value)?);
    (was != is).then_some((was, is))
}

/// Whether a corrected time is another by so much that a second person looks at it: beyond what is contemporaneous.
pub(super) fn moved_far(spot: &Spot<'_>, moved: Option<&(Stated, Stated)>) -> bool {
    match moved {
        Some((Stated::Moment(was), Stated::Moment(is))) => {
            was.since(*is).saturating_abs() > grace(spot.step)
        }
        Some(_) => true,
        None => false,
    }
}

/// Judges a corrected time as a first one: by when the entry was recorded.
pub(super) fn once_more(
    spot: &Spot<'_>,
    moved: Option<&(Stated, Stated)>,
    reason: &str,
    stamp: &Stamp,
    findings: &mut Findings<'_, '_>,
) {
    let first = spot.entry.and_then(EntryRun::beginning).map(|first| first.at);
    let (Some((was, is)), Some(first)) = (moved, first) else { return };
    match (was, is) {
        (Stated::Moment(was), Stated::Moment(is)) => {
            if is.since(first) > APART {
                let (is, first) = (is.shown_short(&stamp.zone), first.shown_short(&stamp.zone));
                let what = format!("is said to be done at {is}, and was recorded at {first}");
                findings.about(ExceptionKind::OutOfOrder, Severity::Major, &what);
            }
            if is < was {
                findings.time(Some(*is), first, Some(reason));
            }
        }
        (Stated::Day { day: was, .. }, Stated::Day { day: is, before }) => {
            let recorded = day_of(first, stamp);
            if *is > recorded {
                let what = format!("is said to be done on {is}, and was recorded on {recorded}");
                findings.about(ExceptionKind::OutOfOrder, Severity::Major, &what);
            }
            let earliest = Instant(first.0.saturating_sub(grace(spot.step)));
            if !before && is < was && *is < day_of(earliest, stamp) {
                let when = format!("a day after {is}, on which it is said to be done");
                findings.late(&when, Some(reason));
            }
        }
        (Stated::Moment(_), Stated::Day { .. }) | (Stated::Day { .. }, Stated::Moment(_)) => {}
    }
}
