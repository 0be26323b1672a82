//! Several decisions of one kind under one signature that lists them, never several facts: each is its own entry with
//! its own event, and all are made, or none.

use super::derive;
use crate::domain::command::Stamp;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::RunEvent;

/// So many decisions at most: a list that nobody reads through is no decision.
pub const MOST: usize = 100;

/// Decides each of a list, in its order, on the run as the decisions before leave it. `named`: each as a line for
/// people; a refusal says which one it is about.
///
/// # Errors
/// `malformed` for an empty or an endless list, and the first refusal of any of them.
pub(super) fn each<I>(
    run: &Run,
    items: &[I],
    named: &[String],
    stamp: &Stamp,
    decide: impl Fn(&Run, &I) -> Result<Ruling<RunEvent>, Refusal>,
) -> Result<Ruling<RunEvent>, Refusal> {
    if items.is_empty() || items.len() > MOST {
        let detail =
            format!("{} decisions were sent; in one act there are 1 to {MOST}", items.len());
        return Err(Refusal::new(&MALFORMED, detail));
    }
    let mut now = run.clone();
    let mut all: Option<Ruling<RunEvent>> = None;
    for (item, name) in items.iter().zip(named) {
        let ruling = decide(&now, item).map_err(|refusal| {
            let detail = format!("{name}: {}", refusal.detail);
            Refusal { detail, ..refusal }
        })?;
        // What cannot be folded is found, named and undone by the lane.
        now = derive::folded(&now, &ruling, stamp).unwrap_or(now);
        match &mut all {
            Some(all) => all.events.extend(ruling.events),
            None => all = Some(ruling),
        }
    }
    all.ok_or_else(|| Refusal::new(&MALFORMED, "nothing was decided"))
}
